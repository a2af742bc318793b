"""The numbers of formulas that are no network's, in a ledger."""

import numpy as np
import pytest

from backprop_film.kit.shown_number import ShownNumber
from backprop_film.ledger.formulas import named_in
from backprop_film.ledger.naming import Namer
from backprop_math import Var, load_example
from backprop_math.autodiff import parse_formula
from backprop_math.checks import Recalculation
from backprop_math.watch import watched

SIMPLEST = load_example("simplest")


@pytest.fixture(scope="module")
def seen():
    """The ratio that a nudge of 0.01 at 3 has for the square of the double: 24.04, by hand."""
    with watched() as seen:
        x, h = Var(3.0, "x"), Var(0.01, "h")
        (((2 * (x + h)) ** 2 - (2 * x) ** 2) / h).graph()
    return seen


def test_a_ratio_of_two_changes_has_its_calculation(seen):
    shown = ShownNumber("24.04", 24.039999999999395)
    expression, example = Namer(SIMPLEST, seen).names([(shown, 0)])[shown]
    assert Recalculation(example).value(expression) == pytest.approx(24.04, rel=1e-12)


def test_another_value_has_none(seen):
    shown = ShownNumber("24.05", 24.05)
    assert Namer(SIMPLEST, seen).names([(shown, 0)])[shown][0] == ""


FORMULAS = {
    "x*y + sin(x)": {"x": 2.0, "y": 3.0},
    "log(x^2 + 1) / sqrt(y) - max(x, y)^3": {"x": -1.5, "y": 0.5},
    "atan2(y, x) * cbrt(x) + hypot(x, y) + logaddexp(x, y)": {"x": -1.5, "y": 0.5},
    "sigmoid(w*x + b) * tanh(w) + x^y + relu(b) + abs(b) - 2^(-x)": {"w": 0.7, "x": 1.2, "b": -0.3, "y": 2.5},
}


@pytest.mark.parametrize("text", FORMULAS)
def test_every_number_of_a_graph_is_calculated_again(text):
    numbers = named_in([parse_formula(text, FORMULAS[text]).graph()])
    recalculation = Recalculation(SIMPLEST)
    assert len(numbers) > 10
    for value, name in numbers:
        assert recalculation.value(name()) == pytest.approx(value, rel=1e-12, abs=1e-15), name()


def test_a_wrong_slope_is_found():
    numbers = named_in([parse_formula("x*y + sin(x)", {"x": 2, "y": 3}).graph()])
    name = next(name() for value, name in numbers if value == np.cos(2.0))
    assert Recalculation(SIMPLEST).value(name.replace("sin", "cos")) == pytest.approx(-np.sin(2.0))
