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
- ``terms(z[2][0], 3, 16)``: of the terms of a weighted sum those of the neurons 3 to 15; ``terms(C, …)``: of the
  parts of the cost; ``terms(d(C, a[1][0]), …)``: of the products along the paths to the next layer's neurons;
- ``let({x: 2.0, p: x * x, f: p + sin(x)}, d(f, x))``: of a formula's definitions, which have nothing to do with the
  example; ``f``, ``d(f, x)`` along all ways, or ``slope(f, p)`` of f's own definition;
- ``measured[0]``, ``parameters``, ``examples``, ``training_examples``, ``right``: the input as it was measured, and how
  many there are of each; ``entries(2)``, ``neurons(2)``, ``layers``: how many parameters or neurons
  layer 2 has, how many layers of weights there are; ``abs``, ``round``.

>>> from backprop_math import load_example
>>> numbers = Recalculation(load_example("simplest"))
>>> [round(numbers.value(of), 4) for of in ("a[3][0]", "d(C, w[3][0,0])", "at({w[3][0,0]: 1.9}, C) - C")]
[0.6579, -0.0739, -0.0072]
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from ..examples import Example
from ..quantities import Bias, Quantity, Weight, parse_quantity
from .plain_formulas import PlainFormula
from .plain_passes import PlainNetwork, State

__all__ = ["Recalculation", "UnknownExpressionError"]

_DEEPEST = 60  # brackets within brackets
_LONGEST = 200_000  # characters
_OPERATIONS: Mapping[type, Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}  # fmt: skip


class UnknownExpressionError(ValueError):
    """An expression that says nothing about this example."""


class Recalculation:
    """An example's numbers, calculated when they are asked for. ``largest`` is the largest that was calculated with."""

    def __init__(self, example: Example) -> None:
        self._example, self._network = example, PlainNetwork(example)
        self.L, self.largest = self._network.L, 0.0
        self._start = self._network.start
        self._passes = lru_cache(maxsize=64)(self._network.forward)
        self._trained = lru_cache(maxsize=8)(self._network.train)

    def value(self, expression: str) -> float:
        """What it is worth. `UnknownExpressionError` for what is none, `ArithmeticError` where there is no number."""
        if len(expression) > _LONGEST:
            raise UnknownExpressionError(f"found {len(expression)} characters, expected an expression")
        try:
            tree = ast.parse(expression.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise UnknownExpressionError(f"{expression[:60]!r}: found no expression") from None
        self.largest = 0.0
        with np.errstate(all="ignore"):  # what is no number is told by what comes out
            return float(self._of(tree, self._start, 0))

    # -- expressions ----------------------------------------------------------------------------------

    def _of(self, node: ast.expr, state: State, depth: int) -> float:
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

    def _binary(self, node: ast.BinOp, state: State, depth: int) -> float:
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

    def _called(self, name: str, arguments: list[ast.expr], state: State, depth: int) -> float:
        def number(at: int) -> float:
            return self._of(arguments[at], state, depth)

        match name, len(arguments):
            case "d", 2:
                return self._network.slope(self._quantity(arguments[0]), self._quantity(arguments[1]), state)
            case "at", 2:
                return self._of(arguments[1], self._changed(arguments[0], state, depth), depth)
            case "of", 2:
                return self._of(arguments[1], replace(state, i=self._place(number(0))), depth)
            case "mean", 1:
                count = len(self._example.inputs)
                return sum(self._of(arguments[0], replace(state, i=i), depth) for i in range(count)) / count
            case "after", 2:
                return self._of(arguments[1], self._network.stepped(state, number(0)), depth)
            case "trained", 3:
                return self._of(arguments[2], self._trained(state, int(number(0)), number(1)), depth)
            case "cost", 2:
                return self._network.part_of_cost(number(0), number(1))
            case "f", 2:
                return float(self._network.functions[int(number(0)) - 1](np.array([number(1)]))[0])
            case "terms", 3:
                return self._terms(arguments[0], number(1), number(2), state)
            case "entries", 1 if 1 <= number(0) <= self.L:
                return float(state.W[int(number(0)) - 1].size + state.b[int(number(0)) - 1].size)
            case "let", 2:
                return self._let(arguments[0], arguments[1])
            case "neurons", 1 if 0 <= number(0) <= self.L:
                return float(self._example.network.layers[int(number(0))])
            case "abs", 1:
                return abs(number(0))
            case "round", 2:
                return round(number(0), int(number(1)))
        raise UnknownExpressionError(f"{name}: found no function with {len(arguments)} arguments")

    def _let(self, node: ast.expr, asked: ast.expr) -> float:
        if not isinstance(node, ast.Dict) or not all(isinstance(key, ast.Name) for key in node.keys):
            raise self._unknown(node)
        named = zip((key.id for key in node.keys if isinstance(key, ast.Name)), node.values, strict=True)
        formula = PlainFormula(dict(named))
        try:
            match asked:
                case ast.Name(id=name):
                    found = formula.value(name)
                case ast.Call(func=ast.Name(id="d"), args=[ast.Name(id=of), ast.Name(id=wrt)]):
                    found = formula.derivative(of, wrt)
                case ast.Call(func=ast.Name(id="slope"), args=[ast.Name(id=of), ast.Name(id=wrt)]):
                    found = formula.slope(of, wrt)
                case _:
                    raise self._unknown(asked)
        except (ValueError, TypeError) as error:
            raise UnknownExpressionError(str(error)) from None
        self.largest = max(self.largest, formula.largest)
        return found

    def _terms(self, node: ast.expr, first: float, end: float, state: State) -> float:
        try:
            match node:
                case ast.Call(func=ast.Name(id="d"), args=[ast.Name(id="C"), wrt]):
                    terms = self._network.terms(self._quantity(wrt), state)
                case ast.Name(id="C"):
                    terms = self._network.parts_of_cost(state)
                case _:
                    terms = self._network.terms(self._quantity(node), state)
        except ValueError:
            raise self._unknown(node) from None
        if not 0 <= first <= end <= len(terms):
            raise UnknownExpressionError(f"terms: found {first:g} to {end:g}, expected places of {len(terms)} terms")
        return float(terms[int(first) : int(end)].sum())

    def _named(self, node: ast.Subscript | ast.Name, state: State) -> float:
        match ast.unparse(node):
            case "layers":
                return float(self.L)
            case "parameters":
                return float(sum(W.size + b.size for W, b in zip(state.W, state.b, strict=True)))
            case "examples":
                return float(len(self._example.inputs))
            case "training_examples":
                return float(len(self._example.training[0]))
            case "training_cost":
                return self._network.training_cost(state)
            case "right":
                return self._network.right(state)
            case name if name.startswith("measured[") and self._example.input_measured is not None:
                return float(self._example.input_measured[state.i][self._index(name)])
        return float(np.real(self._network.found(self._quantity(node), state, self._passes(state))))

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

    def _changed(self, node: ast.expr, state: State, depth: int) -> State:
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


def _with(array: np.ndarray, place: tuple[Any, ...], value: float) -> np.ndarray:
    changed = array.copy()
    changed[tuple(map(int, place))] = value
    return changed
