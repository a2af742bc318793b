"""Where a mobject comes from: the line of a chapter in which it was made, and the attribute that holds it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import manim
from manim import Mobject

__all__ = ["attribute", "made_in", "recorded"]

_OURS = str(Path(__file__).parents[1])
_MANIMS = str(Path(manim.__file__).parent)
_CHAPTERS = str(Path(__file__).parents[1] / "scenes")
_NOTE = "_made_in"
#: Where a scene of Manim's holds all that it shows.
_MANIMS_OWN = {
    "mobjects",
    "foreground_mobjects",
    "moving_mobjects",
    "static_mobjects",
    "animations",
    "mobject_updater_lists",
}


@contextmanager
def recorded() -> Iterator[None]:
    """While it lasts, every mobject notes where it is made; a copy was made where its original was."""
    original = Mobject.__init__

    def noted(self: Mobject, *args: Any, **kwargs: Any) -> None:
        setattr(self, _NOTE, _line())
        original(self, *args, **kwargs)

    Mobject.__init__ = noted
    try:
        yield
    finally:
        Mobject.__init__ = original


def _line() -> tuple[str, int]:
    frame = sys._getframe(2)
    while frame.f_back is not None and _is_library(frame.f_code.co_filename):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def _is_library(file: str) -> bool:
    within = file.startswith((_OURS, _MANIMS)) and not file.startswith(_CHAPTERS)
    return within or not file.endswith(".py") or file.endswith("contextlib.py")


def made_in(mobject: Mobject) -> tuple[str, int] | None:
    """The file and the line of the chapter (or the user's) in which a mobject was made, if it was `recorded`."""
    return getattr(mobject, _NOTE, None)


def attribute(owner: Any, *mobjects: Mobject) -> str:
    """The attribute of a scene that holds one of the ``mobjects``: ``self.lines['w']``; ``""`` if none does.

    Each of the mobjects is part of the one before; it is the last that counts.
    """
    own = {name: value for name, value in vars(owner).items() if name not in _MANIMS_OWN}
    held = {id(value): path for path, value in _held("self", own, 3)}
    return next((held[id(mobject)] for mobject in reversed(mobjects) if id(mobject) in held), "")


def _held(path: str, value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    """All mobjects in containers and dataclasses within a value, each with the path to it; the shortest last."""
    if isinstance(value, Mobject):
        yield path, value
    elif not depth:
        return
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            name = f"{path}.{key}" if path == "self" else f"{path}[{key!r}]"
            yield from _held(name, inner, depth - 1)
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _held(f"{path}[{number}]", inner, depth - 1)
    elif is_dataclass(value):
        for one in fields(value):
            yield from _held(f"{path}.{one.name}", getattr(value, one.name), depth - 1)
