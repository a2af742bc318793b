import pytest

from backprop_film.sets import LabelledDiagram
from backprop_math import Bias, Notation, Weight
from tests.backprop_film.kit.any_network import faults_of
from tests.backprop_film.kit.stage import NOTATION, TRACE, network_example


def test_weights_are_named_over_their_edges_and_biases_under_their_neurons():
    chain = LabelledDiagram(TRACE, NOTATION)
    for layer in (1, 2, 3):
        weight, bias = chain.label(Weight(layer, 0, 0)), chain.label(Bias(layer, 0))
        neuron, edge = chain.diagram.neuron(layer, 0), chain.diagram.edge(layer, 0, 0)
        assert weight.get_x() == pytest.approx(edge.get_x())
        assert weight.get_bottom()[1] > neuron.get_top()[1]
        assert bias.get_x() == pytest.approx(neuron.get_x())
        assert bias.get_top()[1] < neuron.get_bottom()[1]
        assert (weight.expression, bias.expression) == tuple(
            NOTATION.symbol(q) for q in (Weight(layer, 0, 0), Bias(layer, 0))
        )
        assert float(neuron.number.value) == TRACE.forward.a[layer][0]
    with pytest.raises(KeyError):
        chain.label(Weight(4, 0, 0))


@pytest.mark.parametrize("count", [1, 5, 12])
def test_names_of_long_chains_keep_clear_of_each_other(count):
    example = network_example(*[1] * (count + 1))
    chain = LabelledDiagram(example.trace(), Notation(example.network))
    assert faults_of(chain) == []
