"""The gradient's own way of calculating, with buffers that are used again: against the trace, and from many threads."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given

from backprop_math import ACTIVATIONS, COSTS, Network

from ..strategies import modest, problems

FUSED = [row for row in ACTIVATIONS.values() if row.both]


def test_the_common_functions_have_a_fast_form():
    assert {row.name for row in FUSED} >= {"sigmoid", "tanh", "relu"}
    assert COSTS["squared_error"].both
    assert COSTS["half_squared_error"].both


@pytest.mark.parametrize("row", FUSED, ids=lambda row: row.name)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_fast_form_is_the_two_functions(row, dtype):
    z = np.concatenate([np.linspace(-30, 30, 121), [-1e4, -720.0, -90.0, 90.0, 720.0, 1e4]]).astype(dtype)
    given_z, a, slope = z.copy(), np.empty_like(z), np.empty_like(z)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        row.both(z, a, slope)
    tiny = float(np.finfo(dtype).tiny) * 100
    tolerance = 20 * float(np.finfo(dtype).eps)
    assert z.tolist() == given_z.tolist()
    assert a == pytest.approx(row.f(z), rel=tolerance, abs=tiny)
    assert slope == pytest.approx(row.df(z), rel=tolerance, abs=tiny)


@given(problems(dtype="float32"))
@modest
def test_float32_is_near_float64(problem):
    network, x, y = problem
    cost, gradient = network.gradient(x, y)
    exact = Network.from_arrays(network.W, network.b, activation=network.activation, cost=network.cost)
    expected, exactly = exact.gradient(x.astype("float32"), y.astype("float32"))
    assert cost == pytest.approx(expected, rel=1e-4, abs=1e-5)
    for ours, theirs in zip((*gradient.dW, *gradient.db), (*exactly.dW, *exactly.db), strict=True):
        assert ours.dtype == np.float32
        assert ours == pytest.approx(theirs, rel=1e-3, abs=1e-4 * max(1, np.abs(theirs).max()))


def test_results_are_the_callers_own():
    network, rng = Network.random((3, 4, 2), seed=1), np.random.default_rng(0)
    x, y = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    x_before, y_before = x.copy(), y.copy()
    _, first = network.gradient(x, y)
    kept = [array.copy() for array in (*first.dW, *first.db)]
    network.gradient(-x, y + 1)
    for array, before in zip((*first.dW, *first.db), kept, strict=True):
        assert array.tolist() == before.tolist()
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0
    assert x.tolist() == x_before.tolist()
    assert y.tolist() == y_before.tolist()
    assert x.flags.writeable


def test_a_changing_number_of_examples_changes_nothing():
    network, rng = Network.random((3, 4, 2), seed=1), np.random.default_rng(0)
    x, y = rng.normal(size=(9, 3)), rng.normal(size=(9, 2))
    for n in (1, 9, 2, 8, 3, 7, 4, 6, 5, 1, 9):
        cost, gradient = network.gradient(x[:n], y[:n])
        trace = network.forward(x[:n]).backward(y[:n])
        assert cost == pytest.approx(trace.cost, rel=1e-13)
        assert gradient.dW[1] == pytest.approx(trace.dW[1], rel=1e-12)
    one = network.gradient(x[0], y[0])[1]
    assert one.dW[2] == pytest.approx(network.gradient(x[:1], y[:1])[1].dW[2], rel=1e-15)


def test_threads_share_a_network():
    network, rng = Network.random((20, 30, 5), seed=1), np.random.default_rng(0)
    batches = [(rng.normal(size=(16, 20)), rng.normal(size=(16, 5))) for _ in range(60)]
    alone = [network.gradient(x, y) for x, y in batches]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda batch: network.gradient(*batch), batches * 5))
    for i, (cost, gradient) in enumerate(together):
        assert cost == alone[i % 60][0]
        assert gradient.dW[1].tolist() == alone[i % 60][1].dW[1].tolist()


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (np.array([1.0, np.nan, 0.0]), np.zeros(2), r"x: found nan at index \[1\], expected finite numbers"),
        (np.zeros((2, 3)), np.full((2, 2), np.inf), r"y: found inf at index \[0, 0\], expected finite numbers"),
        (np.zeros((2, 4)), np.zeros((2, 2)), r"x: found shape \(2, 4\), expected \(3,\) or \(n, 3\)"),
        (np.zeros((2, 3)), np.zeros((3, 2)), r"y: found shape \(3, 2\), expected \(2, 2\)"),
        (np.zeros((0, 3)), np.zeros((0, 2)), "expected at least one example"),
        (np.zeros((2, 1, 3)), np.zeros((2, 2)), r"x: found shape \(2, 1, 3\)"),
        ([["a", "b", "c"]], np.zeros(2), "x: found values of type"),
    ],
)
def test_what_is_wrong_is_named_as_in_the_passes(x, y, message):
    network = Network.random((3, 4, 2), seed=1)
    with pytest.raises(ValueError, match=message):
        network.gradient(x, y)


def test_large_but_finite_numbers_pass():
    """Their squares overflow, which the quick test for infinities must not take for one."""
    network = Network.random((2, 1), activation="identity", dtype="float32")
    with np.errstate(over="ignore"):
        cost, _ = network.gradient(np.array([1e30, 0.0], "float32"), np.array([0.0], "float32"))
    assert cost > 0
    assert network.forward([1e30, 0.0]).a[0][0] == np.float32(1e30)
