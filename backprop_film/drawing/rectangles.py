"""Rectangles of whole pixels, in which a picture has changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

__all__ = ["CELL", "Rectangle", "cover"]

#: Rectangles begin and end at multiples of this, or at the picture's edges: whole macroblocks, and few sizes.
CELL = 32


class Rectangle(NamedTuple):
    """From pixel (left, top) up to but without (right, bottom); y points down."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def area(self) -> int:
        """Its pixels.

        >>> Rectangle(0, 0, 32, 64).area
        2048
        """
        return (self.right - self.left) * (self.bottom - self.top)

    @property
    def pixels(self) -> tuple[slice, slice]:
        """The index of its pixels in a picture's array."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def taller(self, by: int, within: Rectangle) -> Rectangle:
        """So many more rows of pixels above and below, as far as there is room.

        >>> Rectangle(0, 32, 64, 64).taller(48, Rectangle(0, 0, 70, 90))
        Rectangle(left=0, top=0, right=64, bottom=90)
        """
        return Rectangle(self.left, max(self.top - by, within.top), self.right, min(self.bottom + by, within.bottom))

    def meets(self, other: Rectangle) -> bool:
        """Whether they touch."""
        return (
            self.left <= other.right and other.left <= self.right
            and self.top <= other.bottom and other.top <= self.bottom
        )  # fmt: skip

    def joined(self, other: Rectangle) -> Rectangle:
        """The smallest that holds both."""
        return Rectangle(
            min(self.left, other.left), min(self.top, other.top),
            max(self.right, other.right), max(self.bottom, other.bottom),
        )  # fmt: skip


def cover(boxes: np.ndarray, width: int, height: int) -> list[Rectangle]:
    """Few rectangles, apart from one another, that cover all boxes as far as they lie in a picture of this size.

    ``boxes`` (n, 4): left, top, right, bottom in pixels, not necessarily whole.

    >>> cover(np.array([[3.5, 4, 30, 9], [20, 20, 40, 21], [200, 0, 201, 500]]), 256, 128)
    [Rectangle(left=0, top=0, right=64, bottom=32), Rectangle(left=192, top=0, right=224, bottom=128)]
    """
    limits = np.array([width, height, width, height])
    inside = np.clip(boxes, 0, limits)
    inside = inside[(inside[:, 0] < inside[:, 2]) & (inside[:, 1] < inside[:, 3])]
    low = np.floor(inside[:, :2] / CELL).astype(int) * CELL
    high = np.minimum(np.ceil(inside[:, 2:] / CELL).astype(int) * CELL, limits[2:])
    return _apart(Rectangle(*box) for box in sorted(set(map(tuple, np.hstack([low, high]).tolist()))))


def _apart(rectangles: Iterable[Rectangle]) -> list[Rectangle]:
    """Join those that meet, until none do."""
    found: list[Rectangle] = []
    for one in rectangles:
        rest = found
        while meeting := [other for other in rest if other.meets(one)]:
            rest = [other for other in rest if not other.meets(one)]
            for other in meeting:
                one = one.joined(other)
        found = [*rest, one]
    return sorted(found, key=lambda one: (one.top, one.left))
