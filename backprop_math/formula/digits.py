"""How many digits of one number are shown, or of the numbers of one column.

>>> print(Number(0.66371, decimals_for(0.66371, 2)), Number(0.000123, decimals_for(0.000123, 2)))
0.66 0.00012
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from .tree import LONGEST_PLAIN, Number

__all__ = ["decimals_for", "fewest_decimals", "in_one_form", "short_number"]

# A reader who is shown more digits than this reads none of them; a given value longer than this is rounded.
_LONGEST_GIVEN = 4
# Digits before the point; of a longer number some are left out.
_LONGEST_WHOLE = 9
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

    A ``given`` value (a parameter, an input, a target) is shown whole if four decimals can do it. Of a value with more
    digits before the point than anyone reads, some of these are left out: its decimals are negative.

    >>> decimals_for(0.6637, 2), decimals_for(0.000123, 2), decimals_for(0.125, 2, given=True), decimals_for(4.5e15, 2)
    (2, 5, 3, -14)
    """
    if not math.isfinite(value):
        return 0
    power = math.floor(math.log10(abs(value))) if value else 0
    decimals = min(decimals, _WHOLE - power)  # float64 has no more
    if power >= _LONGEST_WHOLE:
        decimals, significant = -power, max(significant, decimals + 1)
    rounded = max(decimals, significant - 1 - power) if value else decimals
    # What lies halfway between two roundings is shown whole: one reader would round it up, another down.
    longer = Number(value, rounded + 1)
    halfway = longer.exact and longer.shown.partition("e")[0].endswith("5")
    longest = max(rounded + halfway, _LONGEST_GIVEN if given else rounded)
    shown = fewest_decimals(value, decimals, longest)
    return shown if Number(value, shown).exact else rounded


def in_one_form(values: Sequence[float], decimals: int, *, significant: int = 2) -> list[Number]:
    """The numbers of a column or row, with one number of decimals, or all in scientific form.

    They have ``decimals``, or as many as it takes to show one digit of each value that is not 0 (and then
    ``significant`` ones); where a plain decimal is too long for that, each has as many digits as the others.

    >>> print(*in_one_form([0.25, -0.0712], 4), *in_one_form([0.25, 0.0000123], 4), *in_one_form([0.25, 1e-9], 2))
    0.2500 −0.0712 0.250000 0.000012 2.5 × 10⁻¹ 1.0 × 10⁻⁹
    """
    powers = [math.floor(math.log10(abs(value))) for value in values if value]
    if any(float(Number(value, decimals).shown) == 0 for value in values if value):
        decimals = max(decimals, significant - 1 - min(powers))
    if decimals <= LONGEST_PLAIN and max(powers, default=0) < _LONGEST_WHOLE:
        return [Number(value, decimals) for value in values]
    return [
        Number(value, significant - 1 - math.floor(math.log10(abs(value))) if value else 0, scientific=True)
        for value in values
    ]


def short_number(value: float, decimals: int = 2, *, places: int = 5, tiny: bool = True) -> Number:
    """The value with ``decimals``, or fewer, in so many ``places``, minus and point among them; else scientific.

    A ``tiny`` value that would be shown as 0 gets more decimals, or a power of ten; without ``tiny``, it is shown as 0.

    >>> print(*(short_number(x) for x in (0.273, -0.273, 2238.98, 0.00412, 3.2e-5, -1.25e9)))
    0.27 −0.27 2239 0.004 3.2 × 10⁻⁵ −1 × 10⁹
    >>> print(short_number(1e-9, tiny=False), short_number(0.0, places=3))
    0.00 0.0
    """
    for shown in (*range(decimals, -1, -1), *range(decimals + 1, places if tiny else 0)):
        number = Number(value, shown, scientific=False)
        whole = len(number.shown) <= places and not (value and shown < decimals and number.shown in ("0", "0.0"))
        if whole and (float(number.shown) != 0 or value == 0 or not tiny):
            return number
    digits = 2 if value > 0 else 1
    return Number(value, digits - 1 - math.floor(math.log10(abs(value))), scientific=True)
