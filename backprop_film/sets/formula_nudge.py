"""`FormulaNudge`: an input of a formula is nudged, all of it is calculated anew, and what each node changes by.

>>> from backprop_math.autodiff import parse_formula
>>> graph = parse_formula("x*y + sin(x)", {"x": 2, "y": 3}).graph()
>>> nudge = FormulaNudge(graph, graph.inputs[0])
>>> [f"{graph.symbol(node)}: {change}" for node, change in nudge.changes.items()]
['x: 0.01', 'v₁: 0.03', 'v₂: −0.00421', 'f: 0.02579']
>>> print(nudge.ratio)
Δf/Δx ≈ 0.02579/0.01 ≈ 2.579
>>> print(nudge.derivative)
∂f/∂x ≈ 2.584
"""

from __future__ import annotations

import math

from backprop_math import Change, FormulaGraph, Number, Relation, Var
from backprop_math.autodiff import apply
from backprop_math.formula import Fraction, adding_up, decimals_for, fewest_decimals, relation_sign

__all__ = ["FormulaNudge"]

#: The nudge is so many powers of ten below the input; digits beyond so many are float64's own.
_BELOW, _OWN = 2, 9
#: Ratio and derivative have so many decimals, or as many more as it takes to see that they differ.
_DECIMALS, _MORE = 3, 2


class FormulaNudge:
    """``changes`` has by how much each node changes that the input leads to, ``ratio`` the last one's for each unit.

    ``derivative`` is what the ratio is near to; they ``differ`` in the digits that are shown, if a few can do it.
    The calculation is a formula of `Var`, so that whoever watches learns what each of the numbers is. `ValueError`
    where the formula has no value beside the input's.
    """

    def __init__(self, graph: FormulaGraph[Var], wrt: Var) -> None:
        power = math.floor(math.log10(abs(wrt.value))) if wrt.value else 0
        step = 10.0 ** (power - _BELOW)
        try:
            after, by = _moved(graph, wrt, step)
        except ValueError:  # as of arcsin above 1
            after, by = _moved(graph, wrt, -step)
        changes = {node: by if node is wrt else moved - node for node, moved in after.items()}
        (f,) = graph.outputs
        ratio = changes[f] / by
        FormulaGraph([*changes.values(), ratio])  # whoever watches learns of it
        self.changes = {node: _few_digits(change.value) for node, change in changes.items()}
        name = Fraction(Change(graph.symbol(f)), Change(graph.symbol(wrt)))
        divided, found = Fraction(self.changes[f], self.changes[wrt]), graph.derivative(f, wrt)
        for decimals in (*range(_DECIMALS, _DECIMALS + _MORE + 1), _DECIMALS):
            self.ratio: Relation = adding_up(name, divided, ratio.value, decimals)
            number = Number(found, decimals_for(found, decimals))
            self.differ = number.text() != self.times.text()
            if self.differ:
                break
        shown = self.ratio.sides[1]
        if isinstance(shown, Fraction) and isinstance(shown.numerator, Number):
            self.changes[f] = shown.numerator  # with the same digits at its node
        self.derivative = Relation((graph.derivative_symbol(f, wrt), number), (relation_sign(number),))

    @property
    def times(self) -> Number:
        """The ratio, as it is shown."""
        number = self.ratio.sides[-1]
        assert isinstance(number, Number)
        return number


def _moved(graph: FormulaGraph[Var], wrt: Var, by: float) -> tuple[dict[Var, Var], Var]:
    """What each node that ``wrt`` leads to is calculated to anew, and the nudge."""
    nudge = Var(by)
    after = {wrt: wrt + nudge}
    for node in graph.nodes:
        if node.rule is not None and any(each in after for each in node.parents):
            arguments = (after.get(each, each) if isinstance(each, Var) else each for each in node.arguments)
            after[node] = apply(node.rule, *arguments)
    return after, nudge


def _few_digits(value: float) -> Number:
    value = float(f"{value:.{_OWN}g}")
    return Number(value, fewest_decimals(value, 0, decimals_for(value, 0, significant=3)))
