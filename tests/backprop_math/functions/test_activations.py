import math
import warnings
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_math import ACTIVATIONS, Activation, Network, Notation, Number, Product, Symbol, register_activation
from backprop_math.checks import check_gradient
from backprop_math.formula import Negative, Power
from backprop_math.functions import activation_function

from ..strategies import modest

ROWS = list(ACTIVATIONS.values())
EXTREME = np.array([-1e4, -710.0, -40.0, -1e-300, 0.0, 1e-300, 40.0, 710.0, 1e4])


def values_by_definition(name, z):
    return {
        "identity": lambda: (z, 1.0),
        "sigmoid": lambda: (1 / (1 + math.exp(-z)), math.exp(-z) / (1 + math.exp(-z)) ** 2),
        "tanh": lambda: (math.tanh(z), 1 / math.cosh(z) ** 2),
        "relu": lambda: (max(0.0, z), float(z > 0)),
        "leaky_relu": lambda: (z if z > 0 else 0.01 * z, 1.0 if z > 0 else 0.01),
        "elu": lambda: (z if z > 0 else math.expm1(z), 1.0 if z > 0 else math.exp(z)),
        "softplus": lambda: (math.log1p(math.exp(z)), 1 / (1 + math.exp(-z))),
        "silu": lambda: (z / (1 + math.exp(-z)), (1 + math.exp(-z) + z * math.exp(-z)) / (1 + math.exp(-z)) ** 2),
        "gelu": lambda: (
            z * math.erfc(-z / math.sqrt(2)) / 2,
            math.erfc(-z / math.sqrt(2)) / 2 + z * NormalDist().pdf(z),
        ),
    }[name]()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@given(z=st.floats(-20, 20))
@modest
def test_values_are_those_of_the_definition(row, z):
    f, df = values_by_definition(row.name, z)
    # The slopes of SiLU and GELU are sums, with digits lost near where they are 0.
    room = 1e-15 if row.name in ("silu", "gelu") else 0
    assert float(row.f(np.float64(z))) == pytest.approx(f, rel=1e-13, abs=0)
    assert float(row.df(np.float64(z))) == pytest.approx(df, rel=1e-13, abs=room)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@given(z=st.floats(-30, 30).filter(lambda z: abs(z) > 1e-9))
@modest
def test_derivative_is_what_complex_step_finds(row, z):
    exact = row.f(np.array(z + 1e-100j)).imag / 1e-100
    assert float(row.df(np.float64(z))) == pytest.approx(exact, rel=1e-12, abs=1e-15)


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


@pytest.mark.parametrize(
    ("name", "values", "slopes"),
    [
        ("identity", [-1e4, 1e4], [1.0, 1.0]),
        ("sigmoid", [0.0, 1.0], [0.0, 0.0]),
        ("tanh", [-1.0, 1.0], [0.0, 0.0]),
        ("relu", [0.0, 1e4], [0.0, 1.0]),
        ("leaky_relu", [-100.0, 1e4], [0.01, 1.0]),
        ("elu", [-1.0, 1e4], [0.0, 1.0]),
        ("softplus", [0.0, 1e4], [0.0, 1.0]),
        ("silu", [0.0, 1e4], [0.0, 1.0]),
        ("gelu", [0.0, 1e4], [0.0, 1.0]),
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_far_from_zero_functions_and_gradients_are_their_limits(name, values, slopes, dtype):
    """z = ±1e4 in a network, by both ways to the gradient: C = (a − y)² with y = a − 1, so that dC/da is 2."""
    row, z = ACTIVATIONS[name], np.array([-1e4, 1e4], dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert row.f(z) == pytest.approx(values, rel=1e-7, abs=1e-30)
        assert row.df(z) == pytest.approx(slopes, rel=1e-7, abs=1e-30)
        network = Network.from_arrays([[[0.0], [0.0]]], [z], activation=name, dtype=dtype)
        y = row.f(z) - np.array(1.0, dtype)
        cost, gradient = network.gradient([1.0], y)
        trace = network.forward([1.0]).backward(y)
    assert cost == pytest.approx(2.0, rel=1e-3)
    assert gradient.db[1] == pytest.approx(2 * np.array(slopes), rel=1e-3, abs=1e-30)
    assert trace.db[1] == pytest.approx(2 * np.array(slopes), rel=1e-3, abs=1e-30)


def test_published_values():
    """Abramowitz and Stegun, table 26.1: Φ(1), Φ(2); and e, to the digits printed there."""
    gelu = ACTIVATIONS["gelu"]
    assert gelu.f(np.array([1.0, 2.0, -1.0])) == pytest.approx(
        [0.84134_47460_68543, 2 * 0.97724_98680_51821, 0.84134_47460_68543 - 1], rel=1e-14
    )
    # ∫ below −10 of the normal density is 7.619853024160527e-24: no digits are lost far from 0.
    assert gelu.f(np.array([-10.0])) == pytest.approx([-10 * 7.619853024160527e-24], rel=1e-13)
    assert ACTIVATIONS["elu"].f(np.array([-1.0]))[0] == pytest.approx(1 / math.e - 1, rel=1e-15)
    assert ACTIVATIONS["softplus"].f(np.array([0.0, -50.0])) == pytest.approx([math.log(2), math.exp(-50)], rel=1e-14)


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "elu"])
def test_whole_numbers_are_no_trap(name):
    row = ACTIVATIONS[name]
    assert row.f(np.array([-3, 2])).tolist() == row.f(np.array([-3.0, 2.0])).tolist()
    assert row.df(np.array([-3, 2])).tolist() == row.df(np.array([-3.0, 2.0])).tolist()


@pytest.fixture
def bent(request):
    """A row of a user's, z² with its sign; the derivative is the one asked for."""
    row = register_activation(
        "bent",
        f=lambda z: z * np.where(np.real(z) < 0, -z, z),
        df=request.param,
        formula=lambda z: Power(z, 2),
        derivative_formula=lambda z: Product((Number(2.0, 0), z)),
    )
    yield row
    del ACTIVATIONS["bent"]


@pytest.mark.parametrize("bent", [lambda z: 2 * np.abs(z)], indirect=True)
def test_a_row_of_ones_own_is_used_printed_and_checked(bent):
    network = Network.random((2, 3, 1), activation="bent", seed=2)
    assert check_gradient(network, [0.5, -1.0], [0.3]).ok
    assert str(Notation(network).definition(Activation(2, 0))) == "a⁽ᴸ⁾ = bent(z⁽ᴸ⁾)"
    assert Notation(network).slope(Activation(2, 0)).latex().startswith(r"\operatorname{bent}'")
    with pytest.raises(ValueError, match="activation 'bent': found in the table already, expected a new name"):
        register_activation("bent", f=abs, df=abs, formula=Negative, derivative_formula=Negative)


@pytest.mark.parametrize("bent", [lambda z: 2 * z], indirect=True)
def test_a_row_of_ones_own_with_a_wrong_derivative_is_caught(bent):
    network = Network.random((2, 3, 1), activation="bent", seed=2)
    assert not check_gradient(network, [0.5, -1.0], [0.3]).ok


@pytest.mark.parametrize("name", ["", "a b", "2d", 'x")', "σ"])
def test_names_that_could_not_be_printed(name):
    with pytest.raises(ValueError, match="expected a letter, then letters, digits and underscores"):
        register_activation(name, f=abs, df=abs, formula=Negative, derivative_formula=Negative)
    assert name not in ACTIVATIONS


def test_relu_has_no_slope_at_0():
    assert ACTIVATIONS["relu"].df(np.array([-0.0, 0.0])).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtype_and_shape_are_kept(row, dtype):
    z = np.linspace(-2, 2, 6, dtype=dtype).reshape(2, 3)
    for function in (row.f, row.df):
        assert (function(z).dtype, function(z).shape) == (np.dtype(dtype), (2, 3))


@pytest.mark.parametrize("name", ACTIVATIONS)
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
        ("leaky_relu", "{z if z > 0; 0.01 z otherwise}", "{1 if z > 0; 0.01 otherwise}"),
        ("elu", "{z if z > 0; e^z − 1 otherwise}", "{1 if z > 0; e^z otherwise}"),
        ("softplus", "ln(1 + e^z)", "σ(z)"),
        ("silu", "z σ(z)", "σ(z)(1 + z (1 − σ(z)))"),
        ("gelu", "z Φ(z)", "Φ(z) + z φ(z)"),
    ],
)
def test_formulas_in_print(name, formula, derivative):
    row, z = ACTIVATIONS[name], Symbol("z")
    assert (row.formula(z).text(), row.derivative_formula(z).text()) == (formula, derivative)


def test_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match=r"activation: found 'sigmod', expected one of .*nearest: 'sigmoid'"):
        activation_function("sigmod")
    with pytest.raises(ValueError, match=r"activation: found 3, expected one of 'identity', 'sigmoid', .*, 'gelu'$"):
        activation_function(3)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_small_floats_have_no_floor(row, dtype):
    """Down to where the dtype has no smaller number, in each way to calculate it, by the definitions in float64."""
    z = np.array([-60, -30, -18, -12, -9.5, -7, -3, -0.25, 0.25, 3, 7, 9.5, 12, 18, 30, 60], dtype)
    f, df = np.array([values_by_definition(row.name, float(each)) for each in z]).T
    eps, least = float(np.finfo(dtype).eps), float(np.finfo(dtype).smallest_subnormal)
    pairs = [(row.f(z), f), (row.df(z), df)]
    if row.both:
        a, slope = np.empty_like(z), np.empty_like(z)
        row.both(z, a, slope)
        pairs += [(a, f), (slope, df)]
    for found, expected in pairs:
        assert found.dtype == z.dtype
        assert found.astype(float) == pytest.approx(expected, rel=4 * eps, abs=least)


def test_the_slope_of_tanh_in_half_precision():
    """1 / cosh²(7) is 3.326e-6, by hand 4 e^(−14)."""
    z = np.array([-7.0, 7.0], "float16")
    assert ACTIVATIONS["tanh"].df(z) == pytest.approx([3.326e-6] * 2, rel=0.01)
    net = Network.from_arrays([[[1.0]]], [[0.0]], activation="tanh", dtype="float16")
    _, gradient = net.gradient([-7.0], [-1.5])
    assert gradient.db[1] == pytest.approx([3.326e-6], rel=0.01)  # ∂C/∂a is 2 (−1 + 1.5) = 1
