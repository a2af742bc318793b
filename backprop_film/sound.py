"""What a film sounds like: speech, the sounds that its chapters add, and music under both, mixed when it is joined.

Manim mixes a chapter's sounds when it puts its video together, and leaves out what follows a play taken from its
cache. Here a pass writes down what is to be heard when, drawn or not, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
import numpy as np
from manim import config
from manim.manager import Manager
from manim.utils.sounds import get_full_sound_file_path

from . import workers
from .audio import BLOCK, RATE, check, factor, filtered, samples_of
from .errors import Problem, shown_path
from .files import av_name
from .music import Music
from .timeline import SoundSpan, Timeline

__all__ = ["Listener", "encoded", "film_sounds", "film_speech", "mixed", "write"]

#: Its other coder takes three times as long, for speech that nobody could tell from this.
_CODER = {"aac_coder": "fast"}
_PEAK = -2.0  # dB; what the encoder adds stays below −1


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
        check(path)
        self.sounds.append(SoundSpan(path, max(start, 0.0), gain or 0.0, more.get("gain_to_background") or 0.0))


def film_sounds(timelines: Sequence[Timeline]) -> list[tuple[int, SoundSpan]]:
    """Speech and sounds of chapters that follow one another, each with the film's sample at which it begins."""
    sounds, frames = [], 0
    for line in timelines:
        spoken = [SoundSpan(span.file, span.start / line.fps) for span in line.speech if span.file]
        for sound in (*spoken, *line.sounds):
            sounds.append((round((frames / line.fps + sound.start) * RATE), sound))
        frames += line.frames
    return sounds


def film_speech(timelines: Sequence[Timeline]) -> list[tuple[int, int]]:
    """When someone speaks, in samples of the film: from the first up to but without the second."""
    spoken, frames = [], 0
    for line in timelines:
        for span in line.speech:
            if span.file:
                begin, end = (round((frames + frame) / line.fps * RATE) for frame in (span.start, span.end))
                spoken.append((begin, end))
        frames += line.frames
    return spoken


@lru_cache(maxsize=4)  # the same sound is often added many times
def _samples(path: Path) -> np.ndarray:
    """A file's sound, two channels of floats at `RATE`; a single one is heard on both sides."""
    blocks = list(samples_of(path))
    found = np.concatenate(blocks, axis=1) if blocks else np.zeros((2, 0), np.float32)
    return np.broadcast_to(found, (2, found.shape[1]))


def mixed(
    sounds: Sequence[tuple[int, SoundSpan]],
    length: int,
    music: Music | None = None,
    speech: Sequence[tuple[int, int]] = (),
) -> Iterator[np.ndarray]:
    """All sounds together, in blocks, over ``music`` that is lower during ``speech``.

    A sound goes on over the next chapter, if it is so long; it ends with the film, after ``length`` samples.
    """
    bed = music.under(speech, length) if music else None
    waiting = sorted(enumerate(sounds), key=lambda one: -one[1][0])
    heard: list[tuple[int, int, SoundSpan, np.ndarray]] = []
    for first in range(0, length, BLOCK):
        block = next(bed) if bed else np.zeros((2, min(BLOCK, length - first)), np.float32)
        after = first + block.shape[1]
        while waiting and waiting[-1][1][0] < after:
            number, (start, sound) = waiting.pop()
            heard.append((number, start, sound, _samples(sound.file)))
        heard = [one for one in heard if one[1] + one[3].shape[1] > first]
        # In the order in which they were added: each may soften what was added before.
        for _, start, sound, samples in sorted(heard, key=lambda one: one[0]):
            begin, end = max(start, first), min(start + samples.shape[1], after)
            part = block[:, begin - first : end - first]
            part *= factor(sound.background)
            part += factor(sound.gain) * samples[:, begin - start : end - start]
        yield block


def write(timelines: Sequence[Timeline], music: Music | None, path: Path) -> None:
    """Write what is heard in chapters that follow one another, with ``music`` under it, as a file of AAC."""
    length = round(sum(line.frames for line in timelines) / timelines[0].fps * RATE)
    blocks = mixed(film_sounds(timelines), length, music, film_speech(timelines))
    with av.open(av_name(path), "w", format="mp4") as written:
        stream = written.add_stream("aac", rate=RATE, layout="stereo", options=_CODER)
        for packet in encoded(stream, blocks):
            workers.checkpoint()
            written.mux(packet)


def encoded(stream: Any, blocks: Iterator[np.ndarray]) -> Iterator[Any]:
    """The packets of a stream that holds the blocks; what is too loud for it is held down while it is."""
    limit = f"limit={factor(_PEAK)}:attack=2:release=60:level=false:latency=true"
    for frame in filtered(blocks, "alimiter", limit):
        yield from stream.encode(frame)
    yield from stream.encode(None)
