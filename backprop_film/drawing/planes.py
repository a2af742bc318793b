"""The picture as the encoder takes it: planes of BT.709 in limited range, brought up to date where it has changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from manim.typing import PixelArray

from .rectangles import Rectangle

__all__ = ["Patch", "Planes", "cut"]

#: How many rows beyond a rectangle the mean of a pair of chroma rows reaches.
_MARGIN = 2


@dataclass(frozen=True)
class Patch:
    """What a picture shows in a rectangle: ``pixels`` (rows, columns, 4), of which the first is row ``top``."""

    rectangle: Rectangle
    top: int
    pixels: PixelArray


def cut(picture: PixelArray, rectangle: Rectangle) -> Patch:
    """A copy of what lies in a rectangle, and of the rows around it that its conversion needs."""
    top, bottom = max(0, rectangle.top - _MARGIN), min(len(picture), rectangle.bottom + _MARGIN)
    return Patch(rectangle, top, picture[top:bottom, rectangle.left : rectangle.right].copy())


class Planes:
    """A picture of an even width and height in planes: Y, and U and V at half its size.

    >>> planes = Planes(64, 64)
    >>> planes.update([cut(np.full((64, 64, 4), 255, np.uint8), Rectangle(0, 0, 64, 64))])
    >>> [int(plane[0, 0]) for plane in planes.planes]  # white
    [235, 128, 128]
    """

    def __init__(self, width: int, height: int) -> None:
        if width % 2 or height % 2:
            raise ValueError(f"a picture of {width} × {height}: found an odd size, expected an even one for H.264")
        self._whole = np.zeros((height * 3 // 2, width), np.uint8)
        flat, luma, chroma = self._whole.reshape(-1), width * height, width * height // 4
        self.planes = (
            flat[:luma].reshape(height, width),
            flat[luma : luma + chroma].reshape(height // 2, width // 2),
            flat[luma + chroma :].reshape(height // 2, width // 2),
        )
        self._reformatter = VideoReformatter()

    def update(self, patches: Iterable[Patch]) -> None:
        """Convert what has changed: exactly what a conversion of the whole picture would put there."""
        for patch in patches:
            left, top, right, bottom = patch.rectangle
            converted = self._reformatter.reformat(
                av.VideoFrame.from_numpy_buffer(patch.pixels, format="rgba"),
                format="yuv420p",
                dst_colorspace=Colorspace.ITU709,
                src_color_range=ColorRange.JPEG,
                dst_color_range=ColorRange.MPEG,
                threads=1,
            )
            for plane, part, scale in zip(self.planes, converted.planes, (1, 2, 2), strict=True):
                rows = np.frombuffer(memoryview(part), np.uint8).reshape(part.height, part.line_size)
                begin = (top - patch.top) // scale
                plane[top // scale : bottom // scale, left // scale : right // scale] = rows[
                    begin : begin + (bottom - top) // scale, : (right - left) // scale
                ]

    def frame(self) -> av.VideoFrame:
        """The picture for the encoder. It shares the planes' memory, so encode it before the next `update`."""
        return av.VideoFrame.from_numpy_buffer(self._whole, format="yuv420p")
