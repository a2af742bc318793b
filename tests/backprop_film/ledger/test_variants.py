"""A variant of an example, as it was calculated with and as an expression says it, is the same."""

import numpy as np
import pytest

from backprop_film.ledger.sources import packed, unpacked
from backprop_film.ledger.variants import Variant
from backprop_math import Descent, Example, Network, Nudge, TrainingRun, load_example
from backprop_math.checks import Recalculation
from backprop_math.watch import watched


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("simplest", lambda example: example.with_values({"w[3][0,0]": 2.5}).with_values({"y[0]": 0.5})),
        ("several", lambda example: example.with_values({"y[0]": 0.25}, 1)),
        ("two_outputs", lambda example: Descent(example, 0.5).at(1.0)),
        ("two_outputs", lambda example: TrainingRun.of(example, 5, 2.0).trace_example(5)),
    ],
)
def test_both_say_the_same(name, make):
    example = load_example(name)
    with watched() as seen:
        made = make(example)
    runs = {id(run.example): run for run in seen.runs}
    variant = Variant.of(seen.origins[-1], runs)
    assert variant.trace.cost == made.trace(variant.i).cost
    numbers = Recalculation(example)
    for quantity in ("C", "a[1][0]", "b[2][0]", "y[0]"):
        assert numbers.value(variant.wrapped(quantity)) == pytest.approx(variant.trace.value(quantity), rel=1e-12)
    slope = variant.wrapped("d(C, w[1][0,0])")
    assert numbers.value(slope) == pytest.approx(variant.trace.derivative("w[1][0,0]"), rel=1e-10)


def test_how_far_a_prediction_is_off_is_the_difference_of_the_digits_shown():
    """−0.00739 predicted, −0.00722 measured."""
    example = load_example("simplest")
    with watched() as seen:
        nudge = Nudge(example, "w[3][0,0]", 0.1)
        assert nudge.after.cost < nudge.before.cost
    table = Variant.of(seen.origins[-1], {}).ratios
    (expression,) = table.find(0.00017)
    assert Recalculation(example).value(expression) == pytest.approx(0.00017, rel=1e-9)
    assert table.find(0.00018) == table.find(0.00016) == []


@pytest.mark.parametrize(("first", "count"), [(3, 4), (0, 2), (5, 7)])
def test_a_hidden_part_of_a_sum_is_found_by_its_count(first, count):
    """12 terms of w₀ₖ aₖ and the cost of one output: the part is found where it is, with its count or without."""
    rng = np.random.default_rng(4)
    example = Example.from_arrays([rng.normal(size=(1, 12))], [[0.0]], rng.normal(size=12), [0.5])
    variant = Variant(example, example)
    value = float((example.network.W[1][0] * example.input)[first : first + count].sum())
    expected = f"terms(z[1][0], {first}, {first + count})"
    assert list(variant.parts_of_sums(value, count)) == [expected]
    assert list(variant.parts_of_sums(value, None)) == [expected]


def test_a_large_network_is_packed_as_arrays():
    """And is the same when it is unpacked, to the last bit; its key is the same each time."""
    network = Network.random((400, 300, 2), activation=["tanh", "softmax"], cost="categorical_cross_entropy", seed=1)
    example = Example("large", "Large", network, np.full((1, 400), 0.1), np.array([[0.0, 1.0]]))
    source = packed(example)
    assert [file.name for file in source.files] == ["large.toml", "large.npz"]
    assert source.key == packed(example).key
    again = unpacked(source)
    assert all((again.network.W[at] == network.W[at]).all() for at in (1, 2))
    assert again.trace().cost == example.trace().cost
