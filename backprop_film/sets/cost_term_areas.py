"""`CostTermAreas`: the last layer, and what each output adds to the cost, as an area that follows a nudge.

In a scene::

    nudge = LastLayerNudge(example, 0, 0.4, into=0)
    panel = CostTermAreas(trace, notation, Naming(example), nudge.changes, (-3.0, 3.0), largest=1.0)
    self.add(panel.still)
    self.play(nudge.run(panel.followers))
    self.play(FadeIn(panel.outlines, panel.changes))
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Arrow, DashedVMobject, Mobject, Rectangle, VGroup

from backprop_math import (
    Activation,
    BackwardPass,
    Cost,
    CostFunction,
    Example,
    Notation,
    Number,
    Relation,
    Symbol,
    Target,
)
from backprop_math.formula import decimals_for, fewest_decimals

from ..kit.addends import cost_terms
from ..kit.fitted import fitted, fitted_prose
from ..kit.formula import Formula, Nothing
from ..kit.motion import Dim, seen
from ..kit.naming import Naming
from ..kit.network_diagram import NetworkDiagram, rows_of
from ..kit.neuron import Neuron
from ..kit.texts import Prose, TextMobject
from ..kit.theme import MIN_FONT_SIZE, theme
from .last_layer_nudge import LastLayerNudge
from .last_layers_layout import neuron_decimals

__all__ = ["CostTermArea", "CostTermAreas", "checkable_nudge", "desired_output", "drawn_of", "largest_term"]

_MIDDLE, _PITCH, _RADIUS = 0.45, 1.45, 0.42
_SIDE, _LEAST, _WIDTH = 1.22, 0.03, 0.6
_MOST = 3  # neurons of a layer
#: Where the outputs, the areas and the numbers beside them begin, from the panel's left end.
_OUTPUTS, _AREAS, _NUMBERS = 2.0, 3.0, 4.4


class CostTermArea(VGroup):
    """What one output adds to the cost: of a squared error a square, whose side is the miss, else a bar.

    ``show(trace)`` follows; its lower left corner stays. ``largest`` is the term that is as large as an area can be.
    """

    def __init__(self, trace: BackwardPass, j: int, largest: float) -> None:
        network = trace.network
        self.j, self._largest = j, largest or 1.0
        self._cost, self._target = network.cost, trace.value(Target(j))
        self._squares, self._last = network.cost.name == "squared_error", network.L
        self.shape = Rectangle(width=1.0, height=1.0, stroke_width=0).set_fill(theme.colour(Cost()), 0.85)
        super().__init__(self.shape)
        self.show(trace)

    def show(self, trace: Any) -> Self:
        """As large as its part of the cost is in a trace."""
        part = _part(self._cost, trace.value(Activation(self._last, self.j)), self._target) / self._largest
        if np.isfinite(part):
            size = min(_SIDE, max(_LEAST, _SIDE * (part**0.5 if self._squares else part)))
            corner = self.shape.get_corner(DOWN + LEFT)
            self.shape.stretch_to_fit_height(size).stretch_to_fit_width(size if self._squares else _WIDTH)
            self.shape.move_to(corner, aligned_edge=DOWN + LEFT)
        return self


def drawn_of(neurons: int) -> list[int]:
    """Of so many neurons of a layer, those that a panel has.

    >>> drawn_of(2), drawn_of(100)
    ([0, 1], [0, 99])
    """
    return [j for j in rows_of(neurons, _MOST) if j is not None]


def largest_term(*traces: BackwardPass) -> float:
    """The largest part that an output has of the cost in some passes.

    >>> from backprop_math import load_example
    >>> round(largest_term(load_example("two_outputs").trace()), 3)
    0.392
    """
    found = [0.0]
    for trace in traces:
        cost, last = trace.network.cost, trace.network.L
        for j in range(trace.network.layers[last]):
            part = _part(cost, trace.value(Activation(last, j)), trace.value(Target(j)))
            found += [part] if np.isfinite(part) else []
    return max(found)


def _part(cost: CostFunction, a: float, y: float) -> float:
    with np.errstate(all="ignore"):
        return abs(float(cost.value(np.array([a]), np.array([y]))))


def checkable_nudge(example: Example, k: int, step: float, *, into: int | None = None) -> LastLayerNudge:
    """The nudge of about this step whose shown changes come out of the outputs as they are shown, before and after.

    Of the steps from half of it to half as much again, the roundest and nearest one; if none will do, the step.

    >>> from backprop_math import load_example
    >>> checkable_nudge(load_example("two_outputs"), 0, 0.2).by
    0.15
    """
    trace, hundredths = example.trace(), round(100 * step)
    every = range(hundredths // 2, hundredths + hundredths // 2 + 1)
    tried = sorted(every, key=lambda n: (n != hundredths, n % 5 != 0, abs(n - hundredths)))
    nudges = (LastLayerNudge(example, k, n / 100, into=into) for n in tried)
    return next((nudge for nudge in nudges if _comes_out(trace, nudge)), LastLayerNudge(example, k, step, into=into))


def _comes_out(trace: BackwardPass, nudge: LastLayerNudge) -> bool:
    cost, decimals = trace.network.cost, neuron_decimals(trace)
    for j in drawn_of(trace.network.layers[-1]):
        y = _desired(trace.value(Target(j))).shown_value()
        ends = (Number(at.value(Activation(trace.network.L, j)), decimals) for at in map(nudge.at, (0.0, 1.0)))
        before, after = (_part(cost, end.shown_value(), y) for end in ends)
        change = _amount(nudge.changes[j])
        if not abs(after - before - change.shown_value()) < 0.5 * 10.0**-change.decimals:
            return False
    return True


class CostTermAreas:
    """The last two layers at the left of a panel, an area for each output drawn, and by how much its term moves.

    ``still`` is what is there before the nudge, ``targets`` what the outputs should be; ``outlines`` keep the areas as
    they were, ``changes`` are the numbers. ``moved`` says of every output, drawn or not, by how much its term moves,
    ``largest`` is the largest term of all panels that are compared: they have one scale.
    """

    def __init__(
        self,
        trace: BackwardPass,
        notation: Notation,
        names: Naming,
        moved: Sequence[float],
        room: tuple[float, float],
        *,
        largest: float,
    ) -> None:
        network, left = trace.network, room[0]
        self.L, self.moved, self.room = network.L, moved, room
        self.diagram = NetworkDiagram(
            network, width=_OUTPUTS - _RADIUS, height=2 * _PITCH, radius=_RADIUS, v_buff=_PITCH, most=_MOST,
            decimals=neuron_decimals(trace),
            places={network.L - 1: left + _RADIUS + 0.05, network.L: left + _OUTPUTS},
        ).shift(_MIDDLE * UP).show(trace)  # fmt: skip
        terms, width = cost_terms(trace, notation), room[1] - left - _NUMBERS
        self.areas, self.outlines, self.links = VGroup(), VGroup(), VGroup()
        self.names, self.changes, self.targets = VGroup(), VGroup(), VGroup()
        for neuron in self.outputs:
            j, y = int(neuron.quantity.j), float(neuron.get_y())
            area = CostTermArea(trace, j, largest)
            area.move_to([left + _AREAS, y - _SIDE / 2, 0], aligned_edge=DOWN + LEFT)
            self.areas.add(area)
            self.outlines.add(_outline(area.shape))
            start, end = neuron.get_right()[0] + 0.06, left + _AREAS - 0.08
            self.links.add(
                Arrow([start, y, 0], [end, y, 0], buff=0, stroke_width=3, tip_length=0.14, color=theme.arrow)
            )
            change = _change(self.moved[j], width)
            change.move_to([left + _NUMBERS, y - 0.32, 0], aligned_edge=LEFT)
            name: TextMobject = fitted(terms[j].symbols, width=width, height=0.62, font_size=36)
            if name.font_size < MIN_FONT_SIZE:
                name = fitted_prose(names.output(j), width=width, color=theme.secondary)
            name.move_to([left + _NUMBERS, y + 0.3, 0], aligned_edge=LEFT)
            self.names.add(name)
            self.targets.add(_target(trace, notation, neuron))
            self.changes.add(change)
        self.still = VGroup(self.diagram, self.links, self.areas, self.names, self.targets)

    @property
    def outputs(self) -> Sequence[Neuron]:
        """The outputs drawn, from the top."""
        return list(self.diagram.layer(self.L))

    @property
    def followers(self) -> list[Mobject]:
        """What follows a nudge of the last layer: its outputs, and the areas."""
        return [*self.outputs, *self.areas]

    def dim(self) -> list[Dim]:
        """The light goes off the terms that do not move."""
        places = [place for place, neuron in enumerate(self.outputs) if not self.moved[int(neuron.quantity.j)]]
        parts = (self.areas, self.names, self.links, self.targets)
        return [Dim(*seen(*(part[place] for part in parts))) for place in places]

    def label(self, symbol: Formula, by: Number) -> VGroup:
        """What is nudged, and by how much, above the panel."""
        amount = Prose(by.text() if by.value < 0 else f"+{by.text()}", font_size=32, color=theme.highlight)
        row = VGroup(symbol, amount.next_to(symbol, RIGHT, buff=0.22))
        amount.set_y(symbol.get_y())
        return row.move_to([self.room[0] + 0.05, _MIDDLE + _PITCH + 0.86, 0], aligned_edge=LEFT)


def desired_output(trace: BackwardPass, notation: Notation, neuron: Neuron) -> Formula:
    """What an output should be, as ``y_j = 1``."""
    y = Target(neuron.quantity.j)
    number = _desired(trace.value(y))
    return Formula(Relation((notation.symbol(y), number), ("=" if number.exact else "≈",)), font_size=28)


def _desired(value: float) -> Number:
    return Number(value, fewest_decimals(value, 0, 2))


def _target(trace: BackwardPass, notation: Notation, neuron: Neuron) -> VGroup:
    """What the output should be, below it; nothing, where that has no room beside the area."""
    wish, room = desired_output(trace, notation, neuron), _AREAS - _OUTPUTS - 0.15
    wish.fit(room).next_to(neuron, DOWN, buff=0.06).set_x(neuron.get_x(), direction=LEFT)  # lines come from the left
    return VGroup(wish) if wish.width <= room + 1e-6 else VGroup()


def _outline(shape: Rectangle) -> DashedVMobject:
    edge = Rectangle(width=shape.width, height=shape.height, stroke_width=2, stroke_color=theme.ink).move_to(shape)
    return DashedVMobject(edge, num_dashes=max(8, int(12 * (shape.width + shape.height))))


def _amount(change: float) -> Number:
    return Number(change, decimals_for(change, 3) if change else 0)


def _change(value: float, width: float) -> Formula:
    """Δ and by how much."""
    number = _amount(value)
    delta = Symbol("Delta", quantity=Cost())
    sides, signs = (
        ((delta, Nothing(), number), ("≈", "+")) if value > 0 else ((delta, number), ("≈" if value else "=",))
    )
    return Formula(Relation(sides, signs), font_size=36).fit(width)
