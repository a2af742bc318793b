"""Chapter 7, recap: the formulas on one sheet, one step of gradient descent, and what to take away."""

from __future__ import annotations

from itertools import islice

from manim import DOWN, LEFT, RIGHT, FadeIn, FadeOut, LaggedStart, Mobject, VGroup, there_and_back

from backprop_math import Activation, Bias, Cost, Example, Weight, WeightedSum
from backprop_math.descent import Descent
from backprop_math.expression import Relation
from backprop_math.general import General
from backprop_math.quantities import Quantity
from backprop_math.softmax import OutputActivation
from scenes.kit import (
    Chapter,
    Compose,
    Descend,
    DescentTable,
    Dim,
    Formula,
    Gauge,
    LastLayers,
    Light,
    Underscore,
    Undim,
    Unlight,
    gradient_beside,
    nice_span,
    path_parts,
    theme,
    travel,
)


class Recap(Chapter):
    """Any layer's formulas; the whole gradient and a step against it, which makes the cost fall; the idea behind it."""

    title = "Recap"
    place = (7, 7)
    example_name = "two_outputs"

    @classmethod
    def misfit(cls, example: Example) -> str | None:
        """Functions that act on one neuron, and a cost that a step can lower."""
        network = example.network
        if any(isinstance(function, OutputActivation) for function in network.activation):
            return f"this chapter's formulas are for one neuron's activation; the example {example.name!r} has softmax"
        if Descent.falling(example) is None:
            return f"this chapter needs a cost that a step can lower, that of the example {example.name!r} stays"
        return None

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.lay_out()
        self.the_formulas_forward()
        self.the_formulas_backward()
        self.the_two_cases()
        self.the_gradient()
        self.a_step_against_it()
        self.the_cost_falls()
        self.a_chain_of_dependencies()

    def lay_out(self) -> None:
        """The last three layers and the gradient, where chapter 6 leaves them; the step."""
        network = self.example.network
        self.first = max(0, network.L - 2)
        self.layers = range(self.first + 1, network.L + 1)
        place = LastLayers(self.trace, self.notation)
        self.diagram, self.cost = place.diagram.show(self.trace), place.cost
        self.picture = VGroup(self.diagram, self.cost)
        if network.layers[-1] <= 2:  # More desired outputs find no room between the neurons.
            self.picture.add(self.cost.targets)
        self.column = gradient_beside(self.trace, self.notation)
        step = Descent.falling(self.example)
        assert step is not None
        self.step = step

    # -- the sheet ------------------------------------------------------------------------------------

    def the_formulas_forward(self) -> None:
        """z, a and C."""
        definitions = [
            self.notation.definition(WeightedSum("l", "j")),
            self.notation.definition(Activation("l", "j")),
            self.notation.definition(Cost(), expanded=False),
        ]
        self.forward = self._line(definitions, 0.42, 2.3)
        with self.say(
            "You have seen all of it. Here it is on one sheet, for any layer. "
            "Forward: the weighted sum, the activation, and in the end the cost.",
            key="forward",
        ):
            self.add(self.diagram, self.cost, self.column)
            self.read()
            self.play(FadeOut(self.diagram, self.cost, self.column, shift=0.3 * DOWN), run_time=0.8)
            for formula in self.forward:
                self.play(FadeIn(formula, shift=0.15 * DOWN), run_time=1.2)
                self.rest(0.5)

    def _line(self, relations: list[Relation], size: float, y: float) -> VGroup:
        """Formulas side by side, on a common baseline, over the width of the stage."""
        line = VGroup(*(Formula(relation, size).on_baseline(0) for relation in relations))
        gap = 0.8
        scale = (theme.stage.width - 0.04 - gap * (len(relations) - 1)) / sum(formula.width for formula in line)
        for formula in line:
            formula.scale(min(1.0, scale))
        line.arrange(RIGHT, buff=gap)
        for formula in line:
            formula.on_baseline(y)
        return line.set_x(0)

    def the_formulas_backward(self) -> None:
        """A weight's and a bias's derivative, by that of their neuron."""
        general = General(self.notation)
        self.w, self.b = Weight("l", "j", "k"), Bias("l", "j")
        self.backward = self._line([general.formulas(self.w), general.formulas(self.b)], 0.5, 0.62)
        weight, bias = self.backward
        z, a = WeightedSum("l", "j"), Activation("l", "j")
        with self.say(
            "Backward, for a weight: the activation behind it, the slope, and the derivative of its neuron. "
            "For a bias the first factor is 1.",
            key="backward",
        ):
            self.play(Dim(self.forward), FadeIn(weight, shift=0.15 * DOWN))
            for factor in (f"{z}/{self.w}", f"{a}/{z}", f"{Cost()}/{a}"):
                self.play(Underscore(weight.term(factor, side=1)), run_time=1.2)
            self.read()
            self.play(FadeIn(bias, shift=0.15 * DOWN))

    def the_two_cases(self) -> None:
        """A neuron's derivative: from the cost in the last layer, from the next layer's neurons in any other."""
        self.cases = Formula(General(self.notation).cases(Activation("l", "j")), 0.5).fit(theme.stage.width)
        self.cases.move_to([0, -1.55, 0])
        with self.say(
            "For an activation there are two cases. In the last layer, the cost's own formula gives it. "
            "In any other layer, it is a sum over the neurons that come next.",
            key="cases",
        ):
            self.play(Dim(*self.backward), FadeIn(self.cases, shift=0.15 * DOWN))
            self.read()
            self.play(Underscore(self.cases.term("last")), run_time=2.0)
            self.read()
            self.play(Underscore(self.cases.term("sum")), run_time=2.0)
            self.play(Undim(self.forward, *self.backward))

    # -- the step -------------------------------------------------------------------------------------

    def the_gradient(self) -> None:
        """From the last layer to the first, the column fills."""
        parameters = list(self.example.network.parameters)
        with self.say(
            f"Layer by layer, from the last to the first, they give all {len(parameters):,} numbers of the gradient.",
            key="gradient",
        ):
            self.play(FadeOut(self.forward, self.backward, self.cases), run_time=0.7)
            self.play(FadeIn(self.picture), FadeIn(self.column.brackets))
            for layer in reversed(self.layers):
                come = [q for q in reversed(parameters) if q in self.column and self._pulsed(q) == layer]
                self.play(
                    self.diagram.pulse(layer, backward=True),
                    *(FadeIn(self.column.entry(q), shift=0.1 * LEFT) for q in come),
                    run_time=1.6,
                )
            self.play(FadeIn(self.column.dots), run_time=0.4)

    def _pulsed(self, parameter: Quantity) -> int:
        """The layer with whose light a parameter's entry comes: its own, or the first one drawn."""
        return max(self.layers.start, parameter.layer)  # type: ignore[attr-defined]

    def a_step_against_it(self) -> None:
        """The same numbers with the other sign: what each parameter is moved by."""
        self.table = table = DescentTable(self.step, self.notation, first=3, last=2)
        table.set_y(0.3).align_to([theme.safe.right - 0.05, 0, 0], RIGHT)
        table.scale(min(1.0, 7.1 / table.width), about_edge=RIGHT)
        shown = list(table.rows)
        span = nice_span(self.step.before.cost, self.step.after.cost)
        gauge = Gauge(self.notation.symbol(Cost()), Cost(), self.step.before, span=span, width=2.8)
        gauge.shift([theme.safe.left + 0.05 - gauge.get_left()[0], -2.35 - gauge.line.get_y(), 0])
        values = [self.column.value(q) for q in shown]
        shine = [value.animate(rate_func=there_and_back).set_color(theme.highlight) for value in values]
        with self.say(
            "The gradient says which way the cost grows. So move every weight and every bias the other way.",
            key="step",
        ):
            self.play(LaggedStart(*shine, lag_ratio=0.3), run_time=2.4)
            self.read()
            before = VGroup(*(VGroup(table.symbol(q), table.before(q)) for q in shown))
            changes = VGroup(*(table.change(q) for q in shown), table.header[1], table.dots[:3])
            moves = [(self.column.value(q), table.change(q)) for q in shown]
            self.play(Compose(changes, moves, old=self.column), run_time=1.4)
            cost = Compose(gauge, [(self.cost.symbol, gauge.symbol)], old=self.cost)
            self.play(cost, FadeIn(before, table.header[0], shift=0.1 * RIGHT))
        self.gauge = gauge

    def the_cost_falls(self) -> None:
        """All parameters move at once; everything is calculated anew."""
        step, table = self.step, self.table
        start, end = step.before.cost, step.after.cost
        decimals = next(n for n in range(2, 9) if self.shown(start, n) != self.shown(end, n))
        after = VGroup(*(table.after(q) for q in table.rows), table.header[2], table.dots[3:])
        fall = f"from {self.shown(start, decimals)} to {self.shown(end, decimals)}"
        with self.say(
            f"All of them at once. Calculated anew with them, the cost falls {fall}.",
            key="falls",
        ):
            self.play(FadeIn(after, shift=0.1 * RIGHT))
            self.remove(*table)
            self.add(table)
            self.gauge.mark()
            self.read()
            self.play(Descend(step, [table, self.diagram, self.gauge]), run_time=3.0)

    # -- the idea -------------------------------------------------------------------------------------

    def a_chain_of_dependencies(self) -> None:
        """Along a path the sensitivities multiply, where paths meet they add."""
        network, stage = self.example.network, [self.diagram, self.cost]
        one, several = self._paths()
        with self.say(
            "Take this with you: every number depends on the numbers before it. "
            "Along a path, the sensitivities multiply; where paths meet, they add. "
            "Follow them back from the cost, and you know what every weight and every bias does to it.",
            key="take-away",
        ):
            moves = [(self.gauge.symbol, self.cost.symbol)]
            self.play(FadeOut(self.table), Compose(self.cost, moves, old=self.gauge), run_time=1.0)
            scale = min(9.0 / self.picture.width, 4.6 / self.picture.height)
            self.play(self.picture.animate.scale(scale).move_to([0, 0.1, 0]), run_time=1.4)
            for layer in self.layers:
                self.play(self.diagram.pulse(layer), run_time=0.9)
            self.read()
            self.play(Light(stage, one))
            self.play(travel(one))
            self.play(Light(stage, [part for path in several for part in path]))
            self.play(*(travel(path, backward=True) for path in several))
            self.read()
            self.play(Unlight(*stage))
            for layer in reversed(self.layers):
                self.play(self.diagram.pulse(layer, backward=True), run_time=1.0)
            self.read()
            edges = [self.diagram.edges(layer) for layer in reversed(self.layers)]
            plain = [self.cost.symbol, *(self.diagram.layer(layer) for layer in range(self.first, network.L + 1))]
            for count in range(1, len(edges) + 1):
                self.play(Light(stage, edges[:count], [*plain, *self.cost, *edges[count:]]), run_time=1.2)

    def _paths(self) -> tuple[list[Mobject], list[list[Mobject]]]:
        """One way from a weight to the cost, and all ways from a neuron next to the last, as far as drawn."""
        network = self.example.network

        def drawn(wrt: Quantity, most: int) -> list[list[Mobject]]:
            found = []
            for path in islice(self.trace.chain_rule(wrt).iterate_paths(), most):
                quantities = [path.factors[0].wrt, *(factor.of for factor in path.factors)]
                found.append(path_parts(quantities, self.diagram, self.cost))
            return found

        (one,) = drawn(Weight(self.layers.start, 0, 0), 1)
        return one, drawn(Activation(network.L - 1, 0), 3)
