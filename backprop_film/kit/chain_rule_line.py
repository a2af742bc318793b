"""`ChainRuleLine`: the chain rule under a horizontal tree, each factor under its arrow, each number under its factor.

In a scene::

    path = [Weight(3, 0, 0), WeightedSum(3, 0), Activation(3, 0), Cost()]
    tree = ComputationTree(trace.graph, notation, [*path, Activation(2, 0), Bias(3, 0), Target(0)], horizontal=True)
    chain = trace.chain_rule(path[0], notation=notation)
    line = ChainRuleLine(tree.shift(UP), path, chain.symbols, chain.numbers, y=-2)
    self.play(FadeIn(tree, line.symbols))
    self.play(FadeIn(line.numbers))
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from manim import RIGHT, VGroup, VMobject

from backprop_math import Quantity, Relation

from .computation_tree import ComputationTree
from .formula import Formula, continued
from .theme import MIN_FONT_SIZE, theme

__all__ = ["ChainRuleLine"]

_GAP = 0.16  # between a relation sign and what stands beside it
_APART = 0.2  # between factors, where a dot stands


class ChainRuleLine(VGroup):
    """``symbols``, the product of ∂effect/∂cause along ``path``, on a baseline ``y``; ``numbers`` a line below.

    Both are formulas whose factors stand under the middles of the tree's arrows; without numbers there is only the
    first. The numbers shrink so that the result ends at ``right``; where they would be too small to be read, it goes to
    a line of its own. Factors that are wider than their arrow push the next ones on.
    """

    def __init__(
        self,
        tree: ComputationTree,
        path: Sequence[Quantity],
        symbols: Relation,
        numbers: Relation | None = None,
        *,
        y: float,
        right: float | None = None,
        buff: float = 0.9,
        font_size: float = 40.32,
    ) -> None:
        right = theme.safe.right if right is None else right
        places = [_place(tree, cause, effect) for cause, effect in pairwise(path)]
        self.symbols = Formula(symbols, font_size=font_size).on_baseline(y)
        _spread(self.symbols, path, places)
        sign = self.symbols.sign(0)
        _end_at(sign, self.symbols.side(1).get_left()[0] - _GAP)
        _end_at(self.symbols.side(0), sign.get_left()[0] - _GAP)
        super().__init__(self.symbols)
        if numbers is None:
            return
        numbers_size = 0.95 * font_size
        self.numbers = self._row(numbers, numbers_size, path, places, y - buff)
        while self.numbers.get_right()[0] > right and numbers_size > 1.05 * MIN_FONT_SIZE:
            numbers_size *= 0.95
            self.numbers = self._row(numbers, numbers_size, path, places, y - buff)
        if self.numbers.get_right()[0] > right:
            self._break(self.numbers)
        self.add(self.numbers)

    @staticmethod
    def _break(row: Formula) -> None:
        """The last sign under the first one, and the result behind it."""
        result, baseline = VGroup(row.sign(1), row.side(-1)), row.baseline
        drop = VGroup(row.sign(0), row.side(1)).get_bottom()[1] - 0.14 - result.get_top()[1]
        result.shift([row.sign(0).get_left()[0] - result.get_left()[0], drop, 0])
        row.keep_baseline(baseline)

    def _row(
        self, relation: Relation, font_size: float, path: Sequence[Quantity], places: Sequence[float], y: float
    ) -> Formula:
        """The numbers under the symbols, their first sign under the sign above, the result behind the last one."""
        row = Formula(continued(relation), font_size=font_size).on_baseline(y)
        _spread(row, path, places)
        product = row.side(1)
        _end_at(row.sign(0), min(product.get_left()[0] - _GAP, self.symbols.sign(0).get_right()[0]))
        result = VGroup(row.sign(1), row.side(-1))
        result.shift((product.get_right()[0] + 2 * _GAP - result.get_left()[0]) * RIGHT)
        return row


def _place(tree: ComputationTree, cause: Quantity, effect: Quantity) -> float:
    """The middle of a level arrow; for a slanted one, where a level one would have it."""
    start, end = tree.node(cause), tree.node(effect)
    level = abs(start.get_y() - end.get_y()) < 1e-6
    return float((start.get_x() + end.get_x()) / 2 if level else end.get_x() - tree.column / 2)


def _spread(formula: Formula, path: Sequence[Quantity], places: Sequence[float]) -> None:
    """Move the factors of the second side, with their brackets, to these places, and each dot half-way between."""
    terms = [formula.factor(effect, cause, side=1) for cause, effect in pairwise(path)]
    owned = {id(glyph) for term in terms for glyph in term}
    others = sorted((g for g in formula.side(1) if id(g) not in owned), key=lambda glyph: float(glyph.get_x()))
    groups = [VGroup(*term) for term in terms]
    dots: list[VMobject] = []
    for number, (left, right) in enumerate(pairwise(terms)):
        between = [g for g in others if left.get_x() < g.get_x() < right.get_x()]
        if between:
            dot = min(between, key=lambda glyph: float(glyph.height))
            dots.append(dot)
            groups[number].add(*(g for g in between if g.get_x() < dot.get_x()))
            groups[number + 1].add(*(g for g in between if g.get_x() > dot.get_x()))
    groups[0].add(*(g for g in others if g.get_x() < terms[0].get_x()))
    groups[-1].add(*(g for g in others if g.get_x() > terms[-1].get_x()))
    for group, place in zip(groups, places, strict=True):
        group.set_x(place)
    for one, other in pairwise(groups):
        other.shift(max(0.0, one.get_right()[0] + _APART - other.get_left()[0]) * RIGHT)
    for dot, (one, other) in zip(dots, pairwise(groups), strict=False):
        dot.set_x((one.get_right()[0] + other.get_left()[0]) / 2)


def _end_at(part: VGroup, x: float) -> None:
    part.shift((x - part.get_right()[0]) * RIGHT)
