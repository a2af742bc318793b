"""Looking things up by name, with an error that helps whoever mistyped it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import TypeVar

__all__ = ["did_you_mean", "lookup"]

Row = TypeVar("Row")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`` (nearest: 'sigmoid')``, or nothing where no known name is near.

    >>> did_you_mean("sigmod", ["sigmoid", "tanh"])
    " (nearest: 'sigmoid')"
    """
    near = difflib.get_close_matches(name, list(known), n=1)
    return f" (nearest: {near[0]!r})" if near else ""


def lookup(table: Mapping[str, Row], name: object, kind: str) -> Row:
    """``table[name]``, or a `ValueError` that names ``kind``, what was found and what is known.

    >>> lookup({"tanh": 1}, "tan", "activation")
    Traceback (most recent call last):
    ValueError: activation: found 'tan', expected one of 'tanh' (nearest: 'tanh')
    """
    if isinstance(name, str) and name in table:
        return table[name]
    known = ", ".join(repr(key) for key in table)
    near = did_you_mean(name, table) if isinstance(name, str) else ""
    raise ValueError(f"{kind}: found {name!r}, expected one of {known}{near}")
