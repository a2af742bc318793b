"""`RunsAgainstOne`: a run forward for each number, as so many chevrons, against one pass back, as one long arrow.

In a scene::

    runs = RunsAgainstOne(54).run(0).reach(0)
    self.add(runs)
    self.play(CountRuns(runs))
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from manim import LEFT, RIGHT, Animation, Arrow, Dot, Mobject, VGroup, linear

from backprop_film.kit import OpenPath, Prose, Readout, theme

__all__ = ["CountRuns", "RunsAgainstOne"]

_MOST, _LARGEST = 60, 2.5  # chevrons, and how much larger than the smallest they may be


class RunsAgainstOne(VGroup):
    """Two rows of one width: ``forward``, with a number, words and chevrons, and ``back``, with an arrow.

    Few chevrons are larger than many. ``each`` says what the runs are for. ``run(part)`` shows so much of the first
    row, ``reach(part)`` of the arrow.
    """

    def __init__(
        self,
        count: int,
        *,
        width: float = 6.2,
        of_many: str = "",
        buff: float = 0.92,
        each: str = "runs, one for each",
    ) -> None:
        self.total = count
        self.number = Readout(count, decimals=0, font_size=56)
        one = Readout(1, decimals=0, font_size=56, color=theme.highlight)
        words = Prose(each, font_size=25)
        self.many = Prose(of_many, font_size=23, color=theme.secondary) if of_many else VGroup()
        back = Prose("pass back, for all of them", font_size=25)
        left = max(self.number.width, 0.6) + 0.25
        length = width - left
        shown = min(count, _MOST)
        step = length / (shown + 2 * (count > _MOST))
        size = min(_LARGEST, max(1.0, 4 * step))
        wide, high = 0.055 * size, 0.07 * size
        self.chevrons = VGroup(
            *(
                OpenPath(
                    [[left + i * step, high, 0], [left + i * step + wide, 0, 0], [left + i * step, -high, 0]],
                    stroke_color=theme.ink, stroke_width=1 + size, stroke_opacity=0.8,
                )
                for i in range(shown)
            )
        )  # fmt: skip
        if count > _MOST:
            end = left + shown * step + 0.06
            self.chevrons.add(*(Dot([end + d, 0, 0], 0.025, color=theme.ink) for d in (0.0, 0.09, 0.18)))
        arrow = Arrow([left + length, -buff, 0], [left, -buff, 0], buff=0, stroke_width=4, tip_length=0.16)
        self.arrow = arrow.set_color(theme.highlight)
        self._ends = (np.array([left + length, -buff, 0]), np.array([left, -buff, 0]))
        above = 1.6 * high + 0.1
        for text, y in ((words, above), (back, 0.2 - buff)):
            text.move_to([left, 0, 0], aligned_edge=LEFT).on_baseline(y)
        if isinstance(self.many, Prose):
            # Beside a long number the words leave it no room: then under the chevrons.
            beside = self.many.width <= length - words.width - 0.3
            self.many.fit(length).align_to([left + length, 0, 0], RIGHT).on_baseline(
                above if beside else min(-0.36, -0.28 - high)
            )
        for number, y in ((self.number, -0.06), (one, -0.06 - buff)):
            number.move_to([left - 0.25, 0, 0], aligned_edge=RIGHT).on_baseline(y)
        self.forward, self.back = VGroup(self.number, words, self.chevrons), VGroup(one, back)
        super().__init__(self.forward, self.many, self.back, self.arrow)
        self.reach(1.0)

    def run(self, part: float) -> Self:
        """So much of the runs have been made."""
        seen = part * len(self.chevrons)
        for place, chevron in enumerate(self.chevrons):
            opacity = min(1.0, max(0.0, seen - place))
            if isinstance(chevron, Dot):
                chevron.set_fill(opacity=opacity)
            else:
                chevron.set_stroke(opacity=0.8 * opacity)
        self.number.set_value(round(part * self.total))
        return self

    def reach(self, part: float) -> Self:
        """So much of the way back has been made."""
        start = self.forward[1].get_left()[0]
        row = self.back[1].baseline - 0.2
        begin = np.array([start + self._ends[0][0] - self._ends[1][0], row, 0.0])
        end = np.array([start, row, 0.0])
        self.arrow.set_opacity(0.0 if part < 0.03 else 1.0)
        if part >= 0.03:
            self.arrow.put_start_and_end_on(begin, begin + part * (end - begin))
        return self


class CountRuns(Animation):
    """The chevrons of the runs appear one after the other, and the number counts them, from ``begin`` to ``end``."""

    def __init__(self, runs: RunsAgainstOne, *, begin: float = 0.0, end: float = 1.0, **animation: Any) -> None:
        self.runs, self._ends = runs, (begin, end)
        super().__init__(runs.forward, **{"run_time": 3.0, "rate_func": linear, **animation})

    def create_starting_mobject(self) -> Mobject:
        """Nothing is copied."""
        return Mobject()

    def interpolate(self, alpha: float) -> None:
        """Show so many of them."""
        begin, end = self._ends
        self.runs.run(begin + (end - begin) * self.rate_func(min(1.0, max(0.0, alpha))))
