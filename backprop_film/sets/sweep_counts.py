"""`SweepCounts`: how many products a sweep through a network takes, forward from a weight and back, for anyone to redo.

In a scene::

    counts = SweepCounts(load_example("digits").trace())
    self.play(FadeIn(counts.diagram))
    self.play(*map(Create, counts.reached(1)))
    self.play(FadeIn(counts.forward))
"""

from __future__ import annotations

from manim import DOWN, Line, VGroup

from backprop_math import Activation, BackwardPass, Bias, Cost, Notation, Weight, WeightedSum
from backprop_math.autodiff import network_products

from ..kit.network_diagram import NetworkDiagram
from ..kit.paths import CostNode
from ..kit.texts import Prose
from ..kit.theme import theme

__all__ = ["SweepCounts"]


class SweepCounts(VGroup):
    """``diagram`` is a sketch of the network with its ``cost``; below it stand ``forward`` and ``back`` in their turn.

    ``each`` has for every layer how many weights and biases it has, and how many arrows one of them reaches. `reached`
    are the lines that the first weight of all reaches. For layers that are fully connected.
    """

    def __init__(self, trace: BackwardPass, *, width: float = 7.0, height: float = 1.7) -> None:
        network, graph = trace.network, trace.graph
        self.diagram = NetworkDiagram(network, width=width, height=height, radius=0.1)
        for layer in range(1, network.L + 1):
            self.diagram.edges(layer).set_stroke(theme.arrow, 1.2, 0.7)
        self.cost = CostNode(trace, Notation(network), self.diagram, font_size=40, buff=0.6)
        self.each = [
            (network.W[layer].size + network.b[layer].size, graph.forward_sweep(Weight(layer, 0, 0)).multiplications)
            for layer in range(1, network.L + 1)
        ]
        every = sum(count for count, _ in self.each)
        terms = " + ".join(f"{count:,} · {products:,}" for count, products in self.each)
        self.forward = Prose(f"({terms}) / {every:,}  ≈  {network_products(trace) / every:.0f}", font_size=30)
        kinds = [(edge.of, edge.wrt) for edge in graph.edges]
        weights, biases = (sum(isinstance(wrt, kind) for _, wrt in kinds) for kind in (Weight, Bias))
        slopes = sum(isinstance(of, Activation) and isinstance(wrt, WeightedSum) for of, wrt in kinds)
        into_cost = sum(isinstance(of, Cost) for of, _ in kinds)
        self.back = Prose(
            f"2 · {weights:,} + {biases} + {slopes} + {into_cost}  =  {len(kinds):,}",
            font_size=30,
            color=theme.highlight,
        )
        sketch = VGroup(self.diagram, self.cost)
        super().__init__(sketch, *(line.next_to(sketch, DOWN, 0.3) for line in (self.forward, self.back)))
        self.center()

    def reached(self, layer: int) -> VGroup:
        """The lines into a layer that the first weight of all reaches, bright."""
        ways = self.diagram.edges(layer, 0) if layer > 1 else VGroup(self.diagram.edge(1, 0, 0))
        return VGroup(*(Line(way.get_start(), way.get_end(), stroke_width=3, color=theme.ink) for way in ways))
