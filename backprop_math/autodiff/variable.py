"""A number that remembers how it was calculated, and arrays of such numbers.

Every operator and every function of NumPy's ends in `apply`, which finds the operation's `Rule`: a line of `RULES`, or
an activation function.

>>> x = Var(2.0, "x")
>>> square = x * x
>>> square.value, square.partials() == {x: 4.0}
(4.0, True)
>>> x // 2
Traceback (most recent call last):
TypeError: floor_divide: found no rule for its derivative (nearest: 'divide')
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from contextlib import suppress
from numbers import Real
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import ArrayLike

from ..arrays import FloatArray, checked_array
from ..functions import ACTIVATIONS, ActivationFunction
from ..names import did_you_mean
from .bends import BENDS
from .elementary import ALIASES, ELEMENTARY
from .formula_graph import FormulaGraph, checked_name
from .rule import Constant, Rule, rule_partials, value_of
from .rules import RULES
from .shapes import matrix_product, reduced

__all__ = ["Var", "VarArray", "apply", "as_variables", "rule_for", "variables"]

_COMPARISONS = ("less", "less_equal", "greater", "greater_equal")
_REDUCED = {
    "add": "sum",
    "multiply": "prod",
    "maximum": "maximum",
    "minimum": "minimum",
    "fmax": "fmax",
    "fmin": "fmin",
}
# What those who know PyTorch ask a number for.
_ELSEWHERE = {"backward": "reverse_sweep(of), which returns the derivatives", "grad": "reverse_sweep(of)[x]"}


class Var(NDArrayOperatorsMixin):
    """A number with its ``value``, its ``name``, and the ``rule`` and ``arguments`` that it was calculated with.

    One that is made here is an input: it has no rule. As a node it is equal to itself alone; ``<`` and its like
    compare values. A name is letters and, after an underline, indices: ``x``, ``v_1``, ``w_j,k``.
    """

    __slots__ = ("arguments", "name", "rule", "value")

    def __init__(self, value: float, name: str = "") -> None:
        self.value = float(checked_array(name or "value", value, np.dtype(float)))
        self.name = checked_name(name)
        self.rule: Rule | None = None
        self.arguments: tuple[Var | float, ...] = ()

    @classmethod
    def _calculated(cls, value: float, rule: Rule, arguments: tuple[Var | float, ...]) -> Var:
        node = cls.__new__(cls)
        node.value, node.name, node.rule, node.arguments = value, "", rule, arguments
        return node

    def named(self, name: str) -> Var:
        """The same node, which is called ``name`` from now on."""
        self.name = checked_name(name)
        return self

    @property
    def parents(self) -> tuple[Var, ...]:
        """What it is calculated from, each once; constants are no nodes."""
        return tuple(dict.fromkeys(argument for argument in self.arguments if isinstance(argument, Var)))

    def partials(self) -> dict[Var, float]:
        """The local derivative with respect to each parent; `ValueError` where one is not finite."""
        if self.rule is None:
            return {}
        f = rule_partials(self.rule)
        found = f(*self.arguments) if self.rule.chooses else _evaluated(f, self.arguments)
        slopes: dict[Var, float] = {}
        for argument, slope in zip(self.arguments, found or (math.nan,) * len(self.arguments), strict=True):
            if isinstance(argument, Var):
                slopes[argument] = slopes.get(argument, 0.0) + _finite(slope, self.rule, self.arguments, "derivative")
        return slopes

    def slopes(self) -> dict[Var, Any]:
        """The local derivative with respect to each parent, which has derivatives in its turn.

        `TypeError` where nobody has said what they are.
        """
        found = rule_partials(self.rule)(*self.arguments) if self.rule else ()
        slopes: dict[Var, Any] = {}
        for argument, slope in zip(self.arguments, found, strict=True):
            if isinstance(argument, Var):
                slopes[argument] = slopes[argument] + slope if argument in slopes else slope
        return slopes

    def clip(self, min: Any = None, max: Any = None, out: None = None) -> Any:
        """The number from ``min`` to ``max`` that is nearest; NumPy calls this for ``np.clip``."""
        return _clipped(self, min, max)

    def graph(self) -> FormulaGraph[Var]:
        """The whole calculation of this node."""
        return FormulaGraph([self])

    def __getattr__(self, name: str) -> Callable[..., Any]:
        # NumPy asks for x.exp() where x is in an array of objects; x.sigmoid() is good to read, too.
        if name in ELEMENTARY or name in ALIASES or name in ACTIVATIONS:
            return lambda *others: apply(name, self, *others)
        known = [*ELEMENTARY, *ALIASES, *ACTIVATIONS, *(each for each in dir(Var) if not each.startswith("_"))]
        expected = f", expected {_ELSEWHERE[name]}" if name in _ELSEWHERE else did_you_mean(name, known)
        raise AttributeError(f"Var.{name}: found no such attribute{expected}")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        return _dispatched(ufunc, method, *inputs, **options)

    def __radd__(self, other: Any) -> Any:
        # Python's sum() starts with a 0 that is no part of the formula.
        return self if isinstance(other, int) and other == 0 else np.add(other, self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    __hash__ = object.__hash__

    def __str__(self) -> str:
        return self.name or f"{self.rule.name if self.rule else 'input'} {self.value:.6g}"

    def __repr__(self) -> str:
        made = f", {self.rule.name}" if self.rule else ""
        return f"Var({self.value!r}{f', {self.name!r}' if self.name else ''}{made})"


class VarArray(np.ndarray):
    """An array of `Var`; NumPy's functions act on each, ``np.sum`` and ``@`` make one node of each sum."""

    @property
    def values(self) -> FloatArray:
        """The values, an array of the same shape."""
        return np.array([value_of(node) for node in np.asarray(self).flat]).reshape(self.shape)

    def var(self, axis: Any = None, dtype: Any = None, out: Any = None, ddof: float = 0, **options: Any) -> Any:
        """The variance along axes, each one node."""
        return _reduced("var", self, axis, (float(ddof),), dtype=dtype, out=out, **options)

    def std(self, axis: Any = None, dtype: Any = None, out: Any = None, ddof: float = 0, **options: Any) -> Any:
        """The standard deviation along axes, each one node."""
        return _reduced("std", self, axis, (float(ddof),), dtype=dtype, out=out, **options)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        """Calculate with the rules; NumPy calls this."""
        return _dispatched(ufunc, method, *inputs, **options)

    def __array_function__(self, function: Any, types: Any, arguments: Any, options: Any) -> Any:
        """Let NumPy's other functions give an array of `Var`, and products one node an entry; NumPy calls this."""
        pair = [_plain(each) for each in arguments[:2]] if function in (np.dot, np.inner, np.vdot) else []
        if len(pair) == 2 and {each.ndim for each in pair} <= {1, 2}:
            if function is not np.dot:
                pair = [each.ravel() for each in pair] if function is np.vdot else [pair[0], pair[1].T]
            found = matrix_product(lambda *row: apply("dot", *row), *pair)
        else:
            found = super().__array_function__(function, types, arguments, options)
        return _wrapped(found) if isinstance(found, np.ndarray) and found.dtype.hasobject else found


def variables(values: ArrayLike, name: str = "") -> Any:
    """A `Var`, or a `VarArray` of inputs with these values, called x_0, x_1 or w_0,0, w_0,1 if ``name`` is x or w."""
    array = checked_array(name or "values", values, np.dtype(float))
    if array.ndim == 0:
        return Var(float(array), name)
    nodes = np.empty(array.shape, dtype=object)
    between = "," if "_" in name else "_"
    for place in np.ndindex(array.shape):
        nodes[place] = Var(float(array[place]), f"{name}{between}{','.join(map(str, place))}" if name else "")
    return nodes.view(VarArray)


def as_variables(nodes: Iterable[Any], shape: tuple[int, ...]) -> VarArray:
    """An array of this shape of nodes that there are."""
    array = np.empty(math.prod(shape), dtype=object)
    array[:] = list(nodes)
    return array.reshape(shape).view(VarArray)


def apply(operation: str | Rule | ActivationFunction, *arguments: Any) -> Any:
    """An operation of these `Var`, numbers or arrays: by its rule, or by the name of one or of an activation function.

    Raises `TypeError` for an operation without a rule, and `ValueError` where its value is not finite.
    """
    rule = rule_for(operation)
    if any(isinstance(argument, np.ndarray | list | tuple) for argument in arguments):
        return _elementwise(rule, arguments)
    if not any(isinstance(argument, Var) for argument in arguments):
        return rule.f(*arguments)
    for argument in arguments:
        if not isinstance(argument, Var | Real):
            raise TypeError(f"{rule.name}: found {type(argument).__name__}, expected a Var or a number")
    exact = tuple(argument if isinstance(argument, Var | Constant) else float(argument) for argument in arguments)
    value = _evaluated(rule.f, exact)
    return Var._calculated(_finite(value, rule, exact, "value"), rule, exact)


def rule_for(operation: str | Rule | ActivationFunction) -> Rule:
    """The rule called so, or that of an activation function.

    Raises `TypeError`, which names the operation, where there is none.
    """
    if isinstance(operation, Rule):
        return operation
    if isinstance(operation, str) and operation in RULES:
        return RULES[operation]
    row = ACTIVATIONS.get(operation) if isinstance(operation, str) else operation
    if row is None:
        known = [*RULES, *ACTIVATIONS]
        near = did_you_mean(str(operation), known)
        raise TypeError(f"{operation}: found no rule for its derivative{near}")
    bend = BENDS.get(row.df)

    def second(z: Any) -> tuple[Any]:
        assert bend is not None, "only then is it a rule's derivative"
        return (bend(z, lambda z: apply(row, z), lambda z: apply(slope, z)),)

    slope = Rule(f"{row.name} derivative", row.df, second if bend else None, row.derivative_applied)
    return Rule(row.name, row.f, lambda z: (apply(slope, z),), row.applied)


def _evaluated(f: Callable[..., Any], arguments: tuple[Var | float, ...]) -> Any:
    """``f`` of the arguments' values, or `None`; what can't be calculated is NaN or infinite."""
    values = [value_of(argument) for argument in arguments]
    # Where Python's numbers end in an error, NumPy's calculate what there is: one of two derivatives may be finite.
    with np.errstate(all="ignore"):
        for numbers in (values, map(np.float64, values)):
            with suppress(ZeroDivisionError, OverflowError):
                return f(*numbers)
    return None


def _finite(value: Any, rule: Rule, arguments: tuple[Var | float, ...], what: str) -> float:
    if value is None or isinstance(value, complex) or not math.isfinite(value):
        given = ", ".join(f"{value_of(argument):.6g}" for argument in arguments)
        raise ValueError(f"{rule.name} of {given}: found no finite {what}, expected arguments for which it has one")
    return float(value)


def _plain(values: Any) -> np.ndarray:
    if isinstance(values, Var):
        box = np.empty((), dtype=object)
        box[()] = values
        return box
    return np.asarray(values)


def _wrapped(found: Any) -> Any:
    return found.view(VarArray) if isinstance(found, np.ndarray) else found


def _elementwise(rule: Rule, arguments: tuple[Any, ...]) -> Any:
    plain = [_plain(argument) for argument in arguments]
    if all(array.dtype != object for array in plain):
        return rule.f(*arguments)
    each = np.frompyfunc(lambda *numbers: apply(rule, *numbers), len(arguments), 1)
    return _wrapped(each(*plain))


def _dispatched(ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
    """What NumPy's function ``ufunc`` does to `Var` and arrays of them."""
    name = ufunc.__name__
    if method == "reduce" and name in _REDUCED:
        return _reduced(_REDUCED[name], inputs[0], **options)
    if method != "__call__":
        raise TypeError(f"{name}.{method}: found no rule for its derivative")
    out = options.pop("out", (None,))[0]
    if others := [option for option in options if option not in ("casting", "subok", "order")]:
        raise TypeError(f"{name} with {', '.join(others)}: found no rule for it")
    if name in _COMPARISONS:
        return ufunc(*(each.values if isinstance(each, VarArray) else value_of(each) for each in inputs))
    if name == "matmul":
        return _written(matrix_product(lambda *row: apply("dot", *row), *map(_plain, inputs)), out)
    if name == "clip":
        return _written(_clipped(*inputs), out)
    varying = name in ("power", "float_power") and _plain(inputs[1]).dtype == object
    return _written(apply("varying power" if varying else name, *inputs), out)


def _clipped(x: Any, low: Any, high: Any) -> Any:
    x = x if low is None else np.maximum(x, low)
    return x if high is None else np.minimum(x, high)


def _written(found: Any, out: Any) -> Any:
    """The result, in ``out`` if that is an array; a Var that is ``+=``'d becomes another node."""
    if not isinstance(out, np.ndarray):
        return _wrapped(found)
    out[...] = found
    return out


def _reduced(
    name: str, values: Any, axis: Any = None, constants: tuple[float, ...] = (), keepdims: Any = False, **options: Any
) -> Any:
    out = options.pop("out", None)
    given = [option for option, value in options.items() if value is not None and value is not True]
    if given:
        raise TypeError(f"{name} with {', '.join(given)}: found no rule for it")

    def entry(*row: Any) -> Any:
        if not row and name not in ("sum", "prod"):
            raise ValueError(f"{name}: found no entries along the axes, expected at least one")
        return apply(name, *row, *constants)

    found = reduced(entry, _plain(values), axis, keepdims is True)
    return _written(found, out[0] if isinstance(out, tuple) else out)
