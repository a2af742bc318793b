"""Music under a film: where it is low, and how it begins, ends, and begins again."""

from pathlib import Path

import numpy as np
import pytest

from backprop_film.audio import BLOCK, RATE, loudness
from backprop_film.music import Music
from tests.backprop_film.voice.fake import hum

LENGTH = 30 * RATE + 1000


def level(samples, second):
    """The height of the tone around a moment."""
    at = round(second * RATE)
    return np.abs(samples[:, at - 500 : at + 500]).max()


@pytest.fixture
def played():
    def play(speech=(), seconds=7.0, length=LENGTH):
        hum("music.wav", seconds, 0.5, before=0.0, after=0.0)
        music = Music.of(Path("music.wav"))
        blocks = list(music.under([(round(a * RATE), round(b * RATE)) for a, b in speech], length))
        assert all(block.shape[1] == BLOCK for block in blocks[:-1])
        return np.concatenate(blocks, axis=1)

    return play


def test_it_is_as_long_as_the_film_and_fades_in_and_out(played):
    samples = played(seconds=40.0)
    assert samples.shape == (2, LENGTH)
    full = level(samples, 15)
    assert level(samples, 1.0) == pytest.approx(full / 2, rel=0.05)
    assert level(samples, LENGTH / RATE - 2) == pytest.approx(full / 2, rel=0.05)
    assert np.abs(samples[:, [0, -1]]).max() < 1e-3
    assert loudness([samples[:, 10 * RATE : 20 * RATE]]) == pytest.approx(-27, abs=0.2)


def test_it_is_lower_while_someone_speaks_and_in_short_pauses(played):
    samples = played([(8.0, 10.0), (10.5, 12.0), (20.0, 21.0)], seconds=40.0)
    full, low = level(samples, 6), 10 ** (-9 / 20)
    for second in (8.01, 9.0, 10.25, 11.9, 20.5):
        assert level(samples, second) == pytest.approx(low * full, rel=0.05), second
    for second in (7.5, 13.2, 16.0, 19.5, 22.2):
        assert level(samples, second) == pytest.approx(full, rel=0.05), second
    assert np.abs(np.diff(samples[0])).max() < 1.1 * 2 * np.pi * 500 / RATE * full  # no step


def test_music_that_is_too_short_begins_again_without_a_click(played):
    samples = played(seconds=7.0)
    assert level(samples, 7.0) < 0.1 * level(samples, 10)
    assert level(samples, 7.6) == pytest.approx(level(samples, 10), rel=0.05)
    assert np.abs(np.diff(samples[0])).max() < 1.1 * 2 * np.pi * 500 / RATE * level(samples, 10)


def test_speech_from_the_first_moment_and_a_film_of_a_second(played):
    assert np.isfinite(played([(0.0, 1.0)], length=RATE)).all()
