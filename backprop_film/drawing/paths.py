"""The outlines of mobjects as Cairo's paths."""

from __future__ import annotations

from itertools import pairwise

import cairo
import numpy as np
from manim import VMobject

__all__ = ["trace"]

_RELATIVE = 1e-5  # as Manim asks whether two curves join


def trace(context: cairo.Context, mobject: VMobject) -> None:
    """Add a mobject's outline to the context's path, as Manim's camera does, whose every curve costs ten times more.

    A subpath ends where a curve does not begin at the end of the one before; it is closed if it ends where it began.
    """
    points = mobject.points
    if len(points) < 4 or not np.isfinite(points).all():
        return  # as Manim, which draws nothing of it
    plane = points[:, :2]
    starts, ends = plane[4::4], plane[3 : len(points) - 1 : 4]
    apart = (np.abs(ends - starts) > mobject.tolerance_for_point_equality + _RELATIVE * np.abs(starts)).any(axis=1)
    cuts = [0, *(4 * (np.flatnonzero(apart) + 1)).tolist(), len(points)]
    flat = plane.tolist()
    move_to, curve_to = context.move_to, context.curve_to
    for begin, end in pairwise(cuts):
        if end - begin < 4:
            continue
        context.new_sub_path()
        move_to(*flat[begin])
        for at in range(begin + 1, end - 2, 4):
            curve_to(*flat[at], *flat[at + 1], *flat[at + 2])
        if mobject.consider_points_equals_2d(flat[begin], flat[end - 1]):
            context.close_path()
