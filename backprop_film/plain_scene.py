"""Any Scene of Manim's as a chapter: one beat named after it, or one for each of its sections; no captions.

A `Chapter` counts whole frames and can be played by leaps; any other scene's updaters may depend on the way
to a frame, and its waits on a condition. So it goes through every frame, as when Manim draws it, and the
renderer says how many there were. What the film notes about it stands in a `PlainScene` beside it: no name
that the scene may use for itself is touched.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from manim import Camera, Mobject, Scene
from manim.renderer.cairo_renderer import CairoRenderer
from manim.typing import PixelArray

from .kit.narration import Beat

__all__ = ["FrameCounter", "PlainScene", "follow", "take_over"]

Renderer = TypeVar("Renderer", bound=CairoRenderer)


class FrameCounter(CairoRenderer):
    """A renderer that knows how many ``frames`` the film has so far, whether drawn, undrawn or from the cache."""

    frames = 0

    def add_frame(self, frame: PixelArray, num_frames: int = 1) -> None:
        """Take a frame, so many times."""
        super().add_frame(frame, num_frames)
        if not self.file_writer.sections[-1].skip_animations:  # Manim leaves out what the scene says is to be skipped
            self.frames += num_frames


class PlainScene:
    """A scene that is no `Chapter`, played like one: what `Chapter` keeps itself is kept here.

    ``PlainScene(Square).scene`` is the scene; its renderer must be a `FrameCounter`.
    """

    def __init__(self, scene_class: type[Scene]) -> None:
        self.title = scene_class.__name__
        self.beats = [Beat(self.title, "", 0)]
        self.frame = 0
        self.observers: list[Callable[[Any], None]] = []
        self.beat_observers: list[Callable[[Any], None]] = []
        self.caption, self.captions = None, False
        self.book: Any = None
        self.scene = _noted(scene_class, self)()

    @property
    def mobjects(self) -> list[Mobject]:
        """What is on the screen."""
        return self.scene.mobjects

    @property
    def foreground_mobjects(self) -> list[Mobject]:
        """What is on the screen in front of all else."""
        return self.scene.foreground_mobjects

    @property
    def camera(self) -> Camera:
        """The scene's camera."""
        return self.scene.camera

    @property
    def manager(self) -> Any:
        """The scene's manager, which notes its sounds."""
        return self.scene.manager

    @property
    def reached(self) -> int:
        """How many frames the film has so far, within a play, too."""
        renderer = self.scene.renderer
        assert isinstance(renderer, FrameCounter)
        return renderer.frames

    def render(self) -> None:
        """Play the scene."""
        self.scene.render()
        self.end()

    def played(self) -> None:
        """A play is over; one that the film leaves out is none."""
        if self.reached == self.frame:
            return
        self.frame = self.reached
        for observer in self.observers:
            observer(self)

    def begin(self, section: str) -> None:
        """A beat for a section; one in which nothing is played is none."""
        self.end()
        for observer in self.beat_observers:
            observer(self)
        keys = [beat.key for beat in self.beats]
        key = next(key for key in (section, *(f"{section}-{n}" for n in range(2, len(keys) + 3))) if key not in keys)
        self.beats.append(Beat(key, "", self.frame))

    def end(self) -> None:
        """The last beat ends."""
        if self.beats and self.beats[-1].start == self.frame:
            self.beats.pop()
        elif self.beats:
            self.beats[-1].end = self.frame


def _noted(scene_class: type[Scene], notes: PlainScene) -> type[Scene]:
    """The same scene; ``notes`` are taken while it is played."""

    class Noted(scene_class):
        def play(self, *args: Any, **kwargs: Any) -> None:
            super().play(*args, **kwargs)
            notes.played()

        def next_section(self, name: str = "unnamed", *args: Any, **kwargs: Any) -> None:
            super().next_section(name, *args, **kwargs)
            notes.begin(name)

        def get_time_progression(self, *args: Any, **kwargs: Any) -> Any:
            # Through every frame of what comes from the cache, too: the scene is afterwards as if it had been drawn.
            kwargs["override_skip_animations"] = not self.renderer.file_writer.sections[-1].skip_animations
            return super().get_time_progression(*args, **kwargs)

    Noted.__name__, Noted.__qualname__, Noted.__module__ = (
        scene_class.__name__, scene_class.__qualname__, scene_class.__module__,
    )  # fmt: skip
    return Noted


def follow(camera: Camera) -> None:
    """Let a camera be as if it had drawn: in a `ThreeDScene` it turns as it draws, and is part of the keys of plays."""
    camera.capture_mobjects(())


def take_over(scene: Scene, renderer: Renderer) -> Renderer:
    """Give a scene that was made with Manim's renderer another one; the camera stays, whatever its kind."""
    renderer.camera = scene.renderer.camera
    scene.renderer = renderer
    renderer.init_scene(scene, scene.session_spec, scene.file_writer_settings)
    return renderer
