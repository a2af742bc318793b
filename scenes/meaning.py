"""Chapter 4, what do the derivatives mean: what makes each factor large, and the mean over the training examples."""

from __future__ import annotations

from itertools import pairwise

from manim import DOWN, LEFT, RIGHT, UP, Create, FadeIn, FadeOut, GrowFromPoint, LaggedStart, Line, VGroup

from backprop_film.kit import (
    ChangeQuantity,
    Chapter,
    Compose,
    Dim,
    Formula,
    NetworkDiagram,
    NudgeBars,
    Prose,
    ResidualArrows,
    SignedBar,
    TangentPlot,
    TextMobject,
    Undim,
    columns,
    nice_span,
    rules_after,
    theme,
)
from backprop_film.sets import (
    COUNT_WORDS,
    LayerQuantities,
    labelled_diagram_at_the_left,
    last_layer_tree,
    mean_gradient_at_the_right,
    misfit_of_single_neurons,
)
from backprop_math import ActivationFunction, Bias, Cost, CostDerivatives, Derivative, Example, Number, Quantity, Symbol

#: How far z is moved along the curve, and the weighted sum before it.
FAR = 3.5
#: The zero of the bars beside the table.
ZERO = 4.25


class MeaningOfDerivatives(Chapter):
    """2(a − y), σ′(z) and a^(L−1): when each is large; and the mean over examples, one entry of the gradient."""

    title = "What do the derivatives mean?"
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
        self.last = LayerQuantities(self.example.network.L)
        self.the_three_factors()
        self.how_far_off()
        self.how_steep()
        self.how_active()
        self.the_mean_over_examples()
        self.one_entry_of_the_gradient()

    # -- the three factors ----------------------------------------------------------------------------

    def the_three_factors(self) -> None:
        """The product as chapter 3 has calculated it; its symbols stay, one factor at a time is looked at."""
        q, notation = self.last, self.notation
        chain = self.trace.chain_rule(q.w, notation=notation, decimals=4)
        whole = Formula(chain.formulas.followed_by(chain.numbers), font_size=44.16)
        whole.fit(theme.formula_zone.width).move_to(theme.formula_zone.center).align_to(theme.safe.corner, LEFT)
        tree = last_layer_tree(self.trace, notation, h_buff=1.4).align_to(theme.safe.corner, LEFT)
        tree.path(q.path).set_color(theme.highlight)
        self.product = Formula(chain.formulas).move_to(theme.formula_zone.center)
        self.terms = {of: self.product.factor(of, wrt) for wrt, of in pairwise(q.path)}
        moves = [(whole.side(place), self.product.side(place)) for place in (0, 1)]
        moves.append((whole.sign(0), self.product.sign(0)))
        self.add(tree, whole)
        self.opening = [FadeOut(tree, shift=0.3 * LEFT), Compose(self.product, moves, old=whole)]

    def _only(self, of: Quantity) -> list[Dim]:
        """Only one factor of the product stays lit."""
        return [Undim(self.terms[of])] + [Dim(term) for other, term in self.terms.items() if other != of]

    def how_far_off(self) -> None:
        """2(a − y): the further off, the stronger."""
        q = self.last
        y, a = self.trace.value(q.y), self.trace.value(q.a)
        beyond = a - 0.6 * (y - a)
        most = abs(self.trace.graph.edge(q.cost, q.a).value)
        spans = (nice_span(y, a, beyond, 1.0), nice_span(most, -most))
        picture = ResidualArrows(self.trace, self.notation, q.a, spans=spans)
        picture.move_to([0, 0.75, 0])
        with self.say(
            "What do the three factors mean? The last one measures how far off the output is. "
            "Move the desired output closer, and the factor shrinks. "
            "Move it past the output, and the factor changes its sign.",
            key="miss",
        ):
            self.read()
            self.play(*self.opening, run_time=1.2)
            self.play(*self._only(q.cost), FadeIn(picture))
            self.read()
            self.play(ChangeQuantity(self.example, q.y, y, a, [picture]), run_time=2.2)
            self.read()
            self.play(ChangeQuantity(self.example, q.y, a, beyond, [picture]), run_time=1.6)
            self.rest(0.8)
            self.play(ChangeQuantity(self.example, q.y, beyond, y, [picture]), run_time=1.6)
        self.picture = VGroup(picture)

    def how_steep(self) -> None:
        """σ'(z): the slope of the activation function at this z."""
        q = self.last
        function = self.example.network.activation[-1]
        assert isinstance(function, ActivationFunction)  # else it is a misfit
        # Wider where z lies further out.
        far = nice_span(-FAR, FAR, abs(self.trace.value(q.z)), -abs(self.trace.value(q.z)))
        plot = TangentPlot(self.trace, self.notation, q.z, function, span=min((-5.0, 5.0), far), width=9.4, height=2.85)
        plot.shift([-0.2, -0.7 - plot.plane.x.line.get_y(), 0])
        z, b = self.trace.value(q.z), self.trace.value(q.b)
        with self.say(
            "The middle one is the slope of the curve at this z. Move z along the curve. "
            "Where the curve is steep, a nudge comes through. Where it is flat, almost nothing does. "
            "Here, at our z, this much.",
            key="slope",
        ):
            self.play(*self._only(q.a), FadeOut(self.picture), FadeIn(plot))
            self.read()
            self.play(ChangeQuantity(self.example, q.b, b, b - z, [plot]), run_time=1.4, next_at=0.8)
            self.read()
            self.play(ChangeQuantity(self.example, q.b, b - z, b - z + FAR, [plot]), run_time=1.6)
            self.rest(0.5)
            self.play(ChangeQuantity(self.example, q.b, b - z + FAR, b - z - FAR, [plot]), run_time=1.6)
            self.play(ChangeQuantity(self.example, q.b, b - z - FAR, b, [plot]), run_time=1.4, next_at=0.8)
        self.picture = VGroup(plot)

    def how_active(self) -> None:
        """a^(L−1): a weight matters as much as the neuron behind it is active."""
        q, network = self.last, self.example.network
        diagram = NetworkDiagram(network, width=7.0 * network.L, radius=0.75)
        before, after = diagram.neuron(q.layer - 1, 0), diagram.neuron(q.layer, 0)
        edge = diagram.edge(q.layer, 0, 0)
        pair = VGroup(edge, before, after)
        pair.move_to([0, 1.55, 0])
        names = VGroup(
            Formula(self.notation.symbol(q.previous), font_size=51.84).next_to(before, LEFT, buff=0.25),
            Formula(self.notation.symbol(q.a), font_size=51.84).next_to(after, RIGHT, buff=0.25),
            Formula(self.notation.symbol(q.w), font_size=51.84).next_to(edge, UP, buff=0.25),
        )
        before.show(self.trace)
        after.show(self.trace)
        bias: Quantity = Bias(q.layer - 1, 0)
        b = self.trace.value(bias)
        moved = [self.example.with_values({bias: b + far}).trace() for far in (-FAR, FAR)]
        reach = [trace.value(q.previous) for trace in (self.trace, *moved)]
        bars = NudgeBars(self.trace, self.notation, q.w, q.z, span=nice_span(*reach, 1.0)).move_to([0, -0.65, 0])
        followers = [before, after, bars]
        with self.say(
            "The first one is the activation of the neuron behind the weight. "
            "Make that neuron silent, and its weight hardly matters. Make it bright, and the weight matters much. "
            "Neurons that fire together, wire together.",
            key="activity",
        ):
            self.play(*self._only(q.z), FadeOut(self.picture), FadeIn(pair, names, bars))
            self.read()
            self.play(ChangeQuantity(self.example, bias, b, b - FAR, followers), run_time=1.8)
            self.read()
            self.play(ChangeQuantity(self.example, bias, b - FAR, b + FAR, followers), run_time=2.0)
            self.read()
            self.read()
            self.play(ChangeQuantity(self.example, bias, b + FAR, b, followers), run_time=1.2)
        self.picture = VGroup(pair, names, bars)

    # -- the mean -------------------------------------------------------------------------------------

    def _table(self) -> tuple[VGroup, list[TextMobject]]:
        """A row for each training example; and the means, with their word, in the row under it."""
        q, notation = self.last, self.notation
        size = 44.16
        slope = Derivative(notation.symbol(Cost("k")), notation.symbol(q.w))
        header = (Symbol("k"), *(notation.symbol(x) for x in (q.y, q.a, Cost("k"))), slope)
        rows: list[list[TextMobject]] = [[Formula(name, font_size=size) for name in header]]
        for k, trace in enumerate(self.traces):
            y, a = notation.number(q.y, trace), Number(trace.value(q.a), 5, q.a)
            numbers = (y, a, Number(trace.value(q.cost), 4, q.cost), Number(trace.derivative(q.w), 4))
            counter = Formula(Number(k, 0), font_size=size, color=theme.secondary, plain=True)
            rows.append([counter, *(Formula(number, font_size=size) for number in numbers)])
        table = columns(rows, h_buff=0.75, v_buff=0.54)
        means: list[TextMobject] = [
            Prose("mean", font_size=30.72, color=theme.secondary),
            Formula(Number(sum(t.value(q.cost) for t in self.traces) / len(self.traces), 4, q.cost), font_size=size),
            Formula(Number(sum(t.derivative(q.w) for t in self.traces) / len(self.traces), 4), font_size=size),
        ]
        return table, means

    def the_mean_over_examples(self) -> None:
        """C is the mean of the C_k; its derivative is the mean of theirs."""
        q, count = self.last, len(self.example.inputs)
        self.traces = [self.example.trace(k) for k in range(count)]
        table, (word, cost, slope) = self._table()
        rules = rules_after(table, 0)
        whole = VGroup(table, rules)
        whole.align_to([theme.safe.left + 0.95, theme.stage.top, 0], UP + LEFT)
        line = rules[0].copy().set_y(table[-1].get_bottom()[1] - 0.22)
        for number, cell in ((word, table[-1][0]), (cost, table[-1][3]), (slope, table[-1][4])):
            number.on_baseline(table[-1][4].baseline - 0.72).align_to(cell, RIGHT)
        derivatives = [trace.derivative(q.w) for trace in self.traces]
        rooms = (ZERO - whole.get_right()[0] - 0.25, theme.safe.right - ZERO - 0.3)
        reaches = (-min(derivatives), max(derivatives))
        unit = min((room / reach for room, reach in zip(rooms, reaches, strict=True) if reach > 0), default=0.0)
        bars = [self._bar(d * unit, row[4], theme.ink) for d, row in zip(derivatives, table[1:], strict=True)]
        mean_bar = self._bar(sum(derivatives) / count * unit, slope, theme.highlight)
        zero = Line(
            [ZERO, table[1][4].get_top()[1] + 0.12, 0], [ZERO, slope.get_bottom()[1] - 0.12, 0], stroke_width=2.5
        )
        zero.set_color(theme.arrow)
        means = [Formula(CostDerivatives(self.notation).mean(x), font_size=44.16) for x in (None, q.w)]
        VGroup(*means).arrange(RIGHT, buff=1.5).move_to(theme.formula_zone.center).shift(0.2 * UP)
        with self.say(
            f"All this was one training example. Here are {COUNT_WORDS[count]}. "
            "Each has a cost of its own, and its own derivative. The full cost is their mean. "
            "And the derivative of a mean is the mean of the derivatives.",
            key="mean",
        ):
            self.play(FadeOut(self.product, self.picture), run_time=0.6)
            self.play(FadeIn(table[0]), Create(rules))
            self.read()
            for row in table[1:]:
                self.play(FadeIn(row, shift=0.15 * DOWN), run_time=0.6)
            self.reach("its own derivative")
            grown = [GrowFromPoint(bar, [ZERO, bar.get_y(), 0]) for bar in bars]
            self.play(Create(zero), LaggedStart(*grown, lag_ratio=0.2), run_time=1.6)
            self.read()
            self.play(
                Create(line),
                FadeIn(word),
                FadeIn(means[0], shift=0.2 * UP),
                Compose(cost, [(row[3], cost) for row in table[1:]]),
            )
            self.read()
            self.play(
                Compose(slope, [(row[4], slope) for row in table[1:]]),
                Compose(mean_bar, [(bar, mean_bar) for bar in bars]),
                FadeIn(means[1], shift=0.2 * UP),
                run_time=1.6,
            )
        self.left = [table, rules, line, zero, *bars, mean_bar, cost, word, *means]
        self.slope = slope

    @staticmethod
    def _bar(length: float, beside: TextMobject, colour: str) -> SignedBar:
        start = [ZERO, beside.baseline + 0.15, 0]
        return SignedBar(start, [start[0] + length, *start[1:]], color=colour)

    def one_entry_of_the_gradient(self) -> None:
        """The mean goes to its place in the gradient column."""
        q, network = self.last, self.example.network
        column = mean_gradient_at_the_right(self.example, self.notation)
        picture = labelled_diagram_at_the_left(self.trace, self.notation)
        others = [p for p in network.parameters if p in column and p != q.w]
        with self.say(
            "This mean is one entry of the gradient. All the others are found in the same way, as you will see.",
            key="entry",
        ):
            self.play(FadeOut(*self.left), FadeIn(column.brackets), run_time=0.8)
            symbol, value = column.entry(q.w)
            self.play(Compose(value, [(self.slope, value)], old=self.slope), FadeIn(symbol), run_time=1.4)
            self.play(FadeIn(picture))
            self.read()
            self.play(
                LaggedStart(
                    *(Compose(column.entry(p), [(picture.label(p), column.entry(p)[0])]) for p in others),
                    lag_ratio=0.25,
                ),
                FadeIn(column.dots),
                run_time=2.6,
            )
