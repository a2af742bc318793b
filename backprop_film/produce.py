"""The whole way from chapters to a film on the disk."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from . import captions, workers
from .assemble import assemble
from .errors import Problem
from .files import whole, writable
from .playback import Job, survey
from .progress import Display
from .render import Rendered, render_all
from .timeline import Timeline

__all__ = ["TITLE", "Film", "default_path", "produce"]

TITLE = "Backpropagation calculus"
#: The files of captions beside a film, by their endings.
_CAPTIONS = {".srt": captions.to_srt, ".vtt": captions.to_vtt}


@dataclass(frozen=True)
class Film:
    """A film on the disk."""

    path: Path
    seconds: float
    chapters: int


def default_path(jobs: Sequence[Job], media: Path, how: str, whole_film: bool, example: str | None) -> Path:
    """``media/film/backpropagation-720p30.mp4``; another selection, example or kind of captions has another name."""
    what = "backpropagation" if whole_film else "+".join(job.entry.slug for job in jobs)
    variant = f"-{Path(example).stem}" if example else ""
    mode = {"burned": "", "soft": "-soft-captions", "off": "-no-captions"}[how]
    return media / "film" / f"{what}{variant}{mode}-{jobs[0].size.name}.mp4"


def produce(jobs: Sequence[Job], output: Path, how: str, count: int | None = None) -> Film:
    """Render the jobs' chapters and join them.

    ``how`` the captions come: ``burned`` into the picture, with a track that stays off until it is wanted;
    ``soft``, as a track that is on; ``off``. With captions come an ``.srt`` and a ``.vtt`` of the same name.
    """
    for path in (output, *(output.with_suffix(suffix) for suffix in _CAPTIONS if how != "off")):
        writable(path)
    jobs = [replace(job, captions=how == "burned") for job in jobs]
    lengths = _lengths(workers.each(survey, jobs, workers=count))
    with Display({job.entry.name: length for job, length in zip(jobs, lengths, strict=True)}) as display:
        parts = render_all(jobs, lengths, count, display)
    _room(parts, output)
    assemble(parts, output, TITLE, track=how != "off", shown=how == "soft")
    if how != "off":
        fps, cues = jobs[0].size.fps, captions.film_cues(part.timeline for part in parts)
        for suffix, write in _CAPTIONS.items():
            with whole(output.with_suffix(suffix)) as file:
                file.write_text(write(cues, fps), encoding="utf-8")
    return Film(output, sum(part.timeline.seconds for part in parts), len(parts))


def _lengths(results: Sequence[Timeline | Problem]) -> list[int]:
    lengths = []
    for result in results:
        if isinstance(result, Problem):
            raise result
        lengths.append(result.frames)
    return lengths


def _room(parts: Sequence[Rendered], output: Path) -> None:
    """Say that the disk is full before it is: the muxing library reports it late, or not at all."""
    needed = sum(piece.stat().st_size for part in parts for piece in part.pieces)
    if any(part.timeline.sounds for part in parts):
        needed += round(sum(part.timeline.seconds for part in parts) * 20_000)  # bytes of AAC
    if shutil.disk_usage(output.parent).free < needed:
        raise Problem(f"no space left on device: {output} needs {needed / 1e6:.1f} MB")
