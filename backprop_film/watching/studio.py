"""The film in a warm process: imported as its files are, it plays a chapter and answers what is asked of it.

While a chapter is played undrawn, copies stay behind at the start of each beat (of each play, where there are no
beats) and sleep. What one of them is asked to draw, a copy of it draws: it plays on from there.
"""

from __future__ import annotations

import gc
import io
import os
import signal
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

from backprop_math import ExampleError

from .. import contents, inspection
from ..chapter_files import read_by
from ..commands.plan import jobs_for
from ..errors import Problem, sentence
from ..fingerprint import files_of_theme
from ..inspection.origins import recorded as origins_recorded
from ..kit.theme import theme
from ..loaded import files_of
from ..playback import Job, Played, chapter_class, make, stage, to_its_end
from ..reads import recorded as reads_recorded
from ..sources import code_of
from ..timeline import Timeline
from ..undrawn import FrameByFrame
from .called import called, renew
from .clip import Clip, Filming
from .nest import Sleeper, sleeping
from .questions import Draw, Failure, Import, Play
from .view import colours

__all__ = ["serve"]


def serve(connection: Connection, question: Import, sources: dict[str, str]) -> NoReturn:
    """Sleep with the film imported; each copy plays a chapter, answers, and ends.

    ``sources`` are the texts of the chapters that are loaded.
    """
    sleeper = Sleeper(question.address)
    gc.collect()
    gc.freeze()
    connection.send(("ready", None))
    listener, play = sleeping(sleeper)
    run = _Run(listener, play, sources)
    try:
        run.play()
    except BaseException as error:
        with suppress(OSError):
            run.to.send(("failed", Failure.of(error)))
    run.rest()


class _Run:
    """A chapter that is played, and in a copy of the process, what that was asked."""

    def __init__(self, listener: Connection, question: Play, sources: dict[str, str]) -> None:
        self.to, self.question, self.sources = listener, question, sources
        self.draw: Draw | None = None
        self.plays: list[tuple[str, int]] = []  # what each play was, and the frame at which it was over
        self.slept = 0
        self.told: dict[str, set[str]] = {}
        self.job: Job
        self.played: Played
        self.renderer: Filming | FrameByFrame
        self.inspector: inspection.Inspector | None = None
        self.clip: Clip

    def play(self) -> None:
        """Play the chapter to its end, or up to what was asked."""
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        entry, beat = self.found()
        self.to.send(("target", str(entry.file), beat))
        with ExitStack() as stack:
            read = stack.enter_context(reads_recorded())
            stack.enter_context(origins_recorded())
            stack.enter_context(stage(self.job))
            self.renderer = (Filming if chapter_class(entry) else FrameByFrame)()
            self.played = make(self.job, self.renderer)
            size = self.job.size
            title = self.played.title or entry.class_name
            about = {
                "title": title,
                "fps": size.fps,
                "width": size.width,
                "height": size.height,
                "colours": colours(theme),
            }
            self.to.send(("began", about, dict(self.sources)))
            self.played.observers.append(self.played_on)
            self.played.beat_observers.append(self.beat_over)
            self.sleep()
            to_its_end(self.played)
            if self.draw is not None:
                self.answer()
            line = self.timeline()
        files = {
            *map(Path, code_of(entry.file).files.values()),
            *read.files,
            *read_by(entry.file),
            *files_of(self.job.example),
            *files_of_theme(self.job.theme),
        }
        self.to.send(("done", line, tuple(self.plays), sorted(map(str, files))))

    def found(self) -> tuple[contents.Entry, str | None]:
        """The chapter, and the beat that was named; `job` is its job. What cannot be watched at all is refused."""
        name, how = self.question.name, dict(self.question.how)
        try:
            entry, beat = contents.target(name)
            self.job = jobs_for([entry], how.pop("example"), **how)[0]
        except (Problem, ExampleError) as error:
            if contents.own_file(name):  # it may be mended
                raise
            self.to.send(("refused", sentence(error)))
            self.rest()
        return entry, beat

    def timeline(self) -> Timeline:
        """What has happened so far; the examples are of no use here."""
        line = Timeline.of(self.job.entry.name, self.played, self.job.size.fps)
        return replace(line, examples=())

    def played_on(self, played: Played) -> None:
        """A play is over."""
        scene: Any = getattr(played, "scene", played)
        self.plays.append((_named(scene.animations), played.frame))
        if self.inspector is not None and self.draw is not None and played.frame > self.draw.first:
            self.inspector.observe(played)
        if self.draw is None:
            if not any(beat.cues for beat in played.beats):
                self.sleep()
        elif self.draw.what == "survey":
            if self.draw.by_plays and len(self.plays) > self.draw.index:
                self.answer()
        elif played.frame >= self.draw.end:
            self.answer()

    def beat_over(self, played: Played) -> None:
        """A beat is over."""
        if self.draw is None:
            if hasattr(played, "say"):
                self.to.send(("beat", self.timeline()))
            self.sleep()
        elif self.draw.what == "survey" and not self.draw.by_plays:
            reached = played.beats[self.draw.index : self.draw.index + 1]
            if reached and reached[0].end is not None:
                self.answer()

    def sleep(self) -> None:
        """Leave a copy of this process behind that sleeps; and go on, as it does when it is asked."""
        path = self.question.folder / str(self.slept)
        self.slept += 1
        sleeper = Sleeper(path)
        if os.fork() == 0:
            gc.disable()
            self.to, self.draw = sleeping(sleeper)
            self.prepare(self.draw)
            return
        sleeper.close()
        new = {file: sorted(names - self.told.get(file, set())) for file, names in called.items()}
        self.told = {file: set(names) for file, names in called.items()}
        self.to.send(("asleep", str(path), self.played.frame, len(self.plays), len(self.played.beats), new))

    def prepare(self, draw: Draw) -> None:
        """Be ready to answer."""
        for file, text in draw.sources.items():
            renew(file, text)
        played, renderer = self.played, self.renderer
        if draw.what == "stills":
            renderer.wanted = sorted(draw.frames)
        elif draw.what == "clip":
            self.clip = Clip(self.job.size, self.question.folder / f"{os.getpid()}.mp4")
            if isinstance(renderer, Filming):
                renderer.film(self.clip, draw.first, draw.end)
            else:
                renderer.wanted, renderer.pictures = list(range(draw.first, draw.end)), self.clip
        elif draw.what == "findings":
            os.nice(10)
            inspector = self.inspector = inspection.Inspector(self.job)
            renderer.every = max(1, round(inspection.EVERY * self.job.size.fps))
            renderer.look = lambda frame: inspector.look(played, frame) if frame >= draw.first else None
            inspector.begin(played)

    def answer(self) -> NoReturn:
        """Tell what was asked; this copy has done its work."""
        draw = self.draw
        assert draw is not None
        if draw.what == "survey":
            self.to.send(("survey", self.timeline(), tuple(self.plays)))
        elif draw.what == "stills":
            self.to.send(("stills", {frame: _png(picture) for frame, picture in self.renderer.pictures.items()}))
        elif draw.what == "clip":
            self.to.send(("clip", self.clip.finished()))
        elif self.inspector is not None:
            self.inspector.judge_pace(self.timeline())
            fps = self.job.size.fps
            found = [one for one in self.inspector.found.values() if draw.first <= round(one.start * fps) <= draw.end]
            self.to.send(("findings", [one.as_dict() for one in sorted(found, key=lambda one: one.start)]))
        os._exit(0)

    def rest(self) -> NoReturn:
        """Nothing is left to be done but to be there for the copies."""
        if self.draw is not None:
            os._exit(0)
        while True:
            signal.pause()


def _named(animations: Iterable[Any] | None) -> str:
    """What is played, in a few words."""
    names = []
    for one in animations or ():
        mobject = getattr(one, "mobject", None)
        name = type(one).__name__.strip("_").replace("MethodAnimation", "animate")
        owner = "" if mobject is None or name == "Wait" else f" {type(mobject).__name__}"
        names.append(f"{name}{owner}")
    names = list(dict.fromkeys(names))
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


def _png(picture: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)
    return file.getvalue()
