"""`GradientColumn`: the gradient of the cost, one entry for each weight and bias, its symbol beside its value.

In a scene::

    column = GradientColumn(trace, notation)
    self.play(FadeIn(column.brackets, column.dots))
    self.play(LaggedStart(*(FadeIn(column.entry(quantity)) for quantity in column.shown)))
"""

from __future__ import annotations

from collections.abc import Sequence

from manim import UP, VGroup

from backprop_math import BackwardPass, Cost, Glyph, Notation, Quantity
from backprop_math.formula import in_one_form

from .arguments import followed
from .columns import columns
from .formula import Formula
from .open_path import OpenPath
from .texts import TextMobject
from .theme import POINTS, theme

__all__ = ["GradientColumn", "brackets"]


class GradientColumn(VGroup):
    """The entries of some parameters (all of the network's, unless given), in square brackets.

    Of more than ``first + last`` the ones between are dots. ``entry(q)`` is a parameter's row, of ``symbol``
    and ``value`` (`KeyError` where the dots stand); ``brackets`` and ``dots`` are the rest. ``cost`` names the
    cost differentiated, ``values`` replaces the trace's derivatives (a mean over examples, say); ``v_buff`` and
    ``h_buff`` are the distances of the rows and of the columns, ``font_size`` is that of the numbers, ``symbol_size``
    the symbols' part of it. Numbers have ``decimals``, or more, or a power of ten, all of them alike, where one that is
    not 0 would be shown as 0.
    """

    def __init__(
        self,
        trace: BackwardPass,
        notation: Notation,
        parameters: Sequence[Quantity] | None = None,
        *,
        first: int = 2,
        last: int = 2,
        decimals: int = 4,
        v_buff: float = 1.03,
        h_buff: float = 0.55,
        font_size: float = 42.24,
        symbol_size: float = 31 / 44,
        cost: Cost | None = None,
        values: dict[Quantity, float] | None = None,
    ) -> None:
        super().__init__()
        followed("GradientColumn", trace, "derivative", "a trace with derivatives")
        everything = trace.network.parameters if parameters is None else parameters
        elided = len(everything) > first + last
        self.shown = shown = [*everything[:first], *everything[-last:]] if elided else list(everything)
        self._entries: dict[Quantity, VGroup] = {}
        rows: list[list[TextMobject]] = []
        slopes = [trace.derivative(quantity) if values is None else values[quantity] for quantity in shown]
        for quantity, number in zip(shown, in_one_form(slopes, decimals), strict=True):
            symbol = Formula(notation.derivative_symbol(cost or Cost(), quantity), font_size=symbol_size * font_size)
            rows.append([symbol, Formula(number, font_size=font_size)])
        if elided:
            rows.insert(first, [Formula(Glyph("vdots"), font_size=46 / 44 * font_size) for _ in range(2)])
        table = columns(rows, h_buff=h_buff, v_buff=v_buff, align="cr")
        self.dots = VGroup()
        if elided:
            # Dots need less room than fractions.
            self.dots = table[first].shift(0.12 * UP)
            self.dots[1].set_x(VGroup(*(cells[1] for cells in table)).get_x())
            table[first + 1 :].shift(0.32 * UP)
        entries = [cells for cells in table if cells is not self.dots]
        self._entries = dict(zip(shown, entries, strict=True))
        self.brackets = brackets(table)
        self.add(self.brackets, *table)
        self.center()

    def __contains__(self, quantity: object) -> bool:
        return quantity in self._entries

    @property
    def smallest(self) -> float:
        """The size of its smallest formulas, in units."""
        return min(part.font_size for cells in self._entries.values() for part in cells) / POINTS

    def entry(self, quantity: Quantity) -> VGroup:
        """A parameter's row: its derivative's symbol and value."""
        return self._entries[quantity]

    def value(self, quantity: Quantity) -> Formula:
        """The number in a parameter's row."""
        return self._entries[quantity][1]


def brackets(column: VGroup, buff: float = 0.22) -> VGroup:
    """Square brackets around something."""
    left, right = column.get_left()[0] - buff, column.get_right()[0] + buff
    top, bottom = column.get_top()[1] + 0.12, column.get_bottom()[1] - 0.12
    lines = VGroup()
    for x, inward in ((left, 0.14), (right, -0.14)):
        corners = [[x + inward, top, 0], [x, top, 0], [x, bottom, 0], [x + inward, bottom, 0]]
        lines.add(OpenPath(corners, stroke_color=theme.ink, stroke_width=2.5))
    return lines
