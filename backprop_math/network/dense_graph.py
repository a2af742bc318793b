"""The graph of fully connected layers: its nodes and edges are made when they are asked for, as there may be millions.

>>> from backprop_math import Activation, Cost, Network, Weight
>>> graph = Network.random((784, 16, 16, 10)).forward([0.5] * 784).backward([1.0] * 10).graph
>>> graph, graph.count_paths(Cost(), Weight(1, 0, 5))
(<ComputationGraph: 13881 nodes, 26024 edges>, 160)
"""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np

from ..arrays import FloatArray
from ..functions import ActivationFunction, OutputActivation
from ..quantities import Activation, Bias, Cost, Quantity, Target, Weight, WeightedSum
from .graph import ComputationGraph, Edge, Node
from .layers import backward_through
from .passes import BackwardPass

__all__ = ["DenseGraph"]


class DenseGraph(ComputationGraph):
    """The graph of one example's calculation; ``together`` says that C is calculated directly from the last z.

    Paths are counted, and derivatives found, by layers.
    """

    _trace: BackwardPass
    _together: bool

    def __init__(self, trace: BackwardPass, *, together: bool) -> None:
        self._set(_trace=trace, _together=together)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every node, each after its parents."""
        return tuple(self._every_node())

    def _every_node(self) -> Iterator[Node]:
        network = self._trace.network
        layers = network.layers
        yield from (Activation(0, k) for k in range(layers[0]))
        for l in range(1, network.L + 1):
            mixed = self._mixed(l)
            for j in range(layers[l]):
                yield from (Weight(l, j, k) for k in range(layers[l - 1]))
                yield from (Bias(l, j), WeightedSum(l, j), *([] if mixed else [Activation(l, j)]))
            if mixed:
                yield from (Activation(l, j) for j in range(layers[l]))
        yield from (Target(j) for j in range(layers[-1]))
        yield self._cost

    # --- one node

    @property
    def _cost(self) -> Cost:
        return self._trace.cost_quantity

    def _has(self, node: Node) -> bool:
        if isinstance(node, Cost):
            return node == self._cost
        try:
            return isinstance(node, Quantity) and bool(self._trace.network.check(node))
        except ValueError:
            return False

    def _value(self, node: Node) -> float:
        assert isinstance(node, Quantity)
        return self._trace.value(node)

    def _parents(self, node: Node) -> Iterator[Quantity]:
        network = self._trace.network
        match node:
            case WeightedSum():
                l, j = _place(node)
                for k in range(network.layers[l - 1]):
                    yield from (Weight(l, j, k), Activation(l - 1, k))
                yield Bias(l, j)
            case Activation():
                l, j = _place(node)
                if l > 0 and not self._skipped(l):
                    yield from (WeightedSum(l, i) for i in self._joined_to(l, j))
            case Cost():
                outputs = range(network.layers[-1])
                if self._together:
                    yield from (WeightedSum(network.L, j) for j in outputs)
                for j in outputs:
                    yield from (Activation(network.L, j), Target(j))

    def _children(self, node: Node) -> Iterator[Quantity]:
        network = self._trace.network
        match node:
            case Weight() | Bias():
                l, j, *_ = _place(node)
                yield WeightedSum(l, j)
            case WeightedSum():
                l, j = _place(node)
                yield from [self._cost] if self._skipped(l) else (Activation(l, i) for i in self._joined_to(l, j))
            case Activation() if int(node.layer) < network.L:
                l = int(node.layer) + 1
                yield from (WeightedSum(l, j) for j in range(network.layers[l]))
            case Activation() | Target():
                yield self._cost

    # --- edges

    def _edge(self, of: Node, wrt: Node) -> Edge | None:
        return Edge(of, wrt, self._local(of, wrt)) if any(of == child for child in self._children(wrt)) else None

    def _edges_into(self, node: Node) -> Iterator[Edge]:
        return (Edge(node, parent, self._local(node, parent)) for parent in self._parents(node))

    def _edges_from(self, node: Node) -> Iterator[Edge]:
        return (Edge(child, node, self._local(child, node)) for child in self._children(node))

    def _local(self, of: Node, wrt: Node) -> float:
        """∂of/∂wrt of two that are joined."""
        trace = self._trace
        match of, wrt:
            case WeightedSum(), Weight():
                l, _, k = _place(wrt)
                return float(trace.a[l - 1][k])
            case WeightedSum(), Activation():
                l, j = _place(of)
                return float(trace.network.W[l][j, int(wrt.j)])
            case Activation(), WeightedSum():
                l, j = _place(of)
                slopes = self._slopes[l - 1]
                return float(slopes[j, int(wrt.j)] if slopes.ndim == 2 else slopes[j])
            case Cost(), WeightedSum():
                return float(trace.dz[trace.network.L][int(wrt.j)])
            case Cost(), Activation():
                return float(trace.da[trace.network.L][int(wrt.j)])
            case Cost(), Target():
                return float(trace.dy[int(wrt.j)])
        return 1.0  # a bias

    @cached_property
    def _slopes(self) -> list[FloatArray]:
        """Each layer's f′(z), or for softmax its Jacobian."""
        trace = self._trace
        return [
            function.df(trace.z[l]) if isinstance(function, ActivationFunction) else function.jacobian(trace.a[l])
            for l, function in enumerate(trace.network.activation, 1)
        ]

    def _joined_to(self, l: int, j: int) -> Sequence[int]:
        """Which of the layer's activations a weighted sum leads to, and the other way round."""
        return range(self._trace.network.layers[l]) if self._mixed(l) else [j]

    def _mixed(self, l: int) -> bool:
        """Whether each activation of the layer depends on all of its weighted sums."""
        return isinstance(self._trace.network.activation[l - 1], OutputActivation)

    def _skipped(self, l: int) -> bool:
        """Whether no edge leads from the layer's weighted sums to its activations."""
        return self._together and l == self._trace.network.L

    @property
    def _size(self) -> tuple[int, int]:
        layers, edges = self._trace.network.layers, 2 * self._trace.network.layers[-1]
        parameters = len(self._trace.network.parameters)
        for l in range(1, len(layers)):
            edges += 2 * layers[l] * layers[l - 1] + layers[l]
            edges += layers[l] ** 2 if self._mixed(l) and not self._skipped(l) else layers[l]
        return parameters + layers[0] + 2 * sum(layers[1:]) + layers[-1] + 1, edges

    # --- whole layers at once

    def _between(self, of: Node, wrt: Node) -> _Between:
        return _Between(self, of, wrt)

    def count_paths(self, of: Node, wrt: Node) -> int:
        """How many paths lead from ``wrt`` to ``of``: exact, and found without walking them."""
        self._known(of, wrt)
        if of == wrt or not self._leads(wrt, of):
            return int(of == wrt)
        node = WeightedSum(wrt.layer, wrt.j) if isinstance(wrt, Weight | Bias) else wrt
        if of == node or not isinstance(node, WeightedSum | Activation):
            return 1
        l, j = _place(node)
        network, summed = self._trace.network, isinstance(node, WeightedSum)
        counts = [int(i == j) for i in range(network.layers[l])]
        end = (_place(of)[0], isinstance(of, WeightedSum)) if _in_a_layer(of) else (network.L, False)
        while (l, summed) != end and not (summed and self._skipped(l)):
            if not summed:
                l += 1
            if not summed or self._mixed(l):
                counts = [sum(counts)] * network.layers[l]
            summed = not summed
        return counts[_place(of)[1]] if _in_a_layer(of) else sum(counts)

    def _leads(self, wrt: Node, of: Node) -> bool:
        """Whether a path leads from ``wrt`` to ``of``: each layer depends on all of the one before it."""
        if wrt == of or isinstance(of, Cost):
            return True
        if not _in_a_layer(of) or isinstance(wrt, Target | Cost):
            return False
        (l, j), (m, i, *_) = _place(of), _place(wrt)
        if isinstance(of, WeightedSum):
            return m < l or (m == l and i == j and isinstance(wrt, Weight | Bias))
        if self._skipped(l):
            return False
        return m < l or (m == l and i in self._joined_to(l, j) and not isinstance(wrt, Activation))

    def derivative(self, of: Node, wrt: Node) -> float:
        """∂of/∂wrt along every path; 0 where none leads."""
        self._known(of, wrt)
        if of == wrt or not self._leads(wrt, of):
            return float(of == wrt)
        trace = self._trace
        if isinstance(of, Cost):
            return trace.derivative(cast(Quantity, wrt))
        l, j = _place(of)
        chosen = np.zeros_like(trace.a[l])
        chosen[j] = 1.0
        z, a = ([arrays[i] for i in range(first, l + 1)] for arrays, first in ((trace.z, 1), (trace.a, 0)))
        dz = chosen if isinstance(of, WeightedSum) else None
        found = backward_through(trace.network.stack[:l], z, a, chosen, dz)
        m, *place = _place(wrt)
        if isinstance(wrt, Activation):
            return float(found.da[m][*place])
        arrays: Any = {Weight: found.dW, Bias: found.db, WeightedSum: found.dz}[type(wrt)]
        return float(arrays[m - 1][*place])


def _in_a_layer(node: Node) -> bool:
    return isinstance(node, WeightedSum | Activation)


def _place(node: Any) -> tuple[int, ...]:
    """Layer and indices."""
    return int(node.layer), *map(int, node.indices)


@dataclass(frozen=True)
class _Between:
    """The nodes on some path from ``wrt`` to ``of``."""

    graph: DenseGraph
    of: Node
    wrt: Node

    def __contains__(self, node: object) -> bool:
        return self.graph._leads(self.wrt, node) and self.graph._leads(node, self.of)
