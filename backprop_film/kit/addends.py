"""What is added in a `SumTable`: the parts of a cost, of a weighted sum, or the paths of a chain rule.

In a scene::

    terms = cost_terms(trace, notation)
    self.add(SumTable(terms, (notation.symbol(Cost()), trace.cost)))
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice

import numpy as np

from backprop_math import (
    Activation,
    BackwardPass,
    Bias,
    ChainRule,
    Expression,
    Factor,
    Notation,
    Number,
    Product,
    Target,
    Term,
    Weight,
    WeightedSum,
)
from backprop_math.formula import Aside
from backprop_math.functions import OutputActivation

__all__ = ["Addend", "cost_parts", "cost_terms", "path_terms", "weighted_terms"]

#: Of more paths than these only the first ones are walked.
_WALKED, _FIRST = 1000, 12


@dataclass(frozen=True)
class Addend:
    """One row: what is added in symbols, the same in numbers (``None`` where it is a single number), its value.

    Where it stands for ``more`` addends than are shown, these are counted.
    """

    symbols: Expression
    arithmetic: Expression | None
    value: float
    more: int = 0


def cost_terms(trace: BackwardPass, notation: Notation, decimals: int = 3) -> list[Addend]:
    """One output's part of the cost in each row: ``(a_j − y_j)² ≈ (0.455 − 1.00)² ≈ 0.297``."""
    network, found, alone = trace.network, [], _alone(trace)
    for j, value in enumerate(cost_parts(trace)):
        a, y = Activation(network.L, j), Target(j)
        symbols = network.cost.formula(notation.symbol(a), notation.symbol(y))
        numbers = network.cost.formula(notation.number(a, trace, decimals), notation.number(y, trace))
        symbols, numbers = (network.cost.share(term, notation.names.outputs(j)) for term in (symbols, numbers))
        found.append(Addend(symbols, numbers if math.isfinite(alone[j]) else None, value))
    return found


def cost_parts(trace: BackwardPass) -> list[float]:
    """Each output's part of the cost, of which they are the sum."""
    share = trace.network.layers[-1] if trace.network.cost.mean else 1
    # Where an output is 0 or 1 to the last digit, its weighted sum knows better.
    parts = (value if math.isfinite(value) else _by_weighted_sum(trace, j) for j, value in enumerate(_alone(trace)))
    return [value / share for value in parts]


def _alone(trace: BackwardPass) -> list[float]:
    with np.errstate(all="ignore"):
        values = trace.network.cost.value(trace.a[trace.network.L][:, None], trace.y[:, None])
    return [float(value) for value in values]


def _by_weighted_sum(trace: BackwardPass, j: int) -> float:
    """An output's part of a cost that is taken together with the last layer's function."""
    network, y = trace.network, trace.y
    assert network.paired is not None, "only such costs are infinite"
    z = trace.z[network.L]
    if isinstance(network.activation[-1], OutputActivation):
        return float(y[j] * network.paired.value(z, np.eye(len(y))[j])) if y[j] else 0.0
    return float(network.paired.value(z[j : j + 1], y[j : j + 1]))


def weighted_terms(trace: BackwardPass, notation: Notation, z: WeightedSum, decimals: int = 3) -> list[Addend]:
    """What a weighted sum is made of: ``w_jk a_k ≈ 0.70 · 0.774 ≈ 0.542`` in each row, the bias in the last."""
    layer, j, found = int(z.layer), int(z.j), []
    for k in range(trace.network.layers[layer - 1]):
        w, a = Weight(layer, j, k), Activation(layer - 1, k)
        symbols = Product((notation.symbol(w), notation.symbol(a)))
        numbers = Product((notation.number(w, trace), notation.number(a, trace, decimals)))
        found.append(Addend(symbols, numbers, trace.value(w) * trace.value(a)))
    b = Bias(layer, j)
    return [*found, Addend(notation.symbol(b), None, trace.value(b))]


def path_terms(chain: ChainRule) -> list[Addend]:
    """Each path's product: its factors as derivatives, and as numbers, terms with the same names.

    What is given (a weight, an input) has its own digits. Of thousands of paths the last addend stands for the rest.
    """

    def value(factor: Factor) -> Term:
        given = chain.notation.factor_number(factor.of, factor.wrt, factor.value)
        return given if isinstance(given.body, Number) and given.body.exact else factor.number

    shown = chain.count if chain.count <= _WALKED else _FIRST
    paths = list(islice(chain.iterate_paths(), shown))
    found = [
        Addend(
            Product(tuple(factor.symbol for factor in path.factors)),
            Product(tuple(value(factor) for factor in path.factors)),
            path.value,
        )
        for path in paths
    ]
    if shown == chain.count:
        return found
    more = chain.count - shown
    return [*found, Addend(Aside(f"{more:,} more"), None, chain.value - math.fsum(p.value for p in paths), more)]
