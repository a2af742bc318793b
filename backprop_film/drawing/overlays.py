"""Pictures among the mobjects, as Manim's camera lays them over what is drawn: each placed once, and kept.

The camera makes a transparent picture as large as its own of each, for every picture of the film. Here it is asked to
place it in one that is just as large as the image, and is asked again only when the image has changed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Camera, ImageMobject
from manim.typing import PixelArray
from PIL import Image

from .looks import ImageLook
from .rectangles import Rectangle

__all__ = ["Overlays", "image_box"]


def image_box(camera: Camera, image: ImageMobject) -> tuple[float, float, float, float]:
    """The pixels of the camera's picture that an image may touch: left, top, right, bottom."""
    coords = camera.points_to_subpixel_coords(image, image.points)
    left, top = np.floor(coords.min(axis=0))
    right, bottom = np.ceil(coords.max(axis=0))
    return float(left), float(top), float(right), float(bottom)


class _Frame:
    """Stands in for the camera while an image is placed: a frame as large as the image, at its place."""

    def __init__(self, camera: Camera, left: int, top: int, right: int, bottom: int) -> None:
        self._camera, self._corner = camera, np.array([left, top])
        self.pixel_width, self.pixel_height = right - left, bottom - top
        self.placed: PixelArray = np.zeros((self.pixel_height, self.pixel_width, 4), np.uint8)

    def points_to_subpixel_coords(self, image: ImageMobject, points: np.ndarray) -> np.ndarray:
        return self._camera.points_to_subpixel_coords(image, points) - self._corner

    def overlay_PIL_image(self, _: Any, image: Image.Image) -> None:
        self.placed = np.asarray(image)


class Overlays:
    """The images of a play, placed in the camera's picture."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        # The image is kept with what was placed, so that its id stays its own.
        self._kept: dict[int, tuple[ImageMobject, ImageLook, Rectangle, PixelArray]] = {}

    def lay(self, canvas: PixelArray, image: ImageMobject, look: ImageLook, within: Rectangle) -> None:
        """Lay an image over what a canvas shows, within a rectangle of it."""
        where, placed = self._placed(image, look)
        left, right = max(where.left, within.left), min(where.right, within.right)
        top, bottom = max(where.top, within.top), min(where.bottom, within.bottom)
        if left < right and top < bottom:
            under = Image.fromarray(canvas[top:bottom, left:right])
            over = placed[top - where.top : bottom - where.top, left - where.left : right - where.left]
            canvas[top:bottom, left:right] = Image.alpha_composite(under, Image.fromarray(over))

    def _placed(self, image: ImageMobject, look: ImageLook) -> tuple[Rectangle, PixelArray]:
        kept = self._kept.get(id(image))
        if kept is None or kept[1] != look:
            x0, y0, x1, y1 = (int(edge) for edge in image_box(self._camera, image))
            where = Rectangle(
                max(x0, 0), max(y0, 0), min(x1, self._camera.pixel_width), min(y1, self._camera.pixel_height)
            )
            kept = image, look, where, np.zeros((0, 0, 4), np.uint8)
            if where.left < where.right and where.top < where.bottom:
                frame = _Frame(self._camera, *where)
                Camera.display_image_mobject(frame, image, frame.placed)
                kept = image, look, where, frame.placed
            self._kept[id(image)] = kept
        return kept[2], kept[3]

    def forget(self) -> None:
        """Forget all that was placed."""
        self._kept = {}
