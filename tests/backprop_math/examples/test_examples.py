# ruff: noqa: E501, E741 (what is wrong and what is said stay in one row; l is a layer's number)

import math
import os
import re

import numpy as np
import pytest

from backprop_math import (
    Activation,
    Bias,
    Cost,
    Example,
    ExampleError,
    Target,
    Weight,
    WeightedSum,
    example_names,
    load_example,
)

GOOD = """\
title = "Mine"
layers = [2, 1]
activation = "tanh"
cost = "half_squared_error"
input = [0.5, -1]
target = [1.0]
weights = [[[0.9, -0.25]]]
biases = [[0.1]]
"""


@pytest.fixture
def write(tmp_path):
    def write(text, name="mine.toml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_a_file_is_read(write):
    example = load_example(write(GOOD))
    assert (example.name, example.title) == ("mine", "Mine")
    assert example.network.layers == (2, 1)
    assert example.network.cost.name == "half_squared_error"
    assert example.network.W[1].tolist() == [[0.9, -0.25]]
    assert example.input.tolist() == [0.5, -1.0]
    assert example.inputs.shape == (1, 2)
    assert example.trace().value(Activation(1, 0)) == pytest.approx(np.tanh(0.45 + 0.25 + 0.1))


def test_defaults_and_several_training_examples(write):
    example = Example.from_toml(write("layers = [2, 3, 1]\ninput = [[0, 1], [1, 0]]\ntarget = [[1], [0]]\nseed = 7"))
    assert example.title == ""
    assert [row.name for row in example.network.activation] == ["sigmoid", "sigmoid"]
    assert example.network.cost.name == "squared_error"
    assert example.targets.tolist() == [[1.0], [0.0]]
    second = example.trace(1)
    assert second.forward.x.tolist() == [1.0, 0.0]
    assert second.cost_quantity == Cost(1)
    assert second.cost == pytest.approx(second.forward.a[2][0] ** 2)
    with pytest.raises(IndexError, match="training example 2: found none, expected one from 0 to 1"):
        example.trace(2)
    with pytest.raises(IndexError, match="training example -1: found none, expected one from 0 to 1"):
        example.with_values({Target(0): 0.5}, i=-1)
    assert example.with_values({Target(0): 0.5}, i=1).targets.tolist() == [[1.0], [0.5]]


def test_a_list_of_activations_and_a_byte_order_mark(write):
    text = GOOD.replace('"tanh"', '["relu"]')
    example = load_example(write(b"\xef\xbb\xbf" + text.encode()))
    assert example.network.activation[0].name == "relu"


def test_text_is_kept_as_it_is(write):
    title = r"#eval(1) $x$ \\alpha {{ }}"
    assert load_example(write(GOOD.replace('"Mine"', f"'{title}'"))).title == title


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("biases", "biasses", "biasses: found an unknown key (nearest: 'biases')"),
        ("title", "zzz", "zzz: found an unknown key (known: title, layers,"),
        ('title = "Mine"', "title = 3", "title: found 3, expected a text"),
        ("layers = [2, 1]\n", "", "layers: found nothing, expected a list of at least two whole numbers"),
        ("layers = [2, 1]", "layers = [2]", "layers: found a list of 1, expected a list of at least two"),
        ("layers = [2, 1]", "layers = 2", "layers: found 2, expected a list"),
        ("layers = [2, 1]", "layers = [2, 0]", "layers: found 0, expected"),
        ("layers = [2, 1]", "layers = [2, 1.0]", "layers: found 1.0, expected"),
        ("layers = [2, 1]", "layers = [true, 1]", "layers: found the truth value true, expected"),
        ('"tanh"', '"than"', "activation: found 'than', expected one of 'identity', 'sigmoid', 'tanh', 'relu', 'leaky_relu', 'elu', 'softplus', 'silu', 'gelu', 'softmax' (nearest: 'tanh')"),
        ('"tanh"', '["tanh", "relu"]', "activation: found 2 names, expected one, or 1, one for each layer"),
        ('"tanh"', "[3]", "activation: found 3, expected one of"),
        ('"tanh"', "{ f = 1 }", "activation: found a table of 1, expected one of"),
        ('"half_squared_error"', '["squared_error"]', "cost: found a list of 1, expected one of 'squared_error'"),
        ("input = [0.5, -1]\n", "", "input: found nothing, expected 2 numbers, or several lists of 2"),
        ("[0.5, -1]", "0.5", "input: found 0.5, expected 2 numbers"),
        ("[0.5, -1]", "[]", "input: found a list of 0, expected 2 numbers"),
        ("[0.5, -1]", "[0.5]", "input: found 1 values, expected 2, one for each neuron"),
        ("[0.5, -1]", "[0.5, true]", "input: found the truth value true, expected finite numbers"),
        ("[0.5, -1]", "[0.5, nan]", "input: found nan, expected finite numbers"),
        ("[0.5, -1]", "[0.5, inf]", "input: found inf, expected finite numbers"),
        ("[0.5, -1]", "[0.5, '1']", "input: found '1', expected finite numbers"),
        ("[0.5, -1]", f"[0.5, {'9' * 400}]", "input: found 999"),
        ("[0.5, -1]", "[0.5, 1979-05-27]", "input: found datetime.date(1979, 5, 27), expected finite numbers"),
        ("[0.5, -1]", "[[0.5, 1], 2]", "input, example 1: found 2, expected a list of 2 numbers"),
        ("[0.5, -1]", "[[0.5, 1], [2]]", "input, example 1: found 1 values, expected 2"),
        ("[0.5, -1]", "[[0.5, 1]]", "target: found one list of numbers, expected 1 lists of numbers, as in input"),
        ("target = [1.0]", "target = [[1.0], [0.0]]", "target: found 2 lists of numbers, expected one list of numbers"),
        ("target = [1.0]", "target = [1.0, 0.0]", "target: found 2 values, expected 1"),
        ("weights = [[[0.9, -0.25]]]\n", "", "weights: found nothing, expected 1 matrices, one for each layer"),
        ("biases = [[0.1]]\n", "", "biases: found nothing, expected 1 lists, one for each layer after the input"),
        ("biases = [[0.1]]", "biases = 0.1", "biases: found 0.1, expected 1 lists"),
        ("biases = [[0.1]]", "biases = [0.1]", "biases, layer 1: found 0.1, expected a list of 1 numbers"),
        ("biases = [[0.1]]", "biases = [[0.1], [0.2]]", "biases: found 2 entries, expected 1 lists"),
        ("biases = [[0.1]]", "biases = [[0.1, 0.2]]", "biases, layer 1: found 2 values, expected 1, one for each neuron"),
        ("[[0.9, -0.25]]", "[[0.9, -0.25], [1, 2]]", "weights, layer 1: found 2 rows, expected 1, one for each neuron"),
        ("[[0.9, -0.25]]", "[[0.9]]", "weights, layer 1, row 0: found 1 values, expected 2, one for each neuron of"),
        ("[[0.9, -0.25]]", "[0.9, -0.25]", "weights, layer 1: found 2 rows, expected 1"),
        ("[[0.9, -0.25]]", "[0.9]", "weights, layer 1, row 0: found 0.9, expected a list of 2 numbers"),
        ("[[0.9, -0.25]]", "0.9", "weights, layer 1: found 0.9, expected 1 rows of 2"),
        ("biases = [[0.1]]", "biases = [[0.1]]\nseed = 7", "seed: found together with weights, expected either a seed"),
        ("title", "title = 1\ntitle", "found no valid TOML"),
        ("title", "= title", "found no valid TOML"),
        ("[0.5, -1]", f"[{'9' * 5000}, -1]", "found no valid TOML"),
        ("[0.5, -1]", f"[0x{'f' * 5000}, -1]", "input: found 0xffff"),
        ("title", f"{'t' * 5000}", f"'{'t' * 56}...: found an unknown key"),
        ("title", '"a\\nb"', r"'a\nb': found an unknown key"),
        ("title", f"data = '{'long ' * 5000}'\ninput_names = ['a', 'b']\noutput_names = ['c']\ntitle", "data: "),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_said_in_one_line(write, old, new, message):
    assert old in GOOD
    path = write(GOOD.replace(old, new, 1))
    with pytest.raises(ExampleError) as caught:
        load_example(path)
    said = str(caught.value)
    assert said.startswith(f"{path}: {message}"), said
    assert "expected" in said or "unknown key" in said
    assert "\n" not in said
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("seed", "message"),
    [("true", "the truth value true"), ("-1", "-1"), ("1.5", "1.5"), ("'7'", "'7'")],
)
def test_a_seed_is_a_whole_number(write, seed, message):
    path = write(f"layers = [1, 1]\ninput = [0]\ntarget = [1]\nseed = {seed}")
    with pytest.raises(ExampleError, match=re.escape(f"seed: found {message}, expected a whole number from 0 on")):
        load_example(path)


@pytest.mark.parametrize("size", [20_000_000, 10**14, 10**30])
def test_a_network_that_fits_into_no_memory(write, size):
    path = write(f"layers = [1, {size}, 1]\ninput = [0]\ntarget = [1]\nseed = 1")
    with pytest.raises(ExampleError, match=re.escape(f"layers: found [1, {size}, 1], expected a network of at most")):
        load_example(path)


def test_neither_parameters_nor_seed(write):
    with pytest.raises(ExampleError, match="weights: found nothing, expected weights and biases, or a seed"):
        load_example(write("layers = [1, 1]\ninput = [0]\ntarget = [1]"))


def test_files_that_cannot_be_read(write, tmp_path):
    missing = tmp_path / "missing.toml"
    with pytest.raises(ExampleError, match=re.escape(f"{missing}: found no such file")):
        load_example(missing)
    with pytest.raises(ExampleError, match="found a file that can't be read"):
        load_example(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.toml")
        with pytest.raises(ExampleError, match=r"found a file that can't be read \(not a file\)"):
            load_example(tmp_path / "pipe.toml")
    with (tmp_path / "large.toml").open("wb") as file:
        file.truncate(1_000_000_000)  # takes no room on most disks
    with pytest.raises(ExampleError, match=r"found a file that can't be read \(more than 100 MB\)"):
        load_example(tmp_path / "large.toml")
    with pytest.raises(ExampleError, match="found a byte that is not UTF-8 at position 9"):
        load_example(write(b'title = "\xff"'))
    with pytest.raises(ExampleError, match=r"found lists too deep to read|found no valid TOML"):
        load_example(write("input = " + "[" * 100_000))


def test_bundled_examples_by_name():
    names = ("body_mass", "digits", "introduction", "overshoot", "several", "simplest", "three_species", "two_outputs")
    assert example_names() == (*names, "xor")
    with pytest.raises(ExampleError) as caught:
        load_example("simplist")
    assert str(caught.value) == (
        f"example: found 'simplist', expected one of {', '.join(names)}, xor, "
        "or a path to a .toml file "
        "(nearest: 'simplest')"
    )


@pytest.mark.parametrize("name", [name for name in example_names() if name not in ("body_mass", "digits")])
def test_bundled_examples_can_be_checked_by_hand(name):
    """At most two decimals in what is given, gentle weighted sums, and no factor of any chain hardly there."""
    example = load_example(name)
    trace = example.trace()
    given = [*(trace.value(q) for q in example.network.parameters), *example.inputs.flat, *example.targets.flat]
    assert all(value == round(value, 2) for value in given)
    if example.network.layers == (1, 1, 1, 1):
        weights = [trace.value(Weight(l, 0, 0)) for l in (1, 2, 3)]
        assert len({abs(w) for w in weights}) == 3
        assert 1.0 not in weights
        assert min(trace.value(Bias(l, 0)) for l in (1, 2, 3)) < 0
        assert all(0.05 < abs(trace.value(WeightedSum(l, 0))) < 2 for l in (1, 2, 3))
        factors = trace.chain_rule(Weight(1, 0, 0)).paths[0].factors
        assert min(abs(factor.value) for factor in factors) > 0.2


def test_the_running_example_is_the_storyboards():
    trace = load_example("simplest").trace()
    assert trace.value(Activation(2, 0)) == pytest.approx(0.48, abs=0.005)
    assert trace.value(Activation(3, 0)) == pytest.approx(0.66, abs=0.005)
    assert trace.value(Target(0)) == 1.0


def test_the_opening_network_is_varied():
    trace = load_example("introduction").trace()
    activations = np.concatenate([trace.forward.a[l] for l in (1, 2)])
    assert activations.min() < 0.15
    assert activations.max() > 0.85


def test_several_examples_disagree_about_the_last_weight():
    """What chapter 4 shows: the same network as the film's first, and costs and derivatives that differ visibly."""
    example = load_example("several")
    assert example.network.W[3].tolist() == load_example("simplest").network.W[3].tolist()
    assert example.trace(0).cost == load_example("simplest").trace().cost
    slopes = [example.trace(i).derivative(Weight(3, 0, 0)) for i in range(4)]
    assert [round(slope, 4) for slope in slopes] == [-0.0739, -0.0731, 0.1260, 0.1163]
    assert [round(example.trace(i).cost, 4) for i in range(4)] == [0.1170, 0.1249, 0.4051, 0.3890]


def test_two_outputs_disagree_about_one_neuron():
    """What chapter 6 shows: two paths from each hidden neuron to the cost, for k = 0 of opposite signs."""
    example = load_example("two_outputs")
    trace = example.trace()
    paths = [[path.value for path in trace.chain_rule(Activation(1, k)).paths] for k in range(3)]
    assert paths == [pytest.approx(pair, abs=5e-4) for pair in ([-0.649, 0.176], [0.568, 0.322], [-0.487, -0.381])]
    # The same slope is read with the same three digits in every product.
    for path in trace.chain_rule(Activation(1, 0)).paths:
        shown = math.prod(round(factor.value, 3) for factor in path.factors)
        assert round(shown, 3) == round(path.value, 3)
    assert all(0.1 < a < 0.9 for l in (1, 2) for a in trace.forward.a[l])


def test_overshoot_overshoots():
    trace = load_example("overshoot").trace()
    assert trace.value(Activation(3, 0)) > trace.value(Target(0)) + 0.2


def test_nudges_are_real_evaluations():
    example = load_example("introduction")
    values = {Weight(2, 1, 3): 0.5, Bias(3, 0): -1.0, Activation(0, 2): 0.25, Target(1): 0.75}
    nudged = example.with_values(values)
    trace = nudged.trace()
    assert {q: trace.value(q) for q in values} == values
    network = example.network.replace({Weight(2, 1, 3): 0.5, Bias(3, 0): -1.0})
    assert trace.cost == network.gradient([0.65, 0.23, 0.25], [1.0, 0.75])[0]
    assert example.trace().value(Activation(0, 2)) == 0.9
    assert (nudged.name, nudged.title) == (example.name, example.title)


def test_a_small_nudge_has_the_ratio_that_the_derivative_says():
    example = load_example("simplest")
    trace = example.trace()
    for quantity in (Weight(3, 0, 0), Bias(1, 0), Activation(0, 0), Target(0)):
        nudged = example.with_values({quantity: trace.value(quantity) + 1e-6}).trace()
        assert (nudged.cost - trace.cost) / 1e-6 == pytest.approx(trace.derivative(quantity), rel=1e-4)


@pytest.mark.parametrize(
    ("quantity", "value", "message"),
    [
        (Activation(1, 0), 1.0, "a[1][0]: is calculated, expected a weight, a bias, an input or a target to set"),
        (Cost(), 1.0, "C: is calculated"),
        (Target(1), 1.0, "y[1]: found neuron 1, expected a neuron from 0 to 0"),
        (Activation(0, 0), float("inf"), "a[0][0]: found inf, expected finite numbers"),
    ],
)
def test_what_cannot_be_set(quantity, value, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        load_example("simplest").with_values({quantity: value})


def test_from_arrays():
    example = Example.from_arrays(
        [[[1.0, 2.0]]], [[0.5]], [[1, 2], [3, 4]], [[0], [1]], activation="identity", name="x"
    )
    assert (example.name, example.inputs.shape, example.targets.shape) == ("x", (2, 2), (2, 1))
    assert example.trace(1).value(Activation(1, 0)) == 11.5
    with pytest.raises(ValueError, match="read-only"):
        example.inputs[0, 0] = 1.0
    with pytest.raises(ValueError, match=re.escape("target: found shape (1,), expected (2, 1)")):
        Example.from_arrays([[[1.0, 2.0]]], [[0.5]], [[1, 2], [3, 4]], [0])
    with pytest.raises(
        ValueError, match=re.escape("input: found shape (0, 2), expected at least one training example")
    ):
        Example.from_arrays([[[1.0, 2.0]]], [[0.5]], np.zeros((0, 2)), np.zeros((0, 1)))
