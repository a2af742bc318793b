"""The numbers of formulas that a film has calculated, each with an expression that `Recalculation` understands.

>>> from backprop_math.autodiff import parse_formula
>>> names = named_in([parse_formula("x*y + sin(x)", {"x": 2, "y": 3}).graph()])
>>> next(name() for value, name in names if value == 6.0)
'let({x: 2.0, y: 3.0, v2: x * y, v3: sin(x), f: v2 + v3}, v2)'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from backprop_math import FormulaGraph

__all__ = ["named_in"]

_SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "**", "float_power": "**"}
_SIGNS["varying power"] = "**"
#: Inputs from which each node has its own forward sweep, at most.
_FORWARD = 6


def named_in(graphs: Iterable[FormulaGraph[Any]]) -> list[tuple[float, Callable[[], str]]]:
    """All values of the graphs' nodes, the slopes of their edges, and the derivatives of both sweeps.

    With each comes what writes its expression.
    """
    return [found for graph in graphs for found in _Let(graph).all()]


class _Let:
    """What may be asked of one graph."""

    def __init__(self, graph: FormulaGraph[Any]) -> None:
        self._graph = graph
        self._names = {node: _name(node, place) for place, node in enumerate(graph.nodes)}
        if len(set(self._names.values())) < len(self._names):
            self._names = {node: f"v{place}" for place, node in enumerate(graph.nodes)}

    def all(self) -> Iterator[tuple[float, Callable[[], str]]]:
        graph, names = self._graph, self._names
        inputs = [node for node in graph.nodes if node.rule is None]
        for node, name in names.items():
            yield node.value, partial(self._said, name)
        for edge in graph.edges:
            yield edge.value, partial(self._said, f"slope({names[edge.of]}, {names[edge.wrt]})")
        for output in graph.outputs:
            for node, value in graph.reverse_sweep(output).items():
                yield value, partial(self._said, f"d({names[output]}, {names[node]})")
        for wrt in inputs[:_FORWARD]:
            for node, value in graph.forward_sweep(wrt).items():
                yield value, partial(self._said, f"d({names[node]}, {names[wrt]})")

    def _said(self, asked: str) -> str:
        given = ", ".join(f"{name}: {_written(node, self._names)}" for node, name in self._names.items())
        return f"let({{{given}}}, {asked})"


def _name(node: Any, place: int) -> str:
    return node.name if node.name.isidentifier() else f"v{place}"


def _written(node: Any, names: Mapping[Any, str]) -> str:
    """A node's definition in Python's signs."""
    if node.rule is None:
        return repr(float(node.value))
    arguments = [repr(float(each)) if isinstance(each, float) else names[each] for each in node.arguments]
    sign, rule = _SIGNS.get(node.rule.name), node.rule.name
    if sign and len(arguments) == 2:
        return f" {sign} ".join(f"({each})" if each.startswith("-") else each for each in arguments)
    if rule in ("negative", "positive", "conjugate"):
        return f"{'-' if rule == 'negative' else ''}({arguments[0]})"
    return f"{rule}({', '.join(arguments)})"
