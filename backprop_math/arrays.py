"""Arrays counted by layer, and the checks that every array from outside goes through."""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from .frozen import Frozen

__all__ = ["FloatArray", "LayerArrays", "Outer", "check_shape", "checked_array", "float_dtype", "owned", "read_only"]

FloatArray = NDArray[np.floating[Any]]


class Outer(Frozen):
    """The matrix of all products of two vectors' entries, which is calculated whenever it is asked for as a whole.

    >>> products = Outer(np.array([1.0, 2.0]), np.array([3.0, 4.0, 5.0]))
    >>> products.shape, float(products[1, 2]), products.whole.tolist()
    ((2, 3), 10.0, [[3.0, 4.0, 5.0], [6.0, 8.0, 10.0]])
    """

    column: FloatArray
    row: FloatArray

    def __init__(self, column: FloatArray, row: FloatArray) -> None:
        self._set(column=read_only(column), row=read_only(row))

    @property
    def shape(self) -> tuple[int, int]:
        """(entries of the column, entries of the row)."""
        return len(self.column), len(self.row)

    def __getitem__(self, place: tuple[int, ...]) -> Any:
        j, k = place
        return self.column[j] * self.row[k] + 0.0  # no −0, as in a matrix product

    @property
    def whole(self) -> FloatArray:
        """The matrix."""
        return read_only(np.outer(self.column, self.row) + self.column.dtype.type(0))


def _whole(array: FloatArray | Outer) -> FloatArray:
    return array.whole if isinstance(array, Outer) else array


class LayerArrays(Frozen):
    """One read-only array for each layer that has one, counted as on the screen: from ``first``, to L.

    Going through them, or asking for their number, leaves out layers without one, such as a pooling layer's weights.

    >>> W = LayerArrays("W", [np.zeros((2, 3)), None, np.zeros((1, 2))], first=1)
    >>> W[3].shape, len(W), [layer for layer, _ in W.items()]
    ((1, 2), 2, [1, 3])
    >>> W[0]
    Traceback (most recent call last):
    IndexError: W[0]: layers are numbered 1 to 3 here
    >>> W[2]
    Traceback (most recent call last):
    IndexError: W[2]: layer 2 has none, expected one of the layers 1, 3
    """

    name: str
    first: int
    _arrays: tuple[FloatArray | Outer | None, ...]

    def __init__(self, name: str, arrays: Iterable[FloatArray | Outer | None], *, first: int) -> None:
        kept = tuple([read_only(array) if isinstance(array, np.ndarray) else array for array in arrays])
        self._set(name=name, first=first, _arrays=kept)

    @property
    def last(self) -> int:
        """The number of the last layer."""
        return self.first + len(self._arrays) - 1

    def __getitem__(self, layer: SupportsIndex) -> FloatArray:
        return _whole(self._found(operator.index(layer)))

    def element(self, layer: int, place: tuple[int, ...]) -> float:
        """One number of a layer's array."""
        return float(self._found(layer)[place])

    @property
    def shapes(self) -> Iterable[tuple[int, tuple[int, ...]]]:
        """Each layer's number with its array's shape."""
        return ((l, array.shape) for l, array in enumerate(self._arrays, self.first) if array is not None)

    def _found(self, index: int) -> FloatArray | Outer:
        if not self.first <= index <= self.last:
            raise IndexError(f"{self.name}[{index}]: layers are numbered {self.first} to {self.last} here")
        array = self._arrays[index - self.first]
        if array is None:
            known = ", ".join(str(l) for l, _ in self.shapes)
            raise IndexError(f"{self.name}[{index}]: layer {index} has none, expected one of the layers {known}")
        return array

    def get(self, layer: int) -> FloatArray | None:
        """The layer's array, or `None` for a layer without one."""
        array = self._arrays[layer - self.first]
        return None if array is None else _whole(array)

    def items(self) -> Iterator[tuple[int, FloatArray]]:
        """Each array with its layer's number."""
        return ((l, _whole(array)) for l, array in enumerate(self._arrays, self.first) if array is not None)

    def like(self, name: str, arrays: Iterable[FloatArray | Outer]) -> LayerArrays:
        """Other arrays for the same layers."""
        others = iter(arrays)
        return LayerArrays(name, (array if array is None else next(others) for array in self._arrays), first=self.first)

    def __iter__(self) -> Iterator[FloatArray]:
        return (_whole(array) for array in self._arrays if array is not None)

    def __len__(self) -> int:
        return sum(array is not None for array in self._arrays)

    def __repr__(self) -> str:
        shapes = ", ".join("none" if array is None else str(array.shape) for array in self._arrays)
        return f"<{self.name}[{self.first}…{self.last}]: {shapes}>"


def read_only(array: FloatArray) -> FloatArray:
    """The array, closed to writing; not a copy."""
    array.setflags(write=False)
    return array


def owned(array: FloatArray) -> FloatArray:
    """The array itself if it is read-only, else a read-only copy, which nobody else can write to."""
    return read_only(array.copy()) if array.flags.writeable else array


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

    Raises `ValueError`, naming ``name``, for ragged lists, for masked arrays, whose mask would be lost, for what is not
    real numbers, for NaN and infinity.

    >>> checked_array("x", [2**64, 0.5], np.dtype("float64")).tolist()
    [1.8446744073709552e+19, 0.5]
    """
    if _has_mask(values):
        raise ValueError(f"{name}: found a masked array, expected one without a mask, as .filled(…) gives")
    try:
        found = np.asarray(values)
        if found.dtype == object and all(_is_number(value) for value in found.flat):
            found = found.astype(float)  # Whole numbers beyond 64 bits are objects to NumPy.
    except OverflowError:
        raise ValueError(f"{name}: found a whole number too large for a float, expected finite numbers") from None
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


def _has_mask(values: object) -> bool:
    return isinstance(values, np.ma.MaskedArray) or (
        isinstance(values, list | tuple) and any(_has_mask(value) for value in values)
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.floating | np.integer) and not isinstance(value, bool)


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
