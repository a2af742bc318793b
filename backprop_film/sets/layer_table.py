"""`LayerTable`: the last layer of a network beside its table of weights; rows, columns and edges light up together.

In a scene::

    table = LayerTable(network, trace, notation)
    self.add(table.diagram, table.matrix.brackets, table.name)
    for j in table.rows:
        self.play(Compose(table.matrix.row(j), table.moves(j)))
    self.play(Light([table.diagram], table.out_of(0)), Create(table.column_frame))
"""

from __future__ import annotations

from manim import LEFT, RIGHT, UP, Animation, AnimationGroup, Line, Mobject, RoundedRectangle, ShowPassingFlash, VGroup

from backprop_math import BackwardPass, Network, Notation, Number, Symbol, Weight, WeightedSum
from backprop_math.formula import decimals_for

from ..kit.formula import Formula
from ..kit.network_diagram import NetworkDiagram
from ..kit.neuron import Neuron
from ..kit.pinned_number import PinnedNumber
from ..kit.theme import theme
from ..kit.weight_matrix import WeightMatrix
from .layer_equations_board import EquationBoard

__all__ = ["LayerTable"]

_BEFORE, _LAST, _MIDDLE, _RADIUS, _PITCH = -4.6, -2.35, 1.45, 0.38, 1.1
_WIDEST = 1.3  # of a number beside a neuron


class LayerTable:
    """``diagram`` and ``matrix`` (with its ``name``), ``all`` of it; ``rows`` and ``columns`` are the indices shown.

    ``errors`` are δ of the last layer's neurons, beside them, ``earlier`` those of the layer before: nothing where they
    would have no room. ``row_frame`` is around the first row, ``column_frame`` around the first column.
    """

    def __init__(self, network: Network, trace: BackwardPass, notation: Notation) -> None:
        self.L, self._trace = network.L, trace
        self.diagram = NetworkDiagram(
            network, radius=_RADIUS, height=2 * _PITCH, v_buff=_PITCH, most=3,
            places={self.L - 1: _BEFORE, self.L: _LAST},
        ).shift(_MIDDLE * UP).show(trace)  # fmt: skip
        self.matrix = WeightMatrix(
            network, notation, self.L, trace=trace, font_size=38, width=4.75, height=2.7, most=3
        ).move_to([3.85, _MIDDLE, 0])
        letter = Symbol("W", notation.names.layer_name(self.L), "", Weight(self.L, "j", "k"))
        self.name = Formula(letter, font_size=44).next_to(self.matrix, LEFT, buff=0.3)
        self.name.set_y(self.matrix.brackets.get_y())
        self.rows = sorted({j for j, _ in self.matrix.places})
        self.columns = sorted({k for _, k in self.matrix.places})
        self.row_frame = _frame(self.matrix.row(self.rows[0]), theme.colour(Weight(self.L, 0, 0)))
        self.column_frame = _frame(self.matrix.column(self.columns[0]), theme.highlight)
        self.errors = self._tags(self.L, RIGHT)
        self.earlier = self._tags(self.L - 1, LEFT) if self.L > 1 else VGroup()

    @property
    def all(self) -> VGroup:
        """The whole picture, but for the frames."""
        return VGroup(self.diagram, self.matrix, self.name, self.errors, self.earlier)

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

    def back(self, k: int) -> Animation:
        """A light that runs back along what leads out of neuron ``k``."""
        ways = [Line(edge.get_end(), edge.get_start(), stroke_width=9, color=theme.ink) for edge in self.out_of(k)]
        return AnimationGroup(*(ShowPassingFlash(way, time_width=0.5) for way in ways))

    def transposed_row(self, board: EquationBoard, k: int) -> VGroup:
        """Row k of the transposed table in an equation's numbers."""
        assert board.numbers is not None
        shown = [Weight(self.L, j, k) for j in self.rows if board.numbers.shows(Weight(self.L, j, k))]
        return VGroup(*(board.numbers.quantity(w) for w in shown))

    @property
    def _drawn(self) -> list[Weight]:
        return self.diagram.weights

    def _tags(self, layer: int, side: object) -> VGroup:
        found = VGroup()
        for neuron in self.diagram.layer(layer):
            tag = self._tag(layer, neuron)
            if tag.width > _WIDEST:
                return VGroup()
            found.add(tag.next_to(neuron, side, buff=0.16))
        return found

    def _tag(self, layer: int, neuron: Neuron) -> VGroup:
        value = self._trace.derivative(WeightedSum(layer, neuron.quantity.j))
        _, plate, formula = PinnedNumber(Number(value, decimals_for(value, 3)), neuron, font_size=28)
        return VGroup(plate, formula)


def _frame(part: VGroup, color: str) -> RoundedRectangle:
    frame = RoundedRectangle(width=part.width + 0.2, height=part.height + 0.16, corner_radius=0.08)
    frame.overlaps_ok = True
    return frame.set_fill(color, 0.14).set_stroke(color, 2).move_to(part)
