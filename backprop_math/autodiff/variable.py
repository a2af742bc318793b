"""A number that remembers how it was calculated, and arrays of such numbers.

Every operator and every function of NumPy's ends in `apply`, which finds the operation's `Rule`: a line of `RULES`, or
an activation function.

>>> x = Var(2.0, "x")
>>> square = x * x
>>> square.value, square.partials() == {x: 4.0}
(4.0, True)
>>> np.arctan(x)
Traceback (most recent call last):
TypeError: arctan: found no rule for its derivative (nearest: 'tanh')
"""

from __future__ import annotations

import math
from collections.abc import Callable
from numbers import Real
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import ArrayLike

from ..arrays import FloatArray, checked_array
from ..functions import ACTIVATIONS, ActivationFunction
from ..names import did_you_mean
from .formula_graph import FormulaGraph, checked_name
from .rules import RULES, Rule, rule_partials

__all__ = ["Var", "VarArray", "apply", "rule_for", "variables"]

_METHODS = ("exp", "log", "sin", "cos", "sqrt")
_COMPARISONS = ("less", "less_equal", "greater", "greater_equal")


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
        found = _evaluated(self.rule, rule_partials(self.rule), self.arguments)
        slopes: dict[Var, float] = {}
        for argument, slope in zip(self.arguments, found, strict=True):
            if isinstance(argument, Var):
                slopes[argument] = slopes.get(argument, 0.0) + _finite(slope, self.rule, self.arguments, "derivative")
        return slopes

    def graph(self) -> FormulaGraph[Var]:
        """The whole calculation of this node."""
        return FormulaGraph([self])

    def __getattr__(self, name: str) -> Callable[..., Any]:
        # NumPy asks for x.exp() where x is in an array of objects; x.sigmoid() is good to read, too.
        if name in _METHODS or name in ACTIVATIONS:
            return lambda *others: apply(name, self, *others)
        raise AttributeError(f"{name}: found no rule for its derivative")

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
        return np.array([getattr(node, "value", node) for node in np.asarray(self).flat]).reshape(self.shape)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        """Calculate with the rules; NumPy calls this."""
        return _dispatched(ufunc, method, *inputs, **options)


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
    exact = tuple(argument if isinstance(argument, Var) else float(argument) for argument in arguments)
    value = _evaluated(rule, rule.f, exact)
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
        near = did_you_mean(str(operation), known) or f"; known are {', '.join(known)}"
        raise TypeError(f"{operation}: found no rule for its derivative{near}")
    slope = Rule(f"{row.name} derivative", row.df, None, row.derivative_applied)
    return Rule(row.name, row.f, lambda z: (apply(slope, z),), row.applied)


def _evaluated(rule: Rule, f: Callable[..., Any], arguments: tuple[Var | float, ...]) -> Any:
    """``f`` of the arguments' values; what can't be calculated is NaN."""
    try:
        with np.errstate(all="ignore"):
            return f(*(argument.value if isinstance(argument, Var) else argument for argument in arguments))
    except (ZeroDivisionError, OverflowError):
        return math.nan if f is rule.f else (math.nan,) * len(arguments)


def _finite(value: Any, rule: Rule, arguments: tuple[Var | float, ...], what: str) -> float:
    if isinstance(value, complex) or not math.isfinite(value):
        given = ", ".join(f"{argument.value if isinstance(argument, Var) else argument:.6g}" for argument in arguments)
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
    out = options.pop("out", (None,))[0]
    if method == "reduce" and name in ("add", "maximum"):
        return _reduced(RULES["sum" if name == "add" else name], inputs[0], **options)
    if method != "__call__":
        raise TypeError(f"{name}.{method}: found no rule for its derivative")
    if others := [option for option in options if option not in ("casting", "subok", "order")]:
        raise TypeError(f"{name} with {', '.join(others)}: found no rule for it")
    if name in _COMPARISONS:
        return ufunc(*(each.values if isinstance(each, VarArray) else getattr(each, "value", each) for each in inputs))
    if name == "matmul":
        found = _matrix_product(*map(_plain, inputs))
    else:
        varying = name == "power" and _plain(inputs[1]).dtype == object
        found = apply("varying power" if varying else name, *inputs)
    if isinstance(out, np.ndarray):  # ``array += …``; a Var that is ``+=``'d becomes another node.
        out[...] = found
        return out
    return found


def _reduced(rule: Rule, values: Any, axis: Any = None, keepdims: bool = False, **options: Any) -> Any:
    if any(value is not None and value is not True for value in options.values()):
        raise TypeError(f"{rule.name} with {', '.join(options)}: found no rule for it")
    array = _plain(values)
    axes = tuple(range(array.ndim)) if axis is None else tuple(np.atleast_1d(axis) % array.ndim)
    kept = [i for i in range(array.ndim) if i not in axes]
    rows = np.transpose(array, (*kept, *axes)).reshape(*(array.shape[i] for i in kept), -1)
    found = np.empty(rows.shape[:-1], dtype=object)
    for place in np.ndindex(found.shape):
        found[place] = apply(rule, *rows[place])
    if keepdims:
        found = np.expand_dims(found, axes)
    return _wrapped(found) if found.ndim else found[()]


def _matrix_product(left: np.ndarray, right: np.ndarray) -> Any:
    """``left @ right`` of one or two axes each: a "dot" for each entry."""
    if not {left.ndim, right.ndim} <= {1, 2} or left.shape[-1] != right.shape[0]:
        raise ValueError(f"matmul: found shapes {left.shape} and {right.shape}, expected (m, n) and (n, p), or (n,)")
    rows, columns = np.atleast_2d(left), right[:, None] if right.ndim == 1 else right
    found = np.empty((len(rows), columns.shape[1]), dtype=object)
    for i, j in np.ndindex(found.shape):
        found[i, j] = apply("dot", *rows[i], *columns[:, j])
    shape = left.shape[:-1] + right.shape[1:]
    return _wrapped(found.reshape(shape)) if shape else found[0, 0]
