"""What the page knows of a chapter: its beats, each with what has been drawn of it, and of which version."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from backprop_math import Cost, Target

from ..timeline import NumberSpan, Timeline

__all__ = ["Blobs", "Unit", "View", "colours", "units_of"]

_PLAIN = ("background", "ink", "secondary", "line", "surface", "highlight")
_KINDS = {"cost": Cost, "target": Target}
_OVERALL = 60_000_000  # bytes of pictures and videos that are kept when nothing shows them any more


def colours(palette: Any) -> dict[str, str]:
    """What the page takes of a film's `Palette`, or of its `Theme`, so that it looks as the film does.

    >>> from backprop_film.kit.palettes import PALETTES
    >>> colours(PALETTES["light"])["background"]
    '#FCFCFB'
    """
    roles = getattr(palette, "roles", {})
    found = {name: getattr(palette, name) for name in _PLAIN}
    return found | {name: roles[kind] if roles else getattr(palette, name) for name, kind in _KINDS.items()}


@dataclass(frozen=True)
class Unit:
    """A beat; where a scene has none, a section or a play. ``cues`` and ``numbers`` count frames from its start."""

    index: int
    key: str
    title: str
    text: str
    start: int
    end: int
    by_plays: bool = False
    cues: tuple[dict[str, Any], ...] = ()
    numbers: tuple[dict[str, Any], ...] = ()

    @property
    def frames(self) -> int:
        """How many it has."""
        return self.end - self.start


def units_of(line: Timeline, plays: Sequence[tuple[str, int]] = (), *, over: bool = True) -> list[Unit]:
    """The units of what has been played; ``plays`` are what each was, and the frame at which it was over.

    A scene with a single beat without words has no beats: it is looked at play by play.
    """
    worded = any(beat.text for beat in line.beats)
    if len(line.beats) > 1 or worded:
        return [
            Unit(
                index,
                beat.key,
                beat.title,
                beat.text,
                beat.start,
                beat.end,
                False,
                *_within(line, beat.start, beat.end),
            )
            for index, beat in enumerate(line.beats)
            if beat.end > beat.start
        ]
    found, start = [], 0
    for index, (what, end) in enumerate(plays if over else ()):
        if end > start:
            found.append(Unit(index, str(index + 1), what, "", start, end, True, *_within(line, start, end)))
        start = end
    return found


def _within(line: Timeline, start: int, end: int) -> tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...]]:
    cues = [cue for beat in line.beats for cue in beat.cues if cue.start < end and start < cue.end]
    numbers = [one for one in line.numbers if one.start < end and start < max(one.end, one.start + 1)]
    return (
        tuple({"text": cue.text, "start": cue.start - start, "end": cue.end - start} for cue in cues),
        tuple(_number(one, start) for one in numbers),
    )


def _number(one: NumberSpan, start: int) -> dict[str, Any]:
    return {
        "text": one.text, "value": one.value, "quantity": one.quantity, "expression": one.expression,
        "words": one.words, "start": one.start - start, "end": one.end - start,
    }  # fmt: skip


@dataclass
class View:
    """A unit and what has been drawn of it. Each is of the version of the code that stands beside it, 0 for none."""

    unit: Unit
    pictures: dict[int, str] = field(default_factory=dict)
    drawn: int = 0
    clip: str = ""
    filmed: int = 0
    findings: list[dict[str, Any]] = field(default_factory=list)
    judged: int = 0
    doubtful: bool = False  # drawn from where a change was taken in; to be compared

    def now(self, unit: Unit) -> None:
        """The unit as it is now; what is drawn of it stays until there is something new."""
        if unit.frames != self.unit.frames:
            self.drawn = self.filmed = self.judged = 0
        self.unit = unit

    def told(self, version: int) -> dict[str, Any]:
        """For the page."""
        unit = self.unit
        return {
            "key": unit.key, "title": unit.title, "text": unit.text, "start": unit.start, "frames": unit.frames,
            "cues": unit.cues, "numbers": unit.numbers, "pictures": self.pictures, "clip": self.clip,
            "findings": self.findings, "drawn": self.drawn == version, "filmed": self.filmed == version,
            "judged": self.judged == version,
        }  # fmt: skip


class Blobs:
    """Pictures and videos by the hash of their content; the oldest go when there are too many."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[str, bytes]] = {}
        self._size = 0

    def put(self, kind: str, content: bytes) -> str:
        """Keep this; its name."""
        name = hashlib.sha256(content).hexdigest()[:24]
        if name not in self._held:
            self._size += len(content)
        self._held[name] = (kind, content)
        return name

    def get(self, name: str) -> tuple[str, bytes] | None:
        """What has this name."""
        return self._held.get(name)

    def clear(self, but: set[str]) -> None:
        """Let go of the oldest that are not among these."""
        for name in list(self._held):
            if self._size <= _OVERALL:
                return
            if name not in but:
                self._size -= len(self._held.pop(name)[1])
