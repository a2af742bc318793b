"""`TwoLayers`: the last two layers of a chain as one tree, five factors on the way back, of which three are folded.

In a scene::

    stage = WalkStage(last=3)
    last, before = (stage.tree(trace, notation, layer) for layer in (3, 2))
    both = TwoLayers(stage, trace, last, before)
    self.add(both.tree, both.factors, both.line)
    label, symbols = both.between(before.behind), LayerProduct(stage, before, both.path[0]).symbols
    self.play(*both.fold(label, symbols))                               # three factors are one dashed arrow
"""

from __future__ import annotations

from itertools import pairwise

from manim import DOWN, UP, Animation, FadeOut, Mobject, VGroup

from backprop_math import BackwardPass, Expression, Quantity

from ..kit.chain_rule_line import ChainRuleLine
from ..kit.computation_tree import ComputationTree
from ..kit.formula import Formula
from ..kit.motion import Compose
from .layer_tree import LayerTree
from .tree_walk import ArrowNumbers, flat_bracket
from .walk_stage import WalkStage

__all__ = ["TwoLayers"]


class TwoLayers:
    """``tree`` joins the trees of the ``last`` layer and the one ``before``; ``path`` leads from the weight before to
    the cost, ``factors`` are the numbers on it, ``line`` the chain rule under it; brackets ``over`` the line and
    ``under`` the tree span what is ``behind`` the activation before, to be folded.
    """

    def __init__(self, stage: WalkStage, trace: BackwardPass, last: LayerTree, before: LayerTree) -> None:
        self.last, self.before, notation = last, before, last.chains.notation
        q, b = last.quantities, before.quantities
        self.path: list[Quantity] = [b.w, b.z, b.a, q.z, q.a, q.cost]
        shown = [*q.tree, *b.tree[:4]]
        self.tree = ComputationTree(trace.graph, notation, shown, horizontal=True, **stage.tree_style)
        self.tree.shift(last.tree.node(q.cost).get_center() - self.tree.node(q.cost).get_center())
        factors: dict[tuple[Quantity, Quantity], Expression] = {
            (by, of): last.chains.factor(of, by) for by, of in last.way(q.previous)
        }
        factors |= {(by, of): before.chains.factor(of, by) for by, of in before.way(b.w)[:-1]}
        self.factors = ArrowNumbers(self.tree, factors, lift=stage.lift)
        chain = trace.chain_rule(b.w, notation=notation).symbols
        self.line = ChainRuleLine(self.tree, self.path, chain, y=stage.line, font_size=36).symbols
        self.behind = list(pairwise(self.path[2:]))
        self._terms = [self.line.factor(of, by, side=1) for by, of in self.behind]
        self.over = flat_bracket(VGroup(*self._terms), UP)
        self.under = flat_bracket(self.tree.path(self.path[2:]), DOWN).shift(0.3 * DOWN)

    @property
    def steps(self) -> list[tuple[Quantity, Quantity]]:
        """The arrows of the path, as cause and effect, from the cost back."""
        return list(reversed(list(pairwise(self.path))))

    @property
    def aside(self) -> list[Mobject]:
        """What hangs on the last layer's way, with its arrows; it goes before the fold."""
        q = self.last.quantities
        return [part for x in (q.w, q.b, q.y) for part in self.tree.with_arrow(x)]

    def between(self, number: Formula) -> Formula:
        """A copy of a number, between the brackets."""
        return number.copy().move_to((self.under.get_center() + self.over.get_center()) / 2)

    def fold(self, label: Mobject, symbols: Formula) -> list[Animation]:
        """The layer before is left: what lies behind it is one arrow, with the number that was in ``label``.

        ``symbols`` are its chain rule, three factors again.
        """
        new, line = self.before, self.line
        q = new.quantities
        one = symbols.factor(q.cost, q.a, side=1)
        same = list(pairwise(self.path[:3]))
        moves = [(line.factor(of, by, side=1), symbols.factor(of, by, side=1)) for by, of in same]
        moves += [(line.side(0), symbols.side(0)), (line.sign(0), symbols.sign(0))]
        kept = [(self.factors.number(*ends), new.numbers.number(*ends)) for ends in same]
        folded = (self.tree.path(self.path[2:]), new.last_arrow)
        return [
            Compose(new.tree, [*self.tree.shared(new.tree), folded], old=self.tree),
            Compose(new.behind, [(label, new.behind)], old=label),
            *(Compose(number, [(old, number)]) for old, number in kept),
            *(FadeOut(self.factors.number(*ends), target_position=new.behind, scale=0.3) for ends in self.behind),
            *(FadeOut(term, target_position=one, scale=0.3) for term in self._terms),
            FadeOut(self.over, self.under, scale=0.2),
            Compose(symbols, moves),
        ]
