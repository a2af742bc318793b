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
from collections.abc import Mapping

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
        air = 0.06 * (high - low) or 1.0
        span = low - air * (low < 0 or high == low), high + air
        plane = Plane(
            Axis((-half, half), length=_WIDE, ticks=(), labels=()),
            Axis(span, length=_HIGH, vertical=True, ticks=(), labels=()),
        )
        # The axes cross at 0.
        middle, ground = plane.x.point(0.0), plane.y.point(0.0)
        plane.y.shift((middle[0] - ground[0]) * RIGHT)
        plane.x.shift((ground[1] - middle[1]) * UP)

        def place(x: float, y: float) -> np.ndarray:
            return np.array([plane.x.point(x)[0], plane.y.point(y)[1], 0.0])

        names = [Formula(notation.symbol(x), font_size=_SIZE) for x in (q.z, q.a)]
        names[0].next_to(plane.x.line, RIGHT, buff=0.12)
        names[1].next_to(plane.y.line.get_end(), RIGHT, buff=0.14)
        names[1].align_to(plane.y.line.get_end() + 0.03 * UP, DOWN)
        limits = VGroup()
        for bound in bounds:
            ends = place(-half, bound), place(half, bound)
            if bound:
                limits.add(DashedLine(*ends, dash_length=0.07, stroke_width=2, color=theme.arrow))
            figure = Formula(Number(bound, fewest_decimals(bound, 0, 2)), font_size=28, color=theme.secondary)
            limits.add(figure.next_to(ends[0], LEFT, buff=0.14))
        self.frame = VGroup(plane, limits, *names)
        color = theme.colour(q.a)
        self.curve = OpenPath([place(x, y) for x, y in zip(xs, ys, strict=True)], stroke_color=color, stroke_width=4)
        here, foot, end = place(z, a), place(z, 0.0), place(0.0, a)
        guides = [
            DashedLine(*ends, dash_length=0.07, stroke_width=2, color=theme.secondary)
            for ends in ((foot, here + 1e-3 * UP), (here, end + 1e-3 * UP))
        ]
        self._guides, self._ends = VGroup(*guides), (here, end)
        self.start = Dot(foot, radius=0.09, color=theme.colour(q.z))
        self._point, self._arrived = (Dot(at, radius=0.09, color=color) for at in (foot, here))
        side = RIGHT if z >= 0 else LEFT
        below = DOWN if a >= 0 else UP
        self.given = Formula(numbers[q.z], font_size=30).next_to(foot, below, buff=0.16)
        if low < 0:  # the upright axis goes on there
            beside = self.given.width / 2 + 0.12 - abs(foot[0] - end[0])
            self.given.shift(max(0.0, beside) * side)
        self.answer = Formula(numbers[q.a], font_size=30).next_to(end, -side, buff=0.18)
        level = [ground[1], *(place(0.0, bound)[1] for bound in bounds)]
        marks = [names[1].get_critical_point(corner)[:2] for corner in (LEFT, RIGHT, DOWN + LEFT, DOWN + RIGHT)]
        points = np.array([*(place(x, y)[:2] for x, y in zip(xs, ys, strict=True)), *marks])
        half_size = np.array([self.answer.width, self.answer.height]) / 2 + 0.08

        def crossed(at: np.ndarray) -> int:
            lines = sum(abs(at[1] - y) < half_size[1] for y in level)
            over = (
                np.abs(at - self.given.get_center())[:2]
                < half_size + np.array([self.given.width, self.given.height]) / 2
            )
            return lines + 2 * int(over.all()) + int(np.any(np.all(np.abs(points - at[:2]) < half_size, axis=1)))

        ways = [(one, up) for up in (0.0, 0.28, -0.28, 0.42, -0.42) for one in (-side, side)]
        tried = [self.answer.copy().next_to(end, one, buff=0.18).shift(up * UP).get_center() for one, up in ways]
        self.answer.move_to(min(tried, key=crossed))
        super().__init__(self.frame, self.curve, *guides, self.start, self._point, self._arrived, self.given)
        self.add(self.answer)
        self.move_to(_PLACE)
        self.shift(max(0.0, theme.safe.left + 0.05 - self.get_left()[0]) * RIGHT)
        self._ends = tuple(at + (self.start.get_center() - foot) for at in (here, end))

    def up(self) -> list[Animation]:
        """A dot goes up to the curve, along a dashed line."""
        return [Create(self._guides[0]), self._point.animate.move_to(self._ends[0])]

    def across(self) -> list[Animation]:
        """A dot goes across to the axis of a."""
        return [Create(self._guides[1]), self._arrived.animate.move_to(self._ends[1])]
