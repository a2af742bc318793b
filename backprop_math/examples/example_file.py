"""Examples in TOML files, bundled ones by their names; whatever is wrong with a file is said in one line.

>>> load_example("simplest").network.layers, example_names()[0]
((1, 1, 1, 1), 'body_mass')
"""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from ..arrays import FloatArray, read_only
from ..functions import ACTIVATIONS, COSTS, OUTPUT_ACTIVATIONS
from ..names import did_you_mean
from ..network import Network
from ..network.weight_files import WeightFile, read_weights
from .example import Example, training_examples
from .reading import file_of_bytes
from .training_data import TrainingData, read_training_data

__all__ = ["ExampleError", "example_names", "load_example", "read_example"]

_BUNDLED = Path(__file__).parent
_KEYS = (
    "title", "layers", "activation", "cost", "input", "target", "seed", "weights", "biases",
    "input_names", "output_names", "input_units", "input_measured", "labels", "data",
)  # fmt: skip


class ExampleError(ValueError):
    """What is wrong with an example: its file, the key, what was found and what was expected, in one line."""


def example_names() -> tuple[str, ...]:
    """The names of the bundled examples."""
    return tuple(sorted(path.stem for path in _BUNDLED.glob("*.toml")))


def load_example(name_or_path: str | os.PathLike[str]) -> Example:
    """A bundled example by its name, or the one in a TOML file; `ExampleError` where there is none."""
    text = os.fspath(name_or_path)
    if text in example_names():
        return read_example(_BUNDLED / f"{text}.toml")
    if isinstance(name_or_path, str) and Path(text).name == text and not text.endswith(".toml"):
        names = ", ".join(example_names())
        near = did_you_mean(text, example_names())
        raise ExampleError(f"example: found {text!r}, expected one of {names}, or a path to a .toml file{near}")
    return read_example(Path(text))


def read_example(path: Path) -> Example:
    """The example in a TOML file; `ExampleError` for whatever is wrong with it."""
    return _Reader(path).example()


class _Reader:
    """Reads and checks one file, so that every complaint can name it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.table: dict[str, Any] = {}

    def fail(self, message: str) -> NoReturn:
        raise ExampleError(f"{self.path}: {message}") from None

    def example(self) -> Example:
        self.table = self.parsed()
        for key in self.table:
            if key not in _KEYS:
                near = did_you_mean(key, _KEYS) or f" (known: {', '.join(_KEYS)})"
                self.fail(f"{_key(key)}: found an unknown key{near}")
        read = self.weight_file()
        layers = self.layers()
        if read and tuple(layers) != read.layers:
            self.fail(f"layers: found {layers}, expected {list(read.layers)}, as in {self.table['weights']}")
        functions = {**ACTIVATIONS, **OUTPUT_ACTIVATIONS}
        activation = self.names("activation", "sigmoid", functions, several=len(layers) - 1)
        cost = self.names("cost", "squared_error", COSTS)
        title = self.table.get("title", "")
        if not isinstance(title, str):
            self.fail(f"title: found {_kind(title)}, expected a text")
        inputs, targets = self.rows("input", layers[0]), self.rows("target", layers[-1])
        if isinstance(inputs[0], list) != isinstance(targets[0], list) or _count(inputs) != _count(targets):
            found, expected = (_examples(rows) for rows in (targets, inputs))
            self.fail(f"target: found {found}, expected {expected}, as in input")
        network = self.made(read, activation, cost) if read else self.network(layers, activation, cost)
        input_names = self.texts("input_names", layers[0], "input")
        output_names = self.texts("output_names", layers[-1], "output")
        input_units = self.texts("input_units", layers[0], "input")
        labels = self.texts("labels", _count(inputs), "training example")
        measured = self.measured(inputs, layers[0])
        try:
            examples = training_examples(network, inputs, targets)
        except ValueError as error:  # Their shapes and types are checked: what is left to refuse is what the cost does.
            self.fail(str(error))
        data = self.data(input_names, output_names, scale=measured is not None)
        if data is not None:
            self.check_data(data, network, measured, examples[0])
        return Example(
            self.path.stem, title, network, *examples, input_names, output_names, input_units, measured, labels, data
        )

    def weight_file(self) -> WeightFile | None:
        """What ``weights`` names, if it names a file; what it says of the network is there as if it stood here."""
        name = self.table.get("weights")
        if not isinstance(name, str):
            return None
        if not name or "\0" in name:
            self.fail(f"weights: found {_kind(name)}, expected lists of numbers, or the name of a file")
        for key in ("biases", "seed"):
            if key in self.table:
                self.fail(f"{key}: found together with a file of weights, expected one of them")
        try:
            read = read_weights(self.path.parent / name)
        except ValueError as error:
            self.fail(f"weights: {error}")
        if not read.activation and "activation" not in self.table:
            self.fail(f"activation: found nothing, expected one name, or a list of {len(read.W)}: {name} says none")
        said = {"layers": list(read.layers), "activation": list(read.activation), "cost": read.cost}
        self.table = {**{key: value for key, value in said.items() if value}, **self.table}
        return read

    def made(self, read: WeightFile, activation: Any, cost: str) -> Network:
        """The network of a file's weights."""
        try:
            return Network.from_arrays(read.W, read.b, activation=activation, cost=cost)
        except ValueError as error:
            self.fail(f"weights: {error}")

    def texts(self, key: str, size: int, each: str) -> tuple[str, ...]:
        """Nothing, or a text for each of ``size`` things."""
        value = self.table.get(key, [])
        expected = f"{size} texts, one for each {each}"
        if not isinstance(value, list) or (key in self.table and len(value) != size):
            self.fail(f"{key}: found {_kind(value)}, expected {expected}")
        for text in value:
            if not isinstance(text, str):
                self.fail(f"{key}: found {_kind(text)}, expected {expected}")
        return tuple(value)

    def measured(self, inputs: list[Any], size: int) -> FloatArray | None:
        """What was measured, in as many rows as there are inputs."""
        if "input_measured" not in self.table:
            return None
        rows = self.rows("input_measured", size)
        if isinstance(rows[0], list) != isinstance(inputs[0], list) or _count(rows) != _count(inputs):
            self.fail(f"input_measured: found {_examples(rows)}, expected {_examples(inputs)}, as in input")
        return read_only(np.array(rows, dtype=float).reshape(-1, size))

    def data(self, input_names: Sequence[str], output_names: Sequence[str], *, scale: bool) -> TrainingData | None:
        """The table that ``data`` names: beside the example's file, or a bundled one."""
        if "data" not in self.table:
            return None
        name = self.table["data"]
        if not isinstance(name, str) or not name or "\0" in name:
            self.fail(f"data: found {_kind(name)}, expected the name of a CSV file")
        for key, names in (("input_names", input_names), ("output_names", output_names)):
            if not names:
                self.fail(f"{key}: found nothing, expected names, by which the columns of the data are found")
        bundled = {path.name: path for path in _BUNDLED.glob("*.csv")}
        path = bundled.get(name) or self.path.parent / name
        try:
            return read_training_data(path, input_names, output_names, scale=scale)
        except ValueError as error:
            self.fail(f"data: {error}")

    def check_data(self, data: TrainingData, network: Network, measured: FloatArray | None, inputs: FloatArray) -> None:
        """Targets that the cost can do with, and inputs that are scaled as the data are."""
        try:
            network.check_targets("data", data.targets, (len(data), network.layers[-1]))
        except ValueError as error:
            self.fail(str(error))
        if measured is None:
            return
        for given, expected in zip(inputs.flat, data.scaled(measured).flat, strict=True):
            if abs(given - expected) > 1e-9:
                self.fail(
                    f"input: found {given:g}, expected {expected:g}, what input_measured is when scaled as the data"
                )

    def parsed(self) -> dict[str, Any]:
        try:
            # Some editors mark UTF-8 with an invisible first character, which TOML does not know.
            return tomllib.loads(file_of_bytes(self.path).decode("utf-8-sig"))
        except FileNotFoundError:
            self.fail("found no such file, expected an example in TOML")
        except OSError as error:
            self.fail(f"found a file that can't be read ({error.strerror}), expected an example in TOML")
        except UnicodeDecodeError as error:
            self.fail(f"found a byte that is not UTF-8 at position {error.start}, expected TOML, which is UTF-8")
        except ValueError as error:  # of `tomllib`, or a number of more digits than Python reads
            self.fail(f"found no valid TOML ({error}), expected an example in TOML")
        except RecursionError:
            self.fail("found lists too deep to read, expected an example in TOML")

    def required(self, key: str, expected: str) -> Any:
        if key not in self.table:
            self.fail(f"{key}: found nothing, expected {expected}")
        return self.table[key]

    def layers(self) -> list[int]:
        expected = "a list of at least two whole numbers from 1 on, such as [1, 1, 1]"
        layers = self.required("layers", expected)
        if not isinstance(layers, list) or len(layers) < 2:
            self.fail(f"layers: found {_kind(layers)}, expected {expected}")
        for size in layers:
            if isinstance(size, bool) or not isinstance(size, int) or size < 1:
                self.fail(f"layers: found {_kind(size)}, expected {expected}")
        if sum((before + 1) * size for before, size in pairwise(layers)) > _MOST_PARAMETERS:
            most = f"{_MOST_PARAMETERS:,} weights and biases"
            self.fail(f"layers: found {_short(repr(layers))}, expected a network of at most {most}")
        return layers

    def names(self, key: str, default: str, known: Mapping[str, object], several: int = 0) -> Any:
        """A name, or with ``several`` also a list of that many."""
        value = self.table.get(key, default)
        options = ", ".join(repr(name) for name in known)
        if several and isinstance(value, list) and len(value) != several:
            self.fail(
                f"{key}: found {len(value)} names, expected one, or {several}, one for each layer after the input"
            )
        for name in value if several and isinstance(value, list) else [value]:
            if not isinstance(name, str) or name not in known:
                near = did_you_mean(name, known) if isinstance(name, str) else ""
                self.fail(f"{key}: found {_kind(name)}, expected one of {options}{near}")
        return value

    def network(self, layers: list[int], activation: Any, cost: str) -> Network:
        given = [key for key in ("weights", "biases") if key in self.table]
        if "seed" in self.table:
            if given:
                self.fail(f"seed: found together with {given[0]}, expected either a seed or weights and biases")
            seed = self.table["seed"]
            if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
                self.fail(f"seed: found {_kind(seed)}, expected a whole number from 0 on")
            return Network.random(layers, activation=activation, cost=cost, seed=seed)
        if not given:
            self.fail("weights: found nothing, expected weights and biases, or a seed for random ones")
        count = len(layers) - 1
        matrices = self.per_layer("weights", count, "matrices")
        vectors = self.per_layer("biases", count, "lists")
        for l, (matrix, vector) in enumerate(zip(matrices, vectors, strict=True), 1):
            where = f"weights, layer {l}"
            if not isinstance(matrix, list):
                self.fail(f"{where}: found {_kind(matrix)}, expected {layers[l]} rows of {layers[l - 1]}")
            if len(matrix) != layers[l]:
                self.fail(f"{where}: found {len(matrix)} rows, expected {layers[l]}, one for each neuron of the layer")
            for j, row in enumerate(matrix):
                self.numbers(f"{where}, row {j}", row, layers[l - 1], "neuron of the layer before")
            self.numbers(f"biases, layer {l}", vector, layers[l], "neuron of the layer")
        return Network.from_arrays(matrices, vectors, activation=activation, cost=cost)

    def per_layer(self, key: str, count: int, what: str) -> list[Any]:
        expected = f"{count} {what}, one for each layer after the input"
        value = self.required(key, expected)
        if not isinstance(value, list):
            self.fail(f"{key}: found {_kind(value)}, expected {expected}")
        if len(value) != count:
            self.fail(f"{key}: found {len(value)} entries, expected {expected}")
        return value

    def rows(self, key: str, size: int) -> list[Any]:
        """One training example's numbers, or a list of several."""
        expected = f"{size} numbers, or several lists of {size}"
        value = self.required(key, expected)
        if not isinstance(value, list) or not value:
            self.fail(f"{key}: found {_kind(value)}, expected {expected}")
        several = isinstance(value[0], list)
        for i, row in enumerate(value if several else [value]):
            self.numbers(f"{key}, example {i}" if several else key, row, size, "neuron of its layer")
        return value

    def numbers(self, where: str, value: Any, size: int, each: str) -> None:
        if not isinstance(value, list):
            self.fail(f"{where}: found {_kind(value)}, expected a list of {size} numbers, one for each {each}")
        if len(value) != size:
            self.fail(f"{where}: found {len(value)} values, expected {size}, one for each {each}")
        for number in value:
            # A whole number may be too large for a float, which is no NaN and no infinity before it is converted.
            is_number = isinstance(number, int | float) and not isinstance(number, bool)
            if not is_number or not (abs(number) <= _LARGEST if isinstance(number, int) else math.isfinite(number)):
                self.fail(f"{where}: found {_kind(number)}, expected finite numbers")


_LARGEST = 10**300
_MOST_PARAMETERS = 50_000_000  # 400 MB, and as much again for their derivatives


def _kind(value: object) -> str:
    """What was found, short enough for one line."""
    names: dict[type, str] = {dict: "a table", list: "a list"}
    if isinstance(value, bool):
        return f"the truth value {str(value).lower()}"
    if type(value) in names:
        return f"{names[type(value)]} of {len(value)}"  # type: ignore[arg-type]
    # Python does not write a whole number of so many decimal digits.
    return _short(hex(value) if isinstance(value, int) and value.bit_length() > 10_000 else repr(value))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _key(key: str) -> str:
    """A key as it stands in the file, short enough for one line."""
    return key if key.isidentifier() and len(key) <= 60 else _short(repr(key))


def _count(rows: list[Any]) -> int:
    return len(rows) if isinstance(rows[0], list) else 1


def _examples(rows: list[Any]) -> str:
    return f"{len(rows)} lists of numbers" if isinstance(rows[0], list) else "one list of numbers"
