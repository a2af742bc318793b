"""How many decimals are shown, so that whoever checks the arithmetic from the shown digits gets the shown result.

>>> from backprop_math.formula import Product, Symbol
>>> fitted = adding_up(Symbol("p"), Product((Number(0.4849, 2), Number(0.2249, 2))), 0.4849 * 0.2249, 3)
>>> fitted.text(), fitted.adds_up()
('p ≈ 0.485 · 0.225 ≈ 0.109', True)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, product

from .expression import Expression, Number, Relation, inside

__all__ = ["adding_up", "adding_up_together", "decimals_for", "fewest_decimals", "relation_sign"]

# A reader who is shown more digits than this reads none of them; a given value longer than this is rounded.
_LONGEST_GIVEN = 4
# How far the operands' digits are lengthened before the result's are.
_EXTRA = 4
# As many decimals as a float64 near 1 has.
_WHOLE = 16


def fewest_decimals(value: float, at_least: int, at_most: int) -> int:
    """The fewest decimals, from ``at_least`` on, that show ``value`` exactly; ``at_most`` if none up to there does.

    >>> fewest_decimals(0.9, 2, 4), fewest_decimals(0.125, 2, 4), fewest_decimals(1 / 3, 2, 4)
    (2, 3, 4)
    """
    exact = (decimals for decimals in range(at_least, at_most) if Number(value, decimals).exact)
    return next(exact, at_most)


def decimals_for(value: float, decimals: int, *, significant: int = 2, given: bool = False) -> int:
    """The decimals to show ``value`` with: at least ``decimals``, more where it takes them for ``significant`` digits.

    A ``given`` value (a parameter, an input, a target) is shown whole if four decimals can do it.

    >>> decimals_for(0.6637, 2), decimals_for(0.000123, 2), decimals_for(0.125, 2, given=True)
    (2, 5, 3)
    """
    rounded = decimals if value == 0 else max(decimals, significant - 1 - math.floor(math.log10(abs(value))))
    # What lies halfway between two roundings is shown whole: one reader would round it up, another down.
    longer = Number(value, rounded + 1)
    halfway = longer.exact and longer.shown.endswith("5")
    longest = max(rounded + halfway, _LONGEST_GIVEN if given else 0)
    shown = fewest_decimals(value, decimals, longest)
    return shown if Number(value, shown).exact else rounded


def relation_sign(number: Expression) -> str:
    """``=`` where every number shown in the expression has all its digits, ``≈`` where one is rounded.

    >>> relation_sign(Number(0.5, 2)), relation_sign(Number(0.555, 2))
    ('=', '≈')
    """
    rounded = any(isinstance(node, Number) and not node.exact for node in number.walk())
    return "≈" if rounded else "="


def adding_up(left: Expression, arithmetic: Expression, value: float, decimals: int, significant: int = 2) -> Relation:
    """``left = arithmetic ≈ value``, with each rounded number in ``arithmetic`` as long as it takes to add up.

    The numbers come with the fewest decimals that they may have. The result has at least ``decimals``; it gets more
    for its ``significant`` digits, and where it lies so near the middle between two roundings that no reasonable
    number of digits would settle it. Arithmetic that can't be calculated (it is elided, say) or that does not give
    ``value`` keeps its digits: `Relation.adds_up` tells.
    """
    shown = decimals_for(value, decimals, significant=significant)
    if isinstance(inside(arithmetic), Number):
        return _joined(left, arithmetic)
    numbers = [node for node in arithmetic.walk() if isinstance(node, Number)]
    fewest = [number.decimals for number in numbers]

    def attempt(digits: Sequence[int], result: int) -> Relation:
        return _joined(left, _redigited(arithmetic, digits), Number(value, result))

    try:
        arithmetic.shown_value()
    except ValueError:
        return attempt(fewest, shown)
    longer = product(range(shown, shown + _EXTRA + 1), range(_EXTRA + 1))
    # Next to a large factor, or where a function is steep, it takes all the digits there are.
    longest = ((shown, extra) for extra in range(_EXTRA + 1, _WHOLE))
    for result, extra in chain(longer, longest):
        digits = [number.decimals + (0 if number.exact else extra) for number in numbers]
        if attempt(digits, result).adds_up():
            for i, start in enumerate(fewest):
                shorter = ([*digits[:i], n, *digits[i + 1 :]] for n in range(start, digits[i]))
                digits = next((tried for tried in shorter if attempt(tried, result).adds_up()), digits)
            return attempt(digits, result)
    return attempt(fewest, shown)


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
    found = [node for _, arithmetic, _ in rows for node in arithmetic.walk() if isinstance(node, Number)]
    numbers = list(dict.fromkeys(found))
    fewest = [number.decimals for number in numbers]

    def attempt(digits: Sequence[int], result: int) -> list[Relation]:
        shown = {number: replace(number, decimals=n) for number, n in zip(numbers, digits, strict=True)}
        return [
            _joined(left, arithmetic.map(lambda node: shown.get(node)), Number(value, result))  # type: ignore[call-overload]
            for left, arithmetic, value in rows
        ]

    def adds_up(digits: Sequence[int], result: int) -> bool:
        return all(relation.adds_up() for relation in attempt(digits, result))

    for result, extra in product(range(decimals, decimals + _EXTRA + 1), range(_WHOLE)):
        digits = [number.decimals + (0 if number.exact else extra) for number in numbers]
        if adds_up(digits, result):
            for i, start in enumerate(fewest):
                shorter = ([*digits[:i], n, *digits[i + 1 :]] for n in range(start, digits[i]))
                digits = next((tried for tried in shorter if adds_up(tried, result)), digits)
            return attempt(digits, result)
    return attempt(fewest, decimals)


def _joined(*sides: Expression) -> Relation:
    # A side with a rounded number in it is only near what stands before it, and so is what follows from it.
    signs = [relation_sign(side) for side in sides]
    return Relation(sides, tuple("≈" if "≈" in signs[: i + 1] else "=" for i in range(1, len(sides))))


def _redigited(arithmetic: Expression, digits: Sequence[int]) -> Expression:
    """The same arithmetic, its numbers shown with these decimals, in reading order."""
    decimals = iter(digits)
    return arithmetic.map(lambda node: replace(node, decimals=next(decimals)) if isinstance(node, Number) else None)
