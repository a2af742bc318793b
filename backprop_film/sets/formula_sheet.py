"""`FormulaSheet`: the formulas of any layer on one sheet: forward above a rule, backward below it, the two cases last.

In a scene::

    sheet = FormulaSheet(notation)
    self.add(sheet.names, sheet.definitions)
    self.play(*sheet.to_the_top())
    self.play(Create(sheet.rule), FadeIn(sheet.backward, sheet.cases))
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import DOWN, RIGHT, Animation, Line, VGroup

from backprop_math import (
    Activation,
    Bias,
    Cost,
    CostDerivatives,
    Delta,
    Notation,
    Relation,
    Weight,
    WeightedSum,
)
from backprop_math.formula import Cases

from ..kit.formula import Formula
from ..kit.motion import Compose
from ..kit.texts import Prose
from ..kit.theme import theme
from .carried_line import with_dots

__all__ = ["FormulaSheet"]

#: The baselines of the sheet's rows, the rule between them, and how high the cases may be.
_TOP, _RULE, _MIDDLE, _BOTTOM, _CASES = 2.33, 1.55, 0.75, -2.72, 2.72
#: The definitions while they are large, three of them or four: the highest and the lowest baseline, the size.
_LARGE, _SIGNS = {3: (1.6, -1.7, 57.6), 4: (2.3, -2.15, 42.0)}, -2.4
_GAP = 0.8
_ARC = -0.5  # of the last definition's way to the top
#: What stands below the rule ends here: to the right of it stands the network.
_RIGHT = 3.35


class FormulaSheet:
    """First large: the ``definitions`` with their ``names``, and the ``large`` derivatives of a weight and a bias.

    Then in their places: ``forward``, the ``rule``, ``backward``, and the ``cases`` of what a neuron passes on; ``all``
    is these. Where the last layer is ``mixed``, by softmax, that is δ, the derivative by a weighted sum. ``words`` are
    the names in a sentence.
    """

    def __init__(self, notation: Notation) -> None:
        self._network, self.mixed = notation.network, notation.functions.mixed is not None
        derivatives, delta = CostDerivatives(notation), Delta(notation)
        self.w, self.b, z, a = Weight("l", "j", "k"), Bias("l", "j"), WeightedSum("l", "j"), Activation("l", "j")
        definitions = [notation.definition(z), _of_one(notation.definition(a))]
        self.words = ["the weighted sum", "the activation"]
        if self.mixed:
            definitions.append(notation.definition(Activation("L", "j")))
            self.words.append("softmax")
        definitions.append(notation.definition(Cost(), expanded=False))
        self.words.append("the cost")
        self.definitions, self.forward = _stack(definitions), _line(definitions, 40.32, _TOP, theme.safe.right)
        names = (word.removeprefix("the ") for word in self.words)
        self.names = VGroup(*(Prose(name, font_size=32.64, color=theme.secondary) for name in names))
        for name, formula in zip(self.names, self.definitions, strict=True):
            name.on_baseline(formula.baseline).align_to([_SIGNS - 1.5, 0, 0], RIGHT)
        relations = [(delta.formula if self.mixed else derivatives.formulas)(q) for q in (self.w, self.b)]
        if not self.mixed:  # The bias's first factor, 1, has a dot after it.
            relations = [_dotted(relation) for relation in relations]
        self.large, self.backward = _line(relations, 50.88, -0.75), _line(relations, 44.16, _MIDDLE)
        cases = delta.cases(z) if self.mixed else derivatives.cases(a).map(with_dots)
        self.cases = Formula(cases, font_size=43.2).fit(_RIGHT - theme.safe.left)
        self.cases.scale(min(1.0, _CASES / self.cases.height))
        self.cases.set_x((theme.safe.left + _RIGHT) / 2).align_to([0, _BOTTOM, 0], DOWN)
        ends = [[theme.safe.left + 0.05, _RULE, 0], [theme.safe.right - 0.05, _RULE, 0]]
        self.rule = Line(*ends, stroke_width=2, color=theme.line)

    @property
    def all(self) -> VGroup:
        """The whole sheet."""
        return VGroup(self.forward, self.rule, *self.backward, self.cases)

    @property
    def factors(self) -> list[VGroup]:
        """The factors of the weight's derivative in the large formula, in its order."""
        z, a = WeightedSum("l", "j"), Activation("l", "j")
        ends = [(z, self.w), (Cost(), z)] if self.mixed else [(z, self.w), (a, z), (Cost(), a)]
        return [self.large[0].factor(of, wrt, side=1) for of, wrt in ends]

    @property
    def first_of_the_bias(self) -> VGroup:
        """The first factor of the bias's derivative, 1; or δ, where nothing else is there."""
        z = WeightedSum("l", "j")
        return self.large[1].side(1) if self.mixed else self.large[1].factor(z, self.b, side=1)

    @property
    def last_case(self) -> str:
        """What a ``mixed`` last layer's δ is, in words."""
        paired = self._network.paired
        short = paired is not None and paired.dz_formula is not None
        return "with this cost, all that comes to a minus y" if short else "δ is a sum over all of them"

    @property
    def second_case(self) -> VGroup:
        """The row of the cases for any layer but the last."""
        last, onward = self.cases.term("last"), self.cases.term("sum")
        left = min(part.get_left()[0] for part in (last, onward)) - 0.05
        cut = (last.get_bottom()[1] + onward.get_top()[1]) / 2
        below = (glyph for glyph in self.cases if glyph.get_left()[0] > left and glyph.get_y() < cut)
        return VGroup(*below) if last.get_bottom()[1] > onward.get_y() else VGroup()

    @staticmethod
    def sign_of(formula: Formula) -> VGroup:
        """The Σ of a formula's sum."""
        within = list(formula.term("summand"))
        return VGroup(*(glyph for glyph in formula.term("sum") if glyph not in within))

    def to_the_top(self) -> list[Animation]:
        """The definitions go to their row, one after the other, the highest first, the last one around the network."""
        arcs = [0.0] * (len(self.definitions) - 1) + [_ARC]
        return _moved(self.definitions, self.forward, arcs)

    def to_the_middle(self) -> list[Animation]:
        """The derivatives go to theirs."""
        return _moved(self.large, self.backward, [0.0, 0.0])


def _of_one(definition: Relation) -> Relation:
    """What holds in every layer but a last one with softmax."""
    left, right = definition.sides
    return Relation((left, right.otherwise if isinstance(right, Cases) else right), definition.signs)


def _dotted(relation: Relation) -> Relation:
    """The same with dots between the factors of its right side."""
    left, right = relation.sides
    return Relation((left, with_dots(right) or right), relation.signs)


def _moved(old: VGroup, new: VGroup, arcs: Sequence[float]) -> list[Animation]:
    ways = zip(old, new, arcs, strict=True)
    return [Compose(there, [(here, there)], old=here, path_arc=arc) for here, there, arc in ways]


def _stack(relations: Sequence[Relation]) -> VGroup:
    """Formulas one above the other in the middle of the stage, their signs in one column."""
    stack = VGroup()
    high, low, size = _LARGE[len(relations)]
    for relation, y in zip(relations, np.linspace(high, low, len(relations)).tolist(), strict=True):
        formula = Formula(relation, font_size=size).on_baseline(y)
        before = formula.sign(0).get_x() - formula.get_left()[0]
        formula.fit((_RIGHT - _SIGNS) * formula.width / (formula.width - before)).on_baseline(y)
        formula.shift((_SIGNS - formula.sign(0).get_x()) * RIGHT)
        stack.add(formula)
    return stack


def _line(relations: Sequence[Relation], font_size: float, y: float, right: float = _RIGHT) -> VGroup:
    """Formulas side by side, on a common baseline, from the left of the stage to ``right``."""
    line = VGroup(*(Formula(relation, font_size=font_size).on_baseline(0) for relation in relations))
    gap = _GAP if len(relations) < 4 else 0.5
    width = right - theme.safe.left - 0.04
    scale = (width - gap * (len(relations) - 1)) / sum(formula.width for formula in line)
    for formula in line:
        formula.scale(min(1.0, scale))
    line.arrange(RIGHT, buff=gap)
    for formula in line:
        formula.on_baseline(y)
    return line.set_x((theme.safe.left + right) / 2)
