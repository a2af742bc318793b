"""A chain rule's product laid out wide, so that each factor stands under what it comes from.

In a scene::

    path = LayerQuantities(3).path
    formula = Formula(trace.chain_rule(path[0]).numbers)
    self.add(spread(formula, list(zip(path, path[1:])), (-3, 0, 3), left=-6, right=6.4))
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from manim import RIGHT, VGroup, VMobject

from backprop_math import Quantity

from ..kit.formula import Formula

__all__ = ["factors_and_dots", "spread"]

_GAP = 0.2  # before the last relation sign


def factors_and_dots(
    formula: Formula, links: Sequence[tuple[Quantity, Quantity]]
) -> tuple[list[VGroup], list[VMobject]]:
    """The factors of ``formula``'s second side, each with its brackets, and the dots between them, from the left."""
    factors = [formula.factor(of, wrt, side=1) for wrt, of in links]
    own = {id(glyph) for factor in factors for glyph in factor}
    others = [glyph for glyph in formula.side(1) if id(glyph) not in own]
    edges = [(float(factor.get_left()[0]), float(factor.get_right()[0])) for factor in factors]
    dots = []
    for glyph in others:
        if glyph.height < 0.3 * max(factor.height for factor in factors) and glyph.width < 0.12:
            dots.append(glyph)
        else:
            nearest = min(range(len(edges)), key=lambda n: min(abs(glyph.get_x() - edge) for edge in edges[n]))
            factors[nearest].add(glyph)
    dots.sort(key=lambda dot: float(dot.get_x()))
    return factors, dots


def spread(
    formula: Formula, links: Sequence[tuple[Quantity, Quantity]], places: Sequence[float], *, left: float, right: float
) -> Formula:
    """Move the factors of ``formula``'s second side to ``places``, the first side to the left, the last to the right.

    ``links`` are pairs (wrt, of), one for each factor and place, from the left. Brackets go with their factor; each dot
    stands between two factors.
    """
    factors, dots = factors_and_dots(formula, links)
    for factor, place in zip(factors, places, strict=True):
        factor.set_x(place)
    tail = VGroup(formula.sign(1), formula.side(2)) if len(formula.expression.sides) > 2 else VGroup()
    if tail.submobjects:
        tail.shift((right - tail.get_right()[0]) * RIGHT)
        factors[-1].shift(min(0.0, tail.get_left()[0] - _GAP - factors[-1].get_right()[0]) * RIGHT)
    for dot, (one, other) in zip(dots, pairwise(factors), strict=False):
        dot.set_x((one.get_right()[0] + other.get_left()[0]) / 2)
    head = VGroup(formula.side(0), formula.sign(0))
    head.shift((left - head.get_left()[0]) * RIGHT)
    return formula
