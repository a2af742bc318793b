"""``backprop chapters``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from ..console import AS_JSON, CHAPTERS, JOBS, QUALITY, VOICE, print_json, sorted_out, table, together
from .plan import planned, voiced
from .which_example import EXAMPLE
from .which_formula import FORMULA

if TYPE_CHECKING:
    from ..contents import Entry
    from ..errors import Problem
    from ..kept import Keeper
    from ..timeline import Timeline

__all__ = ["chapters_command"]


@click.command("chapters")
@together(CHAPTERS, EXAMPLE, FORMULA, QUALITY, JOBS, VOICE, AS_JSON)
def chapters_command(
    chapters: tuple[str, ...],
    example: str | None,
    formula: tuple[str, str] | None,
    quality: str,
    jobs: int | None,
    voice: str | None,
    as_json: bool,
) -> None:
    """List the chapters with their durations.

    In a pipe, the columns are separated by tabs: number, name, duration in seconds, beats, title. --json has
    the beats too.
    """
    from ..kept import Keeper

    plan = planned(chapters, example, formula=formula, quality=quality, voice=voiced(voice))
    results, problem = sorted_out(_timed([Keeper.of(job) for job in plan], jobs))
    played = [(job.entry, line) for job, line in zip(plan, results, strict=True) if line is not None]
    _list_chapters(played, as_json)
    if problem:
        raise problem


def _timed(keepers: Sequence[Keeper], count: int | None) -> list[Timeline | Problem]:
    """When what happens in each; those that are not kept are played, by so many processes."""
    kept = [keeper.found() for keeper in keepers]
    missing = [keeper for keeper, found in zip(keepers, kept, strict=True) if found is None]
    played: Iterator[Timeline | Problem] = iter(())
    if missing:
        from .. import workers  # and Manim with what is done, which takes longer than all else

        played = iter(workers.each(_played, missing, workers=count))
    return [found.timeline if found else next(played) for found in kept]


def _played(keeper: Keeper) -> Timeline:
    from ..work import pictured

    return pictured(keeper)[0]


def _list_chapters(played: Sequence[tuple[Entry, Timeline]], as_json: bool) -> None:
    from ..timeline import clock

    if as_json:
        print_json([_as_dict(entry, line) for entry, line in played])
        return
    terminal = sys.stdout.isatty()
    seconds = clock if terminal else "{:.3f}".format
    rows = [
        (
            str(entry.number or ""),
            entry.name,
            seconds(line.seconds),
            str(len(line.beats)),
            line.title,
        )
        for entry, line in played
    ]
    if terminal:
        lines = [line for _, line in played]
        rows.append(("", "", clock(sum(t.seconds for t in lines)), str(sum(len(t.beats) for t in lines)), ""))
    table(rows, ("", "chapter", "duration", "beats", "title"), right=(0, 2, 3))


def _as_dict(entry: Entry, line: Timeline) -> dict[str, Any]:
    beats = [{"key": b.key, "start": b.start / line.fps, "end": b.end / line.fps, "text": b.text} for b in line.beats]
    return {
        "part": entry.part, "number": entry.number, "name": entry.name, "title": line.title, "seconds": line.seconds,
        "frames": line.frames, "fps": line.fps, "beats": beats,
    }  # fmt: skip
