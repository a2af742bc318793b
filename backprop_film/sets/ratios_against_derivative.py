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

from manim import LEFT, RIGHT, UP, Animation, FadeIn, LaggedStart, Line, Transform, VGroup

from backprop_math import Change, Example, Notation, Nudge, Number
from backprop_math.formula import fewest_decimals

from ..kit.columns import columns, rules_after
from ..kit.factor_bars import SignedBar
from ..kit.formula import Formula
from ..kit.motion import seen
from ..kit.texts import Prose, TextMobject
from ..kit.theme import theme
from .single_neurons import NUDGES, LayerQuantities

__all__ = ["RatiosAgainstDerivative"]

_SIZE = 42.24
_HEIGHT, _MIDDLE = 4.35, 0.72  # of all of it
#: Decimals of a derivative of usual size, else so many digits; what is far larger than it has no more than the most.
_DECIMALS, _DIGITS, _MOST = 6, 5, 6
_USUAL, _PLAIN = range(-2, 3), range(-3, 7)  # powers of ten


class RatiosAgainstDerivative:
    """``table``: a head, a row for each nudge (``rows``: nudge, ratio, how far it is off), and ``calculated``, the
    derivative; ``named`` says at the left what was measured and what is calculated. ``rules`` are after the head and
    before the last row, ``bars`` beside the rows, to one scale, and ``marks`` between
    the bars, where one is a tenth. All have ``decimals``.

    How far it is off is the difference of the digits shown.
    """

    def __init__(self, example: Example, notation: Notation) -> None:
        q = LayerQuantities(example.network.L)
        slope = example.trace().derivative(q.w)
        ratios = [Nudge(example, q.w, nudge).ratio(q.cost, q.w) for nudge in NUDGES]
        size = abs(slope) or min((abs(ratio) for ratio in ratios if ratio), default=1.0)
        power = math.floor(math.log10(size))
        self.decimals = _DECIMALS if power in _USUAL else _DIGITS - 1 - power
        self._scientific = power not in _PLAIN
        self._exact, *self._measured = map(self._number, (slope, *ratios))
        self.offs = [abs(one.shown_value() - self._exact.shown_value()) for one in self._measured]
        quotient = Formula(notation.difference_quotient(q.cost, q.w), font_size=0.9 * _SIZE)
        change = Formula(Change(notation.symbol(q.w)), font_size=_SIZE)
        words = ("off by", "measured", "calculated")
        off_by, *named = (Prose(text, font_size=theme.label_size, color=theme.secondary) for text in words)
        rows: list[list[TextMobject]] = [[change, quotient, off_by]]
        for nudge, measured, off in zip(NUDGES, self._measured, self.offs, strict=True):
            by = Formula(Number(nudge, fewest_decimals(nudge, 0, 6), q.w), font_size=_SIZE)
            ratio = Formula(measured, font_size=_SIZE, color=theme.secondary, plain=True)
            rows.append([by, ratio, Formula(self._number(off), font_size=0.8 * _SIZE)])
        derivative = Formula(notation.derivative_symbol(q.cost, q.w), font_size=0.8 * _SIZE)
        rows.append([derivative, Formula(self._exact, font_size=_SIZE, color=theme.highlight, plain=True)])
        self.table = columns(rows, h_buff=0.7, v_buff=0.58)
        self.rules = rules_after(self.table, 0, len(NUDGES))
        self.rows, self.calculated = VGroup(*self.table[1:-1]), self.table[-1]
        self.named = VGroup(*named)
        for name, row in zip(named, (self.rows[0], self.calculated), strict=True):
            name.next_to(self.table, LEFT, buff=0.5).set_y(row[1].get_y())
        named[0].align_to(named[1], LEFT)
        whole = VGroup(self.table, self.rules, self.named)
        for rule in self.rules:
            rule.put_start_and_end_on([self.named.get_left()[0], rule.get_y(), 0], rule.get_end())
        whole.scale(min(1.0, 0.75 * theme.safe.width / whole.width, _HEIGHT / whole.height))
        whole.move_to([0, _MIDDLE, 0]).align_to([theme.safe.left + 0.05, 0, 0], LEFT)
        start = self.table.get_right()[0] + 0.35
        room, most = theme.safe.right - start - 0.1, max(self.offs) or 1.0
        self.bars = []
        for row, off in zip(self.rows, self.offs, strict=True):
            left = start * RIGHT + row[-1].get_y() * UP
            bar = SignedBar(left, left + max(off / most * room, 0.02) * RIGHT, color=theme.colour(q.cost))
            self.bars.append(bar)
        self.marks = VGroup()
        self._steps: list[tuple[Line, Line, VGroup]] = []
        for nudges, (one, bar), (off, shorter) in zip(
            pairwise(NUDGES), *zip(*pairwise(zip(self.offs, self.bars, strict=True)), strict=True), strict=True
        ):
            if 0 < off < one:
                mark = VGroup()
                if _tenfold(one, off):
                    text = f"about ÷ {nudges[0] / nudges[1]:.0f}"
                    mark = Prose(text, font_size=theme.tick_size)
                    middle = (bar.get_y() + shorter.get_y()) / 2
                    mark.move_to([start + 0.15, middle, 0], aligned_edge=LEFT)
                    self.marks.add(mark)
                self._steps.append((bar.line, shorter.line, mark))

    def _number(self, value: float) -> Number:
        if not self._scientific:
            return Number(value, max(0, self.decimals))
        power = math.floor(math.log10(abs(value))) if value else 0
        return Number(value, min(self.decimals, _MOST - power), scientific=True)

    def steps(self) -> list[Animation]:
        """Each bar becomes the shorter one below it; then, where it is so, it is said that it is a tenth."""
        return [
            LaggedStart(
                Transform(bar.copy(), shorter.copy(), remover=True),
                *(FadeIn(part, run_time=0.4) for part in seen(mark)),
                lag_ratio=1.0,
            )
            for bar, shorter, mark in self._steps
        ]

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
        if all(_tenfold(*pair) for pair in pairs):
            return "Make the nudge ten times smaller, and the ratio gets about ten times closer."
        if all(later < earlier for earlier, later in pairs):
            return "The smaller the nudge, the closer the ratio."
        return "To the digits shown, that is how close they came."

    @property
    def closing(self) -> str:
        """What the derivative is beside them."""
        needs = "The formula needs no nudge"
        if any(self.offs) and all(later < earlier for earlier, later in pairwise(self.offs)):
            return f"{needs}: this is the number that the ratios were closing in on."
        return f"{needs}, and it is there at once."


def _tenfold(earlier: float, later: float) -> bool:
    """Whether one is about ten times the other."""
    return 6 * later <= earlier <= 16 * later
