"""Objects that stay as they are, in copies and in other processes too.

>>> import copy
>>> from backprop_math import Network
>>> net = Network.from_arrays([[[0.5]]], [[0.0]])
>>> net.typo = 1
Traceback (most recent call last):
dataclasses.FrozenInstanceError: Network.typo: can't be set, a Network stays as it is
>>> copy.deepcopy(net).W[1][0, 0] = 2.0
Traceback (most recent call last):
ValueError: assignment destination is read-only
"""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from functools import cached_property
from typing import Any, NoReturn, Self

import numpy as np

__all__ = ["Frozen", "ReadOnlyArrays"]


class ReadOnlyArrays:
    """Arrays among its attributes are read-only in a copy and out of a pickle as well, where NumPy gives writable ones.

    What is calculated once and kept, a `cached_property`, is left behind, and calculated anew when it is asked for.
    """

    def __getstate__(self) -> dict[str, Any]:
        kind = type(self)
        return {
            name: value
            for name, value in vars(self).items()
            if not isinstance(getattr(kind, name, None), cached_property)
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        for value in state.values():
            for array in value if isinstance(value, tuple) else (value,):
                if isinstance(array, np.ndarray):
                    array.setflags(write=False)
        vars(self).update(state)


class Frozen(ReadOnlyArrays):
    """An object whose attributes are set once, by `_set` while it is made, or by a frozen dataclass.

    It is its own copy.
    """

    def _set(self, **attributes: Any) -> None:
        vars(self).update(attributes)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __setattr__(self, name: str, value: object) -> NoReturn:
        kind = type(self).__name__
        raise FrozenInstanceError(f"{kind}.{name}: can't be set, a {kind} stays as it is")

    def __delattr__(self, name: str) -> NoReturn:
        kind = type(self).__name__
        raise FrozenInstanceError(f"{kind}.{name}: can't be deleted, a {kind} stays as it is")
