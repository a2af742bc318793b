"""`LastLayersStage`: the last layers of any network and the cost behind them, in parts that come, go and move.

In a scene::

    stage = LastLayersStage(trace, notation, Naming(example))
    self.add(stage.back, stage.front, stage.cost)
    self.play(FadeOut(stage.back))
    self.play(*stage.to((0, 0.4), stage.front, stage.cost))
"""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Animation, FadeIn, LaggedStart, Mobject, VGroup

from backprop_math import BackwardPass, Notation, Number, Target
from backprop_math.formula import fewest_decimals

from ..kit.fitted import fitted_prose
from ..kit.motion import seen
from ..kit.naming import Naming
from ..kit.network_diagram import NetworkDiagram
from ..kit.neuron import Neuron
from ..kit.paths import CostNode
from ..kit.texts import Prose
from ..kit.theme import theme
from ..kit.weight_matrix import NeuronIndices
from .last_layers_layout import LastLayersLayout, neuron_decimals

__all__ = ["LastLayersStage"]

_GAP, _HEIGHT, _ROW = 2.6, 3.2, 1.6
_NAMES = 1.55


class LastLayersStage:
    """``front`` are the last layer and the one before it, with the edges between; ``back`` is what comes before them.

    ``cost`` stands behind the outputs, ``input_labels`` say what goes in, ``output_labels`` what should come out,
    ``indices`` count the neurons of the last two layers. Where the network has one layer only, its inputs are in front.
    ``outputs`` are the numbers of the outputs drawn, ``middle`` those of the neurons before them.
    """

    def __init__(self, trace: BackwardPass, notation: Notation, names: Naming) -> None:
        network = trace.network
        self.L, self.trace, self.names = network.L, trace, names
        first = max(0, network.L - 2)
        decimals = neuron_decimals(trace)
        self.diagram = diagram = NetworkDiagram(
            network,
            width=_GAP * (network.L - first),
            height=_HEIGHT,
            radius=0.42 if decimals > 2 else 0.38,
            v_buff=_ROW,
            most=3,
            first=first,
            decimals=decimals,
        )
        middle = diagram.layer(self.L - 1)
        diagram.shift([-1.7 - middle.get_x(), 0.1, 0])
        self.outputs = [int(neuron.quantity.j) for neuron in diagram.layer(self.L)]
        self.middle = [int(neuron.quantity.j) for neuron in middle]
        edge = middle.get_left()[0] - 0.2
        dots = VGroup(*(dot for dot in diagram.ellipses if dot.get_x() < edge))
        self.back = VGroup(diagram.edges(self.L - 1), dots, diagram.layer(self.L - 2))
        rest = VGroup(*(dot for dot in diagram.ellipses if dot.get_x() >= edge))
        self.front = VGroup(diagram.edges(self.L), rest, middle, diagram.layer(self.L))
        self.cost = CostNode(trace, notation, diagram, buff=1.3, font_size=60)
        self.input_labels = self._input_labels() if first == 0 else VGroup()
        self.output_labels = VGroup(*map(self._output_label, diagram.layer(self.L)))
        self.indices = NeuronIndices(diagram, notation)
        self.bird = names.penguin(height=1.15)
        if self.bird:
            self.bird.move_to([-6.0 if first else self.input_labels.get_x(), diagram.get_y(), 0])
            if first == 0 and len(self.input_labels) > 2:  # there is no room between the labels
                self.bird = None

    def _input_labels(self) -> VGroup:
        found, network_inputs = VGroup(), len(self.diagram.layer(0))
        for neuron in self.diagram.layer(0):
            k = int(neuron.quantity.j)
            lines = [self.names.input(k), self.names.measured(k)]
            room = min(_NAMES, neuron.get_left()[0] - 0.2 - theme.safe.left)
            label = VGroup(
                *(fitted_prose(text, width=room, font_size=24, color=theme.secondary) for text in lines if text)
            )
            for i, line in enumerate(label):
                line.align_to([0, 0, 0], RIGHT).on_baseline(-0.32 * i)
            label.next_to(neuron, LEFT, buff=0.18).set_y(neuron.get_y())
            if network_inputs == 2:  # the bird stands between them
                label.shift(0.5 * label.height * (DOWN if found else UP))
            found.add(label)
        return found

    def _output_label(self, neuron: Neuron) -> VGroup:
        """What the output is called and what it should be: above it, or below it in the lower half."""
        layer = list(self.diagram.layer(self.L))
        row, j = layer.index(neuron), int(neuron.quantity.j)
        value = self.trace.value(Target(j))
        target = Number(value, fewest_decimals(value, 0, 4)).text()
        lower = row > (len(layer) - 1) / 2
        level = abs(neuron.get_y() - self.cost.symbol.get_y()) < 0.1
        room = 1.5 if len(layer) < 3 else 0.7 if level else 0.95
        name = fitted_prose(self.names.output(j), width=room, font_size=24)
        if len(layer) < 3:
            wish = Prose(f"should be {target}", font_size=24, color=theme.role(Target))
            wish.align_to(name, LEFT).on_baseline(name.baseline - 0.32)
        else:
            wish = VGroup()  # there is no room beside the edges to the cost
        label = VGroup(name, wish).next_to(neuron, DOWN if lower else UP, buff=0.1)
        return label.align_to(
            neuron.get_center() + (0.12 if len(layer) < 2 else -0.12) * RIGHT if level else neuron, LEFT
        )

    def neuron(self, k: int) -> Neuron:
        """Neuron ``k`` of the layer before the last."""
        return self.diagram.neuron(self.L - 1, k)

    def output(self, j: int) -> Neuron:
        """Output ``j``."""
        return self.diagram.neuron(self.L, j)

    def lower(self, neuron: Neuron) -> bool:
        """Whether a neuron is in the lower half of its layer."""
        layer = [int(other.quantity.j) for other in self.diagram.layer(int(neuron.quantity.layer))]
        return layer.index(int(neuron.quantity.j)) > (len(layer) - 1) / 2

    def below(self, neuron: Neuron) -> bool:
        """Whether what is pinned on a neuron hangs below it: in a lower half that has room there."""
        return -1.2 < neuron.get_y() - float(self.front[2:].get_y()) < -0.1

    def path(self, j: int, k: int) -> list[Mobject]:
        """What the way from neuron ``k`` through output ``j`` to the cost goes through."""
        return [self.neuron(k), self.diagram.edge(self.L, j, k), self.output(j), self.cost.edge(j), self.cost.symbol]

    def come(self) -> Animation:
        """The network comes: the neurons of the last layers, then those before, then the edges."""
        parts = [self.front[1], self.front[2], self.front[3], *self.back[1:], self.back[0], self.front[0]]
        return LaggedStart(*(FadeIn(part) for part in seen(*parts)), lag_ratio=0.3)

    def reveal(self, layer: int) -> list[Animation]:
        """A layer's neurons fill, as far as it is drawn."""
        return self.diagram.reveal(layer, self.trace) if layer in self.diagram.layers else []

    def to(self, at: tuple[float, float], *shown: Mobject) -> list[Animation]:
        """All of it moves, so that the middle between the last two layers is ``at`` a point.

        Only what is ``shown`` is animated; the rest is there when it comes.
        """
        middle = VGroup(self.diagram.layer(self.L - 1), self.diagram.layer(self.L))
        shift = np.array([*at, 0.0]) - middle.get_center()
        every = [self.back, self.front, self.cost, self.cost.targets, self.input_labels, self.output_labels]
        every += [self.indices, *([self.bird] if self.bird else [])]
        for part in every:
            if part not in shown:
                part.shift(shift)
        return [part.animate.shift(shift) for part in shown]

    def become(self, place: LastLayersLayout) -> list[Animation]:
        """It moves to where the last layers stand at the left of a board, smaller; every line keeps its two ends."""
        lines: list[tuple[Any, Any]] = [
            (self.diagram.edge(w.layer, w.j, w.k), place.diagram.edge(w.layer, w.j, w.k)) for w in self.diagram.weights
        ]
        lines += [(self.cost.edge(j), place.cost.edge(j)) for j in self.outputs]
        moves = [old.animate.put_start_and_end_on(new.get_start(), new.get_end()) for old, new in lines]
        neurons = [neuron for layer in self.diagram.layers for neuron in self.diagram.layer(layer)]
        pairs: list[tuple[Any, Any]] = [(n, place.diagram.neuron(n.quantity.layer, n.quantity.j)) for n in neurons]
        pairs += [
            (self.cost.symbol, place.cost.symbol),
            *zip(self.diagram.ellipses, place.diagram.ellipses, strict=True),
        ]
        return [*moves, *(old.animate.scale(new.height / old.height).move_to(new) for old, new in pairs)]
