"""A mobject as it is drawn: Cairo's path, what is painted within it and along it, and where that leaves traces.

It is made anew only when the mobject's look has changed; its path, only when its points have, and by more than being
moved, turned or made larger or smaller: Cairo does that in a tenth of the time.
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
#: Cairo rounds a path to the 256th part of a pixel where it is traced: it is traced as large as Cairo can count. So,
#: rounded again where it is drawn, the result is Manim's. (Another one lets Cairo divide a curve otherwise.)
_ANYWHERE, _ROOM = cairo.ImageSurface(cairo.FORMAT_A8, 1, 1), 4e6
_LARGER = 4.0  # so far it remains much larger than it is drawn
#: In units of the scene: what is far less than a millionth of a pixel; and what has no extent.
_SAME, _FLAT = 1e-12, 1e-6


class Path(NamedTuple):
    """An outline that was traced through ``points`` (complex, n), now turned, scaled and moved by a ``matrix``.

    ``ends`` are two of the points that lie far apart.
    """

    traced: cairo.Path
    points: np.ndarray
    ends: tuple[int, int]
    matrix: cairo.Matrix | None = None

    @classmethod
    def of(cls, mobject: VMobject) -> Path:
        """A mobject's."""
        fine, points = cairo.Context(_ANYWHERE), _in_the_plane(mobject)
        across, along = points.real, points.imag
        width, height = float(np.ptp(across)), float(np.ptp(along))
        if np.isfinite(size := max(width, height, _FLAT)):
            fine.scale(_ROOM / size, _ROOM / size)
            fine.translate(-float(across.min()) - width / 2, -float(along.min()) - height / 2)
        trace(fine, mobject)
        widest = across if width > height else along
        return cls(fine.copy_path(), points, (int(widest.argmin()), int(widest.argmax())))

    def put(self, context: cairo.Context) -> None:
        """Make it the context's path."""
        context.new_path()
        if self.matrix is None:
            context.append_path(self.traced)
        else:
            before = context.get_matrix()
            context.transform(self.matrix)
            context.append_path(self.traced)
            context.set_matrix(before)

    def through(self, points: np.ndarray) -> Path | None:
        """The same, turned, scaled and moved so that it goes through these; ``None`` if it is another outline.

        A similarity is ``z -> turn * z + shift`` of complex numbers: two points say which one, if it is one.
        """
        if points.shape != self.points.shape:
            return None
        first, last = self.ends
        old, new = self.points[last] - self.points[first], points[last] - points[first]
        turn = new / old if abs(old) > _FLAT else 1.0 + 0.0j
        shift = points[first] - turn * self.points[first]
        if not _FLAT < abs(turn) < _LARGER or not np.abs(self.points * turn + shift - points).max() < _SAME:
            return None
        return self._replace(matrix=cairo.Matrix(turn.real, turn.imag, -turn.imag, turn.real, shift.real, shift.imag))


def _in_the_plane(mobject: VMobject) -> np.ndarray:
    """A mobject's points as complex numbers."""
    return np.ascontiguousarray(mobject.points[:, :2]).view(np.complex128)[:, 0]


class Outline(NamedTuple):
    """A mobject with an outline; ``strokes`` are (source, width) behind the fill, and before it."""

    mobject: VMobject
    look: OutlineLook
    path: Path
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
        self.path.put(context)
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
    path = None
    if isinstance(before, Outline):
        same = before.look.points == look.points
        path = before.path if same else before.path.through(_in_the_plane(mobject))
    if path is None:
        path = Path.of(mobject)

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
    if isinstance(before, Outline) and path is before.path and made.pen == before.pen:
        return made._replace(box=before.box)
    return made._replace(box=_box(context, made))


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
    outline.path.put(context)
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
