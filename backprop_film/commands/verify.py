"""``backprop verify``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from ..console import AS_JSON, counted, echo, print_json, table
from ..timeline import clock

__all__ = ["verify_command"]


@click.command("verify")
@click.argument("ledger", metavar="FILM.ledger.json", type=click.Path(path_type=Path))
@AS_JSON
def verify_command(ledger: Path, as_json: bool) -> int:
    """Calculate every number of a film once more, from the examples that its ledger keeps.

    By a way of its own: forward passes in plain NumPy, derivatives by complex step, trainings step by step. What does
    not agree is listed, and so is what cannot be calculated; the exit status is 1 if there is any.

    For example: backprop film chain_rule -o mine.mp4; backprop verify mine.ledger.json
    """
    from ..ledger.document import read
    from ..ledger.verify import verify

    verdicts = verify(read(ledger))
    wrong = [verdict for verdict in verdicts if verdict.kind != "agrees"]
    count = Counter(verdict.kind for verdict in verdicts)
    numbers = {kind: count[kind] for kind in ("agrees", "differs", "not verified")}
    if as_json:
        chapters = dict.fromkeys(verdict.entry.chapter for verdict in verdicts)
        by_chapter = {
            name: dict(Counter(verdict.kind for verdict in verdicts if verdict.entry.chapter == name))
            for name in chapters
        }
        print_json({**numbers, "chapters": by_chapter, "entries": [verdict.as_dict() for verdict in wrong]})
        return 1 if wrong else 0
    if wrong:
        rows = [
            (
                one.kind, one.entry.chapter, clock(one.entry.time), one.entry.beat, one.entry.text,
                "" if one.recalculated is None else f"{one.recalculated:.10g}", one.reason,
                one.entry.expression or one.entry.quantity,
            )
            for one in wrong
        ]  # fmt: skip
        table(rows, ("verdict", "chapter", "time", "beat", "shown", "recalculated", "reason", "of"), right=(4, 5))
    told = f"{counted(len(verdicts), 'number')}: {numbers['agrees']} agree"
    told += f", {numbers['differs']} differ" if numbers["differs"] else ""
    told += f", {numbers['not verified']} not verified" if numbers["not verified"] else ""
    echo(told)
    return 1 if wrong else 0
