"""The operations that `autodiff` knows: each one a line with its value, its derivatives, and how it is typeset.

Everything is written with operators and NumPy's functions, which a `Var` takes as well as a number: given numbers, the
derivatives are calculated; given `Var` they are formulas, so that what is shown is what is calculated.

>>> RULES["divide"].partials(6.0, 2.0)
(0.5, -1.5)
>>> from backprop_math.formula import Symbol
>>> print(RULES["divide"].formula(Symbol("x"), Symbol("y")))
x/y
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..formula import Apply, Expression, Fraction, Glyph, Listing, Negative, Number, Power, Product, Root, Sum

__all__ = ["RULES", "Rule", "rule_partials"]


@dataclass(frozen=True)
class Rule:
    """An operation: ``f`` of its arguments, one derivative for each of them, and its ``formula``.

    ``partials`` is `None` where nobody has said what the derivatives are; the operation can be shown, not
    differentiated. Its ``name`` is that of NumPy's function, if there is one, which then takes a `Var`.
    """

    name: str
    f: Callable[..., Any]
    partials: Callable[..., tuple[Any, ...]] | None
    formula: Callable[..., Expression]


def rule_partials(rule: Rule) -> Callable[..., tuple[Any, ...]]:
    """The derivatives of a rule; `TypeError`, which names it, where it has none."""
    if rule.partials is None:
        raise TypeError(f"{rule.name}: found no rule for its derivative")
    return rule.partials


def _dot(*xy: Any) -> Any:
    return sum(map(operator.mul, xy[: len(xy) // 2], xy[len(xy) // 2 :]))


def _one_hot(*x: Any) -> tuple[float, ...]:
    """1 for the first of the largest; max(0, z) so has the derivative of ReLU, at 0 too."""
    values = [getattr(each, "value", each) for each in x]
    return tuple(float(i == values.index(max(values))) for i in range(len(x)))


def _sum_formula(*terms: Expression) -> Expression:
    long = len(terms) > 12
    shown = (*terms[:2], Glyph("dots"), terms[-1]) if long else terms
    return Sum(shown) if len(shown) > 1 else shown[0]


def _dot_formula(*xy: Expression) -> Expression:
    half = len(xy) // 2
    return _sum_formula(*(Product(pair) for pair in zip(xy[:half], xy[half:], strict=True)))


def _power_formula(x: Expression, n: Expression) -> Expression:
    if isinstance(n, Number) and n.decimals == 0:
        return x if n.value == 1 else Power(x, int(n.value))
    return Power(x, n)


def _called(sign: str, f: Callable[[float], float]) -> Callable[[Expression], Expression]:
    return lambda x: Apply(Glyph(sign), x, f)


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("add", operator.add, lambda x, y: (1.0, 1.0), lambda x, y: Sum((x, y))),
        Rule("subtract", operator.sub, lambda x, y: (1.0, -1.0), lambda x, y: Sum((x, Negative(y)))),
        Rule("multiply", operator.mul, lambda x, y: (y, x), lambda x, y: Product((x, y))),
        Rule("divide", operator.truediv, lambda x, y: (1 / y, -(x / y**2)), Fraction),
        Rule("negative", operator.neg, lambda x: (-1.0,), Negative),
        # A constant exponent, then one that varies, for which x must be positive.
        Rule("power", operator.pow, lambda x, n: (n * x ** (n - 1) if n else 0.0, 0.0), _power_formula),
        Rule("varying power", operator.pow, lambda x, y: (y * x ** (y - 1), np.log(x) * x**y), Power),
        Rule("exp", np.exp, lambda x: (np.exp(x),), lambda x: Power(Glyph("e"), x)),
        Rule("log", np.log, lambda x: (1 / x,), _called("ln", math.log)),
        Rule("sin", np.sin, lambda x: (np.cos(x),), _called("sin", math.sin)),
        Rule("cos", np.cos, lambda x: (-np.sin(x),), _called("cos", math.cos)),
        Rule("sqrt", np.sqrt, lambda x: (1 / (2 * np.sqrt(x)),), Root),
        Rule("maximum", max, _one_hot, lambda *x: Apply(Glyph("max"), Listing(x))),
        Rule("sum", lambda *x: sum(x), lambda *x: (1.0,) * len(x), _sum_formula),
        # x_0 y_0 + x_1 y_1 + …: an entry of a matrix product, given x_0, x_1, …, y_0, y_1, …
        Rule("dot", _dot, lambda *xy: xy[len(xy) // 2 :] + xy[: len(xy) // 2], _dot_formula),
    )
}
