"""Narration as captions: a beat's words are cut into cues, each shown for as long as it takes to read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

__all__ = ["MAX_CUE", "Beat", "Cue", "aloud", "cut", "reading_time"]

#: Characters in a cue: one line of the caption zone.
MAX_CUE = 84


@dataclass
class Cue:
    """One caption: its text, and the frames from which and before which it is shown."""

    text: str
    start: int = 0
    end: int | None = None

    @property
    def seconds(self) -> float:
        """The least time that it is shown, in seconds."""
        return reading_time(self.text)


@dataclass
class Beat:
    """One idea of a chapter: its key, its words, and the frames that it took."""

    key: str
    text: str
    spoken: str
    start: int
    end: int | None = None
    cues: list[Cue] = field(default_factory=list)


_ALOUD = {"∂": "del ", "₀": " nought", " − ": " minus ", "−": "minus ", "≈": "about"}


def aloud(text: str) -> str:
    """The words as a voice would say them, where the captions have signs.

    >>> aloud("∂z is −0.25")
    'del z is minus 0.25'
    """
    for sign, words in _ALOUD.items():
        text = text.replace(sign, words)
    return text


def reading_time(text: str) -> float:
    """Seconds that a reader needs for a caption.

    >>> round(reading_time("The cost falls."), 2)
    1.5
    """
    return max(1.2, 0.5 + len(text) / 15)


def cut(text: str, limit: int = MAX_CUE) -> list[str]:
    """The text's captions: each sentence one, a long one cut near its middle, best after its punctuation.

    >>> cut("One idea. Then another.")
    ['One idea.', 'Then another.']
    """
    sentences = re.split(r"(?<=[.!?])\s+", " ".join(text.split()))
    return [cue for sentence in sentences for cue in _halves(sentence, limit)]


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
