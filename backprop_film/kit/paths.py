"""Paths through a network diagram: which parts a path goes through, lit while the rest is dim, and what it collects.

In a scene::

    cost = CostNode(trace, notation, diagram)
    parts = path_parts([Weight(2, 1, 0), WeightedSum(2, 1), Activation(2, 1), Cost()], diagram, cost)
    self.play(FadeIn(diagram, cost))
    self.play(Light([diagram, cost], parts))
    self.play(travelling_light(parts))                        # a light runs along it; backward=True: from the cost
    self.play(Light([diagram, cost], []))           # everything dim
    self.play(Unlight(diagram, cost))               # everything as it was
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from manim import (
    RIGHT,
    Animation,
    Line,
    ManimColor,
    Mobject,
    Rectangle,
    ShowPassingFlash,
    Succession,
    VGroup,
)

from backprop_math import Activation, Cost, Expression, Notation, Quantity, Relation, Target, Trace, Weight, WeightedSum

from .formula import Formula
from .network_diagram import NetworkDiagram
from .neuron import Neuron
from .theme import theme

__all__ = ["CostNode", "EdgeLabel", "Light", "Unlight", "path_parts", "place_by_neuron", "travelling_light"]

#: What is lit is drawn at least this wide.
_WIDE = 5.0
#: How visible the lines are that are dimmed; they are thin, so more than what is filled.
_FAINT = 0.55
#: A target of so much has no decimals.
_LARGE = 100.0
#: A text whose colour changes by more than this turns from white to black.
_TURN = 0.9


class CostNode(VGroup):
    """The cost to the right of a diagram's outputs: ``symbol``, and an edge from each of them, ``edge(j)``.

    ``desired(j)`` is the desired output, above its neuron, or below it in the lower half; it is not among
    the node's own parts, so that it can come later or not at all.

        cost = CostNode(trace, notation, diagram)
        self.play(FadeIn(diagram, cost, cost.targets))
    """

    def __init__(
        self,
        trace: Trace,
        notation: Notation,
        diagram: NetworkDiagram,
        *,
        font_size: float = 53.76,
        buff: float = 1.35,
    ) -> None:
        super().__init__()
        outputs: list[Neuron] = list(diagram.layer(diagram.network.L))
        last = VGroup(*outputs)
        self.symbol = Formula(notation.symbol(Cost()), font_size=font_size).next_to(last, RIGHT, buff=buff)
        self._edges: dict[Any, Line] = {}
        self._targets: dict[Any, EdgeLabel] = {}
        end = self.symbol.get_left() + 0.14 * np.array([-1.0, 0, 0])
        for row, neuron in enumerate(outputs):
            j, centre = neuron.quantity.j, neuron.get_center()
            # The edges end one above the other, so that each of them is seen to arrive.
            spread = 0.09 * ((len(outputs) - 1) / 2 - row)
            at = end + np.array([0.0, spread, 0.0])
            along = (at - centre) / np.linalg.norm(at - centre)
            edge = Line(centre + along * neuron.width / 2, at, stroke_width=2.5, color=theme.arrow)
            self._edges[j] = edge
            decimals = 2 if abs(trace.value(Target(j))) < _LARGE else 0
            target = EdgeLabel(
                Relation((notation.symbol(Target(j)), notation.number(Target(j), trace, decimals))), font_size=30.72
            )
            self._targets[j] = target
            place_by_neuron(target, neuron, lower=row > (len(outputs) - 1) / 2, aside=len(outputs) == 1)
        self.targets = VGroup(*self._targets.values())
        self.add(*self._edges.values(), self.symbol)

    def edge(self, j: Any) -> Line:
        """The edge from output ``j``."""
        return self._edges[j]

    def desired(self, j: Any) -> EdgeLabel:
        """``y_j`` and its value, on a plate."""
        return self._targets[j]


def place_by_neuron(
    label: EdgeLabel, neuron: Neuron, *, lower: bool, aside: bool = False, buff: float = 0.01
) -> EdgeLabel:
    """Put a label right above a neuron, or below it, where no edge runs; ``aside`` where edges come from above, too."""
    y = neuron.circle.height / 2 + buff + label.height / 2
    x = label.width / 2 - 0.1 * neuron.circle.width if aside else 0.05
    return label.move_to(neuron.circle.get_center() + np.array([x, -y if lower else y, 0.0]))


class EdgeLabel(VGroup):
    """A small formula on an edge, on a plate that keeps the edges behind it away; ``formula`` is what is read.

    ``place`` is where along the edge: 0 at its start, 1 at its end.
    """

    def __init__(
        self,
        expression: Expression,
        edge: Mobject | None = None,
        *,
        place: float = 0.5,
        font_size: float = 30.72,
        color: str | None = None,
    ) -> None:
        self.formula = Formula(expression, font_size=font_size, color=color, plain=color is not None)
        plate = Rectangle(
            width=self.formula.width + 0.1,
            height=self.formula.height + 0.08,
            stroke_width=0,
            fill_color=theme.background,
            fill_opacity=1,
        ).move_to(self.formula)
        plate.plate = True
        super().__init__(plate, self.formula)
        if edge is not None:
            start, end = edge.get_start(), edge.get_end()
            self.move_to(start + place * (end - start))


def path_parts(path: Sequence[Quantity], diagram: NetworkDiagram, cost: CostNode | None = None) -> list[Mobject]:
    """The edges and neurons that a path of quantities goes through, in its order; what is not drawn is left out."""
    parts: list[Mobject] = []
    for cause, effect in pairwise(path):
        match cause, effect:
            case Weight(layer, j, k), WeightedSum():
                parts += [diagram.edge(layer, j, k)] if diagram.draws(cause) else []
            case Activation(), WeightedSum(layer, j):
                parts += [diagram.neuron(cause.layer, cause.j)] if diagram.draws(cause) else []
                between = Weight(layer, j, cause.j)
                parts += [diagram.edge(layer, j, cause.j)] if diagram.draws(between) else []
            case Activation(), Cost() if cost is not None:
                drawn = diagram.draws(cause)
                parts += [diagram.neuron(cause.layer, cause.j), cost.edge(cause.j), cost.symbol] if drawn else []
    return parts


def travelling_light(
    parts: Iterable[Mobject], *, backward: bool = False, seconds: float = 0.45, color: str | None = None
) -> Succession:
    """A light that runs along the edges among the parts of a path, one after the other; violet if it runs back."""
    edges = [part for part in parts if not isinstance(part, Neuron | Formula)]
    flashes = []
    for edge in reversed(edges) if backward else edges:
        start, end = edge.get_start(), edge.get_end()
        light = Line(*((end, start) if backward else (start, end)), stroke_width=5)
        light.set_color(color or (theme.highlight if backward else theme.ink))
        flashes.append(ShowPassingFlash(light, time_width=0.7, run_time=seconds))
    return Succession(*flashes)


class Light(Animation):
    """Of ``whole``, lights what is ``lit`` in the highlight colour, leaves what is ``plain``, and dims the rest.

    Strokes take the highlight colour, texts keep theirs. From any earlier light it goes straight to this
    one: what was lit before and is not now becomes dim. A filled shape stays opaque, so that nothing behind
    it is seen when it dims; plates are left alone.
    """

    def __init__(
        self, whole: Iterable[Mobject], lit: Iterable[Mobject], plain: Iterable[Mobject] = (), **animation: Any
    ) -> None:
        self.whole = list(whole)
        self._lit, self._plain = _drawn(lit), _drawn(plain)
        super().__init__(VGroup(*self.whole), **{"run_time": 0.7, **animation})

    def create_starting_mobject(self) -> Mobject:
        """No copy is needed: the looks at the start and at the end are kept instead."""
        lit, plain = {id(part) for part in self._lit}, {id(part) for part in self._plain}
        bright, ground = ManimColor(theme.highlight).to_rgb(), ManimColor(theme.background).to_rgb()
        self._looks = []
        for part in _drawn(self.whole):
            now = (part.stroke_rgbas.copy(), part.fill_rgbas.copy(), part.stroke_width)
            # What has never been lit or dimmed, or shows another value since, has its own look now.
            own = getattr(part, "own_look", None) or now
            if not getattr(part, "dimmed", False):
                own = (own[0], now[1], own[2])
            part.own_look = own
            strokes, fills, width = own[0].copy(), own[1].copy(), own[2]
            dims = id(part) not in lit and id(part) not in plain and not getattr(part, "plate", False)
            if dims:
                strokes[:, 3] *= _FAINT
                if width > 0 and fills[:, 3].min() > 0.9:
                    fills[:, :3] = ground + theme.dim * (fills[:, :3] - ground)
                else:
                    fills[:, 3] *= theme.dim
                    if fills[:, :3].max() < 0.2:  # black on what was bright would not be seen on what is dim now
                        fills[:, :3] = 1.0
            elif id(part) in lit and width > 0:
                strokes[:, :3] = bright
                if fills[:, 3].max() < 0.5:  # a line; a neuron's ring stays clear of its number
                    width = max(width, _WIDE)
            part.dimmed = dims
            # A number that turns from white to black, or back, does so at once, half-way: grey on grey would be lost.
            turns = bool(np.abs(fills[:, :3] - now[1][:, :3]).max(initial=0.0) > _TURN) and width == 0
            self._looks.append((part, now, (strokes, fills, width), turns))
        return Mobject()

    def interpolate(self, alpha: float) -> None:
        """Set the looks in between."""
        t = self.rate_func(min(1.0, max(0.0, alpha)))
        for part, start, end, turns in self._looks:
            part.stroke_rgbas = start[0] + t * (end[0] - start[0])
            part.fill_rgbas = start[1] + t * (end[1] - start[1])
            if turns:
                part.fill_rgbas[:, :3] = (end if t >= 0.5 else start)[1][:, :3]
            part.stroke_width = start[2] + t * (end[2] - start[2])


class Unlight(Light):
    """Gives everything its own look back."""

    def __init__(self, *whole: Mobject, **animation: Any) -> None:
        super().__init__(whole, (), whole, **animation)


def _drawn(mobjects: Iterable[Mobject]) -> list[Any]:
    return [part for mobject in mobjects for part in mobject.family_members_with_points()]
