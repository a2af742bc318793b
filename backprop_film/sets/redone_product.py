"""`redone_product`: the long product of a chain of single neurons, so that each carried number can be redone by hand.

>>> from backprop_math import Notation, Weight, load_example
>>> example = load_example("several")
>>> trace, notation = example.trace(), Notation(example.network)
>>> whole, folded, carried = redone_product(trace, notation, trace.chain_rule(Weight(1, 0, 0), notation=notation))
>>> print(whole)
∂C₀/∂w⁽ᴸ⁻²⁾ ≈ 0.90 · 0.2239 · 1.30 · 0.2496 · 1.80 · 0.2251 · (−0.6842) ≈ −0.0181
>>> print(folded)
∂C₀/∂w⁽ᴸ⁻²⁾ ≈ 0.90 · 0.2239 · (−0.0899) ≈ −0.0181
>>> print(*carried.values())
−0.6842 −0.277 −0.0899
"""

from __future__ import annotations

from dataclasses import replace

from backprop_math import (
    Activation,
    BackwardPass,
    ChainRule,
    Cost,
    Expression,
    Notation,
    Number,
    Product,
    Relation,
    Term,
    WeightedSum,
)
from backprop_math.formula import adding_up, decimals_for, factor_name, inside

from ..kit.formula import Nothing
from .walked_chain import carried_numbers

__all__ = ["redone_product"]

_BEHIND = Cost(), Activation(1, 0)
_SIGNIFICANT = (3, 4, 5)  # digits of a carried number


def redone_product(
    trace: BackwardPass, notation: Notation, chain: ChainRule
) -> tuple[Relation, Relation, dict[int, Expression]]:
    """The whole product, the one with three factors, and the number that is carried back to each layer's neuron.

    Each carried number follows from the digits shown of the one behind and of the factors between. Where a few digits
    do not do that, the layers' chain rules have their own.
    """
    (path,) = chain.paths
    first, *_, last = ends = [(factor.of, factor.wrt) for factor in path.factors]
    slope = ends[1]

    def three_factors(whole: Relation) -> Relation:
        kept = [Term(factor_name(*each), inside(whole.factor(*each))) for each in (first, slope)]
        carried = trace.derivative(_BEHIND[1])
        kept.append(Term(factor_name(*_BEHIND), Number(carried, decimals_for(carried, 2, significant=3))))
        return adding_up(whole.sides[0], Product(tuple(kept)), chain.value, chain.decimals, significant=3)

    for significant in (0, *_SIGNIFICANT[1:]):
        left, product, result = chain.numbers.sides
        whole = replace(chain.numbers, sides=(left, _longer(product, significant), result))
        folded = three_factors(whole)
        same = inside(folded.factor(*slope)) == inside(whole.factor(*slope))
        if same and whole.adds_up() and (way := _way_back(trace, whole, inside(whole.factor(*last)), folded)):
            return whole, folded, way
    folded = three_factors(chain.numbers)
    return chain.numbers, folded, {**carried_numbers(trace, notation), 1: inside(folded.factor(*_BEHIND))}


def _way_back(trace: BackwardPass, whole: Relation, last: Expression, folded: Relation) -> dict[int, Expression]:
    """The carried numbers from the last layer's to the first's, with the fewest digits that follow; or nothing."""
    ways, layers = [[last]], range(trace.network.L - 1, 0, -1)
    for layer in layers:
        a, z = Activation(layer, 0), WeightedSum(layer + 1, 0)
        value = trace.derivative(a)
        tried: list[Expression] = [Number(value, decimals_for(value, 2, significant=n)) for n in _SIGNIFICANT]
        weight, slope = (inside(whole.factor(*ends)) for ends in ((z, a), (Activation(layer + 1, 0), z)))
        ways = [
            [*way, found]
            for found in ([inside(folded.factor(*_BEHIND))] if layer == 1 else dict.fromkeys(tried))
            if (way := next((w for w in ways if _follows(Product((weight, slope, w[-1])), found)), None))
        ]
    return dict(zip((trace.network.L, *layers), ways[0], strict=True)) if ways else {}


def _longer(product: Expression, significant: int) -> Expression:
    """With at least so many digits of each rounded number."""

    def change(node: Expression) -> Expression | None:
        if not isinstance(node, Number) or node.exact:
            return None
        return replace(node, decimals=max(node.decimals, decimals_for(node.value, 2, significant=significant)))

    return product.map(change)


def _follows(product: Product, found: Expression) -> bool:
    """Whether the digits shown of a product give those of what is found."""
    return Relation((Nothing(), product, found), ("≈", "≈")).adds_up()
