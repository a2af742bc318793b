"""Costs taken together with the activation function of the last layer, in z instead of a: finite for any finite z.

Where a rounds to 0 or 1, the logarithm of a is lost, and ∂C/∂a · ∂a/∂z is ∞ · 0; these forms keep all digits.

>>> z, y = np.array([37.0]), np.array([0.0])
>>> SIGMOID_CROSS_ENTROPY.dz(z, y).tolist(), SIGMOID_CROSS_ENTROPY.value(z, y).tolist()
([1.0], 37.0)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..formula import Expression, Negative, Sum

__all__ = ["SIGMOID_CROSS_ENTROPY", "SOFTMAX_CATEGORICAL_CROSS_ENTROPY", "SOFTMAX_CROSS_ENTROPY", "Paired"]

Array = Any  # An array, real or (for complex step) complex.


@dataclass(frozen=True)
class Paired:
    """A cost as a function of the last layer's weighted sums.

    ``value(z, y)`` gives (…), its derivatives ``dz(z, y)``, ``dy(z, y)`` and ``da(z, y)`` give (…, n_L); the last grows
    beyond any number where a goes to 0 or 1. ``dz_formula(a, y)`` typesets one output's ∂C/∂z, if it is that simple.
    """

    value: Callable[[Array, Array], Array]
    dz: Callable[[Array, Array], Array]
    dy: Callable[[Array, Array], Array]
    da: Callable[[Array, Array], Array]
    dz_formula: Callable[[Expression, Expression], Expression] | None = None


def _sigmoid_cross_entropy(z: Array, y: Array) -> Array:
    # −ln σ(z) = ln(1 + e^(−z)) and −ln(1 − σ(z)) = ln(1 + e^z), with all digits where one of them is near 0.
    tail = np.log1p(np.exp(-np.abs(z)))
    return np.sum(y * (tail + np.maximum(-z, 0)) + (1 - y) * (tail + np.maximum(z, 0)), axis=-1)


def _sigmoid_cross_entropy_dz(z: Array, y: Array) -> Array:
    # a − y, as (1 − y) σ(z) − y σ(−z): where a is near y the difference would lose its digits.
    decay = np.exp(-np.abs(z))
    high, low = 1 / (1 + decay), decay / (1 + decay)
    return (1 - y) * np.where(z < 0, low, high) - y * np.where(z < 0, high, low)


def _exponentials(z: Array) -> tuple[Array, Array, Array, Array]:
    """Z less the largest, where that is (once), the exponentials of the others, and their sum."""
    shifted = z - np.max(z, axis=-1, keepdims=True)
    largest = np.arange(z.shape[-1]) == np.argmax(shifted, axis=-1)[..., None]
    others = np.where(largest, 0, np.exp(shifted))
    return shifted, largest, others, np.sum(others, axis=-1, keepdims=True)


def _minus_log_softmax(z: Array) -> Array:
    # −ln a_j = ln Σ_i e^(z_i) − z_j, the sum without its largest term, which is 1.
    shifted, _, _, rest = _exponentials(z)
    return np.log1p(rest) - shifted


def _softmax_categorical_dz(z: Array, y: Array) -> Array:
    # a_i Σ_j y_j − y_i, as a_i (Σ_j y_j − y_i) − y_i (1 − a_i), and 1 − a_i as the sum of the others.
    _, largest, others, rest = _exponentials(z)
    a = np.where(largest, 1, others) / (1 + rest)
    complement = np.where(largest, rest / (1 + rest), 1 - a)
    # Σ_j y_j − y_i is the sum without the largest y, to which all but that one add the largest less their own.
    biggest = np.max(y, axis=-1, keepdims=True)
    first = np.arange(y.shape[-1]) == np.argmax(y, axis=-1)[..., None]
    elsewhere = np.sum(np.where(first, 0, y), axis=-1, keepdims=True) + (biggest - y)
    return a * elsewhere - y * complement


def _softmax_cross_entropy(z: Array, y: Array) -> Array:
    return np.sum(_weighed(y, _minus_log_softmax(z)) + _weighed(1 - y, _minus_log_complement(z)), axis=-1)


def _minus_log_complement(z: Array) -> Array:
    # −ln(1 − a_j): of the largest, the others' share of the sum, measured from the largest of them.
    shifted, largest, others, rest = _exponentials(z)
    second = np.max(np.where(largest, -np.inf, shifted), axis=-1, keepdims=True)
    near = np.sum(np.where(largest, 0, np.exp(shifted - second)), axis=-1, keepdims=True)
    return np.where(largest, np.log1p(rest) - second - np.log(near), -np.log1p(-others / (1 + rest)))


def _softmax_cross_entropy_dz(z: Array, y: Array) -> Array:
    # a_i − y_i − Σ_{j≠i} a_i (a_j − y_j)/(1 − a_j). For the largest a, 1 − a is the sum of the others, of which a_i is
    # the ``share``; all differences are taken apart into terms that lose no digits.
    shifted, largest, others, rest = _exponentials(z)
    a = np.where(largest, 1, others) / (1 + rest)
    complement = np.where(largest, rest / (1 + rest), 1 - a)
    miss = a * (1 - y) - y * complement
    ratio = np.where(largest, 0, miss / np.where(largest, 1, complement))
    second = np.max(np.where(largest, -np.inf, shifted), axis=-1, keepdims=True)
    near = np.where(largest, 0, np.exp(shifted - second))
    share = near / np.sum(near, axis=-1, keepdims=True)
    top_a, top_y = (np.sum(np.where(largest, each, 0), axis=-1, keepdims=True) for each in (a, y))
    by_top = np.where(largest, 0, top_a * (1 - top_y) * share - top_y * a)
    return miss - a * (np.sum(ratio, axis=-1, keepdims=True) - ratio) - by_top


def _weighed(factor: Array, log: Array) -> Array:
    """``factor · log``, with 0 · ∞ = 0: a desired output of 0 or 1 leaves that term of the cost out."""
    return np.where(factor == 0, 0, factor * np.where(factor == 0, 0, log))


def _grown(factor: Array, log: Array) -> Array:
    """``factor · e^log``, and 0 for a factor 0."""
    with np.errstate(over="ignore"):
        return np.where(factor == 0, 0, factor * np.exp(np.where(factor == 0, 0, log)))


def _miss(a: Expression, y: Expression) -> Expression:
    return Sum((a, Negative(y)))


SIGMOID_CROSS_ENTROPY = Paired(
    _sigmoid_cross_entropy,
    _sigmoid_cross_entropy_dz,
    dy=lambda z, y: -z,
    da=lambda z, y: (1 - y) + _grown(1 - y, z) - y - _grown(y, -z),  # 1/(1 − a) = 1 + e^z, 1/a = 1 + e^(−z)
    dz_formula=_miss,
)
SOFTMAX_CROSS_ENTROPY = Paired(
    _softmax_cross_entropy,
    _softmax_cross_entropy_dz,
    dy=lambda z, y: _minus_log_softmax(z) - _minus_log_complement(z),
    da=lambda z, y: _grown(1 - y, _minus_log_complement(z)) - _grown(y, _minus_log_softmax(z)),
)
SOFTMAX_CATEGORICAL_CROSS_ENTROPY = Paired(
    lambda z, y: np.sum(y * _minus_log_softmax(z), axis=-1),
    _softmax_categorical_dz,
    dy=lambda z, y: _minus_log_softmax(z),
    da=lambda z, y: -_grown(y, _minus_log_softmax(z)),
    dz_formula=_miss,
)
