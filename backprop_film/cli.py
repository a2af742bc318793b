"""``backprop``, the command. Nothing heavy is imported before a command needs it, so that help is instant."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from . import contents
from .console import (
    AS_JSON,
    CAPTIONS,
    CHAPTERS,
    EXAMPLE,
    JOBS,
    PACKAGE,
    QUALITY,
    OneLine,
    counted,
    echo,
    leave_tidily,
    other_checkout,
    output_option,
    print_json,
    sorted_out,
    table,
    together,
)
from .errors import Problem, shown_path

if TYPE_CHECKING:
    from .playback import Job
    from .timeline import Timeline

__all__ = ["main"]


@click.group(cls=OneLine, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    package_name="backprop-math",
    prog_name="backprop",
    message=f"%(prog)s, version %(version)s\npackage:  {PACKAGE}\nchapters: {contents.FOLDER}",
)
def cli() -> None:
    """An animated explanation of backpropagation in which every number is calculated.

    Give it your own network (an example file) and it makes your own film. CHAPTER is the name of one of the
    film's chapters, such as chain_rule, or a file of your own, my.py, or my.py:Mine if it has several scenes;
    a scene may be a Chapter or any other Scene of Manim's. A beat comes last: chain_rule:nudge,
    my.py:Mine:nudge. Set BACKPROP_TRACEBACK=1 to see where an unexpected failure comes from.
    """
    if checkout := other_checkout():
        echo(f"backprop: this is the copy in {PACKAGE}; what is edited in {checkout} has no effect on it", err=True)


def _plan(names: Sequence[str], example: str | None, **how: Any) -> list[Job]:
    """A job for each chapter named, or for all."""
    return _jobs(contents.chosen(names), example, named=bool(names), **how)


def _jobs(entries: Sequence[contents.Entry], example: str | None, *, named: bool = True, **how: Any) -> list[Job]:
    """A job for each chapter, each with an example that fits it.

    An example replaces the example of every chapter that it fits; the others keep theirs, and a line says
    so. It must fit one chapter at least, and every chapter that is named. A scene that is no `Chapter` has
    none to replace.
    """
    from .playback import Job, chapter_class, misfit

    jobs = [Job(entry, **how) for entry in entries]
    if example is None:
        return jobs
    takers = [replace(job, example=example) for job in jobs if chapter_class(job.entry)]
    if not takers:
        raise Problem(f"example {example}: found only scenes without an example, expected a Chapter")
    reasons = {job.entry.name: reason for job in takers if (reason := misfit(job))}
    if reasons and (named or len(reasons) == len(takers)):
        name, reason = next(iter(reasons.items()))
        raise Problem(f"example {example} does not fit chapter {name}: {reason}")
    if reasons:
        echo(f"backprop: {', '.join(reasons)}: own example kept, as {example} does not fit", err=True)
    fitted = {job.entry: job for job in takers if job.entry.name not in reasons}
    return [fitted.get(job.entry, job) for job in jobs]


def _media() -> Path:
    from manim import config

    return Path(config.get_dir("media_dir") or ".")  # where the user's manim.cfg leaves it empty, here


# -- commands -----------------------------------------------------------------------------------------


@cli.command("film")
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
    from .produce import default_path, produce
    from .timeline import clock

    plan = _plan(chapters, example, quality=quality)
    path = output or default_path(plan, _media(), captions, whole_film=not chapters, example=example)
    if path.suffix.lower() != ".mp4":
        raise Problem(f"{path}: a film's name ends in .mp4")
    film = produce(plan, path, captions, jobs)
    echo(f"{shown_path(film.path)}  {clock(film.seconds)}, {counted(film.chapters, 'chapter')}")


@cli.command("chapters")
@together(CHAPTERS, EXAMPLE, QUALITY, JOBS, AS_JSON)
def chapters_command(
    chapters: tuple[str, ...], example: str | None, quality: str, jobs: int | None, as_json: bool
) -> None:
    """List the chapters with their durations.

    In a pipe, the columns are separated by tabs: number, name, duration in seconds, beats, title. --json has
    the beats too.
    """
    from . import workers
    from .playback import survey

    plan = _plan(chapters, example, quality=quality)
    results, problem = sorted_out(workers.each(survey, plan, workers=jobs))
    played = [(job.entry, line) for job, line in zip(plan, results, strict=True) if line is not None]
    _list_chapters(played, as_json)
    if problem:
        raise problem


def _list_chapters(played: Sequence[tuple[contents.Entry, Timeline]], as_json: bool) -> None:
    from .timeline import clock

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


def _as_dict(entry: contents.Entry, line: Timeline) -> dict[str, Any]:
    beats = [{"key": b.key, "start": b.start / line.fps, "end": b.end / line.fps, "text": b.text} for b in line.beats]
    return {
        "part": entry.part, "number": entry.number, "name": entry.name, "title": line.title, "seconds": line.seconds,
        "frames": line.frames, "fps": line.fps, "beats": beats,
    }  # fmt: skip


@cli.command("still")
@click.argument("chapter", metavar="CHAPTER[:BEAT]")
@click.option("--at", default="end", show_default=True, metavar="end|middle|SECONDS", help="Which moment of it.")
@together(EXAMPLE, QUALITY, CAPTIONS, output_option("a PNG in media/images/"))
def still_command(
    chapter: str, at: str, example: str | None, quality: str, captions: bool, output: Path | None
) -> None:
    """Draw one picture of a chapter, or of one of its beats.

    SECONDS count from the start of the chapter, or of the beat if one is named.
    """
    from .files import writable
    from .preview import save, still

    entry, beat = contents.target(chapter)
    job = _jobs([entry], example, quality=quality, captions=captions)[0]
    if output:
        writable(output)
    path = output or _media() / "images" / entry.slug / f"{entry.class_name}{'-' + beat if beat else ''}-{at}.png"
    echo(shown_path(save(still(job, beat, at), path)))


@cli.command("sheet")
@together(CHAPTERS, EXAMPLE, QUALITY, JOBS)
@click.option(
    "--at",
    type=click.Choice(["end", "middle", "both"]),
    default="end",
    show_default=True,
    help="Which moment of each beat.",
)
@click.option("--span", metavar="CHAPTER:BEAT", help="The motion within one beat instead.")
@click.option("--frames", type=click.IntRange(1), default=12, show_default=True, help="Tiles of a --span.")
@click.option("--columns", type=click.IntRange(1), default=3, show_default=True, help="Tiles side by side.")
@click.option("--width", type=click.IntRange(80), default=640, show_default=True, help="A tile's width in pixels.")
@output_option("a PNG in media/sheets/")
def sheet_command(
    chapters: tuple[str, ...], example: str | None, quality: str, jobs: int | None, at: str, span: str | None,
    frames: int, columns: int, width: int, output: Path | None,
) -> None:  # fmt: skip
    """Draw a contact sheet: one tile for each beat, with its key, time and words."""
    from . import preview
    from .files import writable

    if output:
        writable(output)
    if span is not None:
        if chapters:
            raise Problem("give either chapters or --span, not both")
        entry, beat = contents.target(span)
        if beat is None:
            raise Problem(f"--span {span!r}: expected CHAPTER:BEAT")
        job = _jobs([entry], example, quality=quality)[0]
        tiles = preview.span_tiles(job, beat, frames, width)
        picture, name = preview.tiled([(f"{entry.name}: {beat}", tiles)], columns, width), f"{entry.slug}-{beat}"
    else:
        moments = ("middle", "end") if at == "both" else (at,)
        plan = _plan(chapters, example, quality=quality)
        picture = preview.sheet(plan, moments, columns, width, jobs)
        name = "+".join(job.entry.slug for job in plan) if chapters else "film"
    echo(shown_path(preview.save(picture, output or _media() / "sheets" / f"{name}.png")))


@cli.command("inspect")
@together(CHAPTERS, EXAMPLE, QUALITY, JOBS, AS_JSON)
def inspect_command(
    chapters: tuple[str, ...], example: str | None, quality: str, jobs: int | None, as_json: bool
) -> int:
    """Play without drawing and report faults: what leaves the safe area, overlaps, is too small, enters the
    captions' zone, or has too little contrast. Exit status 1 if anything is found.

    In a pipe, the columns are separated by tabs: kind, chapter, beat, first and last second, mobject, detail.
    """
    from . import workers
    from .inspect import inspect

    plan = _plan(chapters, example, quality=quality)
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


@cli.command("explain")
@click.argument("quantities", nargs=-1, metavar="[QUANTITY]...")
@together(EXAMPLE)
@click.option(
    "--format", "form", type=click.Choice(["text", "latex", "typst", "json"]), default="text", show_default=True
)
@click.option(
    "--layers",
    type=click.Choice(["relative", "absolute"]),
    default="relative",
    show_default=True,
    help="Layers as L, L-1, … or as 1, 2, ….",
)
@click.option(
    "--training-example", "number", type=int, default=0, show_default=True, metavar="N", help="Which of several."
)
def explain_command(quantities: tuple[str, ...], example: str | None, form: str, layers: str, number: int) -> None:
    """Print a worked example with all its numbers, and its chain rules, factor by factor.

    QUANTITY is a weight w[2][1,0] (layer, then j,k), a bias b[1][0], z[2][1], a[2][1], y[0] or C; its chain
    rule is that of the cost. z[3][0]/w[2][0,0] asks for the derivative of another quantity.
    """
    from backprop_math import load_example

    from . import explain

    worked, asked = load_example(example or "simplest"), [explain.parse(text) for text in quantities]
    if form == "json":
        print_json(explain.as_json(worked, asked, number))
        return
    sections = explain.explain(worked, asked, number, layers)
    if form != "text":
        for section in sections:
            for relation in section.relations:
                echo(explain.as_markup(relation, form)[0])
        return
    shape = "-".join(map(str, worked.network.layers))
    of = f", training example {number} of {len(worked.inputs)}" if len(worked.inputs) > 1 else ""
    echo(click.style(f"{worked.title or worked.name} ({shape}{of})", bold=True))
    for section in sections:
        echo()
        echo(click.style(section.heading, fg="cyan"))
        for relation in section.relations:
            for line in explain.as_markup(relation, form):
                echo(f"  {line}")
        if section.note:
            echo(click.style(f"  {section.note}", dim=True))


@cli.command("examples")
@together(AS_JSON)
def examples_command(as_json: bool) -> None:
    """List the bundled examples, and the chapters that each of them fits.

    In a pipe, the columns are separated by tabs: name, layers, activation, cost, chapters, title.
    """
    from backprop_math import example_names, load_example

    from .playback import chapter_class

    loaded = {name: load_example(name) for name in example_names()}
    classes = {entry.name: made for entry in contents.entries() if (made := chapter_class(entry))}
    fits = {name: [key for key, made in classes.items() if made.misfit(one) is None] for name, one in loaded.items()}
    shapes = {name: list(one.network.layers) for name, one in loaded.items()}
    functions = {name: list(dict.fromkeys(f.name for f in one.network.activation)) for name, one in loaded.items()}
    if as_json:
        rows = [
            {
                "name": name,
                "layers": shapes[name],
                "activation": functions[name],
                "cost": one.network.cost.name,
                "chapters": fits[name],
                "title": one.title,
            }
            for name, one in loaded.items()
        ]
        print_json(rows)
        return
    lines = [
        (
            name,
            "-".join(map(str, shapes[name])),
            ", ".join(functions[name]),
            one.network.cost.name,
            ", ".join(fits[name]),
            one.title,
        )
        for name, one in loaded.items()
    ]
    table(lines, ("example", "layers", "activation", "cost", "chapters", "title"))


def main() -> NoReturn:
    """The entry point of ``backprop``."""
    leave_tidily()
    cli.main(prog_name="backprop")


if __name__ == "__main__":
    main()
