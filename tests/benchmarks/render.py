"""What the film's renderer costs and what its pictures are worth, against plain Manim, in one run.

    python tests/benchmarks/render.py                              # the introduction at 1080p60
    python tests/benchmarks/render.py chain_rule recap -q m        # others, at 720p30
    python tests/benchmarks/render.py --film -q h                  # all chapters (or these), in two processes
    python tests/benchmarks/render.py --no-fidelity                # the costs only

Costs: every run is a process of its own with empty folders; seconds are the processor's, as other work on the machine
stretches the clock's more. Each lever is measured by its absence. Fidelity: pictures before they are encoded against
those that Manim's camera draws of the same mobjects, and every decoded picture against the one drawn, beside what
Manim's default encoder makes of it.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np

from backprop_film import render as rendering
from backprop_film import segments
from backprop_film.contents import entries, find
from backprop_film.drawing import piece as pieces
from backprop_film.drawing.painter import Painter
from backprop_film.drawing.piece import Piece
from backprop_film.drawing.planes import Converter, Planes
from backprop_film.kept import Keeper
from backprop_film.playback import Job
from backprop_film.quality import QUALITIES


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


EVERY = 5  # of this many drawn pictures, one is held against Manim's


# -- what is measured, each in a process of its own --------------------------------------------------


def plain(chapter: str, quality: str) -> dict[str, float]:
    """``manim`` on the chapter, with nothing of the film's renderer."""
    from manim import tempconfig

    from backprop_film.contents import load

    size = QUALITIES[quality]
    with tempconfig(
        {
            "pixel_width": size.width, "pixel_height": size.height, "frame_rate": size.fps, "verbosity": "CRITICAL",
            "progress_bar": "none", "input_file": f"{find(chapter).slug}.py",
        }
    ):  # fmt: skip
        scene = load(find(chapter))()
        scene.render()
        size_ = Path(scene.renderer.file_writer.movie_file_path).stat().st_size
    return {"frames": scene.frame, "bytes": size_}


def film(chapter: str, quality: str) -> dict[str, float]:
    """The film's renderer, as it is."""
    rendered = rendering.render(Keeper.of(Job(find(chapter), quality=quality)))
    return {
        "frames": rendered.timeline.frames,
        "bytes": sum(path.stat().st_size for path in rendered.pieces),
    }


def all_drawn(chapter: str, quality: str) -> dict[str, float]:
    """Without the painter: Manim's camera draws every picture whole."""
    Painter._understood = lambda self, shown: False
    return film(chapter, quality)


def all_encoded(chapter: str, quality: str) -> dict[str, float]:
    """Without repetitions: x264 is given every picture."""
    take = pieces._Part._take
    pieces._Part._take = lambda self, changes: take(self, changes) or True
    return film(chapter, quality)


def in_one_part(chapter: str, quality: str) -> dict[str, float]:
    """Without parts: x264 is given the whole of each picture."""
    Piece._moving = lambda self: [(0, self._rows)]
    return film(chapter, quality)


def crf(chapter: str, quality: str) -> dict[str, float]:
    """With a quality that x264 chooses for each picture, after a look at the whole of it."""
    pieces.ENCODER.pop("qp")
    pieces.ENCODER["crf"] = "25"
    return film(chapter, quality)


def medium(chapter: str, quality: str) -> dict[str, float]:
    """With the preset ``medium``, as far as it holds nothing back."""
    pieces.ENCODER.update(
        {"preset": "medium", "x264-params": "ref=1:mvrange=32:no-deblock=1:keyint=infinite:scenecut=0"}
    )
    return film(chapter, quality)


SIDES = {one.__name__: one for one in (plain, film, all_drawn, all_encoded, in_one_part, crf, medium)}


def measured(side: str, chapter: str, quality: str) -> dict[str, float]:
    """One side's frames, bytes, processor seconds and largest memory (MB)."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, __file__, "--side", side, chapter, "-q", quality],
            cwd=folder, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True, check=True,
        )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def tell(side: str, chapter: str, quality: str) -> None:
    found = SIDES[side](chapter, quality)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    found |= {"seconds": usage.ru_utime + usage.ru_stime, "memory": largest_memory()}
    say(json.dumps(found))


def largest_memory() -> float:
    """The most that this process has held, in MB; where only the system's count is to be had, or its parent then."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    peaks = [float(line.split()[1]) for line in lines if line.startswith("VmHWM")]
    return (peaks or [float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)])[0] / 1000


# -- fidelity ----------------------------------------------------------------------------------------


class Beside:
    """Another encoder, given the same planes."""

    def __init__(self, path: Path, spec: Any, options: dict[str, str]) -> None:
        self._container = av.open(str(path), "w")
        self._stream = self._container.add_stream("libx264", rate=spec.frame_rate, options=options)
        self._stream.width, self._stream.height, self._stream.pix_fmt = spec.width, spec.height, "yuv420p"
        self._count, self._base = 0, 1 / Fraction(spec.frame_rate)

    def add(self, planes: Any, times: int) -> None:
        for _ in range(times):
            frame = planes.frame()
            frame.pts, frame.time_base = self._count, self._base
            self._container.mux(self._stream.encode(frame))
            self._count += 1

    def finish(self) -> None:
        self._container.mux(self._stream.encode())
        self._container.close()


class Recorded(segments._BudgetedPiece):
    """A piece that is also written as it was drawn, without loss, and as Manim's default encoder makes it."""

    def __init__(self, *, target: Path, spec: Any) -> None:
        super().__init__(target=target, spec=spec)
        self._drawn, self._also = Planes(spec.width, spec.height), Converter()
        others = {"drawn": {"preset": "ultrafast", "qp": "0"}, "default": {"crf": "23"}}
        self._beside = [Beside(target.with_suffix(f".{name}.mkv"), spec, how) for name, how in others.items()]

    def write_frame(self, patches: Any, *, repeat: int = 1) -> None:
        super().write_frame(patches, repeat=repeat)
        for patch in patches:
            self._drawn.take(self._also(patch))
        for other in self._beside:
            other.add(self._drawn, repeat)

    def finish(self) -> None:
        super().finish()
        for other in self._beside:
            other.finish()


class Fidelity(NamedTuple):
    """How many levels pictures are from Manim's, one in `EVERY`; what two encoders make of each, and in how many bytes.

    ``scores`` (frames, 2) are PSNR, in dB, and SSIM of the luma.
    """

    levels: list[int]
    scores: dict[str, np.ndarray]
    sizes: dict[str, int]

    def tell(self) -> None:
        """Print it."""
        say(f"  before encoding: {max(self.levels)} levels from Manim's at most ({len(self.levels)} pictures)")
        for name, scores in self.scores.items():
            of_all = 10 * np.log10(255**2 / max(np.mean(255**2 / 10 ** (scores[:, 0] / 10)), 1e-9))
            say(
                f"  {name}: PSNR {of_all:.2f} dB of all, {scores[:, 0].mean():.2f} mean, {scores[:, 0].min():.2f} "
                f"worst; SSIM {scores[:, 1].mean():.5f} mean, {scores[:, 1].min():.5f} worst; "
                f"{self.sizes[name] / 1e6:.2f} MB, {len(scores)} frames"
            )

    def and_of(self, other: Fidelity) -> Fidelity:
        """Of both chapters."""
        scores = {name: np.concatenate([mine, other.scores[name]]) for name, mine in self.scores.items()}
        sizes = {name: mine + other.sizes[name] for name, mine in self.sizes.items()}
        return Fidelity(self.levels + other.levels, scores, sizes)


def fidelity(chapter: str, quality: str) -> Fidelity:
    """How far a chapter's pictures are from Manim's, and what encoding makes of them."""
    levels: list[int] = []
    draw, begin = Painter.draw, Painter.begin

    def watched_begin(self: Painter, still: Any) -> None:
        begin(self, still)
        self.camera_still, self.drawn = list(still), 0

    def watched_draw(self: Painter, mobjects: Any) -> Any:
        mobjects = list(mobjects)
        rectangles = draw(self, mobjects)
        self.drawn += 1
        if self.drawn % EVERY == 1:
            camera, ours = self._camera, self._camera.pixel_array.copy()
            camera.reset()
            camera.capture_mobjects(self.camera_still)
            camera.capture_mobjects(mobjects)
            levels.append(int(np.abs(camera.pixel_array.astype(np.int16) - ours).max()))
            camera.pixel_array[:] = ours
        return rectangles

    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Painter.draw, Painter.begin, segments._BudgetedPiece = watched_draw, watched_begin, Recorded
        try:
            rendered = rendering.render(Keeper.of(Job(find(chapter), quality=quality)))
        finally:
            Painter.draw, Painter.begin, segments._BudgetedPiece = draw, begin, Recorded.__bases__[0]
        found = Fidelity(levels, {}, {})
        for name, suffix in (("the film's", ".mp4"), ("Manim's default", ".default.mkv")):
            pairs = [(path.with_suffix(".drawn.mkv"), path.with_suffix(suffix)) for path in rendered.pieces]
            found.scores[name] = np.array([score for pair in pairs for score in compared(*pair)])
            found.sizes[name] = sum(path.stat().st_size for _, path in pairs)
        os.chdir("/")
    return found


def compared(truth: Path, found: Path) -> Iterator[tuple[float, float]]:
    """PSNR and SSIM of each frame of a piece."""
    for error, likeness in zip(
        measures(truth, found, "psnr", "mse_avg"), measures(truth, found, "ssim", "Y"), strict=True
    ):
        yield 10 * np.log10(255**2 / max(error, 1e-4)), likeness


def measures(truth: Path, found: Path, name: str, key: str) -> Iterator[float]:
    """What one of FFmpeg's filters says of each frame of two videos."""
    graph = av.filter.Graph()
    measure, sink = graph.add(name), graph.add("buffersink")
    measure.link_to(sink)
    with av.open(str(truth)) as one, av.open(str(found)) as other:
        streams = [container.streams.video[0] for container in (one, other)]
        clock = Fraction(1, 1000)  # the same for both: a frame is held against that of its number
        shape = {"width": streams[0].width, "height": streams[0].height, "format": "yuv420p"}
        sources = [graph.add_buffer(**shape, time_base=clock) for _ in streams]
        for place, source in enumerate(sources):
            source.link_to(measure, 0, place)
        graph.configure()

        def ready() -> Iterator[float]:
            with suppress(av.error.BlockingIOError, av.error.EOFError):
                while True:
                    yield float(sink.pull().metadata[f"lavfi.{name}.{key}"])

        for number, pair in enumerate(zip(one.decode(streams[0]), other.decode(streams[1]), strict=True)):
            for source, frame in zip(sources, pair, strict=True):
                frame.pts, frame.time_base = number, clock
                source.push(frame)
            yield from ready()
        for source in sources:
            source.push(None)
        yield from ready()


# -- the table ---------------------------------------------------------------------------------------


def costs(chapter: str, quality: str, levers: bool) -> None:
    fps = QUALITIES[quality].fps
    found: dict[str, dict[str, float]] = {}
    for side in SIDES if levers else ("plain", "film"):
        one = found[side] = measured(side, chapter, quality)
        ratio = found["plain"]["seconds"] / one["seconds"]
        say(
            f"  {side:12} {one['seconds']:7.1f} s of processor, {one['frames'] / fps / one['seconds']:5.2f} s of film "
            f"for each, {ratio:5.2f} × plain; {one['memory']:5.0f} MB of memory; file {one['bytes'] / 1e6:6.2f} MB",
        )


def whole_film(chapters: list[str], quality: str) -> None:
    """``backprop film`` in two processes, with starting and surveying; then again, with nothing changed."""
    with tempfile.TemporaryDirectory() as folder:
        film = [sys.executable, "-m", "backprop_film.cli", "film", *chapters, "-q", quality]
        line = [*film, "-j", "2", "-o", "film.mp4"]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        clocks = []
        for _ in range(2):
            began = time.monotonic()
            subprocess.run(line, cwd=folder, env=environment, check=True, capture_output=True)
            clocks.append(time.monotonic() - began)
            if len(clocks) == 1:
                usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        with av.open(f"{folder}/film.mp4") as container:
            seconds = container.duration / 1e6
        size = Path(folder, "film.mp4").stat().st_size
    say(
        f"film at {quality}: {seconds:.1f} s in {clocks[0]:.1f} s, {seconds / clocks[0]:.2f} × as fast as it plays; "
        f"processor {usage.ru_utime + usage.ru_stime:.1f} s, largest process {usage.ru_maxrss / 1000:.0f} MB, "
        f"{size / 1e6:.1f} MB; again, with nothing changed: {clocks[1]:.1f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("chapters", nargs="*")
    parser.add_argument("-q", "--quality", choices=QUALITIES, default="h")
    parser.add_argument("--film", action="store_true", help="these chapters, or all, as a film, by the clock")
    parser.add_argument("--all", action="store_true", help="every chapter")
    parser.add_argument("--no-levers", action="store_true", help="only the film's renderer against plain Manim")
    parser.add_argument("--no-fidelity", action="store_true", help="only the costs")
    parser.add_argument("--only-fidelity", action="store_true", help="only what the pictures are worth")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.side:
        tell(asked.side, asked.chapters[0], asked.quality)
        return
    if asked.film:
        whole_film(asked.chapters, asked.quality)
        return
    chapters = [entry.name for entry in entries()] if asked.all else asked.chapters or ["introduction"]
    found: list[Fidelity] = []
    for chapter in chapters:
        say(f"{chapter}, {QUALITIES[asked.quality].name}:")
        if not asked.only_fidelity:
            costs(chapter, asked.quality, not asked.no_levers)
        if not asked.no_fidelity:
            found.append(fidelity(chapter, asked.quality))
            found[-1].tell()
    if len(found) > 1:
        say(f"all {len(found)}:")
        functools.reduce(Fidelity.and_of, found).tell()


if __name__ == "__main__":
    main()
