"""What a formula says of its numbers."""

import pytest

from backprop_film.kit import Formula
from backprop_math import Number, Product, Relation, Sum, Symbol, Term, Weight
from backprop_math.formula import shorter


def shown(expression):
    return {glyph.shown.text: glyph.shown for glyph in Formula(expression).copy() if glyph.shown}


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_what_stands_for_hidden_terms_is_the_total_less_the_others(sign):
    terms = tuple(Number(sign * 0.5, 1) for _ in range(6))
    whole = Relation((Symbol("s"), Sum((Number(0.25, 2), *terms)), Number(0.25 + 3 * sign, 2)))
    found = shown(shorter(whole, 4))
    (hidden,) = (number for text, number in found.items() if "more" in text)
    assert eval(hidden.arithmetic) == hidden.value == 2.0


def test_a_number_says_its_quantity_its_factor_and_its_arithmetic():
    w = Weight(3, 0, 0)
    factor = Term("z[3][0]/w[3][0,0]", Number(0.75, 2))
    found = shown(Relation((Symbol("p"), Product((Number(0.5, 1, w), factor)), Number(0.375, 3))))
    assert [found[text].quantity for text in ("0.5", "0.75", "0.375")] == ["w[3][0,0]", "", ""]
    assert found["0.75"].factor == "z[3][0]/w[3][0,0]"
    assert found["0.375"].arithmetic == "(0.5) * (0.75)"


def test_a_constant_of_a_formula_is_no_number_shown():
    assert shown(Product((Number(2.0, 0), Symbol("a")))) == {}
