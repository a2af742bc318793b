"""`SensitivityLights`: a network whose lines and rings are as strong as the cost's derivatives, layer by layer back.

In a scene::

    lights = SensitivityLights(diagram, cost, trace)
    self.add(diagram, cost)
    self.play(*lights.show(2))
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    UP,
    Animation,
    Circle,
    DashedLine,
    DashedVMobject,
    FadeIn,
    FadeOut,
    Line,
    Mobject,
    VGroup,
    VMobject,
    there_and_back,
)

from backprop_math import (
    Activation,
    BackwardPass,
    Bias,
    Cost,
    Number,
    Quantity,
    Relation,
    Sum,
    Term,
    Weight,
    WeightedSum,
)
from backprop_math.formula import agreeing

from ..kit.extents import boundary, near
from ..kit.formula import Formula
from ..kit.motion import seen
from ..kit.network_diagram import NetworkDiagram
from ..kit.neuron import Neuron
from ..kit.paths import CostNode, EdgeLabel, Light, path_parts, travelling_light
from ..kit.pinned_number import PinnedNumber
from ..kit.ripple import Ripple
from ..kit.texts import Prose
from ..kit.theme import theme
from .path_figures import short_decimal

__all__ = ["SensitivityLights"]

_WIDE, _WAYS = 9.0, 3
_CLEAR = 0.02  # between a disc and a ring of dashes around it
_BAND, _THIN = 0.2, 0.03  # how wide a way is at the cost, and at least
_PART = 0.4  # so much of a product's powers of ten is seen in a band's width
_ON_WAY, _PLACES = 26, (0.5, 0.58, 0.42, 0.66, 0.34)  # a number on its way: its size, and where
_SHORT = 0.12  # a wide line's corners would reach into a circle


class SensitivityLights:
    """The edges once more, as wide as the derivatives in ``trace`` are large, in the colour of their signs.

    Where the cost falls as the weight rises they are violet and dashed, where it rises red. ``one`` is a way from a
    weight to the cost, ``several`` are ways from a neuron next to the last layer, ``meeting``, as parts. ``legend``
    says what the colours say.
    """

    def __init__(self, diagram: NetworkDiagram, cost: CostNode, trace: BackwardPass) -> None:
        self.diagram, self.cost, self.trace = diagram, cost, trace
        self._last = L = trace.network.L
        start = min((weight.layer for weight in diagram.weights), default=L)
        whole: list[Quantity] = [Weight(start, 0, 0)]
        for layer in range(int(start), L + 1):
            whole += [WeightedSum(layer, 0), Activation(layer, 0)]
        self.one: list[Mobject] = path_parts([*whole, Cost()], diagram, cost)
        outputs = [neuron.quantity.j for neuron in diagram.layer(L)]
        self.meeting = Activation(L - 1, 0)
        self._rings = VGroup()
        self.several: list[list[Mobject]] = [
            path_parts([self.meeting, WeightedSum(L, j), Activation(L, j), Cost()], diagram, cost)
            for j in outputs[:_WAYS]
        ]
        self.legend = VGroup()
        for sign, words in ((1, "cost rises"), (-1, "cost falls")):
            line = Line(0.45 * LEFT, 0.45 * RIGHT) if sign > 0 else DashedLine(0.45 * LEFT, 0.45 * RIGHT)
            line.set_stroke(_colour(sign), 6)
            text = Prose(words, font_size=theme.label_size).next_to(line, RIGHT, buff=0.2)
            self.legend.add(VGroup(line, text))
        self.legend.arrange(RIGHT, buff=0.9).set_y(-2.65)

    @cached_property
    def _edges(self) -> dict[Weight, Line]:
        """Drawn for the diagram as large as it is when the first of them is shown."""
        sizes: dict[Weight, float] = {q: self.trace.derivative(q) for q in self.diagram.weights}
        edges = self.diagram.edges_by(sizes, color=theme.highlight) if sizes else {}
        for weight, edge in edges.items():
            width = 1.5 * self.diagram[-1].circle.width * edge.get_stroke_width()
            edge.set_stroke(_colour(sizes[weight]), width).set_z_index(-1)  # below the neurons that it passes
            edge.scale(1 - _SHORT / float(np.linalg.norm(edge.get_end() - edge.get_start())))
        return edges

    def dim(self) -> list[Animation]:
        """All lines become faint, so that single ways are seen, and the rings say nothing of signs any more."""
        rings = [neuron.ring() for layer in self.diagram.layers[1:] for neuron in self.diagram.layer(layer)]
        faint = VGroup(*self._edges.values()).animate.set_stroke(opacity=0.15)
        return [faint, *rings, *(FadeOut(ring) for ring in self._rings)]

    def swell(self) -> tuple[list[Animation], list[Animation]]:
        """The lines become wider, and are as before; the rings likewise."""
        circles = (neuron.circle for layer in self.diagram.layers[1:] for neuron in self.diagram.layer(layer))
        groups = (self._edges.values(), (*circles, *self._rings))
        lines, rings = ([_swollen(one) for one in group] for group in groups)
        return lines, rings

    def back(self, path: list[Mobject]) -> list[Ripple]:
        """Bands along a way from the cost back, the factors' product thinner, or wider, from one to the next."""
        edges = [part for part in path if not isinstance(part, Neuron | Formula)]
        width, bands = _BAND, []
        weights = {id(self.diagram.edge(w.layer, w.j, w.k)): w for w in self.diagram.weights}
        for edge in reversed(edges):
            if (w := weights.get(id(edge))) is not None:
                slope = self.trace.graph.edge(Activation(w.layer, w.j), WeightedSum(w.layer, w.j)).value
                width *= abs(slope * self.trace.value(w)) ** _PART
            back = Line(edge.get_end(), edge.get_start())
            bands.append(Ripple(back, width=min(_BAND, max(_THIN, width)), color=theme.ink, opacity=0.9))
            bands[-1].set_z_index(-1)
        return bands

    def met(self) -> list[list[Animation]]:
        """What comes along each of several ways, lit, on its way; the sum, pinned on the neuron where they meet.

        The sum is left out where it has no room, or where there are more ways than drawn.
        """
        neuron = self.diagram.neuron(self.meeting.layer, self.meeting.j)
        parts, total = self._meeting_numbers()
        pinned = PinnedNumber(total, neuron)
        lights = [Light([neuron], [], [neuron])]
        others = [n for layer in self.diagram.layers for n in self.diagram.layer(layer) if n is not neuron]
        beside = any(near(pinned, boundary(other), 0.05) for other in others)
        if pinned.get_top()[1] > theme.safe.top or beside:
            return [lights]
        moves: list[list[Animation]] = []
        if parts and (line := self._sum(parts, total)) is not None:
            glyphs, start = list(line.side(0)), 0
            for j, (path, label) in enumerate(zip(self.several, self._on_the_ways(parts), strict=True)):
                end = 1 + max(glyphs.index(glyph) for glyph in line.term(f"way {j}"))
                comes = [FadeIn(part, shift=0.1 * UP) for part in seen(label, VGroup(*glyphs[start:end]))]
                moves += [[travelling_light(path, backward=True)], comes]
                start = end
            lights.append(FadeIn(VGroup(*line.sign(0), *line.side(-1)), shift=0.1 * UP))
        return [*moves, [*lights, FadeIn(pinned, scale=0.7)]]

    def _on_the_ways(self, parts: list[Number]) -> list[VGroup]:
        """Each number in a gap of its way; nothing where a neuron or another way is too near."""
        neurons = [neuron.circle for layer in self.diagram.layers for neuron in self.diagram.layer(layer)]
        edges = [self.diagram.edge(self._last, j, self.meeting.j) for j in range(len(parts))]
        labels: list[VGroup] = []
        for part, edge in zip(parts, edges, strict=True):
            ways = [np.linspace(other.get_start(), other.get_end(), 60) for other in edges if other is not edge]
            taken = np.concatenate([*ways, *(boundary(one) for one in [*neurons, *seen(*labels)])])
            tried = (EdgeLabel(part, edge, place=place, font_size=_ON_WAY) for place in _PLACES)
            labels.append(next((label for label in tried if not near(label, taken, 0.04)), VGroup()))
        return labels

    def _sum(self, parts: list[Number], total: Number) -> Formula | None:
        """The sum in numbers, below the outputs; `None` where it has no room."""
        ways = tuple(Term(f"way {j}", part) for j, part in enumerate(parts))
        line = Formula(Relation((Sum(ways), total), ("≈",)), font_size=38)
        lowest = self.diagram.layer(self._last)[-1]
        y = min(lowest.get_bottom()[1], self.cost.get_bottom()[1]) - 0.5
        line.move_to([theme.safe.right - 0.05, y, 0], aligned_edge=RIGHT)
        beside = line.get_left()[0] > self.diagram.layer(self._last - 1)[0].get_right()[0] + 0.3
        return line if beside and line.get_bottom()[1] > theme.formula_zone.bottom else None

    def _meeting_numbers(self) -> tuple[list[Number], Number]:
        """What each output adds to the derivative of the neuron where they meet, and the sum, in digits that add up."""
        L, q = self._last, self.meeting
        count = self.trace.network.layers[L]
        total = short_decimal(self.trace.derivative(q))
        if not 1 < count <= _WAYS or not all(self.diagram.draws(Weight(L, j, q.j)) for j in range(count)):
            return [], total
        ways = [self.trace.derivative(WeightedSum(L, j)) * self.trace.value(Weight(L, j, q.j)) for j in range(count)]
        # With no more decimals than the sum has, if none of them is 0 then.
        short = [short_decimal(way) for way in ways]
        alike = [Number(one.value, min(one.decimals, total.decimals)) for one in short]
        (line,) = agreeing([Relation((Sum(tuple(alike if all(one.shown_value() for one in alike) else short)), total))])
        *parts, total = [node for node in line.walk() if isinstance(node, Number)]
        return parts, total

    def show(self, layer: int) -> list[Animation]:
        """Light runs back through a layer; its edges and rings become as strong as the derivatives found there."""
        neurons: list[Neuron] = list(self.diagram.layer(layer))
        slopes = [self.trace.derivative(Bias(layer, neuron.quantity.j)) for neuron in neurons]
        most, wide = max(map(abs, slopes)) or 1.0, _WIDE * neurons[0].circle.width / 2
        widths = [2.5 + wide * abs(slope) / most for slope in slopes]
        rings: list[Animation] = []
        for neuron, slope, width in zip(neurons, slopes, widths, strict=True):
            if slope > 0:
                rings.append(neuron.ring(_colour(slope), width))
            else:
                self._rings.add(_dashed(neuron, width))
                rings += [neuron.ring(), FadeIn(self._rings[-1])]
        coming = VGroup(*(edge for weight, edge in self._edges.items() if weight.layer == layer))
        going = self.diagram.edges(layer)
        change = [FadeOut(going), FadeIn(coming)] if len(going) else []
        return [self.diagram.pulse(layer, backward=True), *change, *rings]


def _swollen(way: VMobject) -> Animation:
    wide: Animation = way.animate(rate_func=there_and_back).set_stroke(width=1.7 * way.get_stroke_width())
    return wide


def _dashed(neuron: Neuron, width: float) -> DashedVMobject:
    """A ring of dashes around a neuron, clear of its disc."""
    ring = Circle(neuron.circle.width / 2 + _CLEAR + width / 200, stroke_color=_colour(-1.0), stroke_width=width)
    return DashedVMobject(ring.move_to(neuron.circle), num_dashes=14, dashed_ratio=0.6)


def _colour(slope: float) -> str:
    """The colour of a derivative's sign."""
    return theme.role(Cost) if slope > 0 else theme.highlight
