"""Chapter 8, sums and averages: which terms of a sum move, and why the derivative of a mean is the mean of them all."""

from __future__ import annotations

from dataclasses import replace

from manim import DOWN, RIGHT, UP, Create, FadeIn, FadeOut, GrowArrow, GrowFromEdge, LaggedStart, Mobject, VGroup

from backprop_film.kit import (
    Formula,
    Light,
    Naming,
    Ripple,
    Underscore,
    formula_line,
    seen,
    theme,
)
from backprop_film.sets import (
    CostTermAreas,
    MeanBars,
    QuestionChapter,
    checkable_nudge,
    counted,
    derivative_of_sum,
    drawn_of,
    instead,
    largest_term,
    moved_by_activation,
    moved_by_weight,
    other_terms_are_zero,
    some_examples,
    telling_neuron,
)
from backprop_math import Activation, Cost, CostDerivatives, Expression, Product, Weight
from backprop_math.functions import OutputActivation

#: By how much a weight and an activation are nudged, about.
WEIGHT_STEP, ACTIVATION_STEP = 0.4, 0.2
#: Where a panel stands alone, and where two stand side by side.
ALONE, LEFT_HALF, RIGHT_HALF = (-2.9, 3.1), (-6.35, -0.35), (0.3, 6.3)


class SumsAndAverages(QuestionChapter):
    """A weight moves one term of the cost, an activation all of them; and the mean over the training examples."""

    title = "Sums and averages"
    question = "Do you take the derivative of the sum? Before, it was just 2(a − y)."
    example_name = "two_outputs"

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.the_question(leave=True)
        self.measure()
        self.a_term_for_each_output()
        self.a_weight_is_nudged()
        self.what_is_left()
        self.an_activation_is_nudged()
        self.the_whole_sum()
        self.the_mean()
        self.the_answer()

    def measure(self) -> None:
        """Both nudges, with everything calculated anew, and what each does to every term."""
        network, trace, notation = self.example.network, self.trace, self.notation
        self.names, self.L = Naming(self.example), network.L
        self.count = network.layers[-1]
        self.mixed = isinstance(network.activation[-1], OutputActivation)
        self.k = 0 if trace.value(Activation(self.L - 1, 0)) else telling_neuron(trace, drawn_of(network.layers[-2]))
        self.w, self.a = Weight(self.L, 0, self.k), Activation(self.L - 1, self.k)
        self.of_weight = checkable_nudge(self.example, self.k, WEIGHT_STEP, into=0)
        self.of_activation = checkable_nudge(self.example, self.k, ACTIVATION_STEP)
        nudges = (self.of_weight, self.of_activation)
        largest = largest_term(trace, *(nudge.nudge.after for nudge in nudges))
        self.panels = [
            CostTermAreas(trace, notation, self.names, nudge.changes, room, largest=largest)
            for nudge, room in zip(nudges, (ALONE, RIGHT_HALF), strict=True)
        ]

    def areas(self) -> list[Mobject]:
        """What stands above the formula line; where an area begins, it stays."""
        return [panel.still for panel in self.panels]

    # -- the sum over the outputs ---------------------------------------------------------------------

    def a_term_for_each_output(self) -> None:
        """The cost as areas, a term for each output."""
        panel = self.panels[0]
        self.line = raised_line(self.notation.definition(Cost()), *self.areas())
        terms = "a term for each output" if self.count > 1 else "here of one term, as there is one output"
        with self.say(
            f"The cost is a sum, with {terms}. Its derivative is the sum of the terms' derivatives. "
            "But which of them are not 0?",
            key="sum",
        ):
            self.play(*instead([self.card], [panel.diagram]), run_time=1.0)
            grown = [GrowFromEdge(area, DOWN) for area in panel.areas]
            arrows = [GrowArrow(link) for link in panel.links]
            self.play(LaggedStart(*arrows, *grown, lag_ratio=0.2), run_time=1.4)
            self.play(FadeIn(*seen(panel.names, panel.targets), self.line), run_time=0.9)
            self.reach("Its derivative")
            self.play(Underscore(self.line.side(-1)), run_time=1.6)
            self.reach("But which")
            self.play(*(Underscore(name) for name in panel.names), run_time=1.4)
        self.settle(panel.still)

    def a_weight_is_nudged(self) -> None:
        """w_jk is raised: everything is calculated anew, and the terms show what they do."""
        panel, nudge = self.panels[0], self.of_weight
        edge = panel.diagram.edge(self.L, 0, self.k)
        self.label = panel.label(Formula(self.notation.symbol(self.w), font_size=40), nudge.amount)
        whole = [panel.diagram, panel.links]
        said = moved_by_weight(panel.moved, mixed=self.mixed)
        with self.say(
            f"Try it. Nudge one weight of the last layer, and calculate everything anew. {said}",
            key="weight",
        ):
            self.play(FadeIn(self.label, shift=0.1 * DOWN), Light(whole, [edge], [*panel.outputs, panel.links]),
                      run_time=1.0)  # fmt: skip
            self.reach("and calculate")
            self.play(FadeIn(panel.outlines), run_time=0.5)
            self.play(nudge.run(panel.followers), run_time=2.0)
            self.read()
            self.play(FadeIn(panel.changes, shift=0.15 * RIGHT), run_time=0.9)
            if self.count > 1:
                self.read()
            marks = [Underscore(change) for change in panel.changes]
            self.play(*panel.dim(), *marks, run_time=max(1.4, self.seconds_left))

    def what_is_left(self) -> None:
        """The derivatives of the terms that do not move are 0."""
        old = self.line
        if self.mixed:
            self.line = raised_line(derivative_of_sum(self.notation, self.w), *self.areas())
            words = "So with softmax the whole sum stays, for a weight, too."
        else:
            self.line = raised_line(other_terms_are_zero(self.notation, self.w), *self.areas())
            left = "One term is left, and you know it: the cost's own slope, times what the weight does to this output."
            others = "other is" if self.count == 2 else "others are"
            words = f"So of the derivatives in the sum, the {others} 0. {left}" if self.count > 1 else left
        with self.say(words, key="left"):
            self.play(FadeOut(old), run_time=0.4)
            self.play(FadeIn(self.line, shift=0.15 * UP), run_time=0.9)
            if not self.mixed:
                if self.count > 1:
                    self.play(Underscore(self.line.term("zero")), run_time=max(1.2, self.seconds_left))
                self.reach("the cost's")
                self.play(Underscore(self.line.term("slope")), run_time=1.6)
                self.reach("times")
                self.play(Underscore(self.line.term("reaction")), run_time=1.6)
        if not self.mixed:
            self.it_in_numbers()

    def it_in_numbers(self) -> None:
        """The weight's derivative, where it was before the nudge; the mean over the examples begins with it."""
        panel, nudge = self.panels[0], self.of_weight
        numbers = raised_line(self.trace.chain_rule(self.w).numbers.map(cost_first), *self.areas())
        numbers.side(-1).set_fill(theme.highlight)
        with self.say(
            f"Take the nudge back: for this {self.names.thing}, that is {numbers.expression.sides[-1].text()}.",
            key="number",
        ):
            self.play(FadeOut(self.line, self.label, panel.changes, run_time=0.4),
                      nudge.run(panel.followers, back=True), run_time=1.0)  # fmt: skip
            self.reach("for this")
            self.play(FadeIn(numbers, shift=0.15 * UP), run_time=0.9)
            self.play(Underscore(numbers.side(-1)), run_time=1.2)
        self.at_rest = numbers

    def an_activation_is_nudged(self) -> None:
        """It moves to the left half; a_k is nudged in the right one."""
        one, other, nudge = *self.panels, self.of_activation
        first = VGroup(one.still, one.outlines, one.changes, self.label)
        self.first_line = self.line
        shift = LEFT_HALF[0] - ALONE[0]
        narrow = min(1.0, 6.0 / self.line.width)
        self.second = other.label(Formula(self.notation.symbol(self.a), font_size=40), nudge.amount)
        neuron, edges = other.diagram.neuron(self.L - 1, self.k), other.diagram.edges(self.L, self.k)
        ripples = [Ripple(edge, width=0.1, color=theme.ink, opacity=0.6) for edge in edges]
        leads = "every output" if self.count > 1 else "the output"
        what = "an input" if self.L == 1 else "an activation of the layer before"
        again = "" if self.mixed else "Nudge the weight once more, and keep that picture on the left."
        with self.say(
            f"{again} Now nudge {what}. It leads to {leads}. {moved_by_activation(other.moved)}".strip(),
            key="activation",
        ):
            if again:
                self.play(FadeOut(self.at_rest), run_time=0.4)
                self.play(FadeIn(self.line, self.label, one.changes), self.of_weight.run(one.followers), run_time=1.2)
                self.reach("and keep")
            self.settle(first)
            at = self.line.animate.scale(narrow).set_x((LEFT_HALF[0] + LEFT_HALF[1]) / 2)
            self.play(first.animate.shift(shift * RIGHT), at, run_time=1.4)
            self.reach("Now nudge")
            self.play(FadeIn(other.still), run_time=0.8)
            self.play(Light([other.diagram], edges, list(other.diagram.layer(self.L))), run_time=0.6)
            self.play(FadeIn(self.second, other.outlines), neuron.ring(theme.highlight, 5), run_time=0.7)
            self.reach("It leads")
            self.play(*(ripple.run(0.8) for ripple in ripples), nudge.run([neuron]), run_time=0.8)
            self.bring_to_front(neuron, *other.outputs)
            self.play(FadeOut(*ripples), run_time=0.3)
            one_by_one = self.count == 2 and any(other.moved)
            parts = [*zip(other.outputs, other.areas, other.changes, strict=True)]
            for part in parts if one_by_one else [(*other.followers, other.changes)]:
                if one_by_one and part is parts[-1]:
                    self.reach("the other")
                else:
                    self.read()
                *followers, changes = part
                self.play(nudge.run(followers), FadeIn(changes, shift=0.15 * RIGHT), run_time=1.2)

    def the_whole_sum(self) -> None:
        """∂C/∂a keeps the whole sum."""
        self.second_line = raised_line(derivative_of_sum(self.notation, self.a), *self.areas())
        self.second_line.scale(min(1.0, 6.0 / self.second_line.width))
        self.second_line.set_x((RIGHT_HALF[0] + RIGHT_HALF[1]) / 2)
        words = (
            "Here the whole sum stays: every output passes on its own part."
            if self.count > 1
            else "One output, one term."
        )
        with self.say(words, key="whole"):
            self.play(FadeIn(self.second_line, shift=0.15 * UP), run_time=1.0)
            self.play(Underscore(self.second_line.side(1)), run_time=1.6)

    # -- the mean over the examples -------------------------------------------------------------------

    def the_mean(self) -> None:
        """The cost of all examples is a mean: so is its derivative."""
        one, other = self.panels
        self.picture = VGroup(self.first_line, self.second_line, one.still, one.outlines, one.changes, self.label,
                            other.still, other.outlines, other.changes, self.second)  # fmt: skip
        several = some_examples(self.example)
        count = len(several.inputs)
        cost = raised_line(CostDerivatives(self.notation).mean())
        bars = MeanBars(several, self.notation, self.w)
        bars.bars.set_apart()
        alone = " Of one alone, as here, it is the number itself." if count == 1 else ""
        with self.say(
            f"There is another sum: the full cost is the mean over all {self.names.thing}s. "
            f"The derivative of a mean is the mean of the derivatives.{alone}",
            key="mean",
        ):
            single = self.first_line.copy()
            self.play(FadeOut(*(part for part in self.picture if part is not self.first_line)), run_time=0.5)
            self.remove(self.first_line)
            self.play(
                single.animate.scale(cost.font_size / single.font_size).set_x(0),
                LaggedStart(*(FadeIn(*both) for both in zip(bars.columns, bars.costs, strict=True)), lag_ratio=0.3),
                run_time=1.2,
            )
            self.play(*instead([single], [cost]), *(Underscore(each) for each in bars.costs), run_time=1.4)
            self.read()
            self.play(FadeOut(cost), run_time=0.4)
            self.play(FadeIn(bars.symbols, shift=0.15 * UP), run_time=0.9)
            self.play(Underscore(bars.symbols.side(1)), run_time=1.6)
            if alone:
                self.reach("Of one")
                self.play(Underscore(bars.symbols.side(0)), run_time=1.6)
        self.kept = bars.symbols
        if count == 1:
            self.play(FadeOut(bars.columns, bars.costs), run_time=0.5)
            return
        mean = bars.mean_number.text()
        with self.say(
            f"Take {counted(count, f'{self.names.thing}s')}. Each has its own derivative by this weight. "
            f"Lay them end to end, and share the sum out evenly: {mean}.",
            key="shares",
        ):
            self.play(FadeOut(bars.costs), Create(bars.bars.baseline), FadeIn(bars.given), run_time=0.8)
            self.reach("Each has")
            for i in range(count):
                self.play(*bars.bars.grow(i), run_time=0.7)
            self.reach("Lay them")
            self.play(*bars.bars.lay_together(), run_time=1.0)
            self.play(Create(bars.bars.links), *bars.bars.grow(-1), run_time=0.8)
            self.play(FadeOut(bars.symbols), run_time=0.3)
            self.play(FadeIn(bars.numbers, shift=0.15 * UP), run_time=0.8)
            self.reach("share")
            self.play(FadeOut(bars.bars.links), FadeIn(bars.cuts), run_time=0.6)
            self.play(*bars.share(), run_time=1.2)
            self.play(bars.numbers.side(-1).animate.set_fill(theme.highlight), run_time=0.5)
            self.read()
            self.rest(0.5)
        self.play(FadeOut(bars.bars.baseline, bars.bars.bars, bars.columns,
                          bars.given, bars.bars.numbers[:-1], bars.mean_label), run_time=0.7)  # fmt: skip
        self.kept = bars.numbers

    def the_answer(self) -> None:
        """The answer in a sentence, over both pictures."""
        if self.mixed:
            words = "So yes: you take the derivative of the whole sum. With softmax, every term can have a part in it."
        else:
            words = "So yes: you take the derivative of the whole sum. Only the terms that move survive."
        with self.say(words, key="answer"):
            lines, low = (self.first_line, self.second_line), raised_line(self.kept.expression, *self.areas())
            self.play(self.kept.animate.set_y(low.get_y()),
                      FadeIn(*(part for part in self.picture if part not in lines)), run_time=1.0)  # fmt: skip
            self.play(*instead([self.kept], lines), run_time=1.0)
            self.reach("Only" if not self.mixed else "With")
            self.play(*(Underscore(line.side(1)) for line in lines), run_time=2.0)
        self.rest(1.0)


def raised_line(expression: Expression, *above: Mobject) -> Formula:
    """A formula line with more air above the caption, as far as nothing stands close above it."""
    line = formula_line(expression)
    room = min((float(part.get_bottom()[1]) for part in above), default=theme.safe.top) - line.get_top()[1] - 0.12
    return line.shift(min(0.15, max(0.0, room)) * UP)


def cost_first(node: Expression) -> Expression | None:
    """A product with the cost's own slope first, as in the sum before it, for `Expression.map`."""
    return replace(node, factors=node.factors[::-1]) if isinstance(node, Product) else None
