"""Shares of chapters: an idle process renders the last plays of a chapter that another one is at.

Both play the whole chapter, which takes a second or two, and each renders some of its plays; whoever comes to a play
whose piece is there goes past it, as after an interruption.

>>> shares = Shares([3000, 500])
>>> shares.moved(0, 1000)
>>> shares.next(), shares.next(), shares.frames(0)
((0, 2100), (0, 1605), 1000)
>>> shares.moved(2, 2400)  # the first of those that share
>>> shares.frames(0), shares.next()
(1300, None)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["LEAST", "Shares"]

#: Frames that must be left for it to be worth while.
LEAST = 1000
#: Of what is left, the one who was there first does a little more: the other must get there.
_FIRST = 0.55


@dataclass
class _Span:
    chapter: int
    at: int
    end: int
    done: int = 0


class Shares:
    """Who is at which frames of which chapter: numbers 0, 1, … are chapters of these ``lengths``, further ones share.

    A span without a length is never shared.
    """

    def __init__(self, lengths: Sequence[int]) -> None:
        self._spans = [_Span(chapter, 0, length) for chapter, length in enumerate(lengths)]

    @property
    def hands(self) -> int:
        """How many processes can do something, at most."""
        return sum(max(1, span.end // LEAST) for span in self._spans)

    def moved(self, number: int, frame: int) -> None:
        """Whoever has this number is at this frame."""
        span = self._spans[number]
        now = max(span.at, min(frame, span.end))
        span.done += now - span.at
        span.at = now

    def frames(self, chapter: int) -> int:
        """How many frames of a chapter are rendered."""
        return sum(span.done for span in self._spans if span.chapter == chapter)

    def next(self) -> tuple[int, int] | None:
        """A chapter, and from which frame on whoever is idle may render it; ``None`` if too little is left of all."""
        longest = max(self._spans, key=lambda span: span.end - span.at)
        left = longest.end - longest.at
        if left < LEAST:
            return None
        end, longest.end = longest.end, longest.at + round(_FIRST * left)
        self._spans.append(_Span(longest.chapter, longest.end, end))
        return longest.chapter, longest.end

    def done(self, number: int) -> None:
        """Whoever has this number has come to the end."""
        self.moved(number, self._spans[number].end)
