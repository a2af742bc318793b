import numpy as np
import pytest
from hypothesis import given

from backprop_math import Activation, Bias, ComputationGraph, Cost, Network, Target, Weight, WeightedSum
from backprop_math.network import dense_graph

from ..strategies import modest, problems

DIGITS = Network.random((784, 16, 16, 10), seed=1)


def traced(network, seed=0):
    x = np.random.default_rng(seed).random(network.layers[0])
    return network.forward(x).backward(np.eye(network.layers[-1])[0])


@pytest.fixture
def built(monkeypatch):
    """The edges that a graph of dense layers has built."""
    edges = []

    class Counted(dense_graph.Edge):
        def __post_init__(self):
            edges.append(self)

    monkeypatch.setattr(dense_graph, "Edge", Counted)
    return edges


@given(problems(batches=False, largest=3, deepest=3))
@modest
def test_asked_for_part_by_part_it_is_the_graph_built_whole(problem):
    """A graph of the same nodes and edges, which walks all of them."""
    network, x, y = problem
    graph = network.forward(x).backward(y).graph
    edges = list(graph.edges)
    whole = ComputationGraph({node: graph.value(node) for node in graph.nodes}, edges)
    assert whole.nodes == graph.nodes
    assert repr(whole) == repr(graph)
    for node in graph.nodes:
        assert graph.parents(node) == whole.parents(node)
        assert set(graph.children(node)) == set(whole.children(node))
    rng = np.random.default_rng(0)
    for of, wrt in rng.integers(len(graph.nodes), size=(60, 2)):
        of, wrt = graph.nodes[of], graph.nodes[wrt]
        assert graph.count_paths(of, wrt) == whole.count_paths(of, wrt)
        assert set(graph.paths(of, wrt)) == set(whole.paths(of, wrt))
        assert graph.derivative(of, wrt) == pytest.approx(whole.derivative(of, wrt), rel=1e-9, abs=1e-13)


def test_edges_carry_what_they_are_named_for():
    network = Network.from_arrays(
        [[[2.0, 3.0]], [[5.0], [7.0]]], [[0.5], [0.0, 0.0]], activation=["identity", "softmax"], cost="squared_error"
    )
    graph = network.forward([1.0, -1.0]).backward([1.0, 0.0]).graph
    (p, q), (z,) = network.forward([1.0, -1.0]).a[2], network.forward([1.0, -1.0]).z[1]
    assert z == -0.5
    for (of, wrt), value in {
        (WeightedSum(1, 0), Weight(1, 0, 1)): -1.0,
        (WeightedSum(1, 0), Activation(0, 1)): 3.0,
        (WeightedSum(1, 0), Bias(1, 0)): 1.0,
        (Activation(1, 0), WeightedSum(1, 0)): 1.0,
        (WeightedSum(2, 1), Weight(2, 1, 0)): -0.5,
        (Activation(2, 0), WeightedSum(2, 1)): -p * q,
        (Activation(2, 1), WeightedSum(2, 1)): q * (1 - q),
        (Cost(), Activation(2, 0)): 2 * (p - 1),
        (Cost(), Target(1)): -2 * q,
    }.items():
        assert graph.edge(of, wrt).value == pytest.approx(value, rel=1e-12)
    for of, wrt in ((Cost(), Bias(1, 0)), (Activation(1, 0), WeightedSum(2, 0)), (WeightedSum(1, 0), Target(0))):
        with pytest.raises(KeyError, match="is not calculated directly from"):
            graph.edge(of, wrt)
    for node in (Weight(3, 0, 0), Weight("L", "j", "k"), Cost(1), "w", Activation(0, 2)):
        with pytest.raises(KeyError, match="no such node in this graph"):
            graph.value(node)
    assert graph.edge(WeightedSum(np.int64(1), 0), Weight(1, 0, np.int64(1))).value == -1.0


def test_a_chain_rule_of_a_large_network_builds_what_it_shows(built):
    """The network has 26,024 edges."""
    rule = traced(DIGITS).chain_rule(Weight(1, 3, 400))
    assert rule.count == 16 * 10
    assert str(rule.symbols).endswith("+ …")
    assert len(str(rule.numbers)) < 300
    assert len(built) < 500
    exact = traced(DIGITS)
    factor = exact.graph.edge(Cost(), Activation(3, 0))
    assert factor.value == pytest.approx(2 * (exact.a[3][0] - 1.0), rel=1e-12)
    assert len(built) < 520


def test_paths_of_a_network_of_thousands_of_neurons_are_counted_by_layers(built):
    trace = traced(Network.random([1000] * 13, seed=0))
    assert trace.graph.count_paths(Cost(), Weight(1, 0, 0)) == 1000**11
    assert trace.chain_rule(Weight(12, 5, 7)).count == 1
    assert not built
    assert [edge.wrt for edge in next(trace.graph.paths(Cost(), Weight(11, 5, 7)))] == [
        Weight(11, 5, 7), WeightedSum(11, 5), Activation(11, 5), WeightedSum(12, 0), Activation(12, 0),
    ]  # fmt: skip
    assert len(built) < 10
    found = trace.graph.derivative(Activation(12, 4), Activation(11, 9))
    z, w = trace.z[12][4], trace.network.W[12][4, 9]
    assert found == pytest.approx(w * np.exp(-z) / (1 + np.exp(-z)) ** 2, rel=1e-9)
    assert len(built) < 10


def test_parameters_are_named_when_they_are_asked_for():
    parameters = DIGITS.parameters
    named = list(parameters)
    assert len(parameters) == len(named) == 784 * 16 + 16 + 16 * 16 + 16 + 16 * 10 + 10
    assert [parameters[i] for i in (0, 783, 784, 12544, -1)] == [
        Weight(1, 0, 0), Weight(1, 0, 783), Weight(1, 1, 0), Bias(1, 0), Bias(3, 9),
    ]  # fmt: skip
    assert parameters[12540:12562] == tuple(named[12540:12562])
    assert list(reversed(parameters)) == named[::-1]
    assert Weight(2, 15, 15) in parameters
    for other in (Weight(2, 16, 0), Bias(4, 0), Bias(1, "j"), Activation(1, 0), "w[1][0,0]"):
        assert other not in parameters
    with pytest.raises(IndexError):
        parameters[len(named)]
    assert repr(parameters) == "<13,002 parameters: w[1][0,0] … b[3][9]>"
