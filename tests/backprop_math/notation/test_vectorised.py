"""The equations with matrices, against the trace and against arithmetic with the digits shown."""

# ruff: noqa: E741 (l is a layer's number)

import numpy as np
import pytest
from hypothesis import given

from backprop_math import Activation, Bias, Network, Number, Symbol, Term, Weight, load_example
from backprop_math.formula import MatrixExpression, Transposed, inside
from backprop_math.notation import MatrixEquation, matrix_values

from ..strategies import modest, problems


@pytest.fixture
def trace():
    return load_example("introduction").trace()


def matrices(equation):
    """The matrices of the numbers by their names, the last of each name."""
    return {node.name: node.body for node in equation.numbers.walk() if isinstance(node, Term) and
            isinstance(node.body, MatrixExpression)}  # fmt: skip


def entries(matrix):
    return [[entry.value for entry in row] for row in matrix.rows]


def test_the_four_equations_in_print(trace):
    last, hidden = trace.equations(3), trace.equations(2)
    assert [str(e.symbols) for e in (last.error, hidden.error, hidden.weights, hidden.biases)] == [
        "δ⁽ᴸ⁾ = ∇_a C₀ ⊙ σ′(z⁽ᴸ⁾)",
        "δ⁽ᴸ⁻¹⁾ = (W⁽ᴸ⁾)ᵀ δ⁽ᴸ⁾ ⊙ σ′(z⁽ᴸ⁻¹⁾)",
        "∂C₀/∂W⁽ᴸ⁻¹⁾ = δ⁽ᴸ⁻¹⁾ (a⁽ᴸ⁻²⁾)ᵀ",
        "∂C₀/∂b⁽ᴸ⁻¹⁾ = δ⁽ᴸ⁻¹⁾",
    ]
    assert [str(e.symbols) for e in last.forward] == ["z⁽ᴸ⁾ = W⁽ᴸ⁾ a⁽ᴸ⁻¹⁾ + b⁽ᴸ⁾", "a⁽ᴸ⁾ = σ(z⁽ᴸ⁾)"]
    assert hidden.error.symbols.latex() == (
        r"\delta^{(L-1)} = \left(W^{(L)}\right)^{\mathsf{T}} \delta^{(L)} \odot \sigma'\left(z^{(L-1)}\right)"
    )
    assert "dot.o" in hidden.error.symbols.typst()
    assert "^(upright(T))" in hidden.error.symbols.typst()


def test_the_matrices_are_those_of_the_pass(trace):
    shown = matrices(trace.equations(2).error)
    assert entries(shown["W"]) == trace.network.W[3].T.tolist()
    assert entries(shown["delta"]) == [[value] for value in trace.dz[3].tolist()]
    assert np.ravel(entries(shown["slope"])) == pytest.approx(trace.forward.a[2] * (1 - trace.forward.a[2]))
    assert entries(shown["result"]) == [[value] for value in trace.dz[2].tolist()]
    outer = matrices(trace.equations(1).weights)
    assert entries(outer["a"]) == [trace.forward.a[0].tolist()]
    assert entries(outer["result"]) == trace.dW[1].tolist()
    assert np.ravel(entries(matrices(trace.equations(3).error)["gradient"])) == pytest.approx(
        2 * (trace.forward.a[3] - trace.y), rel=1e-15
    )


def test_entries_carry_their_quantities(trace):
    shown = matrices(trace.equations(2).error)
    assert shown["W"].rows[1][0].quantity == Weight(3, 0, 1)
    forward = matrices(trace.equations(2).weighted_sum)
    assert forward["W"].rows[1][0].quantity == Weight(2, 1, 0)
    assert (forward["a"].rows[3][0].quantity, forward["b"].rows[2][0].quantity) == (Activation(1, 3), Bias(2, 2))


@given(problems(batches=False, largest=4))
@modest
def test_whatever_the_numbers_the_shown_matrices_add_up(problem):
    network, x, y = problem
    trace = network.forward(x).backward(y)
    for l in range(1, network.L + 1):
        layer = trace.equations(l)
        expected = (trace.forward.z[l], trace.forward.a[l], trace.dz[l], trace.dW[l], trace.db[l])
        for equation, value in zip((*layer.forward, *layer.backward), expected, strict=True):
            assert equation.adds_up(), equation
            assert equation.value == pytest.approx(value, rel=1e-12, abs=1e-15)


def test_a_planted_error_does_not_add_up(trace):
    equation = trace.equations(2).error
    assert equation.adds_up()
    for planted in matrices(equation)["result"].children:
        wrong = equation.numbers.map(
            lambda node, planted=planted: (
                Number(node.value + 10.0**-node.decimals, node.decimals) if node is planted else None
            )
        )
        assert not MatrixEquation(equation.symbols, wrong, equation.value).adds_up()


def test_matrices_are_calculated_from_the_digits_shown(trace):
    numbers = trace.equations(2).weights.numbers
    delta, a = (matrices(trace.equations(2).weights)[name] for name in ("delta", "a"))
    by_hand = [[float(d[0].shown) * float(x.shown) for x in a.rows[0]] for d in delta.rows]
    assert matrix_values(numbers.sides[1]).tolist() == by_hand
    with pytest.raises(ValueError, match="'x' is no arithmetic of matrices"):
        matrix_values(Symbol("x"))


def test_large_layers_are_elided():
    trace = Network.random((30, 2)).forward([0.5] * 30).backward([0.0, 1.0])
    W = matrices(trace.equations(1).weighted_sum)["W"]
    assert [len(row) for row in W.rows] == [4, 4]
    assert [entry.value for entry in (W.rows[1][0], W.rows[1][3])] == [
        trace.network.W[1][1, 0],
        trace.network.W[1][1, 29],
    ]
    assert "…" in str(trace.equations(1).weights)
    assert trace.equations(1).weighted_sum.adds_up()  # which nothing shown can contradict


def test_softmax_has_its_jacobian():
    network = Network.random((2, 3), activation="softmax", seed=3)
    trace = network.forward([0.3, -0.5]).backward([0.0, 1.0, 0.0])
    equation = trace.equations(1).error
    assert str(equation.symbols) == "δ⁽ᴸ⁾ = (∂a⁽ᴸ⁾/∂z⁽ᴸ⁾)ᵀ ∇_a C₀"
    a = trace.forward.a[1]
    assert np.array(entries(matrices(equation)["slope"])) == pytest.approx(np.diag(a) - np.outer(a, a))
    assert equation.adds_up()


def test_a_batch_and_a_missing_layer_are_named(trace):
    with pytest.raises(ValueError, match="expected a layer from 1 to 3"):
        trace.equations(4)
    batch = trace.network.forward([trace.forward.x] * 2).backward([trace.y] * 2)
    with pytest.raises(ValueError, match="belongs to one example, found a batch of 2"):
        batch.equations(1)


def test_notebooks_get_both_lines(trace):
    latex = trace.equations(3).error._repr_latex_()
    assert latex.startswith(r"$\begin{gathered}\delta^{(L)} = \nabla_{a} C_{0} \odot")
    assert latex.count(r"\begin{bmatrix}") == 3


def test_a_matrix_is_transposed_without_brackets():
    assert Transposed(MatrixExpression(((Number(1.0, 0), Number(2.0, 0)),))).text() == "[1, 2]ᵀ"
    assert inside(Term("x", Symbol("v"))) == Symbol("v")
