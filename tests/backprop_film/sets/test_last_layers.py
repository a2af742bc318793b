"""The last two layers of any network: their numbers, a nudge and its ripples, the gradient, the stage they stand on."""

import math
from itertools import pairwise

import numpy as np
import pytest
from manim import Line
from manim.animation.animation import prepare_animation

from backprop_film.kit import ContributionBars, Naming, PinnedNumber, Ripple, theme
from backprop_film.sets import (
    DefinitionBoard,
    GradientBlocks,
    LastLayerNudge,
    LastLayersLayout,
    LastLayersStage,
    PathFigures,
    PathMarks,
    carried_line,
    factors_one_by_one,
    more_to_come,
    product_parts,
    symbols_of,
    telling_neuron,
)
from backprop_math import Activation, Cost, Example, Notation, Number, Weight, WeightedSum, load_example
from tests.backprop_film.kit.any_network import any_example, faults_of
from tests.backprop_film.kit.stage import network_example

TWO = load_example("two_outputs")
TRACE, NOTATION = TWO.trace(), Notation(TWO.network)


def figures_of(example, **how):
    stage = LastLayersStage(example.trace(), Notation(example.network), Naming(example))
    k = telling_neuron(example.trace(), stage.middle)
    return PathFigures(example.trace(), Notation(example.network), j=0, k=k, outputs=stage.outputs, **how)


def test_the_telling_neuron_is_the_one_whose_paths_oppose_each_other():
    assert telling_neuron(TRACE, [0, 1, 2]) == 0
    assert telling_neuron(TRACE, [1, 2]) in (1, 2)


@pytest.mark.parametrize("seed", range(12))
def test_a_value_has_one_rounding_and_everything_adds_up(seed):
    sizes = [(2, 3, 2), (3, 4, 3), (2, 2, 5, 4), (4, 1), (1, 2, 1), (3, 2)][seed % 6]
    example = network_example(*sizes, activation="sigmoid", seed=seed)
    figures = figures_of(example, m=0 if len(sizes) > 2 else None)
    lines = [figures.cost, figures.weighted_sum, figures.output, figures.weight, figures.activation]
    lines += [figures.before] if figures.before else []
    assert [str(line) for line in lines if not line.adds_up()] == []
    digits = {}
    for line in lines:
        for node in line.walk():
            if isinstance(node, Number) and not node.exact:
                digits.setdefault(node.value, set()).add(node.decimals)
    assert {value: found for value, found in digits.items() if len(found) > 1} == {}


def test_what_runs_through_outputs_that_are_not_drawn_is_one_number():
    example = network_example(3, 5, 10, activation="sigmoid", seed=2)
    figures = figures_of(example)
    assert figures.order() == [0, None, 9]
    assert "8 more" in figures.activation.text()
    assert math.fsum(number.value for number in figures.addends) == pytest.approx(figures.total.value)


def test_with_softmax_the_last_factor_gathers_all_outputs():
    figures = figures_of(load_example("three_species"))
    trace = load_example("three_species").trace()
    assert figures.mixed
    assert figures.behind(1) == (Cost(), WeightedSum(trace.network.L, 1))
    total = sum(trace.value(Weight(2, j, figures.k)) * trace.derivative(WeightedSum(2, j)) for j in range(3))
    assert total == pytest.approx(figures.total.value)
    assert total == pytest.approx(trace.derivative(Activation(1, figures.k)))


def test_a_nudge_changes_the_cost_by_what_comes_through_the_outputs():
    nudge = LastLayerNudge(TWO, 0)
    W, b, a = TWO.network.W[2], TWO.network.b[2], TRACE.a[1].copy()
    parts = []
    for value in (a[0], a[0] + 0.1):
        a[0] = value
        parts.append((1 / (1 + np.exp(-(W @ a + b))) - TWO.target) ** 2)
    assert nudge.changes == pytest.approx((parts[1] - parts[0]).tolist())
    assert nudge.change == pytest.approx(float(np.sum(parts[1] - parts[0])))
    assert nudge.at(1.0).value(Activation(1, 0)) == pytest.approx(TRACE.value(Activation(1, 0)) + 0.1)


def test_a_nudge_stays_within_what_the_function_can_give():
    high = network_example(1, 2, 1, activation="sigmoid", seed=1).with_values({})
    trace = high.trace()
    for k in range(2):
        value = trace.value(Activation(1, k))
        assert 0 <= value + LastLayerNudge(high, k).by <= 1


@pytest.mark.parametrize("sizes", [(2, 3, 2), (784, 16, 16, 10), (1, 1), (30, 1000, 2), (2, *[3] * 12), (5, 4)])
def test_any_networks_last_layers_stand_within_the_frame(sizes):
    example = network_example(*sizes, activation="sigmoid", seed=1)
    stage = LastLayersStage(example.trace(), Notation(example.network), Naming(example))
    for part in (stage.back, stage.front, stage.cost, stage.input_labels, stage.output_labels):
        if part.family_members_with_points():
            assert part.get_left()[0] >= theme.safe.left - 1e-6
            assert part.get_top()[1] <= theme.title_zone.bottom
    before = stage.cost.symbol.get_center()
    moves = stage.to((1.0, 0.5), stage.front)
    assert len(moves) == 1
    assert not np.allclose(stage.cost.symbol.get_center(), before)  # what is not shown is there already


def test_bars_begin_where_the_one_before_ends():
    bars = ContributionBars(["a", "b"], [Number(-0.649, 3), Number(0.176, 3)], Number(-0.473, 3), height=2.0)
    ends = [bar.get_bottom()[1] for bar in bars.bars]
    assert ends[0] == pytest.approx(ends[1])
    assert bars.bars[1].get_top()[1] == pytest.approx(bars.bars[2].get_bottom()[1])
    assert bars.bars[2].height / bars.bars[0].height == pytest.approx(0.473 / 0.649)
    assert [line.get_y() for line in bars.links] == pytest.approx([ends[0], ends[2]])


def test_bars_begin_at_zero_before_they_are_laid_end_to_end():
    addends = [Number(-0.2, 1), Number(0.1, 1), Number(-0.3, 1)]
    bars = ContributionBars(["a", "b", "c"], addends, Number(-0.4, 1), height=1.0, apart=True)
    laid = [bar.get_center() for bar in bars.bars]
    bars.set_apart()
    zero = bars.baseline.get_y()
    first, second, third, _ = bars.bars
    assert [first.get_top()[1], second.get_bottom()[1], third.get_top()[1]] == pytest.approx([zero] * 3)
    assert second.get_top()[1] < bars.names[1].get_bottom()[1]
    for move in bars.lay_together():
        built = move.build()
        built.begin()
        built.finish()
    assert np.array([bar.get_center() for bar in bars.bars]) == pytest.approx(np.array(laid))


def test_wide_numbers_take_turns_on_lines():
    numbers = [Number(-1.23456e-9, 14), Number(1.0e-10, 14), Number(2.5e-9, 14)]
    bars = ContributionBars(["a", "b", "c"], numbers, Number(1.37e-9, 14), width=3.0)
    assert len({round(number.get_y(), 2) for number in bars.numbers}) > 1
    for one, other in pairwise(bars.numbers):
        assert abs(one.get_y() - other.get_y()) > 0.3


def test_a_ripple_is_as_wide_as_its_change_and_points_where_it_lowers():
    stage = LastLayersStage(TRACE, NOTATION, Naming(TWO))
    edge = stage.cost.edge(0)
    level = Line([-1, 0, 0], [1, 0, 0])
    band = Ripple(level, width=0.3, color=theme.ink)
    assert (band.height, band.width) == (pytest.approx(0.3), pytest.approx(2.0))
    ends = [abs(y) for x, y, _ in band[0].points if abs(x) > 0.999]
    assert max(ends) == pytest.approx(0.09)  # blunt, a little narrower
    run = band.run()
    run.begin()
    run.interpolate(0.5)
    assert band.get_right()[0] == pytest.approx(0.0, abs=0.02)
    assert Ripple(edge, width=0.3, color=theme.ink, chevrons=True).pointed
    assert not Ripple(edge, width=0.05, color=theme.ink, chevrons=True).pointed


def test_a_number_is_pinned_right_above_its_neuron_or_below():
    stage = LastLayersStage(TRACE, NOTATION, Naming(TWO))
    above, below = stage.output(0), stage.output(1)
    assert (stage.below(above), stage.below(below)) == (False, True)
    pinned = PinnedNumber(Number(-1.09, 3), above)
    assert pinned.get_bottom()[1] == pytest.approx(above.circle.get_top()[1] + 0.05)
    assert PinnedNumber(Number(-1.09, 3), below, lower=True).get_top()[1] < below.circle.get_bottom()[1]


def test_a_board_is_filled_from_the_top_and_the_numbers_stand_after_the_sign():
    board = DefinitionBoard(NOTATION, left=-0.2)
    z = WeightedSum(2, 1)
    for quantity in (Cost(), z):
        definition = NOTATION.definition(quantity)
        symbols, numbers = board.write(quantity, NOTATION.with_numbers(definition, TRACE), height=2.0)
        assert symbols.get_left()[0] == pytest.approx(-0.2)
        assert numbers.get_left()[0] == pytest.approx(symbols.sign(0).get_left()[0])
        assert numbers.get_top()[1] < symbols.get_bottom()[1]
        assert numbers.get_right()[0] <= theme.safe.right
    assert board[1].get_top()[1] < board[0].get_bottom()[1]


def test_a_carried_number_is_violet_in_its_line_and_a_factor_has_its_number():
    w, z, a = Weight(2, 1, 0), WeightedSum(2, 1), Activation(2, 1)
    figures = PathFigures(TRACE, NOTATION, j=1, k=0, outputs=[0, 1])
    line = carried_line(figures.derivatives.chain(w).followed_by(figures.weight), TRACE, a)
    violet = {g.get_fill_color().to_hex() for g in line.factor(Cost(), a, side=2)}
    assert violet == {theme.highlight}
    assert theme.highlight not in {g.get_fill_color().to_hex() for g in line.side(-1)}
    symbols, numbers = symbols_of(line), factors_one_by_one(line, (z, w), (a, z), (Cost(), w))
    assert len(symbols) == len(line.side(0)) + 1 + len(line.side(1))
    # With the first number comes the sign before it, with each the dot before it; what had to be left out comes last.
    assert [len(part) for part in numbers] == [1 + 5, 1 + 5, 1 + 5]
    assert set(line.factor(z, w, side=2)) < set(numbers[0])


def test_a_reaction_is_told_only_where_it_is_a_formula():
    # Of softmax with its own cost it is a − y, of an output that is calculated alone 2(a − y).
    mixed = network_example(2, 3, 3, activation=["tanh", "softmax"], cost="half_squared_error")
    assert figures_of(mixed).reactions == {}
    assert set(figures_of(network_example(2, 3, 3)).reactions) == {0, 1, 2}


def test_a_factor_comes_with_its_own_parentheses():
    w, z, a = Weight(1, 0, 0), WeightedSum(1, 0), Activation(1, 0)
    figures = PathFigures(TRACE, NOTATION, j=1, k=0, outputs=[0, 1], m=0)
    assert figures.before is not None
    line = carried_line(figures.derivatives.chain(w).followed_by(figures.before), TRACE, a)
    first, second, third = factors_one_by_one(line, (z, w), (a, z), (Cost(), a))
    # ≈ 0.900, then · 0.175, then · (−0.473).
    assert [len(first), len(second), len(third)] == [1 + 5, 1 + 5, 1 + 1 + 6 + 1]
    assert third.get_left()[0] > second.get_right()[0] > second.get_left()[0] > first.get_right()[0]


def test_a_sum_of_products_is_never_seen_as_half_of_it():
    figures = PathFigures(TRACE, NOTATION, j=1, k=0, outputs=[0, 1])
    line = carried_line(figures.activation, TRACE)
    plus, dots = more_to_come(line, 0)
    first, second = product_parts(line, 0), product_parts(line, 1)
    assert plus is second[0]
    assert first[-1].get_right()[0] < plus.get_x() < dots.get_x()
    assert not len(more_to_come(line, 1))


def test_what_an_output_carries_is_calculated_from_digits_on_the_screen():
    figures = PathFigures(TRACE, NOTATION, j=1, k=0, outputs=[0, 1])
    sides = [[side.text() for side in figures.reactions[j].sides[1:]] for j in (0, 1)]
    assert sides == [["2(0.455 − 1.00)", "−1.090"], ["2(0.626 − 0.00)", "1.252"]]
    marks = PathMarks(LastLayersStage(TRACE, NOTATION, Naming(TWO)), figures)
    above, below = (marks.reaction(j) for j in (0, 1))
    assert below.get_top()[1] < marks.stage.cost.symbol.get_bottom()[1] < above.get_bottom()[1]


def test_long_numbers_keep_clear_of_the_edges_between_which_they_stand():
    """Of the random network 5127: 0.0003086 between edges that close in on it, and a weight in seven decimals."""
    example = any_example(5127)
    trace, notation = example.trace(), Notation(example.network)
    stage = LastLayersStage(trace, notation, Naming(example))
    marks = PathMarks(stage, PathFigures(trace, notation, j=1, k=0, outputs=stage.outputs, m=0))
    for j in stage.outputs:
        arrows = [arrow for other in stage.outputs if other != j for arrow in marks.arrows(other)]
        assert faults_of(stage.cost, *marks.slope(j), *marks.weight(j), *arrows) == [], j


def test_a_slope_of_almost_nothing_is_no_factor():
    weights, biases = [[[1.0]], [[1.0]]], [[0.0], [-300.0]]
    example = Example.from_arrays(weights, biases, [0.5], [1.0], activation="sigmoid", cost="cross_entropy")
    figures = PathFigures(example.trace(), Notation(example.network), j=0, k=0, outputs=[0], m=0)
    assert figures.at_once
    assert figures.weight.text().endswith(" · (−1.00) ≈ −0.622")


def test_the_stage_becomes_the_last_layers_beside_a_board():
    stage, place = LastLayersStage(TRACE, NOTATION, Naming(TWO)), LastLayersLayout(TRACE, NOTATION)
    stage.diagram.show(TRACE)
    for move in map(prepare_animation, stage.become(place)):
        move.begin()
        move.finish()
    for layer, k in ((0, 0), (1, 2), (2, 1)):
        one, other = (diagram.neuron(layer, k).circle for diagram in (stage.diagram, place.diagram))
        assert np.allclose(one.get_center(), other.get_center(), atol=0.01)
    for j in (0, 1):  # every line keeps its two ends
        assert np.allclose(stage.cost.edge(j).get_end(), place.cost.edge(j).get_end(), atol=1e-6)
    edge = stage.diagram.edge(2, 0, 0)
    assert np.allclose(edge.get_start(), place.diagram.edge(2, 0, 0).get_start(), atol=1e-6)
    blocks = GradientBlocks(TRACE, NOTATION, found={}).beside(place)
    assert place.board.left - 1e-6 <= blocks.get_left()[0] <= blocks.get_right()[0] <= theme.safe.right + 1e-6


def test_a_walk_lands_on_the_output_and_leaves_its_factors_there():
    stage = LastLayersStage(TRACE, NOTATION, Naming(TWO))
    marks = PathMarks(stage, PathFigures(TRACE, NOTATION, j=1, k=0, outputs=[0, 1]))
    walk = list(marks.walk(0))
    kinds = [[type(move).__name__ for move in moves] for moves in walk]
    # The calculation has gone before the number flies; the name comes beside it when it has landed.
    come = [["FadeIn"], ["FadeOut"], ["GrowArrow", "FadeIn"], ["FadeIn"]]
    assert kinds == [*come, ["FadeIn"], ["GrowArrow"], ["FadeIn"]]
    assert len(marks.left) == 6


def test_the_gradients_blocks_have_every_entry_or_count_those_left_out():
    found = {Weight(2, 1, 0): Number(TRACE.derivative(Weight(2, 1, 0)), 3)}
    blocks = GradientBlocks(TRACE, NOTATION, found=found)
    assert all(q in blocks for q in TWO.network.parameters)
    bars = {q: blocks.row(q)[2].width for q in TWO.network.parameters}
    largest = max(bars, key=bars.get)
    assert abs(TRACE.derivative(largest)) == max(abs(TRACE.derivative(q)) for q in TWO.network.parameters)
    many = network_example(20, 15, 12, activation="sigmoid", seed=1)
    wanted = Weight(2, 7, 9)
    blocks = GradientBlocks(many.trace(), Notation(many.network), found={wanted: Number(0.5, 3)})
    assert wanted in blocks
    assert len(blocks.rows(2)) <= 10


def test_numbers_under_bars_do_not_meet_however_long_they_are():
    numbers = [Number(2144.7, 1), Number(-40104.3, -1, scientific=True), Number(1609.2, 1)]
    for addends in (numbers[:2], numbers):
        total = Number(sum(number.value for number in addends), -1, scientific=True)
        bars = ContributionBars(["a"] * len(addends), addends, total, width=3.4, height=2.1)
        assert faults_of(bars) == []


def test_a_cost_that_could_not_be_read_is_written_with_a_sign_for_the_sum():
    example = network_example(3, 3, activation="sigmoid", cost="cross_entropy", seed=2)
    board = DefinitionBoard(Notation(example.network), left=-0.2)
    figures = figures_of(example)
    symbols, _ = board.write(Cost(), figures.cost, height=1.7)
    assert "Σ" in symbols.expression.text()
    assert faults_of(symbols) == []


@pytest.mark.parametrize("seed", [96, 110, 124])
def test_the_gradients_blocks_have_room_for_long_numbers_and_for_a_long_count(seed):
    """Powers of ten in both blocks; an axis at the very edge; "1,000,993 more" over numbers of three digits."""
    example = any_example(seed)
    trace, notation = example.trace(), Notation(example.network)
    assert faults_of(GradientBlocks(trace, notation, found={}).beside(LastLayersLayout(trace, notation))) == []


def test_a_third_decimal_stands_in_neurons_where_all_have_room_for_it():
    def digits(example):
        stage = LastLayersStage(example.trace(), Notation(example.network), Naming(example))
        stage.diagram.show(example.trace())
        return {len(n.number.number.shown.partition(".")[2]) for n in stage.diagram.layer(1)}

    assert digits(TWO) == {3}
    # An input below 0: its minus leaves no room.
    assert digits(TWO.with_values({"a[0][0]": -0.5})) == {2}
