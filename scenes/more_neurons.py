"""Chapter 6, layers with additional neurons: along a path sensitivities multiply, where paths meet they add."""

from __future__ import annotations

from manim import DOWN, LEFT, RIGHT, UP, Create, FadeIn, FadeOut, LaggedStart, Mobject, VGroup, there_and_back

from backprop_film.kit import (
    ContributionBars,
    Light,
    PinnedNumber,
    Prose,
    Underscore,
    Unlight,
    seen,
    theme,
    travelling_light,
)
from backprop_film.sets import (
    GradientBlocks,
    IndexedLayersChapter,
    LastLayersLayout,
    carried_line,
    counted,
    factor_parts,
    flow,
    frame_of,
    landing,
    nudge_amount,
    nudge_ripples,
    product_parts,
    still_missing,
)
from backprop_math import Activation, Cost, Weight, WeightedSum

#: Where the middle between the last two layers stands.
OVER_FORMULA, RIGHT_OF_BARS, WITH_INPUTS = (-0.6, 0.6), (0.95, 0.6), (0.4, 0.65)


class MoreNeurons(IndexedLayersChapter):
    """A nudge of one neuron runs to the cost along several paths: each is a product, and they add."""

    title = "Layers with additional neurons"
    example_name = "two_outputs"

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.lay_out()
        self.several_neurons_a_layer()
        self.one_neuron_is_nudged()
        self.the_ripples_add()
        self.the_indices()
        self.the_cost_is_a_sum()
        self.the_weighted_sum()
        self.one_path_for_a_weight()
        self.several_paths_for_a_neuron()
        self.the_sum_lands()
        self.the_layer_before()
        self.the_whole_gradient()

    # -- a nudge, and its ripples -----------------------------------------------------------------------

    def several_neurons_a_layer(self) -> None:
        """The network, with what goes in and what should come out; the real activations run through it."""
        stage, sizes = self.stage, self.example.network.layers
        measured = "measurements" if self.names.is_penguin else "numbers"
        goes = f"{flow(sizes[0], measured, 'in')}, {flow(sizes[-1], 'outputs', 'out')}"
        who = "Another penguin" if self.example.name == self.example_name else "This network"
        now = "Until now every layer had one neuron, and now there are more."
        if max(sizes) == 1:
            now = "A layer can have any number of neurons, and here is what holds for all of them."
        with self.say(f"{now} {who}: {goes}.", key="more-neurons"):
            self.play(stage.come(), run_time=2.2)
            self.settle(*seen(stage.back, stage.front))
            self.play(FadeIn(stage.cost), run_time=0.7)
            self.read()
            self.play(*(FadeIn(part) for part in seen(stage.bird, stage.input_labels)), *stage.reveal(self.L - 2))
            for layer in (self.L - 1, self.L):
                self.play(stage.diagram.pulse(layer), run_time=0.6)
                self.play(*stage.reveal(layer), run_time=0.6)
            self.play(FadeIn(stage.output_labels), run_time=0.7)

    def one_neuron_is_nudged(self) -> None:
        """Bands run from it to every output, and from there to the cost; the question."""
        stage, nudge, neuron = self.stage, self.nudge, self.neuron
        outputs, asked = list(stage.diagram.layer(self.L)), self.ways > 1 and not self.mixed
        where = "this input" if self.L == 1 else "one neuron of the layer before the last"
        ends = "every output" if self.ways > 1 else "the output"
        way = f"{'up' if nudge.by > 0 else 'down'} by {nudge.amount.text().lstrip('−')}"
        words = f"Nudge {where} {way}. The change ripples to {ends}, and from there to the cost."
        if asked:
            words += f" {counted(self.ways, 'paths').capitalize()} to the cost. Do their effects multiply, or add?"
        self.amount = nudge_amount(stage, nudge)
        self.quiet = seen(
            stage.back, stage.front[0], stage.input_labels, *(n for n in stage.front[2] if n is not neuron)
        )
        self.question = Prose("×  or  +  ?", font_size=52, color=theme.secondary).move_to([5.0, 0.1, 0])
        first, second = nudge_ripples(stage, nudge, mixed=self.mixed)
        with self.say(words, key="ripples"):
            self.play(Light(self.quiet, []), neuron.ring(theme.highlight, 5), run_time=0.7)
            self.reach(way)
            self.play(FadeIn(self.amount, shift=0.1 * UP), nudge.run([neuron]), run_time=1.6)
            self.reach("The change")
            self.play(*(ripple.run(1.1) for ripple in first), run_time=1.1)
            self.bring_to_front(neuron, *outputs)
            self.play(nudge.run(outputs), run_time=0.9)
            ask = {"next_at": 0.85} if asked else {}
            self.play(*(ripple.run(1.1) for ripple in second), run_time=1.1, **ask)
            if asked:
                self.reach("multiply")
                self.play(FadeIn(self.question, scale=0.8), run_time=0.9)
                self.read()
                self.rest(1.5)
        self.ripples = VGroup(*first, *second)

    def the_ripples_add(self) -> None:
        """What arrives through each output, as bars, and the sum."""
        neuron = self.neuron
        if self.ways == 1 or self.mixed:
            self.what_arrives()
        else:
            self.bars_of_the_ripples()
        self.play(
            self.nudge.run([neuron, *self.stage.diagram.layer(self.L)], back=True),
            FadeOut(self.amount, self.ripples, self.bars), Unlight(*self.quiet), run_time=1.0,
        )  # fmt: skip
        # On its own: the ring would bring the fill of the nudge back with it.
        self.play(neuron.ring(), run_time=0.3)

    # -- backward -------------------------------------------------------------------------------------------

    def one_path_for_a_weight(self) -> None:
        """∂C/∂w_jk: the three factors, with indices, each where it lives."""
        stage, figures, j, k = self.stage, self.figures, self.j, self.k
        w = Weight(self.L, j, k)
        line = carried_line(
            figures.derivatives.chain(w).followed_by(figures.weight), self.trace, figures.behind(j)[1], w
        )
        path = stage.path(j, k)
        whats = ["the activation behind it", "the slope", "and how the cost reacts to that output"]
        if figures.at_once:
            whats = ["the activation behind it", "and how the cost reacts to that weighted sum"]
        acts = "A weight acts on one output only, so there is one path to the cost"
        if figures.mixed:
            acts = "A weight acts on one weighted sum only"
        with self.say(
            f"{acts}. The chain rule along this path is the one you know, with indices: {', '.join(whats)}.",
            key="one-path",
        ):
            self.play(FadeOut(self.board, stage.indices), Light(self.lit, []), run_time=0.7)
            self.play(*stage.to(OVER_FORMULA, *self.lit), run_time=1.0)
            pinned, slope = self.marks.pinned(j), self.marks.slope(j)
            self.reach("A weight acts")
            self.play(travelling_light(path[1:]), run_time=1.2)
            self.play(Light(self.lit, path[1:]), run_time=0.6)
            self.reach("The chain rule")
            ends = [(WeightedSum(self.L, j), w), *figures.factors(j)]
            self.play(FadeIn(frame_of(line, *ends), shift=0.15 * UP), run_time=1.0)
            self.play(travelling_light(path[1:]), run_time=1.6)
            pictures: list[Mobject] = [self.neuron, *seen(slope), pinned]
            for what, end, picture in zip(whats, ends, pictures, strict=True):
                self.reach(what)
                arrives = [FadeIn(part, shift=0.15 * UP) for part in factor_parts(line, *end)]
                if picture is self.neuron:
                    arrives.insert(0, Light(self.lit, path[1:], [picture]))
                else:
                    arrives.insert(0, FadeIn(picture, shift=0.15 * LEFT))
                self.play(*arrives, run_time=0.9)
            self.play(FadeIn(still_missing(self, line)), run_time=0.8)
            self.settle(line)
            self.play(Underscore(line.side(-1)), run_time=1.2)
        self.play(FadeOut(line, *seen(slope, pinned)), run_time=0.6)

    def several_paths_for_a_neuron(self) -> None:
        """∂C/∂a_k: a product for each path, and a bar for each."""
        stage, figures = self.stage, self.figures
        order = figures.order()
        self.paths = bars = ContributionBars(
            self.names_of(order), figures.addends, figures.total, width=3.4, height=2.1
        )
        bars.move_to([-4.6, 0.55, 0])
        bars.shift(max(0.0, theme.safe.left + 0.05 - bars.get_left()[0]) * RIGHT)
        carried = "the cost's derivative" if figures.at_once else "the cost's derivative, times the slope"
        behind = [figures.behind(j)[1] for j in stage.outputs]
        self.line = line = carried_line(figures.activation, self.trace, Activation(self.L - 1, self.k), *behind)
        words = (
            f"A neuron feeds {'every' if self.ways > 1 else 'the'} output: {counted(self.ways, 'paths')} to the cost. "
            f"Through {self.names.output(stage.outputs[0])}: {carried}, times the weight. "
        )
        if self.ways > 1:
            words += "Each path has a product of its own."
        if self.ways == 2 and figures.hidden == 0:
            words = words.removesuffix("Each path has a product of its own.")
            found = [figures.behind(stage.outputs[1]), figures.first(stage.outputs[1])]
            found[1:1] = figures.factors(stage.outputs[1])[:-1]
            numbers = ", times ".join(figures.number(*end).text() for end in found)
            words += f"Through {self.names.output(stage.outputs[1])}: {numbers}."
        with self.say(words, key="several-paths"):
            self.play(Light(self.lit, [self.neuron]), run_time=0.5)
            self.play(*stage.to(RIGHT_OF_BARS, *self.lit), run_time=0.9)
            self.play(
                *(travelling_light(stage.path(j, self.k)[1:], backward=False) for j in stage.outputs), run_time=1.2
            )
            for i, j in enumerate(order):
                if i < 2:
                    self.read()
                if not i:
                    self.play(Create(bars.baseline), FadeIn(bars.names[:-1]), run_time=0.6)
                    self.play(FadeIn(line.side(0), line.sign(0), shift=0.15 * UP), run_time=0.6)
                if j is not None:
                    for walk in self.marks.walk(j):
                        self.play(*walk)
                if i:
                    self.play(Create(bars.links[i - 1]), run_time=0.3)
                product = [FadeIn(part) for part in seen(product_parts(line, j) if j is not None else None)]
                self.play(*bars.grow(i), *product, run_time=1.0)

    def the_sum_lands(self) -> None:
        """The bars add; the sum flies to its neuron and stays there; the general form."""
        figures, bars = self.figures, self.paths
        self.carried = PinnedNumber(figures.total, self.neuron)
        line = self.line
        general = carried_line(figures.derivatives.chain(Activation("L-1", "k")), self.trace)
        add = f"The {'two ' if self.ways == 2 else ''}products add up" if self.ways > 1 else "That is all of it"
        words = f"{add}: {figures.total.text()}. The sum lands on the neuron, and stays there. "
        words += "With any number of outputs it is a sum over j, one product for each. "
        words += "With n outputs, j runs from 0 to n − 1."
        with self.say(words, key="sum"):
            self.play(FadeIn(bars.names[-1]), Create(bars.links[-1]), run_time=0.6)
            self.play(*bars.grow(-1), FadeIn(still_missing(self, line)), run_time=0.9)
            self.settle(line)
            self.settle(bars)
            self.read()
            landing(self, bars.numbers, self.carried)
            self.play(self.neuron.glow(), run_time=0.7)
            self.read()
            self.play(FadeOut(line, shift=0.2 * DOWN), run_time=0.5)
            self.play(FadeIn(general, shift=0.2 * UP), run_time=0.9)
            self.play(Underscore(general.side(0)), run_time=1.4)
            self.reach("one product")
            self.play(Underscore(general.term("summand")), run_time=1.6)
            self.reach("With n outputs")
            inner = {id(glyph) for glyph in general.term("summand")}
            self.play(Underscore(VGroup(*(g for g in general.term("sum") if id(g) not in inner))), run_time=1.6)
        if self.mixed:
            self.what_softmax_changes(general)
        else:
            self.play(FadeOut(general), run_time=0.4)

    def the_layer_before(self) -> None:
        """With the carried number, a weight one layer further back has the same three factors."""
        stage, figures, L, k = self.stage, self.figures, self.L, self.k
        leave = [*self.marks.left, self.paths]
        self.line, self.pins = VGroup(), VGroup()
        m = figures.m
        if figures.before is None or m is None:
            self.the_way_back_ends()
            return
        w, z, a = Weight(L - 1, k, m), WeightedSum(L - 1, k), Activation(L - 1, k)
        line = carried_line(figures.derivatives.chain(w).followed_by(figures.before), self.trace, a, w)
        edge, neuron, source = stage.diagram.edge(L - 1, k, m), self.neuron, stage.diagram.neuron(L - 2, m)
        same = "Every neuron of the layer gets its number in the same way. " if len(stage.middle) > 1 else ""
        with self.say(
            f"{same}The layer before takes it from there. A weight there has the same three factors: "
            "the activation behind it, the slope, and the number that has just landed.",
            key="layer-before",
        ):
            self.play(FadeOut(*leave), Unlight(*self.lit), run_time=0.7)
            self.bring_to_front(self.carried)
            self.play(*stage.to(WITH_INPUTS, *self.lit, self.carried), run_time=0.9)
            others = [i for i in stage.middle if i != k]
            pins = [PinnedNumber(figures.whole(Activation(L - 1, i)), stage.neuron(i)) for i in others]
            self.play(stage.diagram.pulse(L, backward=True), run_time=0.9)
            self.pins = VGroup(*pins)
            if pins:
                self.play(LaggedStart(*(FadeIn(pin, shift=0.3 * LEFT) for pin in pins), lag_ratio=0.8), run_time=1.6)
            self.reach("The layer before")
            self.add(stage.back)
            self.bring_to_front(self.carried, self.pins)
            self.play(FadeIn(stage.back), run_time=0.9)
            self.lit = [*self.lit, stage.back]
            self.reach("A weight there")
            ends = [(z, w), (a, z), (Cost(), a)]
            self.play(Light(self.lit, [edge], [neuron, source]), FadeIn(frame_of(line, *ends)), run_time=0.8)
            for what, end in zip(("the activation", "the slope", "and the number"), ends, strict=True):
                self.reach(what)
                light = (source if end is ends[0] else neuron).glow()
                if end is ends[2]:
                    light = self.carried.animate(rate_func=there_and_back).scale(1.2)
                parts = factor_parts(line, *end)
                self.play(light, *(FadeIn(part, shift=0.15 * UP) for part in parts), run_time=1.0)
            self.play(FadeIn(still_missing(self, line)), run_time=0.7)
            self.settle(line)
            self.play(Underscore(line.side(-1)), run_time=1.2)
        self.line = line

    def the_whole_gradient(self) -> None:
        """Layer by layer, back to the first; all real numbers, those found before among them."""
        found = self.figures.found
        place = LastLayersLayout(self.trace, self.notation)
        blocks = GradientBlocks(self.trace, self.notation, found=found).beside(place)
        count = len(self.example.network.parameters)
        back = ": layer by layer, back to the first" if len(blocks.heads) > 1 else ""
        with self.say(
            f"Nothing else is needed{back}. "
            f"Each of the {count:,} weights and biases has its number. This is the gradient.",
            key="gradient",
        ):
            gone = seen(self.line, self.pins, self.carried)
            self.play(*(FadeOut(part) for part in gone), Unlight(*self.lit), run_time=0.7)
            self.play(*self.stage.become(place), run_time=1.4)
            for layer, head in blocks.heads.items():
                self.play(
                    self.stage.diagram.pulse(layer, backward=True), FadeIn(head),
                    LaggedStart(*(FadeIn(row, shift=0.1 * LEFT) for row in blocks.rows(layer)), lag_ratio=0.15),
                    run_time=2.0 if back else max(2.0, self.seconds_left),
                )  # fmt: skip
            self.read()
            self.play(
                *(blocks.row(q)[:2].animate.set_fill(theme.highlight) for q in found if q in blocks), run_time=1.0
            )
            self.read()
            names = [head.animate(rate_func=there_and_back).set_color(theme.ink) for head in blocks.heads.values()]
            self.play(*names, run_time=1.2)
        self.rest(1.0)
