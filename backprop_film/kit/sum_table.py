"""`SumTable`: terms written one under the other, and under a rule their sum. What is shown adds up.

In a scene::

    z = WeightedSum(2, 1)
    table = SumTable(weighted_terms(trace, notation, z), total=(notation.symbol(z), trace.value(z)))
    self.play(LaggedStart(*map(FadeIn, table.rows)))
    self.play(Create(table.rule), FadeIn(table.result))
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from manim import RIGHT, UP, Line, Mobject, VGroup

from backprop_math import (
    Expression,
    Number,
    Relation,
    Sum,
    Term,
)
from backprop_math.formula import Aside, adding_up, in_one_form, inside, relation_sign, shorter

from .addends import Addend
from .formula import Formula, continued
from .theme import MIN_FONT_SIZE, POINTS, theme

__all__ = ["SumRow", "SumTable"]

#: No more rows than these are read, and no fewer are left.
_MOST, _FEWEST = 12, 3
#: How far what is too wide is shortened: 1, the result alone; 2, the rows' arithmetic, too; 3, without any.
_BRIEFEST = 3


class SumRow(VGroup):
    """A row of the table: ``symbols``, and ``numbers`` from its first sign on, which may differ in size.

    In one line, or ``stacked``: the numbers below the symbols, each factor's number below the factor.
    """

    def __init__(
        self, relation: Relation, *, font_size: float, symbols_font_size: float, stacked: bool = False
    ) -> None:
        self.symbols = Formula(relation.sides[0], font_size=symbols_font_size)
        self.numbers = Formula(continued(relation), font_size=font_size)
        self.ends = len(relation.sides) - 1
        self.stacked, self.space = stacked and self.ends == 2, 0.36 * font_size / POINTS
        super().__init__(self.symbols, self.numbers)
        if self.stacked:
            self._stack()

    @property
    def value(self) -> VGroup:
        """The number at the end."""
        return self.numbers.side(self.ends)

    @property
    def arithmetic(self) -> VGroup | None:
        """What it is the value of, if that is more than the symbols."""
        return self.numbers.side(1) if self.ends == 2 else None

    @property
    def factors(self) -> list[Expression]:
        """The numbers of the product, as they are shown."""
        return [node.body for node in self.numbers.expression.walk() if isinstance(node, Term)]

    @property
    def sign(self) -> VGroup:
        """The sign before the value."""
        return self.numbers.sign(self.ends - 1)

    def begin(self, first: float) -> float:
        """Put the first sign of a single line at ``first``; where the last sign can stand, in any row."""
        if not self.stacked:
            _to(self.symbols, 0.0)
            if self.arithmetic is None:
                return first
            _to(self.numbers.sign(0), first)
            _to(self.arithmetic, first + self.numbers.sign(0).width + self.space)
        return float(VGroup(self.symbols, self.arithmetic).get_right()[0]) + self.space

    def finish(self, sign: float, end: float) -> None:
        """Put the last sign at ``sign`` and the last digit at ``end``."""
        _to(self.sign, sign)
        _to(self.value, end - self.value.width)

    def _stack(self) -> None:
        """The sign at 0, after it the numbers; above them the symbols."""
        arithmetic, start = VGroup(self.arithmetic), self.numbers.sign(0).width + self.space
        _to(self.numbers.sign(0), 0.0)
        names = [name for name in self.numbers.terms if name in self.symbols.terms]
        if names:
            self._spread(names)
        self.symbols.shift((start - (arithmetic if names else self.symbols).get_left()[0]) * RIGHT)
        _to(arithmetic, start)
        self.symbols.shift((self.numbers.get_top()[1] + 0.8 * self.space - self.symbols.get_bottom()[1]) * UP)

    def _spread(self, names: list[str]) -> None:
        """Move each factor above its number, and the numbers apart where the factors need more room."""
        factors, numbers = ([part.term(name) for name in names] for part in (self.symbols, self.numbers))
        for i in range(len(names) - 1):
            need = (factors[i].width + factors[i + 1].width) / 2 + self.space
            lack = max(0.0, need - (numbers[i + 1].get_x() - numbers[i].get_x()))
            left, right = numbers[i].get_right()[0], numbers[i + 1].get_left()[0]
            for glyph in VGroup(self.arithmetic).family_members_with_points():
                if glyph.get_x() > left:
                    glyph.shift((lack if glyph.get_x() > right else lack / 2) * RIGHT)
        for factor, number in zip(factors, numbers, strict=True):
            factor.set_x(number.get_x())


class SumTable(VGroup):
    """A row for each addend, signs and last digits aligned; ``rule``; and ``result``, a row, too.

    The values have as many decimals, at least ``decimals`` and the same in every row, as it takes for each row and for
    the column to add up from the digits shown (``sum`` is what the column says). ``width`` and ``height`` are the most
    that it takes: it shrinks as far as it can be read; then a row ``13 more`` stands for addends in the middle, and
    rows that are too wide are shortened. ``places`` says which addends have a row of their own, ``row(i)`` finds it by
    their number; ``hidden`` is the row of the others. ``buff`` is the least distance of the baselines. ``stacked``, a
    row has its numbers below its symbols, and the result says what was added: ``∂C/∂a ≈ −0.649 + 0.207 ≈ −0.442``.
    """

    def __init__(
        self,
        addends: Sequence[Addend],
        total: tuple[Expression, float],
        *,
        decimals: int = 3,
        font_size: float = 38.4,
        symbols_font_size: float | None = None,
        buff: float = 0.7,
        width: float = 5.4,
        height: float = 4.8,
        stacked: bool = False,
    ) -> None:
        room: dict[str, Any] = {"buff": buff, "stacked": stacked}
        self._made = font_size
        sizes = font_size, symbols_font_size or font_size
        most, brief, scale = min(len(addends), _MOST), 0, 1.0
        for _ in range(6):
            least = self._lay_out(addends, total, most, brief, decimals, (scale * sizes[0], scale * sizes[1]), **room)
            over = max(self.width / width, self.height / height)
            if over <= 1 or least:
                break
            scale *= 0.995 / over
        while max(self.width / width, self.height / height) > 1:
            if self.width > width and brief < _BRIEFEST:
                brief += 1
            elif self.height > height and most > _FEWEST:
                most = max(_FEWEST, min(most - 1, int(most * height / self.height)))
            else:
                break
            self._lay_out(addends, total, most, brief, decimals, (MIN_FONT_SIZE, MIN_FONT_SIZE), **room)
        self.center()

    def _lay_out(
        self,
        addends: Sequence[Addend],
        total: tuple[Expression, float],
        most: int,
        brief: int,
        decimals: int,
        sizes: tuple[float, float],
        *,
        buff: float,
        stacked: bool,
    ) -> bool:
        """With so many rows, so ``brief`` and of such sizes, or the least that can be read: whether it is that."""
        shown, self.places = _with_rest(addends, most)
        relations, result = _adding_up(shown, total, decimals)
        numbers = tuple(inside(relation.sides[-1]) for relation in relations)
        self.sum = Relation((Sum(numbers), result.sides[-1]))
        if stacked and not brief:
            spelled = Sum(tuple(Term(f"row[{i}]", number) for i, number in enumerate(numbers)))
            result = Relation((result.sides[0], spelled, result.sides[-1]), (relation_sign(spelled), result.signs[0]))
        if brief > 1:
            relations = [_briefer(relation, arithmetic=brief < _BRIEFEST) for relation in relations]
        sized = (max(MIN_FONT_SIZE, sizes[0]), max(MIN_FONT_SIZE, sizes[1]))
        self._arrange(relations, result, sized, buff * min(1.0, sized[0] / self._made), stacked)
        return sized == (MIN_FONT_SIZE, MIN_FONT_SIZE)

    def _arrange(
        self, relations: Sequence[Relation], result: Relation, sizes: tuple[float, float], buff: float, stacked: bool
    ) -> None:
        font_size, symbols = sizes
        self.rows = [
            SumRow(relation, font_size=font_size, symbols_font_size=symbols, stacked=stacked) for relation in relations
        ]
        self.result = SumRow(result, font_size=font_size, symbols_font_size=symbols)
        rows = [*self.rows, self.result]
        first = max(row.symbols.width for row in rows if not row.stacked) + self.result.space
        sign = max(row.begin(first) for row in rows)
        end = sign + self.result.sign.width + self.result.space + max(row.value.width for row in rows)
        pitch = max(buff, (0.34 if stacked else 0.15) + max(row.height for row in rows))
        for number, row in enumerate(rows):
            row.finish(sign, end)
            if not row.stacked:
                row.symbols.on_baseline(row.numbers.baseline)
            row.shift((-number * pitch - row.numbers.baseline) * UP)
        above, between = self.rows[-1].get_bottom()[1], 0.2
        self.result.shift((above - 2 * between - self.result.get_top()[1]) * UP)
        self.rule = Line([0, above - between, 0], [end, above - between, 0], stroke_width=2, color=theme.line)
        super().__init__(*self.rows, self.rule, self.result)

    def row(self, index: int) -> SumRow:
        """An addend's row. `KeyError` where it has none of its own."""
        if index not in self.places:
            raise KeyError(f"addend {index} has no row of its own: those of {list(self.places)} have")
        return self.rows[self.places.index(index)]

    @property
    def hidden(self) -> SumRow | None:
        """The row that stands for the addends without one."""
        return self.rows[self.places.index(None)] if None in self.places else None

    @property
    def carried(self) -> list[tuple[Mobject, Mobject]]:
        """Pairs for `Compose`: where the rows' values go in a result that says what was added."""
        if self.result.arithmetic is None:
            return []
        return [(row.value, self.result.numbers.term(f"row[{i}]")) for i, row in enumerate(self.rows)]


def _to(part: VGroup, x: float) -> None:
    part.shift((x - part.get_left()[0]) * RIGHT)


def _with_rest(addends: Sequence[Addend], most: int) -> tuple[list[Addend], list[int | None]]:
    """So many rows: of addends by their number, and one for those that have none, which has no number."""
    count = len(addends)
    if count <= most:
        return list(addends), list(range(count))
    last = [] if addends[-1].more else [count - 1]
    hidden = range(most - 1 - len(last), count - len(last))
    more = sum(max(1, addends[i].more) for i in hidden)
    rest = Addend(Aside(f"{more:,} more"), None, math.fsum(addends[i].value for i in hidden), more)
    return [*addends[: hidden.start], rest, *(addends[i] for i in last)], [*range(hidden.start), None, *last]


def _briefer(relation: Relation, *, arithmetic: bool) -> Relation:
    """With long sums and products shortened, or without the arithmetic."""
    if arithmetic or len(relation.sides) < 3:
        return shorter(relation, 4)
    return Relation((relation.sides[0], relation.sides[-1]), (relation.signs[-1],))


def _adding_up(
    addends: Sequence[Addend], total: tuple[Expression, float], decimals: int
) -> tuple[list[Relation], Relation]:
    """The rows and the result, in one form, with the fewest digits with which all of it adds up."""
    name, value = total
    for extra in range(8):
        *numbers, end = in_one_form([*(a.value for a in addends), value], decimals + extra, significant=2 + extra)
        relations = [_row(addend, number) for addend, number in zip(addends, numbers, strict=True)]
        result = Relation((name, end), (relation_sign(end),))
        if Relation((Sum(tuple(numbers)), end)).adds_up() and all(relation.adds_up() for relation in relations):
            break
    return relations, result


def _row(addend: Addend, number: Number) -> Relation:
    if addend.arithmetic is None:
        return Relation((addend.symbols, number), (relation_sign(number),))
    fitted = adding_up(addend.symbols, addend.arithmetic, addend.value, number.decimals)
    if len(fitted.sides) < 3:  # What is added is one number, and already there.
        return Relation((addend.symbols, number), (relation_sign(number),))
    return Relation((*fitted.sides[:-1], number), fitted.signs)
