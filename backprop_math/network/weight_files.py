"""The weights and biases of a dense network from whatever file they lie in.

A file that `storage.save` wrote says the activation functions and the cost, too. Of others, ``.npz``, ``.safetensors``
or a PyTorch ``state_dict`` (``.pt``, ``.pth``), the arrays are read: ``W1``, ``b1``, ``W2``, … or ``0.weight``,
``0.bias``, ``2.weight``, …, a matrix (outputs, inputs) a layer. Nothing in a file is executed.

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     path = Path(folder, "mine.npz")
...     np.savez(path, W1=np.ones((3, 2)), b1=np.zeros(3), W2=np.ones((1, 3)), b2=np.zeros(1))
...     read_weights(path).layers
(2, 3, 1)
"""

from __future__ import annotations

import importlib
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import FloatArray
from .storage import StorageError, load

__all__ = ["ENDINGS", "WeightFile", "read_weights"]

ENDINGS = (".npz", ".safetensors", ".pt", ".pth")
_LARGEST = 1_000_000_000  # bytes
_MATRIX, _VECTOR = ("weight", "W", "w"), ("bias", "b")


@dataclass(frozen=True, eq=False)
class WeightFile:
    """One matrix (n_l, n_{l-1}) and one vector (n_l,) a layer; the functions, if the file says them."""

    W: tuple[FloatArray, ...]
    b: tuple[FloatArray, ...]
    activation: tuple[str, ...] = ()
    cost: str = ""

    @property
    def layers(self) -> tuple[int, ...]:
        """How many neurons each layer has, the input too."""
        return (self.W[0].shape[1], *(len(vector) for vector in self.b))


def read_weights(path: Path) -> WeightFile:
    """What lies in a file. `StorageError`, which names it and the entry, if that is no dense network."""
    arrays = _arrays(path)
    if "format" in arrays:
        network = load(path)
        if len(network.shapes[0]) > 1 or any(W.ndim != 2 for W in network.W):
            raise _error(path, "found layers of images, expected dense layers")
        names = tuple(row.name for row in network.activation)
        return WeightFile(tuple(network.W), tuple(network.b), names, network.cost.name)
    return _dense(path, arrays)


def _error(path: Path, message: str) -> StorageError:
    return StorageError(f"{path.name}: {message}")


def _arrays(path: Path) -> dict[str, Any]:
    if path.suffix not in ENDINGS:
        raise _error(path, f"found the ending {path.suffix!r}, expected one of {', '.join(ENDINGS)}")
    try:
        if not path.is_file():
            path.stat()  # says so itself where there is nothing
            raise _error(path, "found no file, expected one with weights")
        if path.stat().st_size > _LARGEST:
            raise _error(path, "found more than 1 GB, expected a network of at most 50,000,000 parameters")
        content = path.read_bytes()
    except OSError as error:
        raise _error(path, f"found a file that can't be read ({error.strerror}), expected weights") from None
    read = {".npz": _npz, ".safetensors": _safetensors}.get(path.suffix, _torch)
    try:
        return read(content)
    except ImportError as error:
        raise _error(path, f"found no package {error.name!r}, expected it installed for files of this kind") from None
    except StorageError:
        raise
    except Exception as error:  # of whatever kind a library raises for a file that is none of its own
        told = " ".join(str(error).split())[:100] or type(error).__name__
        raise _error(path, f"found no {path.suffix} file that can be read ({told}), expected weights") from None


def _npz(content: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > _LARGEST:
            raise ValueError("unpacked, it has more than 1 GB")
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _safetensors(content: bytes) -> dict[str, Any]:
    arrays: dict[str, Any] = importlib.import_module("safetensors.numpy").load(content)
    length = int.from_bytes(content[:8], "little")
    ours = re.search(rb'"format"\s*:\s*"backprop_math', content[8 : 8 + length])
    return arrays | ({"format": ""} if ours else {})


def _torch(content: bytes) -> dict[str, Any]:
    torch = importlib.import_module("torch")
    found = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    if not isinstance(found, Mapping):
        raise ValueError(f"it holds {type(found).__name__}, not a state_dict")
    return {str(name): tensor.detach().double().numpy() for name, tensor in found.items()}


def _dense(path: Path, arrays: Mapping[str, Any]) -> WeightFile:
    matrices: dict[str, FloatArray] = {}
    vectors: dict[str, FloatArray] = {}
    for name, array in arrays.items():
        kind, layer = _named(name)
        if kind is None or array.dtype.kind not in "fiu":
            raise _error(path, f"{_short(name)}: found an unknown entry, expected W1, b1, … or 0.weight, 0.bias, …")
        shape = "a matrix (outputs, inputs)" if kind == "W" else "a vector"
        if array.ndim != (2 if kind == "W" else 1) or not array.size:
            raise _error(path, f"{_short(name)}: found shape {array.shape}, expected {shape} of a dense layer")
        if not np.isfinite(array).all():
            raise _error(path, f"{_short(name)}: found a number that is not finite, expected finite ones")
        (matrices if kind == "W" else vectors)[layer] = array.astype(float)
    if not matrices:
        raise _error(path, "found no matrix, expected W1, b1, … or 0.weight, 0.bias, …")
    if lonely := [layer for layer in vectors if layer not in matrices]:
        raise _error(path, f"found a bias of {_short(lonely[0])!r} and no matrix, expected both")
    order = sorted(matrices, key=_by_number)
    for before, layer in pairwise(order):
        if matrices[layer].shape[1] != len(matrices[before]):
            raise _error(
                path,
                f"found {matrices[layer].shape[1]} inputs of {_short(layer)!r} behind {len(matrices[before])} outputs "
                f"of {_short(before)!r}, expected as many",
            )
    for layer in order:
        vectors.setdefault(layer, np.zeros(len(matrices[layer])))
        if len(vectors[layer]) != len(matrices[layer]):
            raise _error(
                path, f"{_short(layer)!r}: found {len(vectors[layer])} biases, expected {len(matrices[layer])}"
            )
    return WeightFile(tuple(matrices[layer] for layer in order), tuple(vectors[layer] for layer in order))


def _named(name: str) -> tuple[str | None, str]:
    """Whether an entry is a matrix, ``W``, or a vector, ``b``, and of which layer.

    >>> _named("W2"), _named("net.0.bias"), _named("0.running_mean")
    (('W', '2'), ('b', 'net.0'), (None, ''))
    """
    for kind, ends in (("W", _MATRIX), ("b", _VECTOR)):
        for end in ends:
            if name.endswith(f".{end}"):
                return kind, name[: -len(end) - 1]
            if match := re.fullmatch(rf"{end}_?(\d{{1,4}})", name):
                return kind, match[1]
    return None, ""


def _by_number(name: str) -> list[tuple[int, str]]:
    """``net.10`` comes after ``net.2``."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d{1,9})", name)]


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
