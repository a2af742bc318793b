"""`NudgedRuns`: each weight and bias of a chain is raised, and the network runs again, from there to the cost.

In a scene::

    chain = WalkedChain(example, notation, WalkStage(last=3), at=1, carried=4)
    runs = NudgedRuns(example, chain.diagram, chain.symbol, notation)
    self.add(chain, runs)
    for parameter in runs.parameters:
        self.play(runs.run(parameter), run_time=0.8)
"""

from __future__ import annotations

from collections.abc import Callable

from manim import (
    DOWN,
    ORIGIN,
    RIGHT,
    UP,
    Animation,
    AnimationGroup,
    Arrow,
    FadeIn,
    Indicate,
    LaggedStart,
    Line,
    Mobject,
    ShowPassingFlash,
    VGroup,
    smooth,
)

from backprop_math import Bias, Example, Notation, Weight

from ..kit.formula import Formula
from ..kit.gauge import ChangeQuantity
from ..kit.network_diagram import NetworkDiagram
from ..kit.theme import theme

__all__ = ["NudgedRuns"]

_BY = 0.5  # of a weight or bias, or of 1 if that is more: two digits show what comes of it
_HIGH = 0.3  # the arrow that says "raised"


class NudgedRuns(VGroup):
    """The names of the ``parameters`` of a chain's drawn edges and neurons, weights above, biases below."""

    def __init__(
        self, example: Example, diagram: NetworkDiagram, cost: Mobject, notation: Notation, *, font_size: float = 34
    ) -> None:
        self.example, self.diagram, self.cost = example, diagram, cost
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
        """An arrow up under its name; from there, neuron by neuron, all that changes with it does, up to the cost.

        All that has changed stays so until the light has reached the cost; then all of it is as before, at once.
        """
        name, value = self._names[parameter], self.example.trace().value(parameter)
        above, first = isinstance(parameter, Weight), int(parameter.layer)
        raised = Arrow(ORIGIN, _HIGH * UP, buff=0, stroke_width=5, tip_length=0.16, color=theme.highlight)
        raised.next_to(name, DOWN, buff=0.06)
        there = value + _BY * max(1.0, abs(value))
        steps: list[Animation] = []
        changed = [layer for layer in self.diagram.layers if layer >= first]
        whole = 0.5 * len(changed) + 1.1  # seconds, as below
        changes: list[Animation] = []
        for i, layer in enumerate(changed):
            neuron = self.diagram.neuron(layer, 0)
            ring = neuron.circle.copy().set_fill(opacity=0).set_stroke(theme.ink, 6)
            ring.overlaps_ok = True  # around the neuron's number
            held = _held(0.5 * i / whole, (0.5 * i + 0.7) / whole, 1 - 0.4 / whole)
            changes.append(
                ChangeQuantity(self.example, parameter, value, there, [neuron], rate_func=held, run_time=whole)
            )
            lit: list[Animation] = [ShowPassingFlash(ring, time_width=0.7)]
            if above or layer > first:
                lit.append(self.diagram.pulse(layer))
            steps.append(AnimationGroup(*lit, run_time=1.0))
        last = self.diagram.neuron(self.diagram.layers[-1], 0)
        way = Line(last.get_right(), self.cost.get_left() - 0.1 * RIGHT, stroke_width=6, color=theme.ink)
        steps.append(ShowPassingFlash(way, time_width=0.7, run_time=0.6))
        steps.append(Indicate(self.cost, scale_factor=1.3, color=theme.ink, run_time=0.8))
        return AnimationGroup(
            Indicate(name, scale_factor=1.2, color=None),
            FadeIn(raised, rate_func=_held(0.0, 0.3 / whole, 1 - 0.4 / whole), remover=True, run_time=whole),
            *changes,
            LaggedStart(*steps, lag_ratio=0.5),
        )


def _held(begin: float, there: float, back: float) -> Callable[[float], float]:
    """From 0 to 1 between two parts of the time, and from a third part on back."""

    def rate(t: float) -> float:
        return float(smooth((t - begin) / (there - begin)) - smooth((t - back) / (1 - back)))

    return rate
