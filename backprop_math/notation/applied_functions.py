"""Activation functions applied to weighted sums, and their slopes; softmax among them, which takes all of a layer."""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from ..formula import Apply, Cases, Each, Expression, Glyph, Power, Relation, Symbol, Term
from ..functions import ActivationFunction, OutputActivation
from ..quantities import Activation, Index, Pixel, WeightedSum, letter_after, quantity_at
from .names import Names
from .sums import Sums

__all__ = ["AppliedFunctions"]


@dataclass(frozen=True)
class AppliedFunctions:
    """The functions of a network's layers; f_l stands for any layer's where they differ."""

    names: Names
    sums: Sums

    def function(self, layer: Index) -> ActivationFunction | OutputActivation | None:
        """The layer's activation function; `None` for a letter that could be layers with different ones."""
        number, rows = self.names.number(layer), self.names.network.activation
        if number is None:
            return rows[0] if len(set(rows)) == 1 and not self.mixed else None
        return rows[number - 1]

    @property
    def mixed(self) -> OutputActivation | None:
        """The last layer's function where it takes all of the layer's weighted sums."""
        last = self.names.network.activation[-1]
        return last if isinstance(last, OutputActivation) else None

    def applied(self, quantity: Activation | Pixel, z: Expression | None = None) -> Expression:
        """``σ(z)`` for an activation, or σ of another ``z``; of any layer l, softmax where l = L and f_l elsewhere."""
        function = self.function(quantity.layer)
        if isinstance(function, OutputActivation):
            return self._softmax(cast(Activation, quantity), function)
        z = z or self._weighted_sum(quantity)
        if function:
            return function.applied(z)
        here = Apply(Symbol("f", "", str(quantity.layer)), z)
        if not self.mixed:
            return here
        last = self._softmax(Activation("L", quantity.indices[0]), self.mixed)
        return Cases(((Term("last", last), Relation((Symbol(str(quantity.layer)), Symbol("L")))),), here)

    def slope(self, quantity: Activation | Pixel) -> Expression:
        """See `Notation.slope`."""
        if mixed := self.mixed_slope(cast(Activation, quantity), quantity.indices[0]):
            return mixed
        function, z = self.function(quantity.layer), self._weighted_sum(quantity)
        assert not isinstance(function, OutputActivation), "its slope is a mixed one"
        return function.derivative_applied(z) if function else Apply(Symbol("f_prime", "", str(quantity.layer)), z)

    def slope_by_activation(self, quantity: Activation) -> Expression | None:
        """See `Notation.slope_by_activation`."""
        z, function = self._weighted_sum(quantity), self.function(quantity.layer)
        if not isinstance(function, ActivationFunction):
            return None
        applied, a = function.applied(z), self.names.symbol(quantity)
        formula = function.derivative_formula(z).map(lambda node: a if node == applied else None)
        symbols = {node for node in formula.walk() if isinstance(node, Symbol)}
        return formula if symbols == {a} else None

    def mixed_slope(self, quantity: Activation, i: Index) -> Expression | None:
        """∂a_j/∂z_i where each activation of a layer depends on all of its weighted sums; `None` where it does not."""
        function = self.function(quantity.layer)
        if not isinstance(function, OutputActivation):
            return None
        a_j, a_i = self.names.symbol(quantity), self.names.symbol(Activation(quantity.layer, i))
        lettered = isinstance(i, str) or isinstance(quantity.j, str)
        same = True if i == quantity.j else None if lettered else False
        return function.derivative_formula(a_j, a_i, same)

    def _softmax(self, quantity: Activation, function: OutputActivation) -> Expression:
        l, j = quantity.layer, quantity.j
        size = None if isinstance(j, str) else self.names.size(l)
        if size is None:
            i = letter_after(j)
            total: Expression = self.sums.over_layer(i, l, self._exponential(l, i))
        else:
            total = self.sums.joined(Each(size, lambda i: self._exponential(l, i)))
        return function.formula(self._weighted_sum(quantity), total)

    def _exponential(self, l: Index, i: Index) -> Power:
        return Power(Glyph("e"), self.names.symbol(WeightedSum(l, i)))

    def _weighted_sum(self, quantity: Activation | Pixel) -> Symbol:
        return self.names.symbol(quantity_at("z", quantity.layer, quantity.indices))
