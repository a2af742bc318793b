"""Machines that make one number of another, and what a nudge becomes on its way through them: each a bar, to one scale.

In a scene::

    row = MachinesInARow({"double": lambda x: 2 * x, "square": lambda x: x**2}, at=3.0, by=0.01)
    self.add(row)
    self.play(row.through(0))
    self.play(*row.grow(1))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Circle,
    Line,
    VGroup,
)

from backprop_math import Change, Expression, Number, Product, Relation, Sum, Symbol, Term
from backprop_math.formula import Differential, Fraction

from ..kit.fitted import fitted
from ..kit.formula import Formula
from ..kit.texts import Prose
from ..kit.theme import theme
from .function_nudges import derivative_of, exactly, measured_change
from .machine_parts import BOX, RADIUS, SIZE, UNIT, Machine, MachinePicture, Station, lights_along

__all__ = ["MachinesInARow", "TwoRoads"]

Function = Callable[..., Any]
_RESULT = 3.8  # units that a result has behind the last number


class MachinesInARow(MachinePicture):
    """Each machine takes what the one before gives. The numbers are really calculated, the changes really measured.

    ``stations`` and ``boxes`` are the parts, ``measured`` each machine's ratio, ``whole`` that of all. ``product``
    says that the ratios multiply to it, ``limit`` the same of the derivatives; ``chain`` says it in symbols, and
    ``strokes`` go through what cancels there, and ``chain_of_limits`` the same of the derivatives.
    """

    def __init__(
        self,
        functions: Mapping[str, Function],
        *,
        at: float,
        by: float,
        names: str = "xuy",
        y: float = 0.0,
        left: float | None = None,
        step: float = 3.95,
        unit: float = UNIT,
    ) -> None:
        super().__init__()
        left = theme.safe.left + 0.4 if left is None else left
        steps = list(functions.values())
        values, inputs = [at], [by]
        self.measured = []
        slopes = []
        for place, f in enumerate(steps):
            one = measured_change(f, {"x": values[-1]}, inputs[-1], of=names[place + 1])
            self.measured.append(one)
            slopes.append(exactly(derivative_of(f, values[-1])))
            values.append(float(f(values[-1])))
            inputs.append(one.change.value)

        def all_of_them(x: Any) -> Any:
            for f in steps:
                x = f(x)
            return x

        self.whole = measured_change(all_of_them, {"x": at}, by, of=names[-1])
        self.slope = exactly(derivative_of(all_of_them, at))
        changes = [self.measured[0].by, *(one.change for one in self.measured)]
        xs = [left + step * place for place in range(len(values))]
        self.stations = [
            Station((x, y), value, [change], changes[0], unit)
            for x, value, change in zip(xs, values, changes, strict=True)
        ]
        self.boxes = [
            Machine((x + step / 2, y), name, one.value, slope)
            for x, name, one, slope in zip(xs, functions, self.measured, slopes, strict=False)
        ]
        self.arrows = VGroup()
        for x in xs[:-1]:
            middle = x + step / 2
            self.arrows.add(
                self.arrow_along((x + RADIUS + 0.06, y), (middle - BOX[0] / 2 - 0.05, y)),
                self.arrow_along((middle + BOX[0] / 2 + 0.05, y), (x + step - RADIUS - 0.06, y)),
            )
        self.names = VGroup(
            *(
                Formula(Symbol(name), font_size=SIZE).next_to(station.circle, UP, buff=0.14)
                for name, station in zip(names, self.stations, strict=True)
            )
        )
        factors = [tuple(one.value for one in self.measured), tuple(slopes)]
        self.product, self.limit = (
            _result(Relation((Product(parts), total), ("=",)), y)
            for parts, total in zip(factors, (self.whole.value, self.slope), strict=True)
        )
        letters = [Symbol(name) for name in names]
        self.chain = _chain(letters, Change, self.whole.value, y)
        self.chain_of_limits = _chain(letters, Differential, self.slope, y)
        self.strokes = self._strokes(letters)
        self.add(self.arrows, *self.boxes, *self.stations, self.names)

    def _strokes(self, letters: Sequence[Symbol]) -> VGroup:
        """Lines through what cancels in the chain."""
        strokes = VGroup()
        for place, letter in enumerate(letters[1:-1]):
            for ratio in (place, place + 1):
                part = self.chain.part(Change(letter), within=self.chain.term(str(ratio)))
                ends = part.get_corner(DOWN + LEFT), part.get_corner(UP + RIGHT)
                strokes.add(Line(*ends, stroke_width=3, color=theme.highlight))
        for stroke in strokes:
            stroke.overlaps_ok = True
        return strokes

    def machine(self, place: int) -> VGroup:
        """A machine with its arrows, and the number that it gives."""
        return VGroup(
            self.arrows[2 * place : 2 * place + 2], self.boxes[place], self.stations[place + 1], self.names[place + 1]
        )

    def through(self, place: int) -> Animation:
        """A light that goes through a machine."""
        before, after = self.arrows[2 * place : 2 * place + 2]
        return lights_along([before[0], self.boxes[place].box, after[0]])


class TwoRoads(MachinePicture):
    """One number goes through two machines, and what they give is added; parts as in `MachinesInARow`.

    ``stations`` are the number, what each machine gives, and the sum, whose change has two parts, end to end.
    """

    def __init__(
        self,
        functions: Mapping[str, Function],
        *,
        at: float,
        by: float,
        y: float = 0.0,
        left: float | None = None,
        step: float = 3.95,
        apart: float = 0.8,
    ) -> None:
        super().__init__()
        left = theme.safe.left + 0.4 if left is None else left
        (first, f), (second, g) = functions.items()
        self.measured = [measured_change(each, {"x": at}, by) for each in (f, g)]
        self.whole = measured_change(lambda x: f(x) + g(x), {"x": at}, by)
        slopes = [exactly(derivative_of(each, at)) for each in (f, g)]
        self.total = exactly(derivative_of(lambda x: f(x) + g(x), at))
        nudge, changes = self.measured[0].by, [one.change for one in self.measured]
        values = [float(f(at)), float(g(at))]
        ys = (y + apart, y - apart)
        x = [left + part * step / 2 for part in range(5)]
        self.stations = [
            Station((x[0], y), at, [nudge], nudge, below=True),
            *(Station((x[2], y), v, [c], nudge) for y, v, c in zip(ys, values, changes, strict=True)),
            Station((x[4], y), sum(values), changes, nudge),
        ]
        self.boxes = [
            Machine((x[1], y), name, one.value, slope)
            for y, name, one, slope in zip(ys, (first, second), self.measured, slopes, strict=True)
        ]
        self.plus = VGroup(Circle(0.28, stroke_color=theme.arrow, stroke_width=2.5).set_fill(theme.surface, 1))
        self.plus.move_to([x[3] - 0.1, y, 0])
        self.plus.add(Prose("+", font_size=36).move_to(self.plus))
        start, end = x[0] + RADIUS + 0.06, x[1] - BOX[0] / 2 - 0.05
        out, into = x[2] + RADIUS + 0.06, float(self.plus.get_left()[0]) - 0.05
        self.ways = []
        for at_y, side in zip(ys, (0.1, -0.1), strict=True):
            bend, bow = (start + end) / 2, (out + into) / 2
            self.ways.append(
                [
                    self.arrow_along((start, y), (bend, y), (bend, at_y), (end, at_y)),
                    self.arrow_along((x[1] + BOX[0] / 2 + 0.05, at_y), (x[2] - RADIUS - 0.06, at_y)),
                    self.arrow_along((out, at_y), (bow, at_y), (bow, y + side), (into, y + side)),
                ]
            )
        self.last = self.arrow_along((float(self.plus.get_right()[0]) + 0.05, y), (x[4] - RADIUS - 0.06, y))
        sums = [tuple(one.value for one in self.measured), tuple(slopes)]
        self.sum, self.limit = (
            _result(Relation((Sum(parts), whole), ("=",)), y)
            for parts, whole in zip(sums, (self.whole.value, self.total), strict=True)
        )
        arrows = [way for road in self.ways for way in road]
        self.add(*arrows, self.last, *self.boxes, self.plus, *self.stations)

    def road(self, place: int) -> VGroup:
        """One of the two roads, up to where they meet."""
        return VGroup(*self.ways[place], self.boxes[place], self.stations[place + 1])

    @property
    def meeting(self) -> VGroup:
        """Where they meet, and what comes of it."""
        return VGroup(self.plus, self.last, self.stations[-1])

    def through(self, place: int, *, half: int) -> Animation:
        """A light along a road: its first half, up to what the machine gives, or its second."""
        into, out, on = (way[0] for way in self.ways[place])
        return lights_along([on, self.last[0]] if half else [into, self.boxes[place].box, out])


def _chain(letters: Sequence[Symbol], of: Callable[[Expression], Expression], value: Number, y: float) -> Formula:
    """The ratio of the last change and the first as a product of those between."""
    pairs = enumerate(pairwise(letters))
    ratios = tuple(Term(str(place), Fraction(of(effect), of(cause))) for place, (cause, effect) in pairs)
    whole = Relation((Fraction(of(letters[-1]), of(letters[0])), Product(ratios), value), ("=", "="))
    formula = fitted(whole, width=11.0, font_size=54)
    formula.side(-1).set_fill(theme.highlight)
    return formula.move_to([0, y - 2.4, 0])


def _result(relation: Relation, y: float) -> Formula:
    """A result at the right end, the ratios violet."""
    formula = Formula(relation, font_size=50).fit(_RESULT)
    formula.side(0).set_fill(theme.highlight)
    return formula.move_to([theme.safe.right - 0.02, y, 0], aligned_edge=RIGHT)
