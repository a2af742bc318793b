"""One step of gradient descent on an example: every weight and bias moved at once, everything calculated anew.

>>> from backprop_math import Cost, Weight, load_example
>>> step = Descent(load_example("simplest"), rate=1.0)
>>> round(step.change(Weight(3, 0, 0)), 4), round(step.after.value(Weight(3, 0, 0)), 4)
(0.0739, 1.8739)
>>> round(step.before.value(Cost()), 4), round(step.after.value(Cost()), 4)
(0.117, 0.0841)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from ..network import BackwardPass, GradientDescent, Network, train
from ..quantities import Parameter
from .example import Example

__all__ = ["Descent"]

_RATES = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
# A fall of the cost that is worth a look.
_WORTH = 0.9


@dataclass(frozen=True, eq=False)
class Descent:
    """A step on the first training example: each parameter p becomes p − rate · ∂C_0/∂p."""

    example: Example
    rate: float

    @classmethod
    def falling(cls, example: Example) -> Descent | None:
        """A step with a round rate, 1 if it can be, that lowers the cost by a tenth; `None` if none does.

        >>> from backprop_math import load_example
        >>> Descent.falling(load_example("simplest")).rate
        1.0
        """
        steps = (cls(example, rate) for rate in _RATES)
        return next((step for step in steps if step.after.cost < _WORTH * step.before.cost), None)

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
        network, x, y = self.example.network, self.example.inputs[:1], self.example.targets[:1]
        return train(network, x, y, optimizer=GradientDescent(self.rate), epochs=1).network

    def at(self, part: float) -> Example:
        """The example after some part of the step, from 0 to 1."""
        start, end = self.example.network, self._moved
        # Weighted so that both ends are met exactly.
        W, b = (
            [(1 - part) * one + part * other for one, other in zip(before, after, strict=True)]
            for before, after in ((start.W, end.W), (start.b, end.b))
        )
        return replace(self.example, network=start.with_parameters(W, b))

    def change(self, parameter: Parameter) -> float:
        """How much a parameter is moved."""
        return -self.rate * self.before.derivative(parameter)
