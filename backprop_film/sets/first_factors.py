"""`FirstFactors`: a weighted sum's definition, and the derivatives of it that are read off, one after the other.

In a scene::

    q = LayerQuantities(3)
    factors = FirstFactors(notation, 3, left=-6, width=4)
    self.play(FadeIn(factors.definition))                               # z = w a + b
    self.play(factors.derive(q.b))                                      # ∂z/∂b = 1
    self.play(factors.derive(q.previous))                               # ∂z/∂a = w, in its place
"""

from __future__ import annotations

from manim import LEFT

from backprop_math import Notation, Quantity, Relation

from ..kit.fitted import fitted
from ..kit.formula import Formula
from ..kit.motion import Compose
from .single_neurons import LayerQuantities

__all__ = ["FirstFactors"]

_DEFINITION_Y, _ROW_Y = 1.2, -0.35


class FirstFactors:
    """The ``definition`` of a layer's z from ``left``, at most ``width`` wide; under it, the ``row`` derived last."""

    def __init__(self, notation: Notation, layer: int, *, left: float, width: float) -> None:
        self.notation, self.z, self.left = notation, LayerQuantities(layer).z, left
        self.definition = fitted(notation.definition(self.z), width=width, font_size=36)
        self.definition.move_to([left, _DEFINITION_Y, 0], aligned_edge=LEFT)
        self.row: Formula | None = None

    def derive(self, wrt: Quantity) -> Compose:
        """∂z/∂``wrt`` comes from the definition, in the place of what was derived before."""
        factor = Relation((self.notation.derivative_symbol(self.z, wrt), self.notation.local_derivative(self.z, wrt)))
        old, self.row = self.row, Formula(factor, font_size=40).move_to([self.left, _ROW_Y, 0], aligned_edge=LEFT)
        return Compose(self.row, [(self.definition.quantity(wrt), self.row.quantity(wrt))], old=old)
