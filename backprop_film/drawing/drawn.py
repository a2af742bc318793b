"""A mobject as it is drawn: Cairo's path, what is painted within it and along it, and where that leaves traces.

It is made anew only when the mobject's look has changed; its path, only when its points have.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import cairo
import numpy as np
from manim import Camera, ImageMobject, VMobject
from manim.camera.camera import CAP_STYLE_MAP, LINE_JOIN_MAP

from .looks import ImageLook, Look, OutlineLook
from .overlays import image_box
from .paths import trace

__all__ = ["Box", "Drawn", "Outline", "Picture", "drawn"]

#: In pixels: left, top, right, bottom; not necessarily whole.
Box = tuple[float, float, float, float]
_NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)
_EDGE = 2  # pixels around an outline that its soft edge may reach
_ONE_CURVE = 4  # points


class Outline(NamedTuple):
    """A mobject with an outline; ``strokes`` are (source, width) behind the fill, and before it."""

    mobject: VMobject
    look: OutlineLook
    path: cairo.Path
    behind: tuple[cairo.Pattern, float] | None
    fill: cairo.Pattern | None
    before: tuple[cairo.Pattern, float] | None
    box: Box = _NOWHERE

    @property
    def pen(self) -> tuple[float, Any, Any]:
        """The wider stroke's width, 0 if there is none, and its joins and ends."""
        widths = [one[1] for one in (self.behind, self.before) if one]
        return max(widths, default=0.0), self.look.join, self.look.cap

    def paint(self, context: cairo.Context) -> None:
        """Paint it where it is, as Manim's camera does."""
        context.new_path()
        context.append_path(self.path)
        if self.behind:
            _stroke(context, self.look, *self.behind)
        if self.fill:
            context.set_source(self.fill)
            context.fill_preserve()
        if self.before:
            _stroke(context, self.look, *self.before)


class Picture(NamedTuple):
    """An image, which the painter's `Overlays` lay."""

    mobject: ImageMobject
    look: ImageLook
    box: Box


Drawn = Outline | Picture


def drawn(camera: Camera, context: cairo.Context, mobject: VMobject, look: Look, before: Drawn | None) -> Drawn:
    """How a mobject that looks so is drawn; ``before`` is how it was, if it has been.

    ``context`` is one that the camera draws with.
    """
    if isinstance(look, ImageLook):
        return Picture(mobject, look, image_box(camera, mobject))
    old = before if isinstance(before, Outline) and before.look.points == look.points else None
    path = old.path if old else _path(context, mobject)

    def source(rgbas: np.ndarray) -> cairo.Pattern | None:
        if not rgbas[:, 3].any():
            return None
        camera.set_cairo_context_color(context, rgbas, mobject)
        return context.get_source()

    def stroke(width: float, behind: bool) -> tuple[cairo.Pattern, float] | None:
        found = source(mobject.get_stroke_rgbas(behind)) if width else None
        return (found, width * camera.cairo_line_width_multiple) if found else None

    back, front = stroke(look.width_behind, True), stroke(look.width, False)
    made = Outline(mobject, look, path, back, source(mobject.get_fill_rgbas()), front)
    if old and made.pen == old.pen:
        return made._replace(box=old.box)
    return made._replace(box=_box(context, made))


def _path(context: cairo.Context, mobject: VMobject) -> cairo.Path:
    """A mobject's outline as Cairo has rounded it, which it does not do once more where the path is used again."""
    context.new_path()
    trace(context, mobject)
    return context.copy_path()


def _stroke(context: cairo.Context, look: OutlineLook, source: cairo.Pattern, width: float) -> None:
    context.set_source(source)
    _pen(context, look, width)
    context.stroke_preserve()


def _pen(context: cairo.Context, look: OutlineLook, width: float) -> None:
    context.set_line_width(width)
    context.set_line_join(LINE_JOIN_MAP[look.join])
    context.set_line_cap(CAP_STYLE_MAP[look.cap])


def _box(context: cairo.Context, outline: Outline) -> Box:
    """Where it leaves traces."""
    context.new_path()
    context.append_path(outline.path)
    points, (width, _, _) = outline.mobject.points, outline.pen
    if not context.has_current_point():
        return _NOWHERE
    if width and len(points) > _ONE_CURVE:  # how far its corners reach, Cairo knows
        _pen(context, outline.look, width)
        x0, y0, x1, y1 = context.stroke_extents()
        left, low, right, high = context.path_extents()
        x0, y0, x1, y1 = min(x0, left), min(y0, low), max(x1, right), max(y1, high)
    else:  # a curve lies between its points; a line's end may be square
        (x0, y0), (x1, y1) = points[:, :2].min(axis=0) - width, points[:, :2].max(axis=0) + width
    (ax, ay), (bx, by) = context.user_to_device(x0, y0), context.user_to_device(x1, y1)
    return min(ax, bx) - _EDGE, min(ay, by) - _EDGE, max(ax, bx) + _EDGE, max(ay, by) + _EDGE
