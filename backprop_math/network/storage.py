"""Networks in files, as ``.npz`` or ``.safetensors``. What is read is data; nothing is executed.

A file has the arrays ``W1``, ``b1``, ``W2``, … as they are, and beside them what the layers are: in an ``.npz`` the
arrays of text ``format``, ``layers``, ``shape``, ``activation`` and ``cost``, in a safetensors file its metadata,
where commas separate those with an entry for each layer. Nothing is pickled, and nothing pickled is read.

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

import importlib
import io
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, TypeVar

import numpy as np

from ..files import whole
from .convolution import Conv2D
from .layers import Dense, Layer, WeightedLayer
from .network import Network
from .pooling import AvgPool2D, Flatten, MaxPool2D

Made = TypeVar("Made")

__all__ = ["StorageError", "load", "save"]

_FORMAT = "backprop_math network 1"
_TEXTS = ("format", "activation", "cost")
_LISTS = ("activation", "layers")  # texts with an entry for each layer
# The layers that a file may name, with the settings that it gives, "Conv2D stride=2", and those that it gives only
# where they are not the default, "Conv2D stride=2 padding=1".
_LAYERS: dict[str, tuple[type[Layer], tuple[str, ...], tuple[str, ...]]] = {
    "Dense": (Dense, (), ()),
    "Conv2D": (Conv2D, ("stride",), ("padding",)),
    "MaxPool2D": (MaxPool2D, ("size", "stride"), ("padding",)),
    "AvgPool2D": (AvgPool2D, ("size", "stride"), ("padding", "count_include_pad")),
    "Flatten": (Flatten, (), ()),
}
# What NumPy and the zip format raise for a file that is cut short, altered, or not theirs at all.
_UNREADABLE = (
    ValueError, EOFError, KeyError, NotImplementedError, MemoryError, OverflowError, RecursionError, RuntimeError,
    struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


class StorageError(ValueError):
    """What is wrong with a file: its name, the entry, what was found and what was expected, in one line."""


def save(network: Network, path: str | os.PathLike[str]) -> None:
    """Write the network to a ``.npz`` or ``.safetensors`` file, which appears whole or not at all.

    Every number is kept to the last bit. `StorageError` for any other ending, for a folder that can't be written to
    and for a layer that the format does not have, `ImportError` for safetensors where that package is not installed.
    """
    path = Path(path)
    arrays = {f"W{l}": np.ascontiguousarray(W) for l, W in network.W.items()}
    arrays |= {f"b{l}": np.ascontiguousarray(b) for l, b in network.b.items()}
    texts = {"format": _FORMAT, "activation": [row.name for row in network.activation], "cost": network.cost.name}
    if not all(isinstance(layer, Dense) for layer in network.stack):
        texts["layers"] = [_described(path, l, layer) for l, layer in enumerate(network.stack, 1)]
        texts["shape"] = ",".join(map(str, network.shapes[0]))
    if _kind(path) == ".npz":
        buffer = io.BytesIO()
        np.savez(buffer, **texts, **arrays)  # type: ignore[arg-type]
        content = buffer.getvalue()
    else:
        metadata = {name: text if isinstance(text, str) else ",".join(text) for name, text in texts.items()}
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
            texts |= {name: texts[name].split(",") for name in _LISTS if name in texts}
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
    # Networks with layers of images have two texts more.
    names = (*_TEXTS, "layers", "shape") if "layers" in entries else _TEXTS
    texts = {name: _text(path, name, entries) for name in names}
    if texts["format"] != _FORMAT:
        _fail(path, f"format: found {_short(texts['format'])}, expected {_FORMAT!r}")
    L = len(texts["activation"])
    layers = texts.get("layers", ["Dense"] * L)
    if len(layers) != L:
        _fail(path, f"layers: found {len(layers)}, expected {L}, one for each activation function")
    kinds = [_kind_of_layer(path, text) for text in layers]
    expected = [
        f"{letter}{l}" for l, (kind, _) in enumerate(kinds, 1) if issubclass(kind, WeightedLayer) for letter in "Wb"
    ]
    for name in expected:
        if name not in entries:
            _fail(path, f"{name}: found nothing, expected an array, for there are {L} activation functions")
        array, first = entries[name], entries[expected[0]]
        if not np.issubdtype(array.dtype, np.floating):
            _fail(path, f"{name}: found {array.dtype.name}, expected floating-point numbers")
        if array.dtype.newbyteorder("=") != first.dtype.newbyteorder("="):
            _fail(path, f"{name}: found {array.dtype.name}, expected {first.dtype.name}, as in {expected[0]}")
    for name in entries:
        if name not in (*expected, *texts):
            _fail(path, f"{_short(name)}: found an unknown entry, expected {', '.join((*texts, *expected))}")
    stack: list[Layer] = []
    for l, ((kind, settings), function) in enumerate(zip(kinds, texts["activation"], strict=True), 1):
        if not issubclass(kind, WeightedLayer):
            stack.append(_made(path, f"layer {l}: ", kind, **settings))
            continue
        W, b = entries[f"W{l}"], entries[f"b{l}"]
        settings |= {"activation": function, "dtype": W.dtype.newbyteorder("=")}
        stack.append(_made(path, f"layer {l}: ", kind.from_arrays, W, b, **settings))  # type: ignore[attr-defined]
    shape = _numbers_in(path, texts["shape"]) if "shape" in texts else None
    return _made(path, "", Network, stack, cost=texts["cost"], shape=shape)


def _text(path: Path, name: str, entries: Mapping[str, Any]) -> Any:
    if name not in entries:
        _fail(path, f"{name}: found nothing, expected a network that this package has written")
    text = np.asarray(entries[name])
    if text.dtype.kind != "U" or text.ndim != (name in _LISTS):
        _fail(path, f"{name}: found {text.dtype.name} of shape {text.shape}, expected text")
    return text.tolist()


def _described(path: Path, l: int, layer: Layer) -> str:
    name = type(layer).__name__
    if name not in _LAYERS or _LAYERS[name][0] is not type(layer):
        _fail(path, f"layer {l}: found {name}, expected one of {', '.join(_LAYERS)}, which the format has")
    kind, always, others = _LAYERS[name]
    given = [*always, *(each for each in others if getattr(layer, each) != getattr(kind, each))]
    return " ".join([name, *(f"{setting}={getattr(layer, setting)}" for setting in given)])


def _kind_of_layer(path: Path, text: str) -> tuple[type[Layer], dict[str, Any]]:
    """The class of a layer and its settings, from its description."""
    kind, always, others = _LAYERS.get(text.partition(" ")[0], (None, (), ()))
    if kind is None:
        _fail(path, f"layers: found {_short(text)!r}, expected one of {', '.join(_LAYERS)}")
    value = r"(\d{1,9}|True|False)"
    form = "".join(
        [kind.__name__, *(f" {name}={value}" for name in always), *(f"(?: {name}={value})?" for name in others)]
    )
    match = re.fullmatch(form, text)
    if match is None:
        form = " ".join([kind.__name__, *(f"{name}=1" for name in always)])
        _fail(path, f"layers: found {_short(text)!r}, expected a form such as {form!r}")
    found = zip((*always, *others), match.groups(), strict=True)
    return kind, {name: int(text) if text.isdigit() else text == "True" for name, text in found if text is not None}


def _numbers_in(path: Path, text: str) -> tuple[int, ...]:
    if not re.fullmatch(r"\d{1,9}(,\d{1,9})*", text):
        _fail(path, f"shape: found {_short(text)!r}, expected a form such as '1,28,28'")
    return tuple(map(int, text.split(",")))


def _made(path: Path, where: str, make: Callable[..., Made], *parts: Any, **settings: Any) -> Made:
    try:
        return make(*parts, **settings)
    except ValueError as error:
        _fail(path, f"{where}{error}")


def _write(path: Path, content: bytes) -> None:
    try:
        with whole(path) as beside:
            beside.write_bytes(content)
    except OSError as error:
        _fail(path, f"found a place that can't be written to ({error.strerror}), expected one that can")


def _short(value: object) -> str:
    text = " ".join(str(value).split()) or type(value).__name__
    return text if len(text) <= 100 else f"{text[:97]}..."


def _fail(path: Path, message: str) -> NoReturn:
    raise StorageError(f"{path}: {message}") from None
