"""An example as the text of a TOML file; `examples` reads it again.

>>> from backprop_math import load_example
>>> print(example_toml(load_example("simplest")).splitlines()[0])
title = "The simplest network"
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .example import Example

__all__ = ["example_toml"]


def example_toml(example: Example) -> str:
    """The example as the text of a TOML file, from which the same example is read: every number to the last bit.

    A seed is not kept, the parameters that it gave are. `ValueError` for a title that is no Unicode text.
    """
    network = example.network
    names = [row.name for row in network.activation]
    one = len(example.inputs) == 1
    lines = [
        f"title = {_quoted(example.title)}",
        f"layers = {list(network.layers)}",
        f"activation = {_quoted(names[0]) if len(set(names)) == 1 else '[' + ', '.join(map(_quoted, names)) + ']'}",
        f"cost = {_quoted(network.cost.name)}",
        f"input = {_numbers(example.input) if one else _rows(example.inputs)}",
        f"target = {_numbers(example.target) if one else _rows(example.targets)}",
        f"weights = {_nested([_rows(W, 1) for W in network.W])}",
        f"biases = {_nested([_numbers(b) for b in network.b])}",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"title: found {text!r}, which UTF-8 has no form for, expected a text") from None
    # JSON's escapes are TOML's, too; TOML wants one more character escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _numbers(values: np.ndarray) -> str:
    return "[" + ", ".join(repr(float(value)) for value in values) + "]"


def _rows(matrix: np.ndarray, depth: int = 0) -> str:
    rows = [_numbers(row) for row in matrix]
    return f"[{rows[0]}]" if len(rows) == 1 else _nested(rows, depth)


def _nested(parts: Sequence[str], depth: int = 0) -> str:
    """The parts in square brackets, one a line."""
    indent = "    " * (depth + 1)
    return "[\n" + "".join(f"{indent}{part},\n" for part in parts) + "    " * depth + "]"
