"""Beats, captions and the clock: when things are said and shown, to the frame, whichever way they are drawn."""

from functools import cache
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import av
import manim
import numpy as np
import pytest
from manim import Create, Dot, FadeIn, FadeOut, LaggedStart, Rotate, Scene, Square, Wait, tempconfig
from manim.scene.scene_file_writer import SceneFileWriter

import backprop_film.kit as kit
from backprop_film.kit import Chapter, theme
from backprop_film.kit.captioning import Caption
from backprop_film.kit.narration import Clip, reading_time
from backprop_film.undrawn import FastForward
from backprop_math import Cost, Example, Weight
from tests.backprop_film.kit.stage import SMALL, Recorder, in_chapter

FPS = pytest.mark.parametrize("fps", [15, 30])


class Awkward(Chapter):
    """Times that are no whole frames, of every kind of play and wait."""

    title = "Awkward times"

    def construct(self):
        square, dot = Square(1, fill_opacity=0.5), Dot().shift([2, 0, 0])
        self.wait(0.04)
        with self.say("One idea. Then another, longer one.", key="one"):
            self.play(Create(square), run_time=0.33)
            self.play(square.animate.shift([1, 0, 0]), FadeIn(dot, run_time=0.71), run_time=0.51)
            self.read()
            self.play(FadeOut(dot), run_time=0.001)
        self.wait(0.1)
        gauge = kit.Gauge(self.trace, self.notation, Cost()).shift([0, 2, 0])
        with self.say("Calculated in every frame. Held in both ways.", key="two"):
            self.add(gauge)
            self.play(kit.ChangeQuantity(self.example, Weight(3, 0, 0), 1.8, 2.3, [gauge]), run_time=0.43, next_at=0.8)
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


@pytest.mark.parametrize("kind", ["fresh", "cached"])
def test_the_captions_of_a_file_change_at_their_frames(awkward, kind):
    chapter, frames = getattr(awkward, kind)
    texts = expected_captions(chapter)
    shown = [zone(frame).astype(int) for frame in frames]
    stills = {text: shown[max(at for at, other in enumerate(texts) if other == text)] for text in texts}
    for text, picture in zip(texts, shown, strict=True):
        # The encoder changes a little; another text is another picture.
        distance = {other: np.abs(picture - still).mean() for other, still in stills.items()}
        assert min(distance, key=distance.get) == text


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
        silent = [cue for sentence in beat.sentences if not sentence.clip for cue in sentence.cues]
        if any((cue.end - cue.start) / fps < reading_time(cue.text) - 1e-9 for cue in silent):
            found.add("too short to read")
        if any((s.end - s.start) / fps < s.clip.seconds - 1e-9 for s in beat.sentences if s.clip):
            found.add("cut off")
        if " ".join(cue.text for cue in cues) != beat.text:
            found.add("other words")
    if any(a.end > b.start for a, b in pairwise(chapter.beats)):
        found.add("beats overlap")
    return found


def test_beats_and_cues_follow_each_other(awkward):
    chapter, _ = awkward.fresh
    assert [beat.key for beat in chapter.beats] == ["one", "two"]
    assert [len(beat.cues) for beat in chapter.beats] == [2, 2]
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
            for _ in range(2):
                self.play(dot.animate.shift([0.2, 0, 0]), run_time=0.9)
            self.read()
            for _ in range(2):
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


LONG = "This sentence is longer than what a caption holds, so that it has two, the second of which comes by itself."


def speaker(key, spoken):
    """Somebody who speaks evenly, and a little faster than one reads."""
    return Clip(Path(f"{key}.wav"), len(spoken) / 17)


class Within(Chapter):
    """Captions that change within plays and waits."""

    title = "Within"

    def construct(self):
        dot, square = Dot(), Square(1).shift([0, 2, 0])
        self.add(square)
        with self.say(f"Look. Here it moves. {LONG} Done.", key="moves"):
            self.play(dot.animate.shift([1, 0, 0]), run_time=0.5, next_at=0.5)
            self.play(dot.animate.shift([1, 0, 0]), run_time=2.9)
            self.read()
            self.play(Rotate(dot), run_time=7.3)
            self.wait(0.4)
        self.rest(0.3)
        with self.say(f"Now this. {LONG} And once more. That is all of it.", key="held"):
            self.read()
            self.play(Wait(run_time=9.1))
            self.play(Rotate(square), FadeOut(dot), run_time=1.1, next_at=(0.0, 0.7))


VOICES = pytest.mark.parametrize("speaker", [None, speaker], ids=["read", "spoken"])


@cache
def recorded(chapter_class, fps=6, width=SMALL["pixel_width"], **chapter):
    """The chapter, and its frames with what its caption says in each."""
    with tempconfig({"format": "none", "frame_rate": fps, "pixel_width": width, "pixel_height": width * 9 // 16}):
        made = chapter_class(renderer=Recorder(), **chapter)
        made.render()
    return made, made.renderer


def expected_captions(chapter):
    """For each frame the text of its cue, or None."""
    texts = [None] * chapter.frame
    for beat in chapter.beats:
        for cue in beat.cues:
            texts[cue.start : cue.end] = [cue.text] * (cue.end - cue.start)
    return texts


def zone(frame):
    """The part of a picture where captions are."""
    rows = [round((4 - y) / 8 * frame.shape[0]) for y in (theme.caption_zone.top, theme.caption_zone.bottom)]
    return np.asarray(frame[slice(*rows)], dtype=np.uint8)


def caption_faults(texts, frames):
    """What is wrong with the captions in the pictures: each text has its own picture, and nothing else has."""
    found = set()
    pictures = {}
    for text, frame in zip(texts, frames, strict=True):
        pictures.setdefault(text, set()).add(zone(frame).tobytes())
    if any(len(seen) > 1 for seen in pictures.values()):
        found.add("a text with several pictures")
    if len(set.union(*pictures.values())) < sum(map(len, pictures.values())):
        found.add("a picture with several texts")
    if any(np.ptp(zone(frame), axis=(0, 1)).max() > 0 for text, frame in zip(texts, frames, strict=True) if not text):
        found.add("something where nothing is said")
    return found


@pytest.mark.parametrize(
    ("chapter_class", "fps", "width", "speaker"),
    [
        (Talking, 7, 256, None), (Talking, 7, 256, speaker), (Within, 6, 256, None), (Within, 6, 256, speaker),
        (Within, 11, 400, speaker), pytest.param(Within, 11, 400, None, marks=pytest.mark.every_chapter),
    ],
)  # fmt: skip
def test_each_frame_shows_the_caption_of_its_cue(chapter_class, fps, width, speaker):
    chapter, recorder = recorded(chapter_class, fps, width, speaker=speaker)
    expected = expected_captions(chapter)
    assert recorder.captions == expected
    assert beat_faults(chapter, fps) == set()
    assert caption_faults(expected, recorder.frames) == set()


def test_a_caption_a_frame_late_would_be_noticed():
    chapter, recorder = recorded(Within)
    late = [recorder.frames[0], *recorder.frames[:-1]]
    assert caption_faults(expected_captions(chapter), late) == {
        "a text with several pictures", "a picture with several texts", "something where nothing is said",
    }  # fmt: skip


@VOICES
def test_without_captions_their_zone_stays_empty_and_all_is_as_long(speaker):
    chapter, recorder = recorded(Within, captions=False, speaker=speaker)
    assert set(recorder.captions) == {None}
    assert caption_faults([None] * chapter.frame, recorder.frames) == set()
    assert chapter.beats == recorded(Within, speaker=speaker)[0].beats


@VOICES
def test_any_frame_can_be_drawn_alone(speaker):
    """As a still is: the play leaps to the frame."""
    chapter, recorder = recorded(Within, speaker=speaker)
    changes = [cue.start for beat in chapter.beats for cue in beat.cues]
    wanted = {frame for change in changes for frame in (change - 1, change) if frame >= 0}
    with tempconfig({"format": "none", "frame_rate": 6, **SMALL}):
        renderer = FastForward(wanted)
        Within(renderer=renderer, speaker=speaker).render()
    assert set(renderer.pictures) == wanted
    for frame, picture in renderer.pictures.items():
        np.testing.assert_array_equal(zone(np.asarray(picture)), zone(recorder.frames[frame]))


def test_what_stands_still_is_not_drawn_again_while_a_caption_changes():
    moving = []

    class Watched(Within):
        def get_moving_and_static_mobjects(self, animations):
            parts = super().get_moving_and_static_mobjects(animations)
            moving.append(parts[0])
            return parts

    chapter, _ = recorded(Watched)
    first = moving[1]  # the first play is a wait until the words fit the move
    assert [type(m).__name__ for m in first if not m.submobjects and m.has_points()][-1] == "Dot"
    assert not any(isinstance(mobject, Square) for mobject in first)
    assert any(isinstance(mobject, Caption) for mobject in first)
    assert not any(isinstance(mobject, Caption) for mobject in moving[-1])
    assert chapter.caption is None


# -- words and moves --------------------------------------------------------------------------------------


def told(construct, fps=10, **chapter):
    """The chapter, played undrawn, and the frames at which its sentences begin."""
    with tempconfig({"dry_run": True, "frame_rate": fps, **SMALL}):
        made = type("Told", (Chapter,), {"construct": construct})(**chapter)
        made.render()
    return made, [sentence.start for beat in made.beats for sentence in beat.sentences]


def even(key, spoken):
    """A clip of two seconds."""
    return Clip(Path(f"{key}.wav"), 2.0)


def test_a_sentence_begins_within_a_play_and_the_picture_is_held_until_it_can():
    begun = []

    def construct(chapter):
        with chapter.say("First. Second.", key="a"):
            begun.append(chapter.frame)
            chapter.play(FadeIn(Dot()), run_time=1.0, next_at=0.4)
            begun.append(chapter.frame)

    # 2 s and 0.25 s of air, in whole frames: 23. The play begins 4 frames earlier, after 19.
    _, starts = told(construct, speaker=even)
    assert (begun, starts) == ([0, 29], [0, 23])
    # 1.2 s to read: the play begins after 8 frames.
    _, starts = told(construct)
    assert (begun[2:], starts) == ([0, 18], [0, 12])


def test_a_play_takes_longer_if_a_sentence_does_not_fit_between_two_moments():
    lengths = []

    def construct(chapter):
        dot, square = Dot(), Square()
        with chapter.say("One. Two. Three.", key="a"):
            before = chapter.frame
            chapter.play(FadeIn(dot), Create(square, run_time=2.0), next_at=(0.0, 0.5))
            lengths.append(chapter.frame - before)

    _, starts = told(construct, speaker=even)
    # The second takes 23 frames: 46 are needed for the play, in which the third begins in the middle.
    assert (starts, lengths) == ([0, 23, 46], [23 + 46])


class Mapped(Chapter):
    """Sentences that begin in every way; ``ends`` are the frames at which something has moved."""

    def play(self, *args, **how):
        super().play(*args, **how)
        if not isinstance(args[0], Wait):
            self.ends.append(self.frame)

    def construct(self):
        self.ends = []
        dot = Dot()
        with self.say(f"One. {LONG} Three, or so. Four. Five. And six. Seven.", key="a"):
            for _ in range(3):
                self.play(Rotate(dot), run_time=1.5)
            self.read()
            for _ in range(2):
                self.play(Rotate(dot), run_time=0.4)
            self.play(Rotate(dot), run_time=0.7, next_at=0.5)
            self.reach("Four")
            self.play(Rotate(dot), run_time=1.0, next_at=(0.3, 0.8))
            self.play(Rotate(dot), run_time=0.1)


def pace(seconds):
    """Somebody who takes so long for every sentence."""
    return lambda key, spoken: Clip(Path(f"{key}.wav"), seconds)


@pytest.mark.parametrize("speaker", [None, pace(0.2), pace(1.0), pace(5.0)])
def test_each_sentence_begins_with_the_same_move_whoever_speaks(speaker):
    with tempconfig({"dry_run": True, "frame_rate": 10, **SMALL}):
        chapter = Mapped(speaker=speaker)
        chapter.render()
    moves_before = [sum(end <= s.start for end in chapter.ends) for s in chapter.beats[0].sentences]
    assert moves_before == [0, 3, 5, 6, 6, 6, 8]


WORDS = f"First it. Here the neuron opens. {59 * 'x'}, and here the end of it comes. Here is the end."


@pytest.mark.parametrize(
    ("speaker", "expected"),
    [
        # 22 characters are read in 20 frames: the 9th after 8. The first caption of the third sentence is read in 45,
        # the second in 25, of whose 29 characters 13 come first; and then the fourth sentence begins.
        (None, [12 + 8, 32 + 45 + 11, 32 + 45 + 25]),
        # Each is said in 20 frames, with 3 of air. In the third, 60 of 89 characters are said in 13.
        (even, [23 + 8, 46 + 13 + 3, 69]),
    ],
)
def test_the_picture_is_held_until_words_are_reached(speaker, expected):
    reached = []

    def construct(chapter):
        with chapter.say(WORDS, key="a"):
            for words in ("neuron  opens", "end of it", "Here"):
                chapter.reach(words)
                reached.append(chapter.frame)
            chapter.play(FadeIn(Dot()), run_time=4.0)
            chapter.reach("the end")  # said already: nothing is waited for
            reached.append(chapter.frame)

    told(construct, speaker=speaker)
    assert reached == [*expected, expected[-1] + 40]


@pytest.mark.parametrize("words", ["opened", "neuro", "First", "[end]", "", "the end. Here"])
def test_words_that_are_not_said_any_more_are_an_error(words):
    def construct(chapter):
        with chapter.say(WORDS, key="a"):
            chapter.reach("opens")
            chapter.reach(words)

    rest = f". {59 * 'x'}, and here the end of it comes. Here is the end."
    with pytest.raises(ValueError) as told_so:
        told(construct)
    assert str(told_so.value) == (
        f"beat 'a': found no words {words!r}, expected some of what is still to be said: {rest!r}"
    )


def test_a_move_may_be_as_long_as_what_is_said():
    left = []

    def construct(chapter):
        with chapter.say("One. Two.", key="a"):
            left.append(chapter.seconds_left)
            chapter.play(FadeIn(Dot()), run_time=0.5)
            left.append(chapter.seconds_left)
            chapter.play(FadeIn(Dot()), run_time=chapter.seconds_left)
            chapter.play(FadeIn(Dot()), run_time=4.0, next_at=0.0)
            left.append(chapter.seconds_left)

    _, starts = told(construct, speaker=even)
    assert starts == [0, 23]
    assert left == pytest.approx([2.3, 1.8, 0.0])


def test_a_sentence_is_spoken_from_its_caption_on_and_ends_within_its_beat():
    chapter, _ = recorded(Within, speaker=speaker)
    spoken = [sentence for beat in chapter.beats for sentence in beat.sentences]
    assert [s.start for s in spoken] == [s.cues[0].start for s in spoken]
    for sentence, later in pairwise(spoken):
        assert sentence.end - sentence.start == np.ceil(6 * sentence.clip.seconds - 1e-9)
        assert sentence.end + 2 <= later.start
    for beat in chapter.beats:
        assert beat.sentences[-1].end + 2 + 2 <= beat.end  # air, and a breath


@pytest.mark.parametrize(
    ("next_at", "message"),
    [
        (1.0, r"next_at: found 1.0, expected parts of the play from 0 up to 1, in order and more than 0.005 apart"),
        (-0.1, r"next_at: found -0.1, expected"),
        ((0.5, 0.5), r"next_at: found 0.5, 0.5, expected"),
        ((0.1, 0.2, 0.3), r"next_at in beat 'a': found 3 sentences to begin, expected at most 2, which are left"),
    ],
)
def test_moments_that_cannot_be_are_an_error(next_at, message):
    def construct(chapter):
        with chapter.say("One. Two. Three.", key="a"):
            chapter.play(FadeIn(Dot()), next_at=next_at)

    with pytest.raises(ValueError, match=message):
        told(construct)


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.play(FadeIn(Dot()), next_at=0.5),
        lambda c: c.read(),
        lambda c: c.reach("One"),
        lambda c: c.seconds_left,
    ],
)
def test_outside_a_beat_nothing_is_said(call):
    def construct(chapter):
        with chapter.say("One. Two.", key="a"):
            pass
        call(chapter)

    with pytest.raises(RuntimeError, match=r"found no beat, expected to be within one: with self.say\(…\)"):
        told(construct)


def within_hashes(folder, **how):
    """What Manim calls a play in its cache in which the caption changes."""

    class Changing(Chapter):
        def construct(self):
            with self.say(how.pop("text", "One. Two."), key="a"):
                self.wait(2.0)
                self.play(FadeIn(Dot()), run_time=1.0, **how)

    chapter, _ = rendered(Changing, folder)
    return chapter.renderer.animations_hashes


def test_a_play_comes_from_the_cache_only_if_its_captions_change_at_the_same_frames(tmp_path):
    same, again, later, other = (
        within_hashes(tmp_path, **how)
        for how in ({"next_at": 0.4}, {"next_at": 0.4}, {"next_at": 0.6}, {"next_at": 0.4, "text": "One. Too."})
    )
    assert same == again
    assert same[0] == later[0] == other[0]
    assert len({same[1], later[1], other[1]}) == 3


# -- captions ---------------------------------------------------------------------------------------------


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
