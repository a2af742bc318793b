import numpy as np
from manim import FadeIn, ManimColor

from backprop_film.kit import (
    CostNode,
    Light,
    NetworkDiagram,
    Unlight,
    WeightMatrix,
    path_parts,
    theme,
    travelling_light,
)
from backprop_film.kit.addends import cost_terms, path_terms, weighted_terms
from backprop_film.kit.product_table import ProductTable
from backprop_film.kit.sum_table import SumTable
from backprop_film.kit.theme import MIN_FONT_SIZE
from backprop_math import Activation, Cost, Notation, Weight, WeightedSum
from tests.backprop_film.kit.stage import in_chapter, network_example

EXAMPLE = network_example(3, 4, 2)
TRACE, NOTATION = EXAMPLE.trace(), Notation(EXAMPLE.network)


def staged():
    diagram = NetworkDiagram(EXAMPLE.network).show(TRACE)
    return diagram, CostNode(TRACE, NOTATION, diagram)


def test_the_parts_of_a_path():
    diagram, cost = staged()
    chain = TRACE.chain_rule(Activation(1, 3))
    parts = [path_parts([chain.wrt, *(f.of for f in path.factors)], diagram, cost) for path in chain.paths]
    for j, found in enumerate(parts):
        assert found == [
            diagram.neuron(1, 3),
            diagram.edge(2, j, 3),
            diagram.neuron(2, j),
            cost.edge(j),
            cost.symbol,
        ]
    weight = [Weight(2, 1, 0), WeightedSum(2, 1), Activation(2, 1), Cost()]
    assert path_parts(weight, diagram, cost)[0] is diagram.edge(2, 1, 0)


def looks(*mobjects):
    return [
        (part.stroke_rgbas.copy(), part.fill_rgbas.copy(), part.stroke_width)
        for mobject in mobjects
        for part in mobject.family_members_with_points()
    ]


def test_light_and_back():
    diagram, cost = staged()
    before, seen = looks(diagram, cost), {}

    def construct(scene):
        scene.play(FadeIn(diagram, cost))
        scene.play(Light([diagram, cost], [diagram.edge(2, 0, 0)], [cost.symbol]), run_time=0.2)
        seen["edge"] = diagram.edge(2, 0, 0).family_members_with_points()[0].stroke_rgbas[:, :3]
        seen["other"] = diagram.neuron(1, 1).circle
        seen["dimmed"] = [seen["other"].dimmed, *(glyph.dimmed for glyph in cost.symbol)]
        scene.play(travelling_light([diagram.edge(2, 0, 0), cost.edge(0)], backward=True))
        scene.play(Light([diagram, cost], []), run_time=0.2)
        scene.play(Unlight(diagram, cost), run_time=0.2)

    in_chapter(construct)
    assert np.allclose(seen["edge"], ManimColor(theme.highlight).to_rgb(), atol=0.01)
    assert seen["dimmed"] == [True] + [False] * len(cost.symbol)
    for (s, f, w), (s2, f2, w2) in zip(before, looks(diagram, cost), strict=True):
        assert np.allclose(s, s2)
        assert np.allclose(f, f2)
        assert np.isclose(w, w2)


def test_tables_add_up_from_the_digits_shown():
    for seed in range(4):
        cost = "mean_squared_error" if seed % 2 else "squared_error"
        example = network_example(3, 4, 3, activation="sigmoid", cost=cost, seed=seed)
        trace, notation = example.trace(), Notation(example.network)
        z, a = WeightedSum(2, 1), Activation(1, 2)
        tables = [
            (SumTable(weighted_terms(trace, notation, z), (notation.symbol(z), trace.value(z))), trace.value(z)),
            (SumTable(cost_terms(trace, notation), (notation.symbol(Cost()), trace.cost)), trace.cost),
            (
                SumTable(path_terms(trace.chain_rule(a, decimals=3)), (notation.symbol(a), trace.derivative(a))),
                trace.derivative(a),
            ),
        ]
        for table, value in tables:
            assert table.sum.adds_up(), str(table.sum)
            assert table.sum.sides[-1].value == value
            assert all(row.numbers.expression.adds_up() for row in table.rows)
            ends = [row.value.get_right()[0] for row in [*table.rows, table.result]]
            assert np.ptp(ends) < 1e-6
        product = ProductTable(trace.chain_rule(Weight(2, 1, 0), notation=notation, decimals=3))
        assert product.product.expression.adds_up()


def test_a_table_shrinks_to_its_width_but_stays_large_enough_to_read():
    example = network_example(3, 4, 2, activation="sigmoid")
    trace, notation = example.trace(), Notation(example.network)
    terms, total = path_terms(trace.chain_rule(Activation(1, 2), decimals=3)), (notation.symbol(Activation(1, 2)), 0.5)
    assert SumTable(terms, total, width=9.0).width <= SumTable(terms, total, width=99.0).width
    narrow = SumTable(terms, total, width=1.0)
    assert all(row.numbers.font_size >= MIN_FONT_SIZE - 1e-9 for row in narrow.rows)


def test_a_weight_matrix_has_row_j_and_column_k():
    matrix = WeightMatrix(EXAMPLE.network, NOTATION, 2, trace=TRACE)
    assert [matrix.entry(j, k).expression.value for j, k in matrix.places] == EXAMPLE.network.W[2].ravel().tolist()
    rows = [matrix.row(j).get_y() for j in range(2)]
    columns = [matrix.column(k).get_x() for k in range(4)]
    assert rows == sorted(rows, reverse=True)
    assert columns == sorted(columns)
    assert abs(matrix.row_label(1).get_y() - rows[1]) < 0.1
    assert abs(matrix.column_label(2).get_x() - columns[2]) < 0.1
