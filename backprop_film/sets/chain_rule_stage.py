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
from ..kit.motion import Compose, seen
from ..kit.naming import Naming
from ..kit.nudge_beam import Fall, NudgeBeam
from ..kit.open_path import OpenPath
from ..kit.theme import theme
from .last_link import corner_link
from .limit_in_place import kept
from .neuron_gauges import LINE_LEFT, LINE_RIGHT
from .open_neuron import FORMULA_LEFT, FORMULA_Y, ROWS, OpenNeuron, shown_numbers
from .single_neurons import NUDGES, LayerQuantities
from .spread_product import factors_and_dots

__all__ = ["ChainRuleStage"]


class ChainRuleStage:
    """``tree``, ``link`` (in the corner, with the ``bird`` beside it, if any), ``beam``, ``bracket``, the chain rule.

    ``quotients`` and ``derivatives`` are the chain rule with Δ and with ∂, each fraction at the same place; ``ratio``
    and ``limit`` are what the bracket holds, with Δ and with ∂. None of it is on the screen.
    """

    def __init__(self, example: Example, notation: Notation) -> None:
        trace = example.trace()
        self.q = q = LayerQuantities(example.network.L)
        self.numbers = shown_numbers(trace, notation)
        self.tree = OpenNeuron(trace, notation, self.numbers)
        self.link = corner_link(trace, notation)
        bird = Naming(example).penguin(height=0.74)
        self.bird = bird.next_to(self.link, LEFT, buff=0.22) if bird else VGroup()
        #: How far what stands above the first line may reach.
        self.clear = min(part.get_left()[0] for part in (self.link, *seen(self.bird))) - 0.25
        self.nudge = Nudge(example, q.w, NUDGES[-1])
        self.beam = NudgeBeam(self.nudge, notation, q.path, rows=ROWS, left=LINE_LEFT, right=LINE_RIGHT)
        self.beam.changes[0].shift(min(0.0, self.clear - self.beam.changes[0].get_right()[0]) * RIGHT)
        right = LINE_RIGHT + 0.5
        corners = [[LINE_RIGHT + 0.18, ROWS[0], 0], [right, ROWS[0], 0], [right, ROWS[-1], 0]]
        path = OpenPath([*corners, [LINE_RIGHT + 0.4, ROWS[-1], 0]], stroke_color=theme.highlight, stroke_width=3)
        tip = Triangle(stroke_width=0, fill_opacity=1, fill_color=theme.highlight).scale(0.12).rotate(PI / 2)
        tip.move_to([LINE_RIGHT + 0.3, ROWS[-1], 0])
        self.bracket = VGroup(path, tip)
        self._symbol, self.links = notation.symbol, list(pairwise(q.path))
        quotients = Product(tuple(notation.difference_quotient(of, wrt) for wrt, of in self.links), dotted=True)
        first = Relation((notation.difference_quotient(q.cost, q.w), quotients), ("=",))
        self.quotients = self._formula(first.followed_by(self.beam.product))
        factors = Product(tuple(notation.derivative_symbol(of, wrt) for wrt, of in self.links), dotted=True)
        symbols = Relation((notation.derivative_symbol(q.cost, q.w), factors), ("=",))
        self.derivatives = Formula(symbols, font_size=self.quotients.font_size).on_baseline(self.quotients.baseline)
        for new, old in zip(self._fractions(self.derivatives), self._fractions(self.quotients), strict=True):
            new.set_x(old.get_x())
        measured = self.beam.product.sides[-1]
        limit = Number(trace.derivative(q.w), measured.decimals if isinstance(measured, Number) else 4)
        names = notation.difference_quotient(q.cost, q.w), notation.derivative_symbol(q.cost, q.w)
        self.ratio, self.limit = (
            self._held(name, number) for name, number in zip(names, (measured, limit), strict=True)
        )
        for new, old in zip(self.limit, self.ratio, strict=True):
            new.on_baseline(old.baseline)

    @staticmethod
    def _formula(relation: Relation) -> Formula:
        formula = Formula(relation, font_size=36.5).fit(theme.safe.right - FORMULA_LEFT).move_to([0, FORMULA_Y, 0])
        return formula.shift(max(0.0, FORMULA_LEFT - formula.get_left()[0]) * RIGHT)

    def _fractions(self, formula: Formula) -> list[VGroup]:
        """What the formulas with Δ and with ∂ have in common: the ratio wanted, the sign, three ratios, their dots."""
        ratios, dots = factors_and_dots(formula, self.links)
        return [formula.side(0), formula.sign(0), *ratios, *map(VGroup, dots)]

    def _held(self, name: Expression, number: Expression) -> VGroup:
        """A ratio and its value under it, in the bracket."""
        value = Formula(Relation((Nothing(), number), (relation_sign(number),)), font_size=38.4, color=theme.highlight)
        left = LINE_RIGHT + 0.68
        value.fit(theme.safe.right - left)
        held = VGroup(Formula(name, font_size=46), value).arrange(DOWN, buff=0.22)
        held.move_to([(left + theme.safe.right) / 2, 0.2, 0])
        out = held.get_right()[0] - theme.safe.right
        return held.shift((out + 0.02) * (out > 1e-6) * LEFT)  # a long one, no smaller than can be read

    # -- moves ----------------------------------------------------------------------------------------

    def fall(self, step: int) -> list[Animation]:
        """The nudge falls along one arrow of the path, which is lit, in the tree and in the corner."""
        link = self.link
        lit = [self.tree.path(self.q.path)[step].animate.set_color(theme.highlight)]
        lit += [link.light(link.edge), [], link.light(link.to_cost)][step]
        return [Fall(self.beam, step, step + 1), FadeIn(self.beam.factors[step]), *lit]

    def ratios(self, side: int) -> list[VGroup]:
        """The three ratios of the product with Δ: as quotients on ``side`` 1, as numbers on 2."""
        return [self.quotients.factor(of, wrt, side=side) for wrt, of in self.links]

    @property
    def dots(self) -> VGroup:
        """Those between the three ratios of the product with Δ."""
        return VGroup(*factors_and_dots(self.quotients, self.links)[1])

    def cancelled(self) -> list[VGroup]:
        """What cancels in the product of quotients, one after the other."""
        between, pairs = self.q.path[1:-1], pairwise(self.ratios(1))
        change = {x: Change(self._symbol(x)) for x in between}
        return [
            self.quotients.part(change[x], within=part) for x, pair in zip(between, pairs, strict=True) for part in pair
        ]

    def strokes(self) -> VGroup:
        """Lines through what cancels."""
        corners = [(part.get_corner(DOWN + LEFT), part.get_corner(UP + RIGHT)) for part in self.cancelled()]
        lines = VGroup(*(Line(*ends, stroke_width=3, color=theme.highlight) for ends in corners))
        for line in lines:
            line.overlaps_ok = True
        return lines

    @property
    def numbers_of_product(self) -> list[VGroup]:
        """What stands behind the product of quotients: its numbers."""
        chain = self.quotients
        return [chain.sign(1), chain.side(2), chain.sign(2), chain.side(3)]

    def factors_one_by_one(self) -> list[VGroup]:
        """The numbers of the product, each with the dot before it."""
        chain = self.quotients
        first, second, _ = self.ratios(2)
        return chain.cut(chain.sign(1), first, second, chain.side(2))[1:4]

    def limits(self) -> list[Compose]:
        """Δ becomes ∂ where it stands, in the product and in the bracket; all else stays."""
        old, new = (self._fractions(formula) for formula in (self.quotients, self.derivatives))
        pairs = [pair for ends in zip(old, new, strict=True) for pair in kept(*ends)]
        held = [pair for ends in zip(self.ratio, self.limit, strict=True) for pair in kept(*ends)]
        return [
            Compose(self.derivatives, pairs, old=VGroup(*old)),
            Compose(self.limit, held, old=self.ratio),
        ]

    def light(self) -> None:
        """Light the path from the weight to the cost, in the tree and in the corner."""
        self.tree.path(self.q.path).set_color(theme.highlight)
        for part in (self.link.edge, self.link.to_cost):
            part.set_stroke(theme.highlight, opacity=1)

    def finished(self) -> list[Mobject]:
        """All that is on the screen at the end of chapter 2."""
        self.light()
        self.derivatives.set_x(0)
        tree, beam = self.tree, self.beam
        shown = [tree, tree.givens, tree.values, self.link, *seen(self.bird), beam, beam.factors]
        return [*shown, self.bracket, self.limit, self.derivatives]
