"""How the quantities of layers of images are calculated: weighted sums, what is passed on, local derivatives.

All of it is read from the layers' `sources`, which say what each place of an output is calculated from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np

from ..formula import Apply, Cases, Expression, Fraction, Glyph, Listing, Number, Product, Relation
from ..network import AvgPool2D, Dense, Layer, PassingLayer, Place
from ..quantities import Activation, Bias, KernelWeight, Pixel, PixelSum, Quantity, Trace, quantity_at
from .names import Names
from .sums import Sums

__all__ = ["Images"]


@dataclass(frozen=True)
class Images:
    """The layers of images of one network, and the layer that lays them out in a row."""

    names: Names
    sums: Sums

    def have(self, quantity: Quantity) -> bool:
        """Whether the quantity belongs to a layer of images, and is more than an activation laid out in a row."""
        if isinstance(quantity, Bias) and not isinstance(quantity.layer, str):
            return not isinstance(self._layer(quantity), Dense)
        return isinstance(quantity, KernelWeight | PixelSum | Pixel)

    def calculated_from(self, quantity: Quantity) -> Iterator[Quantity]:
        """What is calculated directly from a quantity of images."""
        network = self.names.network
        match quantity:
            case KernelWeight(l, f) | Bias(l, f):
                layer, before = self._layer(quantity), network.shapes[int(l) - 1]
                for place in np.ndindex(network.shapes[int(l)][1:]):
                    sources = layer.sources((int(f), *place), before)
                    # Where a kernel reaches over the edge, not all of its weights lie on a pixel.
                    if isinstance(quantity, Bias) or any(at == quantity.indices for _, at in sources):
                        yield PixelSum(l, f, *place)
            case PixelSum():
                yield Pixel(quantity.layer, *quantity.indices)
            case Pixel(l):
                layer, after = network.stack[int(l)], int(l) + 1
                letter = "a" if isinstance(layer, PassingLayer) else "z"
                for place in np.ndindex(network.shapes[after]):
                    if any(source == quantity.indices for source, _ in layer.sources(place, network.shapes[int(l)])):
                        yield quantity_at(letter, after, place)

    def weighted_terms(self, z: PixelSum) -> list[Expression]:
        """The terms of a weighted sum without its bias: each kernel weight times the pixel under it."""
        symbol = self.names.symbol
        return [
            Product((symbol(KernelWeight(z.layer, *at)), symbol(quantity_at("a", int(z.layer) - 1, source))))
            for source, at in self._sources(z)
        ]

    def passed_on(self, a: Pixel | Activation) -> Expression | None:
        """``max(a, a, a, a)``, ``1/4 (a + a + a + a)`` or the pixel itself; `None` for a layer with weights."""
        if isinstance(a.layer, str) or not isinstance(layer := self._layer(a), PassingLayer):
            return None
        symbols = [self.names.symbol(quantity_at("a", a.layer - 1, source)) for source, _ in self._sources(a)]
        if isinstance(layer, AvgPool2D):
            total, share = self.sums.joined(symbols), _share(layer, len(symbols))
            return Product((share, total)) if isinstance(share, Fraction) else total
        return Apply(Glyph("max"), Listing(tuple(symbols)), max) if len(symbols) > 1 else symbols[0]

    def derivative(self, of: Quantity, wrt: Quantity) -> Expression | None:
        """The formula of ∂of/∂wrt; of the largest of a window, 1 if it is this one and 0 otherwise, of the mean 1/n.

        `None` where ``of`` is not calculated directly from ``wrt``, neither is one of images, or a function lies
        between them.
        """
        symbol = self.names.symbol
        match of, wrt:
            case PixelSum(l, f), Bias(m, j) if (l, f) == (m, j):
                return Number(1.0, 0)
            case PixelSum(l), KernelWeight(m) if l == m:
                found = [source for source, at in self._sources(of) if at == wrt.indices]
                return symbol(quantity_at("a", int(l) - 1, found[0])) if found else None
            case PixelSum(l) | Pixel(l) | Activation(l), Pixel(m) if m + 1 == l:  # type: ignore[operator]
                weights = dict(self._sources(of))
                at = weights.get(wrt.indices)  # type: ignore[arg-type]
                if at is None or at:
                    return symbol(KernelWeight(l, *at)) if at else None
                if isinstance(layer := self._layer(of), AvgPool2D):
                    return _share(layer, len(weights))
                if len(weights) == 1:
                    return Number(1.0, 0)
                same = Relation((symbol(wrt), symbol(of)), ("=",))
                return Cases(((Number(1.0, 0), same),), Number(0.0, 0))
        return None

    def passed(self, of: Pixel, wrt: Pixel, trace: Trace) -> Number:
        """∂of/∂wrt of a window's largest, of which the first is meant where several are equally large."""
        sources = [quantity_at("a", wrt.layer, source) for source, _ in self._sources(of)]
        layer = cast(PassingLayer, self._layer(of))
        slopes = layer.local_derivatives([trace.value(source) for source in sources])
        return Number(slopes[sources.index(wrt)], 0)

    def _layer(self, quantity: KernelWeight | Bias | PixelSum | Pixel | Activation) -> Layer:
        return self.names.network.stack[int(quantity.layer) - 1]

    def _sources(self, of: PixelSum | Pixel | Activation) -> Iterator[tuple[Place, Place]]:
        place = tuple(int(index) for index in of.indices)
        return self._layer(of).sources(place, self.names.network.shapes[int(of.layer) - 1])


def _share(layer: AvgPool2D, pixels: int) -> Fraction | Number:
    """1/n, or 1."""
    one, count = Number(1.0, 0), layer.count(pixels)
    return one if count == 1 else Fraction(one, Number(float(count), 0))
