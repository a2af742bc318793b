"""`OpeningNeuronChapter`: a chapter in which the last neuron of a chain is looked at, defined, and opened into a tree.

In a file of its own::

    class Mine(OpeningNeuronChapter):
        def construct(self):
            example, notation = self.example, self.notation
            self.last, self.naming = LayerQuantities(example.network.L), Naming(example)
            self.stage, self.chain = ChainRuleStage(example, notation), NamedChain(example, notation)
            self.link = close_link(self.trace, notation)
            self.add(self.link.diagram.show(self.trace), *self.link.names.values())
            self.the_desired_output_and_the_cost()
"""

from __future__ import annotations

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    GrowArrow,
    GrowFromPoint,
    VGroup,
)

from ..kit.motion import Compose, Pulse, Underscore, Undim, seen
from ..kit.naming import Naming
from ..kit.theme import theme
from .activation_sketch import ActivationSketch
from .borrowed_functions import ChainChapter
from .chain_rule_stage import ChainRuleStage
from .filling_gradient import faint
from .functions_in_words import missed, squeezed
from .last_link import LastLink
from .named_chain import NamedChain
from .neuron_definitions import NeuronDefinitions
from .neuron_opening import NeuronOpening
from .open_neuron import EarlierNeurons
from .single_neurons import LayerQuantities

__all__ = ["OpeningNeuronChapter"]

#: How much larger the last two neurons are while only they are looked at.
_CLOSE = 1.6
#: How much higher they stand while the activation function is below them.
_RAISED = 0.28
#: How far around what stands between a name and its new place the name goes.
_AROUND = 2.0


class OpeningNeuronChapter(ChainChapter):
    """``last`` are the last layer's quantities, ``link`` shows the last two neurons, beside the bird of ``chain``.

    ``board`` are the definitions, ``stage`` has the tree that the neuron becomes, and ``naming`` what goes in.
    """

    last: LayerQuantities
    naming: Naming
    chain: NamedChain
    link: LastLink
    board: NeuronDefinitions
    stage: ChainRuleStage

    def the_desired_output_and_the_cost(self) -> None:
        """C_0 = (a − y)², in symbols and in numbers."""
        q, link = self.last, self.link
        self.board = board = NeuronDefinitions(self.notation, self.stage.numbers)
        row = board.cost_alone()
        with self.say(
            "The last activation is the answer. What it should be is y, the desired output. "
            f"{missed(self.example.network, self.naming.thing)}",
            key="cost",
        ):
            aside = 1.3 * LEFT + 0.42 * UP  # the formula is below
            self.play(
                VGroup(link.diagram, *link.names.values(), *seen(self.chain.bird)).animate.shift(aside), run_time=1.0
            )
            VGroup(link.to_cost, link.cost).shift(aside)
            board.y.next_to(link.cost, DOWN, buff=0.6, aligned_edge=LEFT)
            board.y.fit(theme.safe.right - board.y.get_left()[0])
            self.play(Underscore(link.after.number))
            self.read()
            self.play(FadeIn(board.y, shift=0.2 * UP))
            self.read()
            self.play(Create(link.to_cost), FadeIn(link.cost, shift=0.15 * RIGHT), run_time=0.8)
            # Each symbol is written as the one in the picture lights up; what lies between is not crossed.
            lit = [Pulse(part) for part in (link.cost, link.names[q.a], board.y.quantity(q.y)[:1])]
            self.play(FadeIn(row.symbols, shift=0.15 * DOWN), *lit, run_time=1.2)
            self.play(FadeIn(row.numbers, shift=0.15 * DOWN))

    def the_weighted_sum(self) -> None:
        """The activation as σ(w a + b), whose inside gets a name of its own."""
        q, link, board, tree = self.last, self.link, self.board, self.stage.tree
        with self.say(
            "And the activation? It comes from the weight, the activation before it, and the bias. "
            f"The sum inside gets a name of its own: z. {squeezed(self.example.network)} "
            "So the network computes z, then a, then the cost.",
            key="weighted-sum",
        ):
            # The neuron comes to where it will open, downwards.
            at = link.after.circle.get_center()
            place = tree.capsule.get_top() + link.after.circle.height / _CLOSE / 2 * DOWN + _RAISED * UP
            picture = VGroup(*link.whole, board.y)
            if seen(self.chain.bird):
                self.play(FadeOut(self.chain.bird), run_time=0.4)
            self.play(
                picture.animate.scale(1 / _CLOSE, about_point=at).shift(place - at),
                board.cost_joins(),
                run_time=1.3,
            )
            self.read()
            self.play(FadeIn(board.around), Underscore(link.names[q.a], run_time=0.8), run_time=0.8)
            said = ("the weight", "the activation before it", "the bias")
            for words, (given, part) in zip(said, board.parts.items(), strict=True):
                self.reach(words)
                self.play(Underscore(link.names[given], run_time=0.8), FadeIn(part, shift=0.15 * UP), run_time=0.8)
            self.settle(board.whole)
            self.read()
            self.play(board.sum_rises(), run_time=1.3)
            self.play(board.sum_named(), run_time=0.9)
            self.read()
            self._see_what_sigma_does()
            self.read()
            for x in (q.z, q.a, q.cost):
                come = [] if x == q.cost else [FadeIn(board[x].numbers, shift=0.15 * DOWN)]
                self.play(Underscore(board[x].symbols.side(0)), *come, run_time=0.9)

    def _see_what_sigma_does(self) -> None:
        """The last activation function as a curve: from z up to it, and across to a."""
        q, board = self.last, self.board
        self.sketch = sketch = ActivationSketch(self.trace, self.notation, q, self.stage.numbers)
        self.play(FadeIn(sketch.frame), Underscore(board[q.a].symbols.side(1)), run_time=0.8)
        self.play(Create(sketch.curve), run_time=0.8)
        self.play(FadeIn(sketch.start, scale=2.0), FadeIn(sketch.given), run_time=0.5)
        self.play(*sketch.up(), run_time=0.8)
        self.play(*sketch.across(), run_time=0.8)
        self.play(FadeIn(sketch.answer), run_time=0.4)
        self.settle(sketch)

    def the_neuron_opens(self) -> None:
        """The network goes to the corner; the neuron opens, and what it is made of comes out of it."""
        q, tree = self.last, self.stage.tree
        opening = NeuronOpening(self.link, self.board, tree)
        with self.say(
            "The network stays up here. Now open its last neuron. "
            "Inside, there are two things: the sum z, and the activation a. "
            "The weight, the activation before it and the bias make z, and z makes a. "
            "The activation and the desired output make the cost.",
            key="tree",
        ):
            here = [FadeIn(part, shift=0.4 * UP) for part in (self.stage.link, *seen(self.stage.bird))]
            self.play(*here, FadeOut(*self.board.numbers, self.sketch), run_time=1.2)
            self.read()
            self.remove(opening.replaced)
            self.add(*opening.kept)
            self.play(*opening.network())
            self.play(*opening.names(), run_time=1.0)
            self.play(*opening.stretched(), run_time=1.2)
            self.read()
            self.play(*opening.inside(), run_time=1.4)
            self.play(*opening.weight(), run_time=0.8)
            into = {x: tree.arrow(x, q.z) for x in (q.w, q.previous, q.b)}
            faint(*into.values())
            self.play(*map(FadeIn, into.values()), run_time=0.6)
            self.read()
            said = ("The weight", "the activation before", "and the bias")
            for words, (given, arrow) in zip(said, into.items(), strict=True):
                self.reach(words)
                self.play(Undim(arrow), Pulse(tree.node(given)), run_time=0.7)
            self.reach("and z makes")
            self.play(GrowArrow(tree.arrow(q.z, q.a)), run_time=0.7)
            self.read()
            self.play(*opening.target(), run_time=1.0)
            self.play(*opening.cost(), run_time=1.0)
            self.play(*(GrowArrow(arrow) for arrow in tree.arrows_into(q.cost)), run_time=0.9)
        self.remove(opening.circle, opening.number)
        self.settle(tree)
        self.inside = opening.number
        self.add(self.inside)

    def the_neuron_before_opens_too(self) -> None:
        """The tree could go on, up to the input; shown, and left aside."""
        q, tree = self.last, self.stage.tree
        gone = AnimationGroup(FadeOut(self.board.symbols, shift=0.3 * RIGHT), FadeOut(self.inside))
        if q.layer == 1:
            with self.say("The activation before it is the input itself.", key="further"):
                self.play(gone, Underscore(tree.node(q.previous)))
            return
        longer = EarlierNeurons(tree, self.trace, self.notation, min(2, q.layer - 1))
        self.play(gone, run_time=0.5)
        # The activation before it goes around the bias, below which it comes to stand; its arrow fades on that way.
        before = next(pair for pair in longer.kept if pair[0] is tree.node(q.previous))
        veiled = [pair for pair in longer.kept if pair[0] is tree.arrow(q.previous, q.z)]
        moves = [pair for pair in longer.kept if pair is not before and pair not in veiled]
        others = [VGroup(*(part for part in whole if part not in before)) for whole in (tree, longer.last)]
        with self.say(
            "The activation before it has a tree of its own, and so on, back to the input. "
            "For now, one neuron is enough.",
            key="further",
        ):
            self.play(
                Compose(others[1], moves, veiled=veiled, old=others[0], run_time=1.4),
                Compose(before[1], [before], old=before[0], path_arc=_AROUND, run_time=1.4),
            )
            for back, (shape, inside) in enumerate(zip(longer.capsules, longer.inside, strict=True), 1):
                out_of = longer.node(LayerQuantities(q.layer - back).a)
                self.add(shape)
                self.bring_to_front(out_of)
                self.play(GrowFromPoint(shape, out_of.get_center()), run_time=0.6)
                self.play(FadeIn(inside), run_time=0.6)
            source = longer.source(self.naming.input(0))
            self.play(*(FadeIn(part, shift=0.15 * UP) for part in seen(source)), Pulse(longer.node(longer.first)))
            self.read()
            self.play(FadeOut(*longer.capsules, *longer.inside, *seen(source)), run_time=0.6)
            back_again = [[(new, old) for old, new in pairs] for pairs in (moves, veiled)]
            self.play(
                Compose(others[0], back_again[0], veiled=back_again[1], old=others[1], run_time=1.4),
                Compose(before[0], [(before[1], before[0])], old=before[1], path_arc=-_AROUND, run_time=1.4),
            )
            self.settle(tree)
