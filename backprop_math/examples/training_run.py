"""`TrainingRun`: an example's network trained by plain gradient descent, with the networks on the way.

>>> from backprop_math import load_example
>>> run = TrainingRun.of(load_example("two_outputs"))
>>> len(run), run.rate, round(float(run.costs[0]), 3), round(float(run.costs[-1]), 3)
(80, 2.0, 0.548, 0.03)
>>> run.right(0), run.right(len(run)), run.count
(93, 274, 274)
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import FloatArray
from ..network import GradientDescent, Network, Step, TrainingError, train
from ..watch import note_origin, note_run
from .example import Example

__all__ = ["TrainingRun"]

BoolArray = NDArray[np.bool_]

#: The rates that are tried, but those that are far too high: the first that lowers the cost at every step and far
#: enough is taken.
_RATES = (2.0, 1.0, 5.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, *(10.0**power for power in range(-3, -41, -1)))
_TOO_FAR = 10.0  # times the step that would, to first order, leave no cost
_FAR = 0.5
_WORK = 2e7  # parameters times steps: of a large network, some steps are enough to wait for
_KEPT = 1.2e7  # parameters that are kept: of a very large network, not every step's


@dataclass(frozen=True, eq=False)
class TrainingRun:
    """The ``costs`` over all training examples before the first step and after each, (steps + 1,), and the networks.

    Full-batch gradient descent at the learning rate ``rate``. Of a network of many millions of parameters only some
    ``networks`` are kept, by their steps, the first and the last among them: ``network(step)`` is the last one kept.
    """

    example: Example
    rate: float
    networks: Mapping[int, Network]
    costs: FloatArray

    @classmethod
    def of(cls, example: Example, steps: int = 80, rate: float | None = None) -> TrainingRun:
        """So many steps (fewer of a network with very many parameters) at ``rate``.

        Unless it is given, at a round one that never raises the cost, and lowers it to half or less if one of the
        larger does. Where the gradient is 0, the cost stays.
        """
        steps = max(5, min(steps, int(_WORK / _size(example.network))))
        run = cls._run(example, rate, steps) if rate is not None else cls._falling(example, steps)
        note_run(run)
        return run

    @classmethod
    def _falling(cls, example: Example, steps: int) -> TrainingRun:
        best: TrainingRun | None = None
        for tried in _rates(example):
            run = cls._run(example, tried, steps, falling=True)
            if len(run) == steps:
                best = run if best is None or run.costs[-1] < best.costs[-1] else best
                if best.costs[-1] <= _FAR * best.costs[0] or tried < best.rate:
                    break
        return best or cls._run(example, _RATES[-1], steps)

    @classmethod
    def _run(cls, example: Example, rate: float, steps: int, *, falling: bool = False) -> TrainingRun:
        """The run; if it should be a ``falling`` one, no further than to where the cost rises."""
        apart = math.ceil(steps * _size(example.network) / _KEPT)
        networks: dict[int, Network] = {}
        costs: list[float] = []
        before = example.network

        def note(step: Step) -> bool:
            nonlocal before
            before = step.before
            if step.index % apart == 0:
                networks[step.index] = before
            costs.append(step.cost)
            return falling and step.cost > min(costs)

        x, y = example.training
        optimizer: Any = GradientDescent(rate)
        try:
            end = train(example.network, x, y, optimizer=optimizer, epochs=steps, callbacks=[note]).network
        except TrainingError as error:
            end = error.network
        with np.errstate(over="ignore", invalid="ignore"):
            cost = end.gradient(x, y)[0]
        if math.isfinite(cost) and not (falling and cost > min(costs, default=cost)):
            before = end
            costs.append(cost)
        networks[len(costs) - 1] = before
        return cls(example, rate, networks, np.array(costs))

    def __len__(self) -> int:
        return len(self.costs) - 1

    def network(self, step: int) -> Network:
        """The network after so many steps, or the last one before that is kept."""
        return self.networks[self._kept(step)]

    def _kept(self, step: int) -> int:
        return max(kept for kept in self.networks if kept <= step)

    @property
    def count(self) -> int:
        """How many training examples there are."""
        return len(self.example.training[0])

    def outputs(self, step: int, inputs: FloatArray) -> FloatArray:
        """What the network says after so many steps, (n, n_L), to ``inputs`` (n, n_0)."""
        outputs: FloatArray = self.network(step).forward(inputs).a[self.example.network.L]
        return outputs

    def trace_example(self, step: int) -> Example:
        """The example with the network after so many steps."""
        kept = self._kept(step)
        origin = note_origin(self.example, ("trained", kept, self.rate))
        return replace(self.example, network=self.networks[kept], origin=origin)

    def told(self, step: int) -> BoolArray | None:
        """Which examples are told right after so many steps, (n,): by the largest output, or a single one by ½.

        ``None`` where the targets are no classes: not 1 for one output and 0 for the others.
        """
        inputs, targets = self.example.training
        if not np.isin(targets, (0.0, 1.0)).all() or (targets.shape[1] > 1 and not (targets.sum(axis=1) == 1).all()):
            return None
        said = self.outputs(step, inputs)
        one = targets.shape[1] == 1
        told: BoolArray = (
            (said[:, 0] > 0.5) == (targets[:, 0] == 1) if one else said.argmax(axis=1) == targets.argmax(axis=1)
        )
        return told

    def right(self, step: int) -> int | None:
        """How many training examples are `told` right after so many steps."""
        told = self.told(step)
        return None if told is None else int(told.sum())


def _size(network: Network) -> int:
    return sum(matrix.size for matrix in network.W)


def _rates(example: Example) -> list[float]:
    cost, gradient = example.network.gradient(*example.training)
    with np.errstate(over="ignore"):
        steepness = sum(float(np.vdot(slope, slope)) for slope in (*gradient.dW, *gradient.db))
    return [rate for rate in _RATES if not rate * steepness > _TOO_FAR * abs(cost)]
