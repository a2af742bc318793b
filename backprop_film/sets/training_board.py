"""`TrainingBoard`: a real training: the plane of two measurements, or the outputs, beside the cost that falls.

In a scene::

    board = TrainingBoard(TrainingRun.of(example))
    self.play(FadeIn(board.left, board.curve.frame))
    self.play(board.train(), run_time=6)
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from manim import DOWN, LEFT, PI, RIGHT, UP, Animation, Circle, Group, Mobject, UpdateFromAlphaFunc, VGroup, linear

from backprop_math import Cost, Example, Notation, Relation, TrainingRun

from ..kit.answer_line import AnswerLine
from ..kit.axis import Axis, AxisDot, Plane
from ..kit.formula import Formula, Nothing
from ..kit.naming import Naming
from ..kit.open_path import OpenPath
from ..kit.readout import Readout
from ..kit.spans import nice_span
from ..kit.texts import Prose
from ..kit.theme import theme
from .decision_plane import DecisionPlane, round_values

__all__ = ["CostBySteps", "TrainingBoard", "cost_decimals"]

_SIDE, _TOP = 4.5, 3.0


def cost_decimals(largest: float) -> int:
    """The decimals of costs up to ``largest``: four, of large ones fewer; of very large or small ones three digits.

    >>> [cost_decimals(cost) for cost in (0.5, 50.0, 2e7, 1e-9)]
    [4, 3, -5, 11]
    """
    power = math.floor(math.log10(largest))
    return 2 - power if power >= 5 or power < -3 else min(4, 4 - power)


class CostBySteps(VGroup):
    """The cost over all training examples, by steps: ``frame``, ``line`` as far as it is, ``dot``, and ``says``.

    ``says`` are the cost, how many steps were taken and, where that can be told, how many examples are right.
    """

    def __init__(self, run: TrainingRun, *, width: float = 4.9, height: float = _SIDE) -> None:
        self.run = run
        top = nice_span(float(run.costs.max()))[1]
        decimals = cost_decimals(top)
        self.plane = Plane(
            Axis((0.0, float(len(run))), length=width, ticks=(), labels=round_values((0, len(run))), buff=0.16),
            Axis((0.0, top), length=height, vertical=True, ticks=(), labels=round_values((0, top)), buff=0.16),
        )
        steps, cost = (Prose(word, font_size=theme.tick_size, color=theme.secondary) for word in ("steps", "cost"))
        steps.next_to(VGroup(self.plane.x, self.plane.x.labels), DOWN, buff=0.14).set_x(self.plane.x.line.get_x())
        cost.rotate(PI / 2).next_to(VGroup(self.plane.y, self.plane.y.labels), LEFT, buff=0.14)
        cost.set_y(self.plane.y.line.get_y())
        self.frame = VGroup(self.plane, steps, cost)
        red = theme.role(Cost)
        self.line = OpenPath([LEFT, RIGHT], stroke_color=red, stroke_width=5)
        self.dot = AxisDot(self.plane.x, 0.0, radius=0.1, color=red)
        self.ring = Circle(0.1, color=red, stroke_width=2.5).move_to(self.plane.point(0.0, float(run.costs[0])))
        self.readout = Readout(
            float(run.costs.max()), Cost(None), decimals=min(decimals, 3) if decimals <= 4 else decimals, font_size=57.6
        )
        symbol = Notation(run.example.network).symbol(Cost(None))
        name = Formula(Relation((symbol, Nothing()), ("≈",)), font_size=57.6)
        name.next_to(self.readout, LEFT, buff=0.2).on_baseline(self.readout.baseline)
        rows = [(len(run), f"of {len(run)} steps")]
        if (told := run.right(0)) is not None and run.count > 1:
            rows.append((run.count, f"of {run.count:,} right"))
            self._told = (-1, told)
        self._counts = [Readout(float(most), decimals=0, font_size=1.15 * theme.label_size) for most, _ in rows]
        self.says = VGroup(VGroup(name, self.readout))
        for row, (count, (_, words)) in enumerate(zip(self._counts, rows, strict=True)):
            text = Prose(words, font_size=theme.label_size).on_baseline(self.readout.baseline - 0.5 - 0.42 * row)
            text.align_to(self.readout, RIGHT)
            count.next_to(text, LEFT, buff=0.13).on_baseline(text.baseline)
            self.says.add(VGroup(count, text))
        super().__init__(self.frame, self.line, self.ring, self.dot, self.says)
        # Where the line ends high, there is room below it.
        part = np.searchsorted(np.linspace(0, width, len(run) + 1), width - self.says.width - 0.3)
        under = [float(cost) / top * height for cost in run.costs[max(0, part - 1) :]]
        high = height - max(under) < self.says.height + 0.3 and min(under) > height - max(under)
        corner = self.plane.point(len(run), 0.0 if high else top)
        self.says.move_to(corner + 0.25 * (UP if high else DOWN), aligned_edge=RIGHT + (DOWN if high else UP))
        self.at(0.0)

    def at(self, step: float) -> None:
        """Draw the line up to a step, and show the numbers there."""
        n = min(int(step), len(self.run) - 1)
        points = [self.plane.point(at, float(cost)) for at, cost in enumerate(self.run.costs[: n + 2])]
        end = points[n] + (step - n) * (points[n + 1] - points[n])
        path = [*points[: n + 1], end if step > n else end + 1e-4 * RIGHT]
        self.line.set_points_as_corners(np.array(path))
        self.dot.move_to(end)
        taken = round(step)
        self.readout.set_value(float(self.run.costs[taken]))
        numbers = [taken]
        if len(self._counts) > 1:
            if self._told[0] != taken:
                self._told = (taken, self.run.right(taken) or 0)
            numbers.append(self._told[1])
        for count, number in zip(self._counts, numbers, strict=True):
            count.set_value(float(number))


class TrainingBoard(Group):
    """``left`` is the `DecisionPlane` where there are two inputs and several examples, else the outputs' lines."""

    def __init__(self, run: TrainingRun) -> None:
        self.run = run
        self.curve = CostBySteps(run)
        example = run.example
        self.in_the_plane = example.network.layers[0] == 2 and run.count > 1
        self.left: Any = DecisionPlane(run) if self.in_the_plane else _answers(example)
        self.left.move_to([theme.safe.left + 0.02, _TOP, 0], aligned_edge=LEFT + UP)
        if not self.in_the_plane:
            self.left.move_to([-3.5, _TOP - _SIDE / 2, 0])
        bottom = self.left.field.get_bottom()[1] if self.in_the_plane else _TOP - _SIDE
        end = self.curve.plane.x.line.get_right()[0] + self.curve.dot.width / 2  # where the dot arrives
        self.curve.shift((theme.safe.right - 0.05 - max(end, self.curve.frame.get_right()[0])) * RIGHT)
        self.curve.shift((bottom - self.curve.plane.x.line.get_y()) * UP)
        super().__init__(self.left, self.curve)

    def at(self, step: float) -> None:
        """Show the training after so many steps."""
        self.curve.at(step)
        if isinstance(self.left, DecisionPlane):
            self.left.at(step)
            return
        trace = self.run.trace_example(round(step)).trace()
        for line in self.left:
            line.show(trace)

    def train(self, first: int = 0, last: int | None = None, **animation: Any) -> Animation:
        """From the ``first`` step to the ``last``, most slowly where the cost falls most."""
        costs = np.maximum.accumulate(self.run.costs[0] - self.run.costs)
        steps = np.arange(len(costs))
        part = 0.25 * steps / steps[-1] + (0.75 * costs / costs[-1] if costs[-1] > 0 else 0.75 * steps / steps[-1])

        start, end = part[first], part[-1 if last is None else last]

        def at(_: Mobject, alpha: float) -> None:
            self.at(float(np.interp(start + alpha * (end - start), part, steps)))

        return UpdateFromAlphaFunc(self, at, **{"run_time": 6.0, "rate_func": linear, **animation})


def _answers(example: Example, most: int = 5) -> VGroup:
    """The first outputs against the truth, one below the other."""
    names, trace = Naming(example), example.trace()
    lines = (
        AnswerLine(trace, j, name=names.output(j), width=4.2) for j in range(min(most, example.network.layers[-1]))
    )
    return VGroup(*lines).arrange(DOWN, buff=0.45)
