"""The recursive form through δ, in print and against the trace."""

import pytest
from hypothesis import given

from backprop_math import (
    Activation,
    Bias,
    Cost,
    Delta,
    Network,
    Notation,
    Target,
    Term,
    Weight,
    WeightedSum,
    load_example,
)
from backprop_math.formula import inside

from ..strategies import modest, problems


@pytest.fixture
def delta():
    return Delta(Notation(load_example("introduction").network), Cost(None))


@pytest.mark.parametrize(
    ("wrt", "text"),
    [
        (Weight("l", "j", "k"), "∂C/∂wⱼₖ⁽ˡ⁾ = aₖ⁽ˡ⁻¹⁾ δⱼ⁽ˡ⁾"),
        (Bias("L", "j"), "∂C/∂bⱼ⁽ᴸ⁾ = δⱼ⁽ᴸ⁾"),
        (Activation("L-1", "k"), "∂C/∂aₖ⁽ᴸ⁻¹⁾ = Σ[j=0…n_L−1] wⱼₖ⁽ᴸ⁾ δⱼ⁽ᴸ⁾"),
        (Activation("L", "j"), "∂C/∂aⱼ⁽ᴸ⁾ = 2(aⱼ⁽ᴸ⁾ − yⱼ)"),
        (WeightedSum("l", "j"), "δⱼ⁽ˡ⁾ = σ′(zⱼ⁽ˡ⁾) Σ[i=0…nₗ₊₁−1] wᵢⱼ⁽ˡ⁺¹⁾ δᵢ⁽ˡ⁺¹⁾"),
        (WeightedSum("L", "j"), "δⱼ⁽ᴸ⁾ = σ′(zⱼ⁽ᴸ⁾) · 2(aⱼ⁽ᴸ⁾ − yⱼ)"),
    ],
)
def test_formulas(delta, wrt, text):
    assert str(delta.formula(wrt)) == text


def test_sums_written_out(delta):
    formula = delta.formula(WeightedSum(2, 1), expanded=True)
    assert str(formula) == "δ₁⁽ᴸ⁻¹⁾ = σ′(z₁⁽ᴸ⁻¹⁾)(w₀₁⁽ᴸ⁾ δ₀⁽ᴸ⁾ + w₁₁⁽ᴸ⁾ δ₁⁽ᴸ⁾)"
    names = [node.name for node in formula.walk() if isinstance(node, Term)]
    assert names == [
        "ratio", "C/z[2][1]", "a[2][1]/z[2][1]", "sum",
        "path[0]", "z[3][0]/a[2][1]", "C/z[3][0]", "path[1]", "z[3][1]/a[2][1]", "C/z[3][1]",
    ]  # fmt: skip


@given(problems(batches=False, largest=3))
@modest
def test_numbers_are_the_derivatives_and_add_up(problem):
    network, x, y = problem
    trace = network.forward(x).backward(y)
    for quantity in trace.graph.nodes:
        if isinstance(quantity, Weight | Bias | WeightedSum | Activation):
            relation = trace.chain_rule(quantity).recursive_numbers
            assert relation.adds_up(), relation
            assert inside(relation.sides[-1]).value == pytest.approx(trace.derivative(quantity), rel=1e-12, abs=1e-15)


def test_the_recursive_form_stays_short_where_paths_explode():
    network = Network.random((2, *[5] * 10, 1), seed=1)
    chain = network.forward([0.1, 0.2]).backward([0.5]).chain_rule(Weight(1, 0, 0))
    assert chain.count == 5**9
    assert str(chain.recursive) == "∂C₀/∂w₀₀⁽ᴸ⁻¹⁰⁾ = a₀⁽ᴸ⁻¹¹⁾ δ₀⁽ᴸ⁻¹⁰⁾"
    with pytest.raises(ValueError, match=r"found 1953125 paths, expected at most 100000 to list; see iterate_paths"):
        _ = chain.paths
    first = next(chain.iterate_paths())
    assert len(first.factors) == 2 * 11 + 1
    assert len(str(chain.symbols)) < 1500


def test_of_the_cost_only():
    trace = load_example("simplest").trace()
    with pytest.raises(ValueError, match=r"δ is a derivative of the cost, found one of z\[3\]\[0\]"):
        _ = trace.chain_rule(Weight(1, 0, 0), of=WeightedSum(3, 0)).recursive
    with pytest.raises(ValueError, match=r"y\[0\]: found Target, expected a weight"):
        _ = trace.chain_rule(Target(0)).recursive


def test_in_a_notebook_each_path_is_a_line():
    """By hand: a = 2, (3, −1) and y = (1, 1); ∂C/∂w¹ = 4 · 2 · 2(a − y) over both outputs."""
    net = Network.from_arrays([[[0.5]], [[1.5], [-0.5]]], [[0.0], [0.0, 0.0]], activation="identity")
    chain = net.forward([4.0]).backward([1.0, 1.0]).chain_rule(Weight(1, 0, 0))
    first, second = chain.paths
    lines = chain._lines
    assert [line.text().partition(" = ")[2] for line in lines[:2]] == [
        "4.00 · 1.00 · 1.50 · 1.00 · 4.00 = 24.00", "4.00 · 1.00 · (−0.50) · 1.00 · (−4.00) = 8.00",
    ]  # fmt: skip
    assert (first.value, second.value, chain.value) == (24.0, 8.0, 32.0)
    assert lines[-1].text().endswith("= 32.00")
    html = chain._repr_html_()
    assert html.count("<td") == 3
    assert ">2 paths</th>" in html
    assert chain._repr_latex_().count(r" \\ ") == 2
    many = Network.random((2, *[6] * 12, 1), seed=1).forward([0.3, 0.4]).backward([1.0]).chain_rule(Weight(1, 0, 0))
    assert many._repr_html_().count("<td") == many.notation.longest_sum + 1


def test_in_a_notebook():
    trace = load_example("simplest").trace()
    chain = trace.chain_rule(Weight(3, 0, 0))
    assert chain._repr_latex_() == rf"$\displaystyle {chain.latex()}$"
    html = chain._repr_html_()
    assert html.count("<td") == html.count("</td>") == 6  # three forms, three factors
    for row in (chain.symbols, chain.formulas, chain.numbers, *(f.numbers for f in chain.paths[0].factors)):
        assert f"$\\displaystyle {row.latex()}$" in html
    assert ">one path</th>" in html
    html = trace.chain_rule(Cost(), of=Cost())._repr_html_()
    assert (html.count("<td"), ">0 paths</th>" in html) == (1, True)
    assert chain.symbols._repr_latex_() == rf"$\displaystyle {chain.symbols.latex()}$"


@pytest.mark.parametrize(
    ("activation", "cost", "last"),
    [
        ("softmax", "categorical_cross_entropy", "aⱼ⁽ᴸ⁾ − yⱼ"),
        ("softmax", "squared_error", "Σ[i=0…n_L−1] ∂aᵢ⁽ᴸ⁾/∂zⱼ⁽ᴸ⁾ · ∂C₀/∂aᵢ⁽ᴸ⁾"),
        ("sigmoid", "cross_entropy", "aⱼ⁽ᴸ⁾ − yⱼ"),
        ("sigmoid", "squared_error", "σ′(zⱼ⁽ᴸ⁾) · 2(aⱼ⁽ᴸ⁾ − yⱼ)"),
    ],
)
def test_the_two_cases(activation, cost, last):
    notation = Notation(Network.random((2, 3, 2), activation=["tanh", activation], cost=cost))
    cases = Delta(notation).cases(WeightedSum("l", "j")).sides[1]
    ((value, condition),) = cases.rows
    assert (value.text(), condition.text()) == (last, "l = L")
    assert cases.otherwise.text() == "f′ₗ(zⱼ⁽ˡ⁾) Σ[i=0…nₗ₊₁−1] wᵢⱼ⁽ˡ⁺¹⁾ δᵢ⁽ˡ⁺¹⁾"
