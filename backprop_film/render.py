"""Render chapters with Manim's own machinery: its plays, its folders, its writing while the next is drawn.

What has been rendered is not rendered again. Each worker says how far it is.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from manim import Mobject, Scene, config
from manim.renderer.cairo_renderer import CairoRenderer
from manim.utils.iterables import list_update

from . import workers
from .drawing.painter import Painter
from .drawing.planes import Patch, cut
from .drawing.rectangles import Rectangle
from .kept import Keeper
from .piece_key import keyed
from .plain_scene import FrameCounter, follow
from .playback import Job, Played, chapter_class, make, stage, to_its_end
from .segments import ENCODER, PieceWriter
from .timeline import Timeline
from .undrawn import settle

__all__ = ["Progress", "Rendered", "render"]

_EVERY = 10  # frames between two reports
#: M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of GNU's C library: bytes that it may keep, and that are mapped by themselves.
_MALLOC = {-1: 32_000_000, -3: 4_000_000}


class Progress(NamedTuple):
    """How far a chapter's rendering is."""

    chapter: str
    beat: str
    frames: int


@dataclass(frozen=True)
class Rendered:
    """A chapter's video, in pieces that follow one another, and what happens in it when."""

    job: Job
    timeline: Timeline
    pieces: tuple[Path, ...]


class _Renderer(CairoRenderer):
    """Manim's renderer, which draws and writes what changes; it tells how far it is, and leaves off when it is told to.

    A play that is in the cache is not drawn, where Manim would draw that, too; nor is one of a `Chapter` that begins
    before frame ``first``.
    """

    def __init__(self, tell: Callable[[int], None], first: int = 0) -> None:
        super().__init__(file_writer_class=PieceWriter)
        self._tell, self._first = tell, first
        self._added = 0
        self._painter: Painter | None = None
        self._changed: list[Rectangle] = []

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Count the frames of each play afresh."""
        if self._painter is None:
            self._painter = Painter(self.camera)
        self._added = 0
        self._original_skipping_status = bool(self._first) and scene.frame < self._first
        super().play(scene, *args, **kwargs)
        settle(scene)

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> None:
        """Draw what stands still."""
        self.static_image, self._changed = None, []
        if self._painter is not None and not self.skip_animations:
            self._painter.begin(list(static_mobjects))

    def update_frame(self, scene: Scene, mobjects: Iterable[Mobject] | None = None, *_: Any, **__: Any) -> None:
        """Draw a picture: of these mobjects, or of all on the screen."""
        if self._painter is None:  # a scene that plays nothing: its only picture
            super().update_frame(scene, mobjects)
        elif self.skip_animations:
            follow(self.camera)
        else:
            shown = mobjects or list_update(scene.mobjects, scene.foreground_mobjects)
            self._changed += self._painter.draw(shown)

    def render(self, scene: Scene, time: float, moving_mobjects: Iterable[Mobject] | None = None) -> None:
        """Draw a picture and write it."""
        self.update_frame(scene, moving_mobjects)
        self.add_frame(self._taken())

    def freeze_current_frame(self, duration: float) -> None:
        """Write the picture that was drawn, for so many seconds."""
        self.add_frame(self._taken(), int(duration / (1 / self.camera.frame_rate)))

    def _taken(self) -> Sequence[Patch]:
        """What has changed since this was asked last."""
        changed, self._changed = self._changed, []
        return [cut(self.camera.pixel_array, rectangle) for rectangle in changed]

    def add_frame(self, frame: Sequence[Patch], num_frames: int = 1) -> None:
        """Write a picture to the segment: what of it has changed."""
        workers.checkpoint()
        super().add_frame(frame, num_frames)
        if not self.skip_animations:
            before, self._added = self._added, self._added + num_frames
            if before // _EVERY != self._added // _EVERY:
                self._tell(self._added)


class _PlainRenderer(FrameCounter, _Renderer):
    """For a scene that is no `Chapter`: its clock, which it may read, goes on frame by frame in the cache, too."""

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Remember when the play began."""
        self._began: float = self.time
        super().play(scene, *args, **kwargs)

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> None:
        """Begin a play."""
        if self._cached:
            self.time = self._began
        super().save_static_frame_data(scene, static_mobjects)

    def add_frame(self, frame: Sequence[Patch], num_frames: int = 1) -> None:
        """Write a frame to the segment, or go past it."""
        super().add_frame(frame, num_frames)
        if self._cached:
            self.time += num_frames * (1 / self.camera.frame_rate)

    @property
    def _cached(self) -> bool:
        return self.skip_animations and not self.file_writer.sections[-1].skip_animations


def render(keeper: Keeper, first: int = 0) -> Rendered:
    """Render a keeper's chapter, as far as its pieces are not there from a run before that was interrupted.

    Of a `Chapter`, only the plays that begin at frame ``first`` or later.
    """
    _give_back()
    job = keeper.job
    own = {
        "input_file": f"{job.entry.slug}.py",  # after which Manim names the folder of a file's videos
        "format": "mp4",
        "video_encoder_options": ENCODER,
        # A segment is finished while the next one is begun.
        "max_inflight_encoders": max(2, config.max_inflight_encoders),
    }
    with stage(job, **own), keyed(keeper):
        return _rendered(job, first)


def _give_back() -> None:
    """Let go the memory of pictures as soon as they are gone.

    GNU's C library does so at first, by itself, but keeps room for what is so large as soon as it has freed one: some
    200 MB in a film at 1080p60.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library
            for parameter, value in _MALLOC.items():
                ctypes.CDLL(None).mallopt(parameter, value)


def _rendered(job: Job, first: int) -> Rendered:
    kind = _Renderer if chapter_class(job.entry) else _PlainRenderer
    renderer = kind(lambda added: tell(added), first)
    chapter = make(job, renderer)

    def tell(added: int = 0) -> None:
        beat = chapter.beats[-1].key if chapter.beats else ""
        workers.report(Progress(job.entry.name, beat, chapter.frame + added))

    def observe(_: Played) -> None:
        workers.checkpoint()
        tell()

    chapter.observers.append(observe)
    to_its_end(chapter)
    return Rendered(job, Timeline.of(job.entry.name, chapter, job.size.fps), renderer.file_writer.pieces)
