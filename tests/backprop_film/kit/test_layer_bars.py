import pytest

from backprop_film.kit import FunctionPlot, LayerBars
from tests.backprop_film.kit.any_network import faults_of


def test_a_bar_is_as_high_as_its_power_of_ten():
    bars = LayerBars([1e-4, 1e-2, 1.0], span=(1e-6, 1.0), height=3.0)
    assert [bar.height for bar in bars.bars] == pytest.approx([1.0, 2.0, 3.0])
    assert [bar.get_bottom()[1] for bar in bars.bars] == pytest.approx([bars.axis.line.get_start()[1]] * 3)


def test_nothing_has_no_bar():
    bars = LayerBars([0.0, 1e-2], span=(1e-3, 1.0))
    assert bars.bars[0].expression.text() == "0"


@pytest.mark.parametrize("count", [1, 3, 12, 20])
def test_any_number_of_layers_has_room(count):
    sizes = [10.0 ** -(layer % 13) for layer in range(count)]
    assert (
        faults_of(LayerBars(sizes, [0.5 * size for size in sizes], names=("sigmoid", "ReLU")).move_to([0, 0.5, 0]))
        == []
    )


def test_a_curve_goes_through_the_points_of_its_function():
    plot = FunctionPlot(lambda x: x**2, (-1.0, 1.0), (0.0, 1.0))
    for x in (-1.0, 0.0, 1.0):
        place = plot.plane.point(x, x * x)
        assert min(abs(corner - place).max() for corner in plot.curve.points) < 1e-6
