"""`TangentPlot`: the graph of an activation function, with a dot at a neuron's z and the tangent there.

In a scene::

    plot = TangentPlot(example.network.activation[-1], WeightedSum(3, 0), trace, notation)
    self.play(Create(plot.curve))
    self.play(ChangeQuantity(example, Bias(3, 0), -0.2, 2.0, [plot]))
"""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Dot, Line, VGroup, VMobject

from backprop_math import ActivationFunction, Notation, Trace
from backprop_math.formula import Number, Partial, fewest_decimals
from backprop_math.quantities import Activation, WeightedSum

from .formula import Formula
from .readout import Readout
from .theme import theme

__all__ = ["TangentPlot"]

_BAR = 9.0


class TangentPlot(VGroup):
    """a over z for one neuron: ``curve``, ``dot``, and ``tangent`` with its slope written beside it.

    A nudge of 1 comes in on the z axis, ``nudge``, and goes along the tangent to the a axis: ``change``.
    ``show(trace)`` moves it all. ``span`` are the ends of the z axis; the a axis takes its own.
    """

    def __init__(
        self,
        function: ActivationFunction,
        quantity: WeightedSum,
        trace: Trace,
        notation: Notation,
        *,
        span: tuple[float, float] = (-5.0, 5.0),
        width: float = 5.2,
        height: float = 3.0,
    ) -> None:
        super().__init__()
        self.function, self.quantity = function, quantity
        self._z = span
        samples = np.linspace(*span, 161)
        values = np.asarray(function.f(samples), dtype=float)
        self._a = (min(0.0, float(values.min())), float(values.max()))
        self._width, self._height = width, height
        a = Activation(quantity.layer, quantity.j)
        left, top = span[0], 1.08 * self._a[1]
        self.frame = VGroup(
            Line(self._place(span[0], 0.0), self._place(span[1], 0.0), stroke_width=2.5, color=theme.line),
            Line(self._place(left, self._a[0]), self._place(left, top), stroke_width=2.5, color=theme.line),
        )
        self.curve = VMobject(stroke_color=theme.ink, stroke_width=4)
        self.curve.set_points_as_corners(np.array([self._place(z, a) for z, a in zip(samples, values, strict=True)]))
        z_name = Formula(notation.symbol(quantity), 0.46).next_to(self._place(span[1], 0.0), RIGHT, buff=0.2)
        a_name = Formula(notation.symbol(a), 0.46).next_to(self._place(left, top), UP, buff=0.14)
        ends = VGroup(*(self._end(z) for z in (span[0], 0.0, span[1])))
        if top := round(self._a[1]):
            ends.add(self._number(top).next_to(self._place(left, top), LEFT, buff=0.16))
        self.names = VGroup(z_name, a_name, ends)
        self.tangent = Line(LEFT, RIGHT, stroke_width=5, color=theme.highlight)
        self.guides = VGroup(*(Line(LEFT, RIGHT, stroke_width=1.8, color=theme.arrow) for _ in range(4)))
        self.nudge = Line(LEFT, RIGHT, stroke_width=_BAR, color=theme.colour(quantity))
        self.change = Line(DOWN, UP, stroke_width=_BAR, color=theme.colour(a))
        self.nudge_name, self.change_name = (Formula(Partial(notation.symbol(q)), 0.42) for q in (quantity, a))
        self.dot = Dot(radius=0.1, color=theme.colour(quantity))
        slope = Formula(notation.slope(a), 0.46)
        self.readout = Readout(None, trace, size=0.46, colour=theme.highlight, ask=self._slope)
        self.label = VGroup(slope, self.readout.next_to(slope, RIGHT, buff=0.3).on_baseline(slope.baseline))
        self.add(self.frame, self.names, self.guides, self.curve, self.tangent, self.nudge, self.change, self.dot)
        self.add(self.nudge_name, self.change_name, self.label)
        self.show(trace)

    def _slope(self, trace: Trace) -> float:
        return float(self.function.df(np.array(trace.value(self.quantity))))

    def _number(self, value: float) -> Formula:
        return Formula(Number(value, fewest_decimals(value, 0, 3)), theme.tick_size, theme.secondary, plain=True)

    def _end(self, z: float) -> Formula:
        return self._number(z).next_to(self._place(z, 0.0), DOWN, buff=0.14)

    def _place(self, z: float, a: float) -> np.ndarray:
        """Where a point of the graph lies; measured on the z axis, once there is one."""
        low, high = self._z
        x = (z - low) / (high - low) * self._width
        y = (a - self._a[0]) / (self._a[1] - self._a[0]) * self._height
        if not hasattr(self, "frame"):
            return np.array([x - self._width / 2, y - self._height / 2, 0.0])
        zero = -self._a[0] / (self._a[1] - self._a[0]) * self._height
        place: np.ndarray = self.frame[0].get_start() + self._scale() * np.array([x, y - zero, 0.0])
        return place

    def _scale(self) -> float:
        """How much larger the plot is now than it was made."""
        return float(self.frame[0].get_length() / self._width)

    def show(self, trace: Trace) -> Self:
        """Move the dot to z in ``trace`` (at the end of the axis if beyond), and all that hangs on it."""
        z = float(np.clip(trace.value(self.quantity), *self._z))
        a, slope = float(self.function.f(np.array(z))), float(self.function.df(np.array(z)))
        point, size, left = self._place(z, a), self._scale(), self._z[0]
        along = self._place(z + 1.0, a + slope) - point
        along = 1.1 * size * along / np.linalg.norm(along)
        self.tangent.put_start_and_end_on(point - along, point + along)
        self.dot.move_to(point)
        ends = [(max(z + half, left), a + half * slope) for half in (-0.5, 0.5)]
        for (z_end, a_end), upright, level in zip(ends, self.guides[:2], self.guides[2:], strict=True):
            corner = self._place(z_end, a_end)
            _stretch(upright, self._place(z_end, 0.0), corner)
            _stretch(level, self._place(left, a_end), corner)
        _stretch(self.nudge, *(self._place(z_end, 0.0) for z_end, _ in ends))
        _stretch(self.change, *(self._place(left, a_end) for _, a_end in ends))
        self.nudge_name.next_to(self.nudge, DOWN, buff=0.5 * size)
        self.change_name.next_to(self.change, LEFT, buff=0.5 * size)
        self.readout.show(trace)
        # Above the guide that goes to the left, at the left of the tangent's upper end.
        rise = max(0.45, abs(slope) / 2 * self._height / (self._a[1] - self._a[0]) + 0.16) * size
        self.label.move_to(point + 0.1 * size * LEFT + rise * UP, aligned_edge=DOWN + RIGHT)
        inside = self._place(left, 0.0)[0] + 0.15 * size
        self.label.shift(max(0.0, inside - self.label.get_left()[0]) * RIGHT)
        return self


def _stretch(line: Line, start: np.ndarray, end: np.ndarray) -> None:
    """Put a line's ends there, even where they meet."""
    shown = float(np.linalg.norm(end - start)) > 1e-3
    line.put_start_and_end_on(start, end if shown else start + 1e-3 * UP)
