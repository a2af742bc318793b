"""An example as the text of a TOML file; `examples` reads it again.

>>> from backprop_math import load_example
>>> print(example_toml(load_example("simplest")).splitlines()[0])
title = "The simplest network"
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .example import Example

__all__ = ["example_toml"]

_TEXTS = ("input_names", "output_names", "input_units", "labels")


def example_toml(example: Example, weights: str | None = None) -> str:
    """The example as the text of a TOML file, from which the same example is read: every number to the last bit.

    A seed is not kept, the parameters that it gave are; data are named by where their table lies, a bundled one by its
    name. With ``weights``, the parameters are not written, but the name of a file that they lie in. `ValueError` for a
    text that is no Unicode text.
    """
    network = example.network
    names = [row.name for row in network.activation]
    one, measured = len(example.inputs) == 1, example.input_measured
    lines = [
        f"title = {_quoted(example.title, 'title')}",
        f"layers = {list(network.layers)}",
        f"activation = {_quoted(names[0], 'activation') if len(set(names)) == 1 else _texts('activation', names)}",
        f"cost = {_quoted(network.cost.name, 'cost')}",
        *(f"{key} = {_texts(key, texts)}" for key in _TEXTS if (texts := getattr(example, key))),
        *([] if example.data is None else [f"data = {_quoted(_place(example.data.path), 'data')}"]),
        *([] if measured is None else [f"input_measured = {_numbers(measured[0]) if one else _rows(measured)}"]),
        f"input = {_numbers(example.input) if one else _rows(example.inputs)}",
        f"target = {_numbers(example.target) if one else _rows(example.targets)}",
    ]
    if weights is not None:
        lines.append(f"weights = {_quoted(weights, 'weights')}")
    else:
        lines.append(f"weights = {_nested([_rows(W, 1) for W in network.W])}")
        lines.append(f"biases = {_nested([_numbers(b) for b in network.b])}")
    return "\n".join(lines) + "\n"


def _place(path: Path) -> str:
    """A table's place, from wherever the text will be read."""
    return path.name if path.parent == Path(__file__).parent else path.resolve().as_posix()


def _texts(key: str, texts: Sequence[str]) -> str:
    return "[" + ", ".join(_quoted(text, key) for text in texts) + "]"


def _quoted(text: str, key: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{key}: found {text!r}, which UTF-8 has no form for, expected a text") from None
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
