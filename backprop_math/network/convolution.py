"""Layers of images: convolution, the largest of each window, and images laid out as a vector.

An image is (channels, height, width), a batch of them (n, channels, height, width). Windows lie wholly within the
image ("valid") and start every ``stride`` pixels, so that a side of h pixels leaves (h − size) // stride + 1.

What is called convolution here is what all libraries call so, the kernel not being turned around (Goodfellow, Bengio
and Courville, *Deep Learning*, section 9.1).

>>> from backprop_math import Dense, KernelWeight, Network
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

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ..arrays import FloatArray, float_dtype
from .layers import Layer, LayerFunction, Place, Shape, WeightedLayer, checked_parameters, layer_function

__all__ = ["Conv2D", "Flatten", "MaxPool2D", "PassingLayer"]


@dataclass(frozen=True, eq=False)
class Conv2D(WeightedLayer):
    """``z_f = Σ_c W_fc ∗ a_c + b_f`` and ``f(z)``; ``W``, the kernels, is (filters, channels, height, width)."""

    W: FloatArray
    b: FloatArray
    activation: LayerFunction
    stride: int = 1

    @classmethod
    def from_arrays(
        cls,
        kernels: ArrayLike,
        biases: ArrayLike,
        *,
        activation: str | LayerFunction = "relu",
        stride: int = 1,
        dtype: DTypeLike = "float64",
    ) -> Conv2D:
        """The layer with these parameters. `ValueError` names what has the wrong shape, or is not finite."""
        _check_whole("stride", stride)
        W, b = checked_parameters(kernels, biases, ("filters", "channels", "height", "width"), float_dtype(dtype))
        return cls(W, b, layer_function(activation), stride)

    @classmethod
    def random(
        cls,
        filters: int,
        channels: int,
        size: tuple[int, int],
        *,
        activation: str | LayerFunction = "relu",
        stride: int = 1,
        seed: int | np.random.Generator = 0,
        dtype: DTypeLike = "float64",
    ) -> Conv2D:
        """Normally distributed kernels with the standard deviation 1/√(what goes into a sum), biases 0.1."""
        rng = np.random.default_rng(seed)
        W = rng.standard_normal((filters, channels, *size)) / np.sqrt(channels * size[0] * size[1])
        b = 0.1 * rng.standard_normal(filters)
        return cls.from_arrays(W, b, activation=activation, stride=stride, dtype=dtype)

    @property
    def size(self) -> tuple[int, int]:
        """The kernel's height and width."""
        return self.W.shape[2], self.W.shape[3]

    def shape(self, before: Shape) -> Shape:
        """(filters, rows, columns)."""
        sides = _window_shape("Conv2D", before, self.size, self.stride)
        if before[0] != self.W.shape[1]:
            raise ValueError(f"Conv2D: found an image of {before[0]} channels, expected {self.W.shape[1]}")
        return (len(self.W), *sides)

    def weighted_sum(self, a: FloatArray) -> FloatArray:
        """``z``, (…, filters, rows, columns)."""
        sums = self._windows_in_rows(a) @ self.W.reshape(len(self.W), -1).T + self.b
        return np.moveaxis(sums, -1, -3)

    def backward(self, a: FloatArray, dz: FloatArray) -> FloatArray:
        """``da``, to which each window adds the kernel times its dz."""
        da, by_place = np.zeros_like(a), np.moveaxis(dz, -3, -1)
        for (i, j), part in _offsets(da, self.size, self.stride, dz.shape[-2:]):
            part += np.moveaxis(by_place @ self.W[:, :, i, j], -1, -3)
        return da

    def gradient(self, a: FloatArray, dz: FloatArray) -> tuple[FloatArray, FloatArray]:
        """``dW`` and ``db``: each weight stands at every position, so that its derivative is a sum over them all."""
        rows = np.moveaxis(dz, -3, -1).reshape(-1, len(self.W))
        windows = self._windows_in_rows(a).reshape(len(rows), -1)
        return (rows.T @ windows).reshape(self.W.shape), rows.sum(axis=0)

    def sources(self, place: Place, before: Shape) -> Iterator[tuple[Place, Place]]:
        """The window of the place, in all channels, by the kernel of its filter."""
        f, row, column = place
        for c, i, j in product(range(before[0]), *map(range, self.size)):
            yield (c, row * self.stride + i, column * self.stride + j), (f, c, i, j)

    def _windows_in_rows(self, a: FloatArray) -> FloatArray:
        """Each window of all channels laid out in a row: (…, rows, columns, channels × height × width)."""
        windows = np.moveaxis(_windows(a, self.size, self.stride), -5, -3)
        return windows.reshape(*windows.shape[:-3], -1)


class PassingLayer(Layer):
    """A layer without weights: of the numbers that go in, each that comes out is one."""

    def pull_back(self, z: FloatArray | None, out: FloatArray, dout: FloatArray) -> FloatArray:
        """``dout``: there is no z."""
        return dout

    @abstractmethod
    def passed(self, inputs: list[float]) -> int:
        """Which of the inputs of an output is passed on: its place in the list."""


@dataclass(frozen=True)
class MaxPool2D(PassingLayer):
    """The largest of each window of ``size`` × ``size`` pixels; the first of several equally large ones."""

    size: int
    stride: int = 0  # the size, if not given

    def __post_init__(self) -> None:
        object.__setattr__(self, "stride", self.stride or self.size)
        _check_whole("size", self.size)
        _check_whole("stride", self.stride)

    def shape(self, before: Shape) -> Shape:
        """(channels, rows, columns)."""
        sides = _window_shape("MaxPool2D", before, (self.size, self.size), self.stride)
        return (before[0], *sides)

    def forward(self, a: FloatArray) -> tuple[None, FloatArray]:
        """The largest of each window."""
        windows, largest = self._largest(a)
        return None, np.take_along_axis(windows, largest[..., None], axis=-1)[..., 0]

    def backward(self, a: FloatArray, dz: FloatArray) -> FloatArray:
        """The derivative at the place of each window's largest, 0 elsewhere."""
        _, largest = self._largest(a)
        da = np.zeros_like(a)
        for (i, j), part in _offsets(da, (self.size, self.size), self.stride, dz.shape[-2:]):
            part += dz * (largest == i * self.size + j)
        return da

    def sources(self, place: Place, before: Shape) -> Iterator[tuple[Place, Place]]:
        """The window of the place."""
        c, row, column = place
        for i, j in product(range(self.size), repeat=2):
            yield (c, row * self.stride + i, column * self.stride + j), ()

    def passed(self, inputs: list[float]) -> int:
        """The first of the largest."""
        return inputs.index(max(inputs))

    def _largest(self, a: FloatArray) -> tuple[FloatArray, NDArray[np.intp]]:
        windows = _windows(a, (self.size, self.size), self.stride)
        in_rows = windows.reshape(*windows.shape[:-2], -1)
        return in_rows, np.argmax(in_rows.real, axis=-1)


@dataclass(frozen=True)
class Flatten(PassingLayer):
    """An image as one row of numbers, channel by channel, row by row."""

    def shape(self, before: Shape) -> Shape:
        """(channels × height × width,)."""
        _check_image("Flatten", before)
        return (int(np.prod(before)),)

    def forward(self, a: FloatArray) -> tuple[None, FloatArray]:
        """(…, channels × height × width)."""
        return None, a.reshape(*a.shape[:-3], -1)

    def backward(self, a: FloatArray, dz: FloatArray) -> FloatArray:
        """The same numbers in the shape of the image."""
        return dz.reshape(a.shape)

    def sources(self, place: Place, before: Shape) -> Iterator[tuple[Place, Place]]:
        """The pixel itself."""
        yield tuple(map(int, np.unravel_index(place[0], before))), ()

    def passed(self, inputs: list[float]) -> int:
        """The only one."""
        return 0


def _windows(a: FloatArray, size: tuple[int, int], stride: int) -> FloatArray:
    """(…, channels, rows, columns, *size), a view of the images."""
    return sliding_window_view(a, size, axis=(-2, -1))[..., ::stride, ::stride, :, :]


def _offsets(
    da: FloatArray, size: tuple[int, int], stride: int, outputs: Shape
) -> Iterator[tuple[tuple[int, int], FloatArray]]:
    """Each place (i, j) in a window, with the view of ``da`` at that place in every window."""
    rows, columns = outputs
    for i, j in product(*map(range, size)):
        yield (i, j), da[..., i : i + stride * rows : stride, j : j + stride * columns : stride]


def _window_shape(what: str, before: Shape, size: tuple[int, int], stride: int) -> tuple[int, int]:
    _check_image(what, before)
    if before[1] < size[0] or before[2] < size[1]:
        raise ValueError(
            f"{what}: found an image of {before[1]} × {before[2]}, expected at least {size[0]} × {size[1]}"
        )
    return (before[1] - size[0]) // stride + 1, (before[2] - size[1]) // stride + 1


def _check_image(what: str, before: Shape) -> None:
    if len(before) != 3:
        raise ValueError(f"{what}: found an input of shape {before}, expected an image (channels, height, width)")


def _check_whole(name: str, value: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name}: found {value!r}, expected a whole number from 1 on")
