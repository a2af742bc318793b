"""Sounds in a film: a tone, found again where it belongs."""

import pickle
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from backprop_film import sound
from backprop_film.audio import RATE as RATE_OUT
from backprop_film.audio import frames, samples_of
from backprop_film.errors import Problem
from backprop_film.produce import produce
from backprop_film.timeline import SoundSpan, Timeline
from tests.backprop_film.conftest import job

PITCH, SECONDS, HEIGHT, RATE = 1000, 0.3, 0.5, 44100


def tone(path, channels=1):
    """A sine of `PITCH`, so long and so high."""
    times = np.arange(round(SECONDS * RATE)) / RATE
    samples = np.round(HEIGHT * 32767 * np.sin(2 * np.pi * PITCH * times)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.repeat(samples, channels).tobytes())


def heard(path):
    """When something is heard in a film, to 5 ms: beginning, end, and height of the tone of `PITCH` in each stretch."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        rate, frames = stream.rate, list(container.decode(stream))
    assert frames[0].pts == 0
    samples = np.concatenate([frame.to_ndarray() for frame in frames], axis=1)
    assert np.abs(samples[0] - samples[1]).max() < 0.02  # one channel, heard on both sides
    window = round(0.005 * rate)
    count = samples.shape[1] // window
    loud = np.abs(samples[0, : count * window]).reshape(count, window).max(axis=1) > 0.02
    edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]])))
    stretches = []
    for begin, end in edges.reshape(-1, 2):
        part = samples[0, begin * window : end * window]
        turning = np.exp(-2j * np.pi * PITCH * np.arange(part.size) / rate)
        stretches.append((begin * 0.005, end * 0.005, 2 * abs((part * turning).mean())))
    return stretches


def test_sounds_are_heard_at_their_time_and_nowhere_else():
    """Rendered, and then joined from what is kept; what there is to hear passes from one process to another."""
    tone("tone.wav")
    film = produce([job("Late"), job("Sounding", 2), job("Sounding", 3)], Path("film.mp4"), "burned", 1)
    assert pickle.loads(pickle.dumps(film.parts)) == film.parts
    assert film.parts[1].timeline.sounds
    late, sounding = 54 / 15, (film.seconds - 54 / 15) / 2
    first, second = 6 / 15 + 0.2, 14 / 15 + 0.2  # plays last whole frames of 1/15 s: 6, then 8
    starts = [late + offset + at for offset in (0, sounding) for at in (first, second)]
    for _ in ("fresh", "cached"):
        found = heard("film.mp4")
        assert len(found) == 4
        for (begin, end, height), start, expected in zip(found, starts, [0.5, 0.5 * 10**-0.3] * 2, strict=True):
            assert begin == pytest.approx(start, abs=0.02)
            assert end == pytest.approx(start + SECONDS, abs=0.02)
            assert height == pytest.approx(expected, rel=0.1)
        produce([job("Late"), job("Sounding", 2), job("Sounding", 3)], Path("film.mp4"), "burned", 1)


def test_a_file_is_what_it_holds_whatever_it_is_called():
    tone("tone.wav")
    expected = np.concatenate(list(samples_of(Path("tone.wav"))), axis=1)
    with av.open("other.flac", "w") as file:
        stream = file.add_stream("flac", rate=RATE_OUT, layout="mono")
        for frame in frames([expected]):
            frame.pts = None
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    Path("other.flac").rename("other.wav")
    assert np.abs(np.concatenate(list(samples_of(Path("other.wav"))), axis=1) - expected).max() < 1e-4


def test_a_film_without_sounds_has_no_track_for_them():
    produce([job("Late")], Path("film.mp4"), "off", 1)
    with av.open("film.mp4") as container:
        assert not container.streams.audio


def test_pictures_are_the_same_with_sounds():
    tone("tone.wav")
    produce([job("Sounding")], Path("film.mp4"), "soft", 1)
    with av.open("film.mp4") as container:
        video = container.streams.video[0]
        times = [frame.pts * video.time_base * 15 for frame in container.decode(video)]
    assert times == list(range(video.frames))


def test_a_sound_that_is_not_there_is_told_before_anything_is_rendered():
    with pytest.raises(Problem, match=r"sound tune.wav: found no such file, here or in \."):
        produce([job("Silenced")], Path("film.mp4"), "off", 1)
    Path("tune.wav").write_text("la la la")
    with pytest.raises(Problem, match=r"tune\.wav: found nothing that can be heard, expected a sound file"):
        produce([job("Silenced")], Path("film.mp4"), "off", 1)
    assert not Path("media").exists()


def test_sounds_are_added_up():
    tone("tone.wav")
    tone("both.wav", channels=2)
    one, both = (SoundSpan(Path(name).absolute(), 0.0) for name in ("tone.wav", "both.wav"))
    length = round(SECONDS * RATE_OUT)

    def together(*sounds):
        return np.concatenate(list(sound.mixed([(0, each) for each in sounds], length)), axis=1)

    single = together(one)
    assert np.abs(single).max() == pytest.approx(HEIGHT, rel=0.01)
    assert np.allclose(together(both), single, atol=1e-3)
    assert np.allclose(together(one, both), 2 * single, atol=2e-3)
    # What was there before is 6 dB softer while the other one sounds, as Manim's gain_to_background has it.
    below = SoundSpan(both.file, 0.0, background=-6.0)
    assert np.allclose(together(one, below), (1 + 10**-0.3) * single, atol=2e-3)


def test_a_sound_ends_with_the_film_and_goes_on_over_chapters():
    tone("tone.wav")
    span = SoundSpan(Path("tone.wav").absolute(), 0.9)
    lines = [Timeline("a", "A", 15, 15, (), (span,)), Timeline("b", "B", 15, 15, (), ())]
    ((start, _),) = sound.film_sounds(lines)
    assert start == round(0.9 * RATE_OUT)
    samples = np.concatenate(list(sound.mixed(sound.film_sounds(lines[:1]), RATE_OUT)), axis=1)
    assert samples.shape == (2, RATE_OUT)
    assert np.abs(samples[:, :start]).max() == 0
    assert np.abs(samples[:, -100:]).max() > 0.4
    assert sound.film_sounds([lines[1], lines[0]])[0][0] == start + RATE_OUT


def test_what_is_too_loud_is_held_down_and_nothing_is_clipped():
    tone("tone.wav")
    span = SoundSpan(Path("tone.wav").absolute(), 0.0)
    length = round(SECONDS * RATE_OUT)
    with av.open("loud.mp4", "w") as file:
        stream = file.add_stream("aac", rate=RATE_OUT, layout="stereo")
        for packet in sound.encoded(stream, sound.mixed([(0, span)] * 4, length)):
            file.mux(packet)
    with av.open("loud.mp4") as file:
        samples = np.concatenate([frame.to_ndarray() for frame in file.decode(audio=0)], axis=1)[0]
    middle = samples[length // 4 : 3 * length // 4]
    assert 10 ** (-3 / 20) < np.abs(middle).max() < 10 ** (-1 / 20)  # 4 × 0.5 would be 6 dB too loud
    # Still a sine: what a hard limit would add stands at odd multiples of its pitch.
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(middle.size)))
    pitch = PITCH * middle.size // RATE_OUT
    assert spectrum[3 * pitch - 5 : 3 * pitch + 5].max() < 0.01 * spectrum[pitch]
