"""The picture as the encoder takes it: planes of BT.709 in limited range, brought up to date where it has changed."""

from __future__ import annotations

from dataclasses import dataclass

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from manim.typing import PixelArray

from .rectangles import Rectangle

__all__ = ["Change", "Converter", "Patch", "Planes", "cut"]

#: How many rows beyond a rectangle the mean of a pair of chroma rows reaches.
_MARGIN = 2
_SCALES = (1, 2, 2)


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


@dataclass(frozen=True)
class Change:
    """What a picture shows in a rectangle, as the encoder takes it: Y, and U and V at half the size."""

    rectangle: Rectangle
    planes: tuple[np.ndarray, np.ndarray, np.ndarray]

    @property
    def nbytes(self) -> int:
        """Of its planes."""
        return sum(plane.nbytes for plane in self.planes)

    def copied(self, room: np.ndarray) -> Change:
        """The same in the first `nbytes` bytes of an array."""
        planes, begin = [], 0
        for plane in self.planes:
            planes.append(room[begin : begin + plane.size].reshape(plane.shape))
            planes[-1][:] = plane
            begin += plane.size
        return Change(self.rectangle, (planes[0], planes[1], planes[2]))


class Converter:
    """Makes changes of patches: exactly what a conversion of the whole picture would put there. One thread uses it."""

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()

    def __call__(self, patch: Patch) -> Change:
        """Convert it."""
        left, top, right, bottom = patch.rectangle
        frame = self._reformatter.reformat(
            av.VideoFrame.from_numpy_buffer(patch.pixels, format="rgba"),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )
        planes = []
        for part, scale in zip(frame.planes, _SCALES, strict=True):
            rows = np.frombuffer(memoryview(part), np.uint8).reshape(part.height, part.line_size)
            begin = (top - patch.top) // scale
            planes.append(rows[begin : begin + (bottom - top) // scale, : (right - left) // scale])
        return Change(patch.rectangle, (planes[0], planes[1], planes[2]))


class Planes:
    """A picture of an even width and height in planes; or a part of it, whose first row is ``top``.

    >>> planes = Planes(64, 64)
    >>> planes.take(Converter()(cut(np.full((64, 64, 4), 255, np.uint8), Rectangle(0, 0, 64, 64))))
    >>> [int(plane[0, 0]) for plane in planes.planes]  # white
    [235, 128, 128]
    """

    def __init__(self, width: int, height: int, top: int = 0) -> None:
        if width % 2 or height % 2 or top % 2:
            raise ValueError(f"a picture of {width} × {height}: found an odd size, expected an even one for H.264")
        self._top, self._bottom = top, top + height
        self._whole = np.zeros((height * 3 // 2, width), np.uint8)
        flat, luma, chroma = self._whole.reshape(-1), width * height, width * height // 4
        self.planes = (
            flat[:luma].reshape(height, width),
            flat[luma : luma + chroma].reshape(height // 2, width // 2),
            flat[luma + chroma :].reshape(height // 2, width // 2),
        )

    def take(self, change: Change) -> None:
        """Bring up to date what lies in a rectangle, as far as it is here."""
        left, top, right, bottom = change.rectangle
        first, last = max(top, self._top), min(bottom, self._bottom)
        if first >= last:
            return
        for plane, new, scale in zip(self.planes, change.planes, _SCALES, strict=True):
            here = slice((first - self._top) // scale, (last - self._top) // scale)
            plane[here, left // scale : right // scale] = new[(first - top) // scale : (last - top) // scale]

    def frame(self) -> av.VideoFrame:
        """The picture for the encoder. It shares the planes' memory, so encode it before the next `take`."""
        return av.VideoFrame.from_numpy_buffer(self._whole, format="yuv420p")
