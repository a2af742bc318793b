"""Worked examples: a network with its training examples, from arrays or from a TOML file.

>>> example = load_example("simplest")
>>> example.title, example.network.layers, example.input.tolist(), example.target.tolist()
('The simplest network', (1, 1, 1, 1), [0.9], [1.0])
>>> nudged = example.with_values({Weight(3, 0, 0): 1.9})
>>> round(example.trace().cost, 4), round(nudged.trace().cost, 4)
(0.117, 0.1098)
"""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike

from ..arrays import FloatArray, check_shape, checked_array, owned, read_only
from ..frozen import Frozen
from ..functions import ACTIVATIONS, COSTS, OUTPUT_ACTIVATIONS
from ..names import did_you_mean
from ..network import BackwardPass, ForwardPass, Network
from ..network.weight_files import WeightFile, read_weights
from ..quantities import Activation, Bias, Quantity, Target, Weight
from ..watch import Origin, note_origin
from .reading import file_of_bytes
from .training_data import TrainingData, read_training_data

__all__ = ["Example", "ExampleError", "example_names", "load_example"]

_BUNDLED = Path(__file__).parent
_KEYS = (
    "title", "layers", "activation", "cost", "input", "target", "seed", "weights", "biases",
    "input_names", "output_names", "input_units", "input_measured", "labels", "data",
)  # fmt: skip


class ExampleError(ValueError):
    """What is wrong with an example: its file, the key, what was found and what was expected, in one line."""


@dataclass(frozen=True, eq=False)
class Example(Frozen):
    """A network with n training examples: ``inputs`` (n, n_0) and ``targets`` (n, n_L). Texts are plain text.

    Each of these may be left out, and is empty (or `None`) then: the names of the inputs and the outputs, the inputs'
    units, what was measured before it was scaled, ``input_measured`` (n, n_0), what each training example is, its
    label, and the ``data`` that the network is trained on. ``origin`` says of which example it is a variant, if it was
    made while someone watched (`watch`).
    """

    name: str
    title: str
    network: Network
    inputs: FloatArray
    targets: FloatArray
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()
    input_units: tuple[str, ...] = ()
    input_measured: FloatArray | None = None
    labels: tuple[str, ...] = ()
    data: TrainingData | None = None
    origin: Origin | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name in ("inputs", "targets"):
            object.__setattr__(self, name, owned(getattr(self, name)))
        if self.input_measured is not None:
            object.__setattr__(self, "input_measured", owned(self.input_measured))

    @classmethod
    def from_arrays(
        cls,
        weights: Sequence[ArrayLike],
        biases: Sequence[ArrayLike],
        input: ArrayLike,
        target: ArrayLike,
        *,
        activation: str | Sequence[str] = "sigmoid",
        cost: str = "squared_error",
        name: str = "example",
        title: str = "",
    ) -> Example:
        """The example with these parameters, one input (n_0,) or several (n, n_0), and as many targets.

        Raises `ValueError` as `Network.from_arrays` does.
        """
        network = Network.from_arrays(weights, biases, activation=activation, cost=cost)
        return cls(name, title, network, *_training_examples(network, input, target))

    @classmethod
    def from_toml(cls, path: str | os.PathLike[str]) -> Example:
        """The example in a TOML file; `ExampleError` for whatever is wrong with it."""
        return _Reader(Path(path)).example()

    def to_toml(self) -> str:
        """The text of a TOML file that this example is read from again; see `example_toml`."""
        from .toml import example_toml

        return example_toml(self)

    @property
    def input(self) -> FloatArray:
        """The first training example's input, (n_0,)."""
        return self.inputs[0]

    @property
    def target(self) -> FloatArray:
        """The first training example's desired outputs, (n_L,)."""
        return self.targets[0]

    @property
    def training(self) -> tuple[FloatArray, FloatArray]:
        """The inputs and targets that the network is trained on: those of the ``data``, else the example's own."""
        return (self.inputs, self.targets) if self.data is None else (self.data.inputs, self.data.targets)

    def forward(self, i: int = 0) -> ForwardPass:
        """The forward pass of training example ``i``."""
        self._check(i)
        return self.network.forward(self.inputs[i]).numbered(i)

    def trace(self, i: int = 0) -> BackwardPass:
        """The forward and backward pass of training example ``i``: the value and derivative of every quantity."""
        return self.forward(i).backward(self.targets[i])

    def with_values(self, values: Mapping[Quantity, float] | Mapping[str, float], i: int = 0) -> Example:
        """The example with these weights, biases, inputs (`Activation` of layer 0) and targets set to new values.

        Inputs and targets are those of training example ``i``. `ValueError` for what is calculated, not given.
        """
        self._check(i)
        inputs, targets = self.inputs.copy(), self.targets.copy()
        parameters: dict[Quantity, float] = {}
        set_to: list[tuple[str, float]] = []
        for name, value in values.items():
            quantity = self.network.check(name)
            set_to.append((str(quantity), float(value)))
            if isinstance(quantity, Weight | Bias):
                parameters[quantity] = value
                continue
            number = checked_array(str(quantity), value, inputs.dtype)
            if isinstance(quantity, Activation) and quantity.layer == 0:
                inputs[i, int(quantity.j)] = number
            elif isinstance(quantity, Target):
                targets[i, int(quantity.j)] = number
            else:
                raise ValueError(f"{quantity}: is calculated, expected a weight, a bias, an input or a target to set")
        network = self.network.replace(parameters)
        origin = note_origin(self, *((("of", i),) if i else ()), ("at", tuple(set_to)))
        return replace(self, network=network, inputs=read_only(inputs), targets=read_only(targets), origin=origin)

    def _check(self, i: int) -> None:
        if not 0 <= i < len(self.inputs):
            raise IndexError(f"training example {i}: found none, expected one from 0 to {len(self.inputs) - 1}")


def example_names() -> tuple[str, ...]:
    """The names of the bundled examples."""
    return tuple(sorted(path.stem for path in _BUNDLED.glob("*.toml")))


def load_example(name_or_path: str | os.PathLike[str]) -> Example:
    """A bundled example by its name, or the one in a TOML file; `ExampleError` where there is none."""
    text = os.fspath(name_or_path)
    if text in example_names():
        return Example.from_toml(_BUNDLED / f"{text}.toml")
    if isinstance(name_or_path, str) and Path(text).name == text and not text.endswith(".toml"):
        names = ", ".join(example_names())
        near = did_you_mean(text, example_names())
        raise ExampleError(f"example: found {text!r}, expected one of {names}, or a path to a .toml file{near}")
    return Example.from_toml(text)


def _training_examples(network: Network, input: ArrayLike, target: ArrayLike) -> tuple[FloatArray, FloatArray]:
    inputs, targets = checked_array("input", input, network.dtype), checked_array("target", target, network.dtype)
    check_shape("input", inputs, (network.layers[0],), ("n", network.layers[0]))
    outputs = network.layers[-1]
    network.check_targets("target", targets, (outputs,) if inputs.ndim == 1 else (len(inputs), outputs))
    if len(inputs) == 0:
        raise ValueError(f"input: found shape {inputs.shape}, expected at least one training example")
    return read_only(inputs.reshape(-1, network.layers[0])), read_only(targets.reshape(-1, outputs))


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
            examples = _training_examples(network, inputs, targets)
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
