"""A nudge: one given quantity is moved, everything is calculated anew, and the ratios of the changes are measured.

>>> from backprop_math import Cost, Weight, load_example
>>> nudge = Nudge(load_example("simplest"), Weight(3, 0, 0), 0.1)
>>> round(nudge.change(Cost()), 4), round(nudge.ratio(Cost(), Weight(3, 0, 0)), 3)
(-0.0072, -0.072)
>>> print(nudge.measured(Cost(), Weight(3, 0, 0), decimals=3))
∂C₀/∂w⁽ᴸ⁾ ≈ (−0.0072)/0.1 ≈ −0.072
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product

from ..formula import Expression, Fraction, Number, Product, Relation, Term, decimals_for, relation_sign
from ..network import BackwardPass
from ..notation import Notation
from ..quantities import Quantity, as_quantity
from .example import Example

__all__ = ["Measured", "Nudge"]

_DIGITS = range(2, 10)  # significant digits tried for a change
_MORE = range(3)  # decimals added to a ratio where the product would not add up without


@dataclass(frozen=True)
class Measured:
    """A ratio of two changes in the same nudge, ``change`` / ``by`` ≈ ``value``, with the digits to be shown."""

    name: Expression
    change: Number
    by: Number
    value: Number

    @property
    def relation(self) -> Relation:
        """``∂of/∂wrt ≈ change/by ≈ value``: a small but finite nudge comes only near the derivative."""
        return Relation((self.name, Fraction(self.change, self.by), self.value), ("≈", relation_sign(self.value)))

    def __str__(self) -> str:
        return self.relation.text()


@dataclass(frozen=True, eq=False)
class Nudge:
    """``quantity`` (a weight, a bias, an input or a target) of an example moved by ``by``."""

    example: Example
    quantity: Quantity
    by: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "quantity", as_quantity(self.quantity))

    @cached_property
    def before(self) -> BackwardPass:
        """Everything calculated for the example as it is."""
        return self.example.trace()

    @cached_property
    def after(self) -> BackwardPass:
        """Everything calculated anew, with the quantity moved."""
        return self.example.with_values({self.quantity: self.before.value(self.quantity) + self.by}).trace()

    def change(self, quantity: Quantity | str) -> float:
        """How much a quantity has moved."""
        quantity = as_quantity(quantity)
        if quantity == self.quantity:
            return self.by
        return self.after.value(quantity) - self.before.value(quantity)

    def ratio(self, of: Quantity | str, wrt: Quantity | str) -> float:
        """The change of ``of`` for each unit of change of ``wrt``. `ZeroDivisionError` where ``wrt`` has not moved."""
        return self.change(of) / self.change(wrt)

    def measured(self, of: Quantity, wrt: Quantity, *, decimals: int = 4) -> Measured:
        """The ratio with the fewest digits of the two changes that give its shown digits."""
        return self.along([wrt, of], decimals=decimals)[0][0]

    def along(self, path: Sequence[Quantity], *, decimals: int = 4) -> tuple[list[Measured], Relation]:
        """The ratio of each link of a path from cause to effect, and their product: ``∂z/∂w ∂a/∂z … ≈ numbers``.

        A change is shown with the same digits wherever it stands, and with as few as make all of it add up.
        """
        notation, path = Notation(self.example.network), [as_quantity(quantity) for quantity in path]
        links = list(pairwise(path))
        names = [notation.derivative_symbol(of, wrt) for wrt, of in links]
        for more, digits in product(_MORE, _DIGITS):
            shown = {q: self._number(q, digits) for q in path}
            ratios = [Number(self.ratio(of, wrt), decimals + more) for wrt, of in links]
            rows = [
                Measured(name, shown[of], shown[wrt], ratio)
                for (wrt, of), name, ratio in zip(links, names, ratios, strict=True)
            ]
            terms = tuple(Term(name.name, ratio) for name, ratio in zip(names, ratios, strict=True))
            whole = Number(self.ratio(path[-1], path[0]), decimals)
            multiplied = Relation((Product(tuple(names)), Product(terms), whole), ("≈", "≈"))
            if all(relation.adds_up() for relation in (*(row.relation for row in rows), multiplied)):
                break
        return rows, multiplied

    def _number(self, quantity: Quantity, digits: int) -> Number:
        change = self.change(quantity)
        given = quantity == self.quantity
        return Number(change, decimals_for(change, 1, significant=digits, given=given), quantity)
