"""How many products the derivatives take without a sweep in reverse: by nudges, a run for each; by sweeps forward.

>>> from backprop_math.autodiff import parse_formula
>>> graph = parse_formula("x*y + sin(x)", {"x": 2, "y": 3}).graph()
>>> forward_products(graph, graph.inputs), graph.reverse_sweep(graph.outputs[0]).multiplications
(6, 5)
"""

from __future__ import annotations

from collections.abc import Iterable

from ..network import BackwardPass, ComputationGraph
from ..network.graph import Node
from ..network.layers import Dense
from ..quantities import Bias, Weight

__all__ = ["forward_products", "network_products", "nudging_products"]


def forward_products(graph: ComputationGraph, inputs: Iterable[Node]) -> int:
    """The multiplications of a sweep forward from each of these nodes, all together."""
    return sum(graph.forward_sweep(node).multiplications for node in inputs)


def network_products(trace: BackwardPass) -> int:
    """The multiplications of a sweep forward from each weight and bias of a network.

    From all weights of a fully connected layer as many edges lead on, and from all its biases: one of each is followed.
    """
    network, graph = trace.network, trace.graph
    if not all(isinstance(layer, Dense) for layer in network.stack):
        return forward_products(graph, network.parameters)
    return sum(
        count * graph.forward_sweep(node).multiplications
        for layer in range(1, network.L + 1)
        for count, node in (
            (network.W[layer].size, Weight(layer, 0, 0)),
            (network.b[layer].size, Bias(layer, 0)),
        )
    )


def nudging_products(trace: BackwardPass) -> int:
    """The multiplications of runs forward that nudge each weight and bias of a network, and of the one before.

    In a run each weight is multiplied once: as often as an edge of the graph leads from an activation to a weighted
    sum. What an activation function takes is not counted, as in no sweep is what its derivative takes.

    >>> from backprop_math import load_example
    >>> nudging_products(load_example("simplest").trace())
    21
    """
    network = trace.network
    return (1 + len(network.parameters)) * sum(W.size for W in network.W)
