"""The named scalars of a network: each weight, bias, weighted sum, activation, target, and the cost.

A quantity is a name, not a value; values belong to a trace (`ForwardPass`, `BackwardPass`) or to a
`ComputationGraph`. Layers are numbered as on the screen: ``Activation(0, k)`` is an input and
``Weight(1, j, k)`` joins it to neuron ``j`` of the first layer. Neurons are counted from 0.

An index is a whole number, or a letter where a formula speaks of any layer or any neuron:
``Weight("L", "j", "k")``. Only numbered quantities have values.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import astuple, dataclass
from typing import Any, ClassVar, Protocol, cast

Index = int | str

__all__ = [
    "Activation",
    "Activations",
    "Bias",
    "Cost",
    "Index",
    "KernelWeight",
    "Parameter",
    "Pixel",
    "PixelSum",
    "Quantity",
    "Target",
    "Trace",
    "Weight",
    "WeightedSum",
    "WeightedSums",
    "as_quantity",
    "letter_after",
    "letter_before",
    "parse_quantity",
    "quantity_at",
    "shifted",
]


@dataclass(frozen=True)
class Quantity:
    """A named scalar. `letter` is its symbol; ``str`` gives the name used on the command line."""

    letter: ClassVar[str] = ""

    def __str__(self) -> str:
        layer, *neurons = (*astuple(self), "")
        indices = ",".join(str(index) for index in neurons if index != "")
        return f"{self.letter}[{layer}][{indices}]"

    @property
    def indices(self) -> tuple[Index, ...]:
        """The neuron indices, without the layer: ``(j, k)`` for a weight, ``()`` for the cost."""
        return astuple(self)[1:]


@dataclass(frozen=True)
class Weight(Quantity):
    """The weight from neuron ``k`` of layer ``layer - 1`` to neuron ``j`` of ``layer``: row j, column k.

    >>> str(Weight(2, 1, 0))
    'w[2][1,0]'
    """

    layer: Index
    j: Index
    k: Index
    letter: ClassVar[str] = "w"


@dataclass(frozen=True)
class Bias(Quantity):
    """The bias of neuron ``j`` of ``layer``."""

    layer: Index
    j: Index
    letter: ClassVar[str] = "b"


@dataclass(frozen=True)
class WeightedSum(Quantity):
    """The weighted sum z of neuron ``j`` of ``layer``: what its activation function is given."""

    layer: Index
    j: Index
    letter: ClassVar[str] = "z"


@dataclass(frozen=True)
class Activation(Quantity):
    """The activation of neuron ``j`` of ``layer``; layer 0 is the input."""

    layer: Index
    j: Index
    letter: ClassVar[str] = "a"


@dataclass(frozen=True)
class Target(Quantity):
    """The desired output of the last layer's neuron ``j``.

    >>> str(Target(0))
    'y[0]'
    """

    j: Index
    letter: ClassVar[str] = "y"

    def __str__(self) -> str:
        return f"y[{self.j}]"

    @property
    def indices(self) -> tuple[Index, ...]:
        """The neuron index ``(j,)``."""
        return (self.j,)


@dataclass(frozen=True)
class Cost(Quantity):
    """The cost: of training example ``example`` (C_0, C_1, …), or the mean over all where it is ``None``.

    >>> str(Cost())
    'C'
    """

    example: Index | None = 0
    letter: ClassVar[str] = "C"

    def __str__(self) -> str:
        return "C"

    @property
    def indices(self) -> tuple[Index, ...]:
        """The example's index, or nothing for the mean."""
        return () if self.example is None else (self.example,)


@dataclass(frozen=True)
class KernelWeight(Quantity):
    """A weight of a convolution: of ``filter``, for ``channel`` of what goes in, at a row and column of the kernel.

    >>> str(KernelWeight(1, 0, 0, 2, 1))
    'w[1][0,0,2,1]'
    """

    layer: Index
    filter: Index
    channel: Index
    row: Index
    column: Index
    letter: ClassVar[str] = "w"


@dataclass(frozen=True)
class PixelSum(Quantity):
    """The weighted sum z at a place of a convolution's output."""

    layer: Index
    channel: Index
    row: Index
    column: Index
    letter: ClassVar[str] = "z"


@dataclass(frozen=True)
class Pixel(Quantity):
    """The activation at a place of a layer of images; layer 0 is the input image."""

    layer: Index
    channel: Index
    row: Index
    column: Index
    letter: ClassVar[str] = "a"


class Trace(Protocol):
    """What has the values of quantities: a `ForwardPass`, a `BackwardPass`, or that of a nudged example."""

    def value(self, quantity: Quantity, /) -> float:
        """The value of a quantity."""


Parameter = Weight | Bias | KernelWeight
WeightedSums = WeightedSum | PixelSum
Activations = Activation | Pixel

# By how many indices it has; those of images have the more.
_FORMS: dict[str, dict[int, Callable[..., Quantity]]] = {
    "w": {2: Weight, 4: KernelWeight},
    "b": {1: Bias},
    "z": {1: WeightedSum, 3: PixelSum},
    "a": {1: Activation, 3: Pixel},
}
_WRITTEN = {"w": "w[layer][j,k]", "b": "b[layer][j]", "z": "z[layer][j]", "a": "a[layer][j]"}


def quantity_at(letter: str, layer: Index, place: tuple[Index, ...]) -> Any:
    """The quantity whose value stands at this place of ``W[layer]``, ``b[layer]``, ``z[layer]`` or ``a[layer]``.

    >>> quantity_at("w", 2, (1, 0)), quantity_at("a", 0, (0, 3, 1))
    (Weight(layer=2, j=1, k=0), Pixel(layer=0, channel=0, row=3, column=1))
    """
    return _FORMS[letter][len(place)](layer, *place)


def parse_quantity(name: str) -> Quantity:
    """The quantity that ``name`` writes: ``w[2][1,0]``, ``b[1][0]``, ``z[2][1]``, ``a[2][1]``, ``y[0]`` or ``C``.

    Those of images have more indices: ``w[1][0,0,2,1]``, ``a[0][0,3,1]``. Raises `ValueError`, which says the form
    expected, for anything else.

    >>> parse_quantity("w[2][1,0]")
    Weight(layer=2, j=1, k=0)
    """
    text = re.sub(r"\s+", "", name)
    if text == "C":
        return Cost()
    if target := re.fullmatch(r"y\[(\d+)\]", text):
        return Target(int(target[1]))
    if match := re.fullmatch(r"([wbza])\[(\d+)\]\[(\d+(?:,\d+)*)\]", text):
        place = tuple(int(index) for index in match[3].split(","))
        if len(place) not in _FORMS[match[1]]:
            raise ValueError(f"quantity {name!r}: found {len(place)} neuron indices, expected {_WRITTEN[match[1]]}")
        return cast(Quantity, quantity_at(match[1], int(match[2]), place))
    raise ValueError(
        f"quantity {name!r}: not understood, expected a form such as w[2][1,0], b[1][0], z[2][1], a[2][1], y[0] or C"
    )


def as_quantity(quantity: Quantity | str) -> Quantity:
    """The quantity itself, or the one that a text writes (see `parse_quantity`); `ValueError` for anything else.

    >>> as_quantity("b[1][0]"), as_quantity(Bias(1, 0))
    (Bias(layer=1, j=0), Bias(layer=1, j=0))
    """
    if isinstance(quantity, str):
        return parse_quantity(quantity)
    if isinstance(quantity, Quantity):
        return quantity
    raise ValueError(
        f"quantity: found {quantity!r}, expected one such as Weight(2, 1, 0), or what it is called, 'w[2][1,0]'"
    )


def shifted(layer: Index, by: int) -> Index:
    """The layer ``by`` layers on; for a letter its name, so that 'L' gives 'L-1', and 'l+1' gives 'l'.

    >>> shifted(3, -1), shifted("L", -1), shifted("l+1", -1)
    (2, 'L-1', 'l')
    """
    if not isinstance(layer, str):
        return layer + by
    match = re.fullmatch(r"([A-Za-z])([+-]\d+)?", layer)
    if match is None:
        raise ValueError(f"layer {layer!r}: not understood, expected a number, or a letter such as L, l, L-1, l+1")
    offset = int(match[2] or 0) + by
    return f"{match[1]}{offset:+d}" if offset else match[1]


def letter_before(j: Index) -> str:
    """The letter for the neurons one layer before the one with the index ``j``: k before j, j before i."""
    return {"i": "j", "j": "k", "k": "m"}.get(str(j), "k")


def letter_after(k: Index) -> str:
    """The letter for the neurons one layer after the one with the index ``k``: j after k, i after j."""
    return {"k": "j", "j": "i", "i": "m"}.get(str(k), "j")
