import math

import pytest

from backprop_math import Activation, Bias, Cost, Example, Nudge, Weight, WeightedSum, load_example

W, Z, A, C = Weight(2, 0, 0), WeightedSum(2, 0), Activation(2, 0), Cost()
PATH = [W, Z, A, C]


def chain(first, last, activation, x=0.5, y=1.0):
    return Example.from_arrays([[[first]], [[last]]], [[0.0], [0.0]], [x], [y], activation=activation)


def test_a_dead_relu_passes_no_change_on():
    """a1 = relu(−0.5) = 0, so that z2 = 0 whatever w is; C = (0 − 1)² stays 1."""
    nudge = Nudge(chain(-1.0, 1.0, "relu"), W, 0.1)
    assert [nudge.moves(q) for q in PATH] == [True, False, False, False]
    assert [nudge.change(q) for q in PATH] == [0.1, 0.0, 0.0, 0.0]
    assert (nudge.ratio(C, W), nudge.ratio(Z, W)) == (0.0, 0.0)
    assert str(nudge.measured(C, W)) == "ΔC₀/Δw⁽ᴸ⁾ ≈ 0.0000/0.1 = 0.0000"


def test_what_has_not_moved_gets_a_nudge_of_its_own():
    """relu(0 + 0.1) − relu(0) = 0.1; (0.1 − 1)² − (0 − 1)² = −0.19."""
    nudge = Nudge(chain(-1.0, 1.0, "relu"), W, 0.1)
    assert nudge.ratio(A, Z) == pytest.approx(1.0)
    assert nudge.ratio(C, A) == pytest.approx(-1.9)
    assert nudge.ratio(WeightedSum(2, 0), Activation(1, 0)) == 1.0
    rows, product = nudge.along(PATH)
    assert [row.own for row in rows] == [False, True, True]
    assert [row.value.value for row in rows] == pytest.approx([0.0, 1.0, -1.9])
    assert all(row.relation.adds_up() for row in rows)
    assert product.adds_up()
    assert product.sides[-1].shown == "0.0000"


def test_a_saturated_sigmoid_has_a_slope_that_is_not_seen():
    """z = 40 · σ(0.5) = 24.9: σ is 1 to eleven places, and moves by less than anybody would show."""
    nudge = Nudge(chain(1.0, 40.0, "sigmoid"), W, 0.1)
    assert [nudge.moves(q) for q in PATH] == [True, True, False, False]
    rows, product = nudge.along(PATH)
    assert rows[0].value.value == pytest.approx(1 / (1 + math.exp(-0.5)))
    assert [row.value.shown for row in rows] == ["0.6225", "0.0000", "0.1000"]  # (a + 0.1 − 1)² / 0.1
    assert product.adds_up()
    assert product.sides[-1].shown == "0.0000"


def test_what_is_seen_is_measured_in_the_nudge_itself():
    rows, _ = Nudge(load_example("simplest"), Weight(3, 0, 0), 0.001).along(
        [Weight(3, 0, 0), WeightedSum(3, 0), Activation(3, 0), Cost()]
    )
    assert not any(row.own for row in rows)


def test_a_ratio_that_no_nudge_can_measure_is_told_in_a_line():
    nudge = Nudge(chain(-1.0, 1.0, "relu"), W, 0.1)
    with pytest.raises(ValueError, match=r"∂C/∂b\[1\]\[0\]: b\[1\]\[0\] has not moved, and C is not calculated"):
        nudge.ratio(C, Bias(1, 0))
