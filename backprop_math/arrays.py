"""Arrays counted by layer, and the checks that every array from outside goes through."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

__all__ = ["FloatArray", "LayerArrays", "check_shape", "checked_array", "float_dtype", "read_only"]

FloatArray = NDArray[np.floating[Any]]


class LayerArrays:
    """One read-only array for each layer, counted as on the screen: from ``first``, to L.

    >>> W = LayerArrays("W", [np.zeros((2, 3)), np.zeros((1, 2))], first=1)
    >>> W[2].shape, len(W)
    ((1, 2), 2)
    >>> W[0]
    Traceback (most recent call last):
    IndexError: W[0]: layers are numbered 1 to 2 here
    """

    def __init__(self, name: str, arrays: Iterable[FloatArray], *, first: int) -> None:
        self.name = name
        self.first = first
        self._arrays = tuple(read_only(array) for array in arrays)

    @property
    def last(self) -> int:
        """The number of the last layer."""
        return self.first + len(self._arrays) - 1

    def __getitem__(self, layer: SupportsIndex) -> FloatArray:
        index = operator.index(layer)
        if not self.first <= index <= self.last:
            raise IndexError(f"{self.name}[{index}]: layers are numbered {self.first} to {self.last} here")
        return self._arrays[index - self.first]

    def __iter__(self) -> Iterator[FloatArray]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def __repr__(self) -> str:
        shapes = ", ".join(str(array.shape) for array in self._arrays)
        return f"<{self.name}[{self.first}…{self.last}]: {shapes}>"


def read_only(array: FloatArray) -> FloatArray:
    """The array, closed to writing; not a copy."""
    array.setflags(write=False)
    return array


def float_dtype(dtype: DTypeLike) -> np.dtype[Any]:
    """The dtype meant; `ValueError` unless it is one of real floating-point numbers."""
    try:
        found = np.dtype(dtype)
    except TypeError:
        raise ValueError(f"dtype: found {dtype!r}, expected a floating-point dtype such as 'float64'") from None
    if not np.issubdtype(found, np.floating):
        raise ValueError(f"dtype: found {found.name!r}, expected a floating-point dtype such as 'float64'")
    return found


def checked_array(name: str, values: ArrayLike, dtype: np.dtype[Any]) -> FloatArray:
    """A read-only copy of ``values`` as ``dtype``.

    Raises `ValueError`, naming ``name``, for ragged lists, for what is not real numbers, for NaN and infinity.
    """
    try:
        found = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name}: found rows of different lengths, expected rows of one length") from None
    if not (np.issubdtype(found.dtype, np.floating) or np.issubdtype(found.dtype, np.integer)):
        raise ValueError(f"{name}: found values of type {found.dtype.name}, expected real numbers")
    with np.errstate(over="ignore"):  # What overflows in a smaller dtype is reported as the infinity that it becomes.
        array = np.array(found, dtype=dtype)
    if not np.isfinite(array).all():
        place = tuple(int(index) for index in np.argwhere(~np.isfinite(array))[0])
        where = f" at index {list(place)}" if place else ""
        raise ValueError(f"{name}: found {array[place]}{where}, expected finite numbers")
    return read_only(array)


def check_shape(name: str, array: FloatArray, *expected: tuple[int | str, ...]) -> None:
    """Raise `ValueError` unless the array's shape is one of ``expected``, in which a word fits any size."""
    if array.shape in expected:
        return
    for shape in expected:
        if len(shape) == array.ndim and all(
            isinstance(want, str) or want == size for want, size in zip(shape, array.shape, strict=True)
        ):
            return
    forms = " or ".join(str(shape).replace("'", "") for shape in expected)
    raise ValueError(f"{name}: found shape {array.shape}, expected {forms}")
