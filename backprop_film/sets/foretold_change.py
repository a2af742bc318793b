"""`ForetoldChange`: what the derivative foretells of a nudge, and what happens; `TriedNudge` shows it on two lines.

In a scene::

    q = LayerQuantities(network.L)
    nudge = Nudge(example, q.w, 0.1)
    line = ForetoldChange(nudge, notation, q.cost, Number(trace.derivative(q.w), 4))
    self.add(line.foretold)
    self.play(FadeIn(line.tried))
    tree = OpenNeuron(trace, notation, shown_numbers(trace, notation))
    tried = TriedNudge(nudge, line, notation, tree, label_right=2.0)
    self.play(ChangeQuantity(example, q.w, 1.8, 1.9, [tried]))
"""

from __future__ import annotations

from typing import Self

from manim import DOWN, RIGHT, UP, Circle, Line, VGroup

from backprop_math import Change, Notation, Nudge, Number, Product, Quantity, Relation, Trace
from backprop_math.formula import relation_sign

from ..kit.axis import Axis, AxisDot
from ..kit.formula import Formula, Prose
from ..kit.theme import theme
from .neuron_gauges import LINE_LEFT, LINE_RIGHT
from .open_neuron import FORMULA_LEFT, FORMULA_Y, OpenNeuron

__all__ = ["ForetoldChange", "TriedNudge"]

_SIZE = 38.4
_AIR = 0.22  # of the way that the cost goes, at both ends of its line


class ForetoldChange(VGroup):
    """``foretold``, ΔC ≈ ∂C/∂w Δw ≈ … ≈ …, and ``tried``, what was measured, in one line below the tree.

    ``worked`` are the numbers of ``foretold``, ``symbols`` what stands before them. `by`, `expected` and `happened` are
    the numbers: the nudge, what the derivative (``slope``, as shown) times it gives, and the change.
    """

    def __init__(self, nudge: Nudge, notation: Notation, of: Quantity, slope: Number) -> None:
        wrt = nudge.quantity
        self.by = Number(nudge.by, 1, wrt)
        self.expected = Number(slope.value * nudge.by, slope.decimals + 1, of)
        self.happened = nudge.measured(of, wrt).change
        change = Change(notation.symbol(of))
        product = Product((notation.derivative_symbol(of, wrt), Change(notation.symbol(wrt))))
        sides = (change, product, Product((slope, self.by)), self.expected)
        self.foretold = Formula(Relation(sides, ("≈", "≈", relation_sign(self.expected))), font_size=_SIZE)
        words = Prose("tried:", color=theme.secondary)
        found = Formula(Relation((change, self.happened), ("≈",)), font_size=_SIZE)
        self.tried = VGroup(words, found)
        super().__init__(self.foretold, words, found)
        self.arrange(RIGHT, buff=0.3)
        for part in self.tried:
            part.shift(0.3 * RIGHT).on_baseline(self.foretold.baseline)
        room = theme.safe.right - FORMULA_LEFT
        self.scale(min(1.0, room / self.width)).move_to([(FORMULA_LEFT + theme.safe.right) / 2, FORMULA_Y, 0])
        line = self.foretold
        self.worked = VGroup(line.sign(1), line.side(2), line.sign(2), line.side(3))
        self.symbols = line.apart_from(self.worked)


class TriedNudge(VGroup):
    """The weight and the cost, each on a line at its node, with a dot that moves; the foretold cost is a hollow one.

    Both lines are as close as their own change asks. ``foretold`` is the hollow dot with its name, ``gap`` how far the
    dot is from it when the nudge has been tried; neither is added, nor is ``by``, the name of the nudge, which
    reaches to ``label_right`` at most.
    """

    def __init__(
        self, nudge: Nudge, line: ForetoldChange, notation: Notation, tree: OpenNeuron, *, label_right: float
    ) -> None:
        self.q = q = tree.q
        start, cost = nudge.before.value(q.w), nudge.before.value(q.cost)
        expected, happened = line.expected.value, nudge.change(q.cost)
        moves = {q.w: (start, start + nudge.by), q.cost: (cost, cost + expected, cost + happened)}
        self.dots: dict[Quantity, AxisDot] = {}
        super().__init__()
        for x, values in moves.items():
            air = _AIR * (max(values) - min(values)) or 1.0
            axis = Axis((min(values) - air, max(values) + air), length=LINE_RIGHT - LINE_LEFT, ticks=(), labels=())
            axis.move_to([(LINE_LEFT + LINE_RIGHT) / 2, tree.node(x).get_y(), 0])
            ring = Circle(0.105, color=theme.colour(x), stroke_width=2.5).move_to(axis.point(values[0]))
            self.dots[x] = AxisDot(axis, values[0], color=theme.colour(x))
            self.add(axis, ring.set_fill(theme.background, 1), self.dots[x])
            if x == q.w:
                name = Relation((Change(notation.symbol(x)), line.by), ("=",))
                middle = (axis.point(values[0]) + axis.point(values[1])) / 2
                self.by = Formula(name, font_size=32.64).next_to(middle, UP, buff=0.16)
                self.by.shift(min(0.0, label_right - self.by.get_right()[0]) * RIGHT)
            else:
                at, end = axis.point(cost + expected), axis.point(cost + happened)
                hollow = Circle(0.14, color=theme.highlight, stroke_width=3).move_to(at)
                words = Prose("foretold", font_size=theme.tick_size, color=theme.highlight)
                self.foretold = VGroup(hollow, words.next_to(hollow, UP, buff=0.12))
                mark = Line(at, end if abs(end - at).max() > 1e-3 else at + 1e-3 * RIGHT, stroke_width=6)
                said = Prose("off by so much", font_size=theme.tick_size, color=theme.secondary)
                said.next_to(mark, DOWN, buff=0.2)
                said.shift(max(0.0, LINE_LEFT - said.get_left()[0]) * RIGHT)
                self.gap = VGroup(mark.set_color(theme.highlight), said)

    def show(self, trace: Trace) -> Self:
        """Move the dots."""
        for x, dot in self.dots.items():
            dot.at(trace.value(x))
        return self
