"""One step of gradient descent, seen: a table of parameters before and after, and the animation that moves them all.

In a scene::

    step = Descent.falling(example)
    table, gauge = DescentTable(step, notation).scale(0.8).to_edge(LEFT), Gauge(trace, notation, Cost())
    VGroup(diagram.scale(0.7), gauge.scale(0.7)).arrange(DOWN, buff=1.2).to_edge(RIGHT)
    self.play(FadeIn(table, diagram, gauge))
    self.play(Descend(step, [table, diagram, gauge]))
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Self

from manim import RIGHT, VGroup

from backprop_math import (
    CostDerivatives,
    Descent,
    Expression,
    Glyph,
    Notation,
    Number,
    Parameter,
    Product,
    Quantity,
    Relation,
    Sum,
    Trace,
)
from backprop_math.formula import Negative, fewest_decimals

from .columns import columns
from .formula import Formula
from .gauge import Recalculation
from .readout import Readout
from .texts import Prose, TextMobject
from .theme import theme

__all__ = ["Descend", "DescentTable"]

_MOST = 7  # decimals of small changes
_DIGITS = 6
_APART = 0.25  # of the columns' names
_EXACT = 4  # more decimals than these have a power of ten


class DescentTable(VGroup):
    """A row for each parameter: its symbol, its value before the step, the change, and its value after it.

    ``header`` and ``dots`` are rows too; ``symbol(q)``, ``before(q)``, ``change(q)`` and ``after(q)`` are the cells. Of
    more than ``first + last`` parameters the ones between are dots. ``show(trace)`` runs the last column, which starts
    at the values before. Before and change add up to after, in the digits shown: ``decimals`` of them behind the point,
    of large numbers fewer, of small changes more.
    """

    def __init__(
        self,
        step: Descent,
        notation: Notation,
        *,
        first: int = 3,
        last: int = 3,
        font_size: float = 40.32,
        v_buff: float = 0.7,
        decimals: int = 4,
    ) -> None:
        super().__init__()
        everything = step.example.network.parameters
        elided = len(everything) > first + last
        shown = [*everything[:first], *everything[-last:]] if elided else list(everything)
        digits = _digits(step, shown, decimals)
        nabla = CostDerivatives(notation).gradient([shown[0]]).sides[0]
        scaled = nabla if step.rate == 1 else Product((_exact(step.rate), nabla))
        names: list[TextMobject] = [
            Prose("before", font_size=theme.label_size, color=theme.secondary),
            Formula(Negative(scaled), font_size=34.56),
            Prose("after", font_size=theme.label_size, color=theme.secondary),
        ]
        rows: list[list[TextMobject]] = []
        for q in shown:
            before, change = _numbers(step, q, digits)
            # Laid out for the longer of the two: it may become negative.
            ends = [Number(trace.value(q), digits[2]).shown for trace in (step.before, step.after)]
            longer = step.after if len(ends[1]) > len(ends[0]) else step.before
            after = Readout(longer, q, decimals=digits[2], font_size=font_size)
            rows.append(
                [
                    Formula(notation.symbol(q), font_size=font_size),
                    Formula(before, font_size=font_size),
                    Formula(change, font_size=font_size),
                    after,
                ]
            )
        if elided:
            rows.insert(first, [Formula(Glyph("vdots"), font_size=font_size) for _ in range(4)])
        table = columns(rows, h_buff=0.45, v_buff=v_buff, align="lr")
        for name, cell in zip(names, table[0][1:], strict=True):
            name.on_baseline(table[0][0].baseline + v_buff).align_to(cell, RIGHT)
        room = names[1].get_right()[0] - names[0].get_right()[0] - _APART
        names[1].fit(room).align_to(table[0][2], RIGHT).on_baseline(table[0][0].baseline + v_buff)
        self.header = VGroup(*names)
        self.dots = table[first] if elided else VGroup()
        entries = [cells for cells in table if cells is not self.dots]
        for dot, cell in zip(self.dots, entries[0], strict=False):
            dot.set_x(cell.get_x())
        self.rows: dict[Quantity, VGroup] = dict(zip(shown, entries, strict=True))
        self.add(self.header, *table)
        self.center()
        self.show(step.before)

    def __contains__(self, quantity: object) -> bool:
        return quantity in self.rows

    def symbol(self, quantity: Quantity) -> Formula:
        """A parameter's name."""
        return self.rows[quantity][0]

    def before(self, quantity: Quantity) -> Formula:
        """Its value before the step."""
        return self.rows[quantity][1]

    def change(self, quantity: Quantity) -> Formula:
        """What the step adds to it."""
        return self.rows[quantity][2]

    def after(self, quantity: Quantity) -> Readout:
        """Its value in the trace shown last: at first the one before the step."""
        return self.rows[quantity][3]

    def show(self, trace: Trace) -> Self:
        """Show the parameters of ``trace`` in the last column."""
        for quantity in self.rows:
            self.after(quantity).show(trace)
        return self


class Descend(Recalculation):
    """Takes the step: all parameters move at once, and in every frame all is calculated anew.

    ``followers`` are whatever has ``show(trace)``: the table, gauges, diagrams.
    """

    def __init__(self, step: Descent, followers: Sequence[Any], **animation: Any) -> None:
        self.step = step
        super().__init__(followers, **{"run_time": 2.5, **animation})

    def interpolate(self, alpha: float) -> None:
        """Show the example after as much of the step as the clock says."""
        trace = self.step.at(self.rate_func(min(1.0, max(0.0, alpha)))).trace()
        for follower in self.followers:
            follower.show(trace)


def _digits(step: Descent, shown: Sequence[Parameter], decimals: int) -> tuple[int, int, int]:
    """Decimals before, of the change and after, the same in all rows, with which every row adds up."""
    largest = max(abs(trace.value(q)) for q in shown for trace in (step.before, step.after))
    change = max(abs(step.change(q)) for q in shown)
    least = min(_MOST, max(decimals, 1 - _power(change)))
    least = max(0, min(least, _DIGITS - 1 - max(0, _power(largest))))
    for extra in range(4):
        digits = (least + extra, least + extra, least)
        sums = [Relation((Sum(_numbers(step, q, digits)), Number(step.after.value(q), least))) for q in shown]
        if all(relation.adds_up() for relation in sums):
            break
    return digits


def _numbers(step: Descent, q: Parameter, digits: tuple[int, int, int]) -> tuple[Number, Number]:
    return Number(step.before.value(q), digits[0], q), Number(step.change(q), digits[1])


def _power(value: float) -> int:
    return math.floor(math.log10(value)) if value else 0


def _exact(value: float) -> Expression:
    decimals = fewest_decimals(value, 0, 16)
    return Number(value, decimals, scientific=decimals > _EXACT)
