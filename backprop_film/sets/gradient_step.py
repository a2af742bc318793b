"""`GradientStep`: one step against the gradient: its table at the right, the cost's number line at the left below.

In a scene::

    step = GradientStep(Descent.falling(example), notation)
    self.add(step.before, step.changes, step.gauge)
    self.add(Prose(step.size_in_words).to_edge(UP), Prose(step.fall_in_words).to_edge(DOWN))
"""

from __future__ import annotations

import math

from manim import RIGHT, VGroup

from backprop_math import Cost, Descent, Glyph, Notation, Number, Product
from backprop_math.formula import fewest_decimals

from ..kit.descent import DescentTable
from ..kit.gauge import Gauge
from ..kit.readout import Readout
from ..kit.spans import nice_span
from ..kit.theme import MIN_FONT_SIZE, theme
from .training_board import cost_decimals

__all__ = ["GradientStep"]

_MOST = 5  # more digits of a cost are not said
_LONG = 5  # a power of ten from which on a number is shown with it


class GradientStep:
    """The ``table`` of some parameters and the cost's ``gauge``; ``room`` is the width that is left of the table.

    ``before``, ``changes`` and ``afterwards`` are the table's columns, in the order in which they come.
    """

    def __init__(self, step: Descent, notation: Notation) -> None:
        self.step = step
        self.table = table = DescentTable(step, notation, first=3, last=2, font_size=44.16, v_buff=0.82)
        table.scale(min(1.0, 6.9 / table.width)).set_y(0.1).align_to([theme.safe.right - 0.05, 0, 0], RIGHT)
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
        self.gauge.shift([theme.safe.left + 0.05 - self.gauge.get_left()[0], -2.3 - self.gauge.line.get_y(), 0])

    @property
    def _digits(self) -> int:
        """Decimals of the cost that tell before and after apart."""
        start, end = self.step.before.cost, self.step.after.cost
        least = cost_decimals(start)
        told = (d for d in range(least, least + 16) if Number(start, d).shown != Number(end, d).shown)
        return next(told, least)

    def _line(self, costs: tuple[float, float], decimals: int) -> float:
        """How long the number line can be, before the longer one of the two numbers."""
        widest = max(Readout(cost, Cost(), decimals=decimals, font_size=38.4).width for cost in costs)
        return min(self.room - 2.6, self.room - 1.45 - widest)

    @property
    def size_in_words(self) -> str:
        """What the gradient is multiplied by, ", times 0.05"; nothing where that is 1."""
        return (
            ""
            if self.step.rate == 1
            else f", times {Number(self.step.rate, fewest_decimals(self.step.rate, 0, 16)).text()}"
        )

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
