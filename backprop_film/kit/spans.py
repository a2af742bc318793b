"""The ends of number lines: round values that leave what is shown on the line room.

>>> nice_span(0.66, 0.71), close_up_span(1.7, 0.01), decades(3e-7, 0.02)
((0.0, 0.8), (1.65, 1.75), (1e-07, 0.1))
"""

from __future__ import annotations

import math

__all__ = ["close_up_span", "decades", "equal_width_spans", "nice_span"]

#: The least width that is still looked at, for each unit of the value: float64 has some digits more.
_FINEST = 1e-9


def nice_span(*values: float) -> tuple[float, float]:
    """Round ends of a number line that holds 0 and all values, none too near an end unless it is the end.

    >>> nice_span(0.66, 0.71), nice_span(1.0), nice_span(-0.2)
    ((0.0, 0.8), (0.0, 1.0), (-0.2, 0.0))
    """

    def end(size: float) -> float:
        if size <= 0:
            return 0.0
        power = 10.0 ** math.floor(math.log10(size))
        ends = [power * step for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 15)]
        return next(end for end in ends if math.isclose(end, size) or end >= 1.12 * size)

    low, high = -end(-min(values)), end(max(values))
    return (low + 0.0, high) if low < high else (0.0, 1.0)


def equal_width_spans(*moves: tuple[float, float]) -> list[tuple[float, float]]:
    """Ends of number lines of one scale, one for each move from a value to another; from 0 where that holds both.

    >>> equal_width_spans((1.8, 2.3), (0.65, 0.89))
    [(1.5, 2.5), (0.0, 1.0)]
    """
    largest = max(abs(end - start) for start, end in moves)
    width = 1.0 if largest <= 0.7 else nice_span(largest / 0.7)[1]
    spans = []
    for move in moves:
        # Rounded to quarters, the middle of the line is near enough to that of the move to leave room at both ends.
        low = round((sum(move) - width) / 2 / (width / 4)) * width / 4
        spans.append((0.0, width) if min(move) >= 0 and max(move) <= width else (low, low + width))
    return spans


def close_up_span(value: float, change: float) -> tuple[float, float]:
    """Round ends of a line that shows a change from ``value``: some six times as wide, the change in its middle.

    What does not change is looked at as closely as float64 can tell that it does not.

    >>> close_up_span(1.7, 0.01), close_up_span(0.25, 0.0)
    ((1.65, 1.75), (0.249999999, 0.250000001))
    """
    size = max(abs(change), _FINEST * (abs(value) or 1.0))
    power = 10.0 ** math.floor(math.log10(6 * size))
    width = next(power * step for step in (1, 2, 5, 10) if power * step >= 5.5 * size)
    quarter = width / 4 if width / power != 1 else width / 5
    low = round((value + change / 2 - width / 2) / quarter) * quarter
    digits = max(12, 3 - math.floor(math.log10(width)))
    return round(low, digits), round(low + width, digits)


def decades(*values: float) -> tuple[float, float]:
    """Powers of ten that hold all positive values: the ends of a logarithmic axis; 0 lies below every one of them.

    >>> decades(0.05, 0.0, 40.0), decades(0.0), decades(1.0)
    ((0.01, 100.0), (0.1, 1.0), (0.1, 1.0))
    """
    positive = [value for value in values if value > 0]
    low = math.floor(math.log10(min(positive, default=1.0)) + 1e-9)
    high = math.ceil(math.log10(max(positive, default=1.0)) - 1e-9)
    return 10.0 ** (low if low < high else high - 1), 10.0**high
