"""Which terms of a cost have moved in a nudge, in the words of the narration: as measured, whatever the network.

>>> moved_by_weight([-0.078, 0.0])
'It leads to one output, and one term of the sum moves. The other stays exactly where it is.'
>>> moved_by_activation([-0.116, 0.035])
'One term falls by 0.116, the other rises by 0.035.'
>>> moved_by_weight([0.1, 0.0, 0.0], mixed=True)
'With softmax it moves every output. Of the three terms, one moves; the others have a desired output of 0.'
"""

from __future__ import annotations

from collections.abc import Sequence

from backprop_math import Number
from backprop_math.formula import decimals_for

from .changes_in_words import moves
from .counted import counted

__all__ = ["moved_by_activation", "moved_by_weight"]


def moved_by_weight(moved: Sequence[float], *, mixed: bool = False) -> str:
    """What a nudged weight of the last layer has done; ``mixed`` where softmax makes every output depend on it.

    >>> moved_by_weight([0.0])
    'It leads to one output, and nothing moves: that is a result, too.'
    >>> moved_by_weight([0.5, 0.25], mixed=True)
    'With softmax it moves every output, and every term.'
    """
    if mixed and any(moved):
        return f"With softmax it moves every output{_of(moved)}"
    leads = "With softmax it leads to every output" if mixed else "It leads to one output"
    if not any(moved):
        return f"{leads}, and nothing moves: that is a result, too."
    if len(moved) == 1:
        return f"{leads}, and its term moves."
    rest = "The other stays exactly where it is." if len(moved) == 2 else "The others stay exactly where they are."
    return f"{leads}, and one term of the sum moves. {rest}"


def moved_by_activation(moved: Sequence[float]) -> str:
    """What a nudged activation of the layer before has done.

    >>> moved_by_activation([0.0, 0.0]), moved_by_activation([0.1, 0.2, 0.3]), moved_by_activation([0.5])
    ('Nothing moves: that is a result, too.', 'All three terms move.', 'Its term rises by 0.500.')
    """
    if not any(moved):
        return "Nothing moves: that is a result, too."
    said = [moves(Number(change, decimals_for(change, 3)) if change else None) for change in moved[:2]]
    if len(moved) == 1:
        return f"Its term {said[0]}."
    if len(moved) == 2:
        return f"One term {said[0]}, the other {said[1]}."
    if all(moved):
        return f"All {counted(len(moved))} terms move."
    return f"Of the {counted(len(moved))} terms, {_some(moved)}."


def _of(moved: Sequence[float]) -> str:
    if all(moved):
        return ", and every term."
    others = len(moved) - sum(map(bool, moved))
    have = "the other has" if others == 1 else "the others have"
    return f". Of the {counted(len(moved))} terms, {_some(moved)}; {have} a desired output of 0."


def _some(moved: Sequence[float]) -> str:
    count = sum(map(bool, moved))
    return f"{counted(count)} {'moves' if count == 1 else 'move'}"
