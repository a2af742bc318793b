import numpy as np
import pytest
from manim import UP, VGroup

from backprop_film.kit import FunctionPlot, LayerDots, Prose, theme
from tests.backprop_film.kit.any_network import faults_of


def test_a_dot_is_as_high_as_its_power_of_ten():
    dots = LayerDots([1e-4, 1e-2, 1.0], span=(1e-6, 1.0), height=3.0).move_to([0.3, -0.2, 0])
    foot = dots.axis.line.get_start()[1]
    assert [dot.get_y() - foot for dot in dots.dots[0]] == pytest.approx([1.0, 2.0, 3.0])
    assert [dot.get_x() for dot in dots.dots[0]] == pytest.approx([dots.x(layer) for layer in (1, 2, 3)])


def test_a_zero_is_a_number_at_the_foot_and_no_line_leads_there():
    dots = LayerDots([1e-2, 0.0, 1e-2, 1e-1], span=(1e-3, 1.0))
    assert dots.dots[0][1].expression.text() == "0"
    assert [line.layer for line in dots.lines[0]] == [3]
    assert len(dots.drop(2)) == 1
    assert len(dots.drop(3)) == 2


def test_the_guide_divides_by_the_same_in_each_layer():
    dots = LayerDots([1e-5, 1e-3, 0.1, 1.0], span=(1e-6, 1.0), height=3.0)
    spots = [spot.get_center() for spot in dots.guide(0.1)]
    assert spots[0] == pytest.approx(dots.dots[0][-1].get_center())
    falls = [(spots[0][1] - y) / (spots[0][0] - x) for x, y, _ in spots[1:]]
    assert falls == pytest.approx([0.5 / (dots.x(2) - dots.x(1))] * len(falls))


def test_a_text_is_moved_off_the_grid():
    dots = LayerDots([1e-4, 1.0], span=(1e-6, 1.0))
    word = dots.clear(Prose("sigmoid", font_size=28).move_to(dots.grid[2]))
    assert all(not word.get_bottom()[1] < line.get_y() < word.get_top()[1] for line in dots.grid)


@pytest.mark.parametrize("count", [1, 3, 12, 20])
def test_any_number_of_layers_has_room(count):
    sizes = [10.0 ** -(layer % 13) for layer in range(count)]
    assert faults_of(LayerDots(sizes, [0.5 * size for size in sizes], name=Prose("mean")).move_to([0, 0.2, 0])) == []


def test_a_curve_goes_through_the_points_of_its_function():
    plot = FunctionPlot(lambda x: x**2, (-1.0, 1.0), (0.0, 1.0))
    for x in (-1.0, 0.0, 1.0):
        place = plot.plane.point(x, x * x)
        assert min(abs(corner - place).max() for corner in plot.curve.points) < 1e-6


def test_a_text_finds_a_place_that_nothing_touches():
    dots = LayerDots([1e-4, 1e-2, 1.0], span=(1e-5, 1.0))
    words, taken = Prose("a quarter", font_size=25), dots.dots[0][1].get_center()
    there = taken + 0.9 * UP
    expected = dots.clear(words.copy().move_to(there)).get_center()
    assert np.allclose(dots.free(words, [taken, there], VGroup()).get_center(), expected)
    assert faults_of(dots, words) == []


def test_a_text_finds_a_place_within_the_safe_area():
    dots, words = LayerDots([1e-4, 1e-2, 1.0], span=(1e-5, 1.0)), Prose("a quarter", font_size=25)
    out, there = ([x, 1.2, 0] for x in (theme.safe.right, 0.0))
    assert dots.free(words, [out, there], VGroup()).get_x() == 0.0
    assert faults_of(words) == []


def test_the_guide_leaves_out_what_would_lie_on_a_zero():
    dots = LayerDots([0.0, 1e-2, 1.0], span=(1e-5, 1.0))
    assert faults_of(dots, dots.guide(0.005)) == []


def test_the_guide_ends_at_what_it_has_come_to_in_the_first_layer():
    dots = LayerDots([1e-2, 0.1, 1.0, 1.0], span=(1e-6, 1.0), height=3.0)
    assert dots.guide_end(0.1).get_center() == pytest.approx([dots.x(1), dots.y(1e-3), 0])
