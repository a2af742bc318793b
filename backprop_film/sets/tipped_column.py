"""`TipOver`: a column of numbers tips over and is a row: what was below is right of what was above.

In a scene::

    matrix = WeightMatrix(network, notation, 2, trace=trace).shift(3 * RIGHT)
    column, row = matrix.column(0), matrix.column(0).copy().arrange(RIGHT).shift(5 * LEFT + 2 * DOWN)
    frame, goal = SurroundingRectangle(column), SurroundingRectangle(row)
    self.play(TipOver(list(zip(column, row)), frame, goal))
    self.add(row, goal)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from manim import PI, Animation, Mobject, VGroup, interpolate, rotation_matrix, smooth

__all__ = ["TipOver"]


class TipOver(Animation):
    """Copies of a column's entries and of its ``frame`` go down and aside to their places in a row, on an arc.

    ``moves`` are pairs (entry, number in the row). The digits stay upright. What was moved is gone at the end: the row
    itself, and ``goal``, its frame, are then added.
    """

    def __init__(
        self, moves: Sequence[tuple[Mobject, Mobject]], frame: Mobject, goal: Mobject, **animation: Any
    ) -> None:
        self.moves, self.frame, self.goal = list(moves), frame, goal
        copies = VGroup(frame.copy(), *(source.copy() for source, _ in self.moves))
        copies[0].overlaps_ok = True
        super().__init__(copies, introducer=True, remover=True, **{"run_time": 1.8, "rate_func": smooth, **animation})

    def create_starting_mobject(self) -> Mobject:
        """Nothing is copied."""
        return Mobject()

    def interpolate(self, alpha: float) -> None:
        """The middle moves on a curve, and around it all turns by a right angle."""
        t = self.rate_func(min(1.0, max(0.0, alpha)))
        start, end = self.frame.get_center(), self.goal.get_center()
        corner = np.array([start[0], end[1], 0.0])
        middle = (1 - t) ** 2 * start + 2 * t * (1 - t) * corner + t**2 * end
        turned = rotation_matrix(smooth(max(0.0, (t - 0.3) / 0.7)) * PI / 2, np.array([0.0, 0.0, 1.0]))
        back = rotation_matrix(-PI / 2, np.array([0.0, 0.0, 1.0]))
        frame = self.frame.copy()
        frame.stretch_to_fit_height(interpolate(self.frame.height, self.goal.width, t))
        frame.stretch_to_fit_width(interpolate(self.frame.width, self.goal.height, t))
        self.mobject[0].points = frame.move_to([0, 0, 0]).points @ turned.T + middle
        for copy, (source, goal) in zip(self.mobject[1:], self.moves, strict=True):
            apart = interpolate(source.get_center() - start, back @ (goal.get_center() - end), t)
            placed = source.copy().scale(interpolate(1.0, goal.height / source.height, t))
            placed.move_to(middle + turned @ apart)
            for glyph, own in zip(copy.family_members_with_points(), placed.family_members_with_points(), strict=True):
                glyph.points = own.points
