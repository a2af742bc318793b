"""What a training is said to be: how many examples, what is seen, how many are right before it and after it.

>>> from backprop_math import load_example
>>> words = TrainingWords(TrainingRun.of(load_example("xor")))
>>> words.begins, words.before, words.ends  # doctest: +NORMALIZE_WHITESPACE
('take 80 steps of size 2, on the mean over all 4 examples',
 'At first, only 1 of 4 is right. ',
 'After ten steps, all 4 are right.')
>>> words.settled, words.after
(10, 'The other 70 make it surer.')
"""

from __future__ import annotations

from backprop_math import TrainingRun

from ..kit.naming import Naming
from .counted import counted
from .gradient_step import step_size
from .opening import brief

__all__ = ["TrainingWords"]

_LEAST = 1e-9  # a fall of the cost of less than this part is none to be seen


class TrainingWords:
    """``begins``: how many steps; ``before``: how many are right at first, if there are several; ``goes``; ``ends``.

    ``red`` says of those that are wrong at first that they are red, if there are any: so it goes on from ``before``.

    Where all are right from some step on, ``settled``, and not from the first, ``after`` says what the others are for.
    Where the cost stays, as the gradient is 0 or too small to be felt, ``goes`` says so.
    """

    def __init__(self, run: TrainingRun) -> None:
        count, thing = run.count, Naming(run.example).thing
        right = [run.right(step) for step in (0, len(run))] if count > 1 else [None, None]
        steps = counted(len(run), "steps")
        mean = f", on the mean over all {count:,} {thing}s" if count > 1 else ""
        self.begins = f"take {steps} of size {step_size(run.rate)}{mean}"
        self.before = "" if right[0] is None else f"At first, {_of(right[0], count, only=True)} right. "
        self.red = ""
        if right[0] is not None and right[0] < count:
            self.red = "The others are red. " if right[0] else "They are red. "
        first, last = float(run.costs[0]), float(run.costs[-1])
        self.falls = last < (1 - _LEAST) * first
        self.goes = "Each step goes a little way downhill. "
        after = f"{_of(right[1], count)} right" if right[1] is not None else f"the cost is {brief(last)}"
        self.settled, self.after = len(run), ""
        if right[0] != count and right[1] == count:
            while run.right(self.settled - 1) == count:
                self.settled -= 1
        if self.settled < len(run):
            steps = counted(self.settled, "steps")
            self.after = f"The other {len(run) - self.settled} make it surer."
        self.ends = f"After {steps}, {after}."
        if not self.falls:
            self.goes = f"But the gradient is 0, or as good as 0: after {steps} the cost is still {brief(last)}."
            self.ends, self.after, self.settled = "", "", len(run)


def _of(right: int, count: int, *, only: bool = False) -> str:
    """``all 274 are``, ``only 93 of 274 are``."""
    if right == count:
        return f"all {count:,} are"
    if not right:
        return f"none of the {count:,} is"
    few = "only " if only and 2 * right < count else ""
    return f"{few}{right:,} of {count:,} {'is' if right == 1 else 'are'}"
