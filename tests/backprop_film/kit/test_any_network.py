"""Every mobject of the kit that shows a network or a formula, for any network: within its room, legible, no overlap.

``pytest --networks 200`` takes more of them.
"""

from functools import cache

import numpy as np
from manim import Circle

from backprop_film.kit import (
    CostNode,
    DescentTable,
    FormulaWithNumbers,
    GradientColumn,
    NetworkDiagram,
    Neuron,
    ProductTable,
    SumTable,
    WeightMatrix,
    cost_terms,
    fitted,
    formula_line,
    path_terms,
    theme,
    weighted_terms,
)
from backprop_film.kit.theme import MIN_FONT_SIZE
from backprop_math import Activation, Bias, Cost, CostDerivatives, Descent, Notation, Weight, WeightedSum
from tests.backprop_film.kit.any_network import any_example, any_names, faults_of


@cache
def any_network(seed):
    example = any_example(seed)
    return example, example.trace(), Notation(example.network, longest_sum=4)


def quantities(network, seed):
    """Some of each kind, by chance."""
    rng = np.random.default_rng(seed)
    l = int(rng.integers(1, network.L + 1))  # noqa: E741
    j, k = int(rng.integers(network.layers[l])), int(rng.integers(network.layers[l - 1]))
    return Weight(l, j, k), Bias(l, j), WeightedSum(l, j), Activation(l, j), Activation(l - 1, k)


def test_its_formulas_fit_the_formula_line_and_add_up(network_seed):
    example, trace, notation = any_network(network_seed)
    w, b, z, a, before = quantities(example.network, network_seed)
    derivatives, last = CostDerivatives(notation), example.network.L
    relations = [notation.definition(q) for q in (z, a, Cost())]
    relations += [notation.with_numbers(relation, trace) for relation in relations]
    for relation in relations:
        assert faults_of(FormulaWithNumbers(relation, relation, at=(1.0, 2.0))) == [], relation
    for wrt in (w, b, before):
        rule = trace.chain_rule(wrt, notation=notation)
        relations += [rule.symbols, rule.formulas, rule.numbers]
    relations += [derivatives.chain(Weight("L", "j", "k")), derivatives.formulas(Activation("L", "j"))]
    relations += [derivatives.formulas(Activation(last - 1, 0)), derivatives.numbers(Bias(last, 0), trace)]
    for relation in relations:
        line = formula_line(relation)
        assert faults_of(line) == [], relation
        assert line.height <= theme.formula_zone.height
        assert abs(line.get_y() - theme.formula_zone.center[1]) < 0.05
        narrow = fitted(relation, width=5.0, height=2.5)
        assert narrow.width <= 5.0 + 1e-6
        assert narrow.height <= 2.5 + 1e-6
        assert faults_of(narrow) == [], relation
        if relation.adds_up():
            assert line.expression.adds_up()
            assert narrow.expression.adds_up()


def test_its_diagram_is_legible(network_seed):
    example, trace, notation = any_network(network_seed)
    network = example.network
    diagram = NetworkDiagram(
        network, width=7.0, height=3.9, radius=0.36, name_width=2.2,
        input_names=any_names(network.layers[0], network_seed),
        output_names=any_names(network.layers[-1], network_seed),
    )  # fmt: skip
    diagram.move_to([0, 0.6, 0]).show(trace)
    assert faults_of(diagram) == []
    last = NetworkDiagram(network, width=3.3, height=2.85, radius=0.36, most=4, first=max(0, network.L - 2)).show(trace)
    cost = CostNode(trace, notation, last)
    assert faults_of(last, cost) == []


def test_its_tables_fit_their_board(network_seed):
    example, trace, notation = any_network(network_seed)
    network = example.network
    w, _, z, _, _ = quantities(network, network_seed)
    room = {"width": 6.2, "height": 4.5}
    symbol, derivative = notation.symbol, notation.derivative_symbol
    tables = [
        SumTable(weighted_terms(trace, notation, z), (symbol(z), trace.value(z)), **room),
        SumTable(cost_terms(trace, notation), (symbol(Cost()), trace.cost), stacked=True, **room),
        WeightMatrix(network, notation, w.layer, **room),
        WeightMatrix(network, notation, w.layer, trace=trace, **room),
    ]
    before = Activation(network.L - 1, 0)
    if trace.chain_rule(before).count:
        rule = trace.chain_rule(before, notation=notation, decimals=3)
        total = (derivative(Cost(), before), trace.derivative(before))
        tables.append(SumTable(path_terms(rule), total, stacked=True, **room))
    last = Weight(network.L, 0, 0)
    if trace.chain_rule(last).count == 1:
        tables.append(ProductTable(trace.chain_rule(last, notation=notation, decimals=3), **room))
    for table in tables:
        table.move_to([0, 0.6, 0])
        assert faults_of(table) == [], type(table).__name__
        assert table.width <= 6.2 + 1e-6, type(table).__name__
        assert table.height <= 4.5 + 1e-6, type(table).__name__


def test_its_gradient_is_a_column(network_seed):
    example, trace, notation = any_network(network_seed)
    column = GradientColumn(trace, notation).move_to([3.0, 0.6, 0])
    assert column.smallest >= MIN_FONT_SIZE / 96
    assert faults_of(column) == []
    step = Descent.falling(example)
    if step is not None:
        table = DescentTable(step, notation, first=2, last=2).move_to([0, 0.6, 0])
        assert faults_of(table) == []


def test_a_planted_fault_is_found():
    class Fixed:
        def value(self, quantity):
            return 0.27

    neuron = Neuron(Activation(0, 0)).show(Fixed())
    assert faults_of(neuron) == []
    neuron.circle.become(Circle(0.25))
    assert "touched" in " ".join(faults_of(neuron)) or "crossed" in " ".join(faults_of(neuron))
    assert faults_of(neuron.shift([20, 0, 0]))[0].startswith("outside")
