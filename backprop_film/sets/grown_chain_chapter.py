"""`GrownChainChapter`: the whole product for a first weight grows layer by layer, and its tail folds into one number.

In a file of its own::

    class Mine(GrownChainChapter):
        title, question = "A long chain", "How long is it?"
        example_name = "introduction"

        def construct(self):
            self.the_question(leave=True)
            self.the_chain_grows()
            self.the_tail_is_there_already()
"""

from __future__ import annotations

from manim import RIGHT, UP, FadeIn, FadeOut, Indicate, LaggedStart, Mobject, VGroup

from ..kit.motion import Underscore, seen
from ..kit.theme import theme
from .counted import counted
from .functions_in_words import said
from .long_product import LongProduct, long_chain
from .question_chapter import QuestionChapter, instead

__all__ = ["GrownChainChapter"]


class GrownChainChapter(QuestionChapter):
    """``product`` is the chain of one neuron a layer; ``before`` is what it leaves on the stage."""

    product: LongProduct
    words: list[VGroup]
    count: VGroup
    before: list[Mobject]

    def the_chain_grows(self) -> None:
        """Layer by layer, two more factors: the whole product."""
        self.product = product = LongProduct(long_chain(self.example))
        last, counts = product.last, product.counts
        chain = product.example.network
        names = list(dict.fromkeys(said(function) for function in chain.activation))
        functions = " and ".join(names if len(names) < 3 else [*names[:1], "others"])
        with self.say(
            f"Start with one neuron per layer: {counted(last, 'layers')}, with {functions}. "
            f"For the last weight, the chain has {counted(counts[-1], 'factors')}. "
            "One layer back there are two more: a weight, and a slope; and another activation is the first. "
            f"{'And so on, two more for each layer. ' if last > 2 else ''}"
            f"For the first weight, it is {counted(counts[0], 'factors')}, and this is their product.",
            key="grows",
        ):
            self.play(LaggedStart(FadeOut(self.card), FadeIn(product.row), lag_ratio=0.8), run_time=1.4)
            lights = [product.diagram.pulse(layer) for layer in range(1, last + 1)]
            self.play(LaggedStart(*lights, lag_ratio=0.5, run_time=max(1.2, self.seconds_left)))
            self.read()
            count, first = product.count(last), product.first_factor(last)
            self.play(*product.step_back(last), run_time=1.2)
            self.words = product.words(last, first)
            self.play(*(FadeIn(part, shift=0.1 * UP) for part in seen(first, count, *self.words)), run_time=0.8)
            for layer in range(last - 1, 0, -1):
                if layer >= last - 2:
                    self.read()
                if layer == last - 1 and product.in_turn(layer):
                    count, first = self._one_by_one(layer, count, first)
                    continue
                old, gone, self.words = count, seen(first, *self.words), []
                count, first = product.count(layer), product.first_factor(layer)
                seconds = 1.1 if layer >= last - 2 else 0.9
                self.play(*product.step_back(layer), *instead([*gone, old[0]], seen(first, count[0]), seconds),
                          run_time=seconds)  # fmt: skip
                self._counted(old, count)
            self.read()
            self.play(FadeIn(product.head), FadeIn(product.value, shift=0.15 * RIGHT), run_time=0.8)
            self.settle(product.whole)
            self.play(Underscore(product.whole.side(-1)), run_time=1.2)
        self.count = count

    def _one_by_one(self, layer: int, count: VGroup, first: VGroup) -> tuple[VGroup, VGroup]:
        """The weight, then the slope, each counted as it comes; at last another activation is the first."""
        product = self.product
        new = product.first_factor(layer)
        self.reach("two more")
        aside = first.animate.shift((new.get_right() - first.get_right())[0] * RIGHT)
        self.play(*product.make_room(layer), aside, *map(FadeOut, self.words), run_time=0.8)
        cues, many = ("a weight", "and a slope"), range(product.counts[layer] + 1, product.counts[layer - 1] + 1)
        come = product.come(layer)
        self.words = words = product.words(layer, new)
        for cue, factor, number in zip(cues, come, many, strict=True):
            self.reach(cue)
            old, count = count, product.factors(number)
            word = words[number - many[0]] if words else None
            self.play(factor, *instead(old[:1], [count[0], *seen(word)]), run_time=1.0)
            self._counted(old, count)
        self.reach("another activation")
        self.play(*instead(seen(first), seen(new, *words[2:])), run_time=1.0)
        return count, new

    def _counted(self, old: VGroup, new: VGroup) -> None:
        """One number has given its place to the next one; its words, which are the same, stay."""
        self.remove(old)
        self.add(new)

    def the_tail_is_there_already(self) -> None:
        """Walking back, the tail was multiplied already; its number takes the place of all those factors."""
        product, last = self.product, self.product.last
        with self.say(
            "But look at its tail. Go back from the cost once, and pin on each neuron what has been multiplied so far. "
            "The number on the first neuron is that whole tail. "
            "Put it in: three factors are left, however many layers there are.",
            key="tail",
        ):
            self.play(product.tail.animate.set_fill(theme.highlight), run_time=1.0)
            self.reach("Go back")
            seconds = min(1.8, max(0.5, self.seconds_left / last))
            for layer in range(last, 0, -1):
                self.play(*product.carry(layer), run_time=seconds)
            self.read()
            lights = LaggedStart(
                *(Indicate(part, color=None, scale_factor=1.08) for part in product.tail), lag_ratio=0.1
            )
            self.play(Indicate(product.pins[1], color=None), lights, run_time=1.5)
            self.read()
            count = product.count(last)
            self.play(*product.shrink(), FadeOut(self.count), run_time=0.8)
            self.play(product.spread(), run_time=0.8)
            self.play(*product.drop(), run_time=1.8)
            self.remove(product.dropped)
            self.settle(product.folded)
            self.play(FadeIn(count, shift=0.1 * UP), run_time=0.5)
            self.play(Indicate(count[0], color=None), run_time=1.0)
        self.before = [product.row, *product.pins.values(), product.folded, count]
