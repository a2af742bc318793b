import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_math.activations import ACTIVATIONS, activation_function
from backprop_math.expression import Number, Symbol

from .strategies import modest

ROWS = list(ACTIVATIONS.values())
EXTREME = np.array([-1e4, -710.0, -40.0, -1e-300, 0.0, 1e-300, 40.0, 710.0, 1e4])


def values_by_definition(name, z):
    return {
        "identity": lambda: (z, 1.0),
        "sigmoid": lambda: (1 / (1 + math.exp(-z)), math.exp(-z) / (1 + math.exp(-z)) ** 2),
        "tanh": lambda: (math.tanh(z), 1 / math.cosh(z) ** 2),
        "relu": lambda: (max(0.0, z), float(z > 0)),
    }[name]()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@given(z=st.floats(-20, 20))
@modest
def test_values_are_those_of_the_definition(row, z):
    f, df = values_by_definition(row.name, z)
    assert float(row.f(np.float64(z))) == pytest.approx(f, rel=1e-13, abs=0)
    assert float(row.df(np.float64(z))) == pytest.approx(df, rel=1e-13, abs=0)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@given(z=st.floats(-30, 30).filter(lambda z: abs(z) > 1e-9))
@modest
def test_derivative_is_what_complex_step_finds(row, z):
    assert float(row.df(np.float64(z))) == pytest.approx(row.f(np.array(z + 1e-100j)).imag / 1e-100, rel=1e-12)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_extreme_inputs_are_finite_and_give_no_warning(row):
    with warnings.catch_warnings(), np.errstate(over="raise", invalid="raise", divide="raise"):
        warnings.simplefilter("error")
        assert np.isfinite(row.f(EXTREME)).all()
        assert np.isfinite(row.df(EXTREME)).all()


def test_extreme_values():
    sigmoid, tanh = ACTIVATIONS["sigmoid"], ACTIVATIONS["tanh"]
    assert sigmoid.f(np.array([-1e4, 1e4])).tolist() == [0.0, 1.0]
    # Where 1 − σ(z) rounds to 0 the slope must not: it is e^(−z) there, on both sides.
    assert sigmoid.df(np.array([-100.0, 100.0])) == pytest.approx([math.exp(-100)] * 2, rel=1e-14)
    assert tanh.df(np.array([-25.0, 25.0])) == pytest.approx([4 * math.exp(-50)] * 2, rel=1e-14)


def test_relu_has_no_slope_at_0():
    assert ACTIVATIONS["relu"].df(np.array([-0.0, 0.0])).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtype_and_shape_are_kept(row, dtype):
    z = np.linspace(-2, 2, 6, dtype=dtype).reshape(2, 3)
    for function in (row.f, row.df):
        assert (function(z).dtype, function(z).shape) == (np.dtype(dtype), (2, 3))


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "identity"])
@pytest.mark.parametrize("z", [-1.25, 0.5, 2.0])
def test_formulas_calculate_what_the_functions_do(name, z):
    row = ACTIVATIONS[name]
    number = Number(z, 2)
    f, df = values_by_definition(name, z)
    assert row.formula(number).shown_value() == pytest.approx(f)
    assert row.derivative_formula(number).shown_value() == pytest.approx(df)
    assert row.applied(number).shown_value() == pytest.approx(f)
    assert row.derivative_applied(number).shown_value() == pytest.approx(df)


@pytest.mark.parametrize(
    ("name", "formula", "derivative"),
    [
        ("identity", "z", "1"),
        ("sigmoid", "1/(1 + e^(−z))", "σ(z)(1 − σ(z))"),
        ("tanh", "(e^z − e^(−z))/(e^z + e^(−z))", "1 − (tanh(z))²"),
        ("relu", "max(0, z)", "{1 if z > 0; 0 otherwise}"),
    ],
)
def test_formulas_in_print(name, formula, derivative):
    row, z = ACTIVATIONS[name], Symbol("z")
    assert (row.formula(z).text(), row.derivative_formula(z).text()) == (formula, derivative)


def test_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match=r"activation: found 'sigmod', expected one of .*nearest: 'sigmoid'"):
        activation_function("sigmod")
    with pytest.raises(
        ValueError, match=r"activation: found 3, expected one of 'identity', 'sigmoid', 'tanh', 'relu'$"
    ):
        activation_function(3)
