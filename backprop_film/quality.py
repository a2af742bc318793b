"""Manim's quality flags: picture size and frame rate by letter, without importing Manim."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["DEFAULT", "QUALITIES", "Quality"]


class Quality(NamedTuple):
    """A picture size and a frame rate; ``name`` is what Manim calls the folder of such videos."""

    width: int
    height: int
    fps: int

    @property
    def name(self) -> str:
        """As in ``media/videos/chain_rule/720p30``."""
        return f"{self.height}p{self.fps}"


QUALITIES = {
    "l": Quality(854, 480, 15),
    "m": Quality(1280, 720, 30),
    "h": Quality(1920, 1080, 60),
    "p": Quality(2560, 1440, 60),
    "k": Quality(3840, 2160, 60),
}
DEFAULT = "m"
