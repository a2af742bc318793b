"""The work that can be handed to anyone: one chapter, rendered and kept, or only played."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from . import workers
from .assemble import join
from .chapter_files import read_by
from .errors import Problem
from .kept import Keeper
from .playback import survey
from .reads import recorded
from .render import Rendered, render
from .timeline import Timeline
from .voice import natural

__all__ = ["as_kept", "finished", "reading", "timed", "timed_each"]


def as_kept(keeper: Keeper) -> Rendered | None:
    """A chapter as it was rendered before."""
    found = keeper.found()
    return Rendered(keeper.job, found.timeline, (found.video,)) if found and found.video else None


def finished(keeper: Keeper) -> Rendered:
    """A chapter as one video, rendered now if it is not kept."""
    if found := as_kept(keeper):
        return found
    natural.forget()  # what is to be said has been said when the chapter was measured
    with reading(keeper) as read:
        rendered = render(keeper.job)
    kept = keeper.keep(rendered.timeline, read, lambda beside: join(rendered, beside))
    return replace(rendered, pieces=(kept.video,)) if kept and kept.video else rendered


def timed(keeper: Keeper) -> Timeline:
    """When what happens in a chapter, as it is kept, or from an undrawn pass."""
    if found := keeper.found():
        return found.timeline
    with reading(keeper) as read:
        line = survey(keeper.job)
    keeper.keep(line, read)
    return line


def timed_each(keepers: Sequence[Keeper], count: int | None = None) -> list[Timeline | Problem]:
    """`timed` for each, in their order; those that are not kept side by side, by ``count`` processes."""
    kept = [keeper.found() for keeper in keepers]
    missing = [keeper for keeper, found in zip(keepers, kept, strict=True) if found is None]
    played = iter(workers.each(timed, missing, workers=count))
    return [found.timeline if found else next(played) for found in kept]


@contextmanager
def reading(keeper: Keeper) -> Iterator[set[Path]]:
    """What the chapter reads within, and has read before."""
    with recorded() as read:
        yield read
    read |= read_by(keeper.job.entry.file)
