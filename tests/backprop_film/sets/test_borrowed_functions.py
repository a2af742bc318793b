import numpy as np
import pytest

from backprop_film.commands.plan import jobs_for
from backprop_film.contents import chosen
from backprop_film.kit import Chapter
from backprop_film.playback import Job, survey
from backprop_film.sets import ChainChapter, with_functions_of
from backprop_math import Activation, Example, Network, load_example

OWN = load_example("simplest")


def any_example(activation, cost, layers=(2, 3, 2)):
    network = Network.random(layers, activation=activation, cost=cost, seed=1)
    return Example("mine", "", network, np.ones((1, layers[0])), np.eye(layers[-1])[:1])


@pytest.mark.parametrize(
    ("activation", "cost", "names", "kept"),
    [
        (["tanh", "sigmoid"], "cross_entropy", ["tanh", "tanh", "sigmoid"], "cross_entropy"),
        (["relu", "identity"], "half_squared_error", ["relu", "relu", "identity"], "half_squared_error"),
        (["softplus", "softmax"], "categorical_cross_entropy", ["softplus", "softplus", "sigmoid"], "cross_entropy"),
    ],
)
def test_functions_are_those_of_the_last_layers(activation, cost, names, kept):
    found = with_functions_of(any_example(activation, cost), OWN).network
    assert [f.name for f in found.activation] == names
    assert found.cost.name == kept
    assert [W.tolist() for W in found.W] == [W.tolist() for W in OWN.network.W]


def test_no_neuron_is_dead():
    """1.3 (1.4 · 0.9 − 0.59) − 0.94 < 0: with the biases of the chain, the second relu would be."""
    found = with_functions_of(any_example("relu", "squared_error"), OWN)
    assert found.trace().value(Activation(2, 0)) == pytest.approx(1.3 * 1.4 * 0.9)
    kept = with_functions_of(any_example("tanh", "squared_error"), OWN)
    assert [b.tolist() for b in kept.network.b] == [b.tolist() for b in OWN.network.b]


def test_of_one_layer_all_take_its_function():
    found = with_functions_of(any_example("tanh", "squared_error", (2, 2)), OWN).network
    assert {f.name for f in found.activation} == {"tanh"}
    assert found.L == 3


def test_softmax_of_two_outputs_is_the_sigmoid_of_one():
    """exp z / (exp z + exp 0) = 1 / (1 + exp −z), and the costs are the same."""
    two = Network.from_arrays([[[0.7], [0.0]]], [[0.2, 0.0]], activation="softmax", cost="categorical_cross_entropy")
    one = Network.from_arrays([[[0.7]]], [[0.2]], activation="sigmoid", cost="cross_entropy")
    of_two = two.forward([1.3]).backward([1.0, 0.0])
    of_one = one.forward([1.3]).backward([1.0])
    assert of_two.value(Activation(1, 0)) == pytest.approx(of_one.value(Activation(1, 0)))
    assert of_two.cost == pytest.approx(of_one.cost)


class Chain(ChainChapter):
    def construct(self):
        self.show_borrowed_functions()
        self.wait()


def test_a_chain_is_shown_itself_and_stands_for_any_other():
    mine = any_example("tanh", "squared_error")
    assert (Chain(OWN).example, Chain(OWN).stands_for) == (OWN, None)
    assert Chain(mine).stands_for is mine
    assert Chain(mine).example.network.activation[-1].name == "tanh"
    assert Chapter(mine).stands_for is None


def test_a_line_says_what_stands_in(tmp_path, capsys):
    path = tmp_path / "mine.toml"
    path.write_text(any_example("tanh", "squared_error").to_toml())
    jobs = jobs_for(chosen(["computing_derivatives", "more_neurons"]), str(path), quality="l", voice="none")
    assert [job.example for job in jobs] == [str(path)] * 2
    told = f"backprop: computing_derivatives: one neuron a layer, with tanh and squared error, of {path}\n"
    assert capsys.readouterr().err == told


def test_it_is_said_in_the_film_too(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(any_example(["tanh", "softmax"], "categorical_cross_entropy").to_toml())
    (entry,) = chosen(["computing_derivatives"])
    first = survey(Job(entry, quality="l", voice="none", example=str(path)), until="functions").beats[0]
    assert first.key == "functions"
