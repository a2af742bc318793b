"""Chapter 7, recap: the formulas on one sheet, one step of gradient descent, and what to take away."""

from __future__ import annotations

from typing import Any

from manim import DOWN, RIGHT, UP, Create, FadeIn, FadeOut, Indicate, LaggedStart, MoveToTarget, VGroup, there_and_back
from manim.typing import Vector3D

from backprop_film.kit import (
    Chapter,
    Compose,
    Descend,
    Dim,
    Formula,
    Light,
    Underscore,
    Undim,
    Unlight,
    theme,
    travelling_light,
)
from backprop_film.sets import (
    AnsweredQuestion,
    FormulaSheet,
    GradientStep,
    LastLayersLayout,
    SensitivityLights,
    SheetNetwork,
    TrainingBoard,
    TrainingWords,
    gradient_beside_last_layers,
    same_example,
)
from backprop_math import Descent, Quantity, TrainingRun, load_example

#: The example of the first chapter, whose question is answered.
OPENING = "introduction"


class Recap(Chapter):
    """Any layer's formulas; the whole gradient and a step against it, which makes the cost fall; the idea behind it."""

    title = "Recap"
    example_name = "two_outputs"

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
        """The last three layers and the gradient, where chapter 6 leaves them; the sheet; the step, if there is one."""
        network = self.example.network
        self.layers = range(max(0, network.L - 2) + 1, network.L + 1)
        place = LastLayersLayout(self.trace, self.notation)
        self.diagram, self.cost = place.diagram.show(self.trace), place.cost
        self.picture = VGroup(self.diagram, self.cost)
        if network.layers[-1] <= 2:  # More desired outputs find no room between the neurons.
            self.picture.add(self.cost.targets)
        self.column = gradient_beside_last_layers(self.trace, self.notation)
        self.sheet, self.small = FormulaSheet(self.notation), SheetNetwork(self.trace, self.notation)
        descent = Descent.falling(self.example)
        self.step = GradientStep(descent, self.notation) if descent else None
        after = descent.after if descent else self.trace
        self.lights = SensitivityLights(self.diagram, self.cost, after)

    # -- the sheet ------------------------------------------------------------------------------------

    def the_formulas_forward(self) -> None:
        """z, a and C, each with its name, large; then as the left half of the sheet."""
        sheet, small = self.sheet, self.small
        *words, last = sheet.words
        lists = f"{', '.join(words)}, which mixes a layer's sums," if sheet.mixed else f"{', '.join(words)},"
        with self.say(
            f"You have seen all of it. Here it is on one sheet, for any layer. Forward: {lists} and in the end {last}.",
            key="forward",
        ):
            self.add(self.diagram, self.cost, self.column)
            self.read()
            large = VGroup(self.diagram, self.cost)
            self.play(FadeOut(self.column, shift=0.3 * DOWN), run_time=0.6)
            self.play(Compose(self.small, small.pairs(self.diagram), old=large), run_time=1.2, next_at=0.9)
            lit = [small.weighted_sum, [small.neuron], *([small.outputs] if sheet.mixed else []), small.cost_edges]
            for word, name, formula, parts in zip(sheet.words, sheet.names, sheet.definitions, lit, strict=True):
                self.reach(word)
                self.play(FadeIn(name, formula, shift=0.15 * DOWN), small.lights(parts), run_time=1.2)

    def the_formulas_backward(self) -> None:
        """A weight's and a bias's derivative, by that of their neuron: the right half of the sheet."""
        sheet, small = self.sheet, self.small
        weight, bias = sheet.large
        words = (
            "Backward, for a weight: the activation behind it, the slope, and the derivative of its neuron. "
            "For a bias the first factor is 1."
        )
        if sheet.mixed:
            words = (
                "Backward, for a weight: the activation behind it, and δ, how the cost reacts to its neuron's "
                "weighted sum. For a bias it is δ alone."
            )
        with self.say(words, key="backward"):
            self.play(*sheet.to_the_top(), run_time=1.4)
            self.play(Create(sheet.rule), Dim(sheet.forward), run_time=0.8)
            self.play(FadeIn(weight, shift=0.15 * DOWN))
            for factor, part in zip(sheet.factors, (small.behind, small.neuron, small.reacts), strict=False):
                self.play(Underscore(factor), small.lights([part]), run_time=1.2)
            self.read()
            self.play(FadeIn(bias, shift=0.15 * DOWN))
            self.play(Underscore(sheet.first_of_the_bias), small.lights([small.neuron]))

    def the_two_cases(self) -> None:
        """What a neuron passes on: in the last layer from the cost, in any other from the next layer's neurons."""
        sheet, small = self.sheet, self.small
        words = (
            "For an activation there are two cases. In the last layer, the cost's own formula gives it. "
            "In any other layer, it is a sum over the neurons that come next."
        )
        if sheet.mixed:
            words = (
                "With softmax, every output depends on every weighted sum. "
                f"In the last layer, {sheet.last_case}. "
                "In any other layer, it is the slope times a sum over the neurons that come next."
            )
        with self.say(words, key="cases"):
            self.play(*sheet.to_the_middle(), run_time=1.0)
            self.play(Dim(*sheet.backward), FadeIn(sheet.cases, shift=0.15 * DOWN))
            self.read()
            self.play(Underscore(sheet.cases.term("last")), small.lights([small.reacts]), run_time=2.0)
            self.read()
            self.play(Underscore(sheet.sign_of(sheet.cases)), small.lights(small.feeds), run_time=2.0)
            self.play(Undim(sheet.forward, *sheet.backward))

    # -- the step -------------------------------------------------------------------------------------

    def the_gradient(self) -> None:
        """From the last layer to the first, the column fills."""
        parameters = self.example.network.parameters
        with self.say(
            f"With these formulas, layer by layer, you get all {len(parameters):,} numbers of the gradient.",
            key="gradient",
        ):
            back = [(small, large) for large, small in self.small.pairs(self.diagram)]
            self.play(FadeOut(self.sheet.all, shift=0.3 * UP), run_time=0.6)
            self.play(Compose(self.picture, back, old=self.small), run_time=1.1)
            self.play(FadeIn(self.column, shift=0.3 * UP), run_time=0.6)
            for layer in reversed(self.layers):
                found = [self.column.value(q) for q in self.column.shown if self._pulsed(q) == layer]
                self.play(self.diagram.pulse(layer, backward=True), *map(_shine, found), run_time=1.6)

    def _pulsed(self, parameter: Quantity) -> int:
        """The layer with whose light a parameter's entry comes: its own, or the first one drawn."""
        return max(self.layers.start, parameter.layer)  # type: ignore[attr-defined]

    def a_step_against_it(self) -> None:
        """The same numbers with the other sign: what each parameter is moved by."""
        step = self.step
        if step is None:
            self._nothing_to_gain()
            return
        with self.say(
            "The gradient says which way the cost grows. "
            f"So take it with its sign reversed{step.size_in_words}, and add it to the weights and biases.",
            key="step",
        ):
            self.play(LaggedStart(*(_shine(self.column.value(q)) for q in step.shown), lag_ratio=0.3), run_time=2.4)
            self.read()
            self.play(FadeOut(self.cost), FadeIn(step.gauge), run_time=0.9)
            scale = min((step.room - 0.1) / self._network().width, 4.0 / self._network().height)
            place = (theme.safe.left + 0.05 + step.room / 2) * RIGHT + 0.75 * UP
            self.play(self._scaled(scale, place - self._network().get_center()))
            moves = [(self.column.value(q), step.table.change(q)) for q in step.shown if self._same_digits(q)]
            self.reach("and add it")
            self.play(
                Compose(step.changes, moves, old=self.column), FadeIn(step.before, shift=0.1 * RIGHT), run_time=1.4
            )

    def _same_digits(self, quantity: Quantity) -> bool:
        """Whether an entry of the gradient and the change are one number but for the sign."""
        assert self.step is not None
        entry, change = (
            text.expression.text().lstrip("−")
            for text in (self.column.value(quantity), self.step.table.change(quantity))
        )
        return bool(entry == change)

    def _nothing_to_gain(self) -> None:
        """The gradient is 0: a sentence says what that means, and no step is taken."""
        done = "the cost is 0 already, and there is nothing left to gain"
        stuck = "the cost feels no small change of any weight, and the network cannot learn from this example"
        with self.say(f"Here the gradient is 0, or as good as 0: {stuck if self.trace.cost else done}.", key="step"):
            shine = (_shine(self.column.value(q)) for q in self.column.shown)
            self.play(LaggedStart(*shine, lag_ratio=0.3), run_time=2.4)
            self.reach("and the")
            for layer in reversed(self.layers):
                self.play(self.diagram.pulse(layer, backward=True), run_time=1.2)
        self.play(FadeOut(self.column, self.cost), run_time=0.8)

    def _network(self) -> VGroup:
        """The picture without the cost."""
        return VGroup(*(part for part in self.picture if part is not self.cost))

    def _scaled(self, scale: float, shift: Vector3D) -> Any:
        """The network grows about its middle and moves; the cost, on the screen or not, comes along at once."""
        network = self._network()
        centre = network.get_center()
        self.cost.scale(scale, about_point=centre).shift(shift)
        network.generate_target()
        network.target.scale(scale, about_point=centre).shift(shift)
        network.target[0].show(self.trace)  # the numbers keep clear of circles that become smaller
        return MoveToTarget(network)

    def the_cost_falls(self) -> None:
        """All parameters move at once; everything is calculated anew."""
        step = self.step
        if step is None:
            return
        with self.say(
            f"All of them at once. Run the network again, and the cost falls {step.fall_in_words}.", key="falls"
        ):
            self.play(FadeIn(step.afterwards, shift=0.1 * RIGHT), run_time=1.4)
            self.remove(*step.table)
            self.add(step.table)
            step.gauge.mark()
            self.read()
            shine = [_shine(step.table.change(q)) for q in step.shown]
            self.play(
                Descend(step.step, [step.table, self.diagram, step.gauge], run_time=max(3.2, self.seconds_left)), *shine
            )

    # -- training -------------------------------------------------------------------------------------

    def many_steps(self) -> None:
        """The same over all training examples, again and again."""
        board = TrainingBoard(TrainingRun.of(self.example))
        words = TrainingWords(board.run)
        dots = "Every dot is one of them, and the shading is the network's answer. " if board.in_the_plane else ""
        one = "One step is a beginning. Take many" if self.step else "Try many steps"
        with self.say(f"{one}{words.begins}. {dots}{words.before}{words.goes}", key="training"):
            self.reach(one.split(". ")[-1])
            self.play(FadeOut(self._network(), *self._of_the_step()), run_time=0.6)
            self.play(FadeIn(board.left), FadeIn(board.curve.frame), run_time=1.0)
            if dots:
                self.reach("Every dot")
                some = board.left.dots[:: max(1, board.run.count // 24)]
                shown = (Indicate(dot, scale_factor=1.5, color=None) for dot in some)
                self.play(LaggedStart(*shown, lag_ratio=0.08), run_time=1.8)
            if words.before:
                self.reach(words.before.strip())
            self.play(FadeIn(board.curve.dot, board.curve.readout), run_time=0.8)
            self.reach(words.goes.split(",")[0])
            self.add(board)
            self.play(board.train(run_time=max(5.0, self.seconds_left)))
        self.rest(0.8)
        self.board = board

    def _of_the_step(self) -> list[VGroup]:
        return [self.step.table, self.step.gauge] if self.step else []

    def the_question_of_the_opening(self) -> None:
        """The first example runs through its network again, which has been trained."""
        own = same_example(self.example, load_example(self.example_name))
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
            self.read()
            self.play(answered.judged(), run_time=1.0)
        self.play(FadeOut(answered.all), run_time=0.7)

    # -- the idea -------------------------------------------------------------------------------------

    def a_chain_of_dependencies(self) -> None:
        """Along a path the sensitivities multiply, where paths meet they add."""
        stage, lights, idea = [self.diagram, self.cost], self.lights, self.sheet.idea
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
            self.play(Light(stage, lights.one), FadeIn(idea, shift=0.15 * UP))
            self.play(travelling_light(lights.one), Underscore(idea.term("summand")))
            self.read()
            self.play(Light(stage, [part for path in lights.several for part in path]))
            back = (travelling_light(path, backward=True) for path in lights.several)
            self.play(*back, Underscore(self.sheet.sign_of(idea)))
            self.read()
            self.play(Unlight(*stage))
            self.reach("and you know")
            for layer in reversed(self.layers):
                if layer == self.layers[0] and len(self.layers) > 1:
                    self.read()
                self.play(*lights.show(layer), run_time=1.4)
            if len(self.layers) == 1:
                self.read()
            # The last picture moves.
            for layer in reversed(self.layers):
                self.play(self.diagram.pulse(layer, backward=True), run_time=1.2)
        self.rest(1.0)

    def _take_the_stage(self) -> None:
        """The whole network again, with the cost."""
        self.picture.scale(min(10.6 / self.picture.width, 3.9 / self.picture.height)).move_to(0.92 * UP)
        outputs = self.diagram.layer(self.example.network.L)
        for neuron in outputs:  # Their rings will be wider.
            target = self.cost.desired(neuron.quantity.j)
            target.shift((0.08 if target.get_y() > neuron.get_y() else -0.08) * UP)
        self.play(FadeIn(self.picture), run_time=1.0)
        self.bring_to_front(*outputs)


def _shine(value: Formula) -> Any:
    """A number lights up and goes out again."""
    return value.animate(rate_func=there_and_back).set_color(theme.highlight)
