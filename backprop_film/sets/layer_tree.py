"""`LayerTree`: a layer with one neuron, as the tree of what its neuron opens into, the factors beside the arrows.

In a scene::

    layer, q = LayerTree(trace, notation, 2, cost=(3, 0, 0)), LayerQuantities(2)
    self.play(FadeIn(layer.tree, *layer.on_path(q.w)))
    self.play(*layer.turn(q.w, q.b))                                    # the bias is looked at
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from manim import Animation, FadeOut, Indicate, Mobject, VMobject

from backprop_math import BackwardPass, Notation, Quantity

from ..kit.computation_tree import ComputationTree
from ..kit.formula import Formula
from ..kit.theme import theme
from .layer_chain_rules import LayerChainRules
from .single_neurons import LayerQuantities
from .tree_walk import ArrowNumbers

__all__ = ["LayerTree"]


class LayerTree:
    """One layer on the way back: its ``chains``, its ``tree``, horizontal, with the cost at ``cost``, its ``numbers``.

    Of all that comes after the layer, a dotted arrow to the cost is left, as long as the layer that it stands for,
    whose number is ∂C/∂a. The path from the weight is lit.
    """

    def __init__(
        self,
        trace: BackwardPass,
        notation: Notation,
        layer: int,
        *,
        cost: tuple[float, float, float],
        v_buff: float = 1.45,
        h_buff: float = 1.6,
        decimals: int = 4,
        font_size: float = 48,
        lift: float = 0.1,
    ) -> None:
        self.quantities = q = LayerQuantities(layer)
        self.chains = LayerChainRules(trace, notation, layer, decimals=decimals)
        whole = layer == notation.network.L
        shown = q.tree if whole else [x for x in q.tree if x != q.y]
        folded: dict[tuple[Quantity, Quantity], int] = {} if whole else {(q.a, q.cost): len(q.path) - 1}
        self.tree = ComputationTree(
            trace.graph,
            notation,
            shown,
            h_buff=h_buff,
            v_buff=v_buff,
            font_size=font_size,
            horizontal=True,
            folded=folded,
        )
        self.tree.shift(np.array(cost) - self.tree.node(q.cost).get_center())
        self.tree.path(q.path).set_color(theme.highlight)
        ends = [pair for way in ([q.b, q.z], [q.previous, q.z], q.path) for pair in pairwise(way)]
        self.numbers = ArrowNumbers(self.tree, {(by, of): self.chains.factor(of, by) for by, of in ends}, lift=lift)
        if not whole:
            self.behind.set_color(theme.highlight)

    @property
    def behind(self) -> Formula:
        """The number of the last arrow, ∂C/∂a."""
        return self.numbers.number(self.quantities.a, self.quantities.cost)

    @property
    def last_arrow(self) -> VMobject:
        """The arrow to the cost."""
        return self.tree.arrow(self.quantities.a, self.quantities.cost)

    def way(self, wrt: Quantity) -> list[tuple[Quantity, Quantity]]:
        """The arrows from ``wrt``, the weight, the bias or the activation before, to the cost, as cause and effect."""
        return list(pairwise([wrt, *self.quantities.path[1:]]))

    def on_path(self, wrt: Quantity) -> list[Formula]:
        """The numbers on that way."""
        return [self.numbers.number(*ends) for ends in self.way(wrt)]

    def flashes(self, wrt: Quantity) -> list[Animation]:
        """Animations that point at the numbers on that way."""
        return [Indicate(number, color=theme.highlight) for number in self.on_path(wrt)]

    def turn(self, old: Quantity, wrt: Quantity) -> list[Animation]:
        """Animations that light the way from ``wrt`` in place of ``old``; the number of its first arrow is to come."""
        q = self.quantities
        return [
            *self.tree.light([wrt, *q.path[1:]]),
            FadeOut(self.numbers.number(old, q.z)),
            Indicate(self.tree.node(wrt), scale_factor=1.2, color=theme.colour(wrt)),
        ]

    @property
    def aside(self) -> list[Mobject]:
        """What hangs on the way from the activation before to the cost: the weight and the bias, with their arrows."""
        return [part for x in (self.quantities.w, self.quantities.b) for part in self.tree.with_arrow(x)]
