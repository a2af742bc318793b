"""The activation functions: each one a row with its function, its derivative, and how both are typeset.

Functions and derivatives take and give arrays of any shape, keep the dtype (float32 stays float32), and are
stable for any finite z. The functions also take complex z with the imaginary part as an infinitesimal, so
that complex step can check the derivatives.

>>> from backprop_math.activations import ACTIVATIONS
>>> from backprop_math.expression import Symbol
>>> sigmoid = ACTIVATIONS["sigmoid"]
>>> sigmoid.f(np.array([-1e4, 0.0, 1e4])).tolist()
[0.0, 0.5, 1.0]
>>> sigmoid.formula(Symbol("z")).text(), sigmoid.derivative_formula(Symbol("z")).text()
('1/(1 + e^(−z))', 'σ(z)(1 − σ(z))')
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .expression import Apply, Cases, Expression, Glyph, Listing, Negative, Number, Power, Product, Relation, Sum
from .expression import Fraction as Over
from .names import lookup

__all__ = ["ACTIVATIONS", "ActivationFunction", "activation_function"]

Array = Any  # An array or a NumPy scalar: the functions take either and give the same.


@dataclass(frozen=True)
class ActivationFunction:
    """One activation function: ``a = f(z)``, elementwise.

    ``sign`` and ``derivative_sign`` stand for f and f' in formulas, ``σ`` and ``σ′``; ``formula(z)`` and
    ``derivative_formula(z)`` say what they are.
    """

    name: str
    f: Callable[[Array], Array]
    df: Callable[[Array], Array]
    sign: Glyph
    derivative_sign: Glyph
    formula: Callable[[Expression], Expression]
    derivative_formula: Callable[[Expression], Expression]

    def applied(self, z: Expression) -> Apply:
        """``σ(z)``, which calculates itself from shown digits."""
        return Apply(self.sign, z, self.f)

    def derivative_applied(self, z: Expression) -> Apply:
        """``σ′(z)``, which calculates itself from shown digits."""
        return Apply(self.derivative_sign, z, self.df)


_ONE = Number(1.0, 0)
_ZERO = Number(0.0, 0)


def _decay(z: Array) -> Array:
    """e^(-|z|), never above 1; |z| by the sign of the real part, so that it is analytic on either side of 0."""
    return np.exp(np.where(np.real(z) < 0, z, -z))


def _sigmoid(z: Array) -> Array:
    decay = _decay(z)
    return np.where(np.real(z) < 0, decay, 1) / (1 + decay)


def _sigmoid_derivative(z: Array) -> Array:
    # σ(z)(1 − σ(z)) without the difference, which loses all digits where σ(z) is near 1.
    decay = _decay(z)
    return decay / (1 + decay) ** 2


def _tanh_derivative(z: Array) -> Array:
    # 1 − tanh²(z) = 4σ'(2z), again without a difference of near equals.
    return 4 * _sigmoid_derivative(2 * z)


def _relu(z: Array) -> Array:
    return np.where(np.real(z) > 0, z, 0)


def _relu_derivative(z: Array) -> Array:
    # The slope at 0 could be any number from 0 to 1; this one is the usual choice.
    return np.where(np.real(z) > 0, np.ones_like(z), 0)


def _sigmoid_formula(z: Expression) -> Expression:
    return Over(_ONE, Sum((_ONE, Power(Glyph("e"), Negative(z)))))


def _sigmoid_derivative_formula(z: Expression) -> Expression:
    sigma = Apply(Glyph("sigma"), z, _sigmoid)
    return Product((sigma, Sum((_ONE, Negative(sigma)))))


def _tanh_formula(z: Expression) -> Expression:
    up, down = Power(Glyph("e"), z), Power(Glyph("e"), Negative(z))
    return Over(Sum((up, Negative(down))), Sum((up, down)))


def _tanh_derivative_formula(z: Expression) -> Expression:
    return Sum((_ONE, Negative(Power(Apply(Glyph("tanh"), z, np.tanh), 2))))


def _relu_formula(z: Expression) -> Expression:
    return Apply(Glyph("max"), Listing((_ZERO, z)))


def _relu_derivative_formula(z: Expression) -> Expression:
    return Cases(((_ONE, Relation((z, _ZERO), (">",))),), _ZERO)


ACTIVATIONS: dict[str, ActivationFunction] = {
    row.name: row
    for row in (
        ActivationFunction(
            "identity",
            f=np.positive,
            df=np.ones_like,
            sign=Glyph("identity"),
            derivative_sign=Glyph("identity_prime"),
            formula=lambda z: z,
            derivative_formula=lambda z: _ONE,
        ),
        ActivationFunction(
            "sigmoid",
            f=_sigmoid,
            df=_sigmoid_derivative,
            sign=Glyph("sigma"),
            derivative_sign=Glyph("sigma_prime"),
            formula=_sigmoid_formula,
            derivative_formula=_sigmoid_derivative_formula,
        ),
        ActivationFunction(
            "tanh",
            f=np.tanh,
            df=_tanh_derivative,
            sign=Glyph("tanh"),
            derivative_sign=Glyph("tanh_prime"),
            formula=_tanh_formula,
            derivative_formula=_tanh_derivative_formula,
        ),
        ActivationFunction(
            "relu",
            f=_relu,
            df=_relu_derivative,
            sign=Glyph("relu"),
            derivative_sign=Glyph("relu_prime"),
            formula=_relu_formula,
            derivative_formula=_relu_derivative_formula,
        ),
    )
}


def activation_function(name: str | ActivationFunction) -> ActivationFunction:
    """The row called ``name``; `ValueError` with the known names for any other."""
    return name if isinstance(name, ActivationFunction) else lookup(ACTIVATIONS, name, "activation")
