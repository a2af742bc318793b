"""A film in formats that web pages take, encoded from the film as it was drawn: WebM, and GIF where no video can be.

A WebM has the film's pictures as VP9, its sound as Opus, and its marks. A GIF has the 256 colours that suit its
pictures best, no sound, and at most `GIF_BYTES`: it is as large, and shows as many pictures a second, as that allows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from ..errors import Problem, shown_path
from ..files import av_name, whole

__all__ = ["FORMATS", "GIF_BYTES", "converted"]

#: What the places that take a GIF take at most.
GIF_BYTES = 10_000_000
#: Pixels high, and pictures a second, at most: the first with which a GIF is small enough.
_GIF_SIZES = ((480, 15), (480, 10), (360, 10), (360, 5), (240, 5))
# Levels by which what a video's encoder makes of one picture differs: beside what moves, and when all stands still.
_STEADY, _STILL = 8, 2
# Five times as fast as VP9's "good", and a fifth larger: 50 dB from a film of 480p.
_VP9 = {"crf": "24", "b": "0", "deadline": "realtime", "cpu-used": "7", "row-mt": "1", "tune-content": "screen"}
_OPUS_RATE = 48_000  # samples a second
_EVERY = 10  # frames between two reports

#: Hears how many of the film's frames have been encoded.
Tell = Callable[[int], None]


def converted(film: Path, output: Path, tell: Tell) -> None:
    """Write a film once more, in the format that the name ``output`` ends in, whole or not at all.

    `Problem` if the film is so long that even the smallest GIF of it is too large.
    """
    with whole(output) as beside:
        FORMATS[output.suffix.removeprefix(".")](film, beside, tell)


def _rate(stream: Any) -> Fraction:
    # The mean over the file is off by the rounding of its last time stamp.
    return Fraction(round(stream.average_rate * 1000), 1000)


# -- WebM ---------------------------------------------------------------------------------------------


def _webm(film: Path, output: Path, tell: Tell) -> None:
    with av.open(av_name(film)) as source, av.open(av_name(output), "w", format="webm") as target:
        shown, heard = source.streams.video[0], source.streams.audio[:1]
        target.metadata.update({key: text for key, text in source.metadata.items() if key == "title"})
        target.set_chapters(source.chapters())
        video = _vp9(target, shown)
        audio = target.add_stream("libopus", rate=_OPUS_RATE, layout=heard[0].layout.name) if heard else None
        done, left = 0, round(shown.frames / _rate(shown) * _OPUS_RATE)
        for frame in source.decode(shown, *heard):
            if audio is not None and isinstance(frame, av.AudioFrame):
                target.mux(audio.encode(_first(frame, left)) if left else [])
                left -= min(left, frame.samples)
            elif isinstance(frame, av.VideoFrame):
                frame.pts, frame.time_base, frame.pict_type = done, 1 / _rate(shown), 0
                target.mux(video.encode(frame))
                done += 1
                if done % _EVERY == 0:
                    tell(done)
        for stream in target.streams:
            target.mux(stream.encode(None))
    tell(done)


def _vp9(target: Any, shown: Any) -> Any:
    """A stream for the same pictures, in the same colours."""
    video = target.add_stream("libvpx-vp9", rate=_rate(shown), options=_VP9)
    for name in ("width", "height", "pix_fmt", "colorspace", "color_range", "color_primaries", "color_trc"):
        setattr(video.codec_context, name, getattr(shown.codec_context, name))
    return video


def _first(frame: av.AudioFrame, samples: int) -> av.AudioFrame:
    """So many samples of a frame: the last one of a film may go on after its last picture."""
    frame.pts = None  # they follow one another
    if frame.samples <= samples:
        return frame
    kept = frame.to_ndarray()[:, :samples]
    shorter = av.AudioFrame.from_ndarray(np.ascontiguousarray(kept), format=frame.format.name, layout=frame.layout.name)
    shorter.sample_rate = frame.sample_rate
    return shorter


# -- GIF ----------------------------------------------------------------------------------------------


class _TooLarge(Exception):  # noqa: N818 (it never leaves this module)
    pass


def _gif(film: Path, output: Path, tell: Tell) -> None:
    for height, most in _GIF_SIZES:
        try:
            _gif_of(film, output, height, most, tell)
        except _TooLarge:
            continue
        return
    what = f"{shown_path(film)}: found a film whose smallest GIF is larger than {GIF_BYTES / 1e6:.0f} MB"
    raise Problem(f"{what}, expected a shorter one; WebM takes any length")


def _gif_of(film: Path, output: Path, height: int, most: int, tell: Tell) -> None:
    with av.open(av_name(film)) as source:
        shown = source.streams.video[0]
        rate, frames = _rate(shown), shown.frames
        height = min(height, shown.height)
        width = round(shown.width * height / shown.height)
    step = -(-rate // most)
    palette = _palette(_pictures(film, step * max(1, round(rate / step / 2)), width, height), width, height)
    with av.open(av_name(output), "w", format="gif", options={"final_delay": str(round(100 * step / rate))}) as target:
        stream = target.add_stream("gif", rate=rate / step)
        own = stream.codec_context
        own.width, own.height, own.pix_fmt, own.time_base = width, height, "pal8", Fraction(1, 100)
        for number, frame in _indexed(_steady(_pictures(film, step, width, height)), palette, width, height):
            frame.pts, frame.time_base = round(number * 100 / rate), own.time_base
            target.mux(stream.encode(frame))
            tell(number)
            if output.stat().st_size > GIF_BYTES:
                raise _TooLarge
        target.mux(stream.encode(None))
    if output.stat().st_size > GIF_BYTES:
        raise _TooLarge
    tell(frames)


def _pictures(film: Path, step: int, width: int, height: int) -> Iterator[tuple[int, np.ndarray]]:
    """Every so many frames, with its number and its colours: height × width × 4 bytes, blue first."""
    with av.open(av_name(film)) as source:
        for number, frame in enumerate(source.decode(video=0)):
            if number % step == 0:
                picture = frame.reformat(
                    width, height, "bgra",
                    src_colorspace=Colorspace.ITU709, src_color_range=ColorRange.MPEG, dst_color_range=ColorRange.JPEG,
                    interpolation=Interpolation.LANCZOS,
                )  # fmt: skip
                yield number, picture.to_ndarray()


def _steady(pictures: Iterator[tuple[int, np.ndarray]]) -> Iterator[tuple[int, np.ndarray]]:
    """The pictures in which anything is new, and the last; what is not new is the same to the level."""
    shown: np.ndarray | None = None
    number, kept = 0, True
    for number, picture in pictures:
        if shown is None:
            shown = picture
        else:
            apart = np.maximum(picture, shown) - np.minimum(picture, shown)
            most = int(apart.max())
            if not (kept := most > _STILL):
                continue
            # So nothing is left of what fades out. A pixel is four bytes, quicker to look at as one number.
            new = (apart > (_STEADY if most > _STEADY else _STILL)).view(np.uint32) != 0
            shown = np.where(new, picture.view(np.uint32), shown.view(np.uint32)).view(np.uint8)
        yield number, shown
    if shown is not None and not kept:
        yield number, shown


def _palette(pictures: Iterator[tuple[int, np.ndarray]], width: int, height: int) -> av.VideoFrame:
    graph = av.filter.Graph()
    source, sink = _buffer(graph, width, height), graph.add("buffersink")
    graph.link_nodes(source, graph.add("palettegen", "reserve_transparent=1"), sink).configure()
    for number, picture in pictures:
        source.push(_frame(picture, number))
    source.push(None)
    return sink.pull()


def _indexed(
    pictures: Iterator[tuple[int, np.ndarray]], palette: av.VideoFrame, width: int, height: int
) -> Iterator[tuple[int, av.VideoFrame]]:
    """The pictures in the palette's colours; dithered they would be larger, and flat colours no longer flat."""
    graph = av.filter.Graph()
    source, colours, sink = _buffer(graph, width, height), _buffer(graph, 16, 16), graph.add("buffersink")
    use = graph.add("paletteuse", "dither=none")
    source.link_to(use, 0, 0)
    colours.link_to(use, 0, 1)
    use.link_to(sink)
    graph.configure()
    palette.pts, palette.time_base = 0, Fraction(1, 100)
    colours.push(palette)
    colours.push(None)
    for number, picture in pictures:
        source.push(_frame(picture, number))
        yield number, sink.pull()


def _buffer(graph: Any, width: int, height: int) -> Any:
    return graph.add_buffer(width=width, height=height, format="bgra", time_base=Fraction(1, 100))


def _frame(picture: np.ndarray, number: int) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(picture, format="bgra")
    frame.pts, frame.time_base = number, Fraction(1, 100)
    return frame


#: How a film becomes a file of each format, which is also the ending of the file's name.
FORMATS: dict[str, Callable[[Path, Path, Tell], None]] = {"webm": _webm, "gif": _gif}
