"""`ComputationTree`: what is calculated from what, drawn from the example's `ComputationGraph`.

In a scene::

    tree = ComputationTree(trace.graph, notation, [Weight(3, 0, 0), Activation(2, 0), Bias(3, 0),
                                                   WeightedSum(3, 0), Activation(3, 0), Target(0), Cost()])
    self.play(FadeIn(tree))
    self.play(*tree.light([Weight(3, 0, 0), WeightedSum(3, 0), Activation(3, 0), Cost()]))
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from manim import DOWN, LEFT, RIGHT, Animation, Arrow, DashedLine, Mobject, VGroup

from backprop_math import Activation, Bias, ComputationGraph, Notation, Quantity, Target, Weight, WeightedSum

from .arguments import expected
from .formula import Formula
from .theme import theme

__all__ = ["ComputationTree"]

# From left to right, what a quantity is calculated from.
_ORDER = (Weight, WeightedSum, Activation, Bias, Target)


class ComputationTree(VGroup):
    """The quantities as symbols, causes above effects, an arrow from each to what is calculated from it.

    ``node(q)`` and ``arrow(cause, effect)`` find the parts. ``h_buff`` and ``v_buff`` are the distances
    between neighbours. A tree that is ``horizontal`` has its causes at the left and the effect at the right, what is
    calculated on a straight line. ``folded`` are pairs of a cause and an effect with quantities between them that
    are not shown: a dotted arrow stands for them, so many steps long. ``places`` says where each symbol stands, if not
    where the tree would put it. Of an arrow straight down, ``room`` is kept free under its symbol.
    """

    def __init__(
        self,
        graph: ComputationGraph,
        notation: Notation,
        quantities: Collection[Quantity],
        *,
        h_buff: float = 1.6,
        v_buff: float = 1.2,
        font_size: float | None = None,
        horizontal: bool = False,
        folded: Mapping[tuple[Quantity, Quantity], int] | None = None,
        places: Mapping[Quantity, tuple[float, float]] | None = None,
        room: Mapping[Quantity, float] | None = None,
    ) -> None:
        super().__init__()
        expected("ComputationTree", graph, ComputationGraph, "the computation graph of a trace, trace.graph")
        self.graph, self.horizontal, self.column, self._room = graph, horizontal, h_buff, room or {}
        folded = folded or {}
        kept = [q for q in graph.nodes if q in set(quantities)]
        causes = {q: _ordered(p for p in graph.parents(q) if p in kept) for q in kept}
        for cause, effect in folded:
            causes[effect] = [*causes[effect], cause]
        sinks = [q for q in kept if not any(q in above for above in causes.values())]
        if len(sinks) != 1:
            found = " and ".join(map(str, sinks)) or "no quantity of the graph"
            raise ValueError(f"ComputationTree: found {found}, expected one quantity to which all others lead")
        (sink,) = sinks
        self._nodes = {q: Formula(notation.symbol(q), font_size=font_size or theme.symbol_size) for q in kept}
        tidy = _tidy(sink, causes, folded, straight=horizontal)
        for effect, above in causes.items() if horizontal else ():
            # What is given stands half a step nearer, beside the line, so that its arrow leaves that of the line room.
            aside = [cause for cause in above if not causes[cause] and tidy[cause][0] != tidy[effect][0]]
            tidy |= {cause: (tidy[cause][0], tidy[cause][1] - 0.5) for cause in aside}
        for quantity, (x, depth) in tidy.items():
            self._nodes[quantity].move_to(
                [-depth * h_buff, -x * v_buff, 0] if horizontal else [x * h_buff, depth * v_buff, 0]
            )
        for quantity, place in (places or {}).items():
            self._nodes[quantity].move_to([*place, 0])
        self._arrows = {
            (cause, effect): self._arrow(cause, effect, folded=(cause, effect) in folded)
            for effect, above in causes.items()
            for cause in above
        }
        self.add(*self._arrows.values(), *self._nodes.values())
        if places is None:
            self.center()

    def node(self, quantity: Quantity) -> Formula:
        """The symbol of a quantity. `KeyError` if the tree does not show it."""
        return self._nodes[quantity]

    def with_arrow(self, cause: Quantity) -> VGroup:
        """A quantity's symbol and the arrows that start from it."""
        return VGroup(self._nodes[cause], *(arrow for (start, _), arrow in self._arrows.items() if start == cause))

    def arrow(self, cause: Quantity, effect: Quantity) -> Arrow | VGroup:
        """The arrow from ``cause`` to what is calculated from it."""
        return self._arrows[cause, effect]

    def causes(self, effect: Quantity) -> list[Quantity]:
        """The quantities from which an arrow leads to ``effect``, from left to right."""
        return [cause for cause, end in self._arrows if end == effect]

    def arrows_into(self, effect: Quantity) -> list[Arrow | VGroup]:
        """The arrows that end at a quantity, from left to right."""
        return [arrow for (_, end), arrow in self._arrows.items() if end == effect]

    def shared(self, other: ComputationTree) -> list[tuple[Mobject, Mobject]]:
        """Pairs of the symbols and arrows that both trees have, for `Compose`."""
        nodes = [(node, other._nodes[q]) for q, node in self._nodes.items() if q in other._nodes]
        arrows = [(arrow, other._arrows[ends]) for ends, arrow in self._arrows.items() if ends in other._arrows]
        return [*nodes, *arrows]

    def part(self, quantities: Collection[Quantity]) -> VGroup:
        """Some quantities with the arrows between them."""
        chosen = set(quantities)
        arrows = [arrow for ends, arrow in self._arrows.items() if chosen.issuperset(ends)]
        return VGroup(*arrows, *(self._nodes[q] for q in self._nodes if q in chosen))

    def path(self, quantities: Sequence[Quantity]) -> VGroup:
        """The arrows along a path of quantities, from cause to effect."""
        return VGroup(*(self._arrows[ends] for ends in pairwise(quantities)))

    def ratio_beside(
        self, notation: Notation, effect: Quantity, cause: Quantity, *, font_size: float = 34.56
    ) -> Formula:
        """∂effect/∂cause, placed at the left of the arrow that it belongs to, clear of the symbols."""
        arrow, above, below = self.arrow(cause, effect), self.node(cause), self.node(effect)
        name = Formula(notation.derivative_symbol(effect, cause), font_size=font_size).next_to(
            arrow.get_center(), LEFT, buff=0.26
        )
        if above.get_x() < below.get_x() - 1.2 * above.width:
            # The arrow comes from the left: under its beginning there is room.
            name.next_to(above, DOWN, buff=0.2).align_to(theme.safe.corner, LEFT)
        elif above.get_x() < below.get_x() - 0.1:
            name.set_y(min(name.get_y(), above.get_bottom()[1] - 0.2 - name.height / 2))
        else:
            name.align_to(above.get_left() + 0.12 * LEFT, RIGHT)
        return name

    def symbols_apart_from(self, quantities: Sequence[Quantity]) -> list[Formula]:
        """The symbols of all other quantities, to be dimmed; arrows that are not lit are dim enough."""
        return [node for quantity, node in self._nodes.items() if quantity not in quantities]

    def light(self, quantities: Sequence[Quantity]) -> list[Animation]:
        """Animations that light a path and leave the rest dim."""
        lit = {id(arrow) for arrow in self.path(quantities)}
        return [self._restyle(arrow, lit=id(arrow) in lit) for arrow in self._arrows.values()]

    def rest(self) -> list[Animation]:
        """Animations that give every arrow its ordinary colour."""
        return [self._restyle(arrow, lit=False) for arrow in self._arrows.values()]

    @staticmethod
    def _restyle(arrow: Arrow | VGroup, *, lit: bool) -> Any:
        return arrow.animate.set_color(theme.highlight if lit else theme.arrow)

    def _arrow(self, cause: Quantity, effect: Quantity, *, folded: bool = False) -> Arrow | VGroup:
        start, end = self._nodes[cause], self._nodes[effect]
        direction = end.get_center() - start.get_center()
        direction = direction / np.linalg.norm(direction)
        below = self._room.get(cause, 0.0) if direction[1] < -0.99 else 0.0
        arrow = Arrow(
            start.get_center() + direction * (_reach(start, direction) + below),
            end.get_center() - direction * _reach(end, direction),
            buff=0,
            stroke_width=3,
            tip_length=0.16,
            max_tip_length_to_length_ratio=1,
            max_stroke_width_to_length_ratio=99,
        )
        if folded:
            shaft = DashedLine(*arrow.get_start_and_end(), dash_length=0.08, dashed_ratio=0.45, stroke_width=3)
            return VGroup(shaft, arrow.tip).set_color(theme.arrow)
        return arrow.set_color(theme.arrow)


def _reach(node: Formula, direction: np.ndarray) -> float:
    """From a symbol's middle to where an arrow may begin: a little outside its bounding box."""
    half = np.array([node.width / 2 + 0.13, node.height / 2 + 0.13])
    return float(1 / np.max(np.abs(direction[:2]) / half))


def _ordered(quantities: Any) -> list[Quantity]:
    return sorted(quantities, key=lambda q: _ORDER.index(type(q)))


def _tidy(
    sink: Quantity,
    causes: dict[Quantity, list[Quantity]],
    folded: Mapping[tuple[Quantity, Quantity], int],
    *,
    straight: bool,
) -> dict[Quantity, tuple[float, float]]:
    """Column and depth of each quantity: causes one row above, subtrees as close as one column allows.

    After Reingold and Tilford, "Tidier Drawings of Trees" (1981). A quantity with several effects is
    placed with the first one met. It stands in the middle of its causes, or ``straight`` behind the one that is
    itself calculated.
    """
    placed: set[Quantity] = set()

    def lay(quantity: Quantity) -> dict[Quantity, tuple[float, float]]:
        placed.add(quantity)
        merged: dict[Quantity, tuple[float, float]] = {}
        roots: dict[Quantity, float] = {}
        for cause in [c for c in causes[quantity] if c not in placed]:
            if cause in placed:
                continue
            further = folded.get((cause, quantity), 1) - 1
            subtree = {q: (x, depth + further) for q, (x, depth) in lay(cause).items()}
            gaps = [
                x + 1 - left for (x, depth) in merged.values() for (left, other) in subtree.values() if depth == other
            ]
            shift = max(gaps, default=0.0)
            roots[cause] = shift
            merged |= {q: (x + shift, depth) for q, (x, depth) in subtree.items()}
        calculated = [x for cause, x in roots.items() if straight and causes[cause]]
        ends = calculated[:1] or list(roots.values()) or [0.0]
        middle = (ends[0] + ends[-1]) / 2
        # Relative to this quantity, one row up.
        return {quantity: (0.0, 0)} | {q: (x - middle, depth + 1) for q, (x, depth) in merged.items()}

    return lay(sink)
