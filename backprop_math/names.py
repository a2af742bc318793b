"""Looking things up by name, with an error that helps whoever mistyped it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, TypeVar

__all__ = ["Registered", "did_you_mean", "lookup"]

Row = TypeVar("Row")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`` (nearest: 'sigmoid')``, or nothing where no known name is near.

    >>> did_you_mean("sigmod", ["sigmoid", "tanh"])
    " (nearest: 'sigmoid')"
    >>> did_you_mean("LeakyReLU", ["relu", "leaky_relu"])
    " (nearest: 'leaky_relu')"
    """
    plain = {_plain(key): key for key in known}
    near = difflib.get_close_matches(_plain(name), list(plain), n=1)
    return f" (nearest: {plain[near[0]]!r})" if near else ""


def _plain(name: str) -> str:
    """The name without what people write in different ways: capitals, and what joins words."""
    return name.lower().translate({ord(sign): None for sign in "_- "})


def lookup(table: Mapping[str, Row], name: object, kind: str) -> Row:
    """``table[name]``, or a `ValueError` that names ``kind``, what was found and what is known.

    Whoever gives a function, or nothing, is told of ``register_…``, which makes a row of one.

    >>> lookup({"tanh": 1}, "tan", "activation")
    Traceback (most recent call last):
    ValueError: activation: found 'tan', expected one of 'tanh' (nearest: 'tanh')
    """
    if isinstance(name, str) and name in table:
        return table[name]
    known = ", ".join(repr(key) for key in table)
    near = did_you_mean(name if isinstance(name, str) else getattr(name, "__name__", ""), table)
    own = f"; a function of your own becomes one by register_{kind}" if callable(name) or name is None else ""
    raise ValueError(f"{kind}: found {name!r}, expected one of {known}{near}{own}")


class Registered:
    """A row of a ``table``, which a pickle holds by its name, so that its functions may be lambdas.

    Where it is read the name must be in the table too: rows of one's own are registered in every process. A row that
    is in no table is pickled, or copied, like any other object.
    """

    kind: ClassVar[str]
    table: ClassVar[Mapping[str, Any]]
    name: str

    def __reduce_ex__(self, protocol: Any) -> Any:
        if self.table.get(self.name) is self:
            return _registered, (type(self), self.name)
        return super().__reduce_ex__(protocol)


def _registered(row: type[Registered], name: str) -> Any:
    if name not in row.table:
        raise ValueError(
            f"{row.kind} {name!r}: found in a pickle but not in this process, expected it registered here too, "
            f"by register_{row.kind}"
        )
    return row.table[name]
