"""When things happen in a chapter, in whole frames: what a chapter's undrawn pass leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .errors import Problem, unknown

__all__ = [
    "BeatSpan",
    "CueSpan",
    "ExampleSource",
    "NumberSpan",
    "SoundSpan",
    "SourceFile",
    "SpeechSpan",
    "Timeline",
    "clock",
]


@dataclass(frozen=True)
class CueSpan:
    """A caption, from its first frame up to but without frame ``end``."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class BeatSpan:
    """One narrated thought, from its first frame up to but without frame ``end``."""

    key: str
    text: str
    start: int
    end: int
    cues: tuple[CueSpan, ...] = ()

    @property
    def title(self) -> str:
        """The key as words: ``six_numbers`` becomes ``Six numbers``."""
        words = self.key.replace("_", " ").replace("-", " ").strip()
        return words[:1].upper() + words[1:]


@dataclass(frozen=True)
class SpeechSpan:
    """A sentence, from its first frame up to but without frame ``end``, at which it has been said (or read).

    ``key`` is the beat's and the sentence's number in it, ``cost.2``; ``file`` is its clip, ``None`` if it is not
    spoken.
    """

    key: str
    text: str
    spoken: str
    start: int
    end: int
    file: Path | None = None


@dataclass(frozen=True)
class SoundSpan:
    """A sound file, from so many seconds after the chapter's start; ``gain`` and ``background`` are in decibels."""

    file: Path
    start: float
    gain: float = 0.0
    background: float = 0.0


@dataclass(frozen=True)
class NumberSpan:
    """A number that is shown, from frame ``start``, at which the move ends that brings it, to ``end``, as that of its
    leaving begins.

    ``expression`` is what it is the value of, as `backprop_math.checks.Recalculation` calculates it from the
    `ExampleSource` whose ``key`` is ``example``; both are empty where that is not known. ``words`` says that it is read
    or heard.
    """

    text: str
    value: float
    quantity: str
    expression: str
    example: str
    beat: str
    start: int
    end: int
    words: bool = False


@dataclass(frozen=True)
class SourceFile:
    """A file's name and content, in parts: as text, or ``packed``, by zlib and each part in base 64."""

    name: str
    content: tuple[str, ...]
    packed: bool = False


@dataclass(frozen=True)
class ExampleSource:
    """All that an example is read from: its file, and those that it refers to. ``key`` is the hash of them."""

    key: str
    name: str
    files: tuple[SourceFile, ...]


@dataclass(frozen=True)
class Timeline:
    """A chapter's length, beats, sounds, sentences and numbers at a frame rate."""

    chapter: str
    title: str
    fps: int
    frames: int
    beats: tuple[BeatSpan, ...] = field(default=())
    sounds: tuple[SoundSpan, ...] = ()
    speech: tuple[SpeechSpan, ...] = ()
    numbers: tuple[NumberSpan, ...] = ()
    examples: tuple[ExampleSource, ...] = ()

    @classmethod
    def of(cls, name: str, chapter: Any, fps: int) -> Timeline:
        """What a played `Chapter` or `PlainScene` has recorded; what is still open ends at its last frame."""

        def closed(end: int | None) -> int:
            return chapter.frame if end is None else min(end, chapter.frame)

        beats = tuple(
            BeatSpan(
                beat.key,
                beat.text,
                beat.start,
                closed(beat.end),
                tuple(CueSpan(c.text, c.start, closed(c.end)) for c in beat.cues if c.start < chapter.frame),
            )
            for beat in chapter.beats
        )
        title = chapter.title or type(chapter).__name__
        speech = tuple(
            SpeechSpan(s.key, s.text, s.spoken, s.start, closed(s.end), s.clip.file if s.clip else None)
            for beat in chapter.beats
            for s in beat.sentences
            if s.start is not None and s.start < chapter.frame
        )
        found = cls(name, title, fps, chapter.frame, beats, tuple(chapter.manager.sounds), speech)
        return found if chapter.book is None else replace(found, **chapter.book.spans(chapter))

    @property
    def seconds(self) -> float:
        """How long the chapter lasts."""
        return self.frames / self.fps

    def beat(self, key: str) -> BeatSpan:
        """The beat with this key (``-`` and ``_`` are the same). `Problem` naming the nearest if there is none."""
        for beat in self.beats:
            if beat.key.replace("-", "_") == key.replace("-", "_"):
                return beat
        if not self.beats:
            raise Problem(f"chapter {self.chapter} has no beats")
        raise unknown(f"beat of {self.chapter}", key, [beat.key for beat in self.beats])

    def beat_at(self, frame: int) -> BeatSpan | None:
        """The beat that holds this frame."""
        return next((beat for beat in self.beats if beat.start <= frame < beat.end), None)


def clock(seconds: float) -> str:
    """A time as it is read.

    >>> clock(75.24)
    '1:15.2'
    """
    tenths = int(seconds * 10 + 1e-6)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"
