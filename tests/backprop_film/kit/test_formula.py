import numpy as np
import pytest
from manim import PI, Typst, tempconfig

from backprop_film.kit import Formula, Prose, Readout, continued, theme
from backprop_film.kit.theme import MIN_FONT_SIZE, POINTS
from backprop_film.kit.typeset import typeset
from backprop_math import (
    Activation,
    Bias,
    Change,
    Cost,
    Derivative,
    Glyph,
    Notation,
    Number,
    Partial,
    Product,
    Relation,
    Sum,
    Symbol,
    Target,
    Term,
    Weight,
    WeightedSum,
    example_names,
    load_example,
)
from backprop_math.formula import Apply, Bracket, Fraction, MatrixExpression, Negative, Power
from tests.backprop_film.kit.reading import read
from tests.backprop_film.kit.stage import NOTATION, TRACE

W, B, Z, A, BEFORE, Y, C = (
    Weight(3, 0, 0), Bias(3, 0), WeightedSum(3, 0), Activation(3, 0), Activation(2, 0), Target(0), Cost(),
)  # fmt: skip
w, b, z, a, before, y, c = (NOTATION.symbol(q) for q in (W, B, Z, A, BEFORE, Y, C))
# How many glyphs each symbol has: w (L), a (L − 1), y, C 0.
GLYPHS = {W: 4, B: 4, Z: 4, A: 4, BEFORE: 6, Y: 1, C: 2}
KINDS = {W: "#58C4DD", B: "#F08BB4", Z: "#8FD66E", A: "#ECEFF4", BEFORE: "#ECEFF4", Y: "#F4C95D", C: "#FF6B5E"}


def colours(group):
    return {glyph.get_fill_color().to_hex() for glyph in group}


def ids(*groups):
    return [id(glyph) for group in groups for glyph in group]


def xs(*groups):
    return [group.get_x() for group in groups]


# -- colours ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quantity", KINDS, ids=str)
def test_a_symbol_has_its_kinds_colour(quantity):
    formula = Formula(Sum((Glyph("e"), Power(NOTATION.symbol(quantity), 2), Number(0.5))))
    shown = formula.quantity(quantity)
    assert len(shown) == GLYPHS[quantity]
    assert colours(shown) == {KINDS[quantity]} == {theme.colour(quantity)}
    rest = [glyph for glyph in formula if id(glyph) not in ids(shown)]
    assert colours(rest) == {theme.ink}


@pytest.mark.parametrize("quantity", KINDS, ids=str)
@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("sign", [Partial, Change])
def test_a_number_and_a_nudge_take_the_quantitys_colour(quantity, named, sign):
    symbol = Term("it", NOTATION.symbol(quantity)) if named else NOTATION.symbol(quantity)
    assert colours(Formula(Number(-0.25, 2, quantity))) == {KINDS[quantity]}
    nudge = Formula(sign(symbol))
    assert len(nudge) == 1 + GLYPHS[quantity]
    assert colours(nudge) == {KINDS[quantity]}


def test_a_derivative_has_two_colours_and_a_bar_of_ink():
    formula = Formula(Derivative(c, w))
    rows = sorted(formula, key=lambda glyph: -glyph.get_y())
    top, bar, bottom = rows[:3], rows[3], rows[4:]
    assert colours(top) == {KINDS[C]}
    assert colours([bar]) == {theme.ink}
    assert bar.width > max(glyph.width for glyph in [*top, *bottom])
    assert colours(bottom) == {KINDS[W]}
    assert len(bottom) == 1 + GLYPHS[W]


def test_the_ink_can_be_replaced():
    relation = Relation((z, Number(0.5)))
    formula = Formula(relation, color="#123456")
    assert colours(formula.side(0)) == {KINDS[Z]}
    assert colours([*formula.sign(0), *formula.side(1)]) == {"#123456"}
    assert colours(Formula(relation, color="#123456", plain=True)) == {"#123456"}


def test_colours_are_the_themes_when_it_is_made(monkeypatch):
    monkeypatch.setitem(theme.roles, Weight, "#010203")
    assert colours(Formula(w)) == {"#010203"}


# -- parts ------------------------------------------------------------------------------------------------


def test_a_definition_is_its_sides_and_its_sign():
    formula = Formula(NOTATION.definition(Z))
    left, sign, right = formula.side(0), formula.sign(0), formula.side(1)
    assert [len(left), len(sign), len(right)] == [GLYPHS[Z], 1, GLYPHS[W] + GLYPHS[BEFORE] + 1 + GLYPHS[B]]
    assert sorted(ids(left, sign, right)) == sorted(ids(formula))
    assert left.get_right()[0] < sign.get_left()[0] < sign.get_right()[0] < right.get_left()[0]
    assert ids(formula.side(-1)) == ids(right)
    # In the order of reading: w a + b
    assert xs(*(formula.quantity(q) for q in (Z, W, BEFORE, B))) == sorted(
        xs(*(formula.quantity(q) for q in (Z, W, BEFORE, B)))
    )


def test_a_quantity_is_found_on_one_side():
    formula = Formula(Relation((c, Power(Sum((a, Negative(y))), 2), Power(Sum((Number(0.66, 2, A), Negative(y))), 2))))
    assert len(formula.quantity(A)) == GLYPHS[A] + 4
    assert len(formula.quantity(A, side=1)) == GLYPHS[A]
    assert read(formula.quantity(A, side=2)) == "0.66"
    assert ids(formula.quantity(A, side=-1)) == ids(formula.quantity(A, side=2))
    assert set(ids(formula.quantity(A, side=1))) < set(ids(formula.side(1)))
    assert formula.sign(0).get_x() < formula.quantity(Y, side=1).get_x() < formula.sign(1).get_x()
    with pytest.raises(KeyError, match=r"y\[0\] is not in"):
        formula.quantity(Y, side=0)


def test_a_chain_rules_factors_are_terms():
    chain = TRACE.chain_rule(W, notation=NOTATION)
    formula = Formula(chain.symbols)
    links = ((Z, W), (A, Z), (C, A))
    factors = [formula.factor(of, wrt) for of, wrt in links]
    # ∂ and a symbol over ∂ and a symbol, and the bar
    sizes = [GLYPHS[of] + GLYPHS[wrt] + 3 for of, wrt in links]
    assert [len(factor) for factor in factors] == sizes
    assert sorted(ids(*factors)) == sorted(ids(formula.side(1)))
    assert xs(formula.term("ratio"), *factors) == sorted(xs(formula.term("ratio"), *factors))
    assert ids(formula.term("ratio")) == ids(formula.side(0))
    assert formula.terms.index("C/w[3][0,0]") < formula.terms.index("ratio")
    assert {"z[3][0]/w[3][0,0]", "a[3][0]/z[3][0]", "C/a[3][0]"} < set(formula.terms)
    whole = Formula(chain.whole)
    assert [read(whole.factor(of, wrt, side=2)) for of, wrt in links] == ["0.484", "0.225", "-0.685"]
    with pytest.raises(KeyError, match=r"term 'C/z\[3\]\[0\]' is not in the formula"):
        formula.factor(C, Z)


def test_a_term_is_found_on_one_side():
    formula = Formula(Relation((Product((Term("one", w), b)), Term("one", Number(0.5)))))
    assert len(formula.term("one")) == GLYPHS[W] + 4
    assert len(formula.term("one", side=0)) == GLYPHS[W]
    assert read(formula.term("one", side=1)) == "0.50"
    with pytest.raises(KeyError, match="term 'two' is not in the formula"):
        formula.term("two")


def test_a_part_is_found_wherever_an_equal_one_stands():
    formula = Formula(Product((Term("first", Derivative(z, w)), Term("second", Derivative(a, z)))))
    nudge = Partial(z)
    assert len(formula.part(nudge)) == 2 * (1 + GLYPHS[Z])
    upper, lower = (formula.part(nudge, within=formula.term(term)) for term in ("first", "second"))
    assert len(upper) == len(lower) == 1 + GLYPHS[Z]
    assert upper.get_y() > lower.get_y()
    assert upper.get_x() < lower.get_x()
    with pytest.raises(KeyError, match=r"∂b.* is not in the formula"):
        formula.part(Partial(b))
    with pytest.raises(KeyError, match="term 'third'"):
        formula.part(nudge, within=formula.term("third"))


def test_what_is_missing_is_named():
    formula = Formula(NOTATION.definition(Z))
    with pytest.raises(KeyError, match=r"y\[0\] is not in the formula 'z⁽ᴸ⁾ = w⁽ᴸ⁾ a⁽ᴸ⁻¹⁾ \+ b⁽ᴸ⁾'"):
        formula.quantity(Y)
    for of_a_relation in (lambda f: f.side(0), lambda f: f.sign(0), lambda f: f.quantity(W, side=0)):
        with pytest.raises(KeyError, match="is no relation, so it has no sides"):
            of_a_relation(Formula(w))
    with pytest.raises(IndexError):
        formula.side(2)


def test_leaves_are_all_glyphs_of_symbols_numbers_and_signs():
    expression = Apply(Glyph("sigma"), Sum((Product((w, Number(-0.48, 2, BEFORE))), b)))
    leaves = Formula(expression).leaves(Symbol | Number | Glyph)
    assert [node for node, _ in leaves] == [Glyph("sigma"), w, Number(-0.48, 2, BEFORE), b]
    assert [len(glyphs) for _, glyphs in leaves] == [1, GLYPHS[W], 5, GLYPHS[B]]
    assert xs(*(glyphs for _, glyphs in leaves)) == sorted(xs(*(glyphs for _, glyphs in leaves)))
    assert read(leaves[2][1]) == "-0.48"
    everything = Formula(expression)
    outer_and_inner_brackets_plus_and_dot = 6
    assert (
        len(everything)
        == sum(len(g) for _, g in everything.leaves(Symbol | Number | Glyph)) + outer_and_inner_brackets_plus_and_dot
    )


def test_numbers_are_those_shown():
    relation = NOTATION.with_numbers(NOTATION.definition(Z), TRACE)
    assert [number.shown for number in Formula(relation).numbers] == ["1.70", "0.48", "-0.17", "0.65"]


def test_a_matrix_has_its_entries_in_rows():
    formula = Formula(MatrixExpression(((w, b), (z, Number(0.5, 1)))))
    places = [formula.quantity(q).get_center() for q in (W, B, Z)]
    assert places[0][0] < places[1][0]
    assert places[0][1] == pytest.approx(places[1][1])
    assert places[2][1] < places[0][1]


# -- a line that goes on ----------------------------------------------------------------------------------


def test_a_continued_relation_begins_with_its_sign():
    relation = NOTATION.with_numbers(NOTATION.definition(Z), TRACE)
    whole, line = Formula(relation), Formula(continued(relation))
    assert len(line) == len(whole) - GLYPHS[Z]
    assert line.sign(0).get_left()[0] == pytest.approx(line.get_left()[0])
    # The sides keep their numbers.
    assert [len(line.side(index)) for index in (1, 2, -1)] == [len(whole.side(index)) for index in (1, 2, -1)]
    assert read(line.side(2)) == "0.65"
    assert read(line.quantity(W, side=1)) == "1.70"
    assert line.sign(0).get_x() < line.side(1).get_x() < line.sign(1).get_x() < line.side(2).get_x()
    with pytest.raises(KeyError):
        line.side(0)


def test_a_continued_line_agrees_with_the_line_above():
    relation = NOTATION.with_numbers(NOTATION.definition(Z), TRACE)
    whole, line = Formula(relation), Formula(continued(relation))
    line.shift(whole.sign(0).get_center() - line.sign(0).get_center())
    for part in (lambda f: f.side(1), lambda f: f.sign(1), lambda f: f.side(2)):
        assert part(line).get_center() == pytest.approx(part(whole).get_center())


# -- sizes and places -------------------------------------------------------------------------------------


def flat_formula():
    """A formula with glyphs that reach down to the baseline exactly: digits 1."""
    return Formula(Relation((Fraction(Number(11.1, 1), w), Number(111.0, 0))), font_size=48)


TEXTS = {
    "formula": (flat_formula, lambda m: m.side(1)[0]),
    "prose": (lambda: Prose("Hxp", font_size=28.8), lambda m: m[0]),
    "readout": (lambda: Readout(-0.811, decimals=3, font_size=38.4), lambda m: m[0]),
    "round readout": (lambda: Readout(8.881, decimals=3, font_size=38.4), lambda m: m[0]),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_size_and_baseline_are_known_wherever_a_text_is(kind):
    make, flat = TEXTS[kind]
    text = make()
    size = text.font_size
    assert text.font_size == pytest.approx(size)
    for factor, move in ((1.0, [0, 0, 0]), (0.7, [1.5, -2.5, 0]), (2.0, [-3, 0.25, 0])):
        text = text.copy().scale(factor).shift(move)
        size *= factor
        assert text.font_size == pytest.approx(size)
        assert text.baseline == pytest.approx(flat(text).get_bottom()[1], abs=1e-9)
    text.on_baseline(1.25)
    assert flat(text).get_bottom()[1] == pytest.approx(1.25)


def test_scaling_about_a_point_moves_the_baseline():
    text = Prose("H").on_baseline(1.0).scale(0.5, about_point=np.array([0, 0, 0]))
    assert text.baseline == pytest.approx(0.5)


def test_texts_come_in_the_themes_sizes_at_the_origin():
    sizes = [Formula(w).font_size, Prose("x").font_size, Readout(0.5).font_size]
    assert sizes == pytest.approx([theme.formula_size, theme.label_size, theme.symbol_size])
    for text in (Formula(w), Prose("x"), Readout(0.5)):
        assert text.get_center() == pytest.approx([0, 0, 0])


@pytest.mark.parametrize("kind", TEXTS)
def test_the_font_size_is_known_however_a_text_is_turned(kind):
    text = TEXTS[kind][0]()
    size = text.font_size
    assert text.copy().rotate(0.7).font_size == pytest.approx(size)
    assert text.copy().rotate(PI / 2).scale(1.5).font_size == pytest.approx(1.5 * size)
    text.font_size = 2 * size
    assert text.font_size == pytest.approx(2 * size)


def test_a_font_size_is_as_large_as_in_manims_own_texts(tmp_path):
    with tempconfig({"media_dir": str(tmp_path)}):
        manims = Typst("#box(square(size: 1em, fill: black))", font_size=36)
    em = Formula(w, font_size=36).font_size / POINTS
    (square,) = typeset("#box(square(size: 1em, fill: black))", em, math=False)
    assert np.ptp(square.points[:, 1]) == pytest.approx(manims.height)


def test_fit_shrinks_about_the_left_end_as_far_as_may_be():
    text = Prose("The cost of one training example", font_size=38.4)
    left, width = text.get_left()[0], text.width
    assert text.fit(width + 0.1).width == pytest.approx(width)
    assert text.fit(0.75 * width).width == pytest.approx(0.75 * width)
    assert text.get_left()[0] == pytest.approx(left)
    assert text.font_size == pytest.approx(28.8)
    text.fit(0.1)
    assert text.font_size == pytest.approx(MIN_FONT_SIZE)
    assert text.fit(0.1).font_size == pytest.approx(MIN_FONT_SIZE)


def test_nothing_may_be_said():
    nothing = Prose("")
    assert len(nothing.fit(1).on_baseline(2)) == 0


# -- every formula of every example -----------------------------------------------------------------------


def firsts_and_lasts(edges):
    """Of edges between quantities of the same kinds in a layer, which differ by indices, the first and the last."""
    kinds = {}
    for edge in edges:
        kinds.setdefault((type(edge.of), type(edge.wrt), getattr(edge.of, "layer", None)), []).append(edge)
    return [edge for alike in kinds.values() for edge in dict.fromkeys((alike[0], alike[-1]))]


def relations(example):
    """Definitions, local derivatives and chain rules, in symbols and in numbers."""
    trace, notation, network = example.trace(), Notation(example.network), example.network
    edges = firsts_and_lasts(trace.graph.edges)
    for edge in edges:
        yield Formula(notation.local_with_numbers(edge.of, edge.wrt, trace))
        yield Formula(notation.local_derivative(edge.of, edge.wrt))
    for quantity in dict.fromkeys(edge.of for edge in edges):
        yield Formula(notation.definition(quantity))
        yield Formula(notation.with_numbers(notation.definition(quantity), trace))
    firsts = [q for layer in range(1, network.L + 1) for q in (Weight(layer, 0, 0), Bias(layer, 0))]
    for quantity in [*firsts, Activation(0, 0), Target(0)]:
        chain = trace.chain_rule(quantity, notation=notation)
        yield from (Formula(relation) for relation in (chain.symbols, chain.formulas, chain.numbers))


@pytest.mark.parametrize("name", [name for name in example_names() if name not in ("body_mass", "digits")])
def test_every_formula_of_an_example_is_typeset(name):
    for formula in relations(load_example(name)):
        for node, glyphs in formula.leaves(Symbol | Number):
            expected = len(node.shown) if isinstance(node, Number) else 1 + len(node.superscript)
            assert len(glyphs) >= expected, (formula.expression.text(), node)
            assert colours(glyphs) == {theme.colour(node.quantity)}
        if isinstance(formula.expression, Relation):
            sides = [formula.side(i) for i in range(len(formula.expression.sides))]
            signs = [formula.sign(i) for i in range(len(formula.expression.signs))]
            assert sorted(ids(*sides, *signs)) == sorted(ids(formula))


def test_brackets_belong_to_what_they_enclose():
    formula = Formula(Relation((c, Term("square", Power(Bracket(Sum((a, Negative(y)))), 2)))))
    # ( a (L) − y ) 2
    assert len(formula.term("square")) == 2 + GLYPHS[A] + 1 + GLYPHS[Y] + 1
