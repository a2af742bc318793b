"""`FormulaWithNumbers`: a formula and, on the line under it, the same in numbers, aligned at the sign.

In a scene::

    formula = notation.definition(WeightedSum(3, 0))
    z = FormulaWithNumbers(formula, notation.with_numbers(formula, trace), at=(1.75, 2.2))
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
        over = 0.0
        for _ in range(8):  # What stands before the sign shrinks, too.
            within = max(before + room - over, 0.1)
            self.symbols = fitted(relation, width=within, height=height / 2, font_size=font_size, gap=_GAP)
            self.symbols.on_baseline(y).shift((x - self.symbols.sign(0).get_left()[0]) * RIGHT)
            if self.symbols.get_right()[0] <= x + room - 0.005:
                break
            over = before * (1 - self.symbols.font_size / whole.font_size) + 0.01
        self.numbers = fitted(
            continued(numbers), width=room, height=height / 2, font_size=numbers_font_size, gap=_GAP
        ).on_baseline(y - buff)
        self.numbers.shift((x - self.numbers.get_left()[0]) * RIGHT)
        # Further lines of the symbols push the numbers down.
        gap = _GAP if self.symbols.height > whole.height + _GAP else 0.035
        self.numbers.shift(max(0.0, self.numbers.get_top()[1] + gap - self.symbols.get_bottom()[1]) * DOWN)
        super().__init__(self.symbols, self.numbers)
