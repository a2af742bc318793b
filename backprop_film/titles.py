"""What a film is called."""

from __future__ import annotations

from collections.abc import Sequence

from . import contents
from .render import Rendered

__all__ = ["TITLE", "film_title"]

#: The film of all chapters.
TITLE = "Backpropagation calculus"


def film_title(parts: Sequence[Rendered]) -> str:
    """What a film is called: after its one chapter, or after the part or parts of the list that it is made of.

    A chapter that is in no list has its own title.
    """
    groups = list(dict.fromkeys(part.job.entry.part or part.timeline.title for part in parts))
    if len(parts) == 1:
        (part,) = parts
        return f"{groups[0]}: {part.timeline.title}" if part.job.entry.part else groups[0]
    own = contents.entries()
    return TITLE if len(groups) > 1 and all(part.job.entry in own for part in parts) else ", ".join(groups)
