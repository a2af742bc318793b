"""A wrong kind of argument is told in one line: what was found, and what was expected."""

from __future__ import annotations

from typing import Any

from backprop_math import ChainRule

__all__ = ["expected", "followed"]


def expected(who: str, found: object, kinds: type | tuple[type, ...], words: str) -> Any:
    """What was found, if it is of these kinds.

    >>> expected("Formula", "a^2", float, "an expression")
    Traceback (most recent call last):
        ...
    TypeError: Formula: found 'a^2', expected an expression
    """
    if isinstance(found, kinds):
        return found
    hint = " (its symbols, formulas and numbers are such)" if isinstance(found, ChainRule) else ""
    raise TypeError(f"{who}: found {_named(found)}, expected {words}{hint}")


def followed(who: str, found: object, method: str, words: str) -> Any:
    """What was found, if it has the method."""
    if isinstance(found, type) or not callable(getattr(found, method, None)):
        raise TypeError(f"{who}: found {_named(found)}, expected {words}")
    return found


def _named(found: object) -> str:
    words = repr(found)
    return words if len(words) <= 60 and "\n" not in words else f"a {type(found).__name__}"
