"""Which examples have a last factor ∂C/∂a that can be shown."""

from __future__ import annotations

from backprop_math import Example
from backprop_math.network import taken_together

__all__ = ["misfit_factor_by_factor"]


def misfit_factor_by_factor(example: Example) -> str | None:
    """Why the last two factors, ∂a/∂z and ∂C/∂a, cannot be shown one by one, or ``None``."""
    for k in range(len(example.inputs)):
        if taken_together(example.trace(k)):
            return (
                f"this chapter needs outputs that are told from 0 and 1, those of the example {example.name!r} are so "
                f"near that ∂C/∂a of {example.network.cost.name} keeps no digits"
            )
    return None
