"""A formula's derivatives in writing: its graph, both sweeps step by step, and what each way of finding them costs.

>>> graph = formula_graph("x*y + sin(x)", "x=2,y=3")
>>> for way in costs(graph):
...     print(way.name, way.rounds, way.operations)
reverse mode 1 9
forward mode 2 10
nudging 3 9
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from backprop_math import FormulaGraph, Number, Relation, Var
from backprop_math.autodiff import SweepStep, forward_steps, parse_formula, reverse_steps

from .errors import Problem
from .explain import Section

__all__ = ["Way", "as_json", "costs", "formula_graph", "formula_sections"]


@dataclass(frozen=True)
class Way:
    """A way to find all derivatives: how often it goes through the formula, and its operations, all rounds together."""

    name: str
    rounds: int
    operations: int


def formula_graph(text: str, at: str) -> FormulaGraph[Var]:
    """The graph of the formula at ``x=2,y=3``; `Problem` for what is no such formula, or no such values."""
    values: dict[str, float] = {}
    for part in filter(None, map(str.strip, at.split(","))):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        try:
            if not (name and equals) or name in values:
                raise ValueError
            values[name] = float(value)
        except ValueError:
            twice = " a second time" if name in values else ""
            raise Problem(f"--at: found {part!r}{twice}, expected a value for each variable, such as x=2,y=3") from None
    try:
        return parse_formula(text, values).graph()
    except ValueError as error:
        raise Problem(str(error)) from None


def costs(graph: FormulaGraph[Var]) -> list[Way]:
    """Reverse mode, forward mode, and a nudge for each input: an operation is a node, a product or a sum."""
    (of,) = graph.outputs
    once = sum(node.rule is not None for node in graph.nodes)
    sweeps = [graph.forward_sweep(node) for node in graph.inputs]
    back = graph.reverse_sweep(of)
    return [
        Way("reverse mode", 1, once + back.multiplications + back.additions),
        Way("forward mode", len(sweeps), once + sum(sweep.multiplications + sweep.additions for sweep in sweeps)),
        Way("nudging", len(sweeps) + 1, once * (len(sweeps) + 1)),
    ]


def formula_sections(graph: FormulaGraph[Var]) -> Iterator[Section]:
    """The value forward, the sweep in reverse, a sweep forward for each input, and what they cost."""
    (of,) = graph.outputs
    given = tuple(Relation((graph.symbol(node), graph.number(node)), ("=",)) for node in graph.inputs)
    calculated = [node for node in graph.nodes if node.rule]
    definitions = (graph.definition(node).followed_by(graph.with_numbers(node)) for node in calculated)
    yield Section("Forward: the value", (*given, *definitions))
    start = Relation((graph.derivative_symbol(of, of), Number(1.0, 0)), ("=",))
    yield Section("Reverse mode: one sweep, for all inputs", (start, *map(_written, reverse_steps(graph, of))))
    for wrt in graph.inputs:
        start = Relation((graph.derivative_symbol(wrt, wrt), Number(1.0, 0)), ("=",))
        steps = map(_written, forward_steps(graph, wrt))
        yield Section(f"Forward mode: a sweep for {graph.symbol(wrt).text()}", (start, *steps))


def _written(step: SweepStep) -> Relation:
    """With formulas for the slopes, then in numbers; a slope that is a number is not written twice."""
    constant = isinstance(step.formulas.sides[1], Number)
    return step.numbers if constant else step.formulas.followed_by(step.numbers)


def as_json(graph: FormulaGraph[Var], text: str) -> dict[str, Any]:
    """The nodes with their values and derivatives, the edges, and the costs, unrounded."""
    (of,) = graph.outputs
    names = {node: graph.symbol(node).text() for node in graph.nodes}
    back = graph.reverse_sweep(of)
    forward = {names[node]: graph.forward_sweep(node) for node in graph.inputs}
    return {
        "formula": text,
        "nodes": [
            {
                "name": names[node],
                "operation": node.rule.name if node.rule else None,
                "value": node.value,
                "reverse": back[node],
                "forward": {name: sweep[node] for name, sweep in forward.items()},
            }
            for node in graph.nodes
        ],
        "edges": [{"of": names[e.of], "with_respect_to": names[e.wrt], "value": e.value} for e in graph.edges],  # type: ignore[index]
        "costs": [asdict(way) for way in costs(graph)],
    }
