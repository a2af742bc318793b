"""Costs taken together with the last activation function, against 80 digits of Python's own decimal arithmetic."""

from decimal import Decimal, localcontext

import numpy as np
import pytest

from backprop_math import COSTS, Activation, Bias, Cost, CostDerivatives, Delta, Network, Notation, Weight, WeightedSum
from backprop_math.checks import check_cost, check_gradient

SATURATED = [[-40.0, 0.0], [0.3, 25.0], [37.0, -2.0], [0.5, -0.2, 1.0], [0.0, 50.0, -50.0], [300.0, 0.0, 200.0, -100.0]]
TARGETS = [[1.0, 0.0], [0.0, 1.0], [0.25, 0.75], [0.0, 0.0]]


def by_decimal(z, y):
    """The cost of softmax outputs, each with its own cross-entropy, and its derivatives, from the definitions."""
    with localcontext() as context:
        context.prec = 400
        up = [Decimal(value).exp() for value in z]
        a = [value / sum(up) for value in up]
        y = [Decimal(value) for value in y]
        slopes = [(a_j - y_j) / (a_j * (1 - a_j)) for a_j, y_j in zip(a, y, strict=True)]
        cost = -sum(
            (y_j * a_j.ln() if y_j else 0) + ((1 - y_j) * (1 - a_j).ln() if y_j != 1 else 0)
            for a_j, y_j in zip(a, y, strict=True)
        )
        dz = [
            sum(slope * a_j * ((i == j) - a_i) for j, (slope, a_j) in enumerate(zip(slopes, a, strict=True)))
            for i, a_i in enumerate(a)
        ]
        dy = [(1 - a_j).ln() - a_j.ln() for a_j in a]
        return float(cost), [float(x) for x in dz], [float(x) for x in slopes], [float(x) for x in dy]


@pytest.mark.parametrize("z", SATURATED)
@pytest.mark.parametrize("target", TARGETS)
def test_softmax_with_elementwise_cross_entropy(z, target):
    form = COSTS["cross_entropy"].paired["softmax"]
    y = np.array((target * 2)[: len(z)])
    cost, dz, da, dy = by_decimal(z, y.tolist())
    assert form.value(np.array(z), y) == pytest.approx(cost, rel=1e-12)
    assert form.dz(np.array(z), y) == pytest.approx(dz, rel=1e-12, abs=1e-300)
    assert form.da(np.array(z), y) == pytest.approx(da, rel=1e-12)
    assert form.dy(np.array(z), y) == pytest.approx(dy, rel=1e-12)


def test_by_hand():
    """z = (−40, 0), y = (1, 0): the cost is 40 + 40, its derivatives −2 and 2."""
    net = Network.from_arrays([[[1.0], [0.0]]], [[-40.0, 0.0]], activation="softmax", cost="cross_entropy")
    trace = net.forward([0.0]).backward([1.0, 0.0])
    assert trace.cost == pytest.approx(80.0, rel=1e-15)
    assert trace.dz[1].tolist() == pytest.approx([-2.0, 2.0], rel=1e-15)
    assert net.gradient([0.0], [1.0, 0.0])[1].db[1].tolist() == pytest.approx([-2.0, 2.0], rel=1e-15)
    chain = trace.chain_rule(Bias(1, 0))
    assert chain.symbols.text() == "∂C₀/∂b₀⁽ᴸ⁾ = ∂z₀⁽ᴸ⁾/∂b₀⁽ᴸ⁾ · ∂C₀/∂z₀⁽ᴸ⁾"
    assert chain.numbers.text() == "∂C₀/∂b₀⁽ᴸ⁾ = 1 · (−2.00) = −2.00"
    assert chain.formulas.text() == "∂C₀/∂b₀⁽ᴸ⁾ = 1 · ∂C₀/∂z₀⁽ᴸ⁾"
    assert chain.paths[0].factors[-1].numbers.text() == "∂C₀/∂z₀⁽ᴸ⁾ = −2.00"


@pytest.mark.parametrize("cost", ["cross_entropy", "categorical_cross_entropy"])
@pytest.mark.parametrize("name", ["sigmoid", "softmax"])
def test_the_derivatives_by_way_of_a_agree_where_nothing_is_lost(cost, name):
    row = COSTS[cost]
    if name not in row.paired:
        return
    z, y = np.array([0.4, -1.1, 0.3]), np.array([0.2, 0.5, 0.3])
    a = 1 / (1 + np.exp(-z)) if name == "sigmoid" else np.exp(z) / np.exp(z).sum()
    assert row.paired[name].da(z, y) == pytest.approx(row.da(a, y), rel=1e-13)
    assert check_cost(cost).ok


def test_gradcheck_of_softmax_with_cross_entropy():
    net = Network.random((2, 3, 4), activation=["tanh", "softmax"], cost="cross_entropy", seed=2)
    assert check_gradient(net, [0.3, -0.8], [0.0, 1.0, 0.0, 0.25]).ok


@pytest.mark.parametrize(("z", "y", "slope"), [(37.0, 0.0, 1.0), (800.0, 0.0, 1.0), (-800.0, 1.0, -1.0)])
def test_a_factor_that_is_no_number_is_one_with_its_neighbour(z, y, slope):
    """∂C/∂b of cross-entropy after a saturated sigmoid is a − y, though ∂C/∂a is infinite or has lost its digits."""
    net = Network.from_arrays(
        [[[1.0]], [[2.0]]], [[0.0], [z]], activation=["identity", "sigmoid"], cost="cross_entropy"
    )
    trace = net.forward([0.0]).backward([y])
    for quantity, value in ((Bias(2, 0), slope), (WeightedSum(2, 0), slope), (Activation(1, 0), 2 * slope)):
        chain = trace.chain_rule(quantity)
        assert chain.value == value
        assert [factor.of for path in chain.paths for factor in path.factors][-1] == Cost(0)
        assert chain.numbers.adds_up()
        assert "inf" not in chain._repr_html_()
    assert str(trace.chain_rule(Bias(2, 0))) == (
        "∂C₀/∂b⁽ᴸ⁾ = ∂z⁽ᴸ⁾/∂b⁽ᴸ⁾ · ∂C₀/∂z⁽ᴸ⁾ = 1 · "
        + (f"{slope:.2f} = {slope:.2f}" if slope > 0 else "(−1.00) = −1.00")
    )
    factor = trace.chain_rule(Weight(2, 0, 0)).paths[0].factors[-1]
    assert factor.formula.text() == "a⁽ᴸ⁾ − y"
    notation = Notation(net)
    assert notation.with_numbers(notation.definition(Cost()), trace).text() == f"C₀ = {abs(z):.2f}"
    assert trace.graph.derivative(Cost(0), Bias(2, 0)) == value / 2


def test_where_no_digit_is_lost_the_three_factors_stay():
    net = Network.from_arrays([[[1.0]]], [[3.0]], cost="cross_entropy")
    assert len(net.forward([0.0]).backward([0.0]).chain_rule(Bias(1, 0)).paths[0].factors) == 3


@pytest.mark.parametrize("z", [37.0, 800.0])
def test_the_recursive_forms_take_them_together_too(z):
    net = Network.from_arrays(
        [[[1.0]], [[2.0]]], [[0.5], [z - 1.0]], activation=["identity", "sigmoid"], cost="cross_entropy"
    )
    trace = net.forward([0.0]).backward([0.0])
    assert trace.chain_rule(Weight(2, 0, 0)).recursive_numbers.text() == "∂C₀/∂w⁽ᴸ⁾ = 0.50 · 1.00 = 0.50"
    assert CostDerivatives(Notation(net)).numbers(Weight(2, 0, 0), trace).text() == "∂C₀/∂w⁽ᴸ⁾ = 0.50 · 1.00 = 0.50"
    assert Delta(Notation(net)).numbers(WeightedSum(2, 0), trace).text() == "δ⁽ᴸ⁾ = 1.00"
