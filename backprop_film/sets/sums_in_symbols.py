"""The derivative of a cost that is a sum over the outputs, in symbols: whole, or with the terms that are 0 as such.

>>> from backprop_math import Activation, Notation, Weight, load_example
>>> notation = Notation(load_example("two_outputs").network)
>>> print(other_terms_are_zero(notation, Weight(2, 0, 0)))
∂C₀/∂w₀₀⁽ᴸ⁾ = 2(a₀⁽ᴸ⁾ − y₀) ∂a₀⁽ᴸ⁾/∂w₀₀⁽ᴸ⁾ + 0
>>> print(derivative_of_sum(notation, Activation(1, 0)))
∂C₀/∂a₀⁽ᴸ⁻¹⁾ = Σ[j=0…1] 2(aⱼ⁽ᴸ⁾ − yⱼ) ∂aⱼ⁽ᴸ⁾/∂a₀⁽ᴸ⁻¹⁾
"""

from __future__ import annotations

from backprop_math import (
    Activation,
    Cost,
    Derivative,
    Expression,
    Glyph,
    Notation,
    Number,
    Product,
    Quantity,
    Relation,
    Sum,
    Term,
    Weight,
)
from backprop_math.formula import Summation
from backprop_math.quantities import Index

__all__ = ["derivative_of_sum", "other_terms_are_zero"]

_LONGEST = 4  # terms that are written out


def other_terms_are_zero(notation: Notation, w: Weight) -> Relation:
    """``∂C/∂w_jk = 0 + 2(a_j − y_j) ∂a_j/∂w_jk + 0``.

    The term "left" has the terms "slope" and "reaction"; those of other outputs are "zero".
    """
    outputs, layer, j = notation.network.layers[-1], notation.network.L, int(w.j)
    terms: list[Expression] = [_zero() for _ in range(min(outputs, _LONGEST))]
    place = j if outputs <= _LONGEST else 0 if j == 0 else len(terms) - 1 if j == outputs - 1 else 1
    if outputs > _LONGEST:
        terms[2 if place < 2 else 1] = Glyph("dots")
    terms[place] = Term("left", _summand(notation, layer, j, w))
    right = Sum(tuple(terms)) if len(terms) > 1 else terms[0]
    return Relation((Derivative(notation.symbol(Cost()), notation.symbol(w)), right), ("=",))


def derivative_of_sum(notation: Notation, wrt: Quantity) -> Relation:
    """``∂C/∂wrt = Σ_j 2(a_j − y_j) ∂a_j/∂wrt``: the term "sum", and in it the term "summand"."""
    right: Expression = _summand(notation, "L", "j", wrt)
    outputs = notation.network.layers[-1]
    if outputs > 1:
        right = Term("sum", Summation("j", "0", str(outputs - 1), Term("summand", right)))
    else:
        right = _summand(notation, notation.network.L, 0, wrt)
    return Relation((Derivative(notation.symbol(Cost()), notation.symbol(wrt)), right), ("=",))


def _zero() -> Term:
    return Term("zero", Number(0.0, 0))


def _summand(notation: Notation, layer: Index, j: Index, wrt: Quantity) -> Product:
    a = Activation(layer, j)
    slope, reaction = notation.local_derivative(Cost(), a), Derivative(notation.symbol(a), notation.symbol(wrt))
    return Product((Term("slope", slope), Term("reaction", reaction)))
