"""`NudgedRuns`: each weight and bias of a chain is raised, and the network runs again, from there to the cost.

In a scene::

    chain = WalkedChain(example, notation, WalkStage(last=3), at=1, carried=4)
    runs = NudgedRuns(chain.diagram, chain.symbol, notation)
    self.add(chain, runs)
    for parameter in runs.parameters:
        self.play(runs.run(parameter), run_time=0.8)
"""

from __future__ import annotations

from manim import (
    DOWN,
    RIGHT,
    UP,
    Animation,
    AnimationGroup,
    FadeIn,
    Indicate,
    LaggedStart,
    Mobject,
    VGroup,
    there_and_back,
)

from backprop_math import Bias, Notation, Weight

from ..kit.formula import Formula, Prose
from ..kit.network_diagram import NetworkDiagram
from ..kit.theme import theme

__all__ = ["NudgedRuns"]


class NudgedRuns(VGroup):
    """The names of the ``parameters`` of a chain's drawn edges and neurons, weights above, biases below."""

    def __init__(self, diagram: NetworkDiagram, cost: Mobject, notation: Notation, *, font_size: float = 34) -> None:
        self.diagram, self.cost = diagram, cost
        self._names: dict[Weight | Bias, Formula] = {}
        for layer in (layer for layer in diagram.layers if layer):
            neuron, w = diagram.neuron(layer, 0), Weight(layer, 0, 0)
            if diagram.draws(w):
                name = Formula(notation.symbol(w), font_size=font_size).next_to(neuron, UP, buff=0.1)
                self._names[w] = name.set_x(diagram.edge(layer, 0, 0).get_x())
            b = Bias(layer, 0)
            self._names[b] = Formula(notation.symbol(b), font_size=font_size).next_to(neuron, DOWN, buff=0.14)
        super().__init__(*self._names.values())

    @property
    def parameters(self) -> list[Weight | Bias]:
        """Those with a name, from the input on."""
        return list(self._names)

    def run(self, parameter: Weight | Bias) -> Animation:
        """A plus at its name, and from there neuron by neuron all that changes with it, up to the cost."""
        name = self._names[parameter]
        above, first = isinstance(parameter, Weight), int(parameter.layer)
        plus = Prose("+", font_size=30, color=theme.highlight).next_to(name, RIGHT, buff=0.04)
        steps: list[Animation] = []
        for layer in (layer for layer in self.diagram.layers if layer >= first):
            lit: list[Animation] = [Indicate(self.diagram.neuron(layer, 0), scale_factor=1.2, color=None)]
            if above or layer > first:
                lit.append(self.diagram.pulse(layer))
            steps.append(AnimationGroup(*lit))
        steps.append(Indicate(self.cost, scale_factor=1.2, color=None))
        return AnimationGroup(
            Indicate(name, scale_factor=1.2, color=None),
            FadeIn(plus, rate_func=there_and_back, remover=True),
            LaggedStart(*steps, lag_ratio=0.5),
        )
