"""Which scenes a file of the user's has, kept from one command to the next: to find out, Manim must be imported.

A file is known by the code that it consists of and by Manim's version; one that reads others when it is loaded may have
other scenes the next time, and is not kept.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from .chapter_files import read_by
from .files import media, whole
from .sources import code_of, remembered

__all__ = ["keep", "known"]

_MOST = 200


def known(file: Path) -> list[str] | None:
    """The scenes of a file that was loaded before as it is, in its order; ``None`` if it was not."""
    found = _kept().get(_key(file))
    return found if isinstance(found, list) else None


def keep(file: Path, scenes: list[str]) -> None:
    """Keep the scenes of a file that has just been loaded."""
    if read_by(file) <= set(code_of(file).files.values()):
        newest = {**_kept(), _key(file): scenes}
        with suppress(OSError), whole(_place()) as beside:  # where nothing can be written, it is loaded the next time
            beside.write_text(json.dumps(dict(list(newest.items())[-_MOST:])), encoding="utf-8")


def _place() -> Path:
    return media() / "scenes.json"


def _kept() -> dict[str, object]:
    with suppress(OSError, ValueError):
        found = json.loads(_place().read_text(encoding="utf-8"))
        if isinstance(found, dict):
            return found
    return {}


def _key(file: Path) -> str:
    with remembered(media() / "imports.json"):
        contents = code_of(file).contents
    named = [file.name, contents, metadata.version("manim")]
    return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()[:20]
