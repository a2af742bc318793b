"""Captions as files and as a track: SubRip, WebVTT and 3GPP timed text."""

from __future__ import annotations

import datetime
import struct
from collections.abc import Iterable, Iterator, Sequence

import srt

from .timeline import CueSpan, Timeline

__all__ = ["film_cues", "samples", "to_srt", "to_vtt"]


def film_cues(timelines: Iterable[Timeline]) -> list[CueSpan]:
    """All captions of chapters that follow one another, in frames of the film."""
    cues, offset = [], 0
    for timeline in timelines:
        for beat in timeline.beats:
            cues += [CueSpan(c.text, c.start + offset, c.end + offset) for c in beat.cues if c.end > c.start]
        offset += timeline.frames
    return cues


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
