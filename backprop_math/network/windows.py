"""Windows over an image, of which each gives one place of a layer's output: where they stand, and what is in them.

Images are (channels, height, width), with one dimension more for a batch. Windows start every ``stride`` pixels, the
first ``padding`` pixels before the image, so that a side of h pixels leaves (h + 2 padding − size) // stride + 1.

>>> windows = Windows((2, 2), stride=2, padding=1)
>>> windows.shape("pooling", (1, 3, 4))
(2, 3)
>>> list(windows.sources(0, 1, (1, 3, 4)))
[((1, 0), (0, 1)), ((1, 1), (0, 2))]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..arrays import FloatArray
from .layers import Shape

__all__ = ["Windows", "check_image", "check_whole"]

At = tuple[int, int]


@dataclass(frozen=True)
class Windows:
    """Windows of ``size`` (height, width); the places in them outside the image stand for no pixel."""

    size: At
    stride: int
    padding: int

    def shape(self, what: str, before: Shape) -> At:
        """How many rows and columns of windows there are; `ValueError`, naming ``what``, for an image too small."""
        check_image(what, before)
        sides = [side + 2 * self.padding for side in before[1:]]
        if sides[0] < self.size[0] or sides[1] < self.size[1]:
            with_padding = f" with a padding of {self.padding}" if self.padding else ""
            raise ValueError(
                f"{what}: found an image of {before[1]} × {before[2]}{with_padding}, "
                f"expected at least {self.size[0]} × {self.size[1]}"
            )
        rows, columns = ((side - size) // self.stride + 1 for side, size in zip(sides, self.size, strict=True))
        return rows, columns

    def sources(self, row: int, column: int, before: Shape) -> Iterator[tuple[At, At]]:
        """Each place (i, j) in a window that lies within the image, and the pixel there."""
        top, left = row * self.stride - self.padding, column * self.stride - self.padding
        for i, j in product(*map(range, self.size)):
            if 0 <= top + i < before[1] and 0 <= left + j < before[2]:
                yield (i, j), (top + i, left + j)

    def padded(self, a: FloatArray, fill: float = 0.0) -> FloatArray:
        """The image with ``fill`` around it; itself, where there is no padding."""
        if not self.padding:
            return a
        *outer, height, width = a.shape
        around = np.full((*outer, height + 2 * self.padding, width + 2 * self.padding), fill, a.dtype)
        self.within(around)[...] = a
        return around

    def within(self, padded: FloatArray) -> FloatArray:
        """The view of the image in what is padded."""
        by = self.padding
        return padded[..., by : padded.shape[-2] - by, by : padded.shape[-1] - by]

    def view(self, padded: FloatArray) -> FloatArray:
        """(…, channels, rows, columns, *size), a view."""
        return sliding_window_view(padded, self.size, axis=(-2, -1))[..., :: self.stride, :: self.stride, :, :]

    def offsets(self, padded: FloatArray, outputs: Shape) -> Iterator[tuple[At, FloatArray]]:
        """Each place (i, j) in a window, with the view of what is there in all windows, (…, channels, *outputs)."""
        rows, columns = (self.stride * count for count in outputs)
        for i, j in product(*map(range, self.size)):
            yield (i, j), padded[..., i : i + rows : self.stride, j : j + columns : self.stride]


def check_image(what: str, before: Shape) -> None:
    """Raise `ValueError` unless what goes in is an image."""
    if len(before) != 3:
        raise ValueError(f"{what}: found an input of shape {before}, expected an image (channels, height, width)")


def check_whole(name: str, value: int, first: int = 1) -> None:
    """Raise `ValueError` unless ``value`` is a whole number from ``first`` on."""
    if isinstance(value, bool) or not isinstance(value, int) or value < first:
        raise ValueError(f"{name}: found {value!r}, expected a whole number from {first} on")
