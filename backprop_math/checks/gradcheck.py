"""Independent oracles for a gradient: complex step, and central differences.

Both calculate the cost anew for a nudge to each parameter in turn, by the forward rules of the layers alone (see
`differences`). Complex step is exact to rounding and uses f, never f', of each activation; where a function does not
take complex numbers, central differences take its place.

>>> from backprop_math import Network
>>> report = check_gradient(Network.random((3, 4, 2), seed=7), [0.5, -1.0, 2.0], [1.0, 0.0])
>>> report.ok, report.error < 1e-12, report.method
(True, True, 'complex step')
>>> check_function(lambda x, y: x * y + np.sin(x), 2.0, 3.0).ok
True
>>> print(check_function(lambda x: x**3, 2.0, gradient=[11.0]))
disagrees: at worst df/dx, found 11, expected 12, relative error 8.3e-02, tolerance 1e-12 (complex step)
"""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ..arrays import check_shape, checked_array, float_dtype, read_only
from ..autodiff import argument_names
from ..autodiff import gradient as autodiff_gradient
from ..functions import ActivationFunction, CostFunction, activation_function, cost_function
from ..network import Gradient, Network, forward_through, with_parameters
from ..quantities import Bias, Parameter, Quantity
from .differences import Method, allows_complex_step, slopes, step_for

__all__ = [
    "GradientReport",
    "WrongGradientError",
    "central_differences",
    "check_activation",
    "check_cost",
    "check_function",
    "check_gradient",
    "complex_step",
    "step_for",
]

Array = NDArray[Any]


class WrongGradientError(ArithmeticError):
    """A gradient that disagrees with the oracle; the message is the report."""


@dataclass(frozen=True)
class GradientReport:
    """The entry of a gradient that disagrees most with the oracle.

    ``quantity`` is the weight or bias, or says in words which derivative it is. ``error`` is relative to the largest
    derivative with respect to the same array (a layer's weights, a layer's biases, one argument); of central
    differences, what rounding can do to them is taken off first.
    """

    quantity: Parameter | str
    found: float
    expected: float
    error: float
    tolerance: float
    method: Method = "complex step"

    @property
    def ok(self) -> bool:
        """Whether even this entry is within the tolerance."""
        return self.error <= self.tolerance

    def require(self) -> GradientReport:
        """The report itself, if it is good; `WrongGradientError` with it as the message otherwise."""
        if not self.ok:
            raise WrongGradientError(str(self))
        return self

    def __str__(self) -> str:
        verdict = "agrees" if self.ok else "disagrees"
        name = f"dC/d{self.quantity}" if isinstance(self.quantity, Quantity) else self.quantity
        return (
            f"{verdict}: at worst {name}, found {self.found:.17g}, expected {self.expected:.17g}, "
            f"relative error {self.error:.1e}, tolerance {self.tolerance:.0e} ({self.method})"
        )


# --- networks


def complex_step(network: Network, x: ArrayLike, y: ArrayLike) -> Gradient:
    """The gradient by complex step, one evaluation for each parameter; exact to rounding."""
    return _network_gradient(network, x, y, "complex step", None)[0]


def central_differences(network: Network, x: ArrayLike, y: ArrayLike, step: float | None = None) -> Gradient:
    """The gradient by central differences, two evaluations for each parameter; its error falls with step²."""
    return _network_gradient(network, x, y, "central differences", step)[0]


def check_gradient(
    network: Network,
    x: ArrayLike,
    y: ArrayLike,
    gradient: Gradient | None = None,
    tolerance: float | None = None,
    method: Method | None = None,
) -> GradientReport:
    """Hold a gradient, the network's own if not given, against complex step.

    Where an activation function or the cost does not take complex numbers: against central differences. The
    tolerance, if not given, is that of the method and of the network's dtype.
    """
    found = network.gradient(x, y)[1] if gradient is None else gradient
    method = method or ("complex step" if _network_allows_complex_step(network, x, y) else "central differences")
    expected, noise = _network_gradient(network, x, y, method, None)
    rows = []
    for quantity in network.parameters:
        arrays = expected.db if isinstance(quantity, Bias) else expected.dW
        scale = float(np.abs(arrays[int(quantity.layer)]).max())
        rows.append((quantity, found.derivative(quantity), expected.derivative(quantity), scale))
    return _worst(rows, noise, tolerance or _tolerance(method, network.dtype), method)


def _cost_of(network: Network, x: ArrayLike, y: ArrayLike, dtype: DTypeLike) -> tuple[Callable[[], Any], list[Array]]:
    """The cost as a function of arrays that may be changed: the weights of each layer, then the biases."""
    inputs, targets = np.asarray(x, dtype=dtype), np.asarray(y, dtype=dtype)
    arrays = [array.astype(dtype) for array in (*network.W, *network.b)]
    views = [read_only(array.view()) for array in arrays]  # whose numbers change with those of the arrays
    layers = with_parameters(network.stack, views[: len(network.W)], views[len(network.W) :])

    def cost() -> Any:
        _, activations = forward_through(layers, inputs)
        return np.mean(network.cost.value(activations[-1], targets))

    return cost, arrays


def _network_gradient(
    network: Network, x: ArrayLike, y: ArrayLike, method: Method, step: float | None
) -> tuple[Gradient, float]:
    cost, arrays = _cost_of(network, x, y, complex if method == "complex step" else float)
    found, noise = slopes(cost, arrays, method, step)
    count = len(network.W)
    return Gradient(network.W.like("dW", found[:count]), network.b.like("db", found[count:])), noise


def _network_allows_complex_step(network: Network, x: ArrayLike, y: ArrayLike) -> bool:
    forward = network.forward(x)
    layers = all(allows_complex_step(network.activation[l - 1].f, z.astype(float)) for l, z in forward.z.items())
    outputs, targets = forward.a[network.L].astype(float), np.asarray(y, dtype=float)
    return layers and allows_complex_step(network.cost.value, outputs, targets)


# --- functions


def check_function(
    f: Callable[..., Any],
    *arguments: ArrayLike,
    gradient: Sequence[ArrayLike] | None = None,
    tolerance: float | None = None,
    method: Method | None = None,
    dtype: DTypeLike = "float64",
) -> GradientReport:
    """Hold the gradient of a function of numbers and arrays, by `autodiff` if not given, against complex step.

    Where the function does not take complex numbers (it compares them, say), or does something to them that is not
    analytic: against central differences, with the step and the tolerance for ``dtype``. A ``gradient`` has one entry
    for each argument, of its shape; `ValueError` for any other shape. ``f`` is given arrays of its own every time.
    """
    kind = float_dtype(dtype)
    known = zip(range(len(arguments)), argument_names(f), strict=False)
    names = [name or f"(argument {i})" for i, name in known]
    points = [checked_array(name, values, kind) for name, values in zip(names, arguments, strict=True)]
    given = autodiff_gradient(f)(*points).gradient if gradient is None else gradient
    if len(given) != len(points):
        raise ValueError(f"gradient: found {len(given)} entries, expected {len(points)}, one for each argument")
    found = [np.asarray(slope, dtype=float) for slope in given]
    for name, slope, point in zip(names, found, points, strict=True):
        if slope.shape != point.shape:
            raise ValueError(f"gradient for {name}: found shape {slope.shape}, expected {point.shape}")
    return _checked(f, points, found, [f"df/d{name}" for name in names], tolerance, method)


def _own(arrays: Sequence[Array]) -> list[Array]:
    """The arguments of a function, which may write into them: numbers, and arrays of its own."""
    return [array.copy() if array.ndim else array[()] for array in arrays]


def _checked(
    f: Callable[..., Any],
    points: Sequence[Array],
    found: Sequence[Array],
    names: Sequence[str],
    tolerance: float | None = None,
    method: Method | None = None,
) -> GradientReport:
    """The worst derivative of ``f``; ``names`` has the name of that with respect to each argument."""
    kind = points[0].dtype
    method = method or ("complex step" if allows_complex_step(f, *points) else "central differences")
    arrays = [point.astype(np.result_type(kind, complex) if method == "complex step" else kind) for point in points]
    expected, noise = slopes(lambda: f(*_own(arrays)), arrays, method)
    rows = []
    for name, ours, theirs in zip(names, found, expected, strict=True):
        scale = float(np.abs(theirs).max(initial=0.0))
        for place in np.ndindex(ours.shape):
            entry = name + (f"[{','.join(map(str, place))}]" if place else "")
            rows.append((entry, float(ours[place]), float(theirs[place]), scale))
    return _worst(rows, noise, tolerance or _tolerance(method, kind), method)


# --- rows of the tables


def check_activation(
    row: str | ActivationFunction, z: ArrayLike = (-30.0, -4.2, -1.3, -0.4, 0.3, 0.9, 2.6, 30.0)
) -> GradientReport:
    """Hold the derivative of an activation function, by its name or its row, against its function at these z.

    >>> check_activation("sigmoid").ok
    True
    """
    row = activation_function(row)
    points = np.atleast_1d(checked_array("z", z, np.dtype(float))).ravel()
    reports = (
        _checked(row.f, [at], [np.asarray(row.df(at.copy()))], [f"{row.name}′({at:g})"]) for at in map(np.array, points)
    )
    return max(reports, key=_badness)


def check_cost(
    row: str | CostFunction, a: ArrayLike = (0.7, 0.2, 0.55), y: ArrayLike = (0.3, 0.8, 0.45)
) -> GradientReport:
    """Hold the derivatives of a cost, by its name or its row, against its value for outputs a and desired outputs y.

    Its forms for a certain function of the last layer are held too, with a as the weighted sums.

    >>> check_cost("squared_error").ok
    True
    """
    row = cost_function(row)
    points = [checked_array("a", a, np.dtype(float)), checked_array("y", y, np.dtype(float))]
    check_shape("y", points[1], points[0].shape)
    slopes = [row.da(*_own(points)), row.dy(*_own(points))]
    reports = [_checked(row.value, points, slopes, [f"{row.name}: dC/d{q}" for q in "ay"])]
    for name, form in row.paired.items():
        names = [f"{row.name} of {name}: dC/d{q}" for q in "zy"]
        reports.append(_checked(form.value, points, [form.dz(*_own(points)), form.dy(*_own(points))], names))
    return max(reports, key=_badness)


def _tolerance(method: Method, dtype: np.dtype[Any]) -> float:
    eps = float(np.finfo(dtype).eps)
    exact = max(1e-12, 4500 * eps)
    return exact if method == "complex step" else max(exact, 400 * max(step_for(dtype), step_for("float64")) ** 2)


def _badness(report: GradientReport) -> float:
    # A NaN is never greater than anything, and must not pass for agreement.
    return float("inf") if np.isnan(report.error) else report.error / report.tolerance


def _worst(
    rows: Iterable[tuple[Parameter | str, float, float, float]], noise: float, tolerance: float, method: Method
) -> GradientReport:
    """The worst of (quantity, found, expected, scale)."""
    reports = []
    for quantity, found, expected, scale in rows:
        difference = abs(found - expected)
        # Where all derivatives are 0, as behind dead ReLUs, the difference itself is the error.
        error = (difference if np.isnan(difference) else max(0.0, difference - noise)) / (scale or 1.0)
        reports.append(GradientReport(quantity, found, expected, error, tolerance, method))
    return max(reports, key=_badness)
