import math

import numpy as np
import pytest

from backprop_math import (
    Activation,
    Bias,
    Cost,
    Network,
    Notation,
    Number,
    Product,
    Relation,
    Sum,
    Symbol,
    Weight,
    WeightedSum,
)
from backprop_math.formula import Elided, Remainder, adding_up, inside, shorter

WIDE = Network.random((30, 5, 20, 1), activation="tanh", seed=3)
X, Y = np.linspace(-1, 1, 30), [0.5]


def remainders(relation):
    return [node for node in relation.walk() if isinstance(node, Remainder)]


def test_a_weighted_sum_shows_its_first_terms_the_rest_and_the_total():
    trace, notation = WIDE.forward(X).backward(Y), Notation(WIDE, longest_sum=4)
    z = WeightedSum(1, 2)
    symbols = notation.definition(z)
    assert symbols.text().count("…") == 1
    numbers = notation.with_numbers(symbols, trace)
    (rest,) = remainders(numbers)
    assert rest.count == 27
    assert rest.value == pytest.approx(WIDE.W[1][2, 2:29] @ X[2:29], rel=1e-9)
    assert f"{rest.shown} (27 more)".replace("-", "") in numbers.text()
    assert numbers.adds_up()


def test_a_cost_over_many_outputs_adds_up():
    network = Network.random((2, 50), activation="softmax", cost="categorical_cross_entropy", seed=0)
    trace = network.forward([0.5, -0.5]).backward(np.full(50, 0.02))
    numbers = Notation(network).with_numbers(Cost(), trace)
    (rest,) = remainders(numbers)
    assert rest.count == 47
    assert rest.value == pytest.approx(-0.02 * np.log(trace.a[1][2:49]).sum(), rel=1e-9)
    assert numbers.adds_up()


@pytest.mark.parametrize("longest", [3, 6, 12])
def test_a_chain_over_many_paths_adds_up(longest):
    trace = WIDE.forward(X).backward(Y)
    rule = trace.chain_rule(Activation(1, 0), notation=Notation(WIDE, longest_sum=longest))
    assert rule.count == 20
    numbers = rule.numbers
    (rest,) = remainders(numbers)
    assert rest.count == 17
    assert rest.value == pytest.approx(sum(path.value for path in rule.paths[3:]), rel=1e-9)
    assert numbers.adds_up()


def test_none_of_the_hidden_terms_is_calculated_where_the_whole_is_known():
    def hidden():
        raise AssertionError("asked for")

    arithmetic = Sum((Number(1.0, 1), Elided(10**30, hidden), Number(0.25, 2)))
    found = adding_up(Symbol("s"), arithmetic, 2.0, 2)
    assert found.text() == f"s = 1.0 + 0.75 ({10**30:,} more) + 0.25 = 2.00"


def test_dots_within_the_arithmetic_are_calculated_from_what_they_hide():
    inner = Sum((Number(1.0, 0), Elided(3, lambda: [Number(i / 3, 2) for i in (1, 2, 3)]), Number(4.0, 0)))
    found = adding_up(Symbol("p"), Product((Number(0.5, 1), inner)), 3.5, 2)
    assert found.text() == "p = 0.5(1 + 2.00 (3 more) + 4) = 3.50"
    assert found.adds_up()
    product = Elided(2, lambda: [Number(0.5, 1), Number(0.1, 1)], "product")
    assert adding_up(Symbol("p"), Product((Number(3.0, 0), product)), 0.15, 2).text() == "p = 3 · 0.05 (2 more) = 0.15"


def test_what_is_no_arithmetic_keeps_its_dots():
    mixed = Sum((Symbol("x"), Elided(3, lambda: [Symbol("x")] * 3), Number(1.0, 0)))
    assert adding_up(Symbol("s"), mixed, 2.0, 2).sides[1].text() == "x + … + 1"
    assert mixed.substitute(lambda symbol: Number(2.0, 0)).shown_value() == 2 + 6 + 1


@pytest.mark.parametrize("longest", range(3, 10))
def test_a_shorter_relation_hides_what_it_must_and_adds_up(longest):
    trace, notation = WIDE.forward(X).backward(Y), Notation(WIDE, longest_sum=40)
    symbols = notation.definition(WeightedSum(2, 1))
    relation = notation.with_numbers(symbols, trace)
    short, dotted = shorter(relation, longest), shorter(symbols, longest)
    if longest >= 6:
        assert short == relation
        assert dotted == symbols
        return
    (rest,) = remainders(short)
    assert rest.count == 6 - (longest - 1)
    assert rest.value == pytest.approx(WIDE.W[2][1, longest - 2 :] @ trace.a[1][longest - 2 :], rel=1e-9)
    assert short.adds_up()
    assert len(inside(dotted.sides[1]).terms) == longest
    assert dotted.text().endswith(f"+ … + {notation.symbol(Bias(2, 1)).text()}")


def test_shortened_again_the_rest_grows():
    relation = Relation((Symbol("s"), Sum(tuple(Number(i / 10, 1) for i in range(1, 13))), Number(7.8, 1)))
    once, twice = shorter(relation, 8), shorter(shorter(relation, 8), 4)
    assert remainders(once)[0].count == 5
    assert twice.text() == "s = 0.1 + 0.2 + 6.30 (9 more) + 1.2 = 7.8"
    product = Relation((Symbol("p"), Product(tuple(Number(0.9, 1) for _ in range(12))), Number(0.9**12, 3)))
    short = shorter(product, 5)
    assert remainders(short)[0].count == 8
    assert remainders(short)[0].value == pytest.approx(0.9**8)
    assert short.adds_up()


@pytest.mark.parametrize(("form", "expected"), [("typst", 'thick "(3 more)"'), ("latex", r"\ \text{(3 more)}")])
def test_how_it_is_typeset(form, expected):
    assert expected in getattr(Sum((Number(1.0, 0), Remainder(-0.5, 2, count=3))), form)()
    assert Sum((Number(1.0, 0), Remainder(-0.5, 2, count=3))).text() == "1 − 0.50 (3 more)"


def test_large_layers_are_shown_without_their_terms_being_made():
    """Of a thousand terms three are made for the symbols."""
    made = []

    class Counted(Notation):
        def symbol(self, quantity):
            made.append(quantity)
            return super().symbol(quantity)

    network = Network.random((1000, 1000, 2), seed=0)
    trace = network.forward(np.linspace(0, 1, 1000)).backward([1.0, 0.0])
    assert trace.chain_rule(Activation(1, 0), notation=Counted(network)).numbers.adds_up()
    assert len(made) < 100
    assert math.isclose(trace.chain_rule(Weight(1, 0, 0)).value, trace.dW[1][0, 0])
