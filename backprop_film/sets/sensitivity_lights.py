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
from manim import Animation, FadeIn, FadeOut, Line, Mobject, VGroup

from backprop_math import Activation, BackwardPass, Bias, Cost, Quantity, Weight, WeightedSum

from ..kit.network_diagram import NetworkDiagram
from ..kit.neuron import Neuron
from ..kit.paths import CostNode, path_parts
from ..kit.theme import theme

__all__ = ["SensitivityLights"]

_WIDE, _WAYS = 9.0, 3
_SHORT = 0.12  # a wide line's corners would reach into a circle


class SensitivityLights:
    """The edges once more, as wide as the derivatives in ``trace`` are large, dashed where the weight is negative.

    ``one`` is a way from a weight to the cost, ``several`` are ways from a neuron next to the last layer, as parts.
    """

    def __init__(self, diagram: NetworkDiagram, cost: CostNode, trace: BackwardPass) -> None:
        self.diagram, self.cost, self.trace = diagram, cost, trace
        L, start = trace.network.L, min(weight.layer for weight in diagram.weights)
        whole: list[Quantity] = [Weight(start, 0, 0)]
        for layer in range(int(start), L + 1):
            whole += [WeightedSum(layer, 0), Activation(layer, 0)]
        self.one: list[Mobject] = path_parts([*whole, Cost()], diagram, cost)
        outputs = [neuron.quantity.j for neuron in diagram.layer(L)]
        self.several: list[list[Mobject]] = [
            path_parts([Activation(L - 1, 0), WeightedSum(L, j), Activation(L, j), Cost()], diagram, cost)
            for j in outputs[:_WAYS]
        ]

    @cached_property
    def _edges(self) -> dict[Weight, Line]:
        """Drawn for the diagram as large as it is when the first of them is shown."""
        sizes = {q: math.copysign(self.trace.derivative(q), self.trace.value(q)) for q in self.diagram.weights}
        edges = self.diagram.edges_by(sizes, color=theme.highlight)
        for edge in edges.values():
            edge.set_stroke(width=1.5 * self.diagram[-1].circle.width * edge.get_stroke_width())
            edge.scale(1 - _SHORT / float(np.linalg.norm(edge.get_end() - edge.get_start())))
        return edges

    def show(self, layer: int) -> list[Animation]:
        """Light runs back through a layer; its edges and rings become as strong as the derivatives found there."""
        neurons: list[Neuron] = list(self.diagram.layer(layer))
        strength = [abs(self.trace.derivative(Bias(layer, neuron.quantity.j))) for neuron in neurons]
        most, wide = max(strength) or 1.0, _WIDE * neurons[0].circle.width / 2
        rings = [
            neuron.ring(theme.highlight, 2.5 + wide * part / most)
            for neuron, part in zip(neurons, strength, strict=True)
        ]
        if layer == self.trace.network.L:
            ends = [self.cost.edge(neuron.quantity.j) for neuron in neurons]
            rings += [edge.animate.set_stroke(theme.highlight, wide) for edge in ends]
        return [
            self.diagram.pulse(layer, backward=True),
            FadeOut(self.diagram.edges(layer)),
            FadeIn(VGroup(*(edge for weight, edge in self._edges.items() if weight.layer == layer))),
            *rings,
        ]
