"""The last layers of a network and the board beside them: where things stand, and that the board adds up."""

from itertools import pairwise

import numpy as np
import pytest

from backprop_film.kit import (
    Formula,
    GradientColumn,
    Light,
    NeuronIndices,
    SumTable,
    cost_terms,
    formula_line,
    path_terms,
    theme,
)
from backprop_film.sets import LastLayersLayout
from backprop_math import Activation, Cost, CostDerivatives, Notation, Number, Weight
from tests.backprop_film.kit.reading import read
from tests.backprop_film.kit.stage import network_example

EXAMPLE = network_example(2, 3, 2, activation="sigmoid", seed=3)
TRACE, NOTATION = EXAMPLE.trace(), Notation(EXAMPLE.network)
K = Activation(1, 0)


def path_table(example=EXAMPLE, **style):
    trace, notation = example.trace(), Notation(example.network)
    total = (notation.derivative_symbol(Cost(), K), trace.derivative(K))
    return SumTable(path_terms(trace.chain_rule(K, decimals=3)), total, stacked=True, **style)


@pytest.mark.parametrize("seed", range(6))
def test_each_factor_stands_above_its_number(seed):
    example = network_example(2, 3, 2, activation="sigmoid", seed=seed)
    table = path_table(example)
    for row, path in zip(table.rows, example.trace().chain_rule(K).paths, strict=True):
        factors = [(factor.of, factor.wrt) for factor in path.factors]
        for factor in factors:
            above, below = row.symbols.factor(*factor), row.numbers.factor(*factor)
            assert above.get_x() == pytest.approx(below.get_x())
            assert above.get_bottom()[1] > below.get_top()[1]
        for part in (row.symbols, row.numbers):
            for one, other in pairwise(part.factor(*factor) for factor in factors):
                assert one.get_right()[0] < other.get_left()[0] - 0.02
        product = np.prod([float(read(Formula(number))) for number in row.factors])
        assert product == pytest.approx(path.value, abs=0.003)


def test_stacked_rows_keep_apart_and_end_together():
    for table in (
        path_table(),
        SumTable(cost_terms(TRACE, NOTATION), (NOTATION.symbol(Cost()), TRACE.cost), stacked=True),
    ):
        rows = [*table.rows, table.result]
        assert np.ptp([row.value.get_right()[0] for row in rows]) < 1e-6
        assert np.ptp([row.sign.get_left()[0] for row in rows]) < 1e-6
        assert all(one.get_bottom()[1] - other.get_top()[1] > 0.1 for one, other in pairwise(rows))
        assert table.rows[-1].get_bottom()[1] > table.rule.get_y() > table.result.get_top()[1]


def test_the_result_says_what_was_added():
    table = path_table()
    relation = table.result.numbers.expression
    terms = relation.sides[1].terms
    assert [term.body.value for term in terms] == [path.value for path in TRACE.chain_rule(K).paths]
    assert relation.adds_up()
    for row, (source, place) in zip(table.rows, table.carried, strict=True):
        assert source.get_center() == pytest.approx(row.value.get_center())
        assert place.get_right()[0] < table.result.value.get_left()[0]


def test_a_table_fits_the_board_it_is_given():
    wide = path_table(width=99, height=99)
    low = path_table(width=99, height=0.9 * wide.height)
    assert low.height <= 0.9 * wide.height + 1e-6
    narrow = path_table(width=0.9 * wide.width, height=99)
    assert narrow.width <= 0.9 * wide.width + 1e-6


@pytest.mark.parametrize("sizes", [(2, 3, 2), (3, 4, 3), (1, 1, 1, 1), (5, 3, 4, 2)])
def test_the_last_layers_and_their_board(sizes):
    example = network_example(*sizes, activation="sigmoid")
    notation = Notation(example.network)
    stand = LastLayersLayout(example.trace(), notation)
    last = example.network.L
    assert stand.diagram.get_left()[0] >= theme.safe.left
    assert stand.board.left > stand.cost.get_right()[0] + 0.3
    assert stand.board.right <= theme.safe.right
    counted = NeuronIndices(stand.diagram, notation)
    assert counted.get_top()[1] <= theme.stage.top
    for layer in (last - 1, last):
        for neuron, label in zip(stand.diagram.layer(layer), counted.layer(layer), strict=True):
            assert abs(label.get_x() - neuron.get_x()) < 0.1
            assert abs(label.get_y() - neuron.get_y()) > neuron.circle.height / 2
    assert counted.label(last, 0).formula.expression.sides[1] == Number(0.0, 0)
    title = stand.on_board(Formula(notation.symbol(Cost())))
    assert title.get_left()[0] == pytest.approx(stand.board.left)
    assert title.get_y() == pytest.approx(stand.board.center[1])


def test_a_number_that_turns_from_black_to_white_is_never_grey_on_grey():
    stand = LastLayersLayout(TRACE, NOTATION)
    neuron = stand.diagram.show(TRACE).neuron(1, 0)
    digit = neuron.number[0]
    black = neuron.number[0].copy().set_fill("#000000", 1)
    digit.become(black)
    light = Light([stand.diagram], [])
    light.begin()
    seen = set()
    for alpha in np.linspace(0, 1, 11):
        light.interpolate(alpha)
        seen.add(tuple(digit.fill_rgbas[0, :3].round(3)))
    assert seen == {(0.0, 0.0, 0.0), (1.0, 1.0, 1.0)}


def test_a_formula_is_cut_and_followed():
    derivatives = CostDerivatives(NOTATION)
    w = Weight(1, 0, 0)
    chain, numbers = derivatives.chain(w), derivatives.numbers(w, TRACE)
    both = chain.followed_by(numbers)
    assert both.sides == (*chain.sides, *numbers.sides[1:])
    assert both.adds_up()
    formula = formula_line(both)
    zone = theme.formula_zone
    assert formula.height <= zone.height
    assert formula.width <= zone.width + 1e-6
    pieces = formula.cut(formula.side(0), formula.side(1))
    assert sum(len(piece) for piece in pieces) == len(formula)
    assert set(map(id, pieces[0])) == set(map(id, formula.side(0)))
    assert all(piece.get_right()[0] < other.get_left()[0] + 1e-6 for piece, other in pairwise(pieces))


def test_the_gradients_entries_have_air_between_them():
    column = GradientColumn(TRACE, NOTATION, first=3, last=2)
    parameters = list(EXAMPLE.network.parameters)
    entries = [*(column.entry(q) for q in parameters[:3]), column.dots, *(column.entry(q) for q in parameters[-2:])]
    assert all(one.get_bottom()[1] - other.get_top()[1] > 0.18 for one, other in pairwise(entries))
    assert column.height <= theme.stage.top - theme.formula_zone.bottom
