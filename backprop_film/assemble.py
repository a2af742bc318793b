"""Join rendered chapters into one film, without encoding anything again.

Time is counted in frames throughout: each frame of the film gets exactly its number, whatever the
chapters' own time stamps look like.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from fractions import Fraction
from heapq import merge
from pathlib import Path
from typing import Any

import av

from . import captions, mp4
from .errors import Problem
from .files import av_name, whole
from .render import Rendered

__all__ = ["Mark", "assemble", "join", "marks"]

#: FFmpeg decodes the first picture of what it opens, unless it is to skip all: the head of a piece says enough.
_UNSEEN = {"skip_frame": "all"}
#: Two marks closer than this, in seconds, become one.
_APART = 1.0
_STYLE = b"""[Script Info]
ScriptType: v4.00+
PlayResX: 384
PlayResY: 288

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, \
Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, \
MarginV, Encoding
Style: Default,sans-serif,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


@dataclass(frozen=True)
class Mark:
    """A place to jump to: its title, from its first frame up to but without frame ``end``."""

    title: str
    start: int
    end: int


def marks(parts: Sequence[Rendered]) -> list[Mark]:
    """A mark for every chapter and every beat.

    A player's list of marks is flat, so chapters and beats are numbered: ``2. The chain rule``, ``2.3 Nudge``;
    in a film of several parts, each part's title stands before its first chapter's. A chapter in no list has
    no number. Where a chapter's first beat begins with it, one mark carries both names.
    """
    starts: list[tuple[str, int]] = []
    several = len({part.job.entry.part for part in parts if part.job.entry.part}) > 1
    offset, before = 0, ""
    for part in parts:
        entry, line = part.job.entry, part.timeline
        heading = line.title if entry.number is None else f"{entry.number}. {line.title}"
        if several and entry.part not in ("", before):
            heading = f"{entry.part}: {heading}"
        before = entry.part
        for index, beat in enumerate(line.beats, 1):
            if index == 1 and beat.start < _APART * line.fps:
                same = beat.key == line.title  # a plain scene's only beat
                starts.append((heading if same else f"{heading} – {beat.title}", offset))
                continue
            if index == 1:
                starts.append((heading, offset))
            number = "" if entry.number is None else f"{entry.number}.{index} "
            starts.append((f"{number}{beat.title}", offset + beat.start))
        if not line.beats:
            starts.append((heading, offset))
        offset += line.frames
    ends = [start for _, start in starts[1:]] + [offset]
    return [Mark(title, start, end) for (title, start), end in zip(starts, ends, strict=True)]


def assemble(
    parts: Sequence[Rendered],
    output: Path,
    title: str,
    *,
    track: bool,
    shown: bool = False,
    heard: Path | None = None,
) -> None:
    """Write the film to ``output``, whole or not at all.

    ``track`` adds the captions as a track that can be switched on; ``shown`` switches it on from the start. ``heard``
    is the file of its sound, as `soundtrack.sounded` gives it.
    """
    fps = parts[0].timeline.fps
    lines = [part.timeline for part in parts]
    frames = sum(line.frames for line in lines)
    cues = captions.film_cues(lines)
    with whole(output) as beside:
        with (
            av.open(av_name(parts[0].pieces[0])) as template,
            av.open(av_name(heard)) if heard else nullcontext() as sound,
            av.open(av_name(beside), "w", format="mp4", container_options={"movflags": "+faststart"}) as film,
        ):
            film.metadata["title"] = title
            video = film.add_stream_from_template(template.streams.video[0])
            video.time_base = Fraction(1, fps)
            text = _text_stream(film, fps) if track else None
            audio = film.add_stream_from_template(sound.streams.audio[0]) if sound else None
            film.set_chapters([_chapter(number, mark, fps) for number, mark in enumerate(marks(parts), 1)])
            tracks = [_video_packets(video, parts, fps)]
            if text is not None:
                tracks.append(_text_packets(text, cues, frames, fps))
            if sound:
                tracks.append(_audio_packets(audio, sound))
            for packet in merge(*tracks, key=lambda packet: packet.dts * packet.time_base):
                film.mux(packet)
        if track and not shown:
            mp4.disable_text_tracks(beside)


def join(part: Rendered, output: Path) -> None:
    """Write a chapter's pieces to ``output`` as one video, without sound, captions or marks.

    The caller gives a temporary name. `OSError` if the disk is full, `Problem` if the pieces do not fit together.
    """
    fps = part.timeline.fps
    with (
        av.open(av_name(part.pieces[0])) as template,
        av.open(av_name(output), "w", format="mp4") as joined,
    ):
        video = joined.add_stream_from_template(template.streams.video[0])
        video.time_base = Fraction(1, fps)
        for packet in _video_packets(video, [part], fps):
            joined.mux(packet)


def _video_packets(video: Any, parts: Sequence[Rendered], fps: int) -> Iterator[Any]:
    """The frames of chapters that follow one another, which are stored in the order in which they are shown.

    `Problem` at the end of a chapter that has not as many as were played.
    """
    at, header = 0, None
    for part in parts:
        first = at
        for piece in part.pieces:
            with av.open(av_name(piece), stream_options=[_UNSEEN]) as container:
                source = container.streams.video[0]
                own = source.codec_context.extradata
                if own != (header := header or own):
                    raise Problem(f"{piece} was encoded with other settings than the pieces before it; delete it")
                for packet in _packets(container, source):
                    packet.stream, packet.time_base = video, Fraction(1, fps)
                    packet.pts = packet.dts = at
                    packet.duration = 1
                    at += 1
                    yield packet
        if at - first != part.timeline.frames:
            name, played = part.timeline.chapter, part.timeline.frames
            raise Problem(f"chapter {name}: found {at - first} frames, expected the {played} played")


def _audio_packets(audio: Any, sound: Any) -> Iterator[Any]:
    for packet in _packets(sound, sound.streams.audio[0]):
        packet.stream = audio
        yield packet


def _packets(container: Any, stream: Any) -> Iterator[Any]:
    # The demuxer ends with an empty packet, which flushes decoders.
    return (packet for packet in container.demux(stream) if packet.dts is not None)


def _chapter(number: int, mark: Mark, fps: int) -> Any:
    # Players seek to milliseconds: the first one at which the mark's first frame is shown.
    start, end = (-(-frame * 1000 // fps) for frame in (mark.start, mark.end))
    return {"id": number, "start": start, "end": end, "time_base": Fraction(1, 1000), "metadata": {"title": mark.title}}


def _text_stream(film: Any, fps: int) -> Any:
    text = film.add_stream("mov_text")
    text.codec_context.subtitle_header = _STYLE
    text.codec_context.time_base = text.time_base = Fraction(1, fps)
    text.metadata["language"] = "eng"
    return text


def _text_packets(text: Any, cues: Sequence[captions.CueSpan], frames: int, fps: int) -> Iterator[Any]:
    for start, count, sample in captions.samples(cues, frames):
        packet = av.Packet(sample)
        packet.stream, packet.time_base = text, Fraction(1, fps)
        packet.pts = packet.dts = start
        packet.duration = count
        yield packet
