"""One equation of vectors and matrices, and whether its shown digits add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import FloatArray
from ..formula import (
    Apply,
    Expression,
    Glyph,
    Hadamard,
    MatrixExpression,
    Number,
    Product,
    Relation,
    Sum,
    agreeing,
    inside,
)
from .display import gathered

__all__ = ["MatrixEquation", "adds_up", "agreed", "matrix_values"]


@dataclass(frozen=True)
class MatrixEquation:
    """``left = product``, in ``symbols`` and in ``numbers``, ``left ≈ matrices ≈ matrix``.

    Each vector and matrix is a term, by its letter: "W", "a", "delta", "slope", "gradient"…; the result is "result".
    """

    symbols: Relation
    numbers: Relation
    value: FloatArray

    @property
    def whole(self) -> Relation:
        """`symbols` and then `numbers`, in one line."""
        return self.symbols.followed_by(self.numbers)

    def adds_up(self) -> bool:
        """Whether the shown digits of the matrices give, entry by entry, the shown digits of the result.

        Where rows or columns are left out this can't be told from what is shown, and holds.
        """
        return adds_up(self.numbers)

    def __str__(self) -> str:
        return self.numbers.text()

    def _repr_latex_(self) -> str:
        return gathered([self.symbols, self.numbers])


def matrix_values(node: Expression) -> FloatArray:
    """The entries of a product or sum of matrices as a reader calculates them from the digits shown.

    `ValueError` where an entry is no number.
    """
    node = inside(node)
    if isinstance(node, MatrixExpression):
        return np.array([[entry.shown_value() for entry in row] for row in node.rows])
    if isinstance(node, Hadamard):
        return np.asarray(np.multiply(*map(matrix_values, node.factors)))
    if isinstance(node, Product):
        return np.asarray(np.linalg.multi_dot([matrix_values(factor) for factor in node.factors]))
    if isinstance(node, Sum):
        return np.asarray(np.sum([matrix_values(term) for term in node.terms], axis=0))
    if isinstance(node, Apply) and node.function is not None:
        return np.asarray(node.function(matrix_values(node.argument).ravel()))[:, None]
    raise ValueError(f"{node.text()!r} is no arithmetic of matrices")


def adds_up(numbers: Relation) -> bool:
    """Whether the last side but one gives, as shown, the last one."""
    if len(numbers.sides) < 3 or any(isinstance(node, Glyph) and "dots" in node.name for node in numbers.walk()):
        return True
    shown = [entry for entry in inside(numbers.sides[-1]).children if isinstance(entry, Number)]
    exact = np.array([entry.shown_value() for entry in shown])
    room = np.array([0.5 * 10.0**-entry.decimals * (1 - 1e-6) for entry in shown])
    return bool((np.abs(matrix_values(numbers.sides[-2]).ravel() - exact) < room).all())


def agreed(equations: Sequence[MatrixEquation]) -> list[MatrixEquation]:
    """The equations of one page: a value has the same digits in all of them, as many as make all of them add up.

    Where no digits do that, the equations are as they were.
    """
    found = agreeing([equation.numbers for equation in equations], adds_up)
    if not all(map(adds_up, found)):
        return list(equations)
    return [replace(equation, numbers=numbers) for equation, numbers in zip(equations, found, strict=True)]
