"""The slope of a function by nudging what it reads: complex step, and central differences.

Complex step, Im f(x + ih) / h, subtracts nothing, so that h may be tiny and the result is exact to rounding (Squire and
Trapp, *SIAM Review* 40, 1998). It needs a function that goes on analytically from real to complex numbers. Central
differences, (f(x + h) − f(x − h)) / 2h, need none; with h = ε^(1/3) max(1, |x|) the error of the formula, h², and that
of rounding, ε/h, are alike (Nocedal and Wright, *Numerical Optimization*, chapter 8).

>>> x = np.array([2.0])
>>> [round(float(slopes(lambda: x[0] ** 3, [x], "central differences")[0][0][0]), 6), allows_complex_step(np.abs, x)]
[12.0, False]
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ..arrays import float_dtype

__all__ = ["Method", "allows_complex_step", "slopes", "step_for"]

_TINY = 1e-100
Method = Literal["complex step", "central differences"]
Array = NDArray[Any]


def step_for(dtype: DTypeLike) -> float:
    """The step of central differences for numbers near 1 of this dtype: ε^(1/3).

    >>> f"{step_for('float64'):.0e} {step_for('float32'):.0e}"
    '6e-06 5e-03'
    """
    return float(np.finfo(float_dtype(dtype)).eps) ** (1 / 3)


def slopes(
    f: Callable[[], Any], arrays: Sequence[Array], method: Method, step: float | None = None
) -> tuple[list[Array], float]:
    """The slope of ``f``, which reads the arrays, for a nudge to each entry, and what rounding can do to a slope."""
    value = abs(float(np.real(f())))
    kind = np.dtype(arrays[0].real.dtype)
    unit = step or step_for(kind)
    found = []
    for array in arrays:
        here = np.zeros(array.shape)
        for place in np.ndindex(array.shape):
            start = array[place]
            if method == "complex step":
                array[place] = start + 1j * _TINY
                here[place] = np.imag(f()) / _TINY
            else:
                # Only what a nudge has really moved by may be divided by.
                by = unit * max(1.0, abs(float(start)))
                array[place] = start + by
                above, up = float(array[place]), float(f())
                array[place] = start - by
                here[place] = (up - float(f())) / (above - float(array[place]))
            array[place] = start
        found.append(here)
    noise = 0.0 if method == "complex step" else 10 * float(np.finfo(kind).eps) * value / unit
    return found, noise


def allows_complex_step(f: Callable[..., Any], *points: Array) -> bool:
    """Whether ``f`` goes on analytically from these points: whether its complex and its real slope agree.

    Tried in one direction; where the real slope depends on the step or the side, as at a kink, it says nothing.
    """
    directions = [np.cos(1.0 + np.arange(point.size)).reshape(point.shape) for point in points]

    def along(by: complex) -> Array:
        moved = (point + by * way for point, way in zip(points, directions, strict=True))
        return np.asarray(f(*(each if np.ndim(each) else np.asarray(each)[()] for each in moved)))

    step = step_for("float64")
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            stepped = along(1j * _TINY)
            wide, narrow = ((along(by) - along(-by)) / (2 * by) for by in (4 * step, step))
            bend = (along(step) - 2 * along(0.0) + along(-step)) / step
    except Exception:  # A function may refuse complex numbers in any way it likes.
        return False
    slope, scale = stepped.imag / _TINY, np.abs(narrow) + 1e-3 * np.abs(narrow).max(initial=0.0) + 1e-6
    steady = (np.abs(wide - narrow) <= 1e-5 * scale) & (np.abs(bend) <= 1e-3 * scale)
    return bool((np.abs(slope - narrow) <= 1e-3 * scale)[steady].all() and np.isfinite(slope).all())
