"""`SlopesCompared`: two activation functions in one chart, and their slopes in another, each chart with one scale.

In a scene::

    functions, slopes = SlopesCompared("sigmoid", "relu")
    self.play(FadeIn(functions.plane, *functions.first))
    self.play(*functions.drawn())
    self.play(FadeIn(slopes.plane, *slopes.first))
    self.play(*slopes.drawn())
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from manim import DOWN, RIGHT, UP, Animation, Create, FadeIn, Mobject, VGroup

from backprop_math import ACTIVATIONS, Expression, Symbol

from ..kit.formula import Formula
from ..kit.function_plot import FunctionPlot
from ..kit.theme import theme

__all__ = ["SlopesCompared"]

_FAR, _ROOM = 3.0, 1.2
_AT = [0, 0.5, 0]


class SlopesCompared(VGroup):
    """Two pictures, of the functions and of the slopes: the first name's in violet, the other's in white."""

    def __init__(self, *names: str) -> None:
        functions = [ACTIVATIONS[name] for name in names]
        top = float(functions[0].df(0.0))
        values = [(f.f, f.applied(Symbol("z"))) for f in functions]
        slopes = [(f.df, f.derivative_applied(Symbol("z"))) for f in functions]
        super().__init__(_Curves(values, _FAR, (0.0, 1.0, _FAR)), _Curves(slopes, _ROOM, (0.0, top, 1.0)))
        self.arrange(RIGHT, 0.5, aligned_edge=DOWN).move_to(_AT)


class _Curves(VGroup):
    """``plane``; ``first`` are the first curve and its label, and `drawn` brings the second."""

    def __init__(
        self, of: Sequence[tuple[Callable[[float], float], Expression]], high: float, ticks: Sequence[float]
    ) -> None:
        parts = []
        for (f, applied), color in zip(of, (theme.highlight, theme.ink), strict=True):
            plot = FunctionPlot(f, (-_FAR, _FAR), (0.0, high), width=3.9, height=2.4, color=color, ticks_up=ticks,
                                ticks_across=(-_FAR, 0.0, _FAR))  # fmt: skip
            end = plot.plane.point(_FAR, float(f(np.float64(_FAR))))
            parts.append(
                (plot, Formula(applied, font_size=40).set_color(color).next_to(end, RIGHT, 0.15).shift(0.2 * UP))
            )
        (plot, label), self.second = parts
        self.plane, self.first = plot.plane, (plot.curve, label)
        super().__init__(self.plane, *self.first, self.second[0].curve, self.second[1])

    def drawn(self) -> list[Animation]:
        """The second curve is drawn, with its label."""
        plot, label = self.second
        shown: Mobject = plot.curve
        return [Create(shown), FadeIn(label)]
