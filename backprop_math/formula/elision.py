"""Long sums and products, shortened: dots in symbols, and in numbers what the hidden ones come to, "0.2134 (13 more)".

So the arithmetic shown adds up, however much of it is hidden.

>>> from backprop_math.formula import Symbol
>>> x = [Symbol("x", "", str(i)) for i in range(6)]
>>> short = Sum((x[0], Elided(4, lambda: x[1:5]), x[5]))
>>> numbers = short.substitute(lambda symbol: Number(0.5 * float(symbol.subscript), 1))
>>> print(short, with_remainders(numbers, 7.5, 2), sep="; ")
x₀ + … + x₅; 0.0 + 5.00 (4 more) + 2.5
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Literal

from .arithmetic import Product, Sum
from .digits import decimals_for
from .expression import Relation
from .printers import Mark, Printer
from .tree import Exactly, Expression, Number, Symbol, inside

__all__ = ["Aside", "Elided", "Remainder", "exact_value", "shorter", "with_remainders"]


@dataclass(frozen=True)
class Elided(Expression):
    """Dots for ``count`` terms of a sum, or factors of a product; ``hidden`` gives them, one at a time, if asked."""

    count: int
    hidden: Callable[[], Iterable[Expression]] = field(compare=False, repr=False)
    how: Literal["sum", "product"] = "sum"

    @property
    def children(self) -> tuple[Expression, ...]:
        """None that are shown."""
        return ()

    def map(self, change: Callable[[Expression], Expression | None]) -> Expression:
        """The hidden ones are changed, too, when they are asked for."""
        return change(self) or replace(self, hidden=lambda: (part.map(change) for part in self.hidden()))

    def shown_value(self) -> float:
        """What the hidden ones come to."""
        parts = (part.shown_value() for part in self.hidden())
        return math.fsum(parts) if self.how == "sum" else math.prod(parts)

    def _render(self, out: Printer, mark: Mark) -> str:
        return out.glyph("dots")


@dataclass(frozen=True)
class Remainder(Number):
    """What ``count`` hidden terms or factors come to, as one number: ``0.2134 (13 more)``."""

    count: int = 0

    def _render(self, out: Printer, mark: Mark) -> str:
        return super()._render(out, mark) + out.aside(f"({self.count:,} more)")


@dataclass(frozen=True)
class Aside(Expression):
    """Words in a formula's place, ``13 more``; they are the project's own, never a user's."""

    words: str

    def _render(self, out: Printer, mark: Mark) -> str:
        return out.aside(self.words).strip()


def exact_value(node: Expression) -> float:
    """The value in full digits, not in those shown. `ValueError` where it is no arithmetic."""
    return node.map(lambda part: Exactly(part.value) if isinstance(part, Number) else None).shown_value()


def with_remainders(arithmetic: Expression, value: float, decimals: int) -> Expression:
    """The arithmetic, whose value is known, with the number in the place of all dots that stand for numbers.

    Of the sum that is the whole of it, the rest is what is missing from ``value``: of its hidden terms, which may be
    very many, none is calculated.
    """
    whole = inside(arithmetic)
    dots = [inside(term) for term in whole.terms if isinstance(inside(term), Elided)] if isinstance(whole, Sum) else []
    rest = math.nan
    if isinstance(whole, Sum) and len(dots) == 1 and math.isfinite(value):
        with suppress(ValueError, ArithmeticError):
            rest = value - math.fsum(exact_value(term) for term in whole.terms if inside(term) is not dots[0])

    def calculated(node: Expression) -> Expression | None:
        if not isinstance(node, Elided):
            return None
        if any(node is top for top in dots) and math.isfinite(rest):
            return _remainder(rest, decimals, node.count)
        with suppress(ValueError, ArithmeticError):
            return _remainder(exact_value(node), decimals, node.count)
        return node

    return arithmetic.map(calculated)


def _remainder(value: float, decimals: int, count: int) -> Remainder:
    return Remainder(value, decimals_for(value, decimals), count=count)


def shorter(relation: Relation, longest: int) -> Relation:
    """The relation with no more than ``longest`` terms in each sum and factors in each product; it still adds up.

    >>> digits = [Number(0.1 * i, 1) for i in range(1, 9)]
    >>> print(shorter(Relation((Symbol("s"), Sum(tuple(digits)), Number(3.6, 1))), 4))
    s = 0.1 + 0.2 + 2.50 (5 more) + 0.8 = 3.6
    """
    found = relation
    for decimals in range(2, 12):
        found = replace(relation, sides=tuple(_shorter(side, max(3, longest), decimals) for side in relation.sides))
        if found.adds_up() or not relation.adds_up():
            break
    return found


def _shorter(node: Expression, longest: int, decimals: int) -> Expression:
    def change(part: Expression) -> Expression | None:
        if isinstance(part, Sum) and len(part.terms) > longest:
            return Sum(_hiding([_shorter(term, longest, decimals) for term in part.terms], "sum", longest, decimals))
        if isinstance(part, Product) and len(part.factors) > longest:
            return Product(
                _hiding([_shorter(factor, longest, decimals) for factor in part.factors], "product", longest, decimals)
            )
        return None

    return node.map(change)


def _hiding(
    parts: list[Expression], how: Literal["sum", "product"], longest: int, decimals: int
) -> tuple[Expression, ...]:
    """The first parts and the last one; of what is hidden between, the value, or dots."""
    first, hidden, last = parts[: longest - 2], parts[longest - 2 : -1], parts[-1]
    count = sum(part.count if isinstance(part, Elided | Remainder) else 1 for part in map(inside, hidden))
    if any(isinstance(node, Symbol | Elided) for part in hidden for node in part.walk()):
        between: Expression = Elided(count, lambda: chain(*map(_shown_and_hidden, hidden)), how)
    else:
        values = [exact_value(part) for part in hidden]
        between = _remainder(math.fsum(values) if how == "sum" else math.prod(values), decimals, count)
    return (*first, between, last)


def _shown_and_hidden(part: Expression) -> Iterable[Expression]:
    inner = inside(part)
    return inner.hidden() if isinstance(inner, Elided) else [part]
