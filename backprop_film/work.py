"""The work that can be handed to anyone: one chapter, rendered and kept, or in part, or only played."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from .assemble import join
from .chapter_files import read_by
from .kept import Keeper
from .kept_pictures import KeptPictures, shown
from .playback import chapter_class, closed, survey
from .reads import recorded
from .render import Rendered, render
from .timeline import Timeline
from .voice import natural

__all__ = ["Share", "as_kept", "finished", "pictured", "reading", "shared", "timed"]


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
        rendered = render(keeper)
    kept = keeper.keep(rendered.timeline, read, lambda beside: join(rendered, beside))
    return replace(rendered, pieces=(kept.video,)) if kept and kept.video else rendered


@dataclass(frozen=True)
class Share:
    """The plays of a keeper's chapter that begin at frame ``first`` or later."""

    keeper: Keeper
    first: int


def shared(share: Share) -> None:
    """Render a share of a chapter; whoever finishes the chapter finds its pieces."""
    natural.forget()
    render(share.keeper, share.first)


def timed(keeper: Keeper) -> Timeline:
    """When what happens in a chapter, as it is kept, or from an undrawn pass."""
    if found := keeper.found():
        return found.timeline
    with reading(keeper) as read:
        line = survey(keeper.job)
    keeper.keep(line, read)
    return line


def pictured(keeper: Keeper) -> tuple[Timeline, dict[str, Image.Image]]:
    """When what happens in a chapter; if it takes a pass, the last pictures of its beats are drawn in it, and kept.

    These, by the beats' keys: drawn while the chapter goes by, they cost a quarter of what it takes to play it.
    """
    if keeper.found() or not chapter_class(keeper.job.entry):
        return timed(keeper), {}
    with reading(keeper) as read:
        line, ends = closed(keeper.job)
    keeper.keep(line, read)
    KeptPictures(keeper).keep({shown(key, "end"): picture for key, picture in ends.items()}, read)
    return line, ends


@contextmanager
def reading(keeper: Keeper) -> Iterator[set[Path]]:
    """What the chapter reads within, and has read before."""
    read: set[Path] = set()
    with recorded() as reads:
        yield read
    read |= reads.files | read_by(keeper.job.entry.file)
