"""Sounds that a chapter adds (``self.add_sound``), mixed when the film is joined.

Manim mixes a chapter's sounds when it puts its video together, and leaves out what follows a play taken from its
cache. Here a pass writes down what is to be heard when, drawn or not, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
import numpy as np
from manim import config
from manim.manager import Manager
from manim.utils.sounds import get_full_sound_file_path

from .errors import Problem, shown_path
from .files import av_name
from .timeline import SoundSpan, Timeline

__all__ = ["RATE", "Listener", "encoded", "film_sounds", "mixed"]

RATE = 48_000  # samples a second
_BLOCK = 4096  # samples mixed at a time


class Listener(Manager[Any]):
    """Manim's manager of a scene; it keeps what is to be heard in ``sounds``.

    ``reached`` says how many frames the film has so far: Manim's own clock goes on in sections that are left out.
    """

    def __init__(self, scene: Any, reached: Callable[[], int]) -> None:
        super().__init__(scene)
        self.sounds: list[SoundSpan] = []
        self._reached = reached

    def construct(self) -> None:
        """Build the scene; a picture in which nothing is played is held for as long as Manim waits by default."""
        super().construct()
        if not self.num_plays:
            self.scene.wait()

    def add_sound(
        self, sound_file: str, time_offset: float = 0, gain: float | None = None, **more: float | None
    ) -> None:
        """Note a sound ``time_offset`` seconds from now, ``gain`` decibels louder than its file has it.

        With ``gain_to_background``, what was added before is so many decibels louder while it sounds. `Problem`
        if there is no such file, or nothing to hear in it, or if it would begin before the chapter. In a section that
        is left out, nothing is heard.
        """
        if self.file_writer.sections[-1].skip_animations:
            return
        folder = self.file_writer.settings.assets_dir
        try:
            path = get_full_sound_file_path(sound_file, folder).absolute()
        except OSError:
            raise Problem(f"sound {sound_file}: found no such file, here or in {shown_path(folder)}") from None
        start = self._reached() / config.frame_rate + time_offset
        if start < -1e-6:
            raise Problem(f"sound {sound_file}: found a beginning at {start:.3f} s, expected one within the chapter")
        _check(path)
        self.sounds.append(SoundSpan(path, max(start, 0.0), gain or 0.0, more.get("gain_to_background") or 0.0))


def _check(path: Path) -> None:
    try:
        with av.open(av_name(path)) as container:
            found = bool(container.streams.audio)
    except av.error.InvalidDataError:
        found = False
    if not found:
        raise Problem(f"{shown_path(path)}: found nothing that can be heard, expected a sound file")


def film_sounds(timelines: Sequence[Timeline]) -> list[tuple[int, SoundSpan]]:
    """The sounds of chapters that follow one another, each with the film's sample at which it begins."""
    sounds, frames = [], 0
    for line in timelines:
        for sound in line.sounds:
            sounds.append((round((frames / line.fps + sound.start) * RATE), sound))
        frames += line.frames
    return sounds


@lru_cache(maxsize=8)
def _samples(path: Path) -> np.ndarray:
    """A file's sound, two channels of floats at `RATE`; a single one is heard on both sides."""
    blocks = []
    with av.open(av_name(path)) as container:
        stream = container.streams.audio[0]
        layout = "mono" if stream.codec_context.channels == 1 else "stereo"
        resampler = av.AudioResampler(format="fltp", layout=layout, rate=RATE)
        for frame in container.decode(stream):
            blocks += [resampled.to_ndarray() for resampled in resampler.resample(frame)]
        blocks += [resampled.to_ndarray() for resampled in resampler.resample(None)]
    found = np.concatenate(blocks, axis=1) if blocks else np.zeros((2, 0), np.float32)
    return np.broadcast_to(found, (2, found.shape[1]))


def mixed(sounds: Sequence[tuple[int, SoundSpan]], length: int) -> Iterator[np.ndarray]:
    """All sounds together, in blocks; what is louder than a file can hold is held at its limit.

    A sound goes on over the next chapter, if it is so long; it ends with the film, after ``length`` samples.
    """
    for first in range(0, length, _BLOCK):
        block = np.zeros((2, min(_BLOCK, length - first)), np.float32)
        for start, sound in sounds:
            if start >= first + block.shape[1]:
                continue
            samples = _samples(sound.file)
            begin, end = max(start, first), min(start + samples.shape[1], first + block.shape[1])
            if begin < end:
                part = block[:, begin - first : end - first]
                part *= _factor(sound.background)
                part += _factor(sound.gain) * samples[:, begin - start : end - start]
        yield np.clip(block, -1, 1)


def _factor(decibels: float) -> float:
    return float(10 ** (decibels / 20))


def encoded(stream: Any, blocks: Iterator[np.ndarray]) -> Iterator[Any]:
    """The packets of a stream that holds the blocks."""
    at = 0
    for block in blocks:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
        at += block.shape[1]
        yield from stream.encode(frame)
    yield from stream.encode(None)
