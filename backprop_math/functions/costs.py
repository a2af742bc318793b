"""The cost functions: each one a row with its value, its two derivatives, and how all three are typeset.

A cost is a sum over the outputs of one example, ``C_0 = Σ_j term(a_j, y_j)``, or their mean; the last axis is the
outputs.

>>> from backprop_math.formula import Symbol
>>> cost, a, y = COSTS["squared_error"], np.array([0.5, 0.25]), np.array([1.0, 0.0])
>>> float(cost.value(a, y)), cost.da(a, y).tolist()
(0.3125, [-1.0, 0.5])
>>> cost.formula(Symbol("a"), Symbol("y")).text(), cost.da_formula(Symbol("a"), Symbol("y")).text()
('(a − y)²', '2(a − y)')
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, get_args

import numpy as np

from ..formula import Apply, Expression, Glyph, Negative, Number, Power, Product, Sum
from ..formula import Fraction as Over
from ..names import Registered, lookup
from .paired import SIGMOID_CROSS_ENTROPY, SOFTMAX_CATEGORICAL_CROSS_ENTROPY, SOFTMAX_CROSS_ENTROPY, Paired

__all__ = ["COSTS", "CostFunction", "Paired", "cost_function", "register_cost"]

Array = Any  # An array, real or (for complex step) complex.
Formula = Callable[[Expression, Expression], Expression]
Targets = Literal["any", "probabilities", "distribution"]


COSTS: dict[str, CostFunction] = {}


_DISTRIBUTION = "a distribution over the classes, numbers from 0 to 1 that add up to 1: one-hot for a class"


@dataclass(frozen=True)
class CostFunction(Registered):
    """One cost function of the outputs ``a`` and the desired outputs ``y``, both (…, n_L).

    ``value`` gives (…), the sum over the outputs, or with ``mean`` their mean; ``da`` and ``dy`` give (…, n_L), its
    derivatives. ``formula(a, y)`` typesets one output's term, ``da_formula`` and ``dy_formula`` its derivatives, all
    three without the 1/n of a mean, which `share` adds. The outputs must lie in ``domain``; ``paired`` has the stable
    forms for some activation functions of the last layer, by name.
    ``targets`` says what the desired outputs must be: any numbers, probabilities from 0 to 1 each, or a distribution,
    which add up to 1 too.
    """

    name: str
    value: Callable[[Array, Array], Array]
    da: Callable[[Array, Array], Array]
    dy: Callable[[Array, Array], Array]
    formula: Formula
    da_formula: Formula
    dy_formula: Formula
    domain: tuple[float, float] = (-math.inf, math.inf)
    paired: Mapping[str, Paired] = field(default_factory=dict, compare=False)
    mean: bool = False
    targets: Targets = "any"
    kind: ClassVar[str] = "cost"
    table: ClassVar[Mapping[str, Any]] = COSTS

    def share(self, term: Expression, outputs: Expression) -> Expression:
        """One output's term, or its derivative, as it is in the cost of so many: of a mean 1/n of it.

        >>> from backprop_math.formula import Symbol
        >>> print(COSTS["mean_squared_error"].share(Power(Symbol("e"), 2), Number(3.0, 0)))
        1/3 e²
        """
        if not self.mean or outputs == _ONE:
            return term
        first, *others = term.factors if isinstance(term, Product) else (term,)
        if isinstance(first, Number):
            return Product((Over(first, outputs), *others))
        return Product((Over(_ONE, outputs), first, *others))

    @property
    def both(self) -> Callable[[Array, Array, int, Array], float] | None:
        """``both(a, y, n, da)``, or `None`: the cost summed over n examples, 1/n of its derivatives in ``da``."""
        return _TOGETHER.get((self.value, self.da))

    def check_targets(self, name: str, y: Array) -> None:
        """Raise `ValueError` unless the desired outputs ``y``, (…, n_L), are some that the cost is defined for.

        >>> COSTS["cross_entropy"].check_targets("y", np.array([0.0, 2.0]))
        Traceback (most recent call last):
        ValueError: y: found 2 at index [1], expected probabilities, numbers from 0 to 1
        """
        if self.targets == "any":
            return
        expected = "probabilities, numbers from 0 to 1" if self.targets == "probabilities" else _DISTRIBUTION
        for place in np.argwhere((y < 0) | (y > 1))[:1].tolist():
            raise ValueError(f"{name}: found {y[tuple(place)]:g} at index {place}, expected {expected}")
        if self.targets == "distribution":
            totals = np.sum(y, axis=-1, dtype=float)
            for place in np.argwhere(np.abs(totals - 1) > max(1e-3, 4 * float(np.finfo(y.dtype).eps)))[:1].tolist():
                where = f" at index {place}" if place else ""
                raise ValueError(
                    f"{name}: found numbers that add up to {totals[tuple(place)]:g}{where}, expected {expected}"
                )


def register_cost(
    name: str,
    *,
    value: Callable[[Array, Array], Array],
    da: Callable[[Array, Array], Array],
    dy: Callable[[Array, Array], Array],
    formula: Formula,
    da_formula: Formula,
    dy_formula: Formula,
    domain: tuple[float, float] = (-math.inf, math.inf),
    paired: Mapping[str, Paired] | None = None,
    mean: bool = False,
    targets: Targets = "any",
) -> CostFunction:
    """Add a row to the table; see `CostFunction`. `ValueError` for a name that is taken, or unknown ``targets``.

    >>> from backprop_math.formula import Symbol
    >>> fourth = register_cost(
    ...     "fourth_power",
    ...     value=lambda a, y: np.sum((a - y) ** 4, axis=-1),
    ...     da=lambda a, y: 4 * (a - y) ** 3,
    ...     dy=lambda a, y: -4 * (a - y) ** 3,
    ...     formula=lambda a, y: Power(Sum((a, Negative(y))), 4),
    ...     da_formula=lambda a, y: Product((Number(4.0, 0), Power(Sum((a, Negative(y))), 3))),
    ...     dy_formula=lambda a, y: Product((Number(-4.0, 0), Power(Sum((a, Negative(y))), 3))),
    ... )
    >>> print(fourth.formula(Symbol("a"), Symbol("y")))
    (a − y)⁴
    >>> del COSTS["fourth_power"]
    """
    if name in COSTS:
        raise ValueError(f"cost {name!r}: found in the table already, expected a new name")
    if targets not in get_args(Targets):
        raise ValueError(f"targets: found {targets!r}, expected one of {', '.join(map(repr, get_args(Targets)))}")
    COSTS[name] = CostFunction(
        name, value, da, dy, formula, da_formula, dy_formula, domain, paired or {}, mean, targets
    )
    return COSTS[name]


_ONE = Number(1.0, 0)


def _difference(a: Expression, y: Expression) -> Expression:
    return Sum((a, Negative(y)))


def _logarithm(value: float) -> float:
    if value == 0:
        raise ZeroDivisionError("ln 0")
    return math.log(value)


def _ln(body: Expression) -> Expression:
    return Apply(Glyph("ln"), body, _logarithm)


def _times_log(factor: Array, a: Array) -> Array:
    """``factor · ln a``, with 0 · ln 0 = 0, its limit."""
    with np.errstate(divide="ignore"):
        return np.where(factor == 0, 0, factor * np.log(np.where(factor == 0, 1, a)))


def _quotient(above: Array, below: Array) -> Array:
    """``above / below``, with 0 / 0 = 0: a desired output of 0 or 1 leaves that term of the cost out."""
    with np.errstate(divide="ignore"):
        return np.where(above == 0, 0, above / np.where(above == 0, 1, below))


def _log(a: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.log(a)


def _cross_entropy(a: Array, y: Array) -> Array:
    return -np.sum(_times_log(y, a) + _times_log(1 - y, 1 - a), axis=-1)


def _squared_both(factor: float) -> Callable[[Array, Array, int, Array], float]:
    def both(a: Array, y: Array, n: int, da: Array) -> float:
        np.subtract(a, y, out=da)
        total = float(np.vdot(da, da)) * factor
        np.multiply(da, 2 * factor / n, out=da)
        return total

    return both


def _mean_squared_both(a: Array, y: Array, n: int, da: Array) -> float:
    return _squared_both(1 / a.shape[-1])(a, y, n, da)


register_cost(
    "squared_error",
    value=lambda a, y: np.sum((a - y) ** 2, axis=-1),
    da=lambda a, y: 2 * (a - y),
    dy=lambda a, y: -2 * (a - y),
    formula=lambda a, y: Power(_difference(a, y), 2),
    da_formula=lambda a, y: Product((Number(2.0, 0), _difference(a, y))),
    dy_formula=lambda a, y: Product((Number(-2.0, 0), _difference(a, y))),
)
register_cost(
    "half_squared_error",
    value=lambda a, y: np.sum((a - y) ** 2, axis=-1) / 2,
    da=lambda a, y: a - y,
    dy=lambda a, y: y - a,
    formula=lambda a, y: Product((Glyph("half"), Power(_difference(a, y), 2))),
    da_formula=_difference,
    dy_formula=lambda a, y: _difference(y, a),
)
register_cost(
    "mean_squared_error",  # that of PyTorch's MSELoss and of Keras: the mean over the outputs too
    value=lambda a, y: np.mean((a - y) ** 2, axis=-1),
    da=lambda a, y: 2 / a.shape[-1] * (a - y),
    dy=lambda a, y: -2 / a.shape[-1] * (a - y),
    formula=COSTS["squared_error"].formula,
    da_formula=COSTS["squared_error"].da_formula,
    dy_formula=lambda a, y: Product((Number(2.0, 0), _difference(y, a))),
    mean=True,
)
register_cost(
    "cross_entropy",  # of each output with its desired output, two probabilities: Nielsen, chapter 3
    value=_cross_entropy,
    da=lambda a, y: _quotient(1 - y, 1 - a) - _quotient(y, a),
    dy=lambda a, y: _log(1 - a) - _log(a),
    formula=lambda a, y: Negative(
        Sum((Product((y, _ln(a))), Product((_difference(_ONE, y), _ln(_difference(_ONE, a))))))
    ),
    da_formula=lambda a, y: Over(_difference(a, y), Product((a, _difference(_ONE, a)))),
    dy_formula=lambda a, y: _ln(Over(_difference(_ONE, a), a)),
    domain=(0.0, 1.0),
    paired={"sigmoid": SIGMOID_CROSS_ENTROPY, "softmax": SOFTMAX_CROSS_ENTROPY},
    targets="probabilities",
)
register_cost(
    "categorical_cross_entropy",  # of the outputs with the desired outputs, two distributions over the classes
    value=lambda a, y: -np.sum(_times_log(y, a), axis=-1),
    da=lambda a, y: -_quotient(y, a),
    dy=lambda a, y: -_log(a),
    formula=lambda a, y: Negative(Product((y, _ln(a)))),
    da_formula=lambda a, y: Negative(Over(y, a)),
    dy_formula=lambda a, y: Negative(_ln(a)),
    domain=(0.0, 1.0),
    paired={"softmax": SOFTMAX_CATEGORICAL_CROSS_ENTROPY},
    targets="distribution",
)


# By the functions, so that a row with another derivative is never calculated with the old one.
_TOGETHER = {
    (row.value, row.da): _squared_both(factor)
    for row, factor in ((COSTS["squared_error"], 1.0), (COSTS["half_squared_error"], 0.5))
}
_TOGETHER[COSTS["mean_squared_error"].value, COSTS["mean_squared_error"].da] = _mean_squared_both


def cost_function(name: str | CostFunction) -> CostFunction:
    """The row called ``name``; `ValueError` with the known names for any other."""
    return name if isinstance(name, CostFunction) else lookup(COSTS, name, "cost")
