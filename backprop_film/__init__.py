"""From chapters to a film: order, rendering, joining, captions, previews, checks, and the command line.

For a notebook: `show`, a moment or a beat of a chapter, and `sliders`, numbers to be turned.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .notebook import show, sliders

__all__ = ["show", "sliders"]


def __getattr__(name: str) -> Any:
    """What a notebook asks for, when it does: Manim is slow to import, and the command line has other needs."""
    if name in __all__:
        # By its name: what is imported by a statement counts as code that draws every chapter (`sources`).
        return getattr(import_module(f"{__name__}.notebook"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
