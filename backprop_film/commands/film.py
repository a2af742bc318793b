"""``backprop film``, and what every command that makes a film has of it."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..console import (
    CHAPTERS,
    CLUSTER,
    FILM_CAPTIONS,
    JOBS,
    MUSIC,
    PROGRESS,
    QUALITY,
    THEME,
    VOICE,
    counted,
    echo,
    output_option,
    together,
)
from ..errors import Problem, shown_path
from ..progress import Display, display
from ..timeline import clock
from .plan import planned, voiced
from .which_example import EXAMPLE
from .which_formula import FORMULA

if TYPE_CHECKING:
    from ..playback import Job
    from ..produce import Film
    from ..workers import Crew

__all__ = ["FILM", "crew_at", "film_command", "filmed", "path_of", "plan_of", "told"]

_ORDER = click.option("--in-this-order", is_flag=True, help="The chapters come as they are named, not as in the film.")
_PRIMER = click.option("--with-primer", is_flag=True, help="The primer comes first: what a derivative is.")
#: What a film is made of, and how: the options of every command that makes one.
FILM = together(
    CHAPTERS, _ORDER, _PRIMER, EXAMPLE, FORMULA, QUALITY, THEME, FILM_CAPTIONS, VOICE, MUSIC, JOBS, CLUSTER, PROGRESS
)


@click.command("film")
@FILM
@output_option("media/film/backpropagation-720p30.mp4, or as it is")
def film_command(output: Path | None, **how: Any) -> None:
    """Render the film, or the chapters named, in their order.

    A chapter that was rendered before, and of which nothing has changed since, is taken from media/chapters; one that
    was interrupted goes on from what is in Manim's cache. The film has a mark for each chapter and each beat; its
    captions are also written as .srt and .vtt, into the folder captions, or with soft ones beside it. Its ledger,
    FILM.ledger.json, has every number shown (see: backprop verify).
    """
    plan = plan_of(**how)
    path = output or path_of(plan, **how)
    if path.suffix.lower() != ".mp4":
        raise Problem(f"{path}: a film's name ends in .mp4")
    with display(how["progress"]) as listen:
        film = filmed(plan, path, listen, **how)
    echo(told(film))


def plan_of(
    *,
    chapters: tuple[str, ...],
    example: str | None,
    formula: tuple[str, str] | None,
    in_this_order: bool,
    with_primer: bool,
    quality: str,
    theme: str | None,
    voice: str | None,
    **_: Any,
) -> list[Job]:
    """The chapters that the options ask for."""
    order = {"in_this_order": in_this_order, "with_primer": with_primer}
    looks: dict[str, Any] = {"quality": quality, "theme": theme}
    return planned(chapters, example, formula=formula, voice=voiced(voice, told=True), **looks, **order)


def path_of(plan: list[Job], *, chapters: tuple[str, ...], example: str | None, captions: str, **_: Any) -> Path:
    """Where their film goes, if nothing else is said."""
    from ..files import media
    from ..produce import default_path

    return default_path(plan, media(), captions, whole_film=not chapters, example=example)


def filmed(
    plan: list[Job],
    path: Path,
    listen: Display,
    *,
    captions: str,
    music: Path | None,
    jobs: int | None,
    cluster: str | None,
    **_: Any,
) -> Film:
    """Their film, made as the options say."""
    from ..music import Music
    from ..produce import produce

    bed = Music.of(music) if music else None
    with crew_at(cluster) as crew:
        return produce(plan, path, captions, jobs, listen, crew, bed)


def crew_at(address: str | None) -> AbstractContextManager[Crew | None]:
    """The workers of a cluster, if an address of one is given."""
    if address is None:
        return nullcontext()
    from ..cluster import cluster

    return cluster(address)


def told(film: Film) -> str:
    """A film in one line: where it is, how long, and what of it was there already."""
    reused, number = film.reused, len(film.parts)
    of = "" if not reused else " (reused)" if reused == number else f" ({reused} reused, {number - reused} rendered)"
    return f"{shown_path(film.path)}  {clock(film.seconds)}, {counted(number, 'chapter')}{of}"
