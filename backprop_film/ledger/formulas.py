"""The numbers of formulas that a film has calculated, each with its calculation as Python has it.

>>> from backprop_math import Var
>>> x, h = Var(3.0, "x"), Var(0.5, "h")
>>> names = named_in([(((x + h) * (x + h) - x * x) / h).graph()])
>>> [name for value, name in names if value == 12.25]
['((3.0) + (0.5)) * ((3.0) + (0.5))']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from backprop_math import FormulaGraph

from ..kit.shown_number import arithmetic

__all__ = ["named_in"]


def named_in(graphs: Iterable[FormulaGraph[Any]]) -> list[tuple[float, str]]:
    """The value of each node of the graphs with its calculation, where that is arithmetic and not too long."""
    return [found for graph in graphs for found in _nodes(graph)]


def _nodes(graph: FormulaGraph[Any]) -> Iterator[tuple[float, str]]:
    for node in graph.nodes:
        try:
            calculation = arithmetic(graph.calculation(node))
        except ValueError:
            continue
        if calculation:
            yield node.value, calculation
