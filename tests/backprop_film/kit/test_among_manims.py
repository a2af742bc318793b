"""Manim's own animations before and after each of the kit's, in a plain Scene: nothing stays that has gone."""

import pytest
from manim import (
    PI,
    Circumscribe,
    FadeIn,
    FadeOut,
    Indicate,
    LaggedStart,
    Scene,
    Transform,
    VGroup,
    Wiggle,
    Write,
)

from backprop_film.kit import (
    ChangeQuantity,
    Compose,
    Dim,
    Formula,
    Gauge,
    GradientColumn,
    Light,
    Readout,
    Rewrite,
    TangentPlot,
    Underscore,
    Undim,
    Unlight,
)
from backprop_math import Cost, Weight, WeightedSum
from tests.backprop_film.kit.reading import read
from tests.backprop_film.kit.stage import NOTATION, SIMPLEST, TRACE, played

W, Z = Weight(3, 0, 0), WeightedSum(3, 0)
SYMBOLS = NOTATION.definition(Z)
NUMBERS = NOTATION.with_numbers(SYMBOLS, TRACE)

MANIMS = {
    "nothing": lambda f: [],
    "Indicate": lambda f: [Indicate(f)],
    "Indicate a part": lambda f: [Indicate(f.quantity(W))],
    "Indicate parts": lambda f: [Indicate(f.side(0)), Wiggle(f.side(1))],
    "animate a part": lambda f: [f.side(1).animate.set_color("#FF0000")],
    "Circumscribe": lambda f: [Circumscribe(f)],
    "Write": lambda f: [Write(f)],
    "FadeIn one by one": lambda f: [LaggedStart(*(FadeIn(glyph) for glyph in f), lag_ratio=0.1)],
    "animate": lambda f: [f.animate.shift([0.1, 0, 0])],
    "rotate": lambda f: [f.animate.rotate(PI / 6)],
}


def gauge():
    return Gauge(NOTATION.symbol(W), W, TRACE)


OURS = {
    "Rewrite": lambda f, new, other: Rewrite(f, new),
    "Compose": lambda f, new, other: Compose(new, [(f.side(0), new.side(0))], old=f),
    "Compose in a group": lambda f, new, other: LaggedStart(Compose(new, [], old=f), FadeIn(other)),
    "Dim": lambda f, new, other: Dim(f),
    "Undim": lambda f, new, other: Undim(f),
    "Light": lambda f, new, other: Light([f], [f.side(0)]),
    "Unlight": lambda f, new, other: Unlight(f),
    "Underscore": lambda f, new, other: Underscore(f.side(1)),
    "ChangeQuantity": lambda f, new, other: ChangeQuantity(SIMPLEST, W, 1.7, 2.0, [other]),
}


def drawn(scene):
    return [part for mobject in scene.mobjects for part in mobject.family_members_with_points()]


#: Each of ours after each of Manim's, and each of both before each of these.
AFTER = ("nothing", "Indicate parts", "FadeOut")
PLAYS = [(one, other, AFTER[(i + j) % 3]) for i, one in enumerate(OURS) for j, other in enumerate(MANIMS)]


@pytest.mark.parametrize(("ours", "before", "after"), PLAYS)
def test_only_what_should_be_there_is_on_the_screen(ours, before, after):
    old, new, other = Formula(SYMBOLS), Formula(NUMBERS).shift([0, -1, 0]), Readout(TRACE, W).shift([0, 2, 0])

    def construct(scene):
        scene.add(old)
        if animations := MANIMS[before](old):
            scene.play(*animations, run_time=0.1)
        scene.play(OURS[ours](old, new, other), run_time=0.1)
        left = new if ours in ("Rewrite", "Compose", "Compose in a group") else old
        if after == "FadeOut":
            scene.play(FadeOut(left), run_time=0.1)
        elif animations := MANIMS[after](left):
            scene.play(*animations, run_time=0.1)

    scene = played(construct, base=Scene)
    expected = [] if after == "FadeOut" else list(new if ours in ("Rewrite", "Compose", "Compose in a group") else old)
    if ours in ("ChangeQuantity", "Compose in a group"):
        expected += list(other)
    parts = drawn(scene)
    assert {id(part) for part in parts} == {id(part) for part in expected}
    assert len(parts) == len(expected)


# -- turned, dimmed, transformed ------------------------------------------------------------------------------


@pytest.mark.parametrize("angle", [0.3, PI / 2, -2.0])
def test_a_turned_readout_changes_its_digits_where_they_are(angle):
    turned = Readout(1.25, decimals=2).rotate(angle, about_point=[1, 0, 0]).set_value(8.75)
    whole = Readout(1.25, decimals=2).set_value(8.75).rotate(angle, about_point=[1, 0, 0])
    for cell, expected in zip(turned, whole, strict=True):
        assert cell.points == pytest.approx(expected.points, abs=1e-9)


def test_a_mirrored_readout_stays_mirrored():
    turned, whole = (Readout(1.25, decimals=2) for _ in range(2))
    turned.flip().set_value(8.75)
    for cell, expected in zip(turned, whole.set_value(8.75).flip(), strict=True):
        assert cell.points[:, 1] == pytest.approx(expected.points[:, 1], abs=1e-9)


@pytest.mark.parametrize(
    ("make", "stroke"),
    [
        (lambda: GradientColumn(TRACE, NOTATION), lambda m: m.brackets),
        (lambda: TangentPlot(TRACE, NOTATION, Z, SIMPLEST.network.activation[-1]), lambda m: VGroup(m.curve)),
    ],
)
def test_strokes_that_enclose_nothing_are_not_filled(make, stroke):
    def construct(scene):
        made = make()
        scene.add(made)
        scene.play(made.animate.set_opacity(0.5), run_time=0.1)
        scene.made = made

    lines = stroke(played(construct, base=Scene).made)
    assert [line.get_fill_opacity() for line in lines] == [0.0] * len(lines)
    assert [line.get_stroke_opacity() for line in lines] == pytest.approx([0.5] * len(lines))


def test_a_readout_can_be_transformed_and_read():
    def construct(scene):
        scene.readout = Readout(TRACE, Cost(), decimals=2)
        scene.add(scene.readout)
        scene.play(Transform(scene.readout, scene.readout.copy().rotate(PI / 4)), run_time=0.1)
        scene.readout.set_value(0.25)

    assert read(played(construct, base=Scene).readout.rotate(-PI / 4)) == "0.25"
