"""`FormulaWithNumbers`: a formula and, on the line under it, the same in numbers, aligned at the sign.

In a scene::

    z = FormulaWithNumbers(notation.definition(z), notation.with_numbers(notation.definition(z), trace), at=(1.75, 2.2))
    self.play(Write(z.symbols))
    self.play(FadeIn(z.numbers))
"""

from __future__ import annotations

from manim import DOWN, RIGHT, VGroup

from backprop_math import Relation

from .fitted import fitted
from .formula import Formula, continued
from .theme import theme

__all__ = ["FormulaWithNumbers"]

_GAP = 0.14  # between the lines of one formula


class FormulaWithNumbers(VGroup):
    """``symbols`` with its sign at ``at`` (x of the sign's left end, y of the baseline), ``numbers`` below.

    Both end within the safe area, or within ``width`` from the sign, and take no more than ``height`` together: they
    shrink, break into lines, and are shortened where they are very long, as `fitted` does.
    """

    def __init__(
        self,
        relation: Relation,
        numbers: Relation,
        *,
        at: tuple[float, float],
        font_size: float | None = None,
        numbers_font_size: float = 38.4,
        buff: float = 0.62,
        width: float | None = None,
        height: float = 4.0,
    ) -> None:
        x, y = at
        room = theme.safe.right - x if width is None else width
        whole = Formula(relation, font_size=font_size)
        before = float(whole.sign(0).get_left()[0] - whole.get_left()[0])
        self.symbols = fitted(
            relation, width=max(before + room, 0.1), height=height / 2, font_size=font_size, gap=_GAP
        ).on_baseline(y)
        self.symbols.shift((x - self.symbols.sign(0).get_left()[0]) * RIGHT)
        self.numbers = fitted(
            continued(numbers), width=room, height=height / 2, font_size=numbers_font_size, gap=_GAP
        ).on_baseline(y - buff)
        self.numbers.shift((x - self.numbers.get_left()[0]) * RIGHT)
        # Further lines of the symbols push the numbers down.
        over = self.numbers.get_top()[1] + _GAP - self.symbols.get_bottom()[1]
        if self.symbols.height > whole.height + _GAP and over > 0:
            self.numbers.shift(over * DOWN)
        super().__init__(self.symbols, self.numbers)
