"""The numbers of formulas that are no network's, in a ledger."""

import numpy as np
import pytest

from backprop_film.kit.shown_number import ShownNumber
from backprop_film.ledger.formulas import named_in
from backprop_film.ledger.naming import Namer
from backprop_math import Var, load_example
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
    assert expression.count("(0.01)") == 2


def test_another_value_has_none(seen):
    shown = ShownNumber("24.05", 24.05)
    assert Namer(SIMPLEST, seen).names([(shown, 0)])[shown][0] == ""


def test_what_is_no_arithmetic_or_too_long_has_none():
    x = Var(2.0, "x")
    long = x
    for _ in range(9):
        long = long * long + x
    assert [value for value, _ in named_in([np.exp(x).graph()])] == [2.0]
    assert len(named_in([(long - long).graph()])) < 18
