"""`WhyBackwardsChapter`: a walk back through a chain of neurons, and why it is made, not a run for each parameter.

In a file of its own::

    class Mine(WhyBackwardsChapter):
        def construct(self):
            self.set_the_stage()
            self.add(self.chain, self.gradient.column)
            self.why_backwards()
"""

from __future__ import annotations

from manim import FadeIn, FadeOut, Indicate, LaggedStart, Mobject, Succession, UpdateFromAlphaFunc

from backprop_math import load_example

from ..kit.motion import Compose, seen
from ..kit.theme import theme
from .counted import counted
from .nudged_runs import NudgedRuns
from .runs_against_one import CountRuns, RunsAgainstOne
from .walk_back_chapter import WalkBackChapter

__all__ = ["WhyBackwardsChapter"]


class WhyBackwardsChapter(WalkBackChapter):
    """The beat that ends the walk: why it is made, and not as many runs forward."""

    def why_backwards(self) -> None:
        """A run for each parameter, against one pass back."""
        parameters, chain = list(self.example.network.parameters), self.chain
        count, opening = len(parameters), len(load_example("introduction").trace().network.parameters)
        runs = RunsAgainstOne(count, width=8.6, buff=2.6, each="runs, one for each weight and bias").run(0).reach(0)
        many = RunsAgainstOne(opening, width=8.6, each="runs, in the network of the opening").run(0)
        for row, y in ((runs, 0.17), (many, -1.13)):
            row.shift([(theme.safe.left + self.stage.right - 8.6) / 2, y, 0])
        column = self.gradient.column
        with self.say(
            "Why backwards? You could also try: nudge one number, and run the whole network again. "
            f"That is {counted(count)} more runs, one for each weight and bias. "
            f"In the network of the opening, it is {opening}. "
            "The walk is one pass, and every product is used again. "
            "This is backpropagation.",
            key="why-backwards",
        ):
            self._clear_the_stage()
            # To run forward, the network is as it was: nothing has been carried back in it.
            plain = chain.again(carried=self.last.layer + 1)
            named = NudgedRuns(self.example, plain.diagram, plain.symbol, self.notation)
            self.play(Compose(plain, chain.shared(plain), old=chain), FadeIn(named), run_time=0.9)
            tried, one = named.parameters, 1 / count
            self.play(FadeIn(runs.forward[0], runs.forward[1]), run_time=0.4)
            self.add(runs.forward)
            self.reach("nudge one number")
            self.play(named.run(tried[0]), CountRuns(runs, end=one), run_time=2.0)
            self.reach("That is")
            seconds = max(0.85 * len(tried[1:]), self.seconds_left) if tried[1:] else 0.5
            every = [named.run(p) for p in tried[1:]]
            for run in every:
                run.run_time = seconds / len(every)
            self.play(
                CountRuns(runs, begin=one, run_time=seconds), *([Succession(*every)] if every else []), run_time=seconds
            )
            self.reach("In the network")
            self.play(FadeIn(many.forward[0], many.forward[1]), run_time=0.4)
            self.add(many.forward)
            self.play(CountRuns(many, run_time=1.6))
            self.reach("The walk")
            self.play(Compose(chain, plain.shared(chain), old=plain), FadeOut(named), FadeIn(runs.back), run_time=0.8)
            self.add(runs.arrow)
            found = [Indicate(column.entry(p)[1], scale_factor=1.0, color=theme.highlight)
                     for p in reversed(parameters) if p in column]  # fmt: skip
            self.play(
                UpdateFromAlphaFunc(runs, lambda mobject, alpha: mobject.reach(alpha)),
                self.light(3.2, backward=True),
                LaggedStart(*found, lag_ratio=0.6, run_time=3.2),
                run_time=3.2,
            )
            self.reach("This is")
            pins = [chain.pin(layer) for layer in chain.diagram.layers if chain.pinned(layer)] or [chain.symbol]
            self.play(*(Indicate(pin, scale_factor=1.12, color=None) for pin in pins), run_time=1.4)
        self.rest(1.0)

    def _clear_the_stage(self) -> None:
        """Only the network and the gradient stay."""
        now = self.now
        shown = {id(part) for part in self.get_mobject_family_members()}
        numbers = [number for number in now.numbers if id(number[0]) in shown]
        left: list[Mobject | None] = [self.in_numbers.formula] if self.in_numbers else []
        if self.last.layer == 1:
            left = [self.line.symbols, self.factors.row, self.factors.definition]
        self.play(FadeOut(now.tree, self.capsule, *numbers, *seen(*left)), run_time=0.8)
