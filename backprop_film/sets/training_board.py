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
from manim import (
    DOWN,
    LEFT,
    PI,
    RIGHT,
    UP,
    Animation,
    Circle,
    Dot,
    Group,
    ImageMobject,
    ManimColor,
    Mobject,
    UpdateFromAlphaFunc,
    VGroup,
    linear,
)

from backprop_math import Cost, Example, Target, TrainingRun

from ..kit.answer_line import AnswerLine
from ..kit.axis import Axis, AxisDot, Plane
from ..kit.fitted import fitted_prose
from ..kit.formula import Prose
from ..kit.naming import Naming
from ..kit.open_path import OpenPath
from ..kit.readout import Readout
from ..kit.spans import nice_span
from ..kit.theme import theme

__all__ = ["CostBySteps", "DecisionPlane", "TrainingBoard", "cost_decimals"]

_CELLS, _FEWEST_CELLS = 64, 16  # of the shading, across
_WORK = 4e8  # parameters times cells: a large network's shading is coarser
_SIDE = 3.9


class DecisionPlane(Group):
    """Every training example as a dot in the plane of two inputs; the shading is what the network says there.

    Filled dots want the first output, rings another; the shading is gold where the first output is the larger (of a
    single one, where it is above ½). The axes have the units that were measured, where they are known. ``at(step)``
    shows the network after so many steps, and between two of them what lies between.
    """

    def __init__(self, run: TrainingRun, *, side: float = _SIDE) -> None:
        self.run = run
        example, names = run.example, Naming(run.example)
        data = example.data
        inputs, targets = example.training
        places = data.measured if data is not None else inputs
        low, high = places.min(axis=0), places.max(axis=0)
        air = np.where(high > low, 0.06 * (high - low), 1.0)
        self._spans = [(float(a), float(b)) for a, b in zip(low - air, high + air, strict=True)]
        self.axes = Plane(
            *(Axis(span, length=side, vertical=bool(k), ticks=(), labels=_round_values(span), buff=0.16)
              for k, span in enumerate(self._spans))
        )  # fmt: skip
        units = example.input_units or ("", "")
        words = [f"{names.input(k)}{f', {unit}' if unit and data is not None else ''}" for k, unit in enumerate(units)]
        labels = [fitted_prose(word, width=side, font_size=theme.tick_size) for word in words]
        for label in labels:
            label.set_color(theme.secondary)
        labels[0].next_to(VGroup(self.axes.x, self.axes.x.labels), DOWN, buff=0.14).set_x(self.axes.x.line.get_x())
        labels[1].rotate(PI / 2).next_to(VGroup(self.axes.y, self.axes.y.labels), LEFT, buff=0.14)
        labels[1].set_y(self.axes.y.line.get_y())
        size = sum(matrix.size for matrix in example.network.W)
        self._cells = cells = min(_CELLS, max(_FEWEST_CELLS, int(math.sqrt(_WORK / size))))
        self._said: dict[int, np.ndarray] = {}
        grid = np.stack(np.meshgrid(*(np.linspace(*span, cells) for span in self._spans)), axis=-1)[::-1]
        if data is not None:
            grid = (grid - data.smallest) / np.where(data.largest > data.smallest, data.largest - data.smallest, 1.0)
        self._grid = grid.reshape(-1, 2)
        self.field = ImageMobject(np.zeros((cells, cells, 4), np.uint8))
        self.field.stretch_to_fit_width(side).stretch_to_fit_height(side)
        self.field.move_to(self.axes.point(*(sum(span) / 2 for span in self._spans)))
        wants_first = targets[:, 0] > 0.5 if targets.shape[1] == 1 else targets.argmax(axis=1) == 0
        self.dots = VGroup(*(self._dot(place, first) for place, first in zip(places, wants_first, strict=True)))
        self.names = labels
        super().__init__(self.field, self.axes, *labels, self.dots)
        self.at(0.0)

    def _dot(self, place: np.ndarray, first: bool) -> VGroup:
        point = self.axes.point(*map(float, place))
        if first:
            return Dot(point, radius=0.05, color=theme.roles[Target]).set_stroke(theme.background, 0.8)
        return Circle(0.05, color=theme.ink, stroke_width=1.8).move_to(point)

    def at(self, step: float) -> None:
        """Shade the plane."""
        first = min(int(step), len(self.run) - 1)
        said = [self._says(n) for n in (first, first + 1)]
        margin = (1 - (step - first)) * said[0] + (step - first) * said[1]
        colours = [np.array(ManimColor(c).to_int_rgb()) for c in (theme.roles[Target], _OTHER, theme.background)]
        strength = 0.28 * np.tanh(4 * np.abs(margin))[:, None]
        paint = np.where(margin[:, None] > 0, colours[0], colours[1])
        rgb = colours[2] + strength * (paint - colours[2])
        image = np.full((len(rgb), 4), 255, np.uint8)
        image[:, :3] = np.round(rgb)
        self.field.pixel_array = image.reshape(self._cells, self._cells, 4)

    def _says(self, step: int) -> np.ndarray:
        if step not in self._said:
            outputs = self.run.outputs(step, self._grid)
            margin = outputs[:, 0] - (0.5 if outputs.shape[1] == 1 else outputs[:, 1:].max(axis=1))
            self._said = {**dict(list(self._said.items())[-1:]), step: margin}  # the one before is asked for again
        return self._said[step]


_OTHER = "#58A6DD"


def _round_values(span: tuple[float, float]) -> list[float]:
    """Two to five round values within a span."""
    width = span[1] - span[0]
    power = 10.0 ** math.floor(math.log10(width))
    step = next(power * part for part in (0.2, 0.25, 0.5, 1.0, 2.0) if width / (power * part) <= 5)
    return [float(n * step) for n in range(math.ceil(span[0] / step), math.floor(span[1] / step) + 1)]


def cost_decimals(largest: float) -> int:
    """The decimals of costs up to ``largest``: four, of large ones fewer; of very large or small ones three digits.

    >>> [cost_decimals(cost) for cost in (0.5, 50.0, 2e7, 1e-9)]
    [4, 3, -5, 11]
    """
    power = math.floor(math.log10(largest))
    return 2 - power if power >= 5 or power < -3 else min(4, 4 - power)


class CostBySteps(VGroup):
    """The cost over all training examples, by steps: ``frame``, ``line`` as far as it is, ``dot``, ``readout``."""

    def __init__(self, run: TrainingRun, *, width: float = 4.6, height: float = _SIDE) -> None:
        self.run = run
        top = nice_span(float(run.costs.max()))[1]
        self.plane = Plane(
            Axis((0.0, float(len(run))), length=width, ticks=(), labels=(0.0, float(len(run))), buff=0.16),
            Axis((0.0, top), length=height, vertical=True, ticks=(), labels=(0.0, top), buff=0.16),
        )
        steps = Prose("steps", font_size=theme.tick_size, color=theme.secondary)
        steps.next_to(self.plane.x.line, DOWN, buff=0.22)
        self.frame = VGroup(self.plane, steps)
        self.line = OpenPath([LEFT, RIGHT], stroke_color=theme.roles[Cost], stroke_width=5)
        self.dot = AxisDot(self.plane.x, 0.0, radius=0.1, color=theme.roles[Cost])
        self.readout = Readout(float(run.costs[0]), Cost(None), decimals=cost_decimals(top), font_size=57.6)
        super().__init__(self.frame, self.line, self.dot, self.readout)
        # Where the line ends high, there is room below it.
        high = float(run.costs[len(run) // 3 :].max()) > 0.55 * top
        corner = self.plane.point(len(run), 0.0 if high else top)
        self.readout.move_to(corner + 0.3 * (UP if high else DOWN), aligned_edge=RIGHT + (DOWN if high else UP))
        self.at(0.0)

    def at(self, step: float) -> None:
        """Draw the line up to a step, and show the cost there."""
        n = min(int(step), len(self.run) - 1)
        points = [self.plane.point(at, float(cost)) for at, cost in enumerate(self.run.costs[: n + 2])]
        end = points[n] + (step - n) * (points[n + 1] - points[n])
        path = [*points[: n + 1], end if step > n else end + 1e-4 * RIGHT]
        self.line.set_points_as_corners(np.array(path))
        self.dot.move_to(end)
        self.readout.set_value(float(self.run.costs[round(step)]))


class TrainingBoard(Group):
    """``left`` is the `DecisionPlane` where there are two inputs and several examples, else the outputs' lines."""

    def __init__(self, run: TrainingRun) -> None:
        self.run = run
        self.curve = CostBySteps(run)
        example = run.example
        self.in_the_plane = example.network.layers[0] == 2 and run.count > 1
        self.left: Any = DecisionPlane(run) if self.in_the_plane else _answers(example)
        self.left.move_to([-3.2, 0.2, 0])
        self.curve.shift(np.array([3.2, 0.2, 0.0]) - self.curve.frame.get_center())
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

    def train(self, **animation: Any) -> Animation:
        """From the first step to the last; slowly at first, where most happens."""
        steps = len(self.run)

        def at(_: Mobject, alpha: float) -> None:
            self.at(steps * alpha**1.6)

        return UpdateFromAlphaFunc(self, at, **{"run_time": 6.0, "rate_func": linear, **animation})


def _answers(example: Example, most: int = 5) -> VGroup:
    """The first outputs against the truth, one below the other."""
    names, trace = Naming(example), example.trace()
    lines = (
        AnswerLine(trace, j, name=names.output(j), width=4.2) for j in range(min(most, example.network.layers[-1]))
    )
    return VGroup(*lines).arrange(DOWN, buff=0.45)
