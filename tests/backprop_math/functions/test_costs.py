import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_math import (
    ACTIVATIONS,
    COSTS,
    Activation,
    Bias,
    Cost,
    Network,
    Notation,
    Number,
    Product,
    Sum,
    Symbol,
    Target,
    WeightedSum,
    register_cost,
)
from backprop_math.checks import check_cost, check_gradient
from backprop_math.formula import Negative, Power
from backprop_math.functions import OUTPUT_ACTIVATIONS, cost_function

from ..strategies import modest

ROWS = list(COSTS.values())


def test_hand_values():
    a, y = np.array([[0.5, 0.25], [2.0, -1.0]]), np.array([[1.0, 0.0], [0.0, 0.0]])
    squared, half = COSTS["squared_error"], COSTS["half_squared_error"]
    assert squared.value(a, y).tolist() == [0.3125, 5.0]
    assert half.value(a, y).tolist() == [0.15625, 2.5]
    assert squared.da(a, y).tolist() == [[-1.0, 0.5], [4.0, -2.0]]
    assert half.da(a, y).tolist() == [[-0.5, 0.25], [2.0, -1.0]]
    assert squared.dy(a, y).tolist() == [[1.0, -0.5], [-4.0, 2.0]]
    assert half.dy(a, y).tolist() == [[0.5, -0.25], [-2.0, 1.0]]
    mean = COSTS["mean_squared_error"]
    assert mean.value(a, y).tolist() == [0.15625, 2.5]
    assert mean.da(a, y).tolist() == [[-0.5, 0.25], [2.0, -1.0]]
    assert mean.dy(a, y).tolist() == [[0.5, -0.25], [-2.0, 1.0]]
    assert mean.value(a[:, :1], y[:, :1]).tolist() == [0.25, 4.0]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@given(a=st.floats(0.001, 0.999), y=st.floats(-5, 5))
@modest
def test_derivatives_are_what_complex_step_finds(row, a, y):
    step = 1e-100
    pair = np.array([a if row.domain == (0, 1) else 10 * a - 5]), np.array([y])
    assert row.da(*pair)[0] == pytest.approx(row.value(pair[0] + 1j * step, pair[1]).imag / step, rel=1e-12, abs=1e-14)
    assert row.dy(*pair)[0] == pytest.approx(row.value(pair[0], pair[1] + 1j * step).imag / step, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_formulas_calculate_what_the_functions_do(row):
    a, y = np.array([0.75]), np.array([-0.5])
    shown = Number(0.75, 2), Number(-0.5, 2)
    assert row.formula(*shown).shown_value() == pytest.approx(row.value(a, y), rel=1e-15)
    assert row.da_formula(*shown).shown_value() == pytest.approx(row.da(a, y)[0], rel=1e-15)
    assert row.dy_formula(*shown).shown_value() == pytest.approx(row.dy(a, y)[0], rel=1e-15)


@pytest.mark.parametrize(
    ("name", "formulas"),
    [
        ("squared_error", ["(a − y)²", "2(a − y)", "−2(a − y)"]),
        ("half_squared_error", ["½ (a − y)²", "a − y", "y − a"]),
        ("mean_squared_error", ["(a − y)²", "2(a − y)", "2(y − a)"]),
        ("cross_entropy", ["−(y ln(a) + (1 − y) ln(1 − a))", "(a − y)/(a (1 − a))", "ln((1 − a)/a)"]),
        ("categorical_cross_entropy", ["−y ln(a)", "−y/a", "−ln(a)"]),
    ],
)
def test_formulas_in_print(name, formulas):
    row, a, y = COSTS[name], Symbol("a"), Symbol("y")
    assert [f(a, y).text() for f in (row.formula, row.da_formula, row.dy_formula)] == formulas


def test_a_mean_over_the_outputs_is_written_as_one():
    """C = 1/3 Σ (a_j − y_j)²: each output's term, and its derivative, has its third; one output has it whole."""
    weights, biases = [[[0.0]], [[0.0], [0.0], [0.0]]], [[0.0], [1.0, 2.0, -4.0]]
    network = Network.from_arrays(weights, biases, activation="identity", cost="mean_squared_error")
    trace, notation = network.forward([0.0]).backward([0.0, 0.5, -1.0]), Notation(network)
    assert trace.cost == pytest.approx((1.0 + 2.25 + 9.0) / 3, rel=1e-15)
    definition = notation.definition(Cost())
    assert str(definition) == "C₀ = 1/3(a₀⁽ᴸ⁾ − y₀)² + 1/3(a₁⁽ᴸ⁾ − y₁)² + 1/3(a₂⁽ᴸ⁾ − y₂)²"
    numbers = notation.with_numbers(definition, trace)
    assert numbers.adds_up()
    assert str(numbers) == "C₀ = 1/3(1.00 − 0.00)² + 1/3(2.00 − 0.50)² + 1/3(−4.00 − (−1.00))² ≈ 4.08"
    assert str(notation.definition(Cost(), expanded=False)) == "C₀ = Σ[j=0…n_L−1] 1/n_L (aⱼ⁽ᴸ⁾ − yⱼ)²"
    assert str(notation.local_derivative(Cost(), Activation("L", "j"))) == "2/n_L (aⱼ⁽ᴸ⁾ − yⱼ)"
    assert str(notation.local_derivative(Cost(), Target(1))) == "2/3(y₁ − a₁⁽ᴸ⁾)"
    assert notation.local_derivative(Cost(), Activation(2, 1)).latex().startswith(r"\frac{2}{3}")
    towards = notation.local_with_numbers(Cost(), Activation(2, 1), trace)
    assert towards.sides[-1].value == trace.derivative(Activation(2, 1)) == 1.0
    assert str(towards).endswith("2/3(2.00 − 0.50) = 1.00")
    chain = trace.chain_rule(Bias(2, 1))
    assert chain.value == pytest.approx(chain.paths[0].value)
    assert chain.numbers.adds_up()
    assert trace.graph.derivative(Cost(), Target(2)) == trace.derivative(Target(2)) == 2.0
    alone = Notation(Network.from_arrays([[[1.0]]], [[0.0]], cost="mean_squared_error"))
    assert str(alone.definition(Cost())) == "C₀ = (a⁽ᴸ⁾ − y)²"


def test_a_mean_of_ones_own():
    """Registered with ``mean``, its formulas get their 1/n; held against complex step."""
    quartic = register_cost(
        "mean_fourth_power",
        value=lambda a, y: np.mean((a - y) ** 4, axis=-1),
        da=lambda a, y: 4 * (a - y) ** 3 / a.shape[-1],
        dy=lambda a, y: -4 * (a - y) ** 3 / a.shape[-1],
        formula=lambda a, y: Power(Sum((a, Negative(y))), 4),
        da_formula=lambda a, y: Product((Number(4.0, 0), Power(Sum((a, Negative(y))), 3))),
        dy_formula=lambda a, y: Product((Number(-4.0, 0), Power(Sum((a, Negative(y))), 3))),
        mean=True,
    )
    try:
        assert check_cost(quartic).ok
        network = Network.random((2, 2), cost="mean_fourth_power", seed=1)
        check_gradient(network, [0.5, -1.0], [0.0, 1.0]).require()
        definition = Notation(network).definition(Cost())
        assert str(definition) == "C₀ = 1/2(a₀⁽ᴸ⁾ − y₀)⁴ + 1/2(a₁⁽ᴸ⁾ − y₁)⁴"
    finally:
        del COSTS["mean_fourth_power"]


@pytest.mark.parametrize("n", [1, 4])
@pytest.mark.parametrize("outputs", [1, 3])
def test_the_mean_squared_error_is_its_share_of_the_squared_error(n, outputs):
    """The cost and the gradient, by the fast form and by the passes, are 1/n_L of those of the sum."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(n, 2)), rng.normal(size=(n, outputs))
    summed = Network.random((2, 3, outputs), cost="squared_error", seed=1)
    mean = Network.from_arrays(summed.W, summed.b, cost="mean_squared_error")
    (total, whole), (cost, part) = summed.gradient(x, y), mean.gradient(x, y)
    assert cost == pytest.approx(total / outputs, rel=1e-14)
    trace = mean.forward(x).backward(y)
    assert trace.cost == pytest.approx(cost, rel=1e-14)
    for layer in (1, 2):
        assert part.dW[layer] == pytest.approx(whole.dW[layer] / outputs, rel=1e-13)
        assert trace.dW[layer] == pytest.approx(part.dW[layer], rel=1e-13)
        assert trace.db[layer] == pytest.approx(part.db[layer], rel=1e-13)
    check_gradient(mean, x, y).require()


def test_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match=r"cost: found 'square_error', .* \(nearest: 'squared_error'\)"):
        cost_function("square_error")


ONE_HOT = [0.0, 1.0, 0.0]
PAIRS = [("sigmoid", "cross_entropy"), ("softmax", "categorical_cross_entropy")]


def single_layer(activation, cost, z):
    """A network without weights to speak of: its weighted sums are its biases, ``z``."""
    return Network.from_arrays([np.zeros((len(z), 1))], [z], activation=activation, cost=cost)


def test_cross_entropies_by_hand():
    binary, categorical = COSTS["cross_entropy"], COSTS["categorical_cross_entropy"]
    a, y = np.array([0.25, 0.5]), np.array([1.0, 0.0])
    assert binary.value(a, y) == pytest.approx(np.log(4) + np.log(2))
    assert binary.da(a, y).tolist() == [-4.0, 2.0]
    assert categorical.value(a, y) == pytest.approx(np.log(4))
    assert categorical.da(a, y).tolist() == [-4.0, 0.0]
    # An output that is as desired costs nothing, though ln 0 stands in the formula.
    assert binary.value(y, y) == 0 == categorical.value(y, y)
    assert binary.da(y, y).tolist() == [-1.0, 1.0]


@pytest.mark.parametrize(("activation", "cost"), PAIRS)
@given(z=st.lists(st.floats(-8, 8), min_size=3, max_size=3), y=st.lists(st.floats(-2, 2), min_size=3, max_size=3))
@modest
def test_a_pair_is_the_cost_of_the_activation(activation, cost, z, y):
    """The stable forms against the definitions, by complex step through the activation function."""
    z, y, row = np.array(z), np.array(y), COSTS[cost]
    f = {**ACTIVATIONS, **OUTPUT_ACTIVATIONS}[activation].f
    paired = row.paired[activation]
    assert paired.value(z, y) == pytest.approx(row.value(f(z), y), rel=1e-11, abs=1e-12)
    nudges = 1e-100j * np.eye(3)
    assert paired.dz(z, y) == pytest.approx(row.value(f(z + nudges), y).imag / 1e-100, rel=1e-11, abs=1e-12)
    assert paired.dy(z, y) == pytest.approx(row.dy(f(z), y), rel=1e-11, abs=1e-12)


@pytest.mark.parametrize(
    ("activation", "cost", "z", "y", "value", "slopes"),
    [
        # C = ln(1 + e^z) − y z by hand, where σ(z) has long been rounded to 0 or 1.
        ("sigmoid", "cross_entropy", [1e4, -1e4, 1e4], ONE_HOT, 3e4, [1.0, -1.0, 1.0]),
        ("sigmoid", "cross_entropy", [-1e4, 1e4, -1e4], ONE_HOT, 0.0, [0.0, 0.0, 0.0]),
        ("sigmoid", "cross_entropy", [-50.0, 50.0, -50.0], ONE_HOT, 3 * np.exp(-50),
         [np.exp(-50), -np.exp(-50), np.exp(-50)]),
        ("softmax", "categorical_cross_entropy", [1e4, -1e4, 0.0], ONE_HOT, 2e4, [1.0, -1.0, 0.0]),
        ("softmax", "categorical_cross_entropy", [-1e4, 1e4, 0.0], ONE_HOT, 0.0, [0.0, 0.0, 0.0]),
        ("softmax", "categorical_cross_entropy", [0.0, 50.0, 1.0], ONE_HOT, np.exp(-50) + np.exp(-49),
         [np.exp(-50), -np.exp(-50) - np.exp(-49), np.exp(-49)]),
    ],
)  # fmt: skip
def test_saturated_outputs_keep_cost_and_gradient(activation, cost, z, y, value, slopes):
    network = single_layer(activation, cost, z)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        trace = network.forward([1.0]).backward(y)
        assert np.isfinite(trace.dy).all()
    assert trace.cost == pytest.approx(value, rel=1e-13, abs=0)
    assert [trace.derivative(Bias(1, j)) for j in range(3)] == pytest.approx(slopes, rel=1e-13, abs=0)
    assert network.gradient([1.0], y)[0] == trace.cost


@pytest.mark.parametrize(("activation", "cost"), PAIRS)
def test_the_graph_of_a_pair_gives_the_same_derivatives(activation, cost):
    """The graph goes by way of a, softmax with its whole Jacobian; the pair does not."""
    network = Network.random((2, 4, 3), activation=["tanh", activation], cost=cost, seed=8)
    trace = network.forward([0.3, -0.9]).backward(ONE_HOT)
    sweep = trace.graph.reverse_sweep(trace.cost_quantity)
    for quantity in trace.graph.nodes:
        assert sweep[quantity] == pytest.approx(trace.derivative(quantity), rel=1e-12, abs=1e-15)
    paths = 3 if activation == "softmax" else 1
    assert trace.graph.count_paths(trace.cost_quantity, WeightedSum(2, 1)) == paths


def test_softmax_in_print_and_in_numbers():
    network = Network.random((2, 2), activation="softmax", cost="categorical_cross_entropy", seed=1)
    notation, trace = Notation(network), network.forward([0.5, 1.0]).backward([1.0, 0.0])
    definition = notation.definition(Activation(1, 0))
    assert str(definition) == "a₀⁽ᴸ⁾ = e^(z₀⁽ᴸ⁾)/(e^(z₀⁽ᴸ⁾) + e^(z₁⁽ᴸ⁾))"
    numbers = notation.with_numbers(definition, trace)
    assert numbers.adds_up()
    assert numbers.sides[-1].value == trace.value(Activation(1, 0))
    assert str(notation.definition(Activation("L", "j"))) == "aⱼ⁽ᴸ⁾ = e^(zⱼ⁽ᴸ⁾)/Σ[i=0…n_L−1] e^(zᵢ⁽ᴸ⁾)"
    assert str(notation.local_derivative(Activation(1, 0), WeightedSum(1, 0))) == "a₀⁽ᴸ⁾ (1 − a₀⁽ᴸ⁾)"
    assert str(notation.local_derivative(Activation(1, 0), WeightedSum(1, 1))) == "−a₀⁽ᴸ⁾ a₁⁽ᴸ⁾"
    assert str(notation.local_derivative(Activation("L", "j"), WeightedSum("L", "i"))) == "aⱼ⁽ᴸ⁾ (δⱼᵢ − aᵢ⁽ᴸ⁾)"
    for j in range(2):
        local = notation.local_with_numbers(Activation(1, j), WeightedSum(1, 0), trace)
        assert local.adds_up()
        assert local.sides[-1].value == pytest.approx(trace.graph.edge(Activation(1, j), WeightedSum(1, 0)).value)


def test_softmax_is_for_the_last_layer():
    with pytest.raises(ValueError, match="activation: found 'softmax' for layer 1, expected it only for the last"):
        Network.random((2, 2, 2), activation="softmax")


def test_outputs_that_a_cost_is_not_defined_for():
    with pytest.raises(ValueError, match="cost 'cross_entropy': found 'tanh' for the last layer, expected a function"):
        Network.random((2, 2), activation="tanh", cost="cross_entropy")


def test_a_cost_of_ones_own():
    sound = {
        "value": lambda a, y: np.sum((a - y) ** 4, axis=-1),
        "da": lambda a, y: 4 * (a - y) ** 3,
        "dy": lambda a, y: -4 * (a - y) ** 3,
    } | dict.fromkeys(("formula", "da_formula", "dy_formula"), lambda a, y: Power(Sum((a, Negative(y))), 4))
    try:
        register_cost("fourth", **sound)
        register_cost("wrong", **(sound | {"da": lambda a, y: 4 * (a - y) ** 2}))
        network = Network.random((2, 3, 2), cost="fourth", seed=5)
        assert check_gradient(network, [0.5, -1.0], [0.25, 0.0]).ok
        assert str(Notation(network).definition(Activation(2, 0))) == "a₀⁽ᴸ⁾ = σ(z₀⁽ᴸ⁾)"
        wrong = Network.random((2, 3, 2), cost="wrong", seed=5)
        assert not check_gradient(wrong, [0.5, -1.0], [0.25, 0.0]).ok
        with pytest.raises(ValueError, match="cost 'fourth': found in the table already"):
            register_cost("fourth", **sound)
    finally:
        del COSTS["fourth"], COSTS["wrong"]


def test_the_error_of_softmax_for_targets_that_are_spread():
    """a_i Σ_j y_j − y_i by hand: a = (1 − ε, ε) with ε = e^(−100), y = (1, 1e-20)."""
    dz = COSTS["categorical_cross_entropy"].paired["softmax"].dz
    epsilon, z = math.exp(-100), np.array([[100.0, 0.0]] * 2)
    found = dz(z, np.array([[1.0, 1e-20], [0.5, 0.5]]))
    assert found[0] == pytest.approx([1e-20 - epsilon, epsilon - 1e-20], rel=1e-14)
    assert found[1] == pytest.approx([0.5, -0.5], rel=1e-14)
