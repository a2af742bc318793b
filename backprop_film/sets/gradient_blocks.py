"""`GradientBlocks`: the gradient of a network's last two layers, a block a layer, each entry a number and a bar.

In a scene::

    blocks = GradientBlocks(trace, notation, found={Weight(2, 1, 0): Number(trace.derivative(Weight(2, 1, 0)), 3)})
    self.play(LaggedStart(*(FadeIn(row) for row in blocks.rows(2))))
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from manim import DOWN, LEFT, RIGHT, Line, Rectangle, VGroup

from backprop_math import BackwardPass, Cost, Derivative, Expression, Glyph, Notation, Parameter

from ..kit.formula import Formula
from ..kit.texts import Prose
from ..kit.theme import MIN_FONT_SIZE, theme
from .last_layers_layout import LastLayersLayout
from .path_figures import short_decimal

__all__ = ["GradientBlocks"]

_PITCH, _MOST, _FIRST, _BAR, _APART = 0.54, 9, 5, 0.3, 0.4
_NAME = 30.0
_HEAD, _OVER = 31.0, 0.16  # what stands over the names, and how far
_LONG = 1.55  # a column of numbers is no wider


class GradientBlocks(VGroup):
    """``row(q)`` is a parameter's entry: its name, its derivative's value, a bar; ``rows(layer)`` has a layer's.

    ``heads[layer]`` stands over a block: which layer it is, and ∂C₀/∂… over the names. Of many parameters the first
    ones and the last are there, and those ``found`` before, whose numbers are as they were then; "13 more" stands for
    the others.
    """

    def __init__(self, trace: BackwardPass, notation: Notation, *, found: Mapping[Parameter, Expression]) -> None:
        super().__init__()
        network, last = trace.network, trace.network.L
        self._rows: dict[Parameter, VGroup] = {}
        self._layers: dict[int, list[VGroup]] = {}
        self.heads: dict[int, VGroup] = {}
        end = len(network.parameters)
        for layer in range(last, max(0, last - 2), -1):
            start = end - network.W[layer].size - network.b[layer].size
            self._layers[layer] = self._block(trace, notation, start, end, found)
            name = Prose("last layer" if layer == last else "the layer before", font_size=27, color=theme.secondary)
            self.heads[layer] = VGroup(name, _by_what_is_below(notation))
            end = start
        self.left = end
        shown = [abs(trace.derivative(q)) for q in self._rows]
        largest = max(shown, default=0.0) or 1.0
        for block, layer in enumerate(self._layers):
            self._arrange(trace, layer, largest)
            whole = VGroup(self.heads[layer], *self._layers[layer])
            if block:
                whole.next_to(self[0], RIGHT, buff=_APART).align_to(self[0], direction=[0, 1, 0])
            self.add(whole)
        self.center()

    def _block(
        self, trace: BackwardPass, notation: Notation, start: int, end: int, found: Mapping[Parameter, Expression]
    ) -> list[VGroup]:
        parameters, count = trace.network.parameters, end - start
        if count <= _MOST:
            shown = list(parameters[start:end])
        else:
            own = [q for q in found if q in parameters[start : start + 1] or self._within(trace, q, start, end)]
            head = [q for q in parameters[start : start + _FIRST] if q not in own]
            tail = [q for q in parameters[end - 2 : end] if q not in own]
            shown = [*head[: _FIRST - len(own)], *own, *tail]
        rows = []
        for q in shown:
            value = trace.derivative(q)
            number = found.get(q) or short_decimal(value)
            row = VGroup(Formula(notation.symbol(q), font_size=_NAME), Formula(number, font_size=33))
            self._rows[q] = row
            rows.append(row)
        if count > _MOST:
            hidden = Prose(f"{count - len(shown):,} more", font_size=27, color=theme.secondary)
            rows.insert(len(rows) - 2, VGroup(hidden))
        return rows

    @staticmethod
    def _within(trace: BackwardPass, q: Parameter, start: int, end: int) -> bool:
        network = trace.network
        return q.layer == next(
            layer
            for layer in range(1, network.L + 1)
            if sum(network.W[i].size + network.b[i].size for i in range(1, layer)) == start
        )

    def _arrange(self, trace: BackwardPass, layer: int, largest: float) -> None:
        """Names right-aligned, numbers after them, then the bars about their axis."""
        rows = self._layers[layer]
        entries = {id(row): q for q, row in self._rows.items()}
        numbers = [row[1] for row in rows if id(row) in entries]
        width = max((number.width for number in numbers), default=1.0)
        if width > _LONG:
            for number in numbers:
                number.scale(_LONG / width)
            width = _LONG
        counted = [row.width for row in rows if id(row) not in entries]
        axis = max(0.3 + width + 0.2 + _BAR, *(width + 0.12 for width in counted), 0.0)
        for i, row in enumerate(rows):
            y = -_PITCH * i
            if id(row) not in entries:
                row.align_to([0.0, 0, 0], LEFT)
                row[0].on_baseline(y)
                continue
            row[0].on_baseline(y).align_to([0.0, 0, 0], RIGHT)
            row[1].on_baseline(y).align_to([0.3 + width, 0, 0], RIGHT)
            length = trace.derivative(entries[id(row)]) / largest * _BAR
            bar = Rectangle(width=max(abs(length), 0.015), height=0.2, stroke_width=0, fill_opacity=1)
            bar.set_fill(theme.highlight).align_to([axis, 0, 0], LEFT if length >= 0 else RIGHT).set_y(row[1].get_y())
            row.add(bar)
        top, bottom = rows[0].get_top()[1] + 0.05, rows[-1].get_bottom()[1] - 0.05
        line = Line([axis, top, 0], [axis, bottom, 0], stroke_width=1.5, color=theme.line)
        head = self.heads[layer]
        head[1].align_to([0.0, rows[0].get_top()[1] + _OVER, 0], RIGHT + DOWN)
        head[0].align_to([0.3, 0, 0], LEFT).set_y(head[1].get_y())
        head.add(line)

    def beside(self, place: LastLayersLayout) -> Self:
        """Put it at the left of the board, no wider than the room there; long numbers move the blocks together."""
        left, room = place.board.left, theme.safe.right - place.board.left - 0.02
        smallest = min([_NAME, *(row[1].font_size for row in self._rows.values())])
        excess = self.width - room * smallest / MIN_FONT_SIZE * 0.99
        if excess > 0 and len(self) > 1:
            self[1].shift(min(excess, _APART - 0.15) * LEFT)
        return self.scale(min(1.0, room / self.width)).move_to([left + room / 2, 0.1, 0])

    def __contains__(self, quantity: object) -> bool:
        return quantity in self._rows

    def row(self, quantity: Parameter) -> VGroup:
        """A parameter's entry. `KeyError` where it is among those that are left out."""
        return self._rows[quantity]

    def rows(self, layer: int) -> list[VGroup]:
        """The entries of a layer, from the top, and what stands for the others."""
        return self._layers[layer]


def _by_what_is_below(notation: Notation) -> Formula:
    """``∂C₀/∂…``: a name alone would stand for the weight's own value."""
    return Formula(Derivative(notation.symbol(Cost()), Glyph("dots")), font_size=_HEAD)
