"""Formulas as mobjects: typeset by Typst, coloured by quantity, addressed by meaning, broken into lines.

>>> from backprop_math import Number, Product, Relation, Symbol, Term
>>> from backprop_film.kit.formula import Formula
>>> formula = Formula(Relation((Symbol("z"), Product((Term("weight", Symbol("w")), Symbol("a"))))))
>>> len(formula.term("weight"))
1
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Self

import numpy as np
from manim import Mobject, VGroup

from backprop_math import Change, Expression, Number, Partial, Product, Quantity, Relation, Sum, Symbol, Term
from backprop_math.formula import Fraction, Negative, factor_name, inside

from .arguments import expected
from .shown_number import ShownNumber
from .texts import TextMobject
from .theme import POINTS, theme
from .typeset import mark, typeset

__all__ = ["Formula", "Nothing", "continued"]


@dataclass(frozen=True)
class Nothing(Expression):
    """The left side of a line that goes on from the line above it."""

    def _render(self, out: Any, mark: Any) -> str:
        return ""


def continued(relation: Relation) -> Relation:
    """The relation without its left side: the next line of a calculation, beginning with its sign."""
    return replace(relation, sides=(Nothing(), *relation.sides[1:]))


class Formula(TextMobject):
    """A formula of `backprop_math.formula`, each symbol in the colour of its quantity's kind.

    Its parts are found by meaning: `factor` ∂of/∂wrt, `term` by name, `quantity`, `part` by expression, `side` and
    `sign` of a relation. Submobjects are the glyphs in drawing order.

        formula = Formula(notation.definition(WeightedSum(3, 0)))
        self.play(Write(formula))
        self.play(Indicate(formula.quantity(Weight(3, 0, 0))))

    ``color`` replaces the ink of what is no quantity; ``plain=True`` gives everything that colour.
    """

    def __init__(
        self,
        expression: Expression,
        *,
        font_size: float | None = None,
        color: str | None = None,
        plain: bool = False,
    ) -> None:
        self.expression = expected("Formula", expression, Expression, "an expression of backprop_math.formula")
        self._nodes: list[Expression] = []
        self._parents: dict[int, int] = {}
        font_size, ink = font_size or theme.formula_size, color or theme.ink
        outlines = typeset(expression.typst(self._mark), font_size / POINTS, math=True)
        self._marks = [outline.mark for outline in outlines]
        super().__init__(outlines, font_size, lambda o: ink if plain else self._colour(o.mark, ink))
        numbers = {i: self._shown(i) for i, node in enumerate(self._nodes, 1) if isinstance(node, Number)}
        for digit, number in zip(self.submobjects, self._marks, strict=True):
            if shown := numbers.get(number):
                digit.shown = shown

    def _shown(self, number: int) -> ShownNumber | None:
        node, *around = (self._nodes[at - 1] for at in self._chain(number))
        return ShownNumber.of(node, around)

    def _mark(self, node: Expression, markup: str) -> str:
        """Number the node, innermost first; the numbers in its markup that have no parent yet are its own."""
        self._nodes.append(node)
        number = len(self._nodes)
        for inner in re.findall(r"mk\(#(\d+),", markup):
            self._parents.setdefault(int(inner), number)
        return mark(number, markup)

    def _colour(self, number: int, ink: str) -> str:
        """The colour of the innermost node around a glyph that has one: a quantity, or ∂ or Δ of one."""
        for node in (self._nodes[at - 1] for at in self._chain(number)):
            if isinstance(node, Symbol | Number):
                return theme.colour(node.quantity) if node.quantity else ink
            if isinstance(node, Partial | Change) and isinstance(body := inside(node.body), Symbol):
                return theme.colour(body.quantity)
            if isinstance(node, Fraction):
                return ink
        return ink

    def _under(self, numbers: Iterable[int], what: str, side: int | None = None) -> VGroup:
        wanted, found = set(numbers), VGroup()
        within = None if side is None else self._sides()[side]
        for glyph_mobject, number in zip(self.submobjects, self._marks, strict=True):
            chain = self._chain(number)
            if wanted.intersection(chain) and (within is None or within in chain):
                found.add(glyph_mobject)
        if not found.submobjects:
            raise KeyError(f"{what} is not in the formula {self.expression.text()!r}")
        return found

    def _chain(self, number: int) -> list[int]:
        """A mark's number and those of all nodes around it."""
        chain = []
        while number:
            chain.append(number)
            number = self._parents.get(number, 0)
        return chain

    def leaves(self, kinds: Any) -> list[tuple[Any, VGroup]]:
        """Every node of some leaf classes, in reading order, with its glyphs."""
        found = [(i, node) for i, node in enumerate(self._nodes, 1) if isinstance(node, kinds)]
        return [
            (node, VGroup(*(g for g, m in zip(self.submobjects, self._marks, strict=True) if m == i)))
            for i, node in found
        ]

    def _numbers(self, holds: Callable[[Expression], bool]) -> list[int]:
        return [i for i, node in enumerate(self._nodes, 1) if holds(node)]

    def part(self, expression: Expression, within: VGroup | None = None) -> VGroup:
        """The glyphs of a part of the expression, wherever an equal one stands, or only ``within`` some of the glyphs.

        `KeyError` if it is nowhere in the formula.
        """
        found = self._under(self._numbers(lambda node: node == expression), expression.text())
        return VGroup(*(glyph for glyph in found if within is None or glyph in within.submobjects))

    def term(self, name: str, side: int | None = None) -> VGroup:
        """The glyphs of the `Term` with this name (on one side of a relation). `KeyError` if there is none."""
        return self._under(self._numbers(lambda n: isinstance(n, Term) and n.name == name), f"term {name!r}", side)

    def factor(self, of: Quantity, wrt: Quantity, side: int | None = None) -> VGroup:
        """The glyphs of the factor ∂of/∂wrt (on one side of a relation). `KeyError` if there is none."""
        return self.term(factor_name(of, wrt), side)

    @property
    def terms(self) -> list[str]:
        """The names of all terms, innermost first."""
        return [node.name for node in self._nodes if isinstance(node, Term)]

    def quantity(self, quantity: Quantity, side: int | None = None) -> VGroup:
        """The glyphs of every symbol or number of this quantity (on one side). `KeyError` if there is none."""
        found = self._numbers(lambda n: isinstance(n, Symbol | Number) and n.quantity == quantity)
        return self._under(found, str(quantity), side)

    def side(self, index: int) -> VGroup:
        """One side of a `Relation`, by its place; negative counts from the end."""
        return self._under([self._sides()[index]], self._relation().sides[index].text())

    def sign(self, index: int) -> VGroup:
        """The relation sign after side ``index``."""
        self._relation()
        own = len(self._nodes)
        glyphs = [g for g, number in zip(self.submobjects, self._marks, strict=True) if number == own]
        return VGroup(glyphs[index])

    def _relation(self) -> Relation:
        if not isinstance(self.expression, Relation):
            raise KeyError(f"{self.expression.text()!r} is no relation, so it has no sides")
        return self.expression

    def _sides(self) -> list[int]:
        """The sides' numbers; 0 for the left side of a line that goes on from the line above, which has no glyphs."""
        # The outermost node is marked last; its children in reading order are the sides.
        count, own = len(self._relation().sides), len(self._nodes)
        shown = sorted(inner for inner, outer in self._parents.items() if outer == own)
        return [0] * (count - len(shown)) + shown

    def cut(self, *after: Mobject) -> list[VGroup]:
        """A formula in one line, cut at the right end of each of these parts, from the left."""
        ends = [-np.inf, *(part.get_right()[0] for part in after), np.inf]
        return [VGroup(*(g for g in self if left < g.get_x() <= right)) for left, right in pairwise(ends)]

    def apart_from(self, *parts: Mobject) -> VGroup:
        """The glyphs that are in none of these parts."""
        taken = {id(glyph) for part in parts for glyph in part.get_family()}
        return VGroup(*(glyph for glyph in self if id(glyph) not in taken))

    def shows(self, quantity: Quantity) -> bool:
        """Whether a symbol or number of this quantity is in it: in a long formula some are elided."""
        return any(isinstance(node, Symbol | Number) and node.quantity == quantity for node in self._nodes)

    def wrap(self, width: float, gap: float = 0.2) -> Self:
        """Break a formula in one line that is wider than this: before its signs, and between terms and factors.

        The further lines begin under the first sign; a dot stays at the end of its line. Nothing is left out.
        """
        if self.width <= width:
            return self
        left, baseline = float(self.get_left()[0]), self.baseline
        related = isinstance(self.expression, Relation)
        indent = float(self.sign(0).get_left()[0]) if related else left + self.font_size / POINTS
        for deep in (False, True):
            cuts = [-np.inf, *sorted(self._breaks(deep=deep)), np.inf]
            placed = [(float(glyph.get_x()), glyph) for glyph in self]
            parts = [[glyph for x, glyph in placed if low < x <= high] for low, high in pairwise(cuts)]
            if all(VGroup(*part).width <= width - (indent - left) for part in parts):
                break
        lines, start = [VGroup(*parts[0])], left
        for part in filter(None, parts[1:]):
            end = max(float(glyph.get_right()[0]) for glyph in part)
            if end - start > width - (indent - left if len(lines) > 1 else 0.0):
                lines.append(VGroup())
                start = min(float(glyph.get_left()[0]) for glyph in part)
            lines[-1].add(*part)
        for above, line in pairwise(lines):
            drop = above.get_bottom()[1] - gap - line.get_top()[1]
            line.shift([indent - line.get_left()[0], drop, 0.0])
        self.keep_baseline(baseline)
        return self

    def _breaks(self, *, deep: bool) -> list[float]:
        """Where a line may end: before each sign but the first, and between the parts of a side; ``deep``, in them."""
        if not isinstance(self.expression, Relation):
            return self._breaks_within(len(self._nodes), deep=deep)
        breaks = [float(self.sign(index).get_left()[0]) for index in range(1, len(self.expression.signs))]
        return breaks + [
            place for number in self._sides() if number for place in self._breaks_within(number, deep=deep)
        ]

    def _breaks_within(self, number: int, *, deep: bool) -> list[float]:
        """Before each term of a sum but the first, behind each dot of a product."""
        while isinstance(self._nodes[number - 1], Term | Negative):
            number = next(inner for inner, outer in self._parents.items() if outer == number)
        node = self._nodes[number - 1]
        if not isinstance(node, Sum | Product):
            return []
        parts = self._parts(number)
        placed = sorted(((float(part.get_x()), part) for part in parts.values()), key=lambda one: one[0])
        own = [(float(g.get_x()), g) for g, at in zip(self.submobjects, self._marks, strict=True) if at == number]
        own.sort(key=lambda one: one[0])
        breaks: list[float] = []
        for (left, _), (right, other) in pairwise(placed):
            between = [glyph for x, glyph in own if left < x < right]
            dots = [glyph for glyph in between if glyph.height < 0.25 * self.font_size / POINTS]
            if isinstance(node, Sum) and between:
                breaks.append(float(between[0].get_left()[0]) - 1e-3)
            elif dots:
                breaks.append(float(dots[0].get_right()[0]))
            elif not between:
                breaks.append(float(other.get_left()[0]) - 1e-3)
        if deep:
            breaks += [place for inner in parts for place in self._breaks_within(inner, deep=True)]
        return breaks

    def _parts(self, number: int) -> dict[int, VGroup]:
        """The glyphs of each node that stands directly in this one."""
        glyphs: dict[int, list[Mobject]] = {inner: [] for inner, outer in self._parents.items() if outer == number}
        for glyph_mobject, at in zip(self.submobjects, self._marks, strict=True):
            while at and self._parents.get(at) != number:
                at = self._parents.get(at, 0)
            if at:
                glyphs[at].append(glyph_mobject)
        return {inner: VGroup(*found) for inner, found in glyphs.items() if found}

    @property
    def numbers(self) -> list[Number]:
        """Every decimal that the formula shows."""
        return [node for node in self.expression.walk() if isinstance(node, Number)]
