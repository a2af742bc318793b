"""`SumTable`: terms written one under the other, and under a rule their sum. What is shown adds up.

z = WeightedSum(2, 1)
table = SumTable(weighted_terms(z, trace, notation), total=(notation.symbol(z), trace.value(z)))
self.play(FadeIn(table.row(0)))
self.play(FadeIn(table.result))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from manim import DOWN, RIGHT, Line, Mobject, VGroup

from backprop_math import Activation, BackwardPass, Bias, Notation, Target, Weight, WeightedSum
from backprop_math.chain_rule import ChainRule, Factor
from backprop_math.expression import Expression, Number, Product, Relation, Sum, Term, inside
from backprop_math.rounding import adding_up, relation_sign

from .formula import Formula, continued
from .theme import MIN_SIZE, theme

__all__ = ["Addend", "ProductTable", "Row", "SumTable", "cost_terms", "path_terms", "weighted_terms"]


@dataclass(frozen=True)
class Addend:
    """One row: what is added in symbols, the same in numbers (``None`` where it is a single number), its value."""

    symbols: Expression
    arithmetic: Expression | None
    value: float


class Row(VGroup):
    """A line of the table: ``symbols``, and ``numbers`` from its first sign on, which may differ in size."""

    def __init__(self, relation: Relation, size: float, symbols_size: float) -> None:
        self.symbols = Formula(relation.sides[0], symbols_size)
        self.numbers = Formula(continued(relation), size)
        self.ends = len(relation.sides) - 1
        super().__init__(self.symbols, self.numbers)

    @property
    def value(self) -> VGroup:
        """The number at the end."""
        return self.numbers.side(self.ends)

    @property
    def arithmetic(self) -> VGroup | None:
        """What it is the value of, if that is more than the symbols."""
        return self.numbers.side(1) if self.ends == 2 else None

    def lay(self, first: float, second: float, end: float) -> None:
        """Signs at ``first`` and ``second``, the last digit at ``end``."""
        _to(self.symbols, 0.0)
        if self.arithmetic is not None:
            _to(self.numbers.sign(0), first)
            _to(self.arithmetic, first + self.numbers.sign(0).width + (self.numbers.size * 0.5))
        _to(self.numbers.sign(self.ends - 1), second)
        _to(self.value, end - self.value.width)


class SumTable(VGroup):
    """A row for each addend, signs and last digits aligned; ``rule``; and ``result``, a row, too.

    The values have as many decimals, at least ``decimals`` and the same in every row, as it takes for each
    row and for the column to add up from the digits shown (``sum`` is what the column says). ``width`` is the
    most that it takes if it can be read at that size, ``gap`` the least distance of the baselines.
    """

    def __init__(
        self,
        addends: Sequence[Addend],
        total: tuple[Expression, float],
        *,
        decimals: int = 3,
        size: float = 0.4,
        symbols_size: float | None = None,
        gap: float = 0.7,
        width: float = 5.4,
    ) -> None:
        relations, result = _adding_up(addends, total, decimals)
        numbers = tuple(inside(relation.sides[-1]) for relation in relations)
        self.sum = Relation((Sum(numbers), result.sides[-1]))
        sizes = [size, symbols_size or size]
        rows, end = _laid([*relations, result], *sizes)
        for _ in range(6):
            if end > width:
                sizes = [max(MIN_SIZE, 0.995 * each * width / end) for each in sizes]
                rows, end = _laid([*relations, result], *sizes)
        gap = max(gap, 0.15 + max(row.height for row in rows))
        for number, row in enumerate(rows):
            for part in row:
                part.on_baseline(-number * gap)
        *self.rows, self.result = rows
        above, below = self.rows[-1].get_bottom()[1], self.result.get_top()[1]
        self.result.shift(max(0.12, 0.4 - above + below) * DOWN)
        y = (above + self.result.get_top()[1]) / 2
        self.rule = Line([0, y, 0], [end, y, 0], stroke_width=2, color=theme.line)
        super().__init__(*rows[:-1], self.rule, self.result)
        self.center()

    def row(self, index: int) -> Row:
        """An addend's row."""
        return self.rows[index]


def cost_terms(trace: BackwardPass, notation: Notation, decimals: int = 3) -> list[Addend]:
    """One output's part of the cost in each row: ``(a_j − y_j)² ≈ (0.455 − 1.00)² ≈ 0.297``."""
    network, found = trace.network, []
    for j in range(network.layers[-1]):
        a, y = Activation(network.L, j), Target(j)
        symbols = network.cost.formula(notation.symbol(a), notation.symbol(y))
        numbers = network.cost.formula(notation.number(a, trace, decimals), notation.number(y, trace))
        parts = (np.array([trace.value(q)]) for q in (a, y))
        found.append(Addend(symbols, numbers, float(network.cost.value(*parts))))
    return found


def weighted_terms(z: WeightedSum, trace: BackwardPass, notation: Notation, decimals: int = 3) -> list[Addend]:
    """What a weighted sum is made of: ``w_jk a_k ≈ 0.70 · 0.774 ≈ 0.542`` in each row, the bias in the last."""
    layer, j, found = int(z.layer), int(z.j), []
    for k in range(trace.network.layers[layer - 1]):
        w, a = Weight(layer, j, k), Activation(layer - 1, k)
        symbols = Product((notation.symbol(w), notation.symbol(a)))
        numbers = Product((notation.number(w, trace), notation.number(a, trace, decimals)))
        found.append(Addend(symbols, numbers, trace.value(w) * trace.value(a)))
    b = Bias(layer, j)
    return [*found, Addend(notation.symbol(b), None, trace.value(b))]


def path_terms(chain: ChainRule, decimals: int = 3) -> list[Addend]:
    """Each path's product: its factors as derivatives, and as numbers, in terms named as in every chain rule.

    What is given (a weight, an input) has its own digits.
    """

    def value(factor: Factor) -> Term:
        given = chain.notation.factor_number(factor.of, factor.wrt, factor.value)
        if isinstance(given.body, Number) and given.body.exact:
            return given
        return chain.notation.factor_number(factor.of, factor.wrt, factor.value, decimals)

    return [
        Addend(
            Product(tuple(factor.symbol for factor in path.factors)),
            Product(tuple(value(factor) for factor in path.factors)),
            path.value,
        )
        for path in chain.paths
    ]


class ProductTable(VGroup):
    """The factors of a chain rule with one path, a row each, ``∂a/∂z = σ′(z) ≈ 0.229``; under a rule their ``product``.

    ``rows`` are formulas, ``factors`` the pairs of a row's number and its place in the product, for `Compose`.
    """

    def __init__(
        self, chain: ChainRule, notation: Notation, *, decimals: int = 3, size: float = 0.34, width: float = 6.0
    ) -> None:
        self._chain, self._numbers = chain, notation.chain_numbers(chain, decimals)
        super().__init__(*self._parts(size))
        if self.width > width:
            super().__init__(*self._parts(max(MIN_SIZE, 0.98 * size * width / self.width)))

    def _parts(self, size: float) -> list[Mobject]:
        (path,) = self._chain.paths
        names = [f"{factor.of}/{factor.wrt}" for factor in path.factors]
        values = {node.name: node.body for node in self._numbers.walk() if isinstance(node, Term)}
        self.rows = [
            Formula(Relation((factor.symbol, factor.formula, values[name]), ("=", relation_sign(values[name]))), size)
            for name, factor in zip(names, path.factors, strict=True)
        ]
        self.product = Formula(self._numbers, size)
        board = VGroup(*self.rows, self.product).arrange(DOWN, buff=0.26)
        for row in board:
            row.shift(-row.sign(0).get_left()[0] * RIGHT)
        self.product.shift(0.1 * DOWN)
        y = (self.rows[-1].get_bottom()[1] + self.product.get_top()[1]) / 2
        left, right = board.get_left()[0], board.get_right()[0]
        self.rule = Line([left, y, 0], [right, y, 0], stroke_width=2, color=theme.line)
        self.factors: list[tuple[Mobject, Mobject]] = [
            (row.side(2), self.product.term(name)) for row, name in zip(self.rows, names, strict=True)
        ]
        return [*self.rows, self.rule, self.product]


def _laid(relations: list[Relation], size: float, symbols_size: float) -> tuple[list[Row], float]:
    """The rows with signs below signs and last digits below last digits, and their width."""
    rows = [Row(relation, size, symbols_size) for relation in relations]
    space, sign = 0.5 * size, rows[-1].numbers.sign(0).width
    left = max(row.symbols.width for row in rows)
    middle = max((row.arithmetic.width for row in rows if row.arithmetic is not None), default=-sign - 2 * space)
    first = left + space
    second = first + sign + middle + 2 * space
    end = second + sign + space + max(row.value.width for row in rows)
    for row in rows:
        row.lay(first, second, end)
    return rows, end


def _to(part: VGroup, x: float) -> None:
    part.shift((x - part.get_left()[0]) * RIGHT)


def _adding_up(
    addends: Sequence[Addend], total: tuple[Expression, float], decimals: int
) -> tuple[list[Relation], Relation]:
    """The rows and the result with the fewest common decimals with which all of it adds up."""
    for places in range(decimals, decimals + 8):
        relations = [_row(addend, places) for addend in addends]
        name, value = total
        end = Number(value, places)
        result = Relation((name, end), (relation_sign(end),))
        shown = [inside(relation.sides[-1]) for relation in relations]
        if all(isinstance(number, Number) and number.decimals == places for number in shown) and (
            Relation((Sum(tuple(shown)), end)).adds_up() and all(relation.adds_up() for relation in relations)
        ):
            break
    return relations, result


def _row(addend: Addend, places: int) -> Relation:
    if addend.arithmetic is None:
        number = Number(addend.value, places)
        return Relation((addend.symbols, number), (relation_sign(number),))
    return adding_up(addend.symbols, addend.arithmetic, addend.value, places)
