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

from manim import UP, Scene, VGroup

from backprop_math import BackwardPass, Expression, Number, Quantity

from ..kit.fitted import formula_line
from ..kit.formula import Formula
from ..kit.theme import theme

__all__ = ["carried_line", "factor_parts", "frame_of", "product_parts", "still_missing"]

_UP = 0.1 * UP  # more air above the caption


def carried_line(expression: Expression, trace: BackwardPass, *carried: Quantity) -> Formula:
    """The formula line; the cost's derivatives by these quantities have the colour of the way back."""
    line = formula_line(expression).shift(_UP)
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


def frame_of(line: Formula, *ends: tuple[Quantity, Quantity]) -> VGroup:
    """Everything but the factors (of, wrt) and the result: the left side, the signs, the dots and the brackets."""
    later = [*(part for end in ends for part in factor_parts(line, *end)), line.side(-1), line.sign(-1)]
    gone = {id(glyph) for part in later for glyph in part}
    return VGroup(*(glyph for glyph in line if id(glyph) not in gone))


def product_parts(line: Formula, j: int) -> VGroup:
    """The product of the path through output j, with the sign before it; nothing where it had to be left out."""
    try:
        product = line.term(f"path[{j}]", side=1)
    except KeyError:
        return VGroup()
    every = list(line)
    at = next(i for i, glyph in enumerate(every) if glyph is product[0])
    side = {id(glyph) for glyph in line.side(1)}
    return VGroup(*([every[at - 1]] if id(every[at - 1]) in side else []), *product)


def still_missing(scene: Scene, formula: Formula) -> VGroup:
    """What of the formula is not on the screen yet."""
    there = {id(part) for part in scene.get_mobject_family_members()}
    return VGroup(*(glyph for glyph in formula if id(glyph) not in there))
