"""Chapter 11, vanishing gradients: a factor for each layer, what many of them leave, and what a ReLU changes."""

from __future__ import annotations

from manim import DOWN, LEFT, RIGHT, UP, Create, DashedLine, FadeIn, FadeOut, GrowFromEdge, LaggedStart, VGroup

from backprop_film.kit import (
    Formula,
    FunctionPlot,
    LayerBars,
    NetworkDiagram,
    Prose,
    Underscore,
    formula_line,
    theme,
)
from backprop_film.sets import QuestionChapter, counted, deep_twin, layer_sizes
from backprop_math import ACTIVATIONS, Activation, Notation, Number, Relation, Symbol, WeightedSum
from backprop_math.autodiff import parse_formula
from backprop_math.formula import Fraction, Power, relation_sign, short_number

#: The layers of the deep networks, and the factors that are multiplied.
DEPTHS, FACTORS = (2, 5, 10, 20), (1, 2, 5, 10)
#: The ends of the axis on which the layers of all of them have their place.
SPAN = (1e-12, 1.0)


class VanishingGradients(QuestionChapter):
    """σ′ is at most a quarter; real gradients by layer, of sigmoid networks and of their ReLU twins; a dead neuron."""

    title = "Vanishing gradients"
    question = "With enough sigmoids, the gradient goes to one quarter to the power of n."
    asked, follows = "A viewer wrote", "Is that so?"
    example_name = "introduction"

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.the_question()
        self.a_quarter_at_most()
        self.many_factors()
        self.this_network()
        self.deeper_and_deeper()
        self.a_slope_of_one()
        self.a_dead_neuron()
        self.the_answer()

    def a_quarter_at_most(self) -> None:
        """The slope of the sigmoid, which is largest in the middle."""
        sigmoid = ACTIVATIONS["sigmoid"]
        middle = parse_formula("sigmoid(z)", {"z": 0.0}).graph()
        top, far = middle.derivative(*reversed(middle.nodes)), 6.0
        plot = FunctionPlot(
            sigmoid.df, (-far, far), (0.0, 1.2 * top), width=6.5, ticks_up=(0.0, top), ticks_across=(-far, 0.0, far)
        )
        plot.move_to([0, 0.6, 0])
        ends = (plot.plane.point(x, top) for x in (-far, far))
        level = DashedLine(*ends, stroke_width=2, color=theme.highlight)
        name = Formula(sigmoid.derivative_applied(Symbol("z"))).next_to(plot, UP, 0.1)
        network = NetworkDiagram(self.example.network, width=8.5, height=4.0, radius=0.3).move_to([0, 0.75, 0])
        with self.say(
            "On its way back, the number that is carried is multiplied by a slope in every layer. "
            "The slope of the sigmoid is largest in the middle. "
            f"Even there it is only {self.shown(top)}.",
            key="quarter",
        ):
            self.play(FadeIn(network), run_time=0.8)
            for layer in range(self.example.network.L, 0, -1):
                self.play(network.pulse(layer, backward=True), run_time=min(0.9, 3.6 / self.example.network.L))
            self.reach("The slope")
            self.play(FadeOut(network), FadeIn(plot.plane, name), run_time=0.8)
            self.play(Create(plot.curve), run_time=2.0)
            self.reach("Even there")
            self.play(Create(level), run_time=1.2)
        self.play(FadeOut(plot, level, name), run_time=0.6)

    def many_factors(self) -> None:
        """What is left after so many quarters."""
        top = float(ACTIVATIONS["sigmoid"].df(0.0))
        quarter = Fraction(Number(1.0, 0), Number(1 / top, 0))
        products = [(n, short_number(top**n, 4, places=7)) for n in FACTORS]
        rows = VGroup(
            *(
                Formula(Relation((Power(quarter, Number(n, 0)), left), ("=" if left.exact else "≈",)), font_size=40)
                for n, left in products
            )
        )
        rows.arrange(DOWN, 0.35, aligned_edge=LEFT).move_to([0, 0.6, 0])
        with self.say(
            "So a chain through many layers has many small slopes in it, beside the weights. "
            f"After {counted(FACTORS[-1])} layers, the slopes alone leave at most a millionth.",
            key="factors",
        ):
            self.play(LaggedStart(*(FadeIn(row, shift=0.15 * DOWN) for row in rows[:-1]), lag_ratio=0.6), run_time=3.5)
            self.reach("After")
            self.play(FadeIn(rows[-1], shift=0.15 * DOWN), run_time=0.9)
            self.play(Underscore(rows[-1]), run_time=1.0)
        self.play(FadeOut(rows), run_time=0.6)

    def this_network(self) -> None:
        """The layers of the example's network."""
        sizes = layer_sizes(self.trace)
        self.bars = bars = self._bars(sizes, width=min(9.0, 1.6 * len(sizes) + 1.5), span=None)
        which = "the network of the opening" if self.example.name == self.example_name else "this network"
        with self.say(
            f"Measure it. This is {which}: for each layer, how large its derivatives are on average. "
            "Each step up is ten times more. It need not be a quarter: the weights are factors, too.",
            key="measured",
        ):
            self.play(FadeIn(bars.frame), run_time=1.0)
            self.reach("for each layer")
            self.play(self._grow(bars.bars), run_time=1.6)
            self.reach("Each step")
            self.play(Underscore(bars.axis.labels[0]), run_time=1.0)
            self.reach("It need not")
            self.play(Underscore(bars.bars), run_time=1.4)
        self.play(FadeOut(bars), run_time=0.6)

    def deeper_and_deeper(self) -> None:
        """Sigmoid networks of more and more layers."""
        words = {
            DEPTHS[0]: "Now deeper networks, all of sigmoids. ",
            DEPTHS[-1]: "Twenty layers: in the first one, hardly anything arrives.",
        }
        said = [words.get(depth, f"{counted(depth, 'layers')}. ".capitalize()) for depth in DEPTHS]
        with self.say("".join(said), key="deeper"):
            for depth, text in zip(DEPTHS, said, strict=True):
                old = self.bars
                self.bars = self._bars(layer_sizes(deep_twin(depth, "sigmoid")))
                if depth == DEPTHS[0]:
                    self.play(FadeIn(self.bars.frame), run_time=0.8)
                else:
                    self.reach(text.strip())
                    self.play(FadeOut(old), FadeIn(self.bars.frame), run_time=0.6)
                self.play(self._grow(self.bars.bars), run_time=1.2 + 0.08 * depth)

    def a_slope_of_one(self) -> None:
        """The twin with ReLUs, beside it."""
        depth = DEPTHS[-1]
        both = self._bars(*(layer_sizes(deep_twin(depth, name)) for name in ("sigmoid", "relu")))
        relu, far = ACTIVATIONS["relu"], 6.0
        plot = FunctionPlot(relu.f, (-far, far), (0.0, far), width=6.5, ticks_up=(0.0,), ticks_across=(-far, 0.0, far))
        plot.move_to([0, 0.5, 0])
        name = Formula(relu.applied(Symbol("z"))).next_to(plot, UP, 0.1)
        slopes = VGroup()
        for z, side in ((0.5 * far, RIGHT + DOWN), (-0.5 * far, UP)):
            word = Prose(f"slope {Number(float(relu.df(z)), 0).text()}", font_size=32, color=theme.highlight)
            slopes.add(word.next_to(plot.plane.point(z, max(0.0, z)), side, 0.25))
        with self.say(
            "Now the same weights and the same input, with ReLUs. A ReLU lets a positive number through as it is. "
            "There its slope is 1, and takes nothing away. So every layer gets its part.",
            key="relu",
        ):
            self.play(FadeOut(self.bars), FadeIn(plot.plane, name), run_time=0.8)
            self.reach("A ReLU")
            self.play(Create(plot.curve), run_time=1.6)
            self.reach("There its slope")
            self.play(FadeIn(slopes, shift=0.1 * UP), run_time=0.8)
            self.reach("So every layer")
            self.play(FadeOut(plot, name, slopes), FadeIn(both.frame, both.series[0]), run_time=0.8)
            self.play(self._grow(both.series[1]), run_time=3.0)
        self.play(FadeOut(both), run_time=0.6)

    def a_dead_neuron(self) -> None:
        """Where a ReLU is off, its slope is 0."""
        trace = deep_twin(DEPTHS[1], "relu")
        diagram = NetworkDiagram(trace.network, width=9.5, height=4.0, radius=0.3).show(trace).move_to([0, 0.75, 0])
        l, j = next((w.layer, w.j) for w in diagram.weights if trace.value(Activation(w.layer, w.j)) == 0)  # noqa: E741
        into = [w for w in diagram.weights if (w.layer, w.j) == (l, j)]
        chain = trace.chain_rule(into[0])
        line = formula_line(Relation((chain.symbols.sides[0], Number(chain.value, 0)), ("=",)))
        z = WeightedSum(l, j)
        below = Number(trace.value(z), 2, z)
        off = formula_line(Relation((Notation(trace.network).symbol(z), below), (relation_sign(below),)))
        with self.say(
            "There is a price. Where its weighted sum is negative, a ReLU is off, and its slope is 0. "
            "Nothing comes through. For this input, the weights into it learn nothing.",
            key="dead",
        ):
            self.play(FadeIn(diagram), run_time=1.0)
            self.reach("Where its")
            self.play(diagram.neuron(l, j).ring(theme.highlight, 5), FadeIn(off), run_time=0.8)
            self.reach("Nothing")
            edges = (diagram.edge(w.layer, w.j, w.k) for w in into)
            self.play(*(edge.animate.set_stroke(opacity=0.12) for edge in edges), run_time=1.2)
            self.reach("For this")
            self.play(FadeOut(off), run_time=0.4)
            self.play(FadeIn(line), run_time=0.9)
        self.play(FadeOut(diagram, line), run_time=0.6)

    def the_answer(self) -> None:
        """The answer in a sentence, over the two rows of bars."""
        both = self._bars(*(layer_sizes(deep_twin(DEPTHS[-1], name)) for name in ("sigmoid", "relu")))
        with self.say(
            "So it is not exactly a quarter for each layer: the slopes give at most that, and the weights do the rest. "
            "With sigmoids little is left at the beginning. With ReLUs more arrives, unless they are off.",
            key="answer",
        ):
            self.play(FadeIn(both.frame), run_time=0.8)
            self.play(*(self._grow(row) for row in both.series), run_time=3.4)
            self.reach("With sigmoids")
            self.play(Underscore(VGroup(*both.series[0][:4])), run_time=1.4)
            self.reach("With ReLUs")
            self.play(Underscore(VGroup(*both.series[1][:4])), run_time=1.8)
        self.rest(1.0)

    def _bars(self, *sizes: list[float], width: float = 9.0, span: tuple[float, float] | None = SPAN) -> LayerBars:
        names = ("sigmoid", "ReLU") if len(sizes) > 1 else ()
        return LayerBars(*sizes, width=width, span=span, names=names).move_to([0, 0.5, 0])

    def _grow(self, bars: VGroup) -> LaggedStart:
        """From the last layer back to the first, as they are calculated."""
        return LaggedStart(*(GrowFromEdge(bar, DOWN) for bar in reversed(bars)), lag_ratio=0.35)
