import numpy as np
import pytest
from manim import Camera
from manim.renderer.cairo_renderer import CairoRenderer
from manim.utils.exceptions import EndSceneEarlyException

from backprop_film.errors import Problem
from backprop_film.playback import capture, make, misfit, play, settings, survey
from backprop_film.timeline import Timeline
from tests.backprop_film.conftest import job


@pytest.fixture
def drawings(monkeypatch):
    """How often anything has been drawn."""
    drawn = []
    capture_mobjects = Camera.capture_mobjects

    def counted(self, mobjects, **how):
        drawn.append(mobjects)
        return capture_mobjects(self, mobjects, **how)

    monkeypatch.setattr(Camera, "capture_mobjects", counted)
    return drawn


def test_a_survey_draws_nothing(drawings):
    line = survey(job("Moving"))
    assert drawings == []
    assert [beat.key for beat in line.beats] == ["ring", "it-moves"]
    assert line.beats[0].end <= line.beats[1].start
    assert line.beats[-1].end == line.frames
    assert [cue.text for cue in line.beats[0].cues] == ["A ring.", "It is round."]
    assert line.beats[0].cues[0].end == line.beats[0].cues[1].start


def test_the_timing_does_not_depend_on_captions():
    assert survey(job("Moving", captions=False)) == survey(job("Moving"))


def test_a_survey_may_end_with_a_beat():
    line = survey(job("Moving"), until="ring")
    assert line.beat("ring") == survey(job("Moving")).beat("ring")
    assert line.frames < survey(job("Moving")).frames


class Recorder(CairoRenderer):
    """Manim's renderer, which also keeps every frame."""

    def __init__(self):
        super().__init__()
        self.frames = []

    def add_frame(self, frame, num_frames=1):
        super().add_frame(frame, num_frames)
        self.frames += [frame[:, :, :3]] * num_frames


def test_captured_frames_are_those_that_manim_renders():
    one = job("Moving")
    with settings(one.size, format="none"):
        recorder = Recorder()
        chapter = make(one, renderer=recorder)
        chapter.render()
    assert len(recorder.frames) == chapter.frame == survey(one).frames
    wanted = list(range(0, chapter.frame, 3))
    pictures = capture(one, wanted)
    assert sorted(pictures) == wanted
    for frame in wanted:
        assert np.array_equal(np.asarray(pictures[frame]), recorder.frames[frame]), frame


def test_one_frame_is_drawn_and_nothing_after_it_is_played(drawings):
    ended = []

    def observe(chapter):
        ended.append(chapter.frame)

    wanted = survey(job("Moving")).beat("ring").start + 3
    capture(job("Moving"), [wanted])
    assert 1 <= len(drawings) <= 2  # what stands still, and what moves
    play(job("Moving"), observe=observe)
    assert ended[-1] > wanted


def test_a_pass_ends_early_when_the_observer_says_so():
    def stop(chapter):
        raise EndSceneEarlyException

    chapter, _ = play(job("Moving"), observe=stop)
    assert 0 < chapter.frame < survey(job("Moving")).frames


def test_an_example_that_does_not_fit_is_refused():
    assert misfit(job("Late", example="simplest")) == "it must go too high"
    assert misfit(job("Late", example="overshoot")) is None
    assert misfit(job("Late")) is None
    with pytest.raises(Problem, match="example simplest does not fit chapter tiny: it must go too high"):
        survey(job("Late", example="simplest"))


def test_a_failing_chapter_is_named_with_its_line():
    with pytest.raises(Problem, match=r"chapter tiny: AttributeError: .*nothing.* \(.*tiny\.py:\d+\)"):
        survey(job("Broken"))


def test_beats_are_found_by_key():
    line = survey(job("Moving"))
    assert line.beat("it_moves") is line.beats[1]
    assert line.beats[1].title == "It moves"
    assert line.beat_at(0) is line.beats[0]
    assert line.beat_at(line.frames) is None
    with pytest.raises(Problem, match="unknown beat of tiny 'rings'; did you mean ring"):
        line.beat("rings")
    with pytest.raises(Problem, match="has no beats"):
        Timeline("x", "X", 15, 3).beat("a")
