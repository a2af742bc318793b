"""`LayerTable`: the last layer of a network beside its table of weights; rows, columns and edges light up together.

In a scene::

    table = LayerTable(network, trace, notation)
    self.add(table.diagram, table.matrix.brackets, table.name)
    for j in table.rows:
        numbers = table.edge_numbers(j)
        self.play(FadeIn(*numbers))
        self.play(table.flight(j, numbers))
    self.play(Light([table.diagram], table.out_of(0)), Create(table.column_frame))
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    AnimationGroup,
    FadeIn,
    LaggedStart,
    Line,
    Mobject,
    RoundedRectangle,
    ShowPassingFlash,
    VGroup,
)

from backprop_math import (
    Activation,
    BackwardPass,
    Network,
    Notation,
    Number,
    Product,
    Relation,
    Symbol,
    Weight,
    WeightedSum,
)
from backprop_math.formula import decimals_for
from backprop_math.functions import OutputActivation

from ..kit.extents import near
from ..kit.formula import Formula
from ..kit.motion import Compose
from ..kit.network_diagram import NetworkDiagram
from ..kit.neuron import Neuron
from ..kit.paths import CostNode, EdgeLabel
from ..kit.pinned_number import PinnedNumber
from ..kit.theme import theme
from ..kit.weight_matrix import WeightMatrix
from .cost_term_areas import desired_output
from .last_layers_layout import neuron_decimals
from .layer_equations_board import EquationBoard

__all__ = ["LayerTable"]

_BEFORE, _LAST, _MIDDLE, _RADIUS, _PITCH = -4.6, -2.35, 1.45, 0.38, 1.1
_LOWEST, _CLEAR = 0.05, 0.03  # above the equations; beside a line
_WIDEST, _TAG = 1.2, 1.4  # of a number on an edge, and of one beside a neuron
_ARC = 0.9  # of a number's way from its edge to the table
_MORE = range(3)  # decimals, until a number's product agrees
_ON_EDGE, _PLACE = 28, 0.4  # a number on its edge: its size, and where


class LayerTable:
    """``diagram`` and ``matrix`` (with its ``name``), ``all`` of it; ``rows`` and ``columns`` are the indices shown.

    The neurons are empty until `NetworkDiagram.reveal`. ``cost`` is at their right. ``errors`` are δ of the last
    layer's neurons, beside them, in the place of ``carried``, the derivatives for their activations, with the desired
    outputs, ``targets``, away from the lines to the cost; ``earlier`` are δ of the layer before, in the place of
    ``collected``, the derivatives for its activations: nothing where they would have no room. ``digits`` are the
    decimals of values, if told. ``row_frame`` is around the first row, ``column_frame`` around the first column.
    """

    def __init__(
        self, network: Network, trace: BackwardPass, notation: Notation, digits: Mapping[float, int] | None = None
    ) -> None:
        self.L, self._trace, self._digits = network.L, trace, digits or {}
        self.diagram = NetworkDiagram(
            network, radius=_RADIUS, height=2 * _PITCH, v_buff=_PITCH, most=3,
            places={self.L - 1: _BEFORE, self.L: _LAST}, decimals=neuron_decimals(trace),
        ).shift(_MIDDLE * UP)  # fmt: skip
        self.cost = CostNode(trace, notation, self.diagram, buff=1.65)
        self.matrix = WeightMatrix(
            network, notation, self.L, trace=trace, font_size=38, width=4.75, height=2.7, most=3
        ).move_to([3.85, _MIDDLE, 0])
        letter = Symbol("W", notation.names.layer_name(self.L), "", Weight(self.L, "j", "k"))
        self.name = Formula(letter, font_size=44).next_to(self.matrix, LEFT, buff=0.3)
        self.name.set_y(self.matrix.brackets.get_y())
        self.rows = sorted({j for j, _ in self.matrix.places})
        self.columns = sorted({k for _, k in self.matrix.places})
        self.row_frame = self.frame(self.matrix.row(self.rows[0]), theme.colour(Weight(self.L, 0, 0)))
        self.column_frame = self.frame(self.matrix.column(self.columns[0]))
        self.carried = self._tags(self.L, RIGHT, Activation)
        self.targets = self._targets(notation)
        self.errors = self._tags(self.L, RIGHT, WeightedSum)
        self.collected = self._tags(self.L - 1, LEFT, Activation) if self.L > 1 else VGroup()
        self.earlier = self._tags(self.L - 1, LEFT, WeightedSum) if self.L > 1 else VGroup()

    @property
    def all(self) -> VGroup:
        """The whole picture, but for the frames and the indices of rows and columns."""
        return VGroup(self.diagram, self.aside)

    @property
    def aside(self) -> VGroup:
        """All of it but the network."""
        table = (part for part in self.matrix if part is not self.matrix.labels)
        return VGroup(*table, self.name, self.errors, self.earlier)

    @property
    def sources(self) -> list[tuple[Mobject, Weight]]:
        """The entries of the table, and what they are."""
        return [(self.matrix.entry(j, k), Weight(self.L, j, k)) for j, k in self.matrix.places]

    def into(self, j: int) -> list[Mobject]:
        """The edges drawn into neuron ``j`` of the last layer."""
        return [self.diagram.edge(self.L, w.j, w.k) for w in self._drawn if w.j == j]

    def out_of(self, k: int) -> list[Mobject]:
        """The edges drawn out of neuron ``k`` of the layer before."""
        return [self.diagram.edge(self.L, w.j, w.k) for w in self._drawn if w.k == k]

    def moves(self, j: int) -> list[tuple[Mobject, Mobject]]:
        """From the edges into neuron ``j`` to their entries in row j."""
        drawn = [w for w in self._drawn if w.j == j and (w.j, w.k) in self.matrix.places]
        return [(self.diagram.edge(self.L, w.j, w.k), self.matrix.entry(int(w.j), int(w.k))) for w in drawn]

    def edge_numbers(self, j: int) -> list[EdgeLabel]:
        """The weights into neuron ``j`` as numbers on their edges; none where they have no room."""
        labels = [
            EdgeLabel(
                entry.expression, edge, place=_PLACE, font_size=_ON_EDGE, color=entry[0].get_fill_color().to_hex()
            )
            for edge, entry in self.moves(j)
        ]
        return labels if all(label.width < _WIDEST for label in labels) else []

    def flight(self, j: int, numbers: list[EdgeLabel]) -> Compose:
        """Row j, whose entries leave their edges one after the other, the rightmost first: none flies over another.

        They go around the neuron, over it or, in the lower half, under it.
        """
        entries = [entry for _, entry in self.moves(j)] if numbers else []
        ways = [(label.formula, entry) for label, entry in zip(numbers, entries, strict=True)]
        middle = self.diagram.layer(self.L).get_y() - 0.1
        over = all(edge.get_end()[1] >= middle for edge in self.into(j))
        return Compose(self.matrix.row(j), ways[::-1], lag_ratio=0.35, path_arc=-_ARC if over else _ARC)

    def land(self, tags: VGroup) -> Animation:
        """Numbers come from the cost to their neurons."""
        start = self.cost.symbol.get_left() + 0.7 * LEFT
        return LaggedStart(*(FadeIn(tag, target_position=start) for tag in tags), lag_ratio=0.3)

    def back(self, k: int) -> Animation:
        """A light that runs back along what leads out of neuron ``k``."""
        ways = [Line(edge.get_end(), edge.get_start(), stroke_width=9, color=theme.ink) for edge in self.out_of(k)]
        return AnimationGroup(*(ShowPassingFlash(way, time_width=0.5) for way in ways))

    @staticmethod
    def frame(part: VGroup, color: str | None = None) -> RoundedRectangle:
        """A frame around a row or a column."""
        frame = RoundedRectangle(width=part.width + 0.2, height=part.height + 0.16, corner_radius=0.08)
        frame.overlaps_ok = True
        color = color or theme.highlight
        return frame.set_fill(color, 0.14).set_stroke(color, 2).move_to(part)

    def transposed_row(self, board: EquationBoard, k: int) -> VGroup:
        """Row k of the transposed table in an equation's numbers."""
        assert board.numbers is not None
        shown = [Weight(self.L, j, k) for j in self.rows if board.numbers.shows(Weight(self.L, j, k))]
        return VGroup(*(board.numbers.quantity(w) for w in shown))

    @property
    def _drawn(self) -> list[Weight]:
        return self.diagram.weights

    def _tags(self, layer: int, side: object, kind: type[Activation | WeightedSum]) -> VGroup:
        found = VGroup()
        for neuron in self.diagram.layer(layer):
            tag = self._tag(kind(layer, neuron.quantity.j), neuron)
            if tag.width > _TAG:
                return VGroup()
            tag.next_to(neuron, side, buff=0.16)
            found.add(tag.shift(max(0.0, theme.safe.left + 0.02 - tag.get_left()[0]) * RIGHT))
        return found

    def _targets(self, notation: Notation) -> VGroup:
        found, outputs = VGroup(), self.diagram.layer(self.L)
        edges = [self.cost.edge(neuron.quantity.j) for neuron in outputs]
        lines = np.array([np.linspace(edge.get_start(), edge.get_end(), 60) for edge in edges])
        for neuron, tag in zip(outputs, self.carried, strict=False):
            side = UP if neuron.get_y() > self.cost.symbol.get_y() + 0.1 else DOWN
            wish = desired_output(self._trace, notation, neuron)
            wish.fit(_TAG).next_to(tag, side, buff=0.07, aligned_edge=LEFT)
            if wish.get_bottom()[1] > _LOWEST and not near(wish, lines, _CLEAR):
                found.add(wish)
        return found

    def derivative(self, quantity: Activation | WeightedSum) -> Number:
        """The cost's derivative, as it is written everywhere here.

        One that is in no equation has the digits of which the equations' slope makes their δ.
        """
        value, layer, j = self._trace.derivative(quantity), int(quantity.layer), int(quantity.j)
        if value in self._digits or layer == self.L:
            return self._number(value)
        function, z = self._trace.network.activation[layer - 1], self._trace.forward.z[layer]
        assert not isinstance(function, OutputActivation), "of the last layer alone"
        slope, delta = self._number(float(function.df(z)[j])), self._number(float(self._trace.dz[layer][j]))
        tried = [Number(value, decimals_for(value, 3 + more)) for more in _MORE]
        agree = (each for each in tried if Relation((Product((each, slope)), delta), ("≈",)).adds_up())
        return next(agree, tried[0])

    def _number(self, value: float) -> Number:
        return Number(value, self._digits.get(value, decimals_for(value, 3)))

    def _tag(self, quantity: Activation | WeightedSum, neuron: Neuron) -> VGroup:
        _, plate, formula = PinnedNumber(self.derivative(quantity), neuron, font_size=28)
        return VGroup(plate, formula)
