"""`PathFigures`: the numbers of the last two layers, each with one rounding wherever it stands.

In a scene::

    figures = PathFigures(trace, notation, j=1, k=0, outputs=[0, 1])
    self.add(formula_line(figures.activation))            # ∂C/∂a ≈ 2.40 · 0.248 · (−1.090) + … ≈ −0.473

>>> from backprop_math import load_example
>>> example = load_example("two_outputs")
>>> figures = PathFigures(example.trace(), Notation(example.network), j=1, k=0, outputs=[0, 1])
>>> print(figures.weight)
∂C₀/∂w₁₀⁽ᴸ⁾ ≈ 0.774 · 0.234 · 1.252 ≈ 0.227
>>> print(figures.activation)
∂C₀/∂a₀⁽ᴸ⁻¹⁾ ≈ 2.40 · 0.248 · (−1.090) + 0.60 · 0.234 · 1.252 ≈ −0.649 + 0.176 ≈ −0.473
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from backprop_math import (
    Activation,
    BackwardPass,
    Cost,
    CostDerivatives,
    Expression,
    Notation,
    Number,
    Parameter,
    Product,
    Quantity,
    Relation,
    Sum,
    Term,
    Weight,
    WeightedSum,
)
from backprop_math.formula import Remainder, agreeing, decimals_for, factor_name, fewest_decimals, inside, relation_sign
from backprop_math.functions import OutputActivation
from backprop_math.network import Structure, taken_together

from .last_layers_layout import neuron_decimals

__all__ = ["PathFigures", "short_decimal", "telling_neuron"]

_DECIMALS, _GIVEN = 3, 2
_FAINT = 1e-9  # a slope


def telling_neuron(trace: BackwardPass, neurons: Sequence[int]) -> int:
    """Of some neurons before the last layer, the one whose ways to the cost oppose each other most, or matters most."""
    layer = trace.network.L
    slopes = [trace.derivative(WeightedSum(layer, j)) for j in range(trace.network.layers[layer])]

    def telling(k: int) -> tuple[float, float]:
        ways = [trace.value(Weight(layer, j, k)) * slope for j, slope in enumerate(slopes)]
        up, down = sum(way for way in ways if way > 0), -sum(way for way in ways if way < 0)
        return min(up, down), abs(up - down)

    return max(neurons, key=telling)


class PathFigures:
    """Of output ``j`` and neuron ``k`` before it: definitions and derivatives in numbers that agree and add up.

    ``outputs`` are those drawn; what goes through the others stands as one number. Where the last function mixes the
    weighted sums (``mixed``), or has lost its digits, its slope and the cost's derivative are one factor, ∂C/∂z_j:
    ``at_once``. ``reactions`` are how the cost reacts to each output drawn, where that can be calculated from the
    digits shown; ``before`` is the derivative of the weight from neuron ``m`` into neuron k, where there is one.
    """

    def __init__(
        self, trace: BackwardPass, notation: Notation, *, j: int, k: int, outputs: Sequence[int], m: int | None = None
    ) -> None:
        network = trace.network
        self.trace, self.notation, self.j, self.k, self.L = trace, notation, j, k, network.L
        self.outputs = list(outputs)
        self.mixed = isinstance(network.activation[-1], OutputActivation)
        self.at_once = self.mixed or taken_together(trace) or self._faint(network, trace)
        self.derivatives = CostDerivatives(notation, at_once=self.at_once)
        self.hidden, self.m = network.layers[self.L] - len(self.outputs), m
        wanted: list[Quantity] = [Cost(), WeightedSum(self.L, j), Activation(self.L, j)]
        page = [notation.with_numbers(notation.definition(q), trace, _DECIMALS) for q in wanted]
        page += [self._weight(), self._activation()]
        if m is not None:
            page.append(self._before(m))
        given = neuron_decimals(trace)
        page = [_plainly(line, given) for line in page]
        known = self.outputs if network.paired or not self.at_once else ()
        reactions = [_plainly(self._reaction(drawn), given) for drawn in known]
        found = agreeing([*page, *reactions])
        if not all(line.adds_up() for line in found):
            found = agreeing(page)
        self.reactions = dict(zip(self.outputs, found[len(page) :], strict=False))
        self.cost, self.weighted_sum, self.output, self.weight, self.activation, *rest = found[: len(page)]
        self.before = rest[0] if rest else None

    # -- parts of the relations -------------------------------------------------------------------------

    @property
    def last(self) -> list[tuple[Quantity, Quantity]]:
        """The factors of a path behind the first one, as (of, wrt), for letters j."""
        return self.factors("j")

    def factors(self, j: int | str) -> list[tuple[Quantity, Quantity]]:
        """The factors ∂of/∂wrt from output j's weighted sum to the cost."""
        layer: int | str = "L" if isinstance(j, str) else self.L
        z, a = WeightedSum(layer, j), Activation(layer, j)
        return [(Cost(), z)] if self.at_once else [(a, z), (Cost(), a)]

    def first(self, j: int) -> tuple[Quantity, Quantity]:
        """The first factor of the path from neuron k through output j."""
        return WeightedSum(self.L, j), Activation(self.L - 1, self.k)

    def behind(self, j: int) -> tuple[Quantity, Quantity]:
        """The last factor: the number that output j carries."""
        return self.factors(j)[-1]

    def number(self, of: Quantity, wrt: Quantity) -> Expression:
        """The number of a factor, as it is everywhere."""
        for relation in (self.activation, self.weight):
            for side in relation.sides[1:]:
                names = {node.name: node.body for node in side.walk() if isinstance(node, Term)}
                if factor_name(of, wrt) in names:
                    return names[factor_name(of, wrt)]
        raise KeyError(f"∂{of}/∂{wrt} is no factor of these paths")

    @property
    def addends(self) -> list[Number]:
        """What each output drawn adds to ∂C/∂a, and what the others do, as far as there are any."""
        side = self.activation.sides[-2] if len(self.outputs) + self.hidden > 1 else self.activation.sides[-1]
        terms = side.terms if isinstance(side, Sum) else (side,)
        return [number for number in map(inside, terms) if isinstance(number, Number)]

    @property
    def total(self) -> Number:
        """∂C/∂a."""
        number = inside(self.activation.sides[-1])
        assert isinstance(number, Number)
        return number

    @property
    def found(self) -> dict[Parameter, Expression]:
        """The gradient's entries that are calculated here, and their numbers."""
        found: dict[Parameter, Expression] = {Weight(self.L, self.j, self.k): inside(self.weight.sides[-1])}
        if self.before is not None and self.m is not None:
            found[Weight(self.L - 1, self.k, self.m)] = inside(self.before.sides[-1])
        return found

    @property
    def gathered(self) -> Relation:
        """∂C/∂z_j where the last function mixes the weighted sums; with the cost made for it, what it comes to."""
        relation, paired = CostDerivatives(self.notation).chain(WeightedSum("L", "j")), self.trace.network.paired
        if paired is None or paired.dz_formula is None:
            return relation
        short = self.notation.local_derivative(Cost(), WeightedSum("L", "j"))
        return relation.followed_by(Relation((relation.sides[0], short)))

    def whole(self, wrt: Quantity) -> Number:
        """The cost's derivative by a quantity, whole."""
        return short_decimal(self.trace.derivative(wrt))

    def order(self) -> list[int | None]:
        """The outputs drawn from the top; ``None`` stands for those that are not."""
        found: list[int | None] = list(self.outputs)
        if self.hidden:
            found.insert(
                next(i for i, j in enumerate(self.outputs) if i == len(self.outputs) - 1 or self.outputs[i + 1] > j + 1)
                + 1,
                None,
            )
        return found

    def value(self, j: int) -> float:
        """What the path through output j adds to ∂C/∂a."""
        return self.trace.value(Weight(self.L, j, self.k)) * self.trace.derivative(WeightedSum(self.L, j))

    @staticmethod
    def _faint(network: Structure, trace: BackwardPass) -> bool:
        """Whether an output's slope is so small that nobody could multiply by it, and a form without it is known."""
        function = network.activation[-1]
        if network.paired is None or isinstance(function, OutputActivation):
            return False
        return bool(abs(function.df(trace.z[network.L])).min() < _FAINT)

    # -- how they are made ------------------------------------------------------------------------------

    def _factor(self, of: Quantity, wrt: Quantity) -> Term:
        if isinstance(of, Cost):
            value = self.trace.derivative(wrt)
            return Term(factor_name(of, wrt), short_decimal(value))
        return self.notation.factor_number(of, wrt, self.trace.graph.edge(of, wrt).value, _DECIMALS)

    def _relation(self, wrt: Quantity, *sides: Expression) -> Relation:
        everything = (self.derivatives.ratio(wrt), *sides)
        signs = [relation_sign(side) for side in everything]
        return Relation(everything, tuple("≈" if "≈" in signs[: i + 1] else "=" for i in range(1, len(everything))))

    def _weight(self) -> Relation:
        w = Weight(self.L, self.j, self.k)
        ends = [(WeightedSum(self.L, self.j), w), *self.factors(self.j)]
        return self._relation(
            w, Product(tuple(self._factor(*end) for end in ends)), short_decimal(self.trace.derivative(w))
        )

    def _activation(self) -> Relation:
        a = Activation(self.L - 1, self.k)
        total = self.trace.derivative(a)
        rest = total - math.fsum(self.value(j) for j in self.outputs)
        products: list[Expression] = []
        values: list[Expression] = []
        for j in self.order():
            if j is None:
                hidden = Remainder(rest, decimals_for(rest, _DECIMALS), count=self.hidden)
                products.append(hidden)
                values.append(hidden)
            else:
                ends = [self.first(j), *self.factors(j)]
                products.append(Term(f"path[{j}]", Product(tuple(self._factor(*end) for end in ends))))
                values.append(Term(f"value[{j}]", short_decimal(self.value(j))))
        if len(products) == 1:
            return self._relation(a, products[0], short_decimal(total))
        return self._relation(a, Sum(tuple(products)), Sum(tuple(values)), short_decimal(total))

    def _reaction(self, j: int) -> Relation:
        """How the cost reacts to an output, or where that is at once to its weighted sum: ``2(a − y)`` in numbers."""
        _, wrt = self.behind(j)
        return self.notation.local_with_numbers(self.trace.cost_quantity, wrt, self.trace, _DECIMALS)

    def _before(self, m: int) -> Relation:
        w, z, a = Weight(self.L - 1, self.k, m), WeightedSum(self.L - 1, self.k), Activation(self.L - 1, self.k)
        product = Product((self._factor(z, w), self._factor(a, z), self._factor(Cost(), a)))
        return self._relation(w, product, short_decimal(self.trace.derivative(w)))


def _plainly(relation: Relation, inside: int) -> Relation:
    """What is given is shown whole, with no more digits than it has, an input as ``inside`` its neuron; what is large
    with fewer decimals.
    """

    def change(node: Expression) -> Expression | None:
        if not isinstance(node, Number):
            return None
        if node.exact and node.decimals > _GIVEN:
            least = inside if isinstance(node.quantity, Activation) else _GIVEN
            return replace(node, decimals=fewest_decimals(node.value, least, node.decimals))
        return node if node.exact else replace(node, decimals=min(node.decimals, _places(node.value)))

    return replace(relation, sides=tuple(side.map(change) for side in relation.sides))


def short_decimal(value: float) -> Number:
    """A calculated value with three decimals; with more where it is small, with four digits where it is large.

    >>> print(short_decimal(0.22714), short_decimal(0.00022714), short_decimal(-32503270.8))
    0.227 0.00023 −3.250 × 10⁷
    """
    return Number(value, min(decimals_for(value, _DECIMALS), _places(value)))


def _places(value: float) -> int:
    """As many decimals as four digits leave to a number of 10 or more; to a smaller one as many as it likes."""
    return _DECIMALS - math.floor(math.log10(abs(value))) if abs(value) >= 10 else 99
