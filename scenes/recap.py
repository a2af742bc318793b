"""Chapter 7, recap: the formulas on one sheet, one step of gradient descent, and what to take away."""

from __future__ import annotations

from manim import DOWN, RIGHT, UP, Create, FadeIn, FadeOut, LaggedStart, VGroup

from backprop_film.kit import (
    Compose,
    CostNode,
    Dim,
    Light,
    Pulse,
    Underscore,
    Undim,
)
from backprop_film.sets import (
    FormulaSheet,
    GradientStep,
    GradientStepChapter,
    LastLayersLayout,
    SensitivityLights,
    SheetNetwork,
    faint,
)
from backprop_math import Descent, Notation


class Recap(GradientStepChapter):
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
        self.numbers, self.bare = self.diagram.numbers, VGroup(*self.diagram.bare, self.cost)
        if network.layers[-1] <= 2:  # More desired outputs find no room between the neurons.
            self.picture.add(self.cost.targets)
        self.sheet, self.small = FormulaSheet(self.notation), SheetNetwork(self.trace, self.notation)
        descent = Descent.falling(self.example)
        self.step = GradientStep(descent, self.notation) if descent else None
        self.lay_out_gradient()

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
            # The whole sheet, dim; each formula is lit with its words.
            faint(*sheet.definitions)
            rows = zip(sheet.names, sheet.definitions, strict=True)
            sheets = [FadeIn(name, formula, shift=0.15 * RIGHT) for name, formula in rows]
            self.play(LaggedStart(*sheets, lag_ratio=0.4), run_time=1.6)
            lit = [small.weighted_sum, [small.neuron], *([small.outputs] if sheet.mixed else []), small.cost_edges]
            for word, name, formula, parts in zip(sheet.words, sheet.names, sheet.definitions, lit, strict=True):
                self.reach(word)
                self.play(Undim(formula), Pulse(name), small.lights(parts), run_time=1.2)

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
                self.play(move, run_time=1.0)
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
        self.rest(1.8)  # six formulas, whole

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
            self.play(FadeOut(answered.lines, answered.rings, answered.cost, *answered.finer), run_time=0.6)
            self.play(FadeIn(cost), run_time=0.6)
            for layer in diagram.layers[1:]:
                self.play(diagram.pulse(layer), run_time=0.8)
            self.reach("Follow them back")
            for layer in reversed(diagram.layers[1:]):
                self.play(*lights.show(layer), run_time=1.4)
            # Violet light would say "falls" here: they swell in their own colours.
            for cue, swelling in zip(("Lines are weights", "rings are biases"), lights.swell(), strict=True):
                self.reach(cue)
                if swelling:
                    self.play(*swelling, run_time=1.4)
            self.reach("Raise a red")
            red, violet = lights.legend
            self.play(FadeIn(red, shift=0.1 * UP), run_time=0.8)
            self.reach("raise a violet")
            self.play(FadeIn(violet, shift=0.1 * UP), run_time=0.8)
            self.reach("Along a path")
            neurons = [neuron for layer in diagram.layers for neuron in diagram.layer(layer)]
            self.play(*lights.dim(), FadeOut(lights.legend), run_time=0.4)
            self.play(Light([*neurons, cost], []), run_time=0.4)
            one, *others = lights.back()
            for moves in lights.multiplied(one):
                self.play(*moves, run_time=0.8)
            self.reach("Where paths meet")
            if lights.product is not None:
                self.play(FadeOut(lights.product), run_time=0.4)
            for bands in zip(*others, strict=False):
                self.play(*(band.run(0.8) for band in bands), run_time=0.8)
            if diagram.draws(lights.meeting):
                for moves in lights.met():
                    self.play(*moves, run_time=0.8)
        self.rest(2.0)
