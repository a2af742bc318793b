"""The pictures of a beat as a video, in the film's own colours, drawn at the cost of what changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from manim import Mobject, Scene
from manim._config.video_encoder import VideoEncoderSpec
from manim.utils.iterables import list_update
from PIL import Image

from ..drawing.painter import Painter
from ..drawing.piece import ENCODER, Piece
from ..drawing.planes import Patch, cut
from ..drawing.rectangles import Rectangle
from ..quality import Quality
from ..undrawn import FastForward

__all__ = ["Clip", "Filming"]


class Clip(dict[int, Image.Image]):
    """A video that grows by what is drawn: by patches, or as a renderer's ``pictures``, of which none is kept."""

    def __init__(self, size: Quality, file: Path) -> None:
        super().__init__()
        self._size, self._file = size, file
        options: Any = tuple(ENCODER.items())
        spec = VideoEncoderSpec("mp4", "libx264", "yuv420p", size.width, size.height, Fraction(size.fps), options)
        self._piece = Piece(target=self._file, spec=spec)
        self._shown: np.ndarray | None = None

    def show(self, patches: Sequence[Patch]) -> None:
        """The next frame: the one before, changed in these."""
        self._piece.write_frame(patches)

    def __setitem__(self, frame: int, picture: Image.Image) -> None:
        """The next frame, as a whole."""
        pixels = np.asarray(picture.convert("RGBA"))
        same = self._shown is not None and np.array_equal(pixels, self._shown)
        self.show([] if same else [cut(pixels, Rectangle(0, 0, self._size.width, self._size.height))])
        self._shown = pixels

    def finished(self) -> bytes:
        """The video."""
        self._piece.finish()
        video = self._file.read_bytes()
        self._file.unlink()
        return video


class Filming(FastForward):
    """A renderer that draws the frames that it is asked for, and those of a clip as the film draws its own."""

    def __init__(self) -> None:
        super().__init__()
        self._clip: Clip | None = None

    def film(self, clip: Clip, first: int, end: int) -> None:
        """From frame ``first`` up to ``end``, draw into this clip."""
        self._clip, self._first, self._end = clip, first, end
        self._painter = Painter(self.camera)

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> None:
        """Draw the frames of a play; Manim calls this when it has begun."""
        begun, rate = scene.frame, self.camera.frame_rate
        frames = range(begun, begun + round(scene.duration * rate))
        if self._clip is not None:
            frames = range(max(begun, self._first), min(frames.stop, self._end))
        if self._clip is None or not frames:
            return super().save_static_frame_data(scene, static_mobjects)
        del scene.get_moving_and_static_mobjects
        moving, still = scene.get_moving_and_static_mobjects(scene.animations)
        self._painter.begin(still)
        frozen = scene.is_current_animation_frozen_frame()
        for frame in frames:
            changed = []
            if not frozen:
                scene.update_to_time((frame - begun) / rate)
            if not frozen or frame == frames[0]:
                changed = self._painter.draw(moving or list_update(scene.mobjects, scene.foreground_mobjects))
            self._clip.show([cut(self.camera.pixel_array, rectangle) for rectangle in changed])
        return None
