import numpy as np
import pytest

from backprop_math import Descent, Example, Weight, load_example


@pytest.mark.parametrize("name", ["simplest", "overshoot", "several", "two_outputs", "introduction"])
def test_a_step_moves_every_parameter_against_its_derivative(name):
    example = load_example(name)
    step = Descent(example, 0.3)
    for q in example.network.parameters:
        assert step.change(q) == -0.3 * step.before.derivative(q)
        assert step.after.value(q) == pytest.approx(step.before.value(q) + step.change(q), rel=1e-14)
    again = example.with_values({q: step.after.value(q) for q in example.network.parameters}).trace()
    assert again.cost == step.after.cost


def test_of_several_examples_the_first_one_counts():
    several = load_example("several")
    one = Example.from_arrays(several.network.W, several.network.b, several.inputs[0], several.targets[0])
    w = Weight(3, 0, 0)
    assert Descent(several, 1.0).after.value(w) == Descent(one, 1.0).after.value(w)


@pytest.mark.parametrize("name", ["simplest", "overshoot", "two_outputs", "introduction", "body_mass", "digits"])
def test_the_cost_falls(name):
    step = Descent.falling(load_example(name))
    assert step.after.cost < 0.9 * step.before.cost


def test_a_step_that_is_too_long_is_not_taken():
    """C = (w² …): with a slope of 2 · 10² in w, a rate of 1 leaps far beyond the minimum."""
    steep = Example.from_arrays([[[1.0]]], [[0.0]], [10.0], [0.0], activation="identity")
    assert Descent(steep, 1.0).after.cost > steep.trace().cost
    assert Descent.falling(steep).rate < 1.0


def test_where_nothing_slopes_there_is_no_step():
    dead = Example.from_arrays([[[1.0]]], [[-5.0]], [1.0], [1.0], activation="relu")
    assert np.all([dead.trace().derivative(q) == 0 for q in dead.network.parameters])
    assert Descent.falling(dead) is None
    assert Descent.falling(Example.from_arrays([[[1.0]]], [[0.0]], [1.0], [1.0], activation="identity")) is None


def test_where_no_step_lowers_the_cost_by_a_tenth_the_best_one_is_taken():
    """z = 20, a = σ(z), y = 0: C falls by about rate · (2a · a(1 − a))² · 2, far less than a tenth at rate 100."""
    flat = Example.from_arrays([[[20.0]]], [[0.0]], [1.0], [0.0])
    step = Descent.falling(flat)
    slope = 1 / (1 + np.exp(-20.0)) ** 2 * np.exp(-20.0)
    assert step.rate == 100.0
    assert step.before.cost - step.after.cost == pytest.approx(100 * 2 * (2 * slope) ** 2, rel=0.01, abs=1e-15)


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e5, 1e10])
def test_a_step_is_found_for_inputs_of_any_size(size):
    """C = (w x − y)² with y = 3x: 2x²(w − 3) is the slope, and a rate of 0.5/x² leads to the minimum at once."""
    step = Descent.falling(Example.from_arrays([[[1.0]]], [[0.0]], [size], [3.0 * size], activation="identity"))
    assert 0 < step.after.cost < 0.9 * step.before.cost
    assert step.rate == min(100.0, step.rate)
    assert f"{step.rate:e}"[0] in "125"
