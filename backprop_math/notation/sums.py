"""Sums over neurons, paths and training examples: written out, with dots where they are long, or with Σ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..formula import Expression, Fraction, Negative, Number, Product, Sum, Summation, Symbol, Term, added, elided
from ..quantities import Index
from .names import Names

__all__ = ["Sums"]


@dataclass(frozen=True)
class Sums:
    """Sums of which those with more than ``longest`` terms are written with dots."""

    names: Names
    longest: int

    def joined(self, terms: Sequence[Expression]) -> Expression:
        """The terms added up; with dots between the first two and the last where they are more than ``longest``."""
        return added(elided(terms, max(3, self.longest)))

    def with_bias(self, terms: Sequence[Expression], bias: Expression) -> Expression:
        """The terms and the bias, with dots before the last of the terms where they are ``longest`` or more."""
        if not terms:
            return bias
        return Sum((*elided(terms, max(3, self.longest - 1)), bias))

    def over_layer(self, index: str, layer: Index, summand: Expression) -> Term:
        """``Σ`` over the neurons of a layer, from 0 to n_layer − 1: the term "sum", and in it the term "summand"."""
        upper = Sum((Symbol("n", "", self.names.layer_name(layer)), Negative(Number(1.0, 0))))
        return Term("sum", Summation(index, "0", upper, Term("summand", summand)))

    def mean(self, summand: Expression, index: str = "k", count: int | None = None) -> Product:
        """``1/n Σ_k`` over the ``count`` or n training examples, with the terms "sum" and "summand"."""
        last, number = ("n-1", Symbol("n")) if count is None else (str(count - 1), Number(float(count), 0))
        total = Term("sum", Summation(index, "0", last, Term("summand", summand)))
        return Product((Fraction(Number(1.0, 0), number), total))
