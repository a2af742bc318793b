"""The whole way from chapters to films on the disk. Only what is not kept is rendered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from backprop_math.files import clear_leftovers

from . import captions, workers
from .assemble import assemble
from .errors import Problem
from .files import media, room, whole, writable
from .joined import leave, left, made_of
from .kept import Keeper
from .ledger import document as ledger
from .music import Music
from .playback import Job, chapter_class
from .progress import Event
from .render import Rendered
from .shares import Shares
from .soundtrack import Soundtrack, sounded
from .timeline import Timeline
from .titles import film_title
from .voice.choice import OWN, recorded
from .work import Share, as_kept, finished, shared, timed

__all__ = ["Film", "Order", "default_path", "produce", "produce_each"]

Listener = Callable[[Event], None]


@dataclass(frozen=True)
class Order:
    """A film that is wanted: its chapters, where it goes, ``how`` its captions come, the ``music`` under it.

    ``burned`` into the picture, with a track that stays off until it is wanted; ``soft``, as a track that is on;
    ``off``. With captions come an ``.srt`` and a ``.vtt`` (`captions.files`). The film's ledger lies beside it.
    """

    jobs: tuple[Job, ...]
    output: Path
    how: str = "burned"
    music: Music | None = None


@dataclass(frozen=True)
class Film:
    """A film on the disk: its chapters, and how many of them were there already."""

    path: Path
    parts: tuple[Rendered, ...]
    reused: int

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return sum(part.timeline.seconds for part in self.parts)


def default_path(jobs: Sequence[Job], media: Path, how: str, whole_film: bool, example: str | None) -> Path:
    """``media/film/backpropagation-720p30.mp4``, and another name for what is made of or for something else."""
    what = "backpropagation" if whole_film else "+".join(job.entry.slug for job in jobs)
    variant = "".join(f"-{Path(named).stem}" for named in (example, jobs[0].theme) if named)
    if formula := next((job.formula for job in jobs if job.formula), None):
        variant += f"-{hashlib.sha256(' at '.join(formula).encode()).hexdigest()[:8]}"
    mode = {"burned": "", "soft": "-soft-captions", "off": "-no-captions"}[how]
    return media / "film" / f"{what}{variant}{mode}-{jobs[0].size.name}.mp4"


def produce(
    jobs: Sequence[Job],
    output: Path,
    how: str,
    count: int | None = None,
    listen: Listener | None = None,
    crew: workers.Crew | None = None,
    music: Music | None = None,
) -> Film:
    """Render the jobs' chapters, as far as they are not kept, and join them, as an `Order` of theirs.

    `Problem` if a chapter fails, or the film; what was rendered is kept.
    """
    (film,) = produce_each([Order(tuple(jobs), output, how, music)], count, listen, crew)
    if isinstance(film, Problem):
        raise film
    return film


def produce_each(
    orders: Sequence[Order],
    count: int | None = None,
    listen: Listener | None = None,
    crew: workers.Crew | None = None,
) -> list[Film | Problem]:
    """Several films, in their order; what they have in common is rendered once.

    ``count`` processes of this machine do it, or a ``crew``. What goes wrong with one film is its `Problem` and stops
    no other.
    """
    listen = listen or (lambda _: None)
    clear_leftovers(media(), deep=True)
    plans = [workers.guarded(_planned, order) for order in orders]
    whole_plans = [plan for plan in plans if not isinstance(plan, Problem)]
    chapters = _Chapters(listen)
    chapters.find(keeper for plan in whole_plans for keeper in plan)
    with workers.Processes(count) as own:
        chapters.measure(crew, own)
        own.renew()
        wanted = [keeper for plan in whole_plans if not chapters.failed(plan) for keeper in plan]
        chapters.render(wanted, chapters.tracks(orders, plans), crew, own)
    films = []
    for order, plan in zip(orders, plans, strict=True):
        film = plan if isinstance(plan, Problem) else _film(order, plan, chapters)
        listen(_told(order, film))
        films.append(film)
    return films


def _film(order: Order, plan: Sequence[Keeper], chapters: _Chapters) -> Film | Problem:
    if problem := chapters.failed(plan):
        return problem
    film = Film(order.output, chapters.parts(plan), chapters.reused(plan))
    return workers.guarded(lambda _: _joined(film, order.how, order.music), order)


def _planned(order: Order) -> list[Keeper]:
    """What a film needs of what is kept; what would go wrong after minutes of work goes wrong here."""
    for path in (order.output, *captions.files(order.output, order.how), ledger.beside(order.output)):
        writable(path)
        clear_leftovers(path.parent)
    return [Keeper.of(replace(job, captions=order.how == "burned")) for job in order.jobs]


class _Chapters:
    """The chapters of all films, once each."""

    def __init__(self, listen: Listener) -> None:
        self._listen = listen
        self._kept: dict[str, Rendered] = {}
        self._rendered: dict[str, Rendered | Problem] = {}
        self._missing: dict[str, Keeper] = {}
        self._lengths: dict[str, int] = {}
        self._lines: dict[str, Timeline] = {}  # of those that were played now, all of whose sentences have been said

    def find(self, keepers: Iterable[Keeper]) -> None:
        """See what is kept."""
        for keeper in keepers:
            if keeper.name in self._kept or keeper.name in self._missing:
                continue
            if found := as_kept(keeper):
                self._kept[keeper.name] = found
            else:
                self._missing[keeper.name] = keeper

    def measure(self, crew: workers.Crew | None, own: workers.Processes) -> None:
        """How long the others are, from how long they were, or else from an undrawn pass.

        So are those that someone has recorded: what is missing is told before anything is rendered.
        """
        self._lengths = {name: keeper.expected() or 0 for name, keeper in self._missing.items()}
        new = [one for name, one in self._missing.items() if not self._lengths[name] or recorded(one.job.voice)]
        lines = workers.each(timed, new, workers=1, crew=crew or own.crew(len(new)))
        for keeper, line in zip(new, lines, strict=True):
            if isinstance(line, Problem):
                self._rendered[keeper.name] = line
            else:
                self._lengths[keeper.name] = line.frames
                self._lines[keeper.name] = line

    def tracks(self, orders: Sequence[Order], plans: Sequence[Sequence[Keeper] | Problem]) -> list[Soundtrack]:
        """The sound of those films of which it is known by now what is to be heard in all chapters."""
        known = self._lines | {name: kept.timeline for name, kept in self._kept.items()}
        found = []
        for order, plan in zip(orders, plans, strict=True):
            names = [] if isinstance(plan, Problem) else [keeper.name for keeper in plan]
            if names and all(name in known for name in names):
                found.append(Soundtrack(order.output, tuple(known[name] for name in names), order.music))
        return found

    def render(
        self,
        keepers: Sequence[Keeper],
        tracks: Sequence[Soundtrack],
        crew: workers.Crew | None,
        own: workers.Processes,
    ) -> None:
        """Render what is missing of these, the longest first; beside them, in processes of this machine, ``tracks``."""
        wanted = {keeper.name: keeper for keeper in keepers}
        order = sorted((wanted[name] for name in wanted if name in self._missing), key=self._shortness)
        frames = sum(self._lengths[keeper.name] for keeper in order)
        self._listen(Event("begin", chapters=len(wanted), reused=len(wanted) - len(order), of=frames))
        for name in wanted:
            if name in self._kept:
                self._tell("reused", wanted[name], frames=self._kept[name].timeline.frames)

        shares = Shares([self._lengths[keeper.name] if self._is_shared(keeper) else 0 for keeper in order])

        def moved(number: int, report: Any) -> None:
            shares.moved(number, report.frames)
            if number >= len(order):
                return
            of = self._lengths[order[number].name]
            frames = shares.frames(number) or report.frames
            self._tell("progress", order[number], beat=report.beat, frames=frames, of=of)

        def more() -> tuple[Callable[[Share], None], Share] | None:
            found = shares.next()
            return (shared, Share(order[found[0]], found[1])) if found else None

        def done(number: int, result: Rendered | Problem) -> None:
            shares.done(number)
            if number >= len(order):
                return
            keeper = order[number]
            self._rendered[keeper.name] = result
            if isinstance(result, Problem):
                self._tell("failed", keeper, problem=str(result))
            else:
                self._tell("done", keeper, frames=result.timeline.frames)

        sounding: list[Any] = []
        if not crew and (crew := own.crew(shares.hands)):
            sounding = workers.begun(crew, sounded, tracks)  # if one fails, joining does, and says why
        workers.each(finished, order, workers=1, crew=crew, listen=moved, done=done, more=more)
        wait(sounding)

    def _is_shared(self, keeper: Keeper) -> bool:
        """Whether two may be at it: no program of the user's would be asked twice to say something."""
        told = keeper.name in self._lines or keeper.job.voice in OWN
        return told and isinstance(workers.guarded(chapter_class, keeper.job.entry), type)

    def _shortness(self, keeper: Keeper) -> int:
        return -self._lengths[keeper.name]

    def failed(self, keepers: Sequence[Keeper]) -> Problem | None:
        """What has gone wrong with any of these."""
        found = (self._rendered.get(keeper.name) for keeper in keepers)
        told = [str(result) for result in found if isinstance(result, Problem)]
        return Problem("; ".join(told)) if told else None

    def parts(self, keepers: Sequence[Keeper]) -> tuple[Rendered, ...]:
        """These, of which none has failed."""
        found = [self._kept.get(keeper.name) or self._rendered[keeper.name] for keeper in keepers]
        # One video may stand in several films, each of which has its own number or part for the chapter.
        return tuple(
            replace(part, job=keeper.job)
            for keeper, part in zip(keepers, found, strict=True)
            if isinstance(part, Rendered)
        )

    def reused(self, keepers: Sequence[Keeper]) -> int:
        """How many of these were there already."""
        return sum(keeper.name in self._kept for keeper in keepers)

    def _tell(self, event: str, keeper: Keeper, **more: Any) -> None:
        job = keeper.job
        example = Path(job.example).stem if job.example else None
        self._listen(Event(event, job.entry.name, example, fps=job.size.fps, **more))


def _joined(film: Film, how: str, music: Music | None) -> Film:
    parts, output, track = film.parts, film.path, how != "off"
    name = made_of(parts, how, music)
    if not left(output, name):
        heard = sounded(Soundtrack(output, tuple(part.timeline for part in parts), music))
        files = [piece for part in parts for piece in part.pieces] + ([heard] if heard else [])
        room(output, sum(file.stat().st_size for file in files))
        assemble(parts, output, film_title(parts), track=track, shown=how == "soft", heard=heard)
        leave(output, name)
    fps, cues = parts[0].timeline.fps, captions.film_cues(part.timeline for part in parts)
    for path, write in captions.files(output, how).items():
        with whole(path) as file:
            file.write_text(write(cues, fps), encoding="utf-8")
    ledger.write(ledger.of_film(output.name, parts), ledger.beside(output))
    return film


def _told(order: Order, film: Film | Problem) -> Event:
    if isinstance(film, Problem):
        return Event("failed", path=str(order.output), problem=str(film))
    frames = sum(part.timeline.frames for part in film.parts)
    return Event("joined", path=str(film.path), frames=frames, fps=film.parts[0].timeline.fps)
