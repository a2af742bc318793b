"""`LongProduct`: a chain of single neurons in a row, the whole product for its first weight, and what becomes of it.

In a scene::

    product = LongProduct(long_chain(example))
    self.add(product.row)
    self.play(*product.step_back(product.last))
    self.play(FadeIn(product.pins[product.last]))
    self.play(product.spread())
    self.play(*product.drop(), run_time=1.6)
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    UP,
    Animation,
    FadeIn,
    FadeOut,
    Line,
    Mobject,
    ShowPassingFlash,
    Succession,
    Transform,
    VGroup,
)
from manim.utils.rate_functions import smooth, squish_rate_func

from backprop_math import (
    Activation,
    Cost,
    Example,
    Network,
    Notation,
    Number,
    Quantity,
    Relation,
    Weight,
    WeightedSum,
)
from backprop_math.formula import decimals_for, factor_name

from ..kit.extents import apart
from ..kit.fitted import fitted
from ..kit.formula import Formula
from ..kit.motion import Compose
from ..kit.network_diagram import NetworkDiagram
from ..kit.paths import CostNode
from ..kit.pinned_number import PinnedNumber
from ..kit.texts import Prose
from ..kit.theme import POINTS, theme
from .borrowed_functions import with_functions_of
from .path_counts import PathCounts, how_many
from .redone_product import redone_product
from .single_neurons import misfit_of_single_neurons

__all__ = ["LongProduct", "long_chain"]

#: The chapter's own chain.
_WEIGHTS, _BIASES, _INPUT, _TARGET = (1.6, -1.2, 1.9, 1.4, -1.7, 1.5), (0.2, 0.5, -0.9, -0.4, 0.8, -0.3), 0.9, 1.0
_ROW, _LEFT, _RIGHT, _RADIUS = 1.8, -5.9, 4.6, 0.36
_PRODUCT = -0.75
_EARLY, _LATE = squish_rate_func(smooth, 0.0, 0.45), squish_rate_func(smooth, 0.4, 1.0)
_FIRST, _THEN = squish_rate_func(smooth, 0.0, 0.7), squish_rate_func(smooth, 0.6, 1.0)
_LAST = squish_rate_func(smooth, 0.8, 1.0)
_AIR, _GAP = 0.1, 0.3
_STILL = 1e-6  # a shift that is none
_SIZES = (46.0, 42.0, 38.0, 34.0, 30.0, 26.0)


def long_chain(example: Example) -> Example:
    """The example, if it has one neuron a layer and several layers; else a chain of six layers with its functions.

    >>> from backprop_math import load_example
    >>> long_chain(load_example("xor")).network.layers, long_chain(load_example("several")).name
    ((1, 1, 1, 1, 1, 1, 1), 'several')
    """
    if example.network.L > 1 and misfit_of_single_neurons(example) is None:
        return example
    network = Network.from_arrays([[[w]] for w in _WEIGHTS], [[b] for b in _BIASES])
    own = Example("chain", "One neuron a layer", network, np.array([[_INPUT]]), np.array([[_TARGET]]))
    borrowed = with_functions_of(example, own)
    return own if misfit_of_single_neurons(borrowed) else borrowed


class LongProduct:
    """The chain as a ``row``; ``whole``, the product for the first weight in numbers; ``folded``, with three factors.

    ``pins`` are the numbers that are carried back, each at the neuron of its layer, where they have room; the first
    layer's is always there. ``counts`` and ``count(layer)`` say how many factors the product for a layer's weight has.
    """

    def __init__(self, example: Example) -> None:
        self.example, self.trace = example, example.trace()
        self.notation = notation = Notation(example.network)
        self.last = last = example.network.L
        self.counts = PathCounts(self.trace).factors
        places = dict(enumerate(np.linspace(_LEFT, _RIGHT, last + 1).tolist()))
        self.diagram = NetworkDiagram(example.network, radius=_RADIUS, places=places).shift(_ROW * UP)
        self.diagram.show(self.trace)
        self.cost = CostNode(self.trace, notation, self.diagram, font_size=44, buff=0.75)
        self.row = VGroup(self.diagram, self.cost)
        self.wrt = Weight(1, 0, 0)
        width = theme.safe.width - 0.6
        chain = self.trace.chain_rule(self.wrt, notation=notation)
        (path,) = chain.paths
        self.path: list[tuple[Quantity, Quantity]] = [(factor.of, factor.wrt) for factor in path.factors]
        self.behind = Cost(), Activation(1, 0)
        whole, folded, self._carried = redone_product(self.trace, notation, chain)
        self.whole = _in_lines(whole, width, 2.3)
        self.whole.move_to([theme.safe.left + 0.3, _PRODUCT, 0], aligned_edge=LEFT)
        self._slices = self._cut()
        self._home = {name: float(part.get_left()[0]) for name, part in self._slices.items()}
        self._rows = self._in_rows()
        self.folded = fitted(folded, width=width, height=1.2, font_size=54)
        self.folded.move_to([0, _PRODUCT, 0])
        self.folded.factor(*self.behind, side=1).set_fill(theme.highlight)
        self.pins = self._pinned()

    def _cut(self) -> dict[str, VGroup]:
        """The glyphs of each factor of the product that is shown, with its brackets and the dot behind it."""
        formula = self.whole
        glyphs = list(formula.submobjects)
        own = {name: self._place(name) for name in (factor_name(*ends) for ends in self.path)}
        starts = sorted((places[0], name) for name, places in own.items() if places)
        product = formula.side(1).submobjects
        first, after = glyphs.index(product[0]), glyphs.index(product[-1]) + 1
        high = max(glyph.height for glyph in product)
        cuts = []
        for start, name in starts:
            while start > first and glyphs[start - 1].height > 0.5 * high and not self._belongs(start - 1, own):
                start -= 1  # a bracket before it
            cuts.append((start, name))
        ends = [start for start, _ in cuts[1:]] + [after]
        return {name: VGroup(*glyphs[start:end]) for (start, name), end in zip(cuts, ends, strict=True)}

    def _place(self, name: str) -> list[int]:
        """Where the glyphs of a factor are, in reading order; nowhere, if the product had to be shortened."""
        if name not in self.whole.terms:
            return []
        own = {id(glyph) for glyph in self.whole.term(name, side=1)}
        return [place for place, glyph in enumerate(self.whole.submobjects) if id(glyph) in own]

    @staticmethod
    def _belongs(place: int, own: dict[str, list[int]]) -> bool:
        return any(place in places for places in own.values())

    def _pinned(self) -> dict[int, PinnedNumber]:
        """The carried numbers, above and below in turn where they would touch; some are left out if they still do."""
        pins: dict[int, PinnedNumber] = {}
        rows: dict[bool, list[PinnedNumber]] = {True: [], False: []}
        for layer in range(1, self.last + 1):
            for lower, row in rows.items():
                pin = PinnedNumber(self._carried[layer], self.diagram.neuron(layer, 0), lower=lower, font_size=29)
                if all(apart(pin, other, _AIR) for other in row):
                    row.append(pin)
                    pins[layer] = pin
                    break
        return pins

    def count(self, layer: int) -> VGroup:
        """How many factors there are for a weight of this layer."""
        return self.factors(self.counts[layer - 1])

    @staticmethod
    def factors(many: int) -> VGroup:
        """So many factors, as `count` has it."""
        number = Formula(how_many(many), font_size=60)
        words = Prose("factors", font_size=28, color=theme.secondary).move_to([0, _PRODUCT - 1.75, 0])
        number.next_to(words, LEFT, buff=0.2).on_baseline(words.baseline)
        return VGroup(number, words)

    # -- moves ------------------------------------------------------------------------------------------

    def step_back(self, layer: int) -> list[Animation]:
        """The light goes back through a layer, and the factors that it meets come from there, in front of the others.

        Each line of the product begins at the left: what is there already makes room.
        """
        return [*self.make_room(layer, _EARLY), *self.come(layer, _LATE)]

    def make_room(self, layer: int, rate_func: Callable[[float], float] = smooth) -> list[Animation]:
        """The light goes back through a layer, and what is written moves to where it is with that layer's factors."""
        way = self.cost.edge(0) if layer == self.last else self.diagram.edge(layer + 1, 0, 0)
        moves: list[Animation] = [_back(way)]
        for ends, name in self._written(layer).items():
            if not _is_of(layer, ends) and abs(by := self._way(layer, name)) > _STILL:
                moves.append(self._slices[name].animate(rate_func=rate_func).shift(by * RIGHT))
        return moves

    def come(self, layer: int, rate_func: Callable[[float], float] = smooth) -> list[Animation]:
        """The factors that the light meets in a layer, from their places: the weight, the slope, a first activation."""
        moves: list[Animation] = []
        for (of, wrt), name in reversed(self._written(layer).items()):
            if _is_of(layer, (of, wrt)):
                part = self._slices[name].shift(self._way(layer, name) * RIGHT)
                moves.append(FadeIn(part, target_position=self._origin(of, wrt), scale=0.7, rate_func=rate_func))
        return moves

    def in_turn(self, layer: int) -> bool:
        """Whether a layer's weight and slope can come one by one, before its first factor takes the other's place."""
        slots, names = (
            (self._slot(layer + 1), self._slot(layer)),
            [factor_name(*e) for e in self.path if _is_of(layer, e)],
        )
        written = all(slots) and all(name in self._slices for name in names)
        return written and self._rows[slots[0]] == self._rows[slots[1]]

    def _way(self, layer: int, name: str) -> float:
        """How far to the right a factor has to go, when a layer has been reached."""
        place = self._home[name] + self._shifts(layer)[self._rows[name]]
        return place - float(self._slices[name].get_left()[0])

    def _written(self, layer: int) -> dict[tuple[Quantity, Quantity], str]:
        """The factors that are written when the light has come back to a layer."""
        pairs = {ends: factor_name(*ends) for ends in self.path if int(getattr(ends[1], "layer", layer)) >= layer}
        return {ends: name for ends, name in pairs.items() if name in self._slices}

    def _in_rows(self) -> dict[str, int]:
        """In which line of the product each factor is."""
        rows, row, end = {}, 0, -np.inf
        for name, left in self._home.items():
            row += left < end
            rows[name], end = row, left
        return rows

    def _shifts(self, layer: int) -> dict[int, float]:
        """By how much each line begins further left than it does in the end, when a layer has been reached."""
        begin = {row: min(left for name, left in self._home.items() if self._rows[name] == row)
                 for row in self._rows.values()}  # fmt: skip
        lefts = [(self._rows[name], self._home[name]) for name in self._written(layer).values()]
        if (slot := self._slot(layer)) and len(first := self._first(layer)):
            lefts.append((self._rows[slot], float(first.get_left()[0])))
        return {row: begin[row] - min([left for at, left in lefts if at == row] or [begin[row]]) for row in begin}

    def _origin(self, of: Quantity, wrt: Quantity) -> Mobject:
        """Where a factor is in the row of neurons."""
        if of == Cost():
            return self.cost.symbol
        layer = int(of.layer)  # type: ignore[attr-defined]
        if isinstance(of, Activation):
            return self.diagram.neuron(layer, 0)
        return self.diagram.edge(layer, 0, 0) if isinstance(wrt, Activation) else self.diagram.neuron(layer - 1, 0)

    def first_factor(self, layer: int) -> VGroup:
        """What the weight of a layer has for its first factor, an activation, where the next layer's weight comes."""
        first, slot = self._first(layer), self._slot(layer)
        return first.shift(self._shifts(layer)[self._rows[slot]] * RIGHT) if slot else first

    def _slot(self, layer: int) -> str:
        """The factor in whose place a layer's first factor stands; none for the first layer's."""
        name = factor_name(WeightedSum(layer, 0), Activation(layer - 1, 0))
        return name if name in self._slices and layer > 1 else ""

    def _first(self, layer: int) -> VGroup:
        if not (name := self._slot(layer)):
            return VGroup()
        slot, a = self._slices[name], Activation(layer - 1, 0)
        value = self.trace.value(a)
        number = Formula(Number(value, decimals_for(value, 2), a), font_size=self.whole.font_size)
        dot = slot[-1].copy()
        number.next_to(dot, LEFT, buff=0.12)
        number.on_baseline(dot.get_y() - 0.22 * number.font_size / POINTS)
        return VGroup(number, dot)

    def words(self, layer: int, first: VGroup) -> list[Prose]:
        """Under the factors in front, from the right, what each is in a word; none where they have no room."""
        a, after = Activation(layer, 0), Cost() if layer == self.last else WeightedSum(layer + 1, 0)
        names, rows = [factor_name(after, a), factor_name(a, WeightedSum(layer, 0))], self._rows
        if not len(first) or any(rows.get(name) != max(rows.values()) for name in names):
            return []
        low = min(float(part.get_bottom()[1]) for name, part in self._slices.items() if rows[name] == rows[names[0]])
        texts = "cost’s slope" if layer == self.last else "weight", "slope", "activation"
        words = [Prose(text, font_size=26, color=theme.secondary).on_baseline(low - 0.4) for text in texts]
        for word, part in zip(words, [*(self._slices[name][:-1] for name in names), first[0]], strict=True):
            word.set_x(part.get_x())
        clear = low - 0.4 > _PRODUCT - 1.2 and all(apart(*pair, _AIR) for pair in pairwise(words))
        return words if clear else []

    @property
    def head(self) -> VGroup:
        """The left side of the whole product, and its sign."""
        return VGroup(*self.whole.side(0), *self.whole.sign(0))

    @property
    def value(self) -> VGroup:
        """What the whole product comes to, and what has not been written before."""
        written = {id(glyph) for part in self._slices.values() for glyph in part}
        written |= {id(glyph) for glyph in self.head}
        return VGroup(*(glyph for glyph in self.whole if id(glyph) not in written))

    @property
    def tail(self) -> VGroup:
        """The factors that were multiplied already: all but the first two."""
        kept = {factor_name(*ends) for ends in self.path[:2]}
        return VGroup(*(part for name, part in self._slices.items() if name not in kept))

    def carry(self, layer: int) -> list[Animation]:
        """The carried number goes back to a layer, and is pinned there if there is room."""
        way = self.cost.edge(0) if layer == self.last else self.diagram.edge(layer + 1, 0, 0)
        pin = [FadeIn(self.pins[layer], shift=0.3 * LEFT)] if layer in self.pins else []
        neuron = self.diagram.neuron(layer, 0)
        return [_back(way), neuron.circle.animate.set_stroke(theme.highlight), *pin]

    def shrink(self) -> list[Animation]:
        """The factors behind the first two shrink into the place of the number that stands for them; the rest stays."""
        tail, place = self.tail, self.folded.factor(*self.behind, side=1)
        result = VGroup(*self.whole.sign(-1), *self.whole.side(-1))
        gone: list[Animation] = [FadeOut(result, rate_func=_EARLY)]
        return [*gone, FadeOut(tail, target_position=place.get_center(), scale=0.2)] if len(tail) else gone

    def spread(self) -> Animation:
        """What is left of the row takes its new place, and leaves room for the number and the result."""
        moves: list[tuple[Mobject, Mobject]] = [(self.whole.side(0), self.folded.side(0))]
        for of, wrt in self.path[:2]:
            if factor_name(of, wrt) in self._slices:
                moves.append((self.whole.factor(of, wrt, side=1), self.folded.factor(of, wrt, side=1)))
        moves.append((self.whole.sign(0), self.folded.sign(0)))
        whole = self.whole.apart_from(self.tail, self.whole.sign(-1), self.whole.side(-1))
        return Compose(self.folded.apart_from(*self._put_in), moves, old=whole)

    def drop(self) -> list[Animation]:
        """The number of the first neuron's tag goes into its place in the row; its tag shows it again when it is there.

        Its way leads down to between the tags and the row, along there, and down: nothing lies on it. Then the brackets
        come, and the result.
        """
        number, *rest = self._put_in
        tag = self.pins[1]
        lane = (tag.get_bottom()[1] + self.folded.get_top()[1]) / 2
        under = number.copy().move_to([tag.formula.get_x(), lane, 0])
        flying = tag.formula.copy()
        way = Succession(
            Transform(flying, under, run_time=1.0), Transform(flying, number, path_func=_along_then_down, run_time=1.6)
        )
        come = (FadeIn(part, rate_func=_LAST) for part in rest)
        self.dropped = flying
        return [FadeIn(tag.formula, rate_func=_LATE), way, *come]

    @property
    def _put_in(self) -> tuple[VGroup, VGroup, VGroup]:
        """The number in the folded product, its brackets, and the result with its sign."""
        number = self.folded.factor(*self.behind, side=1)
        own = {id(glyph) for glyph in number}
        glyphs = list(self.folded.side(1))
        last = max(place for place, glyph in enumerate(glyphs) if id(glyph) in own)
        first = min(place for place, glyph in enumerate(glyphs) if id(glyph) in own)
        brackets = VGroup(*glyphs[last + 1 :])
        if len(brackets):
            brackets.add(glyphs[first - 1])
        return number, brackets, VGroup(*self.folded.sign(-1), *self.folded.side(-1))


def _is_of(layer: int, ends: tuple[Quantity, Quantity]) -> bool:
    """Whether a factor comes when the light has gone back to a layer."""
    return getattr(ends[1], "layer", None) == layer


def _along_then_down(start: np.ndarray, end: np.ndarray, alpha: float) -> np.ndarray:
    """From start to end, first across and then down."""
    way = (end - start) * [_FIRST(alpha), _THEN(alpha), 1.0]
    return start + way


def _in_lines(relation: Relation, width: float, height: float) -> Formula:
    """The formula as large as it can be, in as many lines as that takes."""
    for font_size in _SIZES:
        formula = Formula(relation, font_size=font_size).wrap(width, _GAP)
        if formula.width <= width and formula.height <= height:
            return formula.center()
    return fitted(relation, width=width, height=height, font_size=_SIZES[-1], gap=_GAP, wrap_first=True)


def _back(way: Mobject) -> ShowPassingFlash:
    light = Line(way.get_end(), way.get_start(), stroke_width=5, color=theme.highlight)
    return ShowPassingFlash(light, time_width=0.7)
