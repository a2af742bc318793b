"""`ActivationSketch`: the last activation function as a curve, from z up to it and across to a.

In a scene::

    sketch = ActivationSketch(trace, notation, LayerQuantities(3), shown_numbers(trace, notation))
    self.play(FadeIn(sketch.frame), Create(sketch.curve))
    self.play(FadeIn(sketch.start, sketch.given))
    self.play(*sketch.up())
    self.play(*sketch.across())
    self.play(FadeIn(sketch.answer))
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Animation, Create, DashedLine, Dot, VGroup

from backprop_math import BackwardPass, Notation, Number, Quantity
from backprop_math.formula import fewest_decimals

from ..kit.axis import Axis, Plane
from ..kit.formula import Formula
from ..kit.open_path import OpenPath
from ..kit.theme import theme
from .single_neurons import LayerQuantities

__all__ = ["ActivationSketch"]

_WIDE, _HIGH, _PLACE = 4.6, 1.62, (-3.55, -1.6, 0.0)
_SAMPLES = 161
_SIZE = 32


class ActivationSketch(VGroup):
    """``frame`` (axes that cross where z is 0, and what the function's values lie between, dashed) and ``curve``.

    ``start`` is a dot at z on its axis, ``given`` its number; `up` takes a dot from there to the curve, `across` one to
    the axis of a, where ``answer`` is its number.
    """

    def __init__(
        self, trace: BackwardPass, notation: Notation, q: LayerQuantities, numbers: Mapping[Quantity, Number]
    ) -> None:
        z, a, function = trace.value(q.z), trace.value(q.a), trace.network.activation[-1]
        half = max(4.0, 1.5 * abs(z))
        xs = np.unique(np.append(np.linspace(-half, half, _SAMPLES), z))
        with np.errstate(all="ignore"):
            ys = np.asarray(function.f(xs), dtype=float)
        xs, ys = xs[np.isfinite(ys)], ys[np.isfinite(ys)]
        bounds = [bound for bound in function.bounds if math.isfinite(bound)]
        low, high = min(0.0, a, *ys, *bounds), max(0.0, a, *ys, *bounds)
        self._plane = _crossing_axes(half, low, high)
        names = self._names(notation, q)
        self.frame = VGroup(self._plane, self._limits(half, bounds), *names)
        color, points = theme.colour(q.a), [self._at(x, y) for x, y in zip(xs, ys, strict=True)]
        self.curve = OpenPath(points, stroke_color=color, stroke_width=4)
        here, foot, end = self._at(z, a), self._at(z, 0.0), self._at(0.0, a)
        self._guides = VGroup(_guide(foot, here), _guide(here, end))
        self.start = Dot(foot, radius=0.09, color=theme.colour(q.z))
        self._point, self._arrived = (Dot(at, radius=0.09, color=color) for at in (foot, here))
        side = RIGHT if z >= 0 else LEFT
        self.given = Formula(numbers[q.z], font_size=30)
        self._beyond_limits(foot, DOWN if a >= 0 else UP, [self._at(z, bound) for bound in bounds if bound])
        if low < 0:  # the upright axis goes on there
            beside = self.given.width / 2 + 0.12 - abs(foot[0] - end[0])
            self.given.shift(max(0.0, beside) * side)
        self.answer = Formula(numbers[q.a], font_size=30).next_to(end, -side, buff=0.18)
        marks = [names[1].get_critical_point(corner) for corner in (LEFT, RIGHT, DOWN + LEFT, DOWN + RIGHT)]
        self._find_room(end, -side, np.array([*points, *marks]), [self._at(0.0, level)[1] for level in (0.0, *bounds)])
        super().__init__(self.frame, self.curve, *self._guides, self.start, self._point, self._arrived, self.given)
        self.add(self.answer)
        self.move_to(_PLACE)
        self.shift(max(0.0, theme.safe.left + 0.05 - self.get_left()[0]) * RIGHT)
        self._ends = tuple(at + (self.start.get_center() - foot) for at in (here, end))

    def _at(self, x: float, y: float) -> np.ndarray:
        """Where z and a have these values."""
        return np.array([self._plane.x.point(x)[0], self._plane.y.point(y)[1], 0.0])

    def _names(self, notation: Notation, q: LayerQuantities) -> list[Formula]:
        """Those of z and a, at the tips of their axes."""
        tip = self._plane.y.line.get_end()
        z, a = (Formula(notation.symbol(x), font_size=_SIZE) for x in (q.z, q.a))
        z.next_to(self._plane.x.line, RIGHT, buff=0.12)
        return [z, a.next_to(tip, RIGHT, buff=0.14).align_to(tip + 0.03 * UP, DOWN)]

    def _limits(self, half: float, bounds: Sequence[float]) -> VGroup:
        """What the function's values lie between: numbers, and dashed lines but at 0, where the axis is."""
        limits = VGroup()
        for bound in bounds:
            ends = self._at(-half, bound), self._at(half, bound)
            if bound:
                limits.add(DashedLine(*ends, dash_length=0.07, stroke_width=2, color=theme.arrow))
            figure = Formula(Number(bound, fewest_decimals(bound, 0, 2)), font_size=28, color=theme.secondary)
            limits.add(figure.next_to(ends[0], LEFT, buff=0.14))
        return limits

    def _beyond_limits(self, foot: np.ndarray, way: np.ndarray, limits: Sequence[np.ndarray]) -> None:
        """Put the given number below the dot at z, or above it, or where a limit would cross it there, beyond that."""
        given = self.given.next_to(foot, way, buff=0.16)
        for limit in sorted(limits, key=lambda at: abs(at[1] - foot[1])):
            if abs(limit[1] - given.get_y()) < given.height / 2 + 0.06:
                given.next_to(limit, way, buff=0.1)

    def _find_room(self, end: np.ndarray, side: np.ndarray, points: np.ndarray, levels: Sequence[float]) -> None:
        """Move the answer to where it crosses the least: ``points``, lines at these ``levels``, the given number."""
        given, half = self.given, np.array([self.answer.width, self.answer.height]) / 2 + 0.08

        def crossed(at: np.ndarray) -> int:
            lines = sum(abs(at[1] - y) < half[1] for y in levels)
            over = np.abs(at - given.get_center())[:2] < half + np.array([given.width, given.height]) / 2
            near = np.all(np.abs(points - at)[:, :2] < half, axis=1)
            return lines + 2 * int(over.all()) + int(near.any())

        ways = [(one, up) for up in (0.0, 0.28, -0.28, 0.42, -0.42, -0.52, 0.56) for one in (side, -side)]
        tried = [self.answer.copy().next_to(end, one, buff=0.18).shift(up * UP).get_center() for one, up in ways]
        self.answer.move_to(min(tried, key=crossed))

    def up(self) -> list[Animation]:
        """A dot goes up to the curve, along a dashed line."""
        return [Create(self._guides[0]), self._point.animate.move_to(self._ends[0])]

    def across(self) -> list[Animation]:
        """A dot goes across to the axis of a."""
        return [Create(self._guides[1]), self._arrived.animate.move_to(self._ends[1])]


def _crossing_axes(half: float, low: float, high: float) -> Plane:
    """Axes for z from -half to half and a from low to high, which cross where both are 0."""
    air = 0.06 * (high - low) or 1.0
    span = low - air * (low < 0 or high == low), high + air
    plane = Plane(
        Axis((-half, half), length=_WIDE, ticks=(), labels=()),
        Axis(span, length=_HIGH, vertical=True, ticks=(), labels=()),
    )
    middle, ground = plane.x.point(0.0), plane.y.point(0.0)
    plane.y.shift((middle[0] - ground[0]) * RIGHT)
    plane.x.shift((ground[1] - middle[1]) * UP)
    return plane


def _guide(start: np.ndarray, end: np.ndarray) -> DashedLine:
    return DashedLine(start, end + 1e-3 * UP, dash_length=0.07, stroke_width=2, color=theme.secondary)
