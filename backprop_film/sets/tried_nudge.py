"""`TriedNudge`: what the derivative predicts of a nudge, on the tangent, and what happens, on the curve of the cost.

In a scene::

    nudge = Nudge(example, LayerQuantities(3).w, 0.1)
    line = PredictedChange(nudge, notation, Cost(), Number(trace.derivative(nudge.quantity), 4))
    tried = TriedNudge(nudge, line, notation)
    self.add(tried)
    self.play(Create(tried.run), FadeIn(tried.by, tried.predicted))
    self.play(*tried.predict())
    self.play(ChangeQuantity(example, nudge.quantity, 1.8, 1.9, [tried]))
    self.play(FadeIn(tried.lens))
"""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Animation, Circle, Create, Dot, Line, Mobject, Rectangle, VGroup

from backprop_math import Change, Notation, Nudge, Number, Relation, Trace

from ..kit.axis import Axis, Plane
from ..kit.clipping import clipped
from ..kit.extents import boundary, near
from ..kit.formula import Formula
from ..kit.open_path import OpenPath
from ..kit.secant import Secant
from ..kit.texts import Prose
from ..kit.theme import theme
from .cost_curve import costs_over_last_weight, round_marks
from .predicted_change import PredictedChange
from .single_neurons import LayerQuantities

__all__ = ["TriedNudge"]

_LEFT, _RIGHT, _BOTTOM, _TOP = -0.95, 3.55, -1.28, 1.78
#: The nudge is so long, and what becomes of it so high; the start is so far from the upright axis and from the end.
_LONG, _HIGH, _FROM_AXIS, _FROM_END = 2.35, 1.85, 0.4, 0.58
_LENS_LEFT, _LENS_WIDE, _LENS_HIGH = 2.2, 2.35, 1.55
#: In the lens the gap is at most so high.
_GAP = 0.6
_BRACKET = 0.55  # how far it is from the dots
_ZOOMS = (5, 10, 20, 50, 100, 200, 500, 1000)
_WIDEST = 0.85  # of a number at an axis


class _Graph(Secant):
    """As a `Secant`, its tangent as long as there is room."""

    reach = 12.0


class TriedNudge(VGroup):
    """The cost over the weight near our point, with the tangent there; a dot on the curve that moves.

    Not added: ``run`` and ``by``, the nudge and its name; ``fall`` and ``predicted``, how far the cost should go, and a
    hollow dot on the tangent with its ``label``; ``lens``, a close-up of the hollow dot and of the filled one, where it
    takes one to see that they differ, with its links; and ``gap``, what lies between them and how much that is.
    """

    def __init__(self, nudge: Nudge, line: PredictedChange, notation: Notation) -> None:
        q = LayerQuantities(nudge.example.network.L)
        start, cost, slope = nudge.before.value(q.w), nudge.before.value(q.cost), nudge.before.derivative(q.w)
        self.ends = cost + slope * nudge.by, cost + nudge.change(q.cost)
        moves = (0.0, self.ends[0] - cost, self.ends[1] - cost)
        self.falls = sum(moves) <= 0
        across, height = _LONG / abs(nudge.by), max(moves) - min(moves)
        up = _HIGH / height if height > 1e-12 * abs(cost) else 1.0 / (abs(cost) or 1.0)
        level = start - _FROM_AXIS / across, start + (_RIGHT - _LEFT - _FROM_AXIS) / across
        if self.falls:
            high = cost + max(moves) + _FROM_END / up
            upright = high - (_TOP - _BOTTOM) / up, high
        else:
            low = cost + min(moves) - _FROM_END / up
            upright = low, low + (_TOP - _BOTTOM) / up
        self.plane = plane = Plane(
            _axis(level, _RIGHT - _LEFT, vertical=False), _axis(upright, _TOP - _BOTTOM, vertical=True)
        )
        plane.shift(np.array([_LEFT, _BOTTOM, 0.0]) - plane.x.line.get_start())
        self.names = VGroup(
            Formula(notation.symbol(q.w), font_size=38).next_to(plane.x.line, RIGHT, buff=0.12),
            Formula(notation.symbol(q.cost), font_size=38).next_to(plane.y.line, UP, buff=0.1),
        )
        if len(plane.x.labels):  # the last number may reach beyond the end of the line
            beside = plane.x.labels.get_right()[0] + 0.12 - self.names[0].get_left()[0]
            self.names[0].shift(max(0.0, beside) * RIGHT)
        colors = theme.colour(q.w), theme.colour(q.cost)

        def costs(weights: np.ndarray) -> np.ndarray:
            return costs_over_last_weight(nudge.example, weights)

        self.graph = graph = _Graph(plane, costs, at=start, slope=slope, by=nudge.by, colors=colors)
        self.ring, self.dot = graph.ring.move_to(graph.origin), graph.dot
        self.dot.scale(0.65)
        self.run = graph.run
        here, there = (plane.point(start + nudge.by, end) for end in self.ends)
        self.fall = Line(self.run.get_end(), here if abs(self.ends[0] - cost) * up > 1e-3 else here + 1e-3 * UP)
        self.fall.set_stroke(theme.highlight, 4.5)
        self._place = here
        self.predicted = Circle(0.13, color=theme.highlight, stroke_width=3).move_to(graph.origin)
        self.label = Prose("predicted", font_size=theme.tick_size, color=theme.highlight)
        away = DOWN if self.falls else UP
        self.by = Formula(Relation((Change(notation.symbol(q.w)), line.by), ("=",)), font_size=32.64)
        drawn = np.concatenate([boundary(graph.curve), plane.y.line.points])
        places = [
            self.by.copy().next_to(self.run, -away, buff=buff).shift(aside * RIGHT)
            for buff in (0.14, 0.5, 0.9)
            for aside in (0.0, -0.3, 0.3, -0.6)
        ]
        self.by.move_to(next((one for one in places if not near(one, drawn, 0.05)), places[0]))
        self._label(here, away)
        self._weight, self._cost = q.w, q.cost
        self.lens, self.gap = VGroup(), VGroup()
        corner = np.array([_LENS_LEFT, _TOP - 0.42 - _LENS_HIGH if self.falls else _BOTTOM + 0.62, 0.0])
        if line.off.value:
            apart = abs(self.ends[1] - self.ends[0]) * up
            zoom = max((zoom for zoom in _ZOOMS if zoom * apart <= _GAP), default=1)
            if 1 < zoom < _ZOOMS[-1]:
                self.lens = self._lens(corner, zoom, (here + there) / 2)
                hollow, filled = self.lens[-3:-1]
                self.gap = _gap(hollow, filled, line.off, room=corner[0] + _LENS_WIDE - 0.1)
            else:
                self.gap = VGroup(Prose(f"off by {line.off.text()}", font_size=theme.tick_size))
                self.gap.next_to(corner + (_LENS_HIGH * UP if self.falls else 0.0), -away + RIGHT, buff=0)
                self.gap.shift(-0.14 * away)
                if near(self.gap, drawn, 0.05):
                    self.gap.next_to(graph.curve, RIGHT, buff=0.12, coor_mask=np.array([1, 0, 0]))
        super().__init__(plane, self.names, graph.tangent, graph.curve, self.ring, self.dot)

    def _label(self, here: np.ndarray, away: np.ndarray) -> None:
        """The label at the left of the dot, nearer or farther, above or below: where no line runs."""
        lines = [self.run, self.fall, self.graph.tangent, self.plane.x.line, self.plane.y.line]
        along = [line.point_from_proportion(part) for line in lines for part in np.linspace(0.0, 1.0, 60)]
        taken = np.concatenate([along, boundary(VGroup(self.graph.curve, self.by, self.ring))])
        places = [
            self.label.copy().next_to(here, LEFT, buff=buff).shift(up * away)
            for up in (0.26, 0.5, 0.75, 1.0, -0.3, -0.6)
            for buff in (0.32, 0.15, 0.6)
        ]
        self.label.move_to(next((one for one in places if not near(one, taken, 0.05)), places[0]))

    def predict(self) -> list[Animation]:
        """The hollow dot goes down the tangent as far as the weight is nudged, and the height of that is drawn."""
        return [Create(self.fall), self.predicted.animate.move_to(self._place)]

    def show(self, trace: Trace) -> Self:
        """Move the dot on the curve."""
        self.dot.move_to(self.plane.point(trace.value(self._weight), trace.value(self._cost)))
        return self

    def _lens(self, corner: np.ndarray, zoom: int, middle: np.ndarray) -> VGroup:
        """The tangent with the hollow dot and the curve with the filled one, so many times larger."""
        size = np.array([_LENS_WIDE, _LENS_HIGH, 0.0])
        box = np.concatenate([corner[:2], (corner + size)[:2]])
        anchor = corner + size * [0.22, 0.36 if self.falls else 0.64, 0.0]
        end = self.graph.x + self.graph.by

        def enlarged(x: float, y: float) -> np.ndarray:
            place: np.ndarray = anchor + zoom * (self.plane.point(x, y) - middle)
            return place

        half = _LENS_WIDE / zoom / self.graph.across
        xs = np.linspace(end - half, end + half, 241)
        tangent = [self.ends[0] + (x - end) * self.graph.slope for x in (xs[0], xs[-1])]
        curve = np.array([enlarged(x, y) for x, y in zip(xs, self.graph.f(xs), strict=True)])
        inside = np.all((curve[:, :2] >= box[:2]) & (curve[:, :2] <= box[2:]), axis=1)
        middle_of = len(xs) // 2
        first = middle_of - int(np.argmin(np.append(inside[middle_of::-1], False))) + 1
        last = middle_of + int(np.argmin(np.append(inside[middle_of:], False)))
        border = Rectangle(width=size[0], height=size[1], stroke_width=2.5, stroke_color=theme.ink)
        border.set_fill(theme.surface, 1).move_to(corner + size / 2)
        frame = Rectangle(width=max(0.1, size[0] / zoom), height=max(0.07, size[1] / zoom), stroke_width=2)
        frame.set_stroke(theme.ink).move_to(middle)
        towards = DOWN if self.falls else UP
        links = VGroup(
            *(
                Line(frame.get_corner(-towards + side), border.get_corner(towards + side))
                for side in (LEFT, RIGHT)
            )
        ).set_stroke(theme.arrow, 1.5)  # fmt: skip
        line = Line(*clipped(enlarged(xs[0], tangent[0]), enlarged(xs[-1], tangent[1]), box), stroke_width=3.5)
        path = OpenPath(curve[first:last], stroke_color=theme.colour(self._cost), stroke_width=4.5)
        hollow = Circle(0.09, color=theme.highlight, stroke_width=3).set_fill(theme.surface, 1)
        filled = Dot(enlarged(end, self.ends[1]), radius=0.08, color=theme.colour(self._cost))
        note = Prose(f"{zoom} times larger", font_size=theme.tick_size, color=theme.secondary)
        note.move_to(border.get_corner(-towards + RIGHT) + 0.12 * LEFT + 0.1 * towards, aligned_edge=-towards + RIGHT)
        parts = [line.set_color(theme.highlight), path, hollow.move_to(enlarged(end, self.ends[0])), filled, note]
        return VGroup(links, frame, border, *parts)


def _gap(hollow: Mobject, filled: Mobject, off: Number, *, room: float) -> VGroup:
    """A bracket at the right of both dots, where neither line runs, from one to the other, and how much it is.

    Without that, where a long number has no room.
    """
    start, end = (dot.get_right() + 0.05 * RIGHT for dot in (hollow, filled))
    x = max(start[0], end[0]) + _BRACKET
    corners = [start, [x, start[1], 0], [x, end[1], 0], end]
    figure = (
        Prose(off.text(), font_size=theme.tick_size)
        .fit(room - x - 0.1)
        .next_to([x, (start[1] + end[1]) / 2, 0], RIGHT, buff=0.1)
    )
    fits = figure.get_right()[0] <= room
    return VGroup(OpenPath(corners, stroke_color=theme.ink, stroke_width=2.5), *([figure] if fits else []))


def _axis(span: tuple[float, float], length: float, *, vertical: bool) -> Axis:
    """With a few round numbers, unless they are long."""
    marks = round_marks(span)
    if vertical:  # not in the corner
        marks = [mark for mark in marks if mark > span[0] + 0.06 * (span[1] - span[0])]
    axis = Axis(span, length=length, vertical=vertical, ticks=marks, labels=marks)
    if max((label.width for label in axis.labels), default=0.0) > _WIDEST:
        axis = Axis(span, length=length, vertical=vertical, ticks=marks, labels=())
    return axis
