"""How the quantities of layers of images are written: names, definitions, local derivatives.

All of it is read from the layers' `sources`, which say what each place of an output is calculated from.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import numpy as np

from ..formula import Apply, Cases, Expression, Glyph, Listing, Number, Product, Relation, Symbol
from ..network import Dense, Layer, PassingLayer, Place, Structure
from ..quantities import Activation, Bias, KernelWeight, Pixel, PixelSum, Quantity, quantity_at

if TYPE_CHECKING:
    from .definitions import Definitions, Trace
    from .notation import Notation

__all__ = ["calculated_from", "image_derivative", "image_symbol", "of_images", "passed_on", "pixel_passed", "pixel_sum"]


def of_images(network: Structure, quantity: Quantity) -> bool:
    """Whether the quantity belongs to a layer of images, and is more than an activation laid out in a row."""
    if isinstance(quantity, Bias) and not isinstance(quantity.layer, str):
        return not isinstance(network.stack[quantity.layer - 1], Dense)
    return isinstance(quantity, KernelWeight | PixelSum | Pixel)


def image_symbol(names: Definitions, quantity: KernelWeight | PixelSum | Pixel) -> Symbol:
    """``w_{f c, i j}^(l)`` of filter, channel, row and column; ``a_{c, i j}^(l)`` of channel, row and column."""
    *outer, row, column = map(str, quantity.indices)
    return Symbol(quantity.letter, names.layer_name(quantity.layer), f"{' '.join(outer)}, {row} {column}", quantity)


def pixel_sum(names: Definitions, z: PixelSum) -> list[Expression]:
    """The terms of a weighted sum without its bias: each kernel weight times the pixel under it."""
    return [
        Product((names.symbol(KernelWeight(z.layer, *at)), names.symbol(quantity_at("a", int(z.layer) - 1, source))))
        for source, at in _links(names.network, z)
    ]


def passed_on(names: Definitions, a: Pixel | Activation) -> Expression | None:
    """``max(a, a, a, a)`` or the pixel itself, for a layer without weights; `None` for any other."""
    if isinstance(a.layer, str) or not isinstance(_layer(names.network, a), PassingLayer):
        return None
    symbols = [names.symbol(quantity_at("a", a.layer - 1, source)) for source, _ in _links(names.network, a)]
    return Apply(Glyph("max"), Listing(tuple(symbols)), max) if len(symbols) > 1 else symbols[0]


def image_derivative(names: Notation, of: Quantity, wrt: Quantity) -> Expression | None:
    """The formula of ∂of/∂wrt; of the largest of a window, 1 if it is this one and 0 otherwise.

    `None` where ``of`` is not calculated directly from ``wrt``, or neither is one of images.
    """
    match of, wrt:
        case PixelSum(l, f), Bias(m, j) if (l, f) == (m, j):
            return Number(1.0, 0)
        case Pixel(), PixelSum() if (of.layer, of.indices) == (wrt.layer, wrt.indices):
            return names.slope(of)
        case PixelSum(l), KernelWeight(m) if l == m:
            found = [source for source, at in _links(names.network, of) if at == wrt.indices]
            return names.symbol(quantity_at("a", int(l) - 1, found[0])) if found else None
        case PixelSum(l) | Pixel(l) | Activation(l), Pixel(m) if m + 1 == l:  # type: ignore[operator]
            links = [at for source, at in _links(names.network, of) if source == wrt.indices]
            if not links or links[0]:
                return names.symbol(KernelWeight(l, *links[0])) if links else None
            if isinstance(of, Activation):
                return Number(1.0, 0)
            same = Relation((names.symbol(wrt), names.symbol(of)), ("=",))
            return Cases(((Number(1.0, 0), same),), Number(0.0, 0))
    return None


def pixel_passed(names: Notation, of: Pixel, wrt: Pixel, trace: Trace) -> Number:
    """∂of/∂wrt of a window's largest, of which the first is meant where several are equally large."""
    sources = [quantity_at("a", wrt.layer, source) for source, _ in _links(names.network, of)]
    layer = cast(PassingLayer, _layer(names.network, of))
    return Number(float(sources[layer.passed([trace.value(source) for source in sources])] == wrt), 0)


def calculated_from(network: Structure, quantity: Quantity) -> Iterator[Quantity]:
    """What is calculated directly from a quantity of images."""
    match quantity:
        case KernelWeight(l, f) | Bias(l, f):
            yield from (PixelSum(l, f, *place) for place in np.ndindex(network.shapes[int(l)][1:]))
        case PixelSum():
            yield Pixel(quantity.layer, *quantity.indices)
        case Pixel(l):
            layer, after = network.stack[int(l)], int(l) + 1
            letter = "a" if isinstance(layer, PassingLayer) else "z"
            for place in np.ndindex(network.shapes[after]):
                if any(source == quantity.indices for source, _ in layer.sources(place, network.shapes[int(l)])):
                    yield quantity_at(letter, after, place)


def _layer(network: Structure, quantity: PixelSum | Pixel | Activation) -> Layer:
    return network.stack[int(quantity.layer) - 1]


def _links(network: Structure, of: PixelSum | Pixel | Activation) -> Iterator[tuple[Place, Place]]:
    place = tuple(int(index) for index in of.indices)
    return _layer(network, of).sources(place, network.shapes[int(of.layer) - 1])
