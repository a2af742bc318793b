"""Chapter 6, layers with additional neurons: along a path sensitivities multiply, where paths meet they add."""

from __future__ import annotations

from manim import DOWN, LEFT, RIGHT, UP, Create, FadeIn, FadeOut, LaggedStart, VGroup, there_and_back

from backprop_film.kit import (
    ContributionBars,
    Formula,
    Light,
    PinnedNumber,
    Prose,
    Pulse,
    Unlight,
    seen,
    theme,
    travelling_light,
)
from backprop_film.sets import (
    IndexedLayersChapter,
    carried_line,
    counted,
    factors_one_by_one,
    flow,
    landing,
    more_to_come,
    narrow_pin,
    nudge_amount,
    nudge_ripples,
    product_parts,
    still_missing,
    symbols_of,
)
from backprop_math import Activation, Cost, Weight, WeightedSum

#: Where the middle between the last two layers stands.
OVER_FORMULA, RIGHT_OF_BARS, WITH_INPUTS = (-0.6, 0.75), (0.95, 0.75), (0.4, 0.7)


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
        first, second = nudge_ripples(stage, nudge, mixed=self.mixed)
        falling = VGroup(*(ripple for ripple in second if ripple.pointed))
        wide = f" The wider a band, the more it moves {'its weighted sum' if self.mixed else 'the cost'}."
        wide = wide if len(outputs) > 1 else ""
        words += wide
        if len(falling):
            words += " Arrowheads say that the cost falls."
        if asked:
            words += f" {counted(self.ways, 'paths').capitalize()} to the cost. Do their effects multiply, or add?"
        self.amount = nudge_amount(stage, nudge)
        self.quiet = seen(
            stage.back, stage.front[0], stage.input_labels, *(n for n in stage.front[2] if n is not neuron)
        )
        self.question = Prose("×  or  +  ?", font_size=52, color=theme.secondary).move_to([5.0, 0.1, 0])
        with self.say(words, key="ripples"):
            layer = stage.diagram.layer(self.L - 1)
            self.play(LaggedStart(*(one.glow() for one in layer), lag_ratio=0.3), run_time=0.8)
            self.play(Light(self.quiet, []), neuron.ring(theme.highlight, 5), run_time=0.4)
            self.play(FadeIn(self.amount, shift=0.1 * UP), run_time=0.6)
            self.play(nudge.run([neuron]), run_time=max(1.4, self.seconds_left))
            self.reach("The change")
            self.play(*(ripple.run(1.1) for ripple in first), run_time=1.1)
            self.bring_to_front(neuron, *outputs)
            self.play(nudge.run(outputs), run_time=0.9)
            self.play(*(ripple.run(1.1) for ripple in second), run_time=1.1)
            if wide:
                self.reach("The wider")
                pairs = (VGroup(*pair) for pair in zip(first, second, strict=True))
                self.play(LaggedStart(*(Pulse(pair, scale_factor=1.0) for pair in pairs), lag_ratio=0.6), run_time=1.8)
            if len(falling):
                self.reach("Arrowheads")
                self.play(*(Pulse(ripple, scale_factor=1.0) for ripple in falling), run_time=1.2)
            if asked:
                self.reach("multiply")
                self.play(FadeIn(self.question, scale=0.8), run_time=0.9)
                self.read()
                self.rest(1.5)
        self.ripples = VGroup(*first, *second)

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
            self.play(FadeIn(symbols_of(line), shift=0.15 * UP), run_time=1.0)
            self.play(travelling_light(path[1:]), run_time=1.6)
            *calculated, lands = self.marks.lands(j, FadeIn(pinned, shift=0.15 * LEFT), beside=False)
            shows = [
                [Light(self.lit, path[1:], [self.neuron])],
                *([] if figures.at_once else [[FadeIn(one, shift=0.15 * LEFT) for one in seen(slope)]]),
            ]
            for what, number, show in zip(whats, factors_one_by_one(line, *ends), [*shows, lands], strict=True):
                self.reach(what)
                for moves in calculated if show is lands else []:
                    self.play(*moves)
                arrives = [FadeIn(number, shift=0.15 * UP)] if len(number) else []
                if show or arrives:
                    self.play(*show, *arrives, run_time=0.9)
            self.play(FadeIn(still_missing(self, line)), run_time=0.8)
            self.settle(line)
            self.play(Pulse(line.side(-1)), run_time=1.2)
        self.play(FadeOut(line, *seen(slope, pinned)), run_time=0.6)

    def several_paths_for_a_neuron(self) -> None:
        """∂C/∂a_k: a product for each path, and a bar for each."""
        stage, figures = self.stage, self.figures
        order = figures.order()
        self.paths = bars = ContributionBars(
            self.names_of(order), figures.addends, figures.total, width=3.4, height=1.9
        )
        bars.move_to([-4.6, 0.45, 0])
        bars.shift(max(0.0, theme.safe.left + 0.05 - bars.get_left()[0]) * RIGHT)
        added = self.notation.derivative_symbol(Cost(), Activation(self.L - 1, self.k))
        self.added = Formula(added, font_size=32).next_to(bars, UP, buff=0.15)
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
            rest = VGroup()
            for i, j in enumerate(order):
                if i < 2:
                    self.read()
                if not i:
                    self.play(FadeIn(self.added), Create(bars.baseline), FadeIn(bars.names[:-1]), run_time=0.6)
                if j is not None:
                    for walk in self.marks.walk(j):
                        self.play(*walk)
                if i:
                    self.play(Create(bars.links[i - 1]), run_time=0.3)
                product = VGroup(*(() if i else (*line.side(0), *line.sign(0))))
                more = VGroup()
                if j is not None:
                    product.add(*product_parts(line, j)[bool(rest) :])
                    more = more_to_come(line, j)
                arrive = [FadeIn(part) for part in seen(product, more)]
                if len(rest):
                    self.play(FadeOut(rest), run_time=0.2)  # the product comes in its place
                self.play(*bars.grow(i), *arrive, run_time=1.0)
                rest = more[1:]
            self.rest_of_line = rest

    def the_sum_lands(self) -> None:
        """The bars add; the sum flies to its neuron and stays there; the general form."""
        figures, bars = self.figures, self.paths
        self.carried = narrow_pin(figures.total, self.neuron)
        line = self.line
        general = carried_line(figures.derivatives.chain(Activation("L-1", "k")), self.trace)
        add = f"The {'two ' if self.ways == 2 else ''}products add up" if self.ways > 1 else "That is all of it"
        words = f"{add}: {figures.total.text()}. The sum lands on the neuron, and stays there. "
        words += "With any number of outputs it is a sum over j, one product for each. "
        words += "With n outputs, j runs from 0 to n − 1."
        with self.say(words, key="sum"):
            self.play(FadeIn(bars.names[-1]), Create(bars.links[-1]), run_time=0.6)
            if len(self.rest_of_line):
                self.play(FadeOut(self.rest_of_line), run_time=0.2)
            self.play(*bars.grow(-1), FadeIn(still_missing(self, line)), run_time=0.9)
            self.settle(line)
            self.settle(bars)
            self.read()
            landing(self, bars.numbers, self.carried)
            self.play(self.neuron.glow(), run_time=0.7)
            self.read()
            self.play(FadeOut(line, shift=0.2 * DOWN), run_time=0.5)
            self.play(FadeIn(general, shift=0.2 * UP), run_time=0.9)
            self.reach("a sum over")
            inner = {id(glyph) for glyph in general.term("summand")}
            sign = VGroup(*(g for g in general.term("sum") if id(g) not in inner))
            self.play(Pulse(sign), run_time=1.2)
            self.reach("one product")
            self.play(Pulse(general.term("summand")), run_time=1.4)
            self.reach("With n outputs")
            self.play(Pulse(sign), run_time=1.6)
        if self.mixed:
            self.what_softmax_changes(general)
        else:
            self.play(FadeOut(general), run_time=0.4)

    def the_layer_before(self) -> None:
        """With the carried number, a weight one layer further back has the same three factors."""
        stage, figures, L, k = self.stage, self.figures, self.L, self.k
        leave = [*self.marks.left, self.paths, self.added]
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
            self.play(Light(self.lit, [edge], [neuron, source]), FadeIn(symbols_of(line)), run_time=0.8)
            lights = [source.glow(), neuron.glow(), self.carried.animate(rate_func=there_and_back).scale(1.2)]
            cues = ("the activation", "the slope", "and the number")
            for what, number, light in zip(cues, factors_one_by_one(line, *ends), lights, strict=True):
                self.reach(what)
                self.play(light, *(FadeIn(part, shift=0.15 * UP) for part in seen(number)), run_time=1.0)
            self.play(FadeIn(still_missing(self, line)), run_time=0.7)
            self.settle(line)
            self.play(Pulse(line.side(-1)), run_time=1.2)
        self.line = line
