"""`TangentPlot`: the graph of an activation function, with a dot at a neuron's z and the tangent there.

In a scene::

    plot = TangentPlot(example.network.activation[-1], WeightedSum(3, 0), trace, notation)
    self.play(Create(plot.curve))
    self.play(Sweep(example, Bias(3, 0), -0.2, 2.0, [plot]))
"""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Dot, Line, VGroup, VMobject

from backprop_math import ActivationFunction, Notation
from backprop_math.expression import Number
from backprop_math.quantities import Activation, WeightedSum
from backprop_math.rounding import fewest_decimals

from .formula import Formula
from .readout import Trace
from .theme import theme

__all__ = ["TangentPlot"]


class TangentPlot(VGroup):
    """a over z for one neuron: ``curve``, ``dot``, ``tangent``, and dashed-free guides to both axes.

    ``show(trace)`` moves dot and tangent. ``span`` are the ends of the z axis; the a axis takes its own.
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
        self.frame = VGroup(
            Line(self._place(span[0], 0.0), self._place(span[1], 0.0), stroke_width=2, color=theme.line),
            Line(self._place(0.0, self._a[0]), self._place(0.0, 1.08 * self._a[1]), stroke_width=2, color=theme.line),
        )
        self.curve = VMobject(stroke_color=theme.ink, stroke_width=3.5)
        self.curve.set_points_as_corners(np.array([self._place(z, a) for z, a in zip(samples, values, strict=True)]))
        z_name = Formula(notation.symbol(quantity), 0.4).next_to(self._place(span[1], 0.0), DOWN, buff=0.16)
        a_name = Formula(notation.symbol(Activation(quantity.layer, quantity.j)), 0.4)
        a_name.next_to(self._place(0.0, 1.08 * self._a[1]), LEFT, buff=0.18)
        ends = VGroup(*(self._end(z) for z in (span[0], 0.0)))
        top = round(self._a[1])
        if top:
            ends.add(self._number(top).next_to(self._place(0.0, top), RIGHT, buff=0.14).shift(0.16 * DOWN))
        self.names = VGroup(z_name, a_name, ends)
        self.tangent = Line(LEFT, RIGHT, stroke_width=4, color=theme.highlight)
        self.drop = Line(DOWN, UP, stroke_width=2, color=theme.roles[WeightedSum])
        self.dot = Dot(radius=0.09, color=theme.roles[WeightedSum])
        self.add(self.frame, self.names, self.curve, self.drop, self.tangent, self.dot)
        self.show(trace)

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
        """Move the dot to z in ``trace`` (at the end of the axis if beyond), and the tangent with it."""
        z = float(np.clip(trace.value(self.quantity), *self._z))
        a, slope = float(self.function.f(np.array(z))), float(self.function.df(np.array(z)))
        point = self._place(z, a)
        along = self._place(z + 1.0, a + slope) - point
        along = 1.1 * self._scale() * along / np.linalg.norm(along)
        self.tangent.put_start_and_end_on(point - along, point + along)
        self.drop.put_start_and_end_on(self._place(z, 0.0), point if abs(a) > 1e-3 else point + 1e-3 * UP)
        self.dot.move_to(point)
        return self
