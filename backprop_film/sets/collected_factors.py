"""What a light collects on a path through a network: a factor on the weight's edge, one at the neuron, one at the cost.

In a scene::

    path = trace.chain_rule(Activation(1, 0)).paths[0]
    parts = path_parts([Activation(1, 0), *(factor.of for factor in path.factors)], diagram, cost)
    numbers = [notation.number(q, trace) for q in (Weight(2, 0, 0), Activation(2, 0), Cost())]
    for step in collect_factors(parts, numbers, cost):
        self.play(Light([diagram, cost], step.lit), step.light(), FadeIn(step.label))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from manim import RIGHT, Animation, Line, Mobject, ShowPassingFlash

from backprop_math import Expression, Number
from backprop_math.formula import decimals_for

from ..kit.neuron import Neuron
from ..kit.paths import CostNode, EdgeLabel, travelling_light
from ..kit.theme import theme

__all__ = ["FactorStep", "collect_factors", "light_around", "shortened"]


@dataclass(frozen=True)
class FactorStep:
    """One factor of a path: all of the path that is ``lit`` by now, what the light goes through, and the number."""

    lit: list[Mobject]
    through: Mobject
    label: EdgeLabel

    def light(self, seconds: float = 0.7) -> Animation:
        """The light that runs along the edge, or around the neuron."""
        if not isinstance(self.through, Neuron):
            return travelling_light([self.through], seconds=seconds)
        return light_around(self.through, seconds)


def shortened(number: Expression) -> Expression:
    """A number with no more decimals than an edge has room for: three, or what it takes for two digits."""
    if not isinstance(number, Number):
        return number
    return replace(number, decimals=min(number.decimals, decimals_for(number.value, 3)))


def light_around(neuron: Neuron, seconds: float = 0.7) -> Animation:
    """A light that runs around a neuron."""
    ring = neuron.circle.copy().set_fill(opacity=0).set_stroke(theme.ink, 5)
    return ShowPassingFlash(ring, time_width=0.7, run_time=seconds)


def collect_factors(
    parts: Sequence[Mobject], numbers: Sequence[Expression], cost: CostNode, *, font_size: float = 29.76
) -> list[FactorStep]:
    """The three steps of a path through the last layer, from its `path_parts` and the numbers of its factors.

    The numbers are `shortened`. The first is on the weight's edge, the second where the desired output of the neuron
    has its place, the third outside the edge to the cost.
    """
    *_, edge, output, out, symbol = parts
    assert isinstance(output, Neuron)
    first, second, third = map(shortened, numbers)
    before = [part for part in parts if part not in (output, out, symbol)]
    place = cost.desired(output.quantity.j)
    return [
        FactorStep(before, edge, EdgeLabel(first, edge, place=0.52, font_size=font_size)),
        FactorStep(
            [*before, output], output, EdgeLabel(second, font_size=font_size).move_to(place).shift(0.15 * RIGHT)
        ),
        FactorStep(list(parts), out, _outside(EdgeLabel(third, font_size=font_size), out)),
    ]


def _outside(label: EdgeLabel, edge: Mobject) -> EdgeLabel:
    """Beside the middle of an edge to the cost, on the side away from the others; on a level one, above it."""
    assert isinstance(edge, Line)
    middle, rise = edge.get_center(), edge.get_end()[1] - edge.get_start()[1]
    side, along = (-1.0 if rise > 1e-6 else 1.0), (0.22 if abs(rise) > 0.1 else 0.0)
    return label.move_to(middle + np.array([along, side * (0.5 * abs(rise) + label.height / 2), 0.0]))
