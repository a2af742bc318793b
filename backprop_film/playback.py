"""Play a chapter without drawing it, or draw only the frames of it that are wanted: its example, theme and stage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from manim import config, tempconfig
from manim.renderer.cairo_renderer import CairoRenderer
from manim.utils.exceptions import EndSceneEarlyException
from PIL import Image

from backprop_math import load_example
from backprop_math.watch import now_watched, watched

from . import workers
from .chapter_files import beside, said_by, said_of_theme_by
from .contents import Entry, load
from .errors import Problem, sentence
from .explain_formula import formula_graph
from .files import media
from .job import Job
from .kit.chapter import Chapter
from .kit.theme import theme
from .lean import lean, steady
from .ledger.book import NumberBook
from .loaded import loaded
from .manim_settings import settings
from .ordered import ordered
from .plain_scene import PlainScene, take_over
from .sound import Listener
from .timeline import Timeline
from .undrawn import FastForward, FrameByFrame
from .voice.choice import speaker
from .voice.clips import ChapterSpeaker

__all__ = [
    "Job",
    "Played",
    "capture",
    "chapter_class",
    "closed",
    "dressed",
    "make",
    "play",
    "refusal",
    "stage",
    "stand_in",
    "survey",
    "to_its_end",
]

#: What is played: both have ``title``, ``beats``, ``frame`` and ``observers``.
Played = Chapter | PlainScene
Observer = Callable[[Any], None]


@contextmanager
def dressed(job: Job) -> Iterator[None]:
    """Within, the theme is a job's, and what its chapter's file has set in it, once it has been loaded."""
    with theme.as_it_was():
        if job.theme:
            theme.use(job.theme)
        theme.set(said_of_theme_by(job.entry.file))
        yield


@contextmanager
def stage(job: Job, **more: Any) -> Iterator[None]:
    """What a chapter is played within: `settings`, but for what its file says itself of the rest; imports from its
    folder; its name in whatever goes wrong.
    """
    load(job.entry)
    with steady(), dressed(job), tempconfig({**_ground(job), **said_by(job.entry.file)}):
        # Manim's own Text and MathTypst write files, for which two processes must not race.
        folders = {key: str(Path(config.get_dir(key) or ".") / job.entry.slug) for key in ("tex_dir", "text_dir")}
        with (
            settings(job.size, **folders, **more),
            ordered(),
            lean(),
            failing_as(job.entry),
            beside(job.entry.file),
            watched(),
        ):
            yield


def _ground(job: Job) -> dict[str, Any]:
    """The background of a scene that sets none: that of a theme that is asked for."""
    return {"background_color": theme.background} if job.theme else {}


def chapter_class(entry: Entry) -> type[Chapter] | None:
    """The chapter's class; ``None`` if it is another Scene of Manim's, which has no worked example."""
    found = load(entry)
    return found if issubclass(found, Chapter) else None


def refusal(job: Job) -> str | None:
    """Why the job's chapter can show nothing of its example, in one sentence, or ``None``."""
    found = chapter_class(job.entry)
    return found.refusal(_example(job)) if found and job.example else None


def stand_in(job: Job) -> Any:
    """The example that the job's chapter shows in the place of its own, or ``None``."""
    found, example = chapter_class(job.entry), _example(job)
    return found.stand_in(example) if found and example and found.misfit(example) else None


def _example(job: Job) -> Any:
    return loaded(job.example) if job.example else None


def make(job: Job, renderer: CairoRenderer, numbers: bool = True) -> Played:
    """The chapter of a job, not yet played; call it within its `stage`. Its ``numbers`` are written down, or not."""
    found = chapter_class(job.entry)
    if found is None:
        plain = PlainScene(load(job.entry))
        take_over(plain.scene, renderer)
        Listener(plain.scene, lambda: plain.reached)
        if numbers:
            _keep_book(plain, None)
        return plain
    example = _example(job)
    if example is not None and (reason := found.refusal(example)):
        raise Problem(f"example {job.example} does not fit chapter {job.entry.name}: {reason}")
    own = {"graph": formula_graph(*job.formula)} if job.formula else {}
    chapter = found(
        example=example or load_example(found.example_name),
        captions=job.captions,
        speaker=speaker(job.voice, job.entry.slug, media() / "voice"),
        **own,
    )
    take_over(chapter, renderer)
    Listener(chapter, lambda: chapter.frame)
    chapter.observers.append(_refuse_left_out)
    if numbers:  # a stand-in is read from no file
        read = job.example if chapter.example is example else None
        _keep_book(chapter, found.example_name if example is None else read)
    return chapter


def _keep_book(played: Played, example: str | None) -> None:
    played.book = NumberBook(now_watched(), example)
    played.observers.append(played.book)


def _refuse_left_out(chapter: Chapter) -> None:
    if chapter.renderer.file_writer.sections[-1].skip_animations:
        name = type(chapter).__name__
        raise Problem(f"{name}: found a section with skip_animations, expected none in a Chapter: captions are timed")


def play(
    job: Job,
    wanted: Iterable[int] = (),
    observe: Observer | None = None,
    look: Callable[[Any, int], None] | None = None,
    every: int = 1,
    closing: Callable[[Any], bool] | None = None,
    numbers: bool = True,
) -> tuple[Played, dict[int, Image.Image]]:
    """Play a chapter undrawn, but for the ``wanted`` frames; ``observe`` is called at the end of every play.

    While something moves, ``look`` is called every so many frames, with what is played and the frame. What was played,
    and the pictures. Of a `Chapter`'s play of which ``closing`` says so as it begins, the last frame is wanted,
    too. An observer that raises ``EndSceneEarlyException`` ends the pass there. Without ``numbers``, nobody writes down
    which are shown.
    """
    with stage(job):
        kind = FastForward if chapter_class(job.entry) else FrameByFrame
        renderer = kind(wanted, (lambda frame: look(played, frame)) if look else None, every)
        if isinstance(renderer, FastForward):
            renderer.closing = closing
        played = make(job, renderer, numbers)
        played.observers.append(lambda _: workers.checkpoint())
        if observe:
            played.observers.append(observe)
        to_its_end(played)
    return played, renderer.pictures


def to_its_end(played: Played) -> None:
    """Play what was made. `Problem` that lists the recordings that its sentences lack."""
    played.render()
    if isinstance(played, Chapter) and isinstance(played.speaker, ChapterSpeaker):
        played.speaker.finish()


@contextmanager
def failing_as(entry: Entry) -> Iterator[None]:
    """Name the chapter in whatever goes wrong within."""
    try:
        yield
    except Problem:
        raise
    except Exception as error:
        raise Problem(f"chapter {entry.name}: {sentence(error)}") from error


def survey(job: Job, until: str | None = None) -> Timeline:
    """The chapter's beats and length, from an undrawn pass; ``until`` ends it after the beat of that key.

    With its numbers, if it is played to its end.
    """
    chapter, _ = play(job, observe=_ending(until), numbers=until is None)
    return Timeline.of(job.entry.name, chapter, job.size.fps)


def closed(job: Job, until: str | None = None) -> tuple[Timeline, dict[str, Image.Image]]:
    """As `survey`, and the last picture of each beat of a `Chapter` by its key, or of that of ``until`` alone.

    When a beat ends is known only after its last frame: so the last one is drawn of every play that begins when all
    has been said, which a beat's last play does.
    """

    def closing(chapter: Chapter) -> bool:
        return chapter.all_said and (until is None or _plain(chapter.beats[-1].key) == _plain(until))

    chapter, pictures = play(job, observe=_ending(until), closing=closing, numbers=until is None)
    line = Timeline.of(job.entry.name, chapter, job.size.fps)
    return line, {beat.key: pictures[beat.end - 1] for beat in line.beats if beat.end - 1 in pictures}


def _ending(until: str | None) -> Observer:
    """An observer that ends a pass after the beat of this key."""

    def observe(chapter: Played) -> None:
        keys = {_plain(beat.key) for beat in chapter.beats if beat.end is not None}
        if until is not None and _plain(until) in keys:
            raise EndSceneEarlyException

    return observe


def _plain(key: str) -> str:
    return key.replace("-", "_")


def capture(job: Job, frames: Iterable[int]) -> dict[int, Image.Image]:
    """The pictures of these frames, from one pass that draws nothing else and ends with the last of them."""
    wanted = sorted(set(frames))

    def observe(chapter: Played) -> None:
        if chapter.frame > wanted[-1]:
            raise EndSceneEarlyException

    return play(job, wanted, observe, numbers=False)[1]
