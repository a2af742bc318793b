"""A calculation as a graph: quantities are nodes, and each edge carries a local derivative.

A node's *parents* are what it is calculated from, its *children* what is calculated from it. The derivative of one
node with respect to another is the sum, over the paths between them, of the products of the local derivatives; the
sweeps find it without walking every path (Griewank and Walther, *Evaluating Derivatives*, chapter 3). Nodes may be
anything hashable. Nothing here recurses, so that a graph may be as deep as memory allows.

>>> graph = ComputationGraph(
...     {"x": 3.0, "u": 9.0, "v": 6.0, "f": 54.0},
...     [Edge("u", "x", 6.0), Edge("v", "x", 2.0), Edge("f", "u", 6.0), Edge("f", "v", 9.0)],
... )
>>> [[edge.value for edge in path] for path in graph.paths("f", "x")]
[[6.0, 6.0], [2.0, 9.0]]
>>> sweep = graph.reverse_sweep("f")
>>> sweep["x"], sweep.multiplications, sweep.additions
(54.0, 4, 1)
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from ..frozen import Frozen

__all__ = ["ComputationGraph", "Edge", "Node", "Sweep"]

Node = Hashable


@dataclass(frozen=True)
class Edge:
    """``of`` is calculated from ``wrt``; ``value`` is ∂of/∂wrt with ``of``'s other parents held still."""

    of: Node
    wrt: Node
    value: float


@dataclass(frozen=True, eq=False)
class Sweep(Mapping[Node, float]):
    """The derivatives that one sweep found, for every node of the graph (0 where no path leads), and its work.

    A multiplication is counted for each edge passed, an addition for each product after a node's first.
    """

    source: Node
    derivatives: dict[Node, float]
    multiplications: int
    additions: int

    def __getitem__(self, node: Node) -> float:
        try:
            return self.derivatives[node]
        except KeyError:
            raise KeyError(f"{node}: no such node in this graph") from None

    def __iter__(self) -> Iterator[Node]:
        return iter(self.derivatives)

    def __len__(self) -> int:
        return len(self.derivatives)


class ComputationGraph(Frozen):
    """Nodes with their ``values``, and the ``edges`` between them, in any order.

    Raises `ValueError` for an edge to an unknown node, two edges between the same nodes, or a cycle.
    """

    _nodes: tuple[Node, ...]
    _values: dict[Node, float]
    _into: dict[Node, dict[Node, Edge]]
    _out: dict[Node, dict[Node, Edge]]

    def __init__(self, values: Mapping[Node, float], edges: Iterable[Edge]) -> None:
        self._set(_values=dict(values), _into={node: {} for node in values}, _out={node: {} for node in values})
        for edge in edges:
            for node in (edge.of, edge.wrt):
                if node not in self._values:
                    raise ValueError(f"edge {edge.of} from {edge.wrt}: {node} is no node of this graph")
            if edge.wrt in self._into[edge.of]:
                raise ValueError(f"edge {edge.of} from {edge.wrt}: found twice, expected once")
            self._into[edge.of][edge.wrt] = edge
            self._out[edge.wrt][edge.of] = edge
        self._set(_nodes=self._sorted())

    # --- what a graph that makes its parts only when they are asked for does otherwise

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Every node, each after its parents."""
        return self._nodes

    def _has(self, node: Node) -> bool:
        return node in self._values

    def _value(self, node: Node) -> float:
        return self._values[node]

    def _edge(self, of: Node, wrt: Node) -> Edge | None:
        return self._into[of].get(wrt)

    def _edges_into(self, node: Node) -> Iterable[Edge]:
        return self._into[node].values()

    def _edges_from(self, node: Node) -> Iterable[Edge]:
        return self._out[node].values()

    def _between(self, of: Node, wrt: Node) -> Container[Node]:
        """The nodes on some path from ``wrt`` to ``of``; empty where no path leads."""
        below = self._reached(of, self._into)
        return below & self._reached(wrt, self._out) if wrt in below else set()

    # ---

    def _sorted(self) -> tuple[Node, ...]:
        """The nodes, each after its parents; the order given is kept where it is such an order already."""
        place = {node: i for i, node in enumerate(self._values)}
        if all(place[wrt] < place[of] for of, parents in self._into.items() for wrt in parents):
            return tuple(self._values)
        try:
            return tuple(TopologicalSorter(self._into).static_order())
        except CycleError as error:
            cycle = error.args[1]
            raise ValueError(f"{cycle[0]}: found in a cycle, expected a graph without cycles") from None

    def _known(self, *nodes: Node) -> None:
        for node in nodes:
            if not self._has(node):
                raise KeyError(f"{node}: no such node in this graph")

    def value(self, node: Node) -> float:
        """The node's value; `KeyError` for an unknown node, as everywhere here."""
        self._known(node)
        return self._value(node)

    def parents(self, node: Node) -> tuple[Node, ...]:
        """What the node is calculated from."""
        self._known(node)
        return tuple(edge.wrt for edge in self._edges_into(node))

    def children(self, node: Node) -> tuple[Node, ...]:
        """What is calculated from the node."""
        self._known(node)
        return tuple(edge.of for edge in self._edges_from(node))

    @property
    def edges(self) -> Iterator[Edge]:
        """Every edge, by the order of the nodes that they lead to."""
        return (edge for node in self.nodes for edge in self._edges_into(node))

    def edge(self, of: Node, wrt: Node) -> Edge:
        """The edge by which ``of`` is calculated from ``wrt``; `KeyError` where there is none."""
        self._known(of, wrt)
        found = self._edge(of, wrt)
        if found is None:
            raise KeyError(f"{of} is not calculated directly from {wrt}")
        return found

    @staticmethod
    def _reached(start: Node, steps: dict[Node, dict[Node, Edge]]) -> set[Node]:
        reached, waiting = {start}, [start]
        while waiting:
            for node in steps[waiting.pop()]:
                if node not in reached:
                    reached.add(node)
                    waiting.append(node)
        return reached

    def paths(self, of: Node, wrt: Node) -> Iterator[tuple[Edge, ...]]:
        """Each path from ``wrt`` to ``of`` as its edges in that order, one at a time: there may be very many.

        From a node to itself leads one path, without edges.
        """
        self._known(of, wrt)
        between = self._between(of, wrt)
        if wrt not in between:
            return
        if of == wrt:
            yield ()
            return
        path: list[Edge] = []
        turns = [iter(self._edges_from(wrt))]
        while turns:
            edge = next(turns[-1], None)
            if edge is None:
                turns.pop()
                if path:
                    path.pop()
            elif edge.of == of:
                yield (*path, edge)
            elif edge.of in between:
                path.append(edge)
                turns.append(iter(self._edges_from(edge.of)))

    def count_paths(self, of: Node, wrt: Node) -> int:
        """How many paths lead from ``wrt`` to ``of``: exact, and found without walking them."""
        self._known(of, wrt)
        between = self._between(of, wrt)
        if wrt not in between:
            return 0
        count = {wrt: 1}
        for node in self.nodes:
            if node in between and node != wrt:
                count[node] = sum(count[edge.wrt] for edge in self._edges_into(node) if edge.wrt in between)
        return count[of]

    def reverse_sweep(self, of: Node) -> Sweep:
        """The derivatives of ``of`` with respect to every node: one walk from it, backwards."""
        return self._sweep(of, backward=True)

    def forward_sweep(self, wrt: Node) -> Sweep:
        """The derivatives of every node with respect to ``wrt``: one walk from it, forwards."""
        return self._sweep(wrt, backward=False)

    def _sweep(self, source: Node, *, backward: bool) -> Sweep:
        self._known(source)
        found: dict[Node, float] = {source: 1.0}
        multiplications = additions = 0
        for node in reversed(self.nodes) if backward else self.nodes:
            if node not in found:
                continue
            here = found[node]
            for edge in self._edges_into(node) if backward else self._edges_from(node):
                neighbour = edge.wrt if backward else edge.of
                product = here * edge.value
                multiplications += 1
                if neighbour in found:
                    found[neighbour] += product
                    additions += 1
                else:
                    found[neighbour] = product
        return Sweep(source, {node: found.get(node, 0.0) for node in self.nodes}, multiplications, additions)

    def derivative(self, of: Node, wrt: Node) -> float:
        """∂of/∂wrt along every path; 0 where none leads."""
        self._known(of, wrt)
        return self.reverse_sweep(of)[wrt]

    def __repr__(self) -> str:
        nodes, edges = self._size
        return f"<ComputationGraph: {nodes} nodes, {edges} edges>"

    @property
    def _size(self) -> tuple[int, int]:
        """How many nodes and edges there are."""
        return len(self.nodes), sum(map(len, self._into.values()))
