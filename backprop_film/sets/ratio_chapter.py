"""`RatioChapter`: a chapter that finds the slope of the cost over one weight: chords of smaller and smaller nudges.

In a file of its own::

    class Mine(RatioChapter):
        def construct(self):
            self.last, self.stage = LayerQuantities(3), ChainRuleStage(self.example, self.notation)
            nudge, tree = Nudge(self.example, self.last.w, 0.6), self.stage.tree
            self.gauges = NeuronGauges(nudge, self.notation, tree, label_right=self.stage.clear)
            self.add(self.stage.link, *self.gauges)
            self.the_cost_as_a_curve()
"""

from __future__ import annotations

from manim import (
    DOWN,
    RIGHT,
    Create,
    FadeIn,
    FadeOut,
    GrowFromCenter,
    Indicate,
    LaggedStart,
    Mobject,
    Succession,
    VGroup,
    linear,
)

from backprop_math import Nudge, Number
from backprop_math.formula import fewest_decimals

from ..kit.gauge import ChangeQuantity
from ..kit.motion import Dim, Pulse, Underscore
from ..kit.secant import Enlarge, shrink_to_nothing
from .borrowed_functions import ChainChapter
from .chain_rule_stage import ChainRuleStage
from .changes_in_words import happens
from .cost_curve import CostCurve
from .neuron_gauges import NeuronGauges
from .single_neurons import NUDGES, LayerQuantities

__all__ = ["RatioChapter"]


class RatioChapter(ChainChapter):
    """``last`` are the last layer's quantities, ``stage`` is what stands, ``gauges`` are the number lines that become
    the axes; ``curve`` is the cost over the weight, with all that is shown of it.
    """

    last: LayerQuantities
    stage: ChainRuleStage
    gauges: NeuronGauges
    curve: CostCurve
    times_larger: Mobject
    lens_nudge: Mobject

    def the_cost_as_a_curve(self) -> None:
        """The line of w becomes the level axis, that of the cost the upright one; the curve is drawn, run by run."""
        q, tree, corner, gauges = self.last, self.stage.tree, self.stage.link, self.gauges
        self.curve = curve = CostCurve(self.example, self.notation, NUDGES)
        start, (low, high) = self.trace.value(q.w), curve.plane.x.span
        with self.say(
            "Now the ratio: how far does the cost move for each unit of weight? "
            "Run the network again for every value of this weight: this is the cost.",
            key="ratio",
        ):
            self.play(FadeOut(*gauges.others), run_time=0.7)
            self.remove(*gauges, tree, tree.givens, tree.values)
            self.add(*gauges.ends)
            self.play(curve.laid_down(gauges))
            self.play(curve.slid(gauges))
            self.play(curve.stood_up(gauges))
            self.settle(curve.plane, curve.names, curve.riders)
            self.play(curve.met())
            self.read()
            rider = curve.rider(start)
            self.play(FadeIn(rider, scale=1.5), run_time=0.4)
            self.play(ChangeQuantity(self.example, q.w, start, low, [corner.after, rider], run_time=0.8))
            runs = Succession(
                ChangeQuantity(self.example, q.w, low, high, [corner.after, rider], rate_func=linear, run_time=2.6),
                ChangeQuantity(self.example, q.w, high, start, [corner.after, rider], run_time=0.9),
            )
            self.play(Create(curve.secant.curve, rate_func=linear, run_time=2.6), runs)
            self.bring_to_front(curve.secant.dot)
            self.play(FadeOut(rider), run_time=0.3)

    def a_nudge_and_its_chord(self) -> None:
        """The triangle of a nudge of 1, and the first row of the table; then the tangent."""
        curve, secant, row = self.curve, self.curve.secant, self.curve.table[1]
        nudge, after = curve.nudges[0], [self.stage.link.after]
        start = self.trace.value(nudge.quantity)
        there, back = (start, start + nudge.by), (start + nudge.by, start)
        with self.say(
            f"Nudge the weight by {_nudged(0)}. {self._does(nudge)} "
            "The ratio of the two is the slope of this chord. "
            "But we want the slope at the point itself: that of the tangent.",
            key="chord",
        ):
            self.play(FadeIn(curve.table[0], curve.rules[0]), run_time=0.6)
            self.play(
                Create(secant.run),
                FadeIn(curve.run_name, shift=0.1 * RIGHT),
                ChangeQuantity(self.example, nudge.quantity, *there, after),
                run_time=0.9,
            )
            self.read()
            self.play(Create(secant.rise), FadeIn(secant.ring), FadeIn(curve.rise_name), run_time=0.9)
            sizes = VGroup(*row[:2])
            self.play(Underscore(curve.run_name.side(1), curve.rise_name.side(1)), FadeIn(sizes, shift=0.15 * DOWN))
            self.read()
            self.play(Create(secant.chord), FadeIn(row[2], shift=0.15 * RIGHT), run_time=1.0)
            self.bring_to_front(secant.ring, secant.dot)
            self.read()
            self.reach("But we want")
            home = ChangeQuantity(self.example, nudge.quantity, *back, after)
            self.play(Indicate(secant.dot, scale_factor=1.8, color=None), home)
            self.reach("that of")
            self.play(GrowFromCenter(secant.tangent), run_time=1.5)
            self.bring_to_front(secant.curve, secant.chord, secant.run, secant.rise, secant.ring, secant.dot)

    def _does(self, nudge: Nudge) -> str:
        """What a nudge does to the cost, in a sentence."""
        q = self.last
        return happens(nudge.measured(q.cost, q.w).change if nudge.moves(q.cost) else None)

    def closer_and_closer(self) -> None:
        """The picture is enlarged tenfold, and again, and again; each nudge writes a row."""
        curve = self.curve
        last = "And again: chord and tangent can hardly be told apart." if curve.settled else "And again."
        words = (
            f"Look ten times closer, and nudge by {_nudged(1)}.",
            "Ten times closer again.",
            last,
        )
        labels = VGroup(curve.run_name, curve.rise_name)
        for row, sentence in enumerate(words, 1):
            zoom = 10.0**row
            with self.say(sentence, key=f"zoom-{round(zoom)}"):
                gone = FadeOut(labels, run_time=0.5)
                dims = []
                if row == 1:
                    self.add(curve.lens.at(1.0, 1.0))
                    secant = curve.secant
                    dims = [Dim(secant.chord, secant.run, secant.rise, secant.ring)]  # the lens has its own
                self.play(gone, *dims, Enlarge(curve.lens, zoom / 10, zoom, run_time=1.5))
                curve.lens.at(zoom, 1 / zoom)
                labels = curve.lens_labels(row, self.notation)
                self.play(FadeIn(labels), run_time=0.5)
                self.play(
                    Pulse(labels[1].side(1)),
                    LaggedStart(*(FadeIn(cell, shift=0.15 * RIGHT) for cell in curve.table[row + 1]), lag_ratio=0.5),
                    run_time=1.1,
                )
        self.times_larger, self.lens_nudge = labels

    def the_nudge_shrinks_to_nothing(self) -> None:
        """The ratios settle; the nudge goes to nothing, and Δ becomes ∂."""
        curve, secant = self.curve, self.curve.secant
        with self.say(
            f"{curve.words} Let the nudge shrink to nothing, and Δ becomes ∂. "
            "This is the derivative: the slope of the tangent.",
            key="settles",
        ):
            self.play(LaggedStart(*curve.ratios.lit_digits(), lag_ratio=0.3), run_time=1.6)
            self.read()
            self.play(Create(curve.rules[1]), FadeIn(curve.quotient, shift=0.2 * DOWN), run_time=1.0)
            zoom = 10.0 ** (len(NUDGES) - 1)
            self.play(FadeOut(self.lens_nudge), run_time=0.3)
            self.play(
                *shrink_to_nothing(secant, curve.lens, zoom),
                curve.ratios.to_the_limit(),
                run_time=2.4,
            )
            self.read()
            self.play(Underscore(curve.derivative.side(1)), secant.tangent.animate.set_stroke(width=6))


def _nudged(row: int) -> str:
    """A row's nudge of the weight, as the narration says it."""
    return Number(NUDGES[row], fewest_decimals(NUDGES[row], 0, 3)).text()
