"""Products of forward mode: what is counted for one weight of a layer holds for all of them."""

import numpy as np
import pytest

from backprop_math import Cost, Network, Weight, load_example
from backprop_math.autodiff import forward_products, network_products, nudging_products, parse_formula


def test_of_a_formula_by_hand():
    # x: to v1, to v2, and from both to f; y: to v1, and on to f.
    graph = parse_formula("x*y + sin(x)", {"x": 2, "y": 3}).graph()
    assert forward_products(graph, graph.inputs) == 4 + 2


@pytest.mark.parametrize("layers", [(1, 1), (2, 3, 2), (3, 5, 4, 2)])
def test_of_a_network_one_by_one(layers):
    trace = Network.random(layers, seed=1).forward([0.5] * layers[0]).backward([1.0] * layers[-1])
    assert network_products(trace) == forward_products(trace.graph, trace.network.parameters)


def test_of_the_digits_by_hand():
    # From a weight of layer 1: to z, to a, to 16 z and 16 a, from these to each of 10 z, 10 a, and C.
    trace = load_example("digits").trace()
    from_last, from_second = 1 + 1 + 1, 1 + 1 + 10 + 10 + 10
    from_first = 1 + 1 + 16 + 16 + 16 * 10 + 10 + 10
    assert trace.graph.forward_sweep(Weight(1, 0, 0)).multiplications == from_first
    counts = (784 * 16 + 16, 16 * 16 + 16, 16 * 10 + 10)
    assert network_products(trace) == sum(map(int.__mul__, counts, (from_first, from_second, from_last)))
    assert trace.graph.reverse_sweep(Cost()).multiplications < network_products(trace) / 100


def test_a_run_for_each_nudge_multiplies_each_weight_once():
    """Numbers that count how often they are multiplied go through the network's own matrices."""

    class Counted(float):
        times = 0

        def __mul__(self, other):
            Counted.times += 1
            return Counted(float(self) * float(other))

        def __add__(self, other):
            return Counted(float(self) + float(other))

    network = load_example("two_outputs").network
    a = np.array([Counted(1.0)] * network.layers[0], dtype=object)
    for W in network.W:
        a = np.array([[Counted(w) for w in row] for row in W], dtype=object) @ a
    runs = 1 + len(network.parameters)
    assert nudging_products(load_example("two_outputs").trace()) == runs * Counted.times
