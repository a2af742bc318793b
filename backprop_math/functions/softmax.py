"""Softmax, the output layer's function that mixes its neurons: ``a_j = e^(z_j) / Σ_i e^(z_i)``.

Each output depends on every weighted sum, so that its derivatives are a matrix, ``∂a_j/∂z_i = a_j (δ_ji − a_i)``.

>>> softmax = OUTPUT_ACTIVATIONS["softmax"]
>>> a = softmax.f(np.array([0.0, np.log(3.0)]))
>>> a.round(12).tolist(), softmax.jacobian(a).round(12).tolist()
([0.25, 0.75], [[0.1875, -0.1875], [-0.1875, 0.1875]])
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ..formula import Expression, Fraction, Glyph, Named, Negative, Number, Power, Product, Sum
from ..formula import Symbol as Letter
from ..names import Registered

__all__ = ["OUTPUT_ACTIVATIONS", "OutputActivation"]

Array = Any


OUTPUT_ACTIVATIONS: dict[str, OutputActivation] = {}


@dataclass(frozen=True)
class OutputActivation(Registered):
    """A function of all weighted sums of the last layer, (…, n_L) → (…, n_L).

    ``jacobian(a)`` is (…, n_L, n_L), row j with the derivatives of ``a_j``. ``formula(z_j, total)`` typesets a_j, with
    ``total`` the sum of all ``e^(z_i)``; ``derivative_formula(a_j, a_i, same)`` its derivative with respect to z_i;
    ``same`` says whether j is i, and is `None` where they are letters.
    """

    name: str
    f: Callable[[Array], Array]
    jacobian: Callable[[Array], Array]
    vjp: Callable[[Array, Array], Array]
    sign: Expression
    formula: Callable[[Expression, Expression], Expression]
    derivative_formula: Callable[[Letter, Letter, bool | None], Expression]
    bounds: tuple[float, float]
    kind: ClassVar[str] = "activation"
    table: ClassVar[Mapping[str, Any]] = OUTPUT_ACTIVATIONS

    def pull_back(self, z: Array, a: Array, da: Array) -> Array:
        """∂C/∂z from ∂C/∂a, all (…, n_L): ``da`` times the Jacobian, without forming it."""
        return self.vjp(a, da)


def _softmax(z: Array) -> Array:
    # Shifted by the largest, so that nothing overflows and at least one exponential is 1.
    largest = np.max(np.real(z), axis=-1, keepdims=True)
    up = np.exp(z - largest)
    return up / up.sum(axis=-1, keepdims=True)


def _jacobian(a: Array) -> Array:
    return a[..., :, None] * (np.eye(a.shape[-1], dtype=a.dtype) - a[..., None, :])


def _vjp(a: Array, da: Array) -> Array:
    return a * (da - np.sum(a * da, axis=-1, keepdims=True))


def _formula(z: Expression, total: Expression) -> Expression:
    return Fraction(Power(Glyph("e"), z), total)


def _derivative_formula(a_j: Letter, a_i: Letter, same: bool | None) -> Expression:
    if same is None:
        kronecker = Letter("delta", "", f"{a_j.subscript} {a_i.subscript}")
        return Product((a_j, Sum((kronecker, Negative(a_i)))))
    return Product((a_j, Sum((Number(1.0, 0), Negative(a_i))))) if same else Negative(Product((a_j, a_i)))


OUTPUT_ACTIVATIONS["softmax"] = OutputActivation(
    "softmax", _softmax, _jacobian, _vjp, Named("softmax"), _formula, _derivative_formula, (0.0, 1.0)
)
