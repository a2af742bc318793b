"""``backprop film``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..console import CHAPTERS, EXAMPLE, JOBS, PROGRESS, QUALITY, counted, echo, output_option, together
from ..errors import Problem, shown_path
from ..timeline import clock
from .plan import planned

if TYPE_CHECKING:
    from ..produce import Film

__all__ = ["film_command"]


@click.command("film")
@together(CHAPTERS, EXAMPLE, QUALITY, JOBS, PROGRESS)
@output_option("media/film/backpropagation-720p30.mp4, or as it is")
@click.option(
    "--captions",
    type=click.Choice(["burned", "soft", "off"]),
    default="burned",
    show_default=True,
    help="In the picture; as a track that players can switch on and off; none.",
)
def film_command(
    chapters: tuple[str, ...],
    example: str | None,
    quality: str,
    jobs: int | None,
    progress: str,
    output: Path | None,
    captions: str,
) -> None:
    """Render the film, or the chapters named, in their order.

    A chapter that was rendered before, and of which nothing has changed since, is taken from media/chapters; one that
    was interrupted goes on from what is in Manim's cache. The film has a mark for each chapter and each beat; its
    captions are also written beside it, as .srt and .vtt.
    """
    from ..files import media
    from ..produce import default_path, produce
    from ..progress import display

    plan = planned(chapters, example, quality=quality)
    path = output or default_path(plan, media(), captions, whole_film=not chapters, example=example)
    if path.suffix.lower() != ".mp4":
        raise Problem(f"{path}: a film's name ends in .mp4")
    with display(progress) as listen:
        film = produce(plan, path, captions, jobs, listen)
    echo(told(film))


def told(film: Film) -> str:
    """A film in one line: where it is, how long, and what of it was there already."""
    reused, number = film.reused, len(film.parts)
    of = "" if not reused else " (reused)" if reused == number else f" ({reused} reused, {number - reused} rendered)"
    return f"{shown_path(film.path)}  {clock(film.seconds)}, {counted(number, 'chapter')}{of}"
