"""A film to be read: its words, beat by beat, each with its picture."""

from __future__ import annotations

from collections.abc import Sequence

from ..render import Rendered
from ..titles import film_title
from .description import stamp
from .markdown import image, inline
from .stills import still_names

__all__ = ["transcript"]


def transcript(parts: Sequence[Rendered]) -> str:
    """The transcript as Markdown: a heading for each chapter, and for each beat its still, its time and its words."""
    fps = parts[0].timeline.fps
    long = sum(part.timeline.frames for part in parts) >= 3600 * fps
    blocks = [f"# {inline(film_title(parts))}"]
    first, group = 0, ""
    several = len({part.job.entry.part for part in parts}) > 1
    for part in parts:
        entry, line = part.job.entry, part.timeline
        if several and entry.part not in ("", group):
            blocks.append(f"## {inline(entry.part)}")
        group = entry.part
        number = "" if entry.number is None else f"{entry.number}. "
        if len(parts) > 1:
            blocks.append(f"##{'#' * several} {number}{inline(line.title)}")
        names = still_names(part)
        if not line.beats:
            blocks.append(image(names[0], line.title))
        for beat, name in zip(line.beats, names, strict=False):
            blocks.append(image(name, f"{line.title}: {beat.title}"))
            blocks.append(f"**{stamp((first + beat.start) / fps, long)}** {inline(beat.text)}".rstrip())
        first += line.frames
    return "\n\n".join(blocks) + "\n"
