"""`SensitivityLights`: a network whose lines and rings are as strong as the cost's derivatives, layer by layer back.

In a scene::

    lights = SensitivityLights(diagram, cost, trace)
    self.add(diagram, cost)
    self.play(*lights.show(2))
"""

from __future__ import annotations

import math
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
    Notation,
    Number,
    Product,
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
_LEGEND, _LINE = -2.65, -2.52  # what stands below all: the legend, or numbers
_CLEAR = 0.02  # between a disc and a ring of dashes around it
_BAND, _THIN = 0.2, 0.02  # how wide the widest way is, and the least
_ON_WAY, _PLACES = 26, (0.5, 0.58, 0.42, 0.66, 0.34)  # a number on its way: its size, and where
_SHORT = 0.12  # a wide line's corners would reach into a circle


class SensitivityLights:
    """The edges once more, as wide as the derivatives in ``trace`` are large, in the colour of their signs.

    Where the cost falls as the weight rises they are violet and dashed, where it rises red. ``several`` are ways
    from a neuron next to the last layer, ``meeting``, as parts; what comes along the first of them is the ``product``.
    ``legend`` says what the colours say.
    """

    def __init__(self, diagram: NetworkDiagram, cost: CostNode, trace: BackwardPass) -> None:
        self.diagram, self.cost, self.trace = diagram, cost, trace
        self._last = L = trace.network.L
        self._mixed = Notation(trace.network).functions.mixed is not None
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
        self.legend.arrange(RIGHT, buff=0.9).set_y(_LEGEND)
        self.product = self._below(self._relations[0])

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

    def back(self) -> list[list[Ripple]]:
        """Bands along each way from the cost back, as wide as its factors' product is large, in its sign's colour.

        Those of the first way, of which no sign is known before all is multiplied, get it from `multiplied`.
        """
        products = [math.prod(self._factors(j)) for j in range(len(self.several))]
        largest = max(map(abs, products)) or 1.0
        ways: list[list[Ripple]] = []
        for path, product in zip(self.several, products, strict=True):
            edges = [part for part in path if not isinstance(part, Neuron | Formula)]
            lines = [Line(edge.get_end(), edge.get_start()) for edge in reversed(edges)]
            width = max(_THIN, _BAND * abs(product) / largest)
            color = _colour(product) if ways else theme.ink
            bands = [Ripple(line, width=width, color=color, opacity=0.9, chevrons=product < 0) for line in lines]
            for band in bands[1:]:
                band.set_z_index(-1)  # below the neurons that it passes
            ways.append(bands)
        return ways

    def _factors(self, j: int) -> list[float]:
        """What is multiplied along a way, from the cost back."""
        a, z = Activation(self._last, j), WeightedSum(self._last, j)
        w = self.trace.value(Weight(self._last, j, self.meeting.j))
        if self._mixed:
            return [self.trace.derivative(z), w]
        return [self.trace.derivative(a), self.trace.graph.edge(a, z).value, w]

    def multiplied(self, bands: list[Ripple]) -> list[list[Animation]]:
        """The first way's bands run, each factor comes with what it belongs to; then their product, and its sign."""
        first, *others = bands
        moves: list[list[Animation]] = [[first.run(0.8)], *([band.run(0.8)] for band in others)]
        sign = [band.animate.set_fill(_colour(math.prod(self._factors(0)))) for band in bands]
        if self.product is None:
            return [*moves, sign]
        if not self._mixed:
            moves.insert(1, [self.diagram.neuron(self._last, 0).glow()])
        glyphs = list(self.product.side(0))
        # A dot, and a bracket, come with the factor that they stand before.
        cuts = [0, *(glyphs.index(self.product.term(f"factor {i}")[0]) for i in range(1, len(moves))), len(glyphs)]
        for i, factor in enumerate(self._factors(0)[1:], 1):
            cuts[i] -= 2 if factor < 0 else 1
        for move, start, end in zip(moves, cuts, cuts[1:], strict=False):
            move.append(FadeIn(VGroup(*glyphs[start:end]), shift=0.1 * UP))
        return [*moves, [*sign, FadeIn(VGroup(*self.product.sign(0), *self.product.side(-1)), shift=0.1 * UP)]]

    def met(self) -> list[list[Animation]]:
        """What comes along each of several ways, lit, on its way; the sum, pinned on the neuron where they meet.

        The sum is left out where it has no room, or where there are more ways than drawn.
        """
        neuron = self.diagram.neuron(self.meeting.layer, self.meeting.j)
        _, parts, total = self._relations
        pinned = PinnedNumber(total, neuron)
        lights = [Light([neuron], [], [neuron])]
        others = [n for layer in self.diagram.layers for n in self.diagram.layer(layer) if n is not neuron]
        beside = any(near(pinned, boundary(other), 0.05) for other in others)
        if pinned.get_top()[1] > theme.safe.top or beside:
            return [lights]
        moves: list[list[Animation]] = []
        ways = tuple(Term(f"way {j}", part) for j, part in enumerate(parts))
        if parts and (line := self._below(Relation((Sum(ways), total), ("≈",)))) is not None:
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

    def _below(self, relation: Relation) -> Formula | None:
        """Numbers below the network; `None` where they have no room."""
        line = Formula(relation, font_size=38).move_to([0, _LINE, 0])
        return line if line.width < theme.safe.width and line.get_top()[1] < self.diagram.get_bottom()[1] else None

    @cached_property
    def _relations(self) -> tuple[Relation, list[Number], Number]:
        """What the first way brings, as a product; what each brings, and the sum: in digits with which all is right."""
        L, q = self._last, self.meeting
        count = self.trace.network.layers[L]
        total = short_decimal(self.trace.derivative(q))
        parts = []
        if 1 < count <= _WAYS and all(self.diagram.draws(Weight(L, j, q.j)) for j in range(count)):
            # With no more decimals than the sum has, if none of them is 0 then.
            short = [short_decimal(math.prod(self._factors(j))) for j in range(count)]
            alike = [Number(one.value, min(one.decimals, total.decimals)) for one in short]
            parts = alike if all(one.shown_value() for one in alike) else short
        factors = [short_decimal(factor) for factor in self._factors(0)]
        first = parts[0] if parts else short_decimal(math.prod(self._factors(0)))
        sums = [Relation((Sum(tuple(parts)), total))] if parts else []
        product, *sums = agreeing([Relation((Product(tuple(factors)), first)), *sums])
        if sums:
            *parts, total = [node for node in sums[0].walk() if isinstance(node, Number)]
        *factors, first = [node for node in product.walk() if isinstance(node, Number)]
        terms = tuple(Term(f"factor {i}", factor) for i, factor in enumerate(factors))
        return Relation((Product(terms), first), product.signs), parts, total

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
