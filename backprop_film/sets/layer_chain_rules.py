"""`LayerChainRules`: in a layer with one neuron, the chain rules for its weight, its bias and the activation before it.

In a scene::

    chains = LayerChainRules(trace, notation, layer=3)
    Formula(chains.symbols(Weight(3, 0, 0)))     # ∂C/∂w = ∂z/∂w ∂a/∂z ∂C/∂a
    Formula(chains.numbers(Weight(3, 0, 0)))     # ∂C/∂w ≈ 0.48 · 0.225 · (−0.684) ≈ −0.0739
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from backprop_math import BackwardPass, CostDerivatives, Expression, Notation, Number, Product, Quantity, Relation, Term
from backprop_math.formula import adding_up_together, agreeing, decimals_for, factor_name

from .single_neurons import LayerQuantities

__all__ = ["LayerChainRules", "gradient_decimals", "layer_decimals"]

_LEAST, _MOST = 4, 6
#: Signs of a number that is read at a glance.
_LONGEST = 8


def gradient_decimals(trace: BackwardPass) -> int:
    """The decimals that show every derivative of a network's parameters with two digits, 4 to 6 of them."""
    wanted = [decimals_for(trace.derivative(q), _LEAST) for q in trace.network.parameters]
    return min(_MOST, max(wanted))


def layer_decimals(trace: BackwardPass, layer: int) -> int:
    """The decimals that show the derivatives of one layer, however small, with two digits."""
    q = LayerQuantities(layer)
    return max(decimals_for(trace.derivative(x), _LEAST) for x in (q.w, q.b, q.previous))


class LayerChainRules:
    """Three factors each, of which only the first differs: their numbers have the same digits in all three.

    The last factor is ∂C/∂a of the layer, whole. ``decimals`` are those of the results, unless numbers would be too
    long to be read with them: then each result has its own.
    """

    def __init__(self, trace: BackwardPass, notation: Notation, layer: int, *, decimals: int = 4) -> None:
        self.quantities = q = LayerQuantities(layer)
        self.notation = notation
        derivatives = CostDerivatives(notation)
        behind = trace.derivative(q.a)
        last = Term(factor_name(q.cost, q.a), Number(behind, decimals_for(behind, decimals)))
        self._symbols: dict[Quantity, Relation] = {}
        self._numbers: dict[Quantity, Relation] = {}
        rows: list[tuple[Expression, Expression, float]] = []
        wanted: list[Quantity] = [q.w, q.b, q.previous]
        for wrt in wanted:
            symbols = self._symbols[wrt] = derivatives.chain(wrt, expanded=True)
            first, second = (self._factor(trace, of, by) for of, by in ((q.z, wrt), (q.a, q.z)))
            rows.append((symbols.sides[0], Product((first, second, last)), trace.derivative(wrt)))
        found = adding_up_together(rows, decimals)
        if _longest(found) > _LONGEST:
            found = min(found, _each_its_own(rows), key=_longest)
        self._numbers = dict(zip(wanted, found, strict=True))

    def _factor(self, trace: BackwardPass, of: Quantity, wrt: Quantity) -> Term:
        """A factor with the fewest digits that it may have: those of a result, or what shows it exactly."""
        value = trace.graph.edge(of, wrt).value
        short, long = (self.notation.factor_number(of, wrt, value, decimals) for decimals in (2, _LEAST))
        return short if isinstance(short.body, Number) and short.body.exact else long

    def symbols(self, wrt: Quantity) -> Relation:
        """``∂C/∂wrt = ∂z/∂wrt ∂a/∂z ∂C/∂a``."""
        return self._symbols[wrt]

    def numbers(self, wrt: Quantity) -> Relation:
        """``∂C/∂wrt ≈ 0.48 · 0.225 · (−0.684) ≈ −0.0739``, the terms with the same names."""
        return self._numbers[wrt]

    def factor(self, of: Quantity, wrt: Quantity) -> Number:
        """The value of a factor ∂of/∂wrt, with the digits that it has in every line. `KeyError` if none has it."""
        for line in self._numbers.values():
            with suppress(KeyError):
                number = line.factor(of, wrt)
                assert isinstance(number, Number)
                return number
        raise KeyError(f"∂{of}/∂{wrt} is no factor of this layer's chains")

    def result(self, wrt: Quantity) -> Number:
        """∂C/∂wrt as its line shows it."""
        number = self._numbers[wrt].sides[-1]
        assert isinstance(number, Number)
        return number


def _longest(relations: Sequence[Relation]) -> int:
    """How many digits wide the widest number is; a power of ten's are small, and the spaces in it narrow."""
    widths = []
    for number in (each for relation in relations for each in _numbers_in(relation)):
        mantissa, _, power = number.shown.partition("e")
        widths.append(len(mantissa) + (3 + (len(power) + 1) // 2 if power else 0))
    return max(widths)


def _numbers_in(expression: Expression) -> list[Number]:
    return [node for node in expression.walk() if isinstance(node, Number)]


def _short(number: Number, significant: int = 3) -> Number:
    """A few digits, in the form that is shorter."""
    power = math.floor(math.log10(abs(number.value))) if number.value else 0
    if number.exact and len(number.text()) <= _LONGEST:
        return number
    plain = 0 <= power < _LEAST
    decimals = _LEAST - power if plain else significant - 1 - power
    return replace(number, decimals=decimals, scientific=not -4 < power < _MOST)


def _each_its_own(rows: Sequence[tuple[Expression, Expression, float]]) -> list[Relation]:
    """The rows with the fewest digits for each number that make all of them add up."""
    relations = []
    for left, arithmetic, value in rows:
        short = arithmetic.map(lambda node: _short(node) if isinstance(node, Number) else None)
        relations.append(Relation((left, short, _short(Number(value, 2), 2)), ("≈", "≈")))
    return agreeing(relations)
