"""How far a render is: a bar on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from .render import Progress as Report

__all__ = ["Display"]


class Display:
    """Shows `Report`s for chapters whose lengths in frames are known.

    On a terminal that can do more than print there is a line for each chapter that is being rendered, with its
    beat, and one for the film with the time left. Elsewhere each chapter gets a line when it is done.
    """

    def __init__(self, lengths: Mapping[str, int], file: TextIO | None = None) -> None:
        self._lengths = dict(lengths)
        self._done = dict.fromkeys(lengths, 0)
        self._file = file or sys.stderr
        self._began = time.monotonic()
        self._bar: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        console = Console(file=self._file)
        if console.is_terminal and not console.is_dumb_terminal:
            self._bar = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(bar_width=24),
                TextColumn("{task.completed:.0f}/{task.total:.0f} frames"),
                TimeRemainingColumn(),
                TextColumn("{task.fields[beat]}", markup=False, style="dim"),
                console=console,
                transient=True,
            )
            self._bar.start()
            self._film = self._bar.add_task("film", total=sum(self._lengths.values()), beat="")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, report: Report) -> None:
        """Take notice of how far a chapter is."""
        name, before = report.chapter, self._done[report.chapter]
        self._done[name] = report.frames
        finished = report.frames >= self._lengths[name]
        if self._bar is not None:
            self._advance(self._bar, report, finished)
        elif finished and before < self._lengths[name]:
            done, total = sum(self._done.values()), sum(self._lengths.values())
            seconds = time.monotonic() - self._began
            print(f"{name}: {report.frames} frames; {done} of {total}, {seconds:.0f} s", file=self._file, flush=True)

    def _advance(self, bar: Progress, report: Report, finished: bool) -> None:
        name = report.chapter
        if name not in self._tasks:
            self._tasks[name] = bar.add_task(name, total=self._lengths[name], beat="")
        bar.update(self._tasks[name], completed=report.frames, beat=report.beat, visible=not finished)
        bar.update(self._film, completed=sum(self._done.values()))
