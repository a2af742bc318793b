"""What Manim does most, with less work and the same result: listing families, copying, setting its configuration.

Families are listed and mobjects copied tens of thousands of times in a chapter of minutes. Manim lists a family by
generators within generators, and copies each attribute as if it might be anything. And whenever a ``tempconfig`` ends,
all its classes are given their bases anew, as if the renderer had been another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from enum import Enum
from typing import Any

import numpy as np
from manim import ManimColor, Mobject, config
from manim._config.utils import ManimConfig
from manim.constants import RendererType

__all__ = ["lean", "steady"]

#: What a copy may share with its original.
_CONSTANT = (int, float, str, bool, type(None), ManimColor, Enum)


def _family(self: Mobject, recurse: bool = True) -> list[Mobject]:
    found: list[Mobject] = []
    _collect(self, found, set())
    if len(set(found)) == len(found):
        return found
    lasts = dict.fromkeys(reversed(found))  # what is there several times is listed where it comes last
    return list(lasts)[::-1]


def _collect(mobject: Mobject, found: list[Mobject], within: set[Mobject]) -> None:
    found.append(mobject)
    within.add(mobject)
    for part in mobject.submobjects:
        if not part.submobjects:
            found.append(part)
        elif part not in within:
            _collect(part, found, within)
    within.remove(mobject)


def _copied(self: Mobject, memo: dict[int, Any]) -> Mobject:
    clone = object.__new__(type(self))
    memo[id(self)] = clone
    for name, value in vars(self).items():
        if isinstance(value, _CONSTANT):
            same = value
        elif type(value) is np.ndarray and id(value) not in memo and value.dtype != object:
            same = memo[id(value)] = value.copy()
        else:
            same = deepcopy(value, memo)
        setattr(clone, name, same)
    clone.original_id = str(id(self))
    return clone


@contextmanager
def lean() -> Iterator[None]:
    """Within, Manim lists families and copies mobjects in this way."""
    before = Mobject.get_family, Mobject.__deepcopy__
    Mobject.get_family, Mobject.__deepcopy__ = _family, _copied
    try:
        yield
    finally:
        Mobject.get_family, Mobject.__deepcopy__ = before


@contextmanager
def steady() -> Iterator[None]:
    """Within, Manim's classes are changed only if another renderer is set than the one that they are made for."""
    before, made_for = ManimConfig.renderer, config.renderer

    def set_renderer(self: ManimConfig, value: str | RendererType) -> None:
        nonlocal made_for
        wanted = RendererType(value.lower() if isinstance(value, str) else value)
        if wanted is made_for:
            self._d["renderer"] = wanted
        else:
            before.fset(self, wanted)
            made_for = wanted

    ManimConfig.renderer = property(before.fget, set_renderer)
    try:
        yield
    finally:
        ManimConfig.renderer = before
