"""The recursive form through the errors δ = ∂C/∂z, which stays short however many paths there are.

>>> from backprop_math import Network, Notation, Weight, WeightedSum
>>> delta = Delta(Notation(Network.random((3, 4, 2))))
>>> print(delta.formula(Weight("l", "j", "k")))
∂C₀/∂wⱼₖ⁽ˡ⁾ = aₖ⁽ˡ⁻¹⁾ δⱼ⁽ˡ⁾
>>> print(delta.formula(WeightedSum("l", "j")))
δⱼ⁽ˡ⁾ = σ′(zⱼ⁽ˡ⁾) Σ[i=0…nₗ₊₁−1] wᵢⱼ⁽ˡ⁺¹⁾ δᵢ⁽ˡ⁺¹⁾
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ..formula import Cases, Expression, Number, Product, Relation, Symbol, Term, adding_up, factor_name
from ..network import BackwardPass, taken_together
from ..quantities import (
    Activation,
    Bias,
    Cost,
    Index,
    PixelSum,
    Quantity,
    Weight,
    WeightedSum,
    WeightedSums,
    letter_after,
    shifted,
)
from .cost_derivatives import CostDerivatives, Written
from .notation import Notation

__all__ = ["Delta"]


@dataclass(frozen=True)
class Delta:
    """Derivatives written with δ_j^(l) = ∂C/∂z_j^(l), for letters or for numbers.

    Each δ is the term ``"C/z[l][j]"``, the name of the derivative that it is; the other names, and ``at_once``, are
    those of `CostDerivatives`.
    """

    notation: Notation
    cost: Cost = field(default=Cost())
    at_once: bool = False

    def symbol(self, z: WeightedSum | PixelSum) -> Term:
        """``δ_j^(l)``."""
        shape = self.notation.symbol(z)
        return Term(factor_name(self.cost, z), Symbol("delta", shape.superscript, shape.subscript))

    def formula(self, wrt: Quantity, *, expanded: bool = False) -> Relation:
        """``∂C/∂w_jk = a_k δ_j``, ``∂C/∂b_j = δ_j``, ``∂C/∂a_k = Σ_j w_jk δ_j``, and what δ_j itself is.

        Of the last layer ``δ_j = σ′(z_j) 2(a_j − y_j)``, of the others ``δ_j = σ′(z_j) Σ_i w_ij δ_i``. A sum is
        written out if ``expanded``, where the layer after is known; of images it always is, over all places.
        """

        def written(of: Quantity, wrt: Quantity) -> Expression:
            if isinstance(of, Cost) and isinstance(wrt, WeightedSums):
                return self.symbol(wrt)
            if isinstance(of, Cost) and not (isinstance(wrt, Activation) and self.notation.names.is_last(wrt.layer)):
                return self.notation.derivative_symbol(of, wrt)
            return Term(factor_name(of, wrt), self.notation.local_derivative(of, wrt))

        return Relation((self._left(wrt), self._right(wrt, written, expanded)), ("=",))

    def cases(self, z: WeightedSum) -> Relation:
        """``δ_j^(l)`` for any layer l: the terms "last", where l = L, and "sum", everywhere else.

        >>> from backprop_math import Network, Notation
        >>> net = Network.random((3, 4, 2), activation=["tanh", "softmax"], cost="categorical_cross_entropy")
        >>> print(Delta(Notation(net)).cases(WeightedSum("l", "j")))
        δⱼ⁽ˡ⁾ = {aⱼ⁽ᴸ⁾ − yⱼ if l = L; f′ₗ(zⱼ⁽ˡ⁾) Σ[i=0…nₗ₊₁−1] wᵢⱼ⁽ˡ⁺¹⁾ δᵢ⁽ˡ⁺¹⁾ otherwise}
        """
        condition = Relation((Symbol(str(z.layer)), Symbol("L")))
        row = (Term("last", self._at_the_end(WeightedSum("L", z.j))), condition)
        left, right = self.formula(z).sides
        return Relation((left, Cases((row,), right)), ("=",))

    def _at_the_end(self, z: WeightedSum) -> Expression:
        """The last layer's δ: by the cost made for its function; of another, with softmax, the sum over all outputs."""
        paired = self.notation.network.paired
        if paired is not None and paired.dz_formula is not None:
            return self.notation.local_derivative(self.cost, z)
        if self.notation.functions.mixed:
            return CostDerivatives(self.notation, self.cost).chain(z).sides[1]
        return self.formula(z).sides[1]

    def numbers(self, wrt: Quantity, trace: BackwardPass, decimals: int = 2) -> Relation:
        """The same with the values of one example: ``δ ≈ 0.22 (1.80 · (−0.15) + …) ≈ …``."""
        form = replace(self, at_once=taken_together(trace))
        right = form._right(wrt, self._derivatives.in_numbers(trace, decimals), expanded=True)
        return adding_up(self._left(wrt), right, trace.derivative(wrt), decimals, significant=3)

    @property
    def _derivatives(self) -> CostDerivatives:
        return CostDerivatives(self.notation, self.cost, self.at_once)

    def _left(self, wrt: Quantity) -> Term:
        return Term("ratio", self.symbol(wrt)) if isinstance(wrt, WeightedSums) else self._derivatives.ratio(wrt)

    def _right(self, wrt: Quantity, written: Written, expanded: bool) -> Expression:
        is_last = self.notation.names.is_last
        if self.notation.images.have(wrt):
            return self._over_images(wrt, written)
        match wrt:
            case Weight() | Bias():
                z = WeightedSum(wrt.layer, wrt.j)
                delta = written(self.cost, z)
                return delta if isinstance(wrt, Bias) else Product((written(z, wrt), delta))
            case WeightedSum() if not is_last(wrt.layer):
                a = Activation(wrt.layer, wrt.j)
                return Product((written(a, wrt), self._next(a, written, expanded)))
            case Activation() if not is_last(wrt.layer):
                return self._next(wrt, written, expanded)
        return self._derivatives.right(wrt, written, expanded)

    def _next(self, a: Activation, written: Written, expanded: bool) -> Expression:
        """∂C/∂a by the δ of the layer after."""
        after = shifted(a.layer, 1)

        def path(i: Index) -> Expression:
            z = WeightedSum(after, i)
            return Product((written(z, a), written(self.cost, z)))

        return self._derivatives.over_layer(after, letter_after(a.j), path, expanded)

    def _over_images(self, wrt: Quantity, written: Written) -> Expression:
        """A term for all that is calculated from ``wrt``: of a kernel weight, for every place where it stands."""
        paths = [
            written(self.cost, of) if isinstance(wrt, Bias) else Product((written(of, wrt), written(self.cost, of)))
            for of in self.notation.images.calculated_from(wrt)
        ]
        terms = [Term(f"path[{i}]", path) for i, path in enumerate(paths)]
        return Term("sum", self.notation.sums.joined(terms)) if terms else Number(0.0, 0)
