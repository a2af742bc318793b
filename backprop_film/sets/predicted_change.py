"""`PredictedChange`: what the derivative predicts of a nudge, and what happens, in one line of formulas.

In a scene::

    q = LayerQuantities(network.L)
    nudge = Nudge(example, q.w, 0.1)
    line = PredictedChange(nudge, notation, q.cost, Number(trace.derivative(q.w), 4))
    self.add(line.predicted)
    self.play(FadeIn(line.tried))
"""

from __future__ import annotations

from dataclasses import replace

from manim import RIGHT, VGroup

from backprop_math import Change, Notation, Nudge, Number, Product, Quantity, Relation
from backprop_math.formula import relation_sign

from ..kit.formula import Formula
from ..kit.texts import Prose
from ..kit.theme import MIN_FONT_SIZE, theme
from .open_neuron import FORMULA_LEFT, FORMULA_Y

__all__ = ["PredictedChange"]

_SIZE = 38.4


class PredictedChange(VGroup):
    """``predicted``, ΔC ≈ ∂C/∂w · Δw ≈ … ≈ …, and ``tried``, what was measured, in one line below the tree.

    ``worked`` are the numbers of ``predicted``, ``symbols`` what stands before. `by`, `expected` and `happened` are
    the numbers: the nudge, what the derivative (``slope``, as shown) times it gives, and the change; ``off`` is the
    difference of the digits shown of both.
    """

    def __init__(self, nudge: Nudge, notation: Notation, of: Quantity, slope: Number) -> None:
        wrt = nudge.quantity
        self.by = Number(nudge.by, 1, wrt)
        self.expected = Number(slope.value * nudge.by, slope.decimals + 1, of)
        found, digits = nudge.measured(of, wrt).change, self.expected.decimals
        least = 10.0 ** (1 - digits)  # what is smaller has digits of its own
        self.happened = found if found.scientific or abs(found.value) < least else replace(found, decimals=digits)
        self.off = Number(abs(self.expected.shown_value() - round(found.value, digits)), digits)
        change = Change(notation.symbol(of))
        product = Product((notation.derivative_symbol(of, wrt), Change(notation.symbol(wrt))), dotted=True)
        sides = (change, product, Product((slope, self.by)), self.expected)
        self.predicted = Formula(Relation(sides, ("≈", "≈", relation_sign(self.expected))), font_size=_SIZE)
        words = Prose("measured:", color=theme.secondary)
        found = Formula(Relation((change, self.happened), ("≈",)), font_size=_SIZE)
        self.tried = VGroup(words, found)
        super().__init__(self.predicted, words, found)
        self.arrange(RIGHT, buff=0.3)
        for part in self.tried:
            part.shift(0.3 * RIGHT).on_baseline(self.predicted.baseline)
        room = theme.safe.right - FORMULA_LEFT
        self.scale(min(1.0, room / self.width)).move_to([(FORMULA_LEFT + theme.safe.right) / 2, FORMULA_Y, 0])
        words.scale(max(1.0, MIN_FONT_SIZE / words.font_size), about_edge=RIGHT)  # where the numbers are long
        line = self.predicted
        self.worked = VGroup(line.sign(1), line.side(2), line.sign(2), line.side(3))
        self.symbols = line.apart_from(self.worked)
