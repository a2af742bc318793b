"""All numbers of one variant of an example, to be searched by value: which expression has it?

>>> from backprop_math import load_example
>>> trace = load_example("simplest").trace()
>>> Table.of_trace(trace).find(trace.derivative("w[3][0,0]"))
['d(C, w[3][0,0])']
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop_math import ActivationFunction, BackwardPass, parse_quantity
from backprop_math.quantities import quantity_at, shifted

__all__ = ["Part", "Table", "of_values", "rows_of_terms", "shifted_name"]

_NEAR = 1e-9  # parts of the value: what two ways of calculating it may differ by
_MOST = 60  # expressions of one value
_MOST_TERMS = 100_000  # of a layer
_MOST_DRAWN = (8, 64)  # rows and columns at either end of a larger one
Part = tuple[Callable[[tuple[int, ...]], str], np.ndarray]


def of_values(trace: BackwardPass, shift: int = 0) -> Iterator[Part]:
    """The arrays of a trace, each with what an entry of it is called; its layers are ``shift`` further on."""
    L, network = trace.network.L, trace.network

    def named(letter: str, layer: int) -> Callable[[tuple[int, ...]], str]:
        return lambda place: str(quantity_at(letter, layer + shift, place))

    def slope(name: Callable[[tuple[int, ...]], str]) -> Callable[[tuple[int, ...]], str]:
        return lambda place: f"d(C, {name(place)})"

    yield lambda place: "C", np.array(trace.cost)
    for letter, arrays, slopes in (
        ("b", network.b, trace.db), ("z", trace.forward.z, trace.dz), ("a", trace.forward.a, trace.da),
    ):  # fmt: skip
        for layer, values in arrays.items():
            yield named(letter, layer), values
            yield slope(named(letter, layer)), slopes[layer]
    yield lambda place: f"y[{place[0]}]", trace.y
    yield lambda place: f"d(C, y[{place[0]}])", trace.dy
    for layer in range(1, L + 1):
        yield from _local(trace, layer, shift)


def _local(trace: BackwardPass, layer: int, shift: int) -> Iterator[Part]:
    """What a neuron does: its slope, the terms of its weighted sum, the parts of what goes back, and of the cost."""
    network, z, a = trace.network, trace.forward.z[layer], trace.forward.a
    at, before, function = layer + shift, layer + shift - 1, network.activation[layer - 1]
    if isinstance(function, ActivationFunction):
        yield lambda place: f"d(a[{at}][{place[0]}], z[{at}][{place[0]}])", function.df(z)
    else:
        yield lambda place: f"d(a[{at}][{place[0]}], z[{at}][{place[1]}])", function.jacobian(a[layer])
    W = network.W[layer]
    rows, columns = (_ends(size, W.size, most) for size, most in zip(W.shape, _MOST_DRAWN, strict=True))
    part, slopes, inputs = W[np.ix_(rows, columns)], trace.dz[layer][rows], a[layer - 1][columns]

    def weight(place: tuple[int, ...]) -> str:
        return f"w[{at}][{rows[place[0]]},{columns[place[1]]}]"

    yield weight, part
    yield lambda place: f"d(C, {weight(place)})", slopes[:, None] * inputs
    yield lambda place: f"{weight(place)} * a[{before}][{columns[place[1]]}]", part * inputs
    yield lambda place: f"{weight(place)} * d(C, z[{at}][{rows[place[0]]}])", part * slopes[:, None]
    if layer == network.L:
        parts = network.cost.value(a[layer][:, None], trace.y[:, None])
        share = f" / {len(z)}" if network.cost.mean else ""
        yield lambda place: f"cost(a[{at}][{place[0]}], y[{place[0]}]){share}", parts / (len(z) if share else 1)
        yield lambda place: f"a[{at}][{place[0]}] - y[{place[0]}]", a[layer] - trace.y
        yield lambda place: f"1 - a[{at}][{place[0]}]", 1.0 - a[layer]


def _ends(size: int, whole: int, most: int) -> np.ndarray:
    """All places; of a large matrix the first and the last, as no picture shows others."""
    if whole <= _MOST_TERMS or size <= 2 * most:
        return np.arange(size)
    return np.array([*range(most), *range(size - most, size)])


def rows_of_terms(trace: BackwardPass) -> Iterator[tuple[str, np.ndarray]]:
    """What is added up in a picture where some terms are hidden: what it is the sum of, and its terms."""
    network, L = trace.network, trace.network.L
    a, y = trace.forward.a[L], trace.y
    parts = network.cost.value(a[:, None], y[:, None])
    yield "C", parts / (len(a) if network.cost.mean else 1)
    for layer in range(1, L + 1):
        W = network.W[layer]
        if W.size > _MOST_TERMS:
            continue
        for j, row in enumerate(W * trace.forward.a[layer - 1]):
            yield f"z[{layer}][{j}]", row
        for k, column in enumerate((W * trace.dz[layer][:, None]).T if layer > 1 else ()):
            yield f"d(C, a[{layer - 1}][{k}])", column


@dataclass
class Table:
    """Parts, one behind the other: what an entry is called, and the values."""

    names: list[Callable[[tuple[int, ...]], str]]
    shapes: list[tuple[int, ...]]
    starts: np.ndarray
    sorted_values: np.ndarray
    places: np.ndarray
    near: float = _NEAR

    @classmethod
    def of(cls, parts: list[Part], near: float = _NEAR) -> Table:
        """Of arrays with what their entries are called; ``near`` are the parts of a value that another may be off."""
        values = np.concatenate([np.ravel(array) for _, array in parts]).astype(float)
        order = np.argsort(values, kind="stable")
        starts = np.cumsum([0, *(np.size(array) for _, array in parts)])
        shapes = [np.shape(array) for _, array in parts]
        return cls([name for name, _ in parts], shapes, starts, values[order], order, near)

    @classmethod
    def of_trace(cls, trace: BackwardPass, shift: int = 0) -> Table:
        """Of all that a trace has."""
        return cls.of(list(of_values(trace, shift)))

    def find(self, value: float) -> list[str]:
        """The expressions with this value, as they come in the table."""
        off = self.near * abs(value)
        first = int(np.searchsorted(self.sorted_values, value - off, side="left"))
        last = int(np.searchsorted(self.sorted_values, value + off, side="right"))
        return [self._name(int(place)) for place in np.sort(self.places[first:last])[:_MOST]]

    def _name(self, place: int) -> str:
        part = int(np.searchsorted(self.starts, place, side="right")) - 1
        within: Any = np.unravel_index(place - int(self.starts[part]), self.shapes[part] or (1,))
        return self.names[part](tuple(map(int, within)))


def shifted_name(quantity: str, by: int) -> str:
    """A quantity so many layers further on.

    >>> shifted_name("a[0][2]", 1)
    'a[1][2]'
    """
    found = parse_quantity(quantity)
    layer = getattr(found, "layer", None)
    return quantity if layer is None else str(quantity_at(found.letter, shifted(layer, by), found.indices))
