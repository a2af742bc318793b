"""Walking a computation tree backwards: a light runs along an arrow from effect to cause, and its factor is collected.

In a scene::

    path = trace.chain_rule(Weight(3, 0, 0)).paths[0].factors
    tree = ComputationTree(trace.graph, notation, LayerQuantities(3).tree)
    numbers = {(f.wrt, f.of): notation.factor_number(f.of, f.wrt, f.value) for f in path}
    factors = ArrowNumbers(tree, numbers)
    for cause, effect in reversed(numbers):
        self.play(*walk_back(tree, cause, effect), FadeIn(factors.number(cause, effect)))
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Animation, Line, ShowPassingFlash, VGroup

from backprop_math import Expression, Quantity

from ..kit.computation_tree import ComputationTree
from ..kit.formula import Formula
from ..kit.theme import theme

__all__ = ["ArrowNumbers", "flat_bracket", "walk_back"]

_GAP = 0.17  # between an arrow and its number


class ArrowNumbers(VGroup):
    """Numbers beside the arrows of a horizontal tree: above a level one, clear of the symbols at its ends; at the left
    of one that falls; at the right of one that rises, where they have room there. Long ones shrink.

    ``number(cause, effect)`` is the one of that arrow; ``arrows`` are the ends of all that have one. The
    numbers are no part of the tree, so that they can come one by one. ``lift`` is how high they are above the symbols.
    """

    def __init__(
        self,
        tree: ComputationTree,
        numbers: Mapping[tuple[Quantity, Quantity], Expression],
        *,
        font_size: float = 32.64,
        lift: float = 0.1,
    ) -> None:
        self._numbers = {ends: Formula(number, font_size=font_size) for ends, number in numbers.items()}
        super().__init__(*self._numbers.values())
        for (cause, effect), number in self._numbers.items():
            _place(
                number,
                tree.node(cause),
                tree.node(effect),
                crowded=len(tree.causes(effect)) > 2,
                lift=lift,
                room=0.5 * tree.column,
            )

    @property
    def arrows(self) -> list[tuple[Quantity, Quantity]]:
        """Cause and effect of each arrow that has a number."""
        return list(self._numbers)

    def number(self, cause: Quantity, effect: Quantity) -> Formula:
        """The number beside the arrow from ``cause`` to ``effect``."""
        return self._numbers[cause, effect]


def walk_back(tree: ComputationTree, cause: Quantity, effect: Quantity) -> list[Animation]:
    """A light from an effect to one of its causes, whose arrow stays lit; the other arrows stay as they are."""
    arrow = tree.arrow(cause, effect)
    light = Line(tree.node(effect).get_center(), tree.node(cause).get_center(), stroke_width=5, color=theme.highlight)
    # Between the two symbols, not through them.
    ends = [point for part in arrow.family_members_with_points() for point in part.points]
    along = light.get_unit_vector()
    reach = sorted(float(np.dot(point - light.get_start(), along)) for point in ends)
    light.put_start_and_end_on(light.get_start() + reach[0] * along, light.get_start() + reach[-1] * along)
    return [
        ShowPassingFlash(light, time_width=0.7),
        arrow.animate.set_color(theme.highlight),
    ]


def flat_bracket(parts: VGroup, side: np.ndarray) -> VGroup:
    """A flat bracket in the highlight colour over parts (``side`` is ``UP``), or under them (``DOWN``)."""
    up = float(side[1])
    y = parts.get_edge_center(side)[1] + 0.14 * up
    left, right = parts.get_left()[0] - 0.05, parts.get_right()[0] + 0.05
    ends = [Line([x, y, 0], [x, y - 0.09 * up, 0]) for x in (left, right)]
    return VGroup(Line([left, y, 0], [right, y, 0]), *ends).set_stroke(theme.highlight, 3)


def _place(number: Formula, cause: Formula, effect: Formula, *, crowded: bool, lift: float, room: float) -> None:
    """Over a level arrow; at the right of a slanted one, nearer to its cause, or at its left if it is long."""
    start, end = cause.get_center(), effect.get_center()
    fall = start[1] - end[1]
    if abs(fall) < 1e-6:
        most = (0.44 if crowded else 0.95) * (end[0] - start[0])
        number.fit(most)
        top = max(cause.get_top()[1], effect.get_top()[1])
        # A little before the middle: what is slanted comes nearer towards the effect.
        number.move_to([start[0] + (0.42 if crowded else 0.46) * (end[0] - start[0]), top + lift, 0], aligned_edge=DOWN)
        number.shift(max(0.0, (number.width - most) / 2) * LEFT)
    else:
        side = LEFT if fall > 0 or number.width > room else RIGHT  # on the left, there is no neuron's stem
        number.fit(1.8 * room)
        place = start + 0.42 * (end - start) + _GAP * side
        number.move_to(place, aligned_edge=(DOWN if side[0] * fall > 0 else UP) - side)
