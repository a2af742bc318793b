"""`Gauge`: a quantity on its own number line, with a dot at its value; and `Sweep`, which nudges the example.

gauges = [Gauge(notation.symbol(q), q, trace) for q in (Weight(3, 0, 0), Cost())]
for gauge in gauges:
    gauge.mark()                                   # remember where the dot was
self.play(Sweep(example, Weight(3, 0, 0), 1.2, 1.3, gauges))
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Animation, Circle, Dot, Line, Mobject, VGroup, smooth

from backprop_math import Example
from backprop_math.expression import Expression, Number, Partial
from backprop_math.quantities import Quantity
from backprop_math.rounding import fewest_decimals

from .formula import Formula
from .readout import Readout, Trace
from .theme import theme

__all__ = ["Gauge", "Sweep", "nice_span"]


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


class Gauge(VGroup):
    """A number line with a moving dot, the quantity's symbol before it and its value behind it.

    ``mark()`` leaves a ring where the dot is and names the change from there (∂ and the symbol) until
    ``unmark()``; ``show(trace)`` moves the dot. ``ask`` is as in `Readout`. The parts are ``symbol``,
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
        ask: Callable[[Trace], float] | None = None,
    ) -> None:
        self.quantity = quantity
        self.readout = Readout(quantity, trace, decimals=decimals, size=0.4, ask=ask)
        value = self.readout.value
        self.span = span or nice_span(value)
        colour = theme.colour(quantity)
        self.line = Line(LEFT * width / 2, RIGHT * width / 2, stroke_width=2.5, color=theme.line)
        self.ticks = VGroup(*(self._tick(part) for part in np.linspace(0, 1, 5)))
        self.ends = VGroup(*(self._end(value) for value in self.span))
        self.symbol = Formula(symbol, theme.symbol_size).next_to(self.line, LEFT, buff=0.38)
        self.readout.next_to(self.line, RIGHT, buff=0.38)
        self.dot = Dot(radius=0.105, color=colour)
        self.ring = Circle(0.105, color=colour, stroke_width=2.5).set_fill(opacity=0)
        self.change = Line(LEFT, RIGHT, stroke_width=6, color=colour)
        self.change_label = Formula(Partial(symbol), 0.36)
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
        start, end = self.ring.get_center(), self.dot.get_center()
        moved = self.marked and abs(end[0] - start[0]) > 0.01
        if moved:
            self.change.put_start_and_end_on(start, end)
            self.change_label.move_to((start + end) / 2).align_to(self.line.get_center() + UP * 0.2, DOWN)
        self.change.set_stroke(opacity=float(moved))
        self.change_label.set_fill(opacity=float(moved))


class Sweep(Animation):
    """Moves one quantity of an example from a value to another: in every frame all is calculated anew.

    ``followers`` are whatever has ``show(trace)``: gauges, readouts, diagrams.
    """

    def __init__(
        self,
        example: Example,
        quantity: Quantity,
        start: float,
        end: float,
        followers: Sequence[Any],
        **animation: Any,
    ) -> None:
        self.example, self.quantity, self.start, self.end = example, quantity, start, end
        self.followers = list(followers)
        super().__init__(VGroup(*self.followers), **{"run_time": 1.5, "rate_func": smooth, **animation})

    def create_starting_mobject(self) -> Mobject:
        """No copy is needed: every frame is calculated from the example."""
        return Mobject()

    def finish(self) -> None:
        """Show the end; rounded, so that it is the same to the last bit whether the frames before it were drawn."""
        super().finish()
        for part in self.mobject.family_members_with_points():
            part.points = part.points.round(9)

    def interpolate(self, alpha: float) -> None:
        """Show the example with the quantity moved as far as the clock says."""
        part = self.rate_func(min(1.0, max(0.0, alpha)))
        # Weighted so that both ends are met exactly.
        value = (1 - part) * self.start + part * self.end
        trace = self.example.with_values({self.quantity: value}).trace()
        for follower in self.followers:
            follower.show(trace)
