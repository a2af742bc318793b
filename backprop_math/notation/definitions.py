"""What quantities are calculated from, in symbols."""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

from dataclasses import dataclass

from ..formula import Each, Expression, Product, Relation, Sum
from ..quantities import (
    Activation,
    Activations,
    Bias,
    Cost,
    Index,
    Pixel,
    PixelSum,
    Quantity,
    Target,
    Weight,
    WeightedSum,
    letter_before,
    shifted,
)
from .applied_functions import AppliedFunctions
from .images import Images
from .names import Names
from .sums import Sums

__all__ = ["Definitions"]


@dataclass(frozen=True)
class Definitions:
    """The definitions of z, a and C."""

    names: Names
    sums: Sums
    functions: AppliedFunctions
    images: Images

    def of(self, quantity: Quantity, expanded: bool | None = None) -> Relation:
        """See `Notation.definition`."""
        symbol = self.names.symbol
        if isinstance(quantity, WeightedSum):
            formula = self._weighted_sum(quantity, expanded)
        elif isinstance(quantity, PixelSum):
            bias = symbol(Bias(quantity.layer, quantity.channel))
            formula = self.sums.with_bias(self.images.weighted_terms(quantity), bias)
        elif isinstance(quantity, Activations) and quantity.layer != 0:
            formula = self._activation(quantity)
        elif isinstance(quantity, Cost) and quantity.example is None:
            formula = self.sums.mean(symbol(Cost("k")))
        elif isinstance(quantity, Cost):
            formula = self._cost(expanded)
        else:
            raise ValueError(f"{quantity}: is given, not calculated; only z, a and C have a definition")
        return Relation((symbol(quantity), formula), ("=",))

    def activation_of_parts(self, quantity: Activation) -> Relation:
        """See `Notation.activation_of_parts`."""
        z = self._weighted_sum(WeightedSum(quantity.layer, quantity.j))
        return Relation((self.names.symbol(quantity), self._activation(quantity, z)), ("=",))

    def _activation(self, quantity: Activation | Pixel, z: Expression | None = None) -> Expression:
        """The function of ``z``; or what is passed on, in a layer without weights."""
        return self.images.passed_on(quantity) or self.functions.applied(quantity, z)

    def _weighted_sum(self, quantity: WeightedSum, expanded: bool | None = None) -> Expression:
        l, j = quantity.layer, quantity.j
        before, bias = shifted(l, -1), self.names.symbol(Bias(l, j))

        def term(k: Index) -> Product:
            return Product((self.names.symbol(Weight(l, j, k)), self.names.symbol(Activation(before, k))))

        if not (expanded if expanded is not None else not isinstance(j, str)):
            k = letter_before(j)
            return Sum((self.sums.over_layer(k, before, term(k)), bias))
        size = self.names.size(before)
        if size is None:
            raise ValueError(f"{quantity}: found layer {l!r}, expected one whose number of inputs is known")
        return self.sums.with_bias(Each(size, term), bias)

    def _cost(self, expanded: bool | None) -> Expression:
        """The sum of all outputs' parts of the cost."""
        network, symbol = self.names.network, self.names.symbol

        def part(l: Index, j: Index) -> Expression:
            term = network.cost.formula(symbol(Activation(l, j)), symbol(Target(j)))
            return network.cost.share(term, self.names.outputs(j))

        if expanded in (None, True):
            return self.sums.joined(Each(network.layers[network.L], lambda j: part(network.L, j)))
        return self.sums.over_layer("j", network.L, part("L", "j"))
