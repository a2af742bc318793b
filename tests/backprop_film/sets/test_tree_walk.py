from itertools import combinations, pairwise

import numpy as np
import pytest
from manim import DOWN, UP, Square, VGroup

from backprop_film.kit import ChainRuleLine, Compose, ComputationTree, Formula, theme
from backprop_film.sets import (
    ArrowNumbers,
    LayerChainRules,
    LayerQuantities,
    LayerTree,
    WalkStage,
    flat_bracket,
    gradient_decimals,
    walk_back,
)
from backprop_math import Activation, Cost, Notation, Number, load_example
from tests.backprop_film.kit.any_network import any_chain, faults_of
from tests.backprop_film.kit.stage import NOTATION, SIMPLEST, TRACE, in_chapter


def picture(layer, trace=TRACE, **how):
    return LayerTree(trace, NOTATION, layer, **{"cost": (0, 0, 0), **how})


@pytest.mark.parametrize("layer", [3, 2, 1])
@pytest.mark.parametrize("example", [SIMPLEST, load_example("overshoot")], ids=lambda e: e.name)
def test_the_three_chains_of_a_layer_share_their_numbers_and_add_up(example, layer):
    trace, q = example.trace(), LayerQuantities(layer)
    chains = LayerChainRules(trace, NOTATION, layer)
    lines = [chains.numbers(wrt) for wrt in (q.w, q.b, q.previous)]
    assert all(line.adds_up() for line in lines)
    for wrt, line in zip((q.w, q.b, q.previous), lines, strict=True):
        assert line.sides[-1].value == trace.derivative(wrt)
        assert chains.result(wrt) == line.sides[-1]
    for link in ((q.a, q.z), (Cost(), q.a)):
        assert {str(chains.factor(*link)) in str(line) for line in lines} == {True}
    assert chains.factor(q.z, q.w).value == pytest.approx(trace.value(q.previous))
    with pytest.raises(KeyError):
        chains.factor(q.cost, q.w)


def test_the_running_example_takes_four_decimals_at_most():
    """As chapter 5 shows it: a factor that is shown whole has two, a rounded one and a result four."""
    example = load_example("several")
    trace, notation = example.trace(), Notation(example.network)
    decimals = gradient_decimals(trace)
    assert decimals == 4
    for layer in (3, 2, 1):
        chains, q = LayerChainRules(trace, notation, layer, decimals=decimals), LayerQuantities(layer)
        for wrt in (q.w, q.b, q.previous):
            assert chains.numbers(wrt).adds_up()
            numbers = [node for node in chains.numbers(wrt).walk() if isinstance(node, Number)]
            assert {number.decimals for number in numbers} <= {0, 2, 4}
            assert all(number.exact for number in numbers if number.decimals < 4)


def test_what_lies_behind_a_layer_has_the_digits_that_it_had_as_a_result():
    last, before = (LayerChainRules(TRACE, NOTATION, layer) for layer in (3, 2))
    assert before.factor(Cost(), Activation(2, 0)).decimals >= last.result(Activation(2, 0)).decimals


def test_a_layer_before_the_last_one_is_folded():
    q, folded, whole = LayerQuantities(2), picture(2), picture(3)
    assert folded.tree.causes(Cost()) == [q.a]
    assert isinstance(folded.last_arrow, VGroup)
    with pytest.raises(KeyError):
        folded.tree.node(LayerQuantities.y)
    assert LayerQuantities.y in whole.tree.causes(Cost())
    assert np.allclose(folded.tree.node(q.cost).get_center(), 0)
    assert [str(number.expression) for number in folded.on_path(q.b)][:1] == ["1"]


@pytest.mark.parametrize("layer", [3, 2, 1])
def test_numbers_stand_beside_their_arrows_and_touch_nothing(layer):
    shown = picture(layer, h_buff=1.6)
    nodes = [shown.tree.node(q) for q in shown.tree.graph.nodes if q in shown.tree._nodes]
    texts = [*shown.numbers, *nodes]
    for one, other in combinations(texts, 2):
        apart = np.abs(one.get_center() - other.get_center())[:2]
        assert np.any(apart > [(one.width + other.width) / 2, (one.height + other.height) / 2])
    for ends in shown.numbers.arrows:
        number, arrow = shown.numbers.number(*ends), shown.tree.arrow(*ends)
        apart = np.abs(number.get_center() - arrow.get_center())[:2]
        assert np.all(apart < [(number.width + arrow.width) / 2 + 0.3, (number.height + arrow.height) / 2 + 0.3])


def test_a_long_number_shrinks_where_an_arrow_is_in_its_way():
    q = LayerQuantities(3)
    tree = ComputationTree(TRACE.graph, NOTATION, q.tree, h_buff=1.6, horizontal=True)
    short, long = (
        ArrowNumbers(tree, {(q.previous, q.z): Number(-1.23456, decimals)}).number(q.previous, q.z)
        for decimals in (1, 5)
    )
    assert long.font_size < short.font_size


def test_walking_back_lights_one_arrow_after_the_other():
    q = LayerQuantities(3)
    tree = ComputationTree(TRACE.graph, NOTATION, q.tree)
    lit = []

    def construct(scene):
        scene.add(tree)
        for cause, effect in reversed(list(pairwise(q.path))):
            scene.play(*walk_back(tree, cause, effect))
            highlighted = tree.path(q.path)
            lit.append([arrow.get_color().to_hex() == theme.highlight for arrow in highlighted])

    scene = in_chapter(construct)
    assert lit == [[False, False, True], [False, True, True], [True, True, True]]
    assert tree in scene.mobjects
    assert len(scene.mobjects) == 2  # the title, and the tree: no light is left


def test_symbols_that_are_not_on_a_path():
    q = LayerQuantities(3)
    tree = ComputationTree(TRACE.graph, NOTATION, q.tree)
    assert {id(node) for node in tree.symbols_apart_from(q.path)} == {id(tree.node(x)) for x in (q.b, q.previous, q.y)}
    assert [id(part) for part in tree.with_arrow(q.b)] == [id(tree.node(q.b)), id(tree.arrow(q.b, q.z))]


@pytest.mark.parametrize("layer", [3, 2, 1])
def test_a_lying_tree_has_its_line_level_and_what_is_given_beside_it(layer):
    q, shown = LayerQuantities(layer), picture(layer, h_buff=2.0, v_buff=1.5)
    tree, reach = shown.tree, 2.0 if layer == 3 else 6.0
    line = [tree.node(x).get_center() for x in (q.previous, q.z, q.a, q.cost)]
    assert np.allclose([place[1] for place in line], 0)
    assert np.diff([place[0] for place in line]) == pytest.approx([2.0, 2.0, reach])
    assert tree.node(q.w).get_center()[:2] == pytest.approx([line[1][0] - 1.0, 1.5])
    assert tree.node(q.b).get_center()[:2] == pytest.approx([line[1][0] - 1.0, -1.5])
    if layer == 3:
        assert tree.node(q.y).get_center()[:2] == pytest.approx([-1.0, -1.5])


@pytest.mark.parametrize("layer", [3, 1])
@pytest.mark.parametrize("example", [SIMPLEST, load_example("overshoot")], ids=lambda e: e.name)
def test_each_factor_stands_under_its_arrow_and_its_number_under_it(example, layer):
    trace, q = example.trace(), LayerQuantities(layer)
    shown = picture(layer, trace=trace, h_buff=2.2)
    tree, chains = shown.tree, shown.chains
    for wrt in (q.w, q.b, q.previous):
        path = [wrt, *q.path[1:]]
        line = ChainRuleLine(tree, path, chains.symbols(wrt), chains.numbers(wrt), y=-2.0, right=3.0)
        for cause, effect in pairwise(path):
            x = tree.node(effect).get_x() - (tree.node(effect).get_x() - tree.node(cause).get_x()) / 2
            if cause in (q.w, q.b):
                x = tree.node(effect).get_x() - 1.1
            assert line.symbols.factor(effect, cause, side=1).get_x() == pytest.approx(x)
            # A number in brackets is no wider to one side than to the other.
            assert line.numbers.factor(effect, cause).get_x() == pytest.approx(x, abs=0.06)
        for row in (line.symbols, line.numbers):
            glyphs = sorted(row, key=lambda glyph: float(glyph.get_x()))
            reading = [
                id(glyph)
                for glyph in sorted(Formula(row.expression, font_size=row.font_size), key=lambda g: float(g.get_x()))
            ]
            assert len(glyphs) == len(reading)
        assert line.symbols.side(0).get_right()[0] < line.symbols.sign(0).get_left()[0]
        assert line.numbers.side(-1).get_right()[0] <= 3.0 + 1e-6


def test_a_bracket_spans_what_it_is_over():
    parts = VGroup(*(Square(0.5).move_to([x, 0, 0]) for x in (-1, 0, 2)))
    over, under = flat_bracket(parts, UP), flat_bracket(parts, DOWN)
    assert (over.get_left()[0], over.get_right()[0]) == pytest.approx((-1.3, 2.3))
    assert over.get_bottom()[1] > 0.25
    assert under.get_top()[1] < -0.25


def test_veiled_parts_fade_on_their_way_and_arrive_bright():
    seen = []

    def construct(scene):
        shown = picture(3)
        scene.add(shown.tree, shown.numbers)
        target = shown.behind.copy().shift([0, -1, 0])
        move = Compose(target, [], veiled=[(shown.behind, target)])
        scene.play(move)
        for alpha in (0.0, 0.5, 1.0):
            move.animations[0].interpolate(alpha)
            seen.append(float(move.animations[0].mobject.family_members_with_points()[0].fill_rgbas[0, 3]))
        assert {glyph.get_fill_opacity() for glyph in (*target, *shown.behind)} == {1}

    in_chapter(construct)
    assert seen == pytest.approx([1, 0, 1])


def test_a_long_number_over_a_level_arrow_keeps_clear_of_the_slanted_one():
    example = any_chain(88)
    layer = WalkStage(last=4).tree(example.trace(), Notation(example.network), 3)
    number = layer.numbers.number(Activation(2, 0), layer.quantities.z)
    assert number.expression.text() == "−0.45426"
    assert faults_of(layer.tree, number) == []
