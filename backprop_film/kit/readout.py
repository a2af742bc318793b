"""`Readout`: a number that belongs to a quantity and changes while it is looked at.

Manim's `DecimalNumber` is rebuilt in every frame; here each place keeps its position and its mobject, and
only the places whose digit changed get another outline.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from manim import VMobject

from backprop_math import Number, Quantity, Trace

from .formula import TextMobject
from .theme import theme
from .typeset import typeset

__all__ = ["Readout"]


def _cell(character: str, size: float) -> np.ndarray:
    """A character's outline, placed in its cell as the digit 0 would be at x = 0."""
    if character == "-":
        return typeset("minus 0", size, math=True)[0].points
    return typeset(f'"0{character}"', size, math=True)[-1].points - [_advance("0", size), 0, 0]


def _advance(character: str, size: float) -> float:
    """How far the next character's cell is to the right: the same for every digit, though the 7 leans over."""
    if character == "-":
        return float(typeset("minus 0", size, math=True)[1].points[:, 0].min())
    wide = "0" if character.isdigit() else character
    after, digit = typeset(f'"0{wide}0"', size, math=True)[2], typeset('"00"', size, math=True)[1]
    return float(after.points[:, 0].min() - digit.points[:, 0].min())


class Readout(TextMobject):
    """The value of a quantity, in its colour, with fixed places; the last digit never moves.

    ``ask`` says how to get another number from a trace (a derivative, say).
    ``show(trace)`` or ``set_value(value)`` changes it, at once; within `ChangeQuantity` it runs.

        readout = Readout(Weight(3, 0, 0), trace, decimals=4)
        readout.show(nudged_trace)
    """

    def __init__(
        self,
        quantity: Quantity | None,
        trace: Trace | None = None,
        *,
        value: float | None = None,
        decimals: int = 4,
        size: float | None = None,
        colour: str | None = None,
        ask: Callable[[Any], float] | None = None,
    ) -> None:
        self.quantity, self._ask = quantity, ask
        if value is None:
            if trace is None or (quantity is None and ask is None):
                raise ValueError("a Readout needs a value, or a quantity and the trace that knows it")
            value = self.asked(trace)
        self.decimals = decimals
        super().__init__((), size or theme.symbol_size, lambda outline: "")
        self._colour = colour or theme.colour(quantity)
        self.number = Number(value, decimals, quantity)
        self._shown = ""
        self._lay(self.number.shown)
        self.center()

    @property
    def value(self) -> float:
        """The value, unrounded."""
        return self.number.value

    @property
    def current_size(self) -> float:
        """The font size as shown, whatever the digits."""
        return self.size * self._placement()[0]

    @property
    def baseline(self) -> float:
        """The y of the baseline; round digits reach a little below it."""
        return float(self._placement()[1][1])

    def set_value(self, value: float) -> Self:
        """Show another value: the digits that differ change, nothing moves."""
        self.number = Number(value, self.decimals, self.quantity)
        if self.number.shown != self._shown:
            self._lay(self.number.shown)
        return self

    def asked(self, trace: Trace) -> float:
        """What ``trace`` says: the quantity's value, or what ``ask`` makes of it."""
        if self._ask is not None:
            return self._ask(trace)
        if self.quantity is None:
            raise ValueError("this Readout has no quantity to ask the trace for")
        return trace.value(self.quantity)

    def show(self, trace: Trace) -> Self:
        """Show the value in ``trace``."""
        return self.set_value(self.asked(trace))

    def _lay(self, shown: str) -> None:
        """Give each place from the right the outline of its character, where the number now stands."""
        scale, origin = self._placement()
        # With other decimals the point stands elsewhere, and with it all digits before it.
        moved = shown[::-1].find(".") != self._shown[::-1].find(".")
        x = 0.0
        for place, character in enumerate(reversed(shown)):
            x -= _advance(character, self.size)
            if place == len(self.submobjects):
                self.add(self._new_cell())
            changed = self._shown[::-1][place : place + 1] != character
            if moved or changed or place >= len(self._shown):
                points = (_cell(character, self.size) + np.array([x, 0, 0])) * scale + origin
                self.submobjects[place].points = points
        for cell in self.submobjects[len(shown) :]:
            cell.points = np.zeros((0, 3))  # who still draws it in this play draws nothing
        del self.submobjects[len(shown) :]
        self._shown = shown

    def _new_cell(self) -> VMobject:
        """A place more, which looks as the others do now."""
        if self.submobjects:
            return self.submobjects[0].copy()
        return VMobject(stroke_width=0, fill_opacity=1, fill_color=self._colour, stroke_color=self._colour)

    def _placement(self) -> tuple[float, np.ndarray]:
        """The scale and the origin now, measured on the last digit, which always stands there."""
        if not self._shown:
            return 1.0, np.zeros(3)
        outline = _cell(self._shown[-1], self.size) - np.array([_advance(self._shown[-1], self.size), 0, 0])
        points = self.submobjects[0].points
        scale = float(np.ptp(points[:, 1]) / np.ptp(outline[:, 1]))
        return scale, points[0] - outline[0] * scale
