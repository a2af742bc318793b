"""Chapter 4, what do the derivatives mean: what makes each factor large, and the mean over the training examples."""

from __future__ import annotations

from itertools import pairwise

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    GrowFromPoint,
    Indicate,
    LaggedStart,
    ReplacementTransform,
    RoundedRectangle,
    VGroup,
)

from backprop_film.kit import (
    Compose,
    Dim,
    Formula,
    Naming,
    Underscore,
    seen,
    theme,
)
from backprop_film.sets import (
    ExampleRows,
    LayerQuantities,
    MovedFactorChapter,
    close_link,
    counted,
    faint,
    how_active,
    how_far_off,
    how_steep,
    labelled_diagram_at_the_left,
    mean_gradient_at_the_right,
    outputs_alike,
    pulls_in_words,
)
from backprop_math import CostDerivatives, Term
from backprop_math.formula import factor_name

#: Where the product stands.
LINE = -2.2
#: How high the row of the mean is.
BAND = 1.27


class MeaningOfDerivatives(MovedFactorChapter):
    """2(a − y), σ′(z) and a^(L−1): when each is large; and the mean over examples, one entry of the gradient."""

    title = "What do the derivatives mean?"
    example_name = "several"

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.show_borrowed_functions()
        self.last = LayerQuantities(self.example.network.L)
        self.three_factors()
        self.the_meaning_of(self.last.cost, how_far_off(self.example, self.notation), key="miss")
        self.the_meaning_of(self.last.a, how_steep(self.example, self.notation), key="slope")
        self.the_meaning_of(self.last.z, how_active(self.example, self.notation), key="activity")
        self.the_examples()
        self.the_mean()
        self.one_entry_of_the_gradient()

    # -- the three factors ----------------------------------------------------------------------------

    def three_factors(self) -> None:
        """The product as chapter 3 has found it; one factor at a time is looked at."""
        q = self.last
        chain = self.trace.chain_rule(q.w, notation=self.notation, decimals=4)
        self.product = Formula(chain.formulas).fit(theme.formula_zone.width).move_to([0, LINE, 0])
        self.terms = {of: self.product.factor(of, wrt) for wrt, of in pairwise(q.path)}
        link = close_link(self.trace, self.notation)
        link.diagram.show(self.trace)
        self.link = link
        homes = (link.before, link.after, link.cost)
        found = self._as_chapter_3_left_it()
        written = "The slope of sigma is written σ′. " if found else ""
        with self.say(f"Three factors. {written}What does each of them say?", key="factors"):
            self.play(FadeIn(found or self.product, shift=0.2 * UP), FadeIn(link.whole))
            if found:
                self.reach("The slope of")
                self.play(Indicate(found.factor(q.a, q.z), scale_factor=1.1, color=theme.highlight), run_time=0.9)
                same = [(found.factor(*of), self.product.factor(*of)) for of in ((q.z, q.w), (q.cost, q.a))]
                same += [(found.side(0), self.product.side(0)), (found.sign(0), self.product.sign(0))]
                self.play(Compose(self.product, same, old=found), run_time=0.9)
            self.reach("What does")
            marks = [
                AnimationGroup(Underscore(term), Indicate(home, scale_factor=1.12, color=None))
                for term, home in zip(self.terms.values(), homes, strict=True)
            ]
            self.play(LaggedStart(*marks, lag_ratio=0.4), run_time=2.4)

    def _as_chapter_3_left_it(self) -> Formula | None:
        """The product with the slope of the activation function by the activation, a(1 − a), where there is one."""
        q = self.last
        slope = self.notation.slope_by_activation(q.a)
        if slope is None:
            return None
        name = factor_name(q.a, q.z)
        relation = self.product.expression.map(
            lambda node: Term(name, slope) if isinstance(node, Term) and node.name == name else None
        )
        return Formula(relation, font_size=self.product.font_size).fit(theme.formula_zone.width).move_to(self.product)

    # -- the mean -------------------------------------------------------------------------------------

    def the_examples(self) -> None:
        """Each training example runs through the network, and pulls at the weight."""
        self.board = board = ExampleRows(self.example, self.notation)
        count, thing = len(self.example.inputs), Naming(self.example).thing
        self.zero = board.zero
        slopes = [trace.derivative(self.last.w) for trace in board.traces]
        alike, pulled_where = outputs_alike(board.traces, Naming(self.example).thing), pulls_in_words(slopes)
        each = "Each runs" if count > 1 else "It runs"
        here = f"Here are {counted(count)}, numbered by k: the first one, k = 0, is ours. "
        if count == 1:
            here = "Here is the one that there is, k = 0. "
        with self.say(
            f"All this was for one {thing}. {here}{each} through the network, has its own cost, "
            f"and pulls at the weight{' in its own way' * (count > 1)}. {alike}{pulled_where}",
            key="examples",
        ):
            if self.back:
                self.play(self.back, run_time=1.2)
            (edge, *pair), *rest = self.picture
            numbers = [neuron.number for neuron in pair if neuron.number]
            if numbers:
                self.play(FadeOut(*numbers), run_time=0.3)
            q, head, ours = self.last, board.diagram, board.rows[0]
            old = VGroup(edge, *(neuron.circle for neuron in pair))
            new = VGroup(head.edge(q.layer, 0, 0), *(head.neuron(at, 0).circle for at in (q.layer - 1, q.layer)))
            move = Compose(new, list(zip(old, new, strict=True)), old=old)
            self.play(move, FadeOut(self.product, *rest, run_time=0.4), run_time=1.0)
            # The network that the two are part of, when they have arrived.
            behind = [part for part in head.bare if part not in list(new)]
            self.play(
                *map(FadeIn, seen(*behind)),
                FadeIn(*(part for part in board.head if part is not head), shift=0.2 * DOWN),
                FadeIn(ours.who, ours.given),
                run_time=0.8,
            )
            self.remove(new, *behind)
            self.add(head)
            self.reach("Here")
            for row in board.rows[1:]:
                self.play(FadeIn(row.who, row.given), run_time=0.7)
            if board.dots.submobjects:
                self.play(FadeIn(board.dots), run_time=0.3)
            self.reach("k = 0")
            first_cost = board.first_cost
            self.play(
                *(Indicate(part, scale_factor=1.15, color=None) for part in (ours.who, ours.given)),
                FadeIn(first_cost, shift=0.3 * DOWN),
                run_time=1.2,
            )
            self.reach(each)
            self.play(FadeOut(first_cost), Create(self.zero), run_time=0.5)
            for row in board.rows:  # each takes a while to be read
                light = [board.diagram.pulse(layer) for layer in board.diagram.layers[1:]]
                shown = [FadeIn(part, shift=0.1 * RIGHT) for part in (*row.numbers, row.slope)]
                bar = GrowFromPoint(row.bar, board.zero_of(row))
                self.play(*light[:1], LaggedStart(*shown, bar, lag_ratio=0.25), run_time=1.6)
            if alike:
                self.reach(alike.strip())
                outputs = [row.numbers[-3] for row in board.rows]
                self.play(Underscore(*outputs, run_time=1.6))
            self.reach(pulled_where)
            for sign in (-1, 1):
                pulled = [row.bar for row in board.rows if sign * row.trace.derivative(self.last.w) > 0]
                if pulled:
                    self.play(*(Indicate(bar, scale_factor=1.0, color=theme.highlight) for bar in pulled), run_time=1.2)

    def the_mean(self) -> None:
        """C is the mean of the C_k; its derivative is the mean of theirs."""
        board, q = self.board, self.last
        count, total, end = len(board.traces), board.total(), board.end
        band = RoundedRectangle(width=theme.safe.width, height=BAND, corner_radius=0.15, stroke_width=0)
        band.overlaps_ok = True
        band.set_fill(theme.highlight, theme.wash).move_to([0, board.mean_y, 0])
        mean = Formula(CostDerivatives(self.notation).mean(q.w, count), font_size=35).fit(3.6)
        mean.move_to([theme.safe.left + 0.15, board.mean_y, 0], aligned_edge=LEFT)
        cost = Formula(CostDerivatives(self.notation).mean(None, count), font_size=35).fit(3.6)
        cost.move_to(mean, aligned_edge=LEFT)
        result = board.mean_slope.numbers[0].text()
        lay, share = "Lay them end to end. ", f"Cut what remains into {counted(count)} equal parts"
        if count == 1:
            lay, share = "Of one alone, ", "the mean is the number itself"
        if still := not any(row.trace.derivative(q.w) for row in board.rows):
            lay, share = "All of them are 0, ", "and so is their mean"
        with self.say(
            "The full cost is the mean of all these costs. "
            f"The derivative of a mean is the mean of the derivatives. {lay}{share}: {result}.",
            key="mean",
        ):
            self.play(FadeIn(band, cost, board.label), run_time=0.8)
            self.play(
                *(Underscore(row.numbers[-1]) for row in board.rows),
                FadeIn(board.mean_cost, shift=0.2 * UP),
                run_time=1.4,
            )
            self.reach("The derivative")
            self.play(FadeOut(cost), Dim(board.mean_cost), run_time=0.5)
            self.play(FadeIn(mean), *(Underscore(row.slope) for row in board.rows), run_time=1.2)
            self.reach(lay.strip())
            laid, part = board.end_to_end(), board.part()
            if still or count == 1:
                self.play(*(Underscore(row.slope) for row in board.rows), run_time=1.6)
            else:
                for bar, row in zip(laid, board.laid_rows, strict=True):
                    pulse = [Indicate(row.bar, scale_factor=1.0, color=theme.highlight)] if row else []
                    self.play(*pulse, GrowFromPoint(bar, bar.line.get_start()), run_time=0.8)
                self.play(FadeIn(end), run_time=0.7)
            shared_out = VGroup()
            if still or count == 1:
                self.play(FadeIn(total), run_time=0.5)
            else:
                for move in board.cancel(laid):
                    self.play(move, run_time=1.4)
                shared_out = board.shared_out()
                self.play(FadeOut(*laid), FadeIn(total[0], shared_out[0]), run_time=0.6)
                self.reach(share)
                cuts = FadeIn(total[1]) if len(total[1]) else Underscore(total[0])
                self.play(cuts, FadeIn(shared_out[1]), run_time=0.8)
            self.play(GrowFromPoint(part, self.zero.get_center() * [1, 0, 0] + [0, board.mean_y, 0]), run_time=0.8)
            self.play(FadeIn(board.mean_slope), run_time=0.8)
            self.play(board.mean_slope.animate.set_fill(theme.highlight), run_time=0.4)
        self.mean = mean
        rest = [mean.side(1), mean.sign(0), board.mean_cost, board.label, total, end, part, shared_out]
        self.left = [board.head, board.dots, *(row.all for row in board.rows), self.zero, band, *rest]

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
            small, large = self.board.diagram, empty.diagram
            self.left.remove(self.board.head)
            self.left += [part for part in self.board.head if part is not small]
            if small.layers == large.layers:
                grows = [ReplacementTransform(small, large)]
            else:
                grows = [FadeOut(small, scale=1.5, target_position=large), FadeIn(large, scale=0.5)]
            self.play(FadeOut(*seen(*self.left)), run_time=0.5)
            # Its name travels with it.
            entry = [Compose(symbol, [(self.mean.side(0), symbol)], old=self.mean.side(0))]
            if slope.expression.text() == value.expression.text():
                self.play(*grows, *entry, Compose(value, [(slope, value)], old=slope), run_time=1.4)
            else:  # the column has another form
                self.play(*grows, *entry, FadeOut(slope), run_time=1.2)
                self.play(FadeIn(value, shift=0.2 * RIGHT), run_time=0.7)
            # Not before: it would fly through the bracket.
            self.play(FadeIn(*empty.names), Create(column.brackets), run_time=0.7)
            self.remove(large, *empty.names)
            self.add(empty)
            self.reach("The other")
            faint(*others, column.dots)
            self.play(LaggedStart(*(FadeIn(part) for part in others), FadeIn(column.dots), lag_ratio=0.3), run_time=1.8)
            self.play(Underscore(empty.label(q.w)), Underscore(value), run_time=1.2)
        self.rest(0.7)
