"""`ExampleRows`: several training examples run through a network with one neuron a layer, a row for each.

The network is the head of the table: each column hangs under what it is a value of. In a scene::

    rows = ExampleRows(example, notation)
    self.play(FadeIn(rows.head))
    for row in rows.rows:
        self.play(FadeIn(row.who, row.given), FadeIn(row.numbers, row.slope), GrowFromPoint(row.bar, rows.zero_of(row)))
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Animation, Line, UpdateFromAlphaFunc, VGroup

from backprop_math import (
    Activation,
    BackwardPass,
    Cost,
    Derivative,
    Example,
    Glyph,
    Notation,
    Number,
    Relation,
    Symbol,
    Var,
)
from backprop_math.formula import fewest_decimals, in_one_form, short_number

from ..kit.factor_bars import SignedBar
from ..kit.fitted import fitted_prose
from ..kit.formula import Formula, Nothing
from ..kit.naming import Naming
from ..kit.network_diagram import NetworkDiagram, Neuron
from ..kit.texts import Prose, TextMobject
from ..kit.theme import theme
from .single_neurons import LayerQuantities

__all__ = ["ExampleRow", "ExampleRows"]

#: The input's and the output's neuron, the desired output and the cost, the zero of the bars: where their columns are.
_INPUT, _PREVIOUS, _OUTPUT, _TARGET, _COST, _ZERO = -4.05, -2.3, -0.9, 0.2, 1.35, 3.55
_HEAD, _TOP, _PITCH, _MOST = 2.1, 1.1, 0.72, 4
_INDEX = 0.45  # the room of the rows' numbers at the left
_SIZE, _SMALL = 36.0, 28.0  # of the numbers; of a division
_CUTS = 12
_WIDTH = 0.94  # of the widest number
_APART = 0.12  # between two numbers, at least


@dataclass(frozen=True)
class ExampleRow:
    """Training example ``number``: who it is, its input in a neuron, the numbers it gives, its derivative and bar."""

    number: int
    trace: BackwardPass
    who: VGroup
    given: Neuron
    numbers: VGroup
    slope: Formula
    bar: SignedBar

    @property
    def all(self) -> VGroup:
        """The whole row."""
        return VGroup(self.who, self.given, self.numbers, self.slope, self.bar)


class ExampleRows:
    """``head`` (the network with the names of the columns, and a rule), ``rows``, and what belongs to the mean.

    Of more than four examples the last stands after ``dots``. ``mean_cost`` and ``mean_slope`` are in a row below, with
    its ``label``; ``first_cost`` is the cost's symbol of the first one, at its place. The bars
    begin at ``zero``; ``unit`` is a derivative's length per 1. All numbers of a column have one form.
    """

    def __init__(self, example: Example, notation: Notation, *, decimals: int = 4) -> None:
        self.example, self.notation, self.decimals = example, notation, decimals
        self.last = q = LayerQuantities(example.network.L)
        self.traces = [example.trace(k) for k in range(len(example.inputs))]
        elided = len(self.traces) > _MOST
        shown = [*range(_MOST - 2), len(self.traces) - 1] if elided else list(range(len(self.traces)))
        places = [_TOP - _PITCH * place for place in range(len(shown) + elided)]
        self.dots = VGroup()
        if elided:
            self.dots = VGroup(*(Formula(Glyph("vdots"), font_size=_SIZE) for _ in range(2)))
            for dots, x in zip(self.dots, (_INPUT, theme.safe.right - 0.6), strict=True):
                dots.move_to([x, places[-2], 0])
            del places[-2]
        self.bottom = places[-1]
        slopes = [trace.derivative(q.w) for trace in self.traces]
        self.mean = float(np.mean(slopes))
        self._room = min(_ZERO - _COST - 0.75, theme.safe.right - 1.45 - _ZERO)
        # Those of the rows, and before the last that of all that have no row.
        self._addends = [slopes[k] for k in shown]
        self._of: list[int | None] = list(range(len(shown)))
        if elided:
            self._addends.insert(-1, float(np.sum(slopes)) - sum(self._addends))
            self._of.insert(-1, None)
        # Laid end to end: those to the left first, then, on a level of their own, those to the right.
        self._order = sorted(range(len(self._addends)), key=lambda at: self._addends[at] > 0)
        # The bars laid end to end must fit as well.
        sums = np.cumsum([0.0, *(self._addends[at] for at in self._order)])
        self.unit = self._room / (max(map(abs, [*slopes, *sums])) or 1.0)
        self.head = self._head()
        self.rows = self._rows(shown, places)
        self.mean_y = self.bottom - 1.2
        self.label = Prose("mean", font_size=theme.label_size)
        self.label.move_to([_OUTPUT, self.mean_y, 0])
        self.mean_cost = self._number(float(np.mean([trace.cost for trace in self.traces])), _COST, self.mean_y, Cost())
        self.mean_slope = self._right(
            Formula(in_one_form([self.mean], decimals)[0], font_size=1.15 * _SIZE), self.mean_y
        )

    # -- the head ---------------------------------------------------------------------------------------

    def _head(self) -> VGroup:
        q, notation, size = self.last, self.notation, 40.32
        # As many layers as have room: the input, the last two, and of deeper networks dots.
        drawn = range(q.layer + 1) if q.layer <= 3 else sorted({0, q.layer - 1, q.layer})
        before = np.linspace(_INPUT, _PREVIOUS if q.layer > 1 else _INPUT, len(drawn) - 1)
        xs = [*before, _OUTPUT]
        places = {layer: float(x) for layer, x in zip(drawn, xs, strict=True)}
        self.diagram = NetworkDiagram(self.example.network, places=places, radius=0.26).shift(_HEAD * UP)
        self.columns = {
            q.previous: float(self.diagram.neuron(q.layer - 1, 0).get_x()),
            q.a: _OUTPUT,
            q.y: _TARGET,
            Cost("k"): _COST,
        }
        names = VGroup(Formula(Symbol("k"), font_size=size).move_to([theme.safe.left + 0.2, _HEAD, 0]))
        for quantity, x in self.columns.items():
            name = Formula(notation.symbol(quantity), font_size=size).move_to([x, _HEAD, 0])
            if isinstance(quantity, Activation):
                name.next_to(self.diagram.neuron(quantity.layer, 0), UP, buff=0.1)
            names.add(name)
        wire = Line([_OUTPUT + 0.3, _HEAD, 0], [_TARGET - 0.25, _HEAD, 0], stroke_width=2.5, color=theme.line)
        slope = Derivative(notation.symbol(Cost("k")), notation.symbol(q.w))
        derivative = self._right(Formula(slope, font_size=0.85 * size), _HEAD)
        sides = VGroup()
        for text, direction in (("raise", LEFT), ("lower", RIGHT)):
            w = Formula(notation.symbol(q.w), font_size=0.85 * size)
            word = Prose(text, font_size=theme.label_size)
            pair = VGroup(word, w.next_to(word, RIGHT, buff=0.14).on_baseline(word.baseline))
            sides.add(pair.move_to([_ZERO, _HEAD, 0] + 0.12 * direction, aligned_edge=-direction))
        ends = ([x, _HEAD - 0.45, 0] for x in (theme.safe.left + 0.05, theme.safe.right - 0.05))
        rule = Line(*ends, stroke_width=2)
        rule.set_color(theme.line)
        self.names, self.sides, self.derivative = names, sides, derivative
        return VGroup(self.diagram, wire, names, derivative, sides, rule)

    # -- the rows ---------------------------------------------------------------------------------------

    @property
    def first_cost(self) -> Formula:
        """The symbol of the first one's cost, where its number will stand."""
        return Formula(self.notation.symbol(Cost()), font_size=_SIZE).move_to([_COST, self.rows[0].given.get_y(), 0])

    def _rows(self, shown: list[int], places: list[float]) -> list[ExampleRow]:
        q = self.last
        columns = [
            [trace.value(quantity) if not isinstance(quantity, Cost) else trace.cost for trace in self.traces]
            for quantity in self.columns
        ]
        forms = [in_one_form(values, self.decimals) for values in columns]
        slopes = in_one_form([trace.derivative(q.w) for trace in self.traces], self.decimals)
        rows = []
        # A minus or a power of ten takes all the room there is.
        long = any(len(short_number(float(x)).shown) > 4 for x in self.example.inputs[shown, 0])
        radius = _PITCH / 2 if long else 0.28
        for k, y in zip(shown, places, strict=True):
            trace = self.traces[k]
            numbers = VGroup()
            for form, (quantity, x) in zip(forms, self.columns.items(), strict=True):
                shown_number = _given(trace.value(q.y)) if quantity == q.y else form[k]
                number = Formula(shown_number, font_size=_SIZE, color=theme.colour(quantity), plain=True)
                number.fit(_WIDTH).move_to([x, y, 0])
                # One that may not be smaller has more room at the left than before the desired output.
                numbers.add(number.shift(max(0.0, number.width - _WIDTH) / 3 * LEFT))
            for number, after in reversed(list(pairwise(numbers))):
                number.shift(max(0.0, number.get_right()[0] + _APART - after.get_left()[0]) * LEFT)
            given = Neuron(Activation(0, 0), radius=radius, tiny=True).move_to([_INPUT, y, 0]).show(trace)
            if self.columns[q.previous] < _INPUT + 0.6:  # the input is the activation before: it is in the neuron
                numbers.remove(numbers[0])
            bar = SignedBar(
                [_ZERO, y, 0], [_ZERO + self.unit * trace.derivative(q.w), y, 0], color=theme.colour(q.w), tip=True
            )
            slope = self._right(Formula(slopes[k], font_size=_SIZE), y)
            rows.append(ExampleRow(k, trace, self._who(k, y, radius), given, numbers, slope, bar))
        return rows

    def _who(self, k: int, y: float, radius: float) -> VGroup:
        """Its number, and who it is: a small penguin, its species and what was measured; else the example's name."""
        names = Naming(self.example)
        bird, left = names.penguin(k, height=0.9 * _PITCH), theme.safe.left + _INDEX
        room = _INPUT - radius - 0.12 - left - (bird.width + 0.12 if bird else 0.0)
        lines: list[TextMobject] = [fitted_prose(names.label(k), width=room, font_size=theme.tick_size)]
        if measured := names.measured(0, k):
            lines.append(fitted_prose(measured, width=room, font_size=theme.tick_size).set_color(theme.secondary))
        text = VGroup(*lines).arrange(DOWN, buff=0.07, aligned_edge=LEFT)
        who = VGroup(bird, text).arrange(RIGHT, buff=0.12) if bird else VGroup(text)
        number = Formula(Number(float(k), 0), font_size=_SIZE).fit(_INDEX - 0.05)
        number.move_to([theme.safe.left + 0.2, y, 0])
        if number.get_left()[0] < theme.safe.left:
            number.align_to([theme.safe.left, 0, 0], LEFT)
        return VGroup(number, who.move_to([left, y, 0], aligned_edge=LEFT))

    def _number(self, value: float, x: float, y: float, quantity: Cost) -> Formula:
        number = in_one_form([value], self.decimals)[0]
        formula = Formula(number, font_size=_SIZE, color=theme.colour(quantity), plain=True)
        return formula.fit(_WIDTH).move_to([x, y, 0])

    @staticmethod
    def _right(formula: Formula, y: float) -> Formula:
        return formula.fit(1.15).move_to([theme.safe.right - 0.1, y, 0], aligned_edge=RIGHT)

    # -- the mean ---------------------------------------------------------------------------------------

    @property
    def zero(self) -> Line:
        """The line from which all bars grow."""
        return Line([_ZERO, _TOP + 0.35, 0], [_ZERO, self.mean_y - 0.3, 0], stroke_width=2.5, color=theme.arrow)

    def zero_of(self, row: ExampleRow) -> np.ndarray:
        """Where a row's bar begins."""
        return np.array([_ZERO, row.bar.get_y(), 0.0])

    def end_to_end(self) -> list[SignedBar]:
        """The rows' bars in the mean's row, each from the end of the one before: to the left first, then to the right.

        What goes to the right is a level lower. Where rows are left out, theirs is one bar; see `laid_rows`.
        """
        bars, at = [], _ZERO
        for place, index in enumerate(self._order):
            slope = self._addends[index]
            end = at + self.unit * slope
            y = self.mean_y + (-0.11 if slope > 0 else 0.11)
            bar = SignedBar([at, y, 0], [end, y, 0], color=theme.colour(self.last.w), stroke_width=10)
            bar.line.set_stroke(opacity=bar.line.get_stroke_opacity() * (0.65 if place % 2 else 1.0))
            bars.append(bar)
            at = end
        return bars

    @property
    def laid_rows(self) -> list[ExampleRow | None]:
        """The row of each bar of `end_to_end`; `None` where it is what the dots stand for."""
        rows = (self._of[at] for at in self._order)
        return [None if row is None else self.rows[row] for row in rows]

    def cancel(self, laid: list[SignedBar]) -> list[Animation]:
        """What was laid to the left takes as much away from what was laid to the right: the sum is left of both."""
        bars = VGroup(*laid)
        ends = [(bar.line.get_start().copy(), bar.line.get_end().copy(), bar.line.get_stroke_opacity()) for bar in laid]
        first = min(float(end[0]) for *pair, _ in ends for end in pair)
        last = min(_ZERO, _ZERO + self.unit * len(self.traces) * self.mean)
        if last - first < 1e-3 or not any(value > 0 for value in self._addends):
            return []

        def cut(_: VGroup, alpha: float) -> None:
            at = first + alpha * (last - first)
            for bar, (start, end, opacity) in zip(laid, ends, strict=True):
                bar.reach(*([max(at, point[0]), *point[1:]] for point in (start, end)))
                bar.line.set_stroke(opacity=opacity * bar.line.get_stroke_opacity())

        return [UpdateFromAlphaFunc(bars, cut)]

    def shared_out(self) -> VGroup:
        """The sum and by how much it is divided, above the place of the mean, which is what comes out."""
        count, exact = len(self.traces), len(self.traces) * self.mean
        total = in_one_form([exact], self.decimals)[0]
        if count == len(self.rows) and not total.scientific:
            first, *others = (Var(float(row.slope.numbers[0].shown), f"d_{row.number}") for row in self.rows)
            whole = sum(others, first)
            whole.graph()  # whoever watches learns of it
            added = Number(whole.value, total.decimals)
            part = in_one_form([self.mean, added.value / count], self.decimals)
            if part[0].shown == part[1].shown:  # the sum of what is shown, of which the mean is a part
                total = added
            else:  # as many digits as it has in common with theirs
                agree = (
                    n for n in range(total.decimals, 1, -1) if Number(exact, n).shown == Number(added.value, n).shown
                )
                total = Number(exact, next(agree, total.decimals))
        by = Prose(f"÷ {count}", font_size=theme.tick_size)
        about = Formula(Relation((Nothing(), total), ("≈",)), font_size=_SMALL).fit(1.15)
        both = VGroup(about, by).arrange(RIGHT, buff=0.12)
        return both.move_to([theme.safe.right - 0.1, self.mean_y + 0.44, 0], aligned_edge=RIGHT)

    @property
    def end(self) -> Line:
        """A mark where the bars laid end to end have ended."""
        x = _ZERO + self.unit * len(self.traces) * self.mean
        top, bottom = self.mean_y + 0.24, self.mean_y - 0.24
        return Line([x, top, 0], [x, bottom, 0], stroke_width=2.5, color=theme.ink)

    def total(self) -> VGroup:
        """The sum of all the derivatives, and cuts: into as many parts as there are examples, if these can be seen."""
        count = len(self.traces)
        ends = [_ZERO + self.unit * self.mean * part for part in (range(count + 1) if count <= _CUTS else (0, count))]
        colour = theme.colour(self.last.w)
        bar = SignedBar([ends[0], self.mean_y, 0], [ends[-1], self.mean_y, 0], color=colour, stroke_width=20)
        bar.set_opacity(0.45)
        top, bottom = self.mean_y + 0.14, self.mean_y - 0.14
        cuts = VGroup(*(Line([x, top, 0], [x, bottom, 0], stroke_width=2.5) for x in ends[1:-1]))
        return VGroup(bar, cuts.set_color(theme.background))

    def part(self) -> SignedBar:
        """One of the equal parts: the mean."""
        end = [_ZERO + self.unit * self.mean, self.mean_y, 0]
        return SignedBar([_ZERO, self.mean_y, 0], end, color=theme.highlight, stroke_width=20)


def _given(value: float) -> Number:
    """What is given, in as few digits as it has."""
    return short_number(value, fewest_decimals(value, 0, 2))
