"""`CostCurve`: the cost over the last weight of a chain, a nudge with its chord, a lens, and the table of ratios.

In a scene::

    picture = CostCurve(example, notation, nudges=(1.0, 0.1, 0.01, 0.001))
    self.play(Create(picture.plane), Create(picture.secant.curve))
    self.play(FadeIn(picture.table[0]))
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise, product
from typing import Self

import numpy as np
from manim import DOWN, LEFT, PI, RIGHT, UP, Animation, Dot, Mobject, VGroup, VMobject

from backprop_math import Change, Example, Notation, Nudge, Number, Quantity, Relation, Trace
from backprop_math.formula import relation_sign

from ..kit.axis import Axis, AxisDot, Plane
from ..kit.formula import Formula
from ..kit.motion import Compose
from ..kit.secant import Lens, Secant
from ..kit.spans import nice_span
from ..kit.texts import Prose
from ..kit.theme import theme
from .neuron_gauges import NeuronGauges
from .ratio_table import RatioTable
from .single_neurons import LayerQuantities

__all__ = ["CostCurve", "costs_over_last_weight", "round_marks"]

_LEFT, _RIGHT, _BOTTOM, _TOP = -5.7, 0.6, -1.95, 2.5
#: In a lens as large as the curve has room for, it is seen how it bends; the triangle begins near a corner.
_WIDE, _WIDE_PART, _WIDE_AT = (4.7, 2.45), (0.16, 0.22), ((-1.2, 1.6), (-2.6, 1.6), (-1.2, -0.45), (-2.6, -0.45))
_LENS = (3.0, 2.1)
_LENS_AT = ((-1.55, 1.45), (-3.75, 1.45), (-1.55, -0.8), (-3.75, -0.8))
#: In the lens, the triangle of the tangent is at most so high; it is as wide as in the graph.
_HIGHEST = 1.15


def costs_over_last_weight(example: Example, weights: np.ndarray) -> np.ndarray:
    """The cost for each value of the last weight, all else as it is.

    >>> from backprop_math import load_example
    >>> costs_over_last_weight(load_example("simplest"), np.array([1.8, 2.8])).round(4).tolist()
    [0.117, 0.0593]
    """
    network, trace = example.network, example.trace()
    q = LayerQuantities(network.L)
    z = weights * trace.value(q.previous) + trace.value(q.b)
    a = np.asarray(network.activation[-1].f(z), dtype=float)
    costs: np.ndarray = np.asarray(network.cost.value(a[:, None], np.array([trace.value(q.y)])), dtype=float)
    return costs


class CostCurve(VGroup):
    """``plane``, ``names`` and ``secant`` at the left, the ``lens`` over it, ``table`` with ``rules`` at the right.

    ``nudges`` are the nudges, ``measured`` their ratios, one a row; ``limit`` is the derivative to the same digits,
    ``quotient`` and ``derivative`` the row below the table before and after the nudge has shrunk to nothing. Nothing is
    added: what is shown, and when, is the chapter's.
    """

    def __init__(self, example: Example, notation: Notation, nudges: Sequence[float]) -> None:
        super().__init__()
        self.q = q = LayerQuantities(example.network.L)
        trace = example.trace()
        self.w, slope = trace.value(q.w), trace.derivative(q.w)
        self.colors = theme.colour(q.w), theme.colour(q.cost)
        self.nudges = [Nudge(example, q.w, by) for by in nudges]
        self.measured = [nudge.measured(q.cost, q.w) for nudge in self.nudges]
        decimals = self.measured[-1].value.decimals  # fewer than none where there is a power of ten
        self.limit = Number(slope, decimals if decimals < 0 else max(4, decimals))

        def costs(weights: np.ndarray) -> np.ndarray:
            return costs_over_last_weight(example, weights)

        low = round(self.w - 1.8) if abs(self.w) < 1e6 else self.w - 1.8
        span = float(low), float(low) + 4.0
        near = costs(np.linspace(self.w - 1.2, self.w + 1.4, 53))
        whole = costs(np.linspace(*span, 81))
        values = whole if whole.max() <= 3 * near.max() else near
        height = _TOP - _BOTTOM
        up = nice_span(float(values.min()), float(values.max()), trace.cost)
        if (least := height * abs(slope) / _HIGHEST) > up[1] - up[0]:
            up = nice_span(up[0], up[0] + least / 1.12)
        marks = round_marks(span) if abs(self.w) < 1e4 else list(span)
        upright = Axis(up, length=height, vertical=True, ticks=round_marks(up)[1:], labels=round_marks(up)[1:])
        # Powers of ten need room.
        left = max(_LEFT, theme.safe.left + 0.02 + float(upright.line.get_x() - upright.labels.get_left()[0]))
        level = Axis(span, length=_RIGHT - left, ticks=marks, labels=marks)
        self.plane = Plane(level, upright)
        self.plane.shift(np.array([left, _BOTTOM, 0]) - level.line.get_start())
        self.names = VGroup(
            Formula(notation.symbol(q.w), font_size=44).next_to(
                level.line, RIGHT, buff=max(0.18, level.labels[-1].width / 2 + 0.08)
            ),
            Formula(notation.symbol(q.cost), font_size=44).next_to(upright.line, UP, buff=0.14),
        )
        self.secant = Secant(self.plane, costs, at=self.w, slope=slope, by=nudges[0], colors=self.colors)
        self.falls = self.nudges[0].change(q.cost) < 0
        # Where the curve is steep, its points over equal distances lie far apart.
        xs = np.linspace(*self.plane.x.span, 161)
        curve = [self.plane.point(float(x), float(y))[:2] for x, y in zip(xs, self.secant.f(xs), strict=True)]
        steep = [np.linspace(one, two, 41) for one, two in pairwise(curve) if abs(two[1] - one[1]) > 0.3]
        lines = (self.secant.tangent, self.secant.run, self.secant.rise)
        chord = np.linspace(self.secant.dot.get_center()[:2], self.secant.ring.get_center()[:2], 41)
        self._taken = np.concatenate([curve, *steep, chord, *(_along(line, 21) for line in lines)])
        self.run_name, self.rise_name = self._leg_names(notation)
        #: One on each axis, at the weight and at its cost.
        self.riders = VGroup(
            *(Dot(axis.point(value), radius=0.105, color=color) for axis, value, color in zip(
                (level, upright), (self.w, self.secant.y), self.colors, strict=True
            ))
        )  # fmt: skip
        self.lens = self._lens()
        of, wrt = notation.symbol(self.q.cost), notation.symbol(self.q.w)
        names = notation.difference_quotient(self.q.cost, self.q.w), notation.derivative_symbol(self.q.cost, self.q.w)
        self.ratios = ratios = RatioTable(of, wrt, self.measured, self.limit, color=self.colors[0], names=names)
        self.table, self.rules, self.quotient, self.derivative = (
            ratios.rows, ratios.rules, ratios.quotient, ratios.derivative,
        )  # fmt: skip

    def _leg_names(self, notation: Notation) -> tuple[Formula, Formula]:
        one, q, secant = self.measured[0], self.q, self.secant
        run, rise = (
            Formula(Relation((Change(notation.symbol(x)), number), (relation_sign(number),)), font_size=33.6)
            for x, number in ((q.w, one.by), (q.cost, one.change))
        )
        buff = 0.12 if secant.rise.get_length() > 0.4 else 0.22
        around = [x * RIGHT + y * UP for y in (0.55, -0.55, 1.1, 1.7, 2.3) for x in (0.0, 0.8, -0.8, 1.6, -1.6)]
        places = [
            _clear_of_the_point(run.copy().next_to(secant.run, side, buff=buff), secant.dot).get_center()
            for side in ((UP, DOWN) if self.falls else (DOWN, UP))
        ]
        places += [secant.run.get_center() + step for step in around]
        run.move_to(min(places, key=lambda place: self._hidden(place, run.width, run.height)))
        # Beside its line, or above or below one of its ends: where the curve leaves it most room; or near the other.
        ends = (secant.rise, secant.rise.get_start(), secant.rise.get_end())
        places = []
        for end, side in product(ends, (RIGHT, UP + RIGHT, DOWN + RIGHT, UP + LEFT, DOWN + LEFT)):
            place = rise.copy().next_to(end, side, buff=0.2)
            places.append(place.shift(min(0.0, 1.75 - place.get_right()[0]) * RIGHT).get_center())
        places += [run.get_center() + step for step in around]
        return run, rise.move_to(min(places, key=lambda place: self._hidden(place, rise.width, rise.height, run)))

    def _lens(self) -> Lens:
        """A wide one where it hides nothing of the curve and the triangle; else where a smaller one hides least."""
        for place in _WIDE_AT:
            if not self._hidden(np.array(place), *_WIDE):
                return Lens(self.secant, width=_WIDE[0], height=_WIDE[1], center=place, part=_WIDE_PART)
        place = min(_LENS_AT, key=lambda place: self._hidden(np.array(place), *_LENS))
        return Lens(self.secant, width=_LENS[0], height=_LENS[1], center=place)

    def _hidden(self, centre: np.ndarray, width: float, height: float, *names: Formula) -> int:
        """How much of curve, tangent, triangle and names lies within a rectangle or touches it."""
        ends = [(name.get_corner(edge + LEFT), name.get_corner(edge + RIGHT)) for name in names for edge in (UP, DOWN)]
        through = [np.linspace(left[:2], right[:2], 41) for left, right in ends]
        points = np.concatenate([self._taken, *through])
        half = np.array([width, height]) / 2 + 0.1
        if centre[1] - half[1] < _BOTTOM:  # on the level axis and its numbers
            return len(points)
        return _within(points, centre, half)

    def lens_labels(self, row: int, notation: Notation) -> VGroup:
        """How many times larger the lens shows the graph, in the corner that is free; and the nudge of a row."""
        zoom, name = 1 / self.measured[row].by.value, self._lens_nudge(row, notation)
        words = Prose(f"{round(zoom):,} times larger", font_size=theme.tick_size, color=theme.secondary)
        view, half = self.lens.view, np.array([words.width, words.height]) / 2 + 0.1
        lines = (view.curve, view.tangent, view.run, view.rise)
        ends = [(name.get_corner(edge + LEFT)[:2], name.get_corner(edge + RIGHT)[:2]) for edge in (UP, DOWN)]
        edges = [np.linspace(left, right, 21) for left, right in ends]
        points = np.concatenate([*(_along(line, 41) for line in lines), *edges])

        def hidden(corner: np.ndarray) -> int:
            return _within(points, words.move_to(self._in_corner(corner), aligned_edge=corner).get_center(), half)

        corner = min((DOWN + LEFT, UP + LEFT, DOWN + RIGHT, UP + RIGHT), key=hidden)
        if hidden(corner):  # A steep curve leaves none: above the lens.
            return VGroup(words.next_to(self.lens.border, UP, buff=0.12, aligned_edge=RIGHT), name)
        return VGroup(words.move_to(self._in_corner(corner), aligned_edge=corner), name)

    def _in_corner(self, corner: np.ndarray) -> np.ndarray:
        place: np.ndarray = self.lens.border.get_corner(corner) - 0.15 * corner
        return place

    def _lens_nudge(self, row: int, notation: Notation) -> Formula:
        """The nudge of a row, beside its leg in the lens."""
        relation = Relation((Change(notation.symbol(self.q.w)), self.measured[row].by), ("=",))
        name, view = Formula(relation, font_size=30.72), self.lens.view
        half, lines = np.array([name.width, name.height]) / 2 + 0.1, (view.curve, view.tangent, view.rise)
        points = np.concatenate([_along(line, 81) for line in lines])
        sides = (UP, DOWN) if self.falls else (DOWN, UP)
        places = [_clear_of_the_point(name.copy().next_to(view.run, side, buff=0.14), view.dot) for side in sides]
        further = [one.copy().shift(off * side) for off in (0.2, 0.4) for one, side in zip(places, sides, strict=True)]
        low, high = (self.lens.border.get_edge_center(side)[1] for side in (DOWN, UP))
        places += [one for one in further if low + 0.1 < one.get_bottom()[1] and one.get_top()[1] < high - 0.1]
        return min(places, key=lambda place: _within(points, place.get_center(), half))

    @property
    def axes(self) -> list[Mobject]:
        """The lines of both axes, and their names."""
        return [self.plane.x.line, self.plane.y.line, *self.names]

    @property
    def drawn(self) -> list[Mobject]:
        """What is on the screen besides the axes' lines and names when the nudge has shrunk to nothing."""
        marks = [part for axis in (self.plane.x, self.plane.y) for part in (axis.ticks, axis.labels)]
        secant = self.secant
        return [*marks, secant.tangent, secant.curve, secant.dot, self.lens, self.table, self.rules, self.derivative]

    def rider(self, value: float) -> AxisDot:
        """A dot on the level axis that follows the weight."""
        return _Rider(self.plane.x, value, self.q.w)

    def laid_down(self, gauges: NeuronGauges) -> Compose:
        """The number line of the weight goes down and is the level axis; both names go to the ends of their axes."""
        line, dot, _, _, *old_names = gauges.ends
        new = VGroup(self.plane.x, *self.names, self.riders[0])
        moves, veiled = [(line, self.plane.x.line), (dot, self.riders[0])], zip(old_names, self.names, strict=True)
        return Compose(new, moves, veiled=list(veiled), old=VGroup(line, dot, *old_names), run_time=1.3)

    def slid(self, gauges: NeuronGauges) -> Animation:
        """The number line of the cost slides to the left end of the level axis."""
        line, dot = gauges.ends[2:4]
        aside = (self.plane.x.line.get_left()[0] - line.get_left()[0]) * RIGHT
        return VGroup(line, dot).animate(run_time=0.7).shift(aside)

    def stood_up(self, gauges: NeuronGauges) -> Compose:
        """It stands up at its left end: the upright axis."""
        line, dot = gauges.ends[2:4]
        moves = [(line, self.plane.y.line), (dot, self.riders[1])]
        new = VGroup(self.plane.y, self.riders[1])
        return Compose(new, moves, old=VGroup(line, dot), path_arc=PI / 2, run_time=1.2)

    def met(self) -> Compose:
        """From both axes the dots go to the point."""
        return Compose(self.secant.dot, [(dot, self.secant.dot) for dot in self.riders], old=self.riders, run_time=1.0)

    @property
    def words(self) -> str:
        """Whether the ratios settle, as the narration says it."""
        if all(one.value.shown == self.measured[0].value.shown for one in self.measured):
            return "However small the nudge, the ratio is the same."
        if self.settled:
            return "The smaller the nudge, the steadier the ratio."
        return "It has not settled yet: here it takes still smaller nudges."

    @property
    def settled(self) -> bool:
        """Whether the ratios come closer to the derivative from row to row, and in the end to within a hundredth."""
        limit = self.limit.value
        off = [abs(one.value.value - limit) for one in self.measured]
        return all(b < a for a, b in pairwise(off)) and off[-1] <= 0.01 * abs(limit)


class _Rider(AxisDot):
    """A dot on an axis that follows a quantity."""

    def __init__(self, axis: Axis, value: float, quantity: Quantity) -> None:
        super().__init__(axis, value, color=theme.colour(quantity))
        self._quantity = quantity

    def show(self, trace: Trace) -> Self:
        """Move to the quantity's value in ``trace``."""
        return self.at(trace.value(self._quantity))


def _along(path: VMobject, count: int) -> np.ndarray:
    """So many points (x, y) of a path of straight pieces, at equal distances."""
    corners = np.concatenate([path.points[:1, :2], path.points[3::4, :2]])
    lengths = np.append(0.0, np.cumsum(np.linalg.norm(np.diff(corners, axis=0), axis=1)))
    places = np.linspace(0.0, lengths[-1], count)
    return np.column_stack([np.interp(places, lengths, side) for side in corners.T])


def _within(points: np.ndarray, centre: np.ndarray, half: np.ndarray) -> int:
    """How many of the points lie within a rectangle of half this width and height."""
    return int(np.count_nonzero(np.all(np.abs(points - centre[:2]) < half, axis=1)))


def _clear_of_the_point(name: Formula, dot: Dot) -> Formula:
    """A leg's name begins behind the point, where the curve is not."""
    return name.shift(max(0.0, dot.get_right()[0] + 0.06 - name.get_left()[0]) * RIGHT)


def round_marks(span: tuple[float, float]) -> list[float]:
    """Round values from one end to the other, about four steps of them."""
    width = span[1] - span[0]
    power = 10.0 ** math.floor(math.log10(width / 3))
    step = next(power * part for part in (1, 2, 5, 10) if width / (power * part) <= 4.5)
    first, last = math.ceil(span[0] / step - 1e-9), math.floor(span[1] / step + 1e-9)
    return [float(f"{number * step:.12g}") for number in range(first, last + 1)]
