"""`WaysNetwork`: the ways from one weight of the first layer to the cost, and what is counted of them under the layers.

In a scene::

    ways = WaysNetwork(trace, notation, y=1.0)
    self.add(ways)
    self.play(*ways.reach(1))
    self.play(Create(ways.path([0, 1])))
    self.play(*ways.walk_back(2))
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, islice, pairwise

import numpy as np
from manim import (
    DOWN,
    RIGHT,
    UP,
    Animation,
    Dot,
    FadeIn,
    LaggedStart,
    Line,
    Mobject,
    MoveToTarget,
    ShowPassingFlash,
    VGroup,
)

from backprop_math import BackwardPass, Expression, Network, Notation, Relation, Symbol, Weight

from ..kit.extents import apart
from ..kit.formula import Formula, Nothing
from ..kit.network_diagram import NetworkDiagram
from ..kit.open_path import OpenPath
from ..kit.paths import CostNode
from ..kit.texts import Prose
from ..kit.theme import theme
from .path_counts import PathCounts, how_many

__all__ = ["WaysNetwork"]

_LEFT, _RIGHT = -6.1, 3.05
_AIR = 0.12
_FAINT, _LIT = 1.2, 1.8


class WaysNetwork(VGroup):
    """The network's ``diagram``, its ``cost`` and the ``weight`` that it is about, all lines alike.

    ``counts`` are the exact numbers of its paths and lines, ``arriving`` and ``walked`` the rows under the layers and
    under the lines as far as they have room, ``total`` and ``carried`` the sums at the right. `reach` lights the ways
    into a layer, `walk_back` those behind one, in violet.
    """

    def __init__(
        self,
        trace: BackwardPass,
        notation: Notation,
        *,
        y: float,
        height: float = 1.35,
        radius: float = 0.12,
        most: int = 4,
        rows: float | None = None,
    ) -> None:
        self.counts = counts = PathCounts(trace)
        sizes = trace.network.layers
        self.last = trace.network.L
        gap = height / (most - 1)
        alike = _alike(sizes, most)
        width, middle = _RIGHT - _LEFT, (_LEFT + _RIGHT) / 2
        self.diagram = NetworkDiagram(alike, width=width, height=height, radius=radius, v_buff=gap, most=most)
        self.diagram.shift([middle, y, 0])
        for layer in self.diagram.layers[1:]:
            self.diagram.edges(layer).set_stroke(theme.arrow, _FAINT, 0.8)
        self.cost = CostNode(trace, notation, self.diagram, font_size=44, buff=0.7)
        for j in self._drawn(self.last):
            self.cost.edge(j).set_stroke(theme.arrow, _FAINT, 0.8)
        self.edge = self.diagram.edge(1, 0, 0)
        self.edge.set_stroke(theme.role(Weight), 4, 1)
        self.weight = Formula(Symbol("w", quantity=Weight(1, 0, 0)), font_size=36).next_to(self.edge, UP, buff=0.12)
        others = [edge for edge in self.diagram.edges(1) if edge is not self.edge]
        others += [edge for edge in self._edges(2) if edge not in self._ways(2)]
        VGroup(*others).set_stroke(opacity=0.25)
        low = self.diagram.get_bottom()[1] - 0.42 if rows is None else rows
        self.arriving, self.times = self._arriving(low)
        self.walked = self._walked(low)
        self._y = y
        self.total = self.tally(counts.paths)
        one = "line, walked once" if sum(counts.lines) == 1 else "lines, once each"
        self.carried = self._total(how_many(sum(counts.lines)), one, theme.highlight, y)
        super().__init__(self.diagram, self.cost, self.weight)

    # -- what is drawn ----------------------------------------------------------------------------------

    def _drawn(self, layer: int) -> list[int]:
        return [int(neuron.quantity.j) for neuron in self.diagram.layer(layer)]

    def _edges(self, layer: int) -> list[Mobject]:
        """The lines into a layer; those to the cost are one layer more."""
        if layer > self.last:
            return [self.cost.edge(j) for j in self._drawn(self.last)]
        return list(self.diagram.edges(layer))

    def _ways(self, layer: int) -> list[Mobject]:
        """Those of them that a path takes."""
        if layer == 1:
            return [self.edge]
        if layer == 2 or self.last == 1:
            return list(self.diagram.edges(2, source=0)) if self.last > 1 else [self.cost.edge(0)]
        return self._edges(layer)

    def _place(self, layer: int, part: float = 0.0) -> float:
        """Where a layer is, or a point on the way to the next one, or to the cost."""
        here = float(self.diagram.layer(layer).get_x())
        end = self.cost.symbol.get_x() if layer == self.last else float(self.diagram.layer(layer + 1).get_x())
        return here + part * (end - here)

    # -- what is counted --------------------------------------------------------------------------------

    def _arriving(self, y: float) -> tuple[dict[int, Formula], dict[int, Formula]]:
        """Under each layer how many paths arrive, and before it what makes them more; as far as there is room."""
        found: dict[int, Formula] = {}
        for layer in range(self.last, 0, -1):
            number = Formula(how_many(self.counts.arriving[layer - 1]), font_size=34)
            number.on_baseline(y).set_x(self._place(layer))
            if all(apart(number, other, _AIR) for other in found.values()):
                found[layer] = number
        times: dict[int, Formula] = {}
        for layer in range(2, self.last + 1):
            words = Relation((Nothing(), how_many(self.counts.sizes[layer])), ("×",))
            factor = Formula(words, font_size=25, color=theme.secondary).on_baseline(y)
            factor.set_x((self._place(layer) + self._place(layer - 1)) / 2)
            if layer in found and layer - 1 in found and all(apart(factor, other, 0.2) for other in found.values()):
                times[layer] = factor
        return found, times

    def _walked(self, y: float) -> dict[int, VGroup]:
        """Under the lines behind each layer how many they are, with a plus before all but the first."""
        found: dict[int, VGroup] = {}
        for layer in range(self.last, 0, -1):
            number = Formula(how_many(self.counts.lines[layer - 1]), font_size=32, color=theme.highlight, plain=True)
            number.on_baseline(y).set_x(self._place(layer, 0.5))
            if all(apart(number, other[0], _AIR) for other in found.values()):
                found[layer] = VGroup(number)
        for layer, group in found.items():
            if layer + 1 in found:
                plus = Prose("+", font_size=26, color=theme.secondary).on_baseline(y)
                plus.set_x((group.get_right()[0] + found[layer + 1][0].get_left()[0]) / 2)
                if plus.get_left()[0] - group.get_right()[0] > 0.05:
                    group.add(plus)
        return found

    def tally(self, paths: int) -> VGroup:
        """So many paths, in the place of the ``total``."""
        return self._total(how_many(paths), "path" if paths == 1 else "paths", theme.ink, self._y)

    def _total(self, many: Expression, what: str, color: str, y: float) -> VGroup:
        number = Formula(many, font_size=66, color=color, plain=True)
        room = theme.safe.right - self.cost.symbol.get_right()[0] - 0.25
        words = Prose(what, font_size=26, color=theme.secondary).fit(room)
        number.scale(min(1.0, room / number.width))
        for text, down in ((number, 0.03), (words, 0.4)):
            text.move_to([theme.safe.right - 0.02, y, 0], aligned_edge=RIGHT).on_baseline(y - down)
        return VGroup(number, words)

    @property
    def texts(self) -> list[Mobject]:
        """What is counted of its paths."""
        return [*self.arriving.values(), *self.times.values(), self.total]

    # -- moves ------------------------------------------------------------------------------------------

    def some_paths(self, most: int) -> Iterator[list[int]]:
        """So many of the drawn paths, each as the neurons that it takes from layer 1 on, neighbours being different."""
        turns = [self._drawn(layer) for layer in range(2, self.last + 1)]
        every = math.prod(map(len, turns))
        # So long steps that neighbours differ in all layers, and none comes twice.
        step = next(step for step in count(max(1, round(0.618 * every))) if math.gcd(step, every) == 1)
        for number in range(min(every, most)):
            place, neurons = number * step % every if every > most else number, []
            for turn in reversed(turns):
                place, at = divmod(place, len(turn))
                neurons.append(turn[at])
            yield [0, *reversed(neurons)]

    def with_one_tail(self, most: int = 8) -> tuple[list[int], list[int]]:
        """Two of `some_paths` that are one from the layer before the last but one on."""
        one, other = islice(self.some_paths(most), 2, 4)
        return one, [*other[: self.last - 3], *one[self.last - 3 :]]

    def path(self, neurons: Sequence[int], *, first: int = 1, color: str | None = None) -> VGroup:
        """A bright line over the neurons of a path, from layer ``first`` on, to the cost."""
        at = enumerate(neurons[first - 1 :], first)
        centres = [self.diagram.neuron(layer, j).get_center() for layer, j in at]
        end = self.cost.edge(neurons[-1]).get_end()
        line = OpenPath([*centres, end], stroke_color=color or theme.ink, stroke_width=4)
        radius = self.diagram.neuron(1, 0).circle.width / 2
        return VGroup(line, *(Dot(centre, radius, color=color or theme.ink) for centre in centres))

    def reach(self, layer: int) -> list[Animation]:
        """The ways into a layer light up, and how many paths arrive there is counted."""
        ways = VGroup(*(self._ways(layer) if layer > 1 else []))
        texts = [found[layer] for found in (self.times, self.arriving) if layer in found]
        lit = [ways.animate.set_stroke(theme.ink, _LIT, 0.75)] if len(ways) else []
        return [*lit, *self._filled(layer, theme.ink), *(FadeIn(text, shift=0.1 * DOWN) for text in texts)]

    def lines_out(self, layer: int, j: int) -> list[Animation]:
        """The lines out of a neuron, each with a light of its own that comes back to it."""
        return [_flash([way], theme.highlight) for way in self.diagram.edges(layer + 1, source=j)]

    def walk_back(self, layer: int) -> list[Animation]:
        """The lines behind a layer are walked, and its neurons get their numbers, which stay."""
        ways = VGroup(*self._ways(layer + 1))
        lit = ways.animate.set_stroke(theme.highlight, _LIT, 0.9)
        return [_flash(ways, theme.highlight), lit, *self._filled(layer, theme.highlight)]

    def become_as(self, other: WaysNetwork) -> list[Animation]:
        """It goes where another one of its trace is, as large as that; what is lit stays lit."""
        self.generate_target()
        for part, there in zip(self.target.get_family(), other.get_family(), strict=True):
            part.points = there.points.copy()
        places = zip(self.texts, other.texts, strict=True)
        return [MoveToTarget(self), *(text.animate.move_to(there) for text, there in places)]

    def every_line(self) -> list[Animation]:
        """All other lines of the network are walked, too."""
        first = [way for layer in (1, 2)[: self.last] for way in self._edges(layer)]
        rest = VGroup(self.edge, *(way for way in first if way not in self._ways(1) + self._ways(2)))
        circles = VGroup(*(self.diagram.neuron(1, j).circle for j in self._drawn(1)))
        lit = rest.animate.set_stroke(theme.highlight, _LIT, 0.9)
        return [lit, circles.animate.set_fill(theme.highlight, 1)]

    def light(self, seconds: float) -> LaggedStart:
        """A light that runs back over all lines, from the cost."""
        sweeps = (_flash(self._edges(layer), theme.ink) for layer in range(self.last + 1, 0, -1))
        return LaggedStart(*sweeps, lag_ratio=0.45, run_time=seconds)

    def _filled(self, layer: int, color: str) -> list[Animation]:
        """The neurons that ways lead through are filled; behind the last layer there are none."""
        places = [0] if layer == 1 else self._drawn(layer) if layer <= self.last else []
        circles = VGroup(*(self.diagram.neuron(layer, j).circle for j in places))
        return [circles.animate.set_fill(color, 1)] if len(circles) else []


def _flash(ways: Iterable[Mobject], color: str) -> ShowPassingFlash:
    """A light that runs back along all these lines at once."""
    lights = VGroup(*(Line(way.get_end(), way.get_start(), color=color, stroke_width=4) for way in ways))
    return ShowPassingFlash(lights, time_width=0.6)


def _alike(sizes: Sequence[int], most: int) -> Network:
    """A network of this shape, as far as it is drawn, whose weights are all alike."""
    shape = [min(size, most + 1) for size in sizes]
    pairs = list(pairwise(shape))
    return Network.from_arrays([np.ones((out, into)) for into, out in pairs], [np.zeros(out) for _, out in pairs])
