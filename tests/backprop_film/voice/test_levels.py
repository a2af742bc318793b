"""Clips: trimmed, equally loud, without clicks. Loudness is checked where ITU-R BS.1770 says what it must be."""

import numpy as np
import pytest

from backprop_film.audio import RATE, loudness
from backprop_film.voice.levels import levelled


def sine(seconds, height=0.1, pitch=997, rate=RATE):
    return (height * np.sin(2 * np.pi * pitch * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def both(samples):
    return np.broadcast_to(samples, (2, samples.size))


@pytest.mark.parametrize(("height", "expected"), [(1.0, 0.0), (0.1, -20.0)])
def test_loudness_is_that_of_the_standard(height, expected):
    # 997 Hz at full scale is -3.01 LUFS in one channel, and two channels add their power.
    assert loudness([both(sine(3, height))]) == pytest.approx(expected, abs=0.05)


def test_silence_has_the_least_loudness():
    assert loudness([np.zeros((2, RATE), np.float32)]) == -70


@pytest.mark.parametrize("height", [0.02, 0.1, 0.9])
@pytest.mark.parametrize("seconds", [0.25, 2.0])
def test_every_clip_is_as_loud_as_the_others(height, seconds):
    clip = levelled(np.concatenate([np.zeros(8000), sine(seconds, height, rate=24000), np.zeros(12000)]), 24_000)
    middle = clip[RATE // 20 : round((seconds - 0.05) * RATE)]
    assert loudness([both(np.tile(middle, 8))]) == pytest.approx(-18, abs=0.5)


def test_silence_around_a_clip_is_cut_and_its_ends_are_faded():
    clip = levelled(np.concatenate([np.zeros(round(0.3 * RATE)), sine(1), np.zeros(round(0.5 * RATE))]), RATE)
    assert clip.size / RATE == pytest.approx(1.1, abs=0.03)
    heard = np.flatnonzero(np.abs(clip) > 0.05)
    assert heard[0] < 0.016 * RATE  # within a frame, at 60 frames a second too
    assert clip[0] == clip[-1] == 0
    unfaded = np.abs(np.diff(clip)).max()
    cut = levelled(sine(1)[: RATE // 2 + 12], RATE)  # ends at its highest
    assert np.abs(np.diff(cut)).max() <= 1.1 * unfaded


def test_pauses_within_a_clip_stay():
    clip = levelled(np.concatenate([sine(0.5), np.zeros(RATE), sine(0.5)]), RATE)
    assert clip.size == 2 * RATE


def test_a_clip_with_a_loud_moment_is_not_clipped():
    samples = sine(3, 0.05)
    samples[RATE : RATE + 2000] *= 15
    clip = levelled(samples, RATE)
    assert np.abs(clip).max() <= 10 ** (-2 / 20) + 1e-4
    assert loudness([both(clip[: RATE // 2])]) > -32


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(RATE), np.full(RATE, 1e-4)])
def test_of_silence_nothing_is_left(samples):
    assert levelled(samples, RATE).size == 0
