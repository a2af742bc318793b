"""The caption in the picture: one text after the other in the captions' zone, exact to the frame."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from typing import Any

from manim import Animation, Mobject, VGroup

from .texts import Prose
from .theme import POINTS, theme

__all__ = ["Caption", "ChangeCaption"]


class Caption(VGroup):
    """Texts of which one is seen, the first to begin with.

    >>> caption = Caption("One.", "Two.")
    >>> caption.show(1)
    >>> caption.string
    'Two.'
    """

    def __init__(self, *texts: str) -> None:
        zone = theme.caption_zone
        baseline = zone.center[1] - 0.35 * theme.caption_size / POINTS
        super().__init__(*(Prose(text, font_size=theme.caption_size).on_baseline(baseline) for text in texts))
        self.show(0)

    def show(self, index: int) -> None:
        """Let this one of the texts be seen, and the others not."""
        self.shown = index
        for number, text in enumerate(self):
            text.set_fill(opacity=float(number == index))

    def keep(self) -> None:
        """Let go of all but the text that is seen."""
        self.submobjects, self.shown = [self[self.shown]], 0

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts."""
        return tuple(text.string for text in self)

    @property
    def string(self) -> str:
        """The text that is seen."""
        return self.texts[self.shown]


class ChangeCaption(Animation):
    """Shows each text of a caption from its frame of the play on; ``starts`` has one for each, the first is 0.

    It reads nothing but how far the play is, so that any frame can be drawn alone, and all that it depends on is its
    own, so that a play is taken from Manim's cache only if the caption changes at the same frames.
    """

    def __init__(self, caption: Caption, starts: Sequence[int], frames: int, **animation: Any) -> None:
        # A list: of tuples, Manim's key takes in only the first of those that are equal.
        self.starts, self.frames = list(starts), frames
        super().__init__(caption, **animation)

    def create_starting_mobject(self) -> Mobject:
        """No copy is needed."""
        return Mobject()

    def interpolate(self, alpha: float) -> None:
        """Show the text of this frame."""
        self.mobject.show(bisect(self.starts, round(alpha * self.frames)) - 1)
