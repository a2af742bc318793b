"""How far mobjects reach, found as Manim finds it, but of all their points at once.

Widths, edges and middles are asked for tens of thousands of times while formulas are laid out. Manim lists families by
generators within generators, and goes through their curves, and through their points, one by one.

>>> from manim import Circle, Square, VGroup
>>> group = VGroup(Circle(), Square().shift([2, 0, 0]))
>>> float(reduced(group, max, 0)), boundary(group).shape
(3.0, (24, 3))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from manim import Mobject, VMobject

__all__ = ["Measured", "apart", "boundary", "family", "near", "reduced"]

_ends_of_curves = VMobject.get_anchors
_one_by_one = Mobject.reduce_across_dimension


def boundary(mobject: VMobject) -> np.ndarray:
    """Both ends of all curves of a mobject and its parts, one a row: its ``get_points_defining_boundary``."""
    found: list[np.ndarray] = []
    for part in family(mobject):
        if type(part).get_anchors is not _ends_of_curves:
            found.extend(np.reshape(end, (1, 3)) for end in part.get_anchors())
        elif len(part.points) == 1:
            found.append(part.points)
        elif len(part.points):
            found.append(part.points.reshape(-1, part.n_points_per_cubic_curve, 3)[:, [0, -1]].reshape(-1, 3))
    return np.concatenate(found) if found else np.array(())


def reduced(mobject: Mobject, reduce_func: Callable[..., Any], dim: int) -> float | None:
    """The largest or smallest coordinate of a mobject's and its parts' points, or ``None`` of one that has none: its
    ``reduce_across_dimension``, with ``max`` or ``min``.
    """
    if reduce_func is not max and reduce_func is not min:
        result: float | None = _one_by_one(mobject, reduce_func, dim)
        return result
    found = [part.points[:, dim] for part in family(mobject) if len(part.points)]
    if not found:
        return None
    places = found[0] if len(found) == 1 else np.concatenate(found)
    most: float = places.max() if reduce_func is max else places.min()
    return most


def near(mobject: Mobject, points: np.ndarray, gap: float) -> bool:
    """Whether any of the points, one a row, lies within the box around a mobject, or this near it."""
    away = np.abs(np.reshape(points, (-1, 3)) - mobject.get_center())
    return bool(((away[:, 0] < mobject.width / 2 + gap) & (away[:, 1] < mobject.height / 2 + gap)).any())


def apart(one: Mobject, other: Mobject, air: float) -> bool:
    """Whether two stand side by side with so much between them, however high."""
    return bool(abs(one.get_x() - other.get_x()) > (one.width + other.width) / 2 + air)


def family(mobject: Mobject, recurse: bool = True) -> list[Mobject]:
    """A mobject and all its parts, in drawing order: its ``get_family``."""
    found: list[Mobject] = []
    _collect(mobject, found, set())
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


class Measured:
    """What a VMobject is that is measured in this way, whoever plays it; it stands before it among the bases."""

    def get_points_defining_boundary(self: Any) -> np.ndarray:
        """As Manim finds it, at once."""
        return boundary(self)

    def reduce_across_dimension(self: Any, reduce_func: Callable[..., Any], dim: int) -> float | None:
        """As Manim finds it, at once."""
        return reduced(self, reduce_func, dim)
