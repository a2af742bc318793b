"""`LayerChartChapter`: a network whose light runs back, and under it a chart on which each layer's derivatives drop.

``next_chart`` makes the next network and its chart, ``exchanged`` puts them in the place of what is there, ``run_back``
lets the light run, and ``make_guide`` makes the line to compare with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    AnimationGroup,
    FadeIn,
    FadeOut,
    LaggedStart,
    Mobject,
    ReplacementTransform,
    VGroup,
    smooth,
    squish_rate_func,
)

from backprop_math import ACTIVATIONS, BackwardPass, Cost, Derivative, Notation, Symbol, Weight
from backprop_math.formula import Absolute

from ..kit.formula import Formula
from ..kit.layer_dots import LayerDots
from ..kit.texts import Prose
from ..kit.theme import theme
from .deep_twins import layer_sizes
from .layer_light import LayerLight
from .question_chapter import QuestionChapter, instead

__all__ = ["FAR_DOWN", "LayerChartChapter", "lines_apart"]

#: The ends of the axis on which the layers of all networks have their place.
FAR_DOWN = (1e-15, 1.0)
#: What stands there begins with network, chart, lights and names; a guide comes then.
_GUIDE = 4
#: The activations of the two twins.
_NAMES = "sigmoid", "ReLU"
_QUARTER = float(ACTIVATIONS["sigmoid"].df(0.0))
#: Where the row of neurons stands, and the chart under it.
_ROW, _CHART = 2.2, [0.1, -0.75, 0]


class LayerChartChapter(QuestionChapter):
    """``before`` is what stands there and goes when another chart comes."""

    before: list[VGroup]

    def next_chart(
        self,
        *traces: BackwardPass,
        earlier: Sequence[BackwardPass] = (),
        name: str = "",
        span: tuple[float, float] | None = FAR_DOWN,
        input_names: Sequence[str] = (),
    ) -> None:
        """The next chart, with dim rows of ``earlier`` networks, and over it the network of the trace of that ``name``.

        Of several traces the first is of sigmoids, the second of ReLUs.
        """
        colors = [theme.highlight, theme.ink][: len(traces)] + [theme.secondary] * len(earlier)
        self.chart = LayerDots(
            *map(layer_sizes, (*traces, *earlier)), span=span, colors=colors, name=self._mean()
        ).move_to(_CHART)
        self.lights = [
            LayerLight(
                trace, Notation(trace.network), self.chart, y=_ROW, name=word, color=color, input_names=input_names
            )
            for trace, word, color in zip(traces, _NAMES if name else ("",), colors, strict=False)
        ]
        self.light = self.lights[_NAMES.index(name) if len(traces) > 1 else 0]
        self.names = VGroup()
        for word, dots, side in zip(
            _NAMES if len(traces) > 1 else (), self.chart.dots, (DOWN + RIGHT, DOWN), strict=False
        ):
            text = Prose(word, font_size=30, color=dots[0].get_color())
            places = [text.next_to(dots[at], side, 0.16).get_center() for at in range(1, 7)]
            self.names.add(self.chart.free(text, places, VGroup()))

    def _mean(self) -> VGroup:
        derivative = Derivative(self.notation.symbol(Cost()), Symbol("w", "l", quantity=Weight("l", "j", "k")))
        return VGroup(Prose("mean", font_size=28), Formula(Absolute(derivative), font_size=32)).arrange(RIGHT, 0.12)

    def stretch(self, seconds: float) -> None:
        """The axis reaches farther down, and the points come along with it."""
        old, new = self.chart, LayerDots(*self.chart.sizes, span=FAR_DOWN, name=self._mean()).move_to(_CHART)
        self.add(old)  # its parts came one by one
        self.play(
            *map(FadeOut, self.before[_GUIDE:]),
            *_moving(FadeOut, old, new, squish_rate_func(smooth, 0.0, 0.5)),
            *_moving(FadeIn, new, old, squish_rate_func(smooth, 0.4, 1.0)),
            *(ReplacementTransform(a, b) for a, b in zip(_still(old), _still(new), strict=True)),
            *(ReplacementTransform(*pair) for pair in zip(old, new, strict=True) if pair[0] is not old.frame),
            ReplacementTransform(old.numbers, new.numbers),
            run_time=seconds,
        )
        self.chart = new
        self.before = [self.light, new, self.light.lit, self.names]
        self.add(new)

    def deepen(self, *traces: BackwardPass, earlier: Sequence[BackwardPass] = (), name: str, seconds: float) -> None:
        """Another network over the same axis; the rows of ``earlier`` ones, the last first, stay as dim ones."""
        old, light, rest = self.chart, self.light, self.before
        self.next_chart(*traces, earlier=earlier, name=name)
        rows = len(traces)
        self.add(old, light, light.lit)  # its parts came one by one
        moves: list[Animation] = [
            ReplacementTransform(a, b) for a, b in zip(_still(old), _still(self.chart), strict=True)
        ]
        moves += instead([old.numbers], [self.chart.numbers], seconds)
        moves += [
            ReplacementTransform(a, b)
            for a, b in ((old.grid, self.chart.grid), (old.axis.labels, self.chart.axis.labels))
        ]
        for before, after in ((old.dots, self.chart.dots), (old.lines, self.chart.lines)):
            moves += [ReplacementTransform(a, b) for a, b in zip(before, after[rows:], strict=False)]
            moves += [FadeOut(row) for row in before[len(earlier) :]]
        moves += map(FadeOut, rest[_GUIDE:])
        if earlier:
            moves += self.light.grown_from(light)
        else:
            moves += instead([light, light.lit], [self.light], seconds)
        self.play(*moves, run_time=seconds)
        dim = [*self.chart.dots[rows:], *self.chart.lines[rows:]]
        self.add(self.light, self.chart.frame, *dim)
        self.before = [self.light, self.chart, self.light.lit, self.names]

    def make_guide(self) -> bool:
        """The dotted line of a quarter a layer, with its words; whether there is one: none leads back from a 0."""
        line = self.chart.guide(_QUARTER)
        if not len(line):
            return False
        words = Prose("a quarter for each layer", font_size=25, color=theme.secondary)
        self.before = [*self.before, line, words]
        beside = [
            words.next_to(line[len(line) * part // 8], side, away).get_center()
            for away in (0.2, 0.5, 0.9)
            for part in (4, 5, 3, 6, 2)
            for side in (DOWN + RIGHT, UP + LEFT, DOWN + LEFT, UP + RIGHT, LEFT)
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


def lines_apart(chart: LayerDots) -> str:
    """How many times each line of the chart is the one below, in words."""
    low, high = (label.expression.shown_value() for label in chart.axis.labels[:2])
    times = round(high / low)
    return {10: "ten", 100: "a hundred", 1000: "a thousand", 10_000: "ten thousand"}.get(times, f"{times:,}")


def _moving(
    kind: type[FadeIn | FadeOut], chart: LayerDots, other: LayerDots, rate: Callable[[float], float]
) -> list[Animation]:
    """The lines of a chart and their numbers come from, or go to, where the other chart has such sizes."""
    levels = zip(chart.axis.labels, chart.grid, strict=True)
    return [
        kind(part, target_position=[part.get_x(), other.y(label.expression.shown_value()), 0], rate_func=rate)
        for label, line in levels
        for part in (label, line)
    ]


def _still(chart: LayerDots) -> list[Mobject]:
    """The parts that the charts of all networks have in common."""
    return [chart.axis.line, *chart.frame[3:]]
