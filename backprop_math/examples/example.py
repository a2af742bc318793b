"""Worked examples: a network with its training examples, from arrays or from a TOML file.

>>> from backprop_math import load_example
>>> example = load_example("simplest")
>>> example.title, example.network.layers, example.input.tolist(), example.target.tolist()
('The simplest network', (1, 1, 1, 1), [0.9], [1.0])
>>> nudged = example.with_values({Weight(3, 0, 0): 1.9})
>>> round(example.trace().cost, 4), round(nudged.trace().cost, 4)
(0.117, 0.1098)
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from ..arrays import FloatArray, check_shape, checked_array, owned, read_only
from ..frozen import Frozen
from ..network import BackwardPass, ForwardPass, Network
from ..quantities import Activation, Bias, Quantity, Target, Weight
from ..watch import Origin, note_example, note_origin
from .training_data import TrainingData

__all__ = ["Example", "training_examples"]


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
        return cls(name, title, network, *training_examples(network, input, target))

    @classmethod
    def from_toml(cls, path: str | os.PathLike[str]) -> Example:
        """The example in a TOML file; `ExampleError` for whatever is wrong with it."""
        from .example_file import read_example

        return read_example(Path(path))

    def to_toml(self, weights: str | None = None) -> str:
        """The text of a TOML file that this example is read from again, with a file of ``weights`` beside it if named.

        See `example_toml`.
        """
        from .toml import example_toml

        return example_toml(self, weights)

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
        note_example(self)
        return self.forward(i).backward(self.targets[i])

    def same_as(self, other: Example) -> bool:
        """Whether two examples are one network with the same numbers and input names.

        >>> from backprop_math import load_example
        >>> simplest = load_example("simplest")
        >>> simplest.same_as(load_example("simplest")), simplest.same_as(load_example("several"))
        (True, False)
        """
        a, b = self.network, other.network
        return (
            (a.layers, a.activation, a.cost, self.input_names) == (b.layers, b.activation, b.cost, other.input_names)
            and np.array_equal(self.inputs, other.inputs)
            and np.array_equal(self.targets, other.targets)
            and all(map(np.array_equal, [*a.W, *a.b], [*b.W, *b.b]))
        )

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


def training_examples(network: Network, input: ArrayLike, target: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Inputs (n, n_0) and targets (n, n_L), from one of each or several; `ValueError` for other shapes and values."""
    inputs, targets = checked_array("input", input, network.dtype), checked_array("target", target, network.dtype)
    check_shape("input", inputs, (network.layers[0],), ("n", network.layers[0]))
    outputs = network.layers[-1]
    network.check_targets("target", targets, (outputs,) if inputs.ndim == 1 else (len(inputs), outputs))
    if len(inputs) == 0:
        raise ValueError(f"input: found shape {inputs.shape}, expected at least one training example")
    return read_only(inputs.reshape(-1, network.layers[0])), read_only(targets.reshape(-1, outputs))
