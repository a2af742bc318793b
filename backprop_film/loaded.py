"""Examples that commands read: one that was read is taken again as long as its files are as they were.

A command asks for its example for every chapter, and several times: of millions of weights, each time takes long.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .reads import recorded
from .sources import digest

if TYPE_CHECKING:
    from backprop_math import Example

__all__ = ["files_of", "loaded"]


@dataclass(frozen=True)
class _Loaded:
    example: Example
    files: dict[Path, str]


_MOST = 2  # that are taken again: one may have millions of weights
_loaded: dict[tuple[str, Path], _Loaded] = {}


def loaded(name: str) -> Example:
    """The example of this name, or in this file. `ExampleError` if it cannot be read."""
    return _found(name).example


def files_of(example: str | None) -> set[Path]:
    """An example's file, and what it refers to. `ExampleError` if it cannot be read."""
    return set() if example is None else set(_found(example).files)


def _found(name: str) -> _Loaded:
    from backprop_math import load_example

    key = name, Path.cwd()
    found = _loaded.pop(key, None)
    if found is None or any(digest(path) != content for path, content in found.files.items()):
        with recorded() as read:
            example = load_example(name)
        found = _Loaded(example, {path: digest(path) for path in read.files})
    _loaded[key] = found
    for old in list(_loaded)[:-_MOST]:
        del _loaded[old]
    return found
