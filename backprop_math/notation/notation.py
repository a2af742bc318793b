"""How quantities, definitions, derivatives and chain rules are written, in symbols and in numbers.

Layers are counted back from the last, ``a^(L)``, ``a^(L-1)`` (``layers="relative"``), or from the input, ``a^(2)``
(``layers="absolute"``). Neurons have an index only where their layer has more than one. An index that is a letter
is written as it is: ``Weight("L", "j", "k")``.

>>> from backprop_math import Activation, Network, Weight, WeightedSum
>>> net = Network.from_arrays(weights=[[[0.5]], [[1.2]]], biases=[[-0.25], [0.1]])
>>> trace, notation = net.forward([0.35]).backward([1.0]), Notation(net)
>>> print(notation.definition(WeightedSum(2, 0)))
z⁽ᴸ⁾ = w⁽ᴸ⁾ a⁽ᴸ⁻¹⁾ + b⁽ᴸ⁾
>>> print(notation.with_numbers(notation.definition(WeightedSum(2, 0)), trace))
z⁽ᴸ⁾ ≈ 1.20 · 0.48 + 0.10 ≈ 0.68
>>> print(notation.local_with_numbers(WeightedSum(2, 0), Weight(2, 0, 0), trace, decimals=4))
∂z⁽ᴸ⁾/∂w⁽ᴸ⁾ ≈ 0.4813
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from ..formula import (
    Derivative,
    Expression,
    Glyph,
    Number,
    Product,
    Relation,
    Symbol,
    Term,
    adding_up,
    decimals_for,
    factor_name,
    fewest_decimals,
    relation_sign,
)
from ..functions import OutputActivation
from ..quantities import (
    Activation,
    Activations,
    Bias,
    Cost,
    Parameter,
    Pixel,
    Quantity,
    Target,
    Weight,
    WeightedSum,
    shifted,
)
from .definitions import Definitions, Trace
from .images import image_derivative, pixel_passed

if TYPE_CHECKING:
    from .chain_rule import ChainRule, Path

__all__ = ["Notation", "Trace", "fewest_decimals", "relation_sign"]


@dataclass(frozen=True)
class Notation(Definitions):
    """The notation for one network. Every method gives an `Expression`, whose symbols carry their ``quantity``.

    A sum of more than ``longest_sum`` terms or paths is written with dots. In numbers, ``decimals`` is the least
    number of decimals shown; each rounded number has as many as it takes for the shown arithmetic to add up.
    """

    # --- derivatives

    def derivative_symbol(self, of: Quantity, wrt: Quantity) -> Term:
        """``∂of/∂wrt``, as the term named ``"of/wrt"``, e.g. ``"z[3][0]/w[3][0,0]"``."""
        return Term(factor_name(of, wrt), Derivative(self.symbol(of), self.symbol(wrt)))

    def local_derivative(self, of: Quantity, wrt: Quantity) -> Expression:
        """The formula of ∂of/∂wrt where ``of`` is calculated directly from ``wrt``.

        ``∂z/∂w = a^(L-1)``, ``∂z/∂b = 1``, ``∂z/∂a^(L-1) = w``, ``∂a/∂z = σ′(z)``, ``∂C/∂a = 2(a − y)``.
        `ValueError` where it is not.
        """
        L = self.network.L
        match of, wrt:
            case WeightedSum(l, j), Weight(m, i, k) if (l, j) == (m, i):
                return self.symbol(Activation(shifted(l, -1), k))
            case WeightedSum(l, j), Bias(m, i) if (l, j) == (m, i):
                return Number(1.0, 0)
            case WeightedSum(l, j), Activation(m, k) if m == shifted(l, -1):
                return self.symbol(Weight(l, j, k))
            case Activation(l, j), WeightedSum(m, i) if (l, j) == (m, i):
                return self.slope(of)
            case Activation(l, j), WeightedSum(m, i) if l == m and isinstance(f := self.function(l), OutputActivation):
                return self._softmax_slope(of, i, f)
            case Cost(), Activation(l, j) if l in (L, "L"):
                return self.network.cost.da_formula(self.symbol(wrt), self.symbol(Target(j)))
            case Cost(), Target(j):
                return self.network.cost.dy_formula(self.symbol(Activation(L, j)), self.symbol(wrt))
        if formula := image_derivative(self, of, wrt):
            return formula
        raise ValueError(f"{of} is not calculated directly from {wrt}: it has no local derivative with respect to it")

    def local_with_numbers(
        self, of: Quantity, wrt: Quantity, trace: Trace, decimals: int = 2, *, formula: Expression | None = None
    ) -> Relation:
        """A local derivative in numbers: ``∂C_0/∂a ≈ 2(0.66 − 1.00) ≈ −0.68``.

        ``formula`` is another way to write `local_derivative`, such as `slope_by_activation`.
        """
        if isinstance(of, Pixel) and isinstance(wrt, Pixel):
            return Relation((self.derivative_symbol(of, wrt), pixel_passed(self, of, wrt, trace)), ("=",))
        formula = formula or self.local_derivative(of, wrt)
        arithmetic = formula.substitute(
            lambda symbol: self.number(symbol.quantity, trace, decimals) if symbol.quantity else None
        )
        # The formula's own value, in full digits: each quantity in it is exact to the last bit in the trace.
        value = formula.substitute(
            lambda symbol: _Exactly(trace.value(symbol.quantity)) if symbol.quantity else None
        ).shown_value()
        return adding_up(self.derivative_symbol(of, wrt), arithmetic, value, decimals)

    # --- chain rules

    def chain(self, chain: ChainRule) -> Relation:
        """``∂C/∂w = ∂z/∂w ∂a/∂z ∂C/∂a``: the term "ratio", then each factor as a term (see `derivative_symbol`)."""
        paths = self._paths(chain, [[factor.symbol for factor in path.factors] for path in self._shown(chain)])
        return Relation((self._ratio(chain), paths), ("=",))

    def chain_formulas(self, chain: ChainRule) -> Relation:
        """The same with each factor's formula: ``a^(L-1) σ′(z) 2(a − y)``, the terms with the same names."""
        shown = [
            [Term(factor_name(factor.of, factor.wrt), factor.formula) for factor in path.factors]
            for path in self._shown(chain)
        ]
        return Relation((self._ratio(chain), self._paths(chain, shown)), ("=",))

    def chain_numbers(self, chain: ChainRule, decimals: int = 2) -> Relation:
        """The same with each factor's value, and the result with at least three digits."""
        shown = [
            [self.factor_number(factor.of, factor.wrt, factor.value, decimals) for factor in path.factors]
            for path in self._shown(chain)
        ]
        return adding_up(self._ratio(chain), self._paths(chain, shown), chain.value, decimals, significant=3)

    def factor_number(self, of: Quantity, wrt: Quantity, value: float, decimals: int = 2) -> Term:
        """The value of a local derivative ∂of/∂wrt, as the term "of/wrt"; of the quantity that it is, if it is one."""
        formula = self.local_derivative(of, wrt)
        if isinstance(formula, Number):
            return Term(factor_name(of, wrt), formula)
        if isinstance(of, Pixel) and isinstance(wrt, Pixel):
            return Term(factor_name(of, wrt), Number(value, 0))
        quantity = formula.quantity if isinstance(formula, Symbol) else None
        given = isinstance(quantity, Parameter) or (isinstance(quantity, Activations) and quantity.layer == 0)
        return Term(factor_name(of, wrt), Number(value, decimals_for(value, decimals, given=given), quantity))

    def _ratio(self, chain: ChainRule) -> Term:
        return Term("ratio", self.derivative_symbol(chain.of, chain.wrt))

    def _shown(self, chain: ChainRule) -> list[Path]:
        return list(islice(chain.iterate_paths(), chain.count if chain.count <= self.longest_sum else 3))

    def _paths(self, chain: ChainRule, products: Sequence[Sequence[Expression]]) -> Expression:
        if not products:
            return Number(chain.value, 0)
        terms: list[Expression] = [Product(tuple(path)) if len(path) > 1 else path[0] for path in products]
        if chain.count > len(products):
            terms.append(Glyph("dots"))
        return self.joined(terms)


class _Exactly(Number):
    """A number that calculates with its value, not with the digits shown."""

    def shown_value(self) -> float:
        return self.value
