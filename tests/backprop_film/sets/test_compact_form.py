"""The NumPy on the screen finds what the trace, a batch and central differences say; a wrong line does not."""

import numpy as np
import pytest

from backprop_film.kit import CodeListing
from backprop_film.sets import EquationBoard, LayerTable, gradient_found, numpy_lines, run_lines, some_examples
from backprop_math import Example, LayerEquations, Network, Notation, Term, Weight, load_example
from backprop_math.formula import inside
from backprop_math.notation.matrix_equation import agreed
from tests.backprop_film.kit.any_network import any_example


@pytest.fixture(scope="module")
def example():
    return load_example("two_outputs")


def agrees(found, trace):
    return all(np.allclose(found[layer], trace.dW[layer], rtol=1e-9, atol=1e-300) for layer in found)


@pytest.mark.parametrize("name", ["two_outputs", "three_species", "xor", "simplest", "introduction"])
def test_the_lines_find_what_the_trace_has(name):
    example = load_example(name)
    assert agrees(run_lines(numpy_lines(example.network), example), example.trace())


def test_the_lines_serve_any_network():
    for seed in (0, 1, 5, 7, 8):
        example = any_example(seed)
        assert agrees(run_lines(numpy_lines(example.network), example), example.trace())


def test_softmax_with_another_cost_takes_a_line_more():
    network = Network.random((2, 4, 3), activation=["tanh", "softmax"], cost="squared_error", seed=3)
    example = Example("x", "", network, np.array([[0.5, -1.0]]), np.array([[0.0, 1.0, 0.0]]))
    lines = numpy_lines(network)
    assert len(lines) == 11
    assert agrees(run_lines(lines, example), example.trace())


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("W[l].T", "W[l].T * 2"), ("delta.T @ A[l - 1]", "delta.T @ A[l - 1] * 1.01"), ("df[L](Z[L])", "df[L](A[L])"),
     ("df[l - 1](Z[l - 1])", "1"), ("delta @ W[l]", "-delta @ W[l]")],
)  # fmt: skip
def test_a_wrong_line_is_found(example, right, wrong):
    lines = numpy_lines(example.network)
    planted = [line.replace(right, wrong) for line in lines]
    assert planted != lines
    assert not agrees(run_lines(planted, example), example.trace())


def test_a_batch_is_the_mean_of_its_examples():
    example = load_example("xor")
    lines = numpy_lines(example.network)
    # The same lines, given all rows at once.
    whole = Example("x", "", example.network, example.inputs, example.targets)
    text = "\n".join(lines)
    net = example.network
    names = {
        "X": whole.inputs, "Y": whole.targets, "L": net.L, "W": net.W, "b": net.b, "dz": net.paired.dz,
        "f": {i: each.f for i, each in enumerate(net.activation, 1)},
        "df": {i: each.df for i, each in enumerate(net.activation, 1)},
    }  # fmt: skip
    exec(text, names)
    each = [example.trace(i) for i in range(4)]
    for layer in (1, 2):
        assert np.allclose(names["dW"][layer], np.mean([trace.dW[layer] for trace in each], axis=0), rtol=1e-12)
        assert np.allclose(names["db"][layer], np.mean([trace.db[layer] for trace in each], axis=0), rtol=1e-12)


def test_what_was_found_is_shown_as_it_is(example):
    found = run_lines(numpy_lines(example.network), example)[2]
    code, formula = gradient_found(found, "dW[2]")
    assert code.line(0).string == "dW[2]"
    assert [number.value for number in formula.numbers] == found.ravel().tolist()
    wide = gradient_found(np.arange(160.0).reshape(10, 16) / 7, "dW[1]")[1]
    assert [number.value for number in wide.numbers][-1] == 159 / 7


def test_an_entry_of_the_table_is_the_weight_of_its_edge(example):
    trace, notation = example.trace(), Notation(example.network)
    table = LayerTable(example.network, trace, notation)
    for j in table.rows:
        assert [edge for edge, _ in table.moves(j)] == [table.diagram.edge(2, j, k) for k in table.columns]
        assert [entry for _, entry in table.moves(j)] == list(table.matrix.row(j))
    assert table.out_of(1) == [table.diagram.edge(2, j, 1) for j in table.rows]
    board = EquationBoard(LayerEquations(trace, 1, notation, longest=3).error)
    row = table.transposed_row(board, 1)
    heights = [part.get_y() for part in row]
    assert max(heights) - min(heights) < 0.05
    numbers = [board.numbers.quantity(Weight(2, 0, k)).get_x() for k in table.columns]
    assert max(numbers) - min(numbers) < 0.2


def test_code_is_indented_as_it_is_written():
    listing = CodeListing(["for l in x:", "    a = 1", "b = 2"], colors={"a": "#FF0000"})
    first, second, third = (line.get_left()[0] for line in listing)
    advance = listing.line(2).get_right()[0] - listing.line(2).get_left()[0]
    assert second - first == pytest.approx(advance / 5 * 4, rel=0.15)
    assert third == pytest.approx(first, abs=0.05)
    assert listing.line(1)[0].get_fill_color().to_hex() == "#FF0000"
    assert listing.line(1).string == "    a = 1"


def test_a_batch_has_a_row_for_each_example(example):
    several = some_examples(example)
    passes = [several.trace(i) for i in range(3)]
    equation = LayerEquations(passes[0], 2, Notation(example.network), decimals=3).of_batch(passes)
    assert np.allclose(equation.value, [one.z[2] for one in passes], rtol=1e-12)
    assert equation.adds_up()
    assert equation.symbols.text() == "Z⁽ᴸ⁾ = A⁽ᴸ⁻¹⁾ (W⁽ᴸ⁾)ᵀ + b⁽ᴸ⁾"
    assert len(EquationBoard(equation).entries("A")) == 9


def test_no_half_of_a_product_is_said_to_be_the_result(example):
    board = EquationBoard(LayerEquations(example.trace(), 2, Notation(example.network), decimals=3).error)
    first, *_, last = board.stages("gradient", "slope")
    left = set(board.numbers.side(0))
    assert left.isdisjoint(first)
    assert left <= set(last)
    assert sum(map(len, board.stages("gradient", "slope"))) == len(board.numbers)


def test_a_matrix_has_no_more_digits_than_the_page_needs(example):
    trace, notation = example.trace(), Notation(example.network)
    last, before = (LayerEquations(trace, layer, notation, decimals=3, longest=3) for layer in (2, 1))
    equations = agreed([last.weighted_sum, last.activation, last.error, last.weights, last.biases, before.error])
    shown = {inside(node).text() for node in equations[2].numbers.walk() if isinstance(node, Term)}
    assert any("−1.090" in text and "1.252" in text and "1.2520" not in text for text in shown)
    assert all(equation.adds_up() for equation in equations)
