"""What a training is said to be: how many examples, what is seen, how many are right before it and after it.

>>> from backprop_math import load_example
>>> words = TrainingWords(TrainingRun.of(load_example("xor")))
>>> words.begins, words.before, words.goes.rpartition(" and ")[2]
(', for all 4 examples', 'At first 1 of 4 are right. ', 'after 80 steps 4 of 4 are right.')
"""

from __future__ import annotations

from backprop_math import TrainingRun

from ..kit.naming import Naming
from .counted import counted
from .opening import brief

__all__ = ["TrainingWords"]

_LEAST = 1e-9  # a fall of the cost of less than this part is none to be seen


class TrainingWords:
    """``begins``: for how many; ``before``: how many are right at first, if there are several; ``goes``: the steps.

    Where the cost stays, as the gradient is 0 or too small to be felt, ``goes`` says so.
    """

    def __init__(self, run: TrainingRun) -> None:
        count, thing = run.count, Naming(run.example).thing
        right = [run.right(step) for step in (0, len(run))] if count > 1 else [None, None]
        self.begins = f", for all {count:,} {thing}s" if count > 1 else ""
        self.before = f"At first {right[0]:,} of {count:,} are right. " if right[0] is not None else ""
        first, last = float(run.costs[0]), float(run.costs[-1])
        self.falls = last < (1 - _LEAST) * first
        steps = counted(len(run), "steps")
        after = f"{right[1]:,} of {count:,} are right" if right[1] is not None else f"the cost is {brief(last)}"
        self.goes = f"Each step goes a little way downhill, and after {steps} {after}."
        if not self.falls:
            self.goes = f"But the gradient is 0, or as good as 0: after {steps} the cost is still {brief(last)}."
