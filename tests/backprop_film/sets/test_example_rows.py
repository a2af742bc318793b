from itertools import pairwise

import numpy as np
import pytest

from backprop_film.kit import theme
from backprop_film.sets import ExampleRows
from backprop_math import Example, Network, Notation, Weight, load_example
from tests.backprop_film.kit.any_network import any_chain, faults_of


def rows_of(example):
    return ExampleRows(example, Notation(example.network))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def test_four_penguins_by_hand():
    """Three sigmoid neurons in a row and squared error, written out."""
    example, w = load_example("several"), Weight(3, 0, 0)
    board = rows_of(example)
    slopes = []
    for row, x, y in zip(board.rows, (0.9, 0.64, 0.42, 0.14), (1, 1, 0, 0), strict=True):
        before = sigmoid(1.3 * sigmoid(1.4 * x - 0.59) - 0.94)
        a = sigmoid(1.8 * before - 0.21)
        slopes.append(before * a * (1 - a) * 2 * (a - y))
        assert [number.numbers[0].value for number in row.numbers] == pytest.approx([before, a, y, (a - y) ** 2])
        assert row.slope.numbers[0].value == pytest.approx(slopes[-1])
        length = row.bar.line.get_end()[0] - row.bar.line.get_start()[0]
        assert np.sign(row.bar.get_x() - board.zero.get_x()) == np.sign(slopes[-1])
        assert length != 0
    assert board.mean == pytest.approx(np.mean(slopes))
    assert board.mean_slope.numbers[0].value == pytest.approx(np.mean(slopes))
    assert [trace.derivative(w) for trace in board.traces] == pytest.approx(slopes)


def test_bars_laid_end_to_end_end_where_the_sum_ends_and_the_mean_is_a_part_of_it():
    board = rows_of(load_example("several"))
    laid = board.end_to_end()
    zero = board.zero.get_x()
    assert laid[0].line.get_start()[0] == pytest.approx(zero)
    for one, other in pairwise(laid):
        assert one.line.get_end()[0] == pytest.approx(other.line.get_start()[0])
    levels = [bar.line.get_y() for bar in laid]
    assert levels[0] == levels[1] > levels[2] == levels[3]  # what pulls the other way has a level of its own
    assert [row.number for row in board.laid_rows] == [0, 1, 2, 3]
    assert board.end.get_x() == pytest.approx(laid[-1].line.get_end()[0])
    total = 4 * board.mean * board.unit
    assert laid[-1].line.get_end()[0] - zero == pytest.approx(total)
    assert board.part().line.get_end()[0] - zero == pytest.approx(total / 4)


@pytest.mark.parametrize("count", [1, 2, 4, 5, 274])
@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e6])
def test_any_number_of_examples_of_any_size_stays_on_the_stage(count, scale):
    rng = np.random.default_rng(count)
    network = Network.from_arrays([[[scale]], [[0.7]]], [[0.1], [0.2]], activation="tanh", cost="squared_error")
    example = Example("x", "", network, rng.normal(size=(count, 1)), scale * rng.normal(size=(count, 1)))
    board = rows_of(example)
    assert len(board.rows) == min(count, 4 if count <= 4 else 3)
    assert board.rows[-1].number == count - 1
    assert bool(board.dots) == (count > 4)
    for part in (board.head, *(row.all for row in board.rows), board.mean_cost, board.mean_slope, *board.end_to_end()):
        assert theme.safe.left <= part.get_left()[0]
        assert part.get_right()[0] <= theme.safe.right
        assert part.get_bottom()[1] > theme.caption_zone.top
    # Where rows are left out, theirs is one bar: the bars end where the sum of all ends.
    total = board.end_to_end()[-1].line.get_end()[0] - board.zero.get_x()
    assert total == pytest.approx(count * board.mean * board.unit)
    assert board.mean == pytest.approx(np.mean([trace.derivative(Weight(2, 0, 0)) for trace in board.traces]))


@pytest.mark.parametrize("x", [0.9, -0.06, 5.2e-10, -1.5e11])
def test_the_inputs_are_legible_in_their_neurons(x):
    network = Network.from_arrays([[[1.0]]], [[0.1]], activation="sigmoid", cost="squared_error")
    board = rows_of(Example("x", "", network, np.full((3, 1), x), np.ones((3, 1))))
    assert faults_of(*(row.given for row in board.rows)) == []


def test_a_power_of_ten_keeps_clear_of_the_desired_output():
    example = any_chain(157)
    board = ExampleRows(example, Notation(example.network))
    assert faults_of(board.head, *(row.all for row in board.rows)) == []


def test_what_remains_is_as_long_as_the_sum():
    board = rows_of(load_example("several"))
    laid = board.end_to_end()
    (move,) = board.cancel(laid)
    move.interpolate(1)
    left = [bar for bar in laid if bar.line.get_stroke_opacity() > 0]
    assert sum(bar.line.width for bar in left) == pytest.approx(abs(board.end.get_x() - board.zero.get_x()))


def test_the_sum_agrees_with_what_is_shown_above_it():
    """The unrounded sum is 0.09539: rounded, it would not be the sum of those in the rows."""
    board = rows_of(load_example("several"))
    shown = [row.slope.numbers[0].text().replace("−", "-") for row in board.rows]
    total, by = board.shared_out()
    assert float(total.numbers[0].text()) == round(sum(map(float, shown)), 4) == 0.0953
    assert f"{0.0953 / 4:.4f}" == board.mean_slope.numbers[0].text()
    assert by.string == "÷ 4"
    assert by.get_right()[0] == pytest.approx(board.rows[0].slope.get_right()[0])
    assert faults_of(board.shared_out(), board.mean_slope) == []
