"""`RatioTable`: ratios of two changes, measured at smaller and smaller nudges; under a rule, what they go to.

In a scene::

    def square(x):
        return x * x

    measured = [measured_change(square, {"x": 3.0}, by) for by in (1.0, 0.1, 0.01)]
    table = RatioTable(Symbol("y"), Symbol("x"), measured, Number(6.0, 0))
    self.add(table.rows, table.rules)
    self.play(LaggedStart(*table.lit_digits(), lag_ratio=0.3))
    self.play(table.to_the_limit())
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from manim import DOWN, LEFT, RIGHT, UP, Animation, AnimationGroup, VGroup

from backprop_math import Change, Derivative, DifferenceQuotient, Expression, Measured, Number, Relation
from backprop_math.formula import relation_sign

from ..kit.columns import columns, rules_after
from ..kit.formula import Formula
from ..kit.motion import Compose
from ..kit.theme import theme
from .limit_in_place import kept, lay_on

__all__ = ["RatioTable", "agreeing"]

_SIZE, _LAST = 38.4, 45.0


class RatioTable(VGroup):
    """``rows``, a head and one for each nudge, with ``rules``; below, ``quotient`` and ``derivative`` at one place.

    ``of`` and ``wrt`` are the symbols of what changes and of what is nudged, ``limit`` is what the ratios go to.
    Nothing is added: what is shown, and when, is the chapter's. The upper right corner is at ``corner``, the table no
    wider than ``width``. ``names`` are the ratio and its limit, if not Δ and ∂ of the symbols.
    """

    def __init__(
        self,
        of: Expression,
        wrt: Expression,
        measured: Sequence[Measured],
        limit: Number,
        *,
        color: str | None = None,
        width: float = 4.45,
        corner: Sequence[float] | None = None,
        names: tuple[Expression, Expression] | None = None,
    ) -> None:
        super().__init__()
        self.measured, self.limit = list(measured), limit
        quotient, derivative = names or (DifferenceQuotient(of, wrt), Derivative(of, wrt))
        head = (Change(wrt), Change(of), DifferenceQuotient(of, wrt))
        rows = [[Formula(expression, font_size=_SIZE) for expression in head]]
        for one in self.measured:
            rows.append([Formula(number, font_size=_SIZE) for number in (one.by, one.change, one.value)])
            rows[-1][0].set_fill(color or theme.ink)
        self.rows = columns(rows, h_buff=0.55, v_buff=0.56)
        self.rules = rules_after(self.rows, 0, len(rows) - 1)
        whole = VGroup(self.rows, self.rules)
        whole.scale(min(1.0, width / whole.width))
        whole.move_to(corner or [theme.safe.right - 0.02, 1.62, 0], aligned_edge=UP + RIGHT)
        lasts = []
        for name, number in ((quotient, self.measured[-1].value), (derivative, limit)):
            last = Formula(Relation((name, number), (relation_sign(number),)), font_size=_LAST)
            last.fit(width).next_to(self.rules[1], DOWN, buff=0.2).align_to(self.rules, RIGHT).shift([-0.15, 0, 0])
            last.side(1).set_fill(theme.highlight)
            lasts.append(last)
        self.quotient, self.derivative = lasts
        self.quotient.shift(min(0.0, self._ahead(1)) * RIGHT)
        self.derivative.on_baseline(self.quotient.baseline).shift(self._ahead(1) * RIGHT)
        out = self.derivative.get_right()[0] + 0.02 - theme.safe.right
        for last in lasts:  # the limit may have more digits
            last.shift(max(0.0, out) * LEFT)
        self.derivative.sign(0).match_x(self.quotient.sign(0))
        lay_on(self.derivative.side(0), self.quotient.side(0))

    def _ahead(self, side: int) -> float:
        """How much further to the left a side of the derivative begins than that of the quotient."""
        ends = [formula.side(side).get_left()[0] for formula in (self.quotient, self.derivative)]
        return float(ends[0] - ends[1])

    def to_the_limit(self, **animation: Any) -> Compose:
        """Δ becomes ∂ where it stands; all else stays."""
        old, new = self.quotient, self.derivative
        parts = [(formula.side(0), formula.sign(0), formula.side(1)) for formula in (old, new)]
        return Compose(new, [pair for ends in zip(*parts, strict=True) for pair in kept(*ends)], old, **animation)

    def lit_digits(self) -> list[Animation]:
        """Animations that light, row by row, the digits of the ratios that are the limit's; the others dim."""
        lit = []
        for row, one in zip(self.rows[1:], self.measured, strict=True):
            same = agreeing(row[2], one.value, self.limit)
            rest = VGroup(*(glyph for glyph in row[2] if glyph not in same.submobjects))
            moves = [same.animate.set_fill(theme.highlight)] if same.submobjects else []
            moves += [rest.animate.set_fill(theme.secondary)] if rest.submobjects else []
            lit.append(AnimationGroup(*moves))
        return lit


def agreeing(formula: Formula, number: Number, limit: Number) -> VGroup:
    """The glyphs of a number, as ``formula`` shows it, whose digits are those of the limit, from the left."""
    limit = Number(limit.value, number.decimals)
    same = VGroup()
    for glyph, mine, other in zip(formula, number.text(), limit.text(), strict=False):
        if mine != other:
            break
        same.add(glyph)
    return same
