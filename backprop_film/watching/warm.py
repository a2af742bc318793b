"""The session's side of its warm processes: what it has asked them, and where copies of them sleep."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ..contents import FOLDER
from ..sources import PROJECT
from .called import changed
from .nest import asked
from .questions import Draw, Failure, Import, Play
from .view import Unit

__all__ = ["Broken", "Chapter", "Sleeping", "Warm"]

_CHAPTERS = FOLDER.resolve()


class Broken(Exception):  # noqa: N818 (it is shown to the user)
    """The film itself cannot be imported."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


@dataclass(frozen=True)
class Sleeping:
    """A copy of a process that plays a chapter: at which frame, after how many plays and beats, with what called."""

    path: Path
    frame: int
    plays: int
    beats: int
    called: Mapping[str, frozenset[str]]


@dataclass(eq=False)
class Chapter:
    """A chapter that is being played, or has been: ``version`` is that of the code.

    ``texts`` are those that were loaded of the files whose changes can be taken in; ``changed`` is what has been saved
    since.
    """

    connection: Connection
    folder: Path
    version: int
    sleeping: list[Sleeping] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    changed: set[Path] = field(default_factory=set)
    units: dict[str, Unit] = field(default_factory=dict)
    over: bool = False
    failed: bool = False

    def slept(self, path: str, frame: int, plays: int, beats: int, new: Mapping[str, Iterable[str]]) -> None:
        """A copy has been left behind; these functions have been called since the one before."""
        before = self.sleeping[-1].called if self.sleeping else {}
        now = {file: before.get(file, frozenset()) | frozenset(new.get(file, ())) for file in {*before, *new}}
        self.sleeping.append(Sleeping(Path(path), frame, plays, beats, now))

    def before(self, unit: Unit, changes: Mapping[str, set[str]] | None = None) -> Sleeping | None:
        """The last copy that sleeps before a unit and has called none of the functions that have changed."""
        for one in reversed(self.sleeping):
            reached = one.plays if unit.by_plays else one.beats
            early = one.frame <= unit.start and reached <= unit.index
            if early and not any(names & one.called.get(file, frozenset()) for file, names in (changes or {}).items()):
                return one
        return None

    def taken_in(self) -> tuple[dict[str, str], dict[str, set[str]]] | None:
        """The new texts of what has changed, and in which functions; ``None`` if that cannot be taken in."""
        texts: dict[str, str] = {}
        functions: dict[str, set[str]] = {}
        for path in sorted(self.changed):
            file = str(path)
            if file not in self.texts:
                return None
            try:
                texts[file] = path.read_text(encoding="utf-8")
                found = changed(self.texts[file], texts[file])
            except (OSError, ValueError, SyntaxError):
                return None
            if found is None:
                return None
            functions[file] = found
        return texts, functions

    def ask(self, one: Sleeping, draw: Draw) -> tuple[Any, ...]:
        """What a copy of that one answers. `OSError` or `EOFError` if it is no longer there."""
        with asked(one.path, draw) as connection:
            answer: tuple[Any, ...] = connection.recv()
            return answer

    def close(self) -> None:
        """Nothing more is wanted of it: its processes end."""
        self.connection.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Warm:
    """The warm processes of a session; they end with it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="backprop-watch-"))
        self._worker: subprocess.Popen[str] | None = None
        self._studio: tuple[Connection, Path] | None = None
        self._new: set[str] = set()
        self._lock = threading.Lock()
        self._ready = self._over = False
        self._numbers = count(1)

    def play(self, name: str, how: Mapping[str, Any], version: int) -> Chapter:
        """Begin to play a chapter, with the code as it is. `Broken` if the film cannot be imported."""
        if self._studio is None:
            self._studio = self._imported()
        folder = self.folder / f"chapter-{next(self._numbers)}"
        folder.mkdir()
        return Chapter(asked(self._studio[1], Play(name, folder, how)), folder, version)

    def saved(self, files: Iterable[Path]) -> None:
        """These have been saved: what was imported of the project's own is of no more use."""
        ours = [
            str(file)
            for file in files
            if not file.is_relative_to(FOLDER.resolve())
            and any(file.is_relative_to(folder) for folder in PROJECT.values())
        ]
        self._new.update(ours)
        if ours and self._studio is not None:
            self._studio[0].close()
            self._studio = None

    def _imported(self) -> tuple[Connection, Path]:
        address = self.folder / f"film-{next(self._numbers)}"
        connection = asked(
            self._woken(), Import(address, FOLDER.resolve(), tuple(PROJECT.values()), frozenset(self._new))
        )
        try:
            kind, failure = connection.recv()
        except EOFError:
            kind, failure = "failed", Failure("the process that imports the film has ended")
        if kind != "ready":
            connection.close()
            raise Broken(failure)
        return connection, address

    def _woken(self) -> Path:
        """Where the first of them sleeps."""
        address = self.folder / "worker"
        with self._lock:
            if self._over:
                raise OSError("the session is over")
            if self._worker is None:
                self._worker = subprocess.Popen(  # noqa: S603 (our own module)
                    [sys.executable, "-m", f"{__package__}.worker", str(address)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    start_new_session=True,
                    env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", **_found_by_python()},
                )
        if not self._ready:
            assert self._worker.stdout is not None
            if self._worker.stdout.readline() != "ready\n":
                raise Broken(Failure("the warm process has ended before it was ready"))
            self._ready = True
        return address

    def close(self) -> None:
        """End them all, and wait for the first."""
        with self._lock:
            self._over = True
        if self._studio is not None:
            self._studio[0].close()
        if self._worker is not None:
            if not self._ready:  # it would end only when it has imported Manim; it has no copies yet
                self._worker.kill()
            for stream in (self._worker.stdin, self._worker.stdout):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()
            self._worker.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def _found_by_python() -> dict[str, str]:
    """What lets another Python find this package as this one did."""
    root = str(Path(__file__).parents[2])
    return {"PYTHONPATH": os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])}
