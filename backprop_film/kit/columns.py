"""`columns` and `rules_after`: rows of texts set as a table, on common baselines."""

from __future__ import annotations

from collections.abc import Sequence

from manim import DOWN, LEFT, RIGHT, UP, Line, VGroup

from .texts import TextMobject
from .theme import theme

__all__ = ["columns", "rules_after"]


def columns(
    rows: Sequence[Sequence[TextMobject]], *, h_buff: float = 0.6, v_buff: float = 0.7, align: str = "r"
) -> VGroup:
    """Move the texts into a table and return it as a group of rows, centred at the origin.

    ``align`` has one letter a column, ``l``, ``r`` or ``c``; the last one serves the columns after it.
    ``h_buff`` is the space between columns, ``v_buff`` the distance of the baselines.

        quantities = [Weight(3, 0, 0), Bias(3, 0), Cost()]
        self.add(columns([[Formula(notation.symbol(q)), Readout(trace, q)] for q in quantities], align="lr"))
    """
    left = 0.0
    for index in range(max(len(cells) for cells in rows)):
        column = [cells[index] for cells in rows if index < len(cells)]
        width = max(cell.width for cell in column)
        side = align[min(index, len(align) - 1)]
        edge = {"l": LEFT, "r": RIGHT, "c": None}[side]
        for cell in column:
            cell.set_x(left + width / 2)
            if edge is not None:
                cell.align_to([left + width * (side == "r"), 0, 0], edge)
        left += width + h_buff
    for number, cells in enumerate(rows):
        for cell in cells:
            cell.on_baseline(-number * v_buff)
    return VGroup(*(VGroup(*cells) for cells in rows)).center()


def rules_after(table: VGroup, *after: int, buff: float = 0.17) -> VGroup:
    """Open a table after some rows and put a rule there; the rules are returned in that order.

    table = columns([[Prose("layer"), Prose("neurons")], [Prose("0"), Prose("784")], [Prose("1"), Prose("30")]])
    self.add(table, rules_after(table, 0))
    """
    rules: dict[int, Line] = {}
    for row in sorted(after, reverse=True):
        above, below = VGroup(*table[: row + 1]), VGroup(*table[row + 1 :], *rules.values())
        above.shift((below.get_top()[1] + 2 * buff - above.get_bottom()[1]) * UP)
        half = table.width / 2 + 0.15
        rules[row] = Line(half * LEFT, half * RIGHT, stroke_width=2, color=theme.line)
        rules[row].next_to(above, DOWN, buff=buff).set_x(table.get_x())
    return VGroup(*(rules[row] for row in after))
