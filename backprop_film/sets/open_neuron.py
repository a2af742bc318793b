"""`OpenNeuron`: the last neuron of a chain opened into z and a, and all that it is made of, with room for values.

In a scene::

    neuron = OpenNeuron(trace, notation, shown_numbers(trace, notation))
    self.add(neuron, neuron.values)
    self.play(*neuron.light(LayerQuantities(3).path))
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from itertools import product

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Mobject, VGroup
from manim import RoundedRectangle as Rounded

from backprop_math import Activation, BackwardPass, Notation, Number, Quantity, Relation, WeightedSum
from backprop_math.formula import decimals_for, relation_sign

from ..kit.axis import Axis, AxisDot
from ..kit.computation_tree import ComputationTree
from ..kit.extents import near
from ..kit.fitted import fitted_prose
from ..kit.formula import Formula
from ..kit.readout import Readout
from ..kit.spans import nice_span
from ..kit.theme import theme
from .single_neurons import LayerQuantities

__all__ = [
    "FORMULA_LEFT",
    "FORMULA_Y",
    "ROWS",
    "EarlierNeurons",
    "OpenNeuron",
    "capsule",
    "in_numbers",
    "shown_numbers",
]

#: The heights of w, z, a and C, each of which has its number line.
ROWS = (2.1, 1.0, -0.1, -1.37)
#: A formula below the tree: its middle, and its left end, clear of what is given at the left of the neuron.
FORMULA_Y, FORMULA_LEFT = -2.42, -4.75
_X, _GIVEN_X = -3.2, -5.45
_APART = 3.2  # neurons side by side
_DROP = 0.38  # from a symbol's middle to that of its value
_LINE, _BELOW_LINE = 0.52, 0.74  # to that of a short line, and to that of a value under it
_DIGIT, _END = 0.13, 0.35  # a digit's width, and the widest name of an end that has room
_BESIDE = 0.74  # a value that is wider has no room between its symbol and the number line
#: Decimals that are tried for what is calculated: four, or nearly.
_DECIMALS = (4, 3, 5, 2, 6, 7, 8)


def shown_numbers(trace: BackwardPass, notation: Notation) -> dict[Quantity, Number]:
    """The numbers of the last neuron, one rounding for each wherever it is shown, so that the definitions add up.

    >>> from backprop_math import load_example
    >>> example = load_example("simplest")
    >>> numbers = shown_numbers(example.trace(), Notation(example.network))
    >>> [number.shown for number in numbers.values()]
    ['1.80', '0.4800', '-0.21', '0.6540', '0.6579', '1', '0.1170']
    """
    q = LayerQuantities(trace.network.L)
    given = {q.w, q.b, q.y} | ({q.previous} if q.layer == 1 else set())
    calculated: list[Quantity] = [x for x in (q.previous, q.z, q.a, q.cost) if x not in given]

    @cache
    def number(x: Quantity, decimals: int) -> Number:
        # The weight is nudged: with two decimals it is seen to glide.
        least = (2 if x == q.w else 0) if x in given else decimals
        return Number(trace.value(x), decimals_for(trace.value(x), least, given=x in given), x)

    @cache
    def adds_up(x: Quantity, decimals: tuple[tuple[Quantity, int], ...]) -> bool:
        return _worked(notation, x, {y: number(y, dict(decimals).get(y, 0)) for y in q.tree}).adds_up()

    tries = sorted(product(_DECIMALS, repeat=len(calculated)), key=lambda tried: sum(abs(one - 4) for one in tried))
    for tried in tries:
        decimals = dict(zip(calculated, tried, strict=True))
        links = ((q.z, (q.previous, q.z)), (q.a, (q.z, q.a)), (q.cost, (q.a, q.cost)))
        if all(adds_up(x, tuple((y, decimals[y]) for y in ends if y in decimals)) for x, ends in links):
            break
    else:
        decimals = dict.fromkeys(calculated, 4)
    return {x: number(x, decimals.get(x, 0)) for x in q.tree}


def in_numbers(notation: Notation, quantity: Quantity, numbers: Mapping[Quantity, Number]) -> Relation:
    """A definition with these numbers, and the result: ``z ≈ 1.8 · 0.4800 − 0.21 ≈ 0.6540``.

    Where the digits shown do not give it (1 − 0.9999999998, say), the result alone.
    """
    worked = _worked(notation, quantity, numbers)
    return worked if worked.adds_up() else Relation((worked.sides[0], worked.sides[-1]), (worked.signs[-1],))


def _worked(notation: Notation, quantity: Quantity, numbers: Mapping[Quantity, Number]) -> Relation:
    definition = notation.definition(quantity)
    formula = definition.sides[-1].substitute(lambda symbol: numbers[symbol.quantity] if symbol.quantity else None)
    signs = (relation_sign(formula), relation_sign(numbers[quantity]))
    return Relation((definition.sides[0], formula, numbers[quantity]), signs)


class OpenNeuron(ComputationTree):
    """The tree of the last neuron at the left of the stage, z and a in a ``capsule``, as w, z, a, C stand in `ROWS`.

    ``values`` are numbers under the symbols, those of w and C beside them where they are short; ``givens`` are short
    lines under what is not on the path from the weight to the cost. They are not added at first. ``value(q)`` is the
    number of a quantity.
    """

    def __init__(self, trace: BackwardPass, notation: Notation, numbers: Mapping[Quantity, Number]) -> None:
        self.q = q = LayerQuantities(trace.network.L)
        places: dict[Quantity, tuple[float, float]] = {x: (_X, y) for x, y in zip(q.path, ROWS, strict=True)}
        places |= {q.previous: (_GIVEN_X, ROWS[0] + 0.25), q.b: (_GIVEN_X, ROWS[1]), q.y: (_GIVEN_X, ROWS[3])}
        self._values = {
            x: Readout(
                number.value,
                x,
                decimals=number.decimals,
                font_size=theme.tick_size,
                color=theme.ink if x in q.path else theme.secondary,
            )
            for x, number in numbers.items()
        }
        # The cost where one more digit before it has room, too: it grows to the left.
        grows = {q.w: 0.0, q.cost: _DIGIT if trace.value(q.cost) >= 1 else 0.0}
        beside = {x for x, more in grows.items() if self._values[x].width + more <= _BESIDE}
        room = {x: 0.2 for x in q.path if x not in beside}
        super().__init__(trace.graph, notation, q.tree, places=places, font_size=42, room=room)
        self._lines: dict[Quantity, VGroup] = {}
        for x, number in self._values.items():
            drop = _DROP
            if x not in q.path:
                self._lines[x] = self._line(x, trace.value(x))
                drop = _BELOW_LINE
            number.fit(1.2).move_to(self.node(x)).shift(drop * DOWN)
            number.set_y(self.node(x).get_y() - drop)
            if "e" in number.number.shown:  # an exponent reaches higher; below is an arrow, or above the end of a line
                digits = Readout(0.0, decimals=1, font_size=number.font_size)
                number.shift((number.height - digits.height) / 2 * (UP if x in q.path else DOWN))
            if x in self._lines:  # under its dot
                room = (1.25 - number.width) / 2
                aside = self._lines[x][1].get_x() - number.get_x()
                number.shift(min(room, max(-room, aside)) * RIGHT)
            if x in beside:  # so that the arrow under the symbol is free
                number.next_to(self.node(x), RIGHT, buff=0.1 + grows[x]).set_y(self.node(x).get_y())
        self.capsule = capsule(self, q.layer, *(self._values[x] for x in (q.z, q.a)))
        self.add_to_back(self.capsule)
        self.values = VGroup(*self._values.values())
        self.givens = VGroup(*self._lines.values())

    def _line(self, quantity: Quantity, value: float) -> VGroup:
        """A short line with ticks at its ends, where 0 and 1 are, or −1 and 0, if that holds it; the dot at the value.

        An end says what it is, where that has room, and is not said of the value under the dot.
        """
        span = nice_span(value, math.copysign(1.0, value))
        axis = Axis(span, length=0.82, ticks=span, labels=())
        axis.move_to(self.node(quantity)).shift(_LINE * DOWN + 0.08 * LEFT)
        arrows = [np.linspace(arrow.get_start(), arrow.get_end(), 60) for arrow in self.arrows_into(self.q.z)]
        for end, side in zip(span, (LEFT, RIGHT), strict=True):
            number = Number(end, decimals_for(end, 0, given=True))
            name = Formula(number, font_size=theme.tick_size, color=theme.secondary)
            name.next_to(axis.line, side, buff=0.13)
            if name.width < _END and end != value and not any(near(name, arrow, 0.055) for arrow in arrows):
                axis.add(name)
        return VGroup(axis, AxisDot(axis, value, radius=0.08, color=theme.colour(quantity)))

    def value(self, quantity: Quantity) -> Readout:
        """The number under a symbol."""
        return self._values[quantity]

    def line(self, quantity: Quantity) -> VGroup:
        """The short line of a quantity that is not on the path: its axis, and the dot."""
        return self._lines[quantity]


def capsule(tree: ComputationTree, layer: int, *numbers: Mobject) -> Rounded:
    """The outline of a neuron that has opened, around its weighted sum and its activation, and their ``numbers``."""
    both = VGroup(tree.node(WeightedSum(layer, 0)), tree.node(Activation(layer, 0)))
    scale = both.height / (ROWS[1] - ROWS[2])
    shape = Rounded(
        width=max(both.width + 0.45 * scale, *(number.width + _around(number) for number in numbers), 0.0),
        height=both.height + 0.62 * scale,
        corner_radius=0.45 * scale,
        stroke_color=theme.secondary,
        stroke_width=2.5,
        fill_color=theme.surface,
        fill_opacity=1,
    )
    return shape.move_to(both).shift(0.12 * scale * DOWN)


def _around(number: Mobject) -> float:
    """What a capsule is wider than a number: a long one is near 0, and may get a minus."""
    return 0.5 if number.width < 0.8 else 0.9


class EarlierNeurons(ComputationTree):
    """An opened neuron, ``tree``, again, and so many neurons before it (``count``), opened likewise, side by side.

    ``last`` is what both show, and the activation before it; ``kept`` are pairs of it, from the tree, for `Compose`.
    ``capsules`` are those of the neurons before, the nearest first, ``inside`` what is in and around each of them.
    """

    def __init__(self, tree: OpenNeuron, trace: BackwardPass, notation: Notation, count: int) -> None:
        q = tree.q
        places: dict[Quantity, tuple[float, float]] = {q.cost: (0.0, ROWS[3]), q.y: (-1.7, ROWS[3])}
        for back in range(count + 1):
            link, x = LayerQuantities(q.layer - back), -_APART * back
            places |= {link.w: (x, ROWS[0]), link.z: (x, ROWS[1]), link.a: (x, ROWS[2])}
            places[link.b] = (x - 1.5, ROWS[1] + 0.42)
        places[LayerQuantities(q.layer - count).previous] = (-_APART * count - 2.2, ROWS[2])
        super().__init__(trace.graph, notation, places, places=places, font_size=42)
        first, *capsules = [capsule(self, q.layer - back) for back in range(count + 1)]
        self.add_to_back(first, *capsules)
        self.scale(0.9).move_to([0, 0.15, 0])
        shared = tree.shared(self)
        self.kept = [(tree.capsule, first), *shared]
        self.last, self.capsules, self.inside = VGroup(*(part for _, part in self.kept)), capsules, []
        shown = {id(part) for part in self.last}
        for back in range(1, count + 1):
            link = LayerQuantities(q.layer - back)
            parts = [*self.arrows_into(link.a), *self.arrows_into(link.z), *(self.node(x) for x in link.tree[:4])]
            self.inside.append(VGroup(*(part for part in parts if id(part) not in shown)))
        self.first, self._trace = LayerQuantities(q.layer - count).previous, trace

    def source(self, name: str) -> VGroup:
        """What the first activation is, where it is the input: its value and its ``name``, below its symbol."""
        if self.first.layer != 0:
            return VGroup()
        value = self._trace.value(self.first)
        number = Formula(Number(value, decimals_for(value, 2, given=True), self.first), font_size=30)
        name_of = fitted_prose(name, width=2.2, font_size=theme.tick_size, color=theme.secondary)
        return VGroup(number, name_of).arrange(DOWN, 0.12).next_to(self.node(self.first), DOWN, buff=0.2)
