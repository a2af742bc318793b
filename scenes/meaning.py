"""Chapter 4, what do the derivatives mean: what makes each factor large, and the mean over the training examples."""

from __future__ import annotations

from itertools import pairwise

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    GrowFromPoint,
    Indicate,
    LaggedStart,
    RoundedRectangle,
    Transform,
    VGroup,
)

from backprop_film.kit import (
    ChangeQuantity,
    Compose,
    Dim,
    Formula,
    Naming,
    NetworkDiagram,
    NudgeBars,
    ResidualArrows,
    TangentPlot,
    Underscore,
    Undim,
    nice_span,
    theme,
)
from backprop_film.sets import (
    ChainChapter,
    ExampleRows,
    LayerQuantities,
    counted,
    labelled_diagram_at_the_left,
    mean_gradient_at_the_right,
    misfit_of_single_neurons,
)
from backprop_math import ActivationFunction, Bias, CostDerivatives, Example, Quantity

#: How far z is moved along the curve, and the weighted sum before it.
FAR = 3.5


class MeaningOfDerivatives(ChainChapter):
    """2(a − y), σ′(z) and a^(L−1): when each is large; and the mean over examples, one entry of the gradient."""

    title = "What do the derivatives mean?"
    example_name = "several"

    @classmethod
    def misfit(cls, example: Example) -> str | None:
        """One neuron a layer, and several training examples."""
        count = len(example.inputs)
        if count < 2:
            return f"this chapter needs several training examples, the example {example.name!r} has {count}"
        return misfit_of_single_neurons(example)

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.show_borrowed_functions()
        self.last = LayerQuantities(self.example.network.L)
        self.three_factors()
        self.how_far_off()
        self.how_steep()
        self.how_active()
        self.the_examples()
        self.the_mean()
        self.one_entry_of_the_gradient()

    # -- the three factors ----------------------------------------------------------------------------

    def three_factors(self) -> None:
        """The product as chapter 3 has found it; one factor at a time is looked at."""
        q = self.last
        chain = self.trace.chain_rule(q.w, notation=self.notation, decimals=4)
        self.product = Formula(chain.formulas).fit(theme.formula_zone.width).move_to(theme.formula_zone.center)
        self.terms = {of: self.product.factor(of, wrt) for wrt, of in pairwise(q.path)}
        self.picture = VGroup()
        with self.say("Three factors. What does each of them say?", key="factors"):
            self.play(FadeIn(self.product, shift=0.2 * UP))
            lines = (Underscore(term) for term in self.terms.values())
            self.play(LaggedStart(*lines, lag_ratio=0.4), run_time=2.4, next_at=0.0)

    def _turn_to(self, of: Quantity, *new: VGroup) -> None:
        """Only one factor of the product stays lit; the picture before goes, then the new one comes."""
        dims = [Dim(term) for other, term in self.terms.items() if other != of]
        if self.picture.submobjects:
            self.play(FadeOut(self.picture), Undim(self.terms[of]), *dims, run_time=0.6)
            self.play(FadeIn(*new), run_time=0.8)
        else:
            self.play(Undim(self.terms[of]), *dims, FadeIn(*new))
        self.picture = VGroup(*new)

    def how_far_off(self) -> None:
        """∂C/∂a: the further off, the stronger."""
        q = self.last
        y, a = self.trace.value(q.y), self.trace.value(q.a)
        beyond = a - 0.6 * (y - a)
        most = abs(self.trace.graph.edge(q.cost, q.a).value)
        spans = (nice_span(y, a, beyond, 1.0), nice_span(most, -most))
        picture = ResidualArrows(self.trace, self.notation, q.a, spans=spans)
        picture.move_to([0, 0.75, 0])
        with self.say(
            "The last one says how far off the output is. "
            "Move the desired output closer, and the factor shrinks. "
            "Move it past the output, and the factor changes its sign. "
            "So it says which way to go, and how urgently.",
            key="miss",
        ):
            self._turn_to(q.cost, picture)
            self.reach("Move the desired output closer")
            self.play(ChangeQuantity(self.example, q.y, y, a, [picture]), run_time=2.4)
            self.reach("Move it past")
            self.play(ChangeQuantity(self.example, q.y, a, beyond, [picture]), run_time=2.0)
            self.reach("So it says")
            self.play(ChangeQuantity(self.example, q.y, beyond, y, [picture]), run_time=2.0)

    def how_steep(self) -> None:
        """σ'(z): the slope of the activation function at this z."""
        q = self.last
        function = self.example.network.activation[-1]
        assert isinstance(function, ActivationFunction)  # else it is a misfit
        # Wider where z lies further out.
        far = nice_span(-FAR, FAR, abs(self.trace.value(q.z)), -abs(self.trace.value(q.z)))
        plot = TangentPlot(self.trace, self.notation, q.z, function, span=min((-5.0, 5.0), far), width=9.4, height=2.85)
        plot.shift([-0.2, -0.55 - plot.plane.x.line.get_y(), 0])
        z, b = self.trace.value(q.z), self.trace.value(q.b)
        with self.say(
            "The middle one is the slope of the curve, at this z. Slide z along the curve. "
            "Where it is steep, a nudge comes through. Where it is flat, almost nothing does. "
            "And at our z, this much.",
            key="slope",
        ):
            self._turn_to(q.a, plot)
            self.reach("Slide z")
            self.play(ChangeQuantity(self.example, q.b, b, b - z - FAR, [plot]), run_time=2.0)
            self.reach("Where it is steep")
            self.play(ChangeQuantity(self.example, q.b, b - z - FAR, b - z, [plot]), run_time=2.0)
            self.reach("Where it is flat")
            self.play(ChangeQuantity(self.example, q.b, b - z, b - z + FAR, [plot]), run_time=2.0)
            self.reach("And at our z")
            self.play(ChangeQuantity(self.example, q.b, b - z + FAR, b, [plot]), run_time=1.6)

    def how_active(self) -> None:
        """a^(L−1): a weight matters as much as the neuron behind it is active."""
        q, network = self.last, self.example.network
        diagram = NetworkDiagram(network, width=7.0 * network.L, radius=0.75)
        before, after = diagram.neuron(q.layer - 1, 0), diagram.neuron(q.layer, 0)
        edge = diagram.edge(q.layer, 0, 0)
        pair = VGroup(edge, before, after)
        pair.move_to([0, 1.55, 0])
        names = VGroup(
            Formula(self.notation.symbol(q.previous), font_size=51.84).next_to(before, UP, buff=0.12),
            Formula(self.notation.symbol(q.a), font_size=51.84).next_to(after, UP, buff=0.12),
            Formula(self.notation.symbol(q.w), font_size=51.84).next_to(edge, UP, buff=0.25),
        )
        before.show(self.trace)
        after.show(self.trace)
        hidden = q.layer > 1
        bias: Quantity = Bias(q.layer - 1, 0) if hidden else q.previous
        b = self.trace.value(bias)
        ends = (b - FAR, b + FAR) if hidden else (0.0, 1.0)
        moved = [self.example.with_values({bias: end}).trace() for end in ends]
        reach = [trace.value(q.previous) for trace in (self.trace, *moved)]
        bars = NudgeBars(self.trace, self.notation, q.w, q.z, span=nice_span(*reach, 1.0)).move_to([0, -0.75, 0])
        followers = [before, after, bars]
        with self.say(
            "The first one is the activation of the neuron that the weight comes from. "
            "Make that neuron silent, and its weight hardly matters. "
            "Make it bright, and the weight matters a lot.",
            key="activity",
        ):
            self._turn_to(q.z, pair, names, bars)
            self.reach("Make that neuron silent")
            self.play(ChangeQuantity(self.example, bias, b, ends[0], followers), run_time=2.2)
            self.reach("Make it bright")
            self.play(ChangeQuantity(self.example, bias, ends[0], ends[1], followers), run_time=2.4)
            self.play(ChangeQuantity(self.example, bias, ends[1], b, followers), run_time=1.4)

    # -- the mean -------------------------------------------------------------------------------------

    def the_examples(self) -> None:
        """Each training example runs through the network, and pulls at the weight."""
        self.board = board = ExampleRows(self.example, self.notation)
        count, things = len(self.example.inputs), f"{Naming(self.example).thing}s"
        self.zero = board.zero
        with self.say(
            f"All this was for one {things[:-1]}. Here are {counted(count)}, numbered by k. "
            "Each runs through the network, has its own cost, and pulls at the weight in its own way. "
            f"{self._pulls()}",
            key="examples",
        ):
            self.play(FadeOut(self.product, self.picture), run_time=0.6)
            self.play(FadeIn(board.head, shift=0.2 * DOWN), run_time=1.0)
            self.reach("Here are")
            self.play(
                LaggedStart(*(FadeIn(row.who, row.given) for row in board.rows), FadeIn(board.dots), lag_ratio=0.3),
                run_time=1.6,
            )
            self.reach("Each runs")
            self.play(Create(self.zero), run_time=0.5)
            for row in board.rows:
                light = [board.diagram.pulse(layer) for layer in board.diagram.layers[1:]]
                shown = [FadeIn(part, shift=0.1 * RIGHT) for part in (*row.numbers, row.slope)]
                bar = GrowFromPoint(row.bar, board.zero_of(row))
                self.play(*light[:1], LaggedStart(*shown, bar, lag_ratio=0.25), run_time=1.3)
            self.reach(self._pulls())
            for sign in (-1, 1):
                pulled = [row.bar for row in board.rows if sign * row.trace.derivative(self.last.w) > 0]
                if pulled:
                    self.play(*(Indicate(bar, scale_factor=1.25, color=None) for bar in pulled), run_time=1.2)

    def _pulls(self) -> str:
        """How many want the weight larger, and how many smaller."""
        slopes = [trace.derivative(self.last.w) for trace in self.board.traces]
        groups = {"larger": sum(slope < 0 for slope in slopes), "smaller": sum(slope > 0 for slope in slopes)}
        wishes = [
            f"{counted(count)} want{'s' if count == 1 else ''} it {which}" for which, count in groups.items() if count
        ]
        return f"{', '.join(wishes) or 'none of them pulls at all'}.".capitalize()

    def the_mean(self) -> None:
        """C is the mean of the C_k; its derivative is the mean of theirs."""
        board, q = self.board, self.last
        band = RoundedRectangle(width=theme.safe.width, height=1.2, corner_radius=0.15, stroke_width=0)
        band.overlaps_ok = True
        band.set_fill(theme.highlight, 0.1).move_to([0, board.mean_y, 0])
        mean = Formula(CostDerivatives(self.notation).mean(q.w), font_size=36).fit(3.6)
        mean.move_to([theme.safe.left + 0.15, board.mean_y, 0], aligned_edge=LEFT)
        cost = Formula(CostDerivatives(self.notation).mean(None), font_size=36).fit(3.6)
        cost.move_to(mean, aligned_edge=LEFT)
        with self.say(
            "The full cost is the mean of all these costs. "
            "And the derivative of a mean is the mean of the derivatives. "
            f"Lay them end to end, and share the sum out evenly: {board.mean_slope.numbers[0].text()}.",
            key="mean",
        ):
            self.play(FadeIn(band, cost), run_time=0.8)
            self.play(
                *(Underscore(row.numbers[-1]) for row in board.rows),
                FadeIn(board.mean_cost, shift=0.2 * UP),
                run_time=1.4,
            )
            self.reach("And the derivative")
            self.play(FadeOut(cost), run_time=0.5)
            self.play(FadeIn(mean), *(Underscore(row.slope) for row in board.rows), run_time=1.2)
            self.reach("Lay them")
            copies = [row.bar.line.copy() for row in board.rows]
            laid = board.end_to_end()
            steps = [Transform(one, other.line) for one, other in zip(copies, laid, strict=True)]
            self.play(LaggedStart(*steps, lag_ratio=0.4), run_time=2.0)
            self.reach("share the sum")
            total, part = board.total(), board.part()
            self.play(FadeOut(*copies), FadeIn(total), run_time=0.8)
            self.play(GrowFromPoint(part, self.zero.get_center() * [1, 0, 0] + [0, board.mean_y, 0]), run_time=0.8)
            self.play(FadeIn(board.mean_slope, shift=0.3 * RIGHT), run_time=0.8)
            self.play(board.mean_slope.animate.set_fill(theme.highlight), run_time=0.4)
        self.left = [board.head, board.dots, *(row.all for row in board.rows), self.zero, band, mean, board.mean_cost,
                     total, part]  # fmt: skip

    def one_entry_of_the_gradient(self) -> None:
        """The mean goes to its place in the gradient column; the others are still to come."""
        q, slope = self.last, self.board.mean_slope
        column = mean_gradient_at_the_right(self.example, self.notation)
        empty = labelled_diagram_at_the_left(self.trace, self.notation)
        symbols = VGroup(*(column.entry(p)[0] for p in column.shown))
        symbol, value = column.entry(q.w)
        others = [part for part in symbols if part is not symbol]
        with self.say(
            "That is one entry of the gradient of the full cost. "
            "The other weights and biases are still to come: they are found in the same way.",
            key="entry",
        ):
            self.play(FadeOut(*self.left), run_time=0.7)
            self.play(FadeIn(column.brackets, symbol), Compose(value, [(slope, value)], old=slope), run_time=1.4)
            self.play(FadeIn(empty), run_time=0.8)
            self.reach("The other")
            for part in (*others, column.dots):
                part.set_opacity(theme.dim)
                part.dimmed = True
            self.play(LaggedStart(*(FadeIn(part) for part in others), FadeIn(column.dots), lag_ratio=0.3), run_time=1.8)
            self.play(Underscore(empty.label(q.w)), Underscore(value), run_time=1.2)
        self.rest(0.7)
