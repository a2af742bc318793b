"""`ChainRuleStage`: the last neuron opened, the nudge that falls through it, and the chain rule as one picture.

Chapter 2 builds it, and chapter 3 begins with it. In a scene::

    stage = ChainRuleStage(example, notation)
    self.add(*stage.finished())
"""

from __future__ import annotations

from itertools import pairwise

from manim import DOWN, LEFT, PI, RIGHT, UP, Animation, FadeIn, Line, Mobject, Triangle, VGroup

from backprop_math import Change, Example, Expression, Notation, Nudge, Number, Product, Relation
from backprop_math.formula import relation_sign

from ..kit.formula import Formula, Nothing
from ..kit.motion import Compose, Rewrite
from ..kit.nudge_beam import Fall, NudgeBeam
from ..kit.open_path import OpenPath
from ..kit.theme import theme
from .cost_curve import CostCurve
from .last_link import corner_link
from .neuron_gauges import LINE_LEFT, LINE_RIGHT
from .open_neuron import ROWS, OpenNeuron, shown_numbers
from .single_neurons import NUDGES, LayerQuantities

__all__ = ["ChainRuleStage"]

_FORMULA_Y = -2.4


class ChainRuleStage:
    """``tree``, ``link`` (in the corner), ``beam``, ``bracket``, and the chain rule, once with Δ and once with ∂.

    ``quotients`` and ``derivatives`` are the two formulas, at the same place; ``ratio`` and ``limit`` are what the
    bracket holds, with Δ and with ∂. None of it is on the screen.
    """

    def __init__(self, example: Example, notation: Notation) -> None:
        trace = example.trace()
        self.q = q = LayerQuantities(example.network.L)
        self.numbers = shown_numbers(trace, notation)
        self.tree = OpenNeuron(trace, notation, self.numbers)
        self.link = corner_link(trace, notation)
        self.nudge = Nudge(example, q.w, NUDGES[-1])
        self.beam = NudgeBeam(self.nudge, notation, q.path, rows=ROWS, left=LINE_LEFT, right=LINE_RIGHT)
        right = LINE_RIGHT + 0.5
        corners = [[LINE_RIGHT + 0.18, ROWS[0], 0], [right, ROWS[0], 0], [right, ROWS[-1], 0]]
        path = OpenPath([*corners, [LINE_RIGHT + 0.4, ROWS[-1], 0]], stroke_color=theme.highlight, stroke_width=3)
        tip = Triangle(stroke_width=0, fill_opacity=1, fill_color=theme.highlight).scale(0.12).rotate(PI / 2)
        tip.move_to([LINE_RIGHT + 0.3, ROWS[-1], 0])
        self.bracket = VGroup(path, tip)
        self._symbol, self.links = notation.symbol, list(pairwise(q.path))
        quotients = Product(tuple(notation.difference_quotient(of, wrt) for wrt, of in self.links))
        first = Relation((notation.difference_quotient(q.cost, q.w), quotients), ("=",))
        self.quotients = self._formula(first.followed_by(self.beam.product))
        self.derivatives = self._formula(trace.chain_rule(q.w, notation=notation).symbols)
        measured = self.beam.product.sides[-1]
        limit = Number(trace.derivative(q.w), measured.decimals if isinstance(measured, Number) else 4)
        names = notation.difference_quotient(q.cost, q.w), notation.derivative_symbol(q.cost, q.w)
        self.ratio, self.limit = (
            self._held(name, number) for name, number in zip(names, (measured, limit), strict=True)
        )

    @staticmethod
    def _formula(relation: Relation) -> Formula:
        return Formula(relation, font_size=36.5).fit(theme.safe.width - 0.1).move_to([0, _FORMULA_Y, 0])

    def _held(self, name: Expression, number: Expression) -> VGroup:
        """A ratio and its value under it, in the bracket."""
        value = Formula(Relation((Nothing(), number), (relation_sign(number),)), font_size=38.4, color=theme.highlight)
        left = LINE_RIGHT + 0.68
        value.fit(theme.safe.right - left)
        held = VGroup(Formula(name, font_size=46), value).arrange(DOWN, buff=0.22)
        return held.move_to([(left + theme.safe.right) / 2, 0.2, 0])

    # -- moves ----------------------------------------------------------------------------------------

    def returning(self, curve: CostCurve) -> Compose:
        """The axes of the curve become the lines of the weight and of the cost again, and the tree is there."""
        tree, (first, *_, last) = self.tree, self.beam.lines
        whole = VGroup(tree, tree.givens, tree.values, self.beam.lines)
        moves = list(zip(curve.axes, (first[0], last[0], tree.node(self.q.w), tree.node(self.q.cost)), strict=True))
        return Compose(whole, moves, old=VGroup(*curve.axes), run_time=1.5)

    def fall(self, step: int) -> list[Animation]:
        """The nudge falls along one arrow of the path, which is lit, in the tree and in the corner."""
        link = self.link
        lit = [self.tree.path(self.q.path)[step].animate.set_color(theme.highlight)]
        lit += [link.light(link.edge), [], link.light(link.to_cost)][step]
        return [Fall(self.beam, step, step + 1), FadeIn(self.beam.factors[step]), *lit]

    def ratios(self, side: int) -> list[VGroup]:
        """The three ratios of the product with Δ: as quotients on ``side`` 1, as numbers on 2."""
        return [self.quotients.factor(of, wrt, side=side) for wrt, of in self.links]

    def strokes(self) -> list[Line]:
        """Lines through what cancels in the product of quotients."""
        between, pairs = self.q.path[1:-1], pairwise(self.ratios(1))
        change = {x: Change(self._symbol(x)) for x in between}
        parts = [
            self.quotients.part(change[x], within=part) for x, pair in zip(between, pairs, strict=True) for part in pair
        ]
        corners = [(part.get_corner(DOWN + LEFT), part.get_corner(UP + RIGHT)) for part in parts]
        return [Line(*ends, stroke_width=3, color=theme.highlight) for ends in corners]

    def limits(self) -> list[Rewrite]:
        """Δ becomes ∂: in the product, and in the bracket."""
        return [Rewrite(self.quotients, self.derivatives), *map(Rewrite, self.ratio, self.limit)]

    def light(self) -> None:
        """Light the path from the weight to the cost, in the tree and in the corner."""
        self.tree.path(self.q.path).set_color(theme.highlight)
        for part in (self.link.edge, self.link.to_cost):
            part.set_stroke(theme.highlight, opacity=1)

    def finished(self) -> list[Mobject]:
        """All that is on the screen at the end of chapter 2."""
        self.light()
        tree, beam = self.tree, self.beam
        written = VGroup(beam.changes, beam.factors)
        return [tree, tree.givens, tree.values, self.link, beam, written, self.bracket, self.limit, self.derivatives]
