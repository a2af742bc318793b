"""What a video site is told of a film: its title, what it is about, and its chapters, each with its time."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable, Iterator, Sequence

from .. import contents
from ..playback import chapter_class
from ..render import Rendered
from ..titles import film_title
from .markdown import escaped, inline

__all__ = ["abstract", "chapter_list", "description", "refused", "stamp"]

#: What video sites ask of a list of chapters: so many of them at least, each so long at least, in seconds.
LEAST_CHAPTERS, LEAST_SECONDS = 3, 10


def stamp(seconds: float, long: bool = False) -> str:
    """The second that a moment lies in, as it is written; ``long`` with hours.

    >>> stamp(38.9), stamp(3600), stamp(38.9, long=True)
    ('0:38', '1:00:00', '0:00:38')
    """
    whole = int(seconds + 1e-6)
    if long or whole >= 3600:
        return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{whole // 60}:{whole % 60:02d}"


def chapter_list(parts: Sequence[Rendered]) -> list[tuple[int, str]]:
    """The chapters, each with its first frame; of a film of one chapter its beats.

    In a film of several parts each part's title stands before its first chapter's. A beat shorter than video sites
    let a chapter be belongs to the one before it, and the first ones to the first.
    """
    return list(_chapters(parts) if len(parts) > 1 else _beats(parts[0]))


def _chapters(parts: Sequence[Rendered]) -> Iterator[tuple[int, str]]:
    several = len({part.job.entry.part for part in parts if part.job.entry.part}) > 1
    first, before = 0, ""
    for part in parts:
        title, group = part.timeline.title, part.job.entry.part
        yield first, f"{group}: {title}" if several and group not in ("", before) else title
        first, before = first + part.timeline.frames, group


def _beats(part: Rendered) -> list[tuple[int, str]]:
    line, least = part.timeline, LEAST_SECONDS * part.timeline.fps
    begun = [(0, line.beats[0].title)] if line.beats else []
    for beat in line.beats[1:]:
        if beat.start - begun[-1][0] >= least and line.frames - beat.start >= least:
            begun.append((beat.start, beat.title))
    return begun if len(begun) > 1 else [(0, line.title)]


def refused(parts: Sequence[Rendered]) -> str | None:
    """Why video sites make no chapters of the list, in one sentence; ``None`` if they do."""
    listed, fps = chapter_list(parts), parts[0].timeline.fps
    ends = [first for first, _ in listed[1:]] + [sum(part.timeline.frames for part in parts)]
    if len(listed) < LEAST_CHAPTERS:
        return f"found {len(listed)} in the list, expected at least {LEAST_CHAPTERS}"
    for (first, title), end in zip(listed, ends, strict=True):
        if end // fps - first // fps < LEAST_SECONDS:
            return f"found {title!r} of {(end - first) / fps:.1f} s, expected at least {LEAST_SECONDS} s"
    return None


def abstract(parts: Sequence[Rendered]) -> list[str]:
    """Paragraphs, as Markdown: what each chapter is about, as its own file says, and the worked examples, once each."""
    if len(parts) == 1:
        about = escaped(_about(parts[0]))
    else:
        about = _lines(f"{part.timeline.title}: {text}" for part in parts if (text := _about(part)))
    examples = list(dict.fromkeys(text for part in parts if (text := _example(part))))
    told = [inline(f"Worked example{'s' if len(examples) > 1 else ''}: {'; '.join(examples)}.")] if examples else []
    made = f"Made with Manim {_version('manim')} and backprop-math {_version('backprop-math')}."
    return [text for text in (about, *told, made) if text]


def _version(package: str) -> str:
    return importlib.metadata.version(package)


def _about(part: Rendered) -> str:
    """The first paragraph of a scene's own docstring, as a sentence."""
    said = " ".join((contents.load(part.job.entry).__doc__ or "").strip().partition("\n\n")[0].split())
    return said if not said or said.endswith((".", "!", "?")) else f"{said}."


def _example(part: Rendered) -> str:
    from backprop_math import load_example

    made = chapter_class(part.job.entry)
    if made is None:
        return ""
    example = made.shown_for(load_example(part.job.example or made.example_name))
    network = example.network
    functions = ", ".join(dict.fromkeys(f.name.replace("_", " ") for f in network.activation))
    layers = "-".join(map(str, network.layers))
    return f"{example.title or example.name} ({layers}; {functions}; {network.cost.name.replace('_', ' ')})"


def description(parts: Sequence[Rendered]) -> str:
    """The whole text, as Markdown whose list of chapters is also read by video sites: ``m:ss Title`` in lines."""
    fps = parts[0].timeline.fps
    long = sum(part.timeline.frames for part in parts) >= 3600 * fps
    listed = _lines(f"{stamp(first / fps, long)} {title}" for first, title in chapter_list(parts))
    return "\n\n".join([f"# {inline(film_title(parts))}", *abstract(parts), "## Chapters", listed]) + "\n"


def _lines(texts: Iterable[str]) -> str:
    # Two spaces end a line in Markdown, and are not seen elsewhere.
    return "  \n".join(escaped(text) for text in texts)
