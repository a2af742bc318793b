"""What the two passes through a network calculate, all of it kept and found by quantity.

`ForwardPass` has the weighted sums and activations, `BackwardPass` the cost and its derivatives. For one example
arrays are (n_l,); for a batch they are (n, n_l), and the cost is the mean over the batch. Every ``d…`` is the
derivative of that cost: row i of a batch's ``dz[l]`` says what example i's weighted sums do to the *mean*, so that
``db[l]`` is the sum of its rows.

The rules (Nielsen, *Neural Networks and Deep Learning*, chapter 2, with a batch in rows):
``da[L] = ∂C/∂a[L]``, ``dz[l] = da[l] ⊙ f'(z[l])``, or for softmax ``da[L]`` times its Jacobian,
``dW[l] = dz[l] a[l-1]ᵀ``, ``db[l] = dz[l]`` and ``da[l-1] = W[l]ᵀ dz[l]``.

>>> from backprop_math import Activation, Cost, Network, Weight
>>> net = Network.from_arrays(weights=[[[0.5]], [[2.0]]], biases=[[0.0], [1.0]], activation="identity")
>>> trace = net.forward([4.0]).backward([3.0])
>>> trace.value(Activation(2, 0)), trace.value(Cost()), trace.derivative(Weight(1, 0, 0))
(5.0, 4.0, 32.0)
>>> print(trace.chain_rule(Weight(1, 0, 0)).numbers)
∂C₀/∂w⁽ᴸ⁻¹⁾ = 4.00 · 1.00 · 2.00 · 1.00 · 4.00 = 32.00
"""

# ruff: noqa: E741, N815 (l is a layer's number, dW[l] the derivatives for W[l])

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from ..arrays import FloatArray, LayerArrays, checked_array, read_only
from ..frozen import Frozen
from ..quantities import Activations, Bias, Cost, Index, Parameter, Quantity, Target, WeightedSums, as_quantity
from .graph import ComputationGraph
from .layers import backward_through
from .shortcuts import Shortcuts, Written
from .structure import Structure

__all__ = ["BackwardPass", "ForwardPass", "Gradient", "backpropagate", "one_example"]


@dataclass(frozen=True, eq=False)
class Gradient(Frozen):
    """The derivatives of a cost with respect to every parameter: ``dW[l]`` like W[l], ``db[l]`` like b[l]."""

    dW: LayerArrays
    db: LayerArrays

    def derivative(self, quantity: Parameter | str) -> float:
        """The entry of the gradient that belongs to this weight or bias; `ValueError` for what it does not have."""
        parameter = as_quantity(quantity)
        if not isinstance(parameter, Parameter):
            raise ValueError(f"{parameter}: found {type(parameter).__name__}, expected a weight or a bias")
        arrays = self.db if isinstance(parameter, Bias) else self.dW
        shapes: dict[Index, tuple[int, ...]] = dict(arrays.shapes)
        shape, indices = shapes.get(parameter.layer), parameter.indices
        if shape is None:
            known = ", ".join(map(str, shapes))
            raise ValueError(f"{parameter}: found layer {parameter.layer}, expected one of the layers {known}")
        if len(shape) != len(indices) or not all(
            isinstance(index, int | np.integer) and 0 <= index < size
            for index, size in zip(indices, shape, strict=True)
        ):
            raise ValueError(
                f"{parameter}: found no such place, expected one in {arrays.name}[{parameter.layer}], {shape}"
            )
        return _element(arrays, parameter)


@dataclass(frozen=True, eq=False)
class ForwardPass(Written, Frozen):
    """A forward pass: ``z[l]`` for l = 1 … L, ``a[l]`` for l = 0 … L, ``a[0]`` being the input.

    ``index`` is the example's place among the training examples: its cost is called C_index.
    """

    network: Structure
    z: LayerArrays
    a: LayerArrays
    index: int = 0

    @property
    def x(self) -> FloatArray:
        """The input, (n_0,) or (n, n_0)."""
        return self.a[0]

    @property
    def batched(self) -> bool:
        """Whether this is the pass of a batch."""
        return self.a[0].ndim > len(self.network.shapes[0])

    def example(self, i: int) -> ForwardPass:
        """The pass of the batch's example ``i`` alone; `IndexError` for one that it does not have."""
        if not self.batched:
            raise ValueError("this is the forward pass of one example, there is no other to choose")
        count = len(self.a[0])
        if not 0 <= i < count:
            raise IndexError(f"example {i}: found no such example, expected one from 0 to {count - 1}")
        z, a = (arrays.like(arrays.name, (array[i] for array in arrays)) for arrays in (self.z, self.a))
        return ForwardPass(self.network, z, a, index=i)

    def numbered(self, index: int) -> ForwardPass:
        """The same pass, as that of training example ``index``."""
        return replace(self, index=index)

    def value(self, quantity: Quantity | str) -> float:
        """The value of a weight, bias, weighted sum or activation, by name.

        Raises `ValueError` for a quantity that the network or this pass lacks.
        """
        quantity = as_quantity(quantity)
        if isinstance(quantity, Parameter):
            return self.network.value(quantity)
        if not isinstance(quantity, WeightedSums | Activations):
            raise ValueError(f"{quantity}: a forward pass has no target and no cost, expected w, b, z or a")
        one_example(self, str(quantity))
        self.network.check(quantity)
        arrays = self.z if isinstance(quantity, WeightedSums) else self.a
        return _element(arrays, quantity)

    def backward(self, y: ArrayLike) -> BackwardPass:
        """The backward pass for the desired outputs ``y``, of the shape of ``a[L]``."""
        targets = checked_array("y", y, self.network.dtype)
        cost, dW, db, dz, da = backpropagate(self, targets)
        return BackwardPass(self, targets, cost, dW, db, dz, da)


@dataclass(frozen=True, eq=False)
class BackwardPass(Shortcuts, Frozen):
    """A backward pass: the ``cost``, and its derivatives ``dW[l]``, ``db[l]``, ``dz[l]`` and, from l = 0, ``da[l]``."""

    forward: ForwardPass
    y: FloatArray
    cost: float
    dW: LayerArrays
    db: LayerArrays
    dz: LayerArrays
    da: LayerArrays

    @property
    def network(self) -> Structure:
        """The network that was passed through."""
        return self.forward.network

    @property
    def z(self) -> LayerArrays:
        """The weighted sums, those of the forward pass."""
        return self.forward.z

    @property
    def a(self) -> LayerArrays:
        """The activations, those of the forward pass; ``a[0]`` is the input."""
        return self.forward.a

    @property
    def x(self) -> FloatArray:
        """The input, (n_0,) or (n, n_0)."""
        return self.forward.x

    @property
    def cost_quantity(self) -> Cost:
        """The cost by name: of this example, or the mean of the batch."""
        return Cost(None) if self.forward.batched else Cost(self.forward.index)

    @cached_property
    def dy(self) -> FloatArray:
        """The derivatives of the cost with respect to the desired outputs, of the shape of ``y``."""
        examples = len(self.y) if self.forward.batched else 1
        L, paired = self.network.L, self.network.paired
        dy = paired.dy(self.forward.z[L], self.y) if paired else self.network.cost.dy(self.forward.a[L], self.y)
        return read_only(dy / examples)

    def value(self, quantity: Quantity | str) -> float:
        """The value of any quantity, by name. ``Cost()`` is the cost of this example, whatever its index."""
        quantity = as_quantity(quantity)
        if isinstance(quantity, Cost):
            self.own_cost(quantity)
            return self.cost
        if isinstance(quantity, Target):
            one_example(self.forward, str(quantity))
            self.network.check(quantity)
            return float(self.y[int(quantity.j)])
        return self.forward.value(quantity)

    def derivative(self, quantity: Quantity | str) -> float:
        """The derivative of the cost with respect to any quantity, by name."""
        quantity = as_quantity(quantity)
        if isinstance(quantity, Cost):
            self.own_cost(quantity)
            return 1.0
        self.network.check(quantity)
        if isinstance(quantity, Parameter):
            return Gradient(self.dW, self.db).derivative(quantity)
        one_example(self.forward, f"the derivative for {quantity}")
        if isinstance(quantity, Target):
            return float(self.dy[int(quantity.j)])
        if not isinstance(quantity, WeightedSums | Activations):
            raise ValueError(f"{quantity}: found {type(quantity).__name__}, expected w, b, z, a, y or C")
        arrays = self.dz if isinstance(quantity, WeightedSums) else self.da
        return _element(arrays, quantity)

    @cached_property
    def graph(self) -> ComputationGraph:
        """Every quantity of this example's calculation, joined by local derivatives."""
        from .network_graph import network_graph

        one_example(self.forward, "the computation graph")
        return network_graph(self)

    def own_cost(self, cost: Cost) -> Cost:
        """The cost of this pass, if that is meant: the default ``Cost()`` always is it, another index must agree."""
        if cost not in (Cost(), self.cost_quantity):
            raise ValueError(f"C_{cost.example}: found another example's cost, expected that of {self.cost_quantity!r}")
        return self.cost_quantity


def backpropagate(
    forward: ForwardPass, targets: FloatArray
) -> tuple[float, LayerArrays, LayerArrays, LayerArrays, LayerArrays]:
    """The cost and ``dW, db, dz, da``."""
    network = forward.network
    output = forward.a[network.L]
    network.check_targets("y", targets, output.shape)
    examples = len(output) if forward.batched else 1
    paired, z = network.paired, forward.z[network.L]
    cost = float(np.mean(paired.value(z, targets) if paired else network.cost.value(output, targets)))
    da = (paired.da(z, targets) if paired else network.cost.da(output, targets)) / examples
    dz = paired.dz(z, targets) / examples if paired else None
    zs = [forward.z.get(l) for l in range(1, network.L + 1)]
    found = backward_through(network.stack, zs, list(forward.a), da, dz)
    return (
        cost,
        network.W.like("dW", found.dW),
        network.b.like("db", found.db),
        forward.z.like("dz", found.dz),
        forward.a.like("da", found.da),
    )


def one_example(forward: ForwardPass, what: str) -> None:
    """Raise `ValueError` if the pass is that of a batch."""
    if forward.batched:
        count = len(forward.a[0])
        raise ValueError(f"{what} belongs to one example, found a batch of {count}; ask forward.example(i) for one")


def _element(arrays: LayerArrays, quantity: Parameter | WeightedSums | Activations) -> float:
    place = tuple(int(index) for index in quantity.indices)
    return arrays.element(int(quantity.layer), place)
