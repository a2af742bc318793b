"""How many ways lead through a network of so many neurons a layer, from a weight of the first layer to the cost.

>>> dict(counted_ways((3, 4, 4, 2)))["neurons(2) * neurons(3)"]
8.0
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

__all__ = ["counted_ways"]


def counted_ways(sizes: Sequence[int]) -> Iterator[tuple[str, float]]:
    """Paths, the lines that they run along, and the factors of each, with expressions that `Recalculation` knows.

    First those of one weight of the first layer, as far as each layer; then of all weights together.
    """
    last = len(sizes) - 1
    for layer in range(1, last + 1):
        yield f"2 * (layers - {layer}) + 3", 2.0 * (last - layer) + 3
    for layer in range(2, last + 1):
        yield f"neurons({layer})", float(sizes[layer])
        yield _product(range(2, layer + 1)), _value(sizes, range(2, layer + 1))
    gaps = [range(2, 3), *(range(layer - 1, layer + 1) for layer in range(3, last + 1)), range(last, last + 1)]
    if last > 1:
        for gap in gaps:
            yield _product(gap), _value(sizes, gap)
        yield " + ".join(map(_product, gaps)), sum(_value(sizes, gap) for gap in gaps)
    ways = [range(layer - 1, last + 1) for layer in range(1, last + 1)]
    yield " + ".join(map(_product, ways)), sum(_value(sizes, way) for way in ways)
    lines = [*(range(layer - 1, layer + 1) for layer in range(1, last + 1)), range(last, last + 1)]
    yield " + ".join(map(_product, lines)), sum(_value(sizes, line) for line in lines)
    yield "1", 1.0


def _product(layers: range) -> str:
    return " * ".join(f"neurons({layer})" for layer in layers)


def _value(sizes: Sequence[int], layers: range) -> float:
    found = 1
    for layer in layers:
        found *= sizes[layer]
    return float(found)
