"""Manim's sets of things to draw, in the order in which they were put in.

`TransformMatchingShapes` and its kin pair their parts by sets of keys, and `Graph` adds the vertices of its edges by
one: what is drawn over what then depends on Python's hashes, which differ from run to run. While the film plays, these
two modules of Manim's are given sets that keep their order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from manim.animation import transform_matching_parts
from manim.mobject import graph

__all__ = ["OrderedSet", "ordered"]

ItemT = TypeVar("ItemT")
_MODULES = (transform_matching_parts, graph)


class OrderedSet(dict[ItemT, None]):
    """A set in the order of its making, as far as Manim asks for one.

    >>> list(OrderedSet("banana")), OrderedSet("banana").difference("n"), OrderedSet("banana").intersection("nb")
    (['b', 'a', 'n'], ['b', 'a'], ['b', 'n'])
    """

    def __init__(self, items: Any = ()) -> None:
        super().__init__(dict.fromkeys(items))

    def intersection(self, other: Collection[ItemT]) -> list[ItemT]:
        """What lies in both."""
        return [item for item in self if item in other]

    def difference(self, other: Collection[ItemT]) -> list[ItemT]:
        """What does not lie in the other."""
        return [item for item in self if item not in other]


@contextmanager
def ordered() -> Iterator[None]:
    """Let these modules of Manim's make ordered sets."""
    before = [vars(module).get("set") for module in _MODULES]
    for module in _MODULES:
        vars(module)["set"] = OrderedSet
    try:
        yield
    finally:
        for module, name in zip(_MODULES, before, strict=True):
            if name is None:
                del vars(module)["set"]
            else:  # within another one
                vars(module)["set"] = name
