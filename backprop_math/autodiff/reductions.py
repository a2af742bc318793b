"""The rules of functions of any number of numbers: sums, products, the largest and the smallest, variances.

``np.sum``, ``np.prod``, ``np.max``, ``np.min``, ``np.var``, ``np.std`` and ``@`` calculate one node of all entries.

>>> REDUCTIONS["prod"].partials(2.0, 0.0, 5.0)
(0.0, 10.0, 0.0)
>>> from backprop_math.formula import Symbol
>>> print(REDUCTIONS["dot"].formula(Symbol("w"), Symbol("x"), Symbol("u"), Symbol("v")))
w u + x v
"""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ..formula import (
    Apply,
    Expression,
    Fraction,
    Glyph,
    Listing,
    Named,
    Negative,
    Number,
    Product,
    Root,
    Sum,
    elided,
    multiplied,
)
from .rule import Rule, raised, sum_formula, value_of

__all__ = ["ALIASES", "REDUCTIONS"]


def _dot(*xy: Any) -> Any:
    return sum(map(operator.mul, xy[: len(xy) // 2], xy[len(xy) // 2 :]))


def _dot_formula(*xy: Expression) -> Expression:
    half = len(xy) // 2
    return sum_formula(*(Product(pair) for pair in zip(xy[:half], xy[half:], strict=True)))


def _chosen(of: Callable[[list[float]], float]) -> Callable[..., tuple[float, ...]]:
    """1 for the entry that is chosen: of equals a constant, else the first.

    max(x, 0) and max(0, x) so have the derivative of ReLU, at 0 too.
    """

    def partials(*x: Any) -> tuple[float, ...]:
        values = [value_of(each) for each in x]
        ties = [i for i, value in enumerate(values) if value == of(values)]
        constants = [i for i in ties if not hasattr(x[i], "value")]
        chosen = (constants or ties)[0]
        return tuple(float(i == chosen) for i in range(len(x)))

    return partials


def _choice_formula(sign: Expression, f: Callable[..., float]) -> Callable[..., Expression]:
    return lambda *x: Apply(sign, Listing(elided(x)), f)


def _products_of_others(*x: Any) -> tuple[Any, ...]:
    """For each entry the product of all others, without a division: entries may be 0."""
    before = [None, *itertools.accumulate(x[:-1], operator.mul)]
    after = [None, *itertools.accumulate(x[:0:-1], lambda right, left: left * right)]
    pairs = ([each for each in pair if each is not None] for pair in zip(before, reversed(after), strict=True))
    return tuple(math.prod(pair[1:], start=pair[0]) if pair else 1.0 for pair in pairs)


def _product_formula(*factors: Expression) -> Expression:
    return multiplied(elided(factors, how="product"))


# --- variances: the last argument is the constant that is taken off the number of entries, NumPy's ddof


def _variance(*x: Any) -> Any:
    *entries, ddof = x
    return sum(each**2 for each in _from_mean(entries)) / (len(entries) - ddof)


def _deviation(*x: Any) -> Any:
    return np.sqrt(_variance(*x))


def _from_mean(entries: list[Any]) -> list[Any]:
    if len(set(entries)) == 1:  # The mean of equal numbers may be rounded to another.
        return [0.0 * entries[0]] * len(entries)
    mean = sum(entries[1:], start=entries[0]) / len(entries)
    return [each - mean for each in entries]


def _variance_partials(*x: Any) -> tuple[Any, ...]:
    *entries, ddof = x
    return (*(2 * each / (len(entries) - ddof) for each in _from_mean(entries)), 0.0)


def _deviation_partials(*x: Any) -> tuple[Any, ...]:
    """(x − mean) / ((n − ddof) std); where all are equal 0, as of |x| at 0: of two numbers it is |x − y|/2."""
    *entries, ddof = x
    if len({value_of(each) for each in entries}) == 1:
        return (0.0,) * len(x)
    rest = _from_mean(entries)
    size = np.sqrt(sum(each**2 for each in rest) * (len(entries) - ddof))
    return (*(each / size for each in rest), 0.0)


def _variance_formula(*x: Expression) -> Expression:
    *entries, ddof = x
    count = float(len(entries))
    mean = Fraction(sum_formula(*entries), Number(count, 0))
    squares = [raised(Sum((each, Negative(mean))), 2) for each in entries]
    return Fraction(sum_formula(*squares), Number(count - ddof.shown_value(), 0))


_RULES = (
    Rule("sum", lambda *x: sum(x), lambda *x: (1.0,) * len(x), sum_formula),
    # x_0 y_0 + x_1 y_1 + …: an entry of a matrix product, given x_0, x_1, …, y_0, y_1, …
    Rule("dot", _dot, lambda *xy: xy[len(xy) // 2 :] + xy[: len(xy) // 2], _dot_formula),
    Rule("prod", lambda *x: math.prod(x), _products_of_others, _product_formula),
    Rule("maximum", max, _chosen(max), _choice_formula(Glyph("max"), max), chooses=True),
    Rule("minimum", min, _chosen(min), _choice_formula(Named("min"), min), chooses=True),
    Rule("var", _variance, _variance_partials, _variance_formula),
    Rule("std", _deviation, _deviation_partials, lambda *x: Root(_variance_formula(*x))),
)

# Other names that NumPy has for the same function of finite numbers.
ALIASES = {"fmax": "maximum", "fmin": "minimum"}

REDUCTIONS: dict[str, Rule] = {rule.name: rule for rule in _RULES}
