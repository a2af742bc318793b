"""Draws a play picture by picture, and in each only what is different from the picture before.

Manim draws all from the first mobject that moves upwards, anew for each picture, on a copy of what stands still. Here
each mobject is looked at: if its points and its style are those of the picture before, it has not changed. What has
changed makes the rectangles dirty in which it was and is now; these alone are drawn again, by what lies in them, in
Manim's order and with Manim's own strokes and fills. So a picture is Manim's, except where Cairo rounds a long line
otherwise because only some rows of it are drawn: by one or two of 255 levels, on a few pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import cairo
import numpy as np
from manim import Camera, ImageMobject, Mobject, VMobject
from manim.typing import PixelArray

from .drawn import Drawn, Outline, drawn
from .looks import look_of
from .overlays import Overlays
from .rectangles import Rectangle, cover

__all__ = ["Painter", "displayed"]

_AROUND = 4  # rows drawn above and below a rectangle and left out, where what is cut off may be drawn otherwise
_REDRAWN = 0.7  # beyond this part of the picture, the whole is drawn


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
            if part.submobjects:
                visit(part)
            elif id(part) not in seen:  # most are: a call for each would take longer than all else here
                seen.add(id(part))
                if len(part.points):
                    found.append(part)
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
        self._overlays = Overlays(camera)
        self._ground: PixelArray | None = None
        self._background: PixelArray | None = None
        self._before: PixelArray | None = None
        self._shown: list[Drawn] = []
        self._known: dict[int, Drawn] = {}  # with the mobject, so that its id stays its own

    @property
    def _whole(self) -> Rectangle:
        return Rectangle(0, 0, self._camera.pixel_width, self._camera.pixel_height)

    def begin(self, still: Sequence[Mobject]) -> None:
        """Begin a play, before whose moving mobjects these stand still; if there are none, before the background."""
        camera = self._camera
        shown = displayed(still, camera.use_z_index)
        kept = [*map(id, shown), *(id(one.mobject) for one in self._shown)]
        self._known = {key: self._known[key] for key in kept if key in self._known}
        self._overlays.forget()
        self._ground = self._background = self._before = None
        self._shown = []
        if still:
            if self._understood(shown):
                self._canvas[:] = camera.background
                self._paint([self._now(mobject) for mobject in shown], self._whole)
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
        found = displayed(mobjects, self._camera.use_z_index)
        if not self._understood(found):
            return self._drawn_by_the_camera(mobjects)
        ground = self._camera.background if self._ground is None else self._ground
        shown = [self._now(mobject) for mobject in found]
        dirty, whole = self._changed(shown), self._whole
        rectangles = [whole] if self._background is not ground else cover(dirty, whole.right, whole.bottom)
        if sum(rectangle.area for rectangle in rectangles) > _REDRAWN * whole.area:
            rectangles = [whole]
        self._shown, self._background, self._before = shown, ground, None
        edges = np.array([one.box for one in shown]).reshape(-1, 4)
        for rectangle in rectangles:
            around = rectangle.taller(_AROUND, whole)
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

    def _now(self, mobject: Mobject) -> Drawn:
        """How a mobject is drawn now: the same as before, if it looks as before."""
        look, known = look_of(mobject), self._known.get(id(mobject))
        if known is None or known.look != look:
            known = self._known[id(mobject)] = drawn(self._camera, self._context, mobject, look, known)
        return known

    def _changed(self, shown: Sequence[Drawn]) -> np.ndarray:
        """The boxes in which this differs from what was shown: an array (n, 4)."""
        before = {id(one.mobject): place for place, one in enumerate(self._shown)}
        places = [before.pop(id(one.mobject), -1) for one in shown]
        dirty = [self._shown[gone].box for gone in before.values()]
        for one, place in zip(shown, places, strict=True):
            if place < 0:
                dirty.append(one.box)
            elif one is not self._shown[place]:
                dirty += one.box, self._shown[place].box
        stayed = [place for place in places if place >= 0]
        if any(place > after for place, after in pairwise(stayed)):  # what lay over something may now lie under it
            dirty.append((0.0, 0.0, self._whole.right, self._whole.bottom))
        return np.array(dirty).reshape(-1, 4)

    # -- drawing --------------------------------------------------------------------------------------

    @property
    def _context(self) -> cairo.Context:
        return self._camera.get_cairo_context(self._canvas)

    def _paint_what_lies_in(self, rectangle: Rectangle, edges: np.ndarray) -> None:
        left, top, right, bottom = rectangle
        inside = (edges[:, 0] < right) & (edges[:, 2] > left) & (edges[:, 1] < bottom) & (edges[:, 3] > top)
        self._paint([self._shown[place] for place in np.flatnonzero(inside).tolist()], rectangle)

    def _paint(self, shown: Sequence[Drawn], within: Rectangle) -> None:
        context, clipped = self._context, within != self._whole
        if clipped:
            context.save()
            matrix = context.get_matrix()
            context.identity_matrix()
            context.new_path()
            # Whole rows: an outline that is cut off at a side begins or ends somewhere in a row of pixels, which Cairo
            # then samples, where it would have measured it.
            context.rectangle(0, within.top, self._whole.right, within.bottom - within.top)
            context.clip()
            context.set_matrix(matrix)
        for one in shown:
            if isinstance(one, Outline):
                one.paint(context)
            else:
                self._overlays.lay(self._canvas, one.mobject, one.look, within)
        if clipped:
            context.restore()
