"""``backprop narration``: the script for whoever speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..console import AS_JSON, CHAPTERS, JOBS, print_json, sorted_out, table, together
from .plan import planned
from .which_example import EXAMPLE

if TYPE_CHECKING:
    from ..contents import Entry
    from ..timeline import SpeechSpan

__all__ = ["narration_command"]


@click.command("narration")
@together(CHAPTERS, EXAMPLE, JOBS, AS_JSON)
def narration_command(chapters: tuple[str, ...], example: str | None, jobs: int | None, as_json: bool) -> None:
    """Print what is said, sentence by sentence, with the file in which --voice DIR expects each.

    The seconds are those that a reader needs; a recording may take less or more, as the film waits for it. In a
    pipe, the columns are separated by tabs: file, seconds, what is said. --json has what is written, too.
    """
    from .. import workers
    from ..playback import survey

    plan = planned(chapters, example)
    results, problem = sorted_out(workers.each(survey, plan, workers=jobs))
    said = [
        _as_dict(job.entry, span, line.fps)
        for job, line in zip(plan, results, strict=True)
        if line is not None
        for span in line.speech
    ]
    if as_json:
        print_json(said)
    else:
        rows = [(one["file"], f"{one['seconds']:.1f}", one["spoken"]) for one in said]
        table(rows, ("file", "seconds", "said"), right=(1,))
    if problem:
        raise problem


def _as_dict(entry: Entry, span: SpeechSpan, fps: int) -> dict[str, Any]:
    from ..voice.recordings import file_of

    return {
        "chapter": entry.name, "key": span.key, "file": file_of(entry.slug, span.key),
        "seconds": (span.end - span.start) / fps, "text": span.text, "spoken": span.spoken,
    }  # fmt: skip
