# ruff: noqa: E741 (l is a layer's number)

import re

import numpy as np
import pytest
from hypothesis import given

from backprop_math import (
    Activation,
    Bias,
    Cost,
    Network,
    Notation,
    Number,
    Symbol,
    Target,
    Term,
    Weight,
    WeightedSum,
    example_names,
    load_example,
)

from ..strategies import modest, problems


@pytest.fixture
def simple():
    example = load_example("simplest")
    return Notation(example.network), example.trace()


@pytest.fixture
def wide():
    example = load_example("introduction")
    return Notation(example.network), example.trace()


@pytest.mark.parametrize(
    ("quantity", "relative", "absolute"),
    [
        (Weight(3, 0, 0), "w⁽ᴸ⁾", "w⁽³⁾"),
        (Weight(1, 0, 0), "w⁽ᴸ⁻²⁾", "w⁽¹⁾"),
        (Bias(2, 0), "b⁽ᴸ⁻¹⁾", "b⁽²⁾"),
        (Activation(0, 0), "a⁽ᴸ⁻³⁾", "a⁽⁰⁾"),
        (WeightedSum(3, 0), "z⁽ᴸ⁾", "z⁽³⁾"),
        (Target(0), "y", "y"),
        (Cost(), "C₀", "C₀"),
        (Cost(None), "C", "C"),
        (Weight("L", "j", "k"), "wⱼₖ⁽ᴸ⁾", "wⱼₖ⁽ᴸ⁾"),
        (Activation("l-1", "k"), "aₖ⁽ˡ⁻¹⁾", "aₖ⁽ˡ⁻¹⁾"),
        (Target("j"), "yⱼ", "yⱼ"),
        (Cost("k"), "Cₖ", "Cₖ"),
    ],
)
def test_names_where_each_layer_has_one_neuron(simple, quantity, relative, absolute):
    notation, trace = simple
    symbol = notation.symbol(quantity)
    assert (symbol.text(), symbol.quantity) == (relative, quantity)
    assert Notation(trace.network, layers="absolute").symbol(quantity).text() == absolute


def test_names_have_an_index_only_where_a_layer_has_several_neurons():
    notation = Notation(Network.random((12, 3, 1, 1)))
    names = {
        Weight(1, 2, 11): "w₂,₁₁⁽ᴸ⁻²⁾",
        Weight(1, 2, 9): "w₂₉⁽ᴸ⁻²⁾",
        Weight(2, 0, 2): "w₀₂⁽ᴸ⁻¹⁾",
        Weight(3, 0, 0): "w⁽ᴸ⁾",
        Activation(0, 11): "a₁₁⁽ᴸ⁻³⁾",
        Bias(1, 0): "b₀⁽ᴸ⁻²⁾",
        WeightedSum(2, 0): "z⁽ᴸ⁻¹⁾",
        Target(0): "y",
    }
    assert {quantity: notation.symbol(quantity).text() for quantity in names} == names
    assert notation.symbol(Weight(1, 2, 9)).subscript == "2 9"


def test_definitions(simple, wide):
    notation, _ = simple
    assert str(notation.definition(WeightedSum(3, 0))) == "z⁽ᴸ⁾ = w⁽ᴸ⁾ a⁽ᴸ⁻¹⁾ + b⁽ᴸ⁾"
    assert str(notation.definition(Activation(3, 0))) == "a⁽ᴸ⁾ = σ(z⁽ᴸ⁾)"
    assert str(notation.activation_of_parts(Activation(3, 0))) == "a⁽ᴸ⁾ = σ(w⁽ᴸ⁾ a⁽ᴸ⁻¹⁾ + b⁽ᴸ⁾)"
    assert str(notation.definition(Cost())) == "C₀ = (a⁽ᴸ⁾ − y)²"
    assert str(notation.definition(Cost(None))) == "C = 1/n Σ[k=0…n−1] Cₖ"
    notation, _ = wide
    terms = " + ".join(f"w₁{k}⁽ᴸ⁾ a{k}⁽ᴸ⁻¹⁾" for k in "₀₁₂₃")
    assert str(notation.definition(WeightedSum(3, 1))) == f"z₁⁽ᴸ⁾ = {terms} + b₁⁽ᴸ⁾"
    assert str(notation.definition(WeightedSum("L", "j"), expanded=True)).startswith("zⱼ⁽ᴸ⁾ = wⱼ₀⁽ᴸ⁾ a₀⁽ᴸ⁻¹⁾ + ")
    assert str(notation.definition(Cost())) == "C₀ = (a₀⁽ᴸ⁾ − y₀)² + (a₁⁽ᴸ⁾ − y₁)²"


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (WeightedSum("L", "j"), "zⱼ⁽ᴸ⁾ = Σ[k=0…n_(L−1)−1] wⱼₖ⁽ᴸ⁾ aₖ⁽ᴸ⁻¹⁾ + bⱼ⁽ᴸ⁾"),
        (WeightedSum("l", "j"), "zⱼ⁽ˡ⁾ = Σ[k=0…nₗ₋₁−1] wⱼₖ⁽ˡ⁾ aₖ⁽ˡ⁻¹⁾ + bⱼ⁽ˡ⁾"),
        (WeightedSum("L-1", "k"), "zₖ⁽ᴸ⁻¹⁾ = Σ[m=0…n_(L−2)−1] wₖₘ⁽ᴸ⁻¹⁾ aₘ⁽ᴸ⁻²⁾ + bₖ⁽ᴸ⁻¹⁾"),
        (WeightedSum(3, 1), "z₁⁽ᴸ⁾ = Σ[k=0…n_(L−1)−1] w₁ₖ⁽ᴸ⁾ aₖ⁽ᴸ⁻¹⁾ + b₁⁽ᴸ⁾"),
        (Cost(), "C₀ = Σ[j=0…n_L−1] (aⱼ⁽ᴸ⁾ − yⱼ)²"),
    ],
)
def test_definitions_with_a_summation_sign(wide, quantity, text):
    definition = wide[0].definition(quantity, expanded=False)
    assert str(definition) == text
    names = [node.name for node in definition.walk() if isinstance(node, Term)]
    assert names == ["sum", "summand"]
    # A neuron that is a letter has its sum written so without being asked.
    lettered = any(isinstance(index, str) for index in quantity.indices)
    assert (wide[0].definition(quantity) == definition) == lettered


def test_upper_limits_in_print(wide):
    definition = wide[0].definition(WeightedSum("L", "j"))
    assert definition.typst().startswith("z_(j)^((L)) = sum_(k = 0)^(n_(L-1) minus 1) w_(j k)^((L)) ")
    assert definition.latex().startswith(r"z_{j}^{(L)} = \sum_{k=0}^{n_{L-1} - 1} w_{j k}^{(L)} ")


def test_long_sums_are_elided():
    notation = Notation(Network.random((30, 1)))
    text = str(notation.definition(WeightedSum(1, 0)))
    assert text == "z⁽ᴸ⁾ = w₀₀⁽ᴸ⁾ a₀⁽ᴸ⁻¹⁾ + w₀₁⁽ᴸ⁾ a₁⁽ᴸ⁻¹⁾ + … + w₀,₂₉⁽ᴸ⁾ a₂₉⁽ᴸ⁻¹⁾ + b⁽ᴸ⁾"
    assert "…" not in str(Notation(notation.network, longest_sum=31).definition(WeightedSum(1, 0)))
    many = Notation(Network.random((1, 20)))
    assert str(many.definition(Cost())) == "C₀ = (a₀⁽ᴸ⁾ − y₀)² + (a₁⁽ᴸ⁾ − y₁)² + … + (a₁₉⁽ᴸ⁾ − y₁₉)²"


@pytest.mark.parametrize("quantity", [Weight(1, 0, 0), Bias(1, 0), Activation(0, 0), Target(0)])
def test_what_is_given_has_no_definition(simple, quantity):
    with pytest.raises(ValueError, match=re.escape(f"{quantity}: is given, not calculated")):
        simple[0].definition(quantity)


def test_definitions_with_numbers(simple, wide):
    notation, trace = simple
    shown = [
        "z⁽ᴸ⁻²⁾ = 1.40 · 0.90 − 0.59 = 0.67",
        "a⁽ᴸ⁻²⁾ = σ(0.67) ≈ 0.66",
        "z⁽ᴸ⁻¹⁾ ≈ 1.30 · 0.6615 − 0.94 ≈ −0.080",
        "a⁽ᴸ⁻¹⁾ ≈ σ(−0.080) ≈ 0.48",
        "z⁽ᴸ⁾ ≈ 1.80 · 0.48 − 0.21 ≈ 0.65",
        "a⁽ᴸ⁾ ≈ σ(0.65) ≈ 0.66",
        "C₀ ≈ (0.66 − 1.00)² ≈ 0.12",
    ]
    quantities = [kind(l, 0) for l in (1, 2, 3) for kind in (WeightedSum, Activation)] + [Cost()]
    assert [str(notation.with_numbers(notation.definition(q), trace)) for q in quantities] == shown
    notation, trace = wide
    z = notation.with_numbers(notation.definition(WeightedSum(1, 0)), trace)
    assert str(z) == "z₀⁽ᴸ⁻²⁾ = 1.50 · 0.65 + 1.75 · 0.23 − 0.73 · 0.90 − 0.48 ≈ 0.24"


@given(problems(batches=False, largest=3))
@modest
def test_whatever_the_numbers_the_shown_arithmetic_adds_up(problem):
    network, x, y = problem
    trace, notation = network.forward(x).backward(y), Notation(network)
    for quantity in trace.graph.nodes:
        if trace.graph.parents(quantity):
            relation = notation.with_numbers(notation.definition(quantity), trace)
            assert relation.adds_up(), relation
            assert relation.sides[-1].value == trace.value(quantity)
        for of in trace.graph.children(quantity):
            local = notation.local_with_numbers(of, quantity, trace)
            assert local.adds_up(), local
            assert local.sides[-1].value == pytest.approx(trace.graph.edge(of, quantity).value, rel=1e-12, abs=1e-15)
    for quantity in (Weight(1, 0, 0), Activation(0, 0), Bias(network.L, 0)):
        numbers = trace.chain_rule(quantity, notation=notation).numbers
        assert numbers.adds_up(), numbers


def test_a_planted_error_does_not_add_up(simple):
    """The digits of one factor, changed by hand in the last place, give another product."""
    notation, trace = simple
    numbers = trace.chain_rule(Weight(3, 0, 0), notation=notation).numbers
    assert numbers.adds_up()

    for shown in [node for node in numbers.walk() if isinstance(node, Number)]:
        planted = numbers.map(
            lambda node, shown=shown: Number(node.value + 0.01, node.decimals) if node == shown else None
        )
        assert not planted.adds_up()


def test_numbers_carry_their_quantities(simple):
    notation, trace = simple
    relation = notation.with_numbers(notation.definition(WeightedSum(3, 0)), trace)
    operands = [node for node in relation.sides[1].walk() if isinstance(node, Number)]
    assert [number.quantity for number in operands] == [Weight(3, 0, 0), Activation(2, 0), Bias(3, 0)]
    assert [number.value for number in operands] == [trace.value(number.quantity) for number in operands]
    numbers = trace.chain_rule(Activation(2, 0), notation=notation).numbers
    assert [node.quantity for node in numbers.sides[1].walk() if isinstance(node, Number)] == [
        Weight(3, 0, 0), None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("of", "wrt", "formula"),
    [
        (WeightedSum(3, 0), Weight(3, 0, 0), "a⁽ᴸ⁻¹⁾"),
        (WeightedSum(3, 0), Bias(3, 0), "1"),
        (WeightedSum(3, 0), Activation(2, 0), "w⁽ᴸ⁾"),
        (Activation(3, 0), WeightedSum(3, 0), "σ′(z⁽ᴸ⁾)"),
        (Cost(), Activation(3, 0), "2(a⁽ᴸ⁾ − y)"),
        (Cost(), Target(0), "−2(a⁽ᴸ⁾ − y)"),
        (WeightedSum("L", "j"), Weight("L", "j", "k"), "aₖ⁽ᴸ⁻¹⁾"),
        (WeightedSum("l+1", "j"), Activation("l", "k"), "wⱼₖ⁽ˡ⁺¹⁾"),
        (Activation("L-1", "k"), WeightedSum("L-1", "k"), "σ′(zₖ⁽ᴸ⁻¹⁾)"),
    ],
)
def test_local_derivatives(simple, of, wrt, formula):
    assert str(simple[0].local_derivative(of, wrt)) == formula


@pytest.mark.parametrize(
    ("of", "wrt"),
    [
        (WeightedSum(3, 0), Weight(2, 0, 0)),
        (WeightedSum(3, 0), Activation(3, 0)),
        (Cost(), WeightedSum(3, 0)),
        (Cost(), Activation(2, 0)),
        (Weight(3, 0, 0), WeightedSum(3, 0)),
    ],
)
def test_no_local_derivative(simple, of, wrt):
    with pytest.raises(ValueError, match=re.escape(f"{of} is not calculated directly from {wrt}")):
        simple[0].local_derivative(of, wrt)


def test_local_derivatives_with_numbers(simple):
    notation, trace = simple
    assert str(notation.local_with_numbers(Cost(), Activation(3, 0), trace)) == "∂C₀/∂a⁽ᴸ⁾ ≈ 2(0.66 − 1.00) ≈ −0.68"
    assert (
        str(notation.local_with_numbers(Activation(3, 0), WeightedSum(3, 0), trace, 3))
        == "∂a⁽ᴸ⁾/∂z⁽ᴸ⁾ ≈ σ′(0.654) ≈ 0.225"
    )
    assert str(notation.local_with_numbers(WeightedSum(3, 0), Bias(3, 0), trace)) == "∂z⁽ᴸ⁾/∂b⁽ᴸ⁾ = 1"
    assert str(notation.local_with_numbers(WeightedSum(3, 0), Weight(3, 0, 0), trace)) == "∂z⁽ᴸ⁾/∂w⁽ᴸ⁾ ≈ 0.48"


def test_chains_in_three_forms(simple):
    notation, trace = simple
    chain = trace.chain_rule(Bias(3, 0), notation=notation)
    assert str(chain.symbols) == "∂C₀/∂b⁽ᴸ⁾ = ∂z⁽ᴸ⁾/∂b⁽ᴸ⁾ · ∂a⁽ᴸ⁾/∂z⁽ᴸ⁾ · ∂C₀/∂a⁽ᴸ⁾"
    assert str(chain.formulas) == "∂C₀/∂b⁽ᴸ⁾ = 1 · σ′(z⁽ᴸ⁾) · 2(a⁽ᴸ⁾ − y)"
    assert str(chain.numbers) == "∂C₀/∂b⁽ᴸ⁾ ≈ 1 · 0.225 · (−0.684) ≈ −0.154"
    longer = trace.chain_rule(Bias(3, 0), notation=notation, decimals=4)
    assert str(longer.numbers) == "∂C₀/∂b⁽ᴸ⁾ ≈ 1 · 0.2251 · (−0.6842) ≈ −0.1540"
    assert [str(factor.number) for factor in longer.paths[0].factors] == ["1", "0.2251", "−0.6842"]
    assert str(longer.paths[0].factors[2].numbers) == "∂C₀/∂a⁽ᴸ⁾ ≈ 2(0.6579 − 1.0000) ≈ −0.6842"
    assert str(longer.recursive_numbers) == "∂C₀/∂b⁽ᴸ⁾ ≈ −0.1540"


def test_the_terms_of_a_chain_are_found_by_name(simple):
    notation, trace = simple
    chain = trace.chain_rule(Weight(3, 0, 0), notation=notation)
    names = ["z[3][0]/w[3][0,0]", "a[3][0]/z[3][0]", "C/a[3][0]"]
    for relation in (chain.symbols, chain.formulas, chain.numbers):
        assert relation.sides[0].name == "ratio"
        assert relation.sides[0].body == notation.derivative_symbol(Cost(), Weight(3, 0, 0))
        assert [node.name for node in relation.sides[1].walk() if isinstance(node, Term)] == names


def test_more_paths_than_the_longest_sum_end_in_dots():
    network = Network.random((1, 4, 1))
    notation = Notation(network, longest_sum=3)
    chain = network.forward([0.5]).backward([1.0]).chain_rule(Activation(0, 0), notation=notation)
    terms = str(chain.formulas).split(" = ")[1].split(" + ")
    assert [term.split(" · ")[0] for term in terms] == ["w₀₀⁽ᴸ⁻¹⁾", "w₁₀⁽ᴸ⁻¹⁾", "w₂₀⁽ᴸ⁻¹⁾", "…"]


def test_several_paths_are_a_sum(wide):
    notation, trace = wide
    chain = trace.chain_rule(Activation(2, 0), notation=notation)
    assert str(chain.formulas).split(" = ")[1] == (
        "w₀₀⁽ᴸ⁾ · σ′(z₀⁽ᴸ⁾) · 2(a₀⁽ᴸ⁾ − y₀) + w₁₀⁽ᴸ⁾ · σ′(z₁⁽ᴸ⁾) · 2(a₁⁽ᴸ⁾ − y₁)"
    )
    numbers = chain.numbers
    assert numbers.adds_up()
    assert numbers.sides[-1].value == trace.derivative(Activation(2, 0))


@pytest.mark.parametrize("name", [name for name in example_names() if name not in ("body_mass", "digits")])
def test_bundled_examples_add_up_in_two_or_few_more_decimals(name):
    example = load_example(name)
    notation, trace = Notation(example.network), example.trace()
    for quantity in trace.graph.nodes:
        if trace.graph.parents(quantity):
            relation = notation.with_numbers(notation.definition(quantity), trace)
            assert relation.adds_up()
            assert max(node.decimals for node in relation.walk() if isinstance(node, Number)) <= 5


def test_the_cost_halved():
    notation = Notation(Network.from_arrays([[[0.5]]], [[0.1]], cost="half_squared_error"))
    trace = notation.network.forward([0.4]).backward([1.0])
    assert str(notation.definition(Cost())) == "C₀ = ½ (a⁽ᴸ⁾ − y)²"
    assert str(notation.local_derivative(Cost(), Activation(1, 0))) == "a⁽ᴸ⁾ − y"
    assert str(notation.with_numbers(notation.definition(Cost()), trace)) == "C₀ ≈ ½ (0.574 − 1.00)² ≈ 0.091"


def test_functions_that_differ_from_layer_to_layer():
    notation = Notation(Network.random((1, 1, 1), activation=["relu", "tanh"]))
    assert str(notation.definition(Activation(1, 0))) == "a⁽ᴸ⁻¹⁾ = ReLU(z⁽ᴸ⁻¹⁾)"
    assert str(notation.definition(Activation("L", "j"))) == "aⱼ⁽ᴸ⁾ = tanh(zⱼ⁽ᴸ⁾)"
    assert str(notation.definition(Activation("l", "j"))) == "aⱼ⁽ˡ⁾ = fₗ(zⱼ⁽ˡ⁾)"
    assert str(notation.slope(Activation("l+1", "j"))) == "f′ₗ₊₁(zⱼ⁽ˡ⁺¹⁾)"


def test_softmax_is_no_function_of_one_weighted_sum():
    """In any layer l, a_j = f_l(z_j) would be wrong for the last one."""
    for sizes, names in (((2, 3, 2), ["tanh", "softmax"]), ((2, 2), "softmax")):
        notation = Notation(Network.random(sizes, activation=names, cost="categorical_cross_entropy"))
        last = "e^(zⱼ⁽ᴸ⁾)/Σ[i=0…n_L−1] e^(zᵢ⁽ᴸ⁾)"
        assert notation.definition(Activation("l", "j")).text() == f"aⱼ⁽ˡ⁾ = {{{last} if l = L; fₗ(zⱼ⁽ˡ⁾) otherwise}}"
        assert notation.definition(Activation("L", "j")).text() == f"aⱼ⁽ᴸ⁾ = {last}"
        assert notation.slope(Activation("l", "j")).text() == "f′ₗ(zⱼ⁽ˡ⁾)"


def test_misuse_is_named(simple):
    notation, trace = simple
    with pytest.raises(ValueError, match="layers: found 'backwards', expected 'relative' or 'absolute'"):
        Notation(trace.network, layers="backwards")
    with pytest.raises(ValueError, match="layer 4: found none in this network, expected one from 0 to 3"):
        notation.symbol(Activation(4, 0))
    with pytest.raises(ValueError, match="expected a definition, with the symbol of a quantity on its left"):
        notation.with_numbers(trace.chain_rule(Weight(3, 0, 0)).symbols, trace)
    with pytest.raises(ValueError, match=re.escape("z[l][j]: found layer 'l', expected one whose number of inputs")):
        notation.definition(WeightedSum("l", "j"), expanded=True)


def test_another_trace_gives_other_numbers(simple):
    notation, _ = simple
    example = load_example("simplest").with_values({Activation(0, 0): 0.25})
    z = notation.with_numbers(notation.definition(WeightedSum(1, 0)), example.trace())
    assert str(z) == "z⁽ᴸ⁻²⁾ = 1.40 · 0.25 − 0.59 = −0.24"
    assert np.isclose(z.sides[-1].value, -0.24)


def test_the_number_of_examples_is_a_symbol_of_no_quantity(simple):
    assert Symbol("n") in list(simple[0].definition(Cost(None)).walk())


@pytest.mark.parametrize("layer", ["layer", "L--1", "12"])
def test_letters_that_are_no_layer(simple, layer):
    with pytest.raises(ValueError, match=re.escape(f"layer {layer!r}: not understood, expected a number, or a letter")):
        simple[0].definition(WeightedSum(layer, "j"))


@pytest.mark.parametrize(
    ("activation", "text"),
    [
        ("sigmoid", "a⁽ᴸ⁾ (1 − a⁽ᴸ⁾)"),
        ("tanh", "1 − (a⁽ᴸ⁾)²"),
        ("relu", None),
        ("gelu", None),
        ("softmax", None),
    ],
)
def test_slopes_that_the_activation_itself_gives(activation, text):
    notation = Notation(Network.random((1, 1, 1), activation=["tanh", activation]))
    slope = notation.slope_by_activation(Activation(2, 0))
    assert (slope and str(slope)) == text


def test_a_slope_by_its_activation_is_the_slope():
    notation = Notation(Network.random((2, 2), seed=3))
    trace = notation.network.forward([0.5, -1.0]).backward([0.0, 1.0])
    formula = notation.slope_by_activation(Activation(1, 1)).substitute(
        lambda symbol: Number(trace.value(symbol.quantity), 16)
    )
    assert formula.shown_value() == pytest.approx(
        trace.graph.edge(Activation(1, 1), WeightedSum(1, 1)).value, rel=1e-12
    )
