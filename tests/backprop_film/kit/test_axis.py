import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manim import ORIGIN, PI, UP

from backprop_film.kit import Axis, AxisDot, Plane, close_up_span, decades, equal_width_spans
from tests.backprop_film.kit.reading import read

SPANS = [(0.0, 2.0), (-1.5, 0.5), (-3.0, 0.0), (0.0, 1e-12), (-1e12, 1e12), (1.65, 1.75), (0.5, 0.5 + 2e-9)]
LOG_SPANS = [(1e-12, 1e12), (1e-3, 1.0), (0.02, 50.0), (1e11, 1e12)]


def texts(axis):
    return [label.expression.text() for label in axis.labels]


# -- places -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("vertical", [False, True])
def test_a_value_lies_as_far_along_as_it_lies_between_the_ends(span, vertical):
    axis = Axis(span, length=4, vertical=vertical).scale(0.5, about_point=ORIGIN).shift([1.0, -2.0, 0.0])
    along = np.array([0.0, 1.0, 0.0] if vertical else [1.0, 0.0, 0.0])
    for part in (0.0, 0.25, 0.9, 1.0):
        value = span[0] + part * (span[1] - span[0])
        assert axis.point(value) == pytest.approx([1.0, -2.0, 0.0] + (part - 0.5) * 2 * along, abs=1e-5)
        assert axis.beyond(value) == 0


@pytest.mark.parametrize("span", LOG_SPANS)
def test_on_a_logarithmic_axis_equal_ratios_are_equal_distances(span):
    axis = Axis(span, length=6, logarithmic=True)
    low, high = map(math.log10, span)
    for part in (0.0, 0.3, 0.5, 1.0):
        value = 10 ** (low + part * (high - low))
        assert axis.point(value)[0] == pytest.approx(-3 + 6 * part, abs=1e-6)
        assert axis.line.p2n(axis.point(value)) == pytest.approx(value)


def test_by_hand():
    """1e-12 to 1e12 on 24 units: a unit for each power of ten; the derivatives of a deep network on it."""
    axis = Axis((1e-12, 1e12), length=24, logarithmic=True)
    for value, x in ((1e-12, -12), (3.2e-7, -12 + 5.50515), (1.0, 0), (2e11, 11.30103), (1e12, 12)):
        assert axis.point(value)[0] == pytest.approx(x, abs=1e-5)


@pytest.mark.parametrize(("value", "side"), [(2.0001, 1), (1e300, 1), (-0.001, -1), (2.0, 0), (0.0, 0), (2 + 1e-12, 0)])
def test_beyond_an_end_there_is_its_end(value, side):
    axis = Axis((0.0, 2.0), length=4)
    assert axis.beyond(value) == side
    assert axis.point(value)[0] == pytest.approx({1: 2, -1: -2}.get(side, 2 * value - 2 if side == 0 else 0))


@pytest.mark.parametrize("value", [0.0, -3.0, 1e-13, 5e-324])
def test_what_no_power_of_ten_reaches_lies_before_a_logarithmic_axis(value):
    axis = Axis((1e-12, 1.0), logarithmic=True)
    assert axis.beyond(value) == -1
    assert axis.point(value) == pytest.approx(axis.line.get_start())


@pytest.mark.parametrize(
    ("span", "how", "told"),
    [
        ((1.0, 1.0), {}, "an axis: found the span (1, 1), expected finite ends, the lower one first"),
        ((2.0, 1.0), {}, "an axis: found the span (2, 1), expected finite ends, the lower one first"),
        ((0.0, math.inf), {}, "an axis: found the span (0, inf), expected finite ends, the lower one first"),
        ((math.nan, 1.0), {}, "an axis: found the span (nan, 1), expected finite ends, the lower one first"),
        ((0.0, 1.0), {"logarithmic": True}, "a logarithmic axis: found the lower end 0, expected one above 0"),
    ],
)
def test_a_wrong_span_is_told_in_a_line(span, how, told):
    with pytest.raises(ValueError) as error:
        Axis(span, **how)
    assert str(error.value) == told


def test_other_values_may_be_put_at_the_ends():
    axis = Axis((0.0, 2.0), length=4)
    axis.span = (1.0, 5.0)
    assert axis.point(2.0)[0] == pytest.approx(-1)


# -- ticks and numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        ((0.0, 2.0), ["0", "2"]),
        ((-1.5, 0.25), ["−1.5", "0.25"]),
        ((1.65, 1.75), ["1.65", "1.75"]),
        ((0.0, 1e-7), ["0", "10⁻⁷"]),
        ((-2.5e9, 4e9), ["−2.5 · 10⁹", "4 · 10⁹"]),
        ((-1e12, 1e12), ["−10¹²", "10¹²"]),
        ((0.0, 2500000.0), ["0", "2500000"]),
    ],
)
def test_the_ends_are_named_as_short_as_they_can_be(span, shown):
    assert texts(Axis(span)) == shown


@settings(deadline=None, max_examples=100)
@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e3), st.booleans())
def test_the_ends_of_a_close_up_are_told_apart(value, size, falls):
    span = close_up_span(value, -size if falls else size)
    first, second = texts(Axis(span))
    assert first != second


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        ((1e-12, 1e12), ["10⁻¹²", "10⁻⁸", "10⁻⁴", "10⁰", "10⁴", "10⁸", "10¹²"]),
        ((0.02, 50.0), ["10⁻¹", "10⁰", "10¹"]),
    ],
)
def test_on_a_logarithmic_axis_powers_of_ten_are_named(span, shown):
    axis = Axis(span, logarithmic=True)
    assert texts(axis) == shown
    for label in axis.labels:
        assert label.get_x() == pytest.approx(axis.point(label.expression.shown_value())[0])
        assert label.get_top()[1] < axis.line.get_y()
    assert [tick.get_x() for tick in axis.ticks] == sorted(tick.get_x() for tick in axis.ticks)
    assert len(axis.ticks) == round(math.log10(span[1] / span[0]) - 1e-9 if span[0] == 0.02 else 25)


def test_numbers_of_an_axis_do_not_touch_each_other():
    labels = Axis((1e-12, 1e12), logarithmic=True, length=5).labels
    for one, other in pairwise(labels):
        assert one.get_right()[0] + 0.1 < other.get_left()[0]


def test_beside_an_upright_axis_numbers_stand_at_its_left():
    axis = Axis((0.0, 2.0), vertical=True, length=3, labels=(0.5,), ticks=(0.5, 1.0))
    (label,) = axis.labels
    assert read(label) == "0.5"
    assert label.get_right()[0] < axis.line.get_x()
    assert label.get_y() == pytest.approx(axis.point(0.5)[1])
    assert [tick.get_y() for tick in axis.ticks] == pytest.approx([axis.point(v)[1] for v in (0.5, 1.0)])
    assert all(tick.width == pytest.approx(0.14) for tick in axis.ticks)


# -- dots and planes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("vertical", [False, True])
def test_a_dot_turns_into_an_arrowhead_that_points_on_and_back_again(vertical):
    axis = Axis((0.0, 2.0), vertical=vertical).scale(2).shift(UP)
    dot = AxisDot(axis, 1.0)
    along = axis.along
    for value, side in ((3.0, 1), (-1.0, -1)):
        dot.at(value)
        outside = side * ((dot.points - axis.point(value)) @ along)
        assert outside.min() == pytest.approx(0, abs=1e-9)
        assert outside.max() > 0.2
        assert dot.tip == pytest.approx(axis.point(value) + side * outside.max() * along)
    assert dot.at(0.5).get_center() == pytest.approx(axis.point(0.5))
    assert dot.width == pytest.approx(dot.height) == pytest.approx(0.42)


def test_a_turned_axis_keeps_its_places():
    axis = Axis((0.0, 2.0), length=4).rotate(PI / 2, about_point=ORIGIN)
    assert axis.point(1.5) == pytest.approx([0.0, 1.0, 0.0], abs=1e-9)
    assert axis.along == pytest.approx([0.0, 1.0, 0.0], abs=1e-9)


def test_a_plane_of_layers_and_derivatives():
    """Derivatives from 1e-12 to 1 of layers 1 to 5, on 12 units."""
    plane = Plane(Axis((1.0, 5.0), length=8), Axis((1e-12, 1.0), length=12, logarithmic=True, vertical=True))
    corner = plane.x.line.get_start()
    assert plane.y.line.get_start() == pytest.approx(corner)
    for layer, derivative, x, y in ((1, 1e-12, 0, 0), (3, 1e-6, 4, 6), (5, 0.01, 8, 10), (2, 0.0, 2, 0)):
        assert plane.point(layer, derivative) - corner == pytest.approx([x, y, 0], abs=1e-6)


# -- spans ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [0.0, 0.25, -3.0, 1e12, 1e-12])
@pytest.mark.parametrize("change", [0.0, 1e-18, -1e-18])
def test_no_change_has_a_close_up_too(value, change):
    low, high = close_up_span(value, change)
    assert low < value < high
    assert low + (high - low) / 4 <= value <= high - (high - low) / 4


def test_moves_of_nothing_have_spans():
    assert equal_width_spans((0.0, 0.0), (0.5, 0.5)) == [(0.0, 1.0), (0.0, 1.0)]


@settings(deadline=None)
@given(st.lists(st.floats(1e-300, 1e300) | st.just(0.0), min_size=1, max_size=5))
def test_decades_are_powers_of_ten_that_hold_all_that_is_positive(values):
    low, high = decades(*values)
    assert low < high
    assert all(low * (1 - 1e-9) <= value <= high * (1 + 1e-9) for value in values if value > 0)
    for end in (low, high):
        assert math.log10(end) == pytest.approx(round(math.log10(end)))
