import itertools

import numpy as np
import pytest

from backprop_film.kit import GradientColumn, theme
from backprop_math import Bias, Cost, Notation, Weight
from tests.backprop_film.kit.reading import read
from tests.backprop_film.kit.stage import NOTATION, SIMPLEST, TRACE, network_example

PARAMETERS = list(SIMPLEST.network.parameters)


def whole(**how):
    return GradientColumn(TRACE, NOTATION, first=6, last=0, **how)


def rows(column, parameters):
    return [column.entry(q).get_y() for q in parameters]


def test_each_parameter_has_its_derivative():
    column = whole()
    assert len(PARAMETERS) == 6
    for quantity in PARAMETERS:
        symbol, value = column.entry(quantity)
        assert symbol.expression == NOTATION.derivative_symbol(Cost(), quantity)
        assert read(value) == f"{TRACE.derivative(quantity):.4f}"
        assert column.value(quantity) is value
        assert symbol.get_right()[0] < value.get_left()[0]
        assert quantity in column
    assert len(column.dots) == 0


def test_the_derivatives_are_those_of_a_nudge():
    column, by = whole(decimals=3), 1e-6
    for quantity in PARAMETERS:
        start = SIMPLEST.network.value(quantity)
        up, down = (SIMPLEST.with_values({quantity: start + d}).trace().cost for d in (by, -by))
        assert float(read(column.value(quantity))) == pytest.approx((up - down) / (2 * by), abs=0.0006)


def test_entries_stand_below_each_other_in_brackets_right_aligned():
    column = whole(v_buff=0.9)
    assert np.diff(rows(column, PARAMETERS)) == pytest.approx([-0.9] * 5, abs=0.02)
    rights = [column.value(q).get_right()[0] for q in PARAMETERS]
    assert rights == pytest.approx([rights[0]] * 6)
    left, right = column.brackets
    for quantity in PARAMETERS:
        entry = column.entry(quantity)
        assert left.get_right()[0] < entry.get_left()[0]
        assert entry.get_right()[0] < right.get_left()[0]
    for bracket in column.brackets:
        assert bracket.get_top()[1] > column.entry(PARAMETERS[0]).get_top()[1]
        assert bracket.get_bottom()[1] < column.entry(PARAMETERS[-1]).get_bottom()[1]
        assert bracket.get_stroke_color().to_hex() == theme.ink
    assert column.get_center() == pytest.approx([0, 0, 0])


@pytest.mark.parametrize(("first", "last"), [(2, 2), (1, 3), (3, 1)])
def test_of_many_parameters_the_first_and_the_last_are_shown(first, last):
    example = network_example(3, 4, 2)
    parameters = list(example.network.parameters)
    column = GradientColumn(example.trace(), Notation(example.network), first=first, last=last)
    shown, hidden = [*parameters[:first], *parameters[-last:]], parameters[first:-last]
    assert all(q in column for q in shown)
    assert not any(q in column for q in hidden)
    with pytest.raises(KeyError):
        column.entry(hidden[0])
    heights = rows(column, shown)
    assert heights == sorted(heights, reverse=True)
    assert heights[first - 1] > column.dots.get_y() > heights[first]
    boxes = [*(column.entry(q) for q in shown[:first]), column.dots, *(column.entry(q) for q in shown[first:])]
    for above, below in itertools.pairwise(boxes):
        assert above.get_bottom()[1] > below.get_top()[1]


def test_some_parameters_and_other_values():
    some = [Bias(3, 0), Weight(1, 0, 0)]
    column = GradientColumn(TRACE, NOTATION, some, cost=Cost(None), decimals=2, values={some[0]: 0.25, some[1]: -1.5})
    assert [read(column.value(q)) for q in some] == ["0.25", "-1.50"]
    assert column.entry(some[0])[0].expression == NOTATION.derivative_symbol(Cost(None), some[0])
    assert Weight(3, 0, 0) not in column


def test_a_vanishing_derivative_is_not_shown_as_zero():
    """One that is not 0 brings more decimals, or a power of ten, to the whole column."""
    values = dict(zip(PARAMETERS, (0.25, -0.031, 1.5, 0.0, 0.0000213, 0.5), strict=True))
    shown = [whole(values=values).value(quantity).expression.text() for quantity in PARAMETERS]
    assert shown == ["0.250000", "−0.031000", "1.500000", "0.000000", "0.000021", "0.500000"]
    values[PARAMETERS[4]] = 3.2e-11
    shown = [whole(values=values).value(quantity).expression.text() for quantity in PARAMETERS]
    assert shown == ["2.5 × 10⁻¹", "−3.1 × 10⁻²", "1.5 × 10⁰", "0", "3.2 × 10⁻¹¹", "5.0 × 10⁻¹"]
