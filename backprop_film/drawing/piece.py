"""A piece of video: pictures that change are x264's, pictures that do not are `h264`'s.

x264 is told to hold nothing back (no B-frames, no look-ahead) and to refer to the picture before only. So each of its
pictures is there at once, and a repetition may follow any of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.video.frame import PictureType
from manim._config.video_encoder import VideoEncoderSpec
from manim.scene.video_segment_encoder import VideoSegmentEncoder

from backprop_math.files import hidden

from .h264 import Stream
from .planes import Patch, Planes

__all__ = ["ENCODER", "Piece"]

#: Manim's ``video_encoder_options`` for a film. The colours are written into the stream and into the file. One thread
#: makes the same video each time (several cut a picture into as many slices as the machine has processors). A constant
#: ``qp`` spares x264 its look at the whole picture before each, a third of its time. Lines on an even ground
#: have no blocks to be smoothed away: without that filter they are 1 dB nearer to what was drawn, at the same size.
ENCODER = {
    "colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709", "color_range": "tv", "threads": "1",
    "preset": "superfast", "tune": "zerolatency", "qp": "25", "weightp": "0", "forced-idr": "1",
    "x264-params": "subme=2:me=hex:ipratio=1.3:no-deblock=1:keyint=infinite:scenecut=0",
}  # fmt: skip
#: Seconds from one picture that stands for itself to the next, at most: so far a player must read on after a jump.
_KEY_EVERY = 5


class Piece(VideoSegmentEncoder):
    """Writes beside its target, which appears when it is complete: Manim takes any file there for a finished one."""

    def __init__(self, *, target: Path, spec: VideoEncoderSpec) -> None:
        self._final = target
        super().__init__(target=target.with_name(f"{hidden()}{target.name}"), spec=spec)
        self._planes = Planes(spec.width, spec.height)
        self._key_every = round(_KEY_EVERY * spec.frame_rate)
        self._said: Stream | None = None
        self._last_key = 0  # which picture that was,
        self._key = b""  # and what it is in the stream, as long as nothing but repetitions has followed it
        self._number = 0  # of the picture written last, and how x264 counts it: from the last that stands for itself
        self._x264_number = 0

    def write_frame(self, patches: Sequence[Patch], *, repeat: int = 1) -> None:
        """Write a picture so many times: the one before (all black at first), changed in these ``patches``."""
        try:
            self._planes.update(patches)
            if patches or self._said is None:
                self._encode(self._next_pts - self._last_key >= self._key_every)
                repeat -= 1
            for _ in range(repeat):
                self._repeat()
        except Exception as error:
            raise self._operation_error("encode", error) from error

    def _encode(self, key: bool) -> None:
        frame = self._planes.frame()
        frame.pts, frame.time_base = self._next_pts, 1 / Fraction(self.spec.frame_rate)
        if key:
            frame.pict_type = PictureType.I
        (packet,) = self._stream.encode(frame)
        data = bytes(packet)
        if self._said is None:
            self._said = Stream.of(bytes(self._stream.codec_context.extradata))
        if packet.is_keyframe:
            self._key, self._number, self._x264_number = data, 0, 0
        else:
            self._key, self._number, self._x264_number = b"", self._number + 1, self._x264_number + 1
            data = self._said.renumbered(data, self._number - self._x264_number)
        self._write(data, packet.is_keyframe)

    def _repeat(self) -> None:
        assert self._said is not None
        if self._next_pts - self._last_key >= self._key_every:
            if not self._key:
                self._encode(key=True)
                return
            self._number = 0
            self._write(self._key, is_key=True)
        else:
            self._number += 1
            self._write(self._said.repeated(self._number), is_key=False)

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
        if not self._closed:
            super().finish()
            self.target.replace(self._final)
