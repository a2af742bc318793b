"""Loading code in a warm process: chapters so that their functions note that they are called; never what is stale.

Python's caches of compiled code are taken for fresh if time and size of the source are the same: a file that is saved
twice within a second may not be.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType

from .called import compiled

__all__ = ["loading"]

_INSTALLED = tuple(sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib"))


def loading(chapters: Path, project: Iterable[Path], new: Iterable[str]) -> dict[str, str]:
    """From here on, load code so: ``chapters`` are the film's, in a ``project`` whose ``new`` files have no cache.

    The texts of all chapters that are loaded, and of what lies beside them, by file; filled as they are.
    """
    sys.dont_write_bytecode = True
    texts: dict[str, str] = {}
    plain, fresh = SourceFileLoader.get_code, frozenset(new)
    others = (*(f"{folder}{os.sep}" for folder in project), *_INSTALLED)

    def get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
        file = self.get_filename(fullname)
        if file.startswith(f"{chapters}{os.sep}") or not file.startswith(others):
            source = self.get_data(file)
            texts[file] = source.decode("utf-8", "replace")
            return compiled(source, file)
        return self.source_to_code(self.get_data(file), file) if file in fresh else plain(self, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]
    return texts
