"""The cost functions: each one a row with its value, its two derivatives, and how all three are typeset.

A cost is a sum over the outputs of one example, ``C_0 = Σ_j term(a_j, y_j)``; the last axis is the outputs.

>>> from backprop_math.expression import Symbol
>>> cost, a, y = COSTS["squared_error"], np.array([0.5, 0.25]), np.array([1.0, 0.0])
>>> float(cost.value(a, y)), cost.da(a, y).tolist()
(0.3125, [-1.0, 0.5])
>>> cost.formula(Symbol("a"), Symbol("y")).text(), cost.da_formula(Symbol("a"), Symbol("y")).text()
('(a − y)²', '2(a − y)')
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .expression import Expression, Glyph, Negative, Number, Power, Product, Sum
from .names import lookup

__all__ = ["COSTS", "CostFunction", "cost_function"]

Array = Any  # An array, real or (for complex step) complex.
Formula = Callable[[Expression, Expression], Expression]


@dataclass(frozen=True)
class CostFunction:
    """One cost function of the outputs ``a`` and the desired outputs ``y``, both (…, n_L).

    ``value`` gives (…), the sum over the outputs; ``da`` and ``dy`` give (…, n_L), its derivatives.
    ``formula(a, y)`` typesets one output's term, ``da_formula`` and ``dy_formula`` its derivatives.
    """

    name: str
    value: Callable[[Array, Array], Array]
    da: Callable[[Array, Array], Array]
    dy: Callable[[Array, Array], Array]
    formula: Formula
    da_formula: Formula
    dy_formula: Formula


def _difference(a: Expression, y: Expression) -> Expression:
    return Sum((a, Negative(y)))


COSTS: dict[str, CostFunction] = {
    row.name: row
    for row in (
        CostFunction(
            "squared_error",
            value=lambda a, y: np.sum((a - y) ** 2, axis=-1),
            da=lambda a, y: 2 * (a - y),
            dy=lambda a, y: -2 * (a - y),
            formula=lambda a, y: Power(_difference(a, y), 2),
            da_formula=lambda a, y: Product((Number(2.0, 0), _difference(a, y))),
            dy_formula=lambda a, y: Product((Number(-2.0, 0), _difference(a, y))),
        ),
        CostFunction(
            "half_squared_error",
            value=lambda a, y: np.sum((a - y) ** 2, axis=-1) / 2,
            da=lambda a, y: a - y,
            dy=lambda a, y: y - a,
            formula=lambda a, y: Product((Glyph("half"), Power(_difference(a, y), 2))),
            da_formula=_difference,
            dy_formula=lambda a, y: _difference(y, a),
        ),
    )
}


def cost_function(name: str | CostFunction) -> CostFunction:
    """The row called ``name``; `ValueError` with the known names for any other."""
    return name if isinstance(name, CostFunction) else lookup(COSTS, name, "cost")
