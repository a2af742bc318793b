"""From a sentence to its clip: made once for a voice and a spoken text, then kept in the media folder."""

from __future__ import annotations

import hashlib
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from ..audio import RATE
from ..errors import Problem
from ..files import whole
from ..kit.narration import Clip, reading_time
from ..sources import digest
from . import levels

__all__ = ["ChapterSpeaker", "Sound", "Take", "Unrecorded", "Voice"]

#: Samples of one channel, and how many there are in a second.
Sound = tuple[np.ndarray, int]
#: Changes with what is made of a sound, so that clips made otherwise are not taken.
_FORM = str(digest(Path(levels.__file__)))


class Unrecorded(Problem):
    """A recording is missing or broken: told with all others, when the chapter has been gone through."""


@dataclass(frozen=True)
class Take:
    """A sentence as a voice says it: all that the sound depends on, how it is had, what to raise if it is silence."""

    identity: tuple[str, ...]
    sound: Callable[[], Sound]
    silent: Problem


class Voice(Protocol):
    """Whoever says the sentences."""

    @property
    def name(self) -> str:
        """As messages call it."""

    def take(self, chapter: str, key: str, spoken: str) -> Take:
        """How the sentence with this key is said. `Problem` if it cannot be."""


class ChapterSpeaker:
    """Says the sentences of one chapter, as `kit.narration.Speaker` has it; clips are kept in ``folder``.

    Recordings that are missing or broken are only noted while the chapter is gone through; `finish` tells them all.
    """

    def __init__(self, voice: Voice, chapter: str, folder: Path) -> None:
        self.voice, self.chapter, self.folder = voice, chapter, folder
        self._noted: list[str] = []

    def __call__(self, key: str, spoken: str) -> Clip:
        """The sentence's clip. `Problem` if the voice fails; what was made before is kept."""
        try:
            take = self.voice.take(self.chapter, key, spoken)
            name = hashlib.sha256("\0".join((_FORM, *take.identity)).encode()).hexdigest()
            file = self.folder.absolute() / f"{name[:32]}.wav"
            return Clip(file, _seconds(file) or _made(file, take))
        except Unrecorded as problem:
            self._noted.append(str(problem))
            return Clip(Path(), reading_time(spoken))

    def finish(self) -> None:
        """`Problem` that lists all recordings that are missing or broken."""
        if self._noted:
            raise Problem(f"{self.voice.name}: found {', '.join(self._noted)}, expected a recording of each sentence")


def _made(file: Path, take: Take) -> float:
    samples = levels.levelled(*take.sound())
    if not samples.size:
        raise take.silent
    with whole(file) as beside, wave.open(str(beside), "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(RATE)
        written.writeframes(np.round(samples * 32767).astype("<i2").tobytes())
    return samples.size / RATE


def _seconds(file: Path) -> float:
    """How long a clip is; 0 if there is none yet, or none that can be read."""
    try:
        with wave.open(str(file), "rb") as clip:
            return clip.getnframes() / clip.getframerate()
    except (FileNotFoundError, EOFError, wave.Error):
        return 0.0
