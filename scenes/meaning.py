"""Chapter 4, what do the derivatives mean: what makes each factor large, and the mean over the training examples."""

from __future__ import annotations

from itertools import pairwise

from manim import DOWN, RIGHT, UP, Create, FadeIn, FadeOut, GrowFromCenter, LaggedStart, VGroup

from backprop_math import ActivationFunction, BackwardPass, Example
from backprop_math.expression import Derivative, Number, Symbol
from backprop_math.general import General
from backprop_math.quantities import Bias, Cost, Quantity
from scenes.kit import (
    COUNT_WORDS,
    Chapter,
    Compose,
    Dim,
    Formula,
    Gauge,
    GradientColumn,
    Link,
    NetworkDiagram,
    Prose,
    Sweep,
    TangentPlot,
    TextMobject,
    Undim,
    columns,
    misfit_of_single_neurons,
    nice_span,
    ruled,
    theme,
)

#: How far z is moved along the curve, and the weighted sum before it.
FAR = 3.5


class MeaningOfDerivatives(Chapter):
    """2(a − y), σ′(z) and a^(L−1): when each is large; and the mean over examples, one entry of the gradient."""

    title = "What do the derivatives mean?"
    place = (4, 7)
    example_name = "several"

    @classmethod
    def misfit(cls, example: Example) -> str | None:
        """One neuron a layer, and 2 to 5 training examples."""
        count = len(example.inputs)
        if not 2 <= count <= 5:
            return f"this chapter needs 2 to 5 training examples, the example {example.name!r} has {count}"
        return misfit_of_single_neurons(example)

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.last = Link(self.example.network.L)
        self.the_three_factors()
        self.how_far_off()
        self.how_steep()
        self.how_active()
        self.the_mean_over_examples()
        self.one_entry_of_the_gradient()

    def the_three_factors(self) -> None:
        """The product that was calculated, one factor at a time from here on."""
        chain = self.trace.chain_rule(self.last.w)
        self.product = Formula(self.notation.chain_formulas(chain)).move_to(theme.formula_zone.center)
        self.links = list(pairwise(self.last.path))
        self.terms = {of: self.product.term(f"{of}/{wrt}") for wrt, of in self.links}

    def _only(self, of: Quantity) -> list[Dim]:
        """Only one factor of the product stays lit."""
        return [Undim(self.terms[of])] + [Dim(term) for other, term in self.terms.items() if other != of]

    def _factor(self, wrt: Quantity, of: Quantity, span: tuple[float, float], width: float = 3.7) -> Gauge:
        """A number line for one factor, asked of the trace."""

        def ask(trace: BackwardPass) -> float:
            return float(trace.graph.edge(of, wrt).value)

        symbol = Derivative(self.notation.symbol(of), self.notation.symbol(wrt))
        return Gauge(symbol, None, self.trace, span=span, width=width, ask=ask)

    def how_far_off(self) -> None:
        """2(a − y): the further off, the stronger."""
        q = self.last
        y, a = self.trace.value(q.y), self.trace.value(q.a)
        beyond = a - 0.6 * (y - a)
        gauges = [
            Gauge(self.notation.symbol(x), x, self.trace, span=nice_span(y, a, beyond, 1.0), width=4.6)
            for x in (q.y, q.a)
        ]
        ends = [abs(self.trace.graph.edge(q.cost, q.a).value)] * 2
        gauges.append(self._factor(q.a, q.cost, nice_span(ends[0], -ends[1]), width=4.6))
        for row, gauge in enumerate(gauges):
            gauge.shift([0.2, 1.95 - 1.35 * row, 0] - gauge.line.get_center())
        with self.say(
            "What do the three factors mean? The last one measures how far off the output is. "
            "Move the desired output closer, and the factor shrinks. "
            "Move it past the output, and the factor changes its sign.",
            key="miss",
        ):
            self.add(self.product)
            self.play(*self._only(q.cost))
            self.play(LaggedStart(*(FadeIn(gauge, shift=0.2 * RIGHT) for gauge in gauges), lag_ratio=0.3))
            self.read()
            self.play(Sweep(self.example, q.y, y, a, gauges), run_time=2.2)
            self.read()
            self.play(Sweep(self.example, q.y, a, beyond, gauges), run_time=1.6)
            self.rest(0.6)
            self.play(Sweep(self.example, q.y, beyond, y, gauges), run_time=1.6)
        self.play(FadeOut(*gauges), run_time=0.6)

    def how_steep(self) -> None:
        """σ'(z): the slope of the activation function at this z."""
        q = self.last
        function = self.example.network.activation[-1]
        assert isinstance(function, ActivationFunction)  # else it is a misfit
        plot = TangentPlot(function, q.z, self.trace, self.notation, span=(-5.0, 5.0), width=5.2, height=3.2)
        plot.move_to([-2.95, 0.6, 0])
        z, b = self.trace.value(q.z), self.trace.value(q.b)
        slopes = [float(function.df(x / 10)) for x in range(-40, 41)]
        gauge = self._factor(q.z, q.a, nice_span(max(slopes), min(slopes)))
        gauge.move_to([2.9, 0.9, 0])
        followers = [plot, gauge]
        with self.say(
            "The middle one is the slope of the curve at this z. Move z along the curve. "
            "Where the curve is steep, a nudge comes through. Where it is flat, almost nothing does.",
            key="slope",
        ):
            self.play(*self._only(q.a), FadeIn(plot, gauge))
            self.read()
            self.play(Sweep(self.example, q.b, b, b - z, followers), run_time=1.4)
            self.read()
            self.play(Sweep(self.example, q.b, b - z, b - z + FAR, followers), run_time=2.0)
            self.play(Sweep(self.example, q.b, b - z + FAR, b - z - FAR, followers), run_time=2.4)
            self.play(Sweep(self.example, q.b, b - z - FAR, b, followers), run_time=1.4)
        self.play(FadeOut(*followers), run_time=0.6)

    def how_active(self) -> None:
        """a^(L−1): a weight matters as much as the neuron behind it is active."""
        q, network = self.last, self.example.network
        diagram = NetworkDiagram(network, width=3.4 * network.L, radius=0.56)
        before, after = diagram.neuron(q.layer - 1, 0), diagram.neuron(q.layer, 0)
        pair = VGroup(diagram.edge(q.layer, 0, 0), before, after)
        pair.shift([-3.3, 0.75, 0] - pair.get_center())
        names = VGroup(
            Formula(self.notation.symbol(q.previous), theme.symbol_size).next_to(before, UP, buff=0.2),
            Formula(self.notation.symbol(q.a), theme.symbol_size).next_to(after, UP, buff=0.2),
            Formula(self.notation.symbol(q.w), theme.symbol_size).next_to(pair[0], UP, buff=0.2),
        )
        before.show(self.trace)
        after.show(self.trace)
        gauge = self._factor(q.w, q.z, nice_span(self.trace.value(q.previous), 1.0)).move_to([2.9, 0.9, 0])
        bias = Bias(q.layer - 1, 0)
        b = self.trace.value(bias)
        followers = [before, after, gauge]
        with self.say(
            "The first one is the activation of the neuron behind the weight. "
            "Make that neuron silent, and its weight hardly matters. Make it active, and the weight matters much. "
            "Neurons that fire together, wire together.",
            key="activity",
        ):
            self.play(*self._only(q.z), FadeIn(pair, names, gauge))
            self.read()
            self.play(Sweep(self.example, bias, b, b - FAR, followers), run_time=1.6)
            self.read()
            self.play(Sweep(self.example, bias, b - FAR, b + FAR, followers), run_time=2.0)
            self.read()
            self.play(Sweep(self.example, bias, b + FAR, b, followers), run_time=1.2)
        self.play(FadeOut(pair, names, gauge), run_time=0.6)

    def the_mean_over_examples(self) -> None:
        """C is the mean of the C_k; its derivative is the mean of theirs."""
        q, notation = self.last, self.notation
        count = len(self.example.inputs)
        traces = [self.example.trace(k) for k in range(count)]
        general = General(notation)
        mean = Formula(general.mean(q.w), 0.5).move_to(theme.formula_zone.center)
        header: list[TextMobject] = [
            Formula(Symbol("k"), 0.42),
            Formula(notation.symbol(q.y), 0.42),
            Formula(notation.symbol(q.a), 0.42),
            Formula(notation.symbol(Cost("k")), 0.42),
            Formula(Derivative(notation.symbol(Cost("k")), notation.symbol(q.w)), 0.42),
        ]
        rows: list[list[TextMobject]] = [header]
        for k, trace in enumerate(traces):
            rows.append(
                [
                    Formula(Number(k, 0), 0.42, theme.secondary, plain=True),
                    Formula(notation.number(q.y, trace), 0.42),
                    Formula(Number(trace.value(q.a), 2, q.a), 0.42),
                    Formula(Number(trace.value(q.cost), 4, q.cost), 0.42),
                    Formula(Number(trace.derivative(q.w), 4), 0.42),
                ]
            )
        self.means = {
            q.cost: sum(trace.value(q.cost) for trace in traces) / count,
            q.w: sum(trace.derivative(q.w) for trace in traces) / count,
        }
        cost = Formula(Number(self.means[q.cost], 4, q.cost), 0.42)
        slope = Formula(Number(self.means[q.w], 4), 0.42)
        word = Prose("mean", theme.label_size, theme.secondary)
        table = columns(rows, gap=0.9, row=0.58)
        rules = ruled(table, 0)
        with self.say(
            f"All this was one training example. Here are {COUNT_WORDS[count]}: each has a cost of its own, and asks "
            "for its own change of the weight. The full cost is their mean. "
            "And the derivative of a mean is the mean of the derivatives.",
            key="mean",
        ):
            self.play(Undim(self.product))
            self.play(FadeOut(self.product, shift=0.2 * DOWN), run_time=0.5)
            VGroup(table, rules).move_to([0, 1.0, 0])
            self.play(FadeIn(table[0]), Create(rules))
            self.read()
            for row in table[1:]:
                self.play(FadeIn(row, shift=0.15 * DOWN), run_time=0.5)
            self.read()
            y = table[-1][0].baseline - 0.85
            for number, cell in ((word, table[-1][0]), (cost, table[-1][3]), (slope, table[-1][4])):
                number.on_baseline(y).align_to(cell, RIGHT)
            line = rules[0].copy().set_y(y + 0.5)
            self.play(Create(line), FadeIn(word), Compose(cost, [(row[3], cost) for row in table[1:]]))
            self.read()
            self.play(Compose(slope, [(row[4], slope) for row in table[1:]]), FadeIn(mean, shift=0.2 * UP))
        self.play(FadeOut(table, rules, line, cost, word, mean), run_time=0.6)
        self.slope = slope

    def one_entry_of_the_gradient(self) -> None:
        """The mean goes to its place in the gradient column."""
        q, count = self.last, len(self.example.inputs)
        traces = [self.example.trace(k) for k in range(count)]
        parameters = list(self.example.network.parameters)
        values: dict[Quantity, float] = {p: sum(t.derivative(p) for t in traces) / count for p in parameters}
        column = GradientColumn(self.trace, self.notation, cost=Cost(None), values=values).move_to([0, 0.5, 0])
        others = [column.entry(p) for p in parameters if p in column and p != q.w]
        with self.say(
            "This mean is one entry of the gradient. All the others are found in the same way, as you will see.",
            key="entry",
        ):
            self.play(GrowFromCenter(column.brackets))
            self.play(Compose(column.entry(q.w), [(self.slope, column.value(q.w))], old=self.slope), run_time=1.4)
            self.read()
            self.play(LaggedStart(*(FadeIn(entry) for entry in others), lag_ratio=0.2), FadeIn(column.dots))
