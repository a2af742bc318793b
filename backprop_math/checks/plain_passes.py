"""A network's passes and its training once more, in plain NumPy, every derivative by complex step.

>>> from backprop_math import load_example
>>> network = PlainNetwork(load_example("simplest"))
>>> round(float(network.forward(network.start).cost), 4)
0.117
"""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..examples import Example
from ..quantities import Activation, Bias, Cost, Quantity, Target, Weight, WeightedSum
from .plain_functions import activation, cost

__all__ = ["PlainNetwork", "PlainPass", "State"]

_TINY = 1e-100


@dataclass(frozen=True, eq=False)
class State:
    """A network with one training example, and quantities that are held at a value."""

    W: tuple[np.ndarray, ...]
    b: tuple[np.ndarray, ...]
    i: int
    held: Mapping[Quantity, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class PlainPass:
    """What a forward pass has calculated: ``z[l]`` from l = 1, ``a[l]`` from l = 0, the desired outputs, the cost."""

    z: list[Any]
    a: list[Any]
    y: Any
    cost: Any


class PlainNetwork:
    """An example's network, beginning with the state ``start``."""

    def __init__(self, example: Example) -> None:
        network = example.network
        self.L, self._example = network.L, example
        self.functions = [activation(row.name) for row in network.activation]
        self._last, self._cost = network.activation[-1].name, network.cost.name
        W = tuple(np.asarray(network.W[l], dtype=float) for l in range(1, self.L + 1))
        b = tuple(np.asarray(network.b[l], dtype=float) for l in range(1, self.L + 1))
        self.start = State(W, b, 0)

    def forward(self, state: State, wrt: Quantity | None = None) -> PlainPass:
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
        for l, (W, b, f) in enumerate(zip(state.W, state.b, self.functions, strict=True), 1):
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
        return PlainPass(z, a, y, cost(self._cost, self._last, a[-1], None if given else z[-1], y))

    def found(self, quantity: Quantity, state: State, passed: PlainPass) -> Any:
        """The value of a quantity."""
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
        raise ValueError(f"{quantity}: found no such quantity")

    def slope(self, of: Quantity, wrt: Quantity, state: State) -> float:
        """The derivative of one quantity with respect to another."""
        if of == wrt:
            return 1.0
        found = self.found(of, state, self.forward(state, wrt))
        return float(np.imag(found)) / _TINY

    # -- gradient descent -----------------------------------------------------------------------------

    def stepped(self, state: State, rate: float) -> State:
        """After a step of gradient descent on the state's own training example."""
        example = self._example
        return self._step(state, rate, example.inputs[state.i : state.i + 1], example.targets[state.i : state.i + 1])

    def train(self, state: State, steps: int, rate: float) -> State:
        """After so many steps on all that the network is trained on."""
        for _ in range(steps):
            state = self._step(state, rate, *self._example.training)
        return state

    def _step(self, state: State, rate: float, x: np.ndarray, y: np.ndarray) -> State:
        """The parameters less ``rate`` times the gradient of the mean cost, every slope in it by complex step."""
        zs, activations = self._batch(state, x)
        n = len(x)
        dz = self._last_slopes(zs[-1], y) / n
        W, b = list(state.W), list(state.b)
        for l in range(self.L, 0, -1):
            W[l - 1] = state.W[l - 1] - rate * dz.T @ activations[l - 1]
            b[l - 1] = state.b[l - 1] - rate * dz.sum(axis=0)
            if l > 1:
                slopes = np.imag(self.functions[l - 2](zs[l - 2] + 1j * _TINY)) / _TINY
                dz = dz @ state.W[l - 1] * slopes
        return replace(state, W=tuple(W), b=tuple(b))

    def _batch(self, state: State, x: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
        zs, activations = [], [np.asarray(x, dtype=float)]
        for W, b, f in zip(state.W, state.b, self.functions, strict=True):
            zs.append(activations[-1] @ W.T + b)
            activations.append(f(zs[-1]))
        return zs, activations

    def _last_slopes(self, z: np.ndarray, y: np.ndarray) -> np.ndarray:
        """What each of the last weighted sums does to its training example's cost, (n, n_L)."""
        columns = []
        for j in range(z.shape[1]):
            moved = z + 1j * _TINY * (np.arange(z.shape[1]) == j)
            columns.append(np.imag(cost(self._cost, self._last, self.functions[-1](moved), moved, y)) / _TINY)
        return np.stack(columns, axis=1)

    def training_cost(self, state: State) -> float:
        """The mean cost of all that the network is trained on."""
        x, y = self._example.training
        zs, activations = self._batch(state, x)
        return float(np.mean(cost(self._cost, self._last, activations[-1], zs[-1], y)))

    def right(self, state: State) -> float:
        """How many of these are told right: by the largest output, or a single one by ½."""
        x, y = self._example.training
        said = self._batch(state, x)[1][-1]
        if y.shape[1] == 1:
            return float(np.sum((said > 0.5) == (y == 1)))
        return float(np.sum(said.argmax(axis=1) == y.argmax(axis=1)))

    # -- what is added up -----------------------------------------------------------------------------

    def parts_of_cost(self, state: State) -> np.ndarray:
        """What each output adds to the cost, (n_L,)."""
        passed = self.forward(state)
        a, y = np.real(passed.a[-1])[:, None], np.real(passed.y)[:, None]
        share = len(a) if self._cost == "mean_squared_error" else 1
        return np.asarray(cost(self._cost, self._last, a, None, y), dtype=float) / share

    def part_of_cost(self, a: float, y: float) -> float:
        """What one output adds to the cost."""
        return float(cost(self._cost, self._last, np.array([a]), None, np.array([y])))

    def terms(self, of: Quantity, state: State) -> np.ndarray:
        """The terms of a weighted sum, or the products along the paths from an activation to the cost."""
        match of:
            case WeightedSum(l, j):
                return np.asarray(state.W[int(l) - 1][int(j)] * np.real(self.forward(state).a[int(l) - 1]))
            case Activation(l, k) if l != self.L:
                weights = state.W[int(l)][:, int(k)]
                slopes = [self.slope(Cost(), WeightedSum(int(l) + 1, j), state) for j in range(len(weights))]
                return np.asarray(weights * slopes)
        raise ValueError(f"{of}: found no sum")
