"""How the quantities and the layers of one network are named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ..formula import Number, Symbol
from ..network import Structure
from ..quantities import Cost, Index, KernelWeight, Pixel, PixelSum, Quantity, Target, Weight, shifted

__all__ = ["Layers", "Names"]

Layers = Literal["relative", "absolute"]


@dataclass(frozen=True)
class Names:
    """The symbols of quantities, and what a layer's letter stands for; ``layers`` as in `Notation`."""

    network: Structure
    layers: Layers

    def symbol(self, quantity: Quantity) -> Symbol:
        """See `Notation.symbol`; of images ``w_{f c, i j}^(l)``, of filter, channel, row and column."""
        indices = [str(index) for index in quantity.indices]
        if isinstance(quantity, Cost):
            return Symbol("C", "", ",".join(indices), quantity)
        if isinstance(quantity, Target):
            return Symbol("y", "", self._subscript(indices, [self.network.L]), quantity)
        layer: Index = quantity.layer  # type: ignore[attr-defined]
        if isinstance(quantity, KernelWeight | PixelSum | Pixel):
            *outer, row, column = indices
            subscript = f"{' '.join(outer)}, {row} {column}"
        else:
            joined = [layer, shifted(layer, -1)] if isinstance(quantity, Weight) else [layer]
            subscript = self._subscript(indices, joined)
        return Symbol(quantity.letter, self.layer_name(layer), subscript, quantity)

    def _subscript(self, indices: list[str], layers: list[Index]) -> str:
        """The indices, which neurons in these layers need unless each is the only one of its layer."""
        alone = all(self.size(layer) == 1 for layer in layers) and all(index.isdigit() for index in indices)
        wide = any(len(index) > 1 for index in indices)
        return "" if alone else (", " if wide else " ").join(indices)

    def layer_name(self, layer: Index) -> str:
        """What stands in the superscript: ``L-1``, or ``2`` where layers are counted from the input."""
        if isinstance(layer, str) or self.layers == "absolute":
            return str(layer)
        back = self.network.L - layer
        return f"L-{back}" if back else "L"

    def number(self, layer: Index) -> int | None:
        """The layer's number in this network; `None` for a letter that could be any."""
        if isinstance(layer, str):
            match = re.fullmatch(r"L(?:-(\d+))?", layer)
            return self.network.L - int(match[1] or 0) if match else None
        return layer

    def is_last(self, layer: Index) -> bool:
        """Whether this is the last layer, by its letter or its number."""
        return layer in ("L", self.network.L)

    def outputs(self, j: Index) -> Number | Symbol:
        """How many outputs there are, where one of them is ``j``: n_L for a letter."""
        if isinstance(j, str):
            return Symbol("n", "", self.layer_name(self.network.L))
        return Number(float(self.network.layers[-1]), 0)

    def size(self, layer: Index) -> int | None:
        """The number of neurons in a layer; `None` for a letter that could be any layer."""
        number = self.number(layer)
        if number is None:
            return None
        if not 0 <= number <= self.network.L:
            raise ValueError(f"layer {layer}: found none in this network, expected one from 0 to {self.network.L}")
        return self.network.layers[number]
