"""The graph of one example's calculation: every quantity of a network is a node.

>>> from backprop_math import Cost, Network, Weight
>>> net = Network.from_arrays(weights=[[[0.5]], [[2.0]]], biases=[[0.0], [1.0]], activation="identity")
>>> graph = network_graph(net.forward([4.0]).backward([3.0]))
>>> graph.derivative(Cost(), Weight(1, 0, 0))
32.0
"""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

from typing import cast

import numpy as np

from ..arrays import FloatArray
from ..functions import ActivationFunction, OutputActivation
from ..quantities import Activation, Bias, Target, WeightedSum, quantity_at
from .dense_graph import DenseGraph
from .graph import ComputationGraph, Edge, Node
from .layers import Dense, WeightedLayer
from .passes import BackwardPass, ForwardPass
from .pooling import PassingLayer

__all__ = ["network_graph", "taken_together"]

_DIGITS = 1e-9  # relative; more than anyone is shown


def network_graph(trace: BackwardPass) -> ComputationGraph:
    """The graph of one example's calculation, from inputs and parameters to the cost.

    A kernel weight has an edge to each place where it stands. Where an output is so near to 0 or 1 that ∂C/∂a and ∂a/∂z
    keep no digits, or no number, the cost is calculated directly from the last weighted sums: their product, ∂C/∂z, is
    the local derivative. The graph of fully connected layers makes its parts when they are asked for, see `DenseGraph`.
    """
    network, forward = trace.network, trace.forward
    if all(isinstance(layer, Dense) for layer in network.stack):
        return DenseGraph(trace, together=taken_together(trace))
    values: dict[Node, float] = {quantity_at("a", 0, place): v for place, v in _by_place(forward.a[0]).items()}
    edges: list[Edge] = []
    for l, layer in enumerate(network.stack, 1):
        if isinstance(layer, WeightedLayer):
            _weighted(forward, l, layer, values, edges)
        else:
            _passed_on(forward, l, cast(PassingLayer, layer), values, edges)
    cost = trace.cost_quantity
    da, dy, dz = trace.da[network.L].tolist(), trace.dy.tolist(), trace.dz[network.L].tolist()
    if taken_together(trace):
        edges = [edge for edge in edges if not (isinstance(edge.of, Activation) and edge.of.layer == network.L)]
        edges += (Edge(cost, WeightedSum(network.L, j), slope) for j, slope in enumerate(dz))
    for j, target in enumerate(trace.y.tolist()):
        values[Target(j)] = target
        edges += (Edge(cost, Activation(network.L, j), da[j]), Edge(cost, Target(j), dy[j]))
    values[cost] = trace.cost
    return ComputationGraph(values, edges)


def taken_together(trace: BackwardPass) -> bool:
    """Whether the last layer's ∂C/∂a, as it follows from a itself, is no number, or has lost its digits."""
    network, outputs = trace.network, trace.forward.a[trace.network.L]
    if network.paired is None:
        return False
    with np.errstate(all="ignore"):
        naive = network.cost.da(outputs, trace.y)
    lost = ~np.isclose(naive, trace.da[network.L], rtol=_DIGITS, atol=0.0)
    return bool(np.any(lost | (outputs == 0) | (outputs == 1)))


def _weighted(forward: ForwardPass, l: int, layer: WeightedLayer, values: dict[Node, float], edges: list[Edge]) -> None:
    """Each weighted sum with its weights, its bias and what goes in, and each activation with its sum."""
    function, before = layer.activation, forward.network.shapes[l - 1]
    weights = {place: (quantity_at("w", l, place), value) for place, value in _by_place(layer.W).items()}
    inputs = {place: (quantity_at("a", l - 1, place), value) for place, value in _by_place(forward.a[l - 1]).items()}
    activations = {place: (quantity_at("a", l, place), value) for place, value in _by_place(forward.a[l]).items()}
    slopes = _by_place(function.df(forward.z[l])) if isinstance(function, ActivationFunction) else None
    for place, total in _by_place(forward.z[l]).items():
        z, b = quantity_at("z", l, place), Bias(l, place[0])
        for source, at in layer.sources(place, before):
            (w, weight), (a, activation) = weights[at], inputs[source]
            values[w] = weight
            edges += (Edge(z, w, activation), Edge(z, a, weight))
        values |= {b: float(layer.b[place[0]]), z: total}
        edges.append(Edge(z, b, 1.0))
        if slopes is not None:
            a, value = activations[place]
            values[a] = value
            edges.append(Edge(a, z, slopes[place]))
    # A kernel weight that padding keeps off the image everywhere is joined to nothing.
    for w, weight in weights.values():
        values.setdefault(w, weight)
    if isinstance(function, OutputActivation):
        values |= dict(activations.values())
        for j, row in enumerate(function.jacobian(forward.a[l]).tolist()):
            edges += (Edge(Activation(l, j), WeightedSum(l, i), value) for i, value in enumerate(row))


def _passed_on(forward: ForwardPass, l: int, layer: PassingLayer, values: dict[Node, float], edges: list[Edge]) -> None:
    """Each number that comes out with those that it is calculated from."""
    inputs, before = _by_place(forward.a[l - 1]), forward.network.shapes[l - 1]
    for place, value in _by_place(forward.a[l]).items():
        out, sources = quantity_at("a", l, place), [source for source, _ in layer.sources(place, before)]
        slopes = layer.local_derivatives([inputs[source] for source in sources])
        values[out] = value
        edges += (Edge(out, quantity_at("a", l - 1, at), slope) for at, slope in zip(sources, slopes, strict=True))


def _by_place(array: FloatArray) -> dict[tuple[int, ...], float]:
    return dict(zip(np.ndindex(array.shape), array.ravel().tolist(), strict=True))
