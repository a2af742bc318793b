from itertools import combinations, pairwise, permutations

import numpy as np
import pytest
from manim import Arrow, DashedLine

from backprop_film.kit import ComputationTree, theme
from backprop_film.sets import LayerQuantities, last_layer_tree
from backprop_math import Activation, Bias, Cost, Notation, Quantity, Target, Weight, WeightedSum
from tests.backprop_film.kit.stage import NOTATION, SIMPLEST, TRACE, in_chapter, network_example

LAST = LayerQuantities(3)
EXAMPLES = {"1-1-1-1": SIMPLEST} | {
    "-".join(map(str, sizes)): network_example(*sizes) for sizes in ((2, 1), (2, 2, 1), (1, 2, 2), (2, 3, 2))
}


def whole(example, kinds=Quantity, **how):
    trace = example.trace()
    shown = [q for q in trace.graph.nodes if isinstance(q, kinds)]
    return ComputationTree(trace.graph, Notation(example.network), shown, **how)


def last(**how):
    return ComputationTree(TRACE.graph, NOTATION, LAST.tree, **how)


def box(mobject, room=0.0):
    """Left, bottom, right, top, with some room around."""
    low, high = mobject.get_corner([-1, -1, 0])[:2], mobject.get_corner([1, 1, 0])[:2]
    return np.array([*(low - room), *(high + room)])


def overlap(one, other):
    return bool(np.all(one[:2] < other[2:]) and np.all(other[:2] < one[2:]))


def holds(box, point):
    return bool(np.all(box[:2] < point[:2]) and np.all(point[:2] < box[2:]))


def faults(tree):
    """What is wrong with a tree: its symbols' places and its arrows' ends."""
    found = set()
    nodes = [q for q in tree.graph.nodes if q in tree._nodes]
    symbols = {q: tree.node(q) for q in nodes}
    if any(overlap(box(a), box(b)) for a, b in combinations(symbols.values(), 2)):
        found.add("symbols overlap")
    for effect in nodes:
        for cause in tree.graph.parents(effect):
            if cause not in symbols:
                continue
            above, below, arrow = symbols[cause], symbols[effect], tree.arrow(cause, effect)
            if above.get_y() <= below.get_y():
                found.add("effect above cause")
            start, end = arrow.get_start(), arrow.get_end()
            if holds(box(above), start) or holds(box(below), end):
                found.add("arrow within a symbol")
            along, way = end - start, below.get_center() - above.get_center()
            if not np.allclose(along / np.linalg.norm(along), way / np.linalg.norm(way), atol=1e-6):
                found.add("arrow astray")
            if not (holds(box(above, 0.2), start) and holds(box(below, 0.2), end)):
                found.add("arrow too short")
            others = [box(symbol) for q, symbol in symbols.items() if q not in (cause, effect)]
            if any(holds(other, point) for other in others for point in np.linspace(start, end, 60)):
                found.add("arrow through a symbol")
            if arrow.tip.get_center()[1] > arrow.get_center()[1]:
                found.add("tip at the wrong end")
    return found


@pytest.mark.parametrize("name", EXAMPLES)
def test_causes_are_above_effects_and_arrows_lead_from_one_to_the_other(name):
    # What has several effects stands over one of them; its long arrows to the others may cross what lies between.
    shared = name in ("2-2-1", "1-2-2", "2-3-2")
    assert faults(whole(EXAMPLES[name])) - ({"arrow through a symbol"} if shared else set()) == set()


@pytest.mark.parametrize("name", ["2-2-1", "1-2-2"])
def test_without_the_parameters_no_arrow_crosses_a_symbol(name):
    assert faults(whole(EXAMPLES[name], Activation | WeightedSum | Cost | Target)) == set()


@pytest.mark.parametrize("how", [{"h_buff": 1.1, "v_buff": 0.96}, {"font_size": 38.4, "v_buff": 2.0}])
def test_distances_and_sizes_may_be_others(how):
    tree = last(**how)
    assert faults(tree) == set()
    rows = sorted({round(float(tree.node(q).get_y()), 9) for q in LAST.tree})
    assert np.diff(rows) == pytest.approx([how["v_buff"]] * 3)
    assert tree.node(LAST.w).font_size == pytest.approx(how.get("font_size", theme.symbol_size))


@pytest.mark.parametrize(
    ("plant", "fault"),
    [
        (lambda t: t.node(LAST.w).move_to(t.node(LAST.previous)), "symbols overlap"),
        (lambda t: t.node(LAST.w).move_to(t.node(LAST.z)).shift([-3, -1, 0]), "effect above cause"),
        (lambda t: t.arrow(LAST.z, LAST.a).shift([0, 0.3, 0]), "arrow within a symbol"),
        (lambda t: t.arrow(LAST.w, LAST.z).rotate(0.2), "arrow astray"),
        (lambda t: t.arrow(LAST.w, LAST.z).scale(0.2), "arrow too short"),
        (lambda t: t.node(LAST.y).move_to(t.arrow(LAST.w, LAST.z)), "arrow through a symbol"),
        (lambda t: t.arrow(LAST.z, LAST.a).tip.shift([0, 1, 0]), "tip at the wrong end"),
    ],
)
def test_a_misplaced_part_would_be_noticed(plant, fault):
    tree = last(v_buff=1.5)
    plant(tree)
    assert fault in faults(tree)


def test_every_edge_of_the_graph_has_its_arrow():
    tree = whole(EXAMPLES["2-2-1"])
    edges = [(edge.wrt, edge.of) for edge in tree.graph.edges]
    assert len(edges) == 2 * 5 + 2 + 5 + 1 + 2
    for cause, effect in edges:
        assert isinstance(tree.arrow(cause, effect), Arrow)
    for cause, effect in permutations(tree.graph.nodes, 2):
        if (cause, effect) not in edges:
            with pytest.raises(KeyError):
                tree.arrow(cause, effect)


def test_it_shows_only_what_was_asked_for():
    tree = last()
    assert len(tree) == 7 + 6
    for missing in (Activation(1, 0), Weight(2, 0, 0), Cost(None)):
        with pytest.raises(KeyError):
            tree.node(missing)
    with pytest.raises(KeyError):
        tree.arrow(LAST.w, LAST.a)
    assert [tree.node(q).expression for q in LAST.tree] == [NOTATION.symbol(q) for q in LAST.tree]
    assert tree.get_center() == pytest.approx([0, 0, 0])


def test_causes_stand_side_by_side_in_the_order_of_the_formula():
    tree = last(h_buff=1.5)
    places = [tree.node(q).get_x() for q in (LAST.w, LAST.previous, LAST.b)]
    assert np.diff(places) == pytest.approx([1.5, 1.5])
    assert tree.node(LAST.z).get_x() == pytest.approx(places[1])
    assert tree.node(LAST.a).get_x() < tree.node(LAST.y).get_x()
    middle = (tree.node(LAST.a).get_x() + tree.node(LAST.y).get_x()) / 2
    assert tree.node(LAST.cost).get_x() == pytest.approx(middle)
    assert [id(a) for a in tree.arrows_into(LAST.z)] == [
        id(tree.arrow(q, LAST.z)) for q in (LAST.w, LAST.previous, LAST.b)
    ]
    assert tree.arrows_into(LAST.w) == []


def test_the_place_in_the_chapters():
    tree = last_layer_tree(TRACE, NOTATION)
    assert faults(tree) == set()
    assert theme.stage.left <= tree.get_left()[0]
    assert tree.get_right()[0] < 0


# -- parts ------------------------------------------------------------------------------------------------


def colours(tree):
    """Pairs (cause, effect) by the colour of their arrow."""
    found = {}
    for effect in LAST.tree:
        for cause in tree.graph.parents(effect):
            if cause in LAST.tree:
                found.setdefault(tree.arrow(cause, effect).get_color().to_hex(), set()).add((cause, effect))
    return found


def test_a_path_is_lit_and_put_out():
    tree, path = last(), [LAST.w, LAST.z, LAST.a, LAST.cost]
    lit = set(pairwise(path))
    assert set(colours(tree)) == {theme.arrow}

    def show(animations):
        def construct(scene):
            scene.add(tree)
            scene.play(*animations)

        in_chapter(construct)

    show(tree.light(path))
    assert colours(tree)[theme.highlight] == lit
    assert len(colours(tree)[theme.arrow]) == 6 - len(lit)
    assert [id(arrow) for arrow in tree.path(path)] == [id(tree.arrow(*ends)) for ends in pairwise(path)]
    # Another path takes the light with it.
    show(tree.light([LAST.b, LAST.z]))
    assert colours(tree)[theme.highlight] == {(LAST.b, LAST.z)}
    show(tree.rest())
    assert set(colours(tree)) == {theme.arrow}


def test_a_path_that_is_none_is_refused():
    with pytest.raises(KeyError):
        last().light([LAST.w, LAST.a])


def test_what_two_trees_share():
    before = LayerQuantities(2)
    longer = ComputationTree(TRACE.graph, NOTATION, [*LAST.tree, *before.tree[:4]])
    tree = last()
    assert {id(a) for a, _ in tree.shared(longer)} == {id(part) for part in tree}
    for one, other in tree.shared(longer):
        assert type(one) is type(other)
        if not isinstance(one, Arrow):
            assert one.expression == other.expression
    back = {id(b) for _, b in longer.shared(tree)}
    assert back == {id(part) for part in tree}
    other = ComputationTree(TRACE.graph, NOTATION, [Weight(1, 0, 0), Bias(1, 0), WeightedSum(1, 0)])
    assert other.shared(tree) == []


def test_a_part_has_the_arrows_between_its_quantities():
    tree = last()
    part = tree.part([LAST.w, LAST.z, LAST.y])
    assert {id(m) for m in part} == {
        id(m) for m in (tree.node(LAST.w), tree.node(LAST.z), tree.node(LAST.y), tree.arrow(LAST.w, LAST.z))
    }


def test_what_lies_between_may_be_folded():
    first = Activation(0, 0)
    tree = ComputationTree(TRACE.graph, NOTATION, [first, *LAST.tree], folded={(first, LAST.previous): 1})
    assert faults(tree) == set()
    dashed = tree.arrow(first, LAST.previous)
    assert isinstance(dashed[0], DashedLine)
    assert tree.node(first).get_y() > tree.node(LAST.previous).get_y()
    assert tree.node(first).get_bottom()[1] > dashed.get_top()[1]
    assert dashed.get_bottom()[1] > tree.node(LAST.previous).get_top()[1]
    assert dashed[1].get_y() < dashed[0].get_y()
    assert {part.get_color().to_hex() for part in dashed.family_members_with_points()} == {theme.arrow}
    assert dashed in tree.path([first, LAST.previous, LAST.z]).submobjects


@pytest.mark.parametrize("tree", [last_layer_tree(TRACE, NOTATION), last(v_buff=1.36).shift([-3.5, 0, 0])])
def test_ratios_stand_beside_their_arrows_clear_of_everything(tree):
    names = {ends: tree.ratio_beside(NOTATION, ends[1], ends[0]) for ends in pairwise(LAST.path)}
    for (cause, effect), name in names.items():
        assert name.expression == NOTATION.derivative_symbol(effect, cause)
        arrow = tree.arrow(cause, effect)
        assert name.get_right()[0] < arrow.get_right()[0]
        assert not any(overlap(box(name), box(symbol)) for symbol in tree._nodes.values())
        assert not any(holds(box(name), point) for a in tree._arrows.values() for point in along(a))
        assert theme.safe.left <= name.get_left()[0] + 1e-9
        # Nearer to its own arrow than to any other of the path.
        distances = [np.linalg.norm(along(tree.arrow(*ends)) - name.get_center(), axis=1).min() for ends in names]
        assert list(names)[int(np.argmin(distances))] == (cause, effect)
    assert not any(overlap(box(a), box(b)) for a, b in combinations(names.values(), 2))


def along(arrow):
    return np.linspace(arrow.get_start(), arrow.get_end(), 60)


def test_two_ends_make_no_tree():
    with pytest.raises(ValueError):
        ComputationTree(TRACE.graph, NOTATION, [Target(0), WeightedSum(1, 0)])
