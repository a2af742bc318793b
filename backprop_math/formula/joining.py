"""Sums and products of what may be one term only, and long ones shortened by dots.

>>> from backprop_math.formula import Symbol
>>> x = [Symbol("x", "", str(i)) for i in range(20)]
>>> print(added(elided(x)), added(x[:1]), multiplied(x[:3]), sep="; ")
x₀ + x₁ + … + x₁₉; x₀; x₀ x₁ x₂
>>> print(added_paths([x[:2], x[2:4]], 2), added_paths((x[i:i + 2] for i in range(19)), 19), sep="; ")
x₀ x₁ + x₂ x₃; x₀ x₁ + x₁ x₂ + x₂ x₃ + …
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Literal

from .arithmetic import Product, Sum
from .elision import Elided
from .tree import Expression, Number

__all__ = ["LONGEST_SUM", "Each", "added", "added_paths", "elided", "multiplied"]

#: A sum of more terms than these is not read to its end.
LONGEST_SUM = 12


class Each(Sequence[Expression]):
    """``make(0)``, …, ``make(size − 1)``, each made only when it is asked for."""

    def __init__(self, size: int, make: Callable[[int], Expression]) -> None:
        self._places, self._make = range(size), make

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, place: int | slice) -> Any:
        places = self._places[place]
        return self._make(places) if isinstance(places, int) else [self._make(i) for i in places]

    def __iter__(self) -> Iterator[Expression]:
        return map(self._make, self._places)


def elided(
    items: Sequence[Expression], longest: int = LONGEST_SUM, how: Literal["sum", "product"] = "sum"
) -> tuple[Expression, ...]:
    """The items; where they are more than ``longest`` the first two and the last, with dots between.

    ``how`` says of what they are the terms or the factors.
    """
    if len(items) <= longest:
        return tuple(items)
    return (*items[:2], Elided(len(items) - 3, lambda: (items[i] for i in range(2, len(items) - 1)), how), items[-1])


def added(terms: Iterable[Expression]) -> Expression:
    """The sum of the terms: the term itself where it is the only one, 0 where there is none."""
    found = tuple(terms)
    return Sum(found) if len(found) > 1 else found[0] if found else Number(0.0, 0)


def multiplied(factors: Iterable[Expression]) -> Expression:
    """The product of the factors: the factor itself where it is the only one, 1 where there is none."""
    found = tuple(factors)
    return Product(found) if len(found) > 1 else found[0] if found else Number(1.0, 0)


def added_paths(
    paths: Iterable[Iterable[Expression]],
    count: int,
    longest: int = LONGEST_SUM,
) -> Expression:
    """The sum over ``count`` paths, each a product of factors; of more than ``longest`` the first three, and dots.

    No more of the ``paths`` are asked for than are shown.
    """
    shown, walk = count if count <= longest else 3, iter(paths)
    terms = [multiplied(factors) for factors in islice(walk, shown)]
    return added([*terms, Elided(count - shown, lambda: map(multiplied, walk))] if count > shown else terms)
