"""Layers of images without weights: the largest or the mean of each window, and an image laid out as a vector.

>>> image = np.array([[[1.0, 4.0], [2.0, 5.0]]])
>>> MaxPool2D(2).forward(image)[1].tolist(), AvgPool2D(2).forward(image)[1].tolist()
([[[5.0]]], [[[3.0]]])
>>> AvgPool2D(2).backward(image, np.array([[[1.0]]])).tolist()
[[[0.25, 0.25], [0.25, 0.25]]]
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..arrays import FloatArray
from .layers import Layer, Place, Shape
from .windows import Windows, check_image, check_whole

__all__ = ["AvgPool2D", "Flatten", "MaxPool2D", "PassingLayer"]


class PassingLayer(Layer):
    """A layer without weights, and without a function of its own behind it: there is no z."""

    def pull_back(self, z: FloatArray | None, out: FloatArray, dout: FloatArray) -> FloatArray:
        """``dout``: there is no z."""
        return dout

    @abstractmethod
    def local_derivatives(self, inputs: list[float]) -> list[float]:
        """The derivatives of one number that comes out with respect to each of those that it is calculated from."""


@dataclass(frozen=True)
class Pool2D(PassingLayer):
    """One number for each window of ``size`` × ``size`` pixels, that lies within the image but for its padding."""

    size: int
    stride: int = 0  # the size, if not given
    padding: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "stride", self.stride or self.size)
        check_whole("size", self.size)
        check_whole("stride", self.stride)
        check_whole("padding", self.padding, 0)
        if 2 * self.padding > self.size:
            raise ValueError(f"padding: found {self.padding}, expected at most half the size of a window, {self.size}")

    @property
    def windows(self) -> Windows:
        """Where the windows stand."""
        return Windows((self.size, self.size), self.stride, self.padding)

    def shape(self, before: Shape) -> Shape:
        """(channels, rows, columns)."""
        sides = self.windows.shape(type(self).__name__, before)
        return (before[0], *sides)

    def sources(self, place: Place, before: Shape) -> Iterator[tuple[Place, Place]]:
        """The window of the place, as far as it lies within the image."""
        c, row, column = place
        return (((c, *pixel), ()) for _, pixel in self.windows.sources(row, column, before))


@dataclass(frozen=True)
class MaxPool2D(Pool2D):
    """The largest of each window; the first of several equally large ones."""

    def forward(self, a: FloatArray) -> tuple[None, FloatArray]:
        """The largest of each window."""
        in_rows, largest = self._largest(a)
        return None, np.take_along_axis(in_rows, largest[..., None], axis=-1)[..., 0]

    def backward(self, a: FloatArray, dz: FloatArray) -> FloatArray:
        """The derivative at the place of each window's largest, 0 elsewhere."""
        windows, (_, largest) = self.windows, self._largest(a)
        da = windows.padded(np.zeros_like(a))
        for (i, j), part in windows.offsets(da, dz.shape[-2:]):
            part += dz * (largest == i * self.size + j)
        return windows.within(da)

    def local_derivatives(self, inputs: list[float]) -> list[float]:
        """1 for the first of the largest, 0 for all others."""
        largest = inputs.index(max(inputs))
        return [float(i == largest) for i in range(len(inputs))]

    def _largest(self, a: FloatArray) -> tuple[FloatArray, NDArray[np.intp]]:
        view = self.windows.view(self.windows.padded(a, -np.inf))
        in_rows = view.reshape(*view.shape[:-2], -1)
        return in_rows, np.argmax(in_rows.real, axis=-1)


@dataclass(frozen=True)
class AvgPool2D(Pool2D):
    """The mean of each window, in which pixels outside the image count as zeros: with ``count_include_pad``, as in
    PyTorch, the sum of a window is always divided by size², without it by the number of pixels within the image.
    """

    count_include_pad: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.count_include_pad, bool):
            raise ValueError(f"count_include_pad: found {self.count_include_pad!r}, expected True or False")

    def count(self, pixels: int) -> int:
        """What the sum over a window is divided by, of which so many pixels lie within the image."""
        return self.size**2 if self.count_include_pad else pixels

    def forward(self, a: FloatArray) -> tuple[None, FloatArray]:
        """The mean of each window."""
        outputs = self.shape(a.shape[-3:])
        total = np.zeros((*a.shape[:-3], *outputs), a.dtype)
        for _, part in self.windows.offsets(self.windows.padded(a), outputs[1:]):
            total += part
        return None, total / self._counts(a)

    def backward(self, a: FloatArray, dz: FloatArray) -> FloatArray:
        """To each pixel an equal share of the derivative, from every window that it is in."""
        windows, share = self.windows, dz / self._counts(a)
        da = windows.padded(np.zeros_like(a))
        for _, part in windows.offsets(da, dz.shape[-2:]):
            part += share
        return windows.within(da)

    def local_derivatives(self, inputs: list[float]) -> list[float]:
        """1/n for each."""
        return [1 / self.count(len(inputs))] * len(inputs)

    def _counts(self, a: FloatArray) -> FloatArray:
        """What each window's sum is divided by, (rows, columns) or one number for all."""
        if self.count_include_pad or not self.padding:
            return np.asarray(self.size**2, a.real.dtype)
        ones = self.windows.padded(np.ones((1, *a.shape[-2:]), a.real.dtype))
        return np.sum(self.windows.view(ones), axis=(-2, -1))


@dataclass(frozen=True)
class Flatten(PassingLayer):
    """An image as one row of numbers, channel by channel, row by row."""

    def shape(self, before: Shape) -> Shape:
        """(channels × height × width,)."""
        check_image("Flatten", before)
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

    def local_derivatives(self, inputs: list[float]) -> list[float]:
        """1 for the pixel itself."""
        return [1.0]
