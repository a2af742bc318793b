"""`FunctionPlot`: the graph of any function of one number on two axes.

In a scene::

    sigmoid = ACTIVATIONS["sigmoid"]
    plot = FunctionPlot(sigmoid.df, (-6, 6), (0, 0.3))
    self.play(FadeIn(plot.plane), Create(plot.curve))
    self.play(FadeIn(AxisDot(plot.plane.y, 0.25)))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from manim import VGroup

from .axis import Axis, Plane
from .open_path import OpenPath
from .theme import theme

__all__ = ["FunctionPlot"]

_SAMPLES = 181


class FunctionPlot(VGroup):
    """``curve`` is ``f`` over ``across``, as far as it lies within ``up``; ``plane`` are the axes.

    ``f`` takes an array. ``ticks_up`` and ``ticks_across`` are the values with a number.
    """

    def __init__(
        self,
        f: Callable[[Any], Any],
        across: tuple[float, float],
        up: tuple[float, float],
        *,
        width: float = 5.0,
        height: float = 3.0,
        ticks_across: Sequence[float] | None = None,
        ticks_up: Sequence[float] | None = None,
        color: str | None = None,
    ) -> None:
        x = Axis(across, length=width, ticks=ticks_across, labels=ticks_across)
        y = Axis(up, length=height, vertical=True, ticks=ticks_up, labels=ticks_up)
        self.plane = Plane(x, y)
        xs = np.linspace(*across, _SAMPLES)
        points = [self.plane.point(a, b) for a, b in zip(xs, np.clip(f(xs), *up), strict=True)]
        self.curve = OpenPath(points, stroke_color=color or theme.ink, stroke_width=4)
        super().__init__(self.plane, self.curve)
        self.center()
