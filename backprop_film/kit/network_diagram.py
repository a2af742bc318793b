"""`NetworkDiagram`: a network as it is drawn in the film, every stroke from its real numbers.

In a scene::

    diagram = NetworkDiagram(example.network)
    self.play(FadeIn(diagram))
    self.play(ChangeQuantity(example, Activation(0, 0), 0.2, 0.9, [diagram]))      # or, at once: diagram.show(trace)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Self

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    UP,
    Animation,
    AnimationGroup,
    DashedLine,
    Dot,
    Line,
    ManimColor,
    Mobject,
    ShowPassingFlash,
    VGroup,
    interpolate_color,
)

from backprop_math import Activation, Trace, Weight
from backprop_math.network import Structure
from backprop_math.quantities import Index

from .arguments import expected
from .fitted import fitted_prose
from .neuron import Neuron
from .texts import Prose
from .theme import theme

__all__ = ["NetworkDiagram", "rows_of"]

_BETWEEN, _APART = 0.08, 0.35  # the least distance of two neurons of a layer, and of two layers
_CLEAR = 0.022  # between the middle of a ring and an edge: the widest one would come near to a number


class NetworkDiagram(VGroup):
    """Layers of neurons from left to right, joined by edges: width for a weight's size, dashes for a minus.

    ``neuron(layer, j)``, ``edge(layer, j, k)``, ``layer(l)`` and ``edges(l)`` find the parts by the numbers that the
    quantities have. A layer of more than ``most`` neurons, or of more than have room, shows its first and last ones
    around an ellipsis; layers before ``first`` are three dots, and so are those in the middle where not all have room
    (``layers`` are the numbers of those drawn); what is not drawn has no mobject (`KeyError`). ``input_names`` stand
    before the inputs and ``output_names`` behind the outputs, each ``name_of(layer, j)`` at most ``name_width`` wide.
    ``places`` says which layers are drawn, and where from left to right, if not all of them evenly.
    The centres of a layer's neurons are at most ``v_buff`` apart, 3.2 radii if not said; in the layers of ``spread``
    as far as it says, where the height allows.
    """

    def __init__(
        self,
        network: Structure,
        *,
        width: float = 8.0,
        height: float = 4.0,
        radius: float = 0.36,
        v_buff: float | None = None,
        spread: Mapping[int, float] | None = None,
        most: int = 6,
        decimals: int = 2,
        first: int = 0,
        places: Mapping[int, float] | None = None,
        input_names: Sequence[str] = (),
        output_names: Sequence[str] = (),
        name_width: float = 2.4,
        font_size: float | None = None,
    ) -> None:
        super().__init__()
        expected("NetworkDiagram", network, Structure, "a network")
        self.network = network
        self._neurons: dict[tuple[int, int], Neuron] = {}
        self._edges: dict[tuple[int, int, int], Line | DashedLine] = {}
        self.ellipses = VGroup()
        most = max(3, min(most, int(height / (2 * radius + _BETWEEN)) + 1))
        columns = _columns(first, network.L, int(width / (2 * radius + _APART)) + 1)
        xs = np.linspace(-width / 2, width / 2, len(columns)).tolist()
        if places is not None:
            columns, xs = _placed(places)
        self.layers = [layer for layer in columns if layer is not None]
        sizes = [network.layers[layer] for layer in self.layers]
        gap = min(height / max(1, *(min(n, most) - 1 for n in sizes)), v_buff or 3.2 * radius)
        for layer, x in zip(columns, xs, strict=True):
            if layer is None:
                self.ellipses.add(*_dots(np.array([x, 0.0, 0.0]), RIGHT))
                continue
            # What a bounded function makes of anything is between 0.00 and 1.00.
            tiny = layer == 0 or not np.isfinite(network.activation[layer - 1].bounds).all()
            rows = rows_of(network.layers[layer], most)
            apart = min(height / max(1, len(rows) - 1), (spread or {}).get(layer, gap))
            for row, j in enumerate(rows):
                point = np.array([x, ((len(rows) - 1) / 2 - row) * apart, 0.0])
                if j is None:
                    self.ellipses.add(*_dots(point, UP))
                else:
                    neuron = Neuron(Activation(layer, j), radius=radius, decimals=decimals, tiny=tiny)
                    self._neurons[layer, j] = neuron.move_to(point)
        if first:
            self.ellipses.add(*_dots(np.array([-width / 2 - radius - 0.44, 0.0, 0.0]), RIGHT))
        for layer in self.layers:
            if layer - 1 in self.layers:
                largest = float(np.abs(network.W[layer]).max()) or 1.0
                for target in self.layer(layer):
                    for source in self.layer(layer - 1):
                        j, k = target.quantity.j, source.quantity.j
                        weight = network.value(Weight(layer, j, k))
                        self._edges[layer, j, k] = _edge(source, target, weight, largest)
        self._names = {
            (layer, neuron.quantity.j): self._name(neuron, texts[neuron.quantity.j], side, name_width, font_size)
            for layer, texts, side in ((0, input_names, LEFT), (network.L, output_names, RIGHT))
            for neuron in self.layer(layer)
            if texts
        }
        self.names = VGroup(*self._names.values())
        self.add(*self._edges.values(), self.ellipses, *self._names.values(), *self._neurons.values())

    @staticmethod
    def _name(neuron: Neuron, text: str, side: np.ndarray, width: float, font_size: float | None) -> Prose:
        name = fitted_prose(text, width=width, font_size=font_size or theme.label_size, color=theme.secondary)
        return name.next_to(neuron, side, buff=0.2)

    def name_of(self, layer: Index, j: Index) -> Prose:
        """What the input or the output is called. `KeyError` where it has no name."""
        return self._names[layer, j]  # type: ignore[index]

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

    @property
    def numbers(self) -> VGroup:
        """The numbers within the neurons, where they are shown."""
        return VGroup(*(neuron.number for neuron in self._neurons.values() if neuron.number is not None))

    @property
    def bare(self) -> VGroup:
        """The picture without its numbers and names."""
        circles = (neuron.circle for neuron in self._neurons.values())
        return VGroup(*self._edges.values(), self.ellipses, *circles)

    def draws(self, quantity: Weight | Activation) -> bool:
        """Whether a weight's edge, or an activation's neuron, is drawn."""
        if isinstance(quantity, Activation):
            return (quantity.layer, quantity.j) in self._neurons
        return (quantity.layer, quantity.j, quantity.k) in self._edges

    def shared(self, other: NetworkDiagram) -> list[tuple[Mobject, Mobject]]:
        """The edges and circles that another picture of the network has, too, each with its own here: for `Compose`."""
        edges = [w for w in self.weights if other.draws(w)]
        neurons = [neuron.quantity for neuron in self._neurons.values() if other.draws(neuron.quantity)]
        return [
            *((other.edge(w.layer, w.j, w.k), self.edge(w.layer, w.j, w.k)) for w in edges),
            *((other.neuron(q.layer, q.j).circle, self.neuron(q.layer, q.j).circle) for q in neurons),
        ]

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

        With ``source``, only along the edges from that neuron of the layer before. Where the layer or the one before it
        is not drawn, the light runs along the dots.
        """
        flashes = []
        if layer not in self.layers or layer - 1 not in self.layers:
            before = max((drawn for drawn in self.layers if drawn < layer), default=self.layers[0])
            after = min((drawn for drawn in self.layers if drawn >= layer), default=self.layers[-1])
            start, end = self.layer(before).get_right(), self.layer(after).get_left()
            light = Line(*((end, start) if backward else (start, end)), stroke_width=4)
            light.set_color(theme.highlight if backward else theme.ink)
            return AnimationGroup(ShowPassingFlash(light, time_width=0.6))
        for (at, _, k), edge in self._edges.items():
            if at == layer and source in (None, k):
                start, end = edge.get_start(), edge.get_end()
                light = Line(*((end, start) if backward else (start, end)), stroke_width=4)
                light.set_color(theme.highlight if backward or source is not None else theme.ink)
                flashes.append(ShowPassingFlash(light, time_width=0.6))
        return AnimationGroup(*flashes)


def _columns(first: int, last: int, room: int) -> list[int | None]:
    """The layers drawn, from the left; ``None`` are the dots for those that have no room."""
    layers = list(range(first, last + 1))
    if len(layers) <= max(room, 3):
        return list(layers)
    head = max(room, 3) // 2
    return [*layers[:head], None, *layers[-(max(room, 3) - head - 1) :]]


def _placed(places: Mapping[int, float]) -> tuple[list[int | None], list[float]]:
    """The layers drawn and where; ``None`` are the dots half-way between two that do not follow each other."""
    layers = sorted(places)
    columns: list[int | None] = list(layers[:1])
    xs = [places[layer] for layer in layers[:1]]
    for before, after in pairwise(layers):
        if after - before > 1:
            columns.append(None)
            xs.append((places[before] + places[after]) / 2)
        columns.append(after)
        xs.append(places[after])
    return columns, xs


def _dots(point: np.ndarray, along: np.ndarray) -> list[Dot]:
    return [Dot(point + d * along, 0.035, color=theme.secondary) for d in (-0.14, 0, 0.14)]


def rows_of(size: int, most: int) -> list[int | None]:
    """The neurons drawn, from the top; ``None`` is the ellipsis."""
    if size <= most:
        return list(range(size))
    head = most // 2
    return [*range(head), None, *range(size - (most - head - 1), size)]


def _edge(source: Neuron, target: Neuron, weight: float, largest: float, color: str | None = None) -> Line | DashedLine:
    a, b = source.get_center(), target.get_center()
    along = (b - a) / np.linalg.norm(b - a)
    start, end = a + along * (source.circle.width / 2 + _CLEAR), b - along * (target.circle.width / 2 + _CLEAR)
    # Wide enough to be seen, and mixed with the background so that the neurons stay in front.
    mixed = interpolate_color(ManimColor(theme.background), ManimColor(theme.role(Weight)), 0.5)
    style = {"stroke_width": 1.5 + 5.0 * abs(weight) / largest, "stroke_color": color or mixed}
    if weight < 0:
        return DashedLine(start, end, dash_length=0.12, dashed_ratio=0.55, **style)
    return Line(start, end, **style)
