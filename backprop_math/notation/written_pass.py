"""A whole pass of one example as its equations, layer by layer, for a terminal and for a notebook.

>>> from backprop_math import Network
>>> net = Network.from_arrays([[[0.5]], [[2.0]]], [[0.0], [1.0]], activation="identity")
>>> print(net.forward([4.0]).backward([3.0]))
forward pass
  z⁽ᴸ⁻¹⁾ = W⁽ᴸ⁻¹⁾ a⁽ᴸ⁻²⁾ + b⁽ᴸ⁻¹⁾ = [0.50] [4.00] + [0.00] = [2.00]
  a⁽ᴸ⁻¹⁾ = id(z⁽ᴸ⁻¹⁾) = id([2.00]) = [2.00]
  z⁽ᴸ⁾ = W⁽ᴸ⁾ a⁽ᴸ⁻¹⁾ + b⁽ᴸ⁾ = [2.00] [2.00] + [1.00] = [5.00]
  a⁽ᴸ⁾ = id(z⁽ᴸ⁾) = id([5.00]) = [5.00]
cost
  C₀ = (a⁽ᴸ⁾ − y)² = (5.00 − 3.00)² = 4.00
backward pass
  δ⁽ᴸ⁾ = ∇_a C₀ ⊙ id′(z⁽ᴸ⁾) = [4.00] ⊙ [1.00] = [4.00]
  ∂C₀/∂W⁽ᴸ⁾ = δ⁽ᴸ⁾ (a⁽ᴸ⁻¹⁾)ᵀ = [4.00] [2.00] = [8.00]
  ∂C₀/∂b⁽ᴸ⁾ = δ⁽ᴸ⁾ = [4.00]
  δ⁽ᴸ⁻¹⁾ = (W⁽ᴸ⁾)ᵀ δ⁽ᴸ⁾ ⊙ id′(z⁽ᴸ⁻¹⁾) = [2.00] [4.00] ⊙ [1.00] = [8.00]
  ∂C₀/∂W⁽ᴸ⁻¹⁾ = δ⁽ᴸ⁻¹⁾ (a⁽ᴸ⁻²⁾)ᵀ = [8.00] [4.00] = [32.00]
  ∂C₀/∂b⁽ᴸ⁻¹⁾ = δ⁽ᴸ⁻¹⁾ = [8.00]
"""

# ruff: noqa: E741 (l is a layer's number)

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ..formula import Relation
from ..network import BackwardPass, Dense, ForwardPass
from .display import equation_table, gathered
from .notation import Notation
from .vectorised import LayerEquations

__all__ = ["WrittenPass"]

Part = tuple[str, list[Relation]]


class WrittenPass:
    """The parts of a pass, each with a heading: forward pass, cost and backward pass.

    A layer of images has no equation with matrices, and is named; a batch is the table of its network's layers.
    """

    def __init__(self, trace: ForwardPass | BackwardPass) -> None:
        self.trace = trace
        self.forward = trace if isinstance(trace, ForwardPass) else trace.forward

    @property
    def parts(self) -> Iterator[Part]:
        """Each heading with its equations."""
        layers = range(1, self.trace.network.L + 1)
        yield from self._layers("forward pass", layers, "forward")
        if isinstance(self.trace, BackwardPass):
            notation, cost = Notation(self.trace.network), self.trace.cost_quantity
            yield "cost", [notation.definition(cost).followed_by(notation.with_numbers(cost, self.trace))]
            yield from self._layers("backward pass", layers[::-1], "backward")

    def text(self) -> str:
        """For a terminal."""
        if self.forward.batched:
            return f"{self.trace.network}\n{self._batch}"
        return "\n".join(
            "\n".join([heading, *(f"  {equation.text()}" for equation in equations)])
            for heading, equations in self.parts
        )

    def html(self) -> str:
        """For a notebook, as a table."""
        if self.forward.batched:
            return f"{self.trace.network._repr_html_()}<p>{escape(self._batch)}</p>"
        return equation_table(self.parts)

    def latex(self) -> str | None:
        """All equations one below the other; `None` for a batch, which has none."""
        if self.forward.batched:
            return None
        return gathered(equation for _, equations in self.parts for equation in equations)

    def _layers(self, heading: str, layers: range, which: str) -> Iterator[Part]:
        equations: list[Relation] = []
        for l in layers:
            layer = self.trace.network.stack[l - 1]
            if isinstance(layer, Dense):
                equations += [equation.whole for equation in getattr(LayerEquations(self.trace, l), which)]
                continue
            if equations:
                yield heading, equations
            heading, equations = f"{heading.split(',')[0]}, layer {l}: {type(layer).__name__}", []
            yield heading, []
            heading = heading.split(",")[0]
        if equations:
            yield heading, equations

    @property
    def _batch(self) -> str:
        count = len(self.forward.a[0])
        cost = f", the mean of their costs {self.trace.cost:.6g}" if isinstance(self.trace, BackwardPass) else ""
        return f"a batch of {count} examples{cost}; forward.example(i) is one alone"
