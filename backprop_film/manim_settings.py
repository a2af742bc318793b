"""Manim's configuration while a chapter is played or rendered: what is the film's own, and what stays the user's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from manim import config, tempconfig

from .lean import steady
from .quality import Quality

__all__ = ["OURS", "settings"]

#: Manim's keys that decide what is drawn, how much of it, and into which file. They are the film's own while it
#: plays or renders, whatever a ``manim.cfg`` says.
OURS: dict[str, Any] = {
    "background_opacity": 1.0,
    "disable_caching": False,
    "disable_caching_warning": True,
    "dry_run": False,
    "enable_gui": False,
    "enable_wireframe": False,
    "format": "none",
    "frame_height": 8.0,
    "frame_width": 8.0 * 16 / 9,
    "from_animation_number": 0,
    "fullscreen": False,
    "input_file": "",
    "live_preview": False,
    "log_to_file": False,
    "max_files_cached": -1,
    "output_file": "",
    "pixel_format": "auto",
    "preview": False,
    "progress_bar": "none",
    "renderer": "cairo",
    "save_sections": False,
    "scene_names": [],
    "show_in_file_browser": False,
    "upto_animation_number": -1,
    "use_projection_fill_shaders": False,
    "use_projection_stroke_shaders": False,
    "verbosity": "CRITICAL",
    "video_codec": "auto",
    "video_encoder_options": {},
    "write_all": False,
    "zero_pad": 4,
}


@contextmanager
def settings(quality: Quality, **more: Any) -> Iterator[None]:
    """Manim's configuration for a quality: the film's own where it decides what is drawn; ``more`` are further keys.

    What is left to the user's ``manim.cfg``: folders, how many encoders work at once, the TeX template, the
    background of a scene that sets none, windows and notebooks. A seed is theirs, too; without one it is 0, so
    that a scene of random things plays the same way when it is measured and when it is drawn.
    """
    size = {"pixel_width": quality.width, "pixel_height": quality.height, "frame_rate": quality.fps}
    seed = 0 if config.seed is None else config.seed
    with steady(), tempconfig({**OURS, **size, "seed": seed, **more}):
        yield
