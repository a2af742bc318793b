"""The second derivatives of the activation functions, for a gradient of a gradient.

Each is written with the function and its derivative, or with NumPy's functions, so that it has derivatives in its turn.

>>> sigmoid = ACTIVATIONS["sigmoid"]
>>> float(BENDS[sigmoid.df](0.0, sigmoid.f, sigmoid.df))
0.0
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..formula import Fraction, Glyph, Number, Product, Root
from ..functions import ACTIVATIONS
from .rule import Constant, value_of

__all__ = ["BENDS"]

Applied = Callable[[Any], Any]

# φ(0), of the standard normal distribution.
_HIGHEST = Constant(Fraction(Number(1.0, 0), Root(Product((Number(2.0, 0), Glyph("pi"))))))


def _silu_bend(z: Any, f: Applied, df: Applied) -> Any:
    """σ′(z)(2 + z(1 − 2σ(z))) with σ(z) = 1/(1 + e^(−z)) and 1 − σ(z) = σ(−z)."""
    sigma, rest = 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(z))
    return sigma * rest * (2 + z * (rest - sigma))


_BENDS: dict[str, Callable[[Any, Applied, Applied], Any]] = {
    "identity": lambda z, f, df: 0.0,
    "sigmoid": lambda z, f, df: df(z) * (1 - 2 * f(z)),
    "tanh": lambda z, f, df: -(2 * f(z) * df(z)),
    "relu": lambda z, f, df: 0.0,
    "leaky_relu": lambda z, f, df: 0.0,
    "elu": lambda z, f, df: 0.0 if value_of(z) > 0 else df(z),
    "softplus": lambda z, f, df: df(z) * (1 - df(z)),
    "silu": _silu_bend,
    "gelu": lambda z, f, df: _HIGHEST * np.exp(-(z**2) / 2) * (2 - z**2),
}

#: By the derivative, so that a row with another one is not given these.
BENDS = {ACTIVATIONS[name].df: bend for name, bend in _BENDS.items()}
