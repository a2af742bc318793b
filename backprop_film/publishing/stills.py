"""Stills of a film's beats, without captions; and which of them stands for the film."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from .. import contents, preview
from ..errors import Problem
from ..playback import Job, capture, survey
from ..render import Rendered
from ..timeline import BeatSpan, Timeline

__all__ = ["THUMBNAIL", "THUMBNAIL_BYTES", "Still", "beat_stills", "poster", "still_names", "thumbnail", "wanted"]

#: The size that video sites ask for, in pixels, and what they take at most.
THUMBNAIL, THUMBNAIL_BYTES = (1280, 720), 2_000_000
_FULLER = 4 / 3  # so much more must the middle of a beat show than its end to be taken
_SEEN = 24  # levels from the background


@dataclass(frozen=True)
class Still:
    """A beat's picture: which frame of the chapter, the picture as a PNG, and how much there is to see.

    ``beat`` is ``None`` for a chapter without beats.
    """

    beat: str | None
    frame: int
    png: bytes
    fullness: float


def _spans(line: Timeline) -> Sequence[BeatSpan | None]:
    return line.beats or [None]


def still_names(part: Rendered) -> list[str]:
    """The names of a chapter's stills, in their order: ``stills/chain_rule/01-network.png``."""
    keys = [re.sub(r"[^\w.-]+", "-", span.key if span else part.job.entry.slug) for span in _spans(part.timeline)]
    return [f"stills/{part.job.entry.slug}/{number:02d}-{key}.png" for number, key in enumerate(keys, 1)]


def beat_stills(part: Rendered) -> list[Still]:
    """A still for each beat of a chapter, from one pass in which only these frames are drawn.

    It is the beat's last frame, in which all that was said has been shown; or its middle, if there is more to see.
    """
    line = part.timeline
    moments = [
        (span, preview.frame_at(line, span, "end"), preview.frame_at(line, span, "middle")) for span in _spans(line)
    ]
    pictures = capture(_plain(part.job), [frame for _, *frames in moments for frame in frames])
    found = []
    for span, end, middle in moments:
        fullness = {frame: _fullness(pictures[frame]) for frame in (end, middle)}
        frame = middle if fullness[middle] > _FULLER * fullness[end] else end
        found.append(Still(span.key if span else None, frame, _png(pictures[frame]), fullness[frame]))
    return found


def _plain(job: Job) -> Job:
    return replace(job, captions=False)


def _fullness(picture: Image.Image) -> float:
    """How much there is to see: light on the background (the colour of a corner), and colour twice as much as grey."""
    levels = np.asarray(picture, dtype=np.int16)
    apart = np.abs(levels - levels[0, 0]).max(axis=2)
    colour = levels.max(axis=2) - levels.min(axis=2)
    return float(np.where(apart > _SEEN, apart + colour, 0).mean())


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, format="PNG")
    return file.getvalue()


# -- the one that stands for the film -----------------------------------------------------------------


def wanted(text: str, jobs: Sequence[Job]) -> tuple[Job, str | None]:
    """The chapter, and the beat if one is named, of ``CHAPTER`` or ``CHAPTER:BEAT``.

    `Problem` if the film has none such.
    """
    entry, beat = contents.target(text)
    job = next((job for job in jobs if job.entry == entry), None)
    if job is None:
        raise Problem(f"--poster {text}: found a chapter that is not in the film")
    if beat is not None:
        survey(job, until=beat).beat(beat)
    return job, beat


def poster(
    stills: Sequence[Sequence[Still]], parts: Sequence[Rendered], star: Job | None = None, beat: str | None = None
) -> tuple[Rendered, Still]:
    """The chapter and the still that stand for the film: of those named, or of all, that with most to see."""
    known = [
        (part, still)
        for part, own in zip(parts, stills, strict=True)
        for still in own
        if (star is None or star.entry == part.job.entry)
        and (beat is None or still.beat == part.timeline.beat(beat).key)
    ]
    return max(known, key=lambda pair: pair[1].fullness)


def thumbnail(part: Rendered, still: Still) -> bytes:
    """A still in the size that video sites ask for, as a JPEG that they take."""
    picture = Image.open(io.BytesIO(still.png)).convert("RGB")
    if picture.width < THUMBNAIL[0]:  # a draft: the moment is drawn again, as enlarging would blur it
        where = still.frame / part.timeline.fps
        picture = preview.still(replace(_plain(part.job), quality="m"), None, f"{where:.6f}")
    picture = picture.resize(THUMBNAIL, Image.Resampling.LANCZOS)
    for quality in (95, 85, 70, 50, 30):
        file = io.BytesIO()
        picture.save(file, format="JPEG", quality=quality, subsampling=0, optimize=True)
        if file.tell() <= THUMBNAIL_BYTES:
            break
    return file.getvalue()
