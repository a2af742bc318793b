"""`RatiosAgainstDerivative`: the ratios that nudges give, how far each is off, and the derivative itself.

In a scene::

    ratios = RatiosAgainstDerivative(example, notation)
    self.add(ratios.table[0], ratios.rules[0])
    for row, bar in zip(ratios.rows, ratios.bars):
        self.play(FadeIn(row), GrowFromCenter(bar))
"""

from __future__ import annotations

import math
from itertools import pairwise, takewhile

from manim import RIGHT, UP, Animation, VGroup

from backprop_math import Change, Example, Notation, Nudge, Number
from backprop_math.formula import fewest_decimals

from ..kit.columns import columns, rules_after
from ..kit.factor_bars import SignedBar
from ..kit.formula import Formula, Prose, TextMobject
from ..kit.theme import theme
from .single_neurons import NUDGES, LayerQuantities

__all__ = ["RatiosAgainstDerivative"]

_SIZE = 42.24
#: Decimals of a derivative of usual size, else so many digits; what is far larger than it has no more than the most.
_DECIMALS, _DIGITS, _MOST = 6, 5, 6
_USUAL, _PLAIN = range(-2, 3), range(-3, 7)  # powers of ten


class RatiosAgainstDerivative:
    """``table``: a head, a row for each nudge (``rows``: nudge, ratio, how far it is off), and ``calculated``, the
    derivative and words; ``rules`` after the head and before the last row, ``bars`` beside the rows, to one scale.

    How far it is off is the difference of the digits shown.
    """

    def __init__(self, example: Example, notation: Notation) -> None:
        q = LayerQuantities(example.network.L)
        slope = example.trace().derivative(q.w)
        ratios = [Nudge(example, q.w, nudge).ratio(q.cost, q.w) for nudge in NUDGES]
        size = abs(slope) or min((abs(ratio) for ratio in ratios if ratio), default=1.0)
        power = math.floor(math.log10(size))
        self._decimals = _DECIMALS if power in _USUAL else _DIGITS - 1 - power
        self._scientific = power not in _PLAIN
        self._exact, *self._measured = map(self._number, (slope, *ratios))
        self.offs = [abs(one.shown_value() - self._exact.shown_value()) for one in self._measured]
        quotient = Formula(notation.difference_quotient(q.cost, q.w), font_size=0.9 * _SIZE)
        change = Formula(Change(notation.symbol(q.w)), font_size=_SIZE)
        words = [Prose(text, font_size=theme.label_size, color=theme.secondary) for text in ("off by", "calculated")]
        rows: list[list[TextMobject]] = [[change, quotient, words[0]]]
        for nudge, measured, off in zip(NUDGES, self._measured, self.offs, strict=True):
            by = Formula(Number(nudge, fewest_decimals(nudge, 0, 6), q.w), font_size=_SIZE)
            ratio = Formula(measured, font_size=_SIZE, color=theme.secondary, plain=True)
            rows.append([by, ratio, Formula(self._number(off), font_size=0.8 * _SIZE)])
        rows.append([words[1], Formula(self._exact, font_size=_SIZE, color=theme.highlight, plain=True)])
        self.table = columns(rows, h_buff=0.8, v_buff=0.62)
        self.rules = rules_after(self.table, 0, len(NUDGES))
        self.rows, self.calculated = VGroup(*self.table[1:-1]), self.table[-1]
        whole = VGroup(self.table, self.rules)
        whole.scale(min(1.0, 0.75 * theme.safe.width / whole.width)).move_to([-1.4, 0.75, 0])
        whole.shift(max(0.0, theme.safe.left + 0.1 - whole.get_left()[0]) * RIGHT)
        start = self.table.get_right()[0] + 0.35
        room, most = theme.safe.right - start - 0.1, max(self.offs) or 1.0
        self.bars = []
        for row, off in zip(self.rows, self.offs, strict=True):
            left = start * RIGHT + row[-1].get_y() * UP
            bar = SignedBar(left, left + max(off / most * room, 0.02) * RIGHT, color=theme.colour(q.cost))
            self.bars.append(bar)

    def _number(self, value: float) -> Number:
        if not self._scientific:
            return Number(value, max(0, self._decimals))
        power = math.floor(math.log10(abs(value))) if value else 0
        return Number(value, min(self._decimals, _MOST - power), scientific=True)

    def agreeing(self) -> list[Animation]:
        """Animations that light, from the last row up, the digits of each ratio that are those of the derivative."""
        exact = self._exact.shown
        found = []
        for row, measured in reversed(list(zip(self.rows, self._measured, strict=True))):
            same = measured.shown.partition("e")[2] == exact.partition("e")[2]
            pairs = zip(measured.text(), self._exact.text(), strict=False) if same else ()
            digits = row[1][: sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))]
            if len(digits):
                found.append(digits.animate.set_fill(theme.highlight))
        return found

    @property
    def words(self) -> str:
        """What the errors show: they need not shrink tenfold, nor at all.

        >>> from backprop_math import load_example
        >>> example = load_example("simplest")
        >>> RatiosAgainstDerivative(example, Notation(example.network)).words
        'Make the nudge ten times smaller, and the ratio gets about ten times closer.'
        """
        pairs = list(pairwise(self.offs))
        if not any(self.offs):
            return "To the digits shown, none of them was off at all."
        if all(6 * later <= earlier <= 16 * later for earlier, later in pairs):
            return "Make the nudge ten times smaller, and the ratio gets about ten times closer."
        if all(later < earlier for earlier, later in pairs):
            return "The smaller the nudge, the closer the ratio."
        return "To the digits shown, that is how close they came."
