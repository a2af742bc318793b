from itertools import pairwise

import numpy as np
import pytest

from backprop_film.kit import Formula, SlopePanel
from backprop_film.sets import LayerQuantities, factors_and_dots, spread
from backprop_math import Cost, Example, Network, Notation, load_example
from tests.backprop_film.kit.any_network import faults_of

SIMPLEST = load_example("simplest")
LAST = LayerQuantities(3)


def panel_of(example, of, wrt):
    return SlopePanel(example.trace(), Notation(example.network), of, wrt)


def values_at(plane, point):
    """What a point of the picture stands for, from the ends of the axes."""
    x, y = plane.x, plane.y
    parts = [
        (point[i] - axis.line.get_start()[i]) / (axis.line.get_end()[i] - axis.line.get_start()[i])
        for i, axis in ((0, x), (1, y))
    ]
    return [axis.span[0] + part * (axis.span[1] - axis.span[0]) for part, axis in zip(parts, (x, y), strict=True)]


@pytest.mark.parametrize(("wrt", "of"), list(pairwise(LAST.path)), ids=str)
def test_the_point_is_the_traces_and_the_tangent_has_the_slope(wrt, of):
    trace, panel = SIMPLEST.trace(), panel_of(SIMPLEST, of, wrt)
    assert values_at(panel.plane, panel.dot.get_center()) == pytest.approx([trace.value(wrt), trace.value(of)])
    for line in (panel.tangent, *panel.legs[1:]):
        ends = [values_at(panel.plane, end) for end in (line.get_start(), line.get_end())]
        if line is panel.tangent:
            (x0, y0), (x1, y1) = ends
            assert (y1 - y0) / (x1 - x0) == pytest.approx(central_difference(wrt, of), rel=1e-4)


@pytest.mark.parametrize("weight", [1.4, 0.02, -1.4])
def test_the_legs_names_keep_clear_of_all_else(weight):
    network = Network.from_arrays([[[0.7]], [[weight]]], [[0.1], [-0.4]], activation="tanh", cost="squared_error")
    example = Example("x", "", network, np.array([[0.5]]), np.array([[0.1]]))
    for wrt, of in pairwise(LayerQuantities(2).path):
        panel = panel_of(example, of, wrt)
        names = panel.leg_names(Notation(network))
        assert len(names) == 2 or of != LayerQuantities(2).z
        assert faults_of(panel, names, panel.dot.copy().move_to(panel.legs[1].get_end())) == []


def test_the_legs_stay_between_the_axes_ends():
    """Near the floor of a parabola, a leg that runs on falls below it."""
    example = Example.from_arrays([[[1.0]]], [[0.0]], [0.9066], [1.0], activation="identity", cost="squared_error")
    panel = panel_of(example, Cost(), LayerQuantities(1).a)
    assert panel.legs.get_bottom()[1] >= panel.plane.y.line.get_bottom()[1] - 1e-6
    assert faults_of(panel) == []


def test_a_nudge_runs_along_the_tangent_and_both_legs_grow_from_nothing():
    panel = panel_of(SIMPLEST, LAST.z, LAST.w)
    ends = [leg.get_start_and_end() for leg in panel.legs]
    nudge = panel.nudge()
    for part in (0.0, 0.5, 1.0):
        nudge.interpolate_mobject(part)
        grown = [leg.get_length() for leg in panel.legs]
        whole = [float(np.linalg.norm(end - start)) for start, end in ends]
        t = max(nudge.rate_func(part), 0.01)
        assert grown == pytest.approx([t * length for length in whole])
        x, y = values_at(panel.plane, nudge.mobject[1].get_center())
        assert y - SIMPLEST.trace().value(LAST.z) == pytest.approx(panel.slope * (x - 1.8), abs=1e-9)
    assert [leg.get_end().tolist() for leg in panel.legs] == [pytest.approx(end.tolist()) for _, end in ends]


def central_difference(wrt, of):
    """∂of/∂wrt from two neurons' definitions, written out: sigmoid, squared error, one weight."""
    trace, h = SIMPLEST.trace(), 1e-6
    value = {q: trace.value(q) for q in LAST.tree}
    functions = {
        LAST.z: lambda w: w * value[LAST.previous] + value[LAST.b],
        LAST.a: lambda z: 1 / (1 + np.exp(-z)),
        LAST.cost: lambda a: (a - value[LAST.y]) ** 2,
    }
    f, x = functions[of], value[wrt]
    return (f(x + h) - f(x - h)) / (2 * h)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "identity", "softplus"])
@pytest.mark.parametrize("bias", [0.0, -40.0, 1e6])
def test_any_function_and_size_stays_within_the_axes(activation, bias):
    network = Network.from_arrays([[[0.7]]], [[bias]], activation=activation, cost="squared_error")
    example = Example("x", "", network, np.array([[0.5]]), np.array([[1.0]]))
    q = LayerQuantities(1)
    for wrt, of in pairwise(q.path):
        panel = panel_of(example, of, wrt)
        assert np.isfinite(panel.curve.points).all()
        assert panel.curve.height <= 2.0 + 1e-6
        assert panel.tangent.width <= 2.5 + 1e-6
        assert panel.tangent.height <= 2.0 + 1e-6


def test_the_desired_output_is_marked_where_the_parabola_is_lowest():
    panel = panel_of(SIMPLEST, Cost(), LAST.a)
    lowest = min(panel.curve.points, key=lambda point: point[1])
    assert panel.wanted[0].get_x() == pytest.approx(lowest[0], abs=0.03)
    assert panel.wanted[1].expression.text() == "y = 1"  # 2(a − y) can be redone


def test_a_spread_product_keeps_its_order_and_its_brackets():
    trace, links = SIMPLEST.trace(), list(pairwise(LAST.path))
    chain = trace.chain_rule(LAST.w, notation=Notation(SIMPLEST.network), decimals=4)
    formula = spread(Formula(chain.numbers), links, (-3.0, 0.0, 3.0), left=-6, right=6.8)
    factors = [formula.factor(of, wrt, side=1) for wrt, of in links]
    assert [factor.get_x() for factor in factors] == pytest.approx([-3.0, 0.0, 3.0], abs=0.02)
    assert formula.side(0).get_left()[0] == pytest.approx(-6)
    assert formula.side(2).get_right()[0] == pytest.approx(6.8)
    beside = sorted(glyph.get_x() for glyph in formula.side(1))
    assert max(beside) < formula.sign(1).get_left()[0]
    own = {id(glyph) for factor in factors for glyph in factor}
    near = sorted(min(abs(g.get_x() - f.get_x()) for f in factors) for g in formula.side(1) if id(g) not in own)
    assert len(near) == 4
    assert near[1] < 1.1 < 1.3 < near[2]  # two brackets with their number, two dots in the gaps
    parts, dots = factors_and_dots(formula, links)
    assert [len(part) - len(factor) for part, factor in zip(parts, factors, strict=True)] == [0, 0, 2]
    between = zip(dots, pairwise(parts), strict=True)
    assert all(one.get_right()[0] < dot.get_x() < other.get_left()[0] for dot, (one, other) in between)


def test_a_cost_of_0_lies_on_the_axis():
    """The parabola (a − y)² touches it at y; the sigmoid's axis is its 0, too."""
    for wrt, of in (LAST.path[2:], LAST.path[1:3]):
        panel = panel_of(SIMPLEST, of, wrt)
        ground = panel.plane.x.line.get_y()
        assert values_at(panel.plane, [0.0, ground, 0.0])[1] == pytest.approx(0.0)
    assert panel_of(SIMPLEST, LAST.cost, LAST.a).curve.get_bottom()[1] == pytest.approx(ground, abs=0.01)
