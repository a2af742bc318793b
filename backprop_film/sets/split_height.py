"""`SplitHeight`: an activation a and what is missing to 1, 1 − a, on the upright axis of a sigmoid's curve.

In a scene::

    panel = SlopePanel(trace, notation, Activation(3, 0), WeightedSum(3, 0))
    split = SplitHeight(panel, notation, trace, Activation(3, 0))
    if split.fits:
        self.play(*split.grow())
        for move in split.to_both_ends(example):
            self.play(move)
"""

from __future__ import annotations

from itertools import pairwise
from typing import Self

import numpy as np
from manim import LEFT, RIGHT, UP, Animation, Create, FadeIn, LaggedStart, Line, VGroup

from backprop_math import Activation, BackwardPass, Bias, Example, Notation, Sum, Trace, WeightedSum
from backprop_math.formula import decimals_for

from ..kit.formula import Formula
from ..kit.gauge import ChangeQuantity
from ..kit.readout import Readout, ReadoutSign
from ..kit.slope_panel import SlopePanel
from ..kit.theme import theme

__all__ = ["SplitHeight"]

_BUFF = 0.14
_LEAST = 0.3  # of a part that can be seen
_BETWEEN, _FREE, _APART = 0.08, 0.28, 0.12  # the two lines of a label; below the lower one; between two labels
_SECONDS = (1.0, 1.4, 1.0)


class SplitHeight(VGroup):
    """``parts``, from 0 to a and from a to 1, each with its label at the left, ``labels``, and a dot on the curve.

    Their product is the slope there. It ``fits`` where the axis reaches from 0 to 1 and both parts are large enough to
    be seen, and the slope is written a(1 − a).
    """

    def __init__(
        self,
        panel: SlopePanel,
        notation: Notation,
        trace: BackwardPass,
        a: Activation,
        *,
        decimals: int = 4,
        font_size: float = 26.0,
    ) -> None:
        self._plane, self._a, self._z = panel.plane, a, WeightedSum(a.layer, a.j)
        low, high = panel.plane.y.span
        value, written = trace.value(a), notation.slope_by_activation(a)
        missing = next((node for node in written.walk() if isinstance(node, Sum)), None) if written else None
        heights = [self._height(y) for y in (0.0, value, 1.0)]
        least = min(heights[1] - heights[0], heights[2] - heights[1])
        self.fits = bool(missing and low <= 0.0 and high >= 1.0 and least > _LEAST)
        colours = (theme.ink, theme.secondary)
        self.parts = VGroup(*(Line(LEFT, RIGHT, stroke_width=8, color=colour) for colour in colours))
        self.labels, self._numbers = VGroup(), []
        decimals = decimals_for(value, decimals)
        for symbol, ask in ((notation.symbol(a), self._value), (missing or notation.symbol(a), self._missing)):
            number = Readout(trace, decimals=decimals, font_size=font_size, color=theme.ink, ask=ask)
            sign = ReadoutSign(number, font_size=font_size).next_to(number, LEFT, buff=0.1)
            name = Formula(symbol, font_size=font_size)
            name.next_to(number, UP, buff=_BETWEEN).align_to(number, RIGHT)
            self._numbers.append((number, sign))
            self.labels.add(VGroup(name, sign, number))
        self.dot = panel.dot.copy()
        super().__init__(self.parts, self.labels, self.dot)
        self.show(trace)

    def _height(self, y: float) -> float:
        return float(self._plane.point(self._plane.x.span[0], y)[1])

    def _value(self, trace: Trace) -> float:
        return trace.value(self._a)

    def _missing(self, trace: Trace) -> float:
        return 1.0 - trace.value(self._a)

    def show(self, trace: Trace) -> Self:
        """Move the dot to z in ``trace``, and what is between the parts with it."""
        value, z = trace.value(self._a), float(np.clip(trace.value(self._z), *self._plane.x.span))
        x = float(self._plane.x.line.get_left()[0])
        heights = [self._height(y) for y in (0.0, value, 1.0)]
        below = heights[0] + _FREE - _APART  # where the label below ends
        self.dot.move_to(self._plane.point(z, value))
        for part, label, numbers, ends in zip(self.parts, self.labels, self._numbers, pairwise(heights), strict=True):
            part.set_stroke(opacity=float(ends[1] - ends[0] > 1e-3))
            part.put_start_and_end_on([x, ends[0], 0], [x, max(ends[1], ends[0] + 1e-3), 0])
            number, sign = numbers
            sign.show(number.show(trace))
            # Each has room beside half of the axis; below and above it are the names of axes.
            half = label.height / 2
            y = max(min(sum(ends) / 2, heights[2] - half), below + _APART + half)
            below = y + half
            label.next_to([x, 0, 0], LEFT, buff=_BUFF).set_y(y)
        return self

    def grow(self) -> list[Animation]:
        """One part after the other, each with its label."""
        steps = [move for part, label in zip(self.parts, self.labels, strict=True)
                 for move in (Create(part), FadeIn(label))]  # fmt: skip
        return [LaggedStart(*steps, lag_ratio=0.3)]

    def to_both_ends(self, example: Example) -> list[Animation]:
        """The dot runs to either end of the curve and back: of the two parts, one is nearly gone."""
        trace, bias = example.trace(), Bias(self._a.layer, self._a.j)
        b, z = trace.value(bias), trace.value(self._z)
        stops = [b, *(b - z + end for end in self._plane.x.span), b]
        return [
            ChangeQuantity(example, bias, start, end, [self], run_time=seconds)
            for (start, end), seconds in zip(pairwise(stops), _SECONDS, strict=True)
        ]
