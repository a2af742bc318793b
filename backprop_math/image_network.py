"""Layers of images before a fully connected network: `ConvolutionalNetwork`, its gradient, and its chain rules.

Layers are numbered through, from the image, layer 0, to the last layer of the fully connected ``head``, layer L. What
belongs to images has names of its own: `KernelWeight`, `PixelSum`, `Pixel`; a convolution's bias is
`Bias(layer, filter)`.

>>> from backprop_math.convolution import Conv2D, Flatten
>>> from backprop_math.quantities import KernelWeight
>>> conv = Conv2D.from_arrays([[[[1.0, -1.0]]]], [0.0], activation="identity")
>>> head = Network.from_arrays([[[0.5, 0.25]]], [[0.0]], activation="identity")
>>> net = ConvolutionalNetwork((1, 1, 3), [conv, Flatten()], head)
>>> trace = net.trace([[[1.0, 4.0, 2.0]]], [0.0])
>>> trace.derivative(KernelWeight(1, 0, 0, 0, 0)), trace.chain_rule(KernelWeight(1, 0, 0, 0, 0)).count
(-3.0, 2)
"""

# ruff: noqa: E741 (l is a layer's number, dK the derivatives for K)

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike

from .arrays import FloatArray, check_shape, checked_array, read_only
from .convolution import Conv2D, Flatten, ImageLayer, ImageShape
from .image_trace import ConvolutionalGradient, ImageTrace, moved
from .network import Network
from .passes import Gradient
from .quantities import Activation, Bias, Cost, KernelWeight, Pixel, PixelSum, Quantity, Target, Weight

__all__ = ["ConvolutionalNetwork"]


class ConvolutionalNetwork:
    """Layers of images for inputs of one ``shape`` (channels, height, width), the last a `Flatten`, then a ``head``.

    `ValueError` where the layers do not fit each other. ``shapes[l]`` is the shape of layer l's output.
    """

    def __init__(self, shape: ImageShape, layers: Sequence[ImageLayer], head: Network) -> None:
        self.layers, self.head = tuple(layers), head
        if not self.layers or not isinstance(self.layers[-1], Flatten):
            raise ValueError("layers: expected a Flatten as the last one, before the fully connected head")
        shapes: list[tuple[int, ...]] = [tuple(shape)]
        for l, layer in enumerate(self.layers, 1):
            try:
                shapes.append(layer.shape(cast(ImageShape, shapes[-1])))
            except ValueError as error:
                raise ValueError(f"layer {l}: {error}") from None
            if isinstance(layer, Conv2D) and layer.K.dtype != head.dtype:
                raise ValueError(f"layer {l}: found the dtype {layer.K.dtype}, expected the head's, {head.dtype}")
        if shapes[-1] != (head.layers[0],):
            raise ValueError(f"head: found {head.layers[0]} inputs, expected {shapes[-1][0]}, as many as Flatten gives")
        self.shapes = tuple(shapes)
        self.images, self.L, self.dtype = len(self.layers), len(self.layers) + head.L, head.dtype

    @property
    def convolutions(self) -> Mapping[int, Conv2D]:
        """The convolutions by their layers' numbers."""
        return {l: layer for l, layer in enumerate(self.layers, 1) if isinstance(layer, Conv2D)}

    @property
    def parameters(self) -> Iterator[Quantity]:
        """Every weight and bias, layer by layer."""
        for l, layer in self.convolutions.items():
            yield from (KernelWeight(l, *place) for place in np.ndindex(layer.K.shape))
            yield from (Bias(l, j) for j in range(len(layer.b)))
        yield from (moved(quantity, self.images) for quantity in self.head.parameters)

    def images_forward(self, x: FloatArray) -> tuple[list[FloatArray], list[FloatArray]]:
        """``z[1 …]`` and ``a[0 …]`` of the layers of images, for a batch (n, channels, height, width)."""
        zs, activations = [], [x]
        for layer in self.layers:
            z, a = layer.forward(activations[-1])
            zs.append(z)
            activations.append(a)
        return zs, activations

    def _checked(self, x: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
        images, targets = checked_array("x", x, self.dtype), checked_array("y", y, self.dtype)
        check_shape("x", images, self.shapes[0], ("n", *self.shapes[0]))
        if len(images) == 0:
            raise ValueError(f"x: found shape {images.shape}, expected at least one example")
        check_shape("y", targets, (*images.shape[:-3], self.head.layers[-1]))
        return images, targets

    def gradient(self, x: ArrayLike, y: ArrayLike) -> tuple[float, ConvolutionalGradient]:
        """The cost and its derivatives with respect to all parameters; for a batch, the mean over its examples."""
        images, targets = self._checked(x, y)
        zs, activations = self.images_forward(images.reshape(-1, *self.shapes[0]))
        head = self.head.forward(activations[-1]).backward(targets.reshape(len(activations[-1]), -1))
        dzs, _ = self._backward(zs, activations, head.da[0])
        dK, db = {}, {}
        for l, layer in self.convolutions.items():
            dK[l], db[l] = map(read_only, layer.gradient(activations[l - 1], dzs[l - 1]))
        return head.cost, ConvolutionalGradient(dK, db, Gradient(head.dW, head.db), self.images)

    def _backward(
        self, zs: Sequence[FloatArray], activations: Sequence[FloatArray], dout: FloatArray
    ) -> tuple[list[FloatArray], list[FloatArray]]:
        """``dz[1 …]`` and ``da[0 …]`` from the derivative with respect to what the head is given."""
        dzs, das = [], [dout]
        for layer, z, a in zip(reversed(self.layers), reversed(zs), reversed(activations[:-1]), strict=True):
            dz, da = layer.backward(a, z, das[-1])
            dzs.append(dz)
            das.append(da)
        return dzs[::-1], das[::-1]

    def trace(self, x: ArrayLike, y: ArrayLike) -> ImageTrace:
        """Everything that both passes calculate for one example (channels, height, width)."""
        images, targets = self._checked(x, y)
        if images.ndim != 3:
            raise ValueError(f"x: found a batch of {len(images)}, expected one example of shape {self.shapes[0]}")
        zs, activations = self.images_forward(images[None])
        head = self.head.forward(activations[-1][0]).backward(targets)
        dzs, das = self._backward(zs, activations, head.da[0][None])
        z, a, dz, da = ([read_only(array[0]) for array in arrays] for arrays in (zs, activations, dzs, das))
        return ImageTrace(self, z, a, dz, da, head)

    def cost(
        self, K: Mapping[int, Any], b: Mapping[int, Any], W: Sequence[Any], c: Sequence[Any], x: Any, y: Any
    ) -> Any:
        """The mean cost for other parameters, real or complex: what an oracle nudges. Uses no derivative."""
        a = x
        for l, layer in enumerate(self.layers, 1):
            _, a = (replace(layer, K=K[l], b=b[l]) if isinstance(layer, Conv2D) else layer).forward(a)
        for matrix, vector, function in zip(W, c, self.head.activation, strict=True):
            a = function.f(a @ matrix.T + vector)
        return np.mean(self.head.cost.value(a, y))

    def check(self, quantity: Quantity) -> None:
        """Raise `ValueError` unless the network has this quantity."""
        if isinstance(quantity, Cost | Target):
            return self.head.check(quantity)
        layer, indices = getattr(quantity, "layer", None), quantity.indices
        sizes = self._sizes(quantity)
        if sizes is None or len(sizes) != len(indices):
            raise ValueError(f"{quantity}: found layer {layer}, which has no {type(quantity).__name__}")
        for index, size in zip(indices, sizes, strict=True):
            if not isinstance(index, int | np.integer) or not 0 <= index < size:
                raise ValueError(f"{quantity}: found {index}, expected an index from 0 to {size - 1}")
        return None

    def _sizes(self, quantity: Quantity) -> tuple[int, ...] | None:
        """How many there are of each index; `None` where the layer has no such quantity."""
        l = getattr(quantity, "layer", None)
        if not isinstance(l, int | np.integer) or not 0 <= l <= self.L:
            return None
        conv = self.convolutions.get(int(l))
        match quantity:
            case KernelWeight():
                return conv.K.shape if conv else None
            case PixelSum():
                return self.shapes[l] if conv else None
            case Pixel():
                return self.shapes[l] if l < self.images else None
            case Bias() if l <= self.images:
                return conv.b.shape if conv else None
            case Activation() if l == self.images:
                return self.shapes[l]
        if l <= self.images:
            return None
        above = self.head.layers[l - self.images]
        return (above, self.head.layers[l - self.images - 1]) if isinstance(quantity, Weight) else (above,)

    def __repr__(self) -> str:
        names = ", ".join(type(layer).__name__ for layer in self.layers)
        return f"ConvolutionalNetwork(shapes={self.shapes}, layers=({names}), head={self.head})"
