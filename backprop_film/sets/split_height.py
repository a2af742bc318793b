"""`SplitHeight`: an activation a and what is missing to 1, 1 − a, on the upright axis of a sigmoid's curve.

In a scene::

    panel = SlopePanel(trace, notation, Activation(3, 0), WeightedSum(3, 0))
    split = SplitHeight(panel, trace, Activation(3, 0))
    if split.fits:
        self.play(*split.grow())
"""

from __future__ import annotations

from manim import LEFT, Animation, Create, FadeIn, LaggedStart, Line, VGroup

from backprop_math import Activation, BackwardPass, Number
from backprop_math.formula import decimals_for

from ..kit.formula import Formula
from ..kit.slope_panel import SlopePanel
from ..kit.theme import theme

__all__ = ["SplitHeight"]

_BUFF = 0.12
_LEAST = 0.3  # of a part that a number has room beside


class SplitHeight(VGroup):
    """``parts``, from 0 to a, with its ``number`` at the left, and from a to 1: their product is the slope there.

    It ``fits`` where the axis reaches from 0 to 1 and both parts are large enough to be seen.
    """

    def __init__(self, panel: SlopePanel, trace: BackwardPass, a: Activation, *, font_size: float = 26.0) -> None:
        plane, value = panel.plane, trace.value(a)
        low, high = plane.y.span
        x = float(plane.x.line.get_left()[0])
        heights = [float(plane.point(plane.x.span[0], y)[1]) for y in (0.0, value, 1.0)]
        least = min(heights[1] - heights[0], heights[2] - heights[1])
        self.fits = bool(low <= 0.0 and high >= 1.0 and least > _LEAST)
        colours = (theme.ink, theme.secondary)
        self.parts = VGroup(
            *(
                Line([x, start, 0], [x, end, 0], stroke_width=8, color=colour)
                for start, end, colour in zip(heights, heights[1:], colours, strict=False)
            )
        )
        self.number = Formula(Number(value, decimals_for(value, 4), a), font_size=font_size, plain=True)
        self.number.set_fill(colours[0]).next_to(self.parts[0], LEFT, buff=_BUFF)
        super().__init__(self.parts, self.number)

    def grow(self) -> list[Animation]:
        """One part after the other, the first with its number."""
        one, other = self.parts
        return [LaggedStart(Create(one), FadeIn(self.number), Create(other), lag_ratio=0.4)]
