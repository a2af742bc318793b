"""``backprop check``."""

from __future__ import annotations

import sys
from typing import Any

import click

from ..console import AS_JSON, JOBS, echo, print_json, sorted_out, table, together
from ..timeline import clock

__all__ = ["check_command"]


@click.command("check")
@click.argument("example", metavar="NAME|FILE.toml")
@together(JOBS, AS_JSON)
def check_command(example: str, jobs: int | None, as_json: bool) -> int:
    """Say, chapter by chapter, what the film will show of an example, what it leaves out, and what it refuses.

    The chapters are played undrawn, for some seconds at most. In a pipe, the columns are separated by tabs: chapter,
    shown or refused, length, numbers, what is left out or why it is refused. The exit status is 1 if no chapter takes
    the example.

    For example: backprop new-example mine.toml --layers 784-16-10; backprop check mine.toml
    """
    from ..contents import entries
    from ..loaded import loaded
    from ..playback import Job, chapter_class
    from ..whats_shown import look

    worked = loaded(example)
    plan = [Job(entry, example=example, quality="l", captions=False) for entry in entries()]
    results, problem = sorted_out(look(worked, [job for job in plan if chapter_class(job.entry)], jobs))
    found = [one for one in results if one is not None]
    network = worked.network
    if as_json:
        print_json(
            {
                "example": worked.name,
                "title": worked.title,
                "layers": list(network.layers),
                "activation": [row.name for row in network.activation],
                "cost": network.cost.name,
                "parameters": len(network.parameters),
                "training_examples": len(worked.inputs),
                "chapters": [_as_dict(one) for one in found],
            }
        )
    else:
        if sys.stdout.isatty():
            shape = "-".join(map(str, network.layers))
            functions = ", ".join(dict.fromkeys(row.name for row in network.activation))
            echo(f"{worked.title or worked.name}: {shape}, {functions}, {network.cost.name}, "
                 f"{len(network.parameters):,} parameters, {len(worked.inputs):,} training examples")  # fmt: skip
        table([_row(one) for one in found], ("chapter", "", "length", "numbers", "left out, or why"), right=(2, 3))
    if problem:
        raise problem
    return 0 if any(not one.reason for one in found) else 1


def _row(one: Any) -> tuple[str, ...]:
    if one.reason:
        return one.chapter, "refused", "", "", one.reason
    length = clock(one.seconds) if one.complete else f"> {clock(one.seconds)}"
    told = "; ".join(one.elided) or "nothing is left out"
    return one.chapter, "shown", length, str(one.numbers), told if one.complete else f"so far: {told}"


def _as_dict(one: Any) -> dict[str, Any]:
    if one.reason:
        return {"chapter": one.chapter, "shown": False, "reason": one.reason}
    return {
        "chapter": one.chapter, "shown": True, "seconds": one.seconds, "complete": one.complete,
        "numbers": one.numbers, "elided": list(one.elided),
    }  # fmt: skip
