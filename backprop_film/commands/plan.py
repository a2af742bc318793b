"""From what a command was given to its jobs: a chapter each, with an example that fits it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from .. import contents
from ..console import echo
from ..errors import Problem
from ..job import Job

__all__ = ["jobs_for", "planned", "voiced"]


def planned(
    names: Sequence[str], example: str | None, *, in_this_order: bool = False, with_primer: bool = False, **how: Any
) -> list[Job]:
    """A job for each chapter named, or for all."""
    found = contents.chosen(names, in_this_order=in_this_order, primer_first=with_primer)
    return jobs_for(found, example, named=bool(names), **how)


def jobs_for(
    entries: Sequence[contents.Entry],
    example: str | None,
    *,
    formula: tuple[str, str] | None = None,
    named: bool = True,
    **how: Any,
) -> list[Job]:
    """A job for each chapter, each with an example that fits it.

    An example replaces the example of every chapter that it fits, or that has a stand-in for it; the others keep
    theirs. A line says which. It must fit one chapter at least, and every chapter that is named. A scene that is no
    `Chapter` has none to replace. A ``formula`` is given to the chapters that show one.
    """
    jobs = _with_formula([Job(entry, **how) for entry in entries], formula)
    if example is None:
        return jobs
    from ..playback import chapter_class, refusal, stand_in

    takers = [replace(job, example=example) for job in jobs if chapter_class(job.entry)]
    if not takers:
        raise Problem(f"example {example}: found only scenes without an example, expected a Chapter")
    reasons = {job.entry.name: reason for job in takers if (reason := refusal(job))}
    if reasons and (named or len(reasons) == len(takers)):
        name, reason = next(iter(reasons.items()))
        raise Problem(f"example {example} does not fit chapter {name}: {reason}")
    if reasons:
        echo(f"backprop: {', '.join(reasons)}: own example kept, as {example} does not fit", err=True)
    fitted = {job.entry: job for job in takers if job.entry.name not in reasons}
    standing = {entry.name: shown.title for entry, job in fitted.items() if (shown := stand_in(job))}
    for title, names in groupby(standing, standing.__getitem__):
        echo(f"backprop: {', '.join(names)}: {title}, of {example}", err=True)
    return [fitted.get(job.entry, job) for job in jobs]


def _with_formula(jobs: list[Job], formula: tuple[str, str] | None) -> list[Job]:
    if formula is None:
        return jobs
    from ..explain_formula import formula_graph
    from ..playback import chapter_class
    from ..sets import FormulaChapter

    graph, taken = formula_graph(*formula), []
    for job in jobs:
        found = chapter_class(job.entry)
        if found and issubclass(found, FormulaChapter):
            if reason := found.refusal_of(graph):
                raise Problem(f"--formula: {reason}")
            taken.append(job)
    if not taken:
        raise Problem("--formula: found no chapter that shows one, expected one such as reverse_mode")
    return [replace(job, formula=formula) if job in taken else job for job in jobs]


def voiced(option: str | None, *, told: bool = False) -> str:
    """Who speaks, as a job has it; if nobody does as no voice is installed, a line says so if it is to be ``told``."""
    from ..voice import choice

    if option is None and told and not choice.natural_is_installed():
        echo("backprop: silent, as no voice is installed: pip install 'backprop-math[voice]'", err=True)
    return choice.resolved(choice.default() if option is None else option)
