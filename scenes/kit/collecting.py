"""What a light collects on a path through a network: a factor on the weight's edge, one at the neuron, one at the cost.

for step in collected(parts, path_numbers, cost):
    self.play(Light(stage, step.lit), step.light(), FadeIn(step.tag))
    self.play(Compose(number, [(step.tag.formula, number)]))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from manim import RIGHT, Animation, Line, Mobject, ShowPassingFlash

from backprop_math.expression import Expression

from .network_diagram import Neuron
from .paths import CostNode, Tag, travel
from .theme import theme

__all__ = ["Step", "around", "collected"]


@dataclass(frozen=True)
class Step:
    """One factor of a path: all of the path that is ``lit`` by now, what the light goes through, and the number."""

    lit: list[Mobject]
    through: Mobject
    tag: Tag

    def light(self, seconds: float = 0.7) -> Animation:
        """The light that runs along the edge, or around the neuron."""
        if not isinstance(self.through, Neuron):
            return travel([self.through], seconds=seconds)
        return around(self.through, seconds)


def around(neuron: Neuron, seconds: float = 0.7) -> Animation:
    """A light that runs around a neuron."""
    ring = neuron.circle.copy().set_fill(opacity=0).set_stroke(theme.ink, 5)
    return ShowPassingFlash(ring, time_width=0.7, run_time=seconds)


def collected(
    parts: Sequence[Mobject], numbers: Sequence[Expression], cost: CostNode, *, size: float = 0.32
) -> list[Step]:
    """The three steps of a path through the last layer, from its `path_parts` and the numbers of its factors.

    The first number is on the weight's edge, the second where the desired output of the neuron has its place,
    the third outside the edge to the cost.
    """
    *_, edge, output, out, symbol = parts
    assert isinstance(output, Neuron)
    first, second, third = numbers
    before = [part for part in parts if part not in (output, out, symbol)]
    place = cost.desired(output.quantity.j)
    return [
        Step(before, edge, Tag(first, edge, place=0.52, size=size)),
        Step([*before, output], output, Tag(second, size=size).move_to(place).shift(0.15 * RIGHT)),
        Step(list(parts), out, _outside(Tag(third, size=size), out)),
    ]


def _outside(tag: Tag, edge: Mobject) -> Tag:
    """Beside the middle of an edge to the cost, on the side away from the others; on a level one, above it."""
    assert isinstance(edge, Line)
    middle, rise = edge.get_center(), edge.get_end()[1] - edge.get_start()[1]
    side = -1.0 if rise > 1e-6 else 1.0
    return tag.move_to(middle + np.array([0.22, side * (0.5 * abs(rise) + tag.height / 2), 0.0]))
