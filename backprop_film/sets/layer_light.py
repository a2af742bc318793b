"""`LayerLight`: the light that runs back from the cost, its lines as wide as a layer's derivatives are on average.

In a scene::

    sizes = layer_sizes(trace)
    dots = LayerDots(sizes).move_to([0, -0.6, 0])
    light = LayerLight(trace, notation, dots, y=2.1)
    self.play(FadeIn(light, dots.frame))
    for layer in range(len(sizes), 0, -1):
        self.play(*light.reach(layer), *dots.drop(layer))
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import (
    LEFT,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Line,
    ReplacementTransform,
    ShowPassingFlash,
    VGroup,
    rush_from,
    rush_into,
)

from backprop_film.kit import CostNode, LayerDots, NetworkDiagram, Prose, theme
from backprop_math import BackwardPass, Network, Notation, Weight

from .deep_twins import layer_sizes

__all__ = ["LayerLight"]

_WIDEST, _NARROWEST = 4.5, 0.12  # widths of lines
_MOST = 5


class LayerLight(VGroup):
    """The network of a trace in a row over ``chart``: the lines into a layer stand over the layer's dot.

    ``diagram`` and ``cost`` have lines all alike; those that `reach` lights, ``lights[l]``, are as wide as the layer's
    derivatives are large on average (a few lines are drawn of many, and of ReLUs some are off), the largest layer's as
    wide as any. A ``name`` stands before it, in its ``color``, or ``input_names`` do.
    """

    def __init__(
        self,
        trace: BackwardPass,
        notation: Notation,
        chart: LayerDots,
        *,
        y: float,
        height: float = 1.2,
        radius: float = 0.1,
        name: str = "",
        color: str | None = None,
        input_names: Sequence[str] = (),
    ) -> None:
        network = trace.network
        alike = Network.from_arrays([np.abs(W) for W in network.W], [*network.b])  # no dashes
        places = {layer: chart.x(layer + 0.5) for layer in range(network.L + 1)}
        self.diagram = NetworkDiagram(
            alike, height=height, radius=radius, most=_MOST, places=places, input_names=input_names,
            name_width=places[0] - radius - 0.25 - theme.safe.left,
        ).shift([0, y, 0])  # fmt: skip
        self.cost = CostNode(trace, notation, self.diagram, font_size=44, buff=0.5)
        for way in (*map(self._edge, self.diagram.weights), *self._last()):
            way.set_stroke(theme.arrow, 1.2, 0.7)
        sizes = layer_sizes(trace)
        largest = max(sizes) or 1.0
        self.lights = {layer: VGroup() for layer in range(1, network.L + 1)}
        for weight in self.diagram.weights:
            wide = _WIDEST * sizes[weight.layer - 1] / largest
            if wide >= _NARROWEST:
                edge = self._edge(weight)
                lit = Line(edge.get_end(), edge.get_start(), stroke_width=wide, color=theme.highlight)
                self.lights[weight.layer].add(lit)
        super().__init__(self.diagram, self.cost)
        self.label = VGroup(
            *([Prose(name, font_size=30, color=color).next_to(self.diagram, LEFT, 0.3)] if name else [])
        )
        self.add(self.label)

    @property
    def lit(self) -> VGroup:
        """All lights."""
        return VGroup(*self.lights.values())

    def reach(self, layer: int) -> list[Animation]:
        """The light comes from the cost, or from the layer behind, into the lines of this one, and stays there."""
        come: list[Animation] = []
        if layer == self.diagram.network.L:
            ends = ((edge.get_end(), edge.get_start()) for edge in self._last())
            ways = (Line(*both, stroke_width=4, color=theme.highlight) for both in ends)
            come = [ShowPassingFlash(VGroup(*ways), time_width=0.6)]
        return [*come, *map(Create, self.lights[layer])]

    def grown_from(self, old: LayerLight) -> list[Animation]:
        """The columns of another network of the kind make room for more, and its light goes."""
        before, after = old.diagram, self.diagram
        last = before.network.L
        places = [*((layer, layer) for layer in range(last)), (last, after.network.L)]
        pairs = [pair for a, b in places for pair in zip(before.layer(a), after.layer(b), strict=True)]
        pairs += [(old.cost, self.cost), (old.label, self.label)]
        new = [after.layer(layer) for layer in range(last, after.network.L)]
        gone = [*(before.edges(layer) for layer in range(1, last + 1)), before.ellipses, old.lit]
        come = [*(after.edges(layer) for layer in range(1, after.network.L + 1)), after.ellipses]
        return [
            *(FadeOut(part, rate_func=rush_from) for part in gone),
            *(ReplacementTransform(a, b) for a, b in pairs),
            *(FadeIn(column, shift=LEFT) for column in new),
            *(FadeIn(part, rate_func=rush_into) for part in come),
        ]

    def _edge(self, weight: Weight) -> Line:
        return self.diagram.edge(weight.layer, weight.j, weight.k)

    def _last(self) -> list[Line]:
        """The lines to the cost."""
        return [part for part in self.cost if isinstance(part, Line)]
