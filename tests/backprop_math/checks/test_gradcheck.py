"""The gradient checks themselves: what is right passes, every planted error is found and named."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from backprop_math import ACTIVATIONS, COSTS, Network, Weight, gradient
from backprop_math.autodiff import RULES
from backprop_math.checks import (
    WrongGradientError,
    allows_complex_step,
    central_differences,
    check_activation,
    check_cost,
    check_function,
    check_gradient,
    slopes,
    step_for,
)


def rosenbrock(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


# --- functions


def test_a_function_and_its_gradient_by_autodiff():
    for report in (
        check_function(rosenbrock, [-1.2, 1.0, 0.5]),
        check_function(lambda w, x, b: np.sum(np.tanh(w @ x + b) ** 2), [[0.5, -1.0], [2.0, 0.25]], [0.3, 0.7], 0.1),
        check_function(lambda x, y: np.maximum(x, y) ** 1.5 / np.sqrt(x * y), 0.4, 2.5),
    ):
        assert report.method == "complex step"
        assert report.require() is report


def test_the_worst_derivative_is_named():
    # ∂f/∂x_1 of Rosenbrock's function at (−1.2, 1): 200 (x_1 − x_0²) = −88.
    gradient = [[-215.6, -88.0]]
    assert check_function(rosenbrock, [-1.2, 1.0], gradient=gradient).ok
    gradient[0][1] = -88.5
    report = check_function(rosenbrock, [-1.2, 1.0], gradient=gradient)
    assert not report.ok
    assert (report.quantity, report.found) == ("df/dx[1]", -88.5)
    assert report.expected == pytest.approx(-88.0)
    assert report.error == pytest.approx(0.5 / 215.6)
    with pytest.raises(WrongGradientError, match=re.escape("disagrees: at worst df/dx[1], found -88.5, expected -88")):
        report.require()
    report = check_function(lambda *xs: xs[0] * xs[1], 2.0, 3.0, gradient=[3.0, math.nan])
    assert (report.ok, report.quantity) == (False, "df/d(argument 1)")


def test_central_differences_where_complex_numbers_are_refused():
    def in_real_numbers(x):
        return sum(math.exp(-float(each)) for each in x)

    report = check_function(in_real_numbers, [1.0, 2.0], gradient=[[-math.exp(-1), -math.exp(-2)]])
    assert (report.ok, report.method) == (True, "central differences")
    assert not check_function(in_real_numbers, [1.0, 2.0], gradient=[[-math.exp(-1), -math.exp(-2) * 1.0001]]).ok
    report = check_function(lambda x, y: x * y**3 if 0.5 < x.real < 2 else y, 0.75, 2.0, gradient=[8.0, 9.0])
    assert (report.ok, report.method) == (True, "complex step")


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (np.abs, 1.0),
        (lambda z: z.real**2 if isinstance(z, complex) else z**2, 1.4),
        (lambda z: (z * np.conj(z)) ** 2, 4 * 0.7**3),
        (lambda z: np.sign(z) + z, 1.0),
        (lambda z: np.where(np.abs(z) > 0.5, np.abs(z) ** 3, 0 * z), 3 * 0.49),
        (lambda z: np.real(z) * z, 1.4),
        (lambda z: np.hypot(z, 1.0), 0.7 / math.hypot(0.7, 1.0)),
    ],
)
def test_what_is_not_analytic_is_not_trusted_to_complex_step(f, slope):
    """All but the last take complex numbers, and complex step would give a wrong slope, often 0."""
    assert not allows_complex_step(f, np.array(0.7))
    report = check_function(f, 0.7, gradient=[slope])
    assert (report.ok, report.method) == (True, "central differences")
    assert not check_function(f, 0.7, gradient=[0.0]).ok


def test_complex_step_is_trusted_where_it_may_be():
    x = np.array([-1.3, 0.2, 0.9])
    for row in ACTIVATIONS.values():
        assert allows_complex_step(row.f, x), row.name
    assert allows_complex_step(lambda z: np.maximum(z, 0), np.array([0.0, 1.0]))
    assert allows_complex_step(np.log, np.array([1e-3, 1e3]))


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-2), ("float64", 2e-8)])
def test_the_step_and_the_tolerance_suit_the_dtype(dtype, tolerance):
    """A function calculated in the dtype passes; an error of ten tolerances in its gradient is found."""

    def f(x):
        assert x.dtype == dtype
        return np.sum(np.exp(x) * np.sin(x), dtype=dtype)

    x = np.array([0.5, -1.25, 30.0 / 16], dtype=dtype)
    slope = np.exp(x) * (np.sin(x) + np.cos(x))
    good = check_function(f, x, gradient=[slope], method="central differences", dtype=dtype)
    assert good.ok, good
    assert good.tolerance == pytest.approx(tolerance, rel=0.5)
    slope[2] *= 1 + 10 * good.tolerance
    assert check_function(f, x, gradient=[slope], method="central differences", dtype=dtype).quantity == "df/dx[2]"
    assert not check_function(f, x, gradient=[slope], method="central differences", dtype=dtype).ok
    assert step_for(dtype) ** 3 == pytest.approx(np.finfo(dtype).eps)


def test_rounding_of_a_large_value_is_not_blamed_on_the_gradient():
    """Next to 10⁶ a slope of 10⁻³ drowns in the rounding of central differences, which are not told apart there."""
    report = check_function(lambda x: 1e6 + 1e-3 * x, 1.0, gradient=[1e-3], method="central differences")
    assert report.ok
    near = np.array([1.0])
    noise = slopes(lambda: 1e6 + 1e-3 * near[0], [near], "central differences")[1]
    assert abs(slopes(lambda: 1e6 + 1e-3 * near[0], [near], "central differences")[0][0][0] - 1e-3) < noise < 1e-2
    assert near[0] == 1.0


def test_a_planted_error_in_a_rule_is_found(monkeypatch):
    def f(x, y):
        return np.sum(np.cos(x) * y)

    assert check_function(f, [0.5, 1.5], 2.0).ok
    for wrong in (lambda x: (np.sin(x),), lambda x: (-np.sin(x) * (1 + 1e-9),), lambda x: (0.0,)):
        monkeypatch.setitem(RULES, "cos", replace(RULES["cos"], partials=wrong))
        report = check_function(f, [0.5, 1.5], 2.0)
        assert not report.ok
        assert report.quantity.startswith("df/dx[")


@pytest.mark.parametrize(
    ("arguments", "gradient", "message"),
    [
        ([1.0], [1.0, 2.0], "gradient: found 2 entries, expected 1, one for each argument"),
        ([[1.0, 2.0]], [[1.0]], "gradient for x: found shape (1,), expected (2,)"),
        ([math.inf], [1.0], "x: found inf, expected finite numbers"),
    ],
)
def test_what_fits_no_function_is_refused(arguments, gradient, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        check_function(lambda x: np.sum(x), *arguments, gradient=gradient)


def _doubled(x):
    x *= 2
    return x[0]


def _squared_first(x):
    x[0] = x[0] ** 2
    return x[0] * x[1]


def _sorted(x):
    x.sort()
    return x[0] + 2 * x[1]


@pytest.mark.parametrize("method", ["complex step", "central differences", None])
@pytest.mark.parametrize(
    ("f", "expected"), [(_doubled, [2.0, 0.0]), (_squared_first, [12.0, 9.0]), (_sorted, [2.0, 1.0])]
)
def test_a_function_that_writes_into_its_argument(f, expected, method):
    at = np.array([3.0, 2.0])
    report = check_function(f, at, method=method).require()
    assert report.expected == pytest.approx(report.found, rel=1e-8)
    assert check_function(f, at, gradient=[expected], method=method).ok
    wrong = [expected[0] * 1.001, expected[1]]
    report = check_function(f, at, gradient=[wrong], method=method)
    assert (report.ok, report.expected) == (False, pytest.approx(expected[0], rel=1e-8))
    assert at.tolist() == [3.0, 2.0]


def test_rows_that_write_into_their_arguments():
    """Their functions and derivatives are given arrays of their own, too."""

    def slope(z):
        z *= 2
        return z

    square = replace(ACTIVATIONS["tanh"], name="square", f=lambda z: z * z, df=slope)
    assert check_activation(square).ok

    def da(a, y):
        a -= y
        a *= 2
        return a

    assert check_cost(replace(COSTS["squared_error"], da=da, dy=lambda a, y: -da(a, y), paired={})).ok


def test_gradients_are_checked_twice_over():
    """A function that is itself a gradient."""
    assert check_function(lambda x: gradient(lambda v: np.sum(np.sin(v) * v**2))(x).gradient[0][1], [0.5, 1.5]).ok


# --- rows of the tables


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_each_activation_function_passes_and_its_planted_errors_do_not(name):
    row = ACTIVATIONS[name]
    assert check_activation(name).require().method == "complex step"
    for wrong in (
        lambda z: row.df(z) * (1 + 1e-9),
        lambda z: row.df(z) + 1e-9 * (np.abs(z - 0.9) < 0.1),
        lambda z: row.df(-z) - 1e-3,
        lambda z: 0 * z,
        lambda z: np.nan * z,
    ):
        report = check_activation(replace(row, df=wrong))
        assert not report.ok
        assert re.match(rf"{name}′\(-?[\d.]+\)$", report.quantity)
    planted = check_activation(replace(row, df=lambda z: row.df(z) + 1e-6 * (z == 0.9)))
    assert planted.quantity == f"{name}′(0.9)"


def test_a_row_of_ones_own_that_takes_no_complex_numbers():
    softsign = replace(
        ACTIVATIONS["tanh"], name="softsign", f=lambda z: z / (1 + np.abs(z)), df=lambda z: 1 / (1 + np.abs(z)) ** 2
    )
    report = check_activation(softsign).require()
    assert report.method == "central differences"
    assert not check_activation(replace(softsign, df=lambda z: 1 / (1 + np.abs(z)))).ok
    network = Network.random((2, 3, 1), seed=3)
    own = Network.from_arrays(network.W, network.b, activation=[softsign, network.activation[1]])
    report = check_gradient(own, [0.5, -0.3], [1.0]).require()
    assert report.method == "central differences"
    wrong = (replace(softsign, df=lambda z: 1 / (1 + z) ** 2), network.activation[1])
    report = check_gradient(Network.from_arrays(network.W, network.b, activation=wrong), [0.5, -0.3], [1.0])
    assert (report.ok, report.quantity.layer) == (False, 1)


@pytest.mark.parametrize("name", COSTS)
def test_each_cost_passes_and_its_planted_errors_do_not(name):
    row = COSTS[name]
    check_cost(name).require()
    for kind, wrong in (
        ("da", replace(row, da=lambda a, y: row.da(a, y) * [1, 1 + 1e-9, 1])),
        ("da", replace(row, da=lambda a, y: row.da(a, y) / 2)),
        ("dy", replace(row, dy=lambda a, y: -row.dy(a, y))),
    ):
        report = check_cost(wrong)
        assert not report.ok
        assert report.quantity.startswith(f"{name}: dC/{kind}[")
    for function, form in row.paired.items():
        wrong = replace(row, paired={function: replace(form, dz=lambda z, y, form=form: form.dz(z, y) + 1e-6)})
        report = check_cost(wrong)
        assert not report.ok
        assert report.quantity.startswith(f"{name} of {function}: dC/dz[")
    with pytest.raises(ValueError, match=re.escape("y: found shape (1,), expected (3,)")):
        check_cost(name, y=[0.5])


# --- networks


def test_networks_in_single_precision_are_held_to_what_it_can_do():
    network = Network.random((3, 5, 2), activation="tanh", seed=1, dtype="float32")
    x, y = [0.5, -1.0, 2.0], [1.0, 0.0]
    report = check_gradient(network, x, y)
    assert report.ok
    assert 1e-5 < report.tolerance < 1e-3
    assert not check_gradient(network, x, y, tolerance=1e-12).ok


def test_both_oracles_find_a_planted_error():
    network = Network.random((2, 3, 2), seed=5)
    x, y = [0.4, -0.9], [0.2, 0.7]
    wrong = tuple(replace(row, df=lambda z, row=row: row.df(z) * 1.001) for row in network.activation)
    planted = Network.from_arrays(network.W, network.b, activation=wrong)
    for method in ("complex step", "central differences"):
        assert check_gradient(network, x, y, method=method).ok
        report = check_gradient(planted, x, y, method=method)
        assert (report.ok, report.method) == (False, method)
        # Two wrong slopes on the way to the first layer, one on the way to the second.
        assert report.error == pytest.approx(0.002, rel=0.01)
        assert report.quantity.layer == 1
        with pytest.raises(WrongGradientError, match=rf"disagrees: at worst dC/d[wb]\[1\].*\({method}\)$"):
            report.require()


def test_the_steps_size_may_be_chosen():
    """The error of central differences falls with the square of the step."""
    network = Network.random((2, 3, 1), seed=2)
    exact = network.gradient([0.4, 0.1], [1.0])[1].derivative(Weight(1, 2, 0))
    errors = [
        abs(central_differences(network, [0.4, 0.1], [1.0], step).derivative(Weight(1, 2, 0)) - exact)
        for step in (1e-1, 1e-2, 1e-3)
    ]
    assert errors[0] / errors[1] == pytest.approx(100, rel=0.05)
    assert errors[1] / errors[2] == pytest.approx(100, rel=0.05)
