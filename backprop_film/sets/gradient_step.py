"""`GradientStep`: one step against the gradient: its table at the right, below it the cost's number line, large.

In a scene::

    step = GradientStep(Descent.falling(example), notation)
    self.add(step.before, step.changes, step.gauge)
    self.add(Prose(step_size(step.step.rate)).to_edge(UP), Prose(step.fall_in_words).to_edge(DOWN))
"""

from __future__ import annotations

import math

from manim import RIGHT, VGroup

from backprop_math import Cost, Descent, Glyph, Notation, Number, Product, Relation, Sum
from backprop_math.formula import fewest_decimals

from ..kit.descent import DescentTable
from ..kit.gauge import Gauge
from ..kit.readout import Readout
from ..kit.spans import nice_span
from ..kit.theme import MIN_FONT_SIZE, theme
from .training_board import cost_decimals

__all__ = ["GradientStep", "step_size"]

_LEAST = 3  # decimals of the table, as the gradient had before
_FINE = 4  # decimals of a cost that are one too many here
_MOST = 5  # more digits of a cost are not said
_WIDEST = 6.4  # a table: beside it, the numbers of a network must be legible within their neurons
_LONG = 5  # a power of ten from which on a number is shown with it
_SHORT = 7  # more decimals of a step's size than these have a power of ten
_LARGE, _LINE = 1.3, -1.9  # how large the cost is, and where


def step_size(rate: float) -> str:
    """What the gradient is multiplied by, in a sentence.

    >>> step_size(1.0), step_size(0.05), step_size(2e-12)
    ('1', '0.05', '2 × 10⁻¹²')
    """
    decimals = fewest_decimals(rate, 0, 16)
    return Number(rate, 0 if decimals > _SHORT else decimals, scientific=decimals > _SHORT).text()


class GradientStep:
    """The ``table`` of some parameters and the cost's ``gauge``; ``room`` is the width that is left of the table.

    ``before``, ``changes`` and ``afterwards`` are the table's columns, in the order in which they come.
    """

    def __init__(self, step: Descent, notation: Notation) -> None:
        self.step = step
        self.table = table = DescentTable(
            step, notation, first=1, last=1, font_size=44.16, v_buff=0.82, decimals=_LEAST
        )
        table.scale(min(1.0, _WIDEST / table.width)).set_y(1.3).align_to([theme.safe.right - 0.05, 0, 0], RIGHT)
        for name in table.header:
            name.scale(max(1.0, MIN_FONT_SIZE / name.font_size), about_edge=RIGHT)
        self.shown, dots = list(table.rows), table.dots
        self.before = VGroup(*(VGroup(table.symbol(q), table.before(q)) for q in self.shown), table.header[0], dots[:2])
        self.changes = VGroup(*(table.change(q) for q in self.shown), table.header[1], dots[2:3])
        self.afterwards = VGroup(*(table.after(q) for q in self.shown), table.header[2], dots[3:])
        self.room = float(table.get_left()[0]) - 0.5 - theme.safe.left
        # The change is no small one: Δ, not ∂.
        name = Product((Glyph("Delta"), notation.symbol(Cost())))
        costs, digits = (step.before.cost, step.after.cost), self._digits
        self.gauge = Gauge(
            step.before, notation, Cost(),
            span=nice_span(*costs), width=self._line(costs, digits), decimals=digits, change_name=name,
        )  # fmt: skip
        self.gauge.scale(_LARGE)
        self.gauge.shift([theme.safe.left + 0.05 - self.gauge.get_left()[0], _LINE - self.gauge.line.get_y(), 0])

    @property
    def decimals(self) -> int:
        """Those of the changes."""
        change = self.table.change(self.shown[0]).expression
        assert isinstance(change, Number)
        return change.decimals

    @property
    def _digits(self) -> int:
        """Decimals of the cost that tell before and after apart, and with which the change adds up."""
        start, end = self.step.before.cost, self.step.after.cost
        least = cost_decimals(start)
        least -= least == _FINE
        told = [d for d in range(least, least + 16) if Number(start, d).shown != Number(end, d).shown]
        return next((d for d in told if _adds_up(start, end, d)), told[0] if told else least)

    def _line(self, costs: tuple[float, float], decimals: int) -> float:
        """How long the number line can be, before the longer one of the two numbers."""
        widest = max(Readout(cost, Cost(), decimals=decimals, font_size=38.4).width for cost in costs)
        room = theme.safe.width / _LARGE
        return min(room - 2.6, room - 1.6 - widest)

    @property
    def fall_in_words(self) -> str:
        """How far the cost falls: "from 0.55 to 0.21", with as many digits as it takes to tell the two apart."""
        start, end = self.step.before.cost, self.step.after.cost
        power = math.floor(math.log10(max(start, 1e-300)))
        least = max(0 if power > 2 else 2, 1 - power) if power < _LONG else 1 - power
        for decimals in range(least, least + _MOST):
            said = [Number(cost, decimals).text() for cost in (start, end)]
            if said[0] != said[1]:
                return f"from {said[0]} to {said[1]}"
        fall = start - end
        return f"by {Number(fall, 1 - math.floor(math.log10(fall))).text()}"


def _adds_up(start: float, end: float, decimals: int) -> bool:
    parts = (Number(start, decimals), Number(end - start, decimals))
    return Relation((Sum(parts), Number(end, decimals))).adds_up()
