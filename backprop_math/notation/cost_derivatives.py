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
from dataclasses import dataclass, field, replace
from types import EllipsisType

from ..formula import (
    Cases,
    Derivative,
    Each,
    Expression,
    Fraction,
    Glyph,
    MatrixExpression,
    Number,
    Product,
    Relation,
    Symbol,
    Term,
    added,
    adding_up,
    decimals_for,
    factor_name,
    relation_sign,
)
from ..functions import OutputActivation
from ..network import BackwardPass, taken_together
from ..quantities import Activation, Bias, Cost, Index, Quantity, Weight, WeightedSum, letter_after, shifted
from .notation import Notation

__all__ = ["CostDerivatives", "Written"]

Written = Callable[[Quantity, Quantity], Expression]


@dataclass(frozen=True)
class CostDerivatives:
    """The forms of one network, written with its ``notation``. ``cost`` is what is differentiated: C_0, or C.

    The left side is the term "ratio", a sum the term "sum" with its "summand", or ``expanded`` with a term "path[j]"
    for each neuron j of the layer after; and each factor ∂of/∂wrt is the term named ``"of/wrt"`` as in every chain
    rule, ``"z[L][j]/w[L][j,k]"``: see `Expression.factor`.

    ``at_once`` writes ∂C/∂z of the last layer as one factor, as it is where cost and last function are taken together.
    """

    notation: Notation
    cost: Cost = field(default=Cost())
    at_once: bool = False

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
        if self._of_the_last_layer(wrt):
            last = self.notation.local_with_numbers(trace.cost_quantity, wrt, trace, decimals)
            return Relation((self.ratio(wrt), *last.sides[1:]), last.signs)

        value, form = trace.derivative(wrt), replace(self, at_once=taken_together(trace))
        right = form.right(wrt, self.in_numbers(trace, decimals), expanded=True)
        return adding_up(self.ratio(wrt), right, value, decimals, significant=3)

    def ratio(self, wrt: Quantity) -> Term:
        """``∂C/∂wrt``, as the term "ratio"."""
        return Term("ratio", self._derivative(self.cost, wrt))

    # --- all examples, all parameters

    def mean(self, wrt: Quantity | None = None, count: int | None = None) -> Relation:
        """``C = 1/n Σ_k C_k``, or with ``wrt`` the derivatives: ``∂C/∂w = 1/n Σ_k ∂C_k/∂w``; n may be a ``count``.

        The examples' letter is the first of k, i, m that is no index of ``wrt``.
        """
        index = next(letter for letter in "kim" if wrt is None or letter not in wrt.indices)
        whole, part = (self._mean_term(Cost(example), wrt) for example in (None, index))
        return Relation((Term("ratio", whole), self.notation.sums.mean(part, index, count)), ("=",))

    def mean_numbers(self, traces: Sequence[BackwardPass], wrt: Quantity | None = None, decimals: int = 2) -> Relation:
        """The same with the values of some examples, each with its own index; their numbers are the terms "C[k]"."""
        values = [trace.cost if wrt is None else trace.derivative(wrt) for trace in traces]
        parts = tuple(
            Term(f"C[{trace.forward.index}]", Number(value, decimals_for(value, decimals), trace.cost_quantity))
            for trace, value in zip(traces, values, strict=True)
        )
        total = Term("sum", added(parts))
        arithmetic = Product((Fraction(Number(1.0, 0), Number(float(len(parts)), 0)), total))
        left = Term("ratio", self._mean_term(Cost(None), wrt))
        return adding_up(left, arithmetic, sum(values) / len(values), decimals)

    def gradient(self, quantities: Iterable[Quantity | EllipsisType] | None = None) -> Relation:
        """``∇C`` as a column of ``∂C/∂quantity``, each a term; ``...`` among the quantities is a row of dots.

        Without ``quantities``: all parameters, or where they are many the first ones and the last.
        """
        column = self._column(
            Glyph("vdots") if isinstance(q, EllipsisType) else self.notation.derivative_symbol(self.cost, q)
            for q in self._listed(quantities)
        )
        return Relation((Term("gradient", self._nabla()), column), ("=",))

    def gradient_numbers(
        self, trace: BackwardPass, quantities: Iterable[Quantity | EllipsisType] | None = None, decimals: int = 2
    ) -> Relation:
        """The same column with its values, in terms with the same names; ``trace`` may be that of a batch."""
        column = self._column(
            Glyph("vdots") if isinstance(q, EllipsisType) else self._whole_number(q, trace, decimals)
            for q in self._listed(quantities)
        )
        return Relation((Term("gradient", self._nabla()), column), (relation_sign(column),))

    # --- parts

    def in_numbers(self, trace: BackwardPass, decimals: int) -> Written:
        """Each derivative as the term with its value: that of the cost whole, a local one as `Notation` writes it."""

        def number(of: Quantity, wrt: Quantity) -> Term:
            if isinstance(of, Cost):
                return self._whole_number(wrt, trace, decimals)
            return self.notation.factor_number(of, wrt, trace.graph.edge(of, wrt).value, decimals)

        return number

    def right(self, wrt: Quantity, written: Written, expanded: bool = False) -> Expression:
        """The right side: factors, the first of which ends in ``wrt``, each as ``written(of, wrt)``."""
        if self.notation.images.have(wrt):
            raise ValueError(f"{wrt}: found a quantity of images, expected one of a fully connected layer; see Delta")
        if isinstance(wrt, Activation) and not self._of_the_last_layer(wrt):
            after = shifted(wrt.layer, 1)

            def path(j: Index) -> Product:
                return self._product(wrt, after, j, written, expanded)

            return self.over_layer(after, letter_after(wrt.j), path, expanded)
        match wrt:
            case Activation():
                return written(self.cost, wrt)
            case WeightedSum():
                return self._onward(wrt.layer, wrt.j, written, expanded)
            case Weight() | Bias():
                return self._product(wrt, wrt.layer, wrt.j, written, expanded)
        raise ValueError(f"{wrt}: found {type(wrt).__name__}, expected a weight, a bias, z or a")

    def over_layer(self, layer: Index, letter: str, path: Callable[[Index], Expression], expanded: bool) -> Expression:
        """The sum of a path for each neuron of a layer: with Σ, or ``expanded`` where the layer is known."""
        size = self.notation.names.size(layer) if expanded else None
        if size is None:
            return self.notation.sums.over_layer(letter, layer, path(letter))
        return Term("sum", self.notation.sums.joined(Each(size, lambda i: Term(f"path[{i}]", path(i)))))

    def _product(self, wrt: Quantity, l: Index, j: Index, written: Written, expanded: bool = False) -> Product:
        onward = self._onward(l, j, written, expanded)
        factors = onward.factors if isinstance(onward, Product) else (onward,)
        return Product((written(WeightedSum(l, j), wrt), *factors))

    def _onward(self, l: Index, j: Index, written: Written, expanded: bool) -> Expression:
        """∂C/∂z_j by the layer's activations: one, or all where softmax mixes them."""
        z = WeightedSum(l, j)
        if self.at_once and self.notation.names.is_last(l):
            return written(self.cost, z)

        def path(i: Index) -> Product:
            a = Activation(l, i)
            return Product((written(a, z), written(self.cost, a)))

        if not isinstance(self.notation.functions.function(l), OutputActivation):
            return path(j)
        return self.over_layer(l, letter_after(j), path, expanded)

    def _of_the_last_layer(self, wrt: Quantity) -> bool:
        return isinstance(wrt, Activation) and self.notation.names.is_last(wrt.layer)

    def _formula(self, of: Quantity, wrt: Quantity) -> Expression:
        unknown = isinstance(of, Cost) and isinstance(wrt, Activation) and not self._of_the_last_layer(wrt)
        formula = self._derivative(of, wrt) if unknown else self.notation.local_derivative(of, wrt)
        return Term(factor_name(of, wrt), formula)

    def _derivative(self, of: Quantity, wrt: Quantity) -> Expression:
        return Derivative(self.notation.symbol(of), self.notation.symbol(wrt))

    def _mean_term(self, cost: Cost, wrt: Quantity | None) -> Expression:
        return self.notation.symbol(cost) if wrt is None else self._derivative(cost, wrt)

    def _nabla(self) -> Expression:
        return Product((Glyph("nabla"), self.notation.symbol(self.cost)))

    def _whole_number(self, wrt: Quantity, trace: BackwardPass, decimals: int) -> Term:
        value = trace.derivative(wrt)
        return Term(factor_name(self.cost, wrt), Number(value, decimals_for(value, decimals)))

    def _column(self, rows: Iterable[Expression]) -> MatrixExpression:
        return MatrixExpression(tuple((row,) for row in rows))

    def _listed(self, quantities: Iterable[Quantity | EllipsisType] | None) -> list[Quantity | EllipsisType]:
        if quantities is not None:
            return list(quantities)
        every: list[Quantity | EllipsisType] = list(self.notation.network.parameters)
        longest = self.notation.longest_sum
        return every if len(every) <= longest else [*every[: longest - 2], ..., every[-1]]
