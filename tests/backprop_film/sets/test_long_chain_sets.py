"""The long product of a chain, and the paths and lines of a network: counted, drawn, and in a ledger."""

import math

import pytest
from manim.animation.animation import prepare_animation

from backprop_film.kit.shown_number import ShownNumber
from backprop_film.ledger.ways import counted_ways
from backprop_film.sets import LongProduct, PathCounts, WaysNetwork, how_many, long_chain
from backprop_math import Activation, Cost, Notation, Number, Weight, WeightedSum, load_example
from backprop_math.checks import Recalculation
from backprop_math.formula import Count, inside
from tests.backprop_film.kit.any_network import any_chain, any_example, faults_of
from tests.backprop_film.kit.stage import network_example

DEEP = network_example(3, 4, 4, 4, 4, 4, 4)


def walked(trace, layer):
    """Paths and lines from a weight of a layer to the cost, walked one by one; what a softmax mixes is one."""
    paths, lines = set(), set()
    for edges in trace.graph.paths(Cost(), Weight(layer, 0, 0)):
        neurons = [edge.of.j for edge in edges if isinstance(edge.of, WeightedSum)]
        paths.add(tuple(neurons))
        places = list(enumerate(neurons, layer))
        lines.update(zip(places, [*places[1:], ("cost",)], strict=True))
    return paths, lines


@pytest.mark.parametrize("sizes", [(2, 1), (3, 5, 4, 2), (1, 2, 1, 3), (2, 3, 2, 2, 2)])
@pytest.mark.parametrize("activation", ["tanh", "softmax"])
def test_paths_and_lines_are_those_that_can_be_walked(sizes, activation):
    names = ["tanh"] * (len(sizes) - 2) + [activation]
    trace = network_example(*sizes, activation=names).trace()
    counts = PathCounts(trace)
    paths, lines = walked(trace, 1)
    assert (counts.paths, sum(counts.lines)) == (len(paths), len(lines))
    assert counts.arriving == [len({path[:layer] for path in paths}) for layer in range(1, len(sizes))]
    layers = range(1, len(sizes))
    assert counts.all_paths == sum(sizes[at - 1] * sizes[at] * len(walked(trace, at)[0]) for at in layers)
    assert counts.all_lines == sum(sizes[at - 1] * sizes[at] for at in layers) + sizes[-1]


def test_the_counts_of_a_network_that_reads_digits():
    counts = PathCounts(load_example("digits").trace())
    assert counts.paths == 16 * 10
    assert counts.all_paths == 784 * 16 * 160 + 16 * 16 * 10 + 16 * 10
    assert counts.all_lines == 784 * 16 + 16 * 16 + 16 * 10 + 10
    assert counts.factors == [7, 5, 3]


def test_very_many_are_counted_exactly_and_shown_short():
    counts = PathCounts(network_example(1, *[100] * 11, 1).trace())
    assert counts.paths == 100**10
    assert how_many(counts.paths).text() == "1.00 × 10²⁰"
    assert how_many(1234567).text() == "1,234,567"
    assert Count(1234567).latex() == "1{,}234{,}567"


@pytest.mark.parametrize("sizes", [(2, 1), (3, 5, 4, 2), (3, 4, 4, 4, 4, 4, 4)])
def test_every_count_has_an_expression_that_is_worth_it(sizes):
    example = network_example(*sizes)
    counts, found = PathCounts(example.trace()), list(counted_ways(sizes))
    numbers = Recalculation(example)
    assert [(name, value) for name, value in found if numbers.value(name) != value] == []
    shown = {*counts.arriving, *counts.lines, *counts.factors, sum(counts.lines), counts.all_paths, counts.all_lines}
    assert shown <= {value for _, value in found}


def test_a_count_is_a_number_that_is_shown():
    assert ShownNumber.of(Count(1024)).text == "1,024"
    assert ShownNumber.of(Number(1024.0, 0)) is None


def test_a_network_of_four_neurons_a_layer():
    ways = WaysNetwork(DEEP.trace(), Notation(DEEP.network), y=1.0)
    assert [ways.arriving[layer].expression.text() for layer in range(1, 7)] == ["1", "4", "16", "64", "256", "1,024"]
    assert [ways.walked[layer][0].expression.text() for layer in range(1, 7)] == ["4", "16", "16", "16", "16", "4"]
    assert ways.total[0].expression.text() == "1,024"
    assert ways.carried[0].expression.text() == "72"
    paths = list(ways.some_paths(8))
    assert len({tuple(path) for path in paths}) == 8
    assert all(path[0] == 0 and len(path) == 6 for path in paths)
    for row in (ways.arriving, ways.walked):
        assert faults_of(ways, *row.values(), ways.total) == []


def test_ways_of_any_network_have_room(network_seed):
    example = any_example(network_seed)
    ways = WaysNetwork(
        example.trace(), Notation(example.network), y=0.95, height=2.9, radius=0.19, most=6, rows=-1.25
    )  # fmt: skip
    assert faults_of(ways, *ways.arriving.values(), *ways.times.values(), ways.total) == []
    assert faults_of(ways, *ways.walked.values(), ways.carried) == []
    assert ways.last in ways.arriving
    assert all(len(path) == ways.last for path in ways.some_paths(8))


def test_two_factors_more_for_each_layer_and_three_when_folded():
    product = LongProduct(long_chain(DEEP))
    assert product.counts == [13, 11, 9, 7, 5, 3]
    factors = [product.whole.expression.factor(*ends) for ends in product.path]
    values = [inside(factor).value for factor in factors]
    assert math.prod(values) == pytest.approx(product.trace.derivative(product.wrt))
    assert math.prod(values[2:]) == pytest.approx(product.trace.derivative(Activation(1, 0)))
    carried = inside(product.folded.expression.factor(*product.behind))
    assert carried.value == product.trace.derivative(Activation(1, 0))
    assert product.folded.expression.sides[-1].text() == product.whole.expression.sides[-1].text()
    assert product.whole.expression.adds_up()
    assert product.folded.expression.adds_up()


def test_every_glyph_of_the_product_is_written_once():
    product = LongProduct(long_chain(DEEP))
    parts = [*product.head, *product.value, *(glyph for part in product._slices.values() for glyph in part)]
    assert sorted(map(id, parts)) == sorted(map(id, product.whole.submobjects))


def test_a_chain_of_the_users_is_shown_itself_and_others_lend_their_functions():
    own = load_example("several")
    assert long_chain(own) is own
    chain = long_chain(load_example("xor"))
    assert chain.network.layers == (1,) * 7
    assert [function.name for function in chain.network.activation] == ["tanh"] * 5 + ["sigmoid"]
    assert long_chain(load_example("three_species")).network.L == 6


def test_the_product_of_any_chain_has_room(network_seed):
    product = LongProduct(long_chain(any_chain(network_seed)))
    assert faults_of(product.row, product.whole, product.count(1)) == []
    assert faults_of(product.row, *product.pins.values(), product.folded, product.count(product.last)) == []
    assert 1 in product.pins


@pytest.mark.parametrize("name", ["introduction", "several", "xor"])
def test_each_carried_number_follows_from_the_digits_shown(name):
    product = LongProduct(long_chain(load_example(name)))
    whole, last = product.whole.expression, product.last
    tags = {layer: pin.formula.expression for layer, pin in product.pins.items()}
    assert list(tags) == list(range(1, last + 1))
    for layer in range(1, last):
        a, z = Activation(layer, 0), WeightedSum(layer + 1, 0)
        weight, slope = (inside(whole.factor(*ends)) for ends in ((z, a), (Activation(layer + 1, 0), z)))
        again = weight.shown_value() * slope.shown_value() * tags[layer + 1].shown_value()
        assert f"{again:.{tags[layer].decimals}f}" == tags[layer].shown
    assert inside(product.folded.expression.factor(*product.behind)).shown == tags[1].shown


def test_each_line_of_the_product_begins_at_the_left_all_the_while():
    product = LongProduct(long_chain(DEEP))
    for layer in range(product.last, 0, -1):
        for move in map(prepare_animation, product.step_back(layer)[1:]):
            move.begin()
            move.finish()
        first = product.first_factor(layer)
        written = [product._slices[name] for name in product._written(layer).values()]
        for row in set(product._rows.values()):
            home = min(left for name, left in product._home.items() if product._rows[name] == row)
            here = [part for part in [*written, *([first] if len(first) else [])] if _in_row(product, part, row)]
            if here:
                assert min(part.get_left()[0] for part in here) == pytest.approx(home)


def _in_row(product, part, row):
    own = next(product._slices[name] for name, at in product._rows.items() if at == row)
    return abs(part.get_y() - own.get_y()) < 0.3


def test_the_number_goes_into_the_row_along_an_empty_lane():
    product = LongProduct(long_chain(DEEP))
    number, brackets, result = product._put_in
    rest = product.folded.apart_from(number, brackets, result)
    assert sorted(map(id, [*number, *brackets, *result, *rest])) == sorted(map(id, product.folded.submobjects))
    _, way, *_ = product.drop()
    for move in way.animations:
        move.begin()
        for part in range(1, 10):
            move.interpolate(part / 10)
            assert faults_of(rest, product.dropped) == []
        move.finish()
    assert product.dropped.get_center() == pytest.approx(number.get_center())


def test_the_counter_of_paths_keeps_its_place():
    ways = WaysNetwork(DEEP.trace(), Notation(DEEP.network), y=1.0)
    for count in (4, 16, 256):
        counter = ways.tally(count)
        assert counter[0].baseline == pytest.approx(ways.total[0].baseline)
        assert counter[1].get_center() == pytest.approx(ways.total[1].get_center())
