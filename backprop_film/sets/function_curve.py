"""`FunctionCurve`: a function of one input drawn, a point of it with the triangle of a nudge, a lens, and the ratios.

In a scene::

    def square(x):
        return x**2

    picture = FunctionCurve(square, at=3.0, nudges=(1.0, 0.1, 0.01), span=(0, 5), up=(0, 20))
    self.add(picture.plane, picture.names, picture.secant.curve, picture.secant.dot)
    self.play(Enlarge(picture.lens, 1, 10))
    self.play(FadeIn(picture.labels(1)))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, VGroup

from backprop_math import Change, DifferenceQuotient, Relation, Symbol
from backprop_math.formula import Bracket, Differential, Fraction, Listing

from ..kit.axis import Axis, Plane
from ..kit.formula import Formula
from ..kit.secant import Lens, Secant
from ..kit.texts import Prose
from ..kit.theme import theme
from .function_nudges import derivative_of, exactly, measured_change
from .ratio_table import RatioTable

__all__ = ["FunctionCurve"]

_WIDTH, _HEIGHT = 6.0, 4.3
_CORNER = (-5.75, -1.85)
_LENS = (3.0, 2.1)


class FunctionCurve(VGroup):
    """``plane``, ``names`` and ``secant`` at the left, the ``lens`` over it, ``ratios`` at the right, a row a nudge.

    ``points`` are the input and the output at the point and at that of the first nudge, beside them.

    ``run_name`` and ``rise_name`` are the sides of the first nudge's triangle. The limit of the ratios is written with
    d: there is only one input. Nothing is added: what is shown, and when, is the chapter's.
    """

    def __init__(
        self,
        f: Callable[[Any], Any],
        *,
        at: float,
        nudges: Sequence[float],
        span: tuple[float, float],
        up: tuple[float, float],
        symbols: tuple[str, str] = ("x", "y"),
    ) -> None:
        super().__init__()
        x, y = (Symbol(letter) for letter in symbols)
        self.x = x
        self.measured = [measured_change(f, {"x": at}, by) for by in nudges]
        slope = exactly(derivative_of(f, at))
        level = Axis(span, length=_WIDTH, ticks=_steps(span), labels=_steps(span))
        marks = _steps(up)[1:]
        self.plane = Plane(level, Axis(up, length=_HEIGHT, vertical=True, ticks=marks, labels=marks))
        self.plane.shift(np.array([*_CORNER, 0.0]) - level.line.get_start())
        self.names = VGroup(
            Formula(x, font_size=44).next_to(level.line, RIGHT, buff=0.2),
            Formula(y, font_size=44).next_to(self.plane.y.line, UP, buff=0.14),
        )
        self.secant = Secant(self.plane, f, at=at, slope=slope.value, by=nudges[0], colors=(theme.ink, theme.ink))
        one = self.measured[0]
        self.run_name = Formula(Relation((Change(x), one.by), ("=",)), font_size=36)
        self.rise_name = Formula(Relation((Change(y), one.change), ("=",)), font_size=36)
        self.run_name.next_to(self.secant.run, DOWN, buff=0.15).shift(0.25 * RIGHT)
        self.rise_name.next_to(self.secant.rise, RIGHT, buff=0.18)
        above = self.plane.y.line.get_top()[1] - _LENS[1] / 2
        self.points = VGroup()
        for place, given, change in (
            (self.secant.dot, at, 0.0),
            (self.secant.ring, at + one.by.value, one.change.value),
        ):
            pair = Listing((exactly(given), exactly(float(f(at)) + change)))
            self.points.add(Formula(Bracket(pair), font_size=34).next_to(place, UP + LEFT, buff=0.18))
        self.lens = Lens(self.secant, width=_LENS[0], height=_LENS[1], center=(_CORNER[0] + 2.05, above))
        self.ratios = RatioTable(
            y, x, self.measured, slope, names=(DifferenceQuotient(y, x), Fraction(Differential(y), Differential(x)))
        )

    def labels(self, row: int) -> VGroup:
        """Above the lens how many times larger it shows the graph, with the nudge of a row; and in it the nudge."""
        one = self.measured[row]
        words = Prose(f"{round(1 / one.by.value):,} times larger", font_size=theme.tick_size, color=theme.secondary)
        words.next_to(self.lens.border, UP, buff=0.12, aligned_edge=RIGHT)
        name = Formula(Relation((Change(self.x), one.by), ("=",)), font_size=30.72)
        name.next_to(self.lens.view.run, DOWN, buff=0.14)
        return VGroup(words, name.shift(max(0.0, self.lens.view.dot.get_right()[0] - name.get_left()[0]) * RIGHT))


def _steps(span: tuple[float, float]) -> list[float]:
    """About five round values, from one end to the other."""
    return [float(value) for value in np.linspace(*span, 6 if (span[1] - span[0]) % 5 == 0 else 5)]
