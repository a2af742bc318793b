"""The derivative of any quantity with respect to any other: a sum over paths of products of factors.

>>> from backprop_math import Network, Weight
>>> net = Network.from_arrays(weights=[[[0.5]], [[2.0]]], biases=[[0.0], [1.0]], activation="identity")
>>> chain = net.forward([4.0]).backward([3.0]).chain_rule(Weight(2, 0, 0))
>>> chain.value, [factor.value for factor in chain.paths[0].factors]
(8.0, [2.0, 1.0, 4.0])
>>> print(chain.symbols)
∂C₀/∂w⁽ᴸ⁾ = ∂z⁽ᴸ⁾/∂w⁽ᴸ⁾ · ∂a⁽ᴸ⁾/∂z⁽ᴸ⁾ · ∂C₀/∂a⁽ᴸ⁾
>>> print(chain.numbers)
∂C₀/∂w⁽ᴸ⁾ = 2.00 · 1.00 · 4.00 = 8.00
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import cast

from ..formula import Expression, Number, Relation, Term, added_paths, adding_up, factor_name
from ..network import BackwardPass, Edge, one_example
from ..quantities import Cost, Quantity
from .delta import Delta
from .display import equation_table, gathered
from .notation import Notation

__all__ = ["ChainRule", "Factor", "Path"]

_MOST_PATHS = 100_000


@dataclass(frozen=True, eq=False)
class Factor:
    """One link of a chain: the local derivative ∂of/∂wrt, its ``value``, and how it is written."""

    of: Quantity
    wrt: Quantity
    value: float
    trace: BackwardPass = field(repr=False)
    notation: Notation = field(repr=False)
    decimals: int = field(repr=False)

    @property
    def symbol(self) -> Term:
        """``∂of/∂wrt``."""
        return self.notation.derivative_symbol(self.of, self.wrt)

    @property
    def formula(self) -> Expression:
        """What it is, in symbols: ``2(a − y)``."""
        return self.notation.local_derivative(self.of, self.wrt)

    @property
    def numbers(self) -> Relation:
        """``∂of/∂wrt``, its formula with numbers, and its value."""
        return self.notation.local_with_numbers(self.of, self.wrt, self.trace, self.decimals)

    @property
    def number(self) -> Term:
        """Its value, as the term that `Expression.factor` finds."""
        return self.notation.factor_number(self.of, self.wrt, self.value, self.decimals)

    def _repr_latex_(self) -> str:
        return self.numbers._repr_latex_()


@dataclass(frozen=True, eq=False)
class Path:
    """One way from a quantity to another: its ``factors``, in that order."""

    factors: tuple[Factor, ...]

    @property
    def value(self) -> float:
        """The product of the factors."""
        return math.prod(factor.value for factor in self.factors)


@dataclass(frozen=True, eq=False)
class ChainRule:
    """∂of/∂wrt in the calculation of one example, written with ``notation``, in numbers of ``decimals`` or more.

    Where ``of`` is ``wrt`` itself the value is 1, where no path leads it is 0; both have no ``paths``.
    """

    of: Quantity
    wrt: Quantity
    trace: BackwardPass = field(repr=False)
    notation: Notation = field(repr=False)
    decimals: int = field(default=2, repr=False)

    @classmethod
    def of_trace(
        cls,
        trace: BackwardPass,
        wrt: Quantity,
        of: Quantity | None = None,
        notation: Notation | None = None,
        decimals: int = 2,
    ) -> ChainRule:
        """The chain rule of ``of``, the cost if not given; `ValueError` for a batch, or what the network lacks."""
        one_example(trace.forward, "a chain rule")
        of, wrt = (
            trace.own_cost(quantity) if isinstance(quantity, Cost) else quantity
            for quantity in (of or trace.cost_quantity, wrt)
        )
        trace.network.check(of)
        trace.network.check(wrt)
        return cls(of, wrt, trace, notation or Notation(trace.network), decimals)

    @cached_property
    def value(self) -> float:
        """The derivative."""
        if self.of == self.trace.cost_quantity:
            return self.trace.derivative(self.wrt)
        return self.trace.graph.derivative(self.of, self.wrt)

    @cached_property
    def count(self) -> int:
        """How many paths there are, found without walking them."""
        return 0 if self.of == self.wrt else self.trace.graph.count_paths(self.of, self.wrt)

    def iterate_paths(self) -> Iterator[Path]:
        """The paths, one at a time, for as long as they are asked for."""
        if self.of == self.wrt:
            return
        for edges in self.trace.graph.paths(self.of, self.wrt):
            yield Path(tuple(self._factor(edge) for edge in edges))

    def _factor(self, edge: Edge) -> Factor:
        of, wrt = cast(Quantity, edge.of), cast(Quantity, edge.wrt)
        return Factor(of, wrt, edge.value, self.trace, self.notation, self.decimals)

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """All paths; `ValueError` where they are too many to list, use `iterate_paths` there."""
        if self.count > _MOST_PATHS:
            raise ValueError(f"found {self.count} paths, expected at most {_MOST_PATHS} to list; see iterate_paths()")
        return tuple(self.iterate_paths())

    @property
    def symbols(self) -> Relation:
        """``∂C/∂w = ∂z/∂w ∂a/∂z ∂C/∂a``: the term "ratio", then each factor as a term (see `Expression.factor`)."""
        return Relation((self._ratio, self._written(lambda factor: factor.symbol)), ("=",))

    @property
    def formulas(self) -> Relation:
        """``∂C/∂w = a σ′(z) 2(a − y)``: each factor's formula, in the terms with the same names."""
        formulas = self._written(lambda factor: Term(factor_name(factor.of, factor.wrt), factor.formula))
        return Relation((self._ratio, formulas), ("=",))

    @property
    def numbers(self) -> Relation:
        """``∂C/∂w ≈ 0.48 · 0.22 · (−0.68) ≈ −0.07``: each factor's value, with the digits that it takes to add up.

        The result has at least three digits.
        """
        numbers = self._written(lambda factor: factor.number)
        return adding_up(self._ratio, numbers, self.value, self.decimals, significant=3)

    @property
    def _ratio(self) -> Term:
        return Term("ratio", self.notation.derivative_symbol(self.of, self.wrt))

    def _written(self, write: Callable[[Factor], Expression]) -> Expression:
        """The sum over the paths, with dots for those after the third where they are too many to be read."""
        if self.count == 0:
            return Number(self.value, 0)
        paths = (map(write, path.factors) for path in self.iterate_paths())
        return added_paths(paths, self.count, self.notation.longest_sum)

    @property
    def recursive(self) -> Relation:
        """The short form through δ: ``∂C/∂w = a δ``; of a cost only, as `recursive_numbers` is."""
        self._of_the_cost()
        return Delta(self.notation, self.trace.cost_quantity).formula(self.wrt, expanded=True)

    @property
    def recursive_numbers(self) -> Relation:
        """The same with numbers: ``∂C/∂w ≈ 0.48 · (−0.15) ≈ −0.07``."""
        self._of_the_cost()
        return Delta(self.notation, self.trace.cost_quantity).numbers(self.wrt, self.trace, self.decimals)

    def _of_the_cost(self) -> None:
        if self.of != self.trace.cost_quantity:
            raise ValueError(f"δ is a derivative of the cost, found one of {self.of}")

    @property
    def whole(self) -> Relation:
        """`symbols` and then `numbers`, in one line."""
        numbers = self.numbers
        if self.count == 0:
            return numbers
        symbols = self.symbols
        return symbols.followed_by(numbers)

    def typst(self) -> str:
        """The `whole` chain rule as Typst math markup."""
        return self.whole.typst()

    def latex(self) -> str:
        """The `whole` chain rule as LaTeX math markup."""
        return self.whole.latex()

    def _repr_latex_(self) -> str:
        return gathered(self._lines) if self.count > 1 else f"$\\displaystyle {self.latex()}$"

    def _repr_html_(self) -> str:
        """A table for notebooks: of one path the chain and each factor, of several one path a line."""
        paths = "one path" if self.count == 1 else f"{self.count:,} paths"
        return equation_table([(paths, self._lines)])

    @property
    def _lines(self) -> list[Relation]:
        """What a notebook shows, a line each: as many paths as a sum has terms before it is shortened, then the sum."""
        if self.count == 0:
            return [self.numbers]
        if self.count == 1:
            return [self.symbols, self.formulas, self.numbers, *(f.numbers for p in self.paths for f in p.factors)]
        return [*map(self._path_line, islice(self.iterate_paths(), self.notation.longest_sum)), self.numbers]

    def _path_line(self, path: Path) -> Relation:
        """``∂z/∂w ∂a/∂z … ≈ 0.48 · 0.22 … ≈ −0.07``: what one path adds."""
        longest = self.notation.longest_sum
        symbols, numbers = (
            added_paths(iter([map(write, path.factors)]), 1, longest)
            for write in (lambda factor: factor.symbol, lambda factor: factor.number)
        )
        return adding_up(symbols, numbers, path.value, self.decimals, significant=3)

    def __str__(self) -> str:
        return self.whole.text()
