"""Chain rules with letters in print, and their numbers against the trace, which calculates in its own way."""

import re

import numpy as np
import pytest
from hypothesis import given

from backprop_math import (
    Activation,
    Bias,
    Cost,
    CostDerivatives,
    Network,
    Notation,
    Number,
    Symbol,
    Target,
    Term,
    Weight,
    WeightedSum,
    load_example,
)
from backprop_math.formula import inside

from ..strategies import modest, problems


@pytest.fixture
def wide():
    example = load_example("introduction")
    return CostDerivatives(Notation(example.network)), example.trace()


def terms(expression):
    return [node.name for node in expression.walk() if isinstance(node, Term)]


@pytest.mark.parametrize(
    ("wrt", "chain", "formulas"),
    [
        (
            Weight("L", "j", "k"),
            "∂zⱼ⁽ᴸ⁾/∂wⱼₖ⁽ᴸ⁾ · ∂aⱼ⁽ᴸ⁾/∂zⱼ⁽ᴸ⁾ · ∂C₀/∂aⱼ⁽ᴸ⁾",
            "aₖ⁽ᴸ⁻¹⁾ · σ′(zⱼ⁽ᴸ⁾) · 2(aⱼ⁽ᴸ⁾ − yⱼ)",
        ),
        (
            Weight("l", "j", "k"),
            "∂zⱼ⁽ˡ⁾/∂wⱼₖ⁽ˡ⁾ · ∂aⱼ⁽ˡ⁾/∂zⱼ⁽ˡ⁾ · ∂C₀/∂aⱼ⁽ˡ⁾",
            "aₖ⁽ˡ⁻¹⁾ σ′(zⱼ⁽ˡ⁾) ∂C₀/∂aⱼ⁽ˡ⁾",
        ),
        (
            Bias("L", "j"),
            "∂zⱼ⁽ᴸ⁾/∂bⱼ⁽ᴸ⁾ · ∂aⱼ⁽ᴸ⁾/∂zⱼ⁽ᴸ⁾ · ∂C₀/∂aⱼ⁽ᴸ⁾",
            "1 · σ′(zⱼ⁽ᴸ⁾) · 2(aⱼ⁽ᴸ⁾ − yⱼ)",
        ),
        (WeightedSum("L", "j"), "∂aⱼ⁽ᴸ⁾/∂zⱼ⁽ᴸ⁾ · ∂C₀/∂aⱼ⁽ᴸ⁾", "σ′(zⱼ⁽ᴸ⁾) · 2(aⱼ⁽ᴸ⁾ − yⱼ)"),
        (
            Activation("L-1", "k"),
            "Σ[j=0…n_L−1] ∂zⱼ⁽ᴸ⁾/∂aₖ⁽ᴸ⁻¹⁾ · ∂aⱼ⁽ᴸ⁾/∂zⱼ⁽ᴸ⁾ · ∂C₀/∂aⱼ⁽ᴸ⁾",
            "Σ[j=0…n_L−1] wⱼₖ⁽ᴸ⁾ · σ′(zⱼ⁽ᴸ⁾) · 2(aⱼ⁽ᴸ⁾ − yⱼ)",
        ),
        (
            Activation("l", "j"),
            "Σ[i=0…nₗ₊₁−1] ∂zᵢ⁽ˡ⁺¹⁾/∂aⱼ⁽ˡ⁾ · ∂aᵢ⁽ˡ⁺¹⁾/∂zᵢ⁽ˡ⁺¹⁾ · ∂C₀/∂aᵢ⁽ˡ⁺¹⁾",
            "Σ[i=0…nₗ₊₁−1] wᵢⱼ⁽ˡ⁺¹⁾ σ′(zᵢ⁽ˡ⁺¹⁾) ∂C₀/∂aᵢ⁽ˡ⁺¹⁾",
        ),
        (Activation("L", "j"), "∂C₀/∂aⱼ⁽ᴸ⁾", "2(aⱼ⁽ᴸ⁾ − yⱼ)"),
    ],
)
def test_forms_with_letters(wide, wrt, chain, formulas):
    derivatives, _ = wide
    ratio = derivatives.ratio(wrt).text()
    assert str(derivatives.chain(wrt)) == f"{ratio} = {chain}"
    assert str(derivatives.formulas(wrt)) == f"{ratio} = {formulas}"
    assert terms(derivatives.chain(wrt)) == terms(derivatives.formulas(wrt))


def test_the_parts_are_found_by_name_and_carry_their_quantities(wide):
    derivatives, _ = wide
    factors = ["z[L][j]/a[L-1][k]", "a[L][j]/z[L][j]", "C/a[L][j]"]
    assert terms(derivatives.chain(Activation("L-1", "k"))) == ["ratio", "sum", "summand", *factors]
    symbols = [node.quantity for node in derivatives.formulas(Weight("L", "j", "k")).walk() if isinstance(node, Symbol)]
    assert symbols == [
        Cost(), Weight("L", "j", "k"),
        Activation("L-1", "k"), WeightedSum("L", "j"), Activation("L", "j"), Target("j"),
    ]  # fmt: skip


def test_a_factor_of_1_is_told_from_what_follows_it(wide):
    bias, weight = (wide[0].formulas(wrt) for wrt in (Bias("l", "j"), Weight("l", "j", "k")))
    assert str(bias).endswith("= 1 · σ′(zⱼ⁽ˡ⁾) · ∂C₀/∂aⱼ⁽ˡ⁾")
    assert "= 1 dot.op sigma' lr((z_(j)^((l)))) dot.op frac(" in bias.typst()
    assert r"= 1 \cdot \sigma'\left(z_{j}^{(l)}\right) \cdot \frac{" in bias.latex()
    # A fraction stands a little apart from a function before it.
    assert "sigma' lr((z_(j)^((l)))) thin frac(" in weight.typst()
    assert r"\right) \, \frac{" in weight.latex()


def test_cases_are_printed_as_large_as_formulas_that_stand_alone(wide):
    cases = wide[0].cases(Activation("l", "j"))
    assert cases.typst().count("display(") == 2
    assert cases.latex().count(r"\displaystyle") == 2


def test_the_two_cases_of_an_activation(wide):
    cases = CostDerivatives(wide[0].notation, Cost(None)).cases(Activation("l", "j"))
    assert str(cases) == (
        "∂C/∂aⱼ⁽ˡ⁾ = {2(aⱼ⁽ᴸ⁾ − yⱼ) if l = L; Σ[i=0…nₗ₊₁−1] wᵢⱼ⁽ˡ⁺¹⁾ σ′(zᵢ⁽ˡ⁺¹⁾) ∂C/∂aᵢ⁽ˡ⁺¹⁾ otherwise}"
    )
    assert {"ratio", "last", "sum", "summand"} <= set(terms(cases))


def test_a_sum_written_out_over_the_neurons_of_the_layer_after(wide):
    derivatives, _ = wide
    assert str(derivatives.chain(Activation("L-1", "k"), expanded=True)).split(" = ")[1] == (
        "∂z₀⁽ᴸ⁾/∂aₖ⁽ᴸ⁻¹⁾ · ∂a₀⁽ᴸ⁾/∂z₀⁽ᴸ⁾ · ∂C₀/∂a₀⁽ᴸ⁾ + ∂z₁⁽ᴸ⁾/∂aₖ⁽ᴸ⁻¹⁾ · ∂a₁⁽ᴸ⁾/∂z₁⁽ᴸ⁾ · ∂C₀/∂a₁⁽ᴸ⁾"
    )
    written = derivatives.formulas(Activation("L-2", 3), expanded=True)
    assert [name for name in terms(written) if name.startswith("path")] == [f"path[{j}]" for j in range(4)]
    many = CostDerivatives(Notation(Network.random((2, 1, 30))))
    assert "path[28]" not in terms(many.chain(Activation(1, 0), expanded=True))
    assert {"path[0]", "path[1]", "path[29]"} <= set(terms(many.chain(Activation(1, 0), expanded=True)))


@given(problems(batches=False, largest=3))
@modest
def test_the_recursive_form_in_numbers_is_the_derivative_and_adds_up(problem):
    network, x, y = problem
    trace, derivatives = network.forward(x).backward(y), CostDerivatives(Notation(network))
    for quantity in trace.graph.nodes:
        if isinstance(quantity, Weight | Bias | WeightedSum | Activation):
            relation = derivatives.numbers(quantity, trace)
            assert relation.adds_up(), relation
            assert inside(relation.sides[-1]).value == pytest.approx(trace.derivative(quantity), rel=1e-12, abs=1e-15)
            values = [n.value for n in relation.sides[1].walk() if isinstance(n, Number)]
            if isinstance(quantity, Weight) and network.activation[-1].name != "softmax":
                assert np.prod(values) == pytest.approx(trace.derivative(quantity), rel=1e-12, abs=1e-300)


def test_recursive_forms_in_numbers(wide):
    derivatives, trace = wide
    assert str(derivatives.numbers(Activation(3, 1), trace)) == "∂C₀/∂a₁⁽ᴸ⁾ ≈ 2(0.657 − 0.00) ≈ 1.31"
    numbers = derivatives.numbers(Activation(2, 1), trace)
    assert str(numbers) == "∂C₀/∂a₁⁽ᴸ⁻¹⁾ ≈ 1.12 · 0.1942 · (−1.473) − 0.14 · 0.225 · 1.31 ≈ −0.362"
    assert terms(numbers)[:3] == ["ratio", "sum", "path[0]"]
    assert terms(derivatives.numbers(Weight(2, 1, 0), trace))[1:] == [
        "z[2][1]/w[2][1,0]", "a[2][1]/z[2][1]", "C/a[2][1]",
    ]  # fmt: skip


def test_means_over_examples(wide):
    derivatives, _ = wide
    assert str(derivatives.mean()) == "C = 1/n Σ[k=0…n−1] Cₖ"
    assert str(derivatives.mean(Bias("L", "j"))) == "∂C/∂bⱼ⁽ᴸ⁾ = 1/n Σ[k=0…n−1] ∂Cₖ/∂bⱼ⁽ᴸ⁾"
    # k is a neuron here, so that the examples have another letter.
    assert str(derivatives.mean(Weight("L", "j", "k"))) == "∂C/∂wⱼₖ⁽ᴸ⁾ = 1/n Σ[i=0…n−1] ∂Cᵢ/∂wⱼₖ⁽ᴸ⁾"


def test_means_in_numbers_are_those_of_the_batch():
    network = Network.random((2, 3, 1), seed=5)
    x, y = np.array([[0.5, 0.1], [-1.0, 0.3], [0.2, 0.9]]), np.array([[1.0], [0.0], [0.5]])
    traces = [
        network.forward(row).numbered(i).backward(target) for i, (row, target) in enumerate(zip(x, y, strict=True))
    ]
    derivatives, batch = CostDerivatives(Notation(network)), network.forward(x).backward(y)
    for relation, value in [
        (derivatives.mean_numbers(traces), batch.cost),
        (derivatives.mean_numbers(traces, Weight(1, 2, 0)), batch.derivative(Weight(1, 2, 0))),
    ]:
        assert relation.adds_up()
        assert relation.sides[-1].value == pytest.approx(value, rel=1e-14)
        assert terms(relation)[1:] == ["sum", "C[0]", "C[1]", "C[2]"]
    assert str(derivatives.mean_numbers(traces[:1])).startswith("C ≈ 1/1 · ")


def test_the_gradient_as_a_column(wide):
    derivatives, trace = wide
    rows = [Weight(1, 0, 0), Bias(1, 0), ..., Weight("L", "j", "k")]
    column = derivatives.gradient(rows)
    assert str(column) == "∇ C₀ = [∂C₀/∂w₀₀⁽ᴸ⁻²⁾; ∂C₀/∂b₀⁽ᴸ⁻²⁾; ⋮; ∂C₀/∂wⱼₖ⁽ᴸ⁾]"
    assert terms(column) == ["gradient", "C/w[1][0,0]", "C/b[1][0]", "C/w[L][j,k]"]
    numbers = derivatives.gradient_numbers(trace, [*rows[:3], Bias(3, 1)])
    assert terms(numbers) == ["gradient", "C/w[1][0,0]", "C/b[1][0]", "C/b[3][1]"]
    values = [node.value for node in numbers.walk() if isinstance(node, Number)]
    assert values == [trace.derivative(q) for q in (Weight(1, 0, 0), Bias(1, 0), Bias(3, 1))]


def test_a_whole_gradient_is_elided_only_where_it_is_long(wide):
    derivatives, _ = wide
    assert len(derivatives.gradient().sides[1].rows) == derivatives.notation.longest_sum
    assert str(derivatives.gradient()).endswith("⋮; ∂C₀/∂b₁⁽ᴸ⁾]")
    small = load_example("simplest")
    column = CostDerivatives(Notation(small.network)).gradient_numbers(small.trace())
    assert [row[0].body.value for row in column.sides[1].rows] == [
        small.trace().derivative(q) for q in small.network.parameters
    ]


def test_functions_that_differ_from_layer_to_layer_have_the_layers_index():
    derivatives = CostDerivatives(Notation(Network.random((2, 2, 2), activation=["relu", "tanh"])))
    assert str(derivatives.formulas(WeightedSum("l", "j"))).endswith(" = f′ₗ(zⱼ⁽ˡ⁾) ∂C₀/∂aⱼ⁽ˡ⁾")
    assert "f'_{l}" in derivatives.formulas(WeightedSum("l", "j")).latex()


@pytest.mark.parametrize("wrt", [Target("j"), Cost()])
def test_what_no_layer_has(wide, wrt):
    with pytest.raises(ValueError, match=re.escape(f"{wrt}: found {type(wrt).__name__}, expected a weight, a bias")):
        wide[0].chain(wrt)
