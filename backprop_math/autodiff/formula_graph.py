"""The computation graph of a formula: its nodes, their local derivatives, and how all of it is written.

Nodes without a name are called v_1, v_2, …, in the order in which they are calculated (Griewank and Walther,
*Evaluating Derivatives*, chapter 2).

>>> from backprop_math.autodiff import Var
>>> x, y = Var(2.0, "x"), Var(4.0, "y")
>>> f = (x / y + x * x).named("f")
>>> graph = f.graph()
>>> print(graph.formula(f))
x/y + x x
>>> print(graph.local_derivative(graph.nodes[2], y))
−x/y²
>>> print(graph.chain(f, y), graph.chain_with_numbers(f, y), sep="; ")
∂f/∂y = ∂v₁/∂y · ∂f/∂v₁; ∂f/∂y = −0.125 · 1.00 = −0.125
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import count
from typing import Generic, Protocol, Self, TypeVar

import numpy as np

from ..formula import (
    Derivative,
    Expression,
    Negative,
    Number,
    Relation,
    Symbol,
    Term,
    added,
    added_paths,
    adding_up,
    decimals_for,
    factor_name,
    fewest_decimals,
)
from ..network import ComputationGraph, Edge
from ..watch import note_formula
from .rule import Constant, Rule, rule_partials

__all__ = ["Calculated", "FormulaGraph", "checked_name", "kind_of"]

_NAME = re.compile(r"([A-Za-z]+)(?:_([A-Za-z0-9]+(?:,[A-Za-z0-9]+)*))?")
_LONGEST = 200  # A formula with more symbols than this is no formula to be read.


class Calculated(Hashable, Protocol):
    """A node as its graph sees it: a number that remembers how it was calculated, as `Var` does."""

    value: float
    name: str
    rule: Rule | None
    arguments: tuple[Self | float, ...]

    @property
    def parents(self) -> tuple[Self, ...]:
        """What it is calculated from, each once."""

    def partials(self) -> dict[Self, float]:
        """The local derivative with respect to each parent."""


V = TypeVar("V", bound=Calculated)


def checked_name(name: str) -> str:
    """The name, if it is empty or one that can be typeset; `ValueError` otherwise."""
    if name and not _NAME.fullmatch(name):
        raise ValueError(f"name: found {name!r}, expected letters and perhaps indices, such as x, x_1 or w_0,1")
    return name


def kind_of(found: object) -> str:
    """What was found, for an error that expected something else."""
    return f"an array of shape {found.shape}" if isinstance(found, np.ndarray) else type(found).__name__


class FormulaGraph(ComputationGraph, Generic[V]):
    """The calculation of these outputs; its nodes are `Var`. Formulas show a node by its `symbol`.

    >>> FormulaGraph([1.0])
    Traceback (most recent call last):
    TypeError: outputs: found float, expected a Var
    """

    nodes: tuple[V, ...]
    outputs: tuple[V, ...]

    def __init__(self, outputs: Iterable[V]) -> None:
        self._set(outputs=tuple(outputs))
        for output in self.outputs:
            if not hasattr(output, "partials"):
                raise TypeError(f"outputs: found {kind_of(output)}, expected a Var")
        nodes = _calculated_from(self.outputs)
        super().__init__(
            {node: node.value for node in nodes},
            (Edge(node, parent, slope) for node in nodes for parent, slope in node.partials().items()),
        )
        self._set(nodes=tuple(nodes))
        note_formula(self)

    @cached_property
    def _symbols(self) -> dict[V, Symbol]:
        taken = {node.name for node in self.nodes}
        unused = (name for i in count(1) if (name := f"v_{i}") not in taken)
        return {node: _symbol(node.name or next(unused)) for node in self.nodes}

    @property
    def inputs(self) -> tuple[V, ...]:
        """The nodes that are given, not calculated."""
        return tuple(node for node in self.nodes if node.rule is None)

    def __contains__(self, node: object) -> bool:
        return node in self._values

    def symbol(self, node: V) -> Symbol:
        """The node's name."""
        self._known(node)
        return self._symbols[node]

    def number(self, node: V, decimals: int = 2) -> Number:
        """The node's value; whole, if it is an input of at most four decimals."""
        value = self.value(node)
        return Number(value, decimals_for(value, decimals, given=node.rule is None))

    def definition(self, node: V) -> Relation:
        """What the node is calculated from: ``v_1 = x y``. `ValueError` for an input."""
        self._known(node)
        return Relation((self.symbol(node), self._operation(node, self._symbols)), ("=",))

    def formula(self, node: V) -> Expression:
        """The node as a formula of the inputs, and of what has been given a name on the way to it.

        `ValueError` where that would be too long to read.
        """
        self._known(node)
        return self._written(node, set(self.nodes) - {node}, name_only=True)

    def with_numbers(self, node: V, decimals: int = 2) -> Relation:
        """The definition with numbers for its symbols, and the result: ``v_1 = 2.00 · 3.00 = 6.00``."""
        definition = self.definition(node)
        return adding_up(definition.sides[0], self._in_numbers(definition.sides[1], decimals), node.value, decimals)

    def local_derivative(self, of: V, wrt: V) -> Expression:
        """The formula of an edge's local derivative: ``cos(x)``. `KeyError` where no edge leads."""
        self.edge(of, wrt)
        assert of.rule is not None, "a node with parents has been calculated"
        partials = rule_partials(of.rule)(*of.arguments)
        # An argument that stands twice, as in x · x, has two local derivatives, which add up.
        terms = [partial for partial, argument in zip(partials, of.arguments, strict=True) if argument is wrt]
        written = [
            _constant(term) if isinstance(term, int | float) else self._written(term, set(self.nodes)) for term in terms
        ]
        return added(written)

    def local_with_numbers(self, of: V, wrt: V, decimals: int = 2) -> Relation:
        """The local derivative in numbers: ``∂v_2/∂x ≈ cos(2.00) ≈ −0.42``."""
        arithmetic = self._in_numbers(self.local_derivative(of, wrt), decimals)
        return adding_up(self.derivative_symbol(of, wrt), arithmetic, self.edge(of, wrt).value, decimals)

    def derivative_symbol(self, of: V, wrt: V) -> Term:
        """``∂of/∂wrt``, as a term whose name is the two symbols: ``"v₂/x"``."""
        upper, lower = self.symbol(of), self.symbol(wrt)
        return Term(factor_name(upper, lower), Derivative(upper, lower))

    def chain(self, of: V, wrt: V) -> Relation:
        """The chain rule, path by path: ``∂f/∂x = ∂v_1/∂x ∂f/∂v_1 + ∂v_2/∂x ∂f/∂v_2``; dots after some paths."""
        return Relation((self.derivative_symbol(of, wrt), self._paths(of, wrt, None)), ("=",))

    def chain_with_numbers(self, of: V, wrt: V, decimals: int = 2) -> Relation:
        """The chain rule in numbers, as `chain`."""
        paths = self._paths(of, wrt, decimals)
        return adding_up(self.derivative_symbol(of, wrt), paths, self.derivative(of, wrt), decimals, significant=3)

    def _paths(self, of: V, wrt: V, decimals: int | None) -> Expression:
        paths = ((self._factor(edge, decimals) for edge in path) for path in self.paths(of, wrt))
        return added_paths(paths, self.count_paths(of, wrt))

    def _factor(self, edge: Edge, decimals: int | None) -> Expression:
        symbol = self.derivative_symbol(edge.of, edge.wrt)  # type: ignore[arg-type]
        if decimals is None:
            return symbol
        return Term(symbol.name, Number(edge.value, decimals_for(edge.value, decimals)))

    def _in_numbers(self, formula: Expression, decimals: int) -> Expression:
        numbers = {symbol: node for node, symbol in self._symbols.items()}
        arithmetic = formula.substitute(lambda symbol: self.number(numbers[symbol], decimals))
        if isinstance(arithmetic, Negative) and isinstance(arithmetic.body, Number):
            return replace(arithmetic.body, value=-arithmetic.body.value)  # One number, not a calculation.
        return arithmetic

    def _operation(self, node: V, written: Mapping[V, Expression]) -> Expression:
        """The node's operation on its arguments, as they are ``written``."""
        if node.rule is None:
            raise ValueError(f"{node}: is an input, expected a node that is calculated")
        return node.rule.formula(
            *(_constant(each) if isinstance(each, float) else written[each] for each in node.arguments)
        )

    def _written(self, node: V, known: set[V], *, name_only: bool = False) -> Expression:
        """The node as a formula of nodes that are shown by their symbols: those ``known``, or only the named."""
        stop = {each for each in known if each.name or each.rule is None} if name_only else known
        written: dict[V, Expression] = {}
        size: dict[V, int] = {}
        for each in _calculated_from([node], stop):
            if each in stop or each.rule is None:
                written[each], size[each] = self._symbols[each], 1
                continue
            size[each] = 1 + sum(size[argument] for argument in each.arguments if not isinstance(argument, float))
            if size[each] > _LONGEST:
                raise ValueError(f"{node}: found a formula of more than {_LONGEST} symbols, expected named parts in it")
            written[each] = self._operation(each, written)
        return written[node]


def _calculated_from(outputs: Iterable[V], stop: Iterable[V] = ()) -> list[V]:
    """The outputs and all that they are calculated from, each after its parents; not beyond ``stop``."""
    order: list[V] = []
    seen: set[V] = set()
    ends = set(stop)
    for output in outputs:
        if output in seen:
            continue
        seen.add(output)
        waiting = [(output, iter(() if output in ends else output.parents))]
        while waiting:
            node, parents = waiting[-1]
            parent = next(parents, None)
            if parent is None:
                order.append(node)
                waiting.pop()
            elif parent not in seen:
                seen.add(parent)
                waiting.append((parent, iter(() if parent in ends else parent.parents)))
    return order


def _symbol(name: str) -> Symbol:
    match = _NAME.fullmatch(name)
    assert match is not None, "names are checked"
    indices = (match[2] or "").split(",")
    return Symbol(match[1], "", (", " if any(len(index) > 1 for index in indices) else " ").join(indices))


def _constant(value: float) -> Expression:
    if isinstance(value, Constant):
        return value.formula
    return Number(value, fewest_decimals(value, 0, max(6, decimals_for(value, 0, significant=3))))
