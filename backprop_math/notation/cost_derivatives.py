"""Chain rules for any layer and any neuron, and the recursive form: each derivative by that of the layer after it.

Indices are letters, ``Weight("l", "j", "k")``, or numbers. Where all are numbers, the same forms can be had in numbers.

>>> from backprop_math import Activation, Network, Notation, Weight
>>> derivatives = CostDerivatives(Notation(Network.random((3, 4, 2))))
>>> print(derivatives.chain(Weight("L", "j", "k")))
∂C₀/∂wⱼₖ⁽ᴸ⁾ = ∂zⱼ⁽ᴸ⁾/∂wⱼₖ⁽ᴸ⁾ · ∂aⱼ⁽ᴸ⁾/∂zⱼ⁽ᴸ⁾ · ∂C₀/∂aⱼ⁽ᴸ⁾
>>> print(derivatives.formulas(Activation("l", "j")))
∂C₀/∂aⱼ⁽ˡ⁾ = Σ[i=0…nₗ₊₁−1] wᵢⱼ⁽ˡ⁺¹⁾ σ′(zᵢ⁽ˡ⁺¹⁾) ∂C₀/∂aᵢ⁽ˡ⁺¹⁾
"""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from types import EllipsisType

from ..formula import (
    Cases,
    Derivative,
    Expression,
    Fraction,
    Glyph,
    Matrix,
    Number,
    Product,
    Relation,
    Sum,
    Symbol,
    Term,
    adding_up,
    decimals_for,
    factor_name,
)
from ..functions import OutputActivation
from ..network import BackwardPass
from ..quantities import Activation, Bias, Cost, Index, Quantity, Weight, WeightedSum, letter_after, shifted
from .images import of_images
from .notation import Notation

__all__ = ["CostDerivatives"]

Link = tuple[Quantity, Quantity]
Written = Callable[[Quantity, Quantity], Expression]


@dataclass(frozen=True)
class CostDerivatives:
    """The forms of one network, written with its ``notation``. ``cost`` is what is differentiated: C_0, or C.

    The left side is the term "ratio", a sum the term "sum" with its "summand", or ``expanded`` with a term "path[j]"
    for each neuron j of the layer after; and each factor ∂of/∂wrt is the term named ``"of/wrt"`` as in every chain
    rule, ``"z[L][j]/w[L][j,k]"``.
    """

    notation: Notation
    cost: Cost = field(default=Cost())

    # --- one derivative

    def chain(self, wrt: Quantity, *, expanded: bool = False) -> Relation:
        """``∂C/∂w_jk = ∂z_j/∂w_jk ∂a_j/∂z_j ∂C/∂a_j``, and ``∂C/∂a_k = Σ_j ∂z_j/∂a_k ∂a_j/∂z_j ∂C/∂a_j``."""
        return Relation((self.ratio(wrt), self.right(wrt, self.notation.derivative_symbol, expanded)), ("=",))

    def formulas(self, wrt: Quantity, *, expanded: bool = False) -> Relation:
        """The same with each factor's formula; ∂C/∂a stays where there is a layer after it.

        ``∂C/∂w_jk = a_k σ′(z_j) ∂C/∂a_j``, ``∂C/∂a_j^(L) = 2(a_j − y_j)``.
        """
        return Relation((self.ratio(wrt), self.right(wrt, self._formula, expanded)), ("=",))

    def cases(self, wrt: Activation) -> Relation:
        """``∂C/∂a_j^(l)`` for any layer l: the terms "last", where l = L, and "sum", everywhere else."""
        last = Activation("L", wrt.j)
        condition = Relation((Symbol(str(wrt.layer)), Symbol("L")))
        row = (Term("last", self._formula(self.cost, last)), condition)
        return Relation((self.ratio(wrt), Cases((row,), self.right(wrt, self._formula))), ("=",))

    def numbers(self, wrt: Quantity, trace: BackwardPass, decimals: int = 2) -> Relation:
        """The recursive form with the values of one example; a sum is written out.

        The derivative of the layer after stands there as one number: ``∂C_0/∂a ≈ 1.80 · 0.22 · (−0.68) + …``.
        """
        notation = self.notation
        if isinstance(wrt, Activation) and self.is_last(wrt.layer):
            last = notation.local_with_numbers(trace.cost_quantity, wrt, trace, decimals)
            return Relation((self.ratio(wrt), *last.sides[1:]), last.signs)

        def value(of: Quantity, wrt: Quantity) -> Expression:
            if isinstance(of, Cost):
                found = trace.derivative(wrt)
                return Term(factor_name(of, wrt), Number(found, decimals_for(found, decimals)))
            return notation.factor_number(of, wrt, trace.graph.edge(of, wrt).value, decimals)

        found = trace.derivative(wrt)
        right = self.right(wrt, value, True)
        return adding_up(self.ratio(wrt), right, found, decimals, significant=3)

    def ratio(self, wrt: Quantity) -> Term:
        """``∂C/∂wrt``, as the term "ratio"."""
        return Term("ratio", self._derivative(self.cost, wrt))

    # --- all examples, all parameters

    def mean(self, wrt: Quantity | None = None) -> Relation:
        """``C = 1/n Σ_k C_k``, or with ``wrt`` the derivatives: ``∂C/∂w = 1/n Σ_k ∂C_k/∂w``.

        The examples' letter is the first of k, i, m that is no index of ``wrt``.
        """
        index = next(letter for letter in "kim" if wrt is None or letter not in wrt.indices)
        whole, part = (self._mean_term(Cost(example), wrt) for example in (None, index))
        return Relation((Term("ratio", whole), self.notation.mean(part, index)), ("=",))

    def mean_numbers(self, traces: Sequence[BackwardPass], wrt: Quantity | None = None, decimals: int = 2) -> Relation:
        """The same with the values of some examples, each with its own index; their numbers are the terms "C[k]"."""
        values = [trace.cost if wrt is None else trace.derivative(wrt) for trace in traces]
        parts = tuple(
            Term(f"C[{trace.forward.index}]", Number(value, decimals_for(value, decimals), trace.cost_quantity))
            for trace, value in zip(traces, values, strict=True)
        )
        total = Term("sum", Sum(parts) if len(parts) > 1 else parts[0])
        arithmetic = Product((Fraction(Number(1.0, 0), Number(float(len(parts)), 0)), total))
        left = Term("ratio", self._mean_term(Cost(None), wrt))
        return adding_up(left, arithmetic, sum(values) / len(values), decimals)

    def gradient(self, quantities: Iterable[Quantity | EllipsisType] | None = None) -> Relation:
        """``∇C`` as a column of ``∂C/∂quantity``, each a term; ``...`` among the quantities is a row of dots.

        Without ``quantities``: all parameters, or where they are many the first ones and the last.
        """
        rows = [
            Glyph("vdots") if isinstance(q, EllipsisType) else self.notation.derivative_symbol(self.cost, q)
            for q in self._listed(quantities)
        ]
        return Relation((Term("gradient", self._nabla()), self._column(rows)), ("=",))

    def gradient_numbers(
        self, trace: BackwardPass, quantities: Iterable[Quantity | EllipsisType] | None = None, decimals: int = 2
    ) -> Relation:
        """The same column with its values, in terms with the same names; ``trace`` may be that of a batch."""

        def entry(quantity: Quantity) -> Term:
            value = trace.derivative(quantity)
            return Term(factor_name(self.cost, quantity), Number(value, decimals_for(value, decimals)))

        rows = [Glyph("vdots") if isinstance(q, EllipsisType) else entry(q) for q in self._listed(quantities)]
        rounded = any(isinstance(node, Number) and not node.exact for row in rows for node in row.walk())
        return Relation((Term("gradient", self._nabla()), self._column(rows)), ("≈" if rounded else "=",))

    # --- parts

    def right(self, wrt: Quantity, written: Written, expanded: bool = False) -> Expression:
        """The right side: factors, the first of which ends in ``wrt``, each as ``written(of, wrt)``."""
        if of_images(self.notation.network, wrt):
            raise ValueError(f"{wrt}: found a quantity of images, expected one of a fully connected layer; see Delta")
        if isinstance(wrt, Activation) and not self.is_last(wrt.layer):
            after = shifted(wrt.layer, 1)
            size = self.notation.size(after) if expanded else None
            if size is not None:
                paths = [Term(f"path[{i}]", self._product(wrt, after, i, written, True)) for i in range(size)]
                return Term("sum", self.notation.joined([*paths]))
            j = letter_after(wrt.j)
            return self.notation.summation(j, after, self._product(wrt, after, j, written))
        match wrt:
            case Activation():
                return written(self.cost, wrt)
            case WeightedSum():
                return self._onward(wrt.layer, wrt.j, written, expanded)
            case Weight() | Bias():
                return self._product(wrt, wrt.layer, wrt.j, written, expanded)
        raise ValueError(f"{wrt}: found {type(wrt).__name__}, expected a weight, a bias, z or a")

    def _product(self, wrt: Quantity, l: Index, j: Index, written: Written, expanded: bool = False) -> Product:
        onward = self._onward(l, j, written, expanded)
        factors = onward.factors if isinstance(onward, Product) else (onward,)
        return Product((written(WeightedSum(l, j), wrt), *factors))

    def _onward(self, l: Index, j: Index, written: Written, expanded: bool) -> Expression:
        """∂C/∂z_j by the layer's activations: one, or all where softmax mixes them."""
        z = WeightedSum(l, j)
        if not isinstance(self.notation.function(l), OutputActivation):
            a = Activation(l, j)
            return Product((written(a, z), written(self.cost, a)))

        def path(i: Index) -> Expression:
            a = Activation(l, i)
            return Product((written(a, z), written(self.cost, a)))

        size = self.notation.size(l) if expanded else None
        if size is None:
            i = letter_after(j)
            return self.notation.summation(i, l, path(i))
        return Term("sum", self.notation.joined([Term(f"path[{i}]", path(i)) for i in range(size)]))

    def is_last(self, layer: Index) -> bool:
        """Whether this is the last layer, by its letter or its number."""
        return layer in ("L", self.notation.network.L)

    def _formula(self, of: Quantity, wrt: Quantity) -> Expression:
        unknown = isinstance(of, Cost) and isinstance(wrt, Activation) and not self.is_last(wrt.layer)
        formula = self._derivative(of, wrt) if unknown else self.notation.local_derivative(of, wrt)
        return Term(factor_name(of, wrt), formula)

    def _derivative(self, of: Quantity, wrt: Quantity) -> Expression:
        return Derivative(self.notation.symbol(of), self.notation.symbol(wrt))

    def _mean_term(self, cost: Cost, wrt: Quantity | None) -> Expression:
        return self.notation.symbol(cost) if wrt is None else self._derivative(cost, wrt)

    def _nabla(self) -> Expression:
        return Product((Glyph("nabla"), self.notation.symbol(self.cost)))

    def _column(self, rows: Sequence[Expression]) -> Matrix:
        return Matrix(tuple((row,) for row in rows))

    def _listed(self, quantities: Iterable[Quantity | EllipsisType] | None) -> list[Quantity | EllipsisType]:
        if quantities is not None:
            return list(quantities)
        every: list[Quantity | EllipsisType] = list(self.notation.network.parameters)
        longest = self.notation.longest_sum
        return every if len(every) <= longest else [*every[: longest - 2], ..., every[-1]]
