"""`LastLayersLayout`: where the last three layers of a network stand, their cost, and the board to the right of them.

In a scene::

    place = LastLayersLayout(trace, notation)
    self.add(place.diagram.show(trace), place.cost)
    total = (notation.symbol(Cost()), trace.cost)
    self.add(place.on_board(SumTable(cost_terms(trace, notation), total, width=place.board.width)))
"""

from __future__ import annotations

from typing import TypeVar

from manim import LEFT, RIGHT, UP, Mobject

from backprop_math import BackwardPass, Notation
from backprop_math.network import Structure

from ..kit.gradient_column import GradientColumn
from ..kit.network_diagram import NetworkDiagram
from ..kit.paths import CostNode
from ..kit.theme import Zone, theme

__all__ = ["LastLayersLayout", "gradient_beside_last_layers", "last_layers_diagram", "neuron_decimals"]

_Table = TypeVar("_Table", bound=Mobject)


def last_layers_diagram(network: Structure, decimals: int = 2) -> NetworkDiagram:
    """The diagram of a network's last three layers, at the left of the stage, with room for a name above each layer."""
    first = max(0, network.L - 2)
    diagram = NetworkDiagram(
        network,
        width=1.62 * (network.L - first),
        height=2.8,
        radius=0.38,
        v_buff=1.4,
        most=3,
        first=first,
        decimals=decimals,
    )
    return diagram.align_to([theme.safe.left + 0.05, 0, 0], LEFT).shift(0.2 * UP)


def neuron_decimals(trace: BackwardPass) -> int:
    """Three in the neurons of the last layers; a minus, or two digits before the point, leave room for two only."""
    drawn = range(max(0, trace.network.L - 2), trace.network.L + 1)
    return 3 if all(0 <= value < 9.9995 for layer in drawn for value in trace.forward.a[layer]) else 2


def gradient_beside_last_layers(trace: BackwardPass, notation: Notation, decimals: int = 3) -> GradientColumn:
    """The gradient's column to the right of the last layers, as high as stage and formula line together."""
    column = GradientColumn(trace, notation, first=2, last=2, decimals=decimals, v_buff=1.2, symbol_size=0.8)
    column.move_to([4.2, 0.1, 0])
    return column.shift(min(0.0, theme.safe.right - 0.05 - column.get_right()[0]) * RIGHT)


class LastLayersLayout:
    """The ``diagram``, its ``cost``, and the ``board``, the rest of the stage."""

    def __init__(self, trace: BackwardPass, notation: Notation) -> None:
        self.diagram = last_layers_diagram(trace.network, neuron_decimals(trace))
        self.cost = CostNode(trace, notation, self.diagram, buff=0.95, font_size=52)
        self.board = Zone(float(self.cost.get_right()[0]) + 0.4, theme.safe.right - 0.02, -1.6, 3.02)

    def on_board(self, table: _Table) -> _Table:
        """Put a table on the board: at its left, half-way up."""
        table.move_to(self.board.center)
        table.align_to([self.board.left, 0, 0], LEFT)
        return table
