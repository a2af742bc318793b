import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_film.kit import Formula, Readout, theme
from backprop_math import Activation, Cost, Number, Weight
from tests.backprop_film.kit.reading import read
from tests.backprop_film.kit.stage import SIMPLEST, TRACE

# Across zero, and across a new place in front.
RANGES = [np.linspace(-0.5, 0.5, 41), np.linspace(9.9, 10.1, 21), np.linspace(-10.05, -9.95, 11), [0.0, -99.5, 100.0]]
values = st.floats(-2000, 2000)
places = st.integers(0, 5)


def point_of(readout):
    """The points of the decimal point."""
    (cell,) = (cell for cell in readout if len(cell.points) and max(cell.width, cell.height) < 0.25 * readout.height)
    return cell.points


class Steady:
    """Watches a readout: a digit in the last place is always in the same place, and so is the decimal point."""

    def __init__(self, readout):
        self.readout, self.last, self.point = readout, {}, point_of(readout).copy()

    def look(self):
        shown, rightmost = read(self.readout), max(self.readout, key=lambda cell: cell.get_right()[0])
        assert np.allclose(point_of(self.readout), self.point, atol=1e-9)
        known = self.last.setdefault(shown[-1], rightmost.points.copy())
        assert np.allclose(rightmost.points, known, atol=1e-9)


def cells(readout):
    """The cells that are shown, from the right."""
    return sorted((c for c in readout if len(c.points)), key=lambda c: -c.get_right()[0])


def aligned(readout, like):
    """The readout with its decimal point where that of ``like`` is."""
    return readout.shift(point_of(like)[0] - point_of(readout)[0])


@pytest.mark.parametrize("run", RANGES, ids=lambda run: f"{run[0]} to {run[-1]}")
@pytest.mark.parametrize("decimals", [2, 4])
def test_the_last_digit_never_moves(run, decimals):
    watched = Steady(Readout(run[0], decimals=decimals).shift([2, 1, 0]))
    for value in run:
        watched.readout.set_value(value)
        watched.look()


def test_a_readout_that_moves_would_be_noticed():
    class Wandering(Readout):
        def set_value(self, value):
            return super().set_value(value).center()

    watched = Steady(Wandering(9.99, decimals=2))
    watched.look()
    watched.readout.set_value(10.0)
    with pytest.raises(AssertionError):
        watched.look()


@settings(deadline=None, max_examples=60)
@given(st.lists(values, min_size=1, max_size=4), places)
def test_it_shows_the_digits_of_its_number(run, decimals):
    readout = Readout(0.0, decimals=decimals)
    for value in run:
        readout.set_value(value)
        assert readout.value == value
        assert read(readout) == Number(value, decimals).shown == readout.number.shown


@settings(deadline=None, max_examples=60)
@given(values, values, st.sampled_from([1.0, 0.45, 3.0]))
def test_a_changed_readout_is_as_a_new_one(first, second, scale):
    readout = Readout(first, decimals=3).scale(scale).shift([1.0, -2.0, 0.0])
    readout.set_value(second)
    fresh = aligned(Readout(second, decimals=3).scale(scale), readout)
    assert len(cells(readout)) == len(cells(fresh))
    for cell, new in zip(cells(readout), cells(fresh), strict=True):
        assert cell.points == pytest.approx(new.points, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(values, values)
def test_only_the_places_that_change_get_other_points(first, second):
    readout = Readout(first, decimals=2)
    before = [cell.points for cell in readout]
    old, new = readout.number.shown[::-1], readout.set_value(second).number.shown[::-1]
    for place, cell in enumerate(readout):
        if place < min(len(old), len(new)) and old[place] == new[place]:
            assert cell.points is before[place]
        elif place < min(len(old), len(new)):
            assert not np.array_equal(cell.points, before[place])
        else:
            assert len(cell.points) == 0 or place < len(new)


def test_an_equal_text_changes_nothing():
    readout = Readout(0.484, decimals=2)
    before = [cell.points for cell in readout]
    readout.set_value(0.476)
    assert all(cell.points is points for cell, points in zip(readout, before, strict=True))
    assert readout.value == 0.476


def test_there_is_no_negative_zero():
    assert read(Readout(-0.001, decimals=2)) == "0.00"


def test_it_grows_and_shrinks_to_the_left():
    readout = Readout(1.5, decimals=1)
    right, width = readout.get_right()[0], readout.width
    readout.set_value(-11.5)
    assert readout.width > width
    assert readout.get_right()[0] == pytest.approx(right)
    readout.set_value(1.5)
    assert (readout.width, readout.get_right()[0]) == (pytest.approx(width), pytest.approx(right))


@pytest.mark.parametrize("change", [lambda r: r.set_opacity(0.3), lambda r: r.set_color("#123456")])
def test_a_new_place_looks_like_the_others(change):
    readout = Readout(9.99, decimals=2)
    readout.set_value(-10.0).set_value(9.99)
    change(readout)
    readout.set_value(-100.0)
    looks = {(cell.get_fill_color().to_hex(), float(cell.get_fill_opacity())) for cell in readout}
    assert len(looks) == 1


def test_a_copy_is_independent():
    readout = Readout(0.48, decimals=2)
    copy = readout.copy().set_value(0.51)
    assert (read(readout), read(copy)) == ("0.48", "0.51")


def test_it_asks_the_trace():
    readout = Readout(TRACE, Weight(3, 0, 0), decimals=4)
    assert read(readout) == "1.7000"
    assert readout[0].get_fill_color().to_hex() == theme.colour(Weight(3, 0, 0))
    readout.show(SIMPLEST.with_values({Weight(3, 0, 0): -1.9}).trace())
    assert read(readout) == "-1.9000"
    assert read(Readout(0.25, Cost(), decimals=2)) == "0.25"
    assert Readout(TRACE, Activation(3, 0), color="#123456")[0].get_fill_color().to_hex() == "#123456"


def test_it_asks_what_it_is_told_to_ask():
    readout = Readout(TRACE, Weight(3, 0, 0), decimals=4, ask=lambda trace: 2 * trace.value(Weight(3, 0, 0)))
    assert read(readout) == "3.4000"
    assert readout[0].get_fill_color().to_hex() == theme.colour(Weight(3, 0, 0))
    readout.show(SIMPLEST.with_values({Weight(3, 0, 0): -1.9}).trace())
    assert read(readout) == "-3.8000"
    assert read(Readout(TRACE, ask=lambda trace: 0.5, decimals=1)) == "0.5"


def test_it_needs_something_to_show():
    with pytest.raises(TypeError, match=r"^Readout: found .*Cost.*, expected a trace or a number"):
        Readout(Cost())
    with pytest.raises(ValueError, match="found no quantity and no ask"):
        Readout(TRACE)
    with pytest.raises(ValueError, match="no quantity"):
        Readout(1.0).show(TRACE)


@pytest.mark.parametrize("value", [-6.3e-16, 1.234e-9, 8.1e-7])
def test_a_power_of_ten_is_typeset(value):
    """Outline by outline as in a formula, which Typst lays out."""
    number = Number(value, 18)
    readout, formula = Readout(value, decimals=18, font_size=48), Formula(number, font_size=48)
    assert "e" in number.shown
    drawn = sorted(cells(readout), key=lambda cell: cell.get_left()[0])
    wanted = sorted(formula.family_members_with_points(), key=lambda cell: cell.get_left()[0])
    assert len(drawn) == len(wanted)
    shift = wanted[0].points[0] - drawn[0].points[0]
    for one, other in zip(drawn, wanted, strict=True):
        assert one.points + shift == pytest.approx(other.points, abs=0.01)


def test_from_a_decimal_to_a_power_of_ten_and_back():
    readout = Readout(0.25, decimals=9)
    fresh = Readout(2.5e-8, decimals=9)
    changed = readout.set_value(2.5e-8)
    assert len(cells(changed)) == len(cells(fresh))
    for cell, new in zip(cells(changed), cells(aligned(fresh, changed)), strict=True):
        assert cell.points == pytest.approx(new.points, abs=1e-9)
    assert read(readout.set_value(0.25)) == "0.250000000"
