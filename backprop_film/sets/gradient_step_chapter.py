"""`GradientStepChapter`: the gradient fills, layer by layer, and a step is taken against it, which makes the cost fall.

It follows a sheet of formulas with a small network beside it, which grows into that of the picture: `the_gradient`,
then `a_step_against_it` and `the_cost_falls`. What they play with is told by the attributes.
"""

from __future__ import annotations

from typing import Any

from manim import LEFT, RIGHT, UP, FadeIn, FadeOut, LaggedStart, MoveToTarget, VGroup, there_and_back
from manim.typing import Vector3D

from backprop_math import CostDerivatives, Quantity, Relation

from ..kit.descent import Descend
from ..kit.formula import Formula, Nothing
from ..kit.gradient_column import GradientColumn
from ..kit.motion import Compose, Pulse, seen
from ..kit.naming import Naming
from ..kit.network_diagram import NetworkDiagram
from ..kit.paths import CostNode
from ..kit.texts import Prose
from ..kit.theme import theme
from .formula_sheet import FormulaSheet
from .gradient_step import step_size
from .last_layers_layout import gradient_beside_last_layers
from .sheet_network import SheetNetwork
from .training_chapter import TrainingChapter

__all__ = ["GradientStepChapter"]

_MOST = 4  # decimals of the gradient's numbers


class GradientStepChapter(TrainingChapter):
    """``diagram`` and ``cost`` are the last ``layers``, ``picture`` is all of them, with their ``numbers``; ``bare``,
    without. ``sheet`` and ``small`` stand there before.
    """

    layers: range
    diagram: NetworkDiagram
    cost: CostNode
    picture: VGroup
    numbers: VGroup
    bare: VGroup
    sheet: FormulaSheet
    small: SheetNetwork
    column: GradientColumn

    def lay_out_gradient(self) -> None:
        """The ``column``, with the digits of the step if they have room, its name, and what its dots stand for."""
        decimals = min(_MOST, self.step.decimals) if self.step else 3
        self.column = gradient_beside_last_layers(self.trace, self.notation, decimals)
        self.nabla, self.more = self._nabla(), self._more()

    def the_gradient(self) -> None:
        """From the last layer to the first, the column fills."""
        parameters = self.example.network.parameters
        with self.say(
            f"With these formulas, layer by layer, you get all {len(parameters):,} numbers. "
            f"They are the gradient of this {Naming(self.example).thing}'s cost: nabla C zero.",
            key="gradient",
        ):
            back = [(small, large) for large, small in self.small.pairs(self.diagram, self.cost)]
            self.reach("layer by layer")
            self.play(FadeOut(self.sheet.all, shift=0.3 * UP), run_time=0.6)
            self.play(Compose(self.bare, back, old=self.small), run_time=1.1)
            column, values = self.column, {q: self.column.value(q) for q in self.column.shown}
            frame = [column.brackets, *seen(column.dots), *(column.entry(q)[0] for q in values)]
            self.play(FadeIn(self.numbers, *self.picture[2:], *frame, *seen(self.more)), run_time=0.6)
            for layer in reversed(self.layers):
                found = [value for q, value in values.items() if self._pulsed(q) == layer]
                arrive = LaggedStart(*(FadeIn(value, shift=0.2 * LEFT) for value in reversed(found)), lag_ratio=0.4)
                self.play(self.diagram.pulse(layer, backward=True), *([arrive] if found else []), run_time=1.4)
            self.remove(*frame)
            self.add(column)
            self.settle(self.picture)
            self.reach("They are")
            self.play(Pulse(column.brackets, scale_factor=1.0), run_time=1.2)
            if named := seen(self.nabla):
                self.reach("nabla")
                self.play(*(FadeIn(part, shift=0.15 * RIGHT) for part in named), run_time=0.8)

    def _nabla(self) -> Formula | VGroup:
        """``∇C₀ =`` before the column; nothing where it has no room."""
        left = CostDerivatives(self.notation).gradient([self.column.shown[0]]).sides[0]
        name = Formula(Relation((left, Nothing()), ("=",)), font_size=44).next_to(self.column, LEFT, buff=0.2)
        return name if name.get_left()[0] > self.cost.get_right()[0] + 0.15 else VGroup()

    def _more(self) -> VGroup:
        """How many rows the column's dots stand for, between them."""
        column, more = self.column, len(self.example.network.parameters) - len(self.column.shown)
        if not more:
            return VGroup()
        note = Prose(f"{more:,} more", font_size=theme.tick_size, color=theme.secondary)
        left, right = (dots.get_x() for dots in column.dots)
        note.move_to([(left + right) / 2, column.dots.get_y(), 0])
        return VGroup(note) if note.width < right - left - 0.25 else VGroup()

    def _pulsed(self, parameter: Quantity) -> int:
        """The layer with whose light a parameter's entry comes: its own, or the first one drawn."""
        return max(self.layers.start, parameter.layer)  # type: ignore[attr-defined]

    def a_step_against_it(self) -> None:
        """The same numbers with the other sign: what each parameter is moved by."""
        step = self.step
        if step is None:
            self._nothing_to_gain()
            return
        with self.say(
            "The gradient says which way the cost grows. So go the other way: "
            "reverse its sign, and add it to the weights and biases: "
            f"one step, of size {step_size(step.step.rate)}.",
            key="step",
        ):
            self.play(LaggedStart(*(_shine(self.column.value(q)) for q in step.shown), lag_ratio=0.3), run_time=2.4)
            self.read()
            same = [q for q in step.shown if self._same_digits(q)]
            entries = VGroup(*(self.column.value(q) for q in same))
            names = VGroup(*(self.column.entry(q)[0] for q in same))
            kept = {id(part) for group in (entries, names) for part in _glyphs(group)}
            others = VGroup(*(part for part in self.column.family_members_with_points() if id(part) not in kept))
            self.play(FadeOut(others, *seen(self.nabla, self.more)), run_time=0.4)
            scale = min((step.room - 0.1) / self._network().width, 3.95 / self._network().height)
            place = (theme.safe.left + 0.05 + step.room / 2) * RIGHT + 1.05 * UP
            # The numbers go to their rows as they are, with their names; there each gets a minus, or loses it.
            rows = [_to_row(self.column.value(q), step.table.change(q)) for q in same]
            ends = [step.changes[: len(step.shown)], *(self.column.value(q).target for q in same)]
            left = min(float(end.get_left()[0]) for end in ends)
            rows += [_beside(self.column.entry(q)[0], self.column.value(q), left) for q in same]
            self.play(*self._scaled(scale, place - self._network().get_center()), *rows, run_time=1.1)
            self.reach("reverse its sign")
            # Without its name: reversed, it is not that derivative.
            if gone := seen(names):
                self.play(FadeOut(*gone), run_time=0.4)
            kept = {id(glyph) for q in same for glyph in _digits(step.table.change(q))}
            signs = VGroup(*(glyph for entry in entries for glyph in entry if glyph not in list(_digits(entry))))
            comes = VGroup(*(glyph for glyph in _glyphs(step.changes) if id(glyph) not in kept))
            self.play(*(FadeOut(part, shift=0.2 * UP) for part in seen(signs)), FadeIn(comes), run_time=1.0)
            self.remove(*entries.get_family(), *comes)
            self.add(step.changes)
            self.reach("and add it")
            self.play(FadeOut(self.cost), run_time=0.4)
            self.play(FadeIn(step.gauge), run_time=0.8)
            self.play(FadeIn(step.before, shift=0.1 * RIGHT), run_time=0.9)

    def _same_digits(self, quantity: Quantity) -> bool:
        """Whether an entry of the gradient and the change are one number but for the sign."""
        assert self.step is not None
        entry, change = (
            text.expression.text().lstrip("−")
            for text in (self.column.value(quantity), self.step.table.change(quantity))
        )
        return bool(entry == change)

    def _nothing_to_gain(self) -> None:
        """The gradient is 0: a sentence says what that means, and no step is taken."""
        done = "the cost is 0 already, and there is nothing left to gain"
        stuck = "the cost feels no small change of any weight, and the network cannot learn from this example"
        with self.say(f"Here the gradient is 0, or as good as 0: {stuck if self.trace.cost else done}.", key="step"):
            shine = (_shine(self.column.value(q)) for q in self.column.shown)
            self.play(LaggedStart(*shine, lag_ratio=0.3), run_time=2.4)
            self.reach("and the network" if self.trace.cost else "and there")
            for layer in reversed(self.layers):
                self.play(self.diagram.pulse(layer, backward=True), run_time=1.2)
        self.play(FadeOut(self.column, self.cost, *seen(self.nabla, self.more)), run_time=0.8)

    def _network(self) -> VGroup:
        """The picture without the cost."""
        return VGroup(*(part for part in self.picture if part is not self.cost))

    def _scaled(self, scale: float, shift: Vector3D) -> list[Any]:
        """The network grows about its middle and moves, and the cost with it."""
        network = self._network()
        centre = network.get_center()
        for part in (network, self.cost):
            part.generate_target()
            part.target.scale(scale, about_point=centre).shift(shift)
        network.target[0].show(self.trace)  # the numbers keep clear of circles that become smaller
        return [MoveToTarget(network), MoveToTarget(self.cost)]

    def the_cost_falls(self) -> None:
        """All parameters move at once; everything is calculated anew."""
        step = self.step
        if step is None:
            return
        with self.say(
            f"All of them at once. Run the network again, and the cost falls {step.fall_in_words}.", key="falls"
        ):
            self.play(FadeIn(step.afterwards, shift=0.1 * RIGHT), run_time=0.5)
            self.settle(step.table)
            step.gauge.mark()
            shine = [_shine(step.table.change(q)) for q in step.shown]
            self.play(Descend(step.step, [step.table], run_time=1.4), *shine)
            self.read()
            self.play(Descend(step.step, [self.diagram, step.gauge], run_time=max(3.2, self.seconds_left)))


def _glyphs(texts: VGroup) -> list[Any]:
    return list(texts.family_members_with_points())


def _digits(number: Formula) -> VGroup:
    """The glyphs of a number, without its sign."""
    return VGroup(*number[number.expression.text().startswith("−") :])


def _to_row(entry: Formula, goal: Formula) -> MoveToTarget:
    """A number goes to where the same digits stand in a row, with its own sign before them."""
    entry.generate_target()
    entry.target.scale(goal.font_size / entry.font_size)
    entry.target.shift(_digits(goal).get_center() - _digits(entry.target).get_center())
    return MoveToTarget(entry)


def _beside(name: VGroup, entry: Formula, left: float) -> MoveToTarget:
    """The name goes with its entry, and ends before what begins at ``left``."""
    name.generate_target().align_to([left - 0.3, 0, 0], RIGHT).set_y(entry.target.get_y())
    return MoveToTarget(name)


def _shine(value: Formula) -> Any:
    """A number lights up and goes out again."""
    return value.animate(rate_func=there_and_back).set_color(theme.highlight)
