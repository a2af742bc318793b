"""``backprop inspect``."""

from __future__ import annotations

import sys

import click

from ..console import AS_JSON, CHAPTERS, EXAMPLE, JOBS, QUALITY, counted, echo, print_json, sorted_out, together
from .plan import planned

__all__ = ["inspect_command"]


@click.command("inspect")
@together(CHAPTERS, EXAMPLE, QUALITY, JOBS, AS_JSON)
def inspect_command(
    chapters: tuple[str, ...], example: str | None, quality: str, jobs: int | None, as_json: bool
) -> int:
    """Play without drawing and report faults: what leaves the safe area, overlaps, is too small, enters the
    captions' zone, or has too little contrast. Exit status 1 if anything is found.

    In a pipe, the columns are separated by tabs: kind, chapter, beat, first and last second, mobject, detail.
    """
    from .. import workers
    from ..inspect import inspect

    plan = planned(chapters, example, quality=quality)
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
            echo("\t".join((f.kind, f.chapter, f.beat, f"{f.start:.3f}", f"{f.end:.3f}", f.mobject, f.detail)))
    if problem:
        raise problem
    return 1 if found else 0
