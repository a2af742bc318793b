"""What a nudge does, in the words of the narration: true of any example, also where nothing moves.

>>> moves_in_turn({"z": True, "a": True, "the cost": True}), moves_in_turn({"z": True, "a": False, "the cost": False})
('z moves, then a, then the cost, each by its own amount.', 'z moves; a and the cost stay put.')
>>> rises(-0.25), size(Number(-0.25, 2))
('falls', '0.25')
"""

from __future__ import annotations

from collections.abc import Mapping

from backprop_math import Number

__all__ = ["compared", "happens", "moves", "moves_in_turn", "predicted", "rises", "size"]


def rises(change: float) -> str:
    """In which direction something goes."""
    return "rises" if change > 0 else "falls"


def size(number: Number) -> str:
    """A number without its sign."""
    return Number(abs(number.value), number.decimals).text()


def moves(change: Number | None) -> str:
    """What something does that changes by so much; ``None`` if it is not seen to move.

    >>> moves(Number(0.013, 3)), moves(Number(0.0, 3))
    ('rises by 0.013', 'does not move')
    """
    return f"{rises(change.value)} by {size(change)}" if change and float(change.shown) else "does not move"


def happens(change: Number | None) -> str:
    """What happens to the cost; ``None`` if it is not seen to move.

    >>> happens(Number(-0.0578, 4)), happens(None)
    ('The cost falls by 0.0578.', 'The cost does not move.')
    """
    return f"The cost {moves(change)}."


def predicted(change: Number) -> str:
    """What the cost should do.

    >>> predicted(Number(-0.00739, 5)), predicted(Number(0.0, 5))
    ('fall by about 0.00739', 'not move')
    """
    return f"{'rise' if change.value > 0 else 'fall'} by about {size(change)}" if float(change.shown) else "not move"


def compared(expected: float, happened: float) -> str:
    """How near what was predicted came to what happened.

    >>> compared(-0.0074, -0.0072), compared(-0.0074, -0.001)
    ('Close, and we knew it before we tried.', 'Not quite the same: over a step that large, the curve bends.')
    """
    if abs(expected - happened) <= 0.05 * abs(happened) or expected == happened:
        return "Close, and we knew it before we tried."
    return "Not quite the same: over a step that large, the curve bends."


def moves_in_turn(moved: Mapping[str, bool]) -> str:
    """Which of several things move, one after the other, when something before them is nudged.

    >>> moves_in_turn({"z": False, "a": False, "the cost": False})
    'Nothing else moves: that is a result, too.'
    """
    if all(moved.values()):
        first, *others = moved
        return f"{first} moves, then {', then '.join(others)}, each by its own amount."
    if not any(moved.values()):
        return "Nothing else moves: that is a result, too."
    going = [name for name, moves in moved.items() if moves]
    still = [name for name, moves in moved.items() if not moves]
    first = f"{' and '.join(going)} {'moves' if len(going) == 1 else 'move'}"
    rest = f"{' and '.join(still)} {'stays' if len(still) == 1 else 'stay'} put."
    return (first.capitalize() if len(going[0]) > 1 else first) + "; " + rest
