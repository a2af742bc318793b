"""How many decimals are shown, so that whoever checks the arithmetic from the shown digits gets the shown result.

>>> from backprop_math.formula import Product, Symbol
>>> fitted = adding_up(Symbol("p"), Product((Number(0.4849, 2), Number(0.2249, 2))), 0.4849 * 0.2249, 3)
>>> fitted.text(), fitted.adds_up()
('p ≈ 0.485 · 0.225 ≈ 0.109', True)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain, product

from .arithmetic import Bracket, Negative, Product, Sum
from .digits import decimals_for
from .elision import with_remainders
from .expression import MatrixExpression, Relation
from .tree import Exactly, Expression, Number, inside

__all__ = ["adding_up", "adding_up_together", "agreeing", "relation_sign"]

# How far the operands' digits are lengthened before the result's are.
_EXTRA = 4
# As many decimals as a float64 near 1 has.
_WHOLE = 16
# So often a page's digits are lengthened before it is left as it is.
_ROUNDS = 60
# float64's rounding of a calculation of a few steps.
_EPSILON = 2.0**-50


def relation_sign(number: Expression) -> str:
    """``=`` where every number shown in the expression has all its digits, ``≈`` where one is rounded.

    >>> relation_sign(Number(0.5, 2)), relation_sign(Number(0.555, 2))
    ('=', '≈')
    """
    rounded = any(isinstance(node, Number) and not node.exact for node in number.walk())
    return "≈" if rounded else "="


def adding_up(left: Expression, arithmetic: Expression, value: float, decimals: int, significant: int = 2) -> Relation:
    """``left = arithmetic ≈ value``, with each rounded number in ``arithmetic`` as long as it takes to add up.

    The numbers come with the fewest decimals that they may have; one that stands in several places has the same digits
    in all of them. The result has at least ``decimals``; it gets more for its ``significant`` digits, and where it lies
    so near the middle between two roundings that no reasonable number of digits would settle it. What is left of a sum
    by float64's rounding alone is 0. In the place of dots stands what they hide, as one number. Arithmetic that can't
    be calculated or that does not give
    ``value`` keeps its digits: `Relation.adds_up` tells.
    """
    if isinstance(inside(arithmetic), Number):
        return _joined(left, arithmetic)
    arithmetic = with_remainders(arithmetic, value, decimals)
    if abs(value) <= _rounding_error(arithmetic):
        value = 0.0
    shown = decimals_for(value, decimals, significant=significant)
    # Next to a large factor, or where a function is steep, it takes all the digits there are.
    tries = chain(
        product(range(shown, shown + _EXTRA + 1), range(_EXTRA + 1)),
        ((shown, extra) for extra in range(_EXTRA + 1, _WHOLE)),
    )
    return _fitted([(left, arithmetic, value)], shown, tries)[0]


def adding_up_together(rows: Sequence[tuple[Expression, Expression, float]], decimals: int) -> list[Relation]:
    """Several rows ``(left, arithmetic, value)``, as `adding_up`; a number has the same digits wherever it stands.

    The results have the same number of decimals, at least ``decimals``.

    >>> from backprop_math.formula import Product, Symbol
    >>> rows = [(Symbol("p"), Product((Number(x, 2), Number(0.2249, 2))), x * 0.2249) for x in (2.0, 0.4849)]
    >>> for row in adding_up_together(rows, 3):
    ...     print(row)
    p ≈ 2.00 · 0.225 ≈ 0.450
    p ≈ 0.485 · 0.225 ≈ 0.109
    """
    rows = [(left, with_remainders(arithmetic, value, decimals), value) for left, arithmetic, value in rows]
    return _fitted(rows, decimals, product(range(decimals, decimals + _EXTRA + 1), range(_WHOLE)))


def agreeing(relations: Sequence[Relation], adds_up: Callable[[Relation], bool] = Relation.adds_up) -> list[Relation]:
    """The relations of one page: a value has the same digits wherever it stands, as many as make all of it add up.

    The digits given are the fewest. What is calculated with gets more before a result does, so that a number that is
    a result in one relation and stands in the arithmetic of another suits both. ``adds_up`` judges a relation.

    >>> from backprop_math.formula import Product, Symbol
    >>> p, q = 0.4849 * 0.2249, 7 * 0.4849 * 0.2249
    >>> first = Relation((Symbol("p"), Product((Number(0.4849, 2), Number(0.2249, 2))), Number(p, 2)))
    >>> second = Relation((Symbol("q"), Product((Number(7.0, 0), Number(p, 2))), Number(q, 2)))
    >>> for relation in agreeing([first, second]):
    ...     print(relation)
    p ≈ 0.485 · 0.225 ≈ 0.109
    q ≈ 7 · 0.109 ≈ 0.76
    """
    digits: dict[float, int] = {}
    for relation in relations:
        for node in _rounded(relation):
            digits[node.value] = max(node.decimals, digits.get(node.value, node.decimals))
    fewest, found = dict(digits), list(relations)
    tried = [0] * len(found)
    for _ in range(_ROUNDS):
        found = [_redigited(relation, digits) for relation in relations]
        failing = next((i for i, relation in enumerate(found) if not adds_up(relation)), None)
        if failing is None:
            digits = _fewer(relations, digits, fewest, adds_up)
            found = [_redigited(relation, digits) for relation in relations]
            break
        *sides, last = found[failing].sides
        tried[failing] += 1
        operands = {node.value for side in sides for node in _rounded(side)} - {node.value for node in _rounded(last)}
        for value in operands:
            digits[value] += 1
        if tried[failing] % _EXTRA == 0 or not operands:  # it may lie in the middle between two roundings
            digits |= {node.value: digits[node.value] + 1 for node in _rounded(last)}
    return [_joined(*relation.sides) for relation in found]


def _fewer(
    relations: Sequence[Relation],
    digits: dict[float, int],
    fewest: dict[float, int],
    adds_up: Callable[[Relation], bool],
) -> dict[float, int]:
    """The digits that a page was lengthened to, with fewer of them for each matrix that can do with less."""
    matrices = [node for relation in relations for node in relation.walk() if isinstance(node, MatrixExpression)]
    for matrix in matrices:
        values = {node.value for node in _rounded(matrix)}
        while values and all(digits[value] > fewest[value] for value in values):
            fewer = digits | {value: digits[value] - 1 for value in values}
            if not all(adds_up(_redigited(relation, fewer)) for relation in relations):
                break
            digits = fewer
    return digits


def _rounded(expression: Expression) -> list[Number]:
    return [node for node in expression.walk() if isinstance(node, Number) and not node.exact]


def _redigited(relation: Relation, digits: dict[float, int]) -> Relation:
    def change(node: Expression) -> Expression | None:
        if isinstance(node, Number) and not node.exact and node.value in digits:
            return replace(node, decimals=digits[node.value])
        return None

    return replace(relation, sides=tuple(side.map(change) for side in relation.sides))


def _fitted(
    rows: Sequence[tuple[Expression, Expression, float]], shown: int, tries: Iterable[tuple[int, int]]
) -> list[Relation]:
    """The rows with the first digits that add up of ``tries``, pairs of the result's decimals and extra ones."""
    found = [node for _, arithmetic, _ in rows for node in arithmetic.walk() if isinstance(node, Number)]
    numbers = list(dict.fromkeys(found))
    fewest = [number.decimals for number in numbers]

    def attempt(digits: Sequence[int], result: int) -> list[Relation]:
        redigited = {number: replace(number, decimals=n) for number, n in zip(numbers, digits, strict=True)}
        return [
            _joined(
                left,
                arithmetic.map(lambda node: redigited.get(node) if isinstance(node, Number) else None),
                Number(value, result),
            )
            for left, arithmetic, value in rows
        ]

    def adds_up(digits: Sequence[int], result: int) -> bool:
        return all(relation.adds_up() for relation in attempt(digits, result))

    for _, arithmetic, _ in rows:
        try:
            arithmetic.shown_value()
        except ZeroDivisionError:
            pass  # With more digits it may be no zero.
        except (ValueError, OverflowError):
            return attempt(fewest, shown)
    for result, extra in tries:
        digits = [number.decimals + (0 if number.exact else extra) for number in numbers]
        if adds_up(digits, result):
            for i, start in enumerate(fewest):
                shorter = ([*digits[:i], n, *digits[i + 1 :]] for n in range(start, digits[i]))
                digits = next((tried for tried in shorter if adds_up(tried, result)), digits)
            return attempt(digits, result)
    return attempt(fewest, shown)


def _rounding_error(arithmetic: Expression) -> float:
    """How far float64 may be off where terms cancel: what it makes of the largest term of each sum; 0 without one."""
    node = inside(arithmetic)
    parts = [_rounding_error(child) for child in node.children]
    if isinstance(node, Sum):
        return sum(parts) + _EPSILON * sum(abs(_value(term)) for term in node.terms)
    if isinstance(node, Product):
        values = [abs(_value(factor)) for factor in node.factors]
        return sum(math.prod([*values[:i], error, *values[i + 1 :]]) for i, error in enumerate(parts))
    return sum(parts) if isinstance(node, Negative | Bracket) else 0.0


def _value(node: Expression) -> float:
    """The value in full digits, as far as it can be calculated."""
    try:
        return node.map(lambda part: Exactly(part.value) if isinstance(part, Number) else None).shown_value()
    except (ValueError, ZeroDivisionError, OverflowError):
        return 0.0


def _joined(*sides: Expression) -> Relation:
    # A side with a rounded number in it is only near what stands before it, and so is what follows from it.
    signs = [relation_sign(side) for side in sides]
    return Relation(sides, tuple("≈" if "≈" in signs[: i + 1] else "=" for i in range(1, len(sides))))
