"""Sound as arrays of (channels, samples) at `RATE`: files read, filters of FFmpeg's libraries, loudness."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from .errors import Problem, shown_path
from .files import av_name

__all__ = ["BLOCK", "RATE", "check", "factor", "filtered", "loudness", "resampled", "samples_of"]

RATE = 48_000  # samples a second
BLOCK = 4096  # samples at a time


def factor(decibels: float) -> float:
    """By what a sound is multiplied to become so many decibels louder.

    >>> round(factor(-6.0), 3)
    0.501
    """
    return float(10 ** (decibels / 20))


def check(path: Path) -> None:
    """`Problem` if the file holds nothing that can be heard."""
    try:
        with _opened(path) as container:
            found = bool(container.streams.audio)
    except (av.error.InvalidDataError, av.error.EOFError):
        found = False
    if not found:
        raise Problem(f"{shown_path(path)}: found nothing that can be heard, expected a sound file")


def _opened(path: Path) -> Any:
    """The file as FFmpeg's libraries read it; of a WAV, whose head says all, they need not hear the first seconds."""
    if path.suffix.lower() == ".wav":
        with suppress(av.error.InvalidDataError):
            return av.open(av_name(path), format="wav", options={"probesize": "32"})
    return av.open(av_name(path))


def samples_of(path: Path, layout: str = "") -> Iterator[np.ndarray]:
    """A file's sound, block by block, with its own channels (one, or two) or in the ``layout`` given.

    `Problem` if it cannot be decoded.
    """
    check(path)
    try:
        with _opened(path) as container:
            stream = container.streams.audio[0]
            layout = layout or ("mono" if stream.codec_context.channels == 1 else "stereo")
            resampler = av.AudioResampler(format="fltp", layout=layout, rate=RATE)
            for frame in container.decode(stream):
                yield from (one.to_ndarray() for one in resampler.resample(frame))
            yield from (one.to_ndarray() for one in resampler.resample(None))
    except av.error.FFmpegError as error:
        raise Problem(
            f"{shown_path(path)}: found a broken sound file ({error.strerror}), expected a whole one"
        ) from error


def resampled(samples: np.ndarray, rate: int) -> np.ndarray:
    """One channel of so many samples a second, at `RATE`."""
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
    blocks = [*resampler.resample(_frame(samples[np.newaxis], 0, rate)), *resampler.resample(None)]
    return np.concatenate([block.to_ndarray()[0] for block in blocks])


def _frame(block: np.ndarray, at: int, rate: int = RATE) -> av.AudioFrame:
    layout = "mono" if block.shape[0] == 1 else "stereo"
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block, np.float32), format="fltp", layout=layout)
    frame.sample_rate, frame.pts, frame.time_base = rate, at, Fraction(1, rate)
    return frame


def frames(blocks: Iterable[np.ndarray]) -> Iterator[av.AudioFrame]:
    """Blocks of two channels as frames that follow one another."""
    at = 0
    for block in blocks:
        yield _frame(block, at)
        at += block.shape[1]


def filtered(blocks: Iterable[np.ndarray], name: str, options: str) -> Iterator[av.AudioFrame]:
    """Stereo blocks through one of FFmpeg's filters."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(format="fltp", sample_rate=RATE, layout="stereo", time_base=Fraction(1, RATE))
    planar = graph.add("aformat", f"sample_fmts=fltp:sample_rates={RATE}:channel_layouts=stereo")
    graph.link_nodes(source, graph.add(name, options), planar, graph.add("abuffersink")).configure()

    def ready() -> Iterator[av.AudioFrame]:
        while True:
            try:
                yield graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return

    for frame in frames(blocks):
        graph.push(frame)
        yield from ready()
    graph.push(None)
    yield from ready()


def loudness(blocks: Iterable[np.ndarray]) -> float:
    """How loud a stereo sound is, in LUFS: integrated over its length, by ITU-R BS.1770; −70 for silence."""
    measured = -70.0
    for frame in filtered(blocks, "ebur128", "metadata=1"):
        measured = float(frame.metadata.get("lavfi.r128.I", measured))
    return max(measured, -70.0)
