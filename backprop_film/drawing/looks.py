"""How a mobject looks: all that decides what is drawn of it. Two looks that are equal are drawn alike."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from manim import ImageMobject, Mobject, VMobject

__all__ = ["ImageLook", "Look", "OutlineLook", "look_of"]


class OutlineLook(NamedTuple):
    """Of a mobject with an outline."""

    points: bytes
    fill: bytes
    stroke: bytes
    behind: bytes  # the stroke that lies behind the fill
    width: float
    width_behind: float
    join: Any
    cap: Any
    gradient: bytes


class ImageLook(NamedTuple):
    """Of an image."""

    points: bytes
    pixels: bytes
    shape: tuple[int, ...]
    resampling: Any


Look = OutlineLook | ImageLook


def look_of(mobject: Mobject) -> Look:
    """How it looks now.

    >>> from manim import Square
    >>> square = Square()
    >>> before = look_of(square)
    >>> before == look_of(square), before == look_of(square.set_fill(opacity=0.5))
    (True, False)
    """
    return _of_image(mobject) if isinstance(mobject, ImageMobject) else _of_outline(mobject)


def _of_image(image: ImageMobject) -> ImageLook:
    pixels = image.get_pixel_array()
    return ImageLook(image.points.tobytes(), pixels.tobytes(), pixels.shape, image.resampling_algorithm)


def _of_outline(mobject: VMobject) -> OutlineLook:
    try:  # Manim's getters ask the same, in five times the time
        fill, stroke, behind = mobject.fill_rgbas, mobject.stroke_rgbas, mobject.background_stroke_rgbas
    except AttributeError:
        fill, stroke, behind = mobject.get_fill_rgbas(), mobject.get_stroke_rgbas(), mobject.get_stroke_rgbas(True)
    gradient = b""
    if len(fill) > 1 or len(stroke) > 1 or len(behind) > 1:
        gradient = np.concatenate(mobject.get_gradient_start_and_end_points()).tobytes()
    return OutlineLook(
        mobject.points.tobytes(), fill.tobytes(), stroke.tobytes(), behind.tobytes(),
        mobject.get_stroke_width(False), mobject.get_stroke_width(True),
        mobject.joint_type, mobject.cap_style, gradient,
    )  # fmt: skip
