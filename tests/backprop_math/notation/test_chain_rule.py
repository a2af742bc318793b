import itertools
import math

import numpy as np
import pytest
from hypothesis import given

from backprop_math import Activation, Bias, Cost, Network, Notation, Number, Target, Weight, WeightedSum, load_example

from ..strategies import modest, problems


@given(problems(batches=False, largest=3, deepest=3))
@modest
def test_the_paths_add_up_to_the_derivative(problem):
    network, x, y = problem
    trace = network.forward(x).backward(y)
    for quantity in trace.graph.nodes:
        chain = trace.chain_rule(quantity)
        assert chain.value == trace.derivative(quantity)
        assert len(chain.paths) == chain.count
        if quantity != Cost():
            assert sum(path.value for path in chain.paths) == pytest.approx(chain.value, rel=1e-9, abs=1e-13)


@given(problems(batches=False, largest=3, deepest=3))
@modest
def test_the_factors_of_a_path_follow_on_each_other(problem):
    network, x, y = problem
    trace = network.forward(x).backward(y)
    for path in trace.chain_rule(Weight(1, 0, 0)).paths:
        assert path.factors[0].wrt == Weight(1, 0, 0)
        assert path.factors[-1].of == Cost()
        assert all(one.of == next_one.wrt for one, next_one in itertools.pairwise(path.factors))
        assert path.value == math.prod(factor.value for factor in path.factors)
        for factor in path.factors:
            assert factor.value == trace.graph.edge(factor.of, factor.wrt).value


def test_the_three_factors_of_the_film():
    trace = load_example("simplest").trace()
    chain = trace.chain_rule(Weight(3, 0, 0))
    dz_dw, da_dz, dC_da = chain.paths[0].factors
    assert dz_dw.value == trace.value(Activation(2, 0))
    assert da_dz.value == pytest.approx(trace.value(Activation(3, 0)) * (1 - trace.value(Activation(3, 0))))
    assert dC_da.value == 2 * (trace.value(Activation(3, 0)) - 1.0)
    assert [str(factor.symbol) for factor in (dz_dw, da_dz, dC_da)] == ["∂z⁽ᴸ⁾/∂w⁽ᴸ⁾", "∂a⁽ᴸ⁾/∂z⁽ᴸ⁾", "∂C₀/∂a⁽ᴸ⁾"]
    assert [str(factor.formula) for factor in (dz_dw, da_dz, dC_da)] == ["a⁽ᴸ⁻¹⁾", "σ′(z⁽ᴸ⁾)", "2(a⁽ᴸ⁾ − y)"]
    assert str(dC_da.numbers) == "∂C₀/∂a⁽ᴸ⁾ ≈ 2(0.66 − 1.00) ≈ −0.68"


def test_of_any_quantity():
    trace = load_example("introduction").trace()
    chain = trace.chain_rule(of=Activation(2, 1), wrt=Bias(1, 0))
    a = trace.forward.a
    expected = a[1][0] * (1 - a[1][0]) * trace.network.W[2][1, 0] * a[2][1] * (1 - a[2][1])
    assert chain.count == 1
    assert chain.value == pytest.approx(expected, rel=1e-13)
    wider = trace.chain_rule(of=WeightedSum(3, 0), wrt=Activation(1, 0))
    assert wider.count == 4
    by_hand = sum(trace.network.W[3][0, k] * a[2][k] * (1 - a[2][k]) * trace.network.W[2][k, 0] for k in range(4))
    assert wider.value == pytest.approx(by_hand, rel=1e-13)


def test_no_path_and_no_way_to_go():
    trace = load_example("introduction").trace()
    same = trace.chain_rule(Cost())
    assert (same.value, same.paths, str(same)) == (1.0, (), "∂C₀/∂C₀ = 1")
    none = trace.chain_rule(of=Activation(2, 1), wrt=Weight(3, 0, 0))
    assert (none.value, none.paths, none.count) == (0.0, (), 0)
    assert str(none) == "∂a₁⁽ᴸ⁻¹⁾/∂w₀₀⁽ᴸ⁾ = 0"
    assert trace.chain_rule(of=Target(0), wrt=Cost()).value == 0.0


def test_printed_whole():
    chain = load_example("simplest").trace().chain_rule(Weight(3, 0, 0))
    assert str(chain) == "∂C₀/∂w⁽ᴸ⁾ = ∂z⁽ᴸ⁾/∂w⁽ᴸ⁾ · ∂a⁽ᴸ⁾/∂z⁽ᴸ⁾ · ∂C₀/∂a⁽ᴸ⁾ ≈ 0.48 · 0.225 · (−0.684) ≈ −0.0739"
    factors = [factor.symbol for factor in chain.paths[0].factors]
    for printed in (chain.typst(), chain.latex()):
        assert printed.count("frac") == 4
    assert [factor.typst() in chain.typst() for factor in factors] == [True] * 3
    assert chain.typst().startswith("frac(partial C_(0), partial w^((L))) = frac(partial z^((L)), partial w^((L)))")
    assert [factor.latex() in chain.latex() for factor in factors] == [True] * 3
    assert chain.latex().startswith(
        r"\frac{\partial C_{0}}{\partial w^{(L)}} = \frac{\partial z^{(L)}}{\partial w^{(L)}}"
    )
    assert chain.latex().endswith(r"\approx 0.48 \cdot 0.225 \cdot \left(-0.684\right) \approx -0.0739")


def test_printed_in_another_notation():
    trace = load_example("simplest").trace()
    chain = trace.chain_rule(Bias(2, 0), notation=Notation(trace.network, layers="absolute"))
    assert str(chain.symbols).startswith("∂C₀/∂b⁽²⁾ = ∂z⁽²⁾/∂b⁽²⁾ · ∂a⁽²⁾/∂z⁽²⁾")


def test_another_training_example_has_another_cost():
    trace = Network.random((1, 1), seed=1).forward([[0.5], [0.75]]).example(1).backward([1.0])
    chain = trace.chain_rule(Weight(1, 0, 0))
    assert chain.of == Cost(1)
    assert trace.chain_rule(Weight(1, 0, 0), of=Cost()).of == Cost(1)
    assert str(chain).startswith("∂C₁/∂w⁽ᴸ⁾ = ")


def test_too_many_paths_to_list_are_still_counted_and_printed():
    trace = Network.random((1, *[8] * 7, 1), seed=2).forward([0.5]).backward([0.0])
    chain = trace.chain_rule(Activation(0, 0))
    assert chain.count == 8**7
    assert chain.value == trace.da[0][0]
    with pytest.raises(ValueError, match=f"found {8**7} paths, expected at most 100000 to list"):
        _ = chain.paths
    first = next(chain.iterate_paths())
    assert len(first.factors) == 2 * 8 + 1
    assert str(chain.symbols).endswith(" + …")
    assert str(chain).count("…") == 1
    assert f"({8**7 - 3:,} more)" in str(chain)
    assert chain.numbers.adds_up()


def test_a_vanishing_gradient_adds_up():
    """By hand, σ′(35) = e⁻³⁵ to 15 digits; the miss is 1."""
    net = Network.from_arrays([[[1.0]]], [[35.0]])
    chain = net.forward([0.0]).backward([0.0]).chain_rule(Bias(1, 0))
    assert chain.value == pytest.approx(2 * math.exp(-35), rel=1e-12)
    assert chain.numbers.text() == "∂C₀/∂b⁽ᴸ⁾ ≈ 1 · 6.3 × 10⁻¹⁶ · 2.00 ≈ 1.26 × 10⁻¹⁵"


@pytest.mark.parametrize("seed", range(40))
def test_shown_digits_multiply_to_shown_digits_however_small(seed):
    rng = np.random.default_rng(seed)
    net = Network.random((1, *rng.integers(1, 3, size=rng.integers(1, 5)).tolist(), 1), seed=seed)
    scale = 10 ** rng.uniform(-1, 1.6)
    net = net.with_parameters([W * scale for W in net.W], [b * scale for b in net.b])
    numbers = net.forward(rng.normal(size=1)).backward(rng.random(1)).chain_rule(Weight(1, 0, 0)).numbers
    assert numbers.adds_up()
    shown = {}
    for node in numbers.walk():
        if isinstance(node, Number):
            shown.setdefault((node.value, node.quantity), set()).add(node.shown)
    assert all(len(forms) == 1 for forms in shown.values())
