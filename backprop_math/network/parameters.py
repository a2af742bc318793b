"""The weights and biases of a network by name, none of them made before it is asked for: there may be millions.

>>> from backprop_math import Bias, Network
>>> parameters = Network.random((1000, 1000, 2)).parameters
>>> len(parameters), str(parameters[1002]), str(parameters[-1]), Bias(2, 1) in parameters
(1003002, 'w[1][1,2]', 'b[2][1]', True)
"""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast, overload

import numpy as np

from ..arrays import LayerArrays
from ..quantities import Bias, Index, Parameter, quantity_at

__all__ = ["Parameters"]


class Parameters(Sequence[Parameter]):
    """Layer by layer, the rows of ``W[l]`` and then ``b[l]``. A slice is a tuple."""

    def __init__(self, W: LayerArrays, b: LayerArrays) -> None:
        self._shapes: list[tuple[str, Index, tuple[int, ...]]] = []
        for l, weights in W.items():
            self._shapes += [("w", l, weights.shape), ("b", l, b[l].shape)]
        self._ends = np.cumsum([int(np.prod(shape)) for _, _, shape in self._shapes]).tolist()

    def __len__(self) -> int:
        return int(self._ends[-1])

    @overload
    def __getitem__(self, place: int) -> Parameter: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Parameter, ...]: ...

    def __getitem__(self, place: int | slice) -> Any:
        every = range(len(self))
        return tuple(map(self._at, every[place])) if isinstance(place, slice) else self._at(every[place])

    def _at(self, place: int) -> Parameter:
        array = int(np.searchsorted(self._ends, place, side="right"))
        letter, l, shape = self._shapes[array]
        within = place - (self._ends[array - 1] if array else 0)
        return cast(Parameter, quantity_at(letter, l, tuple(map(int, np.unravel_index(within, shape)))))

    def __iter__(self) -> Iterator[Parameter]:
        return (quantity_at(letter, l, place) for letter, l, shape in self._shapes for place in np.ndindex(shape))

    def __contains__(self, quantity: object) -> bool:
        if not isinstance(quantity, Parameter):
            return False
        letter = "b" if isinstance(quantity, Bias) else "w"
        shape = next((shape for kind, l, shape in self._shapes if (kind, l) == (letter, quantity.layer)), ())
        places = zip(quantity.indices, shape, strict=False)
        return len(shape) == len(quantity.indices) and all(
            isinstance(index, int | np.integer) and 0 <= index < size for index, size in places
        )

    def __repr__(self) -> str:
        return f"<{len(self):,} parameters: {self[0]} … {self[-1]}>"
