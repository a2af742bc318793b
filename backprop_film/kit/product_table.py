"""`ProductTable`: a chain rule with one path, factor by factor, and under a rule their product.

In a scene::

    table = ProductTable(trace.chain_rule(Weight(2, 1, 0), notation=notation, decimals=3))
    self.play(LaggedStart(*map(FadeIn, table.rows)))
    self.play(Create(table.rule), Compose(table.product, table.factors))
"""

from __future__ import annotations

from manim import DOWN, RIGHT, Line, Mobject, VGroup

from backprop_math import ChainRule, Factor, Glyph, Relation
from backprop_math.formula import factor_name, relation_sign, shorter

from .fitted import fitted
from .formula import Formula
from .theme import MIN_FONT_SIZE, theme

__all__ = ["ProductTable"]


class ProductTable(VGroup):
    """The factors of a chain rule with one path, a row each, ``∂a/∂z = σ′(z) ≈ 0.229``; under a rule their ``product``.

    ``rows`` are formulas, ``values`` their numbers, ``factors`` the pairs of a row's number and its place in the
    product, for `Compose`. ``width`` and ``height`` are the most that it takes: it shrinks as far as it can be read,
    then its formulas break into lines; of a chain that is longer still ``dots`` stand for the factors in the middle.
    """

    def __init__(
        self,
        chain: ChainRule,
        *,
        font_size: float = 32.64,
        width: float = 6.0,
        height: float = 4.8,
    ) -> None:
        (path,) = chain.paths
        self._chain, self._width = chain, width
        most = len(path.factors)
        super().__init__(*self._parts(path.factors, most, font_size))
        for _ in range(6):
            over = max(self.width / width, self.height / height)
            if over <= 1 or font_size == MIN_FONT_SIZE:
                break
            font_size = max(MIN_FONT_SIZE, 0.98 * font_size / over)
            super().__init__(*self._parts(path.factors, most, font_size))
        while self.height > height and most > 2:
            most -= 1
            super().__init__(*self._parts(path.factors, most, font_size))

    def _parts(self, factors: tuple[Factor, ...], most: int, font_size: float) -> list[Mobject]:
        numbers = self._chain.numbers
        hidden = len(factors) - most
        shown = (*factors[: most - 1], factors[-1]) if hidden else factors
        self.values = [numbers.factor(factor.of, factor.wrt) for factor in shown]
        self.rows = [
            self._formula(Relation((factor.symbol, factor.formula, value), ("=", relation_sign(value))), font_size)
            for factor, value in zip(shown, self.values, strict=True)
        ]
        product = shorter(numbers, most + 1) if hidden else numbers
        self.product = self._formula(product, font_size)
        self.dots = VGroup(Formula(Glyph("vdots"), font_size=font_size)) if hidden else VGroup()
        board = VGroup(*self.rows[: most - 1], *self.dots, *self.rows[most - 1 :], self.product).arrange(
            DOWN, buff=0.16
        )
        for row in (*self.rows, self.product):
            row.shift(-row.sign(0).get_left()[0] * RIGHT)
        for dots in self.dots:
            dots.set_x(0.1)
        self.product.shift(0.1 * DOWN)
        y = (self.rows[-1].get_bottom()[1] + self.product.get_top()[1]) / 2
        left, right = board.get_left()[0], board.get_right()[0]
        self.rule = Line([left, y, 0], [right, y, 0], stroke_width=2, color=theme.line)
        self.factors: list[tuple[Mobject, Mobject]] = [
            (row.side(2), self.product.factor(factor.of, factor.wrt))
            for row, factor in zip(self.rows, shown, strict=True)
            if factor_name(factor.of, factor.wrt) in self.product.terms and len(row.expression.sides) > 2
        ]
        return [*self.rows, *self.dots, self.rule, self.product]

    def _formula(self, relation: Relation, font_size: float) -> Formula:
        """Whole, as long as all of the table can still shrink."""
        if font_size > MIN_FONT_SIZE:
            return Formula(relation, font_size=font_size)
        return fitted(relation, width=self._width, font_size=font_size, gap=0.12)
