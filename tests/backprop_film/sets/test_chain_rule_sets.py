"""What chapter 2 is made of: the opened neuron and its numbers, the curve of the cost, the words for what moves."""

from itertools import pairwise

import numpy as np
import pytest

from backprop_film.kit import Formula, seen, theme
from backprop_film.sets import (
    ActivationSketch,
    ChainRuleStage,
    CostCurve,
    EarlierNeurons,
    NamedChain,
    NeuronDefinitions,
    NeuronGauges,
    OpenNeuron,
    PredictedChange,
    TriedNudge,
    agreeing,
    costs_over_last_weight,
    in_numbers,
    shown_numbers,
)
from backprop_film.sets.single_neurons import LayerQuantities
from backprop_math import Example, Notation, Nudge, Number, load_example
from scenes.chain_rule import ChainRule
from tests.backprop_film.kit.any_network import any_chain, any_example, faults_of

NUDGES = (1.0, 0.1, 0.01, 0.001)


def chain(*weights, activation="sigmoid", x=0.5, y=1.0):
    return Example.from_arrays([[[w]] for w in weights], [[0.0] for _ in weights], [x], [y], activation=activation)


#: Steep, flat to the last bit, and with a large factor, where rounded digits do not add up by themselves.
EXAMPLES = {
    "simplest": load_example("simplest"),
    "overshoot": load_example("overshoot"),
    "steep": chain(1.0, -40.0),
    "flat": chain(1.0, 400.0),
    "dead": chain(-1.0, 1.0, activation="relu"),
    "one layer": chain(1.3),
    "saturated": chain(1.0, 40.0),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_quantity_has_one_rounding_and_the_definitions_add_up(name):
    example = EXAMPLES[name]
    notation, q = Notation(example.network), LayerQuantities(example.network.L)
    numbers = shown_numbers(example.trace(), notation)
    for x in (q.z, q.a, q.cost):
        relation = in_numbers(notation, x, numbers)
        assert relation.adds_up()
        shown = {node for node in relation.walk() if isinstance(node, Number)}
        assert shown <= set(numbers.values())
        assert relation.sides[-1] == numbers[x]


def test_the_cost_over_the_last_weight_is_what_the_network_gives():
    example = load_example("overshoot")
    w = LayerQuantities(example.network.L).w
    weights = np.array([-2.0, 0.5, 3.0])
    run = [example.with_values({w: float(value)}).trace().cost for value in weights]
    assert costs_over_last_weight(example, weights) == pytest.approx(run)


def test_the_table_of_the_running_example_settles():
    curve = CostCurve(load_example("simplest"), Notation(load_example("simplest").network), NUDGES)
    assert [one.value.shown for one in curve.measured] == ["-0.0578", "-0.0722", "-0.0737", "-0.0739"]
    assert curve.settled
    assert curve.limit.shown == "-0.0739"


def test_a_ratio_that_has_not_settled_is_not_said_to_have():
    """σ(3000 w): a nudge of a thousandth moves z by 3, no small step."""
    bent = Example.from_arrays(
        [[[1.0]], [[-0.0001]]], [[0.0], [0.0]], [3000.0], [1.0], activation=["identity", "sigmoid"]
    )
    assert not CostCurve(bent, Notation(bent.network), NUDGES).settled


def test_digits_agree_from_the_left():
    formula = Formula(Number(-0.0722, 4))
    assert len(agreeing(formula, Number(-0.0722, 4), Number(-0.0739, 4))) == len("-0.07")
    assert len(agreeing(formula, Number(-0.0722, 4), Number(0.5, 4))) == 0


def test_the_lines_of_an_opened_neuron_hold_what_they_show():
    example = load_example("simplest")
    notation, q = Notation(example.network), LayerQuantities(3)
    tree = OpenNeuron(example.trace(), notation, shown_numbers(example.trace(), notation))
    gauges = NeuronGauges(Nudge(example, q.w, 0.6), notation, tree)
    widths = {gauge.span[1] - gauge.span[0] for gauge in gauges}
    assert len(widths) == 1  # one scale
    for gauge, node in zip(gauges, map(tree.node, q.path), strict=True):
        assert gauge.line.get_y() == pytest.approx(node.get_y())
    assert all(gauges.moves(x) for x in q.path)
    inside = (tree.node(q.z), tree.node(q.a), tree.value(q.z), tree.value(q.a))
    for part in inside:
        assert tree.capsule.get_left()[0] < part.get_left()[0]
        assert part.get_right()[0] < tree.capsule.get_right()[0]


def test_the_neurons_before_open_likewise():
    example = load_example("simplest")
    notation = Notation(example.network)
    tree = OpenNeuron(example.trace(), notation, shown_numbers(example.trace(), notation))
    row = EarlierNeurons(tree, example.trace(), notation, 2)
    assert len(row.kept) == 1 + 7 + 6  # capsule, symbols and arrows of the last neuron
    assert row.arrow(LayerQuantities(2).a, LayerQuantities(3).z)
    parts = [part for part in row if part not in [*row.capsules, *row.last, *(x for one in row.inside for x in one)]]
    assert not parts  # all of it comes, one after the other
    assert [row.first.layer, row.source("flipper length")[0].expression.shown] == [0, "0.90"]


@pytest.mark.parametrize(("count", "shown"), [(1, 2), (3, 6), (12, 6)])
def test_a_chain_of_many_layers_leaves_some_symbols_out(count, shown):
    example = chain(*[0.5] * count)
    named = NamedChain(example, Notation(example.network))
    assert len(named.labels) == 2 * count
    assert len(named.shown) == shown
    assert len(named.moves) == shown
    assert named.bird is None
    assert (named.given.string, named.asked.string) == ("input 1", "output 1")
    assert len(named.around) + sum(len(part) for _, part in named.moves) == len(named.cost)


def test_a_long_chain_has_room_for_numbers_with_a_minus():
    """Twelve layers: as small as neurons have room side by side, the circles would cross their numbers."""
    example = chain(*[-0.9] * 12, activation="tanh")
    named = NamedChain(example, Notation(example.network))
    assert faults_of(named.diagram.show(example.trace()), *named.labels.values(), named.ends) == []


def test_the_simplest_network_has_its_penguin_before_it_and_is_asked_what_it_is():
    example = load_example("simplest")
    named = NamedChain(example, Notation(example.network))
    assert (named.given.string, named.asked.string) == ("flipper length", "a Gentoo?")
    assert named.diagram.neuron(0, 0).number.number.shown == "0.90"
    left, first = named.bird.get_right()[0], named.diagram.neuron(0, 0).get_left()[0]
    assert -theme.safe.right < named.bird.get_left()[0] < left < first


@pytest.mark.parametrize("name", ["simplest", "overshoot", "one layer"])
def test_the_board_has_the_activation_written_out_on_the_line_of_its_definition(name):
    example = EXAMPLES[name]
    notation = Notation(example.network)
    board = NeuronDefinitions(notation, shown_numbers(example.trace(), notation))
    row = board[board.q.a].symbols
    assert board.whole.baseline == pytest.approx(row.baseline)
    assert board.whole.get_left()[0] == pytest.approx(row.get_left()[0])
    assert sum(map(len, (board.around, *board.parts.values()))) == len(board.whole)


@pytest.mark.parametrize(("name", "named"), [("simplest", 3), ("one layer", 3), ("identity", 4), ("softplus", 10)])
def test_what_is_inside_goes_up_whole_before_z_comes_in_its_place(name, named):
    """Each glyph of w a + b; then all of σ( ) has a glyph that it becomes, and only z comes."""
    example = EXAMPLES.get(name) or chain(1.3, activation=name)
    notation = Notation(example.network)
    board = NeuronDefinitions(notation, shown_numbers(example.trace(), notation))
    rises = [one for one in board.sum_rises().animations if type(one).__name__ == "Transform"]
    assert [len(one.mobject) for one in rises] == [len(board[board.q.z].symbols.side(1))]
    kinds = [type(one).__name__ for one in board.sum_named().animations]
    assert (kinds.count("Transform") - 2, kinds.count("FadeOut"), kinds.count("FadeIn")) == (named, 0, 1)


def test_the_cost_that_was_looked_at_alone_goes_back_to_its_place():
    example = load_example("simplest")
    notation = Notation(example.network)
    board = NeuronDefinitions(notation, shown_numbers(example.trace(), notation))
    row = board[board.q.cost]
    before = row.get_all_points().copy()
    board.cost_alone()
    assert row.get_all_points() != pytest.approx(before, abs=0.1)
    board.cost_joins().build()
    assert row.target.get_all_points() == pytest.approx(before)


def test_what_the_derivative_predicts_is_worked_out_with_the_digits_shown():
    """0.1 · (−0.0739) is −0.00739, and the cost falls by 0.0072."""
    example = load_example("simplest")
    nudge = Nudge(example, LayerQuantities(3).w, 0.1)
    line = PredictedChange(nudge, Notation(example.network), LayerQuantities.cost, Number(-0.0739, 4))
    assert (line.by.shown, line.expected.shown, line.happened.shown) == ("0.1", "-0.00739", "-0.00722")
    assert line.predicted.expression.adds_up()
    assert len(line.symbols) + sum(map(len, line.worked)) == len(line.predicted)


def test_delta_becomes_del_where_it_stands():
    """Numerator and denominator have a Δ each; all other glyphs stay, and no fraction moves."""
    example = load_example("simplest")
    stage = ChainRuleStage(example, Notation(example.network))
    old, new = (stage._fractions(formula) for formula in (stage.quotients, stage.derivatives))
    assert [part.get_x() for part in new] == pytest.approx([part.get_x() for part in old])
    for move, parts in zip(stage.limits(), ((old, new), (stage.ratio, stage.limit)), strict=True):
        whole = sum(len(part) for part in parts[1])
        fractions = 4 if parts[0] is old else 1
        assert len([one for one in move.animations if type(one).__name__ == "Transform"]) == whole - 2 * fractions


def test_the_gap_is_between_what_was_predicted_and_what_happens():
    """−0.00739 predicted, −0.00722 tried."""
    example = load_example("simplest")
    notation, q = Notation(example.network), LayerQuantities(3)
    nudge = Nudge(example, q.w, 0.1)
    line = PredictedChange(nudge, notation, q.cost, Number(-0.0739, 4))
    tried = TriedNudge(nudge, line, notation).show(nudge.after)
    w, cost = nudge.after.value(q.w), nudge.after.value(q.cost)
    assert tried.dot.get_center() == pytest.approx(tried.plane.point(w, cost))
    for move in tried.predict()[1:]:
        move.build()
    expected = nudge.before.value(q.cost) - 0.0739117 * 0.1
    assert tried.predicted.target.get_center() == pytest.approx(tried.plane.point(w, expected), abs=1e-3)
    assert line.off.shown == "0.00017"
    bracket, figure = tried.gap
    hollow, filled = tried.lens[-3:-1]
    assert figure.string == line.off.shown
    assert (bracket.get_bottom()[1], bracket.get_top()[1]) == pytest.approx((hollow.get_y(), filled.get_y()))


def test_dots_stand_between_factors_and_what_cancels_is_struck():
    stage = ChainRuleStage(EXAMPLES["simplest"], Notation(EXAMPLES["simplest"].network))
    assert [len(part) for part in (stage.dots, stage.cancelled(), stage.strokes())] == [2, 4, 4]
    for dot, (one, other) in zip(stage.dots, pairwise(stage.ratios(1)), strict=True):
        assert one.get_right()[0] < dot.get_x() < other.get_left()[0]


def test_names_of_the_legs_keep_apart_where_the_cost_stays():
    example = chain(1.0, 400.0)
    curve = CostCurve(example, Notation(example.network), NUDGES)
    assert faults_of(curve.run_name, curve.rise_name) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_predicted_and_what_happens_have_room(name):
    """Steep, flat and dead: the graph lies within its axes, and nothing is written across anything."""
    example = EXAMPLES[name]
    notation, q = Notation(example.network), LayerQuantities(example.network.L)
    nudge = Nudge(example, q.w, 0.1)
    line = PredictedChange(nudge, notation, q.cost, Number(example.trace().derivative(q.w), 4))
    tried = TriedNudge(nudge, line, notation)
    assert faults_of(tried, tried.run, tried.by, tried.fall, tried.label, *seen(tried.lens, tried.gap)) == []


def test_what_is_predicted_is_named_where_no_line_runs():
    """Of the random chain 5123, whose cost bends away beside the hollow dot."""
    example = any_chain(5123)
    notation, q = Notation(example.network), LayerQuantities(example.network.L)
    nudge = Nudge(example, q.w, 0.1)
    line = PredictedChange(nudge, notation, q.cost, Number(example.trace().derivative(q.w), 4))
    tried = TriedNudge(nudge, line, notation)
    assert faults_of(tried.label, tried.graph.curve, tried.graph.tangent, tried.fall) == []


def test_an_opened_neurons_numbers_have_room_to_grow():
    """A cost of 6.54 that becomes 46.54."""
    cost = chain(1.0, 7.1146, activation="identity")
    tree = OpenNeuron(cost.trace(), Notation(cost.network), shown_numbers(cost.trace(), Notation(cost.network)))
    readout = tree.value(tree.q.cost)
    assert 1 < readout.value < 10
    assert faults_of(tree.node(tree.q.cost), readout.set_value(readout.value + 40)) == []


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "identity", "softplus"])
@pytest.mark.parametrize("weight", [1.3, -7.0])
def test_the_sketch_of_an_activation_function_has_0_where_its_axes_cross(activation, weight):
    example = chain(1.0, weight, activation=activation)
    q = LayerQuantities(2)
    trace, notation = example.trace(), Notation(example.network)
    sketch = ActivationSketch(trace, notation, q, shown_numbers(trace, notation))
    plane = sketch.frame[0]
    assert plane.x.point(0.0) == pytest.approx(plane.y.point(0.0))
    for move in (*sketch.up()[1:], *sketch.across()[1:]):
        move.build()
    arrived = sketch._arrived.target.get_center()
    assert arrived == pytest.approx(plane.y.point(trace.value(q.a)))
    assert faults_of(sketch) == []


@pytest.mark.parametrize("seed", [51, 64])
def test_what_is_written_beside_a_beam_has_room_between_it_and_the_bracket(seed):
    """A change of twelve digits, and one that would not be legible within the beam."""
    chain_of_one = ChainRule.stand_in(any_example(seed))
    stage = ChainRuleStage(chain_of_one, Notation(chain_of_one.network))
    assert faults_of(*stage.finished()) == []
