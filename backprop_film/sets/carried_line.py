"""A chain rule in the formula zone, part by part: `carried_line`, with the numbers that are carried back in violet;
`symbols_of` it, `factors_one_by_one`, `more_to_come`; and `still_missing`, the rest.

In a scene::

    w = Weight(2, 1, 0)
    line = carried_line(trace.chain_rule(w).numbers, trace, w, Activation(2, 1))
    self.play(FadeIn(symbols_of(line)))
    for parts in factors_one_by_one(line, (WeightedSum(2, 1), w), (Activation(2, 1), WeightedSum(2, 1))):
        self.play(FadeIn(parts))
    self.play(FadeIn(still_missing(self, line)))
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from manim import RIGHT, UP, Scene, VGroup

from backprop_math import BackwardPass, Expression, Glyph, Number, Product, Quantity

from ..kit.fitted import formula_line
from ..kit.formula import Formula
from ..kit.theme import theme

__all__ = [
    "carried_line",
    "factors_one_by_one",
    "more_to_come",
    "product_parts",
    "still_missing",
    "symbols_of",
    "with_dots",
]

_UP = 0.2 * UP  # more air above the caption
_DOT = 0.3  # of the height of what stands beside it: a dot is smaller


def carried_line(expression: Expression, trace: BackwardPass, *carried: Quantity) -> Formula:
    """The formula line, its factors with dots between; the cost's derivatives by these quantities are violet."""
    line = formula_line(expression.map(with_dots)).shift(_UP)
    values = [trace.derivative(quantity) for quantity in carried]
    for number, glyphs in line.leaves(Number):
        if number.value in values:
            glyphs.set_fill(theme.highlight)
    return line


def with_dots(node: Expression) -> Expression | None:
    """A product with a dot between any two factors, for `Expression.map`."""
    return replace(node, dotted=True) if isinstance(node, Product) else None


def symbols_of(line: Formula) -> VGroup:
    """The derivative, and the product of its factors in symbols."""
    return VGroup(*line.side(0), line.sign(0)[0], *line.side(1))


def factors_one_by_one(line: Formula, *ends: tuple[Quantity, Quantity]) -> list[VGroup]:
    """The number of each factor ∂of/∂wrt, on the side after the symbols; for a last one that had to be left out, what
    stands there.

    With the first one comes the sign before it, and with each its parentheses and the dot before it.
    """
    found = []
    for of, wrt in ends:
        try:
            found.append(VGroup(*line.factor(of, wrt, side=2)))
        except KeyError:
            found.append(VGroup())
    owner = {id(glyph): part for part in found for glyph in part}
    now, between = found[0], list[Any]()
    small = _DOT * max(float(glyph.height) for glyph in line.side(2))

    def share(after: VGroup) -> None:
        dots = [] if after is now else [i for i, glyph in enumerate(between) if glyph.height < small]
        cut = dots[0] if dots else 0
        now.add(*between[:cut])
        after.add(*between[cut:])

    for glyph in line.side(2):
        if (part := owner.get(id(glyph))) is None:
            between.append(glyph)
            continue
        share(part)
        now, between = part, []
    share(found[-1] if not len(found[-1]) else now)
    found[0].add(line.sign(1)[0])
    return found


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


def more_to_come(line: Formula, j: int) -> VGroup:
    """The sign after the product of the path through output j, and dots for what is still to come; else nothing."""
    product = product_parts(line, j)
    if not len(product):
        return VGroup()
    every, side = list(line), {id(glyph) for glyph in line.side(1)}
    after = next(i for i, glyph in enumerate(every) if glyph is product[-1]) + 1
    if after == len(every) or id(every[after]) not in side:
        return VGroup()
    dots = Formula(Glyph("dots"), font_size=line.font_size).next_to(every[after], RIGHT, buff=0.12)
    return VGroup(every[after], dots)


def still_missing(scene: Scene, formula: Formula) -> VGroup:
    """What of the formula is not on the screen yet."""
    there = {id(part) for part in scene.get_mobject_family_members()}
    return VGroup(*(glyph for glyph in formula if id(glyph) not in there))
