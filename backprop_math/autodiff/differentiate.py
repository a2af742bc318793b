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
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from numbers import Real
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from ..network import Sweep
from .formula_graph import FormulaGraph
from .variable import Var, VarArray, apply, variables

__all__ = ["FunctionGradient", "Var", "VarArray", "apply", "forward_sweep", "gradient", "reverse_sweep", "variables"]


def reverse_sweep(of: Var) -> Sweep:
    """The derivatives of one node with respect to all that it is calculated from, in one sweep."""
    return of.graph().reverse_sweep(of)


def forward_sweep(wrt: Var, of: Var | Iterable[Var]) -> Sweep:
    """The derivatives of all nodes of the calculation of ``of`` with respect to one, in one sweep."""
    return FormulaGraph([of] if isinstance(of, Var) else of).forward_sweep(wrt)


@dataclass(frozen=True, eq=False)
class FunctionGradient:
    """A function's ``value`` at its arguments, and its ``gradient``: for each argument its derivative, of its shape.

    ``multiplications`` and ``additions`` are those of all sweeps together; ``graph`` is `None` where the value is
    a constant.
    """

    value: float
    gradient: tuple[Any, ...]
    multiplications: int
    additions: int
    graph: FormulaGraph[Var] | None


def gradient(f: Callable[..., Any], mode: Literal["reverse", "forward"] = "reverse") -> Callable[..., FunctionGradient]:
    """The function that calculates ``f`` and its gradient: in one reverse sweep, or one forward sweep an input.

    ``f`` is given a `Var` for each number and a `VarArray` for each array, and returns one `Var`; `ValueError` if it
    returns several, `TypeError` for an operation without a rule.
    """
    if mode not in ("reverse", "forward"):
        raise ValueError(f"mode: found {mode!r}, expected 'reverse' or 'forward'")

    def at(*arguments: ArrayLike) -> FunctionGradient:
        inputs = [variables(value, name) for value, name in zip(arguments, argument_names(f), strict=False)]
        of = _one_number(f(*inputs))
        slopes: dict[Var, float] = {}
        multiplications = additions = 0
        if isinstance(of, Var):
            graph = of.graph()
            reached = [node for each in inputs for node in _nodes(each) if node in graph]
            for start in [of] if mode == "reverse" else reached:
                sweep = graph.reverse_sweep(of) if mode == "reverse" else graph.forward_sweep(start)
                slopes |= {node: sweep[node] for node in reached} if mode == "reverse" else {start: sweep[of]}
                multiplications += sweep.multiplications
                additions += sweep.additions
        found = tuple(_like(each, [slopes.get(node, 0.0) for node in _nodes(each)]) for each in inputs)
        if isinstance(of, Var):
            return FunctionGradient(of.value, found, multiplications, additions, graph)
        return FunctionGradient(float(of), found, 0, 0, None)

    return at


def _one_number(of: Any) -> Any:
    if isinstance(of, np.ndarray) and of.size == 1:
        of = of.item()
    if not isinstance(of, Var | Real):
        found = f"an array of shape {of.shape}" if isinstance(of, np.ndarray) else type(of).__name__
        raise ValueError(f"f: found {found}, expected a function that returns one number")
    return of


def _nodes(variable: Any) -> Iterable[Var]:
    return [variable] if isinstance(variable, Var) else variable.ravel()


def _like(variable: Any, values: list[float]) -> Any:
    return values[0] if isinstance(variable, Var) else np.array(values).reshape(variable.shape)


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
        match = re.fullmatch(r"([A-Za-z]+)(?:_?([0-9]+)|_([A-Za-z]))?", name)
        yield "_".join(filter(None, match.groups())) if match else ""
    yield from itertools.repeat("")
