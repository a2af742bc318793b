"""An example made of what the command line gives: a file of weights, inputs and targets, and the functions' names.

It is written into a folder of the media folder, as the example file that it is, beside a copy of the weights.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from backprop_math import ExampleError, load_example
from backprop_math.network.weight_files import StorageError, read_weights

from .errors import Problem, sentence, shown_path
from .files import media, whole

__all__ = ["GivenExample", "numbers"]

_FILES = (".npy", ".npz", ".csv", ".txt")
_NAMES = {"--input": ("input", "inputs", "x", "X"), "--target": ("target", "targets", "y", "Y")}
_MOST = 5_000_000  # numbers


@dataclass(frozen=True)
class GivenExample:
    """What stands behind ``--weights``, ``--input``, ``--target``, ``--activation`` and ``--cost``."""

    weights: Path
    input: str
    target: str
    activation: str | None = None
    cost: str | None = None

    def written(self) -> Path:
        """The example's file. `Problem` if it is none."""
        try:
            read = read_weights(self.weights)
        except StorageError as error:
            raise Problem(f"--weights: {error}") from None
        inputs = _rows("--input", numbers("--input", self.input), read.layers[0])
        targets = _targets(numbers("--target", self.target), read.layers[-1], len(inputs))
        content = self.weights.read_bytes()
        text = self._toml(inputs, targets)
        key = hashlib.sha256(content + text.encode()).hexdigest()[:8]
        stem = re.sub(r"[^\w.-]", "_", self.weights.stem) or "weights"
        folder = media() / "examples" / f"{stem}-{key}"
        with whole(folder / self.weights.name) as file:
            file.write_bytes(content)
        with whole(folder / f"{stem}.toml") as file:
            file.write_text(text, encoding="utf-8")
        path = folder / f"{stem}.toml"
        try:
            load_example(str(path))
        except ExampleError as error:
            shutil.rmtree(folder, ignore_errors=True)
            told = sentence(error).removeprefix(f"{path}: ").removeprefix("weights: ")
            raise Problem(f"{shown_path(self.weights)}: {told.removeprefix(f'{self.weights.name}: ')}") from None
        return path

    def _toml(self, inputs: np.ndarray, targets: np.ndarray) -> str:
        lines = [f"title = {_quoted(self.weights.stem)}", f"weights = {_quoted(self.weights.name)}"]
        if self.activation is not None:
            names = [name.strip() for name in self.activation.split(",")]
            lines.append(f"activation = {_quoted(names[0] if len(names) == 1 else names)}")
        if self.cost is not None:
            lines.append(f"cost = {_quoted(self.cost)}")
        for key, rows in (("input", inputs), ("target", targets)):
            lines.append(f"{key} = {json.dumps((rows[0] if len(inputs) == 1 else rows).tolist())}")
        return "\n".join(lines) + "\n"


def _quoted(text: Any) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def numbers(option: str, text: str) -> np.ndarray:
    """The numbers that an option gives: ``0.5,0.3``, several rows ``0.5,0.3;0.1,0.9``, or a file's.

    `Problem` if it gives none.

    >>> numbers("--input", "0.5, 1;2,3").tolist()
    [[0.5, 1.0], [2.0, 3.0]]
    """
    path = Path(text)
    if path.suffix.lower() in _FILES:
        found = _in_file(option, path)
    else:
        try:
            rows = [[float(one) for one in row.split(",")] for row in text.split(";")]
        except ValueError:
            raise Problem(
                f"{option}: found {text[:40]!r}, expected numbers such as 0.5,0.3, of several examples "
                f"0.5,0.3;0.1,0.9, or a file that ends in {', '.join(_FILES)}"
            ) from None
        if len({len(row) for row in rows}) > 1:
            raise Problem(f"{option}: found rows of {len(rows[0])} and of other lengths, expected rows of one length")
        found = np.array(rows if len(rows) > 1 else rows[0])
    if found.dtype.kind not in "fiub" or not found.size or found.size > _MOST:
        raise Problem(f"{option}: found {found.size:,} values of {found.dtype.name}, expected 1 to {_MOST:,} numbers")
    found = found.astype(float)
    if not np.isfinite(found).all():
        raise Problem(f"{option}: found a number that is not finite, expected finite ones")
    return found


def _in_file(option: str, path: Path) -> np.ndarray:
    where = f"{option} {shown_path(path)}"
    try:
        if not path.is_file():
            path.stat()
            raise Problem(f"{where}: found no file, expected one with numbers")
        if path.stat().st_size > 8 * _MOST:
            raise Problem(f"{where}: found more than {8 * _MOST:,} bytes, expected fewer numbers")
        content = path.read_bytes()
    except OSError as error:
        raise Problem(f"{where}: found a file that can't be read ({error.strerror}), expected numbers") from None
    try:
        if path.suffix.lower() in (".npy", ".npz"):
            return _array(option, content)
        return _table(content)
    except (ValueError, EOFError, KeyError, OSError, MemoryError, zipfile.BadZipFile) as error:
        told = " ".join(str(error).split())[:100]
        raise Problem(f"{where}: found no numbers ({told}), expected a table of them") from None


def _array(option: str, content: bytes) -> np.ndarray:
    found: Any = np.load(io.BytesIO(content), allow_pickle=False)
    if isinstance(found, np.ndarray):
        return found
    with found:
        names = [name for name in _NAMES[option] if name in found.files] or found.files
        if len(names) != 1:
            raise ValueError(f"arrays {', '.join(found.files[:5])}, none of them called {_NAMES[option][0]!r}")
        return np.asarray(found[names[0]])


def _table(content: bytes) -> np.ndarray:
    rows = [row for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) if row]
    try:
        [float(one) for one in rows[0]]
    except ValueError:  # the names of the columns
        rows = rows[1:]
    except IndexError:
        raise ValueError("it is empty") from None
    return np.array([[float(one) for one in row] for row in rows])


def _rows(option: str, found: np.ndarray, size: int) -> np.ndarray:
    """One training example a row, (n, size)."""
    count = found.size // size
    if found.size != count * size or (found.ndim > 1 and found.shape[0] not in (count, 1) and found.size != size):
        raise Problem(f"{option}: found shape {found.shape}, expected ({size},), or (n, {size}) of several examples")
    return found.reshape(count, size)


def _targets(found: np.ndarray, size: int, count: int) -> np.ndarray:
    """The desired outputs, (n, size); of several outputs, a class of each example may be given by its number."""
    flat = found.ravel()
    if size > 1 and flat.size == count != size and np.isin(flat, np.arange(size)).all():
        return np.eye(size)[flat.astype(int)]
    targets = _rows("--target", found, size)
    if len(targets) != count:
        raise Problem(f"--target: found {len(targets)} rows, expected {count}, as in --input")
    return targets
