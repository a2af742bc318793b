"""`TwoLayers`: the last two layers of a chain as one tree, five factors on the way back, of which three are folded.

In a scene::

    stage = WalkStage(last=3)
    last, before = (stage.tree(trace, notation, layer) for layer in (3, 2))
    both = TwoLayers(stage, trace, last, before)
    self.add(both.tree, both.factors, both.line)
    label, symbols = both.between(before.behind), LayerProduct(stage, before, both.path[0]).symbols
    self.add(*both.spread())
    for move in both.fold(label, symbols):                              # three factors are one dashed arrow
        self.play(*move)
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from manim import DOWN, LEFT, RIGHT, UP, Animation, FadeIn, FadeOut, Line, Mobject, VGroup, smooth, squish_rate_func

from backprop_math import BackwardPass, Expression, Quantity

from ..kit.chain_rule_line import ChainRuleLine
from ..kit.computation_tree import ComputationTree
from ..kit.formula import Formula
from ..kit.motion import Compose
from ..kit.texts import Prose
from ..kit.theme import theme
from .layer_tree import LayerTree
from .tree_walk import ArrowNumbers, flat_bracket
from .walk_stage import WalkStage
from .walked_chain import CAPSULE_AIR, CAPSULE_HEIGHT

__all__ = ["TwoLayers"]

_RIDES = 0.1  # a number above the bracket


class TwoLayers:
    """``tree`` joins the trees of the ``last`` layer and the one ``before``; ``path`` leads from the weight before to
    the cost, ``factors`` are the numbers on it, ``line`` the chain rule under it; brackets ``over`` the line and
    ``under`` the tree span what is ``behind`` the activation before, to be folded, from where its neuron ends.
    """

    def __init__(self, stage: WalkStage, trace: BackwardPass, last: LayerTree, before: LayerTree) -> None:
        self.last, self.before, notation = last, before, last.chains.notation
        q, b = last.quantities, before.quantities
        self.path: list[Quantity] = [b.w, b.z, b.a, q.z, q.a, q.cost]
        shown = [*q.tree, *b.tree[:4]]
        self.tree = ComputationTree(trace.graph, notation, shown, horizontal=True, **stage.tree_style)
        self.tree.shift(before.tree.node(q.cost).get_center() - self.tree.node(q.cost).get_center())
        factors: dict[tuple[Quantity, Quantity], Expression] = {
            (by, of): last.chains.factor(of, by) for by, of in last.way(q.previous)
        }
        factors |= {(by, of): before.chains.factor(of, by) for by, of in before.way(b.w)[:-1]}
        self.factors = ArrowNumbers(self.tree, factors, lift=stage.lift)
        chain = trace.chain_rule(b.w, notation=notation).symbols
        self.line = ChainRuleLine(self.tree, self.path, chain, y=stage.line, font_size=36).symbols
        self.behind = list(pairwise(self.path[2:]))
        self._terms = [self.line.factor(of, by, side=1) for by, of in self.behind]
        self._kept = self.line.apart_from(*self._terms)
        self.over = flat_bracket(VGroup(*self._terms), UP)
        behind, outline = self.tree.path(self.path[2:]), self.tree.node(b.a).get_right()[0] + CAPSULE_AIR
        y = self.tree.node(b.a).get_y() - CAPSULE_HEIGHT / 2 - 0.4
        # Its left end is beside the outline of the neuron, and under that there is room for a number.
        spanned = Line([outline + 0.08, y, 0], [behind.get_right()[0], y, 0])
        self.under = flat_bracket(VGroup(spanned), DOWN)

    @property
    def steps(self) -> list[tuple[Quantity, Quantity]]:
        """The arrows of the path, as cause and effect, from the cost back."""
        return list(reversed(list(pairwise(self.path))))

    @property
    def aside(self) -> list[Mobject]:
        """What hangs on the last layer's way, with its arrows, but for the weight, which is a factor there.

        It goes before the fold.
        """
        q = self.last.quantities
        return [part for x in (q.b, q.y) for part in self.tree.with_arrow(x)]

    @property
    def count(self) -> VGroup:
        """1 to 5, each under its factor of the line."""
        numbers = VGroup()
        for place, (of, by) in enumerate(pairwise(self.path)):
            term = self.line.factor(by, of, side=1)
            number = Prose(str(place + 1), font_size=30, color=theme.highlight)
            numbers.add(number.move_to([term.get_x(), term.get_bottom()[1] - 0.26, 0]))
        return numbers

    def between(self, number: Formula) -> Formula:
        """A copy of a number, on the bracket under the tree."""
        return number.copy().next_to(self.under[0], UP, buff=_RIDES)

    def lane(self, pin: Mobject, label: Mobject, left: Mobject, right: Mobject) -> list[tuple[float, float]]:
        """Where a number comes down between two open neurons, beside the weight that is a factor there."""
        q, top = self.last.quantities, left.get_top()[1]
        weight, name = self.factors.number(q.previous, q.z), self.tree.node(q.w)
        gap = (left.get_right()[0] + right.get_left()[0]) / 2
        beside, aside = (max(gap, part.get_right()[0] + 0.2) for part in (weight, name))
        return [
            (aside, pin.get_y()), (aside, name.get_bottom()[1]), (beside, weight.get_top()[1]), (beside, top + 0.1),
            (gap, top - 0.1), (gap, label.get_y()),
        ]  # fmt: skip

    def spread(self) -> list[Mobject]:
        """The parts of the line, and the numbers on the arrows, each by itself, as the fold takes them."""
        return [self._kept, *self._terms, *self.factors]

    def fold(self, label: Mobject, symbols: Formula) -> Iterator[list[Animation]]:
        """The layer before is left: what lies behind it is one arrow, with the number that was in ``label``.

        ``symbols`` are its chain rule, three factors again. The animations of each play; before, what was `spread` out.
        """
        new, line = self.before, self.line
        same = list(pairwise(self.path[:3]))
        left = VGroup(*(part for part in new.tree if part is not new.last_arrow))
        gone = [self.factors.number(*ends) for ends in self.behind]
        up = (new.last_arrow.get_y() - self.under[0].get_y()) * UP
        one, two, three = (symbols.factor(of, by, side=1) for by, of in new.way(self.path[0]))
        three.shift((two.get_right()[0] + two.get_left()[0] - one.get_right()[0] - three.get_left()[0]) * RIGHT)
        arrives = squish_rate_func(smooth, 0.55, 1.0)
        yield [
            Compose(left, self.tree.shared(new.tree), old=self.tree, run_time=1.0),
            *(
                Compose(n, [(old, n)], old=old)
                for old, n in ((self.factors.number(*e), new.numbers.number(*e)) for e in same)
            ),
            # The bracket rises to the axis, the number on it; what it takes in goes as they come.
            self.under.animate(run_time=1.4).shift(up),
            label.animate(run_time=1.4).match_height(new.behind).move_to(new.behind),
            FadeOut(*gone, shift=0.2 * UP, run_time=0.6),
            FadeOut(*self._terms, self.over, shift=0.5 * UP, run_time=0.7),
            FadeIn(three, shift=0.3 * LEFT, run_time=1.4, rate_func=arrives),
        ]
        yield [
            FadeOut(self.under, run_time=0.8),
            FadeIn(new.last_arrow, run_time=0.8),
            Compose(new.behind, [(label, new.behind)], old=label, run_time=0.8),
        ]
        moves = [(line.factor(of, by, side=1), symbols.factor(of, by, side=1)) for by, of in same]
        moves += [(line.side(0), symbols.side(0)), (line.sign(0), symbols.sign(0)), (three, three)]
        parts = VGroup(*new.tree)
        yield [
            Compose(symbols, moves, old=VGroup(self._kept, three), run_time=1.0),
            Compose(new.tree, [(part, part) for part in parts], old=parts, run_time=1.0),
        ]
