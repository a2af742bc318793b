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

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal, Protocol

from .activations import ActivationFunction
from .expression import (
    Apply,
    Derivative,
    Expression,
    Fraction,
    Glyph,
    Negative,
    Number,
    Power,
    Product,
    Relation,
    Sum,
    Summation,
    Symbol,
    Term,
)
from .quantities import (
    Activation,
    Bias,
    Cost,
    Index,
    Quantity,
    Target,
    Weight,
    WeightedSum,
    letter_after,
    letter_before,
    shifted,
)
from .rounding import adding_up, decimals_for, fewest_decimals, relation_sign
from .softmax import OutputActivation

if TYPE_CHECKING:
    from .chain_rule import ChainRule, Path
    from .network import Network

__all__ = ["Notation", "Trace", "fewest_decimals", "relation_sign"]


class Trace(Protocol):
    """What has the values of quantities: a `ForwardPass` or a `BackwardPass`."""

    def value(self, quantity: Quantity, /) -> float:
        """The value of a quantity."""


@dataclass(frozen=True)
class Notation:
    """The notation for one network. Every method gives an `Expression`, whose symbols carry their ``quantity``.

    A sum of more than ``longest_sum`` terms or paths is written with dots. In numbers, ``decimals`` is the least
    number of decimals shown; each rounded number has as many as it takes for the shown arithmetic to add up.
    """

    network: Network
    layers: Literal["relative", "absolute"] = "relative"
    longest_sum: int = 12

    def __post_init__(self) -> None:
        if self.layers not in ("relative", "absolute"):
            raise ValueError(f"layers: found {self.layers!r}, expected 'relative' or 'absolute'")

    # --- names and values

    def symbol(self, quantity: Quantity) -> Symbol:
        """The quantity's letter with its layer above and its indices below: ``w_{j k}^(L)``, ``y``, ``C_0``."""
        if isinstance(quantity, Cost):
            return Symbol("C", "", ",".join(map(str, quantity.indices)), quantity)
        layer: Index = self.network.L if isinstance(quantity, Target) else quantity.layer  # type: ignore[attr-defined]
        superscript = "" if isinstance(quantity, Target) else self.layer_name(layer)
        sizes = [self.size(layer), *([self.size(shifted(layer, -1))] if isinstance(quantity, Weight) else [])]
        indices = [str(index) for index in quantity.indices]
        needed = any(size != 1 for size in sizes) or not all(index.isdigit() for index in indices)
        wide = any(len(index) > 1 for index in indices)
        subscript = (", " if wide else " ").join(indices) if needed else ""
        return Symbol(quantity.letter, superscript, subscript, quantity)

    def number(self, quantity: Quantity, trace: Trace, decimals: int = 2) -> Number:
        """The quantity's value; exact, if it is a given one, with at most four decimals."""
        value = trace.value(quantity)
        given = isinstance(quantity, Weight | Bias | Target) or (
            isinstance(quantity, Activation) and quantity.layer == 0
        )
        return Number(value, decimals_for(value, decimals, given=given), quantity)

    # --- definitions

    def definition(self, quantity: Quantity, *, expanded: bool | None = None) -> Relation:
        """What the quantity is calculated from: ``z = w a + b``, ``a = σ(z)`` or ``C_0 = (a − y)²``.

        A sum is ``expanded`` into its terms, or written with Σ, as the terms "sum" and in it "summand"; if not said,
        it is expanded unless the neuron is a letter: ``z_j = Σ_k w_jk a_k + b_j``. ``C``, the mean, is
        ``1/n Σ C_k``. `ValueError` for what is given, not calculated.
        """
        if isinstance(quantity, WeightedSum):
            formula = self._weighted_sum(quantity, expanded)
        elif isinstance(quantity, Activation) and quantity.layer != 0:
            formula = self.applied(quantity)
        elif isinstance(quantity, Cost) and quantity.example is None:
            formula = self.mean(self.symbol(Cost("k")))
        elif isinstance(quantity, Cost):
            formula = self._cost() if expanded in (None, True) else self.summation("j", self.network.L, self._cost("j"))
        else:
            raise ValueError(f"{quantity}: is given, not calculated; only z, a and C have a definition")
        return Relation((self.symbol(quantity), formula), ("=",))

    def activation_of_parts(self, quantity: Activation) -> Relation:
        """An activation with its weighted sum written out: ``a = σ(w a + b)``."""
        formula = self._weighted_sum(WeightedSum(quantity.layer, quantity.j))
        return Relation((self.symbol(quantity), self.applied(quantity, formula)), ("=",))

    def with_numbers(self, definition: Relation, trace: Trace, decimals: int = 2) -> Relation:
        """A definition with numbers for its symbols, and the result: ``z ≈ 1.20 · 0.48 + 0.10 ≈ 0.68``."""
        left, formula = definition.sides[0], definition.sides[-1]
        if not isinstance(left, Symbol) or left.quantity is None:
            raise ValueError(f"{definition}: expected a definition, with the symbol of a quantity on its left")
        arithmetic = formula.substitute(
            lambda symbol: self.number(symbol.quantity, trace, decimals) if symbol.quantity else None
        )
        return adding_up(left, arithmetic, trace.value(left.quantity), decimals)

    # --- derivatives

    def derivative_symbol(self, of: Quantity, wrt: Quantity) -> Term:
        """``∂of/∂wrt``, as the term named ``"of/wrt"``, e.g. ``"z[3][0]/w[3][0,0]"``."""
        return Term(f"{of}/{wrt}", Derivative(self.symbol(of), self.symbol(wrt)))

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
        raise ValueError(f"{of} is not calculated directly from {wrt}: it has no local derivative with respect to it")

    def local_with_numbers(
        self, of: Quantity, wrt: Quantity, trace: Trace, decimals: int = 2, *, formula: Expression | None = None
    ) -> Relation:
        """A local derivative in numbers: ``∂C_0/∂a ≈ 2(0.66 − 1.00) ≈ −0.68``.

        ``formula`` is another way to write `local_derivative`, such as `slope_by_activation`.
        """
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
            [Term(f"{factor.of}/{factor.wrt}", factor.formula) for factor in path.factors]
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
            return Term(f"{of}/{wrt}", formula)
        quantity = formula.quantity if isinstance(formula, Symbol) else None
        given = isinstance(quantity, Weight) or (isinstance(quantity, Activation) and quantity.layer == 0)
        return Term(f"{of}/{wrt}", Number(value, decimals_for(value, decimals, given=given), quantity))

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

    # --- parts

    def joined(self, terms: list[Expression]) -> Expression:
        """The terms added up; with dots between the first two and the last where they are more than `longest_sum`."""
        if len(terms) > self.longest_sum:
            terms = [*terms[:2], Glyph("dots"), terms[-1]]
        return Sum(tuple(terms)) if len(terms) > 1 else terms[0]

    def applied(self, quantity: Activation, z: Expression | None = None) -> Expression:
        """``σ(z)`` for an activation, or σ of ``z``; f_l(z) in any layer l of a network whose functions differ."""
        function = self.function(quantity.layer)
        if isinstance(function, OutputActivation):
            return self._softmax(quantity, function)
        z = z or self.symbol(WeightedSum(quantity.layer, quantity.j))
        return function.applied(z) if function else Apply(Symbol("f", "", str(quantity.layer)), z)

    def slope(self, quantity: Activation) -> Expression:
        """``σ′(z)`` for an activation; f_l′(z) in any layer l of a network whose functions differ.

        For softmax, ``a_j (1 − a_j)``.
        """
        function = self.function(quantity.layer)
        if isinstance(function, OutputActivation):
            return self._softmax_slope(quantity, quantity.j, function)
        z = self.symbol(WeightedSum(quantity.layer, quantity.j))
        return function.derivative_applied(z) if function else Apply(Symbol("f_prime", "", str(quantity.layer)), z)

    def _softmax(self, quantity: Activation, function: OutputActivation) -> Expression:
        l, j = quantity.layer, quantity.j
        size = None if isinstance(j, str) else self.size(l)
        if size is None:
            i = letter_after(j)
            exponential = Power(Glyph("e"), self.symbol(WeightedSum(l, i)))
            total: Expression = self.summation(i, l, exponential)
        else:
            total = self.joined([Power(Glyph("e"), self.symbol(WeightedSum(l, i))) for i in range(size)])
        return function.formula(self.symbol(WeightedSum(l, j)), total)

    def _softmax_slope(self, quantity: Activation, i: Index, function: OutputActivation) -> Expression:
        a_j, a_i = self.symbol(quantity), self.symbol(Activation(quantity.layer, i))
        lettered = isinstance(i, str) or isinstance(quantity.j, str)
        same = True if i == quantity.j else None if lettered else False
        return function.derivative_formula(a_j, a_i, same)

    def slope_by_activation(self, quantity: Activation) -> Expression | None:
        """``σ′(z)`` as ``a(1 − a)``, for a function whose derivative is one of its own value; else ``None``."""
        z, function = self.symbol(WeightedSum(quantity.layer, quantity.j)), self.function(quantity.layer)
        if not isinstance(function, ActivationFunction):
            return None
        applied, a = function.applied(z), self.symbol(quantity)
        formula = function.derivative_formula(z).map(lambda node: a if node == applied else None)
        symbols = {node for node in formula.walk() if isinstance(node, Symbol)}
        return formula if symbols == {a} else None

    def summation(self, index: str, layer: Index, summand: Expression) -> Term:
        """``Σ`` over the neurons of a layer, from 0 to n_layer − 1: the term "sum", and in it the term "summand"."""
        upper = Sum((Symbol("n", "", self.layer_name(layer)), Negative(Number(1.0, 0))))
        return Term("sum", Summation(index, "0", upper, Term("summand", summand)))

    def mean(self, summand: Expression, index: str = "k") -> Product:
        """``1/n Σ_k`` over the training examples, with the terms "sum" and "summand"."""
        total = Term("sum", Summation(index, "0", "n-1", Term("summand", summand)))
        return Product((Fraction(Number(1.0, 0), Symbol("n")), total))

    def _cost(self, index: Index | None = None) -> Expression:
        """One output's part of the cost, or the sum of all parts."""
        L: Index = self.network.L if index is None else "L"
        terms = [
            self.network.cost.formula(self.symbol(Activation(L, j)), self.symbol(Target(j)))
            for j in (range(self.network.layers[self.network.L]) if index is None else [index])
        ]
        return self.joined(terms)

    def _weighted_sum(self, quantity: WeightedSum, expanded: bool | None = None) -> Expression:
        l, j = quantity.layer, quantity.j
        before = shifted(l, -1)
        if not (expanded if expanded is not None else not isinstance(j, str)):
            k = letter_before(j)
            joined = Product((self.symbol(Weight(l, j, k)), self.symbol(Activation(before, k))))
            return Sum((self.summation(k, before, joined), self.symbol(Bias(l, j))))
        size = self.size(before)
        if size is None:
            raise ValueError(f"{quantity}: found layer {l!r}, expected one whose number of inputs is known")
        last = max(2, size - 1)
        shown = range(size) if size < self.longest_sum else (0, 1, last)
        terms: list[Expression] = [
            Product((self.symbol(Weight(l, j, k)), self.symbol(Activation(before, k)))) for k in shown
        ]
        if size >= self.longest_sum:
            terms.insert(2, Glyph("dots"))
        return Sum((*terms, self.symbol(Bias(l, j))))

    def function(self, layer: Index) -> ActivationFunction | OutputActivation | None:
        """The layer's activation function; `None` for a letter that could be layers with different ones."""
        number = self._number(layer)
        rows = self.network.activation
        if number is None:
            return rows[0] if len(set(rows)) == 1 else None
        return rows[number - 1]

    def layer_name(self, layer: Index) -> str:
        """What stands in the superscript: ``L-1``, or ``2`` where layers are counted from the input."""
        if isinstance(layer, str) or self.layers == "absolute":
            return str(layer)
        back = self.network.L - layer
        return f"L-{back}" if back else "L"

    def _number(self, layer: Index) -> int | None:
        """The layer's number in this network; `None` for a letter that could be any."""
        if isinstance(layer, str):
            match = re.fullmatch(r"L(?:-(\d+))?", layer)
            return self.network.L - int(match[1] or 0) if match else None
        return layer

    def size(self, layer: Index) -> int | None:
        """The number of neurons in a layer; `None` for a letter that could be any layer."""
        number = self._number(layer)
        if number is None:
            return None
        if not 0 <= number <= self.network.L:
            raise ValueError(f"layer {layer}: found none in this network, expected one from 0 to {self.network.L}")
        return self.network.layers[number]


class _Exactly(Number):
    """A number that calculates with its value, not with the digits shown."""

    def shown_value(self) -> float:
        return self.value
