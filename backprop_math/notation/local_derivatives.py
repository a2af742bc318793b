"""The derivatives of quantities with respect to what they are calculated directly from, in symbols."""

from __future__ import annotations

from dataclasses import dataclass

from ..formula import Derivative, Expression, Number
from ..quantities import Activation, Bias, Cost, Pixel, PixelSum, Quantity, Target, Weight, WeightedSum, shifted
from .applied_functions import AppliedFunctions
from .images import Images
from .names import Names

__all__ = ["LocalDerivatives"]


@dataclass(frozen=True)
class LocalDerivatives:
    """The formulas of ∂z/∂w, ∂z/∂b, ∂z/∂a, ∂a/∂z, ∂C/∂a and ∂C/∂y."""

    names: Names
    functions: AppliedFunctions
    images: Images

    def formula(self, of: Quantity, wrt: Quantity) -> Expression:
        """See `Notation.local_derivative`."""
        network, symbol, functions = self.names.network, self.names.symbol, self.functions
        match of, wrt:
            case WeightedSum(l, j), Weight(m, i, k) if (l, j) == (m, i):
                return symbol(Activation(shifted(l, -1), k))
            case WeightedSum(l, j), Bias(m, i) if (l, j) == (m, i):
                return Number(1.0, 0)
            case WeightedSum(l, j), Activation(m, k) if m == shifted(l, -1):
                return symbol(Weight(l, j, k))
            case Activation(l, j), WeightedSum(m, i) if (l, j) == (m, i):
                return functions.slope(of)
            case Activation(l), WeightedSum(m, i) if l == m and (mixed := functions.mixed_slope(of, i)):
                return mixed
            case Pixel(l), PixelSum(m) if (l, of.indices) == (m, wrt.indices):
                return functions.slope(of)
            case Cost(), Activation(l, j) if self.names.is_last(l):
                formula = network.cost.da_formula(symbol(wrt), symbol(Target(j)))
                return network.cost.share(formula, self.names.outputs(j))
            case Cost(), WeightedSum(l, j) if self.names.is_last(l) and network.paired:
                # Taken together with the activation function; where it is no short formula, it stays ∂C/∂z.
                written = network.paired.dz_formula
                if written is None:
                    return Derivative(symbol(of), symbol(wrt))
                return written(symbol(Activation(l, j)), symbol(Target(j)))
            case Cost(), Target(j):
                formula = network.cost.dy_formula(symbol(Activation(network.L, j)), symbol(wrt))
                return network.cost.share(formula, self.names.outputs(j))
        if found := self.images.derivative(of, wrt):
            return found
        raise ValueError(f"{of} is not calculated directly from {wrt}: it has no local derivative with respect to it")
