"""A chapter to be played, and how: what every command and every process is told."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from .contents import Entry
from .quality import QUALITIES, Quality

__all__ = ["THEME", "Job"]

#: The variable of the environment that names a palette.
THEME = "BACKPROP_THEME"


@dataclass(frozen=True)
class Job:
    """A chapter to be played: with which example (a name or a file; ``None`` for its own), and how.

    ``formula`` is one, with the values of its variables, for a chapter that shows a formula. ``voice`` says who speaks,
    as `voice.choice.resolved` gives it. ``theme`` is a palette's name or file; ``None`` leaves the theme as it is.
    """

    entry: Entry
    example: str | None = None
    formula: tuple[str, str] | None = None
    captions: bool = True
    quality: str = "m"
    voice: str = "none"
    theme: str | None = field(default_factory=lambda: os.environ.get(THEME) or None)

    @property
    def size(self) -> Quality:
        """Picture size and frame rate."""
        return QUALITIES[self.quality]
