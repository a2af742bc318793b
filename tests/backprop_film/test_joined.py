import os
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from backprop_film import sources
from backprop_film.joined import leave, left, made_of
from backprop_film.render import Rendered
from backprop_film.timeline import SoundSpan, Timeline
from tests.backprop_film.conftest import job


@dataclass(frozen=True)
class Bed:
    """As a film's music is given."""

    file: Path


@pytest.fixture
def part():
    for name in ("a.mp4", "tone.wav", "music.mp3"):
        Path(name).write_text("1")
    line = Timeline("tiny", "T", 15, 30, (), (SoundSpan(Path("tone.wav"), 0.5),))
    return Rendered(job("Moving"), line, (Path("a.mp4"),))


def test_a_film_is_made_of_its_chapters_their_place_and_what_is_heard(part):
    how = ("burned", Bed(Path("music.mp3")))
    names = [made_of([part], *how)]
    assert made_of([part], *how) == names[0]
    names.append(made_of([part, part], *how))
    names.append(made_of([part], "soft", how[1]))
    names.append(made_of([part], "burned", None))
    names.append(made_of([replace(part, timeline=replace(part.timeline, title="U"))], *how))
    names.append(made_of([replace(part, job=replace(part.job, entry=replace(part.job.entry, number=9)))], *how))
    for name in ("a.mp4", "tone.wav", "music.mp3"):
        Path(name).write_text("2")
        names.append(made_of([part], *how))
    assert len(set(names)) == len(names)


def test_another_way_of_joining_makes_another_film(part, monkeypatch):
    before = made_of([part])
    true = sources.Code.contents.fget
    for file, other in (("assemble", True), ("cli", False)):
        changed = property(lambda code, file=file: {**true(code), **_other(code, file)})
        monkeypatch.setattr(sources.Code, "contents", changed)
        assert (made_of([part]) != before) is other


def _other(code, file):
    name = f"backprop_film/{file}.py"
    return {name: "other"} if name in code.files else {}


def test_only_a_film_that_is_as_it_was_left_is_one_that_was_made(part):
    film = Path("film.mp4")
    assert not left(film, "name")
    film.write_text("film")
    assert not left(film, "name")
    leave(film, "name")
    assert left(film, "name")
    assert left(film.absolute(), "name")
    assert not left(film, "other")
    then = film.stat()
    film.write_text("mlif")
    os.utime(film, ns=(then.st_atime_ns, then.st_mtime_ns + 1))
    assert not left(film, "name")
    film.unlink()
    assert not left(film, "name")
