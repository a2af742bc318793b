"""`EquationBoard`: a layer's equation with matrices, its symbols above its numbers, as far as the numbers have room.

In a scene::

    board = EquationBoard(LayerEquations(trace, 2, notation, longest=3).weighted_sum)
    self.play(FadeIn(board.symbols))
    self.play(FadeIn(board.numbers))
"""

from __future__ import annotations

from collections.abc import Iterable

from manim import DOWN, LEFT, Mobject, VGroup

from backprop_math import Number, Product, Quantity, Relation, Sum, Term, WeightedSum
from backprop_math.formula import MatrixExpression
from backprop_math.notation.matrix_equation import MatrixEquation

from ..kit.fitted import fitted
from ..kit.formula import Formula
from ..kit.theme import MIN_FONT_SIZE, theme

__all__ = ["EquationBoard"]

_WIDTH, _TOP, _BOTTOM = 12.4, -0.1, -2.86


class EquationBoard(VGroup):
    """``symbols`` and, below them, ``numbers``: left out where they could not be read within the board.

    ``moves(sources)`` pairs each quantity's picture with its number.
    """

    def __init__(self, equation: MatrixEquation, *, font_size: float = 40) -> None:
        super().__init__()
        self._equation = equation
        self.symbols = Formula(equation.symbols, font_size=44).fit(_WIDTH)
        self.numbers: Formula | None = None
        if len(equation.numbers.sides) > 1:
            numbers = Formula(equation.numbers, font_size=font_size)
            room = _TOP - _BOTTOM - self.symbols.height - 0.3
            numbers.scale(min(1.0, _WIDTH / numbers.width, room / numbers.height))
            if numbers.font_size >= MIN_FONT_SIZE:
                self.numbers = numbers
        self.add(self.symbols, *([self.numbers] if self.numbers else []))
        self.arrange(DOWN, buff=0.3).move_to([0, (_TOP + _BOTTOM) / 2, 0])
        colors = {"delta": theme.highlight, "result": self._color_of_result(equation)}
        for name, color in colors.items():
            for part in (self.symbols, self.numbers):
                if part and name in part.terms and color:
                    part.term(name).set_fill(color)

    @staticmethod
    def _color_of_result(equation: MatrixEquation) -> str | None:
        """That of what is calculated: δ, which may be a gradient, or weighted sums."""
        left, right = (side.text() for side in equation.symbols.sides)
        if left.startswith("δ") or (right.startswith("δ") and len(equation.numbers.sides) < 3):
            return theme.highlight
        return theme.role(WeightedSum) if left[0] in "zZ" else None

    def part(self, name: str, *, symbols: bool = False) -> list[Mobject]:
        """The numbers (or the symbols) of a matrix, by its letter; nothing where it is not shown."""
        formula = self.symbols if symbols else self.numbers
        return [formula.term(name)] if formula and name in formula.terms else []

    def entries(self, name: str) -> list[Mobject]:
        """The numbers in a matrix, by its letter, row by row; nothing where it is not shown."""
        if self.numbers is None or name not in self.numbers.terms:
            return []
        shown = {id(glyph) for glyph in self.numbers.term(name)}
        return [glyphs for _, glyphs in self.numbers.leaves(Number) if glyphs and id(glyphs[0]) in shown]

    @property
    def dots(self) -> list[Mobject]:
        """The circled dot between two matrices, in symbols and in numbers."""
        return [
            self.symbols.cut(self.symbols.term("gradient"))[1][:1],
            *([self.numbers.cut(self.numbers.term("gradient"))[1][:1]] if self.numbers else []),
        ]

    def stages(self, *names: str) -> list[VGroup]:
        """The numbers in parts, as they come: each up to the end of a matrix, by its letter; at last, the result.

        A sign comes with the matrix that it stands before, and what is calculated with the last part: so no half of the
        calculation is said to be equal to it.
        """
        if self.numbers is None:
            return []
        ends = [self.numbers.term(name, 1) for name in names if self.numbers.terms.count(name)]
        first, *parts = self.numbers.cut(*ends)
        if not parts:
            return [first]
        left = VGroup(*self.numbers.side(0), *self.numbers.sign(0))
        taken = {id(glyph) for glyph in left}
        return [VGroup(*(glyph for glyph in first if id(glyph) not in taken)), *parts[:-1], VGroup(*left, *parts[-1])]

    def first_row_summed(self, result: Number) -> Formula | None:
        """The first row of Wᵀ times δ, written out behind δ, where what follows has not come yet."""
        relation, delta = _first_row_summed(self._equation, result), self.part("delta")
        if relation is None or not delta:
            return None
        left = float(delta[0].get_right()[0]) + 0.5
        summed = fitted(relation, width=theme.safe.right - left, height=1.7, font_size=38)
        for number, glyphs in summed.leaves(Number):
            if number.quantity is None:  # it is no weight
                glyphs.set_fill(theme.highlight)
        return summed.move_to([left, delta[0].get_y(), 0], aligned_edge=LEFT)

    def moves(self, sources: Iterable[tuple[Mobject, Quantity]]) -> list[tuple[Mobject, Mobject]]:
        """From the picture of each quantity to its number, where it is shown."""
        numbers = self.numbers
        if numbers is None:
            return []
        shown = [(source, numbers.quantity(quantity)) for source, quantity in sources if numbers.shows(quantity)]
        # Other digits would be scrambled on their way.
        return [(source, number) for source, number in shown if len(source.submobjects) == len(number)]


def _first_row_summed(equation: MatrixEquation, result: Number) -> Relation | None:
    """The first row of Wᵀ times δ, written out, is the result; nothing where some of it is not shown, or digits differ.

    >>> from backprop_math import Activation, LayerEquations, load_example
    >>> trace = load_example("two_outputs").trace()
    >>> result = Number(trace.derivative(Activation(1, 0)), 3)
    >>> _first_row_summed(LayerEquations(trace, 1, decimals=3).error, result).text()
    '2.40 · (−0.2703) + 0.60 · 0.2931 ≈ −0.473'
    """
    found = {node.name: node.body for node in equation.numbers.walk() if isinstance(node, Term)}
    W, delta = found.get("W"), found.get("delta")
    if not isinstance(W, MatrixExpression) or not isinstance(delta, MatrixExpression):
        return None
    pairs = [(w, row[0]) for w, row in zip(W.rows[0], delta.rows, strict=True)]
    if not all(isinstance(number, Number) for pair in pairs for number in pair):
        return None
    terms = tuple(map(Product, pairs))
    whole = Relation((Sum(terms) if len(terms) > 1 else terms[0], result), ("≈",))
    return whole if whole.adds_up() else None
