"""`Gauge`: a quantity on its own number line; `ChangeQuantity` nudges the example, `Zoom` looks closer.

In a scene::

    gauges = VGroup(*(Gauge(trace, notation, q) for q in (Weight(3, 0, 0), Cost()))).arrange(DOWN, aligned_edge=LEFT)
    self.play(FadeIn(gauges))
    for gauge in gauges:
        gauge.mark(Weight(3, 0, 0))                    # remember where the dot was
    self.play(ChangeQuantity(example, Weight(3, 0, 0), 1.8, 0.9, [*gauges]))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
from manim import LEFT, RIGHT, UP, Animation, Circle, Line, Mobject, VGroup, smooth

from backprop_math import Change, Example, Expression, Notation, Quantity, Relation, Trace

from .arguments import expected
from .axis import Axis, AxisDot
from .formula import Formula, Nothing
from .readout import Readout
from .spans import decades, nice_span
from .theme import theme

__all__ = ["ChangeQuantity", "Gauge", "Recalculation", "Zoom"]

_AIR = 0.05  # between a readout and the name of the line's end


class Gauge(VGroup):
    """A number line with a moving dot, the quantity's symbol before it and its value behind it.

    ``mark()`` leaves a ring where the dot is and names the change from there (``change_name``, or Δ and the symbol)
    until ``unmark()``; ``show(trace)`` moves the dot, which becomes an arrowhead at the end that its value lies beyond.
    ``symbol`` replaces the quantity's; ``ask`` is as in `Readout`. The parts are ``symbol``, ``axis`` with its
    ``line``, ``dot``, ``readout``, ``ring``, ``change`` (the stretch from ring to dot) and ``change_label``.
    """

    def __init__(
        self,
        trace: Trace,
        notation: Notation,
        quantity: Quantity,
        *,
        span: tuple[float, float] | None = None,
        logarithmic: bool = False,
        width: float = 3.7,
        decimals: int = 4,
        symbol: Expression | None = None,
        change_name: Expression | None = None,
        ask: Callable[[Any], float] | None = None,
        color: str | None = None,
    ) -> None:
        self.quantity, self.ask = quantity, ask
        color = color or theme.colour(quantity)
        self.readout = Readout(trace, quantity, decimals=decimals, font_size=38.4, color=color, ask=ask)
        value = self.readout.value
        span = span or (decades(value) if logarithmic else nice_span(value))
        self.axis = Axis(span, logarithmic=logarithmic, length=width)
        self.line = self.axis.line
        symbol = symbol or notation.symbol(quantity)
        self.symbol = Formula(symbol, font_size=theme.symbol_size).next_to(self.line, LEFT, buff=0.5)
        self.readout.next_to(self.line, RIGHT, buff=0.38)
        last = self.axis.labels[-1]
        if last.get_top()[1] > self.readout.get_bottom()[1] - _AIR:  # a power of ten is high
            self.readout.shift(max(0.0, last.get_right()[0] + 0.12 - self.readout.get_left()[0]) * RIGHT)
        self.dot = AxisDot(self.axis, value, color=color)
        self.ring = Circle(0.105, color=color, stroke_width=2.5).set_fill(opacity=0)
        self.change = Line(LEFT, RIGHT, stroke_width=6, color=color)
        self.change_label = VGroup(
            Formula(change_name or Change(symbol), font_size=34.56),
            *(
                Formula(Relation((Nothing(), Nothing()), (sign,)), font_size=34.56, plain=True, color=color)
                for sign in "=≈"
            ),
            Readout(0.0, quantity, decimals=decimals, font_size=34.56, color=color),
        )
        #: How far to the left and right the name of a change may reach: what stands there needs air.
        self.label_left, self.label_right = -float("inf"), float("inf")
        self._trace, self._from = trace, value
        self._cause: tuple[Quantity, float] | None = None
        super().__init__(self.axis, self.change, self.ring, self.dot, self.symbol, self.readout, self.change_label)
        self.unmark()

    @property
    def span(self) -> tuple[float, float]:
        """The ends of its line."""
        return self.axis.span

    def point(self, value: float) -> np.ndarray:
        """Where ``value`` lies on the line; beyond an end, at that end."""
        return self.axis.point(value)

    def show(self, trace: Trace) -> Self:
        """Move the dot to the quantity's value in ``trace``."""
        self._trace = trace
        self.readout.show(trace)
        self.dot.at(self.readout.value)
        self._lay_change()
        return self

    def mark(self, cause: Quantity | None = None) -> Self:
        """Leave a ring at the dot, from which the change is measured.

        ``cause`` is what will be nudged: when it has moved, no change of this quantity is a change of 0, and named.
        """
        self._from = self.readout.value
        self._cause = None if cause is None else (cause, self._trace.value(cause))
        self.ring.move_to(self.point(self._from)).set_stroke(opacity=1)
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
        start, end = self.point(self._from), self.point(self.readout.value)
        length = abs(float(end[0] - start[0]))
        felt = abs(self.readout.value - self._from) * 10.0**self.readout.decimals / 42  # a change that has digits
        shown = min(1.0, max(length, self._moved(), felt) / 0.012)
        if length > 1e-6:
            self.change.put_start_and_end_on(start, end)
        self.change.set_stroke(opacity=min(1.0, length / 0.012))
        name, equal, about, number = self.change_label
        number.set_value(self.readout.value - self._from)
        # What is nudged has been moved by just so much, but for the rounding of float64; on the way it is rounded.
        given = self._cause is not None and self._cause[0] == self.quantity
        noise = 1e-12 * max(abs(self._from), abs(number.value)) if given else 0.0
        exact = number.number.exact or abs(number.value - float(number.number.shown)) <= noise
        sign, other = (equal, about) if exact else (about, equal)
        VGroup(name, sign, number).arrange(RIGHT, buff=0.13)
        for part in (name, sign, number):
            part.on_baseline(self.line.get_y() + self.dot.height / 2 + 0.18)
        other.move_to(sign)
        half = VGroup(name, sign, number).width / 2
        left = max(self.line.get_left()[0] - 0.12, self.label_left)
        right = min(self.line.get_right()[0] + 0.3, self.label_right)
        middle = max(min((start[0] + end[0]) / 2, right - half), left + half)
        self.change_label.shift((middle - VGroup(name, sign, number).get_x()) * RIGHT)
        for part in (name, sign, number):
            part.set_fill(opacity=shown)
        other.set_fill(opacity=0)

    def _moved(self) -> float:
        """How far the cause has moved: by itself, or on this line's scale where that is finer."""
        if self._cause is None or self.axis.logarithmic:
            return 0.0
        quantity, start = self._cause
        low, high = self.span
        moved = abs(self._trace.value(quantity) - start)
        return max(moved, moved / (high - low) * float(self.line.get_length()))


class Zoom(Animation):
    """Looks closer at a gauge (or from further off): another span, readouts with other decimals."""

    def __init__(self, gauge: Gauge, span: tuple[float, float], decimals: int | None = None, **animation: Any) -> None:
        self.gauge, self.new_span = gauge, span
        self.decimals = gauge.readout.decimals if decimals is None else decimals
        super().__init__(gauge, **{"run_time": 1.0, "rate_func": smooth, **animation})

    def create_starting_mobject(self) -> Mobject:
        """Nothing is copied: the gauge knows both its spans while it zooms."""
        gauge, axis = self.gauge, self.gauge.axis
        self.old_span, self.value = gauge.span, gauge.readout.value
        self.old = (axis.ticks, axis.labels, gauge.readout)
        self.old_values = axis.tick_values()
        axis.span = self.new_span
        self.new_values = axis.tick_values()
        axis.ticks, axis.labels = axis.new_ticks(), axis.new_labels()
        size = gauge.readout.font_size
        readout = Readout(self.value, gauge.quantity, decimals=self.decimals, font_size=size, ask=gauge.ask)
        readout.align_to(gauge.readout, LEFT)
        readout.fit(theme.safe.right - readout.get_left()[0]).on_baseline(gauge.readout.baseline)
        gauge.readout = readout
        axis.add(axis.ticks, axis.labels)
        gauge.add(readout)
        return Mobject()

    def interpolate(self, alpha: float) -> None:
        """The spans in between: the width changes by a constant factor in a given time, the dot slides evenly."""
        t = self.rate_func(min(1.0, max(0.0, alpha)))
        gauge, axis = self.gauge, self.gauge.axis
        scale = axis.line.scaling
        (a0, b0), (a1, b1) = (map(scale.coordinate, span) for span in (self.old_span, self.new_span))
        at = scale.coordinate(self.value)
        width = (b0 - a0) ** (1 - t) * (b1 - a1) ** t
        part = (1 - t) * (at - a0) / (b0 - a0) + t * (at - a1) / (b1 - a1)
        low = at - part * width
        axis.span = (scale.value(low), scale.value(low + width))
        gauge.dot.at(self.value)
        gauge.ring.move_to(gauge.point(gauge._from))
        gauge._lay_change()
        for ticks, values, light in (
            (self.old[0], self.old_values, 1 - t),
            (axis.ticks, self.new_values, t),
        ):
            for tick, value in zip(ticks, values, strict=True):
                tick.move_to(gauge.point(value)).set_stroke(opacity=light * (not axis.beyond(value)))
        for texts, light in ((self.old[1:], 1 - t), ((axis.labels, gauge.readout), t)):
            VGroup(*texts).set_fill(opacity=light)

    def finish(self) -> None:
        """What was there before is gone."""
        super().finish()
        gauge = self.gauge
        gauge.axis.span = self.new_span
        gauge.axis.remove(*self.old[:2])
        gauge.remove(self.old[2])
        gauge.change_label[-1].decimals = self.decimals


class Recalculation(Animation):
    """The base of what calculates the example anew in every frame, for ``followers`` that have ``show(trace)``."""

    def __init__(self, followers: Sequence[Any], **animation: Any) -> None:
        self.followers = list(followers)
        for follower in self.followers:
            # Manim's own `show` opens a window.
            follows = isinstance(follower, Mobject) and type(follower).show is not Mobject.show
            expected(type(self).__name__, follower, Mobject if follows else (), "a mobject that has show(trace)")
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
    run time) each starts so much after the one before it, and ends so much later; those in a list start together.
    """

    def __init__(
        self,
        example: Example,
        quantity: Quantity,
        start: float,
        end: float,
        followers: Sequence[Any],
        *,
        lag: float = 0.0,
        **animation: Any,
    ) -> None:
        self.example, self.quantity, self.start, self.end, self.lag = example, quantity, start, end, lag
        self._turns = [one if isinstance(one, list) else [one] for one in followers]
        super().__init__([one for turn in self._turns for one in turn], **{"run_time": 1.5, **animation})

    def interpolate(self, alpha: float) -> None:
        """Show the example with the quantity moved as far as the clock says."""
        whole, traces = 1 + self.lag * (len(self._turns) - 1), {}
        for place, turn in enumerate(self._turns):
            part = self.rate_func(min(1.0, max(0.0, whole * alpha - self.lag * place)))
            # Weighted so that both ends are met exactly.
            value = (1 - part) * self.start + part * self.end
            if value not in traces:
                traces[value] = self.example.with_values({self.quantity: value}).trace()
            for follower in turn:
                follower.show(traces[value])
