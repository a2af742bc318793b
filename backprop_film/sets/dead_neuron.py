"""`DeadNeuron`: a network with a ReLU that is off, and what is said of it.

In a scene::

    dead = DeadNeuron(deep_twin(5, "relu"))
    self.play(FadeIn(dead.diagram, dead.cost))
    self.play(dead.neuron.ring(theme.highlight, 5), FadeIn(dead.off, dead.its_layer))
"""

from __future__ import annotations

from manim import DOWN, RIGHT, Line, VGroup

from backprop_math import (
    Activation,
    BackwardPass,
    Cost,
    Derivative,
    Notation,
    Number,
    Relation,
    Symbol,
    Weight,
    WeightedSum,
)
from backprop_math.formula import relation_sign

from ..kit.fitted import formula_line
from ..kit.formula import Formula
from ..kit.network_diagram import NetworkDiagram
from ..kit.neuron import Neuron
from ..kit.paths import CostNode
from ..kit.texts import Prose
from ..kit.theme import theme

__all__ = ["DeadNeuron"]


class DeadNeuron(VGroup):
    """``neuron`` is the first that is off, ``others`` are the rest of them; ``edges`` lead into it.

    ``off`` says its weighted sum, ``line`` and ``every`` that its weights' derivatives are 0, ``its_layer`` its layer.
    """

    def __init__(self, trace: BackwardPass) -> None:
        self.trace, notation = trace, Notation(trace.network)
        self.diagram = diagram = NetworkDiagram(trace.network, width=9.5, height=4.0, radius=0.3).show(trace)
        diagram.move_to([-0.4, 0.75, 0])
        self.cost = CostNode(trace, notation, diagram, font_size=48, buff=0.8)
        places = dict.fromkeys((at, j) for at, j, _ in self._indices())
        silent = [at for at in places if trace.value(Activation(*at)) == 0]
        self.layer, self.j = l, j = silent[0]  # noqa: E741
        self.neuron: Neuron = diagram.neuron(l, j)
        self.others = [diagram.neuron(*at) for at in silent[1:]]
        self.edges = VGroup(*(diagram.edge(*w) for w in self._indices() if w[:2] == (l, j)))
        each = Derivative(notation.symbol(Cost()), notation.symbol(Weight(l, j, "k")))
        self.line = formula_line(Relation((each, Number(max(abs(float(dw)) for dw in trace.dW[l][j]), 0)), ("=",)))
        self.every = Prose("for every k", font_size=30, color=theme.secondary).next_to(self.line, RIGHT, 0.4)
        z = WeightedSum(l, j)
        below = Number(trace.value(z), 2, z)
        self.off = formula_line(Relation((notation.symbol(z), below), (relation_sign(below),)))
        name = Symbol(notation.symbol(z).superscript)
        self.its_layer = Formula(name, font_size=32, color=theme.secondary).next_to(diagram.layer(l), DOWN, 0.2)
        super().__init__(diagram, self.cost)

    def ways_back(self, layer: int) -> list[Line]:
        """The lines into a layer on which something comes back; in the layer behind, those from the neuron."""
        ways = [w for w in self._indices() if w[0] == layer and self.trace.dz[layer][w[1]] != 0]
        return [self.diagram.edge(*w) for w in ways if layer != self.layer + 1 or w[2] == self.j]

    def _indices(self) -> list[tuple[int, int, int]]:
        return [(int(w.layer), int(w.j), int(w.k)) for w in self.diagram.weights]
