"""`FirstFactors`: a weighted sum's definition, and the derivatives of it that are read off, one after the other.

In a scene::

    q = LayerQuantities(3)
    factors = FirstFactors(notation, 3, left=-6, width=4)
    self.play(FadeIn(factors.definition))                               # z = w a + b
    self.play(factors.derive(q.b))                                      # ∂z/∂b = 1
    self.play(factors.derive(q.previous))                               # ∂z/∂a = w, in its place
"""

from __future__ import annotations

from manim import LEFT, AnimationGroup, FadeIn, FadeOut, smooth, squish_rate_func

from backprop_math import Notation, Quantity, Relation

from ..kit.fitted import fitted
from ..kit.formula import Formula
from ..kit.motion import Dim, Undim
from .single_neurons import LayerQuantities

__all__ = ["FirstFactors"]

_DEFINITION_Y, _ROW_Y = 1.2, -0.35
_DIM = 0.5


class FirstFactors:
    """The ``definition`` of a layer's z from ``left``, at most ``width`` wide; under it, the ``row`` derived last."""

    def __init__(self, notation: Notation, layer: int, *, left: float, width: float) -> None:
        self.notation, self.z, self.left = notation, LayerQuantities(layer).z, left
        self.definition = fitted(notation.definition(self.z), width=width, font_size=36)
        self.definition.move_to([left, _DEFINITION_Y, 0], aligned_edge=LEFT)
        self.row: Formula | None = None

    def derive(self, wrt: Quantity) -> AnimationGroup:
        """∂z/∂``wrt``, in the place of what was derived before; of the definition, its term alone is lit."""
        factor = Relation((self.notation.derivative_symbol(self.z, wrt), self.notation.local_derivative(self.z, wrt)))
        old, self.row = self.row, Formula(factor, font_size=40).move_to([self.left, _ROW_Y, 0], aligned_edge=LEFT)
        lit = self.definition.quantity(wrt)
        own = {id(glyph) for glyph in lit}
        others = [glyph for glyph in self.definition if id(glyph) not in own]
        self.definition.dimmed = True
        light = [Dim(*others, to=_DIM), Undim(*lit)]
        gone = [FadeOut(old, rate_func=squish_rate_func(smooth, 0.0, 0.4))] if old else []
        return AnimationGroup(*light, *gone, FadeIn(self.row, rate_func=squish_rate_func(smooth, 0.4, 1.0)))
