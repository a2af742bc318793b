"""`Axis`: Manim's `NumberLine` for values of any size, linear or logarithmic, its numbers typeset without LaTeX.

`AxisDot` is a dot on it, and `Plane` two of them with the places of points between.

In a scene::

    axis = Axis((1e-12, 1e-3), logarithmic=True, length=8)
    dot = AxisDot(axis, 4e-7, color=theme.highlight)
    self.play(Create(axis), FadeIn(dot))
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from manim import DOWN, LEFT, PI, Dot, LinearBase, NumberLine, VGroup

from backprop_math import Expression, Number, Product
from backprop_math.formula import Negative, Power, fewest_decimals

from .formula import Formula
from .theme import theme

__all__ = ["Axis", "AxisDot", "Plane"]

#: A value so near to an end, in parts of the line, is on the line.
_NEAR = 1e-9
#: So many numbers stand at a logarithmic axis.
_MOST_POWERS = 7


class Axis(VGroup):
    """A number line from ``span[0]`` to ``span[1]``, level, or upright if ``vertical``.

    ``ticks`` and ``labels`` are the values that have a tick and a number: unless given, the quarters and the ends, on
    a ``logarithmic`` axis powers of ten. The parts are ``line`` (a `NumberLine`), ``ticks`` and ``labels``; ``buff`` is
    the room between the line and its numbers. `ValueError` for a span that is empty, not finite, or on a logarithmic
    axis not positive.

    >>> axis = Axis((0.0, 2.0), length=4)
    >>> [float(x) for x in axis.point(1.5)], axis.beyond(2.5), float(axis.line.p2n(axis.point(7.0)))
    ([1.0, 0.0, 0.0], 1, 2.0)
    >>> [label.expression.text() for label in Axis((1e-12, 1e12), logarithmic=True).labels]
    ['10⁻¹²', '10⁻⁸', '10⁻⁴', '10⁰', '10⁴', '10⁸', '10¹²']
    """

    def __init__(
        self,
        span: tuple[float, float],
        *,
        logarithmic: bool = False,
        vertical: bool = False,
        length: float = 3.7,
        ticks: Sequence[float] | None = None,
        labels: Sequence[float] | None = None,
        tick_size: float = 0.07,
        buff: float = 0.18,
        font_size: float | None = None,
        color: str | None = None,
        stroke_width: float = 2.5,
    ) -> None:
        self.vertical, self.logarithmic = vertical, logarithmic
        self._buff, self._font_size, self._made = buff, font_size or theme.tick_size, length
        self.line = NumberLine(
            # Parts of the line: its ends are exact whatever their values, and can be changed.
            [0, 1, 1],
            length=length,
            include_ticks=False,
            tick_size=tick_size,
            rotation=PI / 2 if vertical else 0,
            scaling=_Scale(span, logarithmic=logarithmic),
            color=color or theme.line,
            stroke_width=stroke_width,
        )
        self.ticks, self.labels = self.new_ticks(ticks), self.new_labels(labels)
        super().__init__(self.line, self.ticks, self.labels)

    @property
    def span(self) -> tuple[float, float]:
        """The values at the ends; ticks and labels stay where they are when it is set."""
        span: tuple[float, float] = self.line.scaling.span
        return span

    @span.setter
    def span(self, span: tuple[float, float]) -> None:
        self.line.scaling = _Scale(span, logarithmic=self.logarithmic)

    @property
    def size(self) -> float:
        """How much longer the line is now than it was made."""
        return float(self.line.get_length() / self._made)

    @property
    def along(self) -> np.ndarray:
        """The direction of the line, of length 1; `get_unit_vector` of a `NumberLine` is as long as its unit."""
        along: np.ndarray = self.line.get_end() - self.line.get_start()
        return along / np.linalg.norm(along)

    def point(self, value: float) -> np.ndarray:
        """Where ``value`` lies; beyond an end, at that end."""
        point: np.ndarray = self.line.n2p(min(max(value, self.span[0]), self.span[1]))
        return point

    def beyond(self, value: float) -> int:
        """−1 for what lies before the line, 1 for what lies behind it, 0 for what is on it."""
        if self.logarithmic and value <= 0:
            return -1
        part = float(self.line.scaling.inverse_function(value))
        return (part > 1 + _NEAR) - (part < -_NEAR)

    def tick_values(self) -> list[float]:
        """Where ticks stand, unless told: the quarters, or powers of ten."""
        return _powers(self.span, 24) if self.logarithmic else [float(x) for x in np.linspace(*self.span, 5)]

    def new_ticks(self, values: Sequence[float] | None = None) -> VGroup:
        """Ticks at some values, or at `tick_values`; they are not added."""
        values = self.tick_values() if values is None else values
        ticks = VGroup(*(self.line.get_tick(value, self.line.tick_size * self.size) for value in values))
        return ticks.set_stroke(width=2)

    def new_labels(self, values: Sequence[float] | None = None) -> VGroup:
        """Numbers at some values, or at the ends or at powers of ten; they are not added."""
        if values is None:
            values = _powers(self.span, _MOST_POWERS - 1) if self.logarithmic else self.span
        return VGroup(*(self._label(value) for value in values))

    def _label(self, value: float) -> Formula:
        number = Formula(self._number(value), font_size=self._font_size * self.size, color=theme.secondary, plain=True)
        return number.next_to(self.point(value), LEFT if self.vertical else DOWN, buff=self._buff * self.size)

    def _number(self, value: float) -> Expression:
        """As a plain decimal, or with a power of ten where that would be long."""
        if self.logarithmic and math.isclose(value, 10.0 ** (exponent := round(math.log10(value)))):
            return Power(Number(10.0, 0), Number(exponent, 0))
        width = self.span[1] - self.span[0]
        # So many that the ends of a line that is looked at closely differ.
        decimals = fewest_decimals(value, 0, max(6, 1 - math.floor(math.log10(width))))
        if 1e-5 <= abs(value) < 1e7 or value == 0:
            return Number(value, decimals)
        mantissa, power_of_ten = (float(part) for part in f"{value:.3e}".split("e"))
        power = Power(Number(10.0, 0), Number(power_of_ten, 0))
        if abs(mantissa) == 1:
            return power if mantissa > 0 else Negative(power)
        return Product((Number(mantissa, fewest_decimals(mantissa, 0, 3)), power))


class AxisDot(Dot):
    """A dot on an axis, which becomes an arrowhead at the end that its value lies beyond.

    ``value`` is where it is; ``at`` moves it. ``place`` is the point where it is shown, if not on the line itself.

    >>> dot = AxisDot(Axis((0.0, 2.0), length=4), 1.5)
    >>> dot.beyond, dot.at(2.5).beyond, [float(x) for x in dot.tip.round(3)]
    (0, 1, [2.147, 0.0, 0.0])
    """

    def __init__(self, axis: Axis, value: float, *, radius: float = 0.105, color: str | None = None) -> None:
        super().__init__(radius=radius, color=color or theme.ink)
        self.beyond = 0
        self._axis = axis
        self._round: np.ndarray = self.points.copy()
        self.at(value)

    @property
    def tip(self) -> np.ndarray:
        """The outermost point in the direction in which the value lies."""
        along = (self.beyond or 1) * self._axis.along
        return max(self.points, key=lambda point: float(np.dot(point, along)))

    def at(self, value: float, place: np.ndarray | None = None) -> Self:
        """Move to a value."""
        self.value = value
        beyond = self._axis.beyond(value)
        if beyond or beyond != self.beyond:
            self.beyond = beyond
            self.points = self._round * self._axis.size
            if beyond:
                along = beyond * self._axis.along
                across = np.array([-along[1], along[0], 0.0])
                length, half = 1.4 * self.radius * self._axis.size, 1.3 * self.radius * self._axis.size
                self.set_points_as_corners([length * along, half * across, -half * across, length * along])
                return self.shift(self._axis.point(value) if place is None else place)
        return self.move_to(self._axis.point(value) if place is None else place)


class Plane(VGroup):
    """A level axis ``x``, and an upright one ``y``, which begins where the level one does.

    >>> plane = Plane(Axis((0.0, 4.0), length=4), Axis((-1.0, 1.0), length=2, vertical=True))
    >>> [float(x) for x in (plane.point(3.0, 0.5) - plane.point(0.0, 0.0)).round(9)]
    [3.0, 0.5, 0.0]
    """

    def __init__(self, x: Axis, y: Axis) -> None:
        self.x, self.y = x, y.shift(x.line.get_start() - y.line.get_start())
        super().__init__(x, y)

    def point(self, x: float, y: float) -> np.ndarray:
        """Where a point lies, beyond the axes too; what is not positive is at the start of a logarithmic one."""
        place: np.ndarray = self.x.line.n2p(x) + self.y.line.n2p(y) - self.y.line.get_start()
        return place


class _Scale(LinearBase):
    """From parts of a line, 0 at its start and 1 at its end, to values, and back."""

    def __init__(self, span: tuple[float, float], *, logarithmic: bool) -> None:
        super().__init__()
        low, high = (float(end) for end in span)
        kind = "a logarithmic axis" if logarithmic else "an axis"
        if not (math.isfinite(low) and math.isfinite(high) and low < high and math.isfinite(high - low)):
            raise ValueError(f"{kind}: found the span ({low:g}, {high:g}), expected finite ends, the lower one first")
        if logarithmic and low <= 0:
            raise ValueError(f"{kind}: found the lower end {low:g}, expected one above 0")
        self.span, self.logarithmic = (low, high), logarithmic
        self._ends = tuple(float(self.coordinate(end)) for end in self.span)

    def coordinate(self, value: Any) -> Any:
        """What grows evenly along the line; 0 has none on a logarithmic one, and is put at its start."""
        return np.log10(np.where(np.asarray(value) > 0, value, self.span[0])) if self.logarithmic else value

    def value(self, coordinate: Any) -> Any:
        """The value that has a coordinate."""
        return 10.0**coordinate if self.logarithmic else coordinate

    def function(self, value: Any) -> Any:
        """The value at a part of the line."""
        low, high = self._ends
        return self.value(low + value * (high - low))

    def inverse_function(self, value: Any) -> Any:
        """The part of the line at which a value lies."""
        low, high = self._ends
        return (self.coordinate(value) - low) / (high - low)


def _powers(span: tuple[float, float], most: int) -> list[float]:
    """Powers of ten within a span, at equal distances, at most ``most`` steps of them."""
    low = math.ceil(math.log10(span[0]) - _NEAR)
    high = math.floor(math.log10(span[1]) + _NEAR)
    step = max(1, math.ceil((high - low) / most))
    return [10.0**exponent for exponent in range(low, high + 1, step)]
