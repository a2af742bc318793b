"""Long products break into lines: chain rules of deep networks with one neuron a layer."""

from itertools import pairwise

import numpy as np
import pytest

from backprop_film.kit import Formula, formula_line, theme
from backprop_film.kit.theme import MIN_FONT_SIZE
from backprop_math import Network, Notation, Number, Weight, WeightedSum

DEPTHS = (2, 5, 8, 12)
FORMS = ("symbols", "formulas", "numbers")


def chain_rule(depth, seed=0):
    rng = np.random.default_rng(seed + depth)
    weights, biases = rng.normal(size=(depth, 1, 1)), rng.normal(size=(depth, 1))
    net = Network.from_arrays(weights=list(weights), biases=list(biases), activation="tanh")
    return net.forward([0.5]).backward([1.0]).chain_rule(Weight(1, 0, 0))


def rows(formula):
    """The vertical extents of the formula's lines, from the top: what is nearer than 0.15, as a numerator and
    its denominator are, stands in one line."""
    found = []
    for low, high in sorted(((g.get_bottom()[1], g.get_top()[1]) for g in formula), key=lambda ends: -ends[1]):
        if found and high > found[-1][0] - 0.15:
            found[-1][0] = min(found[-1][0], low)
        else:
            found.append([low, high])
    return found


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("form", FORMS)
def test_a_chain_of_any_depth_stays_in_the_zone_and_legible(depth, form):
    relation = getattr(chain_rule(depth), form)
    line, zone = formula_line(relation), theme.formula_zone
    assert line.width <= zone.width + 1e-6
    assert line.height <= zone.height + 1e-6
    assert line.font_size >= MIN_FONT_SIZE * (1 - 1e-3)
    assert relation.adds_up()
    assert line.numbers == [node for node in relation.walk() if isinstance(node, Number)]


@pytest.mark.parametrize("depth", [5, 8])
@pytest.mark.parametrize("form", FORMS)
def test_broken_into_lines_it_keeps_its_size_and_all_its_factors(depth, form):
    relation = getattr(chain_rule(depth), form)
    whole = Formula(relation)
    baseline, glyphs = whole.baseline, [glyph.points.shape for glyph in whole]
    size, indent = whole.font_size, whole.sign(0).get_left()[0]
    broken = whole.wrap(theme.safe.width)
    assert broken.width <= theme.safe.width + 1e-6
    assert (broken.font_size, broken.baseline) == pytest.approx((size, baseline))
    assert [glyph.points.shape for glyph in broken] == glyphs
    lines = rows(broken)
    assert len(lines) > 1
    for (bottom, _), (_, top) in pairwise(lines):
        assert 0.15 < bottom - top < 0.3
        below = [glyph for glyph in broken if glyph.get_top()[1] <= top + 1e-6]
        assert min(glyph.get_left()[0] for glyph in below) >= indent - 1e-6
    chain = [WeightedSum(1, 0), Weight(1, 0, 0)]
    assert len(broken.factor(*chain)) > 0
    assert broken.scale(0.5).font_size == pytest.approx(0.5 * size)


def test_no_factor_is_torn():
    """Each factor is as large after as before."""
    rule = chain_rule(8)
    (path,) = rule.paths
    whole = Formula(rule.formulas)
    parts = [whole.factor(factor.of, factor.wrt) for factor in path.factors]
    sizes = [(part.width, part.height) for part in parts]
    whole.wrap(theme.safe.width)
    assert [(part.width, part.height) for part in parts] == [pytest.approx(size) for size in sizes]


def test_what_fits_is_left_alone():
    net = Network.from_arrays(weights=[[[0.5]]], biases=[[0.0]])
    formula = Formula(Notation(net).definition(WeightedSum(1, 0)))
    points = [glyph.points.copy() for glyph in formula]
    formula.wrap(formula.width + 1e-6)
    assert all(np.array_equal(glyph.points, before) for glyph, before in zip(formula, points, strict=True))
