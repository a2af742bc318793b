"""Narration: a beat's words, cut into sentences, each with a clip if it is spoken, and those into captions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from .spoken import aloud

__all__ = [
    "MAX_CUE",
    "Beat",
    "Clip",
    "Cue",
    "Sentence",
    "Speaker",
    "cut",
    "reading_time",
    "sentences",
    "split",
]

#: Characters in a cue: one line of the caption zone.
MAX_CUE = 84


@dataclass(frozen=True)
class Clip:
    """A sentence as it is heard: the file, and how long it sounds, in seconds."""

    file: Path
    seconds: float


#: Says a sentence: called with its key, ``"<beat key>.<n>"`` with n from 1, and the text to be spoken.
Speaker = Callable[[str, str], Clip]


@dataclass
class Cue:
    """One caption: its text, and the frames from which and before which it is shown; ``None`` until that is known."""

    text: str
    start: int | None = None
    end: int | None = None

    @property
    def seconds(self) -> float:
        """The time that it takes to be read, in seconds."""
        return reading_time(self.text)


@dataclass
class Sentence:
    """What is said in one breath: its key, the words as written and as spoken, its captions, its clip if it has one.

    ``start`` and ``end`` are the frames from which and before which it is said, or read; ``None`` until that is known.
    """

    key: str
    text: str
    spoken: str
    cues: list[Cue]
    clip: Clip | None = None
    start: int | None = None
    end: int | None = None

    @property
    def seconds(self) -> float:
        """How long it is: as its clip, or as its captions take to be read."""
        return self.clip.seconds if self.clip else sum(cue.seconds for cue in self.cues)


@dataclass
class Beat:
    """One idea of a chapter: its key, its words, its sentences, and the frames that it took."""

    key: str
    text: str
    start: int
    sentences: list[Sentence] = field(default_factory=list)
    end: int | None = None

    @property
    def cues(self) -> list[Cue]:
        """The captions that have been shown."""
        found = chain.from_iterable(sentence.cues for sentence in self.sentences)
        return [cue for cue in found if cue.start is not None]


def sentences(
    key: str, text: str, spoken: str | Sequence[str | None] | None = None, speaker: Speaker | None = None
) -> list[Sentence]:
    """The sentences of a beat: what ``spoken`` says, or `aloud` makes of the words, as the ``speaker`` says it.

    ``spoken`` is a text of as many sentences, or one text for each (``None`` where `aloud` will do).
    `ValueError` if there are more or fewer.

    >>> [(s.key, s.spoken) for s in sentences("cost", "The cost. It is −1.")]
    [('cost.1', 'The cost.'), ('cost.2', 'It is minus 1.')]
    """
    written = split(text)
    said = [None] * len(written) if spoken is None else split(spoken) if isinstance(spoken, str) else list(spoken)
    if len(said) != len(written):
        raise ValueError(f"beat {key!r}: found {len(said)} spoken sentences, expected {len(written)}, as in its text")
    made = []
    for number, (words, voiced) in enumerate(zip(written, said, strict=True), 1):
        name, voiced = f"{key}.{number}", aloud(voiced or words)
        clip = speaker(name, voiced) if speaker else None
        made.append(Sentence(name, words, voiced, [Cue(part) for part in _halves(words, MAX_CUE)], clip))
    return made


def reading_time(text: str) -> float:
    """Seconds that a reader needs for a caption.

    >>> round(reading_time("The cost falls."), 2)
    1.5
    """
    return max(1.2, 0.5 + len(text) / 15)


def split(text: str) -> list[str]:
    """The sentences of a text.

    >>> split("It is 0.5. Or is it?")
    ['It is 0.5.', 'Or is it?']
    """
    return re.split(r"(?<=[.!?])\s+", " ".join(text.split()))


def cut(text: str, limit: int = MAX_CUE) -> list[str]:
    """The text's captions: each sentence one, a long one cut near its middle, best after its punctuation.

    >>> cut("One idea. Then another.")
    ['One idea.', 'Then another.']
    """
    return [cue for sentence in split(text) for cue in _halves(sentence, limit)]


def _halves(sentence: str, limit: int) -> list[str]:
    if len(sentence) <= limit:
        return [sentence]
    middle = len(sentence) / 2

    def badness(place: int) -> float:
        # A pause of the voice is the best place; then before a conjunction; never inside "a = b".
        before, after = sentence[:place], sentence[place + 1 :]
        bonus = 0.30 if before[-1] in ",;:" else 0.15 if re.match(r"(and|but|which|that|so|when|where)\b", after) else 0
        around = 0.2 if before[-1] in "=≈+−·" or after[0] in "=≈+−·" else 0
        return abs(place - middle) / len(sentence) - bonus + around

    places = [m.start() for m in re.finditer(" ", sentence)]
    if not places:
        raise ValueError(f"narration has a word longer than a caption: {sentence!r}")
    place = min(places, key=badness)
    return _halves(sentence[:place], limit) + _halves(sentence[place + 1 :], limit)
