"""`TangentPlot`: the graph of an activation function, with a dot at a neuron's z and the tangent there.

In a scene::

    plot = TangentPlot(trace, notation, WeightedSum(3, 0), example.network.activation[-1])
    self.play(Create(plot.curve))
    self.play(ChangeQuantity(example, Bias(3, 0), -0.2, 2.0, [plot]))
"""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Animation, Line, ShowPassingFlash, VGroup

from backprop_math import Activation, ActivationFunction, Change, Notation, Trace, WeightedSum

from .axis import Axis, AxisDot, Plane
from .formula import Formula
from .open_path import OpenPath
from .readout import Readout, ReadoutSign
from .theme import theme

__all__ = ["TangentPlot"]

_BAR = 9.0


class TangentPlot(VGroup):
    """a over z for one neuron: ``curve``, ``dot``, and ``tangent``, with its slope written beside the plot.

    A nudge of 1 comes in on the z axis, ``nudge``, and goes along the tangent to the a axis: ``change``.
    ``show(trace)`` moves it all; at an end of the z axis that z lies beyond, the dot becomes an arrowhead. ``plane``
    are the axes: ``span`` are the ends of z, a takes its own.
    """

    def __init__(
        self,
        trace: Trace,
        notation: Notation,
        quantity: WeightedSum,
        function: ActivationFunction,
        *,
        span: tuple[float, float] = (-5.0, 5.0),
        width: float = 5.2,
        height: float = 3.0,
    ) -> None:
        super().__init__()
        self.function, self.quantity = function, quantity
        samples = np.linspace(*span, 161)
        values = np.asarray(function.f(samples), dtype=float)
        low, high = min(0.0, float(values.min())), float(values.max())
        high = high if high > low else low + 1.0
        a, top = Activation(quantity.layer, quantity.j), high + 0.08 * (high - low)
        numbers = [0.0] * (low < 0) + [float(round(high))] * (round(high) != 0)
        self.plane = Plane(
            Axis(span, length=width, ticks=(), labels=(span[0], 0.0, span[1]), buff=0.14),
            Axis(
                (low, top),
                length=(top - low) / (high - low) * height,
                vertical=True,
                ticks=(),
                labels=numbers,
                buff=0.16,
            ),
        )
        self.plane.shift(-self.plane.y.point(low + (high - low) / 2)[1] * UP)
        points = [self.plane.point(z, a) for z, a in zip(samples, values, strict=True)]
        self.curve = OpenPath(points, stroke_color=theme.ink, stroke_width=4)
        z_name = Formula(notation.symbol(quantity), font_size=44.16)
        # Above the end of its axis: beside the last number it would be read as a factor of it.
        z_name.next_to(self.plane.x.line.get_end(), UP + RIGHT, buff=0.12)
        a_name = Formula(notation.symbol(a), font_size=44.16).next_to(self.plane.y.line, UP, buff=0.14)
        self.names = VGroup(z_name, a_name)
        self.tangent = Line(LEFT, RIGHT, stroke_width=5, color=theme.highlight)
        self.guides = VGroup(*(Line(LEFT, RIGHT, stroke_width=1.8, color=theme.arrow) for _ in range(4)))
        self.nudge = Line(LEFT, RIGHT, stroke_width=_BAR, color=theme.colour(quantity))
        self.change = Line(DOWN, UP, stroke_width=_BAR, color=theme.colour(a))
        self.nudge_name, self.change_name = (
            Formula(Change(notation.symbol(q)), font_size=40.32) for q in (quantity, a)
        )
        self.dot = AxisDot(self.plane.x, trace.value(quantity), radius=0.1, color=theme.colour(quantity))
        slope = Formula(notation.slope(a), font_size=44.16)
        self.readout = Readout(trace, font_size=44.16, color=theme.highlight, ask=self._slope)
        # The last digit keeps its place: room for the widest number before it.
        slopes = np.asarray(function.df(samples), dtype=float)
        widest = max(Readout(float(end), font_size=44.16).width for end in (slopes.min(), slopes.max()))
        # Beside the plot it keeps its place, and nothing that moves crosses it.
        self.sign = ReadoutSign(self.readout, font_size=44.16)
        self.readout.next_to(self.sign, RIGHT, buff=0.16 + max(0.0, widest - self.readout.width))
        value = VGroup(self.sign, self.readout).next_to(slope, DOWN, buff=0.26, aligned_edge=LEFT)
        self.label = VGroup(slope, value)
        # High enough not to be read together with the name of the z axis.
        right, top = self.plane.x.line.get_right()[0], self.plane.y.line.get_top()[1]
        self.label.move_to([right + 0.3, top - 0.15, 0], aligned_edge=UP + LEFT)
        self.add(self.plane, self.names, self.guides, self.curve, self.tangent, self.nudge, self.change, self.dot)
        self.add(self.nudge_name, self.change_name, self.label)
        self.show(trace)

    def _slope(self, trace: Trace) -> float:
        return float(self.function.df(np.array(trace.value(self.quantity))))

    def show(self, trace: Trace) -> Self:
        """Move the dot to z in ``trace``, and all that hangs on it."""
        exact = trace.value(self.quantity)
        place, size = self.plane.point, self.plane.x.size
        z, (left, right) = float(np.clip(exact, *self.plane.x.span)), self.plane.x.span
        ground, top = self.plane.y.span
        a, slope = float(self.function.f(np.array(z))), self._slope(trace)
        point = place(z, a)
        along = place(z + 1.0, a + slope) - point
        along = 1.1 * size * along / np.linalg.norm(along)
        self.dot.at(exact, point)
        # At an end that z lies beyond, only inwards.
        start, end = point - (self.dot.beyond >= 0) * along, point + (self.dot.beyond <= 0) * along
        self.tangent.put_start_and_end_on(start, end)
        z_ends = [min(max(z + half, left), right) for half in (-0.5, 0.5)]
        ends = [(z_end, a + (z_end - z) * slope) for z_end in z_ends]
        for (z_end, a_end), upright, level in zip(ends, self.guides[:2], self.guides[2:], strict=True):
            corner = place(z_end, min(max(a_end, ground), top))
            _stretch(upright, place(z_end, ground), corner)
            _stretch(level, np.array([place(left, a_end)[0], corner[1], 0.0]), corner)
        _stretch(self.nudge, *(place(z_end, ground) for z_end, _ in ends))
        _stretch(self.change, *(place(left, a_end) for _, a_end in ends))
        if marks := self.plane.x.labels:  # below the axis, the bar would go through its first number
            below = float(self.change.get_bottom()[1]) < self.plane.x.line.get_y() - 0.02 * size
            marks[0].set_fill(opacity=0.0 if below and marks[0].get_x() < place(left, 0.0)[0] + 0.3 * size else 1.0)
        self.nudge_name.next_to(self.nudge, DOWN, buff=0.5 * size)
        self.change_name.next_to(self.change, LEFT, buff=0.5 * size)
        if numbers := self.plane.y.labels:  # a number and what follows it would be read as a product
            beside = numbers.get_left()[0] - 0.12 * size - self.change_name.get_right()[0]
            self.change_name.shift(min(0.0, beside) * RIGHT)
            for number in numbers:  # beside the name, it would be read as what follows it
                apart = abs(number.get_y() - self.change_name.get_y()) / size
                number.set_fill(opacity=float(apart > 0.475))
        name = self.change_name
        beside = start[0] < name.get_right()[0] + 0.1 * size
        if beside and abs(start[1] - name.get_y()) < name.height / 2 + 0.1 * size:  # a flat one reaches so far
            name.shift((start[1] + 0.12 * size - name.get_bottom()[1]) * UP)
        self.readout.show(trace)
        self.sign.show(self.readout)
        return self

    def light(self) -> list[Animation]:
        """Light that comes through: from the nudge up to the curve, and along to what it changes."""
        flashes: list[Animation] = []
        for upright, level in zip(self.guides[:2], self.guides[2:], strict=True):
            way = [upright.get_start(), upright.get_end(), level.get_start()]
            path = OpenPath(way, stroke_color=theme.highlight, stroke_width=5)
            flashes.append(ShowPassingFlash(path, time_width=0.5))
        return flashes


def _stretch(line: Line, start: np.ndarray, end: np.ndarray) -> None:
    """Put a line's ends there, even where they meet."""
    shown = float(np.linalg.norm(end - start)) > 1e-3
    line.put_start_and_end_on(start, end if shown else start + 1e-3 * UP)
