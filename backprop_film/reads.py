"""Which data files a chapter reads while it is loaded and played: Python itself tells of each that is opened.

Among them is code that a chapter finds in a way of its own; the project's is not (`sources` has it), nor what belongs
to an installed package, nor what is written.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import source_from_cache
from pathlib import Path

from .sources import PROJECT

__all__ = ["Reads", "recorded"]

_heard: list[set[str]] = []
_listening = False
_INSTALLED = tuple(
    {os.path.realpath(sysconfig.get_path(name)) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")}
)
_SYSTEM = ("/dev/", "/proc/", "/sys/")


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _heard:
        path, mode, flags = arguments
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
        if isinstance(path, str | bytes | os.PathLike) and not writes and mode in (None, "r", "rb", "rt", "U"):
            name = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 (a path object for each would be slow)
            for names in _heard:
                names.add(name)


class Reads:
    """The files that have been read, so far."""

    def __init__(self, names: set[str]) -> None:
        self._names = names
        self._files: dict[str, Path] = {}

    @property
    def files(self) -> set[Path]:
        """All of them, as they are found now."""
        self._files |= _data(self._names - self._files.keys())
        return set(self._files.values())


@contextmanager
def recorded() -> Iterator[Reads]:
    """The files that are read within.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "numbers.csv").write_text("0.9")
    ...     with recorded() as read:
    ...         _ = Path(folder, "numbers.csv").read_text()
    ...     sorted(path.name for path in read.files)
    ['numbers.csv']
    """
    global _listening
    if not _listening:
        sys.addaudithook(_hear)  # which stays for good, and does nothing while nobody records
        _listening = True
    names: set[str] = set()
    _heard.append(names)
    try:
        yield Reads(names)
    finally:
        _heard[:] = [other for other in _heard if other is not names]


def _data(names: Iterable[str]) -> dict[str, Path]:
    ours, found = tuple(f"{folder}{os.sep}" for folder in PROJECT.values()), {}
    for name in names:
        path = Path(os.path.realpath(name))
        if path.suffix == ".pyc" and path.parent.name == "__pycache__":
            path = Path(source_from_cache(str(path)))
        if str(path).startswith((*_INSTALLED, *_SYSTEM)) or (path.suffix == ".py" and str(path).startswith(ours)):
            continue
        if path.is_file():
            found[name] = path
    return found
