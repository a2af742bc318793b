"""A nudge that falls down a path: segments to one scale from one edge, and numbers that multiply."""

import pytest

from backprop_film.kit import Fall, NudgeBeam, Shrink
from backprop_math import Activation, Cost, Example, Notation, Nudge, Weight, WeightedSum, load_example

ROWS = (2.0, 1.0, 0.0, -1.0)


def beam_of(example, by=0.001):
    layer = example.network.L
    path = [Weight(layer, 0, 0), WeightedSum(layer, 0), Activation(layer, 0), Cost()]
    nudge = Nudge(example, path[0], by)
    return nudge, path, NudgeBeam(nudge, Notation(example.network), path, rows=ROWS, left=-2.0, right=4.0)


@pytest.mark.parametrize("name", ["simplest", "overshoot"])
def test_all_changes_have_one_scale_and_one_starting_edge(name):
    nudge, path, beam = beam_of(load_example(name))
    lengths = [end - beam.edge for end in beam.ends]
    scale = lengths[0] / nudge.by
    assert lengths == pytest.approx([scale * nudge.change(q) for q in path])
    assert all(-2.0 < end < 4.0 for end in beam.ends)
    for segment, end, y in zip(beam.segments, beam.ends, ROWS, strict=True):
        assert segment.get_start() == pytest.approx([beam.edge, y, 0])
        assert segment.get_end() == pytest.approx([end, y, 0])


def test_the_last_change_of_the_running_example_turns_round():
    """∂C/∂a = 2(a − y) is negative."""
    _, _, beam = beam_of(load_example("simplest"))
    assert beam.ends[2] > beam.edge > beam.ends[3]
    assert [factor.expression.text().strip() for factor in beam.factors] == ["× 0.480", "× 0.225", "× (−0.684)"]
    assert beam.product.sides[-1].shown == "-0.0739"


def test_it_falls_from_line_to_line():
    _, _, beam = beam_of(load_example("simplest"))
    beam.at(0)
    assert [dot.get_fill_opacity() for dot in beam.dots] == [1, 0, 0, 0]
    move = Fall(beam, 0, 1)
    move.begin()
    move.interpolate(0.5)
    dot = beam.falling[1]
    assert dot.get_center() == pytest.approx([(beam.ends[0] + beam.ends[1]) / 2, 1.5, 0])
    move.interpolate(1.0)
    assert [dot.get_fill_opacity() for dot in beam.dots] == [1, 1, 0, 0]
    assert beam.falling[1].get_fill_opacity() == 0


def test_what_has_not_moved_has_no_length_and_is_shown_as_0():
    """relu(−0.5) = 0: z stays 0 whatever the weight is, and what follows it is measured in nudges of its own."""
    dead = Example.from_arrays([[[-1.0]], [[1.0]]], [[0.0], [0.0]], [0.5], [1.0], activation="relu")
    _, _, beam = beam_of(dead)
    assert beam.ends[1:] == [beam.edge] * 3
    assert [change.expression.sides[-1].shown for change in beam.changes] == ["0.001", "0", "0", "0"]
    assert [one.own for one in beam.measured] == [False, True, True]


def test_a_tenth_of_the_nudge_seen_ten_times_as_large_is_nearly_the_same_picture():
    nudge, path, beam = beam_of(load_example("simplest"))
    ends = list(beam.ends)
    move = Shrink(beam, by=(0.001, 0.0001))
    move.begin()
    move.interpolate(1.0)
    shorter = [Nudge(nudge.example, nudge.quantity, 0.0001).change(q) / nudge.change(q) for q in path]
    assert [end - beam.edge for end in beam.ends] == pytest.approx(
        [part * (end - beam.edge) for part, end in zip(shorter, ends, strict=True)]
    )
    closer = Shrink(beam, by=(0.0001, 0.0001), zoom=(1.0, 10.0))
    closer.begin()
    closer.interpolate(1.0)
    assert beam.ends == pytest.approx(ends, abs=1e-3)
    assert beam.closer(10).string == "10 times larger: one tick is 0.00002, on every line"
