import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manim import RIGHT, Mobject, VGroup, linear, smooth

from backprop_film.kit import ChangeQuantity, Gauge, Readout, Zoom, close_up_span, nice_span, theme
from backprop_math import Activation, Bias, Cost, Network, Notation, Number, Target, Weight, WeightedSum
from tests.backprop_film.kit.reading import read
from tests.backprop_film.kit.stage import NOTATION, SIMPLEST, TRACE, in_chapter, on_screen, played

W = Weight(3, 0, 0)


class Fixed:
    """A trace in which everything has one value."""

    def __init__(self, value):
        self.value = lambda quantity: value


def gauge(quantity=W, trace=TRACE, **how):
    return Gauge(trace, NOTATION, quantity, **how)


def label_light(made):
    """How visible the parts of the change's label are."""
    return {glyph.get_fill_opacity() for part in made.change_label for glyph in part.family_members_with_points()}


def label_middle(made):
    """The middle of what is visible of the change's label."""
    seen = [g for part in made.change_label for g in part.family_members_with_points() if g.get_fill_opacity()]
    return (min(g.get_left()[0] for g in seen) + max(g.get_right()[0] for g in seen)) / 2


# -- spans ------------------------------------------------------------------------------------------------

sizes = st.floats(1e-6, 1e6) | st.integers(1, 1000).map(lambda n: n / 100)
signed = st.builds(lambda size, sign: size * sign, sizes, st.sampled_from([-1, 1])) | st.just(0.0)


def span_faults(span, values):
    """What is wrong with a span for these values."""
    low, high = span
    room = 1e-9 * (high - low)
    found = set()
    if not (low - room <= min(0, *values) and max(0, *values) <= high + room and low < high):
        found.add("leaves out")
    for end, outermost in ((low, min(values)), (high, max(values))):
        if end:
            mantissa = abs(end) / 10 ** math.floor(math.log10(abs(end)) + 1e-12)
            if not math.isclose(mantissa * 2, round(mantissa * 2), rel_tol=1e-9):
                found.add("not round")
        if abs(end - outermost) < 0.1 * abs(end) and not math.isclose(end, outermost):
            found.add("too near an end")
    if max(map(abs, values)) and high - low > 3 * max(max(values) - min(0, *values), -min(values), 0):
        found.add("too wide")
    return found


@settings(deadline=None, max_examples=300)
@given(st.lists(signed, min_size=1, max_size=4))
def test_a_span_holds_zero_and_all_values_and_has_round_ends(values):
    assert span_faults(nice_span(*values), values) == set()


def test_a_bad_span_would_be_noticed():
    assert span_faults((0.0, 1.0), [1.2]) == {"leaves out"}
    assert span_faults((0.5, 1.0), [0.6]) == {"leaves out"}
    assert span_faults((0.0, 0.77), [0.5]) == {"not round"}
    assert span_faults((0.0, 1.0), [0.95]) == {"too near an end"}
    assert span_faults((0.0, 10.0), [0.6]) == {"too wide"}


def test_a_span_of_nothing_is_one():
    assert nice_span(0.0) == (0.0, 1.0)


# -- the dot ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("span", [(0.0, 2.0), (-1.5, 0.5), (-3.0, 0.0)])
@pytest.mark.parametrize(("scale", "shift"), [(1.0, 0.0), (0.5, 3.0)])
def test_the_dot_is_at_its_value(span, scale, shift):
    width = 3.0
    made = gauge(trace=Fixed(span[0]), span=span, width=width).scale(scale).shift([shift, -shift, 0])
    left, y = made.line.get_left()[0], made.line.get_y()
    for part in np.linspace(0, 1, 7):
        value = span[0] + part * (span[1] - span[0])
        made.show(Fixed(value))
        expected = [left + part * width * scale, y, 0]
        assert made.dot.get_center() == pytest.approx(expected)
        assert made.point(value) == pytest.approx(expected)
        assert read(made.readout) == Number(value, 4).shown


@pytest.mark.parametrize(("value", "end", "side"), [(2.5, "get_end", 1), (-7.0, "get_start", -1)])
def test_a_dot_beyond_an_end_is_an_arrowhead_there_that_points_on(value, end, side):
    made = gauge(span=(-1.0, 2.0), trace=Fixed(0.5)).shift([1.0, 2.0, 0.0])
    made.show(Fixed(value))
    place = getattr(made.line, end)()
    assert read(made.readout) == f"{value:.4f}"
    assert made.dot.beyond == side
    # Its base stands at the end of the line, its tip outside; nothing of it is on the line.
    outside = side * (made.dot.points[:, 0] - place[0])
    assert outside.min() == pytest.approx(0)
    assert made.dot.tip == pytest.approx(place + side * outside.max() * RIGHT)
    assert outside.max() > 0.1
    back = made.show(Fixed(0.5)).dot
    assert (back.beyond, back.width) == (0, pytest.approx(gauge(trace=Fixed(0.5)).dot.width))
    assert back.get_center() == pytest.approx(made.point(0.5))


def test_at_an_end_the_dot_is_a_dot():
    made = gauge(span=(-1.0, 2.0), trace=Fixed(2.0))
    assert made.dot.beyond == 0
    assert made.dot.get_center() == pytest.approx(made.line.get_end())


def test_it_begins_with_the_traces_value_in_its_colour():
    made = gauge(Activation(3, 0))
    low, high = made.span
    part = (TRACE.value(Activation(3, 0)) - low) / (high - low)
    assert made.dot.get_x() == pytest.approx(made.line.get_left()[0] + part * made.line.width)
    made = gauge(Cost())
    for part in (made.dot, made.ring, made.change):
        assert part.get_color().to_hex() == theme.colour(Cost())
    assert made.readout[0].get_fill_color().to_hex() == theme.colour(Cost())
    assert made.symbol.get_right()[0] < made.line.get_left()[0]
    assert made.line.get_right()[0] < made.readout.get_left()[0]


def test_it_may_show_what_is_asked_of_the_trace():
    made = gauge(Cost(), span=(-1.0, 1.0), ask=lambda trace: trace.derivative(W))
    middle, half = made.line.get_x(), made.line.width / 2
    assert made.dot.get_x() == pytest.approx(middle + TRACE.derivative(W) * half)
    nudged = SIMPLEST.with_values({W: -0.3}).trace()
    made.show(nudged)
    assert made.dot.get_x() == pytest.approx(middle + nudged.derivative(W) * half)
    assert made.readout.value == nudged.derivative(W)


def test_the_ends_are_named_below_the_line():
    made = gauge(span=(-1.5, 2.0))
    assert [read(end) for end in made.axis.labels] == ["-1.5", "2"]
    for end, value in zip(made.axis.labels, made.span, strict=True):
        assert end.get_x() == pytest.approx(made.point(value)[0])
        assert end.get_top()[1] < made.line.get_y()


# -- marks ------------------------------------------------------------------------------------------------


def test_a_mark_stays_where_the_dot_was():
    made = gauge(span=(0.0, 2.0), trace=Fixed(0.5))
    assert not made.marked
    made.mark()
    assert made.marked
    assert (made.change.get_stroke_opacity(), label_light(made)) == (0, {0})
    made.show(Fixed(1.5))
    start, end = made.point(0.5), made.point(1.5)
    assert made.ring.get_center() == pytest.approx(start)
    assert made.change.get_start() == pytest.approx(start)
    assert made.change.get_end() == pytest.approx(end)
    name, equal, about, number = made.change_label
    assert label_middle(made) == pytest.approx((start + end)[0] / 2)
    assert made.change_label.get_bottom()[1] > made.line.get_y()
    assert made.change.get_stroke_opacity() == 1
    assert label_light(made) == {0, 1}
    # Δ w (L) = 1.0000: all of its digits are shown, so that "≈" is not.
    assert len(name) == 1 + len(made.symbol)
    assert read(number) == "1.0000"
    assert (equal.get_fill_opacity(), about.get_fill_opacity()) == (1, 0)
    made.show(Fixed(0.5 + 1 / 3))
    assert (equal.get_fill_opacity(), about.get_fill_opacity()) == (0, 1)
    assert read(number) == "0.3333"


def test_a_change_may_be_backwards_and_vanishes_where_it_began():
    made = gauge(span=(0.0, 2.0), trace=Fixed(1.5)).mark()
    made.show(Fixed(0.5))
    assert made.change.get_end()[0] < made.change.get_start()[0]
    made.show(Fixed(1.5))
    assert made.change.get_stroke_opacity() == 0
    assert label_light(made) == {0}


def test_an_unmarked_gauge_shows_no_change():
    made = gauge(span=(0.0, 2.0), trace=Fixed(0.5)).mark().show(Fixed(1.5)).unmark()
    assert not made.marked
    assert made.ring.get_stroke_opacity() == made.change.get_stroke_opacity() == 0
    made.show(Fixed(0.25))
    assert made.change.get_stroke_opacity() == 0
    assert label_light(made) == {0}


def test_a_new_mark_begins_anew():
    made = gauge(span=(0.0, 2.0), trace=Fixed(0.5)).mark().show(Fixed(1.5)).mark()
    assert made.ring.get_center() == pytest.approx(made.point(1.5))
    assert made.change.get_stroke_opacity() == 0


def test_no_change_is_a_change_of_nothing_and_named_as_soon_as_its_cause_has_moved():
    """A dead ReLU: w moves by 0.6, and C stays where it is."""
    dead = Network.from_arrays(weights=[[[-1.0]], [[1.0]]], biases=[[0.0], [0.0]], activation="relu")
    w, trace = Weight(2, 0, 0), dead.forward([0.5]).backward([1.0])
    made = Gauge(trace, Notation(dead), Cost()).mark(w)
    place = made.dot.get_center()
    assert label_light(made) == {0}
    made.show(dead.replace({w: 1.6}).forward([0.5]).backward([1.0]))
    assert made.dot.get_center() == pytest.approx(place)
    assert made.ring.get_center() == pytest.approx(place)
    assert label_light(made) == {0, 1}
    assert made.change.get_stroke_opacity() == 0
    assert read(made.change_label[-1]) == "0.0000"
    made.show(trace)
    assert label_light(made) == {0}


def test_marks_move_with_the_gauge():
    made = gauge(span=(0.0, 2.0), trace=Fixed(0.5)).mark().show(Fixed(1.5)).shift([1.0, 2.0, 0.0])
    assert made.ring.get_center() == pytest.approx(made.point(0.5))
    made.show(Fixed(1.0))
    assert made.change.get_end() == pytest.approx(made.point(1.0))


# -- sweeps -----------------------------------------------------------------------------------------------


def by_hand(weight):
    """The simplest example with another last weight, from its numbers."""

    def sigma(z):
        return 1 / (1 + math.exp(-z))

    a = sigma(1.3 * sigma(1.4 * 0.8 - 0.4) - 0.94)
    z = weight * a - 0.17
    return {
        W: weight, Activation(2, 0): a, Bias(3, 0): -0.17, WeightedSum(3, 0): z, Activation(3, 0): sigma(z),
        Target(0): 1.0, Cost(): (sigma(z) - 1.0) ** 2,
    }  # fmt: skip


def shown(followers):
    return {follower.quantity: follower.value for follower in followers}


@pytest.mark.parametrize("rate_func", [linear, smooth])
@pytest.mark.parametrize(("alpha", "weight"), [(0, 1.7), (0.5, 1.95), (1, 2.2), (-0.1, 1.7), (1.7, 2.2)])
def test_a_sweep_calculates_the_example_anew(alpha, weight, rate_func):
    readouts = [Readout(TRACE, quantity) for quantity in by_hand(1.7)]
    gauges = [gauge(quantity, span=(-1.0, 3.0)) for quantity in by_hand(1.7)]
    ChangeQuantity(SIMPLEST, W, 1.7, 2.2, [*readouts, *gauges], rate_func=rate_func).interpolate(alpha)
    expected = by_hand(weight)
    assert shown(readouts) == pytest.approx(expected, rel=1e-12)
    for made in gauges:
        value = expected[made.quantity]
        assert made.readout.value == pytest.approx(value, rel=1e-12)
        assert read(made.readout) == f"{value:.4f}"
        assert made.dot.get_x() == pytest.approx(made.line.get_left()[0] + (value + 1) / 4 * made.line.width)


def test_a_sweep_of_an_earlier_quantity_moves_all_that_follows():
    readouts = {q: Readout(TRACE, q) for q in (Activation(0, 0), Activation(1, 0), Weight(2, 0, 0), Cost())}
    ChangeQuantity(SIMPLEST, Activation(0, 0), 0.8, -0.4, list(readouts.values())).interpolate(1)
    assert readouts[Activation(0, 0)].value == -0.4
    assert readouts[Activation(1, 0)].value == pytest.approx(1 / (1 + math.exp(1.4 * 0.4 + 0.4)))
    assert readouts[Weight(2, 0, 0)].value == 1.3
    assert readouts[Cost()].value != pytest.approx(TRACE.cost)


def test_the_example_itself_stays_as_it_is():
    ChangeQuantity(SIMPLEST, W, 1.7, 2.2, [Readout(TRACE, W)]).interpolate(1)
    assert SIMPLEST.network.value(W) == 1.7


@pytest.mark.parametrize("stage", [played, in_chapter])
def test_a_sweep_played_ends_at_its_end_and_leaves_the_gauges_on_the_screen(stage):
    gauges = [gauge(q, span=(-1.0, 3.0)).shift(2 * RIGHT) for q in (W, Cost())]
    seen = []

    def construct(scene):
        scene.add(*gauges)
        gauges[0].mark()
        watcher = Mobject().add_updater(lambda m: seen.append(gauges[0].readout.value))
        scene.add(watcher)
        scene.play(ChangeQuantity(SIMPLEST, W, 1.7, 2.2, gauges), run_time=1)
        scene.remove(watcher)

    scene = stage(construct, fps=10)
    assert shown(g.readout for g in gauges) == pytest.approx({q: by_hand(2.2)[q] for q in (W, Cost())}, rel=1e-12)
    assert sorted(seen) == seen
    assert len(set(seen)) > 5
    assert {id(m) for m in scene.get_mobject_family_members()} >= {id(part) for g in gauges for part in g.get_family()}
    if stage is in_chapter:
        assert [id(m) for m in on_screen(scene)] == [id(g) for g in gauges]


def test_a_label_stays_over_its_line():
    made = gauge(span=(0.0, 2.0), trace=Fixed(0.0)).mark().show(Fixed(0.05))
    assert made.change_label[0].get_left()[0] >= made.line.get_left()[0] - 0.3 - 1e-9


def test_followers_with_a_lag_move_one_after_the_other():
    """Halfway, the first is further along than the last; at both ends they agree."""
    readouts = [Readout(TRACE, W) for _ in range(3)]
    change = ChangeQuantity(SIMPLEST, W, 0.0, 1.0, readouts, lag=0.5, rate_func=linear)
    change.interpolate(0.5)
    assert [readout.value for readout in readouts] == pytest.approx([1.0, 0.5, 0.0])
    for alpha in (0, 1):
        change.interpolate(alpha)
        assert {readout.value for readout in readouts} == {alpha}


# -- zooming ----------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=200)
@given(st.floats(-50, 50), st.floats(1e-5, 10), st.booleans())
def test_a_window_shows_the_change_in_its_middle_half(value, size, falls):
    change = -size if falls else size
    low, high = close_up_span(value, change)
    middle = value + change / 2
    assert low + (high - low) / 4 <= middle <= high - (high - low) / 4
    assert 5 * size <= high - low <= 15 * size


def test_zoomed_it_shows_the_same_value_on_another_span():
    made = gauge(span=(0.0, 2.0), trace=Fixed(0.5), decimals=2)
    Zoomed = Zoom(made, (0.45, 0.55), decimals=4, rate_func=linear)
    Zoomed.begin()
    Zoomed.interpolate(0.5)
    # Halfway the width is the geometric mean, and the dot is halfway between its two places.
    assert made.span[1] - made.span[0] == pytest.approx(math.sqrt(2.0 * 0.1))
    assert made.dot.get_x() == pytest.approx(made.line.get_left()[0] + 0.375 * made.line.width)
    Zoomed.finish()
    assert made.span == (0.45, 0.55)
    assert made.dot.get_x() == pytest.approx(made.line.get_x())
    assert read(made.readout) == "0.5000"
    assert [end.expression.value for end in made.axis.labels] == [0.45, 0.55]
    everything = [id(part) for part in made.submobjects]
    assert len(everything) == len(set(everything)) == 7
    made.mark().show(Fixed(0.51))
    assert read(made.change_label[-1]) == "0.0100"


def test_zoomed_it_still_asks_what_it_asked():
    made = gauge(Cost(), span=(-1.0, 1.0), decimals=2, ask=lambda trace: trace.derivative(W))
    zoom = Zoom(made, (-0.1, 0.1), decimals=3)
    zoom.begin()
    zoom.finish()
    nudged = SIMPLEST.with_values({W: 2.5}).trace()
    made.show(nudged)
    assert read(made.readout) == f"{nudged.derivative(W):.3f}"


def test_zoomed_the_mark_is_where_it_was_left():
    made = gauge(span=(0.0, 2.0), trace=Fixed(0.5)).mark().show(Fixed(0.52))
    zoom = Zoom(made, (0.45, 0.55), decimals=4, rate_func=linear)
    zoom.begin()
    for alpha in (0.3, 1.0):
        zoom.interpolate(alpha)
        assert made.ring.get_center() == pytest.approx(made.point(0.5))
        assert made.change.get_start() == pytest.approx(made.point(0.5))
        assert made.change.get_end() == pytest.approx(made.point(0.52))


def test_what_shows_one_moment_shows_one_calculation():
    """A network may have millions of weights."""
    seen = []

    class Seen(VGroup):
        def show(self, trace):
            seen.append(trace)

    move = ChangeQuantity(SIMPLEST, W, 1.7, 2.0, [Seen(), Seen(), Seen()], lag=0.5, rate_func=linear)
    for alpha, expected in ((0.0, 1), (0.5, 3), (1.0, 1)):
        seen.clear()
        move.interpolate(alpha)
        assert len({id(trace) for trace in seen}) == expected
