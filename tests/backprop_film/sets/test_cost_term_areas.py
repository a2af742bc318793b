"""`CostTermAreas`, `moved_by_weight` and `MeanBars`: what moves is what is measured, by hand and by another way."""

import numpy as np
import pytest

from backprop_film.kit import Naming
from backprop_film.sets import (
    CostTermAreas,
    LastLayerNudge,
    MeanBars,
    largest_term,
    other_terms_are_zero,
    some_examples,
)
from backprop_math import Activation, Notation, Weight, load_example
from backprop_math.functions import OutputActivation


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@pytest.fixture(scope="module")
def example():
    return load_example("two_outputs")


def panel_of(example, nudge):
    trace = example.trace()
    notation = Notation(example.network)
    return CostTermAreas(
        trace, notation, Naming(example), nudge.changes, (-3, 3), largest=largest_term(trace, nudge.nudge.after)
    )


def test_a_weight_moves_one_term_by_what_the_formulas_say(example):
    net, x, y = example.network, example.input, example.target
    a = sigmoid(net.W[1] @ x + net.b[1])
    W = net.W[2].copy()
    before = (sigmoid(W @ a + net.b[2]) - y) ** 2
    W[0, 0] += 0.4
    after = (sigmoid(W @ a + net.b[2]) - y) ** 2
    nudge = LastLayerNudge(example, 0, 0.4, into=0)
    assert np.allclose(nudge.changes, after - before, rtol=1e-12, atol=0)
    assert nudge.changes[1] == 0.0
    assert nudge.amount.text() == "0.40"


def test_an_area_is_the_square_of_the_miss_and_keeps_its_corner(example):
    nudge = LastLayerNudge(example, 0, 0.2)
    panel = panel_of(example, nudge)
    area = panel.areas[0]
    corner = area.get_corner([-1, -1, 0])
    misses = [abs(example.trace().a[2][0] - 1), abs(nudge.nudge.after.a[1][0] - 1)]
    before = area.shape.width
    area.show(nudge.at(1.0))
    assert area.shape.width / before == pytest.approx(misses[1] / misses[0])
    assert area.shape.width == pytest.approx(area.shape.height)
    assert np.allclose(area.get_corner([-1, -1, 0]), corner)
    assert len(panel.dim()) == 0


def test_only_what_does_not_move_is_dimmed(example):
    panel = panel_of(example, LastLayerNudge(example, 0, 0.4, into=0))
    (dim,) = panel.dim()
    assert panel.areas[1].shape in dim.parts
    assert panel.areas[0].shape not in dim.parts


def test_with_softmax_every_output_moves():
    example = load_example("three_species")
    assert isinstance(example.network.activation[-1], OutputActivation)
    nudge = LastLayerNudge(example, 0, 0.4, into=0)
    assert all(nudge.nudge.moves(Activation(1, j)) for j in range(3))
    assert [bool(change) for change in nudge.changes] == [bool(y) for y in example.target]


@pytest.mark.parametrize("outputs", [1, 2, 4, 5, 12])
def test_all_but_one_term_are_zero(outputs):
    network = type(load_example("xor").network).random((2, outputs), seed=1)
    for j in {0, outputs // 2, outputs - 1}:
        text = other_terms_are_zero(Notation(network), Weight(1, j, 0)).text()
        assert text.count("−") == 1
        assert text.count(" 0") == min(outputs, 4) - 1 - (outputs > 4)
        assert ("…" in text) == (outputs > 4)


def test_the_mean_is_that_of_the_derivatives(example):
    several = some_examples(example)
    w = Weight(2, 0, 0)
    bars = MeanBars(several, Notation(example.network), w)
    each = [
        example.network.forward(x).backward(y).dW[2][0, 0] for x, y in zip(several.inputs, several.targets, strict=True)
    ]
    assert bars.mean_number.value == pytest.approx(np.mean(each), rel=1e-14)
    assert bars.relation.adds_up()
    assert bars.mean.height == pytest.approx(bars.bars.bars[-1].height / 3)
    data = {(*x, *y) for x, y in zip(example.data.inputs.tolist(), example.data.targets.tolist(), strict=True)}
    assert {(*x, *y) for x, y in zip(several.inputs.tolist(), several.targets.tolist(), strict=True)} <= data


def test_a_term_that_rises_has_its_plus(example):
    panel = panel_of(example, LastLayerNudge(example, 0, 0.2))
    assert [change.expression.text().replace(" ", "") for change in panel.changes] == ["Δ≈−0.116", "Δ≈+0.035"]


def test_each_derivative_of_the_mean_can_be_redone_from_what_is_given(example):
    bars = MeanBars(some_examples(example), Notation(example.network), Weight(2, 0, 0))
    for given, shown in zip(bars.given, bars.bars.numbers, strict=False):
        before, a, y = (row.expression.sides[-1].shown_value() for row in given)
        assert f"{2 * (a - y) * a * (1 - a) * before:.3f}" == shown.expression.shown
    assert len(bars.given) == 3
    assert bars.mean_label.expression.shown == "-0.109"
    assert bars.bars.numbers[-1].expression.shown == "-0.326"  # −0.209 + 0.059 − 0.176
    zero, whole = bars.bars.baseline.get_y(), bars.bars.bars[-1]
    assert [(cut.get_y() - zero) / whole.height for cut in bars.cuts] == pytest.approx([-1 / 3, -2 / 3])
    for (name, bird), cost in zip(bars.columns, bars.costs, strict=True):
        assert name.get_x() == pytest.approx(bird.get_x()) == pytest.approx(cost.get_x())
