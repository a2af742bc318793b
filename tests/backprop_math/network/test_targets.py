"""Desired outputs that a cost can't aim at, everywhere where they come in."""

import re

import numpy as np
import pytest

from backprop_math import COSTS, Adam, Example, ExampleError, Network, load_example, register_cost, train

SIGMOID = Network.random((2, 3, 2), cost="cross_entropy", seed=1)
SOFTMAX = Network.random((2, 3, 3), activation=["tanh", "softmax"], cost="categorical_cross_entropy", seed=1)
X = [[0.5, -1.0], [1.0, 2.0]]
WAYS = {
    "backward": lambda net, y: net.forward(X).backward(y),
    "one example": lambda net, y: net.forward(X[1]).backward(y[1]),
    "gradient": lambda net, y: net.gradient(X, y),
    "gradient of arrays": lambda net, y: net.gradient(np.array(X), np.array(y, dtype=float)),
    "train": lambda net, y: train(net, X, y, optimizer=Adam(), epochs=1),
    "example": lambda net, y: Example.from_arrays(
        list(net.W), list(net.b), X, y, activation=[row.name for row in net.activation], cost=net.cost.name
    ),
}
DISTRIBUTION = "expected a distribution over the classes, numbers from 0 to 1 that add up to 1: one-hot for a class"


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize(
    ("network", "y", "found"),
    [
        (SIGMOID, [[0.0, 1.0], [2.0, 0.0]], "found 2 at index [{}0], expected probabilities, numbers from 0 to 1"),
        (SIGMOID, [[0.0, 1.0], [0.5, -1.0]], "found -1 at index [{}1], expected probabilities, numbers from 0 to 1"),
        (SOFTMAX, [[0, 0, 1], [2, 0, 0]], f"found 2 at index [{{}}0], {DISTRIBUTION}"),
        (SOFTMAX, [[0, 0, 1], [-1, 1, 1]], f"found -1 at index [{{}}0], {DISTRIBUTION}"),
        (SOFTMAX, [[0, 0, 1], [1, 1, 0]], "found numbers that add up to 2"),
        (SOFTMAX, [[0, 0, 1], [0, 0, 0]], f"found numbers that add up to 0 at index [1], {DISTRIBUTION}"),
        (SOFTMAX, [[0, 0, 1], [0.3, 0.3, 0.3]], "found numbers that add up to 0.9"),
    ],
)
def test_impossible_targets_are_refused(network, y, found, way):
    one = way is WAYS["one example"]
    found = found.replace(" at index [1]", "") if one else found
    with pytest.raises(ValueError, match=r"^(y|targets?): " + re.escape(found.format("" if one else "1, "))):
        way(network, y)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize(
    "y", [[[0, 0, 1], [1, 0, 0]], [[0.2, 0.3, 0.5], [1 / 3] * 3], [[0.333, 0.333, 0.334], [0.05, 0.05, 0.9]]]
)
def test_distributions_are_taken(y, way):
    way(SOFTMAX, y)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_cost_of_differences_can_aim_at_any_number(way):
    way(Network.random((2, 3, 2), cost="squared_error", seed=1), [[-3.0, 7.0], [2.0, 0.0]])


@pytest.mark.parametrize(
    ("way", "y", "shape", "expected"),
    [
        (WAYS["backward"], [2, 0], (2,), (2, 3)),
        (WAYS["backward"], [[2], [0]], (2, 1), (2, 3)),
        (WAYS["gradient"], np.array([2.0, 0.0]), (2,), (2, 3)),
        (WAYS["train"], np.array([2, 0]), (2,), (2, 3)),
        (WAYS["example"], [2, 0], (2,), (2, 3)),
        (lambda net, y: net.forward(X[0]).backward(y), 2, (), (3,)),
        (lambda net, y: net.gradient(X[0], y), [2], (1,), (3,)),
    ],
)
def test_class_numbers_are_told_of_one_hot(way, y, shape, expected):
    message = f": found shape {shape}, expected {expected}; of classes given by their numbers the one-hot rows, "
    with pytest.raises(ValueError, match=re.escape(message + "np.eye(3)[numbers]")):
        way(SOFTMAX, y)
    assert SOFTMAX.gradient(X, np.eye(3)[[2, 0]])[0] > 0


def test_half_precision_rounds_a_distribution_less_finely():
    network = Network.random((2, 10), activation="softmax", cost="categorical_cross_entropy", dtype="float16")
    network.gradient(X, np.full((2, 10), 0.1, "float16"))


def test_a_file_with_impossible_targets_is_named(tmp_path):
    text = load_example("simplest").to_toml().replace("squared_error", "cross_entropy").replace("[1.0]\n", "[2.0]\n")
    path = tmp_path / "impossible.toml"
    path.write_text(text.replace("target = [1.0]", "target = [2.0]"), "utf-8")
    message = f"{path}: target: found 2 at index [0], expected probabilities, numbers from 0 to 1"
    with pytest.raises(ExampleError, match=re.escape(message)):
        load_example(path)


def test_a_cost_of_ones_own_says_what_it_can_aim_at():
    half = COSTS["half_squared_error"]
    parts = {name: getattr(half, name) for name in ("value", "da", "dy", "formula", "da_formula", "dy_formula")}
    row = register_cost("own", **parts, targets="probabilities")
    try:
        with pytest.raises(ValueError, match="y: found 2 at index"):
            Network.random((2, 1), cost=row).gradient([1.0, 2.0], [2.0])
    finally:
        del COSTS["own"]
    with pytest.raises(ValueError, match="targets: found 'all', expected one of 'any', 'probabilities'"):
        register_cost("own", **parts, targets="all")
