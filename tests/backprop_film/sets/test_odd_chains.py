"""Chains of single neurons that are deep, dead, saturated, of one layer, or of tiny and huge values."""

from itertools import pairwise

import numpy as np
import pytest

from backprop_film.sets import (
    LayerChainRules,
    LayerQuantities,
    NeuronDefinitions,
    NeuronGauges,
    OpenNeuron,
    RatiosAgainstDerivative,
    how_active,
    how_far_off,
    how_steep,
    layer_decimals,
    shown_numbers,
)
from backprop_math import Activation, Bias, Example, Network, Notation, Nudge, Number, Target, Weight, load_example
from tests.backprop_film.kit.any_network import LARGEST, any_chain, faults_of

SEEDS = range(12)


def chain(weights, biases, x, y, activation="sigmoid", cost="squared_error"):
    return Example.from_arrays([[[w]] for w in weights], [[b] for b in biases], [x], [y], activation=activation,
                               cost=cost)  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_a_chain_drawn_is_the_same_again_and_within_the_bounds(seed):
    one, other = any_chain(seed), any_chain(seed)
    assert one.to_toml() == other.to_toml()
    assert set(one.network.layers) == {1}
    assert 1 <= one.network.L <= 12
    assert all(np.abs(z).max() <= LARGEST for z in one.trace().z)


@pytest.mark.parametrize("seed", SEEDS)
def test_numbers_of_a_layers_products_are_short_and_add_up(seed):
    example = any_chain(seed)
    trace, notation = example.trace(), Notation(example.network)
    for layer in range(1, example.network.L + 1):
        rules = LayerChainRules(trace, notation, layer, decimals=layer_decimals(trace, layer))
        q = rules.quantities
        for wrt in (q.w, q.b, q.previous):
            relation = rules.numbers(wrt)
            assert relation.adds_up(), relation
            assert all(len(n.text()) <= 14 for n in relation.walk() if isinstance(n, Number)), relation


def test_results_of_one_layer_that_differ_in_size_have_their_own_digits():
    """∂C/∂b = 10⁷ ∂C/∂w: with the decimals of the smaller one, it would have nine digits."""
    example = chain([0.5], [0.25], 3e-7, 1.0, activation="identity")
    trace = example.trace()
    rules = LayerChainRules(trace, Notation(example.network), 1, decimals=layer_decimals(trace, 1))
    miss = 2 * (0.5 * 3e-7 + 0.25 - 1)
    assert rules.result(Weight(1, 0, 0)).value == pytest.approx(miss * 3e-7)
    assert rules.result(Weight(1, 0, 0)).text() == "−4.5 × 10⁻⁷"
    assert len(rules.result(Bias(1, 0)).text()) <= 8


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_measured_ratios_and_how_far_they_are_off(scale):
    """C = (w x)²: nudged by h, the ratio is the derivative and h x² more."""
    x = scale**0.5
    example = chain([0.5], [0.0], x, 0.0, activation="identity")
    ratios = RatiosAgainstDerivative(example, Notation(example.network))
    assert ratios.offs == pytest.approx([h * x**2 for h in (1.0, 0.1, 0.01, 0.001)], rel=0.06)
    assert "ten times closer" in ratios.words
    lengths = [bar.width for bar in ratios.bars]
    assert all(later <= earlier for earlier, later in pairwise(lengths))
    assert ratios.table.width < 11


def test_of_nothing_that_moves_no_ratio_is_off():
    example = chain([1.0, -1.0], [0.0, -1.0], 1.0, 1.0, activation="relu")
    ratios = RatiosAgainstDerivative(example, Notation(example.network))
    assert ratios.words == "To the digits shown, none of them was off at all."
    assert "closing in" not in ratios.closing
    assert ratios.steps() == []


def test_each_step_says_that_its_bar_is_a_tenth():
    """By hand: 0.016142, 0.001719, 0.000172 and 0.000017, as they are shown: 9.4, 10.0 and 10.1 times."""
    ratios = moved(RatiosAgainstDerivative, load_example("simplest"))
    assert [mark.string for mark in ratios.marks] == ["about ÷ 10"] * 3
    assert ratios.closing.endswith("this is the number that the ratios were closing in on.")


def moved(make, example):
    return make(example, Notation(example.network))


def test_the_desired_output_goes_to_the_output_and_past_it():
    found = moved(how_far_off, load_example("simplest"))
    y, a = 1.0, load_example("simplest").trace().value(Activation(3, 0))
    assert found.moved == Target(0)
    assert found.stops == pytest.approx((y, a, a - 0.6 * (y - a), y))
    assert found.words[1:3] == (
        "Move the desired output closer, and the factor shrinks.",
        "Move it past the output, and the factor changes its sign.",
    )


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e12])
def test_its_picture_is_legible_and_within_the_frame(size):
    picture = moved(how_far_off, chain([1.0], [0.0], 0.5 * size, size, activation="identity")).shown[0]
    assert faults_of(picture) == []


def test_what_is_right_already_is_said_to_be():
    found = moved(how_far_off, chain([1.0], [0.0], 0.25, 0.25, activation="identity"))
    assert found.words[0].endswith("hardly at all.")
    assert found.words[1] == "Move the desired output away, and the factor grows."
    assert (found.stops[1] - 0.25) * (found.stops[2] - 0.25) < 0


def test_the_factor_of_the_cross_entropy_stays_within_probabilities():
    found = moved(how_far_off, chain([1.0], [2.0], 0.5, 0.0, cost="cross_entropy"))
    assert all(0 <= stop <= 1 for stop in found.stops)
    assert found.words[2].endswith("changes its sign.")


@pytest.mark.parametrize(
    ("activation", "places"),
    [("sigmoid", (-3.5, 0, 3.5)), ("tanh", (-3.5, 0, 3.5)), ("relu", (0, 3.5, -3.5)), ("identity", (-3.5, 3.5))],
)
def test_z_goes_where_the_curve_is_steep_and_where_it_is_flat(activation, places):
    example = chain([2.0], [0.5], 0.25, 1.0, activation=activation)
    found = moved(how_steep, example)
    assert [stop - 0.5 + 1.0 for stop in found.stops[1:-1]] == pytest.approx(places)
    assert len(found.words) == len(found.stops)
    assert any("straight line" in words for words in found.words) == (activation == "identity")


def test_a_z_far_out_slides_from_the_end_of_its_axis():
    found = moved(how_steep, chain([2.0], [0.5], 1e6, 1.0))
    assert found.stops[1] - 0.5 + 2e6 + 0.5 == pytest.approx(5.05)
    assert found.words[1] == ""


@pytest.mark.parametrize("bias", [-6.36, -4.0, 0.3])
def test_the_slope_is_legible_at_the_left_end_of_a_rising_line(bias):
    example = chain([2.0], [bias], 0.25, 1.0, activation="identity")
    found = moved(how_steep, example)
    for stop in found.stops:
        plot = found.shown[0].show(example.with_values({found.moved: stop}).trace())
        assert faults_of(plot) == []


@pytest.mark.parametrize("bias", [-1e4, 1e4])
@pytest.mark.parametrize("activation", ["elu", "sigmoid"])
def test_what_stands_at_the_end_of_the_curve_keeps_clear_of_the_names(activation, bias):
    example = chain([2.0], [bias], 0.25, 1.0, activation=activation)
    found = moved(how_steep, example)
    for stop in found.stops[:2]:
        assert faults_of(found.shown[0].show(example.with_values({found.moved: stop}).trace())) == []


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "identity"])
@pytest.mark.parametrize("bias", [-1e6, 0.3, 1e6])
def test_the_neuron_before_becomes_silent_and_bright(activation, bias):
    example = chain([1.0, 0.7], [bias, 0.1], 0.5, 1.0, activation=activation)
    found = moved(how_active, example)
    values = [example.with_values({Bias(1, 0): stop}).trace().value(Activation(1, 0)) for stop in found.stops]
    assert abs(values[1]) < 0.05
    assert values[2] > 0.85
    assert values[0] == example.trace().value(Activation(1, 0))  # to which the chapter returns with its next sentence


def test_in_a_single_layer_the_input_is_the_factor():
    found = moved(how_active, chain([1.0], [0.1], 0.5, 1.0))
    assert (found.moved, found.stops) == (LayerQuantities(1).previous, (0.5, 0.0, 1.0))
    assert "input" in found.words[0]


def test_the_number_lines_of_huge_values_keep_clear_of_the_neuron():
    example = chain([4321.5], [-1e10], 123456789.0, 1e12, activation="identity")
    trace, notation = example.trace(), Notation(example.network)
    tree = OpenNeuron(trace, notation, shown_numbers(trace, notation))
    gauges = NeuronGauges(Nudge(example, Weight(1, 0, 0), 0.6), notation, tree)
    assert faults_of(tree.capsule, *(gauge.axis for gauge in gauges)) == []


@pytest.mark.parametrize("seed", [8, 20, 24])
def test_definitions_with_powers_of_ten_keep_clear_of_each_other(seed):
    """Numbers that take two lines push the next definition down."""
    example = any_chain(seed)
    notation = Notation(example.network)
    board = NeuronDefinitions(notation, shown_numbers(example.trace(), notation))
    assert faults_of(board.symbols, board.numbers) == []


def test_a_desired_output_that_can_only_be_one_stays():
    """Categorical cross-entropy over one output: its distribution is 1."""
    functions = {"activation": "sigmoid", "cost": "categorical_cross_entropy"}
    network = Network.from_arrays([[[0.7]], [[1.2]]], [[0.1], [-0.2]], **functions)
    example = Example("one", "One", network, np.array([[0.4]]), np.array([[1.0]]))
    moved = how_far_off(example, Notation(network))
    assert set(moved.stops) == {1.0}
    assert any("no other desired output than 1" in sentence for sentence in moved.words)


def test_the_value_of_our_z_stands_clear_of_the_curve():
    for seed in range(12):
        example = any_chain(seed)
        if "softmax" in example.network.activation[-1].name:
            continue
        moved = how_steep(example, Notation(example.network))
        (label,), curve = moved.mark, moved.shown[0].curve
        away = np.abs(curve.points - label.get_center())
        assert not ((away[:, 0] < label.width / 2) & (away[:, 1] < label.height / 2)).any(), seed
    network = Network.from_arrays([[[0.5]], [[1.0]]], [[0.0], [-0.5297]], activation="tanh", cost="squared_error")
    example = Example("x", "", network, np.array([[0.0]]), np.array([[1.0]]))
    moved = how_steep(example, Notation(network))
    assert faults_of(*moved.mark, *moved.shown[0].guides) == []  # the levels of the nudge and of what it changes
