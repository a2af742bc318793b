import math

import numpy as np
import pytest

from backprop_film.kit import TangentPlot
from backprop_math import ACTIVATIONS, WeightedSum
from tests.backprop_film.kit.any_network import faults_of
from tests.backprop_film.kit.stage import NOTATION

Z = WeightedSum(3, 0)
SLOPES = {
    "sigmoid": (lambda z: 1 / (1 + math.exp(-z)), lambda z: math.exp(-z) / (1 + math.exp(-z)) ** 2),
    "tanh": (math.tanh, lambda z: 1 - math.tanh(z) ** 2),
    "relu": (lambda z: max(0.0, z), lambda z: float(z > 0)),
    "identity": (lambda z: z, lambda z: 1.0),
}


class Fixed:
    """A trace in which everything has one value."""

    def __init__(self, value):
        self.value = lambda quantity: value


def plot(name, **how):
    return TangentPlot(Fixed(0.5), NOTATION, Z, ACTIVATIONS[name], **how)


class Paper:
    """Reads data from a plot's curve: its first and last points are those of the span's ends."""

    def __init__(self, made, name, span=(-5.0, 5.0)):
        self.f = SLOPES[name][0]
        points = made.curve.points
        self.z = np.polyfit([points[0][0], points[-1][0]], span, 1)
        heights = [points[:, 1].min(), points[:, 1].max()]
        self.a = np.polyfit(heights, [min(map(self.f, span)), max(map(self.f, span))], 1)

    def __call__(self, point):
        return np.polyval(self.z, point[0]), np.polyval(self.a, point[1])


@pytest.mark.parametrize("name", SLOPES)
@pytest.mark.parametrize(("scale", "shift"), [(1.0, 0.0), (1.0, 2.0), (0.5, -1.0)])
def test_dot_and_tangent_are_at_z(name, scale, shift):
    made = plot(name).scale(scale).shift([shift, -shift, 0])
    paper, (f, slope) = Paper(made, name), SLOPES[name]
    for z in (-4.5, -1.0, 0.25, 2.0, 4.0):
        made.show(Fixed(z))
        assert paper(made.dot.get_center()) == pytest.approx((z, f(z)), abs=1e-6)
        (z0, a0), (z1, a1) = paper(made.tangent.get_start()), paper(made.tangent.get_end())
        assert (a1 - a0) / (z1 - z0) == pytest.approx(slope(z), abs=1e-6)
        assert ((z0 + z1) / 2, (a0 + a1) / 2) == pytest.approx((z, f(z)), abs=1e-6)
        assert made.readout.value == pytest.approx(slope(z))


@pytest.mark.parametrize("name", SLOPES)
def test_a_nudge_goes_along_the_tangent_to_the_other_axis(name):
    made, (_, slope) = plot(name), SLOPES[name]
    paper = Paper(made, name)
    for z in (-3.5, 0.25, 2.0):
        made.show(Fixed(z))
        (z0, a0), (z1, a1) = paper(made.nudge.get_start()), paper(made.nudge.get_end())
        # On the z axis, which lies under all of the curve.
        ground = min(0, paper.f(-5.0))
        assert (z0, z1, a0, a1) == pytest.approx((z - 0.5, z + 0.5, ground, ground), abs=1e-6)
        (x0, a0), (x1, a1) = paper(made.change.get_start()), paper(made.change.get_end())
        assert (x0, x1) == pytest.approx((-5, -5), abs=1e-6)
        assert a1 - a0 == pytest.approx(slope(z), abs=2e-3)  # of no slope, a dot is left


def test_the_slope_keeps_its_place_beside_the_plot():
    made = TangentPlot(Fixed(-3.5), NOTATION, Z, ACTIVATIONS["sigmoid"], width=9.4, height=2.85)
    place = made.label.get_right()
    assert made.label.get_left()[0] > max(made.curve.get_right()[0], made.plane.x.line.get_right()[0])
    for z in (0.0, 3.5):
        assert made.show(Fixed(z)).label.get_right() == pytest.approx(place, abs=0.02)  # a digit's own width


def test_what_changes_is_not_read_as_a_factor_of_the_number_at_the_axis():
    made = TangentPlot(Fixed(0.0), NOTATION, Z, ACTIVATIONS["sigmoid"], width=9.4, height=2.85)
    (one,) = made.plane.y.labels
    assert one.get_fill_opacity() == 1
    made.show(Fixed(3.5))
    assert abs(made.change_name.get_y() - one.get_y()) < 0.3
    assert one.get_fill_opacity() == 0


@pytest.mark.parametrize("name", SLOPES)
def test_the_curve_is_the_functions(name):
    made = plot(name)
    paper = Paper(made, name)
    for point in made.curve.get_anchors()[::7]:
        z, a = paper(point)
        assert a == pytest.approx(SLOPES[name][0](z), abs=1e-6)


def test_the_tangent_has_a_fixed_length():
    made, lengths = plot("sigmoid"), []
    for z in (-4.0, 0.0, 3.0):
        lengths.append(made.show(Fixed(z)).tangent.get_length())
    assert lengths == pytest.approx([lengths[0]] * 3)


@pytest.mark.parametrize(("z", "shown", "side"), [(9.0, 5.0, 1), (-7.5, -5.0, -1)])
def test_beyond_the_axis_an_arrowhead_points_on_from_its_end(z, shown, side):
    made = plot("tanh").show(Fixed(z))
    assert made.dot.beyond == side
    base = made.dot.points[np.argmin(side * made.dot.points[:, 0])]
    assert Paper(made, "tanh")(base)[0] == pytest.approx(shown, abs=1e-6)
    # The slope is that of z itself.
    assert made.readout.value == pytest.approx(1 - math.tanh(z) ** 2)


def test_a_dot_off_the_curve_would_be_noticed():
    made = plot("sigmoid").show(Fixed(1.0))
    made.dot.shift([0, 0.01, 0])
    assert Paper(made, "sigmoid")(made.dot.get_center()) != pytest.approx((1.0, SLOPES["sigmoid"][0](1.0)), abs=1e-6)


@pytest.mark.parametrize("z", [-5.0, -4.8, 4.9, 5.0])
def test_at_an_end_of_the_axis_a_nudge_is_shorter_on_both_axes(z):
    """So that nothing goes through the numbers under the axis; both bars keep the slope's ratio."""
    made = plot("identity").show(Fixed(z))
    paper = Paper(made, "identity")
    (z0, _), (z1, _) = paper(made.nudge.get_start()), paper(made.nudge.get_end())
    (_, a0), (_, a1) = paper(made.change.get_start()), paper(made.change.get_end())
    assert (z0, z1) == pytest.approx((max(z - 0.5, -5.0), min(z + 0.5, 5.0)), abs=1e-6)
    assert (a0, a1) == pytest.approx((z0, z1), abs=1e-6)
    assert faults_of(made) == []
