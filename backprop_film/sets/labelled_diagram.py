"""`LabelledDiagram`: a network with one neuron a layer as a row, its weights named over the edges, its biases below.

In a scene::

    network = LabelledDiagram(trace, notation)
    self.play(FadeIn(network))
    self.play(network.label(Weight(3, 0, 0)).animate.set_color(theme.highlight))
"""

from __future__ import annotations

from itertools import pairwise

from manim import DOWN, UP, VGroup

from backprop_math import BackwardPass, Bias, Notation, Quantity, Weight

from ..kit.formula import Formula
from ..kit.network_diagram import NetworkDiagram

__all__ = ["LabelledDiagram"]


class LabelledDiagram(VGroup):
    """``diagram``, with ``label(parameter)`` for the weights and biases drawn; neurons are empty unless ``filled``.

    ``names`` are all of the labels, smaller where they would meet.
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
        drawn = [layer for layer in self.diagram.layers if layer]
        shown = [q for layer in drawn for q in (Weight(layer, 0, 0), Bias(layer, 0))]
        shown = [q for q in shown if isinstance(q, Bias) or self.diagram.draws(q)]
        size = font_size * min(
            1.0, self._apart / max(Formula(notation.symbol(q), font_size=font_size).width for q in shown)
        )
        self._names: dict[Quantity, Formula] = {}
        for q in shown:
            name, neuron = Formula(notation.symbol(q), font_size=size), self.diagram.neuron(q.layer, 0)
            if isinstance(q, Weight):
                name.next_to(neuron, UP, buff=0.08).set_x(self.diagram.edge(q.layer, 0, 0).get_x())
            else:
                name.next_to(neuron, DOWN, buff=0.16)
            self._names[q] = name
        self.names = list(self._names.values())
        self.add(*self.names)

    @property
    def _apart(self) -> float:
        """How wide a name may be, so that it keeps clear of the next one."""
        xs = [self.diagram.neuron(layer, 0).get_x() for layer in self.diagram.layers]
        return min(other - one for one, other in pairwise(xs)) - 0.15

    def label(self, parameter: Quantity) -> Formula:
        """The name of a weight or a bias. `KeyError` if it is not drawn."""
        return self._names[parameter]
