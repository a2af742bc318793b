"""`AnsweredQuestion`: the first example runs through its network again, which has been trained since.

In a scene::

    answered = AnsweredQuestion(TrainingRun.of(example))
    self.add(answered.diagram, answered.lines)
    self.play(answered.train(), run_time=2)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import LEFT, UP, Animation, AnimationGroup, Mobject, UpdateFromAlphaFunc, VGroup

from backprop_math import Example, TrainingRun

from ..kit.naming import Naming
from ..kit.network_diagram import NetworkDiagram
from ..kit.theme import theme
from .opening import Together, answer_lines, brief

__all__ = ["AnsweredQuestion", "same_example"]

_NAMED = 6  # inputs with names beside them
_SAID = 3  # outputs said one after the other
_RIGHT = 0.25  # so near to the truth is right


def same_example(one: Example, other: Example) -> bool:
    """Whether two examples are one network with the same numbers.

    >>> from backprop_math import load_example
    >>> same_example(load_example("simplest"), load_example("simplest"))
    True
    >>> same_example(load_example("simplest"), load_example("several"))
    False
    """
    a, b = one.network, other.network
    return (
        (a.layers, a.activation, a.cost, one.input_names) == (b.layers, b.activation, b.cost, other.input_names)
        and np.array_equal(one.inputs, other.inputs)
        and np.array_equal(one.targets, other.targets)
        and all(map(np.array_equal, [*a.W, *a.b], [*b.W, *b.b]))
    )


class AnsweredQuestion:
    """The network of a training ``run`` as a ``diagram``, its answers as ``lines``, the ``bird`` if it is a penguin.

    ``trace`` is that of the first example at the end of the run; ``train`` moves the answers there.
    """

    def __init__(self, run: TrainingRun) -> None:
        example = run.example
        self.run, self.names = run, Naming(example)
        self.trace = run.trace_example(len(run)).trace()
        count = example.network.layers[0]
        inputs = [self.names.input(k) for k in range(count)] if count <= _NAMED else ()
        self.diagram = NetworkDiagram(example.network, width=5.4, height=4.4, radius=0.38, input_names=inputs)
        self.diagram.move_to(0.4 * LEFT + 0.5 * UP)
        self.lines = Together(*answer_lines(example.trace(), self.names, self.diagram))
        # A dot may come to stand at the end of its line.
        over = float(self.lines.get_right()[0]) + 0.1 - theme.safe.right
        VGroup(self.diagram, self.lines).shift(max(0.0, over) * LEFT)
        self.bird = self.names.penguin(0, height=3.0)
        if self.bird:
            self.bird.move_to([theme.safe.left + 0.75, 0.4, 0])

    @property
    def all(self) -> VGroup:
        """All of it."""
        return VGroup(*filter(None, (self.bird, self.diagram, self.lines)))

    def train(self, **animation: Any) -> Animation:
        """The answers move as they did in the training."""

        def show(lines: Mobject, alpha: float) -> None:
            lines.show(self.run.trace_example(round(len(self.run) * alpha)).trace())

        return UpdateFromAlphaFunc(self.lines, show, **animation)

    def judged(self) -> Animation:
        """The outputs light up."""
        return AnimationGroup(*(neuron.glow() for neuron in self.diagram.layer(self.run.example.network.L)))

    @property
    def words(self) -> str:
        """What the network says now, and what to think of it."""
        said = self.run.outputs(len(self.run), self.run.example.inputs[:1])[0].tolist()
        each = [f"{self.names.output(j)} {brief(answer)}" for j, answer in enumerate(said[:_SAID])]
        answer = f"Now it says: {', '.join(each)}." if len(said) <= _SAID else f"It gives {len(said):,} numbers again."
        return f"{answer} {self._verdict}"

    @property
    def _verdict(self) -> str:
        truth = self.run.example.target
        before, after = (
            max(abs(a - y) for a, y in zip(self.run.outputs(step, self.run.example.inputs[:1])[0], truth, strict=True))
            for step in (0, len(self.run))
        )
        if after < _RIGHT:
            return "That is right."
        return "That is closer than it was." if after < before else "It needs more than that."
