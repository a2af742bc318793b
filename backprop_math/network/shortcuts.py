"""The one place where numbers lead to their notation: what a trace offers of it is found when it is asked for.

The types are declared in ``shortcuts.pyi``: a module of numbers imports no notation, not even for its types.
"""

from __future__ import annotations

from ..quantities import as_quantity

__all__ = ["Shortcuts", "Written"]


class Written:
    """What every pass offers of `backprop_math.notation`: it is printed, and displayed in a notebook, as its equations.

    `repr` stays one line.
    """

    def equations(self, layer, *, notation=None):  # type: ignore[no-untyped-def]
        """One layer's equations with vectors and matrices, and their values. `ValueError` for a batch."""
        from ..notation import LayerEquations

        return LayerEquations(self, layer, notation)

    def _written(self):  # type: ignore[no-untyped-def]
        from ..notation import WrittenPass

        return WrittenPass(self)

    def __str__(self):  # type: ignore[no-untyped-def]
        return self._written().text()

    def _repr_html_(self):  # type: ignore[no-untyped-def]
        return self._written().html()

    def _repr_latex_(self):  # type: ignore[no-untyped-def]
        return self._written().latex()


class Shortcuts(Written):
    """What a `BackwardPass` offers of it, too."""

    def chain_rule(self, wrt, of=None, *, notation=None, decimals=2):  # type: ignore[no-untyped-def]
        """The derivative of ``of`` (the cost, if not given) with respect to ``wrt``, factor by factor.

        Printed with ``notation``; without it, layers are counted back from L. Numbers have at least so many
        ``decimals``. `ValueError` for a batch.
        """
        from ..notation import ChainRule

        return ChainRule.of_trace(self, as_quantity(wrt), None if of is None else as_quantity(of), notation, decimals)
