"""`LayerChartChapter`: a network whose light runs back, and under it a chart on which each layer's derivatives drop.

``next_chart`` makes the next network and its chart, ``exchanged`` puts them in the place of what is there, ``run_back``
lets the light run, and ``make_guide`` makes the line to compare with.
"""

from __future__ import annotations

from collections.abc import Sequence

from manim import DOWN, LEFT, RIGHT, UP, Animation, AnimationGroup, LaggedStart, VGroup

from backprop_math import ACTIVATIONS, BackwardPass, Cost, Derivative, Notation, Symbol, Weight
from backprop_math.formula import Absolute

from ..kit.formula import Formula
from ..kit.layer_dots import LayerDots
from ..kit.texts import Prose
from ..kit.theme import theme
from .deep_twins import layer_sizes
from .layer_light import LayerLight
from .question_chapter import QuestionChapter, instead

__all__ = ["LayerChartChapter"]

#: The ends of the axis on which the layers of all networks have their place.
_SPAN = (1e-15, 1.0)
_QUARTER = float(ACTIVATIONS["sigmoid"].df(0.0))
#: Where the row of neurons stands, and the chart under it.
_ROW, _CHART = 2.2, [0.1, -0.75, 0]


class LayerChartChapter(QuestionChapter):
    """``before`` is what stands there and goes when another chart comes."""

    before: list[VGroup]

    def next_chart(
        self,
        *traces: BackwardPass,
        name: str = "",
        span: tuple[float, float] | None = _SPAN,
        input_names: Sequence[str] = (),
    ) -> None:
        """The next chart, and the last trace's network over it."""
        derivative = Derivative(self.notation.symbol(Cost()), Symbol("w", "l", quantity=Weight("l", "j", "k")))
        mean = VGroup(Prose("mean", font_size=28), Formula(Absolute(derivative), font_size=32)).arrange(RIGHT, 0.12)
        self.chart = LayerDots(*map(layer_sizes, traces), span=span, name=mean).move_to(_CHART)
        self.light = LayerLight(
            traces[-1], Notation(traces[-1].network), self.chart, y=_ROW, name=name, input_names=input_names
        )
        self.names = VGroup()
        if len(traces) > 1:
            third = self.chart.count // 3
            for word, row, side in (("sigmoid", 0, LEFT), ("ReLU", 1, UP)):
                at = self.chart.dots[row][third].get_center()
                text = Prose(word, font_size=30, color=self.chart.dots[row].get_color()).next_to(at, UP + side, 0.25)
                self.names.add(self.chart.clear(text))

    @property
    def lines_apart(self) -> str:
        """How many times each line of the chart is the one below, in words."""
        low, high = (label.expression.shown_value() for label in self.chart.axis.labels[:2])
        times = round(high / low)
        return {10: "ten", 100: "a hundred", 1000: "a thousand", 10_000: "ten thousand"}.get(times, f"{times:,}")

    def make_guide(self) -> bool:
        """The dotted line of a quarter a layer, with its words; whether there is one: none leads back from a 0."""
        line = self.chart.guide(_QUARTER)
        if not len(line):
            return False
        words = Prose("a quarter for each layer", font_size=25, color=theme.secondary)
        self.before = [*self.before, line, words]
        beside = [
            words.next_to(line[len(line) * part // 8], side, 0.2).get_center()
            for part in (4, 5, 3, 6, 2)
            for side in (DOWN + RIGHT, UP + LEFT, DOWN + LEFT, UP + RIGHT)
        ]
        self.guide = VGroup(line, self.chart.free(words, beside, line))
        return True

    def exchanged(self, *parts: VGroup) -> list[Animation]:
        """What is there goes, and the next row and chart come, with these parts of it."""
        gone, self.before = self.before, [self.light, self.chart, self.light.lit, self.names]
        return instead(gone, [self.light, self.chart.frame, *parts])

    def run_back(self, lag: float, series: int = 0) -> LaggedStart:
        """The light runs back, and as it passes a layer the layer's dot drops."""
        layers = range(self.chart.count, 0, -1)
        steps = (AnimationGroup(*self.light.reach(layer), *self.chart.drop(layer, series)) for layer in layers)
        return LaggedStart(*steps, lag_ratio=lag)
