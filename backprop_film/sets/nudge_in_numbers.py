"""`NudgeInNumbers`: the readouts of a nudged weight and of the cost, in a row, and their changes under them.

In a scene::

    said = NudgeInNumbers(trace, notation, Nudge(example, Weight(1, 0, 0), 0.1), row=-1.8)
    self.play(FadeIn(said.readouts))
    self.play(FadeIn(said.changes))
"""

from __future__ import annotations

from manim import LEFT, RIGHT, VGroup

from backprop_math import BackwardPass, Change, Cost, Notation, Nudge, Number, Quantity, Relation, Symbol
from backprop_math.formula import decimals_for, relation_sign

from ..kit.formula import Formula, Nothing
from ..kit.readout import Readout

__all__ = ["NudgeInNumbers", "plain_weight"]


def plain_weight(weight: Quantity) -> Symbol:
    """One weight, before there are indices."""
    return Symbol("w", quantity=weight)


class NudgeInNumbers:
    """Each of the ``readouts`` is a pair, the name and the number that follows the nudge; ``changes`` are formulas."""

    def __init__(self, trace: BackwardPass, notation: Notation, nudge: Nudge, *, row: float) -> None:
        self._trace, self._nudge = trace, nudge
        self.readouts, self.changes = VGroup(), VGroup()
        for q, x in ((nudge.quantity, -5.2), (Cost(), -1.9)):
            digits = self.digits(q)
            symbol = notation.symbol(q) if q == Cost() else plain_weight(q)
            name = Formula(Relation((symbol, Nothing()), ("≈" if q == Cost() else "=",)), font_size=44)
            number = Readout(trace, q, decimals=digits, font_size=44)
            pair = VGroup(name, number).arrange(RIGHT, buff=0.3)
            for part in pair:
                part.on_baseline(row)
            if self.readouts:  # a long number pushes the other on
                x = max(x, self.readouts[0].get_right()[0] + 0.6)
            self.readouts.add(pair.align_to([x, 0, 0], LEFT))
            change = Number(nudge.change(q), digits, q)
            text = Formula(Relation((Change(symbol), change), (relation_sign(change),)), font_size=36)
            self.changes.add(text.align_to([x, 0, 0], LEFT).on_baseline(row - 0.75))

    def digits(self, quantity: Quantity) -> int:
        """As many decimals as it takes to see the quantity move."""
        value, change = self._trace.value(quantity), self._nudge.change(quantity)
        if quantity != Cost():
            return max(decimals_for(value, 2), decimals_for(change, 2, given=True))
        return max(decimals_for(value, 4), min(decimals_for(change, 2), 8)) if change else 4
