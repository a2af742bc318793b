"""Captions as files and as a track: SubRip, WebVTT and 3GPP timed text."""

from __future__ import annotations

import datetime
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import srt

from .timeline import CueSpan, Timeline

__all__ = ["files", "film_cues", "samples", "to_srt", "to_vtt"]


def film_cues(timelines: Iterable[Timeline]) -> list[CueSpan]:
    """All captions of chapters that follow one another, in frames of the film."""
    cues, offset = [], 0
    for timeline in timelines:
        for beat in timeline.beats:
            cues += [CueSpan(c.text, c.start + offset, c.end + offset) for c in beat.cues if c.end > c.start]
        offset += timeline.frames
    return cues


def files(film: Path, how: str) -> dict[Path, Callable[[Sequence[CueSpan], int], str]]:
    """The files of captions that go with a film, and what writes each; ``how`` is ``burned``, ``soft`` or ``off``.

    Soft ones have the film's name and stand beside it, where players find them. Burned ones no player may lay over
    those in the picture: mpv takes what has the film's name beside it, VLC also in folders called Subtitles or Subs,
    IINA whatever is like it in any folder beside it. So they stand one folder deeper, for whoever looks for them.

    >>> [str(path) for path in files(Path("film.mp4"), "burned")]
    ['captions/film/captions.srt', 'captions/film/captions.vtt']
    >>> [str(path) for path in files(Path("film.mp4"), "soft")]
    ['film.srt', 'film.vtt']
    """
    base = {"burned": film.parent / "captions" / film.stem / "captions", "soft": film.with_suffix("")}.get(how)
    return {} if base is None else {Path(f"{base}.srt"): to_srt, Path(f"{base}.vtt"): to_vtt}


def _milliseconds(frame: int, fps: int) -> int:
    """The first whole millisecond at which the frame is shown."""
    return -(-frame * 1000 // fps)


def to_srt(cues: Sequence[CueSpan], fps: int) -> str:
    """The captions as a SubRip file."""

    def moment(frame: int) -> datetime.timedelta:
        return datetime.timedelta(milliseconds=_milliseconds(frame, fps))

    return srt.compose(srt.Subtitle(i, moment(c.start), moment(c.end), c.text) for i, c in enumerate(cues, 1))


def to_vtt(cues: Sequence[CueSpan], fps: int) -> str:
    """The captions as a WebVTT file."""

    def moment(frame: int) -> str:
        seconds, millis = divmod(_milliseconds(frame, fps), 1000)
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{millis:03d}"

    def escaped(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    blocks = [f"{moment(c.start)} --> {moment(c.end)}\n{escaped(c.text)}\n" for c in cues]
    return "\n".join(["WEBVTT\n", *blocks])


def samples(cues: Sequence[CueSpan], frames: int) -> Iterator[tuple[int, int, bytes]]:
    """The captions as 3GPP timed text: first frame, number of frames and bytes of each sample.

    A track has no gaps: where nothing is said, an empty sample says so.
    """
    at = 0
    for cue in cues:
        if cue.start > at:
            yield at, cue.start - at, _sample("")
        yield cue.start, cue.end - cue.start, _sample(cue.text)
        at = cue.end
    if frames > at:
        yield at, frames - at, _sample("")


def _sample(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack(">H", len(encoded)) + encoded
