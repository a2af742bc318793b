"""`measured_change`: an input of any function is nudged, and the change of its value is really measured.

>>> def area(x, y):
...     return x * y
>>> one = measured_change(area, {"x": 3.0, "y": 2.0}, 0.5)
>>> print(one.by, one.change, one.value)
0.5 1 2
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backprop_math import DifferenceQuotient, Measured, Number, Symbol, Var
from backprop_math.formula import fewest_decimals

__all__ = ["derivative_of", "exactly", "measured_change"]

_NOISE = 9  # decimals: what is beyond them are float64's


def measured_change(
    f: Callable[..., Var], at: Mapping[str, float], by: float, wrt: str = "x", *, of: str = "y"
) -> Measured:
    """What a nudge of the input ``wrt`` does to ``f``, and the ratio; the numbers have all their digits.

    The calculation is a formula of `Var`, so that whoever watches learns what each of the numbers is.

    >>> print(measured_change(lambda x: x * x, {"x": 3.0}, 0.01))
    Δy/Δx ≈ 0.0601/0.01 = 6.01
    """
    inputs, nudge = {name: Var(value, name) for name, value in at.items()}, Var(by, "h")
    change = f(**{**inputs, wrt: inputs[wrt] + nudge}) - f(**inputs)
    ratio = change / nudge
    ratio.graph()  # whoever watches learns of it
    name = DifferenceQuotient(Symbol(of), Symbol(wrt))
    return Measured(name, exactly(change.value), exactly(by), exactly(ratio.value))


def derivative_of(f: Callable[..., Var], at: float | Mapping[str, float], wrt: str = "x") -> float:
    """The derivative of a function at a value of ``x``, or at the values of its inputs with respect to one of them.

    >>> derivative_of(lambda x: x**2, 3.0), derivative_of(lambda x, y: x * y, {"x": 3.0, "y": 2.0}, "y")
    (6.0, 3.0)
    """
    inputs = {name: Var(value, name) for name, value in (at if isinstance(at, Mapping) else {wrt: at}).items()}
    of = f(**inputs)
    return of.graph().derivative(of, inputs[wrt])


def exactly(value: float) -> Number:
    """A value with all its digits, without those that are float64's own.

    >>> exactly(24.039999999999395), exactly(6.0).shown
    (Number(value=24.04, decimals=2, quantity=None, scientific=None), '6')
    """
    value = round(value, _NOISE)
    return Number(value, fewest_decimals(value, 0, _NOISE))
