import numpy as np
import pytest

from backprop_film.kit import ChangeQuantity, NudgeBars, ResidualArrows, SignedBar
from backprop_math import Activation, Bias, Network, Notation, Target, Weight, WeightedSum
from tests.backprop_film.kit.stage import NOTATION, SIMPLEST, TRACE

A, Y, W, Z = Activation(3, 0), Target(0), Weight(3, 0, 0), WeightedSum(3, 0)
SPANS = ((0.0, 1.0), (-0.8, 0.8))


def tipped(bar):
    """Where a bar ends: at its tip's first corner, or at its line's end."""
    return bar.tip.points[0] if bar.tip is not None else bar.line.get_end()


@pytest.mark.parametrize("tip", [False, True])
@pytest.mark.parametrize(
    ("start", "end"), [((0, 0, 0), (2, 0, 0)), ((1, 1, 0), (-0.5, 1, 0)), ((0, 0, 0), (0.1, 0, 0))]
)
def test_a_bar_reaches_from_its_start_to_its_end(start, end, tip):
    bar = SignedBar(start, end, color="#FFFFFF", tip=tip)
    assert np.allclose(bar.line.get_start(), start)
    assert np.allclose(tipped(bar), end)
    assert bar.line.get_stroke_opacity() == 1


def test_a_bar_of_no_length_is_not_seen_and_comes_back():
    bar = SignedBar((0, 0, 0), (1, 0, 0), color="#FFFFFF", tip=True)
    bar.reach((0.5, 0, 0), (0.5, 0, 0))
    assert bar.line.get_stroke_opacity() == 0
    assert bar.tip.width < 1e-6
    assert np.allclose(tipped(bar.reach((0, 0, 0), (0, 2, 0))), (0, 2, 0))
    assert bar.line.get_stroke_opacity() == 1


@pytest.mark.parametrize("y", [1.0, 0.8, 0.5])
def test_the_pull_is_twice_the_miss_and_points_the_same_way(y):
    picture = ResidualArrows(TRACE, NOTATION, A, spans=SPANS).shift([0.3, -0.2, 0])
    ChangeQuantity(SIMPLEST, Y, 1.0, y, [picture]).interpolate(1)
    a = TRACE.value(A)
    miss, pull = (tipped(bar) - bar.line.get_start() for bar in (picture.miss, picture.pull))
    assert pull == pytest.approx(2 * miss, abs=1e-6)
    assert np.sign(miss[0]) == np.sign(a - y)
    assert picture.factor.value == pytest.approx(2 * (round(a, 4) - y))
    assert (picture.readouts[Y].value, picture.readouts[A].value) == (y, a)


def test_the_factor_follows_from_the_digits_shown_wherever_y_is():
    """2(0.65791 − 0.45271) is 0.4104, of the unrounded numbers too; of others only what is shown says so."""
    picture = ResidualArrows(TRACE, NOTATION, A, spans=SPANS)
    for y in np.linspace(1.0, 0.4527, 60):
        ChangeQuantity(SIMPLEST, Y, 1.0, float(y), [picture]).interpolate(1)
        shown = {q: float(readout.number.shown) for q, readout in picture.readouts.items()}
        assert picture.factor.number.shown == f"{2 * (shown[A] - shown[Y]):.4f}".replace("-0.0000", "0.0000")


def test_the_factor_of_another_cost_is_its_own():
    """Of a = 0.99996, four digits leave 1.0000, by which the cross-entropy's slope is not to be calculated."""
    network = Network.from_arrays([[[1.0]]], [[0.0]], cost="cross_entropy")
    trace = network.forward([10.0]).backward([0.0])
    picture = ResidualArrows(trace, Notation(network), Activation(1, 0), spans=((0.0, 1.0), (0.0, 40000.0)))
    assert picture.factor.value == pytest.approx(1 / (1 - trace.value(Activation(1, 0))))


def test_the_names_do_not_meet_where_the_dots_do():
    picture = ResidualArrows(TRACE, NOTATION, A, spans=SPANS)
    ChangeQuantity(SIMPLEST, Y, 1.0, TRACE.value(A), [picture]).interpolate(1)
    assert picture.names[Y].get_bottom()[1] > picture.names[A].get_top()[1]


@pytest.mark.parametrize("bias", [-4.5, -0.94, 2.5])
def test_the_lower_bar_is_as_long_as_the_factor_says(bias):
    before = Bias(2, 0)
    bars = NudgeBars(TRACE, NOTATION, W, Z, span=(0.0, 1.0)).shift([0.5, 0.5, 0])
    ChangeQuantity(SIMPLEST, before, -0.94, bias, [bars]).interpolate(1)
    first, second = (bar.line.get_length() for bar in bars.bars)
    active = SIMPLEST.with_values({before: bias}).trace().value(Activation(2, 0))
    assert second / first == pytest.approx(active)
    assert bars.readout.value == pytest.approx(active)
    assert bars.bars[0].line.get_start()[0] == pytest.approx(bars.bars[1].line.get_start()[0])
