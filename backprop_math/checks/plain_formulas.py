"""The definitions of a formula's graph calculated once more, for real and for complex numbers.

Nothing is shared with `autodiff`, whose numbers this checks: a derivative is Im f(x + ih) / h (Squire and Trapp,
*SIAM Review* 40, 1998), with each function as NumPy has it, or as its definition says where NumPy has it for real
numbers only.

>>> formula = PlainFormula({"x": "2.0", "y": "3.0", "p": "x * y", "f": "p + sin(x)"})
>>> round(formula.value("f"), 4), round(formula.derivative("f", "x"), 4), formula.slope("f", "p")
(6.9093, 2.5839, 1.0)
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .plain_functions import activation

__all__ = ["PlainFormula"]

_STEP = 1e-100
_DEEPEST = 60  # brackets within brackets


class PlainFormula:
    """``definitions`` by name, each of those before it, in Python's signs: numbers, names, operations, functions.

    ``largest`` is the largest number that was calculated with. `ValueError` for what is no such definition.
    """

    def __init__(self, definitions: Mapping[str, str | ast.expr]) -> None:
        self._trees = {
            name: found if isinstance(found, ast.expr) else ast.parse(found, mode="eval").body
            for name, found in definitions.items()
        }
        self.largest = 0.0

    def value(self, name: str) -> float:
        """What it is worth."""
        return float(np.real(self._all({})[self._known(name)]))

    def derivative(self, of: str, wrt: str) -> float:
        """∂of/∂wrt along all ways from ``wrt`` to ``of``, as if ``wrt`` were given."""
        start = self._all({})[self._known(wrt)]
        return float(np.imag(self._all({wrt: start + 1j * _STEP})[self._known(of)]) / _STEP)

    def slope(self, of: str, wrt: str) -> float:
        """The derivative of the definition of ``of`` itself, all else in it held."""
        values = self._all({})
        values[self._known(wrt)] += 1j * _STEP
        return float(np.imag(self._of(self._trees[self._known(of)], values, 0)) / _STEP)

    def _known(self, name: str) -> str:
        if name not in self._trees:
            raise ValueError(f"{name[:60]}: found no such name")
        return name

    def _all(self, held: Mapping[str, complex]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, tree in self._trees.items():
            values[name] = held[name] if name in held else self._of(tree, values, 0)
        return values

    def _of(self, node: ast.expr, values: Mapping[str, Any], depth: int) -> Any:
        if depth > _DEEPEST:
            raise ValueError("found too many brackets within each other")
        depth += 1
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                found: Any = float(number)
            case ast.Name(id=name) if name in values:
                found = values[name]
            case ast.UnaryOp(op=ast.USub()):
                return -self._of(node.operand, values, depth)
            case ast.BinOp() if type(node.op) in _OPERATIONS:
                found = _OPERATIONS[type(node.op)](
                    self._of(node.left, values, depth), self._of(node.right, values, depth)
                )
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                found = _function(name)(*(self._of(each, values, depth) for each in arguments))
            case _:
                raise ValueError(f"{ast.unparse(node)[:60]!r}: found no number, name, operation or function")
        self.largest = max(self.largest, float(abs(np.real(found))))
        return found


def _divided(one: Any, other: Any) -> Any:
    return np.divide(one, other)


def _raised(base: Any, exponent: Any) -> Any:
    return np.power(np.asarray(base, dtype=complex) if np.iscomplexobj(exponent) else base, exponent)


_OPERATIONS: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: _divided, ast.Pow: _raised,
}  # fmt: skip


def _larger(*values: Any) -> Any:
    return max(values, key=np.real)


def _smaller(*values: Any) -> Any:
    return min(values, key=np.real)


def _absolute(x: Any) -> Any:
    return -x if np.real(x) < 0 else x


def _cube_root(x: Any) -> Any:
    return -((-x) ** (1 / 3)) if np.real(x) < 0 else x ** (1 / 3)


def _angle(y: Any, x: Any) -> Any:
    quadrant = math.atan2(np.real(y), np.real(x))
    turned = np.arctan(y / x) if abs(np.real(x)) >= abs(np.real(y)) else -np.arctan(x / y)
    return turned + (quadrant - np.real(turned))


def _added_logs(x: Any, y: Any) -> Any:
    high, low = _larger(x, y), _smaller(x, y)
    return high + np.log1p(np.exp(low - high))


#: What NumPy has for real numbers only, or calls otherwise.
_OWN: Mapping[str, Callable[..., Any]] = {
    "absolute": _absolute, "fabs": _absolute, "cbrt": _cube_root, "arctan2": _angle,
    "sign": lambda x: np.sign(np.real(x)), "hypot": lambda x, y: np.sqrt(x * x + y * y),
    "logaddexp": _added_logs,
    "logaddexp2": lambda x, y: _added_logs(x * math.log(2), y * math.log(2)) / math.log(2),
    "deg2rad": lambda x: x * math.pi / 180, "radians": lambda x: x * math.pi / 180,
    "rad2deg": lambda x: x * 180 / math.pi, "degrees": lambda x: x * 180 / math.pi,
    "maximum": _larger, "fmax": _larger, "minimum": _smaller, "fmin": _smaller,
    "sum": lambda *x: sum(x), "prod": lambda *x: math.prod(x),
    "dot": lambda *x: sum(a * b for a, b in zip(x[: len(x) // 2], x[len(x) // 2 :], strict=True)),
}  # fmt: skip
#: NumPy's own, which take complex numbers.
_NUMPYS = {
    "reciprocal", "square", "sqrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan",
    "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh",
}  # fmt: skip


def _function(name: str) -> Callable[..., Any]:
    if name in _OWN:
        return _OWN[name]
    if name in _NUMPYS:
        found: Callable[..., Any] = getattr(np, name)
        return found
    try:
        function = activation(name)
    except KeyError:
        raise ValueError(f"{name[:60]}: found no such function") from None
    return lambda x: function(np.array([x]))[0]
