# ruff: noqa: E741 (l is a layer's number)

import re

import numpy as np
import pytest
from hypothesis import given

from backprop_math import Activation, Bias, Cost, Network, Target, Weight, WeightedSum

from ..strategies import modest, networks, problems

W1, B1 = [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]], [0.0, -0.1, 0.2]
W2, B2 = [[1.0, -1.0, 0.5]], [0.25]


@pytest.fixture
def net():
    return Network.from_arrays(weights=[W1, W2], biases=[B1, B2], activation=["tanh", "identity"])


def test_shape_and_numbering(net):
    assert (net.layers, net.L) == ((2, 3, 1), 2)
    assert net.W[1].tolist() == W1
    assert net.b[2].tolist() == B2
    assert [row.name for row in net.activation] == ["tanh", "identity"]
    assert repr(net) == (
        "Network(layers=(2, 3, 1), activation=('tanh', 'identity'), cost='squared_error', dtype='float64')"
    )


@pytest.mark.parametrize("layer", [0, 3, -1])
def test_a_layer_without_weights_is_an_error(net, layer):
    with pytest.raises(IndexError, match=re.escape(f"W[{layer}]: layers are numbered 1 to 2 here")):
        net.W[layer]


def test_forward_pass_by_hand(net):
    fwd = net.forward([1.0, -1.0])
    z1 = [0.1 - 0.2, 0.3 - 0.4 - 0.1, 0.5 - 0.6 + 0.2]
    assert fwd.z[1].tolist() == pytest.approx(z1)
    assert fwd.a[1].tolist() == pytest.approx(np.tanh(z1))
    assert fwd.a[2].tolist() == pytest.approx([np.tanh(z1[0]) - np.tanh(z1[1]) + 0.5 * np.tanh(z1[2]) + 0.25])
    assert fwd.a[0].tolist() == [1.0, -1.0]


@given(networks())
@modest
def test_forward_pass_is_the_sum_of_its_parts(network):
    """z_j = Σ_k w_jk a_k + b_j, added up neuron by neuron, asked for by quantity."""
    fwd = network.forward(np.linspace(-1, 1, network.layers[0]))
    for l in range(1, network.L + 1):
        for j in range(network.layers[l]):
            z = fwd.value(Bias(l, j)) + sum(
                fwd.value(Weight(l, j, k)) * fwd.value(Activation(l - 1, k)) for k in range(network.layers[l - 1])
            )
            assert fwd.value(WeightedSum(l, j)) == pytest.approx(z, rel=1e-12, abs=1e-14)
            assert fwd.value(Activation(l, j)) == float(network.activation[l - 1].f(fwd.z[l])[j])


def test_arrays_are_immutable_copies(net):
    mine = np.array(W1)
    other = Network.from_arrays([mine, W2], [B1, B2])
    mine[0, 0] = 99.0
    assert other.W[1][0, 0] == 0.1
    trace = net.forward([1.0, 2.0]).backward([0.0])
    for array in (net.W[1], net.b[1], trace.forward.z[1], trace.forward.a[0], trace.dW[2], trace.da[0], trace.y):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


def test_parameters_come_layer_by_layer(net):
    assert list(net.parameters)[:4] == [Weight(1, 0, 0), Weight(1, 0, 1), Weight(1, 1, 0), Weight(1, 1, 1)]
    assert list(net.parameters)[6:] == [
        *(Bias(1, j) for j in range(3)),
        *(Weight(2, 0, k) for k in range(3)),
        Bias(2, 0),
    ]


def test_replace_changes_what_is_named_and_nothing_else(net):
    changed = net.replace({Weight(1, 2, 0): 7.0, Bias(2, 0): -3})
    for quantity in net.parameters:
        expected = {Weight(1, 2, 0): 7.0, Bias(2, 0): -3.0}.get(quantity, net.value(quantity))
        assert changed.value(quantity) == expected
    assert net.value(Weight(1, 2, 0)) == 0.5
    assert changed.activation == net.activation
    # What is the same is not copied: a layer may have a million weights.
    assert [one is other for one, other in zip(changed.W, net.W, strict=True)] == [False, True]
    assert [one is other for one, other in zip(changed.b, net.b, strict=True)] == [True, False]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({Weight(1, 3, 0): 1.0}, "w[1][3,0]: found neuron 3, expected a neuron from 0 to 2"),
        ({Weight(1, 0, -1): 1.0}, "w[1][0,-1]: found neuron -1, expected a neuron from 0 to 1"),
        ({Weight(0, 0, 0): 1.0}, "w[0][0,0]: found layer 0, expected a layer from 1 to 2"),
        ({Bias("L", 0): 1.0}, "b[L][0]: found layer L, expected a layer from 1 to 2"),
        ({Activation(0, 0): 1.0}, "a[0][0]: found Activation, expected a weight or a bias; its values belong to"),
        ({Bias(1, 0): float("nan")}, "b[1][0]: found nan, expected finite numbers"),
    ],
)
def test_replace_refuses(net, values, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        net.replace(values)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"weights": []}, "weights: found no layers, expected at least one matrix"),
        ({"biases": [B1]}, "biases: found 1 vectors, expected 2, one for each weight matrix"),
        ({"weights": [W1, [[1.0, 2.0]]]}, "W[2]: found shape (1, 2), expected (n_2, 3)"),
        ({"weights": [[1.0, 2.0], W2]}, "W[1]: found shape (2,), expected (n_1, n_0)"),
        ({"weights": [[[]], W2]}, "W[1]: found shape (1, 0), expected at least one entry"),
        ({"weights": [[[1.0], [2.0, 3.0]], W2]}, "W[1]: found rows of different lengths, expected rows of one length"),
        ({"weights": [[[1.0, np.nan]] * 3, W2]}, "W[1]: found nan at index [0, 1], expected finite numbers"),
        ({"biases": [B1, [np.inf]]}, "b[2]: found inf at index [0], expected finite numbers"),
        ({"biases": [[0.0, 0.0], B2]}, "b[1]: found shape (2,), expected (3,)"),
        ({"biases": [B1, ["0.25"]]}, "b[2]: found values of type str"),
        ({"biases": [B1, [True]]}, "b[2]: found values of type bool, expected real numbers"),
        ({"biases": [B1, [1j]]}, "b[2]: found values of type complex128, expected real numbers"),
        ({"activation": ["tanh"]}, "activation: found 1 names, expected one, or 2, one for each layer"),
        ({"activation": "than"}, "activation: found 'than', expected one of"),
        ({"cost": "mse"}, "cost: found 'mse', expected one of 'squared_error', 'half_squared_error'"),
        ({"dtype": "int64"}, "dtype: found 'int64', expected a floating-point dtype"),
        ({"dtype": "float65"}, "dtype: found 'float65', expected a floating-point dtype"),
        ({"dtype": "float32", "biases": [B1, [1e300]]}, "b[2]: found inf at index [0], expected finite numbers"),
    ],
)
def test_from_arrays_refuses(changes, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Network.from_arrays(**{"weights": [W1, W2], "biases": [B1, B2], **changes})


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ((3,), "layers: found 1 sizes, expected at least 2"),
        ((3, 0), "layers: found the size 0, expected whole numbers from 1 on"),
        ((3, 2.0), "layers: found the size 2.0"),
        ((3, True), "layers: found the size True"),
    ],
)
def test_random_refuses(layers, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Network.random(layers)


def test_random_is_decided_by_its_seed():
    same, again, other = (Network.random((3, 4, 2), seed=seed) for seed in (7, 7, 8))
    assert all((a == b).all() for a, b in zip((*same.W, *same.b), (*again.W, *again.b), strict=True))
    assert (same.W[1] != other.W[1]).all()
    # Weights of standard deviation 1/√n keep the scale of z, whatever the size.
    assert Network.random((10_000, 30), seed=1).W[1].std() == pytest.approx(0.01, rel=0.01)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([1.0], "x: found shape (1,), expected (2,) or (n, 2)"),
        ([[1.0, 2.0, 3.0]], "x: found shape (1, 3), expected (2,) or (n, 2)"),
        (np.zeros((1, 1, 2)), "x: found shape (1, 1, 2), expected (2,) or (n, 2)"),
        (np.zeros((0, 2)), "x: found shape (0, 2), expected at least one example"),
        (1.0, "x: found shape (), expected (2,) or (n, 2)"),
        ([1.0, np.nan], "x: found nan at index [1], expected finite numbers"),
        ([[1.0, 2.0], [3.0]], "x: found rows of different lengths"),
    ],
)
def test_forward_refuses(net, x, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        net.forward(x)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([1.0, 2.0], [1.0, 2.0], "y: found shape (2,), expected (1,)"),
        ([[1.0, 2.0]], [1.0], "y: found shape (1,), expected (1, 1)"),
        ([[1.0, 2.0]], [[1.0], [2.0]], "y: found shape (2, 1), expected (1, 1)"),
        ([1.0, 2.0], [np.inf], "y: found inf at index [0], expected finite numbers"),
    ],
)
def test_targets_are_checked_on_both_ways(net, x, y, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        net.forward(x).backward(y)
    with pytest.raises(ValueError, match=re.escape(message)):
        net.gradient(x, y)


@given(problems(dtype="float32"))
@modest
def test_float32_stays_float32(problem):
    network, x, y = problem
    trace = network.forward(x).backward(y)
    kinds = {array.dtype.name for part in (trace.forward.z, trace.forward.a, trace.dW, trace.db, trace.dz, trace.da)
             for array in part}  # fmt: skip
    assert kinds == {"float32"}
    exact = Network.from_arrays(list(network.W), list(network.b), activation=[row.name for row in network.activation],
                                cost=network.cost.name)  # fmt: skip
    cost, gradient = exact.gradient(x, y)
    assert trace.cost == pytest.approx(cost, rel=1e-3, abs=1e-5)
    for l in range(1, network.L + 1):
        assert trace.dW[l] == pytest.approx(gradient.dW[l], rel=1e-2, abs=1e-3)


def test_quantities_that_are_no_parameters_have_no_value_in_a_network(net):
    for quantity in (Cost(), Target(0), WeightedSum(1, 0)):
        with pytest.raises(ValueError, match="expected a weight or a bias; its values belong to"):
            net.value(quantity)
