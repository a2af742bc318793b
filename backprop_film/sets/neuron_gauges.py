"""`NeuronGauges`: a number line at each quantity of an opened neuron's path, from the weight to the cost.

In a scene::

    neuron = OpenNeuron(trace, notation, shown_numbers(trace, notation))
    gauges = NeuronGauges(Nudge(example, Weight(3, 0, 0), 0.6), notation, neuron)
    self.play(LaggedStart(*(Create(gauge.line) for gauge in gauges)))
    gauges.mark()
    self.play(ChangeQuantity(example, Weight(3, 0, 0), 1.8, 2.4, [*gauges, *gauges.numbers]))
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from manim import DOWN, RIGHT, Animation, AnimationGroup, FadeIn, Mobject, VGroup

from backprop_math import Notation, Nudge, Number, Quantity

from ..kit.gauge import Gauge
from ..kit.readout import Readout
from ..kit.spans import equal_width_spans, nice_span
from .open_neuron import ROWS, OpenNeuron

__all__ = ["LINE_LEFT", "LINE_RIGHT", "NeuronGauges"]

#: Where the number lines begin and end.
LINE_LEFT, LINE_RIGHT = -1.85, 4.1
#: With one scale for all lines, the smallest change is at least this part of the largest; and values are no larger.
_SEEN, _LARGEST = 0.02, 1e4


class NeuronGauges(VGroup):
    """The gauges, in the order of the path; the nodes of the tree are their symbols, its values their readouts.

    The lines have one scale, so that the changes of the ``nudge`` can be compared; where that would hide one, each has
    its own. The name of the weight's change reaches to ``label_right`` at most.
    """

    def __init__(
        self, nudge: Nudge, notation: Notation, tree: OpenNeuron, *, label_right: float = float("inf")
    ) -> None:
        self.nudge, self.tree, self.path = nudge, tree, tree.q.path
        moves = [(nudge.before.value(x), nudge.after.value(x)) for x in self.path]
        sizes = [abs(end - start) for start, end in moves]
        shared = min(sizes) >= _SEEN * max(sizes) and max(abs(end) for move in moves for end in move) < _LARGEST
        own = [
            equal_width_spans(move)[0] if size else nice_span(*move) for move, size in zip(moves, sizes, strict=True)
        ]
        spans = equal_width_spans(*moves) if shared else own
        gauges = []
        for x, y, span in zip(self.path, ROWS, spans, strict=True):
            decimals = tree.value(x).decimals
            gauge = Gauge(nudge.before, notation, x, span=span, width=LINE_RIGHT - LINE_LEFT, decimals=decimals)
            gauge.shift(np.array([LINE_LEFT, y, 0]) - gauge.line.get_left())
            gauge.remove(gauge.symbol, gauge.readout)
            for number in gauge.axis.labels:  # a long one at the left end begins behind the neuron
                number.shift(max(0.0, tree.capsule.get_right()[0] + 0.12 - number.get_left()[0]) * RIGHT)
            gauge.label_left = tree.capsule.get_right()[0] + 0.08
            gauges.append(gauge)
        gauges[0].label_right = label_right
        super().__init__(*gauges)

    def __iter__(self) -> Iterator[Gauge]:
        gauges: list[Gauge] = self.submobjects
        return iter(gauges)

    @property
    def numbers(self) -> list[Readout]:
        """The numbers under the symbols, in the same order."""
        return [self.tree.value(x) for x in self.path]

    @property
    def followers(self) -> list[list[Mobject]]:
        """What moves when the weight does: each further gauge with its number, in the order of the path."""
        return [[gauge, self.tree.value(x)] for x, gauge in zip(self.path[1:], self.submobjects[1:], strict=True)]

    @property
    def ends(self) -> list[Mobject]:
        """The first and the last line with their dots, and the symbols that they belong to."""
        ends = [part for gauge in (self[0], self[-1]) for part in (gauge.line, gauge.dot)]
        return [*ends, self.tree.node(self.path[0]), self.tree.node(self.path[-1])]

    @property
    def others(self) -> list[Mobject]:
        """All pieces of the lines, and of the tree that they stand at, but the `ends`."""
        lines = [part for gauge in self for part in (gauge.line, gauge.axis.ticks, gauge.axis.labels, gauge.dot)]
        kept = [id(end) for end in self.ends]
        return [part for part in (*self.tree, *self.tree.givens, *self.tree.values, *lines) if id(part) not in kept]

    def dots(self) -> list[Animation]:
        """Animations that bring ticks, numbers and dots to lines that are on the screen."""
        return [
            AnimationGroup(
                gauge.axis.ticks.animate.set_stroke(opacity=1),
                gauge.axis.labels.animate.set_fill(opacity=1),
                FadeIn(gauge.dot, scale=2.0),
                FadeIn(number, shift=0.1 * DOWN),
            )
            for gauge, number in zip(self, self.numbers, strict=True)
        ]

    def bare(self) -> list[Mobject]:
        """The axes, of which only the lines are seen yet."""
        for gauge in self:
            gauge.axis.ticks.set_stroke(opacity=0)
            gauge.axis.labels.set_fill(opacity=0)
        return [gauge.axis for gauge in self]

    def mark(self) -> None:
        """Leave a ring at every dot."""
        for gauge in self:
            gauge.mark(self.path[0])

    def unmark(self) -> None:
        """Take the rings away."""
        for gauge in self:
            gauge.unmark()

    def moves(self, quantity: Quantity) -> bool:
        """Whether a quantity is seen to move: its number changes."""
        number = self.tree.value(quantity).number
        return Number(self.nudge.after.value(quantity), number.decimals).shown != number.shown
