"""The triangle of a nudge, and what a lens shows of it: at every zoom the point, the legs and the curve lie where
the function says."""

import numpy as np
import pytest
from manim import tempconfig

from backprop_film.kit import Axis, Enlarge, Lens, Plane, Secant, theme

COLORS = (theme.ink, theme.highlight)


def squares(x):
    return x**2


@pytest.fixture
def secant():
    plane = Plane(Axis((0.0, 4.0), length=6), Axis((0.0, 16.0), length=4, vertical=True))
    return Secant(plane, squares, at=1.0, slope=2.0, by=1.0, colors=COLORS)


def test_the_legs_are_the_nudge_and_what_it_does(secant):
    """From (1, 1) to (2, 4)."""
    point = secant.plane.point
    assert secant.dot.get_center() == pytest.approx(point(1.0, 1.0))
    assert secant.run.get_end() == pytest.approx(point(2.0, 1.0))
    assert secant.rise.get_end() == pytest.approx(point(2.0, 4.0))
    assert secant.ring.get_center() == pytest.approx(point(2.0, 4.0))
    along = secant.tangent.get_end() - secant.tangent.get_start()
    unit = point(2.0, 3.0) - point(1.0, 1.0)
    assert along[1] / along[0] == pytest.approx(unit[1] / unit[0])


@pytest.mark.parametrize("zoom", [10.0, 1000.0])
def test_a_lens_shows_the_graph_as_many_times_as_large(secant, zoom):
    lens = Lens(secant, width=3.0, height=2.0, center=(0.0, 0.0)).at(zoom, 1 / zoom)
    anchor, view = lens.view.dot.get_center(), lens.view
    one = secant.plane.point(1.0, 1.0)
    for x in (1.0, 1 + 0.5 / zoom, 1 + 1 / zoom):
        place = anchor + zoom * (secant.plane.point(x, squares(x)) - one)
        nearest = min(np.linalg.norm(view.curve.get_all_points() - place, axis=1))
        assert nearest < 0.03
    assert view.run.get_length() == pytest.approx(secant.run.get_length())
    # The window holds all of it.
    for part in (view.curve, view.run, view.tangent):
        assert part.get_left()[0] >= lens.border.get_left()[0] - 1e-6
        assert part.get_top()[1] <= lens.border.get_top()[1] + 1e-6


def test_chord_and_tangent_come_together(secant):
    """(1 + h)² − 1 = 2h + h²: the chord's slope is off by h."""
    lens = Lens(secant, width=3.0, height=2.0, center=(0.0, 0.0))
    apart = []
    for zoom in (10.0, 100.0, 1000.0):
        view = lens.at(zoom, 1 / zoom).view
        rise = view.rise.get_end()[1] - view.rise.get_start()[1]
        apart.append(rise / view.run.get_length() / (secant.up / secant.across) - 2.0)
    assert apart == pytest.approx([0.1, 0.01, 0.001], rel=1e-3)


def test_it_grows_out_of_the_point(secant):
    lens = Lens(secant, width=3.0, height=2.0, center=(0.0, 3.0)).at(1.0, 1.0)
    assert lens.view.dot.get_center() == pytest.approx(secant.dot.get_center())
    assert lens.border.width == pytest.approx(0.3)
    with tempconfig({"frame_rate": 15}):
        move = Enlarge(lens, 1.0, 10.0)
        move.begin()
        move.interpolate(1.0)
    assert (lens.border.width, lens.border.get_center()[1]) == pytest.approx((3.0, 3.0))


def test_what_lies_beyond_the_window_is_cut(secant):
    steep = Secant(secant.plane, lambda x: 900 * (x - 1) ** 2 + 1, at=1.0, slope=0.0, by=1.0, colors=COLORS)
    assert steep.rise.get_top()[1] <= secant.plane.y.line.get_end()[1] + 1e-6
    assert steep.ring.get_stroke_opacity() == 0


def test_a_leg_outside_of_the_window_is_not_seen(secant):
    """At zoom 1 the window is a tenth of its size: the nudge of 1 ends far outside."""
    lens = Lens(secant, width=3.0, height=2.0, center=(0.0, 3.0))
    assert lens.at(1.0, 1.0).view.rise.get_stroke_opacity() == 0
    assert lens.at(10.0, 0.1).view.rise.get_stroke_opacity() == 1


def test_the_frame_shrinks_with_what_the_lens_shows(secant):
    lens = Lens(secant, width=3.0, height=2.0, center=(0.0, 3.0))
    widths = [lens.at(zoom, 1 / zoom).frame.width for zoom in (1.0, 10.0, 100.0, 1000.0)]
    assert widths == pytest.approx([0.3, 0.3, 0.03, 0.003])
