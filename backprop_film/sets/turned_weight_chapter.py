"""`TurnedWeightChapter`: a chapter in which one weight of a network is turned, and that would take a run for each.

In a file of its own::

    class Mine(TurnedWeightChapter):
        def construct(self):
            self.diagram = NetworkDiagram(self.example.network, width=4, radius=0.3).show(self.trace).shift(3 * LEFT)
            self.cost = CostNode(self.trace, self.notation, self.diagram)
            self.dials = Dials(self.example.network, width=4.1, height=3.9).shift(4 * RIGHT)
            self.add(self.diagram, self.cost, self.dials)
            self.one_is_turned_a_little()
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import (
    DOWN,
    LEFT,
    UP,
    Animation,
    AnimationGroup,
    FadeIn,
    FadeOut,
    LaggedStart,
    Restore,
    Succession,
    VGroup,
    there_and_back,
)

from backprop_math import BackwardPass, Cost, Nudge, Number, Parameter, Weight
from backprop_math.formula import decimals_for

from ..kit.chapter import Chapter
from ..kit.dials import Dials, LargeDial
from ..kit.extents import near
from ..kit.gauge import ChangeQuantity
from ..kit.motion import Dim, Undim
from ..kit.network_diagram import NetworkDiagram
from ..kit.paths import CostNode, travelling_light
from ..kit.readout import Readout
from ..kit.theme import theme
from .changes_in_words import moves
from .nudge_in_numbers import NudgeInNumbers
from .opening import Together, small_nudge
from .runs_against_one import CountRuns, RunsAgainstOne

__all__ = ["TurnedWeightChapter"]

_ROW = -1.84
_DIAL = 0.42  # the radius of the one that is turned, before its number
_FLASHES = 8  # of the network, while the runs are counted


class TurnedWeightChapter(Chapter):
    """``diagram`` shows the network, ``cost`` what comes behind it, ``dials`` its weights and biases.

    ``nudge`` is what the weight is turned by, ``changes`` are that and what it does to the cost; ``runs`` are the two
    rows, of which the first is shown.
    """

    diagram: NetworkDiagram
    cost: CostNode
    dials: Dials
    nudge: Nudge
    changes: list[Number]
    runs: RunsAgainstOne

    def one_is_turned_a_little(self) -> None:
        """A real nudge: the weight first, then neuron by neuron, each before it sends, then the cost; and back."""
        self.nudge = nudge = small_nudge(self.example, self.dials.shown, self.diagram)
        weight, start = nudge.quantity, self.trace.value(nudge.quantity)
        assert isinstance(weight, Weight)
        first, j = int(weight.layer), int(weight.j)
        said = NudgeInNumbers(self.trace, self.notation, nudge, row=_ROW)
        readouts, changes = said.readouts, said.changes
        self.changes = [change.numbers[0] for change in changes]
        edge = self.diagram.edge(weight.layer, weight.j, weight.k)
        edge.save_state()
        finer = self._outputs(self._decimals_of_outputs(said.digits(Cost())))
        self.others = [other for at in self.diagram.layers for other in self.diagram.edges(at) if other is not edge]
        ring = self.dials.dial(weight)[0]
        layers = [layer for layer in self.diagram.layers if layer > first]
        large = LargeDial(self.dials, weight, radius=_DIAL)
        large.next_to(readouts[0], LEFT, buff=0.2).set_y(_ROW + 0.12)
        turned = [readouts[0][1], self.dials, large]
        neuron = self.diagram.neuron(weight.layer, weight.j)
        followers = [neuron, *(Together(*self.diagram.layer(layer)) for layer in layers), readouts[1][1]]
        outputs = self.diagram.layer(self.diagram.layers[-1])
        followers[-2] = Together(followers[-2], *finer)
        lights = [
            travelling_light([edge]),
            *(self.diagram.pulse(layer, source=j if layer == first + 1 else None) for layer in layers),
            AnimationGroup(*(travelling_light([self.cost.edge(output.quantity.j)]) for output in outputs)),
        ]
        with self.say(self._what_is_turned(said), key="nudge"):
            self.play(
                edge.animate.set_stroke(theme.highlight, 7, opacity=1),
                Dim(*self.others),
                ring.animate.set_stroke(theme.highlight, 4),
                FadeIn(readouts, large, *finer),
                run_time=0.9,
            )
            there = (start, start + nudge.by)
            self.play(ChangeQuantity(self.example, weight, *there, turned, run_time=0.9))
            quick = min(1.0, 4 / len(lights))
            for step, (light, follower) in enumerate(zip(lights, followers, strict=True)):
                self.play(light, run_time=0.5 * quick, next_at=() if step else 0)
                self.play(ChangeQuantity(self.example, weight, *there, [follower], run_time=0.6 * quick))
            if nudge.moves(Cost()):
                self.play(FadeIn(changes[0], shift=0.1 * DOWN), run_time=0.6, next_at=0)
                self.reach("and the cost")
                self.play(FadeIn(changes[1], shift=0.1 * DOWN), run_time=0.6)
            else:
                self.play(FadeIn(changes, shift=0.1 * DOWN), run_time=0.6)
            self.read()
            self.play(FadeOut(changes), run_time=0.3)
            self.play(ChangeQuantity(self.example, weight, *there[::-1], [*turned, *followers], run_time=1.2))
        self.left = VGroup(readouts, large, *finer)

    @cached_property
    def finer(self) -> list[Readout]:
        """The outputs to three decimals, as two may hide what a miss is calculated with."""
        return self._outputs(3)

    def _decimals_of_outputs(self, digits: int) -> int:
        """Four, and more where the cost, with its digits, would not follow from them before the nudge and after."""
        network, passes = self.example.network, (self.nudge.before, self.nudge.after)

        def redone(trace: BackwardPass, decimals: int) -> Number:
            with np.errstate(all="ignore"):
                cost = float(network.cost.value(np.round(trace.a[network.L], decimals), trace.y))
            return Number(cost if np.isfinite(cost) else np.inf, digits)

        def follows(decimals: int) -> bool:
            return all(redone(trace, decimals).shown == Number(trace.cost, digits).shown for trace in passes)

        return next((n for n in range(4, digits + 2) if follows(n)), 4)

    def _outputs(self, decimals: int) -> list[Readout]:
        """Above the first output and below the last, where they have room."""
        outputs = list(self.diagram.layer(self.diagram.layers[-1]))
        if len(outputs) > 2 or any(not 0.01 <= abs(self.trace.value(one.quantity)) < 10 for one in outputs):
            return []
        readouts = [
            Readout(self.trace, output.quantity, decimals=decimals, font_size=28, color=theme.ink).next_to(
                output, side, 0.12
            )
            for output, side in zip(outputs, (UP, DOWN), strict=False)
        ]
        edges = self.diagram.edges(self.diagram.layers[-1])
        ways = np.array([np.linspace(edge.get_start(), edge.get_end(), 60) for edge in edges])
        return [] if any(near(readout, ways, 0.05) for readout in readouts) else readouts

    def _what_is_turned(self, said: NudgeInNumbers) -> str:
        nudge = self.nudge
        end = "in the end the cost has moved" if nudge.moves(Cost()) else "here, the cost does not notice"
        way = "up" if nudge.by > 0 else "down"
        words = f"Turn one weight {way} a little. The change runs from neuron to neuron, and {end}."
        if moved := nudge.change(Cost()):
            by = Number(nudge.by, said.digits(nudge.quantity))
            so = Number(moved, decimals_for(moved, 2, significant=1))
            words += f" The weight {moves(by)}, and the cost {moves(so)}."
        return f"{words} And back."

    def a_run_for_each(self) -> None:
        """To try each number takes a run of its own: a chevron for each; its dial is turned, light runs through."""
        count = len(self.example.network.parameters)
        many = count < 1_000_000
        self.runs = RunsAgainstOne(
            count,
            width=6.3,
            buff=1.02,
            each="runs forward, one for each number",
            of_many="1,000,000 weights: 1,000,000 runs" if many else "",
        )
        self.runs.move_to([-2.95, -2.16, 0]).run(0).reach(0)
        words = f"Trying each of them takes {count:,} runs."
        weight = self.nudge.quantity
        assert isinstance(weight, Weight)
        ring = self.dials.dial(weight)[0]
        with self.say(words + (" With a million weights, a million runs." if many else ""), key="runs"):
            self.play(FadeOut(self.left), run_time=0.3)
            self.play(
                Undim(*self.others),
                Restore(self.diagram.edge(weight.layer, weight.j, weight.k)),
                ring.animate.set_stroke(theme.colour(weight), 2),
                FadeIn(self.runs.forward),
                run_time=0.6,
            )
            # The first one slowly, as far as it goes.
            through = Succession(*(self.diagram.pulse(layer) for layer in self.diagram.layers[1:]))
            one, *others = self.dials.shown
            self.play(CountRuns(self.runs, end=1 / count), self._tried(one), through, run_time=1.0)
            flashes = Succession(
                *(
                    AnimationGroup(*(self.diagram.pulse(layer) for layer in self.diagram.layers[1:]))
                    for _ in range(min(_FLASHES, len(others)))
                )
            )
            each = LaggedStart(*map(self._tried, others), lag_ratio=0.3)
            self.play(CountRuns(self.runs, begin=1 / count), each, flashes, run_time=3.4)
            if many:
                self.read()
                self.play(FadeIn(self.runs.many), run_time=0.5)

    def _tried(self, parameter: Parameter) -> AnimationGroup:
        """Its dial lights up, is turned a little, and all back."""
        ring = self.dials.dial(parameter)[0]
        return AnimationGroup(
            ring.animate(rate_func=there_and_back).set_stroke(theme.highlight, 4), self._turned(parameter)
        )

    def _turned(self, parameter: Parameter) -> Animation:
        ring, pointer = self.dials.dial(parameter)
        turned: Animation = pointer.animate(rate_func=there_and_back).rotate(0.8, about_point=ring.get_center())
        return turned

    def each_dial_once(self) -> list[Animation]:
        """Every dial is turned a little and back, to be played one after the other."""
        return [self._turned(parameter) for parameter in self.dials.shown]
