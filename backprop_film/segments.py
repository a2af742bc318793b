"""The film's pieces: a video for each play, in the folders and under the keys of Manim's cache.

Four things differ from the pieces that ``manim`` writes. A piece appears whole or not at all, so that an interrupted
render leaves nothing broken behind. Its colours are those of BT.709, limited range, and it says so: without that,
players take a picture of this size for BT.709 and FFmpeg's libraries convert to BT.601, so that every colour is off.
It is encoded by one thread: with several, x264 cuts a picture into as many slices as the machine has processors, and
does not make the same video of the same pictures each time. (It costs no time: several pieces are encoded at once.) And
the chapter's video is not put together from them, as the film is joined from the pieces themselves. What the encoder is
told is part of a piece's key, so that Manim's own pieces are other files.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from manim._config.video_encoder import VideoEncoderSpec
from manim.scene.scene_file_writer import SceneFileWriter
from manim.scene.video_segment_encoder import VideoSegmentEncoder
from manim.typing import RGBAPixelArray

from backprop_math.files import hidden

__all__ = ["ENCODER", "PieceWriter"]

#: Manim's ``video_encoder_options`` for a film; the colours are written into the stream and into the file.
ENCODER = {
    "colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709", "color_range": "tv", "threads": "1",
}  # fmt: skip


class _Piece(VideoSegmentEncoder):
    """Writes beside its target, which appears when it is complete: Manim takes any file there for a finished one."""

    def __init__(self, *, target: Path, spec: VideoEncoderSpec) -> None:
        self._final = target
        self._reformatter = VideoReformatter()
        super().__init__(target=target.with_name(f"{hidden()}{target.name}"), spec=spec)

    def write_frame(self, pixels: RGBAPixelArray, *, repeat: int = 1) -> None:
        """Convert a picture as `ENCODER` says, and encode it so many times."""
        self._validate_frame(pixels, repeat)
        try:
            frame = self._reformatter.reformat(
                av.VideoFrame.from_ndarray(pixels, format="rgba"),
                format=self.spec.pixel_format,
                dst_colorspace=Colorspace.ITU709,
                src_color_range=ColorRange.JPEG,
                dst_color_range=ColorRange.MPEG,
            )
            for _ in range(repeat):
                frame.pts, frame.time_base = self._next_pts, 1 / Fraction(self.spec.frame_rate)
                self._next_pts += 1
                self._container.mux(self._stream.encode(frame))
        except Exception as error:
            raise self._operation_error("encode", error) from error

    def finish(self) -> None:
        """Complete the piece."""
        if not self._closed:
            super().finish()
            self.target.replace(self._final)


class PieceWriter(SceneFileWriter):
    """Manim's writer, for a film's pieces."""

    def _create_segment_encoder(self, target: Path) -> VideoSegmentEncoder:
        if self.video_encoder is None:
            raise RuntimeError("no video encoder is configured")
        return _Piece(target=target, spec=self.video_encoder)

    def combine_to_movie(self) -> None:
        """Leave the pieces as they are."""

    @property
    def pieces(self) -> tuple[Path, ...]:
        """The files of the plays, in their order."""
        return tuple(Path(name) for name in self.partial_movie_files if name is not None)
