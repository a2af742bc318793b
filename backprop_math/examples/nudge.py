"""A nudge: one given quantity is moved, everything is calculated anew, and the ratios of the changes are measured.

>>> from backprop_math import Cost, Weight, load_example
>>> nudge = Nudge(load_example("simplest"), Weight(3, 0, 0), 0.1)
>>> round(nudge.change(Cost()), 4), round(nudge.ratio(Cost(), Weight(3, 0, 0)), 3)
(-0.0072, -0.072)
>>> print(nudge.measured(Cost(), Weight(3, 0, 0), decimals=3))
ΔC₀/Δw⁽ᴸ⁾ ≈ (−0.0072)/0.1 ≈ −0.072
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise, product

import numpy as np

from ..formula import Expression, Fraction, Number, Product, Relation, Term, decimals_for, relation_sign
from ..functions import ActivationFunction
from ..network import BackwardPass
from ..notation import Notation
from ..quantities import Activation, Cost, Quantity, Target, Weight, WeightedSum, as_quantity, shifted
from .example import Example

__all__ = ["Measured", "Nudge"]

_DIGITS = range(2, 10)  # significant digits tried for a change
_MORE = range(3)  # decimals added to a ratio where the product would not add up without
# What moves by less than this part of the nudge has not moved: it would take more digits than anybody reads.
_UNSEEN = 5e-6
# A smaller part of a value than this is the rounding of float64.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Measured:
    """A ratio of two changes in the same nudge, ``change`` / ``by`` ≈ ``value``, with the digits to be shown.

    ``own`` says that what it is with respect to has not moved in that nudge, and has got one of its own.
    """

    name: Expression
    change: Number
    by: Number
    value: Number
    own: bool = False

    @property
    def relation(self) -> Relation:
        """``Δof/Δwrt ≈ change/by ≈ value``: a small but finite nudge comes only near the derivative."""
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

    def moves(self, quantity: Quantity | str) -> bool:
        """Whether a quantity moves so far that it is seen; no change is a result, too."""
        quantity = as_quantity(quantity)
        change, value = abs(self.change(quantity)), self.before.value(quantity)
        return quantity == self.quantity or change > max(_UNSEEN * abs(self.by), _ROUNDING * abs(value))

    def ratio(self, of: Quantity | str, wrt: Quantity | str) -> float:
        """The change of ``of`` for each unit of change of ``wrt``: 0 where ``of`` stays where it is.

        Where ``wrt`` has not moved, there is nothing to divide by: it gets a nudge of its own, as large, of which only
        ``of`` is calculated anew. `ValueError` where ``of`` is not calculated directly from it.
        """
        change, by = self._changes(as_quantity(of), as_quantity(wrt))
        return change / by

    def _changes(self, of: Quantity, wrt: Quantity) -> tuple[float, float]:
        """How much ``of`` moves, and how much ``wrt``, in this nudge or in one of its own."""
        if self.moves(wrt):
            return self.change(of), self.change(wrt)
        network, trace = self.example.network, self.before
        match of, wrt:
            case WeightedSum(l, j), Activation(m, k) if m == shifted(l, -1):
                return trace.value(Weight(l, j, k)) * self.by, self.by
            case Activation(l, j), WeightedSum(m, i) if (l, j) == (m, i):
                function, z = network.activation[int(l) - 1], trace.value(wrt)
                if isinstance(function, ActivationFunction):
                    return float(function.f(np.array(z + self.by)) - function.f(np.array(z))), self.by
            case Cost(), Activation(l, j) if l == network.L:
                places = range(network.layers[l])
                a, y = (np.array([trace.value(q(k)) for k in places]) for q in (partial(Activation, l), Target))
                moved = a + self.by * (np.arange(len(a)) == j)
                return float(network.cost.value(moved, y) - network.cost.value(a, y)), self.by
        raise ValueError(f"∂{of}/∂{wrt}: {wrt} has not moved, and {of} is not calculated directly from it")

    def measured(self, of: Quantity, wrt: Quantity, *, decimals: int = 4) -> Measured:
        """The ratio with the fewest digits of the two changes that give its shown digits."""
        return self.along([wrt, of], decimals=decimals)[0][0]

    def along(self, path: Sequence[Quantity], *, decimals: int = 4) -> tuple[list[Measured], Relation]:
        """The ratio of each link of a path from cause to effect, and their product: ``Δz/Δw Δa/Δz … ≈ numbers``.

        A change is shown with the same digits wherever it stands, and with as few as make all of it add up.
        """
        notation, path = Notation(self.example.network), [as_quantity(quantity) for quantity in path]
        links = list(pairwise(path))
        names = [notation.difference_quotient(of, wrt) for wrt, of in links]
        changes = [self._changes(of, wrt) for wrt, of in links]
        for more, digits in product(_MORE, _DIGITS):
            rows = [
                Measured(
                    name,
                    self._number(of, change, digits),
                    self._number(wrt, by, digits, given=wrt == self.quantity or not self.moves(wrt)),
                    Number(change / by, decimals + more),
                    own=not self.moves(wrt),
                )
                for (wrt, of), (change, by), name in zip(links, changes, names, strict=True)
            ]
            terms = tuple(Term(name.name, row.value) for name, row in zip(names, rows, strict=True))
            whole = Number(self.ratio(path[-1], path[0]), decimals + more)
            multiplied = Relation((Product(tuple(names)), Product(terms), whole), ("≈", "≈"))
            if all(relation.adds_up() for relation in (*(row.relation for row in rows), multiplied)):
                break
        return rows, multiplied

    def shown_change(self, quantity: Quantity) -> Number:
        """The change of a quantity with two digits, or with four decimals where it is not seen."""
        return self._number(quantity, self.change(quantity), min(_DIGITS), given=quantity == self.quantity)

    def _number(self, quantity: Quantity, change: float, digits: int, *, given: bool = False) -> Number:
        seen = abs(change) > _UNSEEN * abs(self.by)
        return Number(change, decimals_for(change, 1, significant=digits, given=given) if seen else 4, quantity)
