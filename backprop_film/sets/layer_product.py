"""`LayerProduct`: the chain rule of a layer under its tree, in symbols and in numbers; one factor of it is swapped.

In a scene::

    stage, q = WalkStage(last=3), LayerQuantities(3)
    layer = stage.tree(trace, notation, 3)
    weight, bias = (LayerProduct(stage, layer, wrt) for wrt in (q.w, q.b))
    self.add(layer.tree, weight.symbols, weight.numbers)
    self.play(*bias.kept_from(weight))                                  # two factors stay
    self.play(FadeIn(bias.first, bias.rest))
"""

from __future__ import annotations

from itertools import pairwise

from manim import LEFT, VGroup

from backprop_math import Quantity

from ..kit.chain_rule_line import ChainRuleLine
from ..kit.fitted import fitted
from ..kit.formula import Formula, continued
from ..kit.motion import Compose
from ..kit.theme import theme
from .layer_tree import LayerTree
from .walk_stage import WalkStage

__all__ = ["LayerProduct", "product_in_numbers"]

_SIZE = 36


class LayerProduct:
    """``symbols``, each factor of ∂C/∂``wrt`` under its arrow, and ``numbers``, a line lower."""

    def __init__(self, stage: WalkStage, layer: LayerTree, wrt: Quantity) -> None:
        self.path = [wrt, *layer.quantities.path[1:]]
        symbols, numbers = layer.chains.symbols(wrt), layer.chains.numbers(wrt)
        right, buff = stage.right - 0.2, stage.line - stage.numbers
        row = ChainRuleLine(
            layer.tree, self.path, symbols, numbers, y=stage.line, right=right, buff=buff, font_size=_SIZE
        )
        self.symbols, self.numbers = row.symbols, row.numbers
        if self.numbers.side(-1).get_top()[1] < self.numbers.side(1).get_bottom()[1]:
            # Too long to stand under the fractions, with the result beside them.
            left = self.symbols.side(0).get_left()[0]
            self.numbers = Formula(continued(numbers), font_size=_SIZE).fit(right - left)
            self.numbers.align_to([left, 0, 0], LEFT).on_baseline(stage.numbers)

    def factor(self, of: Quantity, by: Quantity) -> VGroup:
        """A factor of the numbers."""
        return self.numbers.factor(of, by, side=1)

    @property
    def first(self) -> VGroup:
        """The first factor of the numbers."""
        return VGroup(*(glyph for glyph in self.numbers.side(1) if glyph.get_x() < self._cut))

    @property
    def others(self) -> VGroup:
        """The other factors of the numbers, with the dots before them."""
        return VGroup(*(glyph for glyph in self.numbers.side(1) if glyph.get_x() >= self._cut))

    @property
    def _cut(self) -> float:
        """Where the dot behind the first factor stands."""
        first, second = (self.factor(of, by) for by, of in list(pairwise(self.path))[:2])
        end, start = first.get_right()[0], second.get_left()[0]
        between = [glyph for glyph in self.numbers.side(1) if end < glyph.get_x() < start]
        return float(min(between, key=lambda glyph: float(glyph.height)).get_x()) if between else float(start)

    @property
    def rest(self) -> VGroup:
        """The result, and the sign before it."""
        return VGroup(self.numbers.sign(1), *self.numbers.side(-1))

    def kept_from(self, old: LayerProduct) -> list[Compose]:
        """In the place of ``old``, of the same layer: its symbols, and of its numbers the two factors that stay."""
        shared = [(of, by) for by, of in pairwise(self.path[1:])]
        moves = [(old.symbols.factor(*f, side=1), self.symbols.factor(*f, side=1)) for f in shared]
        numbers = [(old.factor(*f), self.factor(*f)) for f in shared]
        if len(old.others) == len(self.others):
            numbers = [(old.others, self.others)]
        return [
            Compose(self.symbols, [*moves, (old.symbols.sign(0), self.symbols.sign(0))], old=old.symbols),
            Compose(VGroup(self.numbers.sign(0), *self.others), numbers, old=old.numbers),
        ]


def product_in_numbers(stage: WalkStage, layer: LayerTree, wrt: Quantity) -> Formula:
    """∂C/∂``wrt`` in numbers, on a line of its own, what is carried back in violet."""
    q = layer.quantities
    width = stage.right - theme.safe.left - 0.4
    product = fitted(layer.chains.numbers(wrt), width=width, height=1.3, font_size=46)
    product.move_to([theme.safe.left + 0.05, 0, 0], aligned_edge=LEFT).on_baseline(stage.product)
    product.factor(q.cost, q.a, side=1).set_color(theme.highlight)
    return product
