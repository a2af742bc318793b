"""Sums and products of what may be one term only, and long ones shortened by dots.

>>> from backprop_math.formula import Symbol
>>> x = [Symbol("x", "", str(i)) for i in range(20)]
>>> print(added(elided(x)), added(x[:1]), multiplied(x[:3]), sep="; ")
x₀ + x₁ + … + x₁₉; x₀; x₀ x₁ x₂
>>> print(added_paths([x[:2], x[2:4]], 2), added_paths((x[i:i + 2] for i in range(19)), 19), sep="; ")
x₀ x₁ + x₂ x₃; x₀ x₁ + x₁ x₂ + x₂ x₃ + …
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from .arithmetic import Product, Sum
from .tree import Expression, Glyph, Number

__all__ = ["LONGEST_SUM", "added", "added_paths", "elided", "multiplied"]

#: A sum of more terms than these is not read to its end.
LONGEST_SUM = 12


def elided(items: Sequence[Expression], longest: int = LONGEST_SUM) -> tuple[Expression, ...]:
    """The items; where they are more than ``longest`` the first two and the last, with dots between."""
    return (*items[:2], Glyph("dots"), items[-1]) if len(items) > longest else tuple(items)


def added(terms: Iterable[Expression]) -> Expression:
    """The sum of the terms: the term itself where it is the only one, 0 where there is none."""
    found = tuple(terms)
    return Sum(found) if len(found) > 1 else found[0] if found else Number(0.0, 0)


def multiplied(factors: Iterable[Expression]) -> Expression:
    """The product of the factors: the factor itself where it is the only one, 1 where there is none."""
    found = tuple(factors)
    return Product(found) if len(found) > 1 else found[0] if found else Number(1.0, 0)


def added_paths(paths: Iterable[Iterable[Expression]], count: int, longest: int = LONGEST_SUM) -> Expression:
    """The sum over ``count`` paths, each a product of factors; of more than ``longest`` the first three, and dots.

    No more of the ``paths`` are asked for than are shown.
    """
    shown = count if count <= longest else 3
    terms = [multiplied(factors) for factors in islice(paths, shown)]
    return added([*terms, Glyph("dots")] if count > shown else terms)
