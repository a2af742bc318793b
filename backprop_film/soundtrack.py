"""A film's sound as a file of its own, which takes longer than all else that joining does.

So it is made while the chapters are rendered, as soon as it is known how long they are, and kept for as long as the
same is to be heard: a film of which only pictures have changed is joined in seconds.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import av

from . import sound
from .files import av_name, room, whole
from .joined import named, note
from .music import Music
from .timeline import Timeline

__all__ = ["Soundtrack", "sounded"]

_LAST = 2  # of one film are kept
_BYTES = 20_000  # of AAC in a second, at most


@dataclass(frozen=True)
class Soundtrack:
    """What is heard in a ``film`` of chapters that follow one another, with ``music`` under it."""

    film: Path
    lines: tuple[Timeline, ...]
    music: Music | None = None

    @property
    def silent(self) -> bool:
        """Whether nobody speaks, nothing sounds, and there is no music."""
        return not (self.music or sound.film_sounds(self.lines))

    @property
    def file(self) -> Path:
        """Where it is kept: beside the film's note, under the name of all that it is made of."""
        heard = [[line.frames, line.fps, line.speech, line.sounds] for line in self.lines]
        place = note(self.film)
        return place.with_name(f"{place.stem}-{named(Path(sound.__file__), [heard, self.music])[:16]}.m4a")


def sounded(track: Soundtrack) -> Path | None:
    """The file of a film's sound, made now if it is not kept; ``None`` if there is nothing to be heard.

    `Problem` if something that is to be heard cannot be read.
    """
    if track.silent:
        return None
    file = track.file
    if _is_whole(file):
        os.utime(file)
        return file
    with whole(file) as beside:
        room(file, _BYTES * sum(line.seconds for line in track.lines))
        sound.write(track.lines, track.music, beside)
    films = sorted(file.parent.glob(f"{note(track.film).stem}-*.m4a"), key=lambda path: path.stat().st_mtime)
    for old in films[:-_LAST]:
        old.unlink(missing_ok=True)
    return file


def _is_whole(file: Path) -> bool:
    """Whether it is there; one that was cut off lacks its index, which stands at its end."""
    try:
        with av.open(av_name(file)) as container:
            return bool(container.streams.audio)
    except (OSError, av.error.FFmpegError):
        return False
