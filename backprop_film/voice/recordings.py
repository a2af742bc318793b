"""A person's own recordings: one file for each sentence, ``FOLDER/chain_rule/nudge.1.wav``."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..audio import RATE, samples_of
from ..errors import Problem, shown_path
from .clips import Sound, Take, Unrecorded

__all__ = ["Recordings", "file_of"]

_ENDINGS = (".wav", ".flac", ".mp3", ".m4a", ".ogg", ".opus")


def file_of(chapter: str, key: str) -> str:
    """Where in the folder a sentence's recording lies.

    >>> file_of("chain_rule", "nudge.1")
    'chain_rule/nudge.1.wav'
    """
    return f"{chapter}/{key.replace('/', '-')}{_ENDINGS[0]}"


@dataclass(frozen=True)
class Recordings:
    """Sentences that someone has recorded, in ``folder``."""

    folder: Path

    @property
    def name(self) -> str:
        """As messages call it."""
        return f"recordings in {shown_path(self.folder)}"

    def take(self, chapter: str, key: str, spoken: str) -> Take:
        """The sentence's recording, in any of the usual kinds of file. `Unrecorded` if there is none."""
        wanted = self.folder / file_of(chapter, key)
        endings = [ending for ending in _ENDINGS if wanted.with_suffix(ending).is_file()]
        if not endings:
            raise Unrecorded(f"no {file_of(chapter, key)}")
        file = wanted.with_suffix(endings[0])
        shown, digest = f"{chapter}/{file.name}", hashlib.sha256(file.read_bytes()).hexdigest()
        return Take((digest,), lambda: _read(file, shown), Unrecorded(f"silence in {shown}"))


def _read(file: Path, shown: str) -> Sound:
    try:
        return np.concatenate([block[0] for block in samples_of(file, "mono")] or [np.zeros(0)]), RATE
    except Problem as problem:
        raise Unrecorded(f"no sound in {shown}") from problem
