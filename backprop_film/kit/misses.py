"""`Misses`: what each output adds to the cost, as areas, and their sum.

In a scene::

    misses = Misses(trace, notation, width=4.2, height=2.0)
    self.play(*(GrowFromEdge(misses.shape(j), DOWN) for j in misses.shown), FadeIn(misses.numbers))
    self.play(Compose(misses.total, misses.moves()))
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Line, Mobject, Rectangle, Square, VGroup

from backprop_math import Activation, BackwardPass, Cost, Notation, Number, Relation, Sum, Target, Term
from backprop_math.formula import Elided, Power, adding_up, agreeing

from .formula import Formula
from .theme import theme

__all__ = ["Misses"]


class Misses(VGroup):
    """A shape for each of the ``shown`` outputs (all of them, unless given), its number below it, and the ``total``.

    Of a squared error the shape is a square, whose side is the miss; of any other cost a bar, as high as its part is
    large. All have one scale. The total is a formula, ``C_0 ≈ 0.542 + 0.432 ≈ 0.974``; outputs that are not shown are
    one number in it. ``shape(j)`` and ``number(j)`` are an output's, ``moves()`` takes the numbers into the total.
    Over each square stands its side, ``side(j)``, with so many digits that the area follows from it; not where they are
    too many.
    """

    def __init__(
        self,
        trace: BackwardPass,
        notation: Notation,
        shown: Sequence[int] | None = None,
        *,
        width: float,
        height: float,
        unit: float | None = None,
        font_size: float = 38,
    ) -> None:
        super().__init__()
        network = trace.network
        n = network.layers[-1]
        self.shown = list(range(n) if shown is None else shown)
        self.squares = network.cost.name == "squared_error"
        parts = {j: _part(trace, j) for j in self.shown}
        sizes = {j: abs(parts[j]) ** (0.5 if self.squares else 1.0) for j in self.shown}
        hidden = n - len(self.shown)
        decimals = 3 if self.squares else 2
        terms = [Term(f"C[{j}]", Number(parts[j], decimals, Cost())) for j in self.shown]
        if hidden:
            rest = Elided(hidden, lambda: ())
            terms = [*terms[: (len(terms) + 1) // 2], rest, *terms[(len(terms) + 1) // 2 :]]  # type: ignore[list-item]
        arithmetic = Sum(tuple(terms)) if len(terms) > 1 else terms[0]
        total = adding_up(notation.symbol(Cost()), arithmetic, trace.cost, decimals)
        areas = {}
        if self.squares and not network.cost.mean:
            areas = {j: _area(trace, j, parts[j], decimals) for j in self.shown}
        *fitted, relation = agreeing([*areas.values(), total])
        self.total = Formula(relation, font_size=font_size)
        by_name = {node.name: node.body for node in relation.walk() if isinstance(node, Term)}
        self._numbers = {}
        for j in self.shown:
            body = by_name.get(f"C[{j}]", Number(parts[j], decimals, Cost()))
            self._numbers[j] = Formula(body, font_size=30)
        self._sides = {
            j: Formula(next(node for node in area.walk() if isinstance(node, Number)), font_size=30)
            for j, area in zip(areas, fitted, strict=True)
        }
        gap = 0.35
        room = width - gap * (len(self.shown) - 1)
        largest = max(sizes.values()) or 1.0
        scale = min(height / largest, room / max(sum(sizes.values()), 1e-300) if self.squares else height / largest)
        scale = min(scale, unit) if unit and self.squares else scale
        self._shapes: dict[int, Rectangle] = {}
        x = 0.0
        for j in self.shown:
            side = max(scale * sizes[j], 0.02)
            shape = Square(side) if self.squares else Rectangle(width=0.5, height=side)
            shape.set_fill(theme.role(Cost), 0.3).set_stroke(theme.role(Cost), 2.5)
            cell = max(shape.width, self._numbers[j].width, self._sides[j].width if self._sides else 0.0)
            shape.move_to([x + cell / 2, side / 2, 0])
            self._numbers[j].next_to(shape, DOWN, buff=0.16)
            self._shapes[j] = shape
            x += cell + gap
        self.shapes, self.numbers = VGroup(*self._shapes.values()), VGroup(*self._numbers.values())
        for number in self.numbers:
            number.on_baseline(self.numbers[0].baseline)
        self.add(self.shapes, self.numbers)
        if self.width > width:
            self.scale_to_fit(width)
            self._sides.clear()
        for j, number in self._sides.items():
            number.next_to(self._shapes[j], UP, buff=0.16).on_baseline(self._shapes[j].get_top()[1] + 0.16)
        self.sides = VGroup(*self._sides.values())
        self.add(self.sides)
        self.total.fit(width).wrap(width)
        self.total.next_to(VGroup(self.shapes, self.numbers), DOWN, buff=0.5)
        self.add(self.total)
        self.center()

    def scale_to_fit(self, width: float) -> None:
        """Bring the shapes closer where their numbers are wider than they are: every other number steps down."""
        ends = [VGroup(self._shapes[j], self._numbers[j]).width / 2 for j in (self.shown[0], self.shown[-1])]
        apart = self._shapes[self.shown[-1]].get_x() - self._shapes[self.shown[0]].get_x()
        squeeze = (width - sum(ends)) / max(apart, 1e-9)
        for place, j in enumerate(self.shown):
            x = self._shapes[j].get_x() * squeeze
            self._shapes[j].set_x(x)
            self._numbers[j].set_x(x).shift((place % 2) * 0.34 * DOWN)

    def shape(self, j: int) -> Rectangle:
        """The square or the bar of output ``j``."""
        return self._shapes[j]

    def base(self, j: int, *, like: Line) -> Line:
        """The lower side of its square or bar, from which that grows, running the way that another line runs."""
        backward = like.get_start()[0] > like.get_end()[0]
        sides = (RIGHT, LEFT) if backward else (LEFT, RIGHT)
        corners = (self._shapes[j].get_corner(DOWN + side) for side in sides)
        return Line(*corners, stroke_width=6, color=theme.role(Cost))

    def number(self, j: int) -> Formula:
        """What output ``j`` adds to the cost."""
        return self._numbers[j]

    def side(self, j: int) -> Formula | None:
        """How far output ``j`` is off, over its square; `None` where it is not shown."""
        return self._sides.get(j)

    def moves(self) -> list[tuple[Mobject, Mobject]]:
        """The numbers, and their places in the total, where they have one."""
        found = []
        for j in self.shown:
            if f"C[{j}]" in self.total.terms:
                found.append((self._numbers[j], self.total.term(f"C[{j}]")))
        return found


def _area(trace: BackwardPass, j: int, part: float, decimals: int) -> Relation:
    miss = abs(trace.value(Activation(trace.network.L, j)) - trace.value(Target(j)))
    return Relation((Power(Number(miss, decimals), 2), Number(part, decimals, Cost())), ("≈",))


def _part(trace: BackwardPass, j: int) -> float:
    network = trace.network
    a, y = (np.array([trace.value(q)]) for q in (Activation(network.L, j), Target(j)))
    value = float(network.cost.value(a, y))
    return value / network.layers[-1] if network.cost.mean else value
