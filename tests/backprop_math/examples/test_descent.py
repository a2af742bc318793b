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


@pytest.mark.parametrize("name", ["simplest", "overshoot", "two_outputs", "introduction"])
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
