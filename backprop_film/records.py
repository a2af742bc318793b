"""Frozen dataclasses as plain data, such as JSON takes, and back."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

__all__ = ["plain", "restored"]

AnyT = TypeVar("AnyT")


def plain(value: Any) -> Any:
    """A value of dataclasses, tuples, paths and what JSON knows, as JSON knows it.

    >>> from backprop_film.timeline import CueSpan
    >>> plain(CueSpan("a", 3, 5))
    {'text': 'a', 'start': 3, 'end': 5}
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return str(value) if isinstance(value, Path) else value


def restored(kind: type[AnyT], data: Any) -> AnyT:
    """The value of a type that `plain` made this of. `TypeError`, `KeyError` or `ValueError` if it is not one.

    >>> from backprop_film.timeline import CueSpan
    >>> restored(CueSpan, {"text": "a", "start": 3, "end": 5})
    CueSpan(text='a', start=3, end=5)
    """
    found: AnyT = _restored(kind, data)
    return found


_hints = cache(get_type_hints)  # which takes longer than all the rest


def _restored(kind: Any, data: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        (inner,) = (one for one in get_args(kind) if one is not type(None))
        return None if data is None else _restored(inner, data)
    if origin is tuple:
        return tuple(_restored(get_args(kind)[0], one) for one in data)
    if is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(data, Mapping):
            raise TypeError(f"found {data!r}, expected the fields of {kind}")
        hints = _hints(kind)
        return kind(**{field.name: _restored(hints[field.name], data[field.name]) for field in fields(kind)})
    if kind is float and isinstance(data, int):
        return float(data)
    if kind is Path and isinstance(data, str):
        return Path(data)
    if not isinstance(data, kind):
        raise TypeError(f"found {data!r}, expected {kind.__name__}")
    return data
