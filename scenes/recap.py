"""Chapter 7, recap: the formulas on one sheet, one step of gradient descent, and what to take away."""

from __future__ import annotations

from typing import Any

from manim import DOWN, RIGHT, UP, Create, FadeIn, FadeOut, Indicate, LaggedStart, MoveToTarget, VGroup, there_and_back
from manim.typing import Vector3D

from backprop_film.kit import (
    Chapter,
    Compose,
    CostNode,
    Descend,
    Dim,
    Formula,
    Naming,
    Underscore,
    Undim,
    seen,
    theme,
    travelling_light,
)
from backprop_film.sets import (
    AnsweredQuestion,
    DecisionPlane,
    FormulaSheet,
    GradientStep,
    LastLayersLayout,
    SensitivityLights,
    SheetNetwork,
    TrainingBoard,
    TrainingWords,
    counted,
    gradient_beside_last_layers,
    step_size,
    told_apart,
)
from backprop_math import Descent, Example, Notation, Quantity, TrainingRun, load_example

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
        """The last three layers where chapter 6 leaves them; the sheet, the gradient; the step, if there is one."""
        network = self.example.network
        self.layers = range(max(0, network.L - 2) + 1, network.L + 1)
        place = LastLayersLayout(self.trace, self.notation)
        self.diagram, self.cost = place.diagram.show(self.trace), place.cost
        self.picture = VGroup(self.diagram, self.cost)
        neurons = [neuron for layer in self.diagram.layers for neuron in self.diagram.layer(layer)]
        self.numbers = VGroup(*(neuron.number for neuron in neurons))
        edges = (self.diagram.edges(layer) for layer in self.layers)
        circles = (neuron.circle for neuron in neurons)
        self.bare = VGroup(*edges, self.diagram.ellipses, *circles, self.cost)
        if network.layers[-1] <= 2:  # More desired outputs find no room between the neurons.
            self.picture.add(self.cost.targets)
        self.column = gradient_beside_last_layers(self.trace, self.notation)
        self.sheet, self.small = FormulaSheet(self.notation), SheetNetwork(self.trace, self.notation)
        descent = Descent.falling(self.example)
        self.step = GradientStep(descent, self.notation) if descent else None

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
            self.add(self.diagram, self.cost)
            self.play(*(self.diagram.pulse(layer, backward=True) for layer in self.layers), run_time=1.2)
            self.read()
            self.play(FadeOut(self.numbers), run_time=0.4)
            self.play(Compose(small, small.pairs(self.diagram, self.cost), old=self.bare), run_time=1.2, next_at=0.9)
            lit = [small.weighted_sum, [small.neuron], *([small.outputs] if sheet.mixed else []), small.cost_edges]
            for word, name, formula, parts in zip(sheet.words, sheet.names, sheet.definitions, lit, strict=True):
                self.reach(word)
                self.play(FadeIn(name, formula, shift=0.15 * DOWN), small.lights(parts), run_time=1.2)

    def the_formulas_backward(self) -> None:
        """A weight's and a bias's derivative, by that of their neuron: the right half of the sheet."""
        sheet, small = self.sheet, self.small
        weight, bias = sheet.large
        words = (
            "Then backward. For a weight, multiply the activation behind it, the slope, and the number that its neuron "
            "carries. "
            "For a bias the first factor is 1."
        )
        if sheet.mixed:
            words = (
                "Then backward. For a weight, multiply the activation behind it and δ, how the cost reacts to its "
                "neuron's weighted sum. For a bias it is δ alone."
            )
        with self.say(words, key="backward"):
            self.play(*sheet.to_the_top(), run_time=1.2)
            self.play(Create(sheet.rule), Dim(sheet.forward), run_time=0.6)
            self.read()
            self.play(FadeIn(weight, shift=0.15 * DOWN), run_time=0.7)
            cues = (
                ("the activation behind", "and δ") if sheet.mixed else ("the activation behind", "the slope", "and the")
            )
            parts = (small.behind, small.neuron, small.reacts)
            for cue, factor, part in zip(cues, sheet.factors, parts, strict=False):
                self.reach(cue)
                self.play(Underscore(factor), small.lights([part]), run_time=1.0)
            self.read()
            self.play(FadeIn(bias, shift=0.15 * DOWN))
            self.play(Underscore(sheet.first_of_the_bias), small.lights([small.neuron]))

    def the_two_cases(self) -> None:
        """What a neuron passes on: in the last layer from the cost, in any other from the next layer's neurons."""
        sheet, small = self.sheet, self.small
        words = (
            "For an activation there are two cases. In the last layer, it comes straight from the cost. "
            "In any other layer, let i count the neurons that come next, and take the sum over them."
        )
        if sheet.mixed:
            words = (
                "With softmax, every output depends on every weighted sum. "
                f"In the last layer, {sheet.last_case}. "
                "In any other layer, let i count the neurons that come next: it is the slope times a sum over them."
            )
        with self.say(words, key="cases"):
            self.play(*sheet.to_the_middle(), run_time=1.0)
            second = sheet.second_case
            first = VGroup(*(glyph for glyph in sheet.cases if glyph not in list(second)))
            self.play(Dim(*sheet.backward), FadeIn(first, shift=0.15 * DOWN))
            self.read()
            self.play(Underscore(sheet.cases.term("last")), small.lights([small.reacts]), run_time=2.0)
            self.reach("let i count")
            self.play(FadeIn(small.letters), small.lights(small.outputs), run_time=1.2)
            if len(second):
                self.play(FadeIn(second, shift=0.15 * DOWN), run_time=0.8)
            self.settle(sheet.cases)
            self.reach("sum over")
            self.play(Underscore(sheet.sign_of(sheet.cases)), small.lights(small.feeds), run_time=1.6)
            self.play(Undim(sheet.forward, *sheet.backward), FadeOut(small.letters))

    # -- the step -------------------------------------------------------------------------------------

    def the_gradient(self) -> None:
        """From the last layer to the first, the column fills."""
        parameters = self.example.network.parameters
        with self.say(
            f"With these formulas, layer by layer, you get all {len(parameters):,} numbers of the gradient.",
            key="gradient",
        ):
            back = [(small, large) for large, small in self.small.pairs(self.diagram, self.cost)]
            self.play(FadeOut(self.sheet.all, shift=0.3 * UP), run_time=0.6)
            self.play(Compose(self.bare, back, old=self.small), run_time=1.1)
            self.play(FadeIn(self.numbers, *self.picture[2:], self.column), run_time=0.6)
            self.settle(self.picture)
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
            "The gradient says which way the cost grows. So go the other way: "
            f"take it with its sign reversed, a step of size {step_size(step.step.rate)}, "
            "and add it to the weights and biases.",
            key="step",
        ):
            self.play(LaggedStart(*(_shine(self.column.value(q)) for q in step.shown), lag_ratio=0.3), run_time=2.4)
            self.read()
            entries = VGroup(*(self.column.value(q) for q in step.shown))
            others = VGroup(
                *(part for part in self.column.family_members_with_points() if part not in _glyphs(entries))
            )
            self.play(FadeOut(self.cost, others), run_time=0.7)
            scale = min((step.room - 0.1) / self._network().width, 3.95 / self._network().height)
            place = (theme.safe.left + 0.05 + step.room / 2) * RIGHT + 1.05 * UP
            self.play(self._scaled(scale, place - self._network().get_center()), run_time=0.9)
            # The digits travel, the signs are exchanged.
            same = [q for q in step.shown if self._same_digits(q)]
            moves = [tuple(_digits(of(q)) for of in (self.column.value, step.table.change)) for q in same]
            self.play(Compose(step.changes, moves, old=entries), run_time=1.2)
            self.reach("and add it")
            self.play(FadeIn(step.before, shift=0.1 * RIGHT), FadeIn(step.gauge), run_time=1.2)

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
        self.board = board = TrainingBoard(TrainingRun.of(self.example))
        words, curve, thing = TrainingWords(board.run), board.curve, Naming(self.example).thing
        one = f"That was one step{f', for one {thing}' if board.run.count > 1 else ''}. Now start again, and "
        if self.step is None:
            one = "Now "
        dots = red = ""
        if board.in_the_plane:
            filled, ring = told_apart(board.run)
            dots = (
                f"Every dot is one of them: filled for {filled}, a ring for {ring}. "
                f"The shading is the network's answer, gold for {filled}, blue for {ring}. "
            )
            if words.wrong_at_first:
                red = "The others are red. "
        with self.say(f"{one}{words.begins}. {dots}{words.before}{red}{words.goes}{words.ends}", key="training"):
            if self.step:
                self.reach("start again")
                self.play(FadeOut(self.step.table, self.step.gauge), run_time=0.7)
            self.reach(words.begins)
            if board.in_the_plane:
                self._into_the_plane(board.left)
            else:
                self.play(FadeOut(self._network()), run_time=0.6)
                self.play(FadeIn(board.left), run_time=0.8)
            if words.before:
                self.reach(words.before.strip())
            self.play(FadeIn(curve.frame), FadeIn(curve.ring, curve.dot, curve.says), run_time=1.0)
            if red:
                self.reach(red.strip())
                self.play(board.left.judge(), run_time=1.0)
            self.reach(words.goes.split(",")[0].strip())
            self.add(board)
            self.play(board.train(run_time=max(6.0, self.seconds_left)))
            if words.ends:
                self.reach(words.ends)
                self.play(Indicate(curve.says[-1], scale_factor=1.15, color=theme.highlight), run_time=1.2)
        self.rest(0.8)

    def _into_the_plane(self, plane: DecisionPlane) -> None:
        """The example becomes a dot among all the others; then the shading comes, and the line."""
        example = self.example
        own = plane.dot_at(example.inputs[0] if example.data is None else _first_row(example.input_measured))
        self.play(FadeOut(self._network(), target_position=own, scale=0.05), run_time=1.0)
        self.add(own)
        self.play(FadeIn(plane.axes, *plane.names), run_time=0.8)
        self.read()
        self.play(plane.pop(first=True, but=own, run_time=2.4))
        self.reach("a ring for")
        self.play(plane.pop(first=False, but=own))
        self.read()
        self.bring_to_back(*seen(plane.start, plane.line))
        self.bring_to_back(plane.field)
        self.play(*(FadeIn(part) for part in (plane.field, *seen(plane.start, plane.line))), run_time=2.0)
        self.add(plane)

    # -- the answer -----------------------------------------------------------------------------------

    def the_question_of_the_opening(self) -> None:
        """The first example runs through its network again, which has been trained."""
        own = self.example.same_as(load_example(self.example_name))
        run = TrainingRun.of(load_example(OPENING), 300, 1.0) if own else self.board.run
        self.answered = answered = AnsweredQuestion(run)
        thing = answered.names.thing
        trained = "These steps have trained it."
        if own:
            trained = f"It has been trained the same way, in {counted(len(run), 'steps')}."
        with self.say(
            f"And the {thing} from the beginning? {answered.at_first} {trained} "
            f"Run the {thing} through it again. {answered.now} {answered.verdict}",
            key="answer",
        ):
            if answered.bird and own and self.board.in_the_plane:
                place = self._measured_alike(run.example)
                dot = self.board.left.dot_at(place)
                bird = FadeIn(answered.bird, target_position=dot, scale=0.05)
                self.play(FadeOut(self.board), bird, run_time=1.2)
            else:
                self.play(FadeOut(self.board), run_time=0.6)
            first = VGroup(*seen(answered.bird)) if answered.bird not in self.mobjects else VGroup()
            self.play(FadeIn(answered.untrained, answered.lines, *first), run_time=0.9)
            self.reach("At first")
            self.play(FadeIn(answered.rings), run_time=0.8)
            for neuron, said in answered.one_by_one(answered.untrained, answered.before):
                self.reach(said)
                self.play(neuron.glow(), run_time=1.2)
            self.reach(trained)
            self.play(*answered.retrain(), run_time=max(1.6, self.seconds_left))
            self.remove(answered.untrained, *answered.diagram)
            self.add(answered.diagram)
            self.reach("Run the")
            for layer in answered.diagram.layers:
                light = [answered.diagram.pulse(layer)] if layer else []
                self.play(*light, *answered.diagram.reveal(layer, answered.trace), run_time=0.8)
            self.reach("Now ")
            self.play(answered.train(run_time=2.0))
            for neuron, said in answered.one_by_one(answered.diagram, answered.trace)[1:]:
                self.reach(said)
                self.play(neuron.glow(), run_time=1.0)
            self.reach(answered.verdict)
            self.play(answered.judged(), run_time=1.0)

    def _measured_alike(self, other: Example) -> Any:
        """What was measured of another example's first one, for the inputs of this one; `None` if it was not all."""
        names = other.input_names
        if other.input_measured is None or not set(self.example.input_names) <= set(names):
            return None
        return other.input_measured[0][[names.index(name) for name in self.example.input_names]]

    # -- the idea -------------------------------------------------------------------------------------

    def a_chain_of_dependencies(self) -> None:
        """Along a path the sensitivities multiply, where paths meet they add."""
        answered = self.answered
        diagram, network = answered.diagram, answered.run.example.network
        cost = CostNode(answered.trace, Notation(network), diagram, buff=1.0)
        lights = SensitivityLights(diagram, cost, answered.trace)
        with self.say(
            "Take this with you: every number depends on the numbers before it. "
            "Follow them back from the cost, and you know what every weight and every bias does to it. "
            "Lines are weights, rings are biases: the thicker, the more the cost reacts. "
            "Raise a red one, and the cost rises; raise a violet one, and it falls. "
            "Along a path, sensitivities multiply. "
            "Where paths meet, they add.",
            key="take-away",
        ):
            self.play(FadeOut(answered.lines, answered.rings), run_time=0.6)
            self.play(FadeIn(cost), run_time=0.6)
            for layer in diagram.layers[1:]:
                self.play(diagram.pulse(layer), run_time=0.8)
            self.reach("Follow them back")
            for layer in reversed(diagram.layers[1:]):
                self.play(*lights.show(layer), run_time=1.4)
            self.reach("Lines are weights")
            for layer in reversed(diagram.layers[1:]):
                self.play(diagram.pulse(layer, backward=True), run_time=0.9)
            self.reach("Raise a red")
            red, violet = lights.legend
            self.play(FadeIn(red, shift=0.1 * UP), run_time=0.8)
            self.reach("raise a violet")
            self.play(FadeIn(violet, shift=0.1 * UP), run_time=0.8)
            self.reach("Along a path")
            self.play(travelling_light(lights.one, backward=True, seconds=0.7, color=theme.ink))
            self.reach("Where paths meet")
            back = [travelling_light(path, backward=True, seconds=0.7, color=theme.ink) for path in lights.several]
            self.play(*back)
            if diagram.draws(lights.meeting):
                self.play(diagram.neuron(lights.meeting.layer, lights.meeting.j).glow(), run_time=1.0)
        self.rest(2.0)


def _first_row(rows: Any) -> Any:
    return None if rows is None else rows[0]


def _glyphs(texts: VGroup) -> list[Any]:
    return list(texts.family_members_with_points())


def _digits(number: Formula) -> VGroup:
    """The glyphs of a number, without its sign."""
    return VGroup(*number[number.expression.text().startswith("−") :])


def _shine(value: Formula) -> Any:
    """A number lights up and goes out again."""
    return value.animate(rate_func=there_and_back).set_color(theme.highlight)
