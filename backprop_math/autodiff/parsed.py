"""A formula that somebody has typed, as a `Var`: read by its syntax, never executed.

>>> f = parse_formula("x*y + sin(x)", {"x": 2, "y": 3})
>>> round(f.value, 4), f.name
(6.9093, 'f')
>>> for node in f.graph().nodes[2:]:
...     print(f.graph().definition(node))
v₁ = x y
v₂ = sin(x)
f = v₁ + v₂
"""

from __future__ import annotations

import ast
import inspect
import math
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from ..formula import Glyph
from ..functions import ACTIVATIONS
from ..names import did_you_mean
from .rule import Constant, Rule
from .rules import RULES
from .variable import Var, apply, rule_for

__all__ = ["parse_formula", "typeset_name"]

#: What people write for a rule that has another name.
_ALIASES = {
    "abs": "absolute", "acos": "arccos", "acosh": "arccosh", "asin": "arcsin", "asinh": "arcsinh", "atan": "arctan",
    "atan2": "arctan2", "atanh": "arctanh", "ln": "log", "max": "maximum", "min": "minimum",
}  # fmt: skip
_POWERS = {"pow", "power", "float_power"}
#: Rules that have an operator's sign, or no name that a formula could have.
_NOT_CALLED = {"add", "subtract", "multiply", "divide", "positive", "negative", "varying power"}
_CONSTANTS = {"pi": Constant(Glyph("pi")), "e": Constant(Glyph("e"))}
_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}
_LONGEST = 1000  # characters


def typeset_name(identifier: str) -> str:
    """A name as it can be typeset: x, x_1 for x1; nothing for others.

    >>> typeset_name("w12"), typeset_name("b_j"), typeset_name("too_long")
    ('w_12', 'b_j', '')
    """
    match = re.fullmatch(r"([A-Za-z]+)(?:_?([0-9]+)|_([A-Za-z]))?", identifier)
    return "_".join(filter(None, match.groups())) if match else ""


def parse_formula(text: str, at: Mapping[str, float]) -> Var:
    """The formula in ``text``, calculated at these values of its variables.

    Python's signs, ``^`` for a power too, the functions of `RULES` and the activation functions, ``pi`` and ``e``. What
    is written twice is calculated once. The result is called f, or the next letter that is no variable.

    Raises `ValueError`, in one line, for what is no such formula, a variable without a value, a value without a
    variable, and where a function is not defined, with the part of the formula where that happens.

    >>> parse_formula("log(x - 3)", {"x": 2})
    Traceback (most recent call last):
    ValueError: formula, log(x - 3): log of -1: found no finite value, expected arguments for which it has one
    >>> parse_formula("sine(x)", {"x": 2})
    Traceback (most recent call last):
    ValueError: formula: found the function 'sine', expected one that has a rule (nearest: 'sin')
    """
    if len(text) > _LONGEST:
        raise ValueError(f"formula: found {len(text)} characters, expected at most {_LONGEST}")
    source = " ".join(text.replace("^", "**").split())
    try:
        tree = ast.parse(source, mode="eval")
        reader = _Reader(source, at)
        found = reader.value(tree.body)
    except SyntaxError as error:
        raise ValueError(f"formula: found {_short(text)!r}, expected one such as 2*x + sin(x) ({error.msg})") from None
    except (RecursionError, MemoryError):
        raise ValueError("formula: found brackets or signs too deep, expected fewer") from None
    for name in at:
        if name not in reader.variables:
            near = did_you_mean(name, reader.variables)
            raise ValueError(f"{name}: found a value, expected a variable of the formula{near}")
    if not isinstance(found, Var) or found.rule is None:
        raise ValueError(f"formula: found {_short(text)!r}, expected something calculated from a variable")
    letters = (letter for letter in "fghFGH" if letter not in reader.variables)
    return found.named(next(letters, ""))


class _Reader:
    """Reads the parts of one formula; each part is calculated once."""

    def __init__(self, source: str, at: Mapping[str, float]) -> None:
        self.source, self.at = source, at
        self.variables: dict[str, Var] = {}
        self._known: dict[str, Any] = {}

    def value(self, node: ast.expr) -> Any:
        key = ast.dump(node)
        if key not in self._known:
            self._known[key] = self._calculated(node)
        return self._known[key]

    def _calculated(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Name):
            return self._named(node.id)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            return self._at(node, lambda: float(node.value))  # type: ignore[arg-type]
        if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATORS:
            operand = self.value(node.operand)
            return self._at(node, _OPERATORS[type(node.op)], operand)
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            left, right = self.value(node.left), self.value(node.right)
            return self._at(node, _OPERATORS[type(node.op)], left, right)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            if node.func.id in _POWERS and len(node.args) == 2:
                return self._at(node, operator.pow, *map(self.value, node.args))
            rule = self._function(node.func.id, len(node.args))
            return self._at(node, apply, rule, *map(self.value, node.args))
        raise ValueError(f"formula: found {self._part(node)}, expected numbers, variables, + - * / ^ and functions")

    def _named(self, name: str) -> Any:
        if name in _CONSTANTS and name not in self.at:
            return _CONSTANTS[name]
        if name not in self.at:
            near = did_you_mean(name, self.at)
            raise ValueError(f"formula: found the variable {name!r} without a value, expected one{near}")
        self.variables[name] = Var(self.at[name], typeset_name(name) or name)
        return self.variables[name]

    def _function(self, name: str, count: int) -> Rule:
        known = {*RULES, *ACTIVATIONS, *_ALIASES, *_POWERS} - _NOT_CALLED
        if name not in known:
            near = did_you_mean(name, known)
            raise ValueError(f"formula: found the function {name!r}, expected one that has a rule{near}")
        rule = rule_for(_ALIASES.get(name, name))
        arguments = inspect.signature(rule.partials or rule.f).parameters.values()
        if any(each.kind is each.VAR_POSITIONAL for each in arguments):
            if count == 0:
                raise ValueError(f"formula: found {name} of nothing, expected at least one argument")
        elif count != len(arguments):
            raise ValueError(f"formula: found {name} of {count} arguments, expected {len(arguments)}")
        return rule

    def _at(self, node: ast.expr, f: Callable[..., Any], *arguments: Any) -> Any:
        """What ``f`` gives, which must be a finite number; complaints name the part of the formula."""
        try:
            found = f(*arguments)
        except (ValueError, ArithmeticError) as error:
            raise ValueError(f"formula, {self._part(node)}: {error.args[-1]}") from None
        if isinstance(found, Var):
            self._check_slopes(node, found)
            return found
        if isinstance(found, complex) or not math.isfinite(found):
            raise ValueError(f"formula, {self._part(node)}: found {found}, expected a finite number")
        return found if isinstance(found, Constant) else float(found)

    def _check_slopes(self, node: ast.expr, found: Var) -> None:
        """√x has a value at 0, and no derivative."""
        try:
            found.partials()
        except ValueError as error:
            raise ValueError(f"formula, {self._part(node)}: {error}") from None

    def _part(self, node: ast.expr) -> str:
        return _short(ast.get_source_segment(self.source, node) or self.source)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
