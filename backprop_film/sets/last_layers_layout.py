"""`LastLayersLayout`: where the last three layers of a network stand, their cost, and the board to the right of them.

In a scene::

    place = LastLayersLayout(trace, notation)
    self.add(place.diagram.show(trace), place.cost)
    total = (notation.symbol(Cost()), trace.cost)
    self.add(place.on_board(SumTable(cost_terms(trace, notation), total, width=place.board.width)))
"""

from __future__ import annotations

from typing import TypeVar

from manim import LEFT, UP, Mobject

from backprop_math import BackwardPass, Notation
from backprop_math.network import Structure

from ..kit.gradient_column import GradientColumn
from ..kit.network_diagram import NetworkDiagram
from ..kit.paths import CostNode
from ..kit.theme import Zone, theme

__all__ = ["LastLayersLayout", "gradient_beside_last_layers", "last_layers_diagram"]

_Table = TypeVar("_Table", bound=Mobject)


def last_layers_diagram(network: Structure) -> NetworkDiagram:
    """The diagram of a network's last three layers, at the left of the stage, with room for a name above each layer."""
    first = max(0, network.L - 2)
    four = max(network.layers[first:]) > 3
    diagram = NetworkDiagram(
        network,
        width=3.3 if first else 3.8,
        height=2.85 if four else 2.6,
        radius=0.36 if four else 0.4,
        most=4 if four else 3,
        first=first,
    )
    return diagram.align_to([theme.safe.left + 0.05, 0, 0], LEFT).shift((0.36 if four else 0.24) * UP)


def gradient_beside_last_layers(trace: BackwardPass, notation: Notation) -> GradientColumn:
    """The gradient's column to the right of the last layers, as high as stage and formula line together."""
    return GradientColumn(trace, notation, first=3, last=2).move_to([3.6, 0.1, 0])


class LastLayersLayout:
    """The ``diagram``, its ``cost``, and the ``board``, the rest of the stage."""

    def __init__(self, trace: BackwardPass, notation: Notation) -> None:
        self.diagram = last_layers_diagram(trace.network)
        self.cost = CostNode(trace, notation, self.diagram, buff=1.15, font_size=57.6)
        self.board = Zone(float(self.cost.get_right()[0]) + 0.55, theme.safe.right - 0.02, -1.6, 3.02)

    def on_board(self, table: _Table) -> _Table:
        """Put a table on the board: at its left, half-way up."""
        table.move_to(self.board.center)
        table.align_to([self.board.left, 0, 0], LEFT)
        return table
