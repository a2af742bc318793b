"""`columns`: rows of texts set as a table, on common baselines."""

from __future__ import annotations

from collections.abc import Sequence

from manim import LEFT, RIGHT, VGroup

from .formula import TextMobject

__all__ = ["columns"]


def columns(rows: Sequence[Sequence[TextMobject]], *, gap: float = 0.6, row: float = 0.7, align: str = "r") -> VGroup:
    """Move the texts into a table and return it as a group of rows, centred at the origin.

    ``align`` has one letter a column, ``l``, ``r`` or ``c``; the last one serves the columns after it.
    ``gap`` is the space between columns, ``row`` the distance of the baselines.

        table = columns([[Formula(a), Formula(b)], [Formula(c), Formula(d)]], align="lr")
    """
    left = 0.0
    for index in range(max(len(cells) for cells in rows)):
        cells = [cells[index] for cells in rows if index < len(cells)]
        width = max(cell.width for cell in cells)
        side = align[min(index, len(align) - 1)]
        edge = {"l": LEFT, "r": RIGHT, "c": None}[side]
        for cell in cells:
            cell.set_x(left + width / 2)
            if edge is not None:
                cell.align_to([left + width * (side == "r"), 0, 0], edge)
        left += width + gap
    for number, cells in enumerate(rows):
        for cell in cells:
            cell.on_baseline(-number * row)
    return VGroup(*(VGroup(*cells) for cells in rows)).center()
