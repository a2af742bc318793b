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
    """``diagram``, with ``label(parameter)`` for the weights and biases drawn; neurons are empty unless ``filled``.

    ``names`` are all of the labels.
    """

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
        for layer in self.diagram.layers[1:]:
            neuron, weight, bias = self.diagram.neuron(layer, 0), Weight(layer, 0, 0), Bias(layer, 0)
            if self.diagram.draws(weight):
                name = Formula(notation.symbol(weight), font_size=font_size).next_to(neuron, UP, buff=0.08)
                self._names[weight] = name.set_x(self.diagram.edge(layer, 0, 0).get_x())
            self._names[bias] = Formula(notation.symbol(bias), font_size=font_size).next_to(neuron, DOWN, buff=0.16)
        self.names = list(self._names.values())
        self.add(*self.names)

    def label(self, parameter: Quantity) -> Formula:
        """The name of a weight or a bias. `KeyError` if it is not drawn."""
        return self._names[parameter]
