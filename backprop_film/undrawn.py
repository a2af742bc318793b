"""Renderers that draw nothing but the frames that are wanted.

Manim's own skip mode still draws what stands still; here nothing is drawn at all, so that a chapter of minutes plays in
a second or two. A wanted frame is drawn just as a render would draw it: the play that contains it is advanced to
exactly that frame's time. For a scene that is no `Chapter` there is one that goes through all frames.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from manim import Mobject, Scene
from manim.renderer.cairo_renderer import CairoRenderer
from manim.typing import PixelArray
from PIL import Image

from .plain_scene import FrameCounter, follow

__all__ = ["FastForward", "FrameByFrame", "settle"]


class FastForward(CairoRenderer):
    """A renderer that draws nothing but the frames it is asked for (``wanted``, counted from 0).

    ``look`` is called with the frame, every so many frames while something moves. ``closing`` says of a scene whose
    play has begun whether its last frame is wanted, too.
    """

    closing: Callable[[Any], bool] | None = None

    def __init__(self, wanted: Iterable[int] = (), look: Callable[[int], None] | None = None, every: int = 1) -> None:
        super().__init__(skip_animations=True)
        self.wanted = sorted(set(wanted))
        self.pictures: dict[int, Image.Image] = {}
        self.look, self.every = look, every

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Play without drawing; what moves and what stands still is told apart only where something is drawn."""
        scene.get_moving_and_static_mobjects = _nothing
        super().play(scene, *args, **kwargs)
        settle(scene)

    def update_frame(self, *args: Any, **kwargs: Any) -> None:
        """Draw nothing."""

    def freeze_current_frame(self, duration: float) -> None:
        """Copy nothing."""

    def render(self, *args: Any, **kwargs: Any) -> None:
        """Draw nothing."""

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> None:
        """Draw the wanted frames of a play: Manim calls this when it has begun and stands at its start."""
        self.static_image = None
        first, count = scene.frame, round(scene.duration * self.camera.frame_rate)
        frozen = scene.is_current_animation_frozen_frame()
        drawn = {f for f in self.wanted if first <= f < first + count}
        if self.closing and self.closing(scene):
            drawn.add(first + count - 1)
        looked = set(range(first, first + count, self.every)) if self.look and not frozen else set()
        if drawn:
            del scene.get_moving_and_static_mobjects
            scene.moving_mobjects, static_mobjects = scene.get_moving_and_static_mobjects(scene.animations)
        for frame in sorted(drawn | looked):
            if not frozen:
                scene.update_to_time((frame - first) / self.camera.frame_rate)
            if self.look and frame in looked:
                self.look(frame)
            if frame not in drawn:
                continue
            if self.static_image is None and static_mobjects:
                super().update_frame(scene, mobjects=static_mobjects)
                self.static_image = self.get_frame()
            super().update_frame(scene, mobjects=scene.moving_mobjects)
            self.pictures[frame] = Image.fromarray(self.get_frame()).convert("RGB")
        self.static_image = None


def _nothing(animations: Iterable[Any]) -> tuple[list[Mobject], list[Mobject]]:
    return [], []


class FrameByFrame(FrameCounter):
    """A renderer that goes through every frame, and draws nothing but those that it is asked for (``wanted``).

    ``look`` is called as by `FastForward`.
    """

    def __init__(self, wanted: Iterable[int] = (), look: Callable[[int], None] | None = None, every: int = 1) -> None:
        super().__init__()
        self.wanted = sorted(set(wanted))
        self.pictures: dict[int, Image.Image] = {}
        self.look, self.every = look, every

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> None:
        """Draw what stands still, if a frame of this play may be wanted."""
        self.static_image = None
        if static_mobjects and self._wants(math.ceil(scene.duration * self.camera.frame_rate) + 1):
            super().update_frame(scene, mobjects=static_mobjects)
            self.static_image = self.get_frame()

    def update_frame(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Draw what moves, if this frame is wanted, or any that the picture is held for."""
        held = scene.is_current_animation_frozen_frame()
        if self.look and not held and self.frames % self.every == 0:
            self.look(self.frames)
        if self._wants(math.ceil(scene.duration * self.camera.frame_rate) if held else 1):
            super().update_frame(scene, *args, **kwargs)
        else:
            follow(self.camera)

    def _wants(self, count: int) -> bool:
        return any(self.frames <= frame < self.frames + count for frame in self.wanted)

    def add_frame(self, frame: PixelArray, num_frames: int = 1) -> None:
        """Keep what is wanted."""
        first = self.frames
        super().add_frame(frame, num_frames)
        for number in [n for n in self.wanted if first <= n < self.frames]:
            self.pictures[number] = Image.fromarray(frame).convert("RGB")


def settle(scene: Scene) -> None:
    """Let updaters follow the end of a play that was skipped; Manim does so only after one that was drawn."""
    if scene.renderer.skip_animations:
        scene.update_mobjects(0)
