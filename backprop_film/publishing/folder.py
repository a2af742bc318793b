"""A folder of files that belong together: each appears whole, those of an earlier time go, others' stay.

Which files are the folder's own is kept in it, in `MANIFEST`. It is written before the first of them, so that a run
that is killed leaves no file that the next one takes for somebody else's.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from backprop_math.files import clear_leftovers

from ..errors import Problem, shown_path
from ..files import whole, writable

__all__ = ["MANIFEST", "Folder"]

MANIFEST = "manifest.json"
_PROGRAM = "backprop publish"


class Folder:
    """A folder, and which of its files are its own. `Problem` if what should be its manifest is something else."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._own = self._listed()

    def _listed(self) -> list[str]:
        path = self.path / MANIFEST
        if not path.is_file():
            return []
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["program"] == _PROGRAM:  # other programs' manifests may look alike
                return [str(file["path"]) for file in content["files"]]
        except (ValueError, KeyError, TypeError):
            pass
        raise Problem(f"{shown_path(path)}: found no list of files that were published, expected one or no file")

    def check(self, names: Iterable[str]) -> None:
        """`Problem` if any of these files is there and not the folder's own; the system's error if it takes none."""
        writable(self.path / MANIFEST)
        for place in dict.fromkeys(
            (self.path / name).parent for name in (MANIFEST, *self._own) if self._is_inside(name)
        ):
            clear_leftovers(place)
        for name in names:
            if name not in self._own and (self.path / name).exists():
                where = shown_path(self.path / name)
                raise Problem(f"{where}: found a file that is not of an earlier publication, expected none")

    def begin(self, names: Iterable[str]) -> None:
        """From now on these are the folder's own, too."""
        names = list(names)
        self.check(names)
        self._own = list(dict.fromkeys([*self._own, *names]))
        self._write({"complete": False, "files": [{"path": name} for name in self._own]})

    def write(self, name: str, content: bytes | str | Path) -> None:
        """A file from its bytes, its text, or another file."""
        with whole(self.path / name) as beside:
            if isinstance(content, Path):
                with content.open("rb") as source, beside.open("wb") as target:  # copyfile's errors name the source
                    shutil.copyfileobj(source, target)
            else:
                beside.write_bytes(content if isinstance(content, bytes) else content.encode())

    def end(self, manifest: dict[str, Any]) -> None:
        """Take away what was the folder's own before and is not among ``manifest["files"]``, and write that down."""
        kept = {file["path"] for file in manifest["files"]}
        for name in self._own:
            if name not in kept and self._is_inside(name) and (self.path / name).is_file():
                (self.path / name).unlink(missing_ok=True)
                with suppress(OSError):  # others' files are left in it
                    (self.path / name).parent.rmdir()
        self._own = sorted(kept)
        self._write({"complete": True, **manifest})

    def _is_inside(self, name: str) -> bool:
        # Whatever a manifest says, and wherever links lead, nothing is removed elsewhere.
        folder, parent = self.path.resolve(), (self.path / name).parent.resolve()
        return folder in (parent, *parent.parents)

    def _write(self, manifest: dict[str, Any]) -> None:
        self.write(MANIFEST, json.dumps({"program": _PROGRAM, **manifest}, indent=2, ensure_ascii=False) + "\n")
