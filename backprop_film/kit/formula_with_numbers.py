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
        size: float | None = None,
        numbers_size: float = 0.4,
        gap: float = 0.62,
    ) -> None:
        x, y = at
        self.symbols = Formula(relation, size).on_baseline(y)
        self.symbols.shift((x - self.symbols.sign(0).get_left()[0]) * RIGHT)
        self.numbers = Formula(continued(numbers), numbers_size).fit(theme.safe.right - x).on_baseline(y - gap)
        self.numbers.shift((x - self.numbers.get_left()[0]) * RIGHT)
        super().__init__(self.symbols, self.numbers)
