"""`PathCounts`: how many paths lead from a weight to the cost, and how many lines a pass back walks, exactly.

>>> from backprop_math import load_example
>>> counts = PathCounts(load_example("digits").trace())
>>> counts.arriving, counts.paths, counts.lines
([1, 16, 160], 160, [16, 160, 10])
>>> counts.all_paths, counts.all_lines
(2009760, 12970)
>>> print(how_many(counts.all_paths), how_many(10**33))
2,009,760 1.00 × 10³³
"""

from __future__ import annotations

import math

from backprop_math import Activation, BackwardPass, Number, Weight, WeightedSum
from backprop_math.formula import Count

__all__ = ["PathCounts", "how_many"]

_LONGEST = 13  # digits


class PathCounts:
    """Of one weight of the first layer, and of all weights of the network, counted in the graph of its calculation.

    A path goes from neuron to neuron and from an output to the cost; ``arriving[l - 1]`` of them reach layer l, and
    ``paths`` the cost. ``lines[l - 1]`` are the lines that they take behind layer l, of which each is walked once on
    the way back. ``factors[l - 1]`` are those of one path from a weight of layer l.
    """

    def __init__(self, trace: BackwardPass) -> None:
        graph, sizes, last = trace.graph, trace.network.layers, trace.network.L
        cost, first = trace.cost_quantity, Weight(1, 0, 0)
        self.sizes = sizes
        self.arriving = [1, *(n * graph.count_paths(WeightedSum(at, 0), first) for at, n in enumerate(sizes) if at > 1)]
        # What a softmax mixes is one step on the way to the cost.
        mixed = graph.count_paths(cost, WeightedSum(last, 0))
        each = [graph.count_paths(cost, Weight(at, 0, 0)) // mixed for at in range(1, last + 1)]
        self.paths = each[0]
        reached = [1, *sizes[2:]]
        self.lines = [n * len(graph.children(Activation(at, 0))) for at, n in enumerate(reached, 1)]
        weights = [sizes[at - 1] * sizes[at] for at in range(1, last + 1)]
        self.all_paths = sum(count * n for count, n in zip(each, weights, strict=True))
        self.all_lines = sum(weights) + sizes[last]
        self.factors = [2 * (last - at) + 3 for at in range(1, last + 1)]


def how_many(count: int) -> Number:
    """The count as a number to be shown; of a very long one three digits and a power of ten."""
    power = math.floor(math.log10(count)) if count else 0
    return Count(count) if power < _LONGEST else Number(float(count), 2 - power, scientific=True)
