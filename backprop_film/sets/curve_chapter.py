"""`CurveChapter`: a curve is enlarged again and again, until a nudge of it has shrunk to nothing.

A chapter of such a kind shows its `FunctionCurve`, ``curve``, with the ``legs`` that name the first nudge's triangle;
then come ``closer_and_closer()`` and ``the_nudge_shrinks_to_nothing()``, which leaves all of it as ``before``.
"""

from __future__ import annotations

from manim import DOWN, RIGHT, Create, FadeIn, FadeOut, GrowFromCenter, LaggedStart, Mobject, VGroup

from ..kit.motion import Underscore
from ..kit.secant import Enlarge, shrink_to_nothing
from .function_curve import FunctionCurve
from .question_chapter import QuestionChapter

__all__ = ["CurveChapter"]


class CurveChapter(QuestionChapter):
    """Each nudge of the ``curve`` writes a row of its ratios; at last Δ becomes d."""

    curve: FunctionCurve
    legs: VGroup
    before: list[Mobject]

    def closer_and_closer(self) -> None:
        """The picture is enlarged tenfold, and again, and again; each nudge writes a row."""
        curve = self.curve
        labels: Mobject = self.legs
        times = ("Nudge less: by", "Look ten times closer, and nudge by", "And once more, by")
        for row, words in enumerate(times, 1):
            one, zoom = curve.measured[row], 10.0**row
            with self.say(f"{words} {one.by.text()}. The ratio is {one.value.text()}.", key=f"zoom-{round(zoom)}"):
                if row == 1:
                    self.add(curve.lens.at(1.0, 1.0))
                self.play(FadeOut(labels, run_time=0.5), Enlarge(curve.lens, zoom / 10, zoom, run_time=2.0))
                curve.lens.at(zoom, 1 / zoom)
                labels = curve.labels(row)
                self.play(FadeIn(labels), FadeIn(VGroup(*curve.ratios.rows[row + 1][:2])), run_time=0.6)
                self.read()
                self.play(FadeIn(curve.ratios.rows[row + 1][2], shift=0.15 * RIGHT), run_time=0.7)
        self.times_larger, self.lens_nudge = labels

    def the_nudge_shrinks_to_nothing(self) -> None:
        """The ratios settle; Δ becomes d."""
        curve, secant, ratios = self.curve, self.curve.secant, self.curve.ratios
        zoom = 1 / curve.measured[-1].by.value
        with self.say(
            f"The smaller the nudge, the nearer the ratio is to {ratios.limit.text()}. "
            "Let the nudge shrink to nothing, and Δ becomes d. "
            "This is a derivative: how steep the curve is at one point.",
            key="derivative",
        ):
            self.play(LaggedStart(*ratios.lit_digits(), lag_ratio=0.3), run_time=1.8)
            self.read()
            self.play(Create(ratios.rules[1]), FadeIn(ratios.quotient, shift=0.2 * DOWN), run_time=0.8)
            self.play(
                FadeOut(self.lens_nudge, run_time=0.5),
                *shrink_to_nothing(secant, curve.lens, zoom),
                ratios.to_the_limit(),
                run_time=2.2,
            )
            self.read()
            self.play(GrowFromCenter(secant.tangent), run_time=1.2)
            self.bring_to_front(secant.curve, secant.dot)
            self.play(Underscore(ratios.derivative.side(1)), run_time=1.4)
        parts = (curve.plane, curve.names, secant.curve, secant.dot, secant.tangent, curve.lens, self.times_larger)
        self.before = [*parts, ratios.rows, ratios.rules, ratios.derivative]
