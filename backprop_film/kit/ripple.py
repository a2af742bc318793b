"""`Ripple`: a change on its way along some edges, as a band whose width is its size.

In a scene::

    self.play(FadeIn(diagram))
    ripple = Ripple(diagram.edge(2, 0, 1), width=0.3, color=theme.ink)
    self.play(ripple.run())
"""

from __future__ import annotations

import numpy as np
from manim import Animation, FadeIn, LaggedStart, Mobject, Polygon, UpdateFromAlphaFunc, VGroup

__all__ = ["Ripple"]

_NARROW, _TRIM = 0.1, 0.08
_TAPER, _BLUNT = 0.3, 0.6  # of its width: how long a solid band's ends are, and how wide; no arrow's


class Ripple(VGroup):
    """A band along an edge, ``width`` units wide; with ``chevrons`` it points along, for a change that lowers.

    A band too narrow for chevrons is solid; its ends are blunt, a little narrower, at what the edge joins.
    """

    def __init__(
        self, edge: Mobject, *, width: float, color: str, chevrons: bool = False, opacity: float = 0.75
    ) -> None:
        start, end = edge.get_start(), edge.get_end()
        along = (end - start) / np.linalg.norm(end - start)
        self.pointed = chevrons and width >= _NARROW
        if self.pointed:
            trim = max(_TRIM, 0.55 * width) * along
            super().__init__(*_chevrons(start + trim, end - trim, width))
        else:
            self._ends, self._width = (start, end), width
            super().__init__(Polygon(*_band(start, end, width)))
        self.set_fill(color, opacity).set_stroke(width=0)

    def run(self, seconds: float = 0.9) -> Animation:
        """It runs from its start to its end."""
        if self.pointed:
            return LaggedStart(*map(FadeIn, self), lag_ratio=0.5, run_time=seconds)
        start, end = self._ends

        def reach(band: Mobject, part: float) -> None:
            band.set_points_as_corners(_closed(_band(start, start + max(part, 1e-3) * (end - start), self._width)))

        return UpdateFromAlphaFunc(self[0], reach, run_time=seconds)


def _band(start: np.ndarray, end: np.ndarray, width: float) -> list[np.ndarray]:
    """The corners of a band from a point to another."""
    length = float(np.linalg.norm(end - start))
    along = (end - start) / length
    across = np.array([-along[1], along[0], 0.0]) * width / 2
    taper = min(_TAPER * width, length / 2) * along
    tip = _BLUNT * across
    return [start + tip, start + taper + across, end - taper + across, end + tip,
            end - tip, end - taper - across, start + taper - across, start - tip]  # fmt: skip


def _closed(corners: list[np.ndarray]) -> list[np.ndarray]:
    return [*corners, corners[0]]


def _chevrons(start: np.ndarray, end: np.ndarray, width: float) -> list[Polygon]:
    length = float(np.linalg.norm(end - start))
    along = (end - start) / length
    across = np.array([-along[1], along[0], 0.0]) * width / 2
    step, thick, point = 0.24, 0.15, 0.35 * width
    found = []
    for i in range(max(1, int((length - point) / step))):
        a = start + (i * step + 0.03) * along
        b = a + thick * along
        found.append(Polygon(a + across, b + across, b + point * along, b - across, a - across, a + point * along))
    return found
