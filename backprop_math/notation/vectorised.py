"""Forward pass and backpropagation for whole layers: their equations with matrices, in symbols and in numbers.

>>> from backprop_math import Network
>>> net = Network.from_arrays([[[0.5]], [[2.0], [-1.0]]], [[0.0], [1.0, 0.5]], activation="identity")
>>> layer = LayerEquations(net.forward([4.0]).backward([3.0, -1.0]), 1)
>>> for equation in layer.backward:
...     print(equation.symbols)
δ⁽ᴸ⁻¹⁾ = (W⁽ᴸ⁾)ᵀ δ⁽ᴸ⁾ ⊙ id′(z⁽ᴸ⁻¹⁾)
∂C₀/∂W⁽ᴸ⁻¹⁾ = δ⁽ᴸ⁻¹⁾ (a⁽ᴸ⁻²⁾)ᵀ
∂C₀/∂b⁽ᴸ⁻¹⁾ = δ⁽ᴸ⁻¹⁾
>>> print(layer.error.numbers)
δ⁽ᴸ⁻¹⁾ = [2.00, −1.00] [4.00; −1.00] ⊙ [1.00] = [9.00]
"""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from ..arrays import FloatArray
from ..formula import (
    Apply,
    Derivative,
    Expression,
    Glyph,
    Hadamard,
    MatrixExpression,
    Number,
    Product,
    Relation,
    Sum,
    Symbol,
    Term,
    Transposed,
    decimals_for,
)
from ..functions import OutputActivation
from ..network import BackwardPass, Dense, ForwardPass, one_example, taken_together
from ..quantities import Activation, Bias, Index, Quantity, Weight, WeightedSum
from .display import equation_table, gathered
from .matrix_equation import MatrixEquation, adds_up
from .names import Names
from .notation import Notation

__all__ = ["LayerEquations"]

_MORE = range(12)  # decimals added to the operands until what is shown adds up


@dataclass(frozen=True, eq=False)
class LayerEquations:
    """The equations of one layer of a pass of one example: `forward` has two, `backward`, of a backward pass, three.

    These are the four equations of backpropagation, as Nielsen numbers them in chapter 2: of a layer's three, `error`
    is the first where the layer is the last, ``δ^(L) = ∇_a C ⊙ σ′(z^(L))``, and the second everywhere else,
    ``δ^(l) = (W^(l+1))ᵀ δ^(l+1) ⊙ σ′(z^(l))``. A matrix with more rows or columns than ``longest`` is shown with dots;
    what is calculated has ``decimals``, or more; what is given has those that it was given with.
    """

    trace: BackwardPass | ForwardPass
    layer: int
    notation: Notation | None = None
    decimals: int = 2
    longest: int = 8

    def __post_init__(self) -> None:
        network = self.trace.network
        if isinstance(self.layer, int) and 1 <= self.layer <= network.L:
            layer = network.stack[self.layer - 1]
            if not isinstance(layer, Dense):
                kind = type(layer).__name__
                raise ValueError(f"layer {self.layer}: found a {kind} layer, expected a Dense one, which is a matrix")
        network.check(WeightedSum(self.layer, 0))
        one_example(self._forward, "a layer's equation")

    def __str__(self) -> str:
        return "\n".join(equation.text() for equation in self._all)

    def _repr_latex_(self) -> str:
        return gathered(self._all)

    def _repr_html_(self) -> str:
        return equation_table([("", self._all)])

    @property
    def _all(self) -> list[Relation]:
        backward = self.backward if isinstance(self.trace, BackwardPass) else ()
        return [equation.whole for equation in (*self.forward, *backward)]

    @property
    def _forward(self) -> ForwardPass:
        return self.trace if isinstance(self.trace, ForwardPass) else self.trace.forward

    @property
    def _backward(self) -> BackwardPass:
        if isinstance(self.trace, ForwardPass):
            raise ValueError(f"layer {self.layer}: found a forward pass, expected a backward one for its derivatives")
        return self.trace

    @cached_property
    def _names(self) -> Names:
        return (self.notation or Notation(self.trace.network)).names

    # --- forward

    @property
    def weighted_sum(self) -> MatrixEquation:
        """``z^(l) = W^(l) a^(l-1) + b^(l)``."""
        l, net, a = self.layer, self.trace.network, self._forward.a[self.layer - 1]
        formula = Sum((Product((self._letter("W", l), self._letter("a", l - 1))), self._letter("b", l)))
        matrices = Sum((Product((self._weights(l), self._activations(l - 1))), self._biases(l)))
        return self._equation(self._letter("z", l), formula, matrices, net.W[l] @ a + net.b[l])

    @property
    def activation(self) -> MatrixEquation:
        """``a^(l) = σ(z^(l))``, the function entry by entry (softmax: of the whole vector)."""
        l, function = self.layer, self.trace.network.activation[self.layer - 1]
        z = self._column("z", self._forward.z[l], lambda j: WeightedSum(l, j))
        formula = Apply(function.sign, self._letter("z", l))
        return self._equation(self._letter("a", l), formula, Apply(function.sign, z, function.f), self._forward.a[l])

    @property
    def forward(self) -> tuple[MatrixEquation, MatrixEquation]:
        """`weighted_sum` and `activation`."""
        return self.weighted_sum, self.activation

    def of_batch(self, passes: Sequence[BackwardPass | ForwardPass]) -> MatrixEquation:
        """``Z^(l) = A^(l-1) (W^(l))ᵀ + b^(l)`` of several passes: a row for each of them, and b is added to every row.

        >>> from backprop_math import Network
        >>> net = Network.from_arrays([[[2.0, -1.0]]], [[0.5]], activation="identity")
        >>> passes = [net.forward([1.0, 3.0]), net.forward([0.0, 2.0])]
        >>> print(LayerEquations(passes[0], 1).of_batch(passes))
        Z⁽ᴸ⁾ = [1.00, 3.00; 0.00, 2.00] [2.00; −1.00] + [0.50; 0.50] = [−0.50; −1.50]
        """
        l, net, name = self.layer, self.trace.network, self._names.layer_name
        A = np.stack([one.a[l - 1] for one in passes])
        b = np.tile(net.b[l], (len(passes), 1))
        letters = [Term("A", Symbol("A", name(l - 1), "", Activation(l - 1, "j"))), Transposed(self._letter("W", l))]
        rows = self._matrix("A", A, given=l == 1)
        biases = self._matrix("b", b, lambda _, j: Bias(l, j), given=True)
        formula = Sum((Product(tuple(letters)), self._letter("b", l)))
        matrices = Sum((Product((rows, self._weights(l, transposed=True))), biases))
        left = Term("Z", Symbol("Z", name(l), "", WeightedSum(l, "j")))
        return self._equation(left, formula, matrices, A @ net.W[l].T + b)

    # --- backward

    @property
    def error(self) -> MatrixEquation:
        """What δ^(l) is: the first of the four equations for the last layer, the second for any other.

        Where the last function is taken together with the cost, as ∇_a C alone keeps no digits, it is ``∂C/∂z^(L)``.
        """
        l, net, trace = self.layer, self.trace.network, self._backward
        function = net.activation[l - 1]
        if l == net.L and taken_together(trace):
            return self._equation(self._delta(l), Derivative(self._cost, self._letter("z", l)), None, trace.dz[l])
        if l == net.L:
            towards: Expression = Term("gradient", Product((Symbol("nabla", "", "a"), self._cost)))
            towards_numbers: Expression = self._column("gradient", trace.da[l])
        else:
            towards = Product((Transposed(self._letter("W", l + 1)), self._delta(l + 1)))
            towards_numbers = Product((self._weights(l + 1, transposed=True), self._errors(l + 1)))
        if isinstance(function, OutputActivation):
            jacobian = Derivative(self._letter("a", l), self._letter("z", l))
            matrix = self._matrix("slope", function.jacobian(trace.forward.a[l]).T)
            formula: Expression = Product((Transposed(Term("slope", jacobian)), towards))
            return self._equation(self._delta(l), formula, Product((matrix, towards_numbers)), trace.dz[l])
        slope = Term("slope", Apply(function.derivative_sign, self._letter("z", l)))
        slopes = self._column("slope", function.df(trace.forward.z[l]))
        matrices = Hadamard((towards_numbers, slopes))
        return self._equation(self._delta(l), Hadamard((towards, slope)), matrices, trace.dz[l])

    @property
    def meanings(self) -> tuple[Relation, Relation]:
        """What the letters of `error` stand for: ``δ^(l) = ∂C/∂z^(l)`` and ``∇_a C = ∂C/∂a^(l)``.

        >>> from backprop_math import load_example
        >>> print(*LayerEquations(load_example("two_outputs").trace(), 2).meanings)
        δ⁽ᴸ⁾ = ∂C₀/∂z⁽ᴸ⁾ ∇_a C₀ = ∂C₀/∂a⁽ᴸ⁾
        """
        nabla = Product((Symbol("nabla", "", "a"), self._cost))
        ways = (self._delta(self.layer), "z"), (nabla, "a")
        delta, gradient = (
            Relation((left, Derivative(self._cost, self._letter(letter, self.layer))), ("=",)) for left, letter in ways
        )
        return delta, gradient

    @property
    def weights(self) -> MatrixEquation:
        """``∂C/∂W^(l) = δ^(l) (a^(l-1))ᵀ``."""
        l = self.layer
        formula = Product((self._delta(l), Transposed(self._letter("a", l - 1))))
        a = self._matrix("a", self._forward.a[l - 1][None, :], lambda _, k: Activation(l - 1, k), given=l == 1)
        left = Derivative(self._cost, self._letter("W", l))
        return self._equation(left, formula, Product((self._errors(l), a)), self._backward.dW[l])

    @property
    def biases(self) -> MatrixEquation:
        """``∂C/∂b^(l) = δ^(l)``."""
        l = self.layer
        left = Derivative(self._cost, self._letter("b", l))
        return self._equation(left, self._delta(l), None, self._backward.db[l])

    @property
    def backward(self) -> tuple[MatrixEquation, MatrixEquation, MatrixEquation]:
        """`error`, `weights` and `biases`."""
        return self.error, self.weights, self.biases

    # --- parts

    @property
    def _cost(self) -> Symbol:
        return self._names.symbol(self._backward.cost_quantity)

    def _letter(self, letter: str, l: Index) -> Term:
        one: dict[str, Quantity] = {
            "W": Weight(l, "j", "k"), "b": Bias(l, "j"), "z": WeightedSum(l, "j"), "a": Activation(l, "j"),
        }  # fmt: skip
        # It has the colour of its kind, though it is a whole vector or matrix of them.
        return Term(letter, Symbol(letter, self._names.layer_name(l), "", one.get(letter)))

    def _delta(self, l: Index) -> Term:
        return Term("delta", Symbol("delta", self._names.layer_name(l)))

    def _weights(self, l: int, *, transposed: bool = False) -> Term:
        W = self.trace.network.W[l]
        if transposed:
            return self._matrix("W", W.T, lambda k, j: Weight(l, j, k), given=True)
        return self._matrix("W", W, lambda j, k: Weight(l, j, k), given=True)

    def _activations(self, l: int) -> Term:
        return self._column("a", self._forward.a[l], lambda k: Activation(l, k), given=l == 0)

    def _biases(self, l: int) -> Term:
        return self._column("b", self.trace.network.b[l], lambda j: Bias(l, j), given=True)

    def _errors(self, l: int) -> Term:
        return self._column("delta", self._backward.dz[l])

    def _column(
        self, name: str, values: FloatArray, quantity: Callable[[int], Quantity] | None = None, *, given: bool = False
    ) -> Term:
        entry = (lambda j, _: quantity(j)) if quantity else None
        return self._matrix(name, values[:, None], entry, given=given)

    def _matrix(
        self,
        name: str,
        values: FloatArray,
        quantity: Callable[[int, int], Quantity] | None = None,
        *,
        given: bool = False,
    ) -> Term:
        def entry(j: int | None, k: int | None) -> Expression:
            if j is None or k is None:
                return Glyph("dots" if j is not None else "vdots")
            value = float(values[j, k])
            decimals = min(2, self.decimals) if given else self.decimals
            return Number(value, decimals_for(value, decimals, given=given), quantity and quantity(j, k))

        rows, columns = (_shown(size, self.longest) for size in values.shape)
        return Term(name, MatrixExpression(tuple(tuple(entry(j, k) for k in columns) for j in rows)))

    def _equation(
        self, left: Expression, formula: Expression, arithmetic: Expression | None, value: FloatArray
    ) -> MatrixEquation:
        symbols = Relation((left, formula), ("=",))
        result = self._matrix("result", value if value.ndim == 2 else value[:, None])
        sides = (left, result) if arithmetic is None else (left, arithmetic, result)
        return MatrixEquation(symbols, _fitted(sides), value)


def _shown(size: int, longest: int) -> list[int | None]:
    return list(range(size)) if size <= longest else [0, 1, None, size - 1]


def _fitted(sides: Sequence[Expression]) -> Relation:
    """The sides joined, the rounded numbers with as many more decimals as it takes to add up."""
    *before, result = sides
    for more, extra in product((0, 1), _MORE):
        relation = _joined((*[_longer(side, extra) for side in before], _longer(result, more)))
        if adds_up(relation):
            return relation
    return _joined(sides)


def _longer(side: Expression, extra: int) -> Expression:
    def longer(node: Expression) -> Expression | None:
        if isinstance(node, Number) and not node.exact:
            return Number(node.value, node.decimals + extra, node.quantity)
        return None

    return side.map(longer)


def _joined(sides: Sequence[Expression]) -> Relation:
    signs, exact = [], True
    for side in sides[1:]:
        exact = exact and all(node.exact for node in side.walk() if isinstance(node, Number))
        signs.append("=" if exact else "≈")
    return Relation(tuple(sides), tuple(signs))
