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

from manim import DOWN, LEFT, RIGHT, UP, Create, DashedLine, FadeIn, FadeOut, Indicate, Mobject, Restore, VGroup

from backprop_math import Cost, DifferenceQuotient, Number, Relation, Term, Var, Weight
from backprop_math.formula import Fraction, decimals_for, factor_name, relation_sign

from ..kit.formula import Formula, Nothing
from ..kit.gradient_bars import BackwardSweep, GradientBars
from ..kit.motion import Compose, Dim, Pulse, Undim
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
                self._is_found_again(weight, said)

    def _is_found_again(self, weight: Weight, said: str) -> None:
        """Of all edges and bars only those of the weight that was turned stay lit, while its entry is read."""
        sweep, bar, (entry,) = self.sweep, self.bars.bar(weight), self.entries
        edge = self.diagram.edge(weight.layer, weight.j, weight.k)
        lit = sweep.lit(edge).save_state()
        others = [*self.others, *sweep.lit_but(edge)]
        # From the bar to its entry, as far as the bracket.
        start = max(bar.get_right()[0], self.bars.axis.get_x()) + 0.1
        ends = ([x, bar.get_y(), 0] for x in (start, self.bars.brackets.get_right()[0] - 0.1))
        leader = DashedLine(*ends, stroke_width=1.5, dash_length=0.06, color=theme.secondary)
        self.play(Dim(*others), lit.animate.set_stroke(theme.highlight, 7, opacity=1), run_time=0.6, next_at=0)
        here = Indicate(bar, scale_factor=1.6, color=theme.highlight)
        self.play(here, Pulse(lit), Create(leader), FadeIn(entry, shift=0.1 * LEFT), run_time=1.0)
        if "close to" in said:
            measured = self._measured(entry)
            self.reach("close to")
            self.play(Pulse(entry[1]), *(FadeIn(part, shift=0.1 * UP) for part in measured[:1]))
            if measured:
                self.play(FadeIn(measured[1]), run_time=0.6)
            self.entries += measured
        self.reach("This film")
        self.play(Undim(*others), Restore(lit), *(Pulse(part) for part in (entry[1], *self.entries[1:])), run_time=1.2)
        self.entries.append(VGroup(leader))

    def _ratio(self, slope: Number) -> Number:
        """What the weight's own nudge gave, from the changes as they were shown, to as many decimals as the slope."""
        by, so = self.changes
        ratio = Var(float(so.shown), "d_C") / Var(float(by.shown), "d_w")
        ratio.graph()  # whoever watches learns of it
        return Number(ratio.value, max(slope.decimals, decimals_for(ratio.value, 2, significant=1)))

    def _its_ratio(self, slope: Number) -> str:
        """The same in words, if it comes near to the slope."""
        ratio = self._ratio(slope)
        near = abs(ratio.value - slope.value) <= 0.1 * abs(slope.value)
        return f", close to the ratio that we measured, {ratio.text()}" if near else ""

    def _measured(self, entry: VGroup) -> list[VGroup]:
        """It again, from the two changes as they were shown, below the entry or above it; if it follows from them."""
        by, so = self.changes
        ratio = self._ratio(next(node for node in entry[1].expression.walk() if isinstance(node, Number)))
        changes = Fraction(so, by)
        if not Relation((changes, ratio), (relation_sign(ratio),)).adds_up():
            return []
        weight, size = self.nudge.quantity, entry[1].font_size
        name = Term(factor_name(Cost(), weight), DifferenceQuotient(self.notation.symbol(Cost()), plain_weight(weight)))
        first = Formula(Relation((name, changes), (relation_sign(so),)), font_size=size)
        second = Formula(Relation((Nothing(), ratio), (relation_sign(ratio),)), font_size=size)
        both = VGroup(first, second).arrange(DOWN, buff=0.16)
        room = theme.safe.right - entry[1].get_left()[0] + 1e-6
        second.align_to(first.sign(0), LEFT)
        second.shift(min(0.0, first.get_left()[0] + room - second.get_right()[0]) * RIGHT)
        said = Prose("measured", font_size=theme.tick_size, color=theme.secondary)
        said.next_to(both, UP, buff=0.14, aligned_edge=LEFT)
        whole = VGroup(said, first, second)
        if whole.width > room:
            return []
        side = DOWN if entry.get_bottom()[1] - whole.height > _LOWEST else UP
        whole.next_to(entry[1], side, buff=0.3, aligned_edge=LEFT)
        return [VGroup(said, first), VGroup(second)]
