import itertools
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_math import (
    Activation,
    Bias,
    ComputationGraph,
    Cost,
    Edge,
    Network,
    Target,
    Weight,
    WeightedSum,
    load_example,
)

from ..strategies import modest, problems


@st.composite
def random_graphs(draw):
    n = draw(st.integers(2, 7))
    pairs = [pair for pair in itertools.combinations(range(n), 2) if draw(st.booleans())]
    edges = [Edge(of, wrt, draw(st.sampled_from([-1.5, -1.0, 0.5, 2.0, 3.0]))) for wrt, of in pairs]
    order = draw(st.permutations(range(n)))
    return ComputationGraph({node: float(node) for node in order}, draw(st.permutations(edges)))


def by_enumeration(graph, of, wrt):
    """All paths, found by trying every increasing sequence of nodes: edges lead to higher numbers only."""
    edges = {(edge.wrt, edge.of): edge for edge in graph.edges}
    found = []
    for length in range(of - wrt):
        for between in itertools.combinations(range(wrt + 1, of), length):
            steps = list(itertools.pairwise((wrt, *between, of)))
            if all(step in edges for step in steps):
                found.append(tuple(edges[step] for step in steps))
    return found if of != wrt else [()]


@given(random_graphs())
@modest
def test_paths_counts_and_sweeps_agree_with_enumeration(graph):
    for wrt, of in itertools.combinations_with_replacement(sorted(graph.nodes), 2):
        expected = by_enumeration(graph, of, wrt)
        paths = list(graph.paths(of, wrt))
        assert sorted(paths, key=repr) == sorted(expected, key=repr)
        assert graph.count_paths(of, wrt) == len(expected)
        value = sum(math.prod(edge.value for edge in path) for path in expected)
        assert graph.reverse_sweep(of)[wrt] == pytest.approx(value)
        assert graph.forward_sweep(wrt)[of] == pytest.approx(value)
        assert graph.derivative(of, wrt) == pytest.approx(value)
        if of != wrt:
            assert graph.derivative(wrt, of) == graph.count_paths(wrt, of) == 0
            assert list(graph.paths(wrt, of)) == []


@given(random_graphs())
@modest
def test_nodes_come_after_their_parents(graph):
    place = {node: i for i, node in enumerate(graph.nodes)}
    assert sorted(place) == sorted(range(len(place)))
    for edge in graph.edges:
        assert place[edge.wrt] < place[edge.of]
        assert edge.wrt in graph.parents(edge.of)
        assert edge.of in graph.children(edge.wrt)
        assert graph.edge(edge.of, edge.wrt) is edge


def test_operations_are_counted():
    """x → u, v → f: the reverse sweep passes 4 edges and adds where the two ways to x meet."""
    graph = ComputationGraph(
        {"x": 1.0, "u": 1.0, "v": 1.0, "f": 1.0, "aside": 1.0},
        [Edge("u", "x", 2.0), Edge("v", "x", 3.0), Edge("f", "u", 5.0), Edge("f", "v", 7.0), Edge("aside", "x", 9.0)],
    )
    reverse, forward = graph.reverse_sweep("f"), graph.forward_sweep("x")
    assert dict(reverse) == {"x": 31.0, "u": 5.0, "v": 7.0, "f": 1.0, "aside": 0.0}
    assert (reverse.multiplications, reverse.additions) == (4, 1)
    assert dict(forward) == {"x": 1.0, "u": 2.0, "v": 3.0, "f": 31.0, "aside": 9.0}
    assert (forward.multiplications, forward.additions) == (5, 1)
    assert len(reverse) == 5


@given(problems(batches=False))
@modest
def test_a_network_and_its_graph_agree(problem):
    network, x, y = problem
    trace = network.forward(x).backward(y)
    graph, cost = trace.graph, trace.cost_quantity
    sweep = graph.reverse_sweep(cost)
    for quantity in graph.nodes:
        assert graph.value(quantity) == trace.value(quantity)
        assert sweep[quantity] == pytest.approx(trace.derivative(quantity), rel=1e-9, abs=1e-13)


def test_the_graph_of_the_simplest_network():
    graph = load_example("simplest").trace().graph
    assert graph.parents(WeightedSum(3, 0)) == (Weight(3, 0, 0), Activation(2, 0), Bias(3, 0))
    assert graph.parents(Cost()) == (Activation(3, 0), Target(0))
    assert graph.children(Activation(2, 0)) == (WeightedSum(3, 0),)
    assert graph.parents(Weight(1, 0, 0)) == graph.children(Cost()) == ()
    assert len(graph.nodes) == 1 + 3 * 4 + 2
    assert repr(graph) == f"<ComputationGraph: {len(graph.nodes)} nodes, {3 * 4 + 2} edges>"


def test_paths_are_counted_without_being_walked():
    """Twelve layers of four neurons between one input and one output: 4¹² paths, and each only on demand."""
    network = Network.random((1, *[4] * 12, 1), seed=0)
    graph = network.forward([0.5]).backward([1.0]).graph
    assert graph.count_paths(Cost(), Activation(0, 0)) == 4**12
    assert len(next(graph.paths(Cost(), Activation(0, 0)))) == 2 * 13 + 1


def test_a_deep_graph_needs_no_recursion():
    depth = 100_000
    graph = ComputationGraph(
        dict.fromkeys(reversed(range(depth + 1)), 0.0), [Edge(i + 1, i, 1.0) for i in range(depth)]
    )
    assert graph.nodes[0] == 0
    assert graph.reverse_sweep(depth)[0] == 1.0
    assert graph.count_paths(depth, 0) == 1
    assert len(next(graph.paths(depth, 0))) == depth


@pytest.mark.parametrize(
    ("edges", "message"),
    [
        ([Edge("a", "q", 1.0)], "edge a from q: q is no node of this graph"),
        ([Edge("b", "a", 1.0), Edge("b", "a", 1.0)], "edge b from a: found twice, expected once"),
        ([Edge("b", "a", 1.0), Edge("a", "b", 1.0)], ": found in a cycle, expected a graph without cycles"),
        ([Edge("a", "a", 1.0)], "a: found in a cycle"),
    ],
)
def test_no_graph_of_a_calculation(edges, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        ComputationGraph({"a": 1.0, "b": 2.0}, edges)


def test_the_order_is_that_given_or_else_one_that_only_what_is_given_decides():
    edges = [Edge("u", "x", 6.0), Edge("v", "x", 2.0), Edge("f", "u", 6.0), Edge("f", "v", 9.0)]
    assert ComputationGraph(dict.fromkeys("xvuf", 1.0), edges).nodes == ("x", "v", "u", "f")
    assert ComputationGraph(dict.fromkeys("fvux", 1.0), edges).nodes == ("x", "v", "u", "f")
    behind = [*edges, Edge("x", "f", 1.0), Edge("g", "f", 1.0)]
    with pytest.raises(ValueError, match=r"^[xuvf]: found in a cycle"):  # not g, which is only behind it
        ComputationGraph(dict.fromkeys("gfvux", 1.0), behind)


def test_unknown_nodes_and_edges():
    graph = ComputationGraph({"a": 1.0, "b": 2.0, "c": 3.0}, [Edge("b", "a", 1.0)])
    for ask in (
        lambda: graph.value("q"),
        lambda: graph.parents("q"),
        lambda: graph.children("q"),
        lambda: graph.edge("b", "q"),
        lambda: graph.reverse_sweep("q"),
        lambda: graph.reverse_sweep("a")["q"],
        lambda: graph.count_paths("q", "a"),
        lambda: next(graph.paths("b", "q")),
        lambda: graph.derivative("b", "q"),
    ):
        with pytest.raises(KeyError, match="q: no such node in this graph"):
            ask()
    with pytest.raises(KeyError, match="c is not calculated directly from a"):
        graph.edge("c", "a")
