"""A formula's nudge: what each node changes by, calculated with the standard library, and where a formula ends."""

import math

import pytest

from backprop_film.sets import FormulaNudge, SweepCounts
from backprop_math import Cost, load_example
from backprop_math.autodiff import parse_formula


def nudge_of(text, **at):
    graph = parse_formula(text, at).graph()
    return graph, FormulaNudge(graph, graph.inputs[0])


def test_every_node_changes_by_what_the_formula_says():
    graph, nudge = nudge_of("x*y + sin(x)", x=2, y=3)
    expected = {"x": 0.01, "v₁": 0.03, "v₂": math.sin(2.01) - math.sin(2), "f": 0.03 + math.sin(2.01) - math.sin(2)}
    found = {graph.symbol(node).text(): number.value for node, number in nudge.changes.items()}
    assert found == pytest.approx(expected, rel=1e-6)
    assert nudge.times.value == pytest.approx(100 * expected["f"])
    assert nudge.ratio.adds_up()


def test_what_the_input_does_not_lead_to_stays():
    graph, nudge = nudge_of("x + exp(y)", x=0.5, y=1)
    assert [graph.symbol(node).text() for node in nudge.changes] == ["x", "f"]
    assert nudge.times.text() == "1.000"


def test_at_the_end_of_where_a_function_is_defined_the_nudge_goes_the_other_way():
    graph, nudge = nudge_of("arcsin(x)", x=0.9999)
    assert nudge.changes[graph.inputs[0]].value == -0.001
    assert nudge.times.value == pytest.approx((math.asin(0.9989) - math.asin(0.9999)) / -0.001)


def test_one_sweep_back_takes_a_product_for_each_arrow():
    graph = load_example("digits").trace().graph
    assert graph.reverse_sweep(Cost()).multiplications == sum(1 for _ in graph.edges) == 26_024


def test_a_sweep_from_a_weight_takes_the_products_that_are_written_out():
    counts = SweepCounts(load_example("digits").trace())
    assert [products for _, products in counts.each] == [1 + 1 + 16 + 16 + 160 + 10 + 10, 32, 3]
    assert len(counts.one) == len(counts.reached) + 1
