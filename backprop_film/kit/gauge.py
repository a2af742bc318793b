"""`Gauge`: a quantity on its own number line; `ChangeQuantity` nudges the example, `Zoom` looks closer.

In a scene::

    gauges = [Gauge(notation.symbol(q), q, trace) for q in (Weight(3, 0, 0), Cost())]
    for gauge in gauges:
        gauge.mark()                                   # remember where the dot was
    self.play(ChangeQuantity(example, Weight(3, 0, 0), 1.2, 1.3, gauges))
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Animation, Circle, Dot, Line, Mobject, VGroup, smooth

from backprop_math import Example, Trace
from backprop_math.formula import Expression, Number, Partial, Relation, fewest_decimals
from backprop_math.quantities import Quantity

from .formula import Formula, Nothing
from .readout import Readout
from .theme import theme

__all__ = ["ChangeQuantity", "Gauge", "Recalculation", "Zoom", "close_up_span", "equal_width_spans", "nice_span"]


def nice_span(*values: float) -> tuple[float, float]:
    """Round ends of a number line that holds 0 and all values, none too near an end unless it is the end.

    >>> nice_span(0.66, 0.71), nice_span(1.0), nice_span(-0.2)
    ((0.0, 0.8), (0.0, 1.0), (-0.2, 0.0))
    """

    def end(size: float) -> float:
        if size <= 0:
            return 0.0
        power = 10.0 ** math.floor(math.log10(size))
        ends = [power * step for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 15)]
        return next(end for end in ends if math.isclose(end, size) or end >= 1.12 * size)

    low, high = -end(-min(values)), end(max(values))
    return (low + 0.0, high) if low < high else (0.0, 1.0)


def equal_width_spans(*moves: tuple[float, float]) -> list[tuple[float, float]]:
    """Ends of number lines of one scale, one for each move from a value to another; from 0 where that holds both.

    >>> equal_width_spans((1.8, 2.3), (0.65, 0.89))
    [(1.5, 2.5), (0.0, 1.0)]
    """
    largest = max(abs(end - start) for start, end in moves)
    width = 1.0 if largest <= 0.7 else nice_span(largest / 0.7)[1]
    spans = []
    for move in moves:
        # Rounded to quarters, the middle of the line is near enough to that of the move to leave room at both ends.
        low = round((sum(move) - width) / 2 / (width / 4)) * width / 4
        spans.append((0.0, width) if min(move) >= 0 and max(move) <= width else (low, low + width))
    return spans


def close_up_span(value: float, change: float) -> tuple[float, float]:
    """Round ends of a line that shows a change from ``value``: some six times as wide, the change in its middle.

    >>> close_up_span(1.7, 0.01)
    (1.65, 1.75)
    """
    power = 10.0 ** math.floor(math.log10(6 * abs(change)))
    width = next(power * step for step in (1, 2, 5, 10) if power * step >= 5.5 * abs(change))
    quarter = width / 4 if width / power != 1 else width / 5
    low = round((value + change / 2 - width / 2) / quarter) * quarter
    return round(low, 12), round(low + width, 12)


class Gauge(VGroup):
    """A number line with a moving dot, the quantity's symbol before it and its value behind it.

    ``mark()`` leaves a ring where the dot is and names the change from there (``change_name``, or ∂ and the symbol)
    until ``unmark()``; ``show(trace)`` moves the dot. ``ask`` is as in `Readout`. The parts are ``symbol``,
    ``line``, ``dot``, ``readout``, ``ring``, ``change`` (the stretch from ring to dot) and ``change_label``.
    """

    def __init__(
        self,
        symbol: Expression,
        quantity: Quantity | None,
        trace: Trace,
        *,
        span: tuple[float, float] | None = None,
        width: float = 3.7,
        decimals: int = 4,
        ask: Callable[[Any], float] | None = None,
        change_name: Expression | None = None,
    ) -> None:
        self.quantity, self.ask = quantity, ask
        self.readout = Readout(quantity, trace, decimals=decimals, size=0.4, ask=ask)
        value = self.readout.value
        self.span = span or nice_span(value)
        colour = theme.colour(quantity)
        self.line = Line(LEFT * width / 2, RIGHT * width / 2, stroke_width=2.5, color=theme.line)
        self.ticks = VGroup(*(self._tick(part) for part in np.linspace(0, 1, 5)))
        self.ends = VGroup(*(self._end(value) for value in self.span))
        self.symbol = Formula(symbol, theme.symbol_size).next_to(self.line, LEFT, buff=0.5)
        self.readout.next_to(self.line, RIGHT, buff=0.38)
        self.dot = Dot(radius=0.105, color=colour)
        self.ring = Circle(0.105, color=colour, stroke_width=2.5).set_fill(opacity=0)
        self.change = Line(LEFT, RIGHT, stroke_width=6, color=colour)
        self.change_label = VGroup(
            Formula(change_name or Partial(symbol), 0.36),
            *(Formula(Relation((Nothing(), Nothing()), (sign,)), 0.36, plain=True, colour=colour) for sign in "=≈"),
            Readout(quantity, value=0.0, decimals=decimals, size=0.36, colour=colour),
        )
        self._from = value
        super().__init__(self.line, self.ticks, self.ends, self.change, self.ring, self.dot, self.symbol)
        self.add(self.readout, self.change_label)
        self.dot.move_to(self.point(value))
        self.unmark()

    def _tick(self, part: float) -> Line:
        tick = Line(DOWN * 0.07, UP * 0.07, stroke_width=2, color=theme.line)
        return tick.move_to(self.line.point_from_proportion(part))

    def _end(self, value: float) -> Formula:
        number = Formula(Number(value, fewest_decimals(value, 0, 6)), theme.tick_size, theme.secondary, plain=True)
        return number.next_to(self.point(value), DOWN, buff=0.18)

    def point(self, value: float) -> np.ndarray:
        """Where ``value`` lies on the line; beyond an end, at that end."""
        low, high = self.span
        part = min(1.0, max(0.0, (value - low) / (high - low)))
        return self.line.get_start() + part * (self.line.get_end() - self.line.get_start())

    def show(self, trace: Trace) -> Self:
        """Move the dot to the quantity's value in ``trace``."""
        self.readout.show(trace)
        self.dot.move_to(self.point(self.readout.value))
        self._lay_change()
        return self

    def mark(self) -> Self:
        """Leave a ring at the dot, from which the change is measured."""
        self._from = self.readout.value
        self.ring.move_to(self.dot).set_stroke(opacity=1)
        self._lay_change()
        return self

    def unmark(self) -> Self:
        """Take the ring and the change away."""
        for part in (self.ring, self.change):
            part.set_stroke(opacity=0)
        self.change_label.set_fill(opacity=0)
        self.change_label.next_to(self.dot, UP, buff=0.12)
        return self

    @property
    def marked(self) -> bool:
        """Whether a ring is left."""
        return bool(self.ring.get_stroke_opacity() > 0)

    def _lay_change(self) -> None:
        """The stretch from ring to dot, and its size above it; both grow out of nothing."""
        if not self.marked:
            return
        start, end = self.ring.get_center(), self.dot.get_center()
        length = abs(float(end[0] - start[0]))
        shown = min(1.0, length / 0.012)
        if length > 1e-6:
            self.change.put_start_and_end_on(start, end)
        self.change.set_stroke(opacity=shown)
        name, equal, about, number = self.change_label
        number.set_value(self.readout.value - self._from)
        sign, other = (equal, about) if number.number.exact else (about, equal)
        VGroup(name, sign, number).arrange(RIGHT, buff=0.13)
        for part in (name, sign, number):
            part.on_baseline(self.line.get_y() + 0.26)
        other.move_to(sign)
        half = VGroup(name, sign, number).width / 2
        left, right = self.line.get_left()[0] - 0.3 + half, self.line.get_right()[0] + 0.3 - half
        middle = min(max((start[0] + end[0]) / 2, left), right)
        self.change_label.shift((middle - VGroup(name, sign, number).get_x()) * RIGHT)
        for part in (name, sign, number):
            part.set_fill(opacity=shown)
        other.set_fill(opacity=0)


class Zoom(Animation):
    """Looks closer at a gauge (or from further off): another span, readouts with other decimals."""

    def __init__(self, gauge: Gauge, span: tuple[float, float], decimals: int | None = None, **animation: Any) -> None:
        self.gauge, self.new_span = gauge, span
        self.decimals = gauge.readout.decimals if decimals is None else decimals
        super().__init__(gauge, **{"run_time": 1.0, "rate_func": smooth, **animation})

    def create_starting_mobject(self) -> Mobject:
        """Nothing is copied: the gauge knows both its spans while it zooms."""
        gauge = self.gauge
        self.old_span, self.value = gauge.span, gauge.readout.value
        self.old = (gauge.ticks, gauge.ends, gauge.readout)
        self.old_values = np.linspace(*gauge.span, 5)
        gauge.span = self.new_span
        gauge.ends = VGroup(*(gauge._end(value) for value in self.new_span))
        size = gauge.readout.current_size
        readout = Readout(gauge.quantity, value=self.value, decimals=self.decimals, size=size, ask=gauge.ask)
        readout.on_baseline(gauge.readout.baseline).align_to(gauge.readout, LEFT)
        gauge.readout = readout
        gauge.ticks = VGroup(*(gauge._tick(part) for part in np.linspace(0, 1, 5)))
        gauge.add(gauge.ticks, gauge.ends, readout)
        return Mobject()

    def interpolate(self, alpha: float) -> None:
        """The spans in between: the width changes by a constant factor in a given time, the dot slides evenly."""
        t = self.rate_func(min(1.0, max(0.0, alpha)))
        gauge = self.gauge
        (a0, b0), (a1, b1) = self.old_span, self.new_span
        width = (b0 - a0) ** (1 - t) * (b1 - a1) ** t
        part = (1 - t) * (self.value - a0) / (b0 - a0) + t * (self.value - a1) / (b1 - a1)
        low = self.value - part * width
        gauge.span = (low, low + width)
        gauge.dot.move_to(gauge.point(self.value))
        gauge.ring.move_to(gauge.point(gauge._from))
        gauge._lay_change()
        for ticks, values, light in (
            (self.old[0], self.old_values, 1 - t),
            (gauge.ticks, np.linspace(a1, b1, 5), t),
        ):
            for tick, value in zip(ticks, values, strict=True):
                inside = low - 1e-9 * width <= value <= low + width * (1 + 1e-9)
                tick.move_to(gauge.point(value)).set_stroke(opacity=light * inside)
        for texts, light in ((self.old[1:], 1 - t), ((gauge.ends, gauge.readout), t)):
            VGroup(*texts).set_fill(opacity=light)

    def finish(self) -> None:
        """What was there before is gone."""
        super().finish()
        gauge = self.gauge
        gauge.span = self.new_span
        gauge.remove(*self.old)
        gauge.change_label[-1].decimals = self.decimals


class Recalculation(Animation):
    """The base of what calculates the example anew in every frame, for ``followers`` that have ``show(trace)``."""

    def __init__(self, followers: Sequence[Any], **animation: Any) -> None:
        self.followers = list(followers)
        super().__init__(VGroup(*self.followers), **{"rate_func": smooth, **animation})

    def create_starting_mobject(self) -> Mobject:
        """No copy is needed: every frame is calculated from the example."""
        return Mobject()

    def finish(self) -> None:
        """Show the end; rounded, so that it is the same to the last bit whether the frames before it were drawn."""
        super().finish()
        for part in self.mobject.family_members_with_points():
            part.points = part.points.round(9)


class ChangeQuantity(Recalculation):
    """Moves one quantity of an example from a value to another: in every frame all is calculated anew.

    ``followers`` are whatever has ``show(trace)``: gauges, readouts, diagrams. With a ``lag`` (a part of the
    run time) each starts so much after the one before it, and ends so much later.
    """

    def __init__(
        self,
        example: Example,
        quantity: Quantity,
        start: float,
        end: float,
        followers: Sequence[Any],
        lag: float = 0.0,
        **animation: Any,
    ) -> None:
        self.example, self.quantity, self.start, self.end, self.lag = example, quantity, start, end, lag
        super().__init__(followers, **{"run_time": 1.5, **animation})

    def interpolate(self, alpha: float) -> None:
        """Show the example with the quantity moved as far as the clock says."""
        whole = 1 + self.lag * (len(self.followers) - 1)
        for place, follower in enumerate(self.followers):
            part = self.rate_func(min(1.0, max(0.0, whole * alpha - self.lag * place)))
            # Weighted so that both ends are met exactly.
            value = (1 - part) * self.start + part * self.end
            follower.show(self.example.with_values({self.quantity: value}).trace())
