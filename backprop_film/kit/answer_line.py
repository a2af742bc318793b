"""`AnswerLine`: a network's answer against the truth, as a dot on a line, and how far it misses.

In a scene::

    line = AnswerLine(trace, 0, name="Gentoo").next_to(diagram.neuron(network.L, 0), RIGHT)
    self.play(FadeIn(diagram, line))
    self.play(ChangeQuantity(example, Weight(3, 0, 0), -3.0, 5.0, [diagram, line]))
"""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Dot, Line, Mobject, VGroup

from backprop_math import Activation, BackwardPass, Cost, Number, Target, Trace
from backprop_math.formula import decimals_for, short_number

from .extents import boundary, near
from .fitted import fitted_prose
from .formula import Formula
from .spans import nice_span
from .texts import Prose
from .theme import theme

__all__ = ["AnswerLine"]

_AIR = 0.17  # between an end and its number: a dot lies there, and a ring around it
_NAME, _GAP = 0.5, 0.2  # the least room for a name, and what is between it and the truth


class AnswerLine(VGroup):
    """The line of output ``j``, ``width`` long: from 0 to 1 where both numbers lie there, else between round ends.

    Its parts are ``label`` and ``truth`` above it, ``rail``, with 0 and 1 beside it, the golden ``tick`` at the truth,
    the ``dot`` at the answer, and the red ``gap`` between them. ``show(trace)`` moves the dot.
    """

    def __init__(self, trace: BackwardPass, j: int, *, name: str, width: float = 2.2) -> None:
        self.quantity, self.target = Activation(trace.network.L, j), Target(j)
        answer, truth = trace.value(self.quantity), trace.value(self.target)
        self.span = (0.0, 1.0) if min(answer, truth) >= 0 and max(answer, truth) <= 1 else nice_span(answer, truth)
        base = Line(width / 2 * LEFT, width / 2 * RIGHT, stroke_width=3, color=theme.line)
        ends = (
            Line(end + 0.08 * UP, end + 0.08 * DOWN, stroke_width=2, color=theme.line)
            for end in base.get_start_and_end()
        )
        bounds = (Formula(Number(bound, 0), font_size=26, color=theme.secondary) for bound in self.span)
        sides = zip(base.get_start_and_end(), (LEFT, RIGHT), strict=True)
        written = [figure.next_to(at, side, buff=_AIR) for figure, (at, side) in zip(bounds, sides, strict=True)]
        self.rail = VGroup(base, *ends, *(written if self.bounded else []))
        gold = theme.role(Target)
        number = Number(truth, decimals_for(truth, 0, given=True)).text()
        # The colour says what it is, too.
        texts = (f"truth {number}", number, short_number(truth).text())
        told = [Prose(text, color=gold, font_size=24) for text in texts]
        self.truth = next((text for text in told if text.width < width - _GAP - _NAME), told[-1])
        room = max(width - self.truth.width - _GAP, _NAME)
        self.label = fitted_prose(name, width=room, font_size=theme.label_size)
        for text, side in ((self.label, LEFT), (self.truth, RIGHT)):
            text.align_to(base, side).on_baseline(0.24)
        self.tick = Line(0.13 * DOWN, 0.13 * UP, stroke_width=5, color=gold)
        self.gap = Line(LEFT, RIGHT, stroke_width=6, color=theme.role(Cost))
        self.dot = Dot(radius=0.085, color=theme.ink).set_stroke(theme.background, 1.5)
        super().__init__(self.rail, self.gap, self.tick, self.dot, self.label, self.truth)
        self.tick.move_to(self.point(truth))
        self._truth = truth
        self.show(trace)

    @property
    def bounded(self) -> bool:
        """Whether it is from 0 to 1, and says so."""
        return self.span == (0.0, 1.0)

    def point(self, value: float) -> np.ndarray:
        """Where ``value`` lies on the line; beyond an end, at that end."""
        start, end = self.rail[0].get_start_and_end()
        low, high = self.span
        return np.array(start + min(1.0, max(0.0, (value - low) / (high - low))) * (end - start))

    def is_clear_of(self, mobject: Mobject) -> bool:
        """Whether a mobject does not come near to what is written above the line."""
        return not any(near(mobject, boundary(text), 0.05) for text in (self.label, self.truth))

    def show(self, trace: Trace) -> Self:
        """Move the dot to the answer in ``trace``, and one end of the gap with it."""
        at, truth = self.point(trace.value(self.quantity)), self.point(self._truth)
        self.dot.move_to(at)
        # A gap of no length has no direction; below the dot nothing is seen of it.
        self.gap.put_start_and_end_on(at, truth if np.linalg.norm(at - truth) > 1e-6 else at + 1e-4 * RIGHT)
        return self
