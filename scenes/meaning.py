"""Chapter 4, what do the derivatives mean: what makes each factor large, and the mean over the training examples."""

from __future__ import annotations

from itertools import pairwise, zip_longest

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
    MoveToTarget,
    ReplacementTransform,
    Restore,
    RoundedRectangle,
    VGroup,
)

from backprop_film.kit import (
    ChangeQuantity,
    Compose,
    Dim,
    Formula,
    Naming,
    Underscore,
    Undim,
    theme,
)
from backprop_film.sets import (
    ChainChapter,
    ExampleRows,
    LayerQuantities,
    MovedFactor,
    close_link,
    counted,
    faint,
    how_active,
    how_far_off,
    how_steep,
    labelled_diagram_at_the_left,
    mean_gradient_at_the_right,
)
from backprop_math import CostDerivatives, Quantity

#: Where the product stands.
LINE = -2.2


class MeaningOfDerivatives(ChainChapter):
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
        self.link, self.picture, self.lit = link, VGroup(), None
        homes = (link.before, link.after, link.cost)
        with self.say("Three factors. What does each of them say?", key="factors"):
            self.play(FadeIn(self.product, shift=0.2 * UP), FadeIn(link.whole))
            marks = [
                AnimationGroup(Underscore(term), Indicate(home, scale_factor=1.12, color=None))
                for term, home in zip(self.terms.values(), homes, strict=True)
            ]
            self.play(LaggedStart(*marks, lag_ratio=0.4), run_time=2.4, next_at=0.0)

    def _turn_to(self, of: Quantity, *new: VGroup) -> None:
        """Only one factor of the product stays lit; its picture grows out of where it lives in the network."""
        dims = [Dim(term) for other, term in self.terms.items() if other != of]
        link, q = self.link, self.last
        home, wire = {
            q.cost: (link.cost, link.to_cost), q.a: (link.after, link.after.circle), q.z: (link.before, link.edge)
        }[of]  # fmt: skip
        small = VGroup(link.diagram, link.names[q.w], link.to_cost, link.cost)
        if not self.picture:  # it goes into the corner first
            self.play(FadeOut(*(link.names[x] for x in (q.previous, q.b, q.a))), *dims, run_time=0.5)
            corner = small.generate_target().scale(0.41)
            corner[3].shift(0.1 * RIGHT)
            corner.move_to([0, 2.74, 0]).align_to([theme.safe.right, 0, 0], RIGHT)
            self.play(MoveToTarget(small), run_time=1.0)
        else:
            self.play(FadeOut(self.picture), Restore(self.lit), Undim(self.terms[of]), *dims, run_time=0.6)
        self.lit = wire.save_state()
        if of == q.z:  # the network itself is the picture
            pair = VGroup(*new[:2])
            grows = FadeIn(pair, scale=0.3, target_position=small)
            self.play(FadeOut(small), grows, FadeIn(*new[2:]), run_time=1.0)
        else:
            lights = wire.animate.set_stroke(theme.highlight, opacity=1)
            self.play(lights, Indicate(home, scale_factor=1.15, color=None), FadeIn(*new, scale=0.85), run_time=1.0)
        self.picture = VGroup(*new)

    def the_meaning_of(self, of: Quantity, factor: MovedFactor, *, key: str) -> None:
        """One factor as a picture: what it depends on is moved, and the factor follows."""
        with self.say(" ".join(factor.words), key=key):
            self._turn_to(of, *factor.shown)
            moves = zip_longest(pairwise(factor.stops), factor.seconds, factor.words[1:])
            for (start, end), seconds, words in moves:
                arrives = words in factor.on_arrival
                if words and not arrives:
                    self.reach(words)
                move = ChangeQuantity(self.example, factor.moved, start, end, factor.followers)
                if start == end:
                    move = Indicate(factor.followers[0], scale_factor=1.15, color=None)
                self.play(move, run_time=seconds)
                if arrives:
                    self._say_where_we_are(factor, words)

    def _say_where_we_are(self, factor: MovedFactor, words: str) -> None:
        """What is seen at the end of a move: the voice waits for it, and it for the voice."""
        self.reach(words)
        if words == factor.on_arrival[-1] and factor.mark:
            self.play(FadeIn(factor.mark, shift=0.2 * UP), run_time=0.6)
            self.picture.add(factor.mark)
        if factor.light:
            self.play(*factor.light(), run_time=max(1.4, min(2.4, self.seconds_left)))
        if self.seconds_left:
            self.rest(self.seconds_left)

    # -- the mean -------------------------------------------------------------------------------------

    def the_examples(self) -> None:
        """Each training example runs through the network, and pulls at the weight."""
        self.board = board = ExampleRows(self.example, self.notation)
        count, thing = len(self.example.inputs), Naming(self.example).thing
        self.zero = board.zero
        each = "Each runs" if count > 1 else "It runs"
        here = f"Here are {counted(count)}, numbered by k: the first one, k = 0, is ours. "
        if count == 1:
            here = "Here is the one that there is, k = 0. "
        with self.say(
            f"All this was for one {thing}. {here}{each} through the network, has its own cost, "
            f"and pulls at the weight{' in its own way' * (count > 1)}. {self._alike()}{self._pulls()}",
            key="examples",
        ):
            network, *rest = self.picture
            self.play(FadeOut(self.product, *rest), run_time=0.6)
            away = FadeOut(network, scale=0.3, target_position=board.diagram)
            self.play(away, FadeIn(board.head, shift=0.2 * DOWN), run_time=1.0)
            self.reach(here.strip())
            self.play(
                LaggedStart(*(FadeIn(row.who, row.given) for row in board.rows), FadeIn(board.dots), lag_ratio=0.3),
                run_time=1.6,
            )
            self.reach(each)
            self.play(Create(self.zero), run_time=0.5)
            for row in board.rows:  # each takes a while to be read
                light = [board.diagram.pulse(layer) for layer in board.diagram.layers[1:]]
                shown = [FadeIn(part, shift=0.1 * RIGHT) for part in (*row.numbers, row.slope)]
                bar = GrowFromPoint(row.bar, board.zero_of(row))
                self.play(*light[:1], LaggedStart(*shown, bar, lag_ratio=0.25), run_time=1.6)
            if alike := self._alike():
                self.reach(alike.strip())
                outputs = [row.numbers[-3] for row in board.rows]
                self.play(Underscore(*outputs, run_time=1.6))
            self.reach(self._pulls())
            for sign in (-1, 1):
                pulled = [row.bar for row in board.rows if sign * row.trace.derivative(self.last.w) > 0]
                if pulled:
                    self.play(*(Indicate(bar, scale_factor=1.25, color=None) for bar in pulled), run_time=1.2)

    def _alike(self) -> str:
        """What the outputs tell of what was wanted, where that is nothing."""
        q, traces = self.last, self.board.traces
        outputs, wanted = ([trace.value(x) for trace in traces] for x in (q.a, q.y))
        if len(traces) > 1 and max(outputs) - min(outputs) < 0.1 * (max(wanted) - min(wanted)):
            return f"All the outputs are nearly alike: it does not tell these {Naming(self.example).thing}s apart. "
        return ""

    def _pulls(self) -> str:
        """How many want the weight larger, and how many smaller."""
        slopes = [trace.derivative(self.last.w) for trace in self.board.traces]
        if len(slopes) == 1:
            which = "larger" if slopes[0] < 0 else "smaller"
            return f"This one wants it {which}." if slopes[0] else "This one does not pull at all."
        groups = {"larger": sum(slope < 0 for slope in slopes), "smaller": sum(slope > 0 for slope in slopes)}
        wishes = [
            f"{counted(count)} want{'s' if count == 1 else ''} it {which}" for which, count in groups.items() if count
        ]
        return f"{', '.join(wishes) or 'none of them pulls at all'}.".capitalize()

    def the_mean(self) -> None:
        """C is the mean of the C_k; its derivative is the mean of theirs."""
        board, q = self.board, self.last
        count, total, end = len(board.traces), board.total(), board.end
        band = RoundedRectangle(width=theme.safe.width, height=1.1, corner_radius=0.15, stroke_width=0)
        band.overlaps_ok = True
        band.set_fill(theme.highlight, 0.1).move_to([0, board.mean_y, 0])
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
            f"And the derivative of a mean is the mean of the derivatives. {lay}{share}: {result}.",
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
            self.reach(lay.strip())
            laid, part = board.end_to_end(), board.part()
            if still or count == 1:
                self.play(*(Underscore(row.slope) for row in board.rows), run_time=1.6)
            else:
                for bar, row in zip(laid, board.laid_rows, strict=True):
                    pulse = [Indicate(row.bar, scale_factor=1.2, color=None)] if row else []
                    self.play(*pulse, GrowFromPoint(bar, bar.line.get_start()), run_time=0.8)
                self.play(FadeIn(end), run_time=0.7)
            self.play(FadeOut(*laid) if count > 1 and not still else FadeIn(total), run_time=0.5)
            if count > 1 and not still:
                self.play(FadeIn(total[0]), run_time=0.5)
                self.reach(share)
                self.play(FadeIn(total[1]) if len(total[1]) else Underscore(total[0]), run_time=0.8)
            self.play(GrowFromPoint(part, self.zero.get_center() * [1, 0, 0] + [0, board.mean_y, 0]), run_time=0.8)
            self.play(FadeIn(board.mean_slope, shift=0.3 * RIGHT), run_time=0.8)
            self.play(board.mean_slope.animate.set_fill(theme.highlight), run_time=0.4)
        self.left = [board.head, board.dots, *(row.all for row in board.rows), self.zero, band, mean, board.mean_cost,
                     total, end, part]  # fmt: skip

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
            self.play(FadeOut(*self.left, run_time=0.6), *grows, run_time=1.2)
            comes = [Create(column.brackets), FadeIn(symbol, *empty.names)]
            if slope.expression.text() == value.expression.text():
                self.play(*comes, Compose(value, [(slope, value)], old=slope), run_time=1.3)
            else:  # the column has another form
                self.play(*comes, FadeOut(slope), run_time=0.7)
                self.play(FadeIn(value, shift=0.2 * RIGHT), run_time=0.7)
            self.remove(large, *empty.names)
            self.add(empty)
            self.reach("The other")
            faint(*others, column.dots)
            self.play(LaggedStart(*(FadeIn(part) for part in others), FadeIn(column.dots), lag_ratio=0.3), run_time=1.8)
            self.play(Underscore(empty.label(q.w)), Underscore(value), run_time=1.2)
        self.rest(0.7)
