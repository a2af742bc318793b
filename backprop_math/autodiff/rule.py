"""What a rule is: an operation with its value, its derivatives, and how it is typeset.

Everything is written with operators and NumPy's functions, which a `Var` takes as well as a number: given numbers, the
derivatives are calculated; given `Var` they are formulas, so that what is shown is what is calculated, and so that
they have derivatives in their turn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..formula import Apply, Expression, Glyph, Named, Number, Power, added, elided

__all__ = ["Constant", "Rule", "called", "raised", "rule_partials", "sum_formula", "value_of"]


@dataclass(frozen=True)
class Rule:
    """An operation: ``f`` of its arguments, one derivative for each of them, and its ``formula``.

    ``partials`` is `None` where nobody has said what the derivatives are; the operation can be shown, not
    differentiated. Its ``name`` is that of NumPy's function, if there is one, which then takes a `Var`. An operation
    that ``chooses`` gives one of its arguments as it is, as the largest; its ``partials`` are always given `Var` for
    what varies, since a constant wins a tie.
    """

    name: str
    f: Callable[..., Any]
    partials: Callable[..., tuple[Any, ...]] | None
    formula: Callable[..., Expression]
    chooses: bool = False


def rule_partials(rule: Rule) -> Callable[..., tuple[Any, ...]]:
    """The derivatives of a rule; `TypeError`, which names it, where it has none."""
    if rule.partials is None:
        raise TypeError(f"{rule.name}: found no rule for its derivative")
    return rule.partials


class Constant(float):
    """A number that formulas show as what it is, ln(2) or π/180, not by its digits."""

    formula: Expression

    def __new__(cls, formula: Expression) -> Constant:
        """The number that ``formula`` gives."""
        number = super().__new__(cls, formula.shown_value())
        number.formula = formula
        return number


def value_of(x: Any) -> Any:
    """The value of a `Var`; a number as it is."""
    return getattr(x, "value", x)


def called(name: str, f: Callable[..., float]) -> Callable[[Expression], Expression]:
    """The formula of a function of one argument, ``sin(x)``; ``name`` is its sign's in the printers, or its own."""
    sign = Glyph(name) if name in _SIGNS else Named(name)
    return lambda x: Apply(sign, x, f)


_SIGNS = ("sin", "cos", "ln", "log_2", "log_10")


def raised(x: Expression, n: int | Expression) -> Expression:
    """The power x^n; 1 and x where that is all that it is."""
    if isinstance(n, Number) and n.decimals == 0:
        n = int(n.value)
    return x if n == 1 or x == Number(1.0, 0) else Power(x, n)


def sum_formula(*terms: Expression) -> Expression:
    """The terms added up; long sums elided."""
    return added(elided(terms))
