"""What a factor does, drawn: a bar goes in, another one comes out. Each has ``show(trace)``, for `ChangeQuantity`.

In a scene::

    bars = NudgeBars(trace, notation, Weight(3, 0, 0), WeightedSum(3, 0), span=(0, 1))
    self.play(FadeIn(bars))
    self.play(ChangeQuantity(example, Bias(2, 0), -0.9, 2.0, [bars]))
"""

from __future__ import annotations

import math
from typing import Any, Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Line, Triangle, VGroup

from backprop_math import Activation, BackwardPass, Change, Cost, Derivative, Notation, Number, Quantity, Target, Var

from .axis import Axis, AxisDot
from .formula import Formula
from .readout import Readout, ReadoutSign
from .theme import theme

__all__ = ["NudgeBars", "ResidualArrows", "SignedBar"]

_THICK = 11.0
_APART = 0.6  # units: numbers nearer than this may touch


class SignedBar(VGroup):
    """A thick bar from one point to another, with a tip where it ends if ``tip`` says so; `reach` moves both."""

    def __init__(self, start: Any, end: Any, *, color: str, stroke_width: float = _THICK, tip: bool = False) -> None:
        self.line = Line(LEFT, RIGHT, stroke_width=stroke_width, color=color)
        self.tip = Triangle(stroke_width=0, fill_opacity=1, fill_color=color) if tip else None
        super().__init__(self.line, *([self.tip] if self.tip else []))
        self.reach(start, end)

    def reach(self, start: Any, end: Any) -> Self:
        """From ``start`` to ``end``; where they meet, nothing is seen."""
        start, end = np.array(start, dtype=float), np.array(end, dtype=float)
        length = float(np.linalg.norm(end - start))
        along = (end - start) / length if length > 1e-6 else RIGHT
        head = min(0.26, length) if self.tip else 0.0
        self.line.set_stroke(opacity=float(length > 1e-3))
        self.line.put_start_and_end_on(start, end - 0.9 * head * along if length > 1e-3 else start + 1e-3 * RIGHT)
        if self.tip:
            across = np.array([-along[1], along[0], 0.0])
            corners = [end, *(end - head * along + side * 0.6 * head * across for side in (1, -1))]
            self.tip.set_points_as_corners([*corners, end])
        return self


class ResidualArrows(VGroup):
    """How far the output is off, as an arrow from y to a^(L), and under it ∂C/∂a^(L), to the same scale.

    ``spans`` are the ends of the two lines. The numbers stand behind the lines, with their names, at one place; of
    a squared error the factor follows from the digits of the other two, in every frame.
    ``font_size`` is that of the symbols, to which the numbers are proportioned.
    """

    def __init__(
        self,
        trace: BackwardPass,
        notation: Notation,
        a: Activation,
        *,
        spans: tuple[tuple[float, float], tuple[float, float]],
        width: float = 8.4,
        buff: float = 2.3,
        font_size: float | None = None,
    ) -> None:
        size = font_size or theme.symbol_size
        self.a, self.y, self.cost, self._digits = a, Target(a.j), Cost(), _decimals(spans[0])
        scale = width / max(high - low for low, high in spans)
        marks = [_marks(span, scale) for span in spans]
        self.axes = [
            Axis(span, length=(span[1] - span[0]) * scale, ticks=values, labels=values, buff=0.22)
            for span, values in zip(spans, marks, strict=True)
        ]
        lower = self.axes[1].shift(buff * DOWN)
        self.miss, self.pull = (SignedBar(LEFT, RIGHT, color=theme.highlight, tip=True) for _ in range(2))
        upper = self.axes[0]
        self.dots = {q: AxisDot(upper, trace.value(q), radius=0.13, color=theme.colour(q)) for q in (self.y, a)}
        self.names = {q: Formula(notation.symbol(q), font_size=size) for q in (self.y, a)}
        self.readouts = {q: Readout(trace, q, decimals=_decimals(spans[0]), font_size=0.88 * size) for q in (self.y, a)}
        self.factor = Readout(
            trace, decimals=_decimals(spans[1]), font_size=size, color=theme.highlight, ask=self._redone
        )
        x = max(axis.line.get_right()[0] for axis in self.axes) + 0.45
        self.signs = {q: ReadoutSign(self.readouts[q], font_size=0.88 * size) for q in self.readouts}
        labels = VGroup()
        for q, y in ((self.y, 0.32), (a, -0.32)):  # whose number it is
            label = Formula(notation.symbol(q), font_size=0.88 * size).move_to([x, y, 0], aligned_edge=LEFT)
            self.signs[q].next_to(label, RIGHT, buff=0.15).set_y(y)
            number, ends = self.readouts[q], (Readout(end, decimals=_decimals(spans[0]), font_size=0.88 * size)
                                              for end in spans[0])  # fmt: skip
            # The last digit keeps its place: room for the widest number before it.
            room = max(0.0, *(end.width - number.width for end in ends))
            number.move_to([self.signs[q].get_right()[0] + 0.15 + room, y, 0], aligned_edge=LEFT)
            labels.add(label)
        self.factor.move_to([x, -buff, 0], aligned_edge=LEFT)
        symbol = Formula(Derivative(notation.symbol(self.cost), notation.symbol(a)), font_size=size)
        symbol.next_to(VGroup(lower.line, lower.labels), LEFT, buff=0.3).set_y(lower.line.get_y())
        super().__init__(*self.axes, self.miss, self.pull, *self.dots.values(), *self.names.values())
        self.add(*labels, *self.signs.values(), *self.readouts.values(), self.factor, symbol)
        self.show(trace)

    def _pull(self, trace: BackwardPass) -> float:
        return float(trace.graph.edge(self.cost, self.a).value)

    def _redone(self, trace: BackwardPass) -> float:
        """Of a squared error, the factor of the digits shown: 2(0.6579 − 0.4527) is 0.4104."""
        if trace.network.cost.name != "squared_error":
            return self._pull(trace)
        shown = (float(Number(trace.value(q), self._digits).shown) for q in (self.a, self.y))
        a, y = (Var(value, name) for value, name in zip(shown, "ay", strict=True))
        factor = 2.0 * (a - y)
        factor.graph()  # whoever watches learns of it
        return factor.value

    def show(self, trace: BackwardPass) -> Self:
        """Move the dots and both arrows."""
        upper, lower = self.axes
        for q, dot in self.dots.items():
            dot.at(trace.value(q))
            self.signs[q].show(self.readouts[q].show(trace))
        # One name above the line, one below it: the dots may pass each other.
        self.names[self.y].next_to(self.dots[self.y], UP, buff=0.16)
        self.names[self.a].next_to(self.dots[self.a], DOWN, buff=0.16)
        half = self.names[self.a].width / 2
        for number in upper.labels:
            if abs(number.get_x() - self.dots[self.a].get_x()) < half + number.width / 2 + 0.1:
                self.names[self.a].next_to(number, DOWN, buff=0.1).set_x(self.dots[self.a].get_x())
        self.miss.reach(*(upper.point(self.dots[q].value) for q in (self.y, self.a)))
        self.factor.show(trace)
        # As long as the factor is, beyond the end of the line too.
        self.pull.reach(*(lower.line.n2p(value) for value in (0.0, self._pull(trace))))
        return self


def _decimals(span: tuple[float, float]) -> int:
    """Four decimals, and fewer where the numbers are large."""
    return max(0, 4 - max(0, math.floor(math.log10(max(map(abs, span))))))


def _marks(span: tuple[float, float], scale: float) -> list[float]:
    """The ends, and 0 if it lies between them; an end so near to 0 that their numbers would touch has none."""
    low, high = span
    if low > 0 or high < 0:
        return [low, high]
    return [*([low] if -low * scale > _APART else []), 0.0, *([high] if high * scale > _APART else [])]


class NudgeBars(VGroup):
    """Δcause as a bar of fixed length, and under it Δeffect, which is ∂effect/∂cause times as long.

    ``font_size`` is that of the derivative and its value, the ``ratio``, to which the ``names`` are proportioned.
    """

    def __init__(
        self,
        trace: BackwardPass,
        notation: Notation,
        cause: Quantity,
        effect: Quantity,
        *,
        span: tuple[float, float],
        width: float = 5.6,
        buff: float = 0.78,
        font_size: float | None = None,
    ) -> None:
        size = font_size or theme.symbol_size
        self.cause, self.effect = cause, effect
        self._unit = width / (span[1] - span[0])
        self._zero = -span[0] * self._unit
        self._buff = buff
        self.wall = Line([self._zero, 0.3, 0], [self._zero, -buff - 0.3, 0], stroke_width=2.5, color=theme.arrow)
        first, second = (SignedBar(LEFT, RIGHT, color=theme.colour(q)) for q in (cause, effect))
        self.bars = [first, second]
        self.names = [Formula(Change(notation.symbol(q)), font_size=0.92 * size) for q in (cause, effect)]
        for name, y in zip(self.names, (0.0, -buff), strict=True):
            name.move_to([-0.35, y, 0], aligned_edge=RIGHT)
        symbol = Formula(Derivative(notation.symbol(effect), notation.symbol(cause)), font_size=size)
        decimals = _decimals(span)
        self.readout = Readout(trace, decimals=decimals, font_size=size, color=theme.highlight, ask=self._factor)
        symbol.move_to([width + 0.6, -buff / 2, 0], aligned_edge=LEFT)
        # The last digit keeps its place: room for the widest number before it.
        widest = max(Readout(end, decimals=decimals, font_size=size).width for end in span)
        self.sign = ReadoutSign(self.readout, font_size=size).next_to(symbol, RIGHT, buff=0.22)
        self.readout.next_to(self.sign, RIGHT, buff=0.2 + max(0.0, widest - self.readout.width))
        self.ratio = [symbol, self.sign, self.readout]
        super().__init__(self.wall, *self.bars, *self.names, *self.ratio)
        self.show(trace)
        self.center()

    def _factor(self, trace: BackwardPass) -> float:
        return float(trace.graph.edge(self.effect, self.cause).value)

    def show(self, trace: BackwardPass) -> Self:
        """Stretch the lower bar to the factor."""
        self.sign.show(self.readout.show(trace))
        top = self.wall.get_start() + 0.3 * DOWN
        for bar, factor, y in zip(self.bars, (1.0, self.readout.value), (0.0, -self._buff), strict=True):
            start = top + y * UP
            bar.reach(start, start + factor * self._unit * RIGHT)
        return self
