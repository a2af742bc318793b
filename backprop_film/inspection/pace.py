"""What a careful viewer would object to in the pace of a chapter.

- ``empty``: for longer than 1 s there is nothing in the picture but the title and the caption.
- ``still``: for longer than 4 s nothing moves, and there is little to read.
- ``late caption``: a caption that stands over a still picture, right after the move that it belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..timeline import BeatSpan

__all__ = ["Look", "Pace"]

EMPTY = 1.0
STILL = 4.0
#: So many glyphs a second are read in a picture that is new.
_READ = 6.0
_SHORT = 1.5  # a caption that stands no longer is over before one misses the move
_RIGHT_AFTER = 0.5


@dataclass(frozen=True)
class Look:
    """What was seen from a frame on: whether it had changed since the look before, and how much there is of it."""

    frame: int
    changed: bool
    shapes: int
    glyphs: int


class Pace:
    """All looks at a chapter, in order; the caption and the title are no part of them."""

    def __init__(self, fps: int) -> None:
        self.fps = fps
        self.looks: list[Look] = []

    def findings(self, end: int, beats: tuple[BeatSpan, ...]) -> Iterator[tuple[str, int, int, str]]:
        """Kind, first frame, last frame and what it says, for all that is objected to; the chapter ends at ``end``."""
        for first, last in self._spans(end, lambda look: look.shapes == 0, ongoing=True):
            if last - first > EMPTY * self.fps:
                yield "empty", first, last, f"shows nothing for {(last - first) / self.fps:.1f} s"
        stills = list(self._spans(end, lambda look: not look.changed, ongoing=False))
        for first, last in stills:
            seconds = (last - first) / self.fps
            if seconds > max(STILL, 1.0 + self._new_glyphs(first) / _READ):
                yield "still", first, last, f"stands still for {seconds:.1f} s"
        for beat in beats:
            for cue in beat.cues:
                within = next((s for s in stills if s[0] <= cue.start and cue.end <= s[1]), None)
                after = (
                    within is not None and beat.start < within[0] and cue.start - within[0] < _RIGHT_AFTER * self.fps
                )
                if within and after and cue.end - cue.start > _SHORT * self.fps:
                    yield "late caption", cue.start, cue.end, f"“{cue.text}” comes when its move is over"

    def _spans(self, end: int, holds: Callable[[Look], bool], *, ongoing: bool) -> Iterator[tuple[int, int]]:
        """From the first frame to the last of each stretch of looks for which it ``holds``.

        What is ``ongoing`` begins with the first such look; what has not changed, with the look before it.
        """
        start: int | None = None
        for number, look in enumerate(self.looks):
            if holds(look):
                if start is None:
                    start = look.frame if ongoing or not number else self.looks[number - 1].frame
            elif start is not None:
                yield start, self.looks[number - 1].frame if not ongoing else look.frame
                start = None
        if start is not None:
            yield start, end

    def _new_glyphs(self, frame: int) -> int:
        """How many glyphs more there are than 4 seconds before a frame."""
        before = [look.glyphs for look in self.looks if look.frame <= frame - 4 * self.fps]
        now = [look.glyphs for look in self.looks if look.frame <= frame]
        return (now[-1] if now else 0) - (before[-1] if before else 0)
