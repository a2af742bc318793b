"""What is shown, and what is to be done next: the session of one ``backprop watch``.

When a source is saved, what somebody looks at is first drawn from the copy that sleeps before it, if the change can be
taken in there; the chapter is then played again, from its beginning, in a new process, and all else is drawn from the
copies that this leaves.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..contents import FOLDER
from ..errors import unknown
from ..kit.palettes import palette
from ..sources import code_of
from .board import Board, Task, stills
from .questions import Draw, Failure
from .saved import Saved
from .view import Unit, View, colours, units_of
from .warm import Broken, Chapter, Sleeping, Warm

__all__ = ["Session"]

_DRAWING = 2  # copies that draw at a time


@dataclass(frozen=True)
class _Want:
    """What a page looks at."""

    key: str = ""
    frame: int = -1


@dataclass(frozen=True)
class _Quick:
    """Where a unit can be drawn from before its chapter has been played again."""

    version: int
    chapter: Chapter
    sleeping: Sleeping
    texts: dict[str, str]


class Session:
    """A chapter that is watched: ``name`` as on the command line, ``how`` it is played."""

    def __init__(self, name: str, how: dict[str, Any], file: Path | None = None) -> None:
        self._lock = threading.Condition()
        self._name, self._how = name, how
        self._number, self._version = 0, 1
        self._pages: dict[str, _Want] = {}
        self._chosen = ""
        self._board = Board()
        self._failure: Failure | None = None
        dressed = colours(palette(how.get("theme") or "dark"))
        self._about: dict[str, Any] = {"title": name, "fps": 15, "width": 854, "height": 480, "colours": dressed}
        self._quick: dict[str, _Quick] = {}
        self._chapter: Chapter | None = None
        self._before: Chapter | None = None  # the last one that was played to its end
        self._unread: set[Path] = set()  # saved since a chapter was last begun
        self._closed = 0.0
        self._over = False
        self.refused: str | None = None
        self._warm = Warm()
        self._saved = Saved(self._changed)
        if file is not None:
            self._saved.add([file])

    # -- from beginning to end ------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to play."""
        for task in (self._begin, *[self._draw_on] * _DRAWING):
            threading.Thread(target=task, daemon=True).start()

    def wait(self, patience: float) -> str | None:
        """Until the last page has been closed for so many seconds: ``None``; or why nothing can be watched."""
        with self._lock:
            while True:
                if self.refused is not None:
                    return self.refused
                left = None
                if self._closed and not self._pages:
                    left = self._closed + patience - time.monotonic()
                    if left <= 0:
                        return None
                self._lock.wait(left if left is not None else 0.5)

    def close(self) -> None:
        """End all processes."""
        with self._lock:
            self._over = True
            self._lock.notify_all()
        self._saved.close()
        self._warm.close()

    # -- what pages ask -------------------------------------------------------------------------------

    def join(self, client: str) -> None:
        """A page is open."""
        with self._told():
            self._pages[client] = _Want(self._chosen)

    def leave(self, client: str) -> None:
        """It has been closed."""
        with self._told():
            self._pages.pop(client, None)
            self._closed = time.monotonic()

    def want(self, client: str, key: str, frame: int) -> None:
        """It looks at this beat, and at this frame of it."""
        with self._told():
            if client in self._pages:
                self._pages[client] = _Want(key, frame)

    def state(self, after: int, patience: float) -> tuple[int, dict[str, Any]] | None:
        """All that is shown, with its number, as soon as that is greater than ``after``."""
        with self._lock:
            if not self._lock.wait_for(lambda: self._number > after or self._over, patience) or self._over:
                return None
            failure = self._failure
            return self._number, {
                **self._about,
                "version": self._version,
                "chosen": self._chosen,
                "playing": self._chapter is None or not (self._chapter.over or self._failure),
                "beats": [view.told(self._version) for view in self._board.views.values()],
                "error": failure and {"message": failure.message, "file": failure.file, "line": failure.line,
                                      "lines": failure.lines},
            }  # fmt: skip

    def blob(self, name: str) -> tuple[str, bytes] | None:
        """A picture or a video, and its kind."""
        with self._lock:
            return self._board.blobs.get(name)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Hold the lock; at the end, the pages are told of what has changed."""
        with self._lock:
            yield
            self._number += 1
            self._lock.notify_all()

    # -- what is saved --------------------------------------------------------------------------------

    def _changed(self, files: set[Path]) -> None:
        with self._told():
            self._unread |= files
            for chapter in (self._chapter, self._before):
                if chapter is not None:
                    chapter.changed |= files
            failures = (Failure.in_text(path) for path in sorted(self._unread) if path.suffix == ".py")
            if failure := next(filter(None, failures), None):
                self._failure = failure
                return
            self._version += 1
            self._failure = None
            version, wanted = self._version, self._wanted()
            self._quick.clear()
        for key, frame in wanted.items():
            self._draw_quickly(key, frame, version)
        self._begin()

    def _wanted(self) -> dict[str, int]:
        """What the pages look at: beats, with a frame of each. Without pages, what will be looked at first."""
        found = {want.key: want.frame for want in self._pages.values() if want.key in self._board.views}
        first = self._chosen if self._chosen in self._board.views else next(iter(self._board.views), None)
        return found or ({} if first is None else {first: -1})

    def _draw_quickly(self, key: str, frame: int, version: int) -> None:
        """Draw a beat from where it can be drawn already, if it can."""
        for chapter in (self._chapter, self._before):
            if chapter is None or key not in chapter.units or (taken := chapter.taken_in()) is None:
                continue
            unit, (texts, functions) = chapter.units[key], taken
            if (sleeping := chapter.before(unit, functions)) is None:
                continue
            quick = _Quick(version, chapter, sleeping, texts)
            with suppress(OSError, EOFError):
                answer = chapter.ask(sleeping, Draw("survey", unit.index, unit.by_plays, sources=texts))
                if answer[0] != "survey":
                    return
                now = next((one for one in units_of(*answer[1:]) if one.index == unit.index), None)
                if now is None:
                    return
                pictures = chapter.ask(sleeping, stills(now, frame, texts))
                with self._told():
                    if version == self._version and pictures[0] == "stills" and key in self._board.views:
                        view = self._board.views[key]
                        view.now(now)
                        self._board.take_stills(view, pictures[1], version)
                        view.doubtful = True
                        self._quick[key] = quick
            return

    # -- playing --------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Play the chapter again, from its beginning."""
        with self._told():
            version, unread = self._version, self._unread
            self._unread = set()
            if self._chapter is not None and not self._chapter.over:
                self._chapter.close()
                self._chapter = None
        self._warm.saved(unread)
        try:
            chapter = self._warm.play(self._name, self._how, version)
        except Broken as error:
            with self._told():
                self._failure = error.failure
            self._saved.add(path for folder in (FOLDER.parent,) for path in folder.glob("*.py"))
            return
        except OSError:  # the session is over
            return
        with self._told():
            if self._chapter is not None:
                if self._before is not None:
                    self._before.close()
                self._before = self._chapter
            self._chapter = chapter
        threading.Thread(target=self._listen, args=(chapter,), daemon=True).start()

    def _listen(self, chapter: Chapter) -> None:
        """Take what a chapter tells while it is played."""
        try:
            while True:
                kind, *what = chapter.connection.recv()
                if kind == "target":
                    self._saved.add(code_of(Path(what[0])).files.values())
                elif kind == "done":
                    self._saved.add(map(Path, what[2]))
                with self._told():
                    self._take(chapter, kind, what)
        except (OSError, EOFError, TypeError):  # it was closed, here or there
            with self._told():
                if chapter is self._chapter and not (chapter.over or chapter.failed):
                    self._failure = Failure("the process that plays the chapter has ended (out of memory?)")

    def _take(self, chapter: Chapter, kind: str, what: list[Any]) -> None:
        current = chapter is self._chapter
        if kind == "asleep":
            chapter.slept(*what)
        elif kind == "began":
            about, chapter.texts = what
            if current:
                self._about = about
        elif kind == "target" and current:
            self._chosen = self._chosen or what[1] or ""
        elif kind == "refused":
            if not self._board.views:
                self.refused = what[0]
            self._failure = Failure(what[0])
        elif kind == "failed":
            chapter.failed = True
            if current:
                self._failure = what[0]
        elif kind in ("beat", "done"):
            units = units_of(what[0], what[1]) if kind == "done" else units_of(what[0], over=False)
            chapter.units = {unit.key: unit for unit in units}
            chapter.over = kind == "done"
            if current:
                self._show(units, chapter)

    def _show(self, units: list[Unit], chapter: Chapter) -> None:
        """Let the page show these units; until the chapter is over, those that it showed before stay, too."""
        before, keys = self._board.views, [unit.key for unit in units]
        if chapter.over and self._chosen and self._chosen not in keys:
            named = next((key for key in keys if _same(key, self._chosen)), None)
            if named is None and self._version == 1:
                self.refused = str(unknown(f"beat of {self._name.rpartition(':')[0]}", self._chosen, keys))
            self._chosen = named or next(iter(keys), "")
        for unit in units:
            if unit.key in before:
                before[unit.key].now(unit)
        shown = {unit.key: before.get(unit.key) or View(unit) for unit in units}
        rest = {} if chapter.over else {key: view for key, view in before.items() if key not in shown}
        self._board.views = {**shown, **rest}
        if chapter.over and chapter.version == self._version:
            self._failure = None

    # -- drawing --------------------------------------------------------------------------------------

    def _draw_on(self) -> None:
        while True:
            with self._lock:
                task = None
                while not self._over and (task := self._next()) is None:
                    self._lock.wait(1.0)
                if task is None:
                    return
                self._board.busy.add((task.what, task.key))
            answer: tuple[Any, ...] | None = None
            with suppress(OSError, EOFError):
                answer = task.chapter.ask(task.sleeping, task.draw)
            with self._told():
                self._board.busy.discard((task.what, task.key))
                self._board.take(task, answer, self._version, current=task.chapter is self._chapter)

    def _next(self) -> Task | None:
        if self._awaited:
            return None  # playing up to there takes a whole processor
        for what, key, frame in self._board.missing(self._wanted(), self._version, played=self._played):
            if task := self._task(what, key, frame):
                return task
        return None

    @property
    def _awaited(self) -> bool:
        """Whether the chapter is being played, and has not come to what somebody looks at."""
        looked = [want.key for want in self._pages.values() if want.key] or [self._chosen]
        there = any(_same(one, key) for one in looked for key in self._board.views)
        playing = self._chapter is not None and not (self._chapter.over or self._chapter.failed)
        return playing and looked != [""] and not there

    @property
    def _played(self) -> bool:
        return self._chapter is not None and self._chapter.over and self._chapter.version == self._version

    def _task(self, what: str, key: str, frame: int) -> Task | None:
        version, chapter, quick = self._version, self._chapter, self._quick.get(key)
        texts: dict[str, str] = {}
        unit, sleeping = self._board.views[key].unit, None
        if chapter is not None and chapter.version == version and key in chapter.units:
            unit = chapter.units[key]
            sleeping = chapter.before(unit)
        elif quick is not None and quick.version == version:
            chapter, sleeping, texts = quick.chapter, quick.sleeping, quick.texts
        if chapter is None or sleeping is None:
            return None
        if what == "stills":
            draw = stills(unit, frame, texts)
        else:
            draw = Draw(what, first=unit.start, end=unit.end, sources=texts)
        return Task(what, key, version, chapter, sleeping, draw)


def _same(one: str, other: str) -> bool:
    return one.replace("-", "_") == other.replace("-", "_")
