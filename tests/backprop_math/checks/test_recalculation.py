"""What is calculated anew, against closed forms, finite differences, and the package's own training."""

import numpy as np
import pytest

from backprop_math import ACTIVATIONS, COSTS, Example, TrainingRun, load_example
from backprop_math.checks import Recalculation, UnknownExpressionError


def straight(w=2.0, b=0.5, x=3.0, y=4.0):
    """C = (w x + b − y)²."""
    return Recalculation(Example.from_arrays([[[w]]], [[b]], [x], [y], activation="identity"))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("z[1][0]", 6.5),
        ("C", 6.25),
        ("d(C, w[1][0,0])", 2 * 2.5 * 3),
        ("d(C, b[1][0])", 5.0),
        ("d(C, a[0][0])", 2 * 2.5 * 2),
        ("d(C, y[0])", -5.0),
        ("d(z[1][0], w[1][0,0])", 3.0),
        ("at({w[1][0,0]: 1.0}, C)", 0.25),
        ("(at({y[0]: 6.5}, C) - C) / (6.5 - y[0])", -2.5),
        ("at({a[1][0]: 4.0}, C)", 0.0),  # whatever it was calculated from
        ("after(0.01, w[1][0,0])", 2 - 0.01 * 15),
        ("trained(2, 0.01, b[1][0])", 0.5 - 0.01 * 5 - 0.01 * 2 * (3 * 1.85 + 0.45 - 4)),
        ("cost(a[1][0], y[0])", 6.25),
        ("f(1, 0.3) + abs(-2) * round(0.26, 1)", 0.9),
        ("parameters + examples + entries(1)", 5.0),
        ("terms(z[1][0], 0, 1) - terms(C, 0, 1)", -0.25),
    ],
)
def test_a_line_through_one_point(expression, value):
    assert straight().value(expression) == pytest.approx(value, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
@pytest.mark.parametrize("cost", ["squared_error", "half_squared_error", "mean_squared_error"])
def test_slopes_of_every_function_are_those_of_finite_differences(name, cost):
    rng = np.random.default_rng(3)
    shapes = ((4, 2), (3, 4))
    W, b = [rng.normal(size=shape) for shape in shapes], [rng.normal(size=n) for n, _ in shapes]
    numbers = Recalculation(Example.from_arrays(W, b, [0.3, -0.8], [0.2, 0.7, 0.1], activation=name, cost=cost))
    h, w = 1e-6, float(W[0][1, 0])
    for of in ("C", "a[2][2]"):
        ratio = f"(at({{w[1][1,0]: {w + h!r}}}, {of}) - at({{w[1][1,0]: {w - h!r}}}, {of})) / {2 * h!r}"
        assert numbers.value(f"d({of}, w[1][1,0])") == pytest.approx(numbers.value(ratio), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("last", "cost"), [("sigmoid", "cross_entropy"), ("softmax", "categorical_cross_entropy")])
def test_a_saturated_classifier_keeps_its_digits(last, cost):
    """∂C/∂z is a − y, however near a is to 0 or 1."""
    W, b, y = [[[60.0], [-60.0]]], [[0.0, 0.0]], [0.0, 1.0]
    numbers = Recalculation(Example.from_arrays(W, b, [1.0], y, activation=last, cost=cost))
    assert numbers.value("d(C, z[1][0])") == pytest.approx(1.0)
    assert numbers.value("C") == pytest.approx(120.0)


def test_means_and_other_training_examples():
    numbers = Recalculation(Example.from_arrays([[[1.0]]], [[0.0]], [[1.0], [3.0]], [[0.0], [0.0]], activation="relu"))
    assert [numbers.value(of) for of in ("C", "of(1, C)", "mean(C)", "mean(d(C, b[1][0]))")] == [1, 9, 5, 4]


def test_a_training_ends_as_that_of_the_package():
    example = load_example("two_outputs")
    run = TrainingRun.of(example, 5, 2.0)
    numbers = Recalculation(example)
    assert numbers.value("trained(5, 2.0, training_cost)") == pytest.approx(float(run.costs[-1]), rel=1e-12)
    assert numbers.value("trained(5, 2.0, right)") == run.right(5)


def test_every_function_and_cost_is_there_once_more():
    from backprop_math.checks.plain_functions import activation, cost

    assert all(callable(activation(name)) for name in (*ACTIVATIONS, "softmax"))
    a = y = np.array([0.25, 0.75])
    assert all(np.isfinite(cost(name, "sigmoid", a, None, y)) for name in COSTS)


@pytest.mark.parametrize(
    "expression",
    ["w[2][0,0]", "a[1][7]", "C)", "", "x", "__import__('os')", "C.real", "(lambda: 1)()", "d(C)", "of(3, C)",
     "'C'", "[C]", "C if C else C", "measured[0]", "terms(C, 0, 2)", "terms(w[1][0,0], 0, 1)",
     "entries(2)", "-" * 100 + "C", "at({C: x}, C)"],
)  # fmt: skip
def test_what_says_nothing_about_the_example_is_refused(expression):
    with pytest.raises(UnknownExpressionError):
        straight().value(expression)
