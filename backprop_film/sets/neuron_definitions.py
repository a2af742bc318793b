"""`NeuronDefinitions`: what a chain's last neuron and the cost are calculated as, three definitions in a column.

In a scene::

    board = NeuronDefinitions(notation, shown_numbers(trace, notation))
    q = LayerQuantities(network.L)
    self.add(board[q.z].symbols, board[q.a])
    self.play(FadeIn(board[q.cost].symbols, board.y))
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from manim import DOWN, LEFT, Animation, VGroup

from backprop_math import Notation, Number, Quantity, Relation

from ..kit.formula import Formula
from ..kit.formula_with_numbers import FormulaWithNumbers
from ..kit.motion import Compose
from ..kit.theme import theme
from .open_neuron import in_numbers
from .single_neurons import LayerQuantities

__all__ = ["NeuronDefinitions"]

_SIGN_X, _TOP, _APART, _CLEAR = 1.4, 1.5, 1.42, 0.1
#: The definition that is looked at alone is so much larger, and stands here.
_LARGER, _ALONE = 1.1, (-0.6, -2.1, 0.0)


class NeuronDefinitions:
    """The rows of z, a and C, each in symbols and in numbers: ``board[quantity]``. None is on the screen.

    ``y`` is the desired output and its number; ``whole`` the activation with its weighted sum written out, whose
    ``parts`` are weight, activation before and bias, with the rest ``around`` them.
    """

    def __init__(self, notation: Notation, numbers: Mapping[Quantity, Number]) -> None:
        self.q = q = LayerQuantities(notation.network.L)
        self._rows = {
            x: FormulaWithNumbers(
                notation.definition(x),
                in_numbers(notation, x, numbers),
                at=(_SIGN_X, _TOP - _APART * row),
                font_size=46,
                numbers_font_size=36,
            )
            for row, x in enumerate((q.z, q.a, q.cost))
        }
        for place, (one, other) in enumerate(pairwise(self._rows.values()), 1):
            low = _CLEAR - (one.get_bottom()[1] - other.get_top()[1])  # numbers may take two lines
            VGroup(*list(self._rows.values())[place:]).shift(max(0.0, low) * DOWN)
        self.y = Formula(Relation((notation.symbol(q.y), numbers[q.y])), font_size=64)
        a = self[q.a].symbols
        self.whole = Formula(notation.activation_of_parts(q.a), font_size=43)
        self.whole.align_to(a, LEFT).fit(theme.safe.right - a.get_left()[0])
        self.whole.on_baseline(a.baseline)
        self.parts = {x: self.whole.quantity(x) for x in (q.w, q.previous, q.b)}
        self.around = self.whole.apart_from(*self.parts.values())

    def __getitem__(self, quantity: Quantity) -> FormulaWithNumbers:
        return self._rows[quantity]

    @property
    def symbols(self) -> VGroup:
        """The definitions without their numbers."""
        return VGroup(*(row.symbols for row in self._rows.values()))

    @property
    def numbers(self) -> VGroup:
        """What stands under the definitions."""
        return VGroup(*(row.numbers for row in self._rows.values()))

    def cost_alone(self) -> FormulaWithNumbers:
        """The cost's row, put where it is looked at alone: larger, below the network."""
        row = self[self.q.cost]
        self._place = row.width, row.get_center()
        row.scale(min(_LARGER, (theme.safe.width - 1.5) / row.width)).move_to(_ALONE)
        return row

    def cost_joins(self) -> Animation:
        """The cost's row goes to its place below the others, after `cost_alone`."""
        (width, centre), row = self._place, self[self.q.cost]
        return row.animate.scale(width / row.width).move_to(centre)

    def sum_rises(self) -> Animation:
        """What is inside the ``whole`` goes up and is what z is: between the brackets there is nothing."""
        z = self[self.q.z].symbols
        return Compose(z, [(self._inside, z.side(1))], old=self.whole.part(z.expression.sides[1]))

    def sum_named(self) -> Animation:
        """The ``whole`` becomes the activation of z."""
        a = self[self.q.a].symbols
        rest = self.whole.apart_from(self.whole.part(self[self.q.z].symbols.expression.sides[1]))
        old, new = ([glyph for glyph in f.side(1) if glyph in kept] for f, kept in (
            (self.whole, rest.submobjects), (a, a.apart_from(a.quantity(self.q.z)).submobjects)
        ))  # fmt: skip
        moves = list(zip(old, new, strict=True)) if len(old) == len(new) else []
        return Compose(a, [(self.whole.side(0), a.side(0)), (self.whole.sign(0), a.sign(0)), *moves], old=rest)

    @property
    def _inside(self) -> VGroup:
        """The sum in the ``whole``; where the function has it twice, the first one."""
        inner = self[self.q.z].symbols
        return self.whole.part(inner.expression.sides[1])[: len(inner.side(1))]
