"""Every printed form is well formed: Typst by compiling it, LaTeX by its braces."""

import re

import pytest

from backprop_math import (
    ACTIVATIONS,
    COSTS,
    Activation,
    Bias,
    Cost,
    CostDerivatives,
    Delta,
    Glyph,
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
from backprop_math import Target as Wanted
from backprop_math.formula import Bracket, Listing, MatrixExpression, Negative, Power, Root
from backprop_math.formula.printers import LATEX, TEXT, TYPST

from ..strategies import costs_for

SIZES = [(1, 1, 1), (2, 3, 2), (14, 2)]


def makes():
    """Activations with each of their costs; every size meets every activation and every cost."""
    for i, activation in enumerate(ACTIVATIONS):
        for k, cost in enumerate(COSTS):
            if cost in costs_for(activation):
                yield activation, cost, SIZES[(i + k) % len(SIZES)]


def formulas():
    """At least one formula of every kind that the package makes, for networks of every make."""
    z, y = Symbol("z", "L-1", "1 0"), Symbol("y")
    for row in ACTIVATIONS.values():
        yield Relation((row.applied(z), row.formula(z)))
        yield Relation((row.derivative_applied(z), row.derivative_formula(z)))
    softmax = Network.random((2, 3), activation="softmax", cost="categorical_cross_entropy")
    for j in (1, "j"):
        yield Notation(softmax).definition(Activation(1, j))
        yield from (
            CostDerivatives(Notation(softmax)).formulas(Weight(1, j, 0)),
            CostDerivatives(Notation(softmax)).chain(Bias(1, j)),
        )
        yield Notation(softmax).local_derivative(Activation("L", "i"), WeightedSum("L", "j"))
    for cost in COSTS.values():
        yield from (formula(z, y) for formula in (cost.formula, cost.da_formula, cost.dy_formula))
    for activation, cost, sizes in makes():
        network = Network.random(sizes, activation=activation, cost=cost, seed=4)
        trace = network.forward([0.5] * sizes[0]).backward([1.0] + [0.0] * (sizes[-1] - 1))
        for notation in (Notation(network), Notation(network, layers="absolute")):
            for quantity in (WeightedSum(1, 0), Activation(network.L, 0), Cost()):
                definition = notation.definition(quantity)
                yield from (definition, notation.with_numbers(definition, trace))
            yield notation.activation_of_parts(Activation(1, 0))
            yield notation.definition(Cost(None))
            for equation in (*trace.equations(1, notation=notation).forward, *trace.equations(network.L).backward):
                yield from (equation.symbols, equation.numbers)
            for quantity in (WeightedSum("l", "j"), WeightedSum(1, 0), Weight(network.L, 0, 0)):
                yield from (Delta(notation).formula(quantity), Delta(notation).formula(quantity, expanded=True))
            for quantity in (Weight(1, 0, sizes[0] - 1), Bias(network.L, 0), Wanted(0), Activation(0, 0), Cost()):
                chain = trace.chain_rule(quantity, notation=notation)
                yield from (chain.symbols, chain.formulas, chain.numbers)
            derivatives = CostDerivatives(notation)
            for quantity in (Weight("L", "j", "k"), Bias("l", "j"), WeightedSum("L-1", "k"), Activation("l", "j")):
                yield from (derivatives.chain(quantity), derivatives.formulas(quantity), derivatives.mean(quantity))
            yield from (
                derivatives.cases(Activation("l", "j")),
                notation.definition(WeightedSum("l", "j")),
                derivatives.mean(),
            )
            yield from (
                derivatives.gradient(),
                derivatives.gradient_numbers(trace),
                derivatives.mean_numbers([trace, trace]),
            )
            yield from (notation.definition(Cost(), expanded=False), derivatives.numbers(Activation(0, 0), trace))
            yield notation.local_with_numbers(Cost(), Activation(network.L, 0), trace)
    yield MatrixExpression(((z, Number(-1.5, 2)), (Glyph("dots"), Negative(z))))
    yield Listing((Bracket(z), Power(z, 2), Product((Number(-2.0, 0), Number(-3.0, 1), Sum((z, y))))))
    yield Product((Symbol("loss", "", "1"), Root(Sum((z, y)))))
    yield from (Glyph(name) for name in TEXT.glyphs)


@pytest.fixture(scope="module")
def printed():
    """Each formula as Typst, as LaTeX and as text; what several print alike is there once."""
    return list(dict.fromkeys((formula.typst(), formula.latex(), formula.text()) for formula in formulas()))


def test_typst_compiles(printed):
    typst = pytest.importorskip("typst")
    compiler = typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False))

    def compiled(lines):
        page = "\n".join(f"$ {line} $" for line in lines)
        return compiler.compile(f"#set page(width: auto, height: auto)\n{page}".encode(), format="svg")

    lines = list(dict.fromkeys(line for line, _, _ in printed))
    assert compiled(lines)
    with pytest.raises(typst.TypstError):
        compiled([lines[0], "frac(1, unheard_of)"])


@pytest.mark.parametrize("opening", ["{}", "()"])
def test_brackets_are_balanced(opening, printed):
    first, last = opening
    for forms in printed:
        for form in forms:
            depth = 0
            for sign in re.findall(f"[{re.escape(opening)}]", form):
                depth += (sign == first) - (sign == last)
                assert depth >= 0, form
            assert depth == 0, form


def test_latex_brackets_and_environments_are_paired(printed):
    for _, latex, _ in printed:
        assert latex.count(r"\left(") == latex.count(r"\right)")
        assert re.findall(r"\\begin\{(\w+)\}", latex) == re.findall(r"\\end\{(\w+)\}", latex)


def test_text_is_one_line_without_typing_signs(printed):
    for _, _, text in printed:
        assert "\n" not in text
        assert "-" not in text, text
        assert "  " not in text, text


def test_every_glyph_exists_in_every_notation():
    assert TEXT.glyphs.keys() == TYPST.glyphs.keys() == LATEX.glyphs.keys()
