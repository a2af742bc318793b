"""The way back along a chain of single neurons: where things stand, what is folded, what is filled in."""

from itertools import combinations, pairwise, product

import numpy as np
import pytest

from backprop_film.kit import theme
from backprop_film.sets import (
    FillingGradient,
    FirstFactors,
    LayerProduct,
    LayerQuantities,
    TwoLayers,
    WalkedChain,
    WalkStage,
    only_known,
    opened,
)
from backprop_film.sets.layer_product import ProductInNumbers
from backprop_math import Notation
from tests.backprop_film.kit.any_network import any_chain
from tests.backprop_film.kit.reading import read
from tests.backprop_film.kit.stage import NOTATION, SIMPLEST, TRACE, in_chapter, network_example, on_screen

STAGE = WalkStage(last=3)


def chain(example, at, carried):
    stage = WalkStage(last=example.network.L)
    return WalkedChain(example, Notation(example.network), stage, at=at, carried=carried)


def test_no_pin_stands_on_the_long_number_that_is_carried():
    """Random weights in twelve layers: what is carried may have a power of ten, and what was carried before not."""
    example = any_chain(7)
    for at, back in product(range(2, example.network.L), (0, 1)):
        shown = chain(example, at=at, carried=at - back)
        pins = [shown.pin(layer) for layer in shown.diagram.layers if shown.pinned(layer)]
        for one, other in combinations(pins, 2):
            assert abs(one.get_x() - other.get_x()) > (one.width + other.width) / 2


@pytest.mark.parametrize("last", [1, 2, 3, 4, 7])
def test_an_open_layer_lies_under_its_neurons(last):
    example = network_example(*[1] * (last + 1), activation="sigmoid")
    trace, notation, stage = example.trace(), Notation(example.network), WalkStage(last=last)
    for at in range(1, last + 1):
        tree, places = stage.tree(trace, notation, at), stage.places(at)
        xs = [places[layer] for layer in sorted(places)]
        assert all(other - one > 0.8 for one, other in pairwise(xs))
        assert {0, at, last} <= places.keys()
        q, x = tree.quantities, places[at]
        assert tree.tree.node(q.z).get_x() < x < tree.tree.node(q.a).get_x()


def test_the_number_lands_on_the_neuron_before():
    chains = [chain(SIMPLEST, 3, 4)]

    def construct(scene):
        scene.add(chains[0])
        for layer in (3, 2):
            chains.append(chains[-1].again(carried=layer))
            for move in chains[-1].arrive(chains[-2]):
                scene.play(move)

    scene = in_chapter(construct)
    assert on_screen(scene) == [chains[-1]]
    for layer in (3, 2):
        shown = chains[-1].pin(layer)
        assert float(read(shown.formula)) == pytest.approx(TRACE.derivative(LayerQuantities(layer).a), abs=5e-5)
        assert shown.get_x() == pytest.approx(chains[-1].diagram.neuron(layer, 0).get_x())


def test_three_of_five_factors_are_folded_into_one():
    last, before = (STAGE.tree(TRACE, NOTATION, layer) for layer in (3, 2))
    both = TwoLayers(STAGE, TRACE, last, before)
    assert both.steps[0] == (LayerQuantities(3).a, LayerQuantities(3).cost)
    product = LayerProduct(STAGE, before, both.path[0])

    def construct(scene):
        scene.add(both.tree, *both.spread())
        scene.remove(*both.aside)
        both.tree.remove(*both.aside)
        for move in both.fold(both.between(before.behind), product.symbols):
            scene.play(*move)

    shown = on_screen(in_chapter(construct))
    assert not {id(number) for number in both.factors} & set(map(id, shown))
    assert {id(part) for part in (before.tree, before.behind, product.symbols)} <= set(map(id, shown))
    assert float(read(before.behind)) == pytest.approx(TRACE.derivative(LayerQuantities(2).a), abs=5e-5)


def test_the_column_fills_entry_by_entry():
    gradient, q = FillingGradient(TRACE, NOTATION), LayerQuantities(3)
    picture = only_known(gradient.column, q.w)
    sizes = {p: abs(TRACE.derivative(p)) for p in gradient.column.shown}
    longest = max(sizes, key=sizes.__getitem__)
    for p, size in sizes.items():
        expected = gradient.bars[longest].width * size / sizes[longest]
        assert gradient.bars[p].width == pytest.approx(max(0.02, expected))
    assert [gradient.column.entry(p)[0].dimmed for p in gradient.column.shown if p != q.w] == [True] * 5
    light = gradient.column.entry(q.b)[0][0]

    def construct(scene):
        scene.add(picture)
        for move in gradient.enter(q.b, gradient.column.value(q.w)):
            scene.play(*move)

    scene = in_chapter(construct)
    assert light.fill_rgbas[0, 3] == 1
    assert {id(gradient.column.value(q.b)), id(gradient.bars[q.b])} <= set(map(id, scene.get_mobject_family_members()))


def test_what_is_not_in_the_column_goes_where_its_dots_are():
    example = network_example(1, 1, 1, 1, 1, 1, activation="sigmoid")
    gradient = FillingGradient(example.trace(), Notation(example.network))
    (((gone),),) = gradient.enter(LayerQuantities(3).b, gradient.column.brackets)
    assert gone.run_time < 1
    assert LayerQuantities(3).b not in gradient.column


def test_the_words_about_the_bars_are_true():
    for example in (SIMPLEST, network_example(1, 1, 1, 1, activation="identity", seed=2)):
        trace = example.trace()
        sizes = [abs(trace.derivative(LayerQuantities(n).w)) for n in (1, 2, 3)]
        what, _ = FillingGradient(trace, Notation(example.network)).in_words
        assert ("smaller" in what) == (sizes == sorted(sizes))


def test_a_factor_is_derived_in_the_place_of_the_one_before():
    q = LayerQuantities(3)
    factors = FirstFactors(NOTATION, 3, left=theme.safe.left, width=2.0)
    assert factors.definition.width <= 2.0
    rows = []

    def construct(scene):
        scene.add(factors.definition)
        for wrt in (q.b, q.previous):
            if gone := factors.leave():
                scene.play(*gone)
            scene.play(*factors.derive(wrt))
            rows.append(factors.row)

    shown = on_screen(in_chapter(construct))
    assert rows[0] not in shown
    assert rows[1] in shown
    assert [str(row.expression.sides[1]) for row in rows] == ["1", str(NOTATION.symbol(q.w))]
    assert rows[0].get_left()[0] == pytest.approx(rows[1].get_left()[0])


def test_the_two_factors_that_stay_have_their_places_in_both_products():
    layer, q = STAGE.tree(TRACE, NOTATION, 3), LayerQuantities(3)
    weight, bias = (LayerProduct(STAGE, layer, wrt) for wrt in (q.w, q.b))
    for link in ((q.a, q.z), (q.cost, q.a)):
        assert weight.symbols.factor(*link).get_x() == pytest.approx(bias.symbols.factor(*link).get_x())
    assert weight.numbers.get_right()[0] <= STAGE.right - 0.2 + 1e-6
    for line in (weight, bias):  # no number stands under another one's fraction
        for by, of in pairwise(line.path):
            fraction = line.symbols.factor(of, by, side=1)
            assert line.factor(of, by).get_x() == pytest.approx(fraction.get_x(), abs=0.12)
        assert len(line.first) + len(line.others) == len(line.numbers.side(1))
    glyphs = [part.family_members_with_points() for part in (bias.first, bias.rest)]
    assert {id(glyph) for part in glyphs for glyph in part} <= set(map(id, bias.numbers))
    assert max(glyph.get_right()[0] for glyph in glyphs[0]) < min(glyph.get_left()[0] for glyph in glyphs[1])


def test_the_products_of_a_layer_differ_only_where_their_numbers_do():
    layer = STAGE.tree(TRACE, NOTATION, 2)
    q = layer.quantities
    products = [ProductInNumbers(STAGE, layer, wrt) for wrt in (q.w, q.b, q.previous)]
    for one, other in pairwise(products):
        assert one.joins(other)
        assert [g.get_x() for g in one.kept] == pytest.approx([g.get_x() for g in other.kept])
    for each in products:
        line = sorted(each.formula, key=lambda glyph: glyph.get_left()[0])
        assert line[-1].get_right()[0] < STAGE.right
        side = {id(glyph) for glyph in each.formula.side(0)}  # of a fraction, some stand over others
        numbers = [glyph for glyph in line if id(glyph) not in side]
        assert all(one.get_right()[0] < other.get_left()[0] + 0.01 for one, other in pairwise(numbers))


def test_what_is_folded_begins_where_its_neuron_ends_and_the_number_rides_on_it():
    last, before = (STAGE.tree(TRACE, NOTATION, layer) for layer in (3, 2))
    both, (shape, _) = TwoLayers(STAGE, TRACE, last, before), opened(before, chain(SIMPLEST, at=2, carried=2))
    assert both.under.get_left()[0] > shape.get_right()[0]
    number = both.between(before.behind)
    assert both.under[0].get_y() < number.get_bottom()[1] < number.get_top()[1] < shape.get_bottom()[1]


def test_a_number_is_seen_multiplied_before_it_is_pinned():
    """−0.6842 · 0.2251 · 1.80 beside the pin that it starts from."""
    old, new = (chain(SIMPLEST, at=3, carried=carried) for carried in (3, 2))
    _, shown, *_ = new.arrive(old)
    row = new.passed(3)
    value = float(np.prod([number.value for number in row.numbers]))
    assert value == pytest.approx(TRACE.derivative(LayerQuantities(2).a))
    assert row.get_right()[0] < new.pin(3).get_left()[0]
    assert shown.run_time >= 0.3
