import sys
from itertools import pairwise
from types import SimpleNamespace

import av
import manim
import numpy as np
import pytest
from manim import (
    Circle,
    Create,
    Dot,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    ManimColor,
    Rotate,
    Scene,
    Square,
    VGroup,
    tempconfig,
)
from manim.renderer.cairo_renderer import CairoRenderer
from manim.scene.scene_file_writer import SceneFileWriter
from manim.utils.module_ops import scene_classes_from_file

import backprop_film.kit as kit
import backprop_film.sets as sets
from backprop_film.kit import Chapter, Formula, Prose, theme
from backprop_film.kit.narration import reading_time
from backprop_math import Activation, Cost, Example, Relation, Symbol, Term, Weight, WeightedSum
from tests.backprop_film.kit.stage import (
    NOTATION,
    SIMPLEST,
    SMALL,
    TRACE,
    in_chapter,
    network_example,
    on_screen,
    played,
)

FPS = pytest.mark.parametrize("fps", [15, 30])


class Awkward(Chapter):
    """Times that are no whole frames, of every kind of play and wait."""

    title = "Awkward times"

    def construct(self):
        square, dot = Square(1, fill_opacity=0.5), Dot().shift([2, 0, 0])
        self.wait(0.04)
        with self.say("One idea. Then another one, which takes somewhat longer to be read.", key="one"):
            self.play(Create(square), run_time=0.33)
            self.play(square.animate.shift([1, 0, 0]), FadeIn(dot, run_time=0.71), run_time=0.51)
            self.read()
            self.play(FadeOut(dot), run_time=0.001)
        self.wait(0.1)
        gauge = kit.Gauge(self.trace, self.notation, Cost()).shift([0, 2, 0])
        with self.say("Here something is calculated in every frame, and then it is held in both ways.", key="two"):
            self.add(gauge)
            self.play(kit.ChangeQuantity(self.example, Weight(3, 0, 0), 1.8, 2.3, [gauge]), run_time=0.43)
            self.wait(0.77, frozen_frame=False)
            self.rest(0.123)
        self.play(LaggedStart(Rotate(square), FadeOut(square), lag_ratio=0.37), run_time=0.9)
        self.wait(1 / 3)


def rendered(chapter_class, folder, fps=15, **chapter):
    """The chapter, rendered to a file, and the file's frames."""
    with tempconfig({**SMALL, "media_dir": str(folder), "frame_rate": fps, "format": "mp4", "disable_caching": False}):
        made = chapter_class(**chapter)
        made.render()
        return made, decoded(made.renderer.file_writer.movie_file_path)


def decoded(path):
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]


@pytest.fixture(scope="module", params=[15, 30], ids=["15 fps", "30 fps"])
def awkward(request, tmp_path_factory):
    """The awkward chapter, rendered for real: fresh, from the cache, and without captions."""
    folder, fps = tmp_path_factory.mktemp("awkward"), request.param
    fresh = rendered(Awkward, folder, fps)
    with pytest.MonkeyPatch.context() as patch:
        drawn = []
        patch.setattr(SceneFileWriter, "write_frame", lambda *args, **how: drawn.append(args))
        cached = rendered(Awkward, folder, fps)
    assert drawn == []  # all of it comes from the cache
    bare = rendered(Awkward, folder, fps, captions=False)
    return SimpleNamespace(fps=fps, fresh=fresh, cached=cached, bare=bare)


# -- the clock --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["fresh", "cached", "bare"])
def test_the_chapter_has_counted_the_frames_of_its_file(awkward, kind):
    chapter, frames = getattr(awkward, kind)
    assert chapter.frame == len(frames) > 0


def test_timing_depends_neither_on_the_cache_nor_on_captions(awkward):
    fresh, cached, bare = (chapter for chapter, _ in (awkward.fresh, awkward.cached, awkward.bare))
    assert fresh.frame == cached.frame == bare.frame
    assert fresh.beats == cached.beats == bare.beats


def test_a_clock_that_drifts_would_be_noticed(tmp_path):
    class Drifting(Awkward):
        get_run_time = Scene.get_run_time

    chapter, frames = rendered(Drifting, tmp_path)
    assert chapter.frame != len(frames)


def sweep_hashes(folder, *, start=0.5, end=1.0, activation="relu", bias=0.0, **how):
    """What Manim calls the plays of a sweep in its cache."""
    example = Example.from_arrays([[[0.5]]], [[bias]], [1.0], [1.0], activation=activation)

    class Sweeping(Chapter):
        def construct(self):
            gauge = kit.Gauge(self.trace, self.notation, Cost(), span=(0.0, 2.0))
            self.add(gauge)
            self.play(kit.ChangeQuantity(example, Weight(1, 0, 0), start, end, [gauge], run_time=0.2, **how))

    # All begin with the same picture.
    chapter, _ = rendered(Sweeping, folder, example=Example.from_arrays([[[0.5]]], [[0.0]], [1.0], [1.0]))
    return chapter.renderer.animations_hashes


@pytest.mark.parametrize(
    "other",
    [{}, {"start": 0.4}, {"end": -1.0}, {"activation": "identity"}, {"bias": 0.1}, {"rate_func": manim.linear}],
)
def test_a_sweep_comes_from_the_cache_only_if_it_is_the_same(other, tmp_path):
    assert (sweep_hashes(tmp_path) == sweep_hashes(tmp_path, **other)) == (other == {})


@FPS
@pytest.mark.parametrize("seconds", [0.001, 1 / 30, 0.04, 0.1, 1 / 3, 0.5, 0.77, 1.0, 2.03])
def test_a_play_and_a_wait_take_the_nearest_whole_frame(seconds, fps):
    counted = []

    def construct(chapter):
        for move in (lambda: chapter.play(FadeIn(Dot()), run_time=seconds), lambda: chapter.wait(seconds)):
            before = chapter.frame
            move()
            counted.append(chapter.frame - before)

    chapter = in_chapter(construct, fps=fps, renderer=Recorder)
    assert counted == [max(1, round(seconds * fps))] * 2
    assert len(chapter.renderer.frames) == chapter.frame


@pytest.mark.parametrize(
    "wait", [lambda c: c.wait(1, stop_condition=lambda: True), lambda c: c.wait_until(lambda: True)]
)
def test_a_wait_whose_length_nobody_knows_is_refused(wait):
    with pytest.raises(ValueError, match="expected one of a fixed length"):
        in_chapter(wait)


def test_observers_are_told_after_every_play():
    frames = []

    def construct(chapter):
        chapter.observers.append(lambda c: frames.append(c.frame))
        chapter.play(FadeIn(Dot()), run_time=0.5)
        chapter.wait(0.3)

    in_chapter(construct, fps=10)
    assert frames == [5, 8]


# -- beats and captions -----------------------------------------------------------------------------------


def beat_faults(chapter, fps):
    """What is wrong with the frames of the beats and of their cues."""
    found = set()
    for beat in chapter.beats:
        cues = beat.cues
        if not 0 <= beat.start < beat.end <= chapter.frame:
            found.add("outside the chapter")
        if cues[0].start != beat.start or cues[-1].end != beat.end or any(a.end != b.start for a, b in pairwise(cues)):
            found.add("gap between cues")
        if any((cue.end - cue.start) / fps < reading_time(cue.text) - 1e-9 for cue in cues):
            found.add("too short to read")
        if " ".join(cue.text for cue in cues) != beat.text:
            found.add("other words")
    if any(a.end > b.start for a, b in pairwise(chapter.beats)):
        found.add("beats overlap")
    return found


def test_beats_and_cues_follow_each_other(awkward):
    chapter, _ = awkward.fresh
    assert [beat.key for beat in chapter.beats] == ["one", "two"]
    assert [len(beat.cues) for beat in chapter.beats] == [2, 1]
    assert beat_faults(chapter, awkward.fps) == set()


class Talking(Chapter):
    """Several cues, read, waited for and talked over."""

    title = "Talking"

    def construct(self):
        dot = Dot()
        with self.say("First. Second, which is longer. Third. And the fourth, the last one.", key="read") as beat:
            beat.spoken_at = self.frame
            self.play(FadeIn(dot), run_time=0.2)
            self.read()
            self.read()
        with self.say("A sentence. Another one.", key="talk", spoken="Said otherwise. Once more."):
            for _ in range(4):
                self.play(dot.animate.shift([0.2, 0, 0]), run_time=0.9)
        self.rest(0.3)
        with self.say("Nothing happens.", key="nothing"):
            pass


@pytest.mark.parametrize("fps", [7, 10, 15, 60])
def test_every_cue_can_be_read_at_any_frame_rate(fps):
    with tempconfig({"dry_run": True, "frame_rate": fps, **SMALL}):
        chapter = Talking()
        chapter.render()
    assert beat_faults(chapter, fps) == set()
    assert [sentence.spoken for sentence in chapter.beats[1].sentences] == ["Said otherwise.", "Once more."]
    assert all(sentence.spoken == sentence.text for sentence in chapter.beats[0].sentences)
    # What is talked over is not prolonged, but for a breath; nothing happening lasts as long as it is read.
    assert chapter.beats[1].end - chapter.beats[1].start == 4 * round(0.9 * fps) + round(0.3 * fps)
    nothing = chapter.beats[2]
    assert nothing.end - nothing.start == np.ceil(reading_time(nothing.text) * fps - 1e-9) + round(0.3 * fps)
    assert nothing.start - chapter.beats[1].end == round(0.3 * fps)


@pytest.mark.parametrize(
    ("plant", "fault"),
    [
        (lambda c: setattr(c.beats[0].cues[0], "end", 3), {"gap between cues", "too short to read"}),
        (lambda c: setattr(c.beats[1], "start", c.beats[1].start - 9), {"gap between cues", "beats overlap"}),
        (lambda c: setattr(c.beats[2], "end", c.frame + 1), {"outside the chapter", "gap between cues"}),
        (lambda c: c.beats[0].sentences.pop(), {"gap between cues", "other words"}),
    ],
)
def test_wrong_frames_would_be_noticed(plant, fault):
    with tempconfig({"dry_run": True, "frame_rate": 10, **SMALL}):
        chapter = Talking()
        chapter.render()
    plant(chapter)
    assert beat_faults(chapter, 10) == fault


class Recorder(CairoRenderer):
    """Manim's renderer, which also keeps every frame and the caption that the chapter shows."""

    def __init__(self):
        super().__init__()
        self.frames, self.captions, self.scene = [], [], None

    def play(self, scene, *args, **kwargs):
        self.scene = scene
        super().play(scene, *args, **kwargs)

    def add_frame(self, frame, num_frames=1):
        super().add_frame(frame, num_frames)
        caption = getattr(self.scene, "caption", None)
        self.frames += [frame[:, :, :3].astype(int)] * num_frames
        self.captions += [caption.string if caption else None] * num_frames


def recorded(chapter_class, fps=10, **chapter):
    with tempconfig({"format": "none", "frame_rate": fps, **SMALL}):
        made = chapter_class(renderer=Recorder(), **chapter)
        made.render()
    return made, made.renderer


def written(frame):
    """Whether there is anything where captions are."""
    rows = [round((4 - y) / 8 * frame.shape[0]) for y in (theme.caption_zone.top, theme.caption_zone.bottom)]
    return bool(np.ptp(frame[slice(*rows)], axis=(0, 1)).max() > 0)


def test_each_frame_shows_the_caption_of_its_cue():
    chapter, recorder = recorded(Talking)
    expected = [None] * chapter.frame
    for beat in chapter.beats:
        for cue in beat.cues:
            expected[cue.start : cue.end] = [cue.text] * (cue.end - cue.start)
    assert recorder.captions == expected
    assert None in expected
    for frame, text in zip(recorder.frames, expected, strict=True):
        assert written(frame) == (text is not None)


def test_without_captions_their_zone_stays_empty():
    chapter, recorder = recorded(Talking, captions=False)
    assert set(recorder.captions) == {None}
    assert not any(map(written, recorder.frames))
    assert [len(beat.cues) for beat in chapter.beats] == [4, 2, 1]


def test_a_caption_is_within_its_zone():
    boxes = []

    def construct(chapter):
        with chapter.say("Åll characters, gjpqy | and § — 84 of them at most, in one line.", key="a"):
            boxes.append((chapter.caption.get_corner([-1, -1, 0]), chapter.caption.get_corner([1, 1, 0])))

    in_chapter(construct)
    ((low, high),) = boxes
    zone = theme.caption_zone
    assert zone.left <= low[0] < high[0] <= zone.right
    assert zone.bottom <= low[1] < high[1] <= zone.top


def test_a_beat_within_a_beat_is_refused():
    def construct(chapter):
        with chapter.say("One.", key="one"), chapter.say("Two.", key="two"):
            pass

    with pytest.raises(RuntimeError, match="beat 'two' begins within another one"):
        in_chapter(construct)


def test_a_key_is_used_once():
    def construct(chapter):
        for _ in range(2):
            with chapter.say("One.", key="one"):
                pass

    with pytest.raises(ValueError, match="beat key 'one' is used twice in Played"):
        in_chapter(construct)


def test_numbers_in_the_narration():
    chapter = Talking()
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
        ((1, 1, 1), None),
        ((1,) * 6, None),
        ((1, 1), "needs 2 to 5 layers after the input, the example 'random' has 1"),
        ((1,) * 7, "needs 2 to 5 layers after the input, the example 'random' has 6"),
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
