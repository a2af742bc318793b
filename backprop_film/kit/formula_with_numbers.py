"""`FormulaWithNumbers`: a formula and, on the line under it, the same in numbers, aligned at the sign.

In a scene::

    z = FormulaWithNumbers(notation.definition(z), notation.with_numbers(notation.definition(z), trace), at=(1.75, 2.2))
    self.play(Write(z.symbols))
    self.play(FadeIn(z.numbers))
"""

from __future__ import annotations

from manim import RIGHT, VGroup

from backprop_math import Relation

from .formula import Formula, continued
from .theme import theme

__all__ = ["FormulaWithNumbers"]


class FormulaWithNumbers(VGroup):
    """``symbols`` with its sign at ``at`` (x of the sign's left end, y of the baseline), ``numbers`` below.

    The numbers shrink to end within the safe area.
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
    ) -> None:
        x, y = at
        self.symbols = Formula(relation, font_size=font_size).on_baseline(y)
        self.symbols.shift((x - self.symbols.sign(0).get_left()[0]) * RIGHT)
        self.numbers = (
            Formula(continued(numbers), font_size=numbers_font_size).fit(theme.safe.right - x).on_baseline(y - buff)
        )
        self.numbers.shift((x - self.numbers.get_left()[0]) * RIGHT)
        super().__init__(self.symbols, self.numbers)
