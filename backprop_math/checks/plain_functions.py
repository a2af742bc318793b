"""The activation functions and costs once more, each as its definition has it, for real and complex arrays.

What a check calculates with shares nothing with what it checks. Complex numbers are those of complex step: their
imaginary part is tiny, and decides no case.

>>> round(float(activation("sigmoid")(np.array([0.0]))[0]), 3), cost("squared_error", "tanh", np.array([0.5]), None,
...     np.array([1.0]))
(0.5, np.float64(0.25))
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["activation", "cost"]

Array = Any


def _sigmoid(z: Array) -> Array:
    falling = np.exp(np.where(np.real(z) < 0, z, -z))
    return np.where(np.real(z) < 0, falling, 1) / (1 + falling)


def _positive(z: Array) -> Array:
    return np.real(z) > 0


def _softplus(z: Array) -> Array:
    return np.where(_positive(z), z, 0) + np.log1p(np.exp(np.where(_positive(z), -z, z)))


def _tanh(z: Array) -> Array:
    # From the tail, so that nothing overflows: tanh x = (1 − u) / (1 + u) with u = e^(−2x), for x > 0.
    x = np.where(_positive(z), z, -z)
    found = -np.expm1(-2 * x) / (1 + np.exp(-2 * x))
    return np.where(_positive(z), found, -found)


def _gelu(z: Array) -> Array:
    x = np.real(z)
    share = np.vectorize(lambda one: math.erfc(-one / math.sqrt(2)) / 2, otypes=[float])(x)
    density = np.exp(-np.minimum(x * x, 1400.0) / 2) / math.sqrt(2 * math.pi)
    return z * (share + 1j * np.imag(z) * density) if np.iscomplexobj(z) else z * share


def _softmax(z: Array) -> Array:
    up = np.exp(z - np.max(np.real(z), axis=-1, keepdims=True))
    return up / np.sum(up, axis=-1, keepdims=True)


_ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "identity": lambda z: z,
    "sigmoid": _sigmoid,
    "tanh": _tanh,
    "relu": lambda z: np.where(_positive(z), z, 0),
    "leaky_relu": lambda z: np.where(_positive(z), z, 0.01 * z),
    "elu": lambda z: np.where(_positive(z), z, np.expm1(np.where(_positive(z), 0, z))),
    "softplus": _softplus,
    "silu": lambda z: z * _sigmoid(z),
    "gelu": _gelu,
    "softmax": _softmax,
}


def activation(name: str) -> Callable[[Array], Array]:
    """The function of that name, over the last axis where it mixes neurons. `KeyError` for one that is not known."""
    return _ACTIVATIONS[name]


def _times(factor: Array, log: Array) -> Array:
    return np.where(factor == 0, 0, factor * np.where(factor == 0, 0, log))


def _log(x: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.log(x)


def cost(name: str, last: str, a: Array, z: Array | None, y: Array) -> Array:
    """The cost of outputs ``a``, (…, n), with desired outputs ``y``; from ``z`` where ``a`` has lost the digits.

    ``last`` is the last layer's activation function. `KeyError` for a cost that is not known.
    """
    if name in ("squared_error", "half_squared_error", "mean_squared_error"):
        squares = np.sum((a - y) ** 2, axis=-1)
        return squares * {"squared_error": 1.0, "half_squared_error": 0.5}.get(name, 1 / a.shape[-1])
    if name == "cross_entropy":
        if last == "sigmoid" and z is not None:  # −ln σ(z) = softplus(−z), −ln(1 − σ(z)) = softplus(z)
            return np.sum(_times(y, _softplus(-z)) + _times(1 - y, _softplus(z)), axis=-1)
        return -np.sum(_times(y, _log(a)) + _times(1 - y, _log(1 - a)), axis=-1)
    if name == "categorical_cross_entropy":
        if last == "softmax" and z is not None:  # −ln a_j = ln Σ e^(z_i) − z_j
            top = np.max(np.real(z), axis=-1, keepdims=True)
            total = np.log(np.sum(np.exp(z - top), axis=-1, keepdims=True)) + top
            return np.sum(y * (total - z), axis=-1)
        return -np.sum(_times(y, _log(a)), axis=-1)
    raise KeyError(name)
