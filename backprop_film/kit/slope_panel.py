"""`SlopePanel`: one quantity as a function of another, the point where we are, and the slope there.

In a scene::

    panel = SlopePanel(trace, notation, Activation(3, 0), WeightedSum(3, 0))
    self.play(FadeIn(panel.frame), Create(panel.curve))
    self.play(FadeIn(panel.point))
    self.play(GrowFromCenter(panel.tangent), Create(panel.legs))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, DashedLine, Dot, Line, UpdateFromAlphaFunc, VGroup

from backprop_math import (
    Activation,
    BackwardPass,
    Change,
    Cost,
    Notation,
    Number,
    Quantity,
    Relation,
    Target,
    Weight,
    WeightedSum,
)
from backprop_math.formula import fewest_decimals, relation_sign, short_number

from .axis import Axis, Plane
from .clipping import clipped
from .extents import boundary, near
from .formula import Formula
from .open_path import OpenPath
from .theme import theme

__all__ = ["SlopePanel"]

_SAMPLES = 121
_LEG = 0.17  # of the width: how long the level leg is
_PARTS = np.linspace(0.0, 1.0, 60)  # of a line
_NONE, _AIR = 0.02, 0.06  # a leg that is not seen; around its name
_NEAR_0 = 0.15  # of its height: a curve that comes so near to 0 from above stands on an axis at 0


class SlopePanel(VGroup):
    """``of`` over ``wrt``, all else as it is in ``trace``; one depends on the other at once, as ∂of/∂wrt is a factor.

    ``frame`` are the axes with their names, ``curve`` the function, ``point`` the dot with its value at the axis,
    ``tangent`` and ``legs`` the slope, and ``wanted`` the desired output, where the cost has one to be compared with.
    What the tangent covers, a straight line, is drawn over it. The number has ``decimals``.
    """

    def __init__(
        self,
        trace: BackwardPass,
        notation: Notation,
        of: Quantity,
        wrt: Quantity,
        *,
        width: float = 2.5,
        height: float = 2.0,
        decimals: int = 4,
        font_size: float = 38.4,
    ) -> None:
        self.slope = float(trace.graph.edge(of, wrt).value)
        self._of_wrt, self._font_size = (of, wrt), font_size
        x, y = trace.value(wrt), trace.value(of)
        target = trace.value(Target(wrt.j)) if isinstance(of, Cost) and isinstance(wrt, Activation) else None
        xs, ys = _samples(_function(trace, of, wrt), _span(x, target), x)
        low, high = float(min(ys.min(), y)), float(max(ys.max(), y))
        if high - low <= 1e-12 * max(1.0, abs(y)):
            low, high = y - 1.0, y + 1.0
        air = 0.08 * (high - low)
        stands = isinstance(of, Cost | Activation) and 0 <= low < _NEAR_0 * (high - low)
        floor = 0.0 if stands else low - air
        self.plane = Plane(
            Axis((float(xs[0]), float(xs[-1])), length=width, ticks=(), labels=()),
            Axis((floor, high + air), length=height, vertical=True, ticks=(), labels=()),
        )
        place = self.plane.point
        names = [Formula(notation.symbol(q), font_size=font_size) for q in (wrt, of)]
        names[0].next_to(self.plane.x.line, RIGHT, buff=0.12)
        names[1].next_to(self.plane.y.line, UP, buff=0.1)
        self.frame = VGroup(self.plane, *names)
        self.curve = OpenPath(
            [place(*pair) for pair in zip(xs, ys, strict=True)], stroke_color=theme.colour(of), stroke_width=4
        )
        here, ground = place(x, y), self.plane.x.point(x)
        guide = DashedLine(here, ground + 1e-3 * DOWN, dash_length=0.07, stroke_width=2, color=theme.arrow)
        if isinstance(wrt, Weight):  # as it was given
            decimals = fewest_decimals(x, 2, decimals)
        value = Formula(Number(x, decimals, wrt), font_size=0.68 * font_size, color=theme.secondary, plain=True)
        value.next_to(ground, DOWN, buff=0.16)
        self.dot = Dot(here, radius=0.1, color=theme.colour(of))
        self.point = VGroup(guide, value, self.dot)
        self.wanted = VGroup()
        if target is not None and xs[0] <= target <= xs[-1]:
            self._mark_target(notation, target, wrt, value, font_size)
        along = place(x + 1.0, y + self.slope) - here
        along /= np.linalg.norm(along)
        box = np.concatenate([place(xs[0], floor)[:2], place(xs[-1], high + air)[:2]])
        straight = isinstance(wrt, Weight)
        far = (width + height) * along
        self.tangent = Line(*clipped(here - far, here + far, box))
        self.tangent.set_stroke(theme.highlight, 11 if straight else 4, 0.45 if straight else 1)
        corner, end = _legs(here, along, _LEG * width, box)
        self.legs = VGroup(
            Line(here, corner, stroke_width=4, color=theme.colour(wrt)),
            Line(corner, end if np.linalg.norm(end - corner) > 1e-3 else corner + 1e-3 * UP, stroke_width=4,
                 color=theme.colour(of)),
        )  # fmt: skip
        super().__init__(self.frame, self.tangent, self.curve, self.legs, self.wanted, self.point)

    def leg_names(self, notation: Notation) -> VGroup:
        """Δ of either quantity, beside its leg, clear of all else; without room, or a leg, there is none."""
        start, corner, end = self.legs[0].get_start(), self.legs[0].get_end(), self.legs[1].get_end()
        up, right = np.where(end >= start, 1, -1)[[1, 0]]
        taken, names = self._taken(end), VGroup()
        for quantity, leg in zip(self._of_wrt[::-1], self.legs, strict=True):
            name = Formula(Change(notation.symbol(quantity)), font_size=0.68 * self._font_size)
            x, y = name.width / 2 + 0.1, name.height / 2 + 0.1
            if leg is self.legs[0]:
                middle = (start[0] + corner[0]) / 2
                places = [(at, start[1] + side * y) for side in (-up, up)
                          for at in (middle, start[0] + right * (x + 0.1), corner[0] + right * x)]  # fmt: skip
            else:
                middle = (corner[1] + end[1]) / 2
                heights = (middle, corner[1] + up * name.height / 2, corner[1], end[1], end[1] + up * y)
                places = [(corner[0] + right * (x + off), at) for at in heights for off in (0.0, 0.08)]
            tried = [name.copy().move_to([*place, 0.0]) for place in places] if leg.get_length() > _NONE else []
            for free in [one for one in tried if not near(one, taken, _AIR) and self._holds(one)][:1]:
                names.add(free)
                taken = np.concatenate([taken, boundary(free)])
        return names

    def _holds(self, name: Formula) -> bool:
        """Whether a name stays between the axes' ends, and in the picture."""
        low, high = (end(self.plane.y.line)[1] for end in (Line.get_bottom, Line.get_top))
        inside = low < name.get_bottom()[1] and name.get_top()[1] < high + name.height
        return bool(inside and theme.safe.left < name.get_left()[0] and name.get_right()[0] < theme.safe.right)

    def _taken(self, end: np.ndarray) -> np.ndarray:
        """Points of all that is drawn when the dot has come to the end of its leg."""
        lines = [self.tangent, *self.legs, self.plane.x.line, self.plane.y.line]
        drawn = VGroup(*self.frame[1:], self.curve, self.wanted, self.point, self.dot.copy().move_to(end))
        return np.concatenate([boundary(drawn), *([line.point_from_proportion(t) for t in _PARTS] for line in lines)])

    def nudge(self, **animation: Any) -> UpdateFromAlphaFunc:
        """A dot runs along the tangent as the level leg grows from nothing, and the upright one with it."""
        start, corner, end = self.legs[0].get_start(), self.legs[0].get_end(), self.legs[1].get_end()
        dot = self.dot.copy()

        def grow(moved: VGroup, t: float) -> None:
            along = max(t, 0.01)
            foot, top = start + along * (corner - start), start + along * (end - start)
            self.legs[0].put_start_and_end_on(start, foot)
            self.legs[1].put_start_and_end_on(foot, top)
            dot.move_to(top)

        return UpdateFromAlphaFunc(VGroup(self.legs, dot), grow, **animation)

    def _mark_target(self, notation: Notation, target: float, wrt: Quantity, value: Formula, font_size: float) -> None:
        """A tick at the desired output, named unless the value at the axis is in its place."""
        assert isinstance(wrt, Activation)
        ground = self.plane.x.point(target)
        color = theme.colour(Target(wrt.j))
        self.wanted.add(Line(ground + 0.12 * UP, ground + 0.08 * DOWN, stroke_width=4, color=color))
        wanted = short_number(target, fewest_decimals(target, 0, 2))
        symbol = notation.symbol(Target(wrt.j))
        # With its value where that has room, else alone.
        whole = Relation((symbol, wanted), (relation_sign(wanted),))
        left, right = (float(end[0]) for end in (self.plane.x.line.get_left(), self.plane.x.line.get_right()))
        for shown in (whole, symbol):
            name = Formula(shown, font_size=0.8 * font_size).set_fill(color).next_to(ground, DOWN, buff=0.18)
            # Beyond the end of the axis stands the axis' own name.
            name.shift(min(0.0, right - name.get_right()[0]) * RIGHT)
            for side in (RIGHT, LEFT):
                near = abs(name.get_x() - value.get_x()) < (name.width + value.width) / 2 + 0.1
                if near or name.get_right()[0] > right + 1e-6:
                    name.next_to(value, side, buff=0.12).align_to(value, UP)
            if name.get_left()[0] >= left:
                break
        self.wanted.add(name)


def _legs(here: np.ndarray, along: np.ndarray, run: float, box: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The corner and the end of the legs from here, within the box: to the right if they have room, to the left, or
    shorter.
    """
    ends = [here + side * run / along[0] * along for side in (1, -1)]
    inside = [end for end in ends if (box[:2] <= end[:2]).all() and (end[:2] <= box[2:]).all()]
    if not inside:
        room = (box[3] if along[1] > 0 else box[1]) - here[1]
        inside = [here + min(1.0, max(0.02, room * along[0] / along[1] / run)) * (ends[0] - here)]
    return np.array([inside[0][0], here[1], 0.0]), inside[0]


def _function(trace: BackwardPass, of: Quantity, wrt: Quantity) -> Callable[[np.ndarray], np.ndarray]:
    """``of`` as a function of ``wrt``, the rest held."""
    network = trace.network
    if isinstance(of, Cost) and isinstance(wrt, Activation):
        y = np.array([trace.value(Target(wrt.j))])
        return lambda xs: np.array([float(network.cost.value(np.array([x]), y)) for x in xs])
    if isinstance(of, Activation) and isinstance(wrt, WeightedSum):
        function = network.activation[int(of.layer) - 1]
        return lambda xs: np.asarray(function.f(xs), dtype=float)
    y0, x0, slope = trace.value(of), trace.value(wrt), float(trace.graph.edge(of, wrt).value)
    return lambda xs: y0 + slope * (xs - x0)


def _span(x: float, target: float | None) -> tuple[float, float]:
    """What is shown around a value: as far again beyond the target, else so far that curves show how they bend."""
    if target is not None:
        reach = 1.1 * max(abs(target - x), 0.3 * max(1.0, abs(x)), 1e-9 * abs(x))
        low, high = min(x, target), max(x, target)
        middle = (low + high) / 2
        half = max(reach, 0.8 * (high - low))
        return middle - half, middle + half
    half = max(3.5, 0.6 * abs(x))
    return (-half, half) if abs(x) < 0.7 * half else (x - half, x + half)


def _samples(
    f: Callable[[np.ndarray], np.ndarray], span: tuple[float, float], x: float
) -> tuple[np.ndarray, np.ndarray]:
    """The function around a point, as far as it has finite values."""
    xs = np.unique(np.append(np.linspace(*span, _SAMPLES), x))
    with np.errstate(all="ignore"):
        ys = f(xs)
    finite = np.isfinite(ys)
    at = int(np.searchsorted(xs, x))
    first = at - int(np.argmin(finite[at::-1])) + 1 if not finite[: at + 1].all() else 0
    last = at + int(np.argmin(finite[at:])) if not finite[at:].all() else len(xs)
    xs, ys = xs[first:last], ys[first:last]
    if len(xs) < 2:
        return np.array([x - 1e-9, x + 1e-9]), np.repeat(f(np.array([x])), 2)
    return xs, ys
