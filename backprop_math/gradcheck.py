"""Independent oracles for a gradient: complex step, and central differences.

Both calculate the cost anew for a nudge to each parameter in turn, from the arrays and the activation functions
alone, without the passes that they check. Complex step, Im C(w + ih) / h, subtracts nothing, so that h may be tiny
and the result is exact to rounding (Squire and Trapp, *SIAM Review* 40, 1998); it uses f, never f', of each activation.

>>> from backprop_math import Network
>>> report = check_gradient(Network.random((3, 4, 2), seed=7), [0.5, -1.0, 2.0], [1.0, 0.0])
>>> report.ok, report.error < 1e-12
(True, True)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arrays import LayerArrays
from .network import Network
from .passes import Gradient
from .quantities import Bias, Weight

__all__ = ["GradientReport", "central_differences", "check_gradient", "complex_step"]

_STEP = 1e-100
Parameters = list[NDArray[np.complex128]]


@dataclass(frozen=True)
class GradientReport:
    """The entry of a gradient that disagrees most with the oracle.

    ``error`` is relative to the largest derivative with respect to the same layer's weights, or biases.
    """

    quantity: Weight | Bias
    found: float
    expected: float
    error: float
    tolerance: float

    @property
    def ok(self) -> bool:
        """Whether even this entry is within the tolerance."""
        return self.error <= self.tolerance

    def __str__(self) -> str:
        verdict = "agrees" if self.ok else "disagrees"
        return (
            f"{verdict}: at worst dC/d{self.quantity}, found {self.found:.17g}, expected {self.expected:.17g}, "
            f"relative error {self.error:.1e}, tolerance {self.tolerance:.0e}"
        )


def complex_step(network: Network, x: ArrayLike, y: ArrayLike) -> Gradient:
    """The gradient by complex step, one evaluation for each parameter; exact to rounding."""
    return _by_nudges(network, lambda cost: cost(1j * _STEP).imag / _STEP, x, y)


def central_differences(network: Network, x: ArrayLike, y: ArrayLike, step: float = 1e-5) -> Gradient:
    """The gradient by central differences, two evaluations for each parameter; its error falls with step²."""
    return _by_nudges(network, lambda cost: (cost(step) - cost(-step)).real / (2 * step), x, y)


def check_gradient(
    network: Network, x: ArrayLike, y: ArrayLike, gradient: Gradient | None = None, tolerance: float = 1e-12
) -> GradientReport:
    """Hold a gradient, the network's own if not given, against complex step."""
    found = network.gradient(x, y)[1] if gradient is None else gradient
    expected = complex_step(network, x, y)
    worst: GradientReport | None = None
    for quantity in network.parameters:
        ours, theirs = found.derivative(quantity), expected.derivative(quantity)
        arrays = expected.dW if isinstance(quantity, Weight) else expected.db
        # Where all derivatives are 0, as behind dead ReLUs, the difference itself is the error.
        scale = np.abs(arrays[int(quantity.layer)]).max() or 1.0
        error = float(abs(ours - theirs) / scale)
        # A NaN is never greater than anything, and must not pass for agreement.
        if worst is None or not error <= worst.error:
            worst = GradientReport(quantity, ours, theirs, error, tolerance)
            if np.isnan(error):
                break
    assert worst is not None, "a network has parameters"
    return worst


def _by_nudges(
    network: Network, slope: Callable[[Callable[[complex], complex]], float], x: ArrayLike, y: ArrayLike
) -> Gradient:
    inputs, targets = np.asarray(x, dtype=complex), np.asarray(y, dtype=complex)
    W = [matrix.astype(complex) for matrix in network.W]
    b = [vector.astype(complex) for vector in network.b]

    def cost() -> complex:
        a = inputs
        for matrix, vector, activation in zip(W, b, network.activation, strict=True):
            a = activation.f(np.einsum("jk,...k->...j", matrix, a) + vector)
        return complex(np.mean(network.cost.value(a, targets)))

    def slopes(arrays: Parameters) -> list[NDArray[np.float64]]:
        return [_slopes(array, slope, cost) for array in arrays]

    return Gradient(LayerArrays("dW", slopes(W), first=1), LayerArrays("db", slopes(b), first=1))


def _slopes(
    array: NDArray[np.complex128],
    slope: Callable[[Callable[[complex], complex]], float],
    cost: Callable[[], complex],
) -> NDArray[np.float64]:
    """The cost's slope for a nudge to each entry of ``array``, which ``cost`` reads."""
    found = np.zeros(array.shape)
    for place in np.ndindex(array.shape):
        start = complex(array[place])

        def nudged(by: complex, place: tuple[int, ...] = place, start: complex = start) -> complex:
            array[place] = start + by
            return cost()

        found[place] = slope(nudged)
        array[place] = start
    return found
