"""`SweepCounts`: how many products a sweep through a network takes, forward from a weight and back, for anyone to redo.

In a scene::

    counts = SweepCounts(load_example("digits").trace())
    self.play(FadeIn(counts.diagram))
    for lit, term in zip(counts.reached, counts.one):
        self.play(FadeIn(lit, term))
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from manim import DOWN, Animation, AnimationGroup, Line, VGroup, VMobject, there_and_back

from backprop_math import Activation, BackwardPass, Bias, Notation, Target, Weight, WeightedSum
from backprop_math.autodiff import network_products

from ..kit.network_diagram import NetworkDiagram
from ..kit.paths import CostNode, travelling_light
from ..kit.texts import Prose
from ..kit.theme import theme

__all__ = ["SweepCounts"]


class SweepCounts(VGroup):
    """``diagram`` is a sketch of the network with its ``cost``; below it stand three sums in their turn, term by term.

    ``one`` is that of a sweep from the first weight of all, ``forward`` the mean of all sweeps forward, ``back`` the
    sweep back.

    ``each`` has for every layer how many weights and biases it has, and how many arrows one of them reaches.
    ``reached`` is, for each term of ``one``, what the first weight of all reaches, bright. For layers that are fully
    connected.
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
        widths = [1, *network.layers[2:]]
        ways = [1, *(a * b for a, b in pairwise(widths))]
        counts = [*(count for pair in zip(ways, widths, strict=True) for count in pair), widths[-1]]
        self.one = _in_terms("1", *(f"+ {count}" for count in counts[1:]), f"= {sum(counts)}")
        every = sum(count for count, _ in self.each)
        first, *others = (f"{count:,} · {products:,}" for count, products in self.each)
        mean = f"≈ {network_products(trace) / every:.0f}"
        self.forward = _in_terms(f"({first}", *(f"+ {other}" for other in others), f") / {every:,} {mean}")
        kinds = [(edge.of, edge.wrt) for edge in graph.edges]
        weights, biases = (sum(isinstance(wrt, kind) for _, wrt in kinds) for kind in (Weight, Bias))
        slopes = sum(isinstance(of, Activation) and isinstance(wrt, WeightedSum) for of, wrt in kinds)
        wishes = sum(isinstance(wrt, Target) for _, wrt in kinds)
        cost = f"+ {widths[-1]} + {wishes}"
        self.back = _in_terms(f"2 · {weights:,}", f"+ {biases}", f"+ {slopes}", cost, f"= {len(kinds):,}")
        self.back.set_color(theme.highlight)
        layers = range(1, network.L + 1)
        self.reached = [*(lit for layer in layers for lit in (self._ways(layer), self._rings(layer)))]
        self.reached.append(_bright(self._into_cost))
        sketch = VGroup(self.diagram, self.cost)
        lines = (line.next_to(sketch, DOWN, 0.3) for line in (self.one, self.forward, self.back))
        super().__init__(sketch, *lines, *self.reached)
        self.center()

    def lights_back(self) -> Iterator[Animation]:
        """Where each term of ``back`` is counted: at lines, at neurons for biases and slopes, at the cost."""
        layers = range(1, self.diagram.network.L + 1)
        neurons = [neuron for layer in layers for neuron in self.diagram.layer(layer)]
        yield AnimationGroup(*(self.diagram.pulse(layer, backward=True) for layer in layers))
        for color in (theme.colour(Bias("l", "j")), theme.highlight):
            yield AnimationGroup(*(neuron.ring(color, 5, rate_func=there_and_back) for neuron in neurons))
        yield AnimationGroup(*(travelling_light([way], backward=True) for way in self._into_cost))

    @property
    def _into_cost(self) -> list[Line]:
        return [self.cost.edge(neuron.quantity.j) for neuron in self.diagram.layer(self.diagram.network.L)]

    def _ways(self, layer: int) -> VGroup:
        """The lines into a layer that the first weight of all reaches."""
        one = [self.diagram.edge(1, 0, 0)] if layer == 1 else self.diagram.edges(layer, 0 if layer == 2 else None)
        return _bright(one)

    def _rings(self, layer: int) -> VGroup:
        """The neurons that it reaches there."""
        reached = self.diagram.layer(layer)[: 1 if layer == 1 else None]
        return VGroup(*(neuron.circle.copy().set_stroke(theme.ink, 4) for neuron in reached))


def _bright(ways: Iterable[VMobject]) -> VGroup:
    return VGroup(*(Line(way.get_start(), way.get_end(), stroke_width=3, color=theme.ink) for way in ways))


def _in_terms(*terms: str) -> VGroup:
    """A line of text, term by term."""
    line, found = Prose(" ".join(terms).replace(" )", ")"), font_size=30), VGroup()
    for term in terms:
        at = sum(map(len, found))
        found.add(VGroup(*line[at : at + len(term.replace(" ", ""))]))
    return found
