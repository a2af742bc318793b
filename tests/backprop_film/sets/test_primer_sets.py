"""Functions that are no network's: nudged, and drawn with what the nudges do. All expected numbers are by hand."""

import pytest

from backprop_film.sets import AreaNudges, FunctionCurve, MachinesInARow, TwoRoads, derivative_of, measured_change
from tests.backprop_film.kit.any_network import faults_of


def double(x):
    return 2 * x


def square(x):
    return x**2


@pytest.mark.parametrize(
    ("by", "change", "ratio"), [(1.0, "7", "7"), (0.1, "0.61", "6.1"), (0.001, "0.006001", "6.001")]
)
def test_a_change_is_measured_with_all_its_digits(by, change, ratio):
    one = measured_change(square, {"x": 3.0}, by)
    assert (one.change.shown, one.value.shown) == (change, ratio)
    assert one.value.exact


def test_a_derivative_of_one_input_holds_the_others_still():
    assert derivative_of(lambda x, y: x * y**2, {"x": 5.0, "y": 3.0}, "y") == 30.0


def test_in_a_row_the_ratios_multiply():
    row = MachinesInARow({"double": double, "square": square}, at=3.0, by=0.01)
    assert [one.value.shown for one in row.measured] == ["2", "12.02"]
    assert row.product.expression.text() == "2 · 12.02 = 24.04"
    assert row.limit.expression.text() == "2 · 12 = 24"
    assert row.chain.expression.text() == "Δy/Δx = Δu/Δx · Δy/Δu = 24.04"
    widths = [station.bars.width for station in row.stations]
    assert [width / widths[0] for width in widths] == pytest.approx([1.0, 2.0, 24.04])
    assert len(row.strokes) == 2
    assert faults_of(row.everything, row.product, row.chain, row.strokes) == []
    assert faults_of(row, row.bars, row.slopes, row.limit, row.chain_of_limits) == []


def test_where_two_roads_meet_the_ratios_add():
    roads = TwoRoads({"double": double, "square": square}, at=3.0, by=0.01, y=-0.85)
    assert [one.change.shown for one in roads.measured] == ["0.02", "0.0601"]
    assert roads.sum.expression.text() == "2 + 6.01 = 8.01"
    assert roads.limit.expression.text() == "2 + 6 = 8"
    first, second = roads.stations[-1].bars
    assert second.get_left()[0] == pytest.approx(first.get_right()[0])
    assert roads.stations[-1].change.expression.text().strip() == "+ 0.0801"
    assert faults_of(roads.everything, roads.sum, roads.note()) == []


def test_the_ratios_of_a_curve_go_to_its_slope():
    curve = FunctionCurve(square, at=3.0, nudges=(1.0, 0.1, 0.01), span=(0.0, 5.0), up=(0.0, 25.0))
    assert [one.value.shown for one in curve.measured] == ["7", "6.1", "6.01"]
    assert curve.ratios.derivative.expression.text() == "dy/dx = 6"
    curve.lens.at(100.0, 0.01)
    shown = (curve.plane, curve.names, curve.secant, curve.lens, *curve.labels(2))
    assert faults_of(*shown, curve.ratios.rows, curve.ratios.rules, curve.ratios.quotient) == []


def test_a_strip_is_as_long_as_the_side_that_is_held_still():
    picture = AreaNudges(width=3.0, height=2.0, by=0.5)
    assert [ratio.expression.text() for ratio in picture.ratios] == ["Δy/Δx₁ = 1/0.5 = 2", "Δy/Δx₂ = 1.5/0.5 = 3"]
    assert [line.expression.text() for line in picture.derivatives] == ["∂y/∂x₁ = x₂ = 2", "∂y/∂x₂ = x₁ = 3"]
    wide, high = picture.strips
    assert wide.height == pytest.approx(picture.box.height)
    assert high.width == pytest.approx(picture.box.width)
    for place, strip in enumerate(picture.strips):
        assert faults_of(picture, strip, picture.nudges[place], picture.added[place], picture.ratios) == []
