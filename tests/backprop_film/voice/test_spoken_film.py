"""A film that speaks: each sentence is heard while its caption stands, and nothing else is."""

from contextlib import chdir
from pathlib import Path

import av
import numpy as np
import pytest
import srt

from backprop_film.audio import RATE, loudness
from backprop_film.playback import capture, survey
from backprop_film.produce import produce
from tests.backprop_film.conftest import job
from tests.backprop_film.voice.fake import program, said

FPS = 15


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """A spoken film of two chapters, its jobs and their timelines."""
    with chdir(tmp_path_factory.mktemp("spoken")):
        jobs = [job("Moving", voice=program()), job("Late", 2, voice=program())]
        produce(jobs, Path("film.mp4"), "burned", 1)
        yield Path("film.mp4").absolute(), jobs, [survey(one) for one in jobs]


@pytest.fixture
def at_film(film, monkeypatch):
    monkeypatch.chdir(film[0].parent)
    return film


def heard(path):
    """A film's sound, and how many frames its picture has."""
    with av.open(str(path)) as container:
        samples = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)
        return samples, container.streams.video[0].frames, container.streams.audio[0]


def test_each_sentence_is_heard_with_its_caption_and_nothing_between(film):
    path, _, lines = film
    samples, _, _ = heard(path)
    offsets = [0, lines[0].frames]
    spans = [(span, offset) for line, offset in zip(lines, offsets, strict=True) for span in line.speech]
    cues = list(srt.parse((path.parent / "captions/film/captions.srt").read_text(encoding="utf-8")))
    assert len(spans) == len(cues) == 4
    loud = np.abs(samples[0]) > 0.02
    for (span, offset), cue in zip(spans, cues, strict=True):
        start = (span.start + offset) / FPS
        assert cue.start.total_seconds() == pytest.approx(start, abs=0.001)
        first, after = (round((frame + offset) / FPS * RATE) for frame in (span.start, span.end))
        assert 0 <= np.flatnonzero(loud[first:])[0] / RATE < 1 / FPS  # speech begins within a frame of its caption
        assert loud[first:after].mean() > 0.5  # a tone of which the last tenth of a second dies away
        loud[first:after] = False
    assert not loud.any()


def test_the_sound_is_as_long_as_the_picture(film):
    samples, frames, stream = heard(film[0])
    assert float(stream.duration * stream.time_base) == pytest.approx(frames / FPS, abs=0.001)
    assert stream.start_time == 0
    assert 0 <= samples.shape[1] - frames / FPS * RATE < 1024  # a packet is not divided


def test_loudness_is_the_films(film):
    samples, _, _ = heard(film[0])
    assert loudness([samples]) == pytest.approx(-18, abs=1.5)  # the clips are shorter than loudness is meant for
    assert np.abs(samples).max() < 10 ** (-1 / 20)


def test_every_sentence_is_said_once_however_often_it_is_played(at_film):
    path, jobs, lines = at_film
    before = path.stat().st_size
    assert sorted(said()) == sorted(
        ["A ring.", "It is round.", "It moves.", "It is less than 1 and is greater than 0."]
    )
    assert list(capture(jobs[0], [lines[0].frames - 1])) == [lines[0].frames - 1]
    produce(jobs, path, "burned", 1)
    assert len(said()) == 4
    assert path.stat().st_size == before


def test_the_picture_waits_for_the_words(film):
    _, _, (moving, _) = film
    assert moving.frames != survey(job("Moving")).frames
    assert [round((s.end - s.start) / FPS, 1) for s in moving.speech] == [0.5, 0.7, 0.6]
