"""Networks in files, as ``.npz`` or ``.safetensors``, and examples as TOML. What is read is data; nothing is executed.

A file has the arrays ``W1``, ``b1``, ``W2``, … as they are, and beside them the names of the functions: in an ``.npz``
the arrays of text ``format``, ``activation`` and ``cost``, in a safetensors file its metadata, with the names of the
activation functions separated by commas. Nothing is pickled, and nothing pickled is read.

>>> import tempfile
>>> from backprop_math import Network
>>> network = Network.random((2, 3, 1), activation=["tanh", "sigmoid"], seed=7)
>>> with tempfile.TemporaryDirectory() as folder:
...     save(network, Path(folder, "small.npz"))
...     again = load(Path(folder, "small.npz"))
>>> again, bool((again.W[1] == network.W[1]).all())
(Network(layers=(2, 3, 1), activation=('tanh', 'sigmoid'), cost='squared_error', dtype='float64'), True)
"""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import secrets
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

import numpy as np

from .network import Network

if TYPE_CHECKING:
    from .examples import Example

__all__ = ["StorageError", "example_toml", "load", "save"]

_FORMAT = "backprop_math network 1"
_TEXTS = ("format", "activation", "cost")
# What NumPy and the zip format raise for a file that is cut short, altered, or not theirs at all.
_UNREADABLE = (
    ValueError, EOFError, KeyError, NotImplementedError, MemoryError, OverflowError, RecursionError, RuntimeError,
    struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


class StorageError(ValueError):
    """What is wrong with a file: its name, the entry, what was found and what was expected, in one line."""


def save(network: Network, path: str | os.PathLike[str]) -> None:
    """Write the network to a ``.npz`` or ``.safetensors`` file, which appears whole or not at all.

    Every number is kept to the last bit. `StorageError` for any other ending and for a folder that can't be written
    to, `ImportError` for safetensors where that package is not installed.
    """
    path = Path(path)
    arrays = {f"W{l}": np.ascontiguousarray(W) for l, W in enumerate(network.W, 1)}
    arrays |= {f"b{l}": np.ascontiguousarray(b) for l, b in enumerate(network.b, 1)}
    names = [row.name for row in network.activation]
    if _kind(path) == ".npz":
        buffer = io.BytesIO()
        np.savez(buffer, format=_FORMAT, activation=names, cost=network.cost.name, **arrays)  # type: ignore[arg-type]
        content = buffer.getvalue()
    else:
        metadata = {"format": _FORMAT, "activation": ",".join(names), "cost": network.cost.name}
        if network.dtype.name not in ("float16", "float32", "float64"):
            _fail(
                path, f"dtype: found {network.dtype.name}, expected float64, float32 or float16, which the format has"
            )
        content = _safetensors().save(arrays, metadata)
    _write(path, content)


def load(path: str | os.PathLike[str]) -> Network:
    """The network in a ``.npz`` or ``.safetensors`` file.

    Raises `StorageError`, which names the file and the entry, for anything that is not a network of this package, and
    `ImportError` for safetensors where that package is not installed.
    """
    path = Path(path)
    read = _npz if _kind(path) == ".npz" else _tensors
    try:
        with path.open("rb") as file:
            entries = read(file, path)
    except OSError as error:
        _fail(path, f"found a file that can't be read ({error.strerror or error}), expected a network")
    except _UNREADABLE as error:
        _fail(path, f"found no {path.suffix} file that can be read ({_short(error)}), expected one with a network")
    return _network(path, entries)


def _kind(path: Path) -> str:
    if path.suffix not in (".npz", ".safetensors"):
        _fail(path, f"found the ending {path.suffix!r}, expected '.npz' or '.safetensors'")
    return path.suffix


def _npz(file: BinaryIO, path: Path) -> dict[str, Any]:
    archive = np.load(file, allow_pickle=False)
    if isinstance(archive, np.ndarray):
        raise ValueError("it is a single array")
    with archive:
        return {name: archive[name] for name in archive.files}


def _tensors(file: BinaryIO, path: Path) -> dict[str, Any]:
    _safetensors()
    library = importlib.import_module("safetensors")
    try:
        with library.safe_open(path, framework="np") as opened:
            texts: dict[str, Any] = dict(opened.metadata() or {})
            if "activation" in texts:
                texts["activation"] = texts["activation"].split(",")
            return {name: opened.get_tensor(name) for name in opened.keys()} | texts  # noqa: SIM118 (it is no mapping)
    except (library.SafetensorError, TypeError) as error:  # The latter for a dtype that NumPy does not have.
        raise ValueError(str(error)) from None


def _safetensors() -> Any:
    try:
        return importlib.import_module("safetensors.numpy")
    except ImportError:
        raise ImportError(
            "safetensors: found no such package, expected it installed (pip install 'backprop-film[safetensors]')"
        ) from None


def _network(path: Path, entries: Mapping[str, Any]) -> Network:
    texts = {}
    for name in _TEXTS:
        if name not in entries:
            _fail(path, f"{name}: found nothing, expected a network that this package has written")
        text = np.asarray(entries[name])
        if text.dtype.kind != "U" or text.ndim != (name == "activation"):
            _fail(path, f"{name}: found {text.dtype.name} of shape {text.shape}, expected text")
        texts[name] = text.tolist()
    if texts["format"] != _FORMAT:
        _fail(path, f"format: found {_short(texts['format'])}, expected {_FORMAT!r}")
    L = len(texts["activation"])
    expected = [f"{letter}{l}" for l in range(1, L + 1) for letter in "Wb"]
    for name in expected:
        if name not in entries:
            _fail(path, f"{name}: found nothing, expected an array, for there are {L} activation functions")
        array = entries[name]
        if not np.issubdtype(array.dtype, np.floating):
            _fail(path, f"{name}: found {array.dtype.name}, expected floating-point numbers")
        if array.dtype.newbyteorder("=") != entries["W1"].dtype.newbyteorder("="):
            _fail(path, f"{name}: found {array.dtype.name}, expected {entries['W1'].dtype.name}, as in W1")
    for name in entries:
        if name not in (*expected, *_TEXTS):
            _fail(path, f"{_short(name)}: found an unknown entry, expected {', '.join((*_TEXTS, *expected))}")
    try:
        return Network.from_arrays(
            [entries[name] for name in expected[::2]],
            [entries[name] for name in expected[1::2]],
            activation=texts["activation"],
            cost=texts["cost"],
            dtype=entries["W1"].dtype.newbyteorder("=") if L else "float64",
        )
    except ValueError as error:
        _fail(path, str(error))


def _write(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        _fail(path, f"found a place that can't be written to ({error.strerror}), expected one that can")


def _short(value: object) -> str:
    text = " ".join(str(value).split()) or type(value).__name__
    return text if len(text) <= 100 else f"{text[:97]}..."


def _fail(path: Path, message: str) -> NoReturn:
    raise StorageError(f"{path}: {message}") from None


# --- examples


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
