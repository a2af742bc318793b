"""A nudge: one given quantity is moved, everything is calculated anew, and the ratios of the changes are measured.

>>> from backprop_math import Cost, Weight, load_example
>>> nudge = Nudge(load_example("simplest"), Weight(3, 0, 0), 0.1)
>>> round(nudge.change(Cost()), 4), round(nudge.ratio(Cost(), Weight(3, 0, 0)), 3)
(-0.0072, -0.072)
>>> print(nudge.measured(Cost(), Weight(3, 0, 0), decimals=3))
ΔC₀/Δw⁽ᴸ⁾ ≈ (−0.0072)/0.1 ≈ −0.072
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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

    @property
    def passed_on(self) -> Relation:
        """``by · value ≈ change``: the same, read the other way."""
        return Relation((Product((self.by, self.value)), self.change), ("≈",))

    def _repr_latex_(self) -> str:
        return self.relation._repr_latex_()

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
        tries = ((decimals + more, decimals + more, digits) for more, digits in product(_MORE, _DIGITS))
        return self._fitted(path, tries, lambda row: row.relation)

    def passed_along(
        self, path: Sequence[Quantity], *, decimals: int = 3, whole: int = 4
    ) -> tuple[list[Measured], Relation]:
        """The same, read forward: each change shown, times the ratio shown, is the next one; the product as in `along`.

        The ratios have at least so many ``decimals``, their product ``whole``.

        >>> from backprop_math import Activation, WeightedSum, load_example
        >>> path = [Weight(3, 0, 0), WeightedSum(3, 0), Activation(3, 0), Cost()]
        >>> rows, multiplied = Nudge(load_example("simplest"), path[0], 0.001).passed_along(path)
        >>> print(*(row.passed_on for row in rows), sep="; ")
        0.001 · 0.480 ≈ 0.000480; 0.000480 · 0.225 ≈ 0.000108; 0.000108 · (−0.684) ≈ −0.0000739
        """
        tries = ((decimals + more, whole, digits) for more, digits in product(range(4), _DIGITS))
        return self._fitted(path, tries, lambda row: row.passed_on)

    def _fitted(
        self, path: Sequence[Quantity], tries: Iterable[tuple[int, int, int]], shown: Callable[[Measured], Relation]
    ) -> tuple[list[Measured], Relation]:
        """With the first decimals of the ratios and of their product, and digits of the changes, that add up."""
        notation, path = Notation(self.example.network), [as_quantity(quantity) for quantity in path]
        links = list(pairwise(path))
        names = [notation.difference_quotient(of, wrt) for wrt, of in links]
        changes = [self._changes(of, wrt) for wrt, of in links]
        ratio = self.ratio(path[-1], path[0])
        for decimals, whole, digits in tries:
            rows = [
                Measured(
                    name,
                    self._number(of, change, digits),
                    self._number(wrt, by, digits, given=wrt == self.quantity or not self.moves(wrt)),
                    self._ratio(change / by, decimals, seen=not self.moves(wrt) or self.moves(of)),
                    own=not self.moves(wrt),
                )
                for (wrt, of), (change, by), name in zip(links, changes, names, strict=True)
            ]
            terms = tuple(Term(name.name, row.value) for name, row in zip(names, rows, strict=True))
            result = self._ratio(ratio, whole, seen=self.moves(path[-1]))
            multiplied = Relation((Product(tuple(names)), Product(terms), result), ("≈", "≈"))
            if all(relation.adds_up() for relation in (*map(shown, rows), multiplied)):
                break
        return rows, multiplied

    def _number(self, quantity: Quantity, change: float, digits: int, *, given: bool = False) -> Number:
        seen = abs(change) > _UNSEEN * abs(self.by)
        return Number(change, decimals_for(change, 0, significant=digits, given=given) if seen else 4, quantity)

    @staticmethod
    def _ratio(ratio: float, decimals: int, *, seen: bool) -> Number:
        return Number(ratio, decimals_for(ratio, decimals) if seen else decimals)
