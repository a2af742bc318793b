"""From ``--voice`` to whoever speaks."""

from __future__ import annotations

import shlex
from functools import cache
from pathlib import Path

from ..errors import Problem
from .clips import ChapterSpeaker, Voice
from .engines import Engine, command, espeak, natural, natural_is_installed
from .recordings import Recordings

__all__ = ["NONE", "OWN", "default", "identity", "recorded", "resolved", "speaker"]

NONE = "none"
_NAMED = {"natural": natural, "espeak": espeak}
#: Nobody, and voices that speak whenever they are asked.
OWN = (NONE, *_NAMED)


def default() -> str:
    """The voice of a film that is told of none: the natural one where it is installed, else none."""
    return "natural" if natural_is_installed() else NONE


def resolved(option: str) -> str:
    """The voice as any process knows it, wherever it is started. `Problem` if there is no such voice here."""
    if option and Path(option).is_dir():
        option = str(Path(option).resolve())
    _voice(option)
    return option


def identity(option: str) -> str:
    """What says how a voice speaks; of recordings each file does (`reads` has them)."""
    voice = _voice(option)
    return f"{voice.name} {voice.version}" if isinstance(voice, Engine) else option


def recorded(option: str) -> bool:
    """Whether sentences may be missing."""
    return isinstance(_voice(option), Recordings)


def speaker(option: str, chapter: str, folder: Path) -> ChapterSpeaker | None:
    """Who says a chapter's sentences, with clips in ``folder``; ``None`` if nobody does."""
    voice = _voice(option)
    return ChapterSpeaker(voice, chapter, folder) if voice else None


@cache
def _voice(option: str) -> Voice | None:
    if option == NONE:
        return None
    if option in _NAMED:
        return _NAMED[option]()
    if option and Path(option).is_dir():
        return Recordings(Path(option))
    try:
        words = shlex.split(option)
    except ValueError as error:
        raise Problem(f"--voice {option!r}: found {error}, expected a command as a shell takes it") from error
    return command(words or [option])
