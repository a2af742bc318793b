"""Convolution: a layer of images whose weights stand at every place.

An image is (channels, height, width), a batch of them (n, channels, height, width). A kernel is laid on each of its
`windows`, which start every ``stride`` pixels and reach ``padding`` pixels over the image's edge. What lies outside the
image is nothing that a sum is made of, which is the same as zeros around it.

What is called convolution here is what all libraries call so, the kernel not being turned around (Goodfellow, Bengio
and Courville, *Deep Learning*, section 9.1).

>>> from backprop_math import Dense, Flatten, KernelWeight, Network
>>> conv = Conv2D.from_arrays([[[[1.0, -1.0]]]], [0.0], activation="identity")
>>> last = Dense.from_arrays([[0.5, 0.25]], [0.0], activation="identity")
>>> net = Network([conv, Flatten(), last], shape=(1, 1, 3))
>>> trace = net.forward([[[1.0, 4.0, 2.0]]]).backward([0.0])
>>> trace.forward.z[1].tolist(), trace.derivative(KernelWeight(1, 0, 0, 0, 0))
([[[-3.0, 2.0]]], -3.0)
>>> trace.chain_rule(KernelWeight(1, 0, 0, 0, 0)).count
2
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from ..arrays import FloatArray, float_dtype
from .layers import LayerFunction, Place, Shape, WeightedLayer, checked_parameters, layer_function
from .windows import Windows, check_whole

__all__ = ["Conv2D"]


@dataclass(frozen=True, eq=False)
class Conv2D(WeightedLayer):
    """``z_f = Σ_c W_fc ∗ a_c + b_f`` and ``f(z)``; ``W``, the kernels, is (filters, channels, height, width)."""

    W: FloatArray
    b: FloatArray
    activation: LayerFunction
    stride: int = 1
    padding: int = 0

    @classmethod
    def from_arrays(
        cls,
        kernels: ArrayLike,
        biases: ArrayLike,
        *,
        activation: str | LayerFunction = "relu",
        stride: int = 1,
        padding: int = 0,
        dtype: DTypeLike = "float64",
    ) -> Conv2D:
        """The layer with these parameters. `ValueError` names what has the wrong shape, or is not finite."""
        check_whole("stride", stride)
        check_whole("padding", padding, 0)
        W, b = checked_parameters(kernels, biases, ("filters", "channels", "height", "width"), float_dtype(dtype))
        return cls(W, b, layer_function(activation), stride, padding)

    @classmethod
    def random(
        cls,
        filters: int,
        channels: int,
        size: tuple[int, int],
        *,
        activation: str | LayerFunction = "relu",
        stride: int = 1,
        padding: int = 0,
        seed: int | np.random.Generator = 0,
        dtype: DTypeLike = "float64",
    ) -> Conv2D:
        """Normally distributed kernels with the standard deviation 1/√(what goes into a sum), biases 0.1."""
        rng = np.random.default_rng(seed)
        W = rng.standard_normal((filters, channels, *size)) / np.sqrt(channels * size[0] * size[1])
        b = 0.1 * rng.standard_normal(filters)
        return cls.from_arrays(W, b, activation=activation, stride=stride, padding=padding, dtype=dtype)

    @property
    def size(self) -> tuple[int, int]:
        """The kernel's height and width."""
        return self.W.shape[2], self.W.shape[3]

    @property
    def windows(self) -> Windows:
        """Where the kernel stands."""
        return Windows(self.size, self.stride, self.padding)

    def shape(self, before: Shape) -> Shape:
        """(filters, rows, columns)."""
        sides = self.windows.shape("Conv2D", before)
        if before[0] != self.W.shape[1]:
            raise ValueError(f"Conv2D: found an image of {before[0]} channels, expected {self.W.shape[1]}")
        return (len(self.W), *sides)

    def weighted_sum(self, a: FloatArray) -> FloatArray:
        """``z``, (…, filters, rows, columns)."""
        sums = self._windows_in_rows(a) @ self.W.reshape(len(self.W), -1).T + self.b
        return np.moveaxis(sums, -1, -3)

    def backward(self, a: FloatArray, dz: FloatArray) -> FloatArray:
        """``da``, to which each window adds the kernel times its dz."""
        da, by_place = self.windows.padded(np.zeros_like(a)), np.moveaxis(dz, -3, -1)
        for (i, j), part in self.windows.offsets(da, dz.shape[-2:]):
            part += np.moveaxis(by_place @ self.W[:, :, i, j], -1, -3)
        return self.windows.within(da)

    def gradient(self, a: FloatArray, dz: FloatArray) -> tuple[FloatArray, FloatArray]:
        """``dW`` and ``db``: each weight stands at every position, so that its derivative is a sum over them all."""
        rows = np.moveaxis(dz, -3, -1).reshape(-1, len(self.W))
        windows = self._windows_in_rows(a).reshape(len(rows), -1)
        return (rows.T @ windows).reshape(self.W.shape), rows.sum(axis=0)

    def sources(self, place: Place, before: Shape) -> Iterator[tuple[Place, Place]]:
        """The window of the place within the image, in all channels, by the kernel of its filter."""
        f, row, column = place
        for c in range(before[0]):
            for at, pixel in self.windows.sources(row, column, before):
                yield (c, *pixel), (f, c, *at)

    def _windows_in_rows(self, a: FloatArray) -> FloatArray:
        """Each window of all channels laid out in a row: (…, rows, columns, channels × height × width)."""
        windows = np.moveaxis(self.windows.view(self.windows.padded(a)), -5, -3)
        return windows.reshape(*windows.shape[:-3], -1)
