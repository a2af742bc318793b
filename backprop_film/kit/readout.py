"""`Readout`: a number that belongs to a quantity and changes while it is looked at.

Manim's `DecimalNumber` is rebuilt in every frame; here each place keeps its position and its mobject, and
only the places whose digit changed get another outline.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any, Self

import numpy as np
from manim import VGroup, VMobject

from backprop_math import Number, Quantity, Trace

from .arguments import followed
from .texts import TextMobject, placement
from .theme import POINTS, theme
from .typeset import typeset

__all__ = ["Readout", "ReadoutSign"]

_SIGNS = {"-": "minus"}


def _places(shown: str) -> list[str]:
    """The characters of a number as it is shown; those of a power of ten's exponent after a ``^``."""
    mantissa, _, power = shown.partition("e")
    return [*mantissa, *("×10" if power else ""), *(f"^{character}" for character in power)]


def _at(mark: str, places: Sequence[str]) -> int:
    return places.index(mark) if mark in places else -1


def _cell(character: str, size: float) -> np.ndarray:
    """A character's outline, placed in its cell as the digit 0 would be at x = 0."""
    if character == "-":
        return typeset("minus 0", size, math=True)[0].points
    if character[0] == "^":
        outline = typeset(f"0^({_SIGNS.get(character[1], character[1])})", size, math=True)[-1]
        return outline.points - [_advance("0", size), 0, 0]
    markup = "0 times 0" if character == "×" else f'"0{character}"'
    return typeset(markup, size, math=True)[1].points - [_advance("0", size), 0, 0]


def _advance(character: str, size: float) -> float:
    """How far the next character's cell is to the right: the same for every digit, though the 7 leans over."""
    if character == "-":
        return float(typeset("minus 0", size, math=True)[1].points[:, 0].min())
    if character[0] == "^":
        sign = _SIGNS.get(character[1], "0")
        after, before = (typeset(f"0^({over})", size, math=True)[-1] for over in (f"{sign} 0", "0"))
        return float(after.points[:, 0].min() - before.points[:, 0].min())
    wide = "0" if character.isdigit() else character
    markup = "0 times 0" if character == "×" else f'"0{wide}0"'
    after, digit = typeset(markup, size, math=True)[2], typeset('"00"', size, math=True)[1]
    return float(after.points[:, 0].min() - digit.points[:, 0].min())


class Readout(TextMobject):
    """The value of a quantity in a trace, in its colour, with fixed places; the last digit never moves.

    Instead of a trace it may be given a value. ``ask`` says how to get another number from a trace (a derivative, say).
    ``show(trace)`` or ``set_value(value)`` changes it, at once; within `ChangeQuantity` it runs.

        cost = Readout(trace, Cost(), decimals=4)
        self.play(FadeIn(cost))
        self.play(ChangeQuantity(example, Weight(3, 0, 0), 1.3, 1.9, [cost]))      # or, at once: cost.show(trace)
    """

    def __init__(
        self,
        of: Trace | float,
        quantity: Quantity | None = None,
        *,
        decimals: int = 4,
        font_size: float | None = None,
        color: str | None = None,
        ask: Callable[[Any], float] | None = None,
    ) -> None:
        self.quantity, self._ask = quantity, ask
        self.decimals = decimals
        value = (
            float(of) if isinstance(of, Real) else self.asked(followed("Readout", of, "value", "a trace or a number"))
        )
        super().__init__((), font_size or theme.symbol_size, lambda outline: "")
        self._em = self._made / POINTS
        self._color = color or theme.colour(quantity)
        self.number = self._numbered(value)
        self._shown = ""
        self._lay(self.number.shown)
        self.center()

    @property
    def value(self) -> float:
        """The value, unrounded."""
        return self.number.value

    @property
    def baseline(self) -> float:
        """The y of the baseline; round digits reach a little below it."""
        return float(self._placement()[1][1])

    def _scaled(self) -> float:
        return float(np.linalg.norm(self._placement()[0][1]))

    def set_value(self, value: float) -> Self:
        """Show another value: the digits that differ change, nothing moves."""
        self.number = self._numbered(value)
        if self.number.shown != self._shown:
            self._lay(self.number.shown)
        return self

    def _numbered(self, value: float) -> Number:
        return Number(value, self.decimals, self.quantity)

    def asked(self, trace: Trace) -> float:
        """What ``trace`` says: the quantity's value, or what ``ask`` makes of it."""
        if self._ask is not None:
            return self._ask(trace)
        if self.quantity is None:
            raise ValueError("a Readout of a trace: found no quantity and no ask, expected one of them")
        return trace.value(self.quantity)

    def show(self, trace: Trace) -> Self:
        """Show the value in ``trace``."""
        return self.set_value(self.asked(trace))

    def _lay(self, shown: str) -> None:
        """Give each place from the right the outline of its character, where the number now stands."""
        axes, origin = self._placement()
        # With other decimals the point stands elsewhere, and with it all digits before it.
        places, before = _places(shown)[::-1], _places(self._shown)[::-1]
        moved = any(_at(mark, places) != _at(mark, before) for mark in ".×")
        corners, earlier = self._corners(places), self._corners(before)
        for place, (character, corner) in enumerate(zip(places, corners, strict=True)):
            if place == len(self.submobjects):
                self.add(self._new_cell())
            stays = before[place : place + 1] == [character] and np.array_equal(corner, earlier[place])
            if moved or not stays:
                points = (_cell(character, self._em) + corner) @ axes + origin
                self.submobjects[place].points = points
        for cell in self.submobjects[len(places) :]:
            cell.points = np.zeros((0, 3))  # who still draws it in this play draws nothing
        del self.submobjects[len(places) :]
        self._shown = shown

    def _corners(self, places: Sequence[str]) -> list[np.ndarray]:
        """Where the cell of each character begins, from the right, measured from the end of the last one."""
        ends = np.cumsum([-_advance(character, self._em) for character in places])
        return [np.array([float(x), 0.0, 0.0]) for x in ends]

    def _new_cell(self) -> VMobject:
        """A place more, which looks as the others do now."""
        if self.submobjects:
            return self.submobjects[0].copy()
        return VMobject(stroke_width=0, fill_opacity=1, fill_color=self._color, stroke_color=self._color)

    def _placement(self) -> tuple[np.ndarray, np.ndarray]:
        """Where the outlines' axes (as rows) and origin are now, measured on the last digit, which always stands there.

        So the number may have been scaled, turned or mirrored.
        """
        if not self._shown:
            return np.eye(3), np.zeros(3)
        last = _places(self._shown)[-1]
        outline = _cell(last, self._em) - np.array([_advance(last, self._em), 0, 0])
        return placement(outline, self.submobjects[0].points)


class ReadoutSign(VGroup):
    """= before a number that has all its digits, ≈ before one that is rounded; `show` changes it, at one place.

    >>> sign = ReadoutSign(Readout(0.25, decimals=4))
    >>> [float(glyph.get_fill_opacity()) for glyph in sign.show(Readout(1 / 3))]
    [0.0, 1.0]
    """

    def __init__(self, readout: Readout, *, font_size: float | None = None) -> None:
        size = font_size or theme.symbol_size
        equal, rounded = (typeset(sign, size / POINTS, math=True)[0] for sign in ("=", "approx"))
        super().__init__(*(VMobject(stroke_width=0, fill_color=theme.ink, fill_opacity=1) for _ in range(2)))
        for mobject, outline in zip(self, (equal, rounded), strict=True):
            mobject.points = outline.points.copy()
        self.show(readout)

    def show(self, readout: Readout) -> Self:
        """The sign before this number."""
        for mobject, shown in zip(self, (readout.number.exact, not readout.number.exact), strict=True):
            mobject.set_fill(opacity=float(shown))
        return self
