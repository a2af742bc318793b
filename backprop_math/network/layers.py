"""What a network is made of: layers, each with its forward rule, its backward rule, and what is calculated from what.

`Dense` stands here, the layers of images in `convolution` and `pooling`. A layer of one's own derives from `Layer`, or
from `WeightedLayer` if it has weights. Arrays have one dimension more for a batch than for one example.

>>> layer = Dense.from_arrays([[0.5, -1.0]], [0.25], activation="identity")
>>> z, a = layer.forward(np.array([1.0, 0.5]))
>>> a.tolist(), layer.backward(np.array([1.0, 0.5]), np.array([2.0])).tolist()
([0.25], [1.0, -2.0])
"""

# ruff: noqa: N815 (dW belongs to W)

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from ..arrays import FloatArray, Outer, check_shape, checked_array, float_dtype, owned
from ..frozen import ReadOnlyArrays
from ..functions import ACTIVATIONS, OUTPUT_ACTIVATIONS, ActivationFunction, OutputActivation
from ..names import lookup

__all__ = [
    "Dense",
    "Layer",
    "LayerFunction",
    "Passes",
    "Place",
    "Shape",
    "WeightedLayer",
    "backward_through",
    "checked_parameters",
    "forward_through",
    "layer_function",
    "normal",
]  # fmt: skip

Shape = tuple[int, ...]
Place = tuple[int, ...]  # of one number in an array
LayerFunction = ActivationFunction | OutputActivation


class Layer(ABC):
    """One layer: ``a`` is what goes in, ``out`` what comes out of it, ``d…`` a derivative of the cost."""

    activation: LayerFunction = ACTIVATIONS["identity"]

    @abstractmethod
    def shape(self, before: Shape) -> Shape:
        """The shape of one output for an input of shape ``before``; `ValueError` for one that does not fit."""

    @abstractmethod
    def forward(self, a: FloatArray) -> tuple[FloatArray | None, FloatArray]:
        """``z`` and the output; no z for a layer without weights."""

    @abstractmethod
    def pull_back(self, z: FloatArray | None, out: FloatArray, dout: FloatArray) -> FloatArray:
        """The derivative with respect to ``z`` from that with respect to the output; for no z, ``dout`` as it is."""

    @abstractmethod
    def backward(self, a: FloatArray, dz: FloatArray) -> FloatArray:
        """The derivative with respect to what went in."""

    @abstractmethod
    def sources(self, place: Place, before: Shape) -> Iterator[tuple[Place, Place]]:
        """What the output at a place is calculated from: each place of the input, of shape ``before``, and the place of
        the weight between them, which is empty where there is none.
        """


class WeightedLayer(Layer, ReadOnlyArrays):
    """A layer ``out = f(z)`` with weights ``W`` and one bias ``b`` for each of its neurons or filters."""

    W: FloatArray
    b: FloatArray

    def __post_init__(self) -> None:
        for name in ("W", "b"):
            object.__setattr__(self, name, owned(getattr(self, name)))

    @abstractmethod
    def weighted_sum(self, a: FloatArray) -> FloatArray:
        """``z``."""

    @abstractmethod
    def gradient(self, a: FloatArray, dz: FloatArray) -> tuple[FloatArray | Outer, FloatArray]:
        """``dW`` and ``db``, summed over all examples."""

    def forward(self, a: FloatArray) -> tuple[FloatArray, FloatArray]:
        """``z`` and ``f(z)``."""
        z = self.weighted_sum(a)
        return z, self.activation.f(z)

    def pull_back(self, z: FloatArray | None, out: FloatArray, dout: FloatArray) -> FloatArray:
        """``dz = dout ⊙ f'(z)``, or for softmax ``dout`` times its Jacobian."""
        return self.activation.pull_back(z, out, dout)


@dataclass(frozen=True, eq=False)
class Dense(WeightedLayer):
    """A fully connected layer, ``z = W a + b``; ``W`` is (outputs, inputs), ``b`` (outputs,)."""

    W: FloatArray
    b: FloatArray
    activation: LayerFunction

    @classmethod
    def from_arrays(
        cls,
        weights: ArrayLike,
        biases: ArrayLike,
        *,
        activation: str | LayerFunction = "sigmoid",
        dtype: DTypeLike = "float64",
    ) -> Dense:
        """The layer with these parameters. `ValueError` names what has the wrong shape, or is not finite."""
        W, b = checked_parameters(weights, biases, ("outputs", "inputs"), float_dtype(dtype))
        return cls(W, b, layer_function(activation))

    @classmethod
    def random(
        cls,
        outputs: int,
        inputs: int,
        *,
        activation: str | LayerFunction = "sigmoid",
        seed: int | np.random.Generator = 0,
        dtype: DTypeLike = "float64",
    ) -> Dense:
        """Normally distributed weights with the standard deviation 1/√inputs, which keeps z's scale; biases 0.5."""
        rng = np.random.default_rng(seed)
        W = rng.standard_normal((outputs, inputs)) / np.sqrt(inputs)
        return cls.from_arrays(W, 0.5 * rng.standard_normal(outputs), activation=activation, dtype=dtype)

    def shape(self, before: Shape) -> Shape:
        """(outputs,)."""
        if len(before) != 1:
            raise ValueError(f"Dense: found an input of shape {before}, expected a vector, as Flatten gives")
        if before[0] != self.W.shape[1]:
            raise ValueError(f"Dense: found {before[0]} inputs, expected {self.W.shape[1]}, one for each column of W")
        return (len(self.b),)

    def weighted_sum(self, a: FloatArray) -> FloatArray:
        """``z = W a + b``, (…, outputs)."""
        return a @ self.W.T + self.b

    def backward(self, a: FloatArray, dz: FloatArray) -> FloatArray:
        """``da = Wᵀ dz``, (…, inputs)."""
        return dz @ self.W

    def gradient(self, a: FloatArray, dz: FloatArray) -> tuple[FloatArray | Outer, FloatArray]:
        """``dW = dz aᵀ``, ``db = dz``."""
        return (Outer(dz, a), dz) if dz.ndim == 1 else (dz.T @ a, dz.sum(axis=0))

    def sources(self, place: Place, before: Shape) -> Iterator[tuple[Place, Place]]:
        """All neurons of the layer before, by the row of the neuron."""
        return (((k,), (*place, k)) for k in range(*before))


# --- layers in a row


@dataclass(frozen=True)
class Passes:
    """What a backward pass through some layers gives, each list in their order, without layers that have no such array.

    ``da`` begins with the derivative with respect to what went into the first layer.
    """

    dW: list[FloatArray | Outer]
    db: list[FloatArray]
    dz: list[FloatArray]
    da: list[FloatArray]


def forward_through(layers: Sequence[Layer], a: FloatArray) -> tuple[list[FloatArray | None], list[FloatArray]]:
    """Each layer's ``z``, and each one's output behind ``a``, the input."""
    zs, activations = [], [a]
    for layer in layers:
        z, a = layer.forward(a)
        zs.append(z)
        activations.append(a)
    return zs, activations


def backward_through(
    layers: Sequence[Layer],
    zs: Sequence[FloatArray | None],
    activations: Sequence[FloatArray],
    da: FloatArray,
    dz: FloatArray | None = None,
) -> Passes:
    """Back from ``da``, the derivative with respect to the last output; ``dz`` is that for its z, if known already."""
    dWs: list[FloatArray | Outer] = []
    dbs: list[FloatArray] = []
    dzs: list[FloatArray] = []
    das = [da]
    for layer, z, a, out in zip(layers[::-1], zs[::-1], activations[-2::-1], activations[:0:-1], strict=True):
        dz = layer.pull_back(z, out, da) if dz is None else dz
        if isinstance(layer, WeightedLayer):
            dW, db = layer.gradient(a, dz)
            dWs.append(dW)
            dbs.append(db)
            dzs.append(dz)
        da = layer.backward(a, dz)
        das.append(da)
        dz = None
    return Passes(dWs[::-1], dbs[::-1], dzs[::-1], das[::-1])


def with_parameters(layers: Sequence[Layer], W: Iterable[FloatArray], b: Iterable[FloatArray]) -> list[Layer]:
    """The layers with other weights and biases, of the same shapes, for those that have some."""
    weights, biases, count = list(W), list(b), sum(isinstance(layer, WeightedLayer) for layer in layers)
    for name, arrays in (("W", weights), ("b", biases)):
        if len(arrays) != count:
            raise ValueError(f"{name}: found {len(arrays)} arrays, expected {count}, one for each layer with weights")
    parameters, changed = zip(weights, biases, strict=True), []
    for layer in layers:
        if isinstance(layer, WeightedLayer):
            w, bias = next(parameters)
            layer = replace(layer, W=w, b=bias)  # type: ignore[type-var]
        changed.append(layer)
    return changed


# --- parts


def layer_function(name: str | LayerFunction) -> LayerFunction:
    """The activation function of this name, softmax among them, or the row given."""
    if isinstance(name, ActivationFunction | OutputActivation):
        return name
    known: dict[str, LayerFunction] = {**ACTIVATIONS, **OUTPUT_ACTIVATIONS}
    return lookup(known, name, "activation")


def checked_parameters(
    W: ArrayLike, b: ArrayLike, form: tuple[int | str, ...], dtype: np.dtype[Any], names: tuple[str, str] = ("W", "b")
) -> tuple[FloatArray, FloatArray]:
    """Both as arrays; `ValueError` unless W has the shape ``form`` and b one entry for each of W's first dimension."""
    weights, biases = (checked_array(name, values, dtype) for name, values in zip(names, (W, b), strict=True))
    check_shape(names[0], weights, form)
    if weights.size == 0:
        raise ValueError(f"{names[0]}: found shape {weights.shape}, expected at least one entry")
    check_shape(names[1], biases, (len(weights),))
    return weights, biases


def normal(rng: np.random.Generator, shape: Shape, spread: float) -> FloatArray:
    """Normally distributed numbers around 0."""
    return spread * rng.standard_normal(shape)
