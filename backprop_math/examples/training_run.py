"""`TrainingRun`: an example's network trained by plain gradient descent, with every network on the way.

>>> from backprop_math import load_example
>>> run = TrainingRun.of(load_example("two_outputs"))
>>> len(run), run.rate, round(float(run.costs[0]), 3), round(float(run.costs[-1]), 3)
(80, 2.0, 0.548, 0.03)
>>> run.right(0), run.right(len(run)), run.count
(93, 274, 274)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..arrays import FloatArray
from ..network import GradientDescent, Network, TrainingError, train
from .example import Example

__all__ = ["TrainingRun"]

#: The rates that are tried: the first that lowers the cost at every step and far enough is taken.
_RATES = (2.0, 1.0, 5.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, *(10.0**power for power in range(-3, -31, -1)))
_FAR = 0.5
_PROBE = 3  # steps that tell most of the rates that are too high
_WORK = 2e7  # parameters times steps: of a large network, some steps are enough to wait for


@dataclass(frozen=True, eq=False)
class TrainingRun:
    """``networks`` before the first step and after each of them, and their ``costs`` over all training examples.

    Full-batch gradient descent at the learning rate ``rate``; the costs are (steps + 1,).
    """

    example: Example
    rate: float
    networks: tuple[Network, ...]
    costs: FloatArray

    @classmethod
    def of(cls, example: Example, steps: int = 80, rate: float | None = None) -> TrainingRun:
        """So many steps (fewer of a network with very many parameters) at ``rate``.

        Unless it is given, at a round one that never raises the cost, and lowers it to half or less if one of the
        larger does.
        """
        steps = max(5, min(steps, int(_WORK / sum(matrix.size for matrix in example.network.W))))
        if rate is not None:
            return cls._run(example, rate, steps)
        best: TrainingRun | None = None
        for tried in _RATES:
            if not cls._run(example, tried, min(_PROBE, steps))._falls:
                continue
            run = cls._run(example, tried, steps)
            if run._falls and len(run) == steps:
                best = run if best is None or run.costs[-1] < best.costs[-1] else best
                if best.costs[-1] <= _FAR * best.costs[0] or tried < best.rate:
                    break
        return best or cls._run(example, _RATES[-1], steps)

    @property
    def _falls(self) -> bool:
        return bool(np.all(np.diff(self.costs) <= 0))

    @classmethod
    def _run(cls, example: Example, rate: float, steps: int) -> TrainingRun:
        networks: list[Network] = []
        optimizer: Any = GradientDescent(rate)

        def note(step: Any) -> None:
            networks.append(step.before)

        try:
            last = train(
                example.network, *example.training, optimizer=optimizer, epochs=steps, callbacks=[note]
            ).network
        except TrainingError as error:
            last = error.network
        networks = [network for network in networks if network is not last] + [last]
        x, y = example.training
        costs = np.array([network.gradient(x, y)[0] for network in networks])
        finite = int(np.argmin(np.isfinite(costs))) if not np.isfinite(costs).all() else len(costs)
        return cls(example, rate, tuple(networks[:finite]), costs[:finite])

    def __len__(self) -> int:
        return len(self.networks) - 1

    @property
    def count(self) -> int:
        """How many training examples there are."""
        return len(self.example.training[0])

    def outputs(self, step: int, inputs: FloatArray) -> FloatArray:
        """What the network says after so many steps, (n, n_L), to ``inputs`` (n, n_0)."""
        outputs: FloatArray = self.networks[step].forward(inputs).a[self.example.network.L]
        return outputs

    def trace_example(self, step: int) -> Example:
        """The example with the network after so many steps."""
        return replace(self.example, network=self.networks[step])

    def right(self, step: int) -> int | None:
        """How many training examples are told right after so many steps: by the largest output, or a single one by ½.

        ``None`` where the targets are no classes: not 1 for one output and 0 for the others.
        """
        inputs, targets = self.example.training
        if not np.isin(targets, (0.0, 1.0)).all() or (targets.shape[1] > 1 and not (targets.sum(axis=1) == 1).all()):
            return None
        said = self.outputs(step, inputs)
        if targets.shape[1] == 1:
            return int(np.sum((said[:, 0] > 0.5) == (targets[:, 0] == 1)))
        return int(np.sum(said.argmax(axis=1) == targets.argmax(axis=1)))
