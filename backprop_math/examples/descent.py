"""One step of gradient descent on an example: every weight and bias moved at once, everything calculated anew.

>>> from backprop_math import Cost, Weight, load_example
>>> step = Descent(load_example("simplest"), rate=1.0)
>>> round(step.change(Weight(3, 0, 0)), 4), round(step.after.value(Weight(3, 0, 0)), 4)
(0.0739, 1.8739)
>>> round(step.before.value(Cost()), 4), round(step.after.value(Cost()), 4)
(0.117, 0.0841)
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..network import BackwardPass, Network
from ..quantities import Parameter
from ..watch import note_origin, origin_of
from .example import Example

__all__ = ["Descent", "round_rates"]

_LARGEST = 100.0
_TRIED = 40
# A fall of the cost that is worth a look.
_WORTH = 0.9


def round_rates(most: float) -> Iterator[float]:
    """1, 2 or 5 times a power of ten, from ``most`` downwards.

    >>> rates = round_rates(3.0)
    >>> [next(rates) for _ in range(5)]
    [2.0, 1.0, 0.5, 0.2, 0.1]
    """
    power = math.floor(math.log10(most)) + 1
    while power > -300:
        yield from (rate for step in (5, 2, 1) if (rate := float(f"{step}e{power}")) <= most)
        power -= 1


@dataclass(frozen=True, eq=False)
class Descent:
    """A step on the first training example: each parameter p becomes p − rate · ∂C_0/∂p."""

    example: Example
    rate: float

    @classmethod
    def falling(cls, example: Example) -> Descent | None:
        """A step with a round rate that lowers the cost by a tenth, 1 if it can be; else as far as one does.

        `None` where the gradient is 0, or so near to it that no step of that kind is felt.

        >>> from backprop_math import load_example
        >>> Descent.falling(load_example("simplest")).rate
        1.0
        """
        trace = example.trace()
        with np.errstate(over="ignore"):
            steepness = sum(float(np.vdot(slope, slope)) for slope in (*trace.dW, *trace.db))
        if not 0 < steepness < math.inf or trace.cost <= 0:
            return None
        # To first order, a step of this size would leave no cost at all.
        reach = trace.cost / steepness
        rates = [rate for rate, _ in zip(round_rates(min(reach, _LARGEST)), range(_TRIED), strict=False)]
        best, lowest = None, trace.cost
        for rate in dict.fromkeys([1.0, *rates] if reach >= 0.1 else rates):
            cost = _cost_after(example, trace, rate)
            if cost < _WORTH * trace.cost:
                return cls(example, rate)
            if best is not None and cost > lowest:
                break
            if cost < lowest:
                best, lowest = cls(example, rate), cost
        return best

    @cached_property
    def before(self) -> BackwardPass:
        """Everything calculated for the example as it is."""
        return self.example.trace()

    @cached_property
    def after(self) -> BackwardPass:
        """Everything calculated anew, with the parameters moved."""
        return self.at(1.0).trace()

    @cached_property
    def _moved(self) -> Network:
        return _moved(self.example.network, self.before, self.rate)

    def at(self, part: float) -> Example:
        """The example after some part of the step, from 0 to 1."""
        start, end = self.example.network, self._moved
        if part == 0:
            return self.example
        if part == 1:
            return replace(self.example, network=end, origin=note_origin(self.example, ("after", self.rate)))
        W, b = (
            [(1 - part) * one + part * other for one, other in zip(before, after, strict=True)]
            for before, after in ((start.W, end.W), (start.b, end.b))
        )
        # What is shown in the middle of the step is no step's end, and nobody asks for it again.
        origin = origin_of(self.example, ("after", part * self.rate))
        return replace(self.example, network=start.with_parameters(W, b), origin=origin)

    def change(self, parameter: Parameter) -> float:
        """How much a parameter is moved."""
        return -self.rate * self.before.derivative(parameter)


def _moved(network: Network, trace: BackwardPass, rate: float) -> Network:
    W, b = (
        [p - rate * slope for p, slope in zip(parameters, slopes, strict=True)]
        for parameters, slopes in ((network.W, trace.dW), (network.b, trace.db))
    )
    return network.with_parameters(W, b)


def _cost_after(example: Example, trace: BackwardPass, rate: float) -> float:
    """The cost after a step; infinite where something is beyond all numbers."""
    with np.errstate(over="ignore", invalid="ignore"):
        try:
            cost = _moved(example.network, trace, rate).forward(example.input).backward(example.target).cost
        except ValueError:
            return math.inf
    return cost if math.isfinite(cost) else math.inf
