import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_math.costs import COSTS, cost_function
from backprop_math.expression import Number, Symbol

from .strategies import modest

ROWS = list(COSTS.values())


def test_hand_values():
    a, y = np.array([[0.5, 0.25], [2.0, -1.0]]), np.array([[1.0, 0.0], [0.0, 0.0]])
    squared, half = COSTS["squared_error"], COSTS["half_squared_error"]
    assert squared.value(a, y).tolist() == [0.3125, 5.0]
    assert half.value(a, y).tolist() == [0.15625, 2.5]
    assert squared.da(a, y).tolist() == [[-1.0, 0.5], [4.0, -2.0]]
    assert half.da(a, y).tolist() == [[-0.5, 0.25], [2.0, -1.0]]
    assert squared.dy(a, y).tolist() == [[1.0, -0.5], [-4.0, 2.0]]
    assert half.dy(a, y).tolist() == [[0.5, -0.25], [-2.0, 1.0]]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@given(a=st.floats(-5, 5), y=st.floats(-5, 5))
@modest
def test_derivatives_are_what_complex_step_finds(row, a, y):
    step = 1e-100
    pair = np.array([a]), np.array([y])
    assert row.da(*pair)[0] == pytest.approx(row.value(pair[0] + 1j * step, pair[1]).imag / step, rel=1e-13)
    assert row.dy(*pair)[0] == pytest.approx(row.value(pair[0], pair[1] + 1j * step).imag / step, rel=1e-13)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_formulas_calculate_what_the_functions_do(row):
    a, y = np.array([0.75]), np.array([-0.5])
    shown = Number(0.75, 2), Number(-0.5, 2)
    assert row.formula(*shown).shown_value() == row.value(a, y)
    assert row.da_formula(*shown).shown_value() == row.da(a, y)[0]
    assert row.dy_formula(*shown).shown_value() == row.dy(a, y)[0]


@pytest.mark.parametrize(
    ("name", "formulas"),
    [
        ("squared_error", ["(a − y)²", "2(a − y)", "−2(a − y)"]),
        ("half_squared_error", ["½ (a − y)²", "a − y", "y − a"]),
    ],
)
def test_formulas_in_print(name, formulas):
    row, a, y = COSTS[name], Symbol("a"), Symbol("y")
    assert [f(a, y).text() for f in (row.formula, row.da_formula, row.dy_formula)] == formulas


def test_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match=r"cost: found 'square_error', .* \(nearest: 'squared_error'\)"):
        cost_function("square_error")
