"""A film's sound: made once as long as the same is heard, beside the rendering, and heard in the film as it is."""

import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from backprop_film import sound
from backprop_film.audio import RATE
from backprop_film.errors import Problem
from backprop_film.produce import produce
from backprop_film.soundtrack import Soundtrack, sounded
from backprop_film.timeline import SoundSpan, Timeline
from tests.backprop_film.conftest import job
from tests.backprop_film.test_sound import tone


@pytest.fixture
def track():
    tone("tone.wav")
    line = Timeline("a", "A", 15, 15, (), (SoundSpan(Path("tone.wav").absolute(), 0.2),))
    return Soundtrack(Path("film.mp4"), (line,))


@pytest.fixture
def written(monkeypatch):
    """How often a sound was written."""
    times, write = [], sound.write
    monkeypatch.setattr(sound, "write", lambda *how: times.append(1) or write(*how))
    return times


def samples(path):
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)


def test_it_is_what_is_mixed_and_as_long(track):
    heard = samples(sounded(track))
    mixed = np.concatenate(list(sound.mixed(sound.film_sounds(track.lines), RATE)), axis=1)
    assert 0 <= heard.shape[1] - RATE < 1024  # AAC comes in blocks
    assert np.abs(heard[:, :RATE] - mixed).max() < 0.05


def test_it_is_made_again_only_if_something_else_is_heard(track, written):
    first = sounded(track)
    (line,) = track.lines
    same = replace(track, lines=(replace(line, title="Another", beats=()),))
    assert sounded(same) == first
    assert len(written) == 1
    assert sounded(replace(track, lines=(replace(line, frames=30),))) != first
    tone("tone.wav", channels=2)
    assert sounded(track) != first
    assert len(written) == 3


def test_the_last_two_of_a_film_are_kept(track):
    (line,) = track.lines
    other = sounded(replace(track, film=Path("other.mp4")))
    files = []
    for frames in (15, 30, 45):
        files.append(sounded(replace(track, lines=(replace(line, frames=frames),))))
        os.utime(files[-1], (time.time() - 100 + frames,) * 2)
    assert [file.exists() for file in (*files, other)] == [False, True, True, True]


def test_a_broken_one_is_made_again(track, written):
    file = sounded(track)
    whole = file.read_bytes()
    for broken in (b"", whole[: len(whole) // 2], b"no sound"):
        file.write_bytes(broken)
        assert samples(sounded(track)).shape[1] >= RATE
    assert len(written) == 4


def test_nothing_to_be_heard_is_no_file(track):
    assert sounded(replace(track, lines=(replace(track.lines[0], sounds=()),))) is None


def test_what_cannot_be_read_is_told(track):
    Path("tone.wav").write_text("la la la")
    with pytest.raises(Problem, match=r"tone\.wav: found nothing that can be heard"):
        sounded(track)
    assert not list(Path().rglob("*.m4a"))


def test_a_full_disk_is_told_before_it_is_written(track, monkeypatch):
    usage = shutil.disk_usage(".")._replace(free=10)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(Problem, match=r"no space left on device: \S+\.m4a needs 0\.0 MB"):
        sounded(track)
    assert not list(Path().rglob("*.m4a"))


def test_processes_make_it_while_they_render(written):
    """In a film of theirs it is the one of a film that one process makes; and joining finds it there."""
    tone("tone.wav")
    jobs = [job("Sounding", 2), job("Late")]
    together = samples(produce([*jobs, job("Sounding", 3)], Path("film.mp4"), "off", 2).path)
    assert not written  # in this process
    alone = samples(produce(jobs, Path("alone.mp4"), "off", 1).path)
    assert len(written) == 1
    assert np.array_equal(together[:, : alone.shape[1] - RATE // 5], alone[:, : -RATE // 5])
