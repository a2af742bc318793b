"""The board of one ``backprop watch``: what is shown, and what of it is out of date and to be drawn again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .questions import Draw
from .view import Blobs, Unit, View
from .warm import Chapter, Sleeping

__all__ = ["Board", "Task", "stills"]


@dataclass(frozen=True)
class Task:
    """Something to be drawn of a unit, from a copy that sleeps."""

    what: str
    key: str
    version: int
    chapter: Chapter
    sleeping: Sleeping
    draw: Draw


class Board:
    """The ``views`` by the keys of their units, their pictures and videos, and what is ``busy``: being drawn."""

    def __init__(self) -> None:
        self.views: dict[str, View] = {}
        self.blobs = Blobs()
        self.busy: set[tuple[str, str]] = set()
        self._in_vain: set[tuple[str, str, int]] = set()

    def missing(self, wanted: dict[str, int], version: int, *, played: bool) -> Iterator[tuple[str, str, int]]:
        """What is to be drawn and is not being drawn: what, of which unit, and the frame; what is most urgent first.

        ``wanted`` are the units looked at, with a frame of each; ``played``, whether the chapter has been played anew.
        """
        for what, key, frame in self._old(wanted, version, played):
            if (what, key) not in self.busy and (what, key, version) not in self._in_vain:
                yield what, key, frame

    def _old(self, wanted: dict[str, int], version: int, played: bool) -> Iterator[tuple[str, str, int]]:
        views = self.views
        for key, frame in wanted.items():
            view = views[key]
            if view.drawn < version:
                yield "stills", key, frame
            if view.filmed < version:
                yield "clip", key, frame
        if any(views[key].filmed < version and ("clip", key, version) not in self._in_vain for key in wanted):
            return  # nothing takes a processor from what somebody waits for
        for key, frame in wanted.items():
            if views[key].judged < version:
                yield "findings", key, frame
        keys = list(views)
        middle = keys.index(next(iter(wanted))) if wanted else 0
        for key in sorted(keys, key=lambda key: abs(keys.index(key) - middle)):
            if views[key].drawn < version or (views[key].doubtful and played):
                yield "stills", key, -1

    def take(self, task: Task, answer: tuple[Any, ...] | None, version: int, *, current: bool) -> None:
        """What has been drawn; ``None``, if the copy was gone. ``current``, whether its chapter is still the one."""
        view = self.views.get(task.key)
        if answer is None or answer[0] == "failed" or view is None:
            if answer is not None or current:
                self._in_vain.add((task.what, task.key, task.version))
            return
        if task.version != version:
            return
        if task.what == "stills":
            doubted, before = view.doubtful and not task.draw.sources, dict(view.pictures)
            self.take_stills(view, answer[1], task.version, task.draw.first)
            if doubted and any(view.pictures[at] != before[at] for at in before.keys() & view.pictures.keys()):
                view.filmed = view.judged = 0
            if doubted:
                view.doubtful = False
                view.pictures = {**before, **view.pictures}
        elif task.what == "clip":
            view.clip, view.filmed = self.blobs.put("video/mp4", answer[1]), task.version
        else:
            view.findings, view.judged = answer[1], task.version
        self.blobs.clear({name for one in self.views.values() for name in (one.clip, *one.pictures.values())})

    def take_stills(self, view: View, pictures: dict[int, bytes], version: int, first: int | None = None) -> None:
        """Stills of a unit, by their frames."""
        start = view.unit.start if first is None else first
        view.pictures = {frame - start: self.blobs.put("image/png", png) for frame, png in pictures.items()}
        view.drawn = version


def stills(unit: Unit, frame: int, texts: dict[str, str]) -> Draw:
    """A unit's last picture, and one frame of it, if that is not negative; with these ``texts`` of its sources."""
    last = unit.frames - 1
    offsets = sorted({last, last if frame < 0 else min(frame, last)})
    return Draw("stills", frames=tuple(unit.start + one for one in offsets), end=unit.end, first=unit.start,
                sources=texts)  # fmt: skip
