"""A fully connected network: its parameters, and the way to its passes and its gradient.

Layer l's weights are the matrix ``W[l]``, (n_l, n_{l-1}): row j holds the weights into neuron j, column k those out
of neuron k. Then ``z[l] = W[l] a[l-1] + b[l]`` and ``a[l] = f_l(z[l])``, with ``a[0] = x``; batches are rows.

>>> net = Network.from_arrays(weights=[[[0.5, -1.0]]], biases=[[0.25]], activation="identity")
>>> net
Network(layers=(2, 1), activation=('identity',), cost='squared_error', dtype='float64')
>>> net.forward([1.0, 0.5]).a[1].tolist()
[0.25]
"""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .activations import ACTIVATIONS, ActivationFunction
from .arrays import FloatArray, LayerArrays, check_shape, checked_array, float_dtype
from .costs import CostFunction, Paired, cost_function
from .names import lookup
from .passes import ForwardPass, Gradient
from .quantities import Activation, Bias, Cost, Quantity, Target, Weight, WeightedSum
from .softmax import OUTPUT_ACTIVATIONS, OutputActivation
from .workspace import Workspace, given_array

__all__ = ["Network"]

_WORKSPACES = 4  # kept for as many different numbers of examples


class Network:
    """An immutable network. Make one with `from_arrays` or `random`; `replace` gives a changed copy.

    ``layers`` are the sizes (n_0, …, n_L), ``L`` the number of the last layer, ``W[l]`` and ``b[l]`` the
    parameters of layer l = 1 … L, ``activation[l - 1]`` its activation function, ``cost`` the cost function.
    """

    def __init__(
        self,
        weights: Sequence[FloatArray],
        biases: Sequence[FloatArray],
        activation: tuple[ActivationFunction | OutputActivation, ...],
        cost: CostFunction,
    ) -> None:
        _check_functions(activation, cost)
        self.W = LayerArrays("W", weights, first=1)
        self.b = LayerArrays("b", biases, first=1)
        self.activation = activation
        self.cost = cost
        self.layers: tuple[int, ...] = (weights[0].shape[1], *(len(bias) for bias in biases))
        self.L = len(self.W)
        self.dtype = weights[0].dtype
        self._workspaces: dict[int, Workspace] = {}

    @classmethod
    def from_arrays(
        cls,
        weights: Sequence[ArrayLike],
        biases: Sequence[ArrayLike],
        *,
        activation: str | Sequence[str] = "sigmoid",
        cost: str = "squared_error",
        dtype: DTypeLike = "float64",
    ) -> Network:
        """The network with these parameters: one matrix (n_l, n_{l-1}) and one vector (n_l,) a layer.

        ``activation`` is one name, or one a layer. Raises `ValueError` that names the quantity, the shape
        found and the shape expected; NaN and infinity are refused.
        """
        kind = float_dtype(dtype)
        if len(weights) == 0:
            raise ValueError("weights: found no layers, expected at least one matrix")
        if len(biases) != len(weights):
            raise ValueError(
                f"biases: found {len(biases)} vectors, expected {len(weights)}, one for each weight matrix"
            )
        W = [checked_array(f"W[{l}]", matrix, kind) for l, matrix in enumerate(weights, 1)]
        b = [checked_array(f"b[{l}]", vector, kind) for l, vector in enumerate(biases, 1)]
        inputs: int | str = "n_0"
        for l, (matrix, vector) in enumerate(zip(W, b, strict=True), 1):
            check_shape(f"W[{l}]", matrix, (f"n_{l}", inputs))
            if matrix.size == 0:
                raise ValueError(f"W[{l}]: found shape {matrix.shape}, expected at least one row and one column")
            check_shape(f"b[{l}]", vector, (matrix.shape[0],))
            inputs = matrix.shape[0]
        return cls(W, b, _activations(activation, len(W)), cost_function(cost))

    @classmethod
    def random(
        cls,
        layers: Sequence[int],
        *,
        activation: str | Sequence[str] = "sigmoid",
        cost: str = "squared_error",
        seed: int = 0,
        dtype: DTypeLike = "float64",
    ) -> Network:
        """A network of these layer sizes (n_0, …, n_L) with normally distributed parameters; the seed decides them.

        Weights have the standard deviation 1/√n_{l-1}, so that z keeps its scale from layer to layer; biases 0.5.
        """
        kind = float_dtype(dtype)
        sizes = tuple(layers)
        for size in sizes:
            if isinstance(size, bool) or not isinstance(size, int | np.integer) or size < 1:
                raise ValueError(f"layers: found the size {size!r}, expected whole numbers from 1 on")
        if len(sizes) < 2:
            raise ValueError(f"layers: found {len(sizes)} sizes, expected at least 2, inputs and outputs")
        rng = np.random.default_rng(seed)
        W, b = [], []
        for n_in, n_out in pairwise(sizes):
            W.append((rng.standard_normal((n_out, n_in)) / np.sqrt(n_in)).astype(kind))
            b.append((0.5 * rng.standard_normal(n_out)).astype(kind))
        return cls(W, b, _activations(activation, len(W)), cost_function(cost))

    def forward(self, x: ArrayLike) -> ForwardPass:
        """The forward pass of one example (n_0,) or of a batch (n, n_0), with all that it calculates kept."""
        a = checked_array("x", x, self.dtype)
        self._check_input(a)
        zs, activations = [], [a]
        for W, b, activation in zip(self.W, self.b, self.activation, strict=True):
            z = a @ W.T + b
            a = activation.f(z)
            zs.append(z)
            activations.append(a)
        return ForwardPass(self, LayerArrays("z", zs, first=1), LayerArrays("a", activations, first=0))

    def gradient(self, x: ArrayLike, y: ArrayLike) -> tuple[float, Gradient]:
        """The cost and its derivatives with respect to all parameters; for a batch, the mean over its examples.

        >>> net = Network.from_arrays(weights=[[[0.5]]], biases=[[0.0]], activation="identity")
        >>> cost, grad = net.gradient([[2.0], [4.0]], [[0.0], [0.0]])
        >>> cost, grad.dW[1].tolist(), grad.db[1].tolist()
        (2.5, [[10.0]], [3.0])
        """
        inputs, targets = given_array("x", x, self.dtype), given_array("y", y, self.dtype)
        if inputs.shape != self.layers[:1]:
            self._check_input(inputs)
        check_shape("y", targets, (*inputs.shape[:-1], self.layers[-1]))
        n = 1 if inputs.ndim == 1 else len(inputs)
        work = self._workspaces.pop(n, None)
        if work is None:
            work = Workspace(list(self.W), list(self.b), self.activation, self.cost, self.paired, n)
        cost, dW, db = work.gradient(inputs.reshape(n, -1), targets.reshape(n, -1))
        if len(self._workspaces) < _WORKSPACES:
            self._workspaces[n] = work
        return cost, Gradient(LayerArrays("dW", dW, first=1), LayerArrays("db", db, first=1))

    def _check_input(self, x: FloatArray) -> None:
        check_shape("x", x, (self.layers[0],), ("n", self.layers[0]))
        if len(x) == 0:
            raise ValueError(f"x: found shape {x.shape}, expected at least one example")

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the network to a ``.npz`` or ``.safetensors`` file; see `storage.save`."""
        from .storage import save

        save(self, path)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Network:
        """The network in such a file; see `storage.load`."""
        from .storage import load

        return load(path)

    @classmethod
    def from_torch(cls, module: Any, *, cost: str = "squared_error") -> Network:
        """The network of a PyTorch ``nn.Sequential``; see `torch_io.from_torch`."""
        from .torch_io import from_torch

        return from_torch(module, cost=cost)

    def to_torch(self) -> Any:
        """An ``nn.Sequential`` with these parameters; see `torch_io.to_torch`."""
        from .torch_io import to_torch

        return to_torch(self)

    @property
    def paired(self) -> Paired | None:
        """The cost taken together with the last layer's activation function, for those that belong together."""
        return self.cost.paired.get(self.activation[-1].name)

    @property
    def parameters(self) -> Iterator[Weight | Bias]:
        """Every weight and bias, layer by layer: the rows of W[l], then b[l]."""
        for l in range(1, self.L + 1):
            rows, columns = self.W[l].shape
            yield from (Weight(l, j, k) for j in range(rows) for k in range(columns))
            yield from (Bias(l, j) for j in range(rows))

    def value(self, quantity: Quantity) -> float:
        """The value of a `Weight` or `Bias`; `ValueError` for what this network does not have."""
        array, place = self._place(quantity)
        return float(array[place])

    def replace(self, values: Mapping[Quantity, float]) -> Network:
        """The network with these weights and biases set to new values, all else as it is."""
        W = [matrix.copy() for matrix in self.W]
        b = [vector.copy() for vector in self.b]
        for quantity, value in values.items():
            _, place = self._place(quantity)
            arrays = W if isinstance(quantity, Weight) else b
            arrays[int(quantity.layer) - 1][place] = checked_array(str(quantity), value, self.dtype)  # type: ignore[attr-defined]
        return Network(W, b, self.activation, self.cost)

    def check(self, quantity: Quantity) -> None:
        """Raise `ValueError` unless the network has this quantity."""
        if isinstance(quantity, Cost):
            return
        first = 0 if isinstance(quantity, Activation) else 1
        layer = self.L if isinstance(quantity, Target) else getattr(quantity, "layer", None)
        if not isinstance(layer, int | np.integer) or not first <= layer <= self.L:
            raise ValueError(f"{quantity}: found layer {layer}, expected a layer from {first} to {self.L}")
        sizes = (self.layers[layer], self.layers[layer - 1])
        for index, size in zip(quantity.indices, sizes, strict=False):
            if not isinstance(index, int | np.integer) or not 0 <= index < size:
                raise ValueError(f"{quantity}: found neuron {index}, expected a neuron from 0 to {size - 1}")

    def _place(self, quantity: Quantity) -> tuple[FloatArray, tuple[int, ...]]:
        if not isinstance(quantity, Weight | Bias):
            known = isinstance(quantity, WeightedSum | Activation | Target | Cost)
            hint = "; its values belong to a forward or backward pass" if known else ""
            raise ValueError(f"{quantity}: found {type(quantity).__name__}, expected a weight or a bias{hint}")
        self.check(quantity)
        arrays = self.W if isinstance(quantity, Weight) else self.b
        return arrays[int(quantity.layer)], tuple(int(index) for index in quantity.indices)

    def __repr__(self) -> str:
        names = tuple(row.name for row in self.activation)
        return f"Network(layers={self.layers}, activation={names}, cost={self.cost.name!r}, dtype={str(self.dtype)!r})"


def _activations(names: str | Sequence[str], layers: int) -> tuple[ActivationFunction | OutputActivation, ...]:
    several = [names] * layers if isinstance(names, str | ActivationFunction) else list(names)
    if len(several) != layers:
        raise ValueError(f"activation: found {len(several)} names, expected one, or {layers}, one for each layer")
    known: dict[str, ActivationFunction | OutputActivation] = {**ACTIVATIONS, **OUTPUT_ACTIVATIONS}
    return tuple(
        name if isinstance(name, ActivationFunction | OutputActivation) else lookup(known, name, "activation")
        for name in several
    )


def _check_functions(activation: Sequence[ActivationFunction | OutputActivation], cost: CostFunction) -> None:
    """Raise `ValueError` for a softmax before the last layer, or outputs that the cost is not defined for."""
    for l, row in enumerate(activation[:-1], 1):
        if isinstance(row, OutputActivation):
            raise ValueError(f"activation: found {row.name!r} for layer {l}, expected it only for the last layer")
    last, (low, high) = activation[-1], cost.domain
    if last.bounds[0] < low or last.bounds[1] > high:
        raise ValueError(
            f"cost {cost.name!r}: found {last.name!r} for the last layer, expected a function with values from "
            f"{low:g} to {high:g}, as sigmoid or softmax"
        )
