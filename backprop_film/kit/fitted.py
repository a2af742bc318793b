"""Formulas that fit the room they have: shrunk, then broken into lines, then shortened; never too small to be read.

In a scene::

    chain = trace.chain_rule(Weight(1, 0, 0))
    formula = fitted(chain.symbols, width=7.0, height=3.0)
    self.play(Write(formula))
    self.play(Write(formula_line(chain.numbers)))          # in the formula zone
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from backprop_math import Expression, Number, Relation
from backprop_math.formula import inside, shorter

from .formula import Formula
from .texts import Prose
from .theme import MIN_FONT_SIZE, theme

__all__ = ["fitted", "fitted_prose", "formula_line"]

#: So many terms or factors are left of a long sum or product, the more the better.
_LENGTHS = (16, 12, 9, 7, 6, 5, 4, 3)
_NEAR = 1e-6
_BULGE = 0.006  # units: Manim's widths are those of the points, beyond which curves may reach


def fitted(
    expression: Expression,
    *,
    width: float,
    height: float = math.inf,
    font_size: float | None = None,
    gap: float = 0.2,
    wrap_first: bool = False,
) -> Formula:
    """The formula within ``width`` and ``height``, at its font size if it can be.

    It shrinks as far as it can be read, then breaks into lines with ``gap`` between (with ``wrap_first`` it breaks
    first, and keeps its size as far as the height allows). Where that is not enough, long sums and products are
    shortened as `backprop_math.formula.shorter` does, so that what is shown adds up; and at last only what is
    calculated and its value are left.

    >>> from backprop_math import Network, Weight
    >>> trace = Network.random((2, *[12] * 2, 1)).forward([0.5, 1.0]).backward([1.0])
    >>> formula = fitted(trace.chain_rule(Weight(1, 0, 0)).numbers, width=5, height=2)
    >>> bool(formula.width <= 5), bool(formula.height <= 2), formula.expression.adds_up()
    (True, True, True)
    """
    width -= _BULGE
    for shown in _shortened(expression):
        made = Formula(shown, font_size=font_size)
        if wrap_first:
            made.wrap(width, gap)
            if made.height > height or made.width > width:
                made = Formula(shown, font_size=font_size)
        if not wrap_first or made.width > width or made.height > height:
            made.fit(width).wrap(width, gap)
        least = MIN_FONT_SIZE / made.font_size
        if made.width <= width + _NEAR and made.height <= height / min(1.0, least) + _NEAR:
            break
    # What is still too wide is one part that cannot be broken.
    return made.scale(min(1.0, width / made.width, height / made.height)).center()


def _shortened(expression: Expression) -> Iterator[Expression]:
    """The expression, and ever shorter ones."""
    yield expression
    relation = expression if isinstance(expression, Relation) else Relation((expression,), ())
    before = relation
    for longest in _LENGTHS:
        found = shorter(relation, longest)
        if found != before:
            yield found if relation is expression else found.sides[0]
            before = found
    if relation is expression and len(relation.sides) > 2 and isinstance(inside(relation.sides[-1]), Number):
        yield Relation((relation.sides[0], relation.sides[-1]), (relation.signs[-1],))


def fitted_prose(
    text: str, *, width: float, font_size: float | None = None, color: str | None = None, weight: str = "regular"
) -> Prose:
    """A text of any length in one line of this width: it shrinks as far as it can be read, then its end is left out.

    >>> fitted_prose("a name that nobody could read to its end", width=2.0).string
    'a name that nobod…'
    """
    how: dict[str, Any] = {"font_size": font_size, "color": color, "weight": weight}
    made = Prose(text, **how).fit(width)
    kept = len(text)
    while made.width > width + _NEAR and kept > 1:
        kept = max(1, min(kept - 1, int(kept * width / made.width)))
        made = Prose(text[:kept].rstrip() + "…", **how).fit(width)
    return made


def formula_line(expression: Expression, *, font_size: float = 44.16) -> Formula:
    """A formula in the formula zone, as large as the zone allows."""
    zone = theme.formula_zone
    formula = fitted(expression, width=zone.width, height=zone.height - 0.02, font_size=font_size, gap=0.06)
    return formula.move_to(zone.center)
