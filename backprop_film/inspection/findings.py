"""Play a chapter undrawn and report what a careful viewer would object to.

Three kinds of things are looked at: what stands at the end of every play (`faults`), what happens in the middle of a
move (`moves`), and the pace (`pace`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from manim import Mobject
from PIL import Image, ImageDraw

from backprop_math import Cost

from ..errors import shown_path
from ..kit.theme import theme
from ..playback import Job, Played, capture, dressed, play
from ..timeline import Timeline, clock
from .faults import Fault, Faults
from .moves import Moves
from .origins import attribute, made_in, recorded
from .pace import Look, Pace
from .visible import Item, looks, visible_items

__all__ = ["EVERY", "Finding", "Inspector", "inspect", "pictured"]

#: Seconds between two looks at a move.
EVERY = 0.15


@dataclass(frozen=True)
class Finding:
    """One fault, from the moment at which it was first seen to the last, in seconds of the chapter.

    ``attribute`` is what holds the mobject in the scene (``self.tree``), ``source`` the file and line in which it was
    made; each is empty where there is none. ``boxes`` are where the mobjects concerned are when it is first seen: left,
    bottom, right and top, in units of the frame.
    """

    kind: str
    chapter: str
    beat: str
    start: float
    end: float
    mobject: str
    detail: str
    attribute: str = ""
    source: str = ""
    boxes: tuple[tuple[float, ...], ...] = ()

    def __str__(self) -> str:
        when = clock(self.start) if self.start == self.end else f"{clock(self.start)}–{clock(self.end)}"
        what = " ".join(word for word in (self.mobject, self.detail) if word)
        where = ", ".join(word for word in (self.attribute, self.source) if word)
        return f"{self.chapter}:{self.beat}  {when}  {self.kind}: {what}{f'  ({where})' if where else ''}"

    def as_dict(self) -> dict[str, Any]:
        """For JSON and tables."""
        return asdict(self)


def inspect(job: Job) -> list[Finding]:
    """Every fault of a chapter, in order of appearance; one that stays is reported once in each beat."""
    inspector = Inspector(job)
    with recorded():
        every = max(1, round(EVERY * job.size.fps))
        played, _ = play(job, observe=inspector.observe, look=inspector.look, every=every, numbers=False)
    inspector.judge_pace(Timeline.of(job.entry.name, played, job.size.fps))
    return sorted(inspector.found.values(), key=lambda finding: finding.start)


class Inspector:
    """Collects the faults of what is played: `look` in the middle of plays, `observe` at the end of each."""

    def __init__(self, job: Job) -> None:
        self.job, self.fps = job, job.size.fps
        self.found: dict[tuple[Any, ...], Finding] = {}
        self._faults, self._moves, self._pace = Faults(), Moves(), Pace(job.size.fps)
        self._kept: list[tuple[Item, ...]] = []  # so that no id is used twice
        self._seen, self._began, self._ended = b"", -1, 0

    def begin(self, chapter: Played) -> None:
        """Begin here, in a chapter that has been played up to this frame."""
        self._ended = chapter.frame
        self._note(chapter, visible_items(chapter), chapter.frame)

    def look(self, chapter: Played, frame: int) -> None:
        """Look at a moment in the middle of a play."""
        if chapter.frame != self._began:
            self._began = chapter.frame
            self._moves = Moves()
        items = visible_items(chapter)
        self._note(chapter, items, frame)
        for fault in self._moves.look(items, (frame - self._began) / self.fps):
            self._report(chapter, fault, frame)

    def observe(self, chapter: Played) -> None:
        """Look at what stands at the end of a play."""
        items = visible_items(chapter)
        if self._began < 0:  # nothing moved: it was seen from the start of the play
            self._note(chapter, items, self._ended)
        self._note(chapter, items, chapter.frame)
        self._began, self._ended = -1, chapter.frame
        for fault in self._faults(chapter):
            self._report(chapter, fault, chapter.frame)

    def _note(self, chapter: Played, items: Sequence[Item], frame: int) -> None:
        apart = {id(part) for part in _family(chapter.caption) + _family(getattr(chapter, "furniture", None))}
        stage = [item for item in items if id(item.mobject) not in apart]
        seen = looks(stage)
        glyphs = sum(len(item.parts) for item in stage if item.is_text)
        self._pace.looks.append(Look(frame, seen != self._seen, len(stage), glyphs))
        self._seen = seen

    def _report(self, chapter: Played, fault: Fault, frame: int) -> None:
        kind, items, detail = fault
        beat, now = chapter.beats[-1].key if chapter.beats else "", frame / self.fps
        # Of a word that flies over a text in single glyphs, one is told.
        concerned = items[1:] if kind == "flies over" else items
        same = (kind, beat, *(id(item.mobject) for item in concerned))
        if first := self.found.get(same):
            self.found[same] = Finding(**{**vars(first), "end": max(now, first.end)})
            return
        item = items[0]
        scene = getattr(chapter, "scene", chapter)
        line = made_in(item.mobject)
        self.found[same] = Finding(
            kind, self.job.entry.name, beat, now, now, item.name, detail, attribute(scene, *item.path, item.mobject),
            f"{shown_path(Path(line[0]))}:{line[1]}" if line else "",
            tuple(tuple(round(float(side), 3) for side in one.box) for one in items),
        )  # fmt: skip
        self._kept.append(items)

    def judge_pace(self, timeline: Timeline) -> None:
        """Add what is to be said of the chapter's pace."""
        for kind, first, last, detail in self._pace.findings(timeline.frames, timeline.beats):
            beat = next((beat.key for beat in timeline.beats if beat.start <= first < beat.end), "")
            name = self.job.entry.name
            self.found[kind, first] = Finding(kind, name, beat, first / self.fps, last / self.fps, "", detail)


def _family(mobject: Any) -> list[Mobject]:
    return [] if mobject is None else mobject.get_family()


def pictured(job: Job, findings: Sequence[Finding]) -> list[tuple[Finding, Image.Image]]:
    """Each finding with the picture of the moment at which it was first seen, the mobjects concerned in boxes."""
    frames = {finding: max(0, round(finding.start * job.size.fps) - _ends_play(finding)) for finding in findings}
    drawn = capture(job, frames.values()) if findings else {}
    with dressed(job):
        return [(finding, _boxed(drawn[frames[finding]], finding)) for finding in findings]


def _ends_play(finding: Finding) -> int:
    """1 for what was seen at the end of a play: the film's last picture of it is one frame before."""
    return int(finding.kind not in ("flies over", "doubled", "scrambled"))


def _boxed(picture: Image.Image, finding: Finding) -> Image.Image:
    picture = picture.copy()
    draw = ImageDraw.Draw(picture)
    unit = picture.height / 8.0
    for number, (left, bottom, right, top) in enumerate(finding.boxes):
        corners = (
            picture.width / 2 + left * unit - 3, picture.height / 2 - top * unit - 3,
            picture.width / 2 + right * unit + 3, picture.height / 2 - bottom * unit + 3,
        )  # fmt: skip
        draw.rectangle(corners, outline=theme.highlight if number else theme.role(Cost), width=max(2, round(unit / 30)))
    return picture
