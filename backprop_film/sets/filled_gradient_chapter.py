"""`FilledGradientChapter`: a chapter in which one pass backwards fills the gradient, after a weight was turned by hand.

In a file of its own::

    class Mine(FilledGradientChapter):
        def construct(self):
            self.diagram = NetworkDiagram(self.example.network, width=4, radius=0.3).show(self.trace).shift(3 * LEFT)
            self.cost = CostNode(self.trace, self.notation, self.diagram)
            self.dials = Dials(self.example.network, width=4.1, height=3.9).shift(4 * RIGHT)
            self.add(self.diagram, self.cost, self.dials)
            for beat in (self.one_is_turned_a_little, self.a_run_for_each, self.one_pass_backwards):
                beat()
"""

from __future__ import annotations

from manim import DOWN, LEFT, RIGHT, UP, FadeIn, FadeOut, Mobject, VGroup

from backprop_math import Cost, Number, Relation, Weight
from backprop_math.formula import Fraction, decimals_for, relation_sign

from ..kit.formula import Formula
from ..kit.gradient_bars import BackwardSweep, GradientBars
from ..kit.motion import Compose, Pulse
from ..kit.texts import Prose
from ..kit.theme import theme
from .nudge_in_numbers import plain_weight
from .turned_weight_chapter import TurnedWeightChapter

__all__ = ["FilledGradientChapter"]

_LOWEST = -1.7  # that what belongs to an entry may reach


class FilledGradientChapter(TurnedWeightChapter):
    """``bars`` is the gradient, with the ``entries`` spelled out, and ``sweep`` the light that has filled it."""

    bars: GradientBars
    entries: list[VGroup]
    sweep: BackwardSweep

    def one_pass_backwards(self, *gone: Mobject) -> None:
        """Each dial becomes a slot of the column, the gradient; light runs back from the cost, and fills it.

        What is to be ``gone`` leaves first.
        """
        count = len(self.example.network.parameters)
        self.bars = bars = GradientBars(self.trace, self.notation, width=2.1, height=4.9)
        bars.shift(2.8 * RIGHT + 0.35 * UP - bars.axis.get_center())
        bars.bars.set_fill(opacity=0)
        frame = VGroup(bars.brackets, bars.axis, bars.layer_names)
        weight, said = self.nudge.quantity, ""
        assert isinstance(weight, Weight)
        named = bars.entries({weight: plain_weight(weight)}) if weight in bars else []
        # Of the weight that was turned; all others have their bars.
        self.entries = [one for one in named if abs(one[0].get_y() - bars.bar(weight).get_y()) < 1e-6][:1]
        for entry in self.entries:
            number = next(node for node in entry[1].expression.walk() if isinstance(node, Number))
            said = f"For the weight that we turned, it is {number.text()}{self._its_ratio(number)}. "
        moves: list[tuple[Mobject, Mobject]] = []
        for q in self.dials.shown:
            if q in bars:
                ring, pointer = self.dials.dial(q)
                moves += [(ring, bars.place(q)), (pointer, bars.place(q).copy().scale(0.3))]
        with self.say(
            f"How does the cost react to each of them? That is the gradient: {count:,} entries. "
            f"Backpropagation finds them all, in one pass backwards. {said}"
            "This film shows how, and why it works.",
            key="gradient",
        ):
            # Beside the column, as long as they wait.
            if gone:
                self.play(FadeOut(*gone), run_time=0.4)
            self.play(self.dials.animate.scale(0.58).align_to([theme.safe.right - 0.05, 0, 0], RIGHT), run_time=0.8)
            self.play(FadeIn(frame), run_time=0.4)
            self.play(Compose(bars.places, moves, old=self.dials, lag_ratio=0.03, run_time=3.4), next_at=0.5)
            self.play(FadeIn(bars.count, self.runs.back), run_time=0.4)
            self.add(bars.bars)
            edges = [self.cost.edge(neuron.quantity.j) for neuron in self.diagram.layer(self.example.network.L)]
            self.sweep = BackwardSweep(self.diagram, bars, cost_edges=edges, arrow=self.runs, run_time=4.5)
            self.add(self.runs.arrow, self.sweep.light)
            self.play(self.sweep, next_at=0)
            if self.entries:
                self.play(FadeIn(*self.entries, shift=0.1 * LEFT), run_time=0.8, next_at=0)
                if "close to" in said:
                    self.reach("close to")
                    measured = self._measured(self.entries[0])
                    self.play(Pulse(self.entries[0][1]), *map(FadeIn, measured))
                    self.entries += measured
                self.read()
                self.play(*(Pulse(entry[1]) for entry in self.entries))

    @property
    def _ratio(self) -> Number:
        """What the weight's own nudge gave."""
        ratio = self.nudge.measured(Cost(), self.nudge.quantity).value.value
        return Number(ratio, decimals_for(ratio, 2, significant=1))

    def _its_ratio(self, slope: Number) -> str:
        """The same in words, if it comes near to the slope."""
        near = abs(self._ratio.value - slope.value) <= 0.1 * abs(slope.value)
        return f", close to the ratio that we measured, {self._ratio.text()}" if near else ""

    def _measured(self, entry: VGroup) -> list[VGroup]:
        """It again, from the two changes as they were shown, below the entry or above it; if it follows from them."""
        by, so = self.changes
        relation = Relation((Fraction(so, by), self._ratio), (relation_sign(self._ratio),))
        if not relation.adds_up():
            return []
        said, ratio = Prose("measured", font_size=theme.tick_size), Formula(relation, font_size=28)
        both = VGroup(said, ratio.fit(entry[1].width)).arrange(DOWN, buff=0.14, aligned_edge=LEFT)
        side = DOWN if entry.get_bottom()[1] - both.height > _LOWEST else UP
        return [both.set_fill(theme.secondary).next_to(entry[1], side, buff=0.3, aligned_edge=LEFT)]
