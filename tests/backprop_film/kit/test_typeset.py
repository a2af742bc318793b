import string
import warnings

import numpy as np
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

import backprop_film.kit.typeset as module
from backprop_film.kit import Prose, theme
from backprop_film.kit.typefaces import FONTS
from backprop_film.kit.typeset import escaped, mark, typeset
from backprop_math import Derivative, Glyph, Number, Partial, Product, Relation, Sum, Symbol
from backprop_math.formula import Apply, Bracket, Cases, Fraction, Listing, MatrixExpression, Negative, Power, Summation
from tests.backprop_film.kit.reading import same, shape

w, a, b, z = Symbol("w", "L", "j k"), Symbol("a", "L-1", "k"), Symbol("b", "L"), Symbol("z")
FORMULAS = {
    "scripts": w,
    "sum": Sum((Product((w, a)), b, Negative(Number(0.25)))),
    "fraction": Fraction(Sum((a, Number(1.0, 0))), Power(z, 2)),
    "nested fractions": Fraction(Fraction(w, a), Sum((Number(1.0, 0), Power(Glyph("e"), Negative(z))))),
    "derivative": Product((Derivative(z, w), Derivative(a, z))),
    "brackets": Power(Sum((Derivative(z, w), Negative(Bracket(Fraction(a, b))))), 2),
    "function": Relation((a, Apply(Glyph("sigma_prime"), Sum((Product((w, a)), b))))),
    "summation": Summation("k", "0", "n-1", Product((w, a))),
    "matrix": MatrixExpression(((w, Number(-1.5, 2)), (Glyph("dots"), Fraction(a, b)))),
    "cases": Cases(((Number(1.0, 0), Relation((z, Number(0.0, 0)), (">",))),), Number(0.0, 0)),
    "listing": Apply(Symbol("C"), Listing((w, b, Partial(z)))),
    "relation": Relation((z, Product((Number(1.8), Number(-0.48))), Number(0.654321, 2))),
}


def marked(expression, wrap=mark):
    """The expression's outlines with every node marked."""
    nodes = []

    def number(node, markup):
        nodes.append(node)
        return wrap(len(nodes), markup)

    return typeset(expression.typst(number), 0.5, math=True)


def points(outlines):
    return [outline.points for outline in outlines]


@pytest.mark.parametrize("kind", FORMULAS)
def test_marks_leave_the_layout_as_it_is(kind):
    plain, with_marks = typeset(FORMULAS[kind].typst(), 0.5, math=True), marked(FORMULAS[kind])
    assert same(points(plain), points(with_marks))
    assert {outline.mark for outline in plain} == {0}
    assert 0 not in {outline.mark for outline in with_marks}


def test_a_mark_that_changes_the_layout_would_be_noticed():
    expression = FORMULAS["sum"]
    boxed = marked(expression, wrap=lambda number, markup: f"#box[${mark(number, markup)}$]")
    assert not same(points(typeset(expression.typst(), 0.5, math=True)), points(boxed))


@pytest.mark.parametrize("number", [1, 255, 256, 65_535, 65_536, 16_000_000])
def test_marks_are_read_back(number):
    assert [outline.mark for outline in typeset(f"x {mark(number, 'y')}", 1.0, math=True)] == [0, number]


def test_nothing_is_marked_with_nothing():
    assert mark(3, "") == ""


# -- fonts ------------------------------------------------------------------------------------------------


def foreign(fonts):
    """The fonts that come neither with the wheel nor from the project."""
    return [font.path for font in fonts.fonts() if font.path is not None and not font.path.startswith(str(FONTS))]


def test_no_font_of_the_machine_is_used(monkeypatch):
    given = []

    class Spy:
        def __new__(cls, *args, **how):
            given.append((typst_fonts(*args, **how), how))
            return given[-1][0]

    typst_fonts = typst.Fonts
    monkeypatch.setattr(module.typst, "Fonts", Spy)
    compiler = module._compiler.__wrapped__()
    assert isinstance(compiler, typst.Compiler)
    ((fonts, how),) = given
    assert how["include_system_fonts"] is False
    assert foreign(fonts) == []
    assert {theme.prose_font, theme.math_font} <= set(fonts.families())
    assert {font.weight for font in fonts.fonts() if font.family == theme.prose_font} == {400, 700}


def test_a_font_from_elsewhere_would_be_noticed(tmp_path):
    (tmp_path / "Lato-Regular.ttf").write_bytes((FONTS / "Lato-Regular.ttf").read_bytes())
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS), str(tmp_path)])
    assert foreign(fonts) == [str(tmp_path / "Lato-Regular.ttf")]


@pytest.mark.parametrize(("body", "math"), [('#text("Cost 0.48")', False), ("w^((L)) = 0.48", True)])
def test_outlines_are_those_of_the_wheel_and_the_project_alone(monkeypatch, body, math):
    usual = typeset(body, 1.0, math=math)
    # A machine without the project's fonts sets the same words in another face: they are really used.
    without = typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False, font_paths=[]))
    monkeypatch.setattr(module, "_compiler", lambda: without)
    module._typeset.cache_clear()
    try:
        assert same(points(usual), points(typeset(body, 1.0, math=math))) == math
    finally:
        module._typeset.cache_clear()


@pytest.mark.parametrize(
    ("role", "text"), [("prose_font", Prose), ("math_font", lambda s: typeset(f'"{s}1"', 1.0, math=True))]
)
def test_the_theme_is_read_when_used(monkeypatch, role, text):
    def drawn():
        made = text("x")
        return [m.points for m in made]

    usual = drawn()
    monkeypatch.setattr(theme, role, "Libertinus Serif")
    assert not same(usual, drawn())
    monkeypatch.undo()
    assert same(usual, drawn())


def test_bold_is_another_face():
    assert not same([g.points for g in Prose("cost")], [g.points for g in Prose("cost", weight="bold")])


# -- plain text -------------------------------------------------------------------------------------------


def misread(text, literal=escaped):
    """Whether the outlines are other than those of the visible characters, one by one."""
    outlines = typeset(f"#text({literal(text)})", 1.0, math=False)
    visible = [character for character in text if not character.isspace()]
    if len(outlines) != len(visible):
        return True
    for outline, character in zip(outlines, visible, strict=True):
        (alone,) = typeset(f'#text("\\u{{{ord(character):x}}}")', 1.0, math=False)
        (found, size), (expected, extent) = shape(outline.points), shape(alone.points)
        if not (same([found], [expected], 1e-6) and np.allclose(size, extent)):
            return True
    return False


TRICKY = [
    'say "cost"',
    "#panic()",
    "$x^2$",
    r"C:\n\u{41}",
    "*a* _b_",
    "<label> @ref",
    "// no /* remark */",
    "a--b...~c",
    "office file flow",
]


@pytest.mark.parametrize("text", TRICKY)
def test_plain_text_is_never_markup(text):
    assert not misread(text)


@settings(deadline=None, max_examples=40)
@given(st.text(string.ascii_letters + string.digits + string.punctuation + " ", max_size=12))
def test_any_plain_text_is_typeset_as_it_is(text):
    assert not misread(text)


@pytest.mark.parametrize("text", ['"a" + "b"', r"C:\u{41}"])
def test_text_that_is_not_escaped_would_be_noticed(text):
    assert misread(text, literal=lambda words: f'"{words}"' if '"' not in words else words)


# -- places -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("neighbour", ["", "frac(a, frac(b, c))", "mat(1; 2; 3)", "sum_(k = 0)^n", "x_(j_(k))"])
def test_the_baseline_is_at_0_whatever_stands_beside(neighbour):
    outlines = typeset(f"{mark(1, '1')} {neighbour}", 1.0, math=True)
    (one,) = (outline for outline in outlines if outline.mark == 1)
    assert one.points[:, 1].min() == pytest.approx(0, abs=1e-9)
    assert min(outline.points[:, 0].min() for outline in outlines) == pytest.approx(0, abs=1e-9)


def test_prose_stands_on_the_baseline():
    letter, _, descending = typeset('#text("Hxp")', 1.0, math=False)
    assert letter.points[:, 1].min() == pytest.approx(0, abs=1e-9)
    assert descending.points[:, 1].min() < -0.1


@pytest.mark.parametrize("size", [0.25, 0.5, 3.0])
def test_sizes_are_in_units(size):
    (square,) = typeset("#box(square(size: 1em, fill: black))", size, math=False)
    assert np.ptp(square.points[:, :2], axis=0) == pytest.approx([size, size])


def test_a_fraction_bar_is_a_rule_that_is_filled():
    top, bottom, bar = sorted(typeset("frac(a, b)", 1.0, math=True), key=lambda o: np.ptp(o.points[:, 1]))[::-1]
    assert 0 < np.ptp(bar.points[:, 1]) < 0.1 * np.ptp(bar.points[:, 0])
    middles = sorted(np.mean([o.points[:, 1].min(), o.points[:, 1].max()]) for o in (top, bottom, bar))
    assert middles[1] == pytest.approx(np.mean([bar.points[:, 1].min(), bar.points[:, 1].max()]))


def test_outlines_are_not_shared_by_the_mobjects():
    first = Prose("x")
    first.shift([5, 0, 0])
    assert Prose("x").get_center() == pytest.approx([0, 0, 0])


# -- errors -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", ["frac(1,", "nonsense", '#panic("no")', '"open'])
def test_bad_markup_is_named(body):
    with pytest.raises(ValueError, match="typesetting") as caught:
        typeset(body, 1.0, math=True)
    assert repr(body) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_the_fonts_lack_is_boxed_and_said_once():
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        widths = [Prose(text).width for text in ("größte длина μήκος", "日本語", "日本語")]
    assert all(width > 0 for width in widths)
    (warning,) = told
    assert str(warning.message) == "text '日本語': found '日本語', which the fonts lack, shown as empty boxes"
