"""What an expression about an example is worth, calculated from the example's arrays alone.

It shares no code with what it checks: a forward pass in plain NumPy, and a derivative by complex step through all of
it, Im f(x + ih) / h (Squire and Trapp, *SIAM Review* 40, 1998), which uses no backward pass.

An expression is arithmetic with quantities (``w[2][1,0]``, ``b[1][0]``, ``z[2][1]``, ``a[2][1]``, ``y[0]``, ``C``):

- ``d(a[2][0], z[2][0])``: the derivative of the first with respect to the second;
- ``at({w[1][0,0]: 0.5}, C)``: with a quantity set to a value, whatever it was calculated from;
- ``of(2, C)``, ``mean(C)``: of the training example 2, the mean over all of them;
- ``after(0.5, C)``: after a step of gradient descent on one training example, at that rate;
- ``trained(80, 2.0, C)``: after so many steps on all that the network is trained on; ``training_cost``: the mean cost
  of these;
- ``cost(a[2][0], y[0])``: one output's part of the cost; ``f(2, 0.3)``: the activation function of layer 2;
- ``measured[0]``, ``parameters``, ``examples``, ``training_examples``, ``right``: the input as it was measured, and how
  many there are of each; ``abs``, ``round``.

>>> from backprop_math import load_example
>>> numbers = Recalculation(load_example("simplest"))
>>> [round(numbers.value(of), 4) for of in ("a[3][0]", "d(C, w[3][0,0])", "at({w[3][0,0]: 1.9}, C) - C")]
[0.6579, -0.0739, -0.0072]
"""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np

from ..examples import Example
from ..quantities import Activation, Bias, Cost, Quantity, Target, Weight, WeightedSum, parse_quantity
from .plain_functions import activation, cost

__all__ = ["Recalculation", "UnknownExpressionError"]

_TINY = 1e-100
_DEEPEST = 60  # brackets within brackets
_LONGEST = 200_000  # characters
_OPERATIONS: Mapping[type, Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}  # fmt: skip


class UnknownExpressionError(ValueError):
    """An expression that says nothing about this example."""


@dataclass(frozen=True, eq=False)
class _State:
    """A network with one training example, and quantities that are held at a value."""

    W: tuple[np.ndarray, ...]
    b: tuple[np.ndarray, ...]
    i: int
    held: Mapping[Quantity, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Pass:
    """What a forward pass has calculated: ``z[l]`` from l = 1, ``a[l]`` from l = 0, the desired outputs, the cost."""

    z: list[Any]
    a: list[Any]
    y: Any
    cost: Any


class Recalculation:
    """An example's numbers, calculated when they are asked for. ``largest`` is the largest that was calculated with."""

    def __init__(self, example: Example) -> None:
        network = example.network
        self.L, self.largest = network.L, 0.0
        self._example = example
        self._functions = [activation(row.name) for row in network.activation]
        self._last, self._cost = network.activation[-1].name, network.cost.name
        W = tuple(np.asarray(network.W[l], dtype=float) for l in range(1, self.L + 1))
        b = tuple(np.asarray(network.b[l], dtype=float) for l in range(1, self.L + 1))
        self._start = _State(W, b, 0)
        self._passes = lru_cache(maxsize=64)(lambda state: self._forward(state))
        self._trained = lru_cache(maxsize=8)(self._train)

    def value(self, expression: str) -> float:
        """What it is worth. `UnknownExpressionError` for what is none, `ArithmeticError` where there is no number."""
        if len(expression) > _LONGEST:
            raise UnknownExpressionError(f"found {len(expression)} characters, expected an expression")
        try:
            tree = ast.parse(expression.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise UnknownExpressionError(f"{expression[:60]!r}: found no expression") from None
        self.largest = 0.0
        return float(self._of(tree, self._start, 0))

    # -- expressions ----------------------------------------------------------------------------------

    def _of(self, node: ast.expr, state: _State, depth: int) -> float:
        if depth > _DEEPEST:
            raise UnknownExpressionError("found too many brackets within each other")
        depth += 1
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                found = float(number)
            case ast.UnaryOp(op=ast.USub()):
                return -self._of(node.operand, state, depth)
            case ast.BinOp() if type(node.op) in _OPERATIONS:
                return self._binary(node, state, depth)
            case ast.Subscript() | ast.Name():
                found = self._named(node, state)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                found = self._called(name, arguments, state, depth)
            case _:
                raise self._unknown(node)
        self.largest = max(self.largest, abs(found))
        return found

    def _binary(self, node: ast.BinOp, state: _State, depth: int) -> float:
        # A long sum leans to the left: its terms are gone through, not descended into.
        terms: list[tuple[ast.operator, ast.expr]] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and type(left.op) in _OPERATIONS:
            terms.append((left.op, left.right))
            left = left.left
        found = self._of(left, state, depth)
        for how, right in reversed(terms):
            found = _OPERATIONS[type(how)](found, self._of(right, state, depth))
        return found

    def _called(self, name: str, arguments: list[ast.expr], state: _State, depth: int) -> float:
        def number(at: int) -> float:
            return self._of(arguments[at], state, depth)

        match name, len(arguments):
            case "d", 2:
                return self._slope(self._quantity(arguments[0]), self._quantity(arguments[1]), state)
            case "at", 2:
                return self._of(arguments[1], self._changed(arguments[0], state, depth), depth)
            case "of", 2:
                return self._of(arguments[1], replace(state, i=self._place(number(0))), depth)
            case "mean", 1:
                count = len(self._example.inputs)
                return sum(self._of(arguments[0], replace(state, i=i), depth) for i in range(count)) / count
            case "after", 2:
                return self._of(arguments[1], self._stepped(state, number(0)), depth)
            case "trained", 3:
                return self._of(arguments[2], self._trained(state, int(number(0)), number(1)), depth)
            case "cost", 2:
                a, y = np.array([number(0)]), np.array([number(1)])
                return float(cost(self._cost, self._last, a, None, y))
            case "f", 2:
                return float(self._functions[int(number(0)) - 1](np.array([number(1)]))[0])
            case "abs", 1:
                return abs(number(0))
            case "round", 2:
                return round(number(0), int(number(1)))
        raise UnknownExpressionError(f"{name}: found no function with {len(arguments)} arguments")

    def _named(self, node: ast.Subscript | ast.Name, state: _State) -> float:
        match ast.unparse(node):
            case "parameters":
                return float(sum(W.size + b.size for W, b in zip(state.W, state.b, strict=True)))
            case "examples":
                return float(len(self._example.inputs))
            case "training_examples":
                return float(len(self._example.training[0]))
            case "training_cost":
                return self._training_cost(state)
            case "right":
                return self._right(state)
            case name if name.startswith("measured[") and self._example.input_measured is not None:
                return float(self._example.input_measured[state.i][self._index(name)])
        return float(np.real(self._found(self._quantity(node), state, self._passes(state))))

    @staticmethod
    def _index(name: str) -> int:
        try:
            return int(name[len("measured[") : -1])
        except ValueError:
            raise UnknownExpressionError(f"{name}: found no index") from None

    def _place(self, number: float) -> int:
        if not 0 <= number < len(self._example.inputs):
            raise UnknownExpressionError(f"of({number:g}, …): found no such training example")
        return int(number)

    def _quantity(self, node: ast.expr) -> Quantity:
        try:
            return self._example.network.check(parse_quantity(ast.unparse(node)))
        except (ValueError, IndexError):
            raise self._unknown(node) from None

    @staticmethod
    def _unknown(node: ast.AST) -> UnknownExpressionError:
        return UnknownExpressionError(f"{ast.unparse(node)[:60]!r}: found nothing that this network has")

    def _changed(self, node: ast.expr, state: _State, depth: int) -> _State:
        if not isinstance(node, ast.Dict) or None in node.keys:
            raise self._unknown(node)
        W, b, held = list(state.W), list(state.b), dict(state.held)
        for key, to in zip(node.keys, node.values, strict=True):
            assert key is not None
            quantity, value = self._quantity(key), self._of(to, state, depth)
            match quantity:
                case Weight(l, j, k):
                    W[int(l) - 1] = _with(W[int(l) - 1], (j, k), value)
                case Bias(l, j):
                    b[int(l) - 1] = _with(b[int(l) - 1], (j,), value)
                case _:
                    held[quantity] = value
        return replace(state, W=tuple(W), b=tuple(b), held=held)

    # -- passes ---------------------------------------------------------------------------------------

    def _forward(self, state: _State, wrt: Quantity | None = None) -> _Pass:
        """All values; with ``wrt``, that quantity has a tiny imaginary part."""
        held = state.held

        def settled(values: Any, kind: Callable[[int], Quantity]) -> Any:
            mine = {j: held[kind(j)] for j in range(len(values)) if kind(j) in held} if held else {}
            nudged = next((j for j in range(len(values)) if kind(j) == wrt), None) if wrt is not None else None
            if mine or nudged is not None:
                values = values.astype(complex if nudged is not None else values.dtype)
            for j, value in mine.items():
                values[j] = value
            if nudged is not None:
                values[nudged] += 1j * _TINY
            return values

        example = self._example
        a = [settled(np.array(example.inputs[state.i], dtype=float), lambda j: Activation(0, j))]
        y = settled(np.array(example.targets[state.i], dtype=float), Target)
        z: list[Any] = [None]
        for l, (W, b, f) in enumerate(zip(state.W, state.b, self._functions, strict=True), 1):
            before = a[-1]
            sums = W @ before.real + b + (1j * (W @ before.imag) if np.iscomplexobj(before) else 0)
            match wrt:
                case Weight(m, j, k) if m == l:
                    sums = sums + 1j * _TINY * before[int(k)] * (np.arange(len(sums)) == j)
                case Bias(m, j) if m == l:
                    sums = sums + 1j * _TINY * (np.arange(len(sums)) == j)
            z.append(settled(sums, lambda j, l=l: WeightedSum(l, j)))  # type: ignore[misc]
            a.append(settled(f(z[-1]), lambda j, l=l: Activation(l, j)))  # type: ignore[misc]
        # Where the last activations are set, the cost is theirs, and not that of the sums before them.
        given = any(isinstance(q, Activation) and q.layer == self.L for q in (*held, wrt))
        return _Pass(z, a, y, cost(self._cost, self._last, a[-1], None if given else z[-1], y))

    def _found(self, quantity: Quantity, state: _State, passed: _Pass) -> Any:
        match quantity:
            case Weight(l, j, k):
                return state.W[int(l) - 1][int(j), int(k)]
            case Bias(l, j):
                return state.b[int(l) - 1][int(j)]
            case WeightedSum(l, j):
                return passed.z[int(l)][int(j)]
            case Activation(l, j):
                return passed.a[int(l)][int(j)]
            case Target(j):
                return passed.y[int(j)]
            case Cost():
                return passed.cost
        raise UnknownExpressionError(f"{quantity}: found no such quantity")

    def _slope(self, of: Quantity, wrt: Quantity, state: _State) -> float:
        if of == wrt:
            return 1.0
        found = self._found(of, state, self._forward(state, wrt))
        return float(np.imag(found)) / _TINY

    # -- gradient descent -----------------------------------------------------------------------------

    def _stepped(self, state: _State, rate: float) -> _State:
        example = self._example
        return self._step(state, rate, example.inputs[state.i : state.i + 1], example.targets[state.i : state.i + 1])

    def _train(self, state: _State, steps: int, rate: float) -> _State:
        for _ in range(steps):
            state = self._step(state, rate, *self._example.training)
        return state

    def _step(self, state: _State, rate: float, x: np.ndarray, y: np.ndarray) -> _State:
        """The parameters less ``rate`` times the gradient of the mean cost, every slope in it by complex step."""
        zs, activations = self._batch(state, x)
        n = len(x)
        dz = self._last_slopes(zs[-1], y) / n
        W, b = list(state.W), list(state.b)
        for l in range(self.L, 0, -1):
            W[l - 1] = state.W[l - 1] - rate * dz.T @ activations[l - 1]
            b[l - 1] = state.b[l - 1] - rate * dz.sum(axis=0)
            if l > 1:
                slopes = np.imag(self._functions[l - 2](zs[l - 2] + 1j * _TINY)) / _TINY
                dz = dz @ state.W[l - 1] * slopes
        return replace(state, W=tuple(W), b=tuple(b))

    def _batch(self, state: _State, x: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
        zs, activations = [], [np.asarray(x, dtype=float)]
        for W, b, f in zip(state.W, state.b, self._functions, strict=True):
            zs.append(activations[-1] @ W.T + b)
            activations.append(f(zs[-1]))
        return zs, activations

    def _last_slopes(self, z: np.ndarray, y: np.ndarray) -> np.ndarray:
        """What each of the last weighted sums does to its training example's cost, (n, n_L)."""
        columns = []
        for j in range(z.shape[1]):
            moved = z + 1j * _TINY * (np.arange(z.shape[1]) == j)
            columns.append(np.imag(cost(self._cost, self._last, self._functions[-1](moved), moved, y)) / _TINY)
        return np.stack(columns, axis=1)

    def _training_cost(self, state: _State) -> float:
        x, y = self._example.training
        zs, activations = self._batch(state, x)
        return float(np.mean(cost(self._cost, self._last, activations[-1], zs[-1], y)))

    def _right(self, state: _State) -> float:
        x, y = self._example.training
        said = self._batch(state, x)[1][-1]
        if y.shape[1] == 1:
            return float(np.sum((said > 0.5) == (y == 1)))
        return float(np.sum(said.argmax(axis=1) == y.argmax(axis=1)))


def _with(array: np.ndarray, place: tuple[Any, ...], value: float) -> np.ndarray:
    changed = array.copy()
    changed[tuple(map(int, place))] = value
    return changed
