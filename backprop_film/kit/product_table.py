"""`ProductTable`: a chain rule with one path, factor by factor, and under a rule their product.

In a scene::

    table = ProductTable(trace.chain_rule(Weight(2, 1, 0), notation=notation, decimals=3))
    self.play(FadeIn(table.rows[0]))
    self.play(Create(table.rule), Compose(table.product, table.factors))
"""

from __future__ import annotations

from manim import DOWN, RIGHT, Line, Mobject, VGroup

from backprop_math import ChainRule, Relation
from backprop_math.formula import relation_sign

from .formula import Formula
from .theme import MIN_FONT_SIZE, theme

__all__ = ["ProductTable"]


class ProductTable(VGroup):
    """The factors of a chain rule with one path, a row each, ``∂a/∂z = σ′(z) ≈ 0.229``; under a rule their ``product``.

    ``rows`` are formulas, ``values`` their numbers, ``factors`` the pairs of a row's number and its place in the
    product, for `Compose`.
    ``width`` and ``height`` are the most that it takes.
    """

    def __init__(
        self,
        chain: ChainRule,
        *,
        font_size: float = 32.64,
        width: float = 6.0,
        height: float = 4.8,
    ) -> None:
        self._chain, self._numbers = chain, chain.numbers
        super().__init__(*self._parts(font_size))
        over = max(self.width / width, self.height / height)
        if over > 1:
            super().__init__(*self._parts(max(MIN_FONT_SIZE, 0.98 * font_size / over)))

    def _parts(self, font_size: float) -> list[Mobject]:
        (path,) = self._chain.paths
        self.values = [self._numbers.factor(factor.of, factor.wrt) for factor in path.factors]
        self.rows = [
            Formula(Relation((factor.symbol, factor.formula, value), ("=", relation_sign(value))), font_size=font_size)
            for factor, value in zip(path.factors, self.values, strict=True)
        ]
        self.product = Formula(self._numbers, font_size=font_size)
        board = VGroup(*self.rows, self.product).arrange(DOWN, buff=0.16)
        for row in board:
            row.shift(-row.sign(0).get_left()[0] * RIGHT)
        self.product.shift(0.1 * DOWN)
        y = (self.rows[-1].get_bottom()[1] + self.product.get_top()[1]) / 2
        left, right = board.get_left()[0], board.get_right()[0]
        self.rule = Line([left, y, 0], [right, y, 0], stroke_width=2, color=theme.line)
        self.factors: list[tuple[Mobject, Mobject]] = [
            (row.side(2), self.product.factor(factor.of, factor.wrt))
            for row, factor in zip(self.rows, path.factors, strict=True)
        ]
        return [*self.rows, self.rule, self.product]
