"""`WalkStage`: where everything stands while the number is carried back along a chain of single neurons.

In a scene::

    stage = WalkStage(last=3)
    layer = stage.tree(trace, notation, 2)
    self.add(layer.tree, *layer.on_path(layer.quantities.w))
    self.add(NetworkDiagram(network, places=stage.places(2)).set_y(stage.chain))        # neurons above z, a and C
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backprop_math import BackwardPass, Notation

from .layer_chain_rules import layer_decimals
from .layer_tree import LayerTree

__all__ = ["WalkStage"]

_LEFT = -4.65  # the activation before the layer that is open
_NEARER = 0.2  # so much nearer than what lies under it is the neuron before, where another one stands before it
_RISE = 1.22  # from the row of symbols to weights and biases
_ASIDE = 1.0  # steps that the last layer is opened nearer to the left: behind its product there is the result


@dataclass(frozen=True)
class WalkStage:
    """Left of ``right``: the neurons in a row at ``chain``, the symbols of the open layer in a row below.

    The last layer is opened one ``step`` before the cost, every other one further to the left. ``line`` and
    ``numbers`` are the baselines of a product under the arrows, ``product`` that of a product alone.
    """

    last: int
    right: float = 3.3

    row, chain = 0.3, 2.1
    line, numbers, product = -2.03, -2.8, -2.4
    lift = 0.28  # of the numbers on arrows, above the symbols

    @property
    def cost(self) -> float:
        """Where the cost is, from left to right, while a layer before the last one is opened."""
        return min(2.85, self.right - 0.45)

    def end(self, at: int) -> float:
        """Where the cost is while layer ``at`` is opened."""
        return self.cost - _ASIDE * self.step * (at == self.last)

    @property
    def step(self) -> float:
        """From one symbol to the next."""
        return (self.cost - _LEFT) / 5

    @property
    def tree_style(self) -> dict[str, Any]:
        """How a tree is drawn there."""
        return {"h_buff": self.step, "v_buff": _RISE, "font_size": 24 * self.step}

    def tree(self, trace: BackwardPass, notation: Notation, layer: int) -> LayerTree:
        """A layer's tree; its last neuron lies under the one in the row above."""
        cost, decimals = (self.end(layer), self.row, 0.0), layer_decimals(trace, layer)
        return LayerTree(trace, notation, layer, cost=cost, decimals=decimals, lift=self.lift, **self.tree_style)

    def places(self, at: int) -> dict[int, float]:
        """Where the neurons are, of the layers that are drawn, while layer ``at`` is opened."""
        last, step = self.last, self.step
        focus, whole = min(at, last - 1), at == last
        found = {focus: self.end(at) - (3.1 if whole else 3.5) * step}
        if focus >= 1:
            found[focus - 1] = self.cost - 5 * step + (_NEARER if focus >= 2 else 0.0)
        if focus >= 2:
            found[0] = found[focus - 1] - (1.1 if focus == 2 else 1.33 + _NEARER)
        passed = last - focus
        if passed == 1:
            return found | {last: self.end(at) - 1.5 * step}
        apart = 3.5 * step / (min(passed, 3) + 1)
        found |= {last: self.cost - apart, focus + 1: found[focus] + apart}
        return found | ({focus + 2: found[focus] + 2 * apart} if passed == 3 else {})
