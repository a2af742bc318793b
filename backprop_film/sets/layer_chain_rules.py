"""`LayerChainRules`: in a layer with one neuron, the chain rules for its weight, its bias and the activation before it;
and `LayerTree`, its tree with the factors beside the arrows.

In a scene::

    chains = LayerChainRules(trace, notation, layer=3)
    Formula(chains.symbols(Weight(3, 0, 0)))     # ∂C/∂w = ∂z/∂w ∂a/∂z ∂C/∂a
    Formula(chains.numbers(Weight(3, 0, 0)))     # ∂C/∂w ≈ 0.48 · 0.225 · (−0.684) ≈ −0.0739
"""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise

import numpy as np
from manim import VMobject

from backprop_math import BackwardPass, CostDerivatives, Expression, Notation, Number, Product, Quantity, Relation, Term
from backprop_math.formula import adding_up_together, decimals_for, factor_name

from ..kit.chain_rule_line import ChainRuleLine
from ..kit.computation_tree import ComputationTree
from ..kit.formula import Formula
from ..kit.theme import theme
from .single_neurons import LayerQuantities
from .tree_walk import ArrowNumbers

__all__ = ["LayerChainRules", "LayerTree", "gradient_decimals", "layer_decimals"]

_LEAST, _MOST = 4, 6


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

    The last factor is ∂C/∂a of the layer, whole. ``decimals`` are those of the results.
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
        self._numbers = dict(zip(wanted, adding_up_together(rows, decimals), strict=True))

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


class LayerTree:
    """One layer on the way back: its ``chains``, its ``tree``, horizontal, with the cost at ``cost``, its ``numbers``.

    Of all that comes after the layer, a dotted arrow to the cost is left, as long as the layer that it stands for,
    whose number is ∂C/∂a. The path from the weight is lit.

        layer = LayerTree(trace, notation, 2, cost=(3, 0, 0))
        self.play(FadeIn(layer.tree), *(FadeIn(number) for number in layer.on_path(LayerQuantities(2).w)))
    """

    def __init__(
        self,
        trace: BackwardPass,
        notation: Notation,
        layer: int,
        *,
        cost: tuple[float, float, float],
        v_buff: float = 1.45,
        h_buff: float = 1.6,
        decimals: int = 4,
        font_size: float = 48,
        lift: float = 0.1,
    ) -> None:
        self.quantities = q = LayerQuantities(layer)
        self.chains = LayerChainRules(trace, notation, layer, decimals=decimals)
        whole = layer == notation.network.L
        shown = q.tree if whole else [x for x in q.tree if x != q.y]
        folded: dict[tuple[Quantity, Quantity], int] = {} if whole else {(q.a, q.cost): len(q.path) - 1}
        self.tree = ComputationTree(
            trace.graph,
            notation,
            shown,
            h_buff=h_buff,
            v_buff=v_buff,
            font_size=font_size,
            horizontal=True,
            folded=folded,
        )
        self.tree.shift(np.array(cost) - self.tree.node(q.cost).get_center())
        self.tree.path(q.path).set_color(theme.highlight)
        ends = [pair for way in ([q.b, q.z], [q.previous, q.z], q.path) for pair in pairwise(way)]
        self.numbers = ArrowNumbers(self.tree, {(by, of): self.chains.factor(of, by) for by, of in ends}, lift=lift)
        if not whole:
            self.behind.set_color(theme.highlight)

    @property
    def behind(self) -> Formula:
        """The number of the last arrow, ∂C/∂a."""
        return self.numbers.number(self.quantities.a, self.quantities.cost)

    @property
    def last_arrow(self) -> VMobject:
        """The arrow to the cost."""
        return self.tree.arrow(self.quantities.a, self.quantities.cost)

    def way(self, wrt: Quantity) -> list[tuple[Quantity, Quantity]]:
        """The arrows from ``wrt``, the weight, the bias or the activation before, to the cost, as cause and effect."""
        return list(pairwise([wrt, *self.quantities.path[1:]]))

    def on_path(self, wrt: Quantity) -> list[Formula]:
        """The numbers on that way."""
        return [self.numbers.number(*ends) for ends in self.way(wrt)]

    def line(self, wrt: Quantity, *, y: float, right: float, font_size: float = 38.4) -> ChainRuleLine:
        """The chain rule for ``wrt``, in symbols and in numbers, under its arrows."""
        rows = (self.chains.symbols(wrt), self.chains.numbers(wrt))
        return ChainRuleLine(self.tree, [wrt, *self.quantities.path[1:]], *rows, y=y, right=right, font_size=font_size)
