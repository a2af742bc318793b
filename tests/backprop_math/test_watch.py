"""Whoever watches learns of every variant of an example that is calculated."""

from backprop_math import Descent, Nudge, TrainingRun, load_example
from backprop_math.watch import watched


def test_every_way_to_a_variant_is_seen():
    example = load_example("several")
    with watched() as seen:
        Nudge(example, "w[3][0,0]", 0.5).after  # noqa: B018
        step = Descent(example, 0.5)
        step.at(1.0), step.at(0.5), step.at(0.0)
        run = TrainingRun.of(example, 5, 0.1)
        run.trace_example(5)
        example.with_values({"y[0]": 0.25}, 1).with_values({"y[0]": 0.5}, 1)
    weight = example.network.value("w[3][0,0]")
    assert [origin.steps for origin in seen.origins] == [
        (("at", (("w[3][0,0]", weight + 0.5),)),),
        (("after", 0.5),),
        (("trained", 5, 0.1),),
        (("of", 1), ("at", (("y[0]", 0.25),))),
        (("of", 1), ("at", (("y[0]", 0.25),)), ("of", 1), ("at", (("y[0]", 0.5),))),
    ]
    assert all(origin.example is example for origin in seen.origins)
    assert seen.runs == [run]


def test_nobody_watches():
    assert load_example("simplest").with_values({"y[0]": 0.25}).origin is None
