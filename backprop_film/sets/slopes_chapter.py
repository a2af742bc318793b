"""`SlopesChapter`: the factors of a product found one by one, each as the slope of a curve that becomes its fraction.

In a file of its own::

    class Mine(SlopesChapter):
        def construct(self):
            q, symbol = LayerQuantities(3), self.notation.derivative_symbol
            slope = Relation((symbol(q.cost, q.a), self.notation.local_derivative(q.cost, q.a)))
            self.panels = {q.cost: SlopePanel(self.trace, self.notation, q.cost, q.a)}
            self.ghosts, self.formulas = {q.cost: VGroup()}, {q.cost: Formula(slope).shift([0, -2, 0])}
            with self.say("Here we are. It falls. That slope is this.", key="cost"):
                self.find(q.cost, q.a, wanted="Here", until="we are", slope="It falls", formula="That slope")
"""

from __future__ import annotations

from collections.abc import Sequence

from manim import (
    DOWN,
    RIGHT,
    Animation,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    GrowFromCenter,
    LaggedStart,
    ShowPassingFlash,
    VGroup,
)

from backprop_math import Partial, Quantity

from ..kit.formula import Formula
from ..kit.motion import Undim
from ..kit.open_path import OpenPath
from ..kit.slope_panel import SlopePanel
from ..kit.theme import theme
from .borrowed_functions import ChainChapter

__all__ = ["SlopesChapter"]


class SlopesChapter(ChainChapter):
    """``links`` are pairs (wrt, of) in the order of the product; ``panels`` and ``formulas`` are theirs by ``of``.

    ``ghosts`` are the curves, dim, before they are drawn. The product is on the screen in symbols, ``wide``; factor by
    factor the ``numbers`` of ``whole`` take their places.
    """

    links: list[tuple[Quantity, Quantity]]
    panels: dict[Quantity, SlopePanel]
    formulas: dict[Quantity, Formula]
    ghosts: dict[Quantity, OpenPath]
    wide: Formula
    whole: Formula
    numbers: list[VGroup]
    sign_is_right = False

    def find(
        self,
        of: Quantity,
        wrt: Quantity,
        *,
        until: str,
        slope: str,
        formula: str,
        wanted: str = "",
        lit: Sequence[Animation] = (),
        beside: Sequence[Animation] = (),
        first: Sequence[Animation] = (),
    ) -> None:
        """One factor: its curve and our point on it, the slope there, its formula.

        The panel stands when the words ``until`` are reached; ``slope`` and ``formula`` begin with the moves of theirs,
        and ``lit`` come with the formula; its right side at once, if something comes ``beside`` it. ``first`` comes
        with the curve.
        """
        panel, line = self.panels[of], self.formulas[of]
        self.play(Undim(panel.frame), Create(panel.curve), *first, run_time=1.4)
        self.remove(self.ghosts[of])
        if panel.wanted:
            self.reach(wanted)
            self.play(FadeIn(panel.wanted, shift=0.2 * DOWN), run_time=0.6)
        self.reach(until)
        self.play(FadeIn(panel.point, shift=0.3 * DOWN), run_time=0.9)
        self.play(self._along(panel), run_time=max(1.0, min(2.5, self.seconds_left)))
        self.reach(slope)
        self.play(GrowFromCenter(panel.tangent), run_time=1.0)
        self.bring_to_front(panel.curve, panel.point)
        self.play(LaggedStart(*(Create(leg) for leg in panel.legs), lag_ratio=0.8), run_time=1.2)
        self.reach(formula)
        left = [*self._legs_become_the_fraction(of, wrt), *lit]
        right = FadeIn(VGroup(line.sign(0), line.side(1)), shift=0.2 * RIGHT, run_time=0.7)
        if beside:
            self.play(*left, right, *beside)
        else:
            self.play(*left, run_time=1.4)
            self.play(right)
        self.add(line)

    def its_number(self, of: Quantity, wrt: Quantity) -> None:
        """A factor's number takes the fraction's place, and with the first rounded one = becomes ≈."""
        old, new = self.wide.factor(of, wrt), self.numbers[self.links.index((wrt, of))]
        equal, sign = self.wide.sign(0), self.whole.sign(0)
        if self.sign_is_right:
            self.play(FadeOut(old), run_time=0.4)
            self.play(FadeIn(new, shift=0.3 * DOWN), run_time=0.7)
        else:
            self.play(FadeOut(old, equal), run_time=0.4)
            self.play(FadeIn(new, shift=0.3 * DOWN), FadeIn(sign), run_time=0.7)
            self.sign_is_right = True

    def _legs_become_the_fraction(self, of: Quantity, wrt: Quantity) -> list[Animation]:
        """Light runs along the upright leg as the numerator comes, and along the level one with the denominator."""
        panel, left = self.panels[of], self.formulas[of].side(0)
        over, under = (self.formulas[of].part(Partial(self.notation.symbol(x)), within=left) for x in (of, wrt))
        bar = VGroup(*(glyph for glyph in left if glyph not in [*over, *under]))
        steps = []
        for leg, parts in zip(reversed(panel.legs), ((over,), (bar, under)), strict=True):
            light = ShowPassingFlash(leg.copy().set_stroke(width=12), time_width=0.8)
            steps.append(AnimationGroup(light, *(FadeIn(part) for part in parts)))
        return [LaggedStart(*steps, lag_ratio=0.6)]

    def _along(self, panel: SlopePanel) -> ShowPassingFlash:
        """A light that follows the curve."""
        return ShowPassingFlash(panel.curve.copy().set_stroke(theme.highlight, 7), time_width=0.4)
