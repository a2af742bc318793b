"""`ContributionBars`: what adds up to a total, as bars, each of which begins where the one before ends.

In a scene::

    addends, total = [Number(-0.649, 3), Number(0.176, 3)], Number(-0.473, 3)
    bars = ContributionBars(["Gentoo", "Adélie"], addends, total)
    self.play(FadeIn(bars.baseline), *bars.grow(0))
    self.play(Create(bars.links[0]), *bars.grow(1))
    self.play(Create(bars.links[1]), *bars.grow(-1))
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from manim import DOWN, UP, Animation, DashedLine, FadeIn, GrowFromEdge, Line, Polygon, VGroup

from backprop_math import Number

from .fitted import fitted_prose
from .formula import Formula
from .theme import MIN_FONT_SIZE, theme

__all__ = ["ContributionBars"]

_LEAST, _TIP, _AIR = 0.03, 0.14, 0.14


class ContributionBars(VGroup):
    """A bar for each addend, and the last one, brighter, for the total, all to one scale.

    ``names`` stand above, ``numbers`` below (by turns on two or three lines, where they are too wide for one);
    ``links[i]`` is the dotted line from the end of bar i to the next one. Downwards is negative, and a tip shows which
    way a bar goes. With ``apart`` there is room for each bar to begin at zero (`set_apart`) before it is laid at the
    end of the one before (`lay_together`).
    """

    def __init__(
        self,
        names: Sequence[str],
        addends: Sequence[Number],
        total: Number,
        *,
        together: str = "together",
        color: str | None = None,
        width: float = 3.3,
        height: float = 2.2,
        font_size: float = 30,
        apart: bool = False,
    ) -> None:
        color = color or theme.highlight
        count = len(addends) + 1
        pitch = width / max(count, 3)
        ends = np.cumsum([number.value for number in addends])
        spans = [*zip([0.0, *ends[:-1]], ends, strict=True), (0.0, total.value)]
        reached = [*ends, total.value, *([number.value for number in addends] if apart else [])]
        low, high = min(0.0, *reached), max(0.0, *reached)
        unit = height / ((high - low) or 1.0)
        places = [(i - (count - 1) / 2) * pitch for i in range(count)]
        self.baseline = Line([places[0] - pitch / 2, 0, 0], [places[-1] + pitch / 2, 0, 0], stroke_width=2)
        self.baseline.set_color(theme.secondary)
        self.bars = VGroup(
            *(
                _bar(x, start * unit, end * unit, 0.5 * min(pitch, 1.0))
                for x, (start, end) in zip(places, spans, strict=True)
            )
        )
        self.bars.set_fill(color, 0.6).set_stroke(width=0)
        self.bars[-1].set_fill(color, 1)
        self.down = [end < start for start, end in spans]
        self._starts = [float(start * unit) for start, _ in spans[:-1]]
        half = 0.25 * min(pitch, 1.0)
        self.links = VGroup(
            *(
                DashedLine([x - half, end * unit, 0], [following + half, end * unit, 0], dash_length=0.05)
                for x, following, end in zip(places, places[1:], ends, strict=False)
            )
        ).set_stroke(theme.secondary, 1.5)
        self.names = VGroup()
        for x, text in zip(places, [*names, together], strict=True):
            ink = theme.ink if text is together else theme.secondary
            name = fitted_prose(text, width=pitch - 0.08, font_size=24, color=ink)
            self.names.add(name.move_to([x, 0, 0]).on_baseline(high * unit + _AIR))
        self.numbers = VGroup(*(Formula(number, font_size=font_size) for number in [*addends, total]))
        self.numbers[-1].set_fill(color)
        widest = max(number.width for number in self.numbers)
        scale = max(min(1.0, (pitch - 0.1) / widest), MIN_FONT_SIZE / font_size)
        lines = min(3, math.ceil((scale * widest + 0.1) / pitch - 1e-9))
        for i, (x, number) in enumerate(zip(places, self.numbers, strict=True)):
            number.scale(scale).move_to([x, 0, 0])
            number.shift((low * unit - _AIR - number.get_top()[1] - 0.4 * (i % lines)) * UP)
        super().__init__(self.baseline, self.links, self.bars, self.names, self.numbers)

    def set_apart(self) -> None:
        """Each addend's bar begins at zero."""
        for bar, start in zip(self.bars[:-1], self._starts, strict=True):
            bar.shift(-start * UP)

    def lay_together(self) -> list[Animation]:
        """From there, each goes to where the one before ends."""
        return [bar.animate.shift(start * UP) for bar, start in zip(self.bars[:-1], self._starts, strict=True)]

    def grow(self, index: int) -> list[Animation]:
        """The bar grows from where it begins, and its number comes."""
        return [GrowFromEdge(self.bars[index], UP if self.down[index] else DOWN), FadeIn(self.numbers[index])]


def _bar(x: float, start: float, end: float, width: float) -> Polygon:
    """From ``start`` to ``end``, with a tip; what is almost nothing is a line."""
    if abs(end - start) < _LEAST:
        end = start + (_LEAST if end >= start else -_LEAST)
    tip = float(np.sign(end - start)) * min(_TIP, 0.5 * abs(end - start))
    left, right = x - width / 2, x + width / 2
    return Polygon([left, start, 0], [right, start, 0], [right, end - tip, 0], [x, end, 0], [left, end - tip, 0])
