"""`Ripple`: a change on its way along some edges, as a band whose width is its size.

In a scene::

    self.play(FadeIn(diagram))
    ripple = Ripple(diagram.edge(2, 0, 1), width=0.3, color=theme.ink)
    self.play(ripple.run())
"""

from __future__ import annotations

import numpy as np
from manim import Animation, Create, FadeIn, LaggedStart, Line, Mobject, Polygon, VGroup

__all__ = ["Ripple"]

_NARROW, _TRIM = 0.1, 0.08


class Ripple(VGroup):
    """A band along an edge, ``width`` units wide; with ``chevrons`` it points along, for a change that lowers.

    A band too narrow for chevrons is solid.
    """

    def __init__(
        self, edge: Mobject, *, width: float, color: str, chevrons: bool = False, opacity: float = 0.75
    ) -> None:
        start, end = edge.get_start(), edge.get_end()
        trim = max(_TRIM, 0.55 * width) * (end - start) / np.linalg.norm(end - start)
        start, end = start + trim, end - trim
        self.pointed = chevrons and width >= _NARROW
        if self.pointed:
            super().__init__(*_chevrons(start, end, width))
            self.set_fill(color, opacity).set_stroke(width=0)
        else:
            super().__init__(Line(start, end, stroke_width=100 * width, color=color, stroke_opacity=opacity))

    def run(self, seconds: float = 0.9) -> Animation:
        """It runs from its start to its end."""
        if self.pointed:
            return LaggedStart(*map(FadeIn, self), lag_ratio=0.5, run_time=seconds)
        return Create(self[0], run_time=seconds)


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
