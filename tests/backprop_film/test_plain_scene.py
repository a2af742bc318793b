"""Anyone's scene in a film: as long as Manim makes it, the same pictures, fresh or cached."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from backprop_film.chapter_files import module_of
from backprop_film.errors import Problem
from backprop_film.playback import capture, survey
from backprop_film.produce import produce
from tests.backprop_film.conftest import job, rendered
from tests.backprop_film.own import chapter, frames, job_of, marks, rendered_by_manim, scene, written
from tests.backprop_film.test_sound import heard, tone

#: A base, what is played, and the number of frames at 15 a second, by hand: Manim takes the ceiling of a play's and
#: of a moving wait's, the floor of a still wait's, and at least one.
SCENES = {
    "odd run times": (
        "Scene",
        """
        ring = Circle()
        self.play(Create(ring), run_time=0.37)
        self.wait(0.51)
        self.play(ring.animate.shift(RIGHT), FadeIn(Square(), run_time=0.1), run_time=0.23)
        self.play(LaggedStart(*(FadeIn(Dot([x, 0, 0])) for x in range(3)), lag_ratio=0.3), run_time=0.41)
        """,
        6 + 7 + 4 + 7,
    ),
    "updaters that count time": (
        "Scene",
        """
        dot = Dot().add_updater(lambda m, dt: m.shift(3 * dt * RIGHT))
        self.add(dot)
        self.wait(0.37)
        self.play(FadeIn(Square()), run_time=0.41)
        dot.clear_updaters()
        self.wait(0.2)
        self.play(dot.animate.move_to(self.renderer.time * UP), run_time=0.2)
        """,
        6 + 7 + 3 + 3,
    ),
    "waits for something": (
        "Scene",
        """
        dot = Dot().add_updater(lambda m, dt: m.shift(3 * dt * RIGHT))
        self.add(dot)
        self.wait_until(lambda: dot.get_x() > 1.1, max_time=2)  # 0.2 a frame, from 0 on: 1.2 in the 7th
        self.play(FadeIn(Square()), run_time=0.2)
        """,
        7 + 3,
    ),
    "chance": (
        "Scene",
        """
        import random
        dot = Dot([random.uniform(-3, 3), np.random.uniform(-2, 2), 0])
        self.play(FadeIn(dot), run_time=0.2)
        self.play(dot.animate.shift(random.uniform(0, 1) * UP), run_time=0.2)
        """,
        3 + 3,
    ),
    "space": (
        "ThreeDScene",
        """
        self.set_camera_orientation(phi=70 * DEGREES, theta=-45 * DEGREES)
        self.add(Square())
        self.add_fixed_in_frame_mobjects(Dot().to_corner(UL))
        self.begin_ambient_camera_rotation(rate=1)
        self.wait(0.4)
        self.stop_ambient_camera_rotation()
        self.move_camera(phi=30 * DEGREES, run_time=0.3)
        """,
        6 + 5,
    ),
    "a camera that moves": (
        "MovingCameraScene",
        """
        self.add(Square())
        self.play(self.camera.frame.animate.scale(0.5).shift(RIGHT), run_time=0.4)
        self.wait(0.2)
        """,
        6 + 3,
    ),
    "a camera that zooms": (
        "ZoomedScene",
        """
        dot = Dot().shift(UL)
        self.add(dot)
        self.activate_zooming(animate=False)
        self.play(self.zoomed_camera.frame.animate.move_to(dot), run_time=0.3)
        self.wait(0.2)
        """,
        5 + 3,
    ),
    "a picture": (
        "Scene",
        """
        picture = ImageMobject(np.uint8([[0, 100], [30, 200]]))
        self.play(picture.animate.scale(2), run_time=0.2)
        """,
        3,
    ),
    "a plane": ("LinearTransformationScene", "self.apply_matrix([[0, 1], [1, 0]], run_time=0.3)", 5),
}


@pytest.mark.parametrize("kind", SCENES)
def test_a_scene_is_as_manim_makes_it_fresh_and_cached(kind, monkeypatch):
    base, body, count = SCENES[kind]
    file = written("my.py", scene(body=body, base=base))
    length, drawn = rendered_by_manim(file, "Mine", monkeypatch)
    one = job_of("my.py")
    line = survey(one)
    assert line.frames == length == len(drawn) == count
    fresh = rendered(one)
    files = {piece: piece.stat().st_ino for piece in fresh.pieces}
    assert sum(len(frames(piece)[0]) for piece in fresh.pieces) == count
    assert fresh.timeline == line
    cached = rendered(one)
    assert cached == fresh
    assert {piece: piece.stat().st_ino for piece in cached.pieces} == files
    pictures = capture(one, range(count))
    assert [n for n in range(count) if not np.array_equal(np.asarray(pictures[n]), drawn[n])] == []


def test_a_scene_that_was_interrupted_goes_on_where_it_was():
    """Plays whose pieces are there leave the scene as drawn ones do: what follows is the same as in a fresh render."""
    written("my.py", scene(body=SCENES["updaters that count time"][1]))
    one = job_of("my.py")
    fresh = [(piece, piece.read_bytes()) for piece in rendered(one).pieces]
    for piece, _ in fresh[2:]:
        piece.unlink()
    assert [(piece, piece.read_bytes()) for piece in rendered(one).pieces] == fresh


def test_pieces_of_other_code_or_data_are_not_taken(monkeypatch):
    """Though the same mobjects with the same attributes are played: what moves them, or was read, is another."""

    def pictures(way, radius):
        body = f"""
            class Growing(Animation):
                def interpolate_mobject(self, alpha):
                    self.mobject.{way}
            self.play(Growing(Circle(float(open("radius.txt").read())), run_time=0.2))
        """
        Path("radius.txt").write_text(radius)
        file = written("my.py", scene(body=body))
        monkeypatch.delitem(sys.modules, module_of(file.resolve()).__name__)  # as for the next run
        return [frame for piece in rendered(job_of("my.py")).pieces for frame in frames(piece)[0]]

    first = pictures("set_x(alpha)", "1")
    for other in (pictures("set_y(-2 * alpha)", "1"), pictures("set_x(alpha)", "2")):
        assert len(other) == len(first)
        assert not np.array_equal(other, first)
    assert np.array_equal(pictures("set_x(alpha)", "1"), first)


def test_sections_are_beats_and_those_left_out_are_left_out(monkeypatch):
    body = """
        self.play(Create(Circle()), run_time=0.3)
        self.next_section("second")
        self.play(FadeIn(Square()), run_time=0.3)
        self.next_section("left out", skip_animations=True)
        self.play(FadeIn(Dot()), run_time=1)
        self.wait(0.5)
        self.next_section("empty")
        self.next_section("second")
        self.play(FadeOut(*self.mobjects), run_time=0.3)
        self.wait(0.2)
        self.next_section()
    """
    file = written("my.py", scene(body=body))
    length, _ = rendered_by_manim(file, "Mine", monkeypatch)
    one = job_of("my.py")
    for line in (survey(one), rendered(one).timeline, rendered(one).timeline):
        assert [(beat.key, beat.start, beat.end) for beat in line.beats] == [
            ("Mine", 0, 5), ("second", 5, 10), ("second-2", 10, 18),
        ]  # fmt: skip
        assert line.frames == length == 18
    film = produce([one], Path("film.mp4"), "burned", 1)
    assert film.seconds == 18 / 15
    assert frames("film.mp4")[1] == list(range(18))


def test_sounds_are_heard_where_the_film_has_come_to():
    """A section that is left out takes no time, and is not heard."""
    tone("tone.wav")
    body = """
        self.play(Create(Circle()), run_time=0.4)
        self.next_section("left out", skip_animations=True)
        self.wait(3)
        self.add_sound("tone.wav", time_offset=0.5)
        self.next_section("heard")
        self.add_sound("tone.wav", time_offset=0.2)
        self.wait(0.8)
    """
    written("my.py", scene(body=body))
    for _ in ("fresh", "cached"):
        produce([job("Late"), job_of("my.py")], Path("film.mp4"), "off", 1)
        ((begin, _, _),) = heard("film.mp4")
        assert begin == pytest.approx((54 + 6) / 15 + 0.2, abs=0.02)


@pytest.mark.parametrize("body", ["self.add(Circle())", "pass"])
def test_a_picture_without_plays_is_held_for_a_second(body):
    written("my.py", scene(body=body))
    assert survey(job_of("my.py")).frames == rendered(job_of("my.py")).timeline.frames == 15
    produce([job_of("my.py")], Path("film.mp4"), "burned", 1)
    assert frames("film.mp4")[1] == list(range(15))


def test_scenes_chapters_and_the_films_own_make_one_film_with_exact_marks():
    """Rendered, and then joined from what is kept."""
    written("my.py", scene(body=SCENES["updaters that count time"][1]), chapter())
    jobs = [job_of("my.py:Mine"), job("Moving", 2), job_of("my.py:Own")]
    mine, moving, own = (survey(one) for one in jobs)
    for _ in ("fresh", "cached"):
        produce(jobs, Path("film.mp4"), "burned", 1)
        first, second = mine.frames, mine.frames + moving.frames
        assert marks("film.mp4") == [
            (0, "Mine"), (first, "2. Things that move – Ring"), (first + moving.beats[1].start, "2.2 It moves"),
            (second, "My own – One"), (second + own.beats[1].start, "Two"),
        ]  # fmt: skip
        assert frames("film.mp4")[1] == list(range(second + own.frames))


def test_what_goes_wrong_in_a_scene_is_told_with_its_line():
    written("my.py", scene(body="self.wait(0.2)\nself.play(FadeIn(self.nothing))"))
    with pytest.raises(Problem) as problem:
        survey(job_of("my.py"))
    assert re.fullmatch(
        r"chapter my\.py:Mine: AttributeError: 'Mine' object has no attribute 'nothing' \(my\.py:7\)",
        str(problem.value),
    )
