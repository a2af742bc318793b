"""What a network is before anything is calculated: its layers and its cost, and every parameter by name.

>>> from backprop_math import Bias, Network
>>> net = Network.from_arrays(weights=[[[0.5, -1.0]]], biases=[[0.25]])
>>> net.shapes, net.value(Bias(1, 0)), [str(quantity) for quantity in net.parameters]
(((2,), (1,)), 0.25, ['w[1][0,0]', 'w[1][0,1]', 'b[1][0]'])
>>> print(net)
layer  kind   output  activation  parameters
0      input  2
1      Dense  1       sigmoid     3
cost squared_error, float64, 3 parameters
"""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from ..arrays import FloatArray, LayerArrays, check_shape
from ..frozen import Frozen
from ..functions import CostFunction, OutputActivation, Paired, cost_function
from ..quantities import Activations, Bias, Cost, Parameter, Quantity, Target, WeightedSums, as_quantity
from .layers import Dense, Layer, LayerFunction, Shape, WeightedLayer
from .parameters import Parameters
from .tables import html_table, text_table

__all__ = ["Structure"]


class Structure(Frozen):
    """Layers one behind another, the last one a `Dense`, and a cost; `Network` adds the passes through them.

    ``stack[l - 1]`` is layer l, ``shapes[l]`` the shape of its output, ``layers[l]`` how many numbers that is, ``L``
    the number of the last layer. ``W[l]`` and ``b[l]`` are a layer's parameters, if it has some, ``activation[l - 1]``
    is its activation function, ``cost`` the cost function.

    Where the first layer is one of images, ``shape`` says which images it takes: (channels, height, width).
    `ValueError` for layers that do not fit each other.
    """

    stack: tuple[Layer, ...]
    cost: CostFunction
    shapes: tuple[Shape, ...]
    layers: tuple[int, ...]
    L: int
    activation: tuple[LayerFunction, ...]
    W: LayerArrays
    b: LayerArrays
    dtype: np.dtype[Any]

    def __init__(
        self, stack: Sequence[Layer], *, cost: str | CostFunction = "squared_error", shape: Shape | None = None
    ) -> None:
        shapes = _shapes(tuple(stack), shape)
        parameters = [(layer.W, layer.b) if isinstance(layer, WeightedLayer) else (None, None) for layer in stack]
        self._set(
            stack=tuple(stack),
            cost=cost_function(cost),
            shapes=shapes,
            layers=tuple(prod(shape) for shape in shapes),
            L=len(stack),
            activation=tuple(layer.activation for layer in stack),
            W=LayerArrays("W", (W for W, _ in parameters), first=1),
            b=LayerArrays("b", (b for _, b in parameters), first=1),
            dtype=stack[-1].W.dtype,  # type: ignore[attr-defined]
        )
        _check_functions(self.activation, self.cost)
        for l, W in self.W.items():
            if W.dtype != self.dtype:
                raise ValueError(f"layer {l}: found the dtype {W.dtype}, expected that of the last layer, {self.dtype}")

    def __str__(self) -> str:
        return f"{text_table(self._rows())}\n{self._caption}"

    def _repr_html_(self) -> str:
        return html_table(self._rows(), self._caption)

    def _rows(self) -> list[list[str]]:
        rows = [["layer", "kind", "output", "activation", "parameters"]]
        rows.append(["0", "input", _written_shape(self.shapes[0]), "", ""])
        for l, layer in enumerate(self.stack, 1):
            weighted = isinstance(layer, WeightedLayer)
            count = f"{layer.W.size + layer.b.size:,}" if isinstance(layer, WeightedLayer) else ""
            name = layer.activation.name if weighted else ""
            rows.append([str(l), type(layer).__name__, _written_shape(self.shapes[l]), name, count])
        return rows

    @property
    def _caption(self) -> str:
        return f"cost {self.cost.name}, {self.dtype}, {len(self.parameters):,} parameters"

    @property
    def paired(self) -> Paired | None:
        """The cost taken together with the last layer's activation function, for those that belong together."""
        return self.cost.paired.get(self.activation[-1].name)

    @property
    def parameters(self) -> Parameters:
        """Every weight and bias, layer by layer: the rows of W[l], then b[l]."""
        return Parameters(self.W, self.b)

    def value(self, quantity: Quantity | str) -> float:
        """The value of a weight or bias; `ValueError` for what this network does not have.

        As everywhere, a quantity is given as itself or by what it is called, ``"w[2][1,0]"``.
        """
        _, array, place = self._place(quantity)
        return float(array[place])

    def check(self, quantity: Quantity | str) -> Quantity:
        """The quantity, if the network has it; `ValueError` otherwise."""
        quantity = as_quantity(quantity)
        if isinstance(quantity, Cost):
            return quantity
        first = 0 if isinstance(quantity, Activations) else 1
        layer = self.L if isinstance(quantity, Target) else getattr(quantity, "layer", None)
        if not isinstance(layer, int | np.integer) or not first <= layer <= self.L:
            raise ValueError(f"{quantity}: found layer {layer}, expected a layer from {first} to {self.L}")
        sizes = self._sizes(quantity, int(layer))
        if len(sizes) != len(quantity.indices):
            what = f"a {type(self.stack[layer - 1]).__name__} layer" if layer else f"inputs of shape {self.shapes[0]}"
            raise ValueError(f"{quantity}: found layer {layer}, {what}, which has no {type(quantity).__name__}")
        for index, size in zip(quantity.indices, sizes, strict=True):
            if not isinstance(index, int | np.integer) or not 0 <= index < size:
                kind, expected = ("neuron", "a neuron") if len(sizes) < 3 else ("index", "an index")
                raise ValueError(f"{quantity}: found {kind} {index}, expected {expected} from 0 to {size - 1}")
        return quantity

    def _sizes(self, quantity: Quantity, l: int) -> Shape:
        """How many there are of each index; of none, where the layer has no such quantity."""
        if isinstance(quantity, Activations | Target):
            return self.shapes[l]
        layer = self.stack[l - 1]
        if not isinstance(layer, WeightedLayer):
            return ()
        if isinstance(quantity, WeightedSums):
            return self.shapes[l]
        return layer.b.shape if isinstance(quantity, Bias) else layer.W.shape

    def _place(self, quantity: Quantity | str) -> tuple[Parameter, FloatArray, tuple[int, ...]]:
        quantity = as_quantity(quantity)
        if not isinstance(quantity, Parameter):
            known = isinstance(quantity, WeightedSums | Activations | Target | Cost)
            hint = "; its values belong to a forward or backward pass" if known else ""
            raise ValueError(f"{quantity}: found {type(quantity).__name__}, expected a weight or a bias{hint}")
        self.check(quantity)
        arrays = self.b if isinstance(quantity, Bias) else self.W
        return quantity, arrays[int(quantity.layer)], tuple(int(index) for index in quantity.indices)

    def check_input(self, x: FloatArray) -> None:
        """Raise `ValueError` unless ``x`` is one example's input, or those of a batch."""
        check_shape("x", x, self.shapes[0], ("n", *self.shapes[0]))
        if len(x) == 0:
            raise ValueError(f"x: found shape {x.shape}, expected at least one example")

    def check_targets(self, name: str, y: FloatArray, shape: Shape) -> None:
        """Raise `ValueError` unless ``y`` has this shape, (…, n_L), and is something that the cost can aim at."""
        classes, by_number = self.layers[-1], (shape[:-1], (*shape[:-1], 1))
        if y.shape != shape and y.shape in by_number and classes > 1 and (y == np.round(y)).all():
            raise ValueError(
                f"{name}: found shape {y.shape}, expected {shape}; of classes given by their numbers the one-hot "
                f"rows, np.eye({classes})[numbers]"
            )
        check_shape(name, y, shape)
        self.cost.check_targets(name, y)


def _written_shape(shape: Shape) -> str:
    return " × ".join(f"{size:,}" for size in shape)


def _shapes(stack: Sequence[Layer], first: Shape | None) -> tuple[Shape, ...]:
    """The shapes of the input and of each layer's output; `ValueError` where a layer does not fit what it is given."""
    if not stack or not isinstance(stack[-1], Dense):
        found = type(stack[-1]).__name__ if stack else "no layers"
        raise ValueError(f"stack: found {found} at its end, expected a Dense as the last layer")
    if first is None:
        if not isinstance(stack[0], Dense):
            raise ValueError(
                f"shape: found none, expected that of the images for {type(stack[0]).__name__}, "
                "(channels, height, width)"
            )
        first = (stack[0].W.shape[1],)
    shapes = [tuple(first)]
    for l, layer in enumerate(stack, 1):
        try:
            shapes.append(layer.shape(shapes[-1]))
        except ValueError as error:
            raise ValueError(f"layer {l}: {error}") from None
    return tuple(shapes)


def _check_functions(activation: Sequence[LayerFunction], cost: CostFunction) -> None:
    """Raise `ValueError` for a softmax before the last layer, or outputs that the cost is not defined for."""
    for l, row in enumerate(activation[:-1], 1):
        if isinstance(row, OutputActivation):
            raise ValueError(f"activation: found {row.name!r} for layer {l}, expected it only for the last layer")
    last, (low, high) = activation[-1], cost.domain
    if last.bounds[0] < low or last.bounds[1] > high:
        raise ValueError(
            f"cost {cost.name!r}: found {last.name!r} for the last layer, expected a function with values from "
            f"{low:g} to {high:g}, as sigmoid or softmax"
        )
