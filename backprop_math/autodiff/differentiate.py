"""Automatic differentiation: a formula written in Python becomes a `ComputationGraph`, which has its derivatives.

A `Var` is a number that remembers how it was calculated. Python's operators and NumPy's functions take it, an array of
them also ``@``; each operation is a line of `RULES`, or an activation function by its name.

>>> x, y = Var(2.0, "x"), Var(3.0, "y")
>>> f = (x * y + np.sin(x)).named("f")
>>> sweep = reverse_sweep(f)
>>> sweep[y], round(sweep[x], 4), sweep.multiplications, sweep.additions
(2.0, 2.5839, 5, 1)
>>> for node in f.graph().nodes[2:]:
...     print(f.graph().definition(node))
v₁ = x y
v₂ = sin(x)
f = v₁ + v₂

The gradient of any function of numbers and arrays; its arguments give the names:

>>> result = gradient(lambda w, a, b: apply("sigmoid", np.sum(w * a) + b))([1.0, -2.0], [0.5, 0.25], 0.0)
>>> result.value, [np.round(g, 4).tolist() for g in result.gradient]
(0.5, [[0.125, 0.0625], [0.25, -0.5], 0.25])
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from numbers import Real
from typing import Any, Literal

import numpy as np

from ..network import ComputationGraph, Edge, Sweep
from .formula_graph import FormulaGraph, kind_of
from .parsed import typeset_name
from .variable import Var, VarArray, apply, as_variables, variables

__all__ = ["FunctionGradient", "Var", "VarArray", "apply", "forward_sweep", "gradient", "reverse_sweep", "variables"]

# The inputs of the gradients that are being calculated around this one.
_VARYING: ContextVar[frozenset[Var]] = ContextVar("varying", default=frozenset())


def reverse_sweep(of: Var) -> Sweep:
    """The derivatives of one node with respect to all that it is calculated from, in one sweep.

    `TypeError` for what is no `Var`.
    """
    return _var("of", of).graph().reverse_sweep(of)


def forward_sweep(wrt: Var, of: Var | Iterable[Var]) -> Sweep:
    """The derivatives of all nodes of the calculation of ``of`` with respect to one, in one sweep.

    `TypeError` for what is no `Var`.
    """
    outputs = of if isinstance(of, Iterable) else [_var("of", of)]
    return FormulaGraph(outputs).forward_sweep(_var("wrt", wrt))


def _var(name: str, found: object) -> Var:
    if not isinstance(found, Var):
        raise TypeError(f"{name}: found {kind_of(found)}, expected a Var")
    return found


@dataclass(frozen=True, eq=False)
class FunctionGradient:
    """A function's ``value`` at its arguments, and its ``gradient``: for each argument its derivative, of its shape.

    ``multiplications`` and ``additions`` are those of all sweeps together; ``graph`` is `None` where the value is
    a constant. Within another gradient, the value and the derivatives are `Var`, and can be differentiated again.
    """

    value: Any
    gradient: tuple[Any, ...]
    multiplications: int
    additions: int
    graph: FormulaGraph[Var] | None


def gradient(f: Callable[..., Any], mode: Literal["reverse", "forward"] = "reverse") -> Callable[..., FunctionGradient]:
    """The function that calculates ``f`` and its gradient: in one reverse sweep, or one forward sweep an input.

    ``f`` is given a `Var` for each number and a `VarArray` of its own for each array, and returns one `Var`;
    `ValueError` if it returns several, `TypeError` for an operation without a rule. ``f`` may use a gradient itself:

    >>> slope = gradient(lambda x: gradient(lambda y: y**3)(x).gradient[0])
    >>> slope(2.0).value, slope(2.0).gradient  # 3x² and 6x
    (12.0, (12.0,))
    """
    if mode not in ("reverse", "forward"):
        raise ValueError(f"mode: found {mode!r}, expected 'reverse' or 'forward'")

    def at(*arguments: Any) -> FunctionGradient:
        inputs = [_input(value, name) for value, name in zip(arguments, argument_names(f), strict=False)]
        nodes = {node: None for each in inputs for node in _nodes(each)}
        around = _VARYING.get()
        mark = _VARYING.set(around | nodes.keys())
        try:  # A function may write into its arrays; the inputs are remembered apart.
            of = _one_number(f(*(each.copy() if isinstance(each, VarArray) else each for each in inputs)))
        finally:
            _VARYING.reset(mark)
        if not isinstance(of, Var):
            constant = tuple(_like(each, [0.0] * each.size) if isinstance(each, VarArray) else 0.0 for each in inputs)
            return FunctionGradient(float(of), constant, 0, 0, None)
        graph = of.graph()
        calculation: ComputationGraph = graph
        if inner := any(node in around or (node in nodes and node.rule) for node in graph.nodes):
            calculation = _from_inputs(graph, nodes)
        known = set(calculation.nodes)
        reached = [node for node in nodes if node in known]
        slopes: dict[Var, Any] = {}
        multiplications = additions = 0
        for start in [of] if mode == "reverse" else reached:
            if of not in known:
                break
            sweep = calculation.reverse_sweep(of) if mode == "reverse" else calculation.forward_sweep(start)
            slopes |= {node: sweep[node] for node in reached} if mode == "reverse" else {start: sweep[of]}
            multiplications += sweep.multiplications
            additions += sweep.additions
        found = tuple(_like(each, [slopes.get(node, 0.0) for node in _nodes(each)]) for each in inputs)
        return FunctionGradient(of if inner else of.value, found, multiplications, additions, graph)

    return at


def _input(value: Any, name: str) -> Any:
    """The variables of one argument; a `Var` of an outer gradient gives one that is calculated from it."""
    entries = [value] if isinstance(value, Var) else _flat(value)
    if not any(isinstance(each, Var) for each in entries):
        return variables(value, name)
    inputs = [apply("positive", each) if isinstance(each, Var) else Var(each) for each in entries]
    return inputs[0] if isinstance(value, Var) else as_variables(inputs, np.shape(np.asarray(value, dtype=object)))


def _flat(value: Any) -> list[Any]:
    return list(np.asarray(value, dtype=object).ravel()) if isinstance(value, np.ndarray | list | tuple) else []


def _from_inputs(graph: FormulaGraph[Var], inputs: Iterable[Var]) -> ComputationGraph:
    """What is calculated from these inputs, with local derivatives that are `Var` in their turn.

    Everything else that it is calculated from, the outer inputs above all, stands still.
    """
    moving = dict.fromkeys(node for node in inputs if node in graph)
    edges: list[Edge] = []
    for node in graph.nodes:  # Each after its parents.
        if node not in moving and any(parent in moving for parent in node.parents):
            moving[node] = None
            edges += (Edge(node, parent, slope) for parent, slope in node.slopes().items() if parent in moving)
    return ComputationGraph({node: node.value for node in moving}, edges)


def _one_number(of: Any) -> Any:
    if isinstance(of, np.ndarray) and of.size == 1:
        of = of.item()
    if not isinstance(of, Var | Real):
        raise ValueError(f"f: found {kind_of(of)}, expected a function that returns one number")
    return of


def _nodes(variable: Any) -> Iterable[Var]:
    return [variable] if isinstance(variable, Var) else variable.ravel()


def _like(variable: Any, values: list[Any]) -> Any:
    if isinstance(variable, Var):
        return values[0]
    if any(isinstance(value, Var) for value in values):
        return as_variables(values, variable.shape)
    return np.array(values).reshape(variable.shape)


def argument_names(f: Callable[..., Any]) -> Iterator[str]:
    """The names of the function's arguments, as they can be typeset: x, x_1 for x1, nothing for others; without end.

    >>> list(itertools.islice(argument_names(lambda x, w1, b_j, too_long: 0), 5))
    ['x', 'w_1', 'b_j', '', '']
    """
    try:
        named = [p.name for p in inspect.signature(f).parameters.values() if p.kind is not p.VAR_POSITIONAL]
    except (TypeError, ValueError):  # A built-in function may not tell.
        named = []
    for name in named:
        yield typeset_name(name)
    yield from itertools.repeat("")
