from pathlib import Path

import numpy as np
import pytest
from manim import BLACK, Camera, config, tempconfig
from manim.renderer.cairo_renderer import CairoRenderer
from manim.utils.exceptions import EndSceneEarlyException

from backprop_film.errors import Problem
from backprop_film.kit.chapter import Chapter
from backprop_film.manim_settings import OURS, settings
from backprop_film.playback import capture, make, play, refusal, stage, survey
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


def test_a_timeline_says_when_each_sentence_is_said():
    line = survey(job("Moving"))
    one, two = line.beats[0].cues
    assert [(s.key, s.text, s.spoken, s.start, s.file) for s in line.speech] == [
        ("ring.1", "A ring.", "A ring.", one.start, None),
        ("ring.2", "It is round.", "It is round.", two.start, None),
        ("it-moves.1", "It moves.", "It moves.", line.beats[1].start, None),
    ]
    assert [s.end - s.start for s in line.speech] == [18, 20, 18]  # 1.2 s, 0.5 s + 12 / 15 s, 1.2 s at 15 fps


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
        chapter = make(one, recorder)
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
    assert refusal(job("Late", example="simplest")) == "it must go too high"
    assert refusal(job("Late", example="overshoot")) is None
    assert refusal(job("Late")) is None
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
    with pytest.raises(Problem, match=r"unknown beat of tiny 'rings' \(nearest: 'ring'\)"):
        line.beat("rings")
    with pytest.raises(Problem, match="has no beats"):
        Timeline("x", "X", 15, 3).beat("a")


#: What a ``manim.cfg`` may say that is not the film's to decide, with a value to try.
THEIRS = {
    "assets_dir": "assets",
    "background_color": "#FFFFFF",
    "encoder_queue_size": 3,
    "gui_location": (1, 2),
    "images_dir": "{media_dir}/pictures",
    "log_dir": "logs",
    "max_inflight_encoders": 3,
    "media_dir": "elsewhere",
    "media_embed": True,
    "media_loglevel": "DEBUG",
    "media_width": "10%",
    "no_latex_cleanup": True,
    "notify_outdated_version": False,
    "partial_movie_dir": "{video_dir}/pieces/{scene_name}",
    "plugins": ["one"],
    "preview_command": "show",
    "sections_dir": "sections",
    "seed": 7,
    "tex_dir": "tex",
    "tex_template_file": "template.tex",
    "text_dir": "texts",
    "video_dir": "{media_dir}/films",
    "window_monitor": 1,
    "window_position": "UL",
    "window_size": (640, 480),
}
SIZES = {"frame_rate", "frame_x_radius", "frame_y_radius", "pixel_height", "pixel_width", "quality"}


def test_every_key_of_manims_is_the_films_or_the_users():
    keys = set(config) - SIZES - {"tex_template"}  # read from its file
    assert keys == set(OURS) | set(THEIRS)
    assert not set(OURS) & set(THEIRS)


@pytest.fixture(scope="module")
def moving():
    """The length of a chapter, and its frame 20, as Manim is configured here."""
    with tempconfig({"background_color": BLACK}):
        chapter, pictures = play(job("Moving"), [20])
    return chapter.frame, np.asarray(pictures[20])


@pytest.mark.parametrize(
    "said",
    [
        {"preview": True, "show_in_file_browser": True, "live_preview": True, "enable_gui": True, "fullscreen": True},
        {"renderer": "opengl", "use_projection_fill_shaders": True, "enable_wireframe": True},
        {"upto_animation_number": 1}, {"from_animation_number": 2}, {"dry_run": True},
        {"save_sections": True, "write_all": True}, {"format": "gif", "zero_pad": 0}, {"transparent": True},
        {"output_file": "other", "input_file": "other.py"}, {"disable_caching": True}, {"max_files_cached": 0},
        {"frame_height": 4.0, "frame_width": 20.0}, {"pixel_width": 200, "frame_rate": 7}, {"quality": "fourk_quality"},
        {"video_codec": "mpeg4", "pixel_format": "yuv444p", "video_encoder_options": {"crf": "51"}},
        {"background_color": "#FFFFFF"},
    ],
    ids=lambda said: next(iter(said)),
)  # fmt: skip
def test_a_users_configuration_changes_nothing_that_is_drawn(said, moving):
    length, picture = moving
    with tempconfig(said):
        before = dict(config)
        chapter, pictures = play(job("Moving"), [20])
        assert chapter.frame == length
        assert np.array_equal(np.asarray(pictures[20]), picture)
        assert {key: config[key] for key in before} == before  # and is the user's again


def test_tastes_stay_the_users():
    with tempconfig({key: value for key, value in THEIRS.items() if key != "tex_template_file"}):
        before = {key: config[key] for key in THEIRS}
        with settings(job("Moving").size):
            assert {key: config[key] for key in THEIRS} == before


def test_what_is_typeset_goes_to_the_users_folders_each_chapter_apart():
    with tempconfig({"text_dir": "mine", "tex_dir": "{media_dir}/formulas"}), stage(job("Moving")):
        assert Path(config.text_dir) == Path("mine", job("Moving").entry.slug)
        assert Path(config.tex_dir) == Path("media/formulas", job("Moving").entry.slug)


def test_chance_is_the_same_each_time_unless_the_user_gives_a_seed():
    with settings(job("Moving").size):
        assert config.seed == 0
    with tempconfig({"seed": 7}), settings(job("Moving").size):
        assert config.seed == 7


def test_what_stands_still_is_found_only_where_something_is_drawn(monkeypatch):
    asked = []
    told = Chapter.get_moving_and_static_mobjects
    monkeypatch.setattr(
        Chapter,
        "get_moving_and_static_mobjects",
        lambda self, animations: asked.append(animations) or told(self, animations),
    )
    line = survey(job("Moving"))
    assert asked == []
    capture(job("Moving"), [line.frames - 1])
    assert len(asked) == 1
