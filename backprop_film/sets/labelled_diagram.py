"""`LabelledDiagram`: a network with one neuron a layer as a row, its weights named over the edges, its biases below.

In a scene::

    network = LabelledDiagram(trace, notation)
    self.play(FadeIn(network))
    self.play(network.label(Weight(3, 0, 0)).animate.set_color(theme.highlight))
"""

from __future__ import annotations

from manim import DOWN, UP, VGroup

from backprop_math import BackwardPass, Bias, Notation, Quantity, Weight

from ..kit.formula import Formula
from ..kit.network_diagram import NetworkDiagram

__all__ = ["LabelledDiagram"]


class LabelledDiagram(VGroup):
    """``diagram``, with ``label(parameter)`` for every weight and bias; its neurons are empty unless ``filled``."""

    def __init__(
        self,
        trace: BackwardPass,
        notation: Notation,
        *,
        width: float = 8.0,
        radius: float = 0.6,
        font_size: float = 51.84,
        filled: bool = True,
    ) -> None:
        network = trace.network
        self.diagram = NetworkDiagram(network, width=width, radius=radius)
        if filled:
            self.diagram.show(trace)
        super().__init__(self.diagram)
        self._names: dict[Quantity, Formula] = {}
        for layer in range(1, network.L + 1):
            neuron, edge = self.diagram.neuron(layer, 0), self.diagram.edge(layer, 0, 0)
            weight, bias = Weight(layer, 0, 0), Bias(layer, 0)
            self._names[weight] = Formula(notation.symbol(weight), font_size=font_size).next_to(neuron, UP, buff=0.08)
            self._names[weight].set_x(edge.get_x())
            self._names[bias] = Formula(notation.symbol(bias), font_size=font_size).next_to(neuron, DOWN, buff=0.16)
        self.add(*self._names.values())

    def label(self, parameter: Quantity) -> Formula:
        """The name of a weight or a bias. `KeyError` if it is none of this network's."""
        return self._names[parameter]
