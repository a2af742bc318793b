"""The sheet of formulas, a step against the gradient, what a training is said to be, and the last picture's lights."""

import re

import numpy as np
import pytest
from manim import DashedLine, VGroup
from manim.animation.animation import prepare_animation

from backprop_film.kit import CostNode, NetworkDiagram, theme
from backprop_film.sets import (
    AnsweredQuestion,
    DecisionPlane,
    FormulaSheet,
    GradientStep,
    LastLayersLayout,
    SensitivityLights,
    TrainingBoard,
    TrainingWords,
    step_size,
)
from backprop_math import (
    COSTS,
    Descent,
    Example,
    Network,
    Notation,
    Relation,
    Sum,
    TrainingRun,
    Weight,
    load_example,
)
from tests.backprop_film.kit.any_network import any_example, faults_of

COST, TARGET = "#FF6B5E", "#F4C95D"
LAST = {"sigmoid": list(COSTS)[:4], "softmax": ["categorical_cross_entropy", "squared_error"]}


@pytest.mark.parametrize(("last", "cost"), [(last, cost) for last, costs in LAST.items() for cost in costs])
def test_the_sheet_is_legible_for_all_functions(last, cost):
    sheet = FormulaSheet(Notation(Network.random((2, 3, 2), activation=["tanh", last], cost=cost)))
    assert faults_of(sheet.names, *sheet.definitions) == []
    assert faults_of(*sheet.all) == []
    assert faults_of(*sheet.forward, sheet.rule, *sheet.large, sheet.cases.copy().shift([0, -9, 0]))[1:] == []
    assert sheet.mixed == (last == "softmax")
    assert [len(part) > 0 for part in (*sheet.factors, sheet.first_of_the_bias, sheet.sign_of(sheet.cases))]


@pytest.mark.parametrize(
    ("start", "rate", "fall"),
    [(3.0, 0.1, "from 4.00 to 2.56"), (1.001, 1e-3, "from 1.000 × 10⁻⁶ to 9.96 × 10⁻⁷"), (1e5 + 1, 0.1, None)],
)
def test_a_step_is_said_with_the_digits_that_tell(start, rate, fall):
    """C = (w − 1)², so that a step takes w − 1 to (1 − 2 · rate)(w − 1)."""
    example = Example.from_arrays([[[start]]], [[0.0]], [1.0], [1.0], activation="identity")
    # A bias has the same slope, so that a moves by twice as much.
    step = GradientStep(Descent(example, rate), Notation(example.network))
    costs = [(start - 1) ** 2 * part for part in (1, (1 - 4 * rate) ** 2)]
    assert [step.step.before.cost, step.step.after.cost] == pytest.approx(costs)
    said = re.findall(r"[\d.]+(?: × 10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)?", step.fall_in_words)
    assert len(set(said)) == 2
    assert faults_of(step.table, step.gauge) == []
    assert step_size(step.step.rate) == f"{rate:g}"


def test_the_fall_is_the_difference_of_the_costs_shown():
    """0.6890 − 0.4252 is not 0.2637: with three decimals it adds up."""
    example = load_example("two_outputs")
    step = GradientStep(Descent.falling(example), Notation(example.network))
    before, after = step.step.before, step.step.after
    step.gauge.mark().show(after)
    change, end = step.gauge.change_label[-1].number, step.gauge.readout.number
    assert (change.text(), end.text()) == ("−0.425", "0.264")
    assert round(before.cost, 3) + change.shown_value() == pytest.approx(end.shown_value())


def test_numbers_of_any_size_have_room():
    example = load_example("body_mass")
    step = GradientStep(Descent.falling(example), Notation(example.network))
    assert faults_of(step.table, step.gauge) == []
    assert step_size(step.step.rate) == "0.0000002"
    assert step.fall_in_words == "from 2.4 × 10⁷ to 1.0 × 10⁷"


def test_a_training_is_said_as_it_is():
    words = TrainingWords(TrainingRun.of(load_example("three_species")))
    assert words.begins.endswith(", on the mean over all 342 penguins")
    assert words.before + words.red == "At first, only 151 of 342 are right. The others are red. "
    assert words.ends == "After 80 steps, 332 of 342 are right."
    alone = TrainingWords(TrainingRun.of(load_example("digits")))
    assert (alone.begins.partition(" of size ")[0], alone.before) == ("take 80 steps", "")
    network = Network.from_arrays([[[1.0]]], [[-5.0]], activation="relu")
    dead = TrainingWords(TrainingRun.of(Example("x", "", network, np.array([[1.0]]), np.array([[1.0]])), 7))
    assert dead.goes == "But the gradient is 0, or as good as 0: after seven steps the cost is still 1.00."


@pytest.mark.parametrize("name", ["digits", "simplest", "three_species"])
def test_the_last_lights_run_along_what_is_drawn(name):
    example = load_example(name)
    trace, notation = example.trace(), Notation(example.network)
    diagram = NetworkDiagram(example.network, most=4, first=max(0, example.network.L - 2)).show(trace)
    lights = SensitivityLights(diagram, CostNode(trace, notation, diagram), trace)
    assert all(len(path) == 5 for path in lights.several)
    slopes = {w: abs(trace.derivative(w)) for w in diagram.weights if w.layer == example.network.L}
    width = {w: lights._edges[w].family_members_with_points()[0].get_stroke_width() for w in slopes}
    assert max(slopes, key=slopes.get) == max(width, key=width.get)
    assert isinstance(next(iter(slopes)), Weight)
    lines, rings = lights.swell()
    for move in map(prepare_animation, (*lines, *rings)):  # in their own colours, and then as before
        move.begin()
        move.interpolate(0.5)
    for w in slopes:
        drawn = lights._edges[w].family_members_with_points()[0]
        assert drawn.get_stroke_width() == pytest.approx(1.7 * width[w])
        assert drawn.get_stroke_color().to_hex() == (COST if trace.derivative(w) > 0 else theme.highlight)
    dashed = {w for w in slopes if isinstance(lights._edges[w], DashedLine)}
    assert dashed == {w for w in slopes if trace.derivative(w) < 0}


def test_the_plane_says_which_dots_are_which_and_who_is_told_wrong():
    board = TrainingBoard(TrainingRun.of(load_example("two_outputs")))
    plane = board.left
    assert isinstance(plane, DecisionPlane)
    assert [len(plane.of(first)) for first in (True, False)] == [123, 151]  # Gentoo and Adélie in the table
    assert [text.string for text, _ in plane.key] == ["Gentoo", "Adélie"]
    assert faults_of(*plane.names, plane.axes, plane.key, plane.start, board.curve.frame, board.curve.says) == []
    # All come before it is said what the filled ones and the rings are.
    come = [move.mobject for move in plane.pop(but=plane.dots[0]).animations]
    assert set(come) == set(plane.dots[1:])
    named = plane.name_dots(first=False)
    assert [named[0].mobject, len(named) - 1] == [plane.key[1], 151]
    plane.judge().interpolate(1.0)
    red = [dot for dot in plane.dots if COST in (dot.get_fill_color().to_hex(), dot.get_stroke_color().to_hex())]
    assert len(red) == 274 - 93
    board.at(80)
    assert {dot.get_fill_color().to_hex() for dot in plane.of(True)} == {TARGET}
    assert [count.number.text() for count in board.curve._counts] == ["80", "274"]


def test_the_dot_of_the_last_step_stays_in_the_frame():
    example = Example.from_arrays([[[0.5]]], [[0.0]], [1.0], [1.0], activation="identity")
    board = TrainingBoard(TrainingRun.of(example, 7))
    board.at(7)
    assert board.curve.dot.get_right()[0] <= theme.safe.right


def test_the_answer_is_said_with_the_digits_of_the_neurons():
    answered = AnsweredQuestion(TrainingRun.of(load_example("introduction"), 300, 1.0))
    assert answered.at_first == "At first, its network said: Gentoo 0.26, Adélie 0.66."
    assert (answered.now, answered.verdict) == ("Now it says: Gentoo 0.94, Adélie 0.07.", "It is a Gentoo.")
    outputs = answered.diagram.show(answered.trace).layer(3)
    assert [neuron.number.number.text() for neuron in outputs] == ["0.94", "0.07"]


def test_a_wide_cost_stands_below_the_edges():
    answered = AnsweredQuestion(TrainingRun.of(any_example(5999)))
    assert answered.cost.get_left()[0] < answered.diagram.get_right()[0]
    assert faults_of(answered.diagram, answered.lines, answered.cost) == []


def test_beside_a_wide_table_the_numbers_of_a_network_are_legible_within_their_neurons():
    example = any_example(125)
    place, notation = LastLayersLayout(example.trace(), Notation(example.network)), Notation(example.network)
    network = VGroup(place.diagram.show(example.trace()), place.cost.targets)
    room = GradientStep(Descent.falling(example), notation).room
    network.scale((room - 0.1) / network.width).move_to([theme.safe.left + 0.05 + room / 2, 1.05, 0])
    assert faults_of(place.diagram.show(example.trace())) == []


def test_two_numbers_meet_and_add_up_to_the_third_and_the_first_is_a_product():
    run = TrainingRun.of(load_example("introduction"), 300, 1.0)
    example = run.trace_example(300)
    trace, diagram = example.trace(), NetworkDiagram(example.network)
    lights = SensitivityLights(diagram, CostNode(trace, Notation(example.network), diagram), trace)
    product, parts, total = lights._relations
    assert product.adds_up()
    assert product.sides[-1] == parts[0]
    assert Relation((Sum(tuple(parts)), total)).adds_up()
    assert total.value == trace.derivative(lights.meeting)


def test_a_training_goes_on_from_where_all_are_right():
    run = TrainingRun.of(load_example("two_outputs"))
    words = TrainingWords(run)
    assert (words.ends, words.after) == ("After 14 steps, all 274 are right.", "The other 66 make it surer.")
    assert (run.right(13), run.right(14)) == (273, 274)
