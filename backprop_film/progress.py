"""How far a film is: lines that move on a terminal, a few plain ones elsewhere, or one JSON object for each event.

What happens is told as an `Event`, of one of these kinds (``event``), each with some of the fields:

``begin``
    The chapters are known: how many there are (``chapters``), how many of them are ``reused``, and how long the others
    are together (``of``).
``reused``, ``done``
    A chapter is there as it was rendered before, or has been rendered: its length is ``frames``.
``progress``
    A chapter is at frame ``frames`` of ``of``, in the beat ``beat``. ``of`` is as good as the chapter's last length,
    if it has changed since.
``joined``
    A film is written: its ``path``, its length in ``frames``.
``failed``
    A chapter or a film has failed: ``problem``, in one line.

``chapter`` and ``example`` say of which chapter, ``fps`` how many frames are a second of film. As JSON, each has
``time`` too, in seconds since the beginning, and those that tell of frames also ``percent``, ``speed`` (seconds of film
for each second of work) and ``left`` (seconds), as far as they are known.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from types import TracebackType
from typing import Any, Protocol, Self, TextIO

from .timeline import clock

__all__ = ["KINDS", "Display", "Event", "Pace", "display"]

#: What ``--progress`` may say.
KINDS = ("auto", "json", "none")


@dataclass(frozen=True)
class Event:
    """Something that happened in the making of a film."""

    event: str
    chapter: str | None = None
    example: str | None = None
    beat: str | None = None
    frames: int | None = None
    of: int | None = None
    fps: int | None = None
    chapters: int | None = None
    reused: int | None = None
    path: str | None = None
    problem: str | None = None

    @property
    def label(self) -> str:
        """The chapter, and the example that was asked for."""
        return f"{self.chapter} ({self.example})" if self.example else str(self.chapter)


class Display(AbstractContextManager["Display"], Protocol):
    """Shows what happens, while it is entered."""

    def __call__(self, event: Event) -> None:
        """Show an event."""


def display(kind: str, file: TextIO | None = None) -> Display:
    """The display of a kind (of `KINDS`) for a file, stderr if none is given."""
    from rich.console import Console

    file = file or sys.stderr
    if kind == "none":
        return _Nothing()
    if kind == "json":
        return _Json(file)
    console = Console(file=file)
    return _Bars(console) if console.is_terminal and not console.is_dumb_terminal else _Lines(file)


class Pace:
    """How quickly chapters go on, from what is told of them."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._began = now()
        self._first: dict[str, tuple[float, int]] = {}

    @property
    def time(self) -> float:
        """Seconds since the beginning."""
        return self._now() - self._began

    def of(self, event: Event) -> tuple[float | None, float | None]:
        """Seconds of film for each second of work, and how many seconds of work are left; ``None`` if not known."""
        if event.frames is None or not event.fps:
            return None, None
        began, first = self._first.setdefault(
            event.label, (self.time, event.frames if event.event == "progress" else 0)
        )
        seconds, frames = self.time - began, event.frames - first
        if seconds <= 0 or frames <= 0:
            return None, None
        left = max(0, event.of - event.frames) / frames * seconds if event.of else None
        return frames / event.fps / seconds, left


class _Quiet:
    """What all displays have in common."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        pass


class _Nothing(_Quiet):
    def __call__(self, event: Event) -> None:
        pass


class _Json(_Quiet):
    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._pace = Pace()

    def __call__(self, event: Event) -> None:
        said: dict[str, Any] = {name: value for name, value in asdict(event).items() if value is not None}
        said["time"] = round(self._pace.time, 2)
        if event.event in ("progress", "done"):
            if event.of:
                said["percent"] = round(min(100.0, 100 * (event.frames or 0) / event.of), 1)
            for name, value in zip(("speed", "left"), self._pace.of(event), strict=True):
                if value is not None:
                    said[name] = round(value, 2)
        print(json.dumps(said), file=self._file, flush=True)


class _Lines(_Quiet):
    """A line for each chapter that has been rendered, and one that says what is reused."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._pace = Pace()

    def __call__(self, event: Event) -> None:
        if event.event == "begin" and event.reused:
            self._print(f"{event.reused} of {event.chapters} reused")
        elif event.event == "progress":
            self._pace.of(event)
        elif event.event == "done":
            speed = self._pace.of(event)[0]
            length = clock((event.frames or 0) / (event.fps or 1))
            fast = f", {speed:.1f} x as fast as it plays" if speed else ""
            self._print(f"{event.label}: {length}{fast}; {self._pace.time:.0f} s so far")

    def _print(self, text: str) -> None:
        print(text, file=self._file, flush=True)


class _Bars(_Quiet):
    """A line for each chapter that is being rendered, with its beat, and one for all of them together."""

    def __init__(self, console: Any) -> None:
        from rich.progress import BarColumn, Progress, TaskID, TextColumn

        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f} %", markup=False),
            TextColumn("{task.fields[speed]:>7}", markup=False),
            TextColumn("{task.fields[left]:>9}", markup=False),
            TextColumn("{task.fields[beat]}", markup=False, style="dim"),
            console=console,
            transient=True,
        )
        self._console = console
        self._pace = Pace()
        self._tasks: dict[str, TaskID] = {}
        self._all = Event("progress", "all", frames=0)
        self._frames: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bars.stop()

    def __call__(self, event: Event) -> None:
        if event.event == "begin":
            if event.reused:
                self._console.print(f"{event.reused} of {event.chapters} reused", highlight=False)
            self._all = replace(self._all, of=event.of)
        elif event.event == "progress":
            self._show(event)
        elif event.event in ("done", "failed") and event.label in self._tasks:
            self._bars.update(self._tasks[event.label], visible=False)
        if event.event in ("progress", "done"):
            self._frames[event.label] = event.frames or 0
            self._all = replace(self._all, frames=sum(self._frames.values()), fps=event.fps)
            self._show(self._all)

    def _show(self, event: Event) -> None:
        speed, left = self._pace.of(event)
        if event.label not in self._tasks:
            self._tasks[event.label] = self._bars.add_task(event.label, total=None, beat="", speed="", left="")
        self._bars.update(
            self._tasks[event.label],
            completed=event.frames,
            total=max(event.of, event.frames or 0) if event.of else None,
            beat=event.beat or "",
            speed=f"{speed:.1f} x" if speed else "",
            left=f"{clock(left).partition('.')[0]} left" if left is not None else "",
        )
