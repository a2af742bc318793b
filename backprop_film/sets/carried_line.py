"""A chain rule in the formula zone, part by part: `carried_line`, with the numbers that are carried back in violet;
`factor_parts`, what belongs to one factor; `still_missing`, the rest.

In a scene::

    w = Weight(2, 1, 0)
    line = carried_line(trace.chain_rule(w).numbers, trace, w, Activation(2, 1))
    self.play(FadeIn(line.side(0)))
    self.play(FadeIn(*factor_parts(line, WeightedSum(2, 1), w)))
    self.play(FadeIn(still_missing(self, line)))
"""

from __future__ import annotations

from manim import Scene, VGroup

from backprop_math import BackwardPass, Expression, Number, Quantity

from ..kit.fitted import formula_line
from ..kit.formula import Formula
from ..kit.theme import theme

__all__ = ["carried_line", "factor_parts", "still_missing"]


def carried_line(expression: Expression, trace: BackwardPass, *carried: Quantity) -> Formula:
    """The formula line; the cost's derivatives by these quantities have the colour of the way back."""
    line = formula_line(expression)
    values = [trace.derivative(quantity) for quantity in carried]
    for number, glyphs in line.leaves(Number):
        if number.value in values:
            glyphs.set_fill(theme.highlight)
    return line


def factor_parts(line: Formula, of: Quantity, wrt: Quantity) -> list[VGroup]:
    """The factor ∂of/∂wrt and its number, on the sides after the first; none of what had to be left out."""
    found = []
    for side in range(1, len(line.expression.sides)):
        try:
            found.append(line.factor(of, wrt, side=side))
        except KeyError:
            continue
    return found


def still_missing(scene: Scene, formula: Formula) -> VGroup:
    """What of the formula is not on the screen yet."""
    there = {id(part) for part in scene.get_mobject_family_members()}
    return VGroup(*(glyph for glyph in formula if id(glyph) not in there))
