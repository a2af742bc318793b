"""`LayerBars`: a size for each layer of a network, as bars on a logarithmic axis; a 0 has no bar, and says so.

In a scene::

    bars = LayerBars([4e-5, 3e-3, 0.02, 0.4], span=(1e-6, 1.0))
    self.play(FadeIn(bars.frame))
    self.play(LaggedStart(*(GrowFromEdge(bar, DOWN) for bar in reversed(bars.bars)), lag_ratio=0.3))
"""

from __future__ import annotations

from collections.abc import Sequence

from manim import DOWN, LEFT, RIGHT, Line, Rectangle, VGroup

from backprop_math import Number

from .axis import Axis
from .formula import Formula, Prose
from .spans import decades
from .theme import theme

__all__ = ["LayerBars"]

_THICKEST = 0.8
_SIDE_BY_SIDE = 0.42  # of a layer's room, for each of two bars
_MOST_NAMES = 12


class LayerBars(VGroup):
    """The ``sizes`` of layers 1, 2, … from left to right, each at least 0; of several series, side by side.

    ``frame`` is the axis with the layers' numbers and the ``names`` of the series, ``bars`` are the rectangles of the
    first series, ``series`` those of all, each of its colour. ``span`` are the ends of the axis, powers of ten that
    hold all sizes unless said.
    """

    def __init__(
        self,
        *sizes: Sequence[float],
        width: float = 9.0,
        height: float = 3.4,
        span: tuple[float, float] | None = None,
        colors: Sequence[str] = (),
        names: Sequence[str] = (),
    ) -> None:
        count = len(sizes[0])
        given = (*colors, theme.highlight, theme.ink)
        self.axis = Axis(
            span or decades(*(size for row in sizes for size in row)), logarithmic=True, vertical=True, length=height
        )
        self.axis.shift(-self.axis.line.get_start())
        room = width / count
        base = Line([0, 0, 0], [width, 0, 0], stroke_width=2.5, color=theme.line)
        numbers = VGroup()
        every = -(-count // _MOST_NAMES)
        for layer in range(1, count + 1):
            if layer == 1 or layer == count or (layer % every == 0 and count - layer >= every / 2):
                label = Formula(Number(layer, 0), font_size=26, color=theme.secondary)
                numbers.add(label.move_to([(layer - 0.5) * room, -0.3, 0]))
        word = Prose("layer", font_size=24, color=theme.secondary).move_to([width + 0.2, -0.3, 0], aligned_edge=LEFT)
        self.frame = VGroup(self.axis, base, numbers, word)
        key = VGroup(*(Prose(name, font_size=26, color=color) for name, color in zip(names, given, strict=False)))
        if names:
            self.frame.add(key.arrange(RIGHT, 0.6).move_to([width / 2, height + 0.3, 0]))
        share = 1.0 if len(sizes) == 1 else _SIDE_BY_SIDE * 2 / len(sizes)
        thick = min(_THICKEST, 0.72 * room) * share
        self.series = VGroup()
        for place, (row, color) in enumerate(zip(sizes, given, strict=False)):
            shift = (place - (len(sizes) - 1) / 2) * thick * 1.1
            self.series.add(
                VGroup(*(self._bar(size, (i + 0.5) * room + shift, thick, color) for i, size in enumerate(row)))
            )
        self.bars = self.series[0]
        super().__init__(self.frame, self.series)
        self.center()

    def _bar(self, size: float, x: float, thick: float, color: str) -> VGroup | Rectangle:
        if size <= 0:
            return Formula(Number(0.0, 0), font_size=26, color=color).move_to([x, 0.2, 0])
        height = max(float(self.axis.point(size)[1]), 0.02)
        bar = Rectangle(width=thick, height=height, stroke_width=0, fill_color=color, fill_opacity=0.85)
        return bar.move_to([x, 0, 0], aligned_edge=DOWN)
