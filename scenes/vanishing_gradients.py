"""Chapter 11, vanishing gradients: a factor for each layer, what many of them leave, and what a ReLU changes."""

from __future__ import annotations

from collections.abc import Iterable

from manim import (
    DOWN,
    LEFT,
    UP,
    Create,
    DashedLine,
    FadeIn,
    FadeOut,
    Indicate,
    LaggedStart,
    Mobject,
    VGroup,
)

from backprop_film.kit import (
    CostNode,
    Formula,
    FunctionPlot,
    LayerDots,
    Naming,
    NetworkDiagram,
    Prose,
    Pulse,
    Underscore,
    seen,
    theme,
    travelling_light,
)
from backprop_film.sets import (
    FAR_DOWN,
    DeadNeuron,
    LayerChartChapter,
    SlopesCompared,
    counted,
    deep_twin,
    instead,
    layer_sizes,
    lines_apart,
    neuron_radius,
)
from backprop_math import (
    ACTIVATIONS,
    Number,
    Relation,
    Symbol,
)
from backprop_math.autodiff import parse_formula
from backprop_math.formula import Fraction, Power, short_number

#: The layers of the deep networks, and the factors that are multiplied.
DEPTHS, FACTORS = (5, 10, 20), (1, 2, 5, 10)
FAR = 6.0
#: A sigmoid's slope is at most one part of so many.
QUARTER = 1 / float(ACTIVATIONS["sigmoid"].df(0.0))


class VanishingGradients(LayerChartChapter):
    """σ′ is at most a quarter; real gradients by layer, of sigmoid networks and of their ReLU twins; a dead neuron."""

    title = "Vanishing gradients"
    question = "With enough sigmoids, the gradient goes to one quarter to the power of n."
    asked, follows = "A viewer wrote", "Is that so?"
    example_name = "introduction"

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.the_question(leave=True)
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
        top = middle.derivative(*reversed(middle.nodes))
        self.plot = plot = FunctionPlot(
            sigmoid.df, (-FAR, FAR), (0.0, 1.2 * top), width=4.6, ticks_up=(0.0, top), ticks_across=(-FAR, 0.0, FAR)
        )
        plot.move_to([3.6, 0.4, 0])
        ends = (plot.plane.point(x, top) for x in (-FAR, FAR))
        self.level = DashedLine(*ends, stroke_width=2, color=theme.highlight)
        self.slope = Formula(sigmoid.derivative_applied(Symbol("z"))).next_to(plot, UP, 0.1)
        network = NetworkDiagram(self.example.network, width=4.4, height=3.8, radius=neuron_radius(self.trace))
        network.show(self.trace)
        network.move_to([-2.7, 0.6, 0])
        cost = CostNode(self.trace, self.notation, network, font_size=48, buff=0.7)
        bird = Naming(self.example).penguin(height=1.1)
        if bird:
            bird.next_to(network, LEFT, 0.3)
        self.network = VGroup(*seen(bird, network, cost))
        with self.say(
            "On its way back, the number that is carried is multiplied by a slope in every layer. "
            "The slope of the sigmoid is largest in the middle. "
            f"Even there it is only {self.shown(top)}.",
            key="quarter",
        ):
            self.play(*instead([self.card], [self.network]))
            layers, low = range(self.example.network.L, 0, -1), float(network.get_bottom()[1])
            seconds = min(0.9, 3.6 / len(layers))
            for layer in layers:
                column = network.layer(layer)
                said = len(column) and len(layers) < 5
                slope = [FadeIn(self._times_slope(column, low), shift=0.1 * UP)] if said else []
                glow = [neuron.ring(theme.highlight, 4) for neuron in column]
                self.play(network.pulse(layer, backward=True), *glow, *slope, run_time=seconds)
            self.reach("The slope")
            self.play(FadeIn(plot.plane, self.slope), run_time=0.8)
            self.play(Create(plot.curve), run_time=2.0)
            self.reach("Even there")
            self.play(Create(self.level), run_time=1.2)

    def _times_slope(self, column: VGroup, low: float) -> Prose:
        word = Prose("× slope", font_size=26, color=theme.highlight).next_to(column, DOWN)
        word.set_y(low - 0.32)  # under all the network, clear of its lines
        self.network.add(word)
        return word

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
        rows.arrange(DOWN, 0.3, aligned_edge=LEFT).move_to([-3.2, 0.5, 0])
        with self.say(
            "So a chain through many layers has many small slopes in it, beside the weights. "
            f"After {counted(FACTORS[-1])} layers, the slopes alone leave at most a millionth.",
            key="factors",
        ):
            self.play(FadeOut(self.network), run_time=0.5)
            self.play(
                FadeIn(rows[0], shift=0.8 * LEFT), Indicate(self.plot.plane.y.labels[-1], color=None), run_time=0.9
            )
            self.play(
                LaggedStart(*(FadeIn(row, shift=0.15 * DOWN) for row in rows[1:-1]), lag_ratio=0.6),
                run_time=max(2.6, self.seconds_left),
            )
            self.reach("After")
            self.play(FadeIn(rows[-1], shift=0.15 * DOWN), run_time=0.9)
            self.play(Underscore(rows[-1]), run_time=1.0)
        self.before = [rows, self.plot, self.level, self.slope]

    def this_network(self) -> None:
        """The layers of the example's network."""
        sizes, names = layer_sizes(self.trace), self.example.input_names
        which = "the network of the opening" if self.example.name == self.example_name else "this network"
        few = names if len(names) <= 5 else ()
        self.next_chart(self.trace, span=None, input_names=few)
        guided = sizes[-1] > 0
        dotted = "The dotted line is a quarter for each layer. It need not be that" if guided else "It is no law"
        with self.say(
            f"Measure it, in {which}. The light goes back, and for each layer a point drops: "
            "how large its derivatives are on average. The wider its lines, the larger they are. "
            f"Each line of the chart is {lines_apart(self.chart)} times the one below. "
            f"{dotted}: the weights are factors, too.",
            key="measured",
        ):
            self.play(*self.exchanged(), run_time=1.0)
            self.reach("The light")
            self.play(self.run_back(0.5), run_time=max(3.0, 0.4 * len(sizes), self.seconds_left - 0.5))
            self.reach("The wider")
            self.play(Indicate(self.light.lit, color=None, scale_factor=1.04), run_time=1.2)
            self.reach("Each line of")
            self.play(_in_turn(self.chart.axis.labels), run_time=1.6)
            if guided:
                self.reach("The dotted")
            if self.make_guide():
                self.play(FadeIn(self.guide), run_time=0.9)
            self.reach("the weights")
            self.play(_in_turn(reversed(self.chart.dots[0])), run_time=1.6)

    def deeper_and_deeper(self) -> None:
        """Sigmoid networks of more and more layers, over one axis."""
        twins = [deep_twin(depth, "sigmoid") for depth in DEPTHS]
        first, *_, last = layer_sizes(twins[-1])
        apart = lines_apart(LayerDots(layer_sizes(self.trace), span=FAR_DOWN))
        with self.say(
            "Now let the axis reach far down. "
            f"Each line is now {apart} times the one below. "
            f"And deeper networks, all of sigmoids, {counted(twins[0].network.layers[0], 'neurons')} a layer, "
            f"their weights drawn at random: {counted(DEPTHS[0], 'layers')}. "
            f"{counted(DEPTHS[1], 'layers').capitalize()}. The dotted line is a quarter, again and again. "
            f"{counted(DEPTHS[2], 'layers').capitalize()}: "
            f"in the first, it is {last / first / 1e9:.0f} billion times less than in the last.",
            key="deeper",
        ):
            self.stretch(1.8)
            self.reach("Each line")
            self.play(_in_turn(self.chart.axis.labels), run_time=2.0)
            for place, words in enumerate(("And deeper", *(counted(n, "layers").capitalize() for n in DEPTHS[1:]))):
                self.reach(words)
                self.deepen(twins[place], earlier=twins[:place][::-1], name="sigmoid", seconds=1.2)
                self.reach("their weights") if not place else None
                self.play(self.run_back(0.35), run_time=1.6 + 0.1 * DEPTHS[place])
                self.reach("The dotted") if place == 1 else None
                if place and self.make_guide():
                    self.play(FadeIn(self.guide), run_time=0.7)

    def a_slope_of_one(self) -> None:
        """Both functions, both slopes, and the twin with ReLUs."""
        pictures = SlopesCompared("sigmoid", "relu")
        functions, slopes = pictures
        with self.say(
            "A ReLU lets a positive number through as it is. "
            "There its slope is 1, and takes nothing away. "
            "So take the same weights and the same input, with ReLUs. Every layer gets its part.",
            key="relu",
        ):
            self.play(*instead(self.before, [functions.plane, *functions.first]))
            self.play(*functions.drawn(), run_time=1.6)
            self.reach("There its slope")
            self.play(FadeIn(slopes.plane, *slopes.first), run_time=0.7)
            self.play(*slopes.drawn(), run_time=1.2)
            self.reach("So take")
            self.before = [pictures]
            self.next_chart(*(deep_twin(DEPTHS[-1], name) for name in ("sigmoid", "relu")), name="ReLU")
            self.play(*self.exchanged(self.chart.lines[0], self.chart.dots[0], self.names[0]), run_time=0.9)
            self.reach("Every layer")
            self.play(self.run_back(0.3, series=1), FadeIn(self.names[1], run_time=0.5), run_time=3.6)

    def a_dead_neuron(self) -> None:
        """Where a ReLU is off, its slope is 0."""
        dead = DeadNeuron(deep_twin(DEPTHS[0], "relu"))
        with self.say(
            "There is a price. Where its weighted sum is negative, a ReLU is off, and its slope is 0. "
            "What comes back stops there. For this input, the weights into it learn nothing.",
            key="dead",
        ):
            self.before.extend([self.light, self.light.lit, self.chart, self.names])
            self.play(*instead(self.before, [dead]))
            self.reach("Where its")
            self.play(dead.neuron.ring(theme.highlight, 5), FadeIn(dead.off, dead.its_layer), run_time=0.8)
            self.reach("a ReLU is off")
            thin = [neuron.ring(theme.highlight, 2.5) for neuron in dead.others]
            self.play(*thin, run_time=0.8) if thin else None
            self.reach("What comes")
            for layer in range(DEPTHS[0], dead.layer, -1):
                back = [travelling_light([edge], backward=True) for edge in dead.ways_back(layer)]
                self.play(*back, run_time=0.8) if back else None
            self.play(dead.edges.animate.set_stroke(opacity=0.12), run_time=0.6)
            self.reach("For this")
            self.play(FadeOut(dead.off), run_time=0.4)
            self.play(FadeIn(dead.line, dead.every), run_time=0.9)
        self.before = [dead, dead.line, dead.every, dead.its_layer]

    def the_answer(self) -> None:
        """The answer in a sentence, over the two rows of dots."""
        twins = [deep_twin(DEPTHS[-1], name) for name in ("sigmoid", "relu")]
        self.next_chart(*twins, name="sigmoid")
        low, high = (VGroup(*row[: DEPTHS[-1] // 3]) for row in self.chart.dots)
        first, *_, last = layer_sizes(twins[0])
        quarters = QUARTER ** (DEPTHS[-1] - 1)
        with self.say(
            "Is it exactly one quarter to the power of n? No. "
            f"Here, {DEPTHS[-1] - 1} steps back, that would be {quarters / 1e9:.0f} billion times less; "
            f"measured, it is {last / first / 1e9:.0f} billion. "
            "The slopes give at most a quarter, and the weights do the rest. "
            "With sigmoids, little is left at the beginning, and the first layers hardly learn. "
            "With ReLUs more arrives, unless they are off.",
            key="answer",
        ):
            self.play(*self.exchanged(self.chart.lines, self.chart.dots, self.names, self.light.lit), run_time=1.0)
            self.reach("Here, ")
            if self.make_guide():
                end = self.chart.guide_end(1 / QUARTER)
                self.play(FadeIn(self.guide, end), run_time=0.8)
                self.reach(f"{quarters / 1e9:.0f} billion")
                self.play(Indicate(end, color=None, scale_factor=1.8), run_time=0.9)
            self.reach("measured")
            self.play(Pulse(self.chart.dots[0][0], scale_factor=1.6), run_time=1.0)
            self.reach("The slopes")
            self.play(_in_turn(reversed(self.chart.dots[0])), run_time=1.8)
            self.reach("With sigmoids")
            self.play(Indicate(low, color=None, scale_factor=1.08), Indicate(self.names[0], color=None), run_time=1.4)
            self.reach("the first layers")
            self.play(_in_turn(low), run_time=1.6)
            self.reach("With ReLUs")
            relu = self.lights[1]
            self.play(*instead([self.light.lit, self.light.label], [relu.lit, relu.label]))
            self.play(Indicate(high, color=None, scale_factor=1.08), Indicate(self.names[1], color=None), run_time=1.4)
        self.rest(1.0)


def _in_turn(parts: Iterable[Mobject]) -> LaggedStart:
    """One part after the other swells."""
    return LaggedStart(*(Indicate(part, color=None) for part in parts), lag_ratio=0.45)
