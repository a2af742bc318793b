"""``backprop film``."""

from __future__ import annotations

from pathlib import Path

import click

from ..console import CHAPTERS, EXAMPLE, JOBS, QUALITY, counted, echo, output_option, together
from ..errors import Problem, shown_path
from .plan import media, planned

__all__ = ["film_command"]


@click.command("film")
@together(CHAPTERS, EXAMPLE, QUALITY, JOBS)
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
    output: Path | None,
    captions: str,
) -> None:
    """Render the film, or the chapters named, in their order.

    What has been rendered before is taken from Manim's cache in media/. The film has a mark for each chapter
    and each beat; its captions are also written beside it, as .srt and .vtt.
    """
    from ..produce import default_path, produce
    from ..timeline import clock

    plan = planned(chapters, example, quality=quality)
    path = output or default_path(plan, media(), captions, whole_film=not chapters, example=example)
    if path.suffix.lower() != ".mp4":
        raise Problem(f"{path}: a film's name ends in .mp4")
    film = produce(plan, path, captions, jobs)
    echo(f"{shown_path(film.path)}  {clock(film.seconds)}, {counted(film.chapters, 'chapter')}")
