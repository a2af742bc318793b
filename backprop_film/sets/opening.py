"""What the opening shows around a network: what was measured goes in, the answers come out, one number is turned.

In a scene::

    diagram = NetworkDiagram(example.network, width=4.2, height=3.6, radius=0.3)
    measured = MeasuredInputs(Naming(example), diagram)
    self.add(diagram, measured.labels, *answer_lines(trace, Naming(example), diagram))
    self.add(Prose(answer_in_words(trace, example, Naming(example))))
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Self

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Arrow,
    CubicBezier,
    Dot,
    FadeOut,
    Line,
    MoveToTarget,
    Restore,
    VGroup,
    VMobject,
)

from backprop_film.kit import AnswerLine, Formula, Naming, NetworkDiagram, Neuron, Penguin, fitted_prose, theme
from backprop_film.kit.naming import article
from backprop_film.kit.nudge_beam import ScaleNote
from backprop_math import BackwardPass, Example, Nudge, Number, Parameter, Trace, Weight
from backprop_math.formula import decimals_for

__all__ = [
    "MeasuredInputs",
    "Together",
    "answer_in_words",
    "answer_lines",
    "brief",
    "neuron_radius",
    "small_nudge",
    "spoken_answers",
]

_SAID = 3  # more outputs are not said one after the other
_LABEL = -3.35  # where the labels begin, with a penguin


class Scaling(VGroup):
    """A line from the smallest to the largest that was measured, the ``ends``, which are the ``bounds`` 0 and 1.

    Each end is a tick with its number under it; the ``dot`` is at what was measured here.
    """

    def __init__(self, example: Example, k: int, *, width: float = 2.2) -> None:
        assert example.data is not None
        assert example.input_measured is not None
        ends = [float(example.data.smallest[k]), float(example.data.largest[k])]
        self.rail = Line(width / 2 * LEFT, width / 2 * RIGHT, stroke_width=3, color=theme.line)
        part = (float(example.input_measured[0, k]) - ends[0]) / ((ends[1] - ends[0]) or 1.0)
        self.dot = Dot(radius=0.085, color=theme.ink).move_to(self.rail.point_from_proportion(min(1.0, max(0.0, part))))
        self.ends = VGroup()
        for x, at in zip(ends, self.rail.get_start_and_end(), strict=True):
            tick = Line(at + 0.08 * UP, at + 0.08 * DOWN, stroke_width=2, color=theme.line)
            text = ScaleNote(f"{x:g}", font_size=22, color=theme.secondary)
            self.ends.add(VGroup(tick, text.set_x(at[0]).on_baseline(-0.36)))
        self.bounds = VGroup(*(Formula(Number(bound, 0), font_size=28) for bound in (0.0, 1.0)))
        for figure, at, side in zip(self.bounds, self.rail.get_start_and_end(), (LEFT, RIGHT), strict=True):
            figure.next_to(at, side, buff=0.14)
        super().__init__(self.rail, self.ends, self.bounds, self.dot)


class MeasuredInputs:
    """The ``bird`` (or `None`), and for each input drawn in the diagram a row: its label, caliper and hairline.

    ``labels`` is all of it but the bird and the ``arrows`` that lead into the diagram. Below the last label is its
    ``scaling``, where a bird of the data was measured; then ``scaled`` are the numbers that go in, each beside what it
    comes from.
    """

    def __init__(self, names: Naming, diagram: NetworkDiagram) -> None:
        self.bird: Penguin | None = names.penguin(height=5.3)
        if self.bird:
            self.bird.move_to([-5.15, 0.15, 0])
        neurons = list(diagram.layer(0))
        self.rows: list[tuple[VGroup, VGroup, VMobject]] = []
        self.arrows = VGroup()
        for neuron in neurons:
            k, point = int(neuron.quantity.j), neuron.get_left()
            end = point + 0.1 * LEFT
            label = self._label(names, k, end[0] - 0.62, point[1])
            start = np.array([max(label.get_right()[0] + 0.12, end[0] - 0.6), point[1], 0.0])
            self.arrows.add(Arrow(start, end, buff=0, stroke_width=2, tip_length=0.13, color=theme.secondary))
            caliper, hairline = VGroup(), VMobject()
            if self.bird:
                name = names.input(k)
                caliper = self.bird.caliper(name)
                one, other = (part.get_center() for part in caliper[1:])
                # Where the hairline begins, and which way it leaves.
                at, bend = {
                    "bill length": ((one + other) / 2 + 0.08 * UP, 0.45 * RIGHT),
                    "bill depth": (other + 0.08 * DOWN, 0.5 * DOWN),
                }.get(name, (other + 0.08 * RIGHT, 0.45 * RIGHT))
                target = np.array([_LABEL - 0.12, point[1], 0.0])
                hairline = CubicBezier(at, at + bend, target + 0.6 * LEFT, target)
                hairline.set_stroke(theme.secondary, 1.5)
            self.rows.append((label, caliper, hairline))
        self.labels = VGroup(*(part for row in self.rows for part in row), self.arrows)
        self.scaling: Scaling | None = None
        example = names.example
        if self.bird and example.data is not None and example.input_measured is not None:
            below = neurons[-1].get_y() - 0.78
            self.scaling = Scaling(example, int(neurons[-1].quantity.j)).shift(below * UP)
            self.scaling.align_to([_LABEL, 0, 0], LEFT)
        self.scaled = VGroup(*self._scaled(example, neurons)) if self.scaling else VGroup()
        self._diagram = diagram

    def _scaled(self, example: Example, neurons: list[Neuron]) -> Iterator[Formula]:
        for neuron, (label, _, _) in zip(neurons, self.rows, strict=True):
            value = float(example.input[int(neuron.quantity.j)])
            figure = Formula(Number(value, decimals_for(value, 2, given=True)), font_size=28)
            if self.scaling and neuron is neurons[-1]:
                yield figure.next_to(self.scaling.dot, UP, buff=0.09)
            else:
                yield figure.next_to(label[-1], RIGHT, buff=0.2)

    def go_in(self, trace: Trace) -> list[list[Animation]]:
        """The inputs fill; numbers that are there go into their neurons first, and are theirs: moves of each play."""
        neurons = list(self._diagram.layer(0))
        if not len(self.scaled):
            return [self._diagram.reveal(0, trace)]
        goes: list[Animation] = []
        fills: list[Animation] = []
        for it, neuron in zip(self.scaled, neurons, strict=True):
            fill, _ = neuron.reveal(trace)
            number = neuron.number
            assert number is not None
            number.save_state()
            fills += [fill, Restore(number)]
            number.set_fill(theme.ink)  # as long as its neuron is dark
            number.generate_target()
            number.match_height(it).move_to(it)
            goes += [MoveToTarget(number), FadeOut(it, rate_func=lambda t: 1.0)]
        return [goes, fills]

    def _label(self, names: Naming, k: int, right: float, y: float) -> VGroup:
        value = names.measured(k)
        left = _LABEL if self.bird else theme.safe.left + 0.1
        name = fitted_prose(names.input(k), width=right - left, font_size=24, color=theme.secondary)
        label = VGroup(name)
        if value:
            label.add(fitted_prose(value, width=right - left, font_size=29))
            label[1].on_baseline(-0.28)
            name.on_baseline(0.06)
        else:
            name.on_baseline(-0.08)
        for text in label:
            text.align_to([left, 0, 0], LEFT) if self.bird else text.align_to([right, 0, 0], RIGHT)
        return label.shift(y * UP)


def answer_lines(
    trace: BackwardPass, names: Naming, diagram: NetworkDiagram, *, width: float = 2.2
) -> list[AnswerLine]:
    """An `AnswerLine` beside each output that is drawn."""
    lines = []
    for neuron in diagram.layer(trace.network.L):
        j = int(neuron.quantity.j)
        start = neuron.get_right() + 0.3 * RIGHT
        room = theme.safe.right - 0.1 - start[0]  # a dot at the end of the line has its radius, too
        line = AnswerLine(trace, j, name=names.output(j), width=min(width, room))
        if line.bounded:  # beyond either end stands its number
            start += 0.12 * RIGHT
            line = AnswerLine(trace, j, name=names.output(j), width=min(width, room - 0.34))
        lines.append(line.shift(start - line.rail[0].get_start()))
    return lines


def neuron_radius(trace: BackwardPass) -> float:
    """How large neurons must be: a number below 0, of two digits before the point or a tiny one needs more room."""
    values = np.concatenate([a.ravel() for a in trace.forward.a])
    return 0.3 if ((values == 0) | ((values >= 0.01) & (values < 9.99))).all() else 0.38


def brief(value: float) -> str:
    """A value as the narration says it: 0.97, or of a small one two digits."""
    return Number(value, decimals_for(value, 2)).text()


def spoken_answers(trace: BackwardPass, names: Naming) -> list[str]:
    """Each output's name and number; of many, nothing.

    >>> from backprop_math import load_example
    >>> example = load_example("introduction")
    >>> spoken_answers(example.trace(), Naming(example))
    ['Gentoo 0.26', 'Adélie 0.66']
    """
    answers = trace.forward.a[trace.network.L].tolist()
    return [f"{names.output(j)} {brief(a)}" for j, a in enumerate(answers)] if len(answers) <= _SAID else []


def answer_in_words(trace: BackwardPass, example: Example, names: Naming) -> str:
    """What the network says, what is true, and what to think of it: three short sentences."""
    answers, truth = trace.forward.a[example.network.L], example.target
    each = spoken_answers(trace, names)
    said = f"The network says: {', '.join(each)}." if each else f"It gives {len(answers):,} numbers."
    true = "This is what should have come out."
    if example.labels:
        label = names.label()
        true = f"But it is {article(label)}." if names.is_penguin else f"The truth: {label}."
    wrong = answers.argmax() != truth.argmax() if len(truth) > 1 else abs(answers[0] - truth[0]) > 0.3
    return f"{said} {true} {'Not convinced.' if wrong else 'Not quite.'}"


def small_nudge(example: Example, among: Iterable[Parameter], diagram: NetworkDiagram) -> Nudge:
    """A weight whose edge is drawn, the one of its layer that the cost reacts to most, made larger by a little.

    It is of the first layer, unless the cost reacts to none of those that are drawn there. As little as a tenth of
    the largest weight, 1, 2 or 5 times a power of ten; what is negative becomes more so.
    """
    trace = example.trace()
    drawn = [q for q in among if isinstance(q, Weight) and diagram.draws(q)]
    first = [q for q in drawn if q.layer == 1]
    felt = [q for q in drawn if trace.derivative(q)]
    layer = first if any(trace.derivative(q) for q in first) else [q for q in felt if q.layer == felt[0].layer] or first
    weight = max(layer, key=lambda q: abs(trace.derivative(q)))
    size = max(float(np.abs(example.network.W[int(weight.layer)]).max()), 1e-12) / 10
    power = 10.0 ** math.floor(math.log10(size))
    by = next(step * power for step in (5, 2, 1) if step * power <= size * (1 + 1e-9))
    return Nudge(example, weight, math.copysign(float(f"{by:.0e}"), trace.value(weight)))


class Together(VGroup):
    """Several mobjects that have ``show(trace)``, as one."""

    def show(self, trace: Trace) -> Self:
        """Show it in each of them."""
        for part in self:
            part.show(trace)
        return self
