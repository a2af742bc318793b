"""`ShownNumber`: what a number on the screen is the value of, as far as the formula that shows it says so.

Every glyph of a number in a `Formula` carries it, and so do its copies, wherever they are taken.

>>> from backprop_math import Number, Product, Relation, Symbol
>>> relation = Relation((Symbol("p"), Product((Number(0.25, 2), Number(0.5, 1))), Number(0.125, 3)))
>>> ShownNumber.of(relation.sides[-1], [relation])
ShownNumber(text='0.125', value=0.125, quantity='', factor='', arithmetic='(0.25) * (0.5)')
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backprop_math import Expression, Number, Product, Relation, Sum, Term
from backprop_math.formula import Absolute, Bracket, Count, Fraction, Negative, Power, inside
from backprop_math.formula.printers import TEXT

__all__ = ["ShownNumber", "arithmetic", "written"]


@dataclass(frozen=True)
class ShownNumber:
    """A number's ``text``, its full ``value``, the ``quantity`` and the ``factor`` ∂of/∂wrt that it is said to be of.

    ``arithmetic`` is what it is said to be the result of, in full values.
    """

    text: str
    value: float
    quantity: str = ""
    factor: str = ""
    arithmetic: str = ""

    @classmethod
    def of(cls, number: Expression, around: Sequence[Expression] = ()) -> ShownNumber | None:
        """For a number within others, the innermost first; `None` for a constant of a formula, as the 2 of a square."""
        if not isinstance(number, Number):
            return None
        if not (number.decimals or number.quantity or number.scientific or isinstance(number, Count)):
            return None
        if not math.isfinite(number.value):
            return None
        terms = [node.name for node in around if isinstance(node, Term) and "/" in node.name]
        return cls(
            written(number),
            number.value,
            str(number.quantity) if number.quantity else "",
            terms[0] if terms else "",
            _result(number, around),
        )


def _result(number: Number, around: Sequence[Expression]) -> str:
    """The other side of the relation that the number is a side of; or the sum that it stands in, less the others."""
    relation = next((node for node in around if isinstance(node, Relation)), None)
    if relation is None or number.quantity:
        return ""
    others = [side for side in relation.sides if inside(side) is not number]
    if len(others) < len(relation.sides):
        return next(filter(None, map(arithmetic, reversed(others))), "")
    total = next((node for node in around if isinstance(node, Sum)), None)
    last = inside(relation.sides[-1])
    if total is None or not isinstance(last, Number) or inside(relation.sides[-2]) is not total:
        return ""
    # After a minus sign, what is printed is the negative of the term.
    own = next((term for term in total.terms if _is(inside(term), number)), None)
    rest = [arithmetic(term) for term in total.terms if term is not own]
    if own is None or not all(rest):
        return ""
    found = " - ".join([repr(last.value), *(f"({term})" for term in rest)])
    return found if inside(own) is number else f"-({found})"


def _is(term: Expression, number: Number) -> bool:
    return term is number or (type(term) is type(number) and term == replace(number, value=-number.value))


def arithmetic(node: Expression) -> str:
    """The node's calculation, in full values, as Python has it; empty where it is none.

    >>> arithmetic(Sum((Number(0.75, 1), Negative(Number(0.5, 1)))))
    '(0.75) + (-(0.5))'
    """
    node = inside(node)
    match node:
        case Number():
            return repr(node.value) if math.isfinite(node.value) else ""
        case Negative():
            return _joined("-({})", node.body)
        case Bracket():
            return arithmetic(node.body)
        case Absolute():
            return _joined("abs({})", node.body)
        case Sum():
            return _joined(" + ".join(["({})"] * len(node.terms)), *node.terms)
        case Product():
            return _joined(" * ".join(["({})"] * len(node.factors)), *node.factors)
        case Fraction():
            return _joined("({}) / ({})", node.numerator, node.denominator)
        case Power():
            exponent = node.exponent if isinstance(node.exponent, Expression) else Number(float(node.exponent), 0)
            return _joined("({}) ** ({})", node.base, exponent)
    return ""


def _joined(form: str, *parts: Expression) -> str:
    found = [arithmetic(part) for part in parts]
    return form.format(*found) if all(found) else ""


def written(number: Number) -> str:
    """The number as text; nobody is told of it, as of ``number.text()``.

    >>> written(Number(-0.25, 2))
    '−0.25'
    """
    return number._print(TEXT, lambda node, markup: markup)
