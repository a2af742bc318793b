"""The gradient against oracles that share nothing with it, and by hand."""

# ruff: noqa: E741 (l is a layer's number)

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given

from backprop_math import ACTIVATIONS, Activation, Bias, Gradient, Network, Target, Weight, WeightedSum, load_example
from backprop_math.arrays import LayerArrays
from backprop_math.checks import central_differences, check_gradient, complex_step

from ..strategies import SMOOTH, modest, problems


@given(problems())
@modest
def test_gradient_is_exact(problem):
    report = check_gradient(*problem)
    assert report.ok, report


@given(problems(activations=SMOOTH))
@modest
def test_gradient_is_near_central_differences(problem):
    network, x, y = problem
    _, gradient = network.gradient(x, y)
    numerical = central_differences(network, x, y)
    for ours, theirs in zip((*gradient.dW, *gradient.db), (*numerical.dW, *numerical.db), strict=True):
        assert ours == pytest.approx(theirs, rel=1e-6, abs=1e-7)


@given(problems())
@modest
def test_both_ways_to_the_gradient_agree(problem):
    network, x, y = problem
    cost, gradient = network.gradient(x, y)
    trace = network.forward(x).backward(y)
    assert cost == pytest.approx(trace.cost, rel=1e-13)
    for ours, theirs in zip((*gradient.dW, *gradient.db), (*trace.dW, *trace.db), strict=True):
        assert ours == pytest.approx(theirs, rel=1e-12, abs=1e-14 * np.abs(theirs).max())


@given(problems(batches=False))
@modest
def test_derivatives_of_inputs_targets_and_neurons(problem):
    """dC/d(anything), by complex step through a forward pass written out here."""
    network, x, y = problem
    trace = network.forward(x).backward(y)
    step = 1e-100

    def cost(nudged):
        a = x + 0j
        for k in range(network.layers[0]):
            a[k] += step * 1j * (nudged == Activation(0, k))
        for l in range(1, network.L + 1):
            z = network.W[l] @ a + network.b[l]
            z = z + np.array([step * 1j * (nudged == WeightedSum(l, j)) for j in range(network.layers[l])])
            a = network.activation[l - 1].f(z)
            a = a + np.array([step * 1j * (nudged == Activation(l, j)) for j in range(network.layers[l])])
        target = y + np.array([step * 1j * (nudged == Target(j)) for j in range(network.layers[-1])])
        return network.cost.value(a, target)

    quantities = [kind(l, j) for kind in (WeightedSum, Activation) for l in range(1, network.L + 1)
                  for j in range(network.layers[l])]  # fmt: skip
    quantities += [Activation(0, k) for k in range(network.layers[0])] + [Target(j) for j in range(network.layers[-1])]
    for quantity in quantities:
        assert trace.derivative(quantity) == pytest.approx(cost(quantity).imag / step, rel=1e-11, abs=1e-14), quantity


def test_chain_of_one_neuron_layers_by_hand():
    """C = (σ(w2 σ(w1 x + b1) + b2) − y)², every derivative written out."""
    w1, b1, w2, b2, x, y = 0.7, -0.3, -1.4, 0.2, 0.9, 0.25

    def sigma(z):
        return 1 / (1 + math.exp(-z))

    a1 = sigma(w1 * x + b1)
    a2 = sigma(w2 * a1 + b2)
    delta2 = 2 * (a2 - y) * a2 * (1 - a2)
    delta1 = delta2 * w2 * a1 * (1 - a1)
    trace = Network.from_arrays([[[w1]], [[w2]]], [[b1], [b2]]).forward([x]).backward([y])
    expected = {
        Weight(2, 0, 0): delta2 * a1,
        Bias(2, 0): delta2,
        Activation(1, 0): delta2 * w2,
        Weight(1, 0, 0): delta1 * x,
        Bias(1, 0): delta1,
        Activation(0, 0): delta1 * w1,
        Target(0): -2 * (a2 - y),
    }
    assert trace.cost == pytest.approx((a2 - y) ** 2, rel=1e-14)
    assert {q: trace.derivative(q) for q in expected} == pytest.approx(expected, rel=1e-13)


def test_linear_network_by_hand():
    """Without an activation function: z = Wx + b, C = |z − y|², dC/dW = 2(z − y) xᵀ."""
    network = Network.from_arrays([[[1, 2, 0], [0, -1, 3]]], [[1, -1]], activation="identity")
    trace = network.forward([1.0, 0.5, 2.0]).backward([2.0, 2.0])
    assert trace.forward.z[1].tolist() == [3.0, 4.5]
    assert trace.cost == 1.0 + 2.5**2
    assert trace.dW[1].tolist() == [[2.0, 1.0, 4.0], [5.0, 2.5, 10.0]]
    assert trace.db[1].tolist() == [2.0, 5.0]
    assert trace.da[0].tolist() == [2.0, 2 * 2 - 5.0, 15.0]


def test_published_worked_example():
    """M. Mazur, "A Step by Step Backpropagation Example" (2015): the numbers he prints."""
    network = Network.from_arrays(
        [[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]],
        [[0.35, 0.35], [0.60, 0.60]],
        cost="half_squared_error",
    )
    trace = network.forward([0.05, 0.10]).backward([0.01, 0.99])
    assert trace.forward.a[1].tolist() == pytest.approx([0.593269992, 0.596884378], abs=5e-10)
    assert trace.forward.a[2].tolist() == pytest.approx([0.75136507, 0.772928465], abs=5e-9)
    assert trace.cost == pytest.approx(0.298371109, abs=5e-10)
    assert trace.derivative(Weight(2, 0, 0)) == pytest.approx(0.082167041, abs=5e-10)
    assert trace.derivative(Weight(1, 0, 0)) == pytest.approx(0.000438568, abs=5e-10)
    # Its learning rate is 0.5; its weights w5, w6, w7, w8 after one step.
    stepped = network.W[2] - 0.5 * trace.dW[2]
    assert stepped.ravel().tolist() == pytest.approx([0.35891648, 0.408666186, 0.511301270, 0.561370121], abs=5e-9)


@pytest.mark.parametrize("kind", ["weight", "bias", "sign of a layer", "nan"])
def test_check_catches_a_planted_error(kind):
    network, x, y = Network.random((3, 4, 2), seed=3), np.array([0.5, -1.0, 2.0]), np.array([1.0, 0.0])
    _, gradient = network.gradient(x, y)
    dW, db = [array.copy() for array in gradient.dW], [array.copy() for array in gradient.db]
    if kind == "weight":
        dW[0][2, 1] *= 1 + 1e-8
    elif kind == "bias":
        db[1][1] += 1e-9
    elif kind == "sign of a layer":
        dW[1] *= -1
    else:
        db[0][0] = np.nan
    report = check_gradient(network, x, y, Gradient(LayerArrays("dW", dW, first=1), LayerArrays("db", db, first=1)))
    assert not report.ok
    assert str(report).startswith("disagrees: at worst dC/d")
    named = {"weight": Weight(1, 2, 1), "bias": Bias(2, 1), "nan": Bias(1, 0)}
    assert report.quantity == named.get(kind, report.quantity)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("sigmoid", lambda z: 1 / (1 + np.exp(-z))),  # The function itself.
        ("tanh", lambda z: 1 - np.tanh(z)),  # Without the square.
        ("relu", lambda z: np.ones_like(z)),  # As if it never died.
        ("identity", lambda z: z),
    ],
)
def test_check_catches_a_wrong_derivative_row(name, wrong):
    row = dataclasses.replace(ACTIVATIONS[name], df=wrong)
    sound = Network.random((2, 5, 1), activation=["sigmoid", "identity"], seed=1)
    planted = Network.from_arrays(sound.W, sound.b, activation=[row, sound.activation[1]])
    assert check_gradient(sound, [0.3, -0.8], [0.1]).ok
    assert not check_gradient(planted, [0.3, -0.8], [0.1]).ok


def test_oracles_agree_with_each_other():
    example = load_example("introduction")
    exact = complex_step(example.network, example.input, example.target)
    near = central_differences(example.network, example.input, example.target)
    for l in (1, 2, 3):
        assert near.dW[l] == pytest.approx(exact.dW[l], rel=1e-6, abs=1e-10)


def test_dead_relus_pass_no_derivative():
    network = Network.from_arrays([[[1.0], [1.0]], [[2.0, 3.0]]], [[-5.0, 0.0], [0.5]], activation=["relu", "identity"])
    trace = network.forward([1.0]).backward([0.0])
    assert (trace.derivative(Weight(1, 0, 0)), trace.derivative(Bias(1, 0))) == (0.0, 0.0)
    assert trace.derivative(Weight(1, 1, 0)) == 2 * 3.5 * 3.0
    assert check_gradient(network, [1.0], [0.0]).ok


def test_saturated_network_stays_finite():
    network = Network.from_arrays([[[1e4], [-1e4]], [[1e4, 1e4]]], [[0.0, 0.0], [-5e3]])
    with np.errstate(all="raise", under="ignore"):
        cost, gradient = network.gradient([[1.0], [-1.0]], [[0.0], [1.0]])
    assert cost == pytest.approx(0.5)
    assert all(np.isfinite(array).all() for array in (*gradient.dW, *gradient.db))
