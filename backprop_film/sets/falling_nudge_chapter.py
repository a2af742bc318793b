"""`FallingNudgeChapter`: a chapter in which one small nudge falls through a neuron; its ratios multiply.

In a file of its own::

    class Mine(FallingNudgeChapter):
        def construct(self):
            self.last, self.stage = LayerQuantities(3), ChainRuleStage(self.example, self.notation)
            self.curve, self.times_larger = CostCurve(self.example, self.notation, NUDGES), Dot()
            self.the_nudge_falls()
            self.the_last_arrow()
"""

from __future__ import annotations

from itertools import pairwise

from manim import (
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    LaggedStart,
    Mobject,
    smooth,
    squish_rate_func,
)

from ..kit.motion import Dim, Pulse, Underscore
from ..kit.nudge_beam import Shrink
from ..kit.theme import theme
from .borrowed_functions import ChainChapter
from .chain_rule_stage import ChainRuleStage
from .changes_in_words import size
from .cost_curve import CostCurve
from .single_neurons import LayerQuantities

__all__ = ["FallingNudgeChapter"]


class FallingNudgeChapter(ChainChapter):
    """``last`` are the last layer's quantities, ``stage`` has the tree and the beam, ``curve`` is what goes first."""

    last: LayerQuantities
    stage: ChainRuleStage
    curve: CostCurve
    times_larger: Mobject

    def the_nudge_falls(self) -> None:
        """The tree comes back; one small nudge falls down it, and every arrow scales it."""
        tree, beam, curve = self.stage.tree, self.stage.beam, self.curve
        first, second = (one.value.text() for one in beam.measured[:2])
        own = " What has not moved gets a nudge of its own." if any(row.own for row in beam.measured) else ""
        with self.say(
            f"Now follow one small nudge, {size(beam.measured[0].by)}, through the neuron. "
            "All four lines have one scale. "
            f"The first arrow multiplies it by {first}. The second, by {second}.{own}",
            key="follow",
        ):
            come = FadeIn(tree, tree.givens, tree.values, beam.lines, rate_func=squish_rate_func(smooth, 0.4, 1.0))
            gone = FadeOut(*curve.axes, *curve.drawn, self.times_larger, rate_func=squish_rate_func(smooth, 0.0, 0.5))
            self.play(gone, come, run_time=1.1)
            beam.at(0)
            self.settle(tree, tree.givens, tree.values, beam.lines)
            self.play(Create(beam.segments[0]), FadeIn(beam.rings[0]), FadeIn(beam.changes[0]), run_time=0.9)
            self.play(FadeIn(beam.dots[0], scale=1.5), run_time=0.4)
            self.read()
            self.play(FadeIn(beam.scale_note))
            self.settle(beam)
            for step in range(2):
                self.read()
                self._fall(step)
            if own:
                self.reach(own.strip())
                self.play(*(Underscore(beam.changes[row]) for row, one in enumerate(beam.measured) if one.own))

    def _fall(self, step: int) -> None:
        """One arrow further down."""
        self.play(*self.stage.fall(step), run_time=1.6)
        self.play(FadeIn(self.stage.beam.changes[step + 1], shift=0.1 * RIGHT), run_time=0.5)

    def the_last_arrow(self) -> None:
        """The nudge falls to the cost; the viewer is asked first which way that will go."""
        q, stage, nudge = self.last, self.stage, self.curve.nudges[-1]
        times, change = stage.beam.measured[-1].value.text(), nudge.change(q.cost)
        if not nudge.moves(q.cost):
            with self.say(f"The last, times {times}. The cost stays where it is.", key="turn"):
                self._fall(2)
                self.reach("The cost stays")
                self.play(Underscore(stage.tree.node(q.cost)))
            return
        question = "One arrow is left. Guess: will it shrink again? Which way will it go?"
        with self.say(question, key="how-much"):
            self.play(Indicate(stage.tree.arrow(q.a, q.cost), scale_factor=1.6, color=theme.ink), run_time=1.0)
            self.read()
            self.play(Pulse(stage.beam.changes[-2]))
            self.read()
            self.play(Pulse(stage.tree.node(q.cost)))
            self.rest(2.0)
        turned = "the nudge turns round" if change * nudge.change(q.a) < 0 else "the nudge keeps its direction"
        with self.say(f"Times {times}: {turned}, and this is what is left of it.", key="turn"):
            self._fall(2)
            self.reach("and this is")
            self.play(Pulse(stage.beam.changes[-1]))

    def the_chain_rule(self) -> None:
        """The product of the three ratios is the ratio wanted: the middle terms cancel; then Δ becomes ∂."""
        stage, beam, chain = self.stage, self.stage.beam, self.stage.quotients
        arrows, quotients = stage.tree.path(self.last.path), stage.ratios(1)
        with self.say(
            "Three arrows, three ratios. Multiply them. "
            "They are ratios of real changes, so what stands in between cancels. "
            f"What is left is the ratio we wanted, {beam.product.sides[-1].text()}. "
            "And for a nudge that shrinks to nothing, every Δ becomes ∂. This is the chain rule.",
            key="chain-rule",
        ):
            for part, arrow in zip(quotients, arrows, strict=True):
                self.play(
                    Indicate(arrow, scale_factor=1.6, color=theme.ink), FadeIn(part, shift=0.2 * UP), run_time=0.7
                )
            self.play(FadeIn(chain.side(0), chain.sign(0), chain.sign(1), stage.dots), run_time=0.5, next_at=0)
            for factor, value in zip(beam.factors, stage.factors_one_by_one(), strict=True):
                self.play(Pulse(factor), FadeIn(value, shift=0.15 * UP), run_time=0.7)
            self.read()
            strokes = stage.strokes()
            self.play(LaggedStart(*(Create(stroke) for stroke in strokes), lag_ratio=0.4), run_time=1.6)
            self.play(Dim(*stage.cancelled()))
            self.read()
            self.play(Create(stage.bracket[0]), FadeIn(stage.bracket[1]), FadeIn(stage.ratio[0]), run_time=1.0)
            self.play(FadeIn(stage.ratio[1], chain.sign(2), chain.side(3)), run_time=0.6)
            self.settle(chain, stage.ratio)
            self.read()
            self._shrink_to_nothing(strokes)
            self.read()
            for (wrt, of), factor in zip(pairwise(self.last.path), beam.factors, strict=True):
                self.play(Pulse(stage.derivatives.factor(of, wrt, side=1)), Pulse(factor), run_time=0.8)

    def _shrink_to_nothing(self, strokes: Mobject) -> None:
        """A tenth of the nudge, looked at ten times closer, and again: the same picture; Δ becomes ∂, all is lit."""
        stage, beam, by = self.stage, self.stage.beam, self.stage.nudge.by
        note: Mobject = beam.scale_note
        self.play(FadeOut(beam.changes, *stage.numbers_of_product), run_time=0.6)
        for tenth in (1, 2):
            before, after = 10.0 ** (tenth - 1), 10.0**tenth
            self.play(Shrink(beam, by=(by / before, by / after), zoom=(before, before)), run_time=0.9)
            closer = beam.closer(round(after))
            self.play(
                Shrink(beam, by=(by / after, by / after), zoom=(before, after)),
                FadeOut(note, run_time=0.4),
                FadeIn(closer, run_time=0.9, rate_func=squish_rate_func(smooth, 0.5, 1.0)),
                run_time=0.9,
            )
            note = closer
        self.play(FadeOut(strokes), run_time=0.3)
        self.play(*stage.limits(), FadeOut(note, run_time=0.6), run_time=1.2)
