"""How a function of a row of entries acts on arrays: along axes, and as the entries of a matrix product.

>>> reduced(lambda *row: row[0] - row[1], np.array([[5.0, 3.0], [2.0, 7.0]]), 1).astype(float)
array([ 2., -5.])
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["matrix_product", "reduced"]


def reduced(f: Callable[..., Any], array: np.ndarray, axis: Any = None, keepdims: bool = False) -> Any:
    """``f`` of the entries along the axes, of all of them where ``axis`` is `None`.

    `ValueError` for an axis that the array does not have.
    """
    axes = tuple(range(array.ndim)) if axis is None else np.lib.array_utils.normalize_axis_tuple(axis, array.ndim)
    kept = [i for i in range(array.ndim) if i not in axes]
    rows = np.transpose(array, (*kept, *axes)).reshape(
        *(array.shape[i] for i in kept), math.prod(array.shape[i] for i in axes)
    )
    found = np.empty(rows.shape[:-1], dtype=object)
    for place in np.ndindex(found.shape):
        found[place] = f(*rows[place])
    if keepdims:
        found = np.expand_dims(found, axes)
    return found if found.ndim else found[()]


def matrix_product(dot: Callable[..., Any], left: np.ndarray, right: np.ndarray) -> Any:
    """``left @ right`` of one or two axes each; ``dot`` is given a row, then a column."""
    if not {left.ndim, right.ndim} <= {1, 2} or left.shape[-1] != right.shape[0]:
        raise ValueError(f"matmul: found shapes {left.shape} and {right.shape}, expected (m, n) and (n, p), or (n,)")
    rows, columns = np.atleast_2d(left), right[:, None] if right.ndim == 1 else right
    found = np.empty((len(rows), columns.shape[1]), dtype=object)
    for i, j in np.ndindex(found.shape):
        found[i, j] = dot(*rows[i], *columns[:, j])
    shape = left.shape[:-1] + right.shape[1:]
    return found.reshape(shape) if shape else found[0, 0]
