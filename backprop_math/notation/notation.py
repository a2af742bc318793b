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

import math
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from ..formula import (
    LONGEST_SUM,
    Cases,
    Derivative,
    DifferenceQuotient,
    Exactly,
    Expression,
    Fraction,
    Number,
    Partial,
    Relation,
    Symbol,
    Term,
    adding_up,
    decimals_for,
    factor_name,
    relation_sign,
)
from ..network import BackwardPass, Structure
from ..quantities import (
    Activation,
    Activations,
    Cost,
    Parameter,
    Pixel,
    Quantity,
    Target,
    Trace,
    WeightedSum,
    as_quantity,
)
from .applied_functions import AppliedFunctions
from .definitions import Definitions
from .images import Images
from .local_derivatives import LocalDerivatives
from .names import Layers, Names
from .sums import Sums

__all__ = ["Notation"]


@dataclass(frozen=True)
class Notation:
    """The notation for one network. Every method gives an `Expression`, whose symbols carry their ``quantity``.

    A sum of more than ``longest_sum`` terms or paths is written with dots. In numbers, ``decimals`` is the least
    number of decimals shown; each rounded number has as many as it takes for the shown arithmetic to add up.
    """

    network: Structure
    layers: Layers = "relative"
    longest_sum: int = LONGEST_SUM

    def __post_init__(self) -> None:
        if self.layers not in ("relative", "absolute"):
            raise ValueError(f"layers: found {self.layers!r}, expected 'relative' or 'absolute'")

    # --- what it is made of

    @cached_property
    def names(self) -> Names:
        """How quantities and layers are named."""
        return Names(self.network, self.layers)

    @cached_property
    def sums(self) -> Sums:
        """How sums are written."""
        return Sums(self.names, self.longest_sum)

    @cached_property
    def functions(self) -> AppliedFunctions:
        """How activation functions and their slopes are written."""
        return AppliedFunctions(self.names, self.sums)

    @cached_property
    def images(self) -> Images:
        """How quantities of images hang together."""
        return Images(self.names, self.sums)

    @cached_property
    def _definitions(self) -> Definitions:
        return Definitions(self.names, self.sums, self.functions, self.images)

    @cached_property
    def _local_derivatives(self) -> LocalDerivatives:
        return LocalDerivatives(self.names, self.functions, self.images)

    # --- symbols

    def symbol(self, quantity: Quantity | str) -> Symbol:
        """The quantity's letter with its layer above and its indices below: ``w_{j k}^(L)``, ``y``, ``C_0``."""
        return self.names.symbol(as_quantity(quantity))

    def definition(self, quantity: Quantity | str, *, expanded: bool | None = None) -> Relation:
        """What the quantity is calculated from: ``z = w a + b``, ``a = σ(z)`` or ``C_0 = (a − y)²``.

        A sum is ``expanded`` into its terms, or written with Σ, as the terms "sum" and in it "summand"; if not said,
        it is expanded unless the neuron is a letter: ``z_j = Σ_k w_jk a_k + b_j``. ``C``, the mean, is
        ``1/n Σ C_k``. `ValueError` for what is given, not calculated.
        """
        return self._definitions.of(as_quantity(quantity), expanded)

    def activation_of_parts(self, quantity: Activation) -> Relation:
        """An activation with its weighted sum written out: ``a = σ(w a + b)``."""
        return self._definitions.activation_of_parts(quantity)

    def derivative_symbol(self, of: Quantity | str, wrt: Quantity | str) -> Term:
        """``∂of/∂wrt``, as the term that `Expression.factor` finds."""
        of, wrt = as_quantity(of), as_quantity(wrt)
        return Term(factor_name(of, wrt), Derivative(self.symbol(of), self.symbol(wrt)))

    def difference_quotient(self, of: Quantity | str, wrt: Quantity | str) -> Term:
        """``Δof/Δwrt``, the ratio that a finite nudge gives, as the term that `Expression.factor` finds."""
        of, wrt = as_quantity(of), as_quantity(wrt)
        return Term(factor_name(of, wrt), DifferenceQuotient(self.symbol(of), self.symbol(wrt)))

    def local_derivative(self, of: Quantity | str, wrt: Quantity | str) -> Expression:
        """The formula of ∂of/∂wrt where ``of`` is calculated directly from ``wrt``.

        ``∂z/∂w = a^(L-1)``, ``∂z/∂b = 1``, ``∂z/∂a^(L-1) = w``, ``∂a/∂z = σ′(z)``, ``∂C/∂a = 2(a − y)``.
        `ValueError` where it is not.
        """
        return self._local_derivatives.formula(as_quantity(of), as_quantity(wrt))

    def slope(self, quantity: Activation | Pixel) -> Expression:
        """``σ′(z)`` for an activation; f_l′(z) in any layer l of a network whose functions differ.

        For softmax, ``a_j (1 − a_j)``.
        """
        return self.functions.slope(quantity)

    def slope_by_activation(self, quantity: Activation) -> Expression | None:
        """``σ′(z)`` as ``a(1 − a)``, for a function whose derivative is one of its own value; else ``None``."""
        return self.functions.slope_by_activation(quantity)

    # --- numbers

    def number(self, quantity: Quantity | str, trace: Trace, decimals: int = 2) -> Number:
        """The quantity's value; exact, if it is a given one, with at most four decimals."""
        quantity = as_quantity(quantity)
        return _number(trace.value(quantity), decimals, quantity)

    def with_numbers(self, definition: Relation | Quantity | str, trace: Trace, decimals: int = 2) -> Relation:
        """A definition, or that of a quantity, with numbers and the result: ``z ≈ 1.20 · 0.48 + 0.10 ≈ 0.68``."""
        if not isinstance(definition, Relation):
            definition = self.definition(definition)
        left, formula = definition.sides[0], definition.sides[-1]
        if not isinstance(left, Symbol) or left.quantity is None:
            raise ValueError(f"{definition}: expected a definition, with the symbol of a quantity on its left")
        value = trace.value(left.quantity)
        try:
            self._exactly(formula, trace)
        except ArithmeticError:  # 0 ln 0, where an output is 0 or 1 to the last digit: the trace knows better.
            return _alone(left, value, decimals)
        return adding_up(left, self._in_numbers(formula, trace, decimals), value, decimals)

    def local_with_numbers(
        self,
        of: Quantity | str,
        wrt: Quantity | str,
        trace: Trace,
        decimals: int = 2,
        *,
        formula: Expression | None = None,
    ) -> Relation:
        """A local derivative in numbers: ``∂C_0/∂a ≈ 2(0.66 − 1.00) ≈ −0.68``.

        ``formula`` is another way to write `local_derivative`, such as `slope_by_activation`.
        """
        of, wrt = as_quantity(of), as_quantity(wrt)
        symbol = self.derivative_symbol(of, wrt)
        formula = formula or self.local_derivative(of, wrt)
        if isinstance(formula, Cases) and isinstance(of, Pixel) and isinstance(wrt, Pixel):
            return Relation((symbol, self.images.passed(of, wrt, trace)), ("=",))
        try:
            value = self._exactly(formula, trace)
        except ArithmeticError:
            value = math.nan
        if math.isnan(value):
            value = cast(BackwardPass, trace).graph.edge(of, wrt).value
        if isinstance(of, Cost) and isinstance(wrt, WeightedSum | Activation):
            # Where a is so near to 0 or 1 that 1 − a has lost its digits, the trace knows better.
            found = cast(BackwardPass, trace).derivative(wrt)
            unwritten = any(isinstance(node, Partial) for node in formula.walk())
            if unwritten or not math.isclose(value, found, rel_tol=1e-9):
                return _alone(symbol, found, decimals)
        return adding_up(symbol, self._in_numbers(formula, trace, decimals), value, decimals)

    def factor_number(self, of: Quantity, wrt: Quantity, value: float, decimals: int = 2) -> Term:
        """The ``value`` of a local derivative ∂of/∂wrt, as the term of this factor; a quantity's, where it is one."""
        formula = self.local_derivative(of, wrt)
        if isinstance(formula, Number | Fraction) and not any(isinstance(node, Symbol) for node in formula.walk()):
            number: Expression = formula
        elif isinstance(of, Pixel) and isinstance(wrt, Pixel):
            number = Number(value, 0)
        else:
            number = _number(value, decimals, formula.quantity if isinstance(formula, Symbol) else None)
        return Term(factor_name(of, wrt), number)

    def _exactly(self, formula: Expression, trace: Trace) -> float:
        """The formula's value, in full digits: each quantity in it is exact to the last bit in the trace."""
        exact = formula.substitute(lambda symbol: Exactly(trace.value(symbol.quantity)) if symbol.quantity else None)
        try:
            return exact.shown_value()
        except ValueError:  # It is elided, or no arithmetic.
            return math.nan

    def _in_numbers(self, formula: Expression, trace: Trace, decimals: int) -> Expression:
        return formula.substitute(
            lambda symbol: self.number(symbol.quantity, trace, decimals) if symbol.quantity else None
        )


def _alone(left: Expression, value: float, decimals: int) -> Relation:
    number = _number(value, decimals, None)
    return Relation((left, number), (relation_sign(number),))


def _number(value: float, decimals: int, quantity: Quantity | None) -> Number:
    given = isinstance(quantity, Parameter | Target) or (isinstance(quantity, Activations) and quantity.layer == 0)
    return Number(value, decimals_for(value, decimals, given=given), quantity)
