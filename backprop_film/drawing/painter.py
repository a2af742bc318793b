"""Draws a play picture by picture, and in each only what is different from the picture before.

Manim draws all from the first mobject that moves upwards, anew for each picture, on a copy of what stands still. Here
each mobject is looked at: if its points and its style are those of the picture before, it has not changed. What has
changed makes the rectangles dirty in which it was and is now; these alone are drawn again, by what lies in them, in
Manim's order and with Manim's own strokes and fills. So a picture is Manim's, except where Cairo rounds a very long
line otherwise because it is clipped: by at most three of 255 levels, on a few pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import cairo
import numpy as np
from manim import Camera, ImageMobject, Mobject, VMobject
from manim.camera.camera import CAP_STYLE_MAP, LINE_JOIN_MAP
from manim.typing import PixelArray

from .looks import ImageLook, Look, OutlineLook, look_of
from .overlays import Overlays, image_box
from .paths import Paths
from .rectangles import Rectangle, cover

__all__ = ["Painter", "displayed"]

_EDGE = 2  # pixels around an outline that its soft edge may reach
_AROUND = 32  # pixels drawn around a rectangle and left out: at the edge of a clip, Cairo is up to 12 levels off
_REDRAWN = 0.7  # beyond this part of the picture, the whole is drawn
_Box = tuple[float, float, float, float]


def displayed(mobjects: Iterable[Mobject], by_z_index: bool = True) -> list[Mobject]:
    """What Manim's camera draws of these and their families, in its order: each where it comes last, then by z-index.

    The same list as ``Camera.get_mobjects_to_display``, in time that does not grow with how deep families are.

    >>> from manim import Circle, Square, VGroup
    >>> inner, outer = Circle(), Square()
    >>> [type(m).__name__ for m in displayed([VGroup(inner, outer), inner])]
    ['Square', 'Circle']
    """
    found: list[Mobject] = []
    seen: set[int] = set()

    def visit(mobject: Mobject) -> None:
        if id(mobject) in seen:
            return
        seen.add(id(mobject))
        for part in reversed(mobject.submobjects):
            visit(part)
        if len(mobject.points):
            found.append(mobject)

    for mobject in reversed(list(mobjects)):
        visit(mobject)
    found.reverse()
    return sorted(found, key=lambda m: m.z_index) if by_z_index else found


class Painter:
    """Draws into a camera's picture. `begin` a play, then `draw` its pictures; each returns where it has changed.

    What the painter does not understand (another kind of camera; clouds of points among the mobjects) is drawn by the
    camera, and has changed everywhere unless it has changed nowhere.
    """

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self._canvas = np.zeros_like(camera.pixel_array)
        self._paths, self._overlays = Paths(), Overlays(camera)
        self._ground: PixelArray | None = None
        self._background: PixelArray | None = None
        self._before: PixelArray | None = None
        self._shown: list[Mobject] = []
        self._looks: list[Look] = []
        self._boxes: list[_Box] = []

    @property
    def _whole(self) -> Rectangle:
        return Rectangle(0, 0, self._camera.pixel_width, self._camera.pixel_height)

    def begin(self, still: Sequence[Mobject]) -> None:
        """Begin a play, before whose moving mobjects these stand still; if there are none, before the background."""
        camera = self._camera
        shown = displayed(still, camera.use_z_index)
        self._paths.keep([*shown, *self._shown])
        self._overlays.forget()
        self._ground = self._background = self._before = None
        self._shown, self._looks, self._boxes = [], [], []
        if still:
            if self._understood(shown):
                self._canvas[:] = camera.background
                self._paint(shown, [look_of(mobject) for mobject in shown], self._whole)
                self._ground = self._canvas.copy()
            else:
                camera.set_frame_to_background(camera.background)
                camera.capture_mobjects(still)
                self._ground = camera.pixel_array.copy()

    def draw(self, mobjects: Iterable[Mobject]) -> list[Rectangle]:
        """Draw the play's next picture, of these mobjects; the rectangles outside which nothing has changed.

        None if nothing has: the picture is equal to the one before, pixel by pixel.
        """
        mobjects = list(mobjects)
        shown = displayed(mobjects, self._camera.use_z_index)
        if not self._understood(shown):
            return self._drawn_by_the_camera(mobjects)
        ground = self._camera.background if self._ground is None else self._ground
        looks = [look_of(mobject) for mobject in shown]
        boxes, dirty = self._compared(shown, looks)
        whole = self._whole
        rectangles = [whole] if self._background is not ground else cover(dirty, whole.right, whole.bottom)
        if sum(rectangle.area for rectangle in rectangles) > _REDRAWN * whole.area:
            rectangles = [whole]
        self._shown, self._looks, self._boxes, self._background, self._before = shown, looks, boxes, ground, None
        edges = np.array(boxes).reshape(-1, 4)
        for rectangle in rectangles:
            around = rectangle.grown(_AROUND, whole)
            self._canvas[around.pixels] = ground[around.pixels]
            self._paint_what_lies_in(around, edges)
            self._camera.pixel_array[rectangle.pixels] = self._canvas[rectangle.pixels]
        return rectangles

    def _understood(self, shown: Sequence[Mobject]) -> bool:
        camera = self._camera
        return type(camera) is Camera and all(
            (isinstance(m, VMobject) and m.n_points_per_cubic_curve == 4 and not m.get_background_image())
            or isinstance(m, ImageMobject)
            for m in shown
        )

    def _drawn_by_the_camera(self, mobjects: Sequence[Mobject]) -> list[Rectangle]:
        camera, self._background = self._camera, None
        camera.set_frame_to_background(camera.background if self._ground is None else self._ground)
        camera.capture_mobjects(mobjects)
        same = self._before is not None and np.array_equal(self._before, camera.pixel_array)
        if not same:
            self._before = camera.pixel_array.copy()
        return [] if same else [self._whole]

    # -- what has changed -----------------------------------------------------------------------------

    def _compared(self, shown: Sequence[Mobject], looks: Sequence[Look]) -> tuple[list[_Box], np.ndarray]:
        """The boxes of what is shown, and the boxes in which it differs from what was: an array (n, 4)."""
        before = {id(mobject): place for place, mobject in enumerate(self._shown)}
        places = [before.pop(id(mobject), -1) for mobject in shown]
        boxes: list[_Box] = []
        dirty: list[_Box] = [self._boxes[gone] for gone in before.values()]
        for mobject, place, look in zip(shown, places, looks, strict=True):
            if place >= 0 and look == self._looks[place]:
                boxes.append(self._boxes[place])
                continue
            boxes.append(self._box(mobject, look))
            dirty.append(boxes[-1])
            if place >= 0:
                dirty.append(self._boxes[place])
        stayed = [place for place in places if place >= 0]
        if any(place > after for place, after in pairwise(stayed)):
            dirty.append(
                (0.0, 0.0, self._whole.right, self._whole.bottom)
            )  # what lay over something may now lie under it
        return boxes, np.array(dirty).reshape(-1, 4)

    def _box(self, mobject: Mobject, look: Look) -> _Box:
        """Where a mobject leaves traces, in pixels: left, top, right, bottom."""
        if isinstance(look, ImageLook):
            return image_box(self._camera, mobject)
        context = self._context
        self._paths.put(context, mobject, look.points)
        if not context.has_current_point():
            return (0.0, 0.0, 0.0, 0.0)
        x0, y0, x1, y1 = context.path_extents()
        for width in (look.width, look.width_behind):
            if width:
                self._pen(context, look, width)
                left, low, right, high = context.stroke_extents()
                x0, y0, x1, y1 = min(x0, left), min(y0, low), max(x1, right), max(y1, high)
        (ax, ay), (bx, by) = context.user_to_device(x0, y0), context.user_to_device(x1, y1)
        return min(ax, bx) - _EDGE, min(ay, by) - _EDGE, max(ax, bx) + _EDGE, max(ay, by) + _EDGE

    # -- drawing --------------------------------------------------------------------------------------

    @property
    def _context(self) -> cairo.Context:
        return self._camera.get_cairo_context(self._canvas)

    def _paint_what_lies_in(self, rectangle: Rectangle, edges: np.ndarray) -> None:
        left, top, right, bottom = rectangle
        inside = (edges[:, 0] < right) & (edges[:, 2] > left) & (edges[:, 1] < bottom) & (edges[:, 3] > top)
        chosen = np.flatnonzero(inside).tolist()
        self._paint([self._shown[place] for place in chosen], [self._looks[place] for place in chosen], rectangle)

    def _paint(self, shown: Sequence[Mobject], looks: Sequence[Look], within: Rectangle) -> None:
        context, clipped = self._context, within != self._whole
        if clipped:
            context.save()
            matrix = context.get_matrix()
            context.identity_matrix()
            context.new_path()
            context.rectangle(within.left, within.top, within.right - within.left, within.bottom - within.top)
            context.clip()
            context.set_matrix(matrix)
        for mobject, look in zip(shown, looks, strict=True):
            if isinstance(look, ImageLook):
                self._overlays.lay(self._canvas, mobject, look, within)
                continue
            self._paths.put(context, mobject, look.points)
            self._stroke(context, mobject, look, behind=True)
            rgbas = mobject.get_fill_rgbas()
            if rgbas[:, 3].any():
                self._camera.set_cairo_context_color(context, rgbas, mobject)
                context.fill_preserve()
            self._stroke(context, mobject, look, behind=False)
        if clipped:
            context.restore()

    def _stroke(self, context: cairo.Context, mobject: VMobject, look: OutlineLook, *, behind: bool) -> None:
        width, rgbas = look.width_behind if behind else look.width, mobject.get_stroke_rgbas(behind)
        if not width or not rgbas[:, 3].any():
            return
        self._camera.set_cairo_context_color(context, rgbas, mobject)
        self._pen(context, look, width)
        context.stroke_preserve()

    def _pen(self, context: cairo.Context, look: OutlineLook, width: float) -> None:
        context.set_line_width(width * self._camera.cairo_line_width_multiple)
        context.set_line_join(LINE_JOIN_MAP[look.join])
        context.set_line_cap(CAP_STYLE_MAP[look.cap])
