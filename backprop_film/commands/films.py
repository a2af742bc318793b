"""``backprop films``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..console import CLUSTER, FILM_CAPTIONS, JOBS, MUSIC, PROGRESS, QUALITY, THEME, VOICE, echo, together
from ..errors import Problem, shown_path
from .film import crew_at, told
from .plan import planned, voiced

if TYPE_CHECKING:
    from ..playback import Job

__all__ = ["films_command"]


@click.command("films")
@click.argument("examples", nargs=-1, required=True, metavar="EXAMPLE...")
@click.option("--chapter", "-c", "chapters", multiple=True, metavar="CHAPTER", help="Only this one; may be repeated.")
@together(QUALITY, THEME, FILM_CAPTIONS, VOICE, MUSIC, JOBS, CLUSTER, PROGRESS)
@click.option(
    "--output", "-o", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
    help="Where to write them; media/film if not given.",
)  # fmt: skip
def films_command(
    examples: tuple[str, ...], chapters: tuple[str, ...], quality: str, theme: str | None, captions: str,
    voice: str | None, music: Path | None, jobs: int | None, cluster: str | None, progress: str,
    output: Path | None,
) -> int:  # fmt: skip
    """Render a film for each EXAMPLE, a bundled one or a .toml file of yours: a whole course of films.

    A chapter that shows no example of yours is rendered once for all. What is wrong with one film stops no other; it
    is told at the end, and the exit status is 2.
    """
    from ..files import media
    from ..music import Music
    from ..produce import Order, default_path, produce_each
    from ..progress import display

    how, bed = (
        {"quality": quality, "theme": theme, "voice": voiced(voice, told=True)},
        Music.of(music) if music else None,
    )
    problems: list[tuple[str, Problem]] = []
    orders: dict[Path, Order] = {}
    for example in dict.fromkeys(examples):
        plan = _planned(chapters, example, how)
        if isinstance(plan, Problem):
            problems.append((example, plan))
            continue
        path = default_path(plan, media(), captions, whole_film=not chapters, example=example)
        path = output / path.name if output else path
        if path in orders:
            problems.append((example, Problem(f"found a second example called {Path(example).stem}, expected one")))
            continue
        orders[path] = Order(tuple(plan), path, captions, bed)
    with crew_at(cluster) as crew, display(progress) as listen:
        films = produce_each(list(orders.values()), jobs, listen, crew)
    for path, film in zip(orders, films, strict=True):
        if isinstance(film, Problem):
            problems.append((shown_path(path), film))
        else:
            echo(told(film))
    for name, problem in problems:
        text = str(problem)
        echo(f"backprop: {text if name in text else f'{name}: {text}'}", err=True)
    return 2 if problems else 0


def _planned(chapters: tuple[str, ...], example: str, how: dict[str, Any]) -> list[Job] | Problem:
    from ..workers import guarded

    return guarded(lambda one: planned(chapters, one, **how), example)
