"""`DefinitionBoard`: definitions one below the other, each in symbols and, under them, in the numbers of an example.

In a scene::

    z, board = WeightedSum(2, 1), DefinitionBoard(notation, left=-0.2)
    symbols, numbers = board.write(z, notation.with_numbers(notation.definition(z), trace), height=2.0)
    self.play(FadeIn(symbols))
    self.play(FadeIn(numbers))
"""

from __future__ import annotations

from typing import Any

from manim import DOWN, LEFT, UP, VGroup

from backprop_math import Activation, Notation, Quantity, Relation

from ..kit.fitted import fitted
from ..kit.formula import continued
from ..kit.theme import MIN_FONT_SIZE, theme

__all__ = ["DefinitionBoard"]

_SYMBOLS, _NUMBERS = 0.53, 0.43  # of a definition's height
_SIZE, _NUMBERS_SIZE, _GAP = 41.0, 34.0, 0.1
_BELOW, _APART = 0.16, 0.35


class DefinitionBoard(VGroup):
    """From ``left`` to the right end of the safe area, from the top of the stage; empty, until something is written."""

    def __init__(self, notation: Notation, *, left: float) -> None:
        super().__init__()
        self.notation, self.left = notation, left

    def write(self, quantity: Quantity, numbers: Relation, *, height: float) -> VGroup:
        """A quantity's definition in symbols, and in numbers below, aligned at the sign, within so much height.

        It stands below what is on the board already. A sum that is too long to be read is written with Σ.
        """
        width = theme.safe.right - self.left - 0.05
        how: dict[str, Any] = {"wrap_first": True, "gap": _GAP}
        room: dict[str, Any] = {"width": width, "height": _SYMBOLS * height, "font_size": _SIZE}
        symbols = fitted(self.notation.definition(quantity), **room, **how)
        if symbols.font_size < MIN_FONT_SIZE * 0.999 and not isinstance(quantity, Activation):
            symbols = fitted(self.notation.definition(quantity, expanded=False), **room, **how)
        sign = symbols.sign(0).get_left()[0] - symbols.get_left()[0]
        below = fitted(continued(numbers), width=width - sign, height=_NUMBERS * height, font_size=_NUMBERS_SIZE, **how)
        symbols.align_to([self.left, 0, 0], LEFT)
        below.next_to(symbols, DOWN, buff=_BELOW).align_to([self.left + sign, 0, 0], LEFT)
        lines = VGroup(symbols, below)
        top = self[-1].get_bottom()[1] - _APART if len(self) else theme.stage.top - 0.1
        self.add(lines.align_to([0, top, 0], UP))
        return lines
