"""Chapter 7, recap: the formulas on one sheet, one step of gradient descent, and what to take away."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import islice
from typing import Any

from manim import (
    DOWN,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    LaggedStart,
    Line,
    Mobject,
    VGroup,
    there_and_back,
)
from manim.typing import Vector3D

from backprop_film.kit import (
    Chapter,
    Compose,
    Descend,
    DescentTable,
    Dim,
    Formula,
    Gauge,
    Light,
    Naming,
    Neuron,
    Prose,
    Underscore,
    Undim,
    Unlight,
    nice_span,
    path_parts,
    theme,
    travelling_light,
)
from backprop_film.sets import AnsweredQuestion, LastLayersLayout, TrainingBoard, brief, gradient_beside_last_layers
from backprop_math import (
    Activation,
    Bias,
    Cost,
    CostDerivatives,
    Descent,
    Example,
    Glyph,
    Number,
    Product,
    Quantity,
    Relation,
    TrainingRun,
    Weight,
    WeightedSum,
    load_example,
)
from backprop_math.formula import fewest_decimals
from backprop_math.functions import OutputActivation

#: The sheet: the baselines of its rows, and the rule between them.
TOP, RULE, MIDDLE = 2.33, 1.55, 0.75
#: The example of the first chapter, whose question is answered.
OPENING = "introduction"


class Recap(Chapter):
    """Any layer's formulas; the whole gradient and a step against it, which makes the cost fall; the idea behind it."""

    title = "Recap"
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
        self.many_steps()
        self.the_question_of_the_opening()
        self.a_chain_of_dependencies()

    def lay_out(self) -> None:
        """The last three layers and the gradient, where chapter 6 leaves them; the step."""
        network = self.example.network
        self.first = max(0, network.L - 2)
        self.layers = range(self.first + 1, network.L + 1)
        place = LastLayersLayout(self.trace, self.notation)
        self.diagram, self.cost = place.diagram.show(self.trace), place.cost
        self.picture = VGroup(self.diagram, self.cost)
        if network.layers[-1] <= 2:  # More desired outputs find no room between the neurons.
            self.picture.add(self.cost.targets)
        self.column = gradient_beside_last_layers(self.trace, self.notation)
        step = Descent.falling(self.example)
        assert step is not None
        self.step = step

    # -- the sheet ------------------------------------------------------------------------------------

    def the_formulas_forward(self) -> None:
        """z, a and C, each with its name, large; then as the left half of the sheet."""
        notation = self.notation
        definitions = [
            notation.definition(WeightedSum("l", "j")),
            notation.definition(Activation("l", "j")),
            notation.definition(Cost(), expanded=False),
        ]
        large, self.forward = self._stack(definitions, 57.6), self._line(definitions, 40.32, TOP)
        words = VGroup(
            *(Prose(word, font_size=32.64, color=theme.secondary) for word in ("weighted sum", "activation", "cost"))
        )
        for word, formula in zip(words, large, strict=True):
            word.on_baseline(formula.baseline).align_to([-2.6, 0, 0], RIGHT)
        with self.say(
            "You have seen all of it. Here it is on one sheet, for any layer. "
            "Forward: the weighted sum, the activation, and in the end the cost.",
            key="forward",
        ):
            self.add(self.diagram, self.cost, self.column)
            self.read()
            self.play(FadeOut(self.diagram, self.cost, self.column, shift=0.3 * DOWN), run_time=0.8, next_at=0.9)
            for word, formula in zip(words, large, strict=True):
                self.reach(f"the {word.string}")
                self.play(FadeIn(word, formula, shift=0.15 * DOWN), run_time=1.0)
        moves = list(zip(large, self.forward, strict=True))
        self.to_the_top = [FadeOut(words), *(Compose(new, [(old, new)], old=old) for old, new in moves)]

    @staticmethod
    def _stack(relations: Sequence[Relation], font_size: float) -> VGroup:
        """Formulas one above the other in the middle of the stage, their signs in one column."""
        stack = VGroup()
        for relation, y in zip(relations, (1.6, -0.05, -1.7), strict=True):
            formula = Formula(relation, font_size=font_size).on_baseline(y)
            stack.add(formula.shift((-0.6 - formula.sign(0).get_x()) * RIGHT))
        return stack

    @staticmethod
    def _line(relations: Sequence[Relation], font_size: float, y: float) -> VGroup:
        """Formulas side by side, on a common baseline, over the width of the stage."""
        line = VGroup(*(Formula(relation, font_size=font_size).on_baseline(0) for relation in relations))
        gap = 0.8
        scale = (theme.stage.width - 0.04 - gap * (len(relations) - 1)) / sum(formula.width for formula in line)
        for formula in line:
            formula.scale(min(1.0, scale))
        line.arrange(RIGHT, buff=gap)
        for formula in line:
            formula.on_baseline(y)
        return line.set_x(0)

    def the_formulas_backward(self) -> None:
        """A weight's and a bias's derivative, by that of their neuron: the right half of the sheet."""
        derivatives = CostDerivatives(self.notation)
        self.w, self.b = Weight("l", "j", "k"), Bias("l", "j")
        z, a = WeightedSum("l", "j"), Activation("l", "j")
        relations = [derivatives.formulas(self.w), derivatives.formulas(self.b)]
        self.large, self.backward = self._line(relations, 50.88, -0.75), self._line(relations, 44.16, MIDDLE)
        self.cases = Formula(derivatives.cases(a), font_size=43.2).fit(theme.stage.width)
        self.cases.set_x(0).align_to([0, -2.72, 0], DOWN)
        weight, bias = self.large
        rule = Line(
            [theme.safe.left + 0.05, RULE, 0], [theme.safe.right - 0.05, RULE, 0], stroke_width=2, color=theme.line
        )
        self.sheet = VGroup(self.forward, rule, *self.backward, self.cases)
        with self.say(
            "Backward, for a weight: the activation behind it, the slope, and the derivative of its neuron. "
            "For a bias the first factor is 1.",
            key="backward",
        ):
            self.play(*self.to_the_top, run_time=1.4)
            self.play(Create(rule), Dim(self.forward), run_time=0.8)
            self.play(FadeIn(weight, shift=0.15 * DOWN))
            for of, wrt in ((z, self.w), (a, z), (Cost(), a)):
                self.play(Underscore(weight.factor(of, wrt, side=1)), run_time=1.2)
            self.read()
            self.play(FadeIn(bias, shift=0.15 * DOWN))
            self.play(Underscore(bias.factor(z, self.b, side=1)))

    def the_two_cases(self) -> None:
        """A neuron's derivative: from the cost in the last layer, from the next layer's neurons in any other."""
        with self.say(
            "For an activation there are two cases. In the last layer, the cost's own formula gives it. "
            "In any other layer, it is a sum over the neurons that come next.",
            key="cases",
        ):
            moves = zip(self.large, self.backward, strict=True)
            self.play(*(Compose(new, [(old, new)], old=old) for old, new in moves), run_time=1.0)
            self.play(Dim(*self.backward), FadeIn(self.cases, shift=0.15 * DOWN))
            self.read()
            self.play(Underscore(self.cases.term("last")), run_time=2.0)
            self.read()
            within = list(self.cases.term("summand"))
            sign = VGroup(*(glyph for glyph in self.cases.term("sum") if glyph not in within))
            self.play(Underscore(sign), run_time=2.0)
            self.play(Undim(self.forward, *self.backward))

    # -- the step -------------------------------------------------------------------------------------

    def the_gradient(self) -> None:
        """From the last layer to the first, the column fills."""
        parameters = self.example.network.parameters
        with self.say(
            f"With these formulas, layer by layer, you get all {len(parameters):,} numbers of the gradient.",
            key="gradient",
        ):
            self.play(FadeOut(self.sheet, shift=0.3 * UP), FadeIn(self.picture, self.column, shift=0.3 * UP))
            for layer in reversed(self.layers):
                found = [self.column.value(q) for q in self.column.shown if self._pulsed(q) == layer]
                self.play(self.diagram.pulse(layer, backward=True), *map(_shine, found), run_time=1.6)

    def _pulsed(self, parameter: Quantity) -> int:
        """The layer with whose light a parameter's entry comes: its own, or the first one drawn."""
        return max(self.layers.start, parameter.layer)  # type: ignore[attr-defined]

    def a_step_against_it(self) -> None:
        """The same numbers with the other sign: what each parameter is moved by."""
        self.table = table = DescentTable(self.step, self.notation, first=3, last=2, font_size=44.16, v_buff=0.82)
        table.scale(min(1.0, 6.9 / table.width)).set_y(0.1).align_to([theme.safe.right - 0.05, 0, 0], RIGHT)
        room = table.get_left()[0] - 0.5 - theme.safe.left
        shown = list(table.rows)
        span = nice_span(self.step.before.cost, self.step.after.cost)
        symbol = self.notation.symbol(Cost())
        # The change is no small one: Δ, not ∂.
        change = Product((Glyph("Delta"), symbol))
        self.gauge = Gauge(self.step.before, self.notation, Cost(), span=span, width=room - 2.6, change_name=change)
        self.gauge.shift([theme.safe.left + 0.05 - self.gauge.get_left()[0], -2.3 - self.gauge.line.get_y(), 0])
        shine = [_shine(self.column.value(q)) for q in shown]
        rate = self.step.rate
        times = "" if rate == 1 else f", times {Number(rate, fewest_decimals(rate, 1, 6)).text()}"
        with self.say(
            "The gradient says which way the cost grows. "
            f"So take it with its sign reversed{times}, and add it to the weights and biases.",
            key="step",
        ):
            self.play(LaggedStart(*shine, lag_ratio=0.3), run_time=2.4)
            self.read()
            self.play(FadeOut(self.cost), FadeIn(self.gauge), run_time=0.9)
            scale = min((room - 0.1) / self._network().width, 4.0 / self._network().height)
            place = (theme.safe.left + 0.05 + room / 2) * RIGHT + 0.75 * UP
            self.play(self._scaled(scale, place - self._network().get_center()))
            before = VGroup(*(VGroup(table.symbol(q), table.before(q)) for q in shown), table.header[0], table.dots[:2])
            changes = VGroup(*(table.change(q) for q in shown), table.header[1], table.dots[2:3])
            moves = [(self.column.value(q), table.change(q)) for q in shown]
            self.play(Compose(changes, moves, old=self.column), FadeIn(before, shift=0.1 * RIGHT), run_time=1.4)

    def _network(self) -> VGroup:
        """The picture without the cost."""
        return VGroup(*(part for part in self.picture if part is not self.cost))

    def _scaled(self, scale: float, shift: Vector3D) -> Any:
        """The network grows about its middle and moves; the cost, on the screen or not, comes along at once."""
        network = self._network()
        centre = network.get_center()
        self.cost.scale(scale, about_point=centre).shift(shift)
        return network.animate.scale(scale, about_point=centre).shift(shift)

    def the_cost_falls(self) -> None:
        """All parameters move at once; everything is calculated anew."""
        step, table = self.step, self.table
        start, end = step.before.cost, step.after.cost
        # So many decimals that the two differ; a step that lowers the cost by a tenth shows it in its second digit.
        decimals = max(2, 1 - math.floor(math.log10(max(start, 1e-12))))
        fall = f"from {self.shown(start, decimals)} to {self.shown(end, decimals)}"
        with self.say(
            f"All of them at once. Run the network again, and the cost falls {fall}.",
            key="falls",
        ):
            come = [FadeIn(table.after(q), shift=0.1 * RIGHT) for q in table.rows]
            self.play(*come, FadeIn(table.header[2], table.dots[3:]), run_time=1.4)
            self.remove(*table)
            self.add(table)
            self.gauge.mark()
            self.read()
            shine = [_shine(table.change(q)) for q in table.rows]
            self.play(Descend(step, [table, self.diagram, self.gauge], run_time=3.2), *shine)

    # -- training -------------------------------------------------------------------------------------

    def many_steps(self) -> None:
        """The same over all training examples, again and again."""
        run = TrainingRun.of(self.example)
        board = TrainingBoard(run)
        names = Naming(self.example)
        thing = f"{names.thing}s" if run.count != 1 else names.thing
        right = [run.right(step) for step in (0, len(run))]
        dots = "Every dot is one of them, and the shading is the network's answer. " if board.in_the_plane else ""
        before = f"At first {right[0]} of {run.count} are right. " if right[0] is not None else ""
        after = (
            f"{right[1]} of {run.count} are right"
            if right[1] is not None
            else f"the cost is {brief(float(run.costs[-1]))}"
        )
        with self.say(
            f"One step is a beginning. Take many, for all {run.count} {thing}. {dots}{before}"
            f"Each step goes a little way downhill, and after {len(run)} steps {after}.",
            key="training",
        ):
            self.reach("Take many")
            self.play(FadeOut(self._network(), self.table, self.gauge), run_time=0.6)
            self.play(FadeIn(board.left), FadeIn(board.curve.frame), run_time=1.0)
            if dots:
                self.reach("Every dot")
                some = board.left.dots[:: max(1, run.count // 24)]
                shown = (Indicate(dot, scale_factor=1.5, color=None) for dot in some)
                self.play(LaggedStart(*shown, lag_ratio=0.08), run_time=1.8)
            if before:
                self.reach(before.strip())
            self.play(FadeIn(board.curve.dot, board.curve.readout), run_time=0.8)
            self.reach("Each step goes")
            self.add(board)
            self.play(board.train(run_time=max(5.0, self.seconds_left)))
        self.rest(0.8)
        self.board = board

    def the_question_of_the_opening(self) -> None:
        """The first example runs through its network again, which has been trained."""
        own = self.example.to_toml() == load_example(self.example_name).to_toml()
        answered = AnsweredQuestion(TrainingRun.of(load_example(OPENING), 300, 1.0) if own else self.board.run)
        diagram = answered.diagram
        with self.say(
            f"And the {answered.names.thing} from the beginning? Its network has been trained the same way. "
            f"{answered.words}",
            key="answer",
        ):
            self.play(FadeOut(self.board), run_time=0.6)
            self.play(FadeIn(answered.all), run_time=0.9)
            self.reach("Its network has been trained")
            for layer in diagram.layers:
                light = [diagram.pulse(layer)] if layer else []
                self.play(*light, *diagram.reveal(layer, answered.trace), run_time=0.9)
            self.read()
            self.play(answered.train(run_time=2.0))
        self.play(FadeOut(answered.all), run_time=0.7)

    # -- the idea -------------------------------------------------------------------------------------

    def a_chain_of_dependencies(self) -> None:
        """Along a path the sensitivities multiply, where paths meet they add."""
        stage = [self.diagram, self.cost]
        one, several = self._paths()
        idea = Formula(CostDerivatives(self.notation).formulas(Activation("l", "j")), font_size=43.2)
        idea.move_to([0, -2.26, 0])
        along = idea.term("summand")
        total = [glyph for glyph in idea.term("sum") if glyph not in list(along)]
        with self.say(
            "Take this with you: every number depends on the numbers before it. "
            "Along a path, the sensitivities multiply. "
            "Where paths meet, they add. "
            "Follow them back from the cost, and you know what every weight and every bias does to it. "
            "The thicker the line, the more the cost reacts.",
            key="take-away",
        ):
            self._take_the_stage()
            for layer in self.layers:
                self.play(self.diagram.pulse(layer), run_time=0.9)
            self.read()
            self.play(Light(stage, one), FadeIn(idea, shift=0.15 * UP))
            self.play(travelling_light(one), Underscore(along))
            self.read()
            self.play(Light(stage, [part for path in several for part in path]))
            self.play(*(travelling_light(path, backward=True) for path in several), Underscore(VGroup(*total)))
            self.read()
            self.play(Unlight(*stage))
            drawn = self.diagram.weights
            after = self.step.after
            # As wide as the derivative is large; dashed, as everywhere, where the weight is negative.
            sizes = {q: math.copysign(after.derivative(q), after.value(q)) for q in drawn}
            lights = self.diagram.edges_by(sizes, color=theme.highlight)
            for edge in lights.values():
                edge.set_stroke(width=1.5 * self.diagram[-1].circle.width * edge.get_stroke_width())
            self.reach("and you know")
            for layer in reversed(self.layers):
                if layer == self.layers[0]:
                    self.read()
                self._show_sensitivities(layer, lights)
            # The last picture moves.
            for layer in reversed(self.layers):
                self.play(self.diagram.pulse(layer, backward=True), run_time=1.2)
        self.rest(1.0)

    def _take_the_stage(self) -> None:
        """The whole network again, with the cost."""
        self.picture.scale(min(10.6 / self.picture.width, 3.9 / self.picture.height)).move_to(0.92 * UP)
        self.play(FadeIn(self.picture), run_time=1.0)
        # Their rings will be wider than the room that the desired outputs leave.
        self.bring_to_front(*self.diagram.layer(self.example.network.L))

    def _show_sensitivities(self, layer: int, lights: dict[Weight, Line]) -> None:
        """Light runs back through a layer; its edges and rings become as strong as the derivatives found there."""
        trace, last = self.step.after, layer == self.example.network.L
        neurons: list[Neuron] = list(self.diagram.layer(layer))
        strength = [abs(trace.derivative(Bias(layer, neuron.quantity.j))) for neuron in neurons]
        most = max(strength) or 1.0
        wide = 9 * neurons[0].circle.width / 2
        rings = [(neuron.circle, 2.5 + wide * part / most) for neuron, part in zip(neurons, strength, strict=True)]
        rings += [(self.cost.edge(neuron.quantity.j), wide) for neuron in neurons if last]
        self.play(
            self.diagram.pulse(layer, backward=True),
            FadeOut(self.diagram.edges(layer)),
            FadeIn(VGroup(*(edge for weight, edge in lights.items() if weight.layer == layer))),
            *(part.animate.set_stroke(theme.highlight, width) for part, width in rings),
            run_time=1.4,
        )

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


def _shine(value: Formula) -> Any:
    """A number lights up and goes out again."""
    return value.animate(rate_func=there_and_back).set_color(theme.highlight)
