"""`OpenPath`: a stroke that encloses nothing, so that it is never filled, whatever is done to the opacity of all.

In a scene::

    theirs = VMobject().set_points_as_corners([LEFT, UP, RIGHT])                 # this one would be filled
    both = VGroup(OpenPath([LEFT, UP, RIGHT]), theirs).arrange(RIGHT, buff=1)
    self.play(both.animate.set_opacity(0.5))
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from manim import VMobject

__all__ = ["OpenPath"]


class OpenPath(VMobject):
    """A line through corners. Manim's ``set_opacity`` would fill what lies between it and its chord."""

    def __init__(self, corners: Any, **look: Any) -> None:
        super().__init__(**look)
        self.set_points_as_corners(np.asarray(corners, dtype=float))

    def set_fill(self, color: Any = None, opacity: float | None = None, family: bool = True) -> Self:
        """The colour; the opacity stays 0."""
        return super().set_fill(color, 0.0, family)
