import sys

import numpy as np
import pytest
from manim import (
    Circle,
    Dot,
    FadeOut,
    Group,
    ManimColor,
    Rotate,
    Scene,
    Square,
    VGroup,
    tempconfig,
)
from manim.utils.module_ops import scene_classes_from_file

import backprop_film.kit as kit
import backprop_film.sets as sets
from backprop_film.kit import Chapter, Formula, Prose, theme
from backprop_math import Activation, Cost, Relation, Symbol, Term, Weight, WeightedSum
from tests.backprop_film.kit.stage import (
    NOTATION,
    SIMPLEST,
    SMALL,
    TRACE,
    Recorder,
    in_chapter,
    network_example,
    on_screen,
    played,
)

# -- numbers ----------------------------------------------------------------------------------------------


def test_numbers_in_the_narration():
    chapter = Chapter()
    assert chapter.shown(-0.684) == "−0.68"
    assert chapter.shown(2.0, 0) == "2"


# -- examples ---------------------------------------------------------------------------------------------


class Demanding(Chapter):
    example_name = "overshoot"

    @classmethod
    def misfit(cls, example):
        return None if example.name == "overshoot" else f"needs the other one, not {example.name!r}"


def test_an_example_that_does_not_fit_is_refused():
    assert Demanding().example.name == "overshoot"
    with pytest.raises(ValueError, match=r"^Demanding: needs the other one, not 'simplest'$"):
        Demanding(example=SIMPLEST)


def test_a_chapter_knows_its_example():
    example = network_example(2, 2)
    chapter = Chapter(example)
    assert chapter.example is example
    assert chapter.trace.cost == example.trace().cost
    assert chapter.notation.network is example.network
    assert Chapter().example.name == "simplest"


@pytest.mark.parametrize(
    ("sizes", "reason"),
    [
        ((1, 1), None),
        ((1,) * 13, None),
        ((1, 2, 1), "needs one neuron a layer, the example 'random' has 1-2-1"),
    ],
)
def test_networks_of_single_neurons(sizes, reason):
    found = sets.misfit_of_single_neurons(network_example(*sizes))
    assert found == (reason and f"this chapter {reason}")


# -- the picture ------------------------------------------------------------------------------------------


def brightness(chapter_class):
    """Of something translucent: while something else moves, while the picture is held, and so once more."""

    def construct(scene):
        scene.add(Square(3, fill_opacity=0.3, fill_color="#FFFFFF", stroke_width=0))
        dot = Dot().shift([5, 0, 0])
        for _ in range(2):
            scene.play(Rotate(dot), run_time=0.3)
            scene.wait(0.3)

    frames = played(construct, base=chapter_class, fps=10, renderer=Recorder).renderer.frames
    return [frame[frame.shape[0] // 2, frame.shape[1] // 2].sum() for frame in frames]


def test_what_is_translucent_is_as_bright_while_the_picture_is_held():
    found = brightness(Chapter)
    assert len(found) == 12
    assert len(set(found)) == 1


def test_what_becomes_brighter_would_be_noticed():
    class DrawnTwice(Chapter):
        get_moving_and_static_mobjects = Scene.get_moving_and_static_mobjects

    moving, held = brightness(DrawnTwice)[2:4]
    assert moving < held


THIRD = """
from backprop_film.kit import Chapter

class Third(Chapter):
    title = "The third"
"""


@pytest.fixture
def third(tmp_path):
    """The third of five chapters in a list of two parts, from a file as Manim runs it."""
    for name in "abcdef":
        (tmp_path / f"{name}.py").write_text(THIRD)
    (tmp_path / "chapters.toml").write_text("""
        [[part]]
        title = "One"
        chapters = ["a.py:Third"]
        [[part]]
        title = "Two"
        chapters = ["b.py:Third", "c.py:Third", "d.py:Third", "e.py:Third", "f.py:Third"]
    """)
    before = set(sys.modules)
    yield scene_classes_from_file(tmp_path / "d.py", full_list=True)[0]
    sys.path.remove(str(tmp_path))
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_title_and_progress_are_small_at_the_top(third):
    with tempconfig({"format": "none", **SMALL}):
        chapter = third()
        chapter.render()
    words, dashes = chapter.furniture
    zone = theme.title_zone
    assert (words.string, words.font_size) == ("The third", pytest.approx(theme.title_size))
    assert words.get_left()[0] == pytest.approx(zone.left)
    assert dashes.get_right()[0] == pytest.approx(zone.right)
    for part in (words, dashes):
        assert zone.bottom <= part.get_bottom()[1] < part.get_top()[1] <= zone.top
    assert [dash.get_fill_color().to_hex() for dash in dashes] == [
        theme.ink if number == 3 else theme.line for number in range(1, 6)
    ]
    assert on_screen(chapter) == []
    assert ManimColor(chapter.camera.background_color).to_hex() == theme.background


def test_a_chapter_in_no_list_has_a_title_and_no_dashes(third):
    class Fourth(third):
        pass

    for chapter_class in (Fourth, type("Typed", (Chapter,), {"__module__": "notebook"})):
        with tempconfig({"format": "none", **SMALL}):
            chapter = chapter_class()
            chapter.render()
        (words,) = chapter.furniture
        assert words.string == (chapter.title or "Typed")


def test_groups_that_were_only_animated_together_are_unpacked():
    one, other = Circle(), Square()

    def construct(chapter):
        chapter.add(Group(one, Group(other)))

    assert on_screen(in_chapter(construct)) == [one, other]


def test_a_group_that_is_not_on_the_screen_takes_its_members_with_it():
    formula, dot = Formula(NOTATION.definition(WeightedSum(3, 0))), Dot()

    def construct(chapter):
        chapter.add(formula, dot)
        chapter.remove(VGroup(formula, VGroup()))

    assert on_screen(in_chapter(construct)) == [dot]


def test_a_part_that_fades_out_leaves_the_rest():
    formula = Formula(NOTATION.definition(WeightedSum(3, 0)))
    gone = formula.quantity(Weight(3, 0, 0))

    def construct(chapter):
        chapter.add(formula)
        chapter.play(FadeOut(gone), run_time=0.2)

    chapter = in_chapter(construct)
    shown = {id(m) for m in chapter.get_mobject_family_members()}
    assert shown.isdisjoint(id(glyph) for glyph in gone)
    assert shown >= {id(glyph) for glyph in formula} - {id(glyph) for glyph in gone}


# -- tables -----------------------------------------------------------------------------------------------


def table():
    texts = [["x", "long words", "1"], ["yg", "w", "222"], ["Z"]]
    return [[Prose(text) for text in row] for row in texts]


def test_columns_are_aligned_on_common_baselines():
    rows = table()
    made = kit.columns(rows, h_buff=0.5, v_buff=0.8, align="lrc")
    assert [[id(cell) for cell in row] for row in made] == [[id(cell) for cell in row] for row in rows]
    for row in rows:
        assert [cell.baseline for cell in row] == pytest.approx([row[0].baseline] * len(row))
    assert np.diff([row[0].baseline for row in rows]) == pytest.approx([-0.8, -0.8])
    lefts, rights = [r[0].get_left()[0] for r in rows], [r[1].get_right()[0] for r in rows[:2]]
    assert lefts == pytest.approx([lefts[0]] * 3)
    assert rights == pytest.approx([rights[0]] * 2)
    middles = [r[2].get_x() for r in rows[:2]]
    assert middles == pytest.approx([middles[0]] * 2)
    widest = max(r[0].get_right()[0] for r in rows)
    assert rows[0][1].get_left()[0] - widest == pytest.approx(0.5)
    assert made.get_center() == pytest.approx([0, 0, 0])


def test_the_last_alignment_serves_the_columns_after_it():
    rows = table()
    kit.columns(rows, align="r")
    for index in range(3):
        rights = [row[index].get_right()[0] for row in rows if index < len(row)]
        assert rights == pytest.approx([rights[0]] * len(rights))


def test_rules_stand_in_gaps_of_their_own():
    rows = table()
    made = kit.columns(rows)
    rules = kit.rules_after(made, 0, 1, buff=0.2)
    assert len(rules) == 2
    for rule, above, below in zip(rules, made[:2], made[1:3], strict=True):
        assert above.get_bottom()[1] - rule.get_y() == pytest.approx(0.2)
        assert rule.get_y() - below.get_top()[1] == pytest.approx(0.2)
        assert rule.width > made.width
        assert rule.get_x() == pytest.approx(made.get_x())


def test_the_names_around_the_last_neuron():
    link = sets.LayerQuantities(3)
    assert link.path == [Weight(3, 0, 0), WeightedSum(3, 0), Activation(3, 0), Cost()]
    assert link.previous == Activation(2, 0)
    for effect in (link.z, link.a, link.cost):
        assert set(TRACE.graph.parents(effect)) <= set(link.tree)


def test_a_named_relation_in_a_term_has_no_sides():
    with pytest.raises(KeyError, match="is no relation"):
        Formula(Term("line", Relation((Symbol("a"), Symbol("b"))))).side(0)
