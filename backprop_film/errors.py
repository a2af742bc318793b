"""What went wrong, in one line: `Problem`, and the sentence for any other exception."""

from __future__ import annotations

import os
import sysconfig
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path

__all__ = ["Problem", "nearest", "place", "sentence", "unknown"]


class Problem(Exception):  # noqa: N818 (it is shown to users, who made no error of ours)
    """Something that the user can mend; its text is the one line that the user sees."""


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint naming the known name closest to ``name``, or all of them where none is close.

    >>> nearest("chain_rul", ["introduction", "chain_rule"])
    " (nearest: 'chain_rule')"
    """
    from backprop_math.names import did_you_mean  # only once something is wrong: all else here must stay quick

    names = list(known)
    return did_you_mean(name, names) or f" (known: {', '.join(names)})"


def unknown(kind: str, name: str, known: Iterable[str]) -> Problem:
    """The problem of a name that does not exist."""
    return Problem(f"unknown {kind} {name!r}{nearest(name, known)}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and what it came from; Manim wraps the system's errors in its own."""
    at: BaseException | None = error
    while at is not None:
        yield at
        at = at.__cause__


def sentence(error: BaseException) -> str:
    """One line for any exception: what it was about, and for a mistake in a scene, file and line."""
    for cause in _causes(error):
        if isinstance(cause, Problem):
            return str(cause)
        if isinstance(cause, OSError) and cause.errno:
            told = os.strerror(cause.errno) if 0 < cause.errno < 4096 else str(cause.strerror)
            return f"{told}: {shown_path(cause.filename)}" if isinstance(cause.filename, str | os.PathLike) else told
    from backprop_math import ExampleError  # only here, as in `nearest`

    if isinstance(error, ExampleError):
        return _one_line(str(error))
    what = error.msg if isinstance(error, SyntaxError) else str(error)  # whose text has the place in its own way
    told = f"{type(error).__name__}: {what}" if what else type(error).__name__
    if any(
        "digest_parser" in frame.name or "config_parser" in frame.name
        for frame in traceback.extract_tb(error.__traceback__)
    ):
        return _one_line(f"manim.cfg: {told}")  # here or in the user's home; Manim reads it when it is imported
    return _one_line(f"{told} ({_place(error)})" if error.__traceback__ else told)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def place(error: BaseException) -> tuple[str, int]:
    """File and line of the innermost frame in a chapter, else in the kit, else anywhere; what cannot be read itself.

    The error must have been raised.
    """
    if isinstance(error, SyntaxError) and error.filename:
        return error.filename, error.lineno or 1
    frames = traceback.extract_tb(error.__traceback__)
    frame = ([f for f in frames if _of_chapter(f)] or [f for f in frames if _of_kit(f)] or frames)[-1]
    return frame.filename, frame.lineno or 1


def _place(error: BaseException) -> str:
    file, line = place(error)
    return f"{shown_path(file)}:{line}"


_FILM = Path(__file__).parent
_NO_CHAPTER = (str(_FILM), str(_FILM.with_name("backprop_math")), "site-packages", sysconfig.get_path("stdlib"))


def _of_chapter(frame: traceback.FrameSummary) -> bool:
    bundled = _FILM / "scenes" in Path(frame.filename).parents  # where they lie in an installed package
    return bundled or not any(folder in frame.filename for folder in _NO_CHAPTER)


def _of_kit(frame: traceback.FrameSummary) -> bool:
    return any(_FILM / room in Path(frame.filename).parents for room in ("kit", "sets"))


def shown_path(path: str | os.PathLike[str]) -> str:
    """A path as a reader wants it: relative to where they are, if it lies below."""
    try:
        return str(Path(path).absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)
