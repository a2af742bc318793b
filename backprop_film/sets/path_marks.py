"""`PathMarks`: the factors of the paths through the last layer, each where it lives: pinned, beside, on its edge.

In a scene::

    stage = LastLayersStage(trace, notation, Naming(example))
    marks = PathMarks(stage, PathFigures(trace, notation, j=1, k=0, outputs=stage.outputs))
    self.add(stage.front, stage.cost, *marks.arrows(0))
    self.play(FadeIn(marks.pinned(0)), FadeIn(marks.slope(0)), FadeIn(marks.weight(0)))
    for moves in marks.walk(1):                           # one after the other
        self.play(*moves)
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Arrow,
    FadeIn,
    FadeOut,
    GrowArrow,
    Mobject,
    VGroup,
    smooth,
    squish_rate_func,
)

from backprop_math import Expression
from backprop_math.formula import inside

from ..kit.extents import boundary, near
from ..kit.fitted import fitted_prose
from ..kit.formula import Formula, continued
from ..kit.motion import seen
from ..kit.neuron import Neuron
from ..kit.paths import EdgeLabel
from ..kit.pinned_number import PinnedNumber
from ..kit.texts import Prose
from ..kit.theme import MIN_FONT_SIZE, theme
from .last_layers_stage import LastLayersStage
from .path_figures import PathFigures

__all__ = ["PathMarks", "narrow_pin"]

_LEVEL, _AIR = 0.1, 0.06
_BESIDE = 0.68  # of the cost's middle: where it is calculated how it reacts
_FROM, _OVER = 0.32, 0.3  # of an output: what stands beside it, clear of its edge to the cost
_BETWEEN = 0.52
_PLATE = 1.05  # of a pinned number: wider ones are smaller
_SIZES = (29, 25, MIN_FONT_SIZE)  # of a label on its edge
_PLACES = (0.5, 0.44, 0.38, 0.32, 0.26, 0.56, 0.62, 0.68)  # of a label on its edge


def narrow_pin(number: Expression, neuron: Neuron, **how: Any) -> PinnedNumber:
    """A number pinned on a neuron, smaller where it is long: edges, and what stands at them, leave no more room."""
    pinned = PinnedNumber(number, neuron, **how)
    if (over := pinned.formula.width / _PLATE) <= 1.0:
        return pinned
    return PinnedNumber(number, neuron, **how, font_size=max(MIN_FONT_SIZE, 32 / over))


class PathMarks:
    """For the path from neuron k through output ``j``, where the stage is now; each call makes new mobjects.

    ``left`` is what walks have left on the stage.
    """

    def __init__(self, stage: LastLayersStage, figures: PathFigures) -> None:
        self.stage, self.figures = stage, figures
        self.left = VGroup()

    def pinned(self, j: int) -> PinnedNumber:
        """What the output carries, ∂C/∂a_j, on a plate; in the lowest row beside the way that leads up from there."""
        stage, output = self.stage, self.stage.output(j)
        lower = stage.below(output)
        aside = 0.35 if stage.lower(output) and not lower else 0.0
        number = self.figures.number(*self.figures.behind(j))
        return narrow_pin(number, output, lower=lower, aside=aside)

    def slope(self, j: int) -> VGroup:
        """The slope, beside the output, clear of its edge to the cost; nothing where it is part of what is carried, or
        has no room.
        """
        if self.figures.at_once:
            return VGroup()
        output = self.stage.output(j)
        number = Formula(self.figures.number(*self.figures.factors(j)[0]), font_size=28)
        over = float(output.get_y() - self.stage.cost.symbol.get_y())
        if abs(over) <= _LEVEL and number.fit(_BETWEEN).width > _BETWEEN + 0.1:  # the edges to the cost close in on it
            return VGroup()
        label = VGroup(number)
        if abs(over) > _LEVEL:  # else the edges to the cost leave no room for the word
            word = Prose("slope", font_size=23, color=theme.secondary)
            label.add(word.next_to(number, LEFT, buff=0.12).on_baseline(number.baseline))
        y, buff = (_OVER, _FROM) if over > _LEVEL else (-_OVER, _FROM) if over < -_LEVEL else (-0.24, 0.1)
        label.move_to([0, output.get_y() + y, 0])
        return label.align_to([output.circle.get_right()[0] + buff, 0, 0], LEFT)

    def reaction(self, j: int, *, beside: bool = True) -> VGroup:
        """Where the carried number comes from, ``2(0.455 − 1.00) ≈ −1.090``, at the cost; nothing without room.

        It may be ``beside`` the output, where the slope comes to stand.
        """
        relation, cost = self.figures.reactions.get(j), self.stage.cost.symbol
        carried = inside(self.figures.number(*self.figures.behind(j)))
        if relation is None or len(relation.sides) < 3 or inside(relation.sides[-1]).text() != carried.text():
            return VGroup()
        line = Formula(continued(relation), font_size=28)
        line = VGroup(*(glyph for glyph in line if glyph is not line.sign(0)[0]))  # no sign has to lead it
        output = self.stage.output(j)
        over = float(output.get_y() - cost.get_y())
        down = -1 if over < -_LEVEL else 1
        places = [(float(cost.get_left()[0]), cost.get_y() + down * _BESIDE)]
        if beside and abs(over) > _LEVEL:  # else beside the output, over its edge to the cost, or under it
            places.append((float(output.circle.get_right()[0]) + _FROM, output.get_y() + down * _OVER))
        # As large as it can be: two of them say the same kind of thing.
        sized = [(min(1.0, (theme.safe.right - 0.05 - left) / line.width), left, y) for left, y in places]
        scale, left, y = max(sized, key=lambda place: place[0])
        return line.scale(scale).move_to([left, y, 0], aligned_edge=LEFT) if 28 * scale >= MIN_FONT_SIZE else VGroup()

    def name(self, j: int) -> VGroup:
        """What the output is called, beside its pinned number; nothing where it has no room."""
        if len(self.stage.outputs) != 2:
            return VGroup()
        pinned = self.pinned(j)
        room = theme.safe.right - 0.05 - pinned.get_right()[0] - 0.15
        text = fitted_prose(self.stage.names.output(j), width=min(1.6, room), font_size=24, color=theme.secondary)
        text.next_to(pinned[1], RIGHT, buff=0.15)
        edge = self.stage.cost.edge(j)
        return VGroup() if near(text, np.linspace(edge.get_start(), edge.get_end(), 60), _AIR) else VGroup(text)

    def weight(self, j: int) -> VGroup:
        """The weight, in a gap of its edge: in the middle, or nearer to neuron k where a wide plate is in the way.

        Nothing, where a long number would lie on another edge, or on a neuron, everywhere.
        """
        edges = {i: self.stage.diagram.edge(self.stage.L, i, self.figures.k) for i in self.stage.outputs}
        edge, plate = edges.pop(j), self.pinned(j)
        ways = [np.linspace(one.get_start(), one.get_end(), 60) for one in edges.values()]
        ends = [self.stage.output(i) for i in self.stage.outputs] + [
            self.stage.diagram.neuron(self.stage.L - 1, self.figures.k)
        ]
        taken = np.concatenate([*ways, *(boundary(neuron.circle) for neuron in ends)])
        number = self.figures.number(*self.figures.first(j))
        for size, place in product(_SIZES, _PLACES):
            label = EdgeLabel(number, edge, place=place, font_size=size)
            if not _near(label, plate) and not near(label, taken, _AIR):
                return label
        return VGroup()

    def arrows(self, j: int) -> list[Arrow]:
        """Back from the cost to the output, and from there to the neuron."""
        edges = (self.stage.cost.edge(j), self.stage.diagram.edge(self.stage.L, j, self.figures.k))
        return [
            Arrow(edge.get_end(), edge.get_start(), buff=0.03, stroke_width=4, tip_length=0.18).set_color(
                theme.highlight
            )
            for edge in edges
        ]

    def walk(self, j: int) -> Iterator[list[Animation]]:
        """Moves: the number leaves the cost and lands on the output; the slope; an arrow to the neuron; the weight."""
        pinned, slope, weight, arrows = self.pinned(j), self.slope(j), self.weight(j), self.arrows(j)
        name = self.name(j)
        flies = FadeIn(pinned, target_position=self.stage.cost.symbol, scale=0.5, run_time=1.1)
        *calculated, lands = self.lands(j, flies)
        yield from calculated
        yield [GrowArrow(arrows[0], run_time=1.1), *lands]
        if len(name):
            yield [FadeIn(name, run_time=0.4)]
        if len(slope):
            yield [FadeIn(slope, shift=0.1 * LEFT, run_time=0.6)]
        yield [GrowArrow(arrows[1], run_time=0.7)]
        if len(weight):
            yield [FadeIn(weight, scale=0.7, run_time=0.5)]
        self.left.add(*arrows, *seen(weight), pinned, *seen(slope), *name)

    def lands(self, j: int, comes: Animation, *, beside: bool = True) -> list[list[Animation]]:
        """What output j carries is calculated at the cost, or ``beside``, before it ``comes`` to where it is pinned."""
        reaction = self.reaction(j, beside=beside)
        if not len(reaction):
            return [[comes]]
        up = UP if reaction.get_y() < self.stage.cost.symbol.get_y() else DOWN
        # It has gone before the number flies over its place.
        goes = FadeOut(reaction, run_time=1.0, rate_func=squish_rate_func(smooth, 0.7, 1.0))
        return [[FadeIn(reaction, shift=0.1 * up, run_time=1.4)], [goes], [comes]]


def _near(one: Mobject, other: Mobject) -> bool:
    """Whether one's box comes closer to the other's than the air between them."""
    distance = abs(one.get_center() - other.get_center())
    return bool(
        distance[0] < (one.width + other.width) / 2 + _AIR and distance[1] < (one.height + other.height) / 2 + _AIR
    )
