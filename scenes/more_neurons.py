"""Chapter 6, layers with additional neurons: two indices, one path for a weight, a sum over paths for an activation."""

from __future__ import annotations

from manim import (
    DOWN,
    LEFT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    GrowFromCenter,
    LaggedStart,
    VGroup,
)

from backprop_film.kit import (
    Compose,
    Formula,
    Light,
    NeuronIndices,
    Prose,
    Underscore,
    Unlight,
    columns,
    formula_line,
    travelling_light,
)
from backprop_film.sets import (
    COUNT_WORDS,
    LastLayersChapter,
    gradient_beside_last_layers,
    last_layers_diagram,
    light_around,
    moves_from_neuron,
    moves_from_neurons_to_layers,
)
from backprop_math import Activation, Cost, CostDerivatives, Symbol, Weight, WeightedSum, load_example

#: How much larger the network is while only it is looked at, and while its neurons are counted.
CLOSE, NEAR = 1.4, 1.12


class MoreNeurons(LastLayersChapter):
    """Indices j and k; a weight has one path to the cost, an activation of the layer before has several."""

    title = "Layers with additional neurons"
    example_name = "two_outputs"

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.lay_out()
        self.choose_a_weight()
        self.more_neurons_in_each_layer()
        self.the_indices_k_and_j()
        self.two_indices_on_a_weight()
        self.its_place_in_the_matrix()
        self.the_cost_is_a_sum()
        self.the_weighted_sum()
        self.one_path_for_a_weight()
        self.several_paths_for_an_activation()
        self.a_sum_over_paths()
        self.the_layer_before()
        self.the_whole_gradient()

    def choose_a_weight(self) -> None:
        """Between a neuron k whose paths to the cost tell most and an output j ≠ k."""
        self.derivatives, self.neurons = CostDerivatives(self.notation), range(self.example.network.layers[-2])
        self.k, self.cancels = self.telling_neuron()
        self.j = 1 if self.k == 0 else 0
        self.before, self.after = self.diagram.neuron(self.L - 1, self.k), self.diagram.neuron(self.L, self.j)
        self.edge = self.diagram.edge(self.L, self.j, self.k)

    # -- indices --------------------------------------------------------------------------------------

    def more_neurons_in_each_layer(self) -> None:
        """One neuron a layer becomes several, and the real activations run through them."""
        single = load_example("simplest").network
        chain = last_layers_diagram(single).move_to(self.diagram)
        self.home = self.diagram.get_center()
        VGroup(self.diagram, chain).shift(-self.home + 0.15 * UP).scale(CLOSE)
        with self.say(
            "So far, every layer had a single neuron. Now give each layer more of them. "
            "Not much changes: there are only a few more indices to keep track of.",
            key="more-neurons",
        ):
            self.add(chain)
            for layer in (single.L - 1, single.L):
                self.play(chain.pulse(layer), run_time=0.9)
            self.read()
            self.play(Compose(self.diagram, moves_from_neurons_to_layers(chain, self.diagram), old=chain), run_time=2.0)
            self.read()
            self.play(*self.diagram.reveal(self.L - 2, self.trace), run_time=0.6)
            for layer in (self.L - 1, self.L):
                self.play(self.diagram.pulse(layer), run_time=0.7)
                self.play(*self.diagram.reveal(layer, self.trace), run_time=0.5)

    def the_indices_k_and_j(self) -> None:
        """The neurons of each layer are counted from 0."""
        self.diagram.save_state()
        self.diagram.scale(NEAR / CLOSE)
        self.labels = NeuronIndices(self.diagram, self.notation)
        with self.say(
            "Count the neurons of the layer before the last with k, starting at 0. "
            "Count those of the last layer with j.",
            key="indices",
        ):
            self.diagram.restore()
            self.play(self.diagram.animate.scale(NEAR / CLOSE), run_time=1.0)
            self.play(self.light([], [self.diagram.layer(self.L - 1), self.diagram.layer(self.L)]))
            for layer, name in zip((self.L - 1, self.L), self.labels.names, strict=True):
                labels = [FadeIn(label) for label in self.labels.layer(layer)]
                self.play(LaggedStart(*labels, lag_ratio=0.5), run_time=1.2)
                self.play(FadeIn(name, shift=0.15 * DOWN))
                self.read()

    def two_indices_on_a_weight(self) -> None:
        """w_jk: j first, where it leads, then k, where it comes from."""
        middle = self.board.center[0]
        self.w_name = Formula(self.notation.symbol(Weight("L", "j", "k")), font_size=115.2).move_to([middle, 1.5, 0])
        words = (("j", "the neuron that it leads to"), ("k", "the neuron that it comes from"))
        meanings = columns(
            [[Formula(Symbol(i), font_size=53.76), Prose(text, font_size=36.48)] for i, text in words],
            h_buff=0.35,
            v_buff=0.85,
            align="l",
        )
        meanings.move_to([middle, -0.4, 0])
        self.counters = [self.labels.label(*end) for end in ((self.L, self.j), (self.L - 1, self.k))]
        self.stage = [self.diagram, self.labels]
        with self.say(
            "A weight joins two neurons, so it has two indices. "
            "First comes j, the neuron that it leads to. Then k, the neuron that it comes from.",
            key="two-indices",
        ):
            whole, centre = VGroup(self.diagram, self.labels), self.diagram.get_center()
            self.play(whole.animate.scale(1 / NEAR, about_point=centre).shift(self.home - centre), run_time=1.2)
            self.play(self.light([self.edge]))
            self.play(FadeIn(self.w_name, target_position=self.edge, scale=0.3), run_time=1.2)
            for count, (counter, meaning) in enumerate(zip(self.counters, meanings, strict=True), 1):
                self.read()
                self.play(self.light([self.edge, self.after, self.before][: count + 1], self.counters[:count]))
                self.play(Compose(meaning, [(counter.formula, meaning[0])]))
        self.play(FadeOut(meanings), self.w_name.animate.scale(0.7).move_to([middle, 2.35, 0]), run_time=0.8)

    def its_place_in_the_matrix(self) -> None:
        """Row j, column k: a row has all the weights into one neuron."""
        symbols, numbers = self.matrix(), self.matrix(self.trace)
        row = symbols.row_label(self.j)
        with self.say(
            "Why in this order? It is the weight's place in a matrix: row j, column k. "
            f"So row {self.j} holds all the weights that lead into neuron {self.j}. "
            "And these are the weights of this network.",
            key="matrix",
        ):
            self.read()
            self.weights_into(symbols, self.labels, self.diagram.layer(self.L - 1))
            self.stage.append(symbols)
            here = [symbols.entry(self.j, self.k), row, symbols.column_label(self.k)]
            self.play(self.light([self.edge], [*here, symbols.brackets, self.before, self.after, *self.counters]))
            self.read()
            for k in self.neurons:
                lit = [self.diagram.edge(self.L, self.j, each) for each in self.neurons[: k + 1]]
                entries = [symbols.entry(self.j, each) for each in self.neurons[: k + 1]]
                self.play(self.light(lit, [row, symbols.brackets, self.after, self.counters[0], *entries]))
            self.read()
            self.play(Unlight(*self.stage))
            self.play(Compose(numbers, [(symbols.entry(*p), numbers.entry(*p)) for p in symbols.places], old=symbols))
        self.stage.remove(symbols)
        self.play(FadeOut(numbers, self.w_name), run_time=0.7)

    # -- forward --------------------------------------------------------------------------------------

    def the_cost_is_a_sum(self) -> None:
        """C_0 = Σ_j (a_j − y_j)², in symbols and in numbers."""
        formula = formula_line(self.notation.definition(Cost(), expanded=False))
        table, targets = self.cost_table(), self.cost.targets
        self.outputs = self.labels.layer(self.L)
        squared = self.example.network.cost.name == "squared_error"
        off = "how far it is off, squared" if squared else "how far it is off"
        with self.say(
            f"The cost compares every output with the desired one. One term for each output: {off}.",
            key="cost",
        ):
            edges = LaggedStart(*map(Create, self.cost[:-1]), FadeIn(self.cost.symbol))
            self.play(FadeOut(self.outputs), edges)
            self.labels.remove(*self.outputs)
            self.settle(self.cost)
            self.play(FadeIn(targets))
            self.stage = [self.diagram, self.labels, self.cost, targets]
            self.read()
            for j, row in enumerate(table.rows):
                self.cost_term(row, j)
        with self.say("The cost of this example is the sum over all outputs.", key="cost-sum"):
            self.play(self.light(self.cost, [self.diagram.layer(self.L), targets]))
            self.add_up(table)
            self.play(FadeIn(formula, shift=0.2 * UP))
        self.stage.remove(targets)
        self.play(FadeOut(table, formula, targets), FadeIn(self.outputs), run_time=0.6)
        self.labels.add(*self.outputs)

    def the_weighted_sum(self) -> None:
        """z_j with a term for each neuron before, and the bias; then a_j."""
        notation, z, a = self.notation, WeightedSum(self.L, self.j), Activation(self.L, self.j)
        formula = formula_line(notation.definition(WeightedSum("L", "j")))
        table = self.weighted_table(self.j)
        edges = [self.diagram.edge(self.L, self.j, k) for k in self.neurons]
        counts, counter = self.labels.layer(self.L - 1), self.counters[0]
        plain = [self.diagram.layer(self.L - 1), counts, counter]
        with self.say(
            "And where does an output come from? Its weighted sum has one term for each neuron of the layer before. "
            "Add the bias, and you have it.",
            key="weighted-sum",
        ):
            self.play(self.light([*edges, self.after], plain))
            self.play(FadeIn(formula, shift=0.2 * UP))
            self.read()
            for k in self.neurons:
                self.weighted_term(table.row(k), self.j, k, counts[k], counter)
            self.read()
            self.play(FadeIn(table.rows[-1], target_position=self.after, scale=0.5))
            self.play(self.light([*edges, self.after], plain), run_time=0.5)
            self.add_up(table)
        definition = notation.definition(a)
        activation = formula_line(definition.followed_by(notation.with_numbers(definition, self.trace, 3)))
        with self.say("The activation follows from it, as before.", key="activation"):
            self.play(FadeOut(formula, shift=0.2 * DOWN), run_time=0.5)
            moves = [(table.result.symbols, activation.quantity(z, 1)), (table.result.value, activation.quantity(z, 2))]
            self.play(self.light([self.after], [counter]), Compose(activation, moves), run_time=1.4)
            self.play(light_around(self.after), Underscore(activation.side(-1)))
        self.play(FadeOut(table, activation), run_time=0.6)

    # -- backward -------------------------------------------------------------------------------------

    def one_path_for_a_weight(self) -> None:
        """∂C/∂w_jk: the three factors, with indices, along one path."""
        parts = self.parts_of(self.trace.chain_rule(Weight(self.L, self.j, self.k)).paths[0])
        formula = formula_line(self.derivatives.chain(Weight("L", "j", "k")))
        with self.say(
            "Now backward: how does the cost react to one weight? "
            "This weight acts on one output only, so there is one path to the cost.",
            key="one-path",
        ):
            self.play(self.light([self.edge], self.counters), FadeIn(formula.side(0), shift=0.2 * UP))
            self.read()
            self.play(travelling_light(parts))
            self.play(self.light(parts, self.counters))
        table = self.product_table(self.j, self.k)
        path = [Weight("L", "j", "k"), WeightedSum("L", "j"), Activation("L", "j"), Cost()]
        with self.say(
            "The chain rule is the one that you know, now with indices. First, the activation behind the weight. "
            "Then, the slope at the neuron that it leads to. Last, how the cost reacts to that output. "
            "Multiply the three.",
            key="three-factors",
        ):
            self.play(self.light([]), FadeOut(self.outputs), FadeIn(formula.sign(0), shift=0.2 * UP))
            self.labels.remove(*self.outputs)
            self.three_factors(formula, path, table, self.j, self.k)
        self.play(FadeOut(table, formula, self.cost.desired(self.j)), run_time=0.6)

    def several_paths_for_an_activation(self) -> None:
        """∂C/∂a_k: a product for each path; they are added."""
        paths = self.trace.chain_rule(Activation(self.L - 1, self.k)).paths
        self.table = self.path_table(self.k)
        self.formula = formula_line(self.derivatives.chain(Activation("L-1", "k")))
        self.every = [self.parts_of(path) for path in paths]
        self.lit = [part for parts in self.every for part in parts]
        counter = self.counters[1]
        with self.say(
            f"An activation is different. Take the one with k = {self.k}. "
            f"It feeds every output, so it reaches the cost along {COUNT_WORDS[len(paths)]} paths.",
            key="several-paths",
        ):
            self.play(self.light([self.before]))
            self.read()
            self.play(self.light([self.before], [counter]))
            self.read()
            self.play(*(travelling_light(parts) for parts in self.every))
            self.play(self.light(self.lit, [counter]))
        with self.say(
            "Along the first path, collect a factor at every step, and multiply the three.", key="first-path"
        ):
            self.collect(self.table, 0, paths[0], counter)
        last = (
            "The other path has a product of its own."
            if len(paths) == 2
            else "Each of the other paths has a product of its own."
        )
        with self.say(last, key="other-paths"):
            for index, path in enumerate(paths[1:], 1):
                self.collect(self.table, index, path, counter)
        cancels = " Here they pull in opposite directions, and partly cancel." if self.cancels else ""
        with self.say(f"The cost feels all of them at once: add them.{cancels}", key="paths-add-up"):
            self.play(Light([*self.stage, *self.table.rows], self.lit, [counter, *self.table.rows]))
            self.add_up(self.table)

    def a_sum_over_paths(self) -> None:
        """∂C/∂a_k = Σ_j …"""
        with self.say(
            "For any network, write it as a sum over j: one product for each neuron of the last layer.",
            key="sum",
        ):
            self.play(FadeIn(self.formula, shift=0.2 * UP), run_time=1.0)
            self.reach("one product")
            rows, rest = self.table.rows, [self.table.rule, self.table.result]
            for parts, row in zip(self.every, rows, strict=True):
                self.play(Light([*self.stage, *rows, *rest], parts, [row]), run_time=0.6)
                self.rest(0.4)
            self.play(Light([*self.stage, *rows, *rest], self.lit, [*rows, *rest]))

    def the_layer_before(self) -> None:
        """The sum takes the place of 2(a − y); with it, the same three factors."""
        L, k = self.L, self.k
        m = next(m for m in (1, 0) if self.diagram.draws(Weight(L - 1, k, m)))
        w, z, a = Weight(L - 1, k, m), WeightedSum(L - 1, k), Activation(L - 1, k)
        whole = formula_line(self.derivatives.chain(w).followed_by(self.derivatives.numbers(w, self.trace)))
        symbols, two, third = whole.cut(whole.side(1), whole.factor(a, z, side=2))
        edge = self.diagram.edge(L - 1, k, m)
        neuron, source = self.diagram.neuron(L - 1, k), self.diagram.neuron(L - 2, m)
        with self.say(
            "With this sum you can go on to the layer before. "
            "A weight there has the same three factors. "
            "The first two you can read off. The third one is the sum that you have just found.",
            key="layer-before",
        ):
            self.play(Light([*self.stage, *self.table.rows, self.formula], self.lit))
            self.read()
            self.play(self.light([edge, *self.lit]), FadeOut(self.formula))
            self.play(FadeIn(symbols, shift=0.2 * UP))
            self.read()
            self.play(self.light([edge, neuron], [source, *self.lit]))
            self.play(Compose(two, moves_from_neuron(source, whole.factor(z, w, side=2))), light_around(neuron))
            self.read()
            self.play(self.light(self.lit, [edge]))
            total = whole.factor(Cost(), a, side=2)
            self.play(Compose(third, [(self.table.result.value, total)]), run_time=1.4)
        self.settle(whole)
        self.formula, self.found = whole, w

    def the_whole_gradient(self) -> None:
        """Layer by layer, back to the first; all real numbers."""
        parameters = self.example.network.parameters
        column = gradient_beside_last_layers(self.trace, self.notation)
        with self.say(
            "Nothing else is needed. Go on like this, layer by layer, back to the first. "
            f"Each of the {len(parameters):,} weights and biases gets its number: this is the gradient.",
            key="gradient",
        ):
            self.play(FadeOut(self.table, self.labels), Unlight(self.diagram, self.cost))
            moves = [(self.formula.side(-1), column.value(self.found))] if self.found in column else []
            new = column.entry(self.found) if moves else VGroup()
            self.play(Compose(new, moves, old=self.formula), GrowFromCenter(column.brackets), run_time=1.4)
            for layer in (self.L, self.L - 1):
                self.read()
                come = [q for q in reversed(column.shown) if q != self.found]
                entries = [column.entry(q) for q in come if (q.layer == self.L) == (layer == self.L)]  # type: ignore[attr-defined]
                self.play(
                    self.diagram.pulse(layer, backward=True),
                    LaggedStart(*(FadeIn(entry, shift=0.1 * LEFT) for entry in entries), lag_ratio=0.3),
                    run_time=1.6,
                )
            self.read()
            self.play(FadeIn(column.dots), run_time=0.5)
