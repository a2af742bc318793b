"""A film and all that is published with it, in one folder, from the film's chapters as they were rendered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .. import captions, workers
from ..errors import Problem
from ..ledger.document import as_text, of_film
from ..playback import Job
from ..produce import Film
from ..progress import Event
from ..render import Rendered
from ..titles import film_title
from .description import chapter_list, description, refused
from .folder import Folder
from .formats import converted
from .stills import beat_stills, poster, still_names, thumbnail
from .transcript import transcript

__all__ = ["FILM", "file_names", "publish"]

FILM = "film.mp4"
LEDGER = "film.ledger.json"
#: What each file is, by its name; a still is in a folder of its own.
_KINDS = {
    FILM: "film",
    "description.md": "description",
    "transcript.md": "transcript",
    LEDGER: "ledger",
    "captions.srt": "captions",
    "captions.vtt": "captions",
    "poster.png": "poster",
    "thumbnail.jpg": "thumbnail",
}

Listener = Callable[[Event], None]


def file_names(formats: Sequence[str]) -> list[str]:
    """All files that are written, but for the stills and the manifest."""
    return [*_KINDS, *(f"film.{name}" for name in formats)]


def publish(
    film: Film,
    folder: Folder,
    *,
    formats: Sequence[str] = (),
    star: Job | None = None,
    beat: str | None = None,
    count: int | None = None,
    listen: Listener = lambda event: None,
) -> dict[str, Any]:
    """Write the film's files into the folder; what was written, as its manifest has it.

    ``formats`` are those in which the film is there, too. ``star`` is the chapter, and ``beat`` the beat of it, whose
    still stands for the film (if none is named, that with most to see). ``count`` processes draw the stills.
    """
    parts = film.parts
    stills = [_sound(result) for result in workers.each(beat_stills, parts, workers=count)]
    part, best = poster(stills, parts, star, beat)
    fps, cues = parts[0].timeline.fps, captions.film_cues(part.timeline for part in parts)
    pictures = {
        name: still.png
        for part, own in zip(parts, stills, strict=True)
        for name, still in zip(still_names(part), own, strict=True)
    }
    also = [f"film.{name}" for name in formats]
    content: dict[str, bytes | str | Path] = {
        FILM: film.path,
        "description.md": description(parts),
        "transcript.md": transcript(parts),
        LEDGER: as_text(of_film(FILM, parts)),
        "captions.srt": captions.to_srt(cues, fps),
        "captions.vtt": captions.to_vtt(cues, fps),
        "poster.png": best.png,
        "thumbnail.jpg": thumbnail(part, best),
        **pictures,
    }
    folder.begin([*also, *content])
    for name in also:
        _encode(film, folder.path / name, listen)
    for name, written in content.items():
        folder.write(name, written)
    files = [
        {"path": name, "kind": _KINDS.get(name, "still" if name in pictures else "film"), "bytes": _size(folder, name)}
        for name in [*content, *also]
    ]
    manifest = {**_facts(parts), "poster": {"chapter": part.job.entry.name, "beat": best.beat}, "files": files}
    folder.end(manifest)
    return manifest


def _encode(film: Film, path: Path, listen: Listener) -> None:
    fps, frames = film.parts[0].timeline.fps, sum(part.timeline.frames for part in film.parts)

    def tell(done: int) -> None:
        listen(Event("progress", path.name, frames=done, of=frames, fps=fps))

    converted(film.path, path, tell)
    listen(Event("done", path.name, frames=frames, of=frames, fps=fps))


def _sound(result: Any) -> Any:
    if isinstance(result, Problem):
        raise result
    return result


def _size(folder: Folder, name: str) -> int:
    return (folder.path / name).stat().st_size


def _facts(parts: Sequence[Rendered]) -> dict[str, Any]:
    """What a script may want to know of the film: times in seconds."""
    fps, size = parts[0].timeline.fps, parts[0].job.size
    frames = sum(part.timeline.frames for part in parts)
    return {
        "title": film_title(parts),
        "seconds": frames / fps,
        "frames": frames,
        "fps": fps,
        "width": size.width,
        "height": size.height,
        "chapters": [{"start": first / fps, "title": title} for first, title in chapter_list(parts)],
        "no_chapters_on_sites": refused(parts),
    }
