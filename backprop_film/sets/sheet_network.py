"""`SheetNetwork`: the last layers, small, beside the sheet of formulas; what a term is of lights up in it.

In a scene::

    network = SheetNetwork(trace, notation)
    self.add(network)
    self.play(network.lights(network.weighted_sum))
    self.play(network.lights([network.behind]))
"""

from __future__ import annotations

from collections.abc import Iterable

from manim import UP, AnimationGroup, Mobject, VGroup, there_and_back

from backprop_math import BackwardPass, Notation, Symbol
from backprop_math.quantities import letter_after

from ..kit.formula import Formula
from ..kit.network_diagram import NetworkDiagram
from ..kit.neuron import Neuron
from ..kit.paths import CostNode
from ..kit.theme import theme

__all__ = ["SheetNetwork"]

#: Where it stands: under the rule, to the right of the formulas.
_MIDDLE, _WIDTH, _HEIGHT, _LETTERS = (5.0, -0.65), 2.74, 3.2, 36


class SheetNetwork(VGroup):
    """``diagram`` and ``cost``; in it a neuron of the last layer, ``neuron``, and one ``behind`` it.

    ``weighted_sum`` are the edges into the neuron, ``feeds`` those out of the one behind it, ``reacts`` is the edge
    from the neuron to the cost; ``outputs`` are the last layer's neurons, ``cost_edges`` their edges to the cost.
    ``letters`` are the index of a neuron, above the one behind, and that of the next layer's, above the last layer.
    """

    def __init__(self, trace: BackwardPass, notation: Notation) -> None:
        network = trace.network
        last = network.L
        self.diagram = NetworkDiagram(
            network, width=1.9, height=2.4, radius=0.26, v_buff=0.95, most=3, first=max(0, last - 2)
        )
        self.cost = CostNode(trace, notation, self.diagram, buff=0.35, font_size=40)
        super().__init__(self.diagram, self.cost)
        self.scale(min(1.0, _WIDTH / self.width, _HEIGHT / self.height)).move_to([*_MIDDLE, 0])
        self.outputs = list(self.diagram.layer(last))
        self.neuron, self.behind = self.outputs[0], next(iter(self.diagram.layer(last - 1)))
        edges = [(w, self.diagram.edge(w.layer, w.j, w.k)) for w in self.diagram.weights if w.layer == last]
        self.weighted_sum = [edge for w, edge in edges if w.j == self.neuron.quantity.j]
        self.feeds = [edge for w, edge in edges if w.k == self.behind.quantity.j]
        self.reacts = self.cost.edge(self.neuron.quantity.j)
        self.letters = VGroup()
        for neuron, letter in ((self.behind, "j"), (self.outputs[0], letter_after("j"))):
            self.letters.add(Formula(Symbol(letter), font_size=_LETTERS).next_to(neuron, UP, buff=0.09))
        self.cost_edges = [self.cost.edge(output.quantity.j) for output in self.outputs]

    def pairs(self, diagram: NetworkDiagram, cost: CostNode) -> list[tuple[Mobject, Mobject]]:
        """The parts that a larger picture of the same network has, too, each with its own here, for `Compose`."""
        ends = [output.quantity for output in self.outputs if diagram.draws(output.quantity)]
        return [
            *((cost.edge(q.j), self.cost.edge(q.j)) for q in ends),
            (cost.symbol, self.cost.symbol),
            *self.diagram.shared(diagram),
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
