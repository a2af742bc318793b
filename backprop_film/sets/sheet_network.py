"""`SheetNetwork`: the last layers, small, beside the sheet of formulas; what a term is of lights up in it.

In a scene::

    network = SheetNetwork(trace, notation)
    self.add(network)
    self.play(network.lights(network.weighted_sum))
    self.play(network.lights([network.behind]))
"""

from __future__ import annotations

from collections.abc import Iterable

from manim import AnimationGroup, Mobject, VGroup, there_and_back

from backprop_math import BackwardPass, Notation

from ..kit.network_diagram import NetworkDiagram
from ..kit.neuron import Neuron
from ..kit.paths import CostNode
from ..kit.theme import theme

__all__ = ["SheetNetwork"]

#: Where it stands: under the rule, to the right of the formulas.
_MIDDLE, _WIDTH, _HEIGHT = (5.15, -0.55), 2.4, 2.6


class SheetNetwork(VGroup):
    """``diagram`` and ``cost``; in it a neuron of the last layer, ``neuron``, and one ``behind`` it.

    ``weighted_sum`` are the edges into the neuron, ``feeds`` those out of the one behind it, ``reacts`` is the edge
    from the neuron to the cost; ``outputs`` are the last layer's neurons, ``cost_edges`` their edges to the cost.
    """

    def __init__(self, trace: BackwardPass, notation: Notation) -> None:
        network = trace.network
        last = network.L
        self.diagram = NetworkDiagram(network, width=1.75, height=2.4, radius=0.2, most=3, first=max(0, last - 2))
        self.cost = CostNode(trace, notation, self.diagram, buff=0.4, font_size=40)
        super().__init__(self.diagram, self.cost)
        self.scale(min(1.0, _WIDTH / self.width, _HEIGHT / self.height)).move_to([*_MIDDLE, 0])
        self.outputs = list(self.diagram.layer(last))
        self.neuron, self.behind = self.outputs[0], next(iter(self.diagram.layer(last - 1)))
        edges = [(w, self.diagram.edge(w.layer, w.j, w.k)) for w in self.diagram.weights if w.layer == last]
        self.weighted_sum = [edge for w, edge in edges if w.j == self.neuron.quantity.j]
        self.feeds = [edge for w, edge in edges if w.k == self.behind.quantity.j]
        self.reacts = self.cost.edge(self.neuron.quantity.j)
        self.cost_edges = [self.cost.edge(output.quantity.j) for output in self.outputs]

    def pairs(self, diagram: NetworkDiagram) -> list[tuple[Mobject, Mobject]]:
        """The neurons that a larger diagram of the same network has, too, each with its own here, for `Compose`."""
        found = [neuron for layer in self.diagram.layers for neuron in self.diagram.layer(layer)]
        return [
            (diagram.neuron(one.quantity.layer, one.quantity.j).circle, one.circle)
            for one in found
            if diagram.draws(one.quantity)
        ]

    def lights(self, parts: Iterable[Mobject], *, seconds: float = 1.2) -> AnimationGroup:
        """These parts light up and go out again."""
        return AnimationGroup(
            *(
                part.glow()
                if isinstance(part, Neuron)
                else part.animate(rate_func=there_and_back).set_stroke(theme.highlight, 5)
                for part in parts
            ),
            run_time=seconds,
        )
