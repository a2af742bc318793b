"""Films that have been joined: one that would be joined from the same again is left as it is.

What a film was joined from is noted in the media folder, with the size and the time of the file that was left.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .files import media, whole
from .fingerprint import engine
from .records import plain
from .sources import code_of, digest

if TYPE_CHECKING:
    from .render import Rendered

__all__ = ["leave", "left", "made_of", "named", "note"]


def made_of(parts: Sequence[Rendered], *how: Any) -> str:
    """One name for all that a film is joined from: its chapters' content and place, and ``how`` that is done."""
    found = [[part.timeline, part.pieces, part.job.entry.number, part.job.entry.part] for part in parts]
    return named(Path(__file__).with_name("produce.py"), [found, how])


def named(code: Path, what: Any) -> str:
    """One name for what is made by the code of a file, and of all that it imports, of a value and its files."""
    found = {
        "code": code_of(code).contents,
        "libraries": engine()["libraries"],
        "what": plain(what),
        "files": [digest(path) for path in _files(what)],
    }
    return hashlib.sha256(json.dumps(found, sort_keys=True, default=repr).encode()).hexdigest()


def _files(value: Any) -> Iterator[Path]:
    """All files that a value of dataclasses and tuples speaks of."""
    if isinstance(value, Path):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _files(one)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _files(getattr(value, name))


def left(path: Path, name: str) -> bool:
    """Whether the film there is as it was left, and was made of what has this name."""
    try:
        noted = json.loads(note(path).read_text(encoding="utf-8"))
        return bool(noted == [name, *_state(path)])
    except (OSError, ValueError):
        return False


def leave(path: Path, name: str) -> None:
    """Note that the film there has been made of what has this name."""
    with whole(note(path)) as file:
        file.write_text(json.dumps([name, *_state(path)]), encoding="utf-8")


def note(path: Path) -> Path:
    """The file that says what a film was made of."""
    return media() / "chapters" / "films" / f"{hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:16]}.json"


def _state(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns
