"""Both sweeps over a formula's graph, step by step: what each node gets, from what its neighbours have got.

In reverse, ∂f/∂v adds up, over all that is calculated from v, their slope times what they have; forward, ∂v/∂x adds up
over all that v is calculated from (Griewank and Walther, *Evaluating Derivatives*, chapter 3).

>>> from backprop_math.autodiff import parse_formula
>>> graph = parse_formula("x*y + sin(x)", {"x": 2, "y": 3}).graph()
>>> for step in reverse_steps(graph, graph.outputs[0]):
...     print(step.formulas, step.numbers, sep="; ")
∂f/∂v₂ = 1; ∂f/∂v₂ = 1.00
∂f/∂v₁ = 1; ∂f/∂v₁ = 1.00
∂f/∂y = x ∂f/∂v₁; ∂f/∂y = 2.00 · 1.00 = 2.00
∂f/∂x = y ∂f/∂v₁ + cos(x) ∂f/∂v₂; ∂f/∂x ≈ 3.00 · 1.00 − 0.42 · 1.00 ≈ 2.58
>>> [str(step.symbols) for step in forward_steps(graph, graph.nodes[1])]
['∂v₁/∂y = ∂v₁/∂y', '∂f/∂y = ∂f/∂v₁ · ∂v₁/∂y']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..formula import Expression, Number, Relation, Term, added, adding_up, decimals_for, multiplied
from .formula_graph import FormulaGraph
from .variable import Var

__all__ = ["SweepStep", "forward_steps", "reverse_steps"]


@dataclass(frozen=True)
class SweepStep:
    """A node that a sweep reaches, and its derivative: with ``symbols``, with ``formulas`` for the slopes, in numbers.

    ``value`` is the derivative itself.
    """

    node: Var
    value: float
    symbols: Relation
    formulas: Relation
    numbers: Relation


def reverse_steps(graph: FormulaGraph[Var], of: Var, decimals: int = 2) -> Iterator[SweepStep]:
    """∂of/∂v for every node v that ``of`` is calculated from, each after all that is calculated from it."""
    found = graph.reverse_sweep(of)
    for node in reversed(graph.nodes):
        if node is not of and graph.count_paths(of, node):
            children = (child for child in graph.children(node) if isinstance(child, Var))
            edges = [(child, node) for child in children if graph.count_paths(of, child)]
            carried = [(graph.derivative_symbol(of, child), found[child], child is of) for child, _ in edges]
            yield _step(graph, node, graph.derivative_symbol(of, node), found[node], edges, carried, decimals)


def forward_steps(graph: FormulaGraph[Var], wrt: Var, decimals: int = 2) -> Iterator[SweepStep]:
    """∂v/∂wrt for every node v that is calculated from ``wrt``, each after all that it is calculated from."""
    found = graph.forward_sweep(wrt)
    for node in graph.nodes:
        if node is not wrt and graph.count_paths(node, wrt):
            edges = [(node, parent) for parent in node.parents if graph.count_paths(parent, wrt)]
            carried = [(graph.derivative_symbol(parent, wrt), found[parent], parent is wrt) for _, parent in edges]
            yield _step(graph, node, graph.derivative_symbol(node, wrt), found[node], edges, carried, decimals)


def _step(
    graph: FormulaGraph[Var],
    node: Var,
    left: Term,
    value: float,
    edges: list[tuple[Var, Var]],
    carried: list[tuple[Term, float, bool]],
    decimals: int,
) -> SweepStep:
    """``left`` as the sum, over the edges, of the edge's slope times what is ``carried`` to it.

    That is a symbol, its value, and whether it is the 1 that the sweep starts with.
    """

    def number(term: Term, found: float) -> Term:
        return Term(term.name, Number(found, decimals_for(found, decimals)))

    def total(slopes: Iterable[Expression], others: Iterable[Expression], ones: Iterable[bool]) -> Expression:
        terms = []
        for slope, other, is_one, (_, _, is_start) in zip(slopes, others, ones, carried, strict=True):
            terms.append(multiplied([slope] if is_start else [other] if is_one else [slope, other]))
        return added(terms)

    slopes = [graph.derivative_symbol(*edge) for edge in edges]
    locals_ = [graph.local_derivative(*edge) for edge in edges]
    ones = [formula == Number(1.0, 0) for formula in locals_]
    symbols = [symbol for symbol, _, _ in carried]
    arithmetic = total(
        [number(slope, graph.edge(*edge).value) for slope, edge in zip(slopes, edges, strict=True)],
        [number(symbol, found) for symbol, found, _ in carried],
        ones,
    )
    return SweepStep(
        node,
        value,
        Relation((left, total(slopes, symbols, [False] * len(edges))), ("=",)),
        Relation((left, total(locals_, symbols, ones)), ("=",)),
        adding_up(left, arithmetic, value, decimals, significant=3),
    )
