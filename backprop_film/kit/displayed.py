"""A mobject as a picture, without a scene: what a notebook shows for one that ends a cell.

>>> from manim import Circle
>>> picture(Circle(radius=1), scale=100, margin=0.25).size
(254, 254)
"""

from __future__ import annotations

import io
import sys
from typing import Any

import numpy as np
from manim import Camera, Mobject, VMobject
from PIL import Image

from .theme import theme

__all__ = ["displayed_as_pictures", "picture", "png"]

#: Pixels a unit at which a notebook shows a picture, and how many times as fine it is drawn, for screens that show it.
_SHOWN, _FINER = 60, 2
_MARGIN = 0.25
_MOST = 4096  # pixels, across and up
_STROKE = 0.01  # units that a stroke width of 1 is wide


def picture(mobject: Mobject, *, scale: float = _SHOWN * _FINER, margin: float = _MARGIN) -> Image.Image:
    """The mobject on the theme's background, ``scale`` pixels a unit, with a ``margin`` in units around it.

    What would be larger than 4096 pixels is drawn at a smaller scale. `ValueError` if there is nothing to see.
    """
    found = extent(mobject)
    if found is None:
        raise ValueError(f"{type(mobject).__name__}: found no points, expected something to draw")
    low, high = found
    width, height = (high - low + 2 * margin)[:2]
    scale = min(scale, _MOST / max(width, height))
    camera = Camera(
        background_color=theme.background,
        pixel_width=max(1, round(width * scale)),
        pixel_height=max(1, round(height * scale)),
        frame_width=width,
        frame_height=height,
        frame_center=(low + high) / 2,
    )
    camera.capture_mobjects([mobject])
    return Image.fromarray(camera.pixel_array).convert("RGB")


def extent(mobject: Mobject) -> tuple[np.ndarray, np.ndarray] | None:
    """The lower left and the upper right corner of what is drawn, strokes included; ``None`` where nothing is."""
    corners = []
    for part in mobject.family_members_with_points():
        stroke = part.get_stroke_width() * _STROKE / 2 if isinstance(part, VMobject) else 0.0
        corners += [part.points.min(axis=0) - stroke, part.points.max(axis=0) + stroke]
    return (np.min(corners, axis=0), np.max(corners, axis=0)) if corners else None


def png(mobject: Mobject) -> tuple[bytes, dict[str, int]] | None:
    """The mobject's `picture` as a PNG, with the size at which a notebook shows it; ``None`` if there is none."""
    if extent(mobject) is None:
        return None
    drawn, file = picture(mobject), io.BytesIO()
    drawn.save(file, format="PNG", optimize=True)
    return file.getvalue(), {"width": round(drawn.width / _FINER), "height": round(drawn.height / _FINER)}


def displayed_as_pictures(shell: Any = None) -> None:
    """Let a notebook show any mobject as its picture; nothing where Python runs without one."""
    if shell is None and "IPython" in sys.modules:
        shell = sys.modules["IPython"].get_ipython()
    if shell is not None:
        shell.display_formatter.formatters["image/png"].for_type(Mobject, png)
