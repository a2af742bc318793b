# ruff: noqa: E741 (l is a layer's number)

import re

import numpy as np
import pytest
from hypothesis import given

from backprop_math import Activation, Bias, Cost, Network, Target, Weight, WeightedSum

from ..strategies import modest, problems

X, Y = np.array([[0.5, -1.0], [2.0, 0.25], [0.0, 1.0]]), np.array([[1.0], [0.0], [0.5]])


@pytest.fixture
def net():
    return Network.random((2, 3, 1), activation="tanh", seed=5)


@pytest.fixture
def batch(net):
    return net.forward(X).backward(Y)


@given(problems())
@modest
def test_a_batch_is_the_mean_of_its_examples(problem):
    network, x, y = problem
    if x.ndim == 1:
        x, y = x[None], y[None]
    whole = network.forward(x).backward(y)
    each = [network.forward(one).backward(target) for one, target in zip(x, y, strict=True)]
    assert whole.cost == pytest.approx(np.mean([trace.cost for trace in each]))
    for l in range(1, network.L + 1):
        assert whole.dW[l] == pytest.approx(np.mean([trace.dW[l] for trace in each], axis=0), rel=1e-10, abs=1e-13)
        assert whole.db[l] == pytest.approx(np.mean([trace.db[l] for trace in each], axis=0), rel=1e-10, abs=1e-13)
        # Of the mean, each example has its share.
        assert whole.dz[l] * len(x) == pytest.approx(np.array([trace.dz[l] for trace in each]), rel=1e-10, abs=1e-13)
    assert whole.da[0] * len(x) == pytest.approx(np.array([trace.da[0] for trace in each]), rel=1e-10, abs=1e-13)
    assert whole.dy * len(x) == pytest.approx(np.array([trace.dy for trace in each]), rel=1e-10, abs=1e-13)


def test_shapes_and_numbering(net, batch):
    assert [batch.forward.z[l].shape for l in (1, 2)] == [(3, 3), (3, 1)]
    assert [batch.da[l].shape for l in (0, 1, 2)] == [(3, 2), (3, 3), (3, 1)]
    assert [batch.dW[l].shape for l in (1, 2)] == [(3, 2), (1, 3)]
    for arrays, first in ((batch.forward.z, 1), (batch.dz, 1), (batch.dW, 1), (batch.db, 1)):
        assert (arrays.first, arrays.last, len(arrays)) == (first, 2, 2)
        with pytest.raises(IndexError, match=re.escape(f"{arrays.name}[0]: layers are numbered 1 to 2 here")):
            arrays[0]
    with pytest.raises(IndexError, match=re.escape("a[3]: layers are numbered 0 to 2 here")):
        batch.forward.a[3]


def test_one_example_of_a_batch(net, batch):
    one = batch.forward.example(1)
    assert one.x.tolist() == X[1].tolist()
    assert one.index == 1
    assert one.value(Activation(2, 0)) == batch.forward.a[2][1, 0]
    trace = one.backward(Y[1])
    assert trace.cost == pytest.approx(net.gradient(X[1], Y[1])[0])
    assert trace.cost_quantity == Cost(1)


def test_a_batch_says_that_it_has_no_single_values(batch):
    hint = "belongs to one example, found a batch of 3; ask forward.example(i) for one"
    for ask in (
        lambda: batch.value(Activation(1, 0)),
        lambda: batch.value(Target(0)),
        lambda: batch.derivative(WeightedSum(1, 0)),
        lambda: batch.chain_rule(Weight(1, 0, 0)),
        lambda: batch.graph,
    ):
        with pytest.raises(ValueError, match=re.escape(hint)):
            ask()
    assert batch.value(Cost()) == batch.value(Cost(None)) == batch.cost
    assert batch.derivative(Bias(1, 2)) == batch.db[1][2]


def test_values_by_quantity(net):
    trace = net.forward(X[0]).backward(Y[0])
    assert trace.value(Weight(1, 2, 1)) == net.W[1][2, 1]
    assert trace.value(WeightedSum(1, 2)) == trace.forward.z[1][2]
    assert trace.value(Activation(0, 1)) == -1.0
    assert trace.value(Target(0)) == 1.0
    assert trace.value(Cost()) == trace.cost == pytest.approx((trace.forward.a[2][0] - 1.0) ** 2)
    assert trace.derivative(Weight(1, 2, 1)) == trace.dW[1][2, 1]
    assert trace.derivative(WeightedSum(1, 2)) == trace.dz[1][2]
    assert trace.derivative(Activation(0, 1)) == trace.da[0][1]
    assert trace.derivative(Cost()) == 1.0


def test_refused_questions(net):
    fwd = net.forward(X[0])
    trace = fwd.backward(Y[0])
    with pytest.raises(ValueError, match=re.escape("C: a forward pass has no target and no cost")):
        fwd.value(Cost())
    with pytest.raises(
        ValueError, match=re.escape("C_3: found another example's cost, expected that of Cost(example=0)")
    ):
        trace.value(Cost(3))
    with pytest.raises(ValueError, match=re.escape("a[2][1]: found neuron 1, expected a neuron from 0 to 0")):
        trace.derivative(Activation(2, 1))
    with pytest.raises(ValueError, match=re.escape("y[1]: found neuron 1")):
        trace.chain_rule(Target(1))
    with pytest.raises(ValueError, match=re.escape("z[0][0]: found layer 0, expected a layer from 1 to 2")):
        trace.chain_rule(of=WeightedSum(0, 0), wrt=Bias(1, 0))
    with pytest.raises(ValueError, match="there is no other to choose"):
        fwd.example(0)
    for i in (3, -1):
        with pytest.raises(IndexError, match=f"example {i}: found no such example, expected one from 0 to 2"):
            net.forward(X).example(i)
