"""The line on which a field of values is 0: `contour`, as short straight pieces, and `dotted`, as dots along it.

>>> field = np.array([[-1.0, 1.0, 3.0], [-1.0, 1.0, 3.0]])
>>> contour(field)[0, :: 3].tolist()
[[0.25, 0.0], [0.25, 1.0]]
>>> dotted(contour(field), 0.3).round(2).tolist()
[[0.25, 0.0], [0.25, 0.31], [0.25, 0.62], [0.25, 0.94]]
"""

from __future__ import annotations

import numpy as np

__all__ = ["contour", "dotted"]

_FINE = 16  # points of a piece that may become a dot


def contour(field: np.ndarray) -> np.ndarray:
    """The pieces where a field of (rows, columns), its first row at the bottom, is 0, as cubic curves (pieces, 4, 2).

    A field is 1 wide and 1 high. Between its points the values change evenly.
    """
    rows, columns = field.shape
    above = field > 0
    mixed = above[:-1, :-1].astype(int) + above[:-1, 1:] + above[1:, 1:] + above[1:, :-1]
    pieces = []
    for row, column in zip(*np.nonzero((mixed > 0) & (mixed < 4)), strict=True):
        corners = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
        met = []
        for one, other in zip(corners, [*corners[1:], corners[0]], strict=True):
            if above[one] != above[other]:
                part = field[one] / (field[one] - field[other])
                met.append([(1 - part) * a + part * b for a, b in zip(one, other, strict=True)])
        pieces += [met[start : start + 2] for start in range(0, len(met), 2)]
    ends = np.array(pieces, dtype=float).reshape(-1, 2, 2)[:, :, ::-1] / [max(columns - 1, 1), max(rows - 1, 1)]
    along = np.linspace(0, 1, 4)[:, None]
    return (1 - along) * ends[:, None, 0] + along * ends[:, None, 1]


def dotted(pieces: np.ndarray, apart: float) -> np.ndarray:
    """Points along the pieces, (n, 2), each ``apart`` from the next one, or a little more."""
    along = np.linspace(0, 1, _FINE + 1)[:, None]
    left = ((1 - along) * pieces[:, None, 0] + along * pieces[:, None, -1]).reshape(-1, 2)
    found: list[np.ndarray] = []
    if len(left):
        found.append(left[np.lexsort((left[:, 0], left[:, 1]))[0]])
    while len(left):
        left = left[np.linalg.norm(left - found[-1], axis=1) >= apart * (1 - 1e-9)]
        if len(left):
            found.append(left[np.argmin(np.linalg.norm(left - found[-1], axis=1))])
    return np.array(found).reshape(-1, 2)
