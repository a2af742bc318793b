"""When the sentences of a beat are said, in whole frames; it knows nothing of pictures."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import accumulate, pairwise

from .narration import Beat, Sentence

__all__ = ["SpeechClock", "at"]

_AIR = 0.25  # seconds of silence after a spoken sentence
_NUDGE = 1e-9  # seconds that no frame is added for


def _whole_frames(seconds: float, fps: int) -> int:
    """The least number of frames that last so long."""
    return math.ceil((seconds - _NUDGE) * fps)


def _lengths(sentence: Sentence, fps: int) -> list[int]:
    """How many frames each caption of a sentence stands; in a clip, in proportion to its characters."""
    if sentence.clip is None:
        return [_whole_frames(cue.seconds, fps) for cue in sentence.cues]
    whole = max(_whole_frames(sentence.clip.seconds, fps), len(sentence.cues))
    said = list(accumulate((len(cue.text) for cue in sentence.cues), initial=0))
    return [round(whole * end / said[-1]) - round(whole * start / said[-1]) for start, end in pairwise(said)]


class SpeechClock:
    """Begins the sentences of a beat, one after the other, and knows when a word of them is reached.

    >>> from backprop_film.kit.narration import Beat, sentences
    >>> clock = SpeechClock(Beat("a", "One. And two.", 0, sentences("a", "One. And two.")), fps=10)
    >>> clock.begin(0)
    >>> clock.ready, clock.left  # it is read in 1.2 s, and another one is left
    (12, 1)
    >>> clock.begin(20)
    >>> clock.captions(10, 30)  # that of frame 10, and what comes within 30 frames
    [(0, 'One.'), (10, 'And two.')]
    """

    def __init__(self, beat: Beat, fps: int) -> None:
        self.beat, self.fps = beat, fps
        self._starts: list[int] = []
        self._captions: list[tuple[int, str]] = []
        self._found = (0, 0)  # sentence and place up to which words have been looked for

    @property
    def begun(self) -> int:
        """How many sentences have begun."""
        return len(self._starts)

    @property
    def left(self) -> int:
        """How many sentences have not begun."""
        return len(self.beat.sentences) - self.begun

    @property
    def ready(self) -> int:
        """The frame from which on the next sentence may begin: the last one has been said, and air taken."""
        return self._starts[-1] + self._needs(self.begun - 1)

    def _needs(self, index: int) -> int:
        """The least number of frames between the beginnings of a sentence and of the next one."""
        sentence = self.beat.sentences[index]
        return sum(_lengths(sentence, self.fps)) + (_whole_frames(_AIR, self.fps) if sentence.clip else 0)

    def begin(self, frame: int) -> None:
        """The next sentence begins."""
        sentence = self.beat.sentences[self.begun]
        self._end_caption(frame)
        self._starts.append(frame)
        sentence.start = frame
        for cue, length in zip(sentence.cues, _lengths(sentence, self.fps), strict=True):
            self._captions.append((frame, cue.text))
            cue.start, cue.end = frame, frame + length
            frame += length
        sentence.end = frame

    def end(self, frame: int) -> None:
        """The beat ends."""
        self._end_caption(frame)
        self.beat.end = frame

    def _end_caption(self, frame: int) -> None:
        if self.begun:
            self.beat.sentences[self.begun - 1].cues[-1].end = frame

    def captions(self, first: int, count: int) -> list[tuple[int, str]]:
        """The caption of frame ``first``, and those that appear in the ``count`` frames from there, each with its own,
        counted from ``first``.
        """
        standing = [(0, text) for start, text in self._captions if start <= first][-1:]
        return standing + [(start - first, text) for start, text in self._captions if first < start < first + count]

    def fit(self, moments: Sequence[float], frames: int) -> int:
        """The frames that a play needs, at least ``frames``, so that at each of these moments (fractions of it) a
        sentence can begin, the one before having been said.
        """
        needs = [self._needs(index) for index in range(self.begun, self.begun + len(moments) - 1)]
        least = [int((need - 1) / (b - a)) for (a, b), need in zip(pairwise(moments), needs, strict=True)]
        frames = max([frames, *least])
        while any(b - a < need for (a, b), need in zip(pairwise(at(moments, frames)), needs, strict=True)):
            frames += 1
        return frames

    def find(self, words: str) -> tuple[int, int]:
        """Where these words are said next: the sentence and the place in it. `ValueError` if they are not any more."""
        wanted = " ".join(words.split())
        pattern = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
        first, place = max(self._found, (self.begun - 1, 0))
        rest = [sentence.text for sentence in self.beat.sentences[first:]]
        rest[0] = rest[0][place:]
        for index, text in enumerate(rest):
            if wanted and (match := pattern.search(text)):
                before = place if index == 0 else 0
                self._found = (first + index, before + match.end())
                return first + index, before + match.start()
        raise ValueError(
            f"beat {self.beat.key!r}: found no words {words!r}, expected some of what is still to be said: "
            f"{' '.join(rest).strip()!r}"
        )

    def reaches(self, index: int, place: int) -> int:
        """The frame at which a place in a sentence that has begun is reached."""
        sentence, frame = self.beat.sentences[index], self._starts[index]
        for cue, length in zip(sentence.cues, _lengths(sentence, self.fps), strict=True):
            if place < len(cue.text):
                return frame + round(length * place / len(cue.text))
            frame, place = frame + length, place - len(cue.text) - 1  # and the space at which it was cut
        return frame


def at(moments: Sequence[float], frames: int) -> list[int]:
    """The frames at these fractions of a play.

    >>> at([0, 0.5], 15)
    [0, 8]
    """
    return [min(round(moment * frames), frames - 1) for moment in moments]
