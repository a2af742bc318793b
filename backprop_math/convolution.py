"""Layers of images: convolution, the largest of each window, and images laid out as a vector.

An image is (channels, height, width), a batch of them (n, channels, height, width). Windows lie wholly within the
image ("valid") and start every ``stride`` pixels, so that a side of h pixels leaves (h − size) // stride + 1.

What is called convolution here is what all libraries call so, the kernel not being turned around (Goodfellow, Bengio
and Courville, *Deep Learning*, section 9.1).

>>> layer = Conv2D.from_arrays([[[[1.0, -1.0]]]], [0.5], activation="identity")
>>> z, a = layer.forward(np.array([[[[1.0, 4.0, 2.0]]]]))
>>> a.tolist()
[[[[-2.5, 2.5]]]]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Protocol

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, DTypeLike, NDArray

from .activations import ActivationFunction, activation_function
from .arrays import FloatArray, check_shape, checked_array, float_dtype

__all__ = ["Conv2D", "Flatten", "ImageLayer", "ImageShape", "MaxPool2D", "Place"]

ImageShape = tuple[int, int, int]
Place = tuple[int, int, int]  # channel, row, column


class ImageLayer(Protocol):
    """What a layer of images can do. Arrays are batches; ``a`` is what goes in, ``out`` what came out of it."""

    def shape(self, before: ImageShape) -> tuple[int, ...]:
        """The shape of one output for an input of shape ``before``; `ValueError` for one that does not fit."""

    def forward(self, a: FloatArray) -> tuple[FloatArray, FloatArray]:
        """``z`` and the output; they are the same for a layer without an activation function."""

    def backward(self, a: FloatArray, z: FloatArray, dout: FloatArray) -> tuple[FloatArray, FloatArray]:
        """``dz`` and ``da``, from the derivative with respect to the output."""

    def sources(self, place: Place) -> Iterator[tuple[Place, tuple[int, int, int]]]:
        """Each place of the input that an output place is calculated from, and where in the kernel that is."""


def _windows(a: FloatArray, size: tuple[int, int], stride: int) -> FloatArray:
    """(n, channels, rows, columns, *size), a view of the images (n, channels, height, width)."""
    return sliding_window_view(a, size, axis=(2, 3))[:, :, ::stride, ::stride]


def _window_shape(what: str, before: ImageShape, size: tuple[int, int], stride: int) -> tuple[int, int]:
    if len(before) != 3:
        raise ValueError(f"{what}: found an input of shape {before}, expected an image (channels, height, width)")
    if before[1] < size[0] or before[2] < size[1]:
        raise ValueError(
            f"{what}: found an image of {before[1]} × {before[2]}, expected at least {size[0]} × {size[1]}"
        )
    return (before[1] - size[0]) // stride + 1, (before[2] - size[1]) // stride + 1


def _check_stride(stride: int) -> None:
    if isinstance(stride, bool) or not isinstance(stride, int) or stride < 1:
        raise ValueError(f"stride: found {stride!r}, expected a whole number from 1 on")


@dataclass(frozen=True, eq=False)
class Conv2D:
    """``z_f = Σ_c K_fc ∗ a_c + b_f`` and ``f(z)``; ``K`` is (filters, channels, height, width), ``b`` (filters,)."""

    K: FloatArray
    b: FloatArray
    activation: ActivationFunction
    stride: int = 1

    @classmethod
    def from_arrays(
        cls,
        kernels: ArrayLike,
        biases: ArrayLike,
        *,
        activation: str = "relu",
        stride: int = 1,
        dtype: DTypeLike = "float64",
    ) -> Conv2D:
        """The layer with these parameters. `ValueError` names what has the wrong shape, or is not finite."""
        _check_stride(stride)
        K, b = checked_array("K", kernels, float_dtype(dtype)), checked_array("b", biases, float_dtype(dtype))
        check_shape("K", K, ("filters", "channels", "height", "width"))
        if K.size == 0:
            raise ValueError(f"K: found shape {K.shape}, expected at least one entry")
        check_shape("b", b, (len(K),))
        return cls(K, b, activation_function(activation), stride)

    @classmethod
    def random(
        cls,
        filters: int,
        channels: int,
        size: tuple[int, int],
        *,
        activation: str = "relu",
        stride: int = 1,
        seed: int = 0,
        dtype: DTypeLike = "float64",
    ) -> Conv2D:
        """Normally distributed kernels with the standard deviation 1/√(what goes into a sum), biases 0.1."""
        rng = np.random.default_rng(seed)
        K = rng.standard_normal((filters, channels, *size)) / np.sqrt(channels * size[0] * size[1])
        b = 0.1 * rng.standard_normal(filters)
        return cls.from_arrays(K, b, activation=activation, stride=stride, dtype=dtype)

    @property
    def size(self) -> tuple[int, int]:
        """The kernel's height and width."""
        return self.K.shape[2], self.K.shape[3]

    def shape(self, before: ImageShape) -> tuple[int, ...]:
        """(filters, rows, columns)."""
        sides = _window_shape("Conv2D", before, self.size, self.stride)
        if before[0] != self.K.shape[1]:
            raise ValueError(f"Conv2D: found an image of {before[0]} channels, expected {self.K.shape[1]}")
        return (len(self.K), *sides)

    def forward(self, a: FloatArray) -> tuple[FloatArray, FloatArray]:
        """``z`` and ``f(z)``, both (n, filters, rows, columns)."""
        sums = np.tensordot(_windows(a, self.size, self.stride), self.K, axes=([1, 4, 5], [1, 2, 3]))
        z = np.moveaxis(sums, -1, 1) + self.b[:, None, None]
        return z, self.activation.f(z)

    def backward(self, a: FloatArray, z: FloatArray, dout: FloatArray) -> tuple[FloatArray, FloatArray]:
        """``dz = dout ⊙ f'(z)``, and ``da``, to which each window adds the kernel times its dz."""
        dz = dout * self.activation.df(z)
        da = np.zeros_like(a)
        for (i, j), part in _offsets(da, self.size, self.stride, dz.shape[2:]):
            part += np.moveaxis(np.tensordot(dz, self.K[:, :, i, j], axes=([1], [0])), -1, 1)
        return dz, da

    def gradient(self, a: FloatArray, dz: FloatArray) -> tuple[FloatArray, FloatArray]:
        """``dK`` and ``db``: each weight stands at every position, so that its derivative is a sum over them all."""
        dK = np.tensordot(dz, _windows(a, self.size, self.stride), axes=([0, 2, 3], [0, 2, 3]))
        return dK, dz.sum(axis=(0, 2, 3))

    def sources(self, place: Place) -> Iterator[tuple[Place, tuple[int, int, int]]]:
        """The window of the place, in all channels."""
        _, row, column = place
        for c, i, j in product(range(self.K.shape[1]), *map(range, self.size)):
            yield (c, row * self.stride + i, column * self.stride + j), (c, i, j)


@dataclass(frozen=True)
class MaxPool2D:
    """The largest of each window of ``size`` × ``size`` pixels; the first of several equally large ones."""

    size: int
    stride: int = 0  # the size, if not given

    def __post_init__(self) -> None:
        object.__setattr__(self, "stride", self.stride or self.size)
        _check_stride(self.size)
        _check_stride(self.stride)

    def shape(self, before: ImageShape) -> tuple[int, ...]:
        """(channels, rows, columns)."""
        return (before[0], *_window_shape("MaxPool2D", before, (self.size, self.size), self.stride))

    def _largest(self, a: FloatArray) -> tuple[FloatArray, NDArray[np.intp]]:
        windows = _windows(a, (self.size, self.size), self.stride)
        flat = windows.reshape(*windows.shape[:4], -1)
        return flat, np.argmax(flat.real, axis=-1)

    def forward(self, a: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The largest, twice: there is no z apart from it."""
        flat, largest = self._largest(a)
        out = np.take_along_axis(flat, largest[..., None], axis=-1)[..., 0]
        return out, out

    def backward(self, a: FloatArray, z: FloatArray, dout: FloatArray) -> tuple[FloatArray, FloatArray]:
        """``dout`` at the place of each window's largest, 0 elsewhere."""
        _, largest = self._largest(a)
        da = np.zeros_like(a)
        for (i, j), part in _offsets(da, (self.size, self.size), self.stride, dout.shape[2:]):
            part += dout * (largest == i * self.size + j)
        return dout, da

    def sources(self, place: Place) -> Iterator[tuple[Place, tuple[int, int, int]]]:
        """The window of the place."""
        c, row, column = place
        for i, j in product(range(self.size), repeat=2):
            yield (c, row * self.stride + i, column * self.stride + j), (0, i, j)


@dataclass(frozen=True)
class Flatten:
    """An image as one row of numbers, channel by channel, row by row."""

    def shape(self, before: ImageShape) -> tuple[int, ...]:
        """(channels × height × width,)."""
        return (int(np.prod(before)),)

    def forward(self, a: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(n, channels × height × width), twice."""
        out = a.reshape(len(a), -1)
        return out, out

    def backward(self, a: FloatArray, z: FloatArray, dout: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The same numbers in the shape of the image."""
        return dout, dout.reshape(a.shape)

    def sources(self, place: Place) -> Iterator[tuple[Place, tuple[int, int, int]]]:
        """The pixel itself."""
        yield place, (0, 0, 0)


def _offsets(
    da: FloatArray, size: tuple[int, int], stride: int, outputs: tuple[int, ...]
) -> Iterator[tuple[tuple[int, int], FloatArray]]:
    """Each place (i, j) in a window, with the view of ``da`` at that place in every window."""
    rows, columns = outputs
    for i, j in product(*map(range, size)):
        yield (i, j), da[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride]
