"""`AnsweredQuestion`: the first example runs through its network again, which has been trained since.

In a scene::

    answered = AnsweredQuestion(TrainingRun.of(example))
    self.add(answered.diagram, answered.lines)
    self.play(answered.train(), run_time=2)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Circle,
    FadeIn,
    FadeOut,
    Mobject,
    UpdateFromAlphaFunc,
    VGroup,
)

from backprop_math import BackwardPass, Cost, Notation, Relation, Target, TrainingRun
from backprop_math.formula import short_number

from ..kit.extents import near
from ..kit.formula import Formula, Nothing
from ..kit.naming import Naming, article
from ..kit.network_diagram import NetworkDiagram
from ..kit.neuron import Neuron
from ..kit.readout import Readout
from ..kit.texts import Prose
from ..kit.theme import theme
from .opening import Together, answer_lines

__all__ = ["AnsweredQuestion"]

_NAMED = 6  # inputs with names beside them
_SAID = 3  # outputs said one after the other
_SMALL = 10_000  # weights
_RIGHT = 0.25  # so near to the truth is right
_YES = "That is right."


class AnsweredQuestion:
    """The network of a training ``run`` before it, ``untrained``, and after it, ``diagram``, at one place.

    Its answers are ``lines``, where they were at first the ``rings``; the ``bird`` is there if it is a penguin.
    ``trace`` is that of the first example at the end of the run; ``retrain`` exchanges the weights, ``train`` moves the
    answers, and ``renew`` writes the numbers anew. ``cost`` is that of the example, ``finer`` the two outputs in more
    digits, ``counts`` tells the steps and how many examples are right, of a network small enough to be asked at every
    step. ``at_first``, ``now`` and ``verdict`` are sentences.
    """

    def __init__(self, run: TrainingRun) -> None:
        example = run.example
        self.run, self.names = run, Naming(example)
        self.before, self.trace = example.trace(), run.trace_example(len(run)).trace()
        count = example.network.layers[0]
        inputs = [self.names.input(k) for k in range(count)] if count <= _NAMED else ()
        self.untrained, self.diagram = (
            NetworkDiagram(network, width=5.4, height=4.4, radius=0.38, input_names=inputs)
            for network in (example.network, run.network(len(run)))
        )
        for diagram in (self.untrained, self.diagram):
            diagram.move_to(0.4 * LEFT + 0.5 * UP)
        self.lines = Together(*answer_lines(self.before, self.names, self.diagram))
        # A dot may come to stand at the end of its line.
        over = float(self.lines.get_right()[0]) + 0.1 - theme.safe.right
        VGroup(self.untrained, self.diagram, self.lines).shift(max(0.0, over) * LEFT)
        self.untrained.show(self.before)
        self._cost = Readout(self.before.cost, Cost(), decimals=3, font_size=44)
        symbol = Relation((Notation(example.network).symbol(Cost()), Nothing()), ("≈",))
        name = Formula(symbol, font_size=44)
        name.next_to(self._cost, LEFT, buff=0.15).on_baseline(self._cost.baseline)
        self.cost, self.finer = VGroup(name, self._cost), self._finer()
        self.counts = self._counts()
        below = VGroup(self.cost, *self.counts).arrange(DOWN, buff=0.2, aligned_edge=RIGHT)
        below.next_to(self.lines, DOWN, buff=0.45).align_to(self.lines, RIGHT)
        if below.get_left()[0] < self.diagram.get_right()[0] + 0.1:  # a long cost goes below the edges, not over them
            below.shift(min(0.0, self.diagram.get_bottom()[1] - 0.2 - below.get_top()[1]) * UP)
        if below.get_bottom()[1] < theme.formula_zone.bottom:  # many outputs leave no room
            self.cost, self.counts, self.finer = VGroup(), VGroup(), VGroup()
        self.rings = VGroup(
            *(Circle(0.12, color=theme.secondary, stroke_width=2.5).move_to(line.dot) for line in self.lines)
        )
        self.bird = self.names.penguin(0, height=3.0)
        if self.bird:
            self.bird.move_to([theme.safe.left + 0.75, 0.4, 0])

    def _counts(self) -> VGroup:
        """``0 of 300 steps``, ``151 of 274 right``."""
        right, steps = self.run.right(0), len(self.run)
        if right is None or sum(matrix.size for matrix in self.run.example.network.W) > _SMALL:
            return VGroup()
        rows = VGroup()
        for now, most, what in ((0, steps, "steps"), (right, self.run.count, "right")):
            words = Prose(f"of {most:,} {what}", font_size=theme.label_size)
            count = Readout(float(most), decimals=0, font_size=1.15 * theme.label_size)
            count.next_to(words, LEFT, buff=0.13).on_baseline(words.baseline)
            count.set_value(float(now))
            rows.add(VGroup(count, words))
        return rows

    def _finer(self) -> VGroup:
        """Two outputs to four decimals: with fewer, the cost's three could not be redone; nothing without room."""
        L = self.run.example.network.L
        outputs = self.diagram.layer(L)
        values = np.concatenate([trace.forward.a[L].ravel() for trace in (self.before, self.trace)])
        if len(outputs) != 2 or not ((values >= 0.001) & (values < 10)).all():
            return VGroup()
        edges = np.array([np.linspace(edge.get_start(), edge.get_end(), 40) for edge in self.diagram.edges(L)])
        numbers = VGroup()
        for output, side in zip(outputs, (UP, DOWN), strict=True):
            number = Readout(self.before, output.quantity, decimals=4, font_size=28, color=theme.ink)
            numbers.add(number.next_to(output, side, buff=0.1))
        return VGroup() if any(near(number, edges, 0.03) for number in numbers) else numbers

    def train(self, **animation: Any) -> Animation:
        """The dots move as the answers did in the training."""

        def show(lines: Mobject, alpha: float) -> None:
            lines.show(self.run.trace_example(round(len(self.run) * alpha)).trace())

        return UpdateFromAlphaFunc(self.lines, show, **animation)

    def renew(self) -> None:
        """The cost and the outputs in more digits, unseen meanwhile, become those after the training."""
        self._cost.set_value(self.trace.cost)
        for number in self.finer:
            number.show(self.trace)

    def retrain(self) -> list[Animation]:
        """The neurons become empty, and the weights what the training has made of them."""
        old, new = self.untrained, self.diagram
        neurons = [neuron for layer in old.layers for neuron in old.layer(layer)]
        edges = [VGroup(*(edge for layer in one.layers for edge in one.edges(layer))) for one in (old, new)]
        change = [FadeOut(edges[0]), FadeIn(edges[1])] if len(edges[0]) else []
        empty = [FadeOut(old.numbers), *(n.circle.animate.set_fill(theme.surface, 1) for n in neurons)]
        return [*change, *empty, *([UpdateFromAlphaFunc(self.counts, self._count)] if len(self.counts) else [])]

    def _count(self, _: Mobject, alpha: float) -> None:
        step = round(alpha * len(self.run))
        for row, now in zip(self.counts, (step, self.run.right(step) or 0), strict=True):
            row[0].set_value(float(now))

    def judged(self) -> list[Animation]:
        """The outputs that should be the largest light up in the colour of what is wanted, as far as they are drawn."""
        wanted, outputs = self.run.example.target, self.diagram.layer(self.run.example.network.L)
        meant = [neuron for neuron in outputs if wanted[neuron.quantity.j] == wanted.max()]
        return [neuron.ring(theme.roles[Target], 5) for neuron in meant]

    def one_by_one(self, diagram: NetworkDiagram, trace: BackwardPass) -> list[tuple[Neuron, str]]:
        """The outputs, each with what is said of it; none, if they are too many to be said."""
        return list(zip(diagram.layer(self.run.example.network.L), self._said(trace), strict=False))

    def _said(self, trace: BackwardPass) -> list[str]:
        """The outputs, each as its neuron shows it."""
        answers = trace.forward.a[self.run.example.network.L].tolist()
        if len(answers) > _SAID:
            return []
        bounded = np.isfinite(self.run.example.network.activation[-1].bounds).all()
        numbers = (short_number(answer, 2, places=5, tiny=not bounded).text() for answer in answers)
        return [f"{self.names.output(j)} {number}" for j, number in enumerate(numbers)]

    @property
    def at_first(self) -> str:
        """What the network said before it was trained."""
        said = self._said(self.before)
        return f"At first, its network said: {', '.join(said)}." if said else "At first, its network knew nothing."

    @property
    def now(self) -> str:
        """What it says now."""
        said = self._said(self.trace)
        return f"Now it says: {', '.join(said)}." if said else "Now the answers move to the truth."

    @property
    def verdict(self) -> str:
        """What to think of it."""
        example = self.run.example
        before, after = (
            float(np.abs(trace.forward.a[example.network.L] - example.target).max())
            for trace in (self.before, self.trace)
        )
        if after < _RIGHT:
            return f"It is {article(self.names.label())}." if self.names.is_penguin and example.labels else _YES
        return "That is closer than it was." if after < before else "It needs more than that."
