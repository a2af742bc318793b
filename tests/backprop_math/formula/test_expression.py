import math
import re

import pytest

from backprop_math import (
    Activation,
    Change,
    Cost,
    Derivative,
    DifferenceQuotient,
    Glyph,
    Number,
    Partial,
    Product,
    Relation,
    Sum,
    Symbol,
    Term,
    Weight,
    WeightedSum,
)
from backprop_math.formula import (
    Apply,
    Bracket,
    Cases,
    Fraction,
    Listing,
    MatrixExpression,
    Negative,
    Power,
    Root,
    Summation,
    factor_name,
)

W, A, B = Symbol("w", "L"), Symbol("a", "L-1"), Symbol("b", "L")
SHORT = Symbol("x")


def n(value, decimals=2):
    return Number(value, decimals)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (Symbol("w", "L-1", "1 0"), "w₁₀⁽ᴸ⁻¹⁾"),
        (Symbol("w", "2", "j k"), "wⱼₖ⁽²⁾"),
        (Symbol("w", "L", "10, 3"), "w₁₀,₃⁽ᴸ⁾"),
        (Symbol("a", "q", "b"), "a_b^((q))"),
        (Product((Symbol("loss"), Root(SHORT), Root(Sum((SHORT, n(2.0, 0)))))), "loss √x √(x + 2)"),
        (n(-0.5), "−0.50"),
        (n(-0.001), "0.00"),
        (Sum((SHORT, Negative(A), n(-0.25))), "x − a⁽ᴸ⁻¹⁾ − 0.25"),
        (Sum((SHORT, Negative(n(-0.25)))), "x − (−0.25)"),
        (Sum((SHORT, Negative(Sum((A, B))))), "x − (a⁽ᴸ⁻¹⁾ + b⁽ᴸ⁾)"),
        (Sum((n(1.5), Product((n(-0.5), n(0.25))))), "1.50 − 0.50 · 0.25"),
        (Sum((n(1.5), Term("t", Product((Term("u", n(-0.5)), A))))), "1.50 − 0.50 a⁽ᴸ⁻¹⁾"),
        (Sum((SHORT, Product((Sum((n(-1.0, 0), A)), B)))), "x + (−1 + a⁽ᴸ⁻¹⁾) b⁽ᴸ⁾"),
        (Product((n(0.5), n(-0.25))), "0.50 · (−0.25)"),
        (Product((n(-0.5), n(0.25))), "−0.50 · 0.25"),
        (Product((n(2, 0), Sum((A, Negative(SHORT))))), "2(a⁽ᴸ⁻¹⁾ − x)"),
        (Product((A, Product((n(-2, 0), Sum((A, SHORT)))))), "a⁽ᴸ⁻¹⁾ · (−2(a⁽ᴸ⁻¹⁾ + x))"),
        (Product((Derivative(W, A), Derivative(A, B))), "∂w⁽ᴸ⁾/∂a⁽ᴸ⁻¹⁾ · ∂a⁽ᴸ⁻¹⁾/∂b⁽ᴸ⁾"),
        (Negative(Product((A, B))), "−a⁽ᴸ⁻¹⁾ b⁽ᴸ⁾"),
        (Product((Derivative(W, A), A), dotted=True), "∂w⁽ᴸ⁾/∂a⁽ᴸ⁻¹⁾ · a⁽ᴸ⁻¹⁾"),
        (Fraction(Sum((A, B)), Product((A, B))), "(a⁽ᴸ⁻¹⁾ + b⁽ᴸ⁾)/(a⁽ᴸ⁻¹⁾ b⁽ᴸ⁾)"),
        (Power(W, 2), "(w⁽ᴸ⁾)²"),
        (Power(SHORT, 2), "x²"),
        (Power(n(-0.5), 2), "(−0.50)²"),
        (Power(Glyph("e"), Negative(SHORT)), "e^(−x)"),
        (Apply(Glyph("sigma"), n(-0.5)), "σ(−0.50)"),
        (Listing((SHORT, A)), "x, a⁽ᴸ⁻¹⁾"),
        (Partial(SHORT), "∂x"),
        (Change(A), "Δa⁽ᴸ⁻¹⁾"),
        (Bracket(SHORT), "(x)"),
        (Summation("k", "0", "n-1", Sum((A, B))), "Σ[k=0…n−1] (a⁽ᴸ⁻¹⁾ + b⁽ᴸ⁾)"),
        (MatrixExpression(((SHORT, n(1.0, 0)), (Glyph("dots"), SHORT))), "[x, 1; …, x]"),
        (Cases(((n(1, 0), Relation((SHORT, n(0, 0)), (">",))),), n(0, 0)), "{1 if x > 0; 0 otherwise}"),
        (Relation((SHORT, n(0.5), n(0.505))), "x = 0.50 ≈ 0.51"),
    ],
)
def test_text(expression, text):
    assert expression.text() == str(expression) == text


@pytest.mark.parametrize(
    ("expression", "typst", "latex"),
    [
        (Symbol("w", "L-1", "1 0"), "w_(1 0)^((L-1))", "w_{1 0}^{(L-1)}"),
        (n(-0.5), "minus 0.50", "-0.50"),
        (DifferenceQuotient(W, A), "frac(Delta w^((L)), Delta a^((L-1)))",
         r"\frac{\Delta w^{(L)}}{\Delta a^{(L-1)}}"),
        (Derivative(W, A), "frac(partial w^((L)), partial a^((L-1)))",
         r"\frac{\partial w^{(L)}}{\partial a^{(L-1)}}"),
        (Power(Glyph("e"), Negative(SHORT)), "e^(minus x)", "e^{-x}"),
        (Product((n(2, 0), Sum((A, Negative(SHORT))))), "2  lr((a^((L-1)) minus x))", r"2 \left(a^{(L-1)} - x\right)"),
        (Relation((SHORT, n(1 / 3))), "x approx 0.33", r"x \approx 0.33"),
        (Product((Fraction(A, W), Fraction(W, A)), dotted=True),
         "frac(a^((L-1)), w^((L))) dot.op frac(w^((L)), a^((L-1)))",
         r"\frac{a^{(L-1)}}{w^{(L)}} \cdot \frac{w^{(L)}}{a^{(L-1)}}"),
    ],
)  # fmt: skip
def test_typst_and_latex(expression, typst, latex):
    assert (expression.typst(), expression.latex()) == (typst, latex)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (Sum((n(0.504), Negative(n(0.256)), n(1, 0))), 0.50 - 0.26 + 1),
        (Product((n(0.504), n(-2.0))), 0.50 * -2),
        (Fraction(n(1.0), n(3.999)), 0.25),
        (Power(n(1.499), 2), 2.25),
        (Apply(Glyph("sigma"), n(0.0), lambda z: 1 / (1 + math.exp(-z))), 0.5),
        (Bracket(Term("t", n(0.126))), 0.13),
        (Product((Glyph("half"), n(3.0))), 1.5),
        (Power(Glyph("e"), n(1, 0)), math.e),
        (Root(n(2.251)), 1.5),
    ],
)
def test_arithmetic_is_done_with_the_digits_shown(expression, value):
    assert expression.shown_value() == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize("expression", [SHORT, Sum((SHORT, n(1.0))), Apply(Glyph("sigma"), n(1.0)), Glyph("dots")])
def test_what_is_not_arithmetic_has_no_value(expression):
    with pytest.raises(ValueError, match="is not arithmetic"):
        expression.shown_value()


def test_a_factor_is_found_by_what_it_is_a_derivative_of():
    z, w = WeightedSum(2, 0), Weight(2, 0, 1)
    product = Product((Term(factor_name(z, w), n(0.48)), Term("C/a[2][0]", n(-0.68))))
    relation = Relation((Term("ratio", Derivative(SHORT, W)), product))
    assert relation.factor(z, w) == n(0.48)
    assert relation.factor(Cost(), Activation(2, 0)) == relation.term("C/a[2][0]") == n(-0.68)
    with pytest.raises(KeyError, match=r"term 'z\[2\]\[0\]/C' is not in the formula '∂x/∂w⁽ᴸ⁾ = 0.48"):
        relation.factor(z, Cost())


def test_a_relation_followed_by_another_says_both_of_the_same_left_side():
    symbols = Relation((SHORT, Product((W, A))))
    numbers = Relation((SHORT, Product((n(0.5), n(0.25))), n(0.12501)))
    assert symbols.followed_by(numbers) == Relation((SHORT, *symbols.sides[1:], *numbers.sides[1:]), ("=", "=", "≈"))


def test_a_number_beyond_float64_is_no_value():
    with pytest.raises(ValueError, match=re.escape("'e^(1000.00)' is larger than any float64")):
        Power(Glyph("e"), n(1000.0)).shown_value()


def test_adding_up_is_judged_from_the_shown_digits():
    def product(result):
        return Relation((SHORT, Product((n(0.48), n(0.2243, 4))), result))

    assert product(n(0.1077, 4)).adds_up()
    assert not product(n(0.1078, 4)).adds_up()
    assert product(n(0.108, 3)).adds_up()
    assert not product(n(0.107, 3)).adds_up()


def test_a_tie_adds_up_to_neither_side():
    tie = Product((n(0.5), n(0.25)))
    assert not Relation((tie, n(0.12))).adds_up()
    assert not Relation((tie, n(0.13))).adds_up()
    assert Relation((tie, n(0.125, 3))).adds_up()


def test_substitution_keeps_terms_and_functions():
    formula = Term("whole", Apply(Glyph("sigma"), Sum((Product((W, A)), B)), lambda z: z))
    numbers = formula.substitute(lambda symbol: n({"w": 1.5, "a": 0.5, "b": -0.25}[symbol.letter]))
    assert numbers.text() == "σ(1.50 · 0.50 − 0.25)"
    assert numbers.shown_value() == 0.5
    assert [node.name for node in numbers.walk() if isinstance(node, Term)] == ["whole"]
    assert formula.text() == "σ(w⁽ᴸ⁾ a⁽ᴸ⁻¹⁾ + b⁽ᴸ⁾)"


def test_every_node_is_marked_once_with_what_it_prints():
    seen = []

    def mark(node, markup):
        seen.append((node, markup))
        return f"<{markup}>" if isinstance(node, Symbol) else markup

    formula = Sum((Term("product", Product((W, A))), Negative(B)))
    assert formula.typst(mark) == "<w^((L))> <a^((L-1))> minus <b^((L))>"
    marked = [node for node, _ in seen]
    assert marked == [W, A, Product((W, A)), Term("product", Product((W, A))), B, formula]


def test_a_term_keeps_its_name_where_its_minus_becomes_the_sign_between():
    names = []
    Sum((W, Term("last", n(-0.5)))).typst(lambda node, markup: names.append(getattr(node, "name", "")) or markup)
    assert "last" in names
