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

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from manim import LEFT, RIGHT, VGroup

from backprop_math import Quantity

from ..kit.chain_rule_line import ChainRuleLine
from ..kit.fitted import fitted
from ..kit.formula import Formula, continued
from ..kit.motion import Compose
from ..kit.theme import MIN_FONT_SIZE, theme
from .layer_tree import LayerTree
from .walk_stage import WalkStage

__all__ = ["LayerProduct", "ProductInNumbers"]

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
        return _first_and_others(self.numbers, self.path)[0]

    @property
    def others(self) -> VGroup:
        """The other factors of the numbers, with the dots before them."""
        return _first_and_others(self.numbers, self.path)[1]

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


def _first_and_others(numbers: Formula, path: Sequence[Quantity]) -> tuple[VGroup, VGroup]:
    """The first factor of a product, and the others, with the dots before them."""
    first, second = (numbers.factor(of, by, side=1) for by, of in list(pairwise(path))[:2])
    end, start = first.get_right()[0], second.get_left()[0]
    between = [glyph for glyph in numbers.side(1) if end < glyph.get_x() < start]
    cut = float(min(between, key=lambda glyph: float(glyph.height)).get_x()) if between else float(start)
    parts = VGroup(), VGroup()
    for glyph in numbers.side(1):
        parts[int(glyph.get_x() >= cut)].add(glyph)
    return parts


class ProductInNumbers:
    """∂C/∂``wrt`` in numbers, on a line of its own, what is carried back in violet: the ``formula``.

    In one line, what the products of a layer have in common, ``kept``, has one place in all of them; the rest is
    ``swapped``.
    """

    def __init__(self, stage: WalkStage, layer: LayerTree, wrt: Quantity) -> None:
        q, self._stage = layer.quantities, stage
        width = stage.right - theme.safe.left - 0.4
        every: dict[Quantity, Formula] = {
            x: fitted(layer.chains.numbers(x), width=width, height=1.3, font_size=46) for x in (q.w, q.b, q.previous)
        }
        paths: dict[Quantity, Sequence[Quantity]] = {x: [x, *q.path[1:]] for x in every}
        self.formula = product = every[wrt]
        if all(abs(one.sign(0).get_y() - one.sign(-1).get_y()) < 1e-3 for one in every.values()):
            size = min(one.font_size for one in every.values())
            while (end := self._aligned(every, paths, size)[wrt]) > width and size > MIN_FONT_SIZE:
                size *= max(0.9, 0.99 * width / end)
        else:
            product.move_to([theme.safe.left + 0.05, 0, 0], aligned_edge=LEFT)
        product.on_baseline(stage.product)
        product.factor(q.cost, q.a, side=1).set_color(theme.highlight)
        first, others = _first_and_others(product, paths[wrt])
        self.kept = VGroup(product.sign(0), *others)
        self.swapped = VGroup(product.side(0), *first, product.sign(1), product.side(-1))

    def _aligned(
        self, every: Mapping[Quantity, Formula], paths: Mapping[Quantity, Sequence[Quantity]], size: float
    ) -> dict[Quantity, float]:
        """Lay them all out at one size, with room for the widest left side and the widest first factor: how wide."""
        gap, left = 0.14 * size / 46, theme.safe.left + 0.05
        parts = {}
        for x, one in every.items():
            one.font_size = size
            first, others = _first_and_others(one, paths[x])
            parts[x] = one.side(0), one.sign(0), first, others, VGroup(one.sign(1), one.side(-1))
        sides, firsts = (max(part[at].width for part in parts.values()) for at in (0, 2))
        widths = {}
        for x, (side, sign, first, others, result) in parts.items():
            at = left
            for part, room in ((side, sides), (sign, sign.width), (first, firsts), (others, others.width)):
                part.shift((at + (room - part.width) / 2 - part.get_left()[0]) * RIGHT)
                at += room + gap
            result.shift((at + 0.5 * gap - result.get_left()[0]) * RIGHT)
            widths[x] = float(result.get_right()[0]) - left
        return widths

    def joins(self, other: ProductInNumbers) -> bool:
        """Whether what is kept has the same place in both."""
        return len(self.kept) == len(other.kept) and np.allclose(self.kept.get_center(), other.kept.get_center())
