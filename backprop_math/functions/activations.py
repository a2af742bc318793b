"""The activation functions: each one a row with its function, its derivative, and how both are typeset.

Functions and derivatives take and give arrays of any shape, keep the dtype (float32 stays float32), and are
stable for any finite z. The functions also take complex z with the imaginary part as an infinitesimal, so
that complex step can check the derivatives. `softmax`, which mixes a layer's neurons, is a table of its own.

>>> from backprop_math.functions import ACTIVATIONS
>>> from backprop_math.formula import Symbol
>>> sigmoid = ACTIVATIONS["sigmoid"]
>>> sigmoid.f(np.array([-1e4, 0.0, 1e4])).tolist()
[0.0, 0.5, 1.0]
>>> sigmoid.formula(Symbol("z")).text(), sigmoid.derivative_formula(Symbol("z")).text()
('1/(1 + e^(−z))', 'σ(z)(1 − σ(z))')

A row of your own, which every network, example file and gradient check then knows by its name:

>>> from backprop_math.formula import Number, Power, Product
>>> row = register_activation(
...     "cube",
...     f=lambda z: z**3,
...     df=lambda z: 3 * z**2,
...     formula=lambda z: Power(z, 3),
...     derivative_formula=lambda z: Product((Number(3.0, 0), Power(z, 2))),
... )
>>> row.applied(Symbol("z")).text(), row.derivative_applied(Number(2.0, 1)).shown_value()
('cube(z)', 12.0)
>>> del ACTIVATIONS["cube"]
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, ClassVar

import numpy as np

from ..formula import Apply, Cases, Expression, Glyph, Listing, Named, Negative, Number, Power, Product, Relation, Sum
from ..formula import Fraction as Over
from ..names import Registered, lookup

__all__ = ["ACTIVATIONS", "ActivationFunction", "activation_function", "register_activation"]

Array = Any  # An array or a NumPy scalar: the functions take either and give the same.
Formula = Callable[[Expression], Expression]
ANY = (-math.inf, math.inf)


ACTIVATIONS: dict[str, ActivationFunction] = {}


@dataclass(frozen=True)
class ActivationFunction(Registered):
    """One activation function: ``a = f(z)``, elementwise, for any real z; its values lie within ``bounds``.

    ``sign`` and ``derivative_sign`` stand for f and f' in formulas, ``σ`` and ``σ′``; ``formula(z)`` and
    ``derivative_formula(z)`` say what they are.
    """

    name: str
    f: Callable[[Array], Array]
    df: Callable[[Array], Array]
    sign: Expression
    derivative_sign: Expression
    formula: Formula
    derivative_formula: Formula
    bounds: tuple[float, float] = ANY
    kind: ClassVar[str] = "activation"
    table: ClassVar[Mapping[str, Any]] = ACTIVATIONS

    def applied(self, z: Expression) -> Apply:
        """``σ(z)``, which calculates itself from shown digits."""
        return Apply(self.sign, z, self.f)

    def derivative_applied(self, z: Expression) -> Apply:
        """``σ′(z)``, which calculates itself from shown digits."""
        return Apply(self.derivative_sign, z, self.df)

    @property
    def both(self) -> Callable[[Array, Array, Array], None] | None:
        """``both(z, a, slope)``, which writes f(z) and f'(z) into two arrays faster than the two do it, or `None`."""
        return _TOGETHER.get((self.f, self.df))

    def pull_back(self, z: Array, a: Array, da: Array) -> Array:
        """∂C/∂z from ∂C/∂a, all of one shape: ``da ⊙ f'(z)``."""
        return da * self.df(z)


def register_activation(
    name: str,
    *,
    f: Callable[[Array], Array],
    df: Callable[[Array], Array],
    formula: Formula,
    derivative_formula: Formula,
    sign: Expression | None = None,
    derivative_sign: Expression | None = None,
    bounds: tuple[float, float] = ANY,
) -> ActivationFunction:
    """Add a row to the table; without signs, its name stands for it in formulas.

    `ValueError` for a name that is taken, or that is not letters, digits and underscores. Hold the row against
    complex step with `gradcheck.check_gradient` on any network that uses it.
    """
    if name in ACTIVATIONS:
        raise ValueError(f"activation {name!r}: found in the table already, expected a new name")
    sign, derivative_sign = sign or Named(name), derivative_sign or Named(name, prime=True)
    row = ActivationFunction(name, f, df, sign, derivative_sign, formula, derivative_formula, bounds)
    ACTIVATIONS[name] = row
    return row


_ONE = Number(1.0, 0)
_ZERO = Number(0.0, 0)
_LEAK = 0.01
# Arrays without dimensions: NumPy converts a Python number anew in every operation.
_UNIT = {np.dtype(name): np.ones((), name) for name in ("float32", "float64", "longdouble")}
_LARGEST_EXPONENT = {dtype: np.array(np.floor(np.log(np.finfo(dtype).max)), dtype) for dtype in _UNIT}
_HALF = np.dtype("float16")


def _in_single(f: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """The function, calculated in float32 for float16: e^z leaves that range long before what is made of it does."""

    @wraps(f)
    def widened(z: Array) -> Array:
        return f(z.astype(np.float32)).astype(_HALF) if getattr(z, "dtype", None) == _HALF else f(z)

    return widened


def _decay(z: Array) -> Array:
    """e^(-|z|), never above 1; |z| by the sign of the real part, so that it is analytic on either side of 0."""
    return np.exp(np.where(np.real(z) < 0, z, -z))


@_in_single
def _sigmoid(z: Array) -> Array:
    if not np.iscomplexobj(z):
        with np.errstate(over="ignore"):  # Where e^(−z) overflows, 1 / (1 + ∞) is the 0 that is right.
            return 1 / (1 + np.exp(-z))
    decay = _decay(z)
    return np.where(np.real(z) < 0, decay, 1) / (1 + decay)


@_in_single
def _sigmoid_derivative(z: Array) -> Array:
    # σ(z)(1 − σ(z)) without the difference, which loses all digits where σ(z) is near 1.
    decay = _decay(z)
    return decay / (1 + decay) ** 2


def _sigmoid_both(z: Array, a: Array, slope: Array) -> None:
    if z.dtype == _HALF:
        a[...], slope[...] = _sigmoid(z), _sigmoid_derivative(z)
        return
    # With u = e^(−z): σ = 1 / (1 + u) and σ' = u σ². Where u overflows both are below the smallest normal number, and u
    # must not be infinite.
    unit = _UNIT[z.dtype]
    np.negative(z, slope)
    np.minimum(slope, _LARGEST_EXPONENT[z.dtype], out=slope)
    np.exp(slope, slope)
    np.add(slope, unit, a)
    np.divide(unit, a, a)
    np.multiply(slope, a, slope)
    np.multiply(slope, a, slope)


def _relu(z: Array) -> Array:
    return _where_positive(z, z, 0)


def _relu_derivative(z: Array) -> Array:
    return _where_positive(z, 1, 0)


def _relu_both(z: Array, a: Array, slope: Array) -> None:
    np.maximum(z, 0, out=a)
    np.greater(z, 0, out=slope)


def _tanh_both(z: Array, a: Array, slope: Array) -> None:
    if z.dtype == _HALF:
        a[...], slope[...] = np.tanh(z), _tanh_derivative(z)
        return
    # As in the two functions; a has 1 + d² until it is needed.
    unit = _UNIT[z.dtype]
    np.abs(z, slope)
    np.negative(slope, slope)
    np.exp(slope, slope)
    np.multiply(slope, slope, a)
    np.add(a, unit, a)
    np.divide(slope, a, slope)
    np.multiply(slope, slope, slope)
    np.multiply(slope, 4, slope)
    np.tanh(z, a)


@_in_single
def _tanh_derivative(z: Array) -> Array:
    # 1 − tanh²(z) = (2d / (1 + d²))² with d = e^(−|z|), again without a difference of near equals.
    decay = _decay(z)
    return 4 * (decay / (1 + decay * decay)) ** 2


def _where_positive(z: Array, then: Array, otherwise: Array) -> Array:
    # The slope at 0 of a function with a kink could be any between its two; it is the left one, as is usual.
    dtype = np.result_type(np.asarray(z), np.float16)  # its own, or float64 for whole numbers
    return np.asarray(np.where(np.real(z) > 0, then, otherwise), dtype=dtype)


def _negative_part(z: Array) -> Array:
    return np.where(np.real(z) > 0, 0, z)


def _leaky(z: Array) -> Array:
    return _where_positive(z, z, _LEAK * z)


def _leaky_derivative(z: Array) -> Array:
    return _where_positive(z, 1, _LEAK)


def _elu(z: Array) -> Array:
    return _where_positive(z, z, np.expm1(_negative_part(z)))


def _elu_derivative(z: Array) -> Array:
    return _where_positive(z, 1, np.exp(_negative_part(z)))


@_in_single
def _softplus(z: Array) -> Array:
    # ln(1 + e^z) = max(z, 0) + ln(1 + e^(-|z|)), which cannot overflow.
    return _where_positive(z, z, 0) + np.log1p(_decay(z))


@_in_single
def _silu(z: Array) -> Array:
    return z * _sigmoid(z)


@_in_single
def _silu_derivative(z: Array) -> Array:
    return _sigmoid(z) + z * _sigmoid_derivative(z)


def _density(z: Array) -> Array:
    """φ(z), of the standard normal distribution; 0 from |z| = 40 on, where it is below 1e-347.

    In float64 at least: where z² / 2 is rounded, e^(-z² / 2) loses as many digits as it has before the point.
    """
    near = np.where(np.abs(np.real(z)) < 40, z, 40) * np.float64(1)
    found = np.exp(-near * near / 2) / math.sqrt(2 * math.pi)
    return found.astype(np.asarray(z).dtype, copy=False) if np.issubdtype(np.asarray(z).dtype, np.floating) else found


def _normal(z: Array) -> Array:
    """Φ(z) = erfc(−z/√2) / 2, with all digits also where it is near 0; erfc is the standard library's."""
    z = np.asarray(z)
    # Divided in float64, as in _density.
    real = (z.real.astype(float) / -math.sqrt(2)).ravel().tolist()
    found = np.fromiter(map(math.erfc, real), float, z.size).reshape(z.shape) / 2
    if np.iscomplexobj(z):
        return found + 1j * z.imag * _density(z.real)
    return found.astype(z.dtype, copy=False)


@_in_single
def _gelu(z: Array) -> Array:
    return z * _normal(z)


@_in_single
def _gelu_derivative(z: Array) -> Array:
    return _normal(z) + z * _density(z)


def _exp(exponent: Expression) -> Expression:
    return Power(Glyph("e"), exponent)


def _sigma(z: Expression) -> Expression:
    return Apply(Glyph("sigma"), z, _sigmoid)


def _one_minus(body: Expression) -> Expression:
    return Sum((_ONE, Negative(body)))


def _if_positive(z: Expression, then: Expression, otherwise: Expression) -> Expression:
    return Cases(((then, Relation((z, _ZERO), (">",))),), otherwise)


register_activation(
    "identity",
    f=np.positive,
    df=np.ones_like,
    sign=Glyph("identity"),
    derivative_sign=Glyph("identity_prime"),
    formula=lambda z: z,
    derivative_formula=lambda z: _ONE,
)
register_activation(
    "sigmoid",
    f=_sigmoid,
    df=_sigmoid_derivative,
    sign=Glyph("sigma"),
    derivative_sign=Glyph("sigma_prime"),
    formula=lambda z: Over(_ONE, Sum((_ONE, _exp(Negative(z))))),
    derivative_formula=lambda z: Product((_sigma(z), _one_minus(_sigma(z)))),
    bounds=(0.0, 1.0),
)
register_activation(
    "tanh",
    f=np.tanh,
    df=_tanh_derivative,
    sign=Glyph("tanh"),
    derivative_sign=Glyph("tanh_prime"),
    formula=lambda z: Over(Sum((_exp(z), Negative(_exp(Negative(z))))), Sum((_exp(z), _exp(Negative(z))))),
    derivative_formula=lambda z: _one_minus(Power(Apply(Glyph("tanh"), z, np.tanh), 2)),
    bounds=(-1.0, 1.0),
)
register_activation(
    "relu",
    f=_relu,
    df=_relu_derivative,
    sign=Glyph("relu"),
    derivative_sign=Glyph("relu_prime"),
    formula=lambda z: Apply(Glyph("max"), Listing((_ZERO, z)), max),
    derivative_formula=lambda z: _if_positive(z, _ONE, _ZERO),
    bounds=(0.0, math.inf),
)
register_activation(
    "leaky_relu",
    f=_leaky,
    df=_leaky_derivative,
    sign=Named("LeakyReLU"),
    derivative_sign=Named("LeakyReLU", prime=True),
    formula=lambda z: _if_positive(z, z, Product((Number(_LEAK, 2), z))),
    derivative_formula=lambda z: _if_positive(z, _ONE, Number(_LEAK, 2)),
)
register_activation(
    "elu",  # Clevert, Unterthiner and Hochreiter (2016), with α = 1
    f=_elu,
    df=_elu_derivative,
    sign=Named("ELU"),
    derivative_sign=Named("ELU", prime=True),
    formula=lambda z: _if_positive(z, z, Sum((_exp(z), Negative(_ONE)))),
    derivative_formula=lambda z: _if_positive(z, _ONE, _exp(z)),
    bounds=(-1.0, math.inf),
)
register_activation(
    "softplus",
    f=_softplus,
    df=_sigmoid,
    sign=Named("softplus"),
    derivative_sign=Named("softplus", prime=True),
    formula=lambda z: Apply(Glyph("ln"), Sum((_ONE, _exp(z))), math.log),
    derivative_formula=_sigma,
    bounds=(0.0, math.inf),
)
register_activation(
    "silu",  # also called swish
    f=_silu,
    df=_silu_derivative,
    sign=Named("SiLU"),
    derivative_sign=Named("SiLU", prime=True),
    formula=lambda z: Product((z, _sigma(z))),
    derivative_formula=lambda z: Product((_sigma(z), Sum((_ONE, Product((z, _one_minus(_sigma(z)))))))),
)
register_activation(
    "gelu",  # Hendrycks and Gimpel (2016), exact, not the approximation by tanh
    f=_gelu,
    df=_gelu_derivative,
    sign=Named("GELU"),
    derivative_sign=Named("GELU", prime=True),
    formula=lambda z: Product((z, Apply(Glyph("Phi"), z, _normal))),
    derivative_formula=lambda z: Sum((Apply(Glyph("Phi"), z, _normal), Product((z, Apply(Glyph("phi"), z, _density))))),
)


# By the functions, so that a row with another derivative is never calculated with the old one.
_TOGETHER: dict[tuple[Callable[[Array], Array], Callable[[Array], Array]], Callable[[Array, Array, Array], None]] = {
    (_sigmoid, _sigmoid_derivative): _sigmoid_both,
    (_relu, _relu_derivative): _relu_both,
    (np.tanh, _tanh_derivative): _tanh_both,
}


def activation_function(name: str | ActivationFunction) -> ActivationFunction:
    """The row called ``name``; `ValueError` with the known names for any other."""
    return name if isinstance(name, ActivationFunction) else lookup(ACTIVATIONS, name, "activation")
