"""The bundled examples of real problems: what their files say, held against plain NumPy."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

import backprop_math.examples
from backprop_math import GradientDescent, Weight, load_example, train

FOLDER = Path(backprop_math.examples.__file__).parent
FUNCTIONS = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.where(z.real > 0, z, 0),
    "identity": lambda z: z,
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(),
}
COSTS = {
    "squared_error": lambda a, y: ((a - y) ** 2).sum(),
    "cross_entropy": lambda a, y: -(y * np.log(a) + (1 - y) * np.log(1 - a)).sum(),
    "categorical_cross_entropy": lambda a, y: -(y * np.log(a)).sum(),
}
SHAPES = {
    "body_mass": (3, 64, 64, 1),
    "digits": (784, 16, 16, 10),
    "introduction": (3, 5, 4, 2),
    "three_species": (3, 5, 3),
    "two_outputs": (2, 3, 2),
    "xor": (2, 3, 1),
}


def cost(example, W, b):
    a = example.input.astype(complex)
    for w, v, function in zip(W, b, example.network.activation, strict=True):
        a = FUNCTIONS[function.name](w @ a + v)
    return COSTS[example.network.cost.name](a, example.target)


@pytest.mark.parametrize("name", SHAPES)
def test_costs_and_derivatives_by_complex_step(name):
    """Of the largest entry of each layer's gradient, which is exact to rounding this way."""
    example = load_example(name)
    assert example.network.layers == SHAPES[name]
    trace = example.trace()
    W, b = ([array.astype(complex) for array in arrays] for arrays in (example.network.W, example.network.b))
    assert cost(example, W, b).real == pytest.approx(trace.cost, rel=1e-12)
    for layer, slopes in trace.dW.items():
        j, k = np.unravel_index(np.abs(slopes).argmax(), slopes.shape)
        stepped = [array.copy() for array in W]
        stepped[layer - 1][j, k] += 1e-30j
        assert trace.derivative(Weight(layer, int(j), int(k))) == pytest.approx(cost(example, stepped, b).imag / 1e-30)


def test_exclusive_or_is_learned():
    example = load_example("xor")
    x, y = example.training
    assert y.ravel().tolist() == [float(one != other) for one, other in x]
    trained, history = train(example.network, x, y, optimizer=GradientDescent(1.0), epochs=300)
    assert history.cost[[0, -1]].round(2).tolist() == [0.68, 0.01]
    assert trained.forward(x).a[2].round().tolist() == y.tolist()


def test_three_species_are_told_apart():
    example = load_example("three_species")
    x, y = example.training
    assert y.sum(axis=0).tolist() == [123, 151, 68]

    def right(network):
        return int((network.forward(x).a[2].argmax(axis=1) == y.argmax(axis=1)).sum())

    # As the file says, this Chinstrap is taken for an Adélie at first.
    assert example.trace().forward.a[2].argmax() == example.output_names.index("Adélie")
    trained = train(example.network, x, y, optimizer=GradientDescent(1.0), epochs=400).network
    assert (right(example.network), right(trained)) == (151, 338)
    assert trained.forward(example.input).a[2].argmax() == example.target.argmax() == 2


def test_the_drawn_digit_is_a_one():
    """A stroke downwards, and a flag from its upper end to the left; nothing beside them."""
    example = load_example("digits")
    assert len(example.network.parameters) == 13_002
    picture = example.input.reshape(28, 28)
    lit = [np.flatnonzero(row > 0.5) for row in picture]
    assert all(row.tolist() == [14, 15, 16] for row in lit[13:23])
    lefts = [row.min() for row in lit[6:10]]
    assert np.diff(lefts).max() < 0
    assert picture[:3].sum() == picture[25:].sum() == picture[:, 18:].sum() == 0
    with (FOLDER / "digits.toml").open("rb") as file:
        assert tomllib.load(file)["target"].index(1) == 1


def test_nothing_of_the_regression_is_scaled():
    example = load_example("body_mass")
    assert example.input.tolist() in example.data.inputs.tolist()
    assert (example.training[1].min(), example.training[1].max()) == (2700, 6300)
    place = example.data.inputs.tolist().index(example.input.tolist())
    assert example.data.targets[place].tolist() == example.target.tolist()
