"""The one place where numbers lead to their notation: what a trace offers of it is found when it is asked for.

The types are declared in ``shortcuts.pyi``: a module of numbers imports no notation, not even for its types.
"""

from __future__ import annotations

from ..quantities import as_quantity

__all__ = ["Shortcuts"]


class Shortcuts:
    """What a `BackwardPass` offers of `backprop_math.notation`."""

    def chain_rule(self, wrt, of=None, *, notation=None, decimals=2):  # type: ignore[no-untyped-def]
        """The derivative of ``of`` (the cost, if not given) with respect to ``wrt``, factor by factor.

        Printed with ``notation``; without it, layers are counted back from L. Numbers have at least so many
        ``decimals``. `ValueError` for a batch.
        """
        from ..notation import ChainRule

        return ChainRule.of_trace(self, as_quantity(wrt), None if of is None else as_quantity(of), notation, decimals)

    def equations(self, layer, *, notation=None):  # type: ignore[no-untyped-def]
        """One layer's equations with vectors and matrices, and their values. `ValueError` for a batch."""
        from ..notation import LayerEquations

        return LayerEquations(self, layer, notation)
