"""`FirstFactors`: a weighted sum's definition, and the derivatives of it that are read off, one after the other.

In a scene::

    q = LayerQuantities(3)
    factors = FirstFactors(notation, 3, left=-6, width=4)
    self.play(FadeIn(factors.definition))                               # z = w a + b
    self.play(*factors.derive(q.b))                                     # ∂z/∂b = 1
    self.play(*factors.leave())
    self.play(*factors.derive(q.previous))                              # ∂z/∂a = w, in its place
"""

from __future__ import annotations

from manim import LEFT, Animation, FadeOut, Mobject

from backprop_math import Notation, Quantity, Relation, Symbol

from ..kit.fitted import fitted
from ..kit.formula import Formula
from ..kit.motion import Compose, Dim, Underscore, Undim
from .single_neurons import LayerQuantities

__all__ = ["FirstFactors"]

_DEFINITION_Y, _ROW_Y = 1.2, -0.35
_DIM = 0.65


class FirstFactors:
    """The ``definition`` of a layer's z from ``left``, at most ``width`` wide; under it, the ``row`` derived last."""

    def __init__(self, notation: Notation, layer: int, *, left: float, width: float) -> None:
        self.notation, self.z, self.left = notation, LayerQuantities(layer).z, left
        self.definition = fitted(notation.definition(self.z), width=width, font_size=36)
        self.definition.move_to([left, _DEFINITION_Y, 0], aligned_edge=LEFT)
        self.row: Formula | None = None

    def derive(self, wrt: Quantity) -> list[Animation]:
        """∂z/∂``wrt``: of the definition, its term alone is lit, and what stands beside it travels into the factor."""
        value = self.notation.local_derivative(self.z, wrt)
        factor = Relation((self.notation.derivative_symbol(self.z, wrt), value))
        self.row = row = Formula(factor, font_size=40).move_to([self.left, _ROW_Y, 0], aligned_edge=LEFT)
        lit = [*self.definition.quantity(wrt)]
        moves: list[tuple[Mobject, Mobject]] = []
        pointed: list[Animation] = []
        if isinstance(value, Symbol) and value.quantity is not None:
            beside = self.definition.quantity(value.quantity)
            pointed = [Underscore(self.definition.quantity(wrt))]
            lit += beside
            moves = [(beside, row.side(1))]
        own = {id(glyph) for glyph in lit}
        others = [glyph for glyph in self.definition if id(glyph) not in own]
        self.definition.dimmed = True
        return [Dim(*others, to=_DIM), Undim(*lit), Compose(row, moves), *pointed]

    def leave(self) -> list[Animation]:
        """What was derived last goes."""
        row, self.row = self.row, None
        return [FadeOut(row)] if row else []
