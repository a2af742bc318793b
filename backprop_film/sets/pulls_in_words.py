"""What the rows of several training examples say: which way each pulls at a weight, and whether outputs differ.

>>> pulls_in_words([-0.5, -0.25, 0.75])
'Two want the weight larger, one wants it smaller.'
>>> pulls_in_words([0.0])
'This one does not pull at all.'
"""

from __future__ import annotations

from collections.abc import Sequence

from backprop_math import BackwardPass

from .counted import counted
from .single_neurons import LayerQuantities

__all__ = ["outputs_alike", "pulls_in_words"]


def outputs_alike(traces: Sequence[BackwardPass], thing: str) -> str:
    """What the outputs tell of what was wanted, where that is nothing."""
    q = LayerQuantities(traces[0].network.L)
    outputs, wanted = ([trace.value(x) for trace in traces] for x in (q.a, q.y))
    if len(traces) > 1 and max(outputs) - min(outputs) < 0.1 * (max(wanted) - min(wanted)):
        things = f"{thing}s"
        return f"All {counted(len(traces))} outputs are nearly alike: the network can't tell these {things} apart. "
    return ""


def pulls_in_words(slopes: Sequence[float]) -> str:
    """How many want the weight larger, and how many smaller."""
    if len(slopes) == 1:
        which = "larger" if slopes[0] < 0 else "smaller"
        return f"This one wants the weight {which}." if slopes[0] else "This one does not pull at all."
    groups = {"larger": sum(slope < 0 for slope in slopes), "smaller": sum(slope > 0 for slope in slopes)}
    wishes = [
        f"{counted(count)} want{'s' if count == 1 else ''} {{what}} {which}" for which, count in groups.items() if count
    ]
    wishes = [wish.format(what="it" if place else "the weight") for place, wish in enumerate(wishes)]
    return f"{', '.join(wishes) or 'none of them pulls at all'}.".capitalize()
