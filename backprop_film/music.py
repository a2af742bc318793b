"""Music under a film: low while someone speaks, faded in and out, from the beginning again where it is too short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .audio import BLOCK, RATE, factor, loudness, samples_of
from .errors import Problem, shown_path

__all__ = ["Music"]

_LOUDNESS = -27.0  # LUFS where nobody speaks
_LOWER = -9.0  # decibels while someone does
_DOWN, _UP = round(0.4 * RATE), RATE  # samples in which it becomes lower, and louder again
_PAUSE = 2 * RATE  # it stays low in pauses up to so many samples
_IN, _OUT = 2 * RATE, 4 * RATE  # samples of the fades at the film's beginning and end
_SEAM = RATE // 2  # samples of the fades where it ends and begins again


@dataclass(frozen=True)
class Music:
    """A file, its length in samples, and by what it is multiplied."""

    file: Path
    length: int
    gain: float

    @classmethod
    def of(cls, file: Path) -> Music:
        """`Problem` if it is no sound file, a broken one, or a silent one."""
        length = 0

        def counted() -> Iterator[np.ndarray]:
            nonlocal length
            for block in samples_of(file, "stereo"):
                length += block.shape[1]
                yield block

        loud = loudness(counted())
        if loud <= -70.0:
            raise Problem(f"--music {shown_path(file)}: found silence, expected music")
        return cls(file.absolute(), length, factor(_LOUDNESS - loud))

    def under(self, speech: Sequence[tuple[int, int]], length: int) -> Iterator[np.ndarray]:
        """Blocks of stereo samples for a film of ``length`` samples in which someone speaks during ``speech``."""
        level = _level(speech)
        ends = (0, min(_IN, length // 4), max(length - _OUT, 3 * length // 4), length), (0.0, 1.0, 1.0, 0.0)
        for first, block in zip(range(0, length, BLOCK), self._again(), strict=False):
            times = np.arange(first, min(first + BLOCK, length))
            yield block[:, : times.size] * (np.interp(times, *level) * np.interp(times, *ends)).astype(np.float32)

    def _again(self) -> Iterator[np.ndarray]:
        """The music, block by block, without end."""
        left = np.zeros((2, 0), np.float32)
        while True:
            at = 0
            for part in samples_of(self.file, "stereo"):
                times = np.arange(at, at + part.shape[1])
                at += part.shape[1]
                seam = np.interp(times, (0, _SEAM, self.length - _SEAM, self.length), (0.0, 1.0, 1.0, 0.0))
                left = np.concatenate([left, part * (self.gain * seam).astype(np.float32)], axis=1)
                while left.shape[1] >= BLOCK:
                    yield left[:, :BLOCK]
                    left = left[:, BLOCK:]


def _level(speech: Sequence[tuple[int, int]]) -> tuple[list[int], list[float]]:
    """By what the music is multiplied: moments in samples, and the factors between which it moves."""
    times, factors, low = [-2 * _DOWN], [1.0], factor(_LOWER)
    for begin, end in _joined(speech):
        times += [begin - _DOWN, begin, end, end + _UP]
        factors += [1.0, low, low, 1.0]
    return times, factors


def _joined(speech: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is said with only short pauses between, as one."""
    joined: list[tuple[int, int]] = []
    for begin, end in speech:
        if joined and begin - joined[-1][1] <= _PAUSE:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((begin, end))
    return joined
