import numpy as np
import pytest

from backprop_film.kit import Descend, DescentTable, Gauge, NetworkDiagram
from backprop_math import Bias, Cost, Descent, Notation, Number, Relation, Sum, Weight, load_example
from tests.backprop_film.kit.stage import in_chapter, network_example

EXAMPLES = [load_example(name) for name in ("simplest", "overshoot", "two_outputs", "introduction")]


def table_of(example, **how):
    step = Descent.falling(example)
    return step, DescentTable(step, Notation(example.network), **how)


@pytest.mark.parametrize("example", [*EXAMPLES, network_example(3, 2, 2)], ids=lambda e: e.name)
def test_before_and_change_add_up_to_after(example):
    step, table = table_of(example)
    for q in table.rows:
        before, change = table.before(q).numbers[0], table.change(q).numbers[0]
        assert (before.value, change.value) == (step.before.value(q), step.change(q))
        after = Number(step.after.value(q), table.after(q).decimals)
        assert Relation((Sum((before, change)), after)).adds_up()


def test_rows_between_are_dots():
    example = load_example("two_outputs")
    _, table = table_of(example, first=2, last=1)
    parameters = list(example.network.parameters)
    assert list(table.rows) == [*parameters[:2], parameters[-1]]
    assert len(table.dots) == 4
    assert parameters[2] not in table
    _, whole = table_of(load_example("simplest"))
    assert len(whole.dots) == 0
    assert len(whole.rows) == 6


def test_the_step_moves_everything_that_follows():
    example = load_example("simplest")
    step, table = table_of(example)
    diagram = NetworkDiagram(example.network).show(step.before)
    gauge = Gauge(step.before, Notation(example.network), Cost())
    w, b = Weight(3, 0, 0), Bias(1, 0)
    assert table.after(w).value == step.before.value(w)

    def construct(scene):
        scene.add(table, diagram, gauge)
        scene.play(Descend(step, [table, diagram, gauge], run_time=0.5))

    in_chapter(construct)
    for q in (w, b):
        assert table.after(q).value == pytest.approx(step.before.value(q) - step.rate * step.before.derivative(q))
        assert table.before(q).numbers[0].value == step.before.value(q)
    assert gauge.readout.value == pytest.approx(step.after.cost, rel=1e-12)
    assert diagram.neuron(3, 0).number.value == pytest.approx(float(step.after.forward.a[3][0]))


def test_half_of_the_step_is_half_of_the_way():
    step = Descent(load_example("simplest"), 2.0)
    w = Weight(2, 0, 0)
    values = [step.at(part).trace().value(w) for part in (0, 0.5, 1)]
    assert np.diff(values) == pytest.approx([step.change(w) / 2] * 2)
