import pytest

from backprop_film.sets import FormulaSheet, LastLayersLayout, SheetNetwork
from backprop_math import Network, Notation, load_example
from tests.backprop_film.kit.any_network import faults_of


@pytest.mark.parametrize("name", ["two_outputs", "three_species", "simplest"])
def test_it_stands_beside_all_that_is_written_below_the_rule(name):
    example = load_example(name)
    notation = Notation(example.network)
    network, sheet = SheetNetwork(example.trace(), notation), FormulaSheet(notation)
    for formula in (*sheet.definitions, *sheet.large, *sheet.backward, sheet.cases):
        assert formula.get_right()[0] < network.get_left()[0] - 0.2
    assert network.get_top()[1] < sheet.rule.get_y()
    assert faults_of(network, sheet.rule, *sheet.backward, sheet.cases) == []


def test_its_parts_are_what_the_terms_are_of():
    network = Network.random((2, 3, 2), seed=1)
    trace = network.forward([0.5, 1.0]).backward([1.0, 0.0])
    small = SheetNetwork(trace, Notation(network))
    assert small.neuron.quantity.layer == small.behind.quantity.layer + 1 == 2
    assert small.weighted_sum == [small.diagram.edge(2, 0, k) for k in range(3)]
    assert small.feeds == [small.diagram.edge(2, j, 0) for j in range(2)]
    assert small.reacts is small.cost.edge(0)


def test_every_part_comes_from_the_larger_diagram():
    example = load_example("two_outputs")
    notation = Notation(example.network)
    place, small = LastLayersLayout(example.trace(), notation), SheetNetwork(example.trace(), notation)
    pairs = small.pairs(place.diagram, place.cost)
    # Neurons, edges, and the cost with its two.
    assert len(pairs) == (2 + 3 + 2) + (6 + 6) + (1 + 2)
    assert {id(there) for _, there in pairs} >= {id(edge) for edge in small.cost_edges}
    j, i = (letter.expression.text() for letter in small.letters)
    assert (j, i) == ("j", "i")
