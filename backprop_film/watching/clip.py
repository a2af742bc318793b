"""The pictures of a beat as a video, in the film's own colours."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from manim._config.video_encoder import VideoEncoderSpec
from PIL import Image

from ..drawing.piece import ENCODER, Piece
from ..drawing.planes import cut
from ..drawing.rectangles import Rectangle
from ..quality import Quality

__all__ = ["Clip"]


class Clip(dict[int, Image.Image]):
    """Takes the place of a renderer's ``pictures``: each is encoded as it comes, and forgotten."""

    def __init__(self, size: Quality, file: Path) -> None:
        super().__init__()
        self._size, self._file = size, file
        options: Any = tuple(ENCODER.items())
        spec = VideoEncoderSpec("mp4", "libx264", "yuv420p", size.width, size.height, Fraction(size.fps), options)
        self._piece = Piece(target=self._file, spec=spec)
        self._shown: np.ndarray | None = None

    def __setitem__(self, frame: int, picture: Image.Image) -> None:
        """The next frame."""
        pixels = np.asarray(picture.convert("RGBA"))
        same = self._shown is not None and np.array_equal(pixels, self._shown)
        whole = Rectangle(0, 0, self._size.width, self._size.height)
        self._piece.write_frame([] if same else [cut(pixels, whole)], repeat=1)
        self._shown = pixels

    def finished(self) -> bytes:
        """The video."""
        self._piece.finish()
        video = self._file.read_bytes()
        self._file.unlink()
        return video
