import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backprop_math import Glyph, Number, Product, Sum, Symbol
from backprop_math.formula import Apply, Power, adding_up, decimals_for, fewest_decimals, in_one_form, relation_sign

from ..strategies import modest

X = Symbol("x")


@pytest.mark.parametrize(
    ("value", "at_least", "at_most", "expected"),
    [
        (0.9, 2, 4, 2),
        (0.9, 1, 4, 1),
        (0.125, 2, 4, 3),
        (1 / 3, 2, 4, 4),
        (-2.0, 0, 3, 0),
        (0.1 + 0.2, 1, 5, 1),
        (0, 2, 4, 2),
    ],
)  # fmt: skip
def test_fewest_decimals(value, at_least, at_most, expected):
    assert fewest_decimals(value, at_least, at_most) == expected


@pytest.mark.parametrize(
    ("value", "options", "expected"),
    [
        (0.66371, {}, 2),
        (0.0824, {}, 3),
        (0.000123, {}, 5),
        (0.000123, {"significant": 3}, 6),
        (12.3456, {}, 2),
        (0.001, {}, 3),  # Exact with one digit: no zeros are added for significance.
        (0.375, {}, 3),  # 0.37 to one reader, 0.38 to another.
        (-0.125, {}, 3),
        (0.1251, {}, 2),
        (0.125, {"given": True}, 3),
        (0.123456, {"given": True}, 2),
        (0.0, {}, 2),
    ],
)
def test_decimals_for(value, options, expected):
    assert decimals_for(value, 2, **options) == expected


def test_a_sign_is_equal_only_where_all_digits_are_shown():
    exact, rounded = Number(0.25, 2), Number(0.255, 2)
    assert relation_sign(exact) == relation_sign(Product((exact, exact))) == "="
    assert relation_sign(rounded) == relation_sign(Product((exact, rounded))) == "≈"
    assert relation_sign(X) == "="


@given(
    values=st.lists(st.floats(-3, 3).filter(lambda v: abs(v) > 1e-3), min_size=1, max_size=5),
    decimals=st.integers(1, 4),
    significant=st.integers(2, 4),
)
@modest
def test_products_always_add_up(values, decimals, significant):
    product = 1.0
    for value in values:
        product *= value
    numbers = tuple(Number(value, decimals_for(value, decimals)) for value in values)
    relation = adding_up(X, Product(numbers) if len(numbers) > 1 else numbers[0], product, decimals, significant)
    assert relation.adds_up()
    shown = [node for node in relation.walk() if isinstance(node, Number)]
    assert all(node.decimals >= decimals for node in shown)
    assert shown[-1].value == product
    for before, after in zip(numbers, shown, strict=False):
        # Exact numbers are left alone; none is ever shown with fewer digits than asked for.
        assert after.decimals == before.decimals if before.exact else after.decimals >= before.decimals


@given(
    values=st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=1, max_size=6),
    bias=st.floats(-2, 2),
    decimals=st.integers(1, 4),
)
@modest
def test_sums_and_functions_always_add_up(values, bias, decimals):
    z = bias + sum(w * a for w, a in values)
    assume(abs(z) > 1e-3)
    terms = [Product(tuple(Number(v, decimals_for(v, decimals)) for v in pair)) for pair in values]
    total = Sum((*terms, Number(bias, decimals_for(bias, decimals))))
    assert adding_up(X, total, z, decimals).adds_up()
    squared = Apply(Glyph("sigma"), total, lambda z: z * z)
    assert adding_up(X, squared, z * z, decimals).adds_up()


def test_signs_become_approximate_and_stay_so():
    exact = adding_up(X, Product((Number(0.5, 2), Number(0.5, 2))), 0.25, 2)
    assert exact.signs == ("=", "=")
    assert adding_up(X, Product((Number(0.5, 2), Number(0.25, 2))), 0.125, 2).text() == "x = 0.50 · 0.25 = 0.125"
    # From here on it is only near: a rounded number makes the rest of the line ≈.
    assert adding_up(X, Product((Number(1.5, 2), Number(1 / 3, 2))), 0.5, 2).signs == ("≈", "≈")


def test_only_as_many_digits_as_it_takes():
    # From 0.67 · 0.34, a reader would get 0.23.
    relation = adding_up(X, Product((Number(0.6652, 2), Number(0.3376, 2))), 0.6652 * 0.3376, 2)
    assert relation.text() == "x ≈ 0.665 · 0.338 ≈ 0.22"
    # 0.665 · 3 would lie halfway between 1.99 and 2.00.
    assert adding_up(X, Product((Number(0.6652, 2), Number(3.0, 0))), 3 * 0.6652, 2).text() == "x = 0.6652 · 3 ≈ 2.00"


def test_a_result_on_a_tie_gets_another_digit():
    """0.125 at two decimals is 0.12 to one reader and 0.13 to another."""
    relation = adding_up(X, Power(Number(0.125**0.5, 2), 2), 0.125, 2)
    assert relation.text() == "x ≈ 0.354² ≈ 0.125"


def test_next_to_a_large_factor_it_takes_more_digits():
    relation = adding_up(X, Product((Number(1e6, 0), Number(1 / 3, 2))), 1e6 / 3, 2)
    assert relation.text() == "x ≈ 1000000 · 0.33333333 ≈ 333333.33"


def test_wrong_arithmetic_is_not_made_to_look_right():
    relation = adding_up(X, Product((Number(1 / 3, 2), Number(1 / 7, 2))), 0.06, 2)
    assert not relation.adds_up()
    assert relation.text() == "x ≈ 0.33 · 0.14 ≈ 0.06"


def test_elided_arithmetic_keeps_its_digits():
    relation = adding_up(X, Sum((Number(1 / 3, 2), Glyph("dots"))), 7.126, 2)
    assert relation.text() == "x ≈ 0.33 + … ≈ 7.13"


def test_a_single_number_is_its_own_result():
    assert adding_up(X, Number(1 / 3, 4), 1 / 3, 2).text() == "x ≈ 0.3333"


# --- very small and very large numbers


@pytest.mark.parametrize(
    ("value", "decimals", "text", "latex"),
    [
        (-0.0000739, 7, "−0.0000739", "-0.0000739"),
        (0.000017, 6, "0.000017", "0.000017"),
        (6.3051167601e-16, 18, "6.31 × 10⁻¹⁶", r"6.31 \times 10^{-16}"),
        (-1.2e-9, 10, "−1.2 × 10⁻⁹", r"-1.2 \times 10^{-9}"),
        (4503599627370496.0, -12, "4.504 × 10¹⁵", r"4.504 \times 10^{15}"),
        (1 / 3, 8, "0.33333333", "0.33333333"),
        (9.996e-9, 10, "1.0 × 10⁻⁸", r"1.0 \times 10^{-8}"),
        (0.0, 12, "0.000000000000", "0.000000000000"),
    ],
)
def test_a_power_of_ten_where_a_decimal_would_be_too_long(value, decimals, text, latex):
    number = Number(value, decimals)
    assert (number.text(), number.latex()) == (text, latex)
    assert number.shown_value() == pytest.approx(value, abs=0.5001 * 10.0**-decimals)


def test_a_power_of_ten_is_a_product():
    assert Power(Number(2e-9, 9), 2).text() == "(2 × 10⁻⁹)²"
    assert Product((Number(3.0, 0), Number(-2e-9, 9))).text() == "3 · (−2 × 10⁻⁹)"
    assert Sum((Number(3.0, 0), Number(-2e-9, 9))).text() == "3 − 2 × 10⁻⁹"


def test_what_is_small_is_not_zero():
    """Exact is relative: 1e-17 is not shown as 0.00."""
    assert not Number(1e-17, 2).exact
    assert decimals_for(8.5265e-17, 2) == 18
    relation = adding_up(X, Product((Number(2.0**-52, 17), Number(2.0**52, -12))), 1.0, 2)
    assert relation.adds_up()


def test_what_rounding_leaves_of_a_sum_is_zero():
    """0.1 + 0.2 − 0.3 is 5.6e-17 in float64, and 0 to any reader."""
    terms = (Number(0.1, 2), Number(0.2, 2), Number(-0.3, 2))
    assert adding_up(X, Sum(terms), math.fsum((0.1, 0.2, -0.3)), 2).text() == "x = 0.10 + 0.20 − 0.30 = 0.00"
    doubled = Product((Number(2.0, 0), Sum(terms)))
    assert adding_up(X, doubled, 2 * (0.1 + 0.2 - 0.3), 2).text() == "x = 2(0.10 + 0.20 − 0.30) = 0.00"
    small = Sum((Number(3e-17, 17), Number(-1e-17, 17)))
    assert adding_up(X, small, 2e-17, 2).text() == "x = 3 × 10⁻¹⁷ − 1 × 10⁻¹⁷ = 2 × 10⁻¹⁷"


def test_a_column_has_one_form():
    shown = [number.text() for number in in_one_form([0.0712, 0.0, -3.2e-11], 4)]
    assert shown == ["7.1 × 10⁻²", "0", "−3.2 × 10⁻¹¹"]
    assert [number.text() for number in in_one_form([0.0712, 0.0, -0.0000439], 4)] == [
        "0.071200",
        "0.000000",
        "−0.000044",
    ]
    assert [number.text() for number in in_one_form([], 4)] == []


def test_the_same_number_has_the_same_digits_in_a_formula():
    """A factor that stands in two paths is not 0.2413 in one and 0.241 in the other."""
    shared, others = 0.24132, (0.05171, 0.91347)
    paths = Sum(tuple(Product((Number(other, 2), Number(shared, 2))) for other in others))
    relation = adding_up(X, paths, shared * sum(others), 3)
    assert relation.adds_up()
    assert len({node.shown for node in relation.walk() if isinstance(node, Number) and node.value == shared}) == 1
