import numpy as np
import pytest
from manim import FadeIn, FadeOut, Indicate, Scene, Square, VGroup

from backprop_film.kit import Compose, Dim, Formula, Gauge, Prose, Readout, Rewrite, Underscore, Undim, theme
from backprop_film.kit.motion import _matches
from backprop_math import Activation, Bias, Cost, Number, Product, Relation, Sum, Symbol, Weight, WeightedSum
from tests.backprop_film.kit.reading import read
from tests.backprop_film.kit.stage import NOTATION, TRACE, in_chapter, on_screen, played

W, B, Z, A = Weight(3, 0, 0), Bias(3, 0), WeightedSum(3, 0), Activation(2, 0)
w, b, z, a = (NOTATION.symbol(q) for q in (W, B, Z, A))
STAGES = pytest.mark.parametrize("stage", [played, in_chapter])


def definition():
    return Formula(NOTATION.definition(Z))


def numbers():
    return Formula(NOTATION.with_numbers(NOTATION.definition(Z), TRACE)).shift([0, -1, 0])


def faults(scene, expected):
    """What is wrong with the screen, which should hold just these mobjects, whole and each once."""
    found = set()
    shown = on_screen(scene)
    if {id(m) for m in shown} != {id(m) for m in expected}:
        found.add("others")
    family = [id(m) for mobject in shown for m in mobject.family_members_with_points()]
    whole = [id(m) for mobject in expected for m in mobject.family_members_with_points()]
    if len(family) != len(set(family)):
        found.add("twice")
    if set(family) - set(whole):
        found.add("copies")
    if set(whole) - set(family):
        found.add("missing")
    return found


def grouped(stage):
    return {"others"} if stage is played else set()


def test_a_wrong_screen_would_be_noticed():
    one, other = Prose("one"), Prose("other")
    assert faults(played(lambda s: s.add(one)), [one]) == set()
    assert faults(played(lambda s: s.add(one, other)), [one]) == {"others", "copies"}
    assert faults(played(lambda s: s.add(one)), [one, other]) == {"others", "missing"}
    assert faults(played(lambda s: s.add(*one)), [one]) == {"others"}
    assert faults(played(lambda s: s.add(one, VGroup(one))), [one]) == {"others", "twice"}
    assert faults(played(lambda s: s.add(one.copy())), [one]) == {"others", "copies", "missing"}


# -- what is on the screen afterwards ---------------------------------------------------------------------


@STAGES
def test_composed_it_is_whole_and_the_sources_stay(stage):
    new, labels = definition(), [Formula(w), Formula(a).shift([1, 1, 0])]

    def construct(scene):
        scene.add(*labels)
        scene.play(Compose(new, [(labels[0], new.quantity(W)), (labels[1], new.quantity(A))]), run_time=0.5)

    assert faults(stage(construct), [*labels, new]) == set()


@STAGES
def test_composed_from_sources_that_were_not_shown(stage):
    new = definition()
    scene = stage(lambda s: s.play(Compose(new, [(Formula(w), new.quantity(W))]), run_time=0.5))
    assert faults(scene, [new]) == set()


@STAGES
def test_the_old_one_goes(stage):
    old, new, other = Formula(Sum((w, b))), definition(), Prose("other").shift([0, 2, 0])

    def construct(scene):
        scene.add(old, other)
        scene.play(Compose(new, [(old.quantity(W), new.quantity(W))], old=old), run_time=0.5)

    assert faults(stage(construct), [new, other]) == set()


@STAGES
@pytest.mark.parametrize("keep", [False, True])
def test_rewritten_only_the_new_one_stays(stage, keep):
    old, new = definition(), numbers()

    def construct(scene):
        scene.add(old)
        scene.play(Rewrite(old, new, keep=keep), run_time=0.5)

    assert faults(stage(construct), [old, new] if keep else [new]) == set()


@STAGES
def test_composed_while_other_things_move(stage):
    old, new, gone, coming, still = definition(), numbers(), Square(), Square().shift([3, 0, 0]), Prose("still")

    def construct(scene):
        scene.add(old, gone, still)
        scene.play(
            FadeOut(gone), Dim(still), Rewrite(old, new), FadeIn(coming), Compose(third, [(still, third)]), run_time=0.5
        )

    third = Formula(b).shift([0, 2, 0])
    # In a scene of Manim's, what was animated together stays in a group.
    assert faults(stage(construct), [new, still, coming, third]) - grouped(stage) == set()


def test_a_chain_of_moves_leaves_no_litter():
    formulas = [definition(), numbers(), definition().shift([0, 1, 0])]

    def construct(chapter):
        chapter.play(Compose(formulas[0], []))
        for old, new in ((formulas[0], formulas[1]), (formulas[1], formulas[2])):
            chapter.play(Rewrite(old, new), run_time=0.3)
        chapter.wait(0.2)

    assert faults(in_chapter(construct), [formulas[2]]) == set()


def test_composing_a_gauge_leaves_the_gauge():
    symbol = Formula(NOTATION.symbol(Cost())).shift([-4, 0, 0])
    gauge = Gauge(TRACE, NOTATION, Cost())

    def construct(chapter):
        chapter.add(symbol)
        chapter.play(Compose(gauge, [(symbol, gauge.symbol)]), run_time=0.3)

    assert faults(in_chapter(construct), [symbol, gauge]) == set()


@STAGES
def test_nothing_of_the_new_one_is_shown_before_it_arrives(stage):
    old, new, seen = definition(), numbers(), []

    def look(scene):
        seen.append({id(m) for m in scene.get_mobject_family_members()})

    def construct(scene):
        scene.add(old)
        old_update = scene.update_to_time
        scene.update_to_time = lambda t: (old_update(t), look(scene))[0]
        scene.play(Rewrite(old, new), run_time=0.5)

    stage(construct)
    parts = {id(m) for m in [*old.get_family(), *new.get_family()]}
    assert len(seen) == 5
    assert not any(parts & shown for shown in seen)


# -- what moves where -------------------------------------------------------------------------------------


def pairs(old, new):
    """What arrives from what, as texts where they are numbers, else by their glyphs' count."""
    return [(list(source), list(part)) for source, part in _matches(old, new)]


def ids(glyphs):
    return [id(glyph) for glyph in glyphs]


def test_equal_symbols_move_to_their_new_places():
    old, new = Formula(Sum((w, b))), Formula(Relation((z, Sum((Product((w, a)), b)))))
    moves = [(ids(source), ids(part)) for source, part in pairs(old, new)]
    assert sorted(moves) == sorted(
        [(ids(old.quantity(W)), ids(new.quantity(W))), (ids(old.quantity(B)), ids(new.quantity(B)))]
    )


def test_a_symbol_becomes_its_number():
    old, new = definition(), numbers()
    moves = {tuple(ids(source)): part for source, part in _matches(old, new)}
    assert read(moves[tuple(ids(old.quantity(W)))]) == "1.70"
    assert read(moves[tuple(ids(old.quantity(A)))]) == "0.48"
    assert ids(moves[tuple(ids(old.quantity(Z)))]) == ids(new.quantity(Z))
    # The bias is subtracted: its digits arrive, the minus is the formula's.
    assert read(moves[tuple(ids(old.quantity(B)))]) == "0.17"
    assert len(moves) == 4


def test_numbers_move_as_one_and_only_to_equal_ones():
    old = Formula(Sum((Number(0.25, 2), Number(0.5, 2))))
    new = Formula(Product((Number(0.5, 2), Number(0.75, 2), Number(0.5, 2))))
    ((source, part),) = _matches(old, new)
    assert (read(source), read(part)) == ("0.50", "0.50")
    assert part.get_x() < new.get_x()


def test_each_glyph_moves_once():
    old, new = Formula(Product((w, w, Symbol("x")))), Formula(Sum((w, w, w, Symbol("x"), Symbol("x"))))
    moves = pairs(old, new)
    sources = [one for source, _ in moves for one in ids(source)]
    parts = [one for _, part in moves for one in ids(part)]
    assert len(sources) == len(set(sources)) == len(old)
    assert len(parts) == len(set(parts)) == len(old)
    # In the order of reading.
    assert sources == ids(old)


def test_a_move_begins_at_the_source_and_ends_at_the_part():
    source, new = Formula(w).shift([-4, 2, 0]), definition()
    move = Compose(new, [(source, new.quantity(W))])
    travelling, coming = move.animations
    travelling.begin()
    travelling.interpolate(0)
    assert travelling.mobject.get_center() == pytest.approx(source.get_center())
    travelling.interpolate(1)
    assert travelling.mobject.get_center() == pytest.approx(new.quantity(W).get_center())
    assert travelling.mobject.width == pytest.approx(new.quantity(W).width)
    assert len(coming.mobject.family_members_with_points()) == len(new) - len(new.quantity(W))


def test_moves_keep_their_own_time():
    assert Compose(definition(), []).run_time == 1.2
    assert Compose(definition(), [], run_time=2).run_time == 2
    assert Rewrite(definition(), numbers(), run_time=0.7).run_time == 0.7
    assert Dim(Prose("x")).run_time == 0.6


# -- light ------------------------------------------------------------------------------------------------


def opacities(*mobjects):
    return [
        (part.fill_rgbas[:, 3].copy(), part.stroke_rgbas[:, 3].copy())
        for mobject in mobjects
        for part in mobject.family_members_with_points()
    ]


def equal(one, other, factor=1.0):
    return all(np.allclose(x * factor, y) for a, b in zip(one, other, strict=True) for x, y in zip(a, b, strict=True))


def mixed():
    """Things with all sorts of opacities, some of them none at all."""
    half = Square(fill_opacity=0.25, stroke_opacity=0.5)
    hidden = Square(fill_opacity=0, stroke_opacity=0)
    gauge = Gauge(TRACE, NOTATION, W)  # its ring and its change are not shown
    return VGroup(half, hidden, gauge, Prose("words"))


@STAGES
def test_light_taken_is_given_back_exactly(stage):
    things, seen = mixed(), []
    before = opacities(things)

    def construct(scene):
        scene.add(things)
        scene.play(Dim(things), run_time=0.3)
        seen.append(opacities(things))
        scene.play(Undim(things), run_time=0.3)

    scene = stage(construct)
    assert equal(before, seen[0], theme.dim)
    assert not equal(before, seen[0])
    for (fill, stroke), (old_fill, old_stroke) in zip(opacities(things), before, strict=True):
        assert np.array_equal(fill, old_fill)
        assert np.array_equal(stroke, old_stroke)
    assert faults(scene, [things]) - grouped(stage) == set()


def test_what_is_invisible_stays_so():
    hidden, seen = Square(fill_opacity=0, stroke_opacity=0), []

    def construct(scene):
        scene.add(hidden)
        for move in (Dim, Undim, Undim, Dim):
            scene.play(move(hidden), run_time=0.2)
            seen.append(opacities(hidden))

    played(construct)
    assert all(not fill.any() and not stroke.any() for state in seen for fill, stroke in state)


def test_dimming_twice_is_dimming_once():
    things = mixed()
    before = opacities(things)

    def construct(scene):
        scene.add(things)
        scene.play(Dim(things), run_time=0.2)
        scene.play(Dim(things[0], things[2]), run_time=0.2)

    played(construct)
    assert equal(before, opacities(things), theme.dim)
    played(lambda scene: scene.play(Undim(things), run_time=0.2))
    assert equal(before, opacities(things))


def test_what_was_not_dimmed_is_not_brightened():
    things = mixed()
    before = opacities(things)
    played(lambda scene: scene.play(Undim(things), run_time=0.2))
    assert equal(before, opacities(things))


def test_what_was_brightened_may_change_and_be_dimmed_anew():
    words = Prose("words")

    def construct(scene):
        scene.add(words)
        scene.play(Dim(words), run_time=0.2)
        scene.play(Undim(words), run_time=0.2)
        words.set_opacity(0.5)
        scene.play(Undim(words), run_time=0.2)
        assert float(words[0].get_fill_opacity()) == 0.5
        scene.play(Dim(words), run_time=0.2)

    played(construct)
    assert float(words[0].get_fill_opacity()) == pytest.approx(0.5 * theme.dim)


def test_dimming_is_gradual_and_marks_what_it_dims():
    words = Prose("words")
    move = Dim(words, rate_func=lambda t: t)
    move.begin()
    shown = []
    for alpha in (0, 0.5, 1, 1.5):
        move.interpolate(alpha)
        shown.append(float(words[0].get_fill_opacity()))
    assert shown == pytest.approx([1, (1 + theme.dim) / 2, theme.dim, theme.dim])
    assert words.dimmed
    assert words[0].dimmed
    Undim(words)
    assert not words.dimmed


def test_a_copy_of_something_dim_can_be_brightened():
    words, copies = Prose("words"), []

    def construct(scene):
        scene.add(words)
        scene.play(Dim(words), run_time=0.2)
        copies.append(words.copy())
        scene.add(*copies)
        scene.play(Undim(*copies), run_time=0.2)

    played(construct)
    assert float(copies[0][0].get_fill_opacity()) == 1
    assert float(words[0].get_fill_opacity()) == pytest.approx(theme.dim)


def test_a_number_that_grows_while_dim_is_dim_and_brightens_whole():
    readout = Readout(9.99, decimals=2)

    def construct(scene):
        scene.add(readout)
        readout.set_value(-10.0).set_value(9.99)
        scene.play(Dim(readout), run_time=0.2)
        readout.set_value(-10.0)
        assert [float(cell.get_fill_opacity()) for cell in readout] == pytest.approx([theme.dim] * 6)
        scene.play(Undim(readout), run_time=0.2)

    played(construct)
    assert {float(cell.get_fill_opacity()) for cell in readout} == {1.0}


# -- parts of formulas ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "animate",
    [
        lambda f: [Indicate(f.quantity(W))],
        lambda f: [Dim(f.side(1))],
        lambda f: [f.quantity(W).animate.set_color(theme.highlight)],
        lambda f: [Indicate(f.quantity(W)), Dim(f.quantity(B)), FadeIn(Square())],
    ],
)
def test_animating_a_part_does_not_take_the_formula_apart(animate):
    formula = definition()

    def construct(chapter):
        chapter.add(formula)
        chapter.play(*animate(formula), run_time=0.3)

    scene = in_chapter(construct)
    assert formula in scene.mobjects
    glyphs = {id(glyph) for glyph in formula}
    others = [m for m in scene.mobjects if m is not formula]
    assert not glyphs & {id(m) for other in others for m in other.get_family()}


def test_in_manims_own_scene_it_would_be_taken_apart():
    formula = definition()

    def construct(scene):
        scene.add(formula)
        scene.play(Indicate(formula.quantity(W)), run_time=0.3)

    assert formula not in played(construct, base=Scene).mobjects


def test_an_underscore_points_at_its_parts_and_goes():
    formula = definition()
    marks = Underscore(formula.quantity(W), formula.quantity(B))
    marks.begin()
    marks.interpolate(0.5)
    for line, quantity in zip(marks.mobject, (W, B), strict=True):
        part = formula.quantity(quantity)
        assert line.get_stroke_opacity() == 1
        assert line.get_top()[1] < part.get_bottom()[1]
        assert (line.get_left()[0], line.get_right()[0]) == pytest.approx((part.get_left()[0], part.get_right()[0]))
    marks.interpolate(0.05)
    assert marks.mobject[0].width < formula.quantity(W).width
    scene = in_chapter(lambda s: (s.add(formula), s.play(Underscore(formula.quantity(W)))))
    assert faults(scene, [formula]) == set()
