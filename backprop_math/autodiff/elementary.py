"""The rules of elementary functions: of a number, and of two, by the names that NumPy's functions have.

The derivatives are those of Abramowitz and Stegun, *Handbook of Mathematical Functions* (3.3, 4.2 to 4.6), written so
that no digits are lost near the ends of a domain: (1 − x)(1 + x), not 1 − x². At a kink the slope is 0, that of |x| at
0 as that of √(x² + y²) at (0, 0). Where a derivative is infinite, as that of √x at 0, there is none, and a sweep
says so.

>>> ELEMENTARY["divide"].partials(6.0, 2.0)
(0.5, -1.5)
>>> from backprop_math.formula import Symbol
>>> print(ELEMENTARY["hypot"].formula(Symbol("x"), Symbol("y")))
√(x² + y²)
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from ..formula import (
    Absolute,
    Apply,
    Expression,
    Fraction,
    Glyph,
    Listing,
    Named,
    Negative,
    Number,
    Power,
    Product,
    Root,
    Sum,
)
from .rule import Constant, Rule, called, raised, value_of

__all__ = ["ALIASES", "ELEMENTARY"]

_ONE, _TWO, _TEN = Number(1.0, 0), Number(2.0, 0), Number(10.0, 0)
_LN2 = Constant(called("ln", math.log)(_TWO))
_LN10 = Constant(called("ln", math.log)(_TEN))
_RADIANS = Constant(Fraction(Glyph("pi"), Number(180.0, 0)))
_DEGREES = Constant(Fraction(Number(180.0, 0), Glyph("pi")))


def _exp(x: Expression) -> Expression:
    return Power(Glyph("e"), x)


def _two_to(x: Expression) -> Expression:
    return Power(_TWO, x)


def _slope_of_power(x: Any, n: Any) -> tuple[Any, Any]:
    """Of x to a constant n, which is a constant where n is 0."""
    return (n * x ** (n - 1) if n else 0.0), 0.0


def _slopes_of_varying_power(x: Any, y: Any) -> tuple[Any, Any]:
    """Of x to a y that varies, for which x must be positive, or 0 while y is: 0**y is 0 for all of those.

    Where x varies too, and is differentiated with respect to, x^y ln x has a slope at 0 only if y is above 1.
    """
    flat = value_of(x) == 0 and value_of(y) > (1 if hasattr(x, "value") else 0)
    return y * x ** (y - 1), 0.0 if flat else np.log(x) * x**y


def _over(part: Any, whole: Any) -> Any:
    """part/whole; 0 at the tip of the cone, where both are 0."""
    return part / whole if value_of(whole) else 0.0


_RULES = (
    Rule("add", operator.add, lambda x, y: (1.0, 1.0), lambda x, y: Sum((x, y))),
    Rule("subtract", operator.sub, lambda x, y: (1.0, -1.0), lambda x, y: Sum((x, Negative(y)))),
    Rule("multiply", operator.mul, lambda x, y: (y, x), lambda x, y: Product((x, y))),
    Rule("divide", operator.truediv, lambda x, y: (1 / y, -(x / y**2)), Fraction),
    Rule("positive", operator.pos, lambda x: (1.0,), lambda x: x),
    Rule("negative", operator.neg, lambda x: (-1.0,), Negative),
    Rule("reciprocal", lambda x: 1 / x, lambda x: (-(1 / x**2),), lambda x: Fraction(_ONE, x)),
    Rule("absolute", abs, lambda x: (np.sign(x),), Absolute),
    Rule("sign", np.sign, lambda x: (0.0,), called("sgn", np.sign)),
    # --- powers and roots
    Rule("square", np.square, lambda x: (2 * x,), lambda x: raised(x, 2)),
    Rule("power", operator.pow, _slope_of_power, raised),
    Rule("varying power", operator.pow, _slopes_of_varying_power, Power),
    Rule("sqrt", np.sqrt, lambda x: (1 / (2 * np.sqrt(x)),), Root),
    Rule("cbrt", np.cbrt, lambda x: (1 / (3 * np.cbrt(x) ** 2),), lambda x: Root(x, 3)),
    Rule(
        "hypot",
        np.hypot,
        lambda x, y: (_over(x, np.hypot(x, y)), _over(y, np.hypot(x, y))),
        lambda x, y: Root(Sum((raised(x, 2), raised(y, 2)))),
    ),
    # --- exponential functions and logarithms
    Rule("exp", np.exp, lambda x: (np.exp(x),), _exp),
    Rule("exp2", np.exp2, lambda x: (_LN2 * np.exp2(x),), _two_to),
    Rule("expm1", np.expm1, lambda x: (np.exp(x),), lambda x: Sum((_exp(x), Negative(_ONE)))),
    Rule("log", np.log, lambda x: (1 / x,), called("ln", math.log)),
    Rule("log2", np.log2, lambda x: (1 / (_LN2 * x),), called("log_2", math.log2)),
    Rule("log10", np.log10, lambda x: (1 / (_LN10 * x),), called("log_10", math.log10)),
    Rule("log1p", np.log1p, lambda x: (1 / (1 + x),), lambda x: called("ln", math.log)(Sum((_ONE, x)))),
    Rule(
        "logaddexp",
        np.logaddexp,
        lambda x, y: (1 / (1 + np.exp(y - x)), 1 / (1 + np.exp(x - y))),
        lambda x, y: called("ln", math.log)(Sum((_exp(x), _exp(y)))),
    ),
    Rule(
        "logaddexp2",
        np.logaddexp2,
        lambda x, y: (1 / (1 + np.exp2(y - x)), 1 / (1 + np.exp2(x - y))),
        lambda x, y: called("log_2", math.log2)(Sum((_two_to(x), _two_to(y)))),
    ),
    # --- circular functions
    Rule("sin", np.sin, lambda x: (np.cos(x),), called("sin", math.sin)),
    Rule("cos", np.cos, lambda x: (-np.sin(x),), called("cos", math.cos)),
    Rule("tan", np.tan, lambda x: (1 / np.cos(x) ** 2,), called("tan", math.tan)),
    Rule("arcsin", np.arcsin, lambda x: (1 / np.sqrt((1 - x) * (1 + x)),), called("arcsin", math.asin)),
    Rule("arccos", np.arccos, lambda x: (-(1 / np.sqrt((1 - x) * (1 + x))),), called("arccos", math.acos)),
    Rule("arctan", np.arctan, lambda x: (1 / (1 + x**2),), called("arctan", math.atan)),
    Rule(
        "arctan2",
        np.arctan2,
        lambda y, x: (x / (x**2 + y**2), -(y / (x**2 + y**2))),
        lambda y, x: Apply(Named("arctan2"), Listing((y, x)), math.atan2),
    ),
    Rule("deg2rad", np.deg2rad, lambda x: (_RADIANS,), lambda x: Product((_RADIANS.formula, x))),
    Rule("rad2deg", np.rad2deg, lambda x: (_DEGREES,), lambda x: Product((_DEGREES.formula, x))),
    # --- hyperbolic functions; tanh is an activation function
    Rule("sinh", np.sinh, lambda x: (np.cosh(x),), called("sinh", math.sinh)),
    Rule("cosh", np.cosh, lambda x: (np.sinh(x),), called("cosh", math.cosh)),
    Rule("arcsinh", np.arcsinh, lambda x: (1 / np.hypot(1.0, x),), called("arcsinh", math.asinh)),
    Rule("arccosh", np.arccosh, lambda x: (1 / (np.sqrt(x - 1) * np.sqrt(x + 1)),), called("arccosh", math.acosh)),
    Rule("arctanh", np.arctanh, lambda x: (1 / ((1 - x) * (1 + x)),), called("arctanh", math.atanh)),
)

# Other names that NumPy has for the same function of real numbers.
ALIASES = {
    "conjugate": "positive",
    "degrees": "rad2deg",
    "fabs": "absolute",
    "float_power": "power",
    "radians": "deg2rad",
}

ELEMENTARY: dict[str, Rule] = {rule.name: rule for rule in _RULES}
