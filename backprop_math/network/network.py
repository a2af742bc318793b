"""A network: its layers, and the way to its passes and its gradient.

Layer l's weights are the matrix ``W[l]``, (n_l, n_{l-1}): row j holds the weights into neuron j, column k those out
of neuron k. Then ``z[l] = W[l] a[l-1] + b[l]`` and ``a[l] = f_l(z[l])``, with ``a[0] = x``; batches are rows.

>>> net = Network.from_arrays(weights=[[[0.5, -1.0]]], biases=[[0.25]], activation="identity")
>>> net
Network(layers=(2, 1), activation=('identity',), cost='squared_error', dtype='float64')
>>> net.forward([1.0, 0.5]).a[1].tolist()
[0.25]

Layers of images may stand before the fully connected ones; see `convolution` and `pooling`.
"""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from ..arrays import FloatArray, LayerArrays, Outer, check_shape, checked_array, float_dtype
from ..functions import CostFunction
from ..quantities import Bias, Quantity
from .layers import (
    Dense,
    Layer,
    LayerFunction,
    Shape,
    backward_through,
    checked_parameters,
    forward_through,
    layer_function,
    with_parameters,
)
from .passes import ForwardPass, Gradient
from .structure import Structure
from .workspace import Workspace, given_array

__all__ = ["Network"]

_WORKSPACES = 4  # kept for as many different numbers of examples


class Network(Structure):
    """An immutable network of these layers, the last one a `Dense`; or make one with `from_arrays` or `random`.

    What it is made of, ``W[l]``, ``b[l]``, ``layers``, ``activation``, ``cost`` …, says `Structure`. It can be copied
    and pickled; activation functions and costs travel by their names.
    """

    _first_dense: int

    def __init__(
        self, stack: Sequence[Layer], *, cost: str | CostFunction = "squared_error", shape: Shape | None = None
    ) -> None:
        super().__init__(stack, cost=cost, shape=shape)
        # Fully connected layers, all that come behind the first one, share their buffers.
        self._set(_first_dense=next(i for i, layer in enumerate(self.stack) if isinstance(layer, Dense)))

    @cached_property
    def _workspaces(self) -> dict[int, Workspace]:
        return {}

    @classmethod
    def from_arrays(
        cls,
        weights: Sequence[ArrayLike],
        biases: Sequence[ArrayLike],
        *,
        activation: str | LayerFunction | Sequence[str | LayerFunction] = "sigmoid",
        cost: str | CostFunction = "squared_error",
        dtype: DTypeLike = "float64",
    ) -> Network:
        """The fully connected network with these parameters: one matrix (n_l, n_{l-1}) and one vector (n_l,) a layer.

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
        stack: list[Layer] = []
        inputs: int | str = "n_0"
        functions = _functions(activation, len(weights))
        for l, (matrix, vector, function) in enumerate(zip(weights, biases, functions, strict=True), 1):
            W, b = checked_parameters(matrix, vector, (f"n_{l}", inputs), kind, (f"W[{l}]", f"b[{l}]"))
            stack.append(Dense(W, b, function))
            inputs = len(b)
        return cls(stack, cost=cost)

    @classmethod
    def random(
        cls,
        layers: Sequence[int],
        *,
        activation: str | LayerFunction | Sequence[str | LayerFunction] = "sigmoid",
        cost: str | CostFunction = "squared_error",
        seed: int = 0,
        dtype: DTypeLike = "float64",
    ) -> Network:
        """A fully connected network of these layer sizes (n_0, …, n_L), its parameters drawn by `Dense.random`."""
        sizes = tuple(layers)
        for size in sizes:
            if isinstance(size, bool) or not isinstance(size, int | np.integer) or size < 1:
                raise ValueError(f"layers: found the size {size!r}, expected whole numbers from 1 on")
        if len(sizes) < 2:
            raise ValueError(f"layers: found {len(sizes)} sizes, expected at least 2, inputs and outputs")
        rng, functions = np.random.default_rng(seed), _functions(activation, len(sizes) - 1)
        stack = [
            Dense.random(n_out, n_in, activation=function, seed=rng, dtype=dtype)
            for (n_in, n_out), function in zip(pairwise(sizes), functions, strict=True)
        ]
        return cls(stack, cost=cost)

    def with_parameters(self, W: Iterable[ArrayLike], b: Iterable[ArrayLike]) -> Network:
        """The network with other weights and biases for its layers that have some, an array for each.

        `ValueError` unless there are as many as there are, of the same shapes, and finite.
        """
        weights, biases = (self._like(arrays, given) for arrays, given in ((self.W, W), (self.b, b)))
        return Network(with_parameters(self.stack, weights, biases), cost=self.cost, shape=self.shapes[0])

    def _like(self, arrays: LayerArrays, given: Iterable[ArrayLike]) -> list[FloatArray]:
        found = list(given)
        if len(found) != len(arrays):
            expected = f"{len(arrays)}, one for each layer that has some"
            raise ValueError(f"{arrays.name}: found {len(found)} arrays, expected {expected}")
        checked = []
        for (l, array), values in zip(arrays.items(), found, strict=True):
            checked.append(checked_array(f"{arrays.name}[{l}]", values, self.dtype))
            check_shape(f"{arrays.name}[{l}]", checked[-1], array.shape)
        return checked

    def forward(self, x: ArrayLike) -> ForwardPass:
        """The forward pass of one example (n_0,) or of a batch (n, n_0), with all that it calculates kept.

        Of a network for images, one example is (channels, height, width).
        """
        a = checked_array("x", x, self.dtype)
        self.check_input(a)
        zs, activations = forward_through(self.stack, a)
        return ForwardPass(self, LayerArrays("z", zs, first=1), LayerArrays("a", activations, first=0))

    def gradient(self, x: ArrayLike, y: ArrayLike) -> tuple[float, Gradient]:
        """The cost and its derivatives with respect to all parameters; for a batch, the mean over its examples.

        >>> net = Network.from_arrays(weights=[[[0.5]]], biases=[[0.0]], activation="identity")
        >>> cost, grad = net.gradient([[2.0], [4.0]], [[0.0], [0.0]])
        >>> cost, grad.dW[1].tolist(), grad.db[1].tolist()
        (2.5, [[10.0]], [3.0])
        """
        inputs, targets = given_array("x", x, self.dtype), given_array("y", y, self.dtype)
        shape = self.shapes[0]
        if inputs.shape != shape:
            self.check_input(inputs)
        self.check_targets("y", targets, (*inputs.shape[: inputs.ndim - len(shape)], self.layers[-1]))
        n = 1 if inputs.ndim == len(shape) else len(inputs)
        images = self.stack[: self._first_dense]
        zs, activations = forward_through(images, inputs.reshape(n, *shape))
        work = self._workspaces.pop(n, None)
        if work is None:
            work = Workspace(cast(Sequence[Dense], self.stack[len(images) :]), self.cost, self.paired, n)
        cost, weights, db, dz = work.gradient(activations[-1], targets.reshape(n, -1))
        dW: list[FloatArray | Outer] = [*weights]
        if images:
            below = backward_through(images, zs, activations, dz @ self.W[len(images) + 1])
            dW, db = [*below.dW, *dW], [*below.db, *db]
        if len(self._workspaces) < _WORKSPACES:
            self._workspaces[n] = work
        return cost, Gradient(self.W.like("dW", dW), self.b.like("db", db))

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
    def from_torch(cls, module: Any, *, cost: Any = "squared_error", shape: Shape | None = None) -> Network:
        """The network of a PyTorch ``nn.Sequential``, whose loss ``cost`` may be; see `torch_io.from_torch`."""
        from .torch_io import from_torch

        return from_torch(module, cost=cost, shape=shape)

    def to_torch(self) -> Any:
        """An ``nn.Sequential`` with these parameters; see `torch_io.to_torch`."""
        from .torch_io import to_torch

        return to_torch(self)

    def replace(self, values: Mapping[Quantity, float] | Mapping[str, float]) -> Network:
        """The network with these weights and biases set to new values, all else as it is."""
        W, b = dict(self.W.items()), dict(self.b.items())
        for name, value in values.items():
            quantity, _, place = self._place(name)
            arrays, l = b if isinstance(quantity, Bias) else W, int(quantity.layer)
            if not arrays[l].flags.writeable:
                arrays[l] = arrays[l].copy()
            arrays[l][place] = checked_array(str(quantity), value, self.dtype)
        return Network(with_parameters(self.stack, W.values(), b.values()), cost=self.cost, shape=self.shapes[0])

    def __repr__(self) -> str:
        names = tuple(row.name for row in self.activation)
        kinds = [type(layer).__name__ for layer in self.stack]
        stack = "" if set(kinds) == {"Dense"} else f", shapes={self.shapes}, stack=({', '.join(kinds)})"
        sizes = f"layers={self.layers}, activation={names}, cost={self.cost.name!r}, dtype={str(self.dtype)!r}"
        return f"Network({sizes}{stack})"


def _functions(names: str | LayerFunction | Sequence[str | LayerFunction], layers: int) -> tuple[LayerFunction, ...]:
    several = list(names) if isinstance(names, Iterable) and not isinstance(names, str) else [names] * layers
    if len(several) != layers:
        raise ValueError(f"activation: found {len(several)} names, expected one, or {layers}, one for each layer")
    return tuple(map(layer_function, several))
