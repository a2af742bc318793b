"""``backprop still`` and ``backprop sheet``: pictures of a chapter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .. import contents
from ..console import CAPTIONS, CHAPTERS, JOBS, QUALITY, THEME, VOICE, echo, output_option, together
from ..errors import Problem, shown_path
from .plan import jobs_for, planned, voiced
from .which_example import EXAMPLE
from .which_formula import FORMULA_TEXT, moment_and_formula

__all__ = ["sheet_command", "still_command"]


@click.command("still")
@click.argument("chapter", metavar="CHAPTER[:BEAT]")
@click.option(
    "--at",
    "at",
    multiple=True,
    metavar="end|middle|SECONDS",
    help="Which moment of it: its end, unless said. With --formula also its variables: --at x=2,y=3.",
)
@together(EXAMPLE, FORMULA_TEXT, QUALITY, THEME, VOICE, CAPTIONS, output_option("a PNG in media/images/"))
def still_command(
    chapter: str,
    at: tuple[str, ...],
    example: str | None,
    formula: str | None,
    quality: str,
    theme: str | None,
    voice: str | None,
    captions: bool,
    output: Path | None,
) -> None:
    """Draw one picture of a chapter, or of one of its beats.

    SECONDS count from the start of the chapter, or of the beat if one is named.
    """
    from ..files import media, writable
    from ..kept import Keeper
    from ..kept_pictures import KeptPictures, save, shown

    entry, beat = contents.target(chapter)
    moment, of = moment_and_formula(at, formula)
    how: dict[str, Any] = {"quality": quality, "theme": theme, "voice": voiced(voice), "captions": captions}
    job = jobs_for([entry], example, formula=of, **how)[0]
    if output:
        writable(output)
    path = output or media() / "images" / entry.slug / f"{entry.class_name}{'-' + beat if beat else ''}-{moment}.png"
    keeper = Keeper.of(job)
    picture = KeptPictures(keeper).found(shown(beat, moment))
    if picture is None:
        from ..preview import still  # and Manim with it, which takes longer than all else

        picture = still(job, beat, moment, keeper)
    echo(shown_path(save(picture, path)))


@click.command("sheet")
@together(CHAPTERS, EXAMPLE, FORMULA_TEXT, QUALITY, THEME, JOBS, VOICE)
@click.option(
    "--at",
    "at",
    multiple=True,
    metavar="end|middle|both",
    help="Which moment of each beat: its end, unless said. With --formula also its variables: --at x=2,y=3.",
)
@click.option("--span", metavar="CHAPTER:BEAT", help="The motion within one beat instead.")
@click.option("--frames", type=click.IntRange(1), default=12, show_default=True, help="Tiles of a --span.")
@click.option("--columns", type=click.IntRange(1), default=3, show_default=True, help="Tiles side by side.")
@click.option("--width", type=click.IntRange(80), default=640, show_default=True, help="A tile's width in pixels.")
@output_option("a PNG in media/sheets/")
def sheet_command(
    chapters: tuple[str, ...], example: str | None, formula: str | None, quality: str, theme: str | None,
    jobs: int | None, voice: str | None, at: tuple[str, ...], span: str | None, frames: int, columns: int, width: int,
    output: Path | None,
) -> None:  # fmt: skip
    """Draw a contact sheet: one tile for each beat, with its key, time and words."""
    from .. import preview
    from ..files import media, writable
    from ..kept_pictures import save
    from ..playback import dressed

    moment, of = moment_and_formula(at, formula)
    if moment not in ("end", "middle", "both"):
        raise Problem(f"--at: found {moment!r}, expected end, middle or both")
    if output:
        writable(output)
    how: dict[str, Any] = {"quality": quality, "theme": theme, "voice": voiced(voice)}
    if span is not None:
        if chapters:
            raise Problem("give either chapters or --span, not both")
        entry, beat = contents.target(span)
        if beat is None:
            raise Problem(f"--span {span!r}: expected CHAPTER:BEAT")
        job = jobs_for([entry], example, formula=of, **how)[0]
        tiles = preview.span_tiles(job, beat, frames, width)
        bands, name = [(f"{entry.name}: {beat}", tiles)], f"{entry.slug}-{beat}"
        with dressed(job):
            picture = preview.tiled(bands, columns, width)
    else:
        moments = ("middle", "end") if moment == "both" else (moment,)
        plan = planned(chapters, example, formula=of, **how)
        picture = preview.sheet(plan, moments, columns, width, jobs)
        name = "+".join(job.entry.slug for job in plan) if chapters else "film"
    echo(shown_path(save(picture, output or media() / "sheets" / f"{name}.png")))
