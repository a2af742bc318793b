"""`NetworkDiagram`: a network as it is drawn in the film, every stroke from its real numbers.

In a scene::

    diagram = NetworkDiagram(example.network)
    self.play(FadeIn(diagram))
    self.play(ChangeQuantity(example, Activation(0, 0), 0.2, 0.9, [diagram]))      # or, at once: diagram.show(trace)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
from manim import (
    RIGHT,
    UP,
    Animation,
    AnimationGroup,
    Circle,
    DashedLine,
    Dot,
    FadeIn,
    Line,
    ManimColor,
    ShowPassingFlash,
    VGroup,
    interpolate_color,
)

from backprop_math import Activation, Trace, Weight
from backprop_math.network import Structure
from backprop_math.quantities import Index

from .arguments import expected
from .readout import Readout
from .theme import POINTS, contrast, theme

__all__ = ["NetworkDiagram", "Neuron"]


class Neuron(VGroup):
    """A circle whose fill is the activation, with the number inside once it has been shown."""

    def __init__(self, quantity: Activation, *, radius: float = 0.36, scale: float = 1.0, decimals: int = 2) -> None:
        self.quantity, self._scale, self._decimals = quantity, scale, decimals
        self.circle = Circle(radius, stroke_color=theme.secondary, stroke_width=2.5)
        self.circle.set_fill(theme.surface, 1)
        self.number: Readout | None = None
        super().__init__(self.circle)

    def show(self, trace: Trace) -> Self:
        """Fill and number from the activation's value in ``trace``."""
        value = trace.value(self.quantity)
        fill = interpolate_color(
            ManimColor(theme.surface), ManimColor(theme.ink), 0.8 * min(1.0, abs(value) / self._scale)
        )
        self.circle.set_fill(fill, 1)
        if self.number is None:
            self.number = Readout(
                value, self.quantity, decimals=self._decimals, font_size=0.42 * self.circle.width * POINTS
            )
            self.number.fit(0.8 * self.circle.width).move_to(self.circle)
            self.add(self.number)
        places = len(self.number.number.shown)
        self.number.set_value(value)
        if len(self.number.number.shown) != places:  # a minus more, say
            self.number.fit(0.8 * self.circle.width).move_to(self.circle)
        # Pure white and black: with less, a number on a middle grey would miss a contrast of 4.5 : 1.
        self.number.set_fill(max(("#FFFFFF", "#000000"), key=lambda ink: contrast(ink, fill.to_hex())), 1)
        return self

    def reveal(self, trace: Trace) -> list[Animation]:
        """Animations that fill the neuron and bring its number."""
        before = self.circle.get_fill_color()
        self.show(trace)
        after, number = self.circle.get_fill_color(), self.number
        assert number is not None
        self.circle.set_fill(before, 1)
        return [self.circle.animate.set_fill(after, 1), FadeIn(number, scale=0.7)]


class NetworkDiagram(VGroup):
    """Layers of neurons from left to right, joined by edges: width for a weight's size, dashes for a minus.

    ``neuron(layer, j)``, ``edge(layer, j, k)``, ``layer(l)`` and ``edges(l)`` find the parts by the
    numbers that the quantities have. A layer of more than ``most`` neurons shows its first and last ones
    around an ellipsis; layers before ``first`` are three dots; what is not drawn has no mobject (`KeyError`).
    """

    def __init__(
        self,
        network: Structure,
        *,
        width: float = 8.0,
        height: float = 4.0,
        radius: float = 0.36,
        most: int = 6,
        decimals: int = 2,
        first: int = 0,
    ) -> None:
        super().__init__()
        expected("NetworkDiagram", network, Structure, "a network")
        self.network = network
        self._neurons: dict[tuple[int, int], Neuron] = {}
        self._edges: dict[tuple[int, int, int], Line | DashedLine] = {}
        self.ellipses = VGroup()
        sizes = network.layers[first:]
        gap = min(height / max(1, *(min(n, most) - 1 for n in sizes)), 3.2 * radius)
        places = zip(sizes, np.linspace(-width / 2, width / 2, len(sizes)), strict=True)
        for layer, (size, x) in enumerate(places, first):
            rows = _rows(size, most)
            for row, j in enumerate(rows):
                point = np.array([x, ((len(rows) - 1) / 2 - row) * gap, 0.0])
                if j is None:
                    self.ellipses.add(*(Dot(point + UP * d, 0.035, color=theme.secondary) for d in (-0.14, 0, 0.14)))
                else:
                    neuron = Neuron(Activation(layer, j), radius=radius, decimals=decimals)
                    self._neurons[layer, j] = neuron.move_to(point)
        if first:
            before = np.array([-width / 2 - radius - 0.3, 0.0, 0.0])
            self.ellipses.add(*(Dot(before + RIGHT * d, 0.035, color=theme.secondary) for d in (-0.28, -0.14, 0)))
        largest = {layer: float(np.abs(network.W[layer]).max()) or 1.0 for layer in range(1, len(network.layers))}
        for layer in range(first + 1, len(network.layers)):
            for (a, j), target in self._neurons.items():
                for (b, k), source in self._neurons.items():
                    if a == layer == b + 1:
                        weight = network.value(Weight(layer, j, k))
                        self._edges[layer, j, k] = _edge(source, target, weight, largest[layer])
        self.add(*self._edges.values(), self.ellipses, *self._neurons.values())

    def neuron(self, layer: Index, j: Index) -> Neuron:
        """The neuron of ``Activation(layer, j)``."""
        return self._neurons[layer, j]  # type: ignore[index]

    def edge(self, layer: Index, j: Index, k: Index) -> Line | DashedLine:
        """The edge of ``Weight(layer, j, k)``."""
        return self._edges[layer, j, k]  # type: ignore[index]

    def layer(self, layer: int) -> VGroup:
        """All neurons drawn of a layer, from the top."""
        return VGroup(*(neuron for (at, _), neuron in self._neurons.items() if at == layer))

    def edges(self, layer: int, source: Index | None = None) -> VGroup:
        """All edges drawn into a layer, or those that come from one neuron of the layer before."""
        return VGroup(*(edge for (at, _, k), edge in self._edges.items() if at == layer and source in (None, k)))

    @property
    def weights(self) -> list[Weight]:
        """The weights whose edges are drawn, layer by layer."""
        return [Weight(*index) for index in self._edges]

    def draws(self, quantity: Weight | Activation) -> bool:
        """Whether a weight's edge, or an activation's neuron, is drawn."""
        if isinstance(quantity, Activation):
            return (quantity.layer, quantity.j) in self._neurons
        return (quantity.layer, quantity.j, quantity.k) in self._edges

    def show(self, trace: Trace, layers: range | None = None) -> Self:
        """Fill the neurons (of some layers) with their activations in ``trace``."""
        for (layer, _), neuron in self._neurons.items():
            if layers is None or layer in layers:
                neuron.show(trace)
        return self

    def reveal(self, layer: int, trace: Trace) -> list[Animation]:
        """Animations that fill a layer's neurons and bring their numbers."""
        return [animation for neuron in self.layer(layer) for animation in neuron.reveal(trace)]

    def edges_by(self, values: Mapping[Weight, float], *, color: str) -> dict[Weight, Line | DashedLine]:
        """The drawn edges once more, for other numbers than the weights (their derivatives, say), on one scale."""
        largest = max(map(abs, values.values())) or 1.0
        ends = {(at, j, k): (self._neurons[at - 1, k], self._neurons[at, j]) for at, j, k in self._edges}
        return {Weight(*index): _edge(*both, values[Weight(*index)], largest, color) for index, both in ends.items()}

    def pulse(self, layer: int, *, backward: bool = False, source: int | None = None) -> AnimationGroup:
        """A light that runs along the edges into a layer: forward, or from there back.

        With ``source``, only along the edges from that neuron of the layer before.
        """
        flashes = []
        for (at, _, k), edge in self._edges.items():
            if at == layer and source in (None, k):
                start, end = edge.get_start(), edge.get_end()
                light = Line(*((end, start) if backward else (start, end)), stroke_width=4)
                light.set_color(theme.highlight if backward or source is not None else theme.ink)
                flashes.append(ShowPassingFlash(light, time_width=0.6))
        return AnimationGroup(*flashes)


def _rows(size: int, most: int) -> list[int | None]:
    """The neurons drawn, from the top; ``None`` is the ellipsis."""
    if size <= most:
        return list(range(size))
    head = most // 2
    return [*range(head), None, *range(size - (most - head - 1), size)]


def _edge(source: Neuron, target: Neuron, weight: float, largest: float, color: str | None = None) -> Line | DashedLine:
    a, b = source.get_center(), target.get_center()
    along = (b - a) / np.linalg.norm(b - a)
    start, end = a + along * source.circle.width / 2, b - along * target.circle.width / 2
    # Wide enough to be seen, and mixed with the background so that the neurons stay in front.
    mixed = interpolate_color(ManimColor(theme.background), ManimColor(theme.roles[Weight]), 0.5)
    style = {"stroke_width": 1.5 + 5.0 * abs(weight) / largest, "stroke_color": color or mixed}
    if weight < 0:
        return DashedLine(start, end, dash_length=0.12, dashed_ratio=0.55, **style)
    return Line(start, end, **style)
