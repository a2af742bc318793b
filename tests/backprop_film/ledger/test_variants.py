"""A variant of an example, as it was calculated with and as an expression says it, is the same."""

import pytest

from backprop_film.ledger.variants import Variant
from backprop_math import Descent, TrainingRun, load_example
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
