"""How quantities are named, and how what they are calculated from is written, in symbols and in numbers.

`Notation`, which is what to use, adds the derivatives.
"""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, cast

from ..formula import (
    Apply,
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
    adding_up,
    decimals_for,
)
from ..functions import ActivationFunction, OutputActivation
from ..network import Structure
from ..quantities import (
    Activation,
    Activations,
    Bias,
    Cost,
    Index,
    KernelWeight,
    Parameter,
    Pixel,
    PixelSum,
    Quantity,
    Target,
    Weight,
    WeightedSum,
    letter_after,
    letter_before,
    quantity_at,
    shifted,
)
from .images import image_symbol, passed_on, pixel_sum

__all__ = ["Definitions", "Trace"]


class Trace(Protocol):
    """What has the values of quantities: a `ForwardPass` or a `BackwardPass`."""

    def value(self, quantity: Quantity, /) -> float:
        """The value of a quantity."""


@dataclass(frozen=True)
class Definitions:
    """Names, values and definitions: see `Notation`."""

    network: Structure
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
        if isinstance(quantity, KernelWeight | PixelSum | Pixel):
            return image_symbol(self, quantity)
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
        given = isinstance(quantity, Parameter | Target) or (isinstance(quantity, Activations) and quantity.layer == 0)
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
        elif isinstance(quantity, PixelSum):
            formula = self._with_bias(pixel_sum(self, quantity), Bias(quantity.layer, quantity.channel))
        elif isinstance(quantity, Activations) and quantity.layer != 0:
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

    # --- parts

    def joined(self, terms: list[Expression]) -> Expression:
        """The terms added up; with dots between the first two and the last where they are more than `longest_sum`."""
        if len(terms) > self.longest_sum:
            terms = [*terms[:2], Glyph("dots"), terms[-1]]
        return Sum(tuple(terms)) if len(terms) > 1 else terms[0]

    def applied(self, quantity: Activation | Pixel, z: Expression | None = None) -> Expression:
        """``σ(z)`` for an activation, or σ of ``z``; f_l(z) in any layer l of a network whose functions differ.

        Of a layer without weights, the activation that is passed on.
        """
        if passed := passed_on(self, quantity):
            return passed
        function = self.function(quantity.layer)
        if isinstance(function, OutputActivation):
            return self._softmax(cast(Activation, quantity), function)
        z = z or self.symbol(quantity_at("z", quantity.layer, quantity.indices))
        return function.applied(z) if function else Apply(Symbol("f", "", str(quantity.layer)), z)

    def slope(self, quantity: Activation | Pixel) -> Expression:
        """``σ′(z)`` for an activation; f_l′(z) in any layer l of a network whose functions differ.

        For softmax, ``a_j (1 − a_j)``.
        """
        function = self.function(quantity.layer)
        if isinstance(function, OutputActivation):
            return self._softmax_slope(cast(Activation, quantity), quantity.indices[0], function)
        z = self.symbol(quantity_at("z", quantity.layer, quantity.indices))
        return function.derivative_applied(z) if function else Apply(Symbol("f_prime", "", str(quantity.layer)), z)

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
        terms = [Product((self.symbol(Weight(l, j, k)), self.symbol(Activation(before, k)))) for k in range(size)]
        return self._with_bias(terms, Bias(l, j))

    def _with_bias(self, terms: Sequence[Expression], bias: Bias) -> Sum:
        """The terms and the bias, with dots before the last of the terms where they are `longest_sum` or more."""
        if len(terms) >= self.longest_sum:
            terms = [*terms[:2], Glyph("dots"), terms[-1]]
        return Sum((*terms, self.symbol(bias)))

    # --- layers

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

    def size(self, layer: Index) -> int | None:
        """The number of neurons in a layer; `None` for a letter that could be any layer."""
        number = self._number(layer)
        if number is None:
            return None
        if not 0 <= number <= self.network.L:
            raise ValueError(f"layer {layer}: found none in this network, expected one from 0 to {self.network.L}")
        return self.network.layers[number]

    def _number(self, layer: Index) -> int | None:
        """The layer's number in this network; `None` for a letter that could be any."""
        if isinstance(layer, str):
            match = re.fullmatch(r"L(?:-(\d+))?", layer)
            return self.network.L - int(match[1] or 0) if match else None
        return layer
