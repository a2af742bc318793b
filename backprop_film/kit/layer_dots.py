"""`LayerDots`: a size for each layer of a network, as dots joined by a line on a logarithmic axis with its grid.

In a scene::

    dots = LayerDots([4e-5, 3e-3, 0.02, 0.4], span=(1e-6, 1.0))
    self.play(FadeIn(dots.frame))
    for layer in (4, 3, 2, 1):
        self.play(*dots.drop(layer))
    self.play(FadeIn(dots.guide(0.25)))
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np
from manim import DOWN, LEFT, Animation, Circle, Create, Dot, FadeIn, Line, Mobject, VGroup

from backprop_math import Number

from .axis import Axis
from .extents import near
from .formula import Formula
from .spans import decades
from .texts import Prose, TextMobject
from .theme import theme

__all__ = ["LayerDots"]

_RADIUS, _LINE = 0.075, 3.5
_MOST_NAMES = 12
_DOTTED = 0.13  # between the dots of a guide
_OFF = 0.06  # of a text to a line of the grid
_SAMPLES = np.linspace(0.0, 1.0, 25)  # of a line

Text = TypeVar("Text", bound=TextMobject)


class LayerDots(VGroup):
    """The ``sizes`` of layers 1, 2, … from left to right, each at least 0; of several series, each of its colour,
    and not all of them as long.

    ``frame`` is the axis with its grid, the layers' numbers and the axis' ``name``; `drop` brings a layer's dot and its
    line to the next one. A 0 is below every power of ten: it stands at the foot as a number, and no line leads there.
    A ``name`` stands above the axis.
    ``span`` are the ends of the axis, powers of ten that hold all sizes unless said. ``dots`` and ``lines`` have a row
    for each series; `x` and `y` say where a layer and a size stand, `clear` moves a text off the grid's lines, `free`
    to where nothing touches it.
    """

    def __init__(
        self,
        *sizes: Sequence[float],
        width: float = 9.4,
        height: float = 2.9,
        span: tuple[float, float] | None = None,
        colors: Sequence[str] = (),
        name: Mobject | None = None,
    ) -> None:
        self.sizes, self._width = sizes, width
        self._colors = (*colors, theme.highlight, theme.ink)
        self.axis = Axis(
            span or decades(*(size for row in sizes for size in row)),
            logarithmic=True, vertical=True, length=height, ticks=(), font_size=28,
        )  # fmt: skip
        self.axis.shift(-self.axis.line.get_start())
        self.count = count = max(map(len, sizes))
        self.grid = VGroup(*(self._level(label.get_y()) for label in self.axis.labels))
        self.numbers = numbers = VGroup()
        every = -(-count // _MOST_NAMES)
        for layer in range(1, count + 1):
            if layer == 1 or layer == count or (layer % every == 0 and count - layer >= every / 2):
                label = Formula(Number(layer, 0), font_size=28, color=theme.secondary)
                numbers.add(label.move_to([self.x(layer), -0.3, 0]))
        word = Prose("layer", font_size=25, color=theme.secondary).move_to([width + 0.2, -0.3, 0], aligned_edge=LEFT)
        self.frame = VGroup(self.grid, self.axis, numbers, word)
        if name is not None:
            # Above the end of the axis, and left of what stands over it.
            self.frame.add(name.move_to([-0.75, height + 0.2, 0], aligned_edge=LEFT + DOWN))
        self.dots = VGroup(*(self._row(row, color) for row, color in zip(sizes, self._colors, strict=False)))
        self.lines = VGroup(*(self._joined(row, color) for row, color in zip(sizes, self._colors, strict=False)))
        super().__init__(self.frame, self.lines, self.dots)
        self.center()

    @property
    def _foot(self) -> tuple[float, float]:
        """Where the axis begins; the parts stand from there on, wherever they have been moved."""
        start = self.axis.line.get_start()
        return float(start[0]), float(start[1])

    def x(self, layer: float) -> float:
        """Where a layer stands; between the neurons before it and its own, if those stand at ``layer ± 0.5``."""
        return self._foot[0] + (layer - 0.5) * self._width / self.count

    def y(self, size: float) -> float:
        """How high a size is; at an end of the axis, what lies beyond it."""
        return float(self.axis.point(size)[1])

    def drop(self, layer: int, series: int = 0) -> list[Animation]:
        """A layer's dot comes from above, and its line to the next one."""
        lines = [line for line in self.lines[series] if line.layer == layer]
        return [FadeIn(self.dots[series][layer - 1], shift=0.5 * DOWN), *map(Create, lines)]

    def guide(self, share: float, series: int = 0) -> VGroup:
        """A dotted line from the last layer's dot, ``share`` as large in each layer before, to the foot of the axis."""
        last, low = self.sizes[series][-1], self.axis.span[0]
        step = _DOTTED * self.count / self._width
        places = [self.count - i * step for i in range(int((self.count - 1) / step) + 1)]
        sizes = [last * share ** (self.count - place) for place in places]
        spots = [[self.x(at), self.y(size), 0.0] for at, size in zip(places, sizes, strict=True) if size >= low]
        dots = (Dot(spot, 0.02, color=theme.secondary) for spot in spots)
        zeros = [part for row in self.dots for part in row if isinstance(part, Formula)]
        return VGroup(*(dot for dot in dots if not any(near(zero, dot.get_center(), 0.1) for zero in zeros)))

    def guide_end(self, share: float, series: int = 0) -> Circle:
        """A hollow point where the guide comes to the first layer; at the foot, if it has left the axis before."""
        size = self.sizes[series][-1] * share ** (self.count - 1)
        return Circle(_RADIUS, color=theme.ink, stroke_width=2.5).move_to([self.x(1), self.y(size), 0])

    def free(self, text: Text, places: Iterable[np.ndarray], beside: VGroup) -> Text:
        """The text at the first of these places where no dot or line of the chart, nor of ``beside``, touches it.

        At the first of all within the safe area and above the layers' numbers, if it is touched everywhere.
        """
        points = [dot.get_center() for row in (*self.dots, beside) for dot in row]
        points += [line.point_from_proportion(part) for row in self.lines for line in row for part in _SAMPLES]
        tried = [self.clear(text.copy().move_to(place)) for place in places]
        foot = self.numbers.get_top()[1] + _OFF
        tried = [one for one in tried if _inside(one) and one.get_bottom()[1] > foot] or tried
        chosen = next((one for one in tried if not near(one, np.array(points), 0.12)), tried[0])
        return text.move_to(chosen)

    def clear(self, text: Text) -> Text:
        """The text, moved up or down so far that no line of the grid touches it."""
        for line in self.grid:
            y, low, high = line.get_y(), text.get_bottom()[1] - _OFF, text.get_top()[1] + _OFF
            if low < y < high:
                up, down = y - low, y - high
                text.shift([0, up if up < -down else down, 0])
        return text

    def _level(self, y: float) -> Line:
        return Line([0, y, 0], [self._width, y, 0], stroke_width=1.5, color=theme.line)

    def _row(self, row: Sequence[float], color: str) -> VGroup:
        dots = VGroup()
        for layer, size in enumerate(row, 1):
            if size > 0:
                dots.add(Dot([self.x(layer), self.y(size), 0], _RADIUS, color=color))
            else:
                dots.add(Formula(Number(0.0, 0), font_size=28, color=color).move_to([self.x(layer), 0.22, 0]))
        return dots

    def _joined(self, row: Sequence[float], color: str) -> VGroup:
        """The lines from each layer to the next one, drawn from that one as the light comes."""
        lines = VGroup()
        for layer, (size, following) in enumerate(pairwise(row), 1):
            if size > 0 and following > 0:
                ends = ([self.x(at), self.y(value), 0] for at, value in ((layer + 1, following), (layer, size)))
                line = Line(*ends, stroke_width=_LINE, color=color, stroke_opacity=0.8)
                line.layer = layer
                lines.add(line)
        return lines


def _inside(text: Mobject) -> bool:
    return bool(theme.safe.left < text.get_left()[0] and text.get_right()[0] < theme.safe.right)
