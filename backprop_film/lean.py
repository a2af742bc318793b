"""What Manim does most, with less work and the same result: families, copies, sizes, updates, styles, configuration.

Families are listed and mobjects copied tens of thousands of times in a chapter of minutes. Manim lists a family by
generators within generators, copies each attribute as if it might be anything, and measures point by point. In every
picture it asks each part of everything whether it has updaters, and works out each moving one's colours, which hardly
ever change on the way. And whenever a ``tempconfig`` ends, all its classes are given their bases anew, as if the
renderer had been another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from enum import Enum
from typing import Any

import numpy as np
from manim import ManimColor, Mobject, VMobject, config
from manim._config.utils import ManimConfig
from manim.constants import RendererType
from manim.utils.bezier import interpolate

from .kit.extents import boundary, family, reduced

__all__ = ["lean", "steady"]

#: What a copy may share with its original.
_CONSTANT = (int, float, str, bool, type(None), ManimColor, Enum)


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


def _updated(self: Mobject, dt: float = 0, recursive: bool = True) -> Mobject:
    if self.updating_suspended:
        return self
    if self.updaters:
        _MANIMS_UPDATE(self, dt, recursive=False)
    if recursive:
        for part in self.submobjects:
            # Most have neither parts nor updaters, and no ways of their own.
            if part.submobjects or part.updaters or type(part).update is not Mobject.update:
                part.update(dt, recursive)
    return self


def _coloured(self: VMobject, first: VMobject, last: VMobject, alpha: float) -> VMobject:
    if alpha == 1.0:
        return _MANIMS_COLOURS(self, first, last, alpha)
    for name in _STYLE:
        one, other = getattr(first, name), getattr(last, name)
        arrays = type(one) is np.ndarray and type(other) is np.ndarray
        if arrays and one.shape == other.shape and one.tobytes() == other.tobytes():
            setattr(self, name, other.copy())
        else:
            setattr(self, name, interpolate(one, other, alpha))
    return self


_STYLE = (
    "fill_rgbas", "stroke_rgbas", "background_stroke_rgbas", "stroke_width", "background_stroke_width",
    "sheen_direction", "sheen_factor",
)  # fmt: skip
_MANIMS_UPDATE, _MANIMS_COLOURS = Mobject.update, VMobject.interpolate_color
_WAYS: Mapping[type, Mapping[str, Any]] = {
    Mobject: {
        "get_family": family, "__deepcopy__": _copied, "reduce_across_dimension": reduced, "update": _updated,
    },
    VMobject: {"get_points_defining_boundary": boundary, "interpolate_color": _coloured},
}  # fmt: skip


@contextmanager
def lean() -> Iterator[None]:
    """Within, Manim's mobjects do these things in this way."""
    before = {kind: {name: getattr(kind, name) for name in ways} for kind, ways in _WAYS.items()}
    _set(_WAYS)
    try:
        yield
    finally:
        _set(before)


def _set(ways: Mapping[type, Mapping[str, Any]]) -> None:
    for kind, own in ways.items():
        for name, way in own.items():
            setattr(kind, name, way)


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
