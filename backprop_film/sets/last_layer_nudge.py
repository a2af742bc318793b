"""`LastLayerNudge`: one neuron of the layer before the last is moved; what the outputs and the cost make of it.

In a scene::

    nudge = LastLayerNudge(example, k=0)
    self.add(diagram)
    self.play(nudge.run(diagram.layer(2), run_time=2.0))

>>> from backprop_math import load_example
>>> nudge = LastLayerNudge(load_example("two_outputs"), 0)
>>> nudge.by, [round(change, 3) for change in nudge.changes], round(nudge.change, 3)
(0.1, [-0.062, 0.018], -0.044)
>>> [round(change, 3) for change in LastLayerNudge(load_example("two_outputs"), 0, 0.4, into=0).changes]
[-0.078, 0.0]
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from manim import Animation, Mobject, VGroup

from backprop_math import Activation, BackwardPass, Cost, Example, Network, Nudge, Number, Quantity, Weight
from backprop_math.formula import decimals_for
from backprop_math.watch import note_origin

from ..kit.addends import cost_parts
from ..kit.neuron import Neuron

__all__ = ["LastLayerNudge"]

_ROUNDING = 1e-12


class LastLayerNudge:
    """Activation ``k`` of the layer before the last is changed by a ``step``, or by so large a part of a large value.

    With an output ``into``, it is the weight from there into that output.

    The change is downwards where the activation function has no room above. It is finite: everything is calculated
    anew, in the network's last layer alone, whose inputs are the activations before it.
    """

    def __init__(self, example: Example, k: int, step: float = 0.1, *, into: int | None = None) -> None:
        network, trace = example.network, example.trace()
        self.L, self.k = network.L, k
        last = Network.from_arrays(
            [network.W[network.L]], [network.b[network.L]], activation=[network.activation[-1]], cost=network.cost
        )
        inputs, origin = trace.a[network.L - 1][None, :], note_origin(example, ("tail", network.L - 1))
        alone = Example(example.name, example.title, last, inputs, example.targets[:1], origin=origin)
        moved: Quantity = Activation(0, k) if into is None else Weight(1, into, k)
        value = alone.trace().value(moved)
        step *= 1.0 if abs(value) < 10 else 10.0 ** math.floor(math.log10(abs(value)))
        top = network.activation[network.L - 2].bounds[1] if network.L > 1 and into is None else math.inf
        self.by = -step if value + step > top else step
        self.nudge = Nudge(alone, moved, self.by)

    @property
    def amount(self) -> Number:
        """By how much, with no more digits than it has."""
        return Number(self.by, decimals_for(self.by, 2, given=True))

    def at(self, part: float) -> _Shifted:
        """The last two layers when so much of the nudge has been made."""
        nudge = self.nudge
        value = nudge.before.value(nudge.quantity) + part * self.by
        return _Shifted(nudge.example.with_values({nudge.quantity: value}).trace(), self.L)

    @cached_property
    def changes(self) -> list[float]:
        """By how much each output's part of the cost changes; they add up to ``change``."""
        parts = map(cost_parts, (self.nudge.before, self.nudge.after))
        return [_difference(*both) for both in zip(*parts, strict=True)]

    @property
    def change(self) -> float:
        """By how much the cost changes."""
        return self.nudge.change(Cost())

    def run(self, neurons: Iterable[Neuron], *, back: bool = False, **animation: Any) -> Animation:
        """The neurons show what they are while the nudge is made, or taken back."""
        return _Run(self, list(neurons), back, **animation)


def _difference(before: float, after: float) -> float:
    """What is the rounding of float64 alone is no change."""
    return 0.0 if abs(after - before) <= _ROUNDING * abs(before) else after - before


class _Shifted:
    """A trace of the last layer alone, asked by the layers' numbers in the whole network."""

    def __init__(self, trace: BackwardPass, last: int) -> None:
        self._trace, self._before = trace, last - 1

    def value(self, quantity: Quantity | str) -> float:
        assert isinstance(quantity, Activation)
        return self._trace.value(Activation(int(quantity.layer) - self._before, quantity.j))


class _Run(Animation):
    def __init__(self, nudge: LastLayerNudge, neurons: list[Neuron], back: bool, **animation: Any) -> None:
        self.nudge, self.neurons, self.back = nudge, neurons, back
        super().__init__(VGroup(*neurons), **animation)

    def create_starting_mobject(self) -> Mobject:
        """No copy is needed."""
        return Mobject()

    def interpolate(self, alpha: float) -> None:
        """Calculate anew."""
        part = self.rate_func(min(1.0, max(0.0, alpha)))
        trace = self.nudge.at(1 - part if self.back else part)
        for neuron in self.neurons:
            neuron.show(trace)
