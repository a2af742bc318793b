"""A piece of video: pictures that change are x264's, pictures that do not are `h264`'s.

x264 is told to hold nothing back (no B-frames, no look-ahead) and to refer to the picture before only. So each of its
pictures is there at once, and a repetition may follow any of them.

It takes x264 a hundredth of a second to find out what of a picture is as it was. So it is given only the rows in which
something changes in the course of the piece, as a small picture of its own; the rows above and below are encoded once
and then repeated. A block of a moving picture is sought in the one before, which goes on beyond the small picture's
edges: therefore the rows around what changes are x264's, too, as many as a motion can reach.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.frame import PictureType
from manim._config.video_encoder import VideoEncoderSpec
from manim.scene.video_segment_encoder import VideoSegmentEncoder

from backprop_math.files import hidden

from .h264 import Stream
from .planes import Change, Converter, Patch, Planes

__all__ = ["ENCODER", "Piece"]

#: Manim's ``video_encoder_options`` for a film. The colours are written into the stream and into the file. One thread
#: makes the same video each time (several cut a picture into as many slices as the machine has processors). A constant
#: ``qp`` spares x264 its look at the whole picture before each; it counts only where Manim's own ``crf`` is taken back.
#: Lines on an even ground have no blocks to be smoothed away: without that filter they are 1 dB nearer to what was
#: drawn, at the same size. Blocks of 8 × 8 make it no smaller. What is faint, as a line that appears, x264 would leave
#: out (``deadzone``): 1 dB in the worst pictures, for 5 % more bytes.
ENCODER = {
    "colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709", "color_range": "tv", "threads": "1",
    "preset": "superfast", "tune": "zerolatency", "crf": "-1", "qp": "23", "weightp": "0", "forced-idr": "1",
    "x264-params": "partitions=p8x8,i4x4:no-8x8dct=1:subme=1:me=dia:mvrange=32:chroma-qp-offset=4:ipratio=1.3"
    ":no-deblock=1:deadzone-inter=6:keyint=infinite:scenecut=0",
}  # fmt: skip
#: Seconds from one picture that stands for itself to the next, at most: so far a player must read on after a jump.
_KEY_EVERY = 5
_MACROBLOCK = 16
#: Rows that a motion reaches: x264's least ``mvrange``, and three more between which pixels are interpolated.
_REACH = 32 + 3
#: Bytes of changes that wait until it is known where the piece changes; if there are more, it is encoded as a whole.
_HELD = 40_000_000


class _Part:
    """Rows of the picture, from macroblock row ``first`` up to ``end``, and what x264 makes of them."""

    def __init__(self, spec: VideoEncoderSpec, stream: Stream, first: int, end: int) -> None:
        self.top, self.bottom = first * _MACROBLOCK, min(end * _MACROBLOCK, spec.height)
        across = -(-spec.width // _MACROBLOCK)
        self._stream, self._place, self._count = stream, first * across, (end - first) * across
        self._planes = Planes(spec.width, self.bottom - self.top, self.top)
        self._encoder: Any = av.CodecContext.create(spec.codec, "w")
        self._encoder.width, self._encoder.height = spec.width, self.bottom - self.top
        self._encoder.pix_fmt, self._encoder.options = spec.pixel_format, dict(spec.options)
        self._encoder.framerate, self._encoder.time_base = spec.frame_rate, 1 / Fraction(spec.frame_rate)
        self._given = 0
        self._key = b""  # what stands for itself, as long as nothing has changed since

    def key(self, changes: Sequence[Change]) -> bytes:
        """The rows, changed so, as a slice that stands for itself."""
        if self._take(changes) or not self._key:
            self._key = self._stream.placed(self._encoded(PictureType.I), 0, self._place)
        return self._key

    def next(self, changes: Sequence[Change], number: int) -> bytes:
        """The rows, changed so, as a slice that refers to the picture before."""
        if not self._take(changes):
            return self._stream.skipped(number, self._place, self._count)
        self._key = b""
        return self._stream.placed(self._encoded(PictureType.NONE), number, self._place)

    def _take(self, changes: Sequence[Change]) -> bool:
        here = [one for one in changes if one.rectangle.top < self.bottom and one.rectangle.bottom > self.top]
        for change in here:
            self._planes.take(change)
        return bool(here)

    def _encoded(self, kind: PictureType) -> bytes:
        frame = self._planes.frame()
        frame.pts, frame.time_base, frame.pict_type = self._given, self._encoder.time_base, kind
        self._given += 1
        (packet,) = self._encoder.encode(frame)
        return bytes(packet)


class Piece(VideoSegmentEncoder):
    """Writes beside its target, which appears when it is complete: Manim takes any file there for a finished one."""

    def __init__(self, *, target: Path, spec: VideoEncoderSpec) -> None:
        self._final = target
        # Two plays of a chapter may be one, and both be encoded at a time: each has a name of its own.
        super().__init__(target=target.with_name(f"{hidden()}{secrets.token_hex(4)}{target.suffix}"), spec=spec)
        self._container.start_encoding()
        self._said = Stream.of(bytes(self._stream.codec_context.extradata))
        self._converted = Converter()
        self._held: list[tuple[list[Change], int]] = []
        self._room, self._filled = np.empty(_HELD, np.uint8), 0  # one block, which goes back to the system as a whole
        self._parts: list[_Part] = []  # none until it is known where the piece changes
        self._key_every = round(_KEY_EVERY * spec.frame_rate)
        self._last_key = 0  # which picture that was,
        self._number = 0  # and how many have come since

    def write_frame(self, patches: Sequence[Patch], *, repeat: int = 1) -> None:
        """Write a picture so many times: the one before (all black at first), changed in these ``patches``."""
        try:
            changes = [self._converted(patch) for patch in patches]
            if not self._parts and self._filled + sum(change.nbytes for change in changes) > len(self._room):
                self._begin([(0, self._rows)])
            if self._parts:
                self._put(changes, repeat)
            else:
                self._held.append(([self._kept(change) for change in changes], repeat))
        except Exception as error:
            raise self._operation_error("encode", error) from error

    @property
    def _rows(self) -> int:
        return -(-self.spec.height // _MACROBLOCK)

    def _kept(self, change: Change) -> Change:
        kept = change.copied(self._room[self._filled :])
        self._filled += change.nbytes
        return kept

    def _begin(self, moving: Sequence[tuple[int, int]]) -> None:
        """Write what has been held, given the rows of macroblocks that change."""
        edges = sorted({0, self._rows, *(edge for rows in moving for edge in rows)})
        self._parts = [_Part(self.spec, self._said, first, end) for first, end in pairwise(edges)]
        for changes, repeat in self._held:
            self._put(changes, repeat)
        self._held, self._room = [], np.empty(0, np.uint8)

    def _moving(self) -> list[tuple[int, int]]:
        """The rows of macroblocks that change after the first picture, with those around them."""
        found: list[tuple[int, int]] = []
        spans = {
            (one.rectangle.top - _REACH, one.rectangle.bottom + _REACH) for held, _ in self._held[1:] for one in held
        }
        for top, bottom in sorted(spans):
            first, end = max(0, top // _MACROBLOCK), min(self._rows, -(-bottom // _MACROBLOCK))
            if found and first <= found[-1][1]:
                first, end = found[-1][0], max(end, found.pop()[1])
            found.append((first, end))
        return found

    def _put(self, changes: Sequence[Change], repeat: int) -> None:
        for index in range(repeat):
            self._encode(() if index else changes)

    def _encode(self, changes: Sequence[Change]) -> None:
        key = not self._next_pts or self._next_pts - self._last_key >= self._key_every
        self._number = 0 if key else self._number + 1
        slices = (part.key(changes) if key else part.next(changes, self._number) for part in self._parts)
        self._write(b"".join(slices), key)

    def _write(self, data: bytes, is_key: bool) -> None:
        packet: Any = av.Packet(data)
        packet.stream, packet.time_base = self._stream, 1 / Fraction(self.spec.frame_rate)
        packet.pts = packet.dts = self._next_pts
        packet.duration, packet.is_keyframe = 1, is_key
        if is_key:
            self._last_key = self._next_pts
        self._next_pts += 1
        self._container.mux(packet)

    def finish(self) -> None:
        """Complete the piece."""
        if self._closed:
            return
        try:
            if self._held:
                self._begin(self._moving())
        except Exception as error:
            raise self._operation_error("encode", error) from error
        super().finish()
        self.target.replace(self._final)
