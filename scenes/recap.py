"""Chapter 7, recap: the formulas on one sheet, one step of gradient descent, and what to take away."""

from __future__ import annotations

from typing import Any

from manim import DOWN, RIGHT, UP, Create, FadeIn, FadeOut, LaggedStart, MoveToTarget, VGroup, there_and_back
from manim.typing import Vector3D

from backprop_film.kit import (
    Compose,
    CostNode,
    Descend,
    Dim,
    Formula,
    Light,
    Underscore,
    Undim,
    theme,
)
from backprop_film.sets import (
    FormulaSheet,
    GradientStep,
    LastLayersLayout,
    SensitivityLights,
    SheetNetwork,
    TrainingChapter,
    gradient_beside_last_layers,
    step_size,
)
from backprop_math import Descent, Notation, Quantity


class Recap(TrainingChapter):
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
        self.many_steps(self._network())
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
            self.play(*(self.diagram.pulse(layer, backward=True) for layer in self.layers), run_time=0.8)
            self.play(FadeOut(self.numbers), run_time=0.4)
            self.play(Compose(small, small.pairs(self.diagram, self.cost), old=self.bare), run_time=1.0)
            self.read()
            self.play(LaggedStart(*(FadeIn(name, shift=0.15 * RIGHT) for name in sheet.names), lag_ratio=0.5))
            lit = [small.weighted_sum, [small.neuron], *([small.outputs] if sheet.mixed else []), small.cost_edges]
            for word, name, formula, parts in zip(sheet.words, sheet.names, sheet.definitions, lit, strict=True):
                self.reach(word)
                self.play(FadeIn(formula, shift=0.15 * DOWN), _shine(name), small.lights(parts), run_time=1.2)

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
            self.play(FadeOut(sheet.names), run_time=0.4)
            for move in sheet.to_the_top():
                self.play(move, run_time=0.7)
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
            "In any other layer, add up over the next layer's neurons, counted by i."
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
            self.reach("let i count" if sheet.mixed else "add up over")
            self.play(FadeIn(small.letters), small.lights(small.outputs), run_time=1.2)
            if len(second):
                self.play(FadeIn(second, shift=0.15 * DOWN), run_time=0.8)
            self.settle(sheet.cases)
            self.reach("sum over" if sheet.mixed else "counted by")
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
            "reverse its sign, and add it to the weights and biases: "
            f"one step, of size {step_size(step.step.rate)}.",
            key="step",
        ):
            self.play(LaggedStart(*(_shine(self.column.value(q)) for q in step.shown), lag_ratio=0.3), run_time=2.4)
            self.read()
            entries = VGroup(*(self.column.value(q) for q in step.shown))
            others = VGroup(
                *(part for part in self.column.family_members_with_points() if part not in _glyphs(entries))
            )
            self.play(FadeOut(others), run_time=0.7)
            scale = min((step.room - 0.1) / self._network().width, 3.95 / self._network().height)
            place = (theme.safe.left + 0.05 + step.room / 2) * RIGHT + 1.05 * UP
            self.play(self._scaled(scale, place - self._network().get_center()), run_time=0.9)
            # The digits travel, the signs are exchanged.
            same = [q for q in step.shown if self._same_digits(q)]
            moves = [tuple(_digits(of(q)) for of in (self.column.value, step.table.change)) for q in same]
            self.play(Compose(step.changes, moves, old=entries), run_time=1.2)
            self.reach("and add it")
            self.play(FadeIn(step.before, shift=0.1 * RIGHT), FadeIn(step.gauge), FadeOut(self.cost), run_time=1.2)

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
            self.play(FadeIn(step.afterwards, shift=0.1 * RIGHT), run_time=0.5)
            self.settle(step.table)
            step.gauge.mark()
            shine = [_shine(step.table.change(q)) for q in step.shown]
            self.play(Descend(step.step, [step.table], run_time=1.4), *shine)
            self.read()
            self.play(Descend(step.step, [self.diagram, step.gauge], run_time=max(3.2, self.seconds_left)))

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
            neurons = [neuron for layer in diagram.layers for neuron in diagram.layer(layer)]
            # Light in ink: these ways say nothing of signs, as the colours did.
            self.play(lights.dim(), FadeOut(lights.legend), Light([*neurons, cost], []), run_time=0.6)
            one = lights.back(lights.one)
            for band in one:
                self.play(band.run(0.6), run_time=0.6)
            self.reach("Where paths meet")
            several = [lights.back(path) for path in lights.several]
            self.play(FadeOut(*one), run_time=0.4)
            for bands in zip(*several, strict=False):
                self.play(*(band.run(1.0) for band in bands), run_time=1.0)
            if diagram.draws(lights.meeting):
                self.play(*lights.met(), run_time=1.0)
        self.rest(2.0)


def _glyphs(texts: VGroup) -> list[Any]:
    return list(texts.family_members_with_points())


def _digits(number: Formula) -> VGroup:
    """The glyphs of a number, without its sign."""
    return VGroup(*number[number.expression.text().startswith("−") :])


def _shine(value: Formula) -> Any:
    """A number lights up and goes out again."""
    return value.animate(rate_func=there_and_back).set_color(theme.highlight)
