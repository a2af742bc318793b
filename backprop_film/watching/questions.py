"""What the session asks of its warm processes, and what it hears: plain values, as they are sent."""

from __future__ import annotations

import linecache
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import Problem, place, sentence, shown_path

__all__ = ["Draw", "Failure", "Import", "Play"]

_AROUND = 2  # lines shown before and after the one at fault


@dataclass(frozen=True)
class Import:
    """Import the film as its files are now, and sleep at ``address``; how it is loaded: `loader`."""

    address: Path
    chapters: Path
    project: tuple[Path, ...]
    new: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Play:
    """Play a chapter, undrawn, and leave copies that sleep in ``folder``, one at the start of each beat."""

    name: str
    folder: Path
    how: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Draw:
    """Play on, with these changes in the ``sources``, and answer.

    ``what``: ``survey`` (what happens when, up to the end of the beat or play with this ``index``), ``stills`` (of
    ``frames``), ``clip`` or ``findings`` (from frame ``first`` up to ``end``).
    """

    what: str
    index: int = 0
    by_plays: bool = False
    first: int = 0
    end: int = 0
    frames: tuple[int, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Failure:
    """What went wrong, where, and the ``lines`` around, each with its number."""

    message: str
    file: str = ""
    line: int = 0
    lines: tuple[tuple[int, str], ...] = ()

    @classmethod
    def of(cls, error: BaseException) -> Failure:
        """Of an exception that was raised; what a `Problem` came from says where."""
        cause = error
        while isinstance(cause, Problem) and cause.__cause__ is not None:
            cause = cause.__cause__
        if isinstance(cause, Problem):
            return cls(sentence(cause))
        file, line = place(cause)
        linecache.checkcache(file)
        numbers = range(max(1, line - _AROUND), line + _AROUND + 1)
        text = [(number, linecache.getline(file, number).rstrip("\n")) for number in numbers]
        what = sentence(cause).removesuffix(f" ({shown_path(file)}:{line})")
        return cls(what, shown_path(file), line, tuple((number, words) for number, words in text if words))

    @classmethod
    def in_text(cls, file: Path) -> Failure | None:
        """What keeps a file from being compiled, if anything does."""
        try:
            compile(file.read_bytes(), str(file), "exec", dont_inherit=True)
        except (SyntaxError, ValueError, OSError) as error:
            return cls.of(error)
        return None
