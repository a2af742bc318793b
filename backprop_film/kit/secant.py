"""`Secant`: a curve, a point on it, the triangle of a nudge, chord and tangent; `Lens` shows the same, enlarged.

In a scene::

    plane = Plane(Axis((0.0, 4.0), length=4), Axis((0.0, 9.0), length=3, vertical=True))
    secant = Secant(plane, lambda x: (x - 3) ** 2, at=1.8, slope=-2.4, colors=(theme.ink, theme.highlight))
    self.play(FadeIn(plane), Create(secant.curve), FadeIn(secant.dot))
    lens = Lens(secant, width=3.1, height=2.3, center=(4.2, 0.6))
    self.play(Enlarge(lens, 1, 10))                     # grows out of the point, the nudge shrinking in step
    self.play(Enlarge(lens, 10, 100))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Circle,
    DashedLine,
    Dot,
    FadeOut,
    Line,
    Mobject,
    Rectangle,
    VGroup,
    smooth,
)

from .axis import Plane
from .clipping import clipped
from .open_path import OpenPath
from .theme import theme

__all__ = ["Enlarge", "Lens", "Secant", "shrink_to_nothing"]

_SAMPLES = 121
#: How far the frame of a lens may reach below the level axis, on which the point may lie.
_CLEAR = 0.1


class _View(VGroup):
    """A part of a graph within a box, ``zoom`` times as large as in ``plane``, its point at ``anchor``."""

    #: How far the tangent goes to either side, in units.
    reach = 9.0

    def __init__(
        self,
        plane: Plane,
        f: Callable[[np.ndarray], np.ndarray],
        at: float,
        slope: float,
        colors: tuple[str, str],
    ) -> None:
        self.plane, self.f, self.x, self.slope = plane, f, at, slope
        self.y = float(f(np.array([at]))[0])
        self.origin = plane.point(at, self.y)
        self.across = float(plane.point(at + 1.0, self.y)[0] - self.origin[0])
        self.up = float(plane.point(at, self.y + 1.0)[1] - self.origin[1])
        self.colors = colors
        cause, effect = colors
        self.curve = OpenPath([LEFT, RIGHT], stroke_color=effect, stroke_width=4.5)
        self.tangent = Line(LEFT, RIGHT, stroke_width=3.5, color=theme.highlight)
        self.run = Line(LEFT, RIGHT, stroke_width=4.5, color=cause)
        self.rise = Line(UP, DOWN, stroke_width=4.5, color=effect)
        self.chord = VGroup(DashedLine(LEFT, RIGHT, dash_length=0.09, stroke_width=3, color=theme.ink))
        self.ring = Circle(0.085, color=effect, stroke_width=3).set_fill(theme.background, 1)
        self.dot = Dot(radius=0.11, color=effect)
        super().__init__(self.tangent, self.curve, self.run, self.rise, self.chord, self.ring, self.dot)

    def lay(self, box: np.ndarray, anchor: np.ndarray, zoom: float, by: float) -> None:
        """Put everything where it is seen; ``box`` is left, bottom, right, top."""
        across, up = zoom * self.across, zoom * self.up
        xs = np.linspace((box[0] - anchor[0]) / across, (box[2] - anchor[0]) / across, _SAMPLES)
        points = np.column_stack([xs * across, up * (self.f(self.x + xs) - self.y), 0 * xs]) + anchor
        self.curve.set_points_as_corners(_within(points, anchor, box))
        along = np.array([across, up * self.slope, 0.0])
        along *= self.reach / np.linalg.norm(along)
        _put(self.tangent, *clipped(anchor - along, anchor + along, box))
        rise = float(self.f(np.array([self.x + by]))[0]) - self.y
        corner, end = anchor + by * across * RIGHT, anchor + by * across * RIGHT + up * rise * UP
        _put(self.run, *clipped(anchor, corner, box))
        # The leg that stands at the end of the other is seen when that is.
        reached = bool(np.all(corner[:2] >= box[:2]) and np.all(corner[:2] <= box[2:]))
        _put(self.rise, *clipped(corner, end, box))
        self.rise.set_stroke(opacity=float(reached))
        ends = clipped(anchor, end, box)
        if np.linalg.norm(ends[1] - ends[0]) > 1e-3:
            self.chord.become(VGroup(DashedLine(*ends, dash_length=0.09, stroke_width=3, color=theme.ink)))
        self.ring.move_to(end)
        inside = bool(np.all(end[:2] >= box[:2]) and np.all(end[:2] <= box[2:]))
        self.ring.set_stroke(opacity=float(inside)).set_fill(opacity=float(inside))
        self.dot.move_to(anchor)


class Secant(_View):
    """The whole graph in its ``plane``: ``curve``, ``dot``, ``run``, ``rise``, ``chord``, ``ring`` and ``tangent``.

    ``f`` takes and gives an array; ``slope`` is its derivative at the point, ``by`` the nudge. ``colors`` are those of
    what is nudged and of what ``f`` gives.
    """

    reach = 2.4

    def __init__(
        self,
        plane: Plane,
        f: Callable[[np.ndarray], np.ndarray],
        *,
        at: float,
        slope: float,
        by: float = 1.0,
        colors: tuple[str, str],
    ) -> None:
        super().__init__(plane, f, at, slope, colors)
        left, bottom = plane.x.line.get_start()[:2]
        self.box = np.array([left, bottom, plane.x.line.get_end()[0], plane.y.line.get_end()[1]])
        self.show_nudge(by)

    def show_nudge(self, by: float) -> Self:
        """The triangle of a nudge, and the tangent so long as it is looked at."""
        self.by = by
        self.lay(self.box, self.origin, 1.0, by)
        return self


class Lens(VGroup):
    """A window in which the graph around the point is seen ``zoom`` times as large, with a nudge of 1/``zoom``.

    It grows out of the graph: at zoom 1 it is the ``frame`` around the point, and at 10 it has its full size, which it
    keeps, while the frame shrinks. `at` shows a zoom. ``links`` join the frame to the window. The point is at ``part``
    of its width and height, from the corner that the triangle begins at.
    """

    def __init__(
        self,
        secant: Secant,
        *,
        width: float,
        height: float,
        center: tuple[float, float],
        part: tuple[float, float] = (0.24, 0.38),
    ) -> None:
        self.secant = secant
        self.size = np.array([width, height])
        self.center_at = np.array([*center, 0.0])
        down = secant.y > float(secant.f(np.array([secant.x + secant.by]))[0])
        # The point is so placed that the triangle fills the window.
        self._part = np.array([part[0], 1 - part[1] if down else part[1]])
        # The frame keeps clear of the numbers below the level axis.
        below = secant.origin[1] - secant.plane.x.line.get_y() + _CLEAR
        self._part[1] = min(self._part[1], below / (height / 10))
        self.view = _View(secant.plane, secant.f, secant.x, secant.slope, secant.colors)
        # Under the curve, which comes to cover it, it is still seen: three lines become one.
        self.view.tangent.set_stroke(width=13, opacity=0.6)
        self.pane = Rectangle(width=width, height=height, stroke_width=0, fill_color=theme.surface, fill_opacity=1)
        self.border = Rectangle(width=width, height=height, stroke_width=2.5, stroke_color=theme.ink)
        self.frame = Rectangle(width=width / 10, height=height / 10, stroke_width=2, stroke_color=theme.ink)
        self.links = VGroup(*(Line(UP, DOWN, stroke_width=1.5, color=theme.arrow) for _ in range(2)))
        self.next_frame = Rectangle(width=width, height=height, stroke_width=2, stroke_color=theme.ink)
        super().__init__(self.links, self.frame, self.pane, self.view, self.next_frame, self.border)
        self.at(10.0, 0.1)

    def _rectangle(self, size: np.ndarray, anchor: np.ndarray) -> np.ndarray:
        """left, bottom, right, top of a window of a size in which the point is at its place."""
        corner = anchor[:2] - self._part * size
        return np.array([*corner, *(corner + size)])

    def at(self, zoom: float, by: float, frame: float = 0.0) -> Self:
        """Show a zoom and a nudge; ``frame`` is the zoom that fills the window next, 0 for none."""
        grown = min(1.0, np.log10(zoom))
        size = self.size * 10 ** (grown - 1.0)
        full = self.center_at[:2] - self.size / 2 + self._part * self.size
        anchor = (1 - grown) * self.secant.origin + grown * np.array([*full, 0.0])
        box = self._rectangle(size, anchor)
        for rectangle in (self.pane, self.border):
            _fit(rectangle, box)
        _fit(self.frame, self._rectangle(self.size / max(10.0, zoom), self.secant.origin))
        below = self.center_at[1] > self.secant.origin[1]
        for link, side in zip(self.links, (LEFT, RIGHT), strict=True):
            up = UP if below else DOWN
            _put(link, self.frame.get_corner(up + side), self.border.get_corner(-up + side))
        self.view.lay(box, anchor, zoom, by)
        if frame > zoom:
            _fit(self.next_frame, self._rectangle(self.size * zoom / frame, anchor))
        self.next_frame.set_stroke(opacity=float(frame > zoom * 1.001))
        return self


class Enlarge(Animation):
    """Looks closer through a lens, from one zoom to another, at a nudge that shrinks in step."""

    def __init__(
        self, lens: Lens, start: float, end: float, *, by: tuple[float, float] | None = None, **animation: Any
    ):
        self.lens, self.zooms = lens, (start, end)
        self.nudges = by or (1 / start, 1 / end)
        super().__init__(lens, **{"run_time": 1.8, "rate_func": smooth, **animation})

    def create_starting_mobject(self) -> Mobject:
        """No copy is needed: the lens knows how it looks at every zoom."""
        return Mobject()

    def interpolate(self, alpha: float) -> None:
        """Zoom and nudge change by a constant factor in a given time."""
        t = self.rate_func(min(1.0, max(0.0, alpha)))
        zoom, by = (a ** (1 - t) * b**t for a, b in (self.zooms, self.nudges))
        self.lens.at(zoom, by, frame=self.zooms[1])


def _fit(rectangle: Rectangle, box: np.ndarray) -> None:
    left, bottom, right, top = box
    rectangle.set_points_as_corners(
        [[left, top, 0], [right, top, 0], [right, bottom, 0], [left, bottom, 0], [left, top, 0]]
    )


def _put(line: Line, start: np.ndarray, end: np.ndarray) -> None:
    if np.linalg.norm(end - start) < 1e-4:
        end = start + 1e-4 * RIGHT
    line.put_start_and_end_on(start, end)


def _within(points: np.ndarray, anchor: np.ndarray, box: np.ndarray) -> np.ndarray:
    """The piece of a path around the point that lies in the box, cut at its border."""
    middle = int(np.argmin(np.abs(points[:, 0] - anchor[0])))
    inside = (points[:, 1] >= box[1] - 1e-9) & (points[:, 1] <= box[3] + 1e-9)
    kept = [points[middle]]
    for step, stop in ((-1, -1), (1, len(points))):
        side = []
        for place in range(middle + step, stop, step):
            if not inside[place]:
                side.append(clipped(points[place - step], points[place], box)[1])
                break
            side.append(points[place])
        kept = [*side[::-1], *kept] if step < 0 else [*kept, *side]
    return np.array(kept)


def shrink_to_nothing(secant: Secant, lens: Lens, zoom: float) -> list[Animation]:
    """The nudge that the lens shows at this enlargement shrinks to nothing, and the chord with it."""
    return [
        FadeOut(secant.run, secant.rise, secant.chord, secant.ring),
        Enlarge(lens, zoom, zoom, by=(1 / zoom, 1e-4 / zoom)),
    ]
