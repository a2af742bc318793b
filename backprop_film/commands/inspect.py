"""``backprop inspect``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..console import (
    AS_JSON,
    CHAPTERS,
    JOBS,
    QUALITY,
    THEME,
    VOICE,
    counted,
    echo,
    output_option,
    print_json,
    sorted_out,
    together,
)
from ..errors import shown_path
from .plan import planned, voiced
from .which_example import EXAMPLE
from .which_formula import FORMULA

if TYPE_CHECKING:
    from ..inspection import Finding
    from ..playback import Job

__all__ = ["inspect_command"]


@click.command("inspect")
@together(CHAPTERS, EXAMPLE, FORMULA, QUALITY, THEME, JOBS, VOICE, AS_JSON)
@click.option("--picture", is_flag=True, help="Draw the findings, boxed, into a contact sheet as well.")
@output_option("a PNG in media/sheets/, with --picture,")
def inspect_command(
    chapters: tuple[str, ...],
    example: str | None,
    formula: tuple[str, str] | None,
    quality: str,
    theme: str | None,
    jobs: int | None,
    voice: str | None,
    as_json: bool,
    picture: bool,
    output: Path | None,
) -> int:
    """Play without drawing and report faults. Exit status 1 if anything is found.

    At the end of every play: what leaves the safe area, overlaps, is too small, enters the captions' zone, or has too
    little contrast. In the middle of moves: what flies over a text that stays, and texts that are doubled or scrambled
    for longer than 0.3 s. In the pace: a picture with nothing in it for longer than 1 s, one that stands still for
    longer than 4 s with little to read, a caption that comes when its move is over. A finding names the mobject, the
    attribute that holds it, and the line in which it was made.

    In a pipe, the columns are separated by tabs: kind, chapter, beat, first and last second, mobject, detail,
    attribute, source.
    """
    from .. import workers
    from ..files import media, writable
    from ..inspection import inspect

    if output:
        writable(output)
    plan = planned(chapters, example, formula=formula, quality=quality, theme=theme, voice=voiced(voice))
    name = "+".join(job.entry.slug for job in plan) if chapters else "film"
    path = output or (media() / "sheets" / f"{name}-findings.png" if picture else None)
    results, problem = sorted_out(workers.each(inspect, plan, workers=jobs))
    found = [finding for result in results for finding in result or []]
    if as_json:
        print_json([finding.as_dict() for finding in found])
    elif sys.stdout.isatty():
        for finding in found:
            echo(str(finding))
        echo(f"{counted(len(found), 'fault')} in {counted(len(plan), 'chapter')}")
    else:
        for f in found:
            row = (f.kind, f.chapter, f.beat, f"{f.start:.3f}", f"{f.end:.3f}", f.mobject, f.detail)
            echo("\t".join((*row, f.attribute, f.source)))
    if path and found:
        _draw(plan, [result or [] for result in results], path)
        echo(shown_path(path), err=as_json or not sys.stdout.isatty())
    if problem:
        raise problem
    return 1 if found else 0


def _draw(plan: Sequence[Job], found: Sequence[Sequence[Finding]], path: Path) -> None:
    """A contact sheet of what was found, a band for each chapter."""
    from .. import preview
    from ..inspection import pictured
    from ..kept_pictures import save
    from ..playback import dressed

    width = 640
    bands = []
    for job, findings in zip(plan, found, strict=True):
        tiles = [
            preview.Tile(f"{f.beat}   {f.start:.2f} s   {f.kind}", str(f), preview.shrunk(picture, width))
            for f, picture in pictured(job, findings)
        ]
        if tiles:
            bands.append((job.entry.heading, tiles))
    with dressed(plan[0]):
        save(preview.tiled(bands, 3, width), path)
