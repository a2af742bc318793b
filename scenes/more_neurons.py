"""Chapter 6, layers with additional neurons: two indices, one path for a weight, a sum over paths for an activation."""

from __future__ import annotations

from typing import Any

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    GrowFromCenter,
    LaggedStart,
    Mobject,
    VGroup,
)

from backprop_math import Activation, Cost, Example, General, Target, Weight, WeightedSum, load_example
from backprop_math.chain_rule import Path
from backprop_math.expression import Expression, Relation, Symbol
from backprop_math.quantities import Quantity
from scenes.kit import (
    COUNT_WORDS,
    Addend,
    Chapter,
    Compose,
    Formula,
    GradientColumn,
    LastLayers,
    Light,
    ProductTable,
    Prose,
    SumTable,
    Tag,
    Unlight,
    WeightMatrix,
    collected,
    cost_terms,
    counters,
    formula_line,
    last_layers,
    path_parts,
    path_terms,
    travel,
    weighted_terms,
)

#: How much larger the network is while only it is looked at, and while its neurons are counted.
CLOSE, NEAR = 1.4, 1.12
#: The decimals of every calculated number on the board.
DECIMALS = 3


class MoreNeurons(Chapter):
    """Indices j and k; a weight has one path to the cost, an activation of the layer before has several."""

    title = "Layers with additional neurons"
    place = (6, 7)
    example_name = "two_outputs"

    @classmethod
    def misfit(cls, example: Example) -> str | None:
        """At least two layers; 2 to 4 neurons in the one before the last, 2 or 3 outputs, which do not mix."""
        sizes, name = example.network.layers, example.name
        if len(sizes) < 3:
            return f"this chapter needs at least 2 layers after the input, the example {name!r} has {len(sizes) - 1}"
        if not (2 <= sizes[-2] <= 4 and 2 <= sizes[-1] <= 3):
            return (
                "this chapter needs 2 to 4 neurons in the layer before the last and 2 or 3 in the last one, "
                f"the example {name!r} has {sizes[-2]} and {sizes[-1]}"
            )
        if example.trace().graph.count_paths(Cost(), WeightedSum(example.network.L, 0)) != 1:
            return (
                f"this chapter needs outputs that each depend on one weighted sum, the example {name!r} has "
                f"{example.network.activation[-1].name}"
            )
        return None

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.lay_out()
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

    def lay_out(self) -> None:
        """The neuron k whose paths are followed: one where they differ in sign, if there is; and an output j ≠ k."""
        self.L, self.general = self.example.network.L, General(self.notation)
        stand = LastLayers(self.trace, self.notation)
        self.diagram, self.cost, self.board = stand.diagram, stand.cost, stand.board
        self.on_board, self.home = stand.on_board, stand.diagram.get_center()
        products = [[path.value for path in self._paths(k)] for k in range(self.example.network.layers[-2])]
        mixed = [k for k, values in enumerate(products) if min(values) < 0 < max(values)]
        self.k = mixed[0] if mixed else max(range(len(products)), key=lambda k: abs(sum(products[k])))
        self.j, self.cancels = 1 if self.k == 0 else 0, bool(mixed)

    def _paths(self, k: int) -> tuple[Path, ...]:
        return self.trace.chain_rule(Activation(self.L - 1, k)).paths

    # -- indices --------------------------------------------------------------------------------------

    def more_neurons_in_each_layer(self) -> None:
        """One neuron a layer becomes several, and the real activations run through them."""
        single = load_example("simplest").network
        chain = last_layers(single).move_to(self.diagram)
        VGroup(self.diagram, chain).shift(-self.home + 0.15 * UP).scale(CLOSE)
        moves: list[tuple[Mobject, Mobject]] = [
            (chain.neuron(single.L - back, 0).circle, neuron.circle)
            for back in range(3)
            for neuron in self.diagram.layer(self.L - back)
        ]
        with self.say(
            "So far, every layer had a single neuron. Now give each layer more of them. "
            "Not much changes: there are only a few more indices to keep track of.",
            key="more-neurons",
        ):
            self.add(chain)
            for layer in (single.L - 1, single.L):
                self.play(chain.pulse(layer), run_time=0.9)
            self.read()
            self.play(Compose(self.diagram, moves, old=chain), run_time=2.0)
            self.read()
            first = self.diagram.layer(self.L - 2)
            self.play(*(a for neuron in first for a in neuron.reveal(self.trace)), run_time=0.6)
            for layer in (self.L - 1, self.L):
                self.play(self.diagram.pulse(layer), run_time=0.7)
                self.play(*(a for n in self.diagram.layer(layer) for a in n.reveal(self.trace)), run_time=0.5)

    def the_indices_k_and_j(self) -> None:
        """The neurons of each layer are counted from 0."""
        self.names = VGroup()
        self.counters: dict[Activation, Tag] = {}
        self.diagram.save_state()
        self.diagram.scale(NEAR / CLOSE)
        for layer, letter, symbol in ((self.L - 1, "k", Activation("L-1", "k")), (self.L, "j", Activation("L", "j"))):
            neurons = self.diagram.layer(layer)
            self.counters |= counters(
                neurons, letter, (0.32 if len(self.diagram.layer(self.L - 1)) < 4 else 0.27) * NEAR
            )
            name = Formula(self.notation.symbol(symbol), 0.44 * NEAR)
            self.names.add(name.next_to(self.counters[neurons[0].quantity], UP, buff=0.04))
        with self.say(
            "Count the neurons of the layer before the last with k, starting at 0. "
            "Count those of the last layer with j.",
            key="indices",
        ):
            self.diagram.restore()
            self.play(self.diagram.animate.scale(NEAR / CLOSE), run_time=1.0)
            self.play(Light([self.diagram], [], [self.diagram.layer(self.L - 1), self.diagram.layer(self.L)]))
            for layer, name in zip((self.L - 1, self.L), self.names, strict=True):
                labels = [label for q, label in self.counters.items() if q.layer == layer]
                self.play(LaggedStart(*(FadeIn(label) for label in labels), lag_ratio=0.5), run_time=1.2)
                self.play(FadeIn(name, shift=0.15 * DOWN))
                self.read()
        self.labels = VGroup(self.names, *self.counters.values())

    def two_indices_on_a_weight(self) -> None:
        """w_jk: j first, where it leads, then k, where it comes from."""
        self.edge = self.diagram.edge(self.L, self.j, self.k)
        before, after = self.diagram.neuron(self.L - 1, self.k), self.diagram.neuron(self.L, self.j)
        middle = self.board.center[0]
        self.w_name = Formula(self.notation.symbol(Weight("L", "j", "k")), 1.2).move_to([middle, 1.5, 0])
        meanings = VGroup()
        for row, (letter, words) in enumerate(
            (("j", "the neuron that it leads to"), ("k", "the neuron that it comes from"))
        ):
            meaning = VGroup(Formula(Symbol(letter), 0.56), Prose(words, 0.38)).arrange(RIGHT, buff=0.35)
            for part in meaning:
                part.on_baseline(-0.1 - 0.85 * row)
            meanings.add(meaning.align_to([middle - 2.6, 0, 0], LEFT))
        self.stage: list[Mobject] = [self.diagram, self.labels]
        ends = {q: self.counters[q] for q in (before.quantity, after.quantity)}
        with self.say(
            "A weight joins two neurons, so it has two indices. "
            "First comes j, the neuron that it leads to. Then k, the neuron that it comes from.",
            key="two-indices",
        ):
            whole = VGroup(self.diagram, self.labels)
            self.play(whole.animate.scale(1 / NEAR).shift(self.home - self.diagram.get_center()), run_time=1.2)
            self.play(Light(self.stage, [self.edge]))
            self.play(FadeIn(self.w_name, target_position=self.edge, scale=0.3), run_time=1.2)
            lit = [self.edge]
            for neuron, meaning in zip((after, before), meanings, strict=True):
                self.read()
                lit.append(neuron)
                self.play(Light(self.stage, lit, [ends[part.quantity] for part in lit[1:]]))
                self.play(Compose(meaning, [(ends[neuron.quantity].formula, meaning[0])]))
        self.play(FadeOut(meanings), self.w_name.animate.scale(0.7).move_to([middle, 2.35, 0]), run_time=0.8)

    def its_place_in_the_matrix(self) -> None:
        """Row j, column k: a row has all the weights into one neuron."""
        network, stage = self.example.network, self.stage
        shape = {"size": 0.52, "gap": (1.35, 1.1), "width": self.board.width}
        symbols = WeightMatrix(network, self.L, self.notation, **shape)  # type: ignore[arg-type]
        numbers = WeightMatrix(network, self.L, self.notation, self.trace, **shape)  # type: ignore[arg-type]
        symbols.move_to([self.board.center[0], -0.1, 0])
        numbers.move_to(symbols)
        moves = [(self.diagram.edge(self.L, j, k), symbols.entry(j, k)) for j, k in symbols.places]
        with self.say(
            "Why in this order? It is the weight's place in a matrix: row j, column k. "
            f"So row {self.j} holds all the weights that lead into neuron {self.j}. "
            "And these are the weights of this network.",
            key="matrix",
        ):
            self.read()
            self.play(
                Light(stage, self.diagram.edges(self.L), [self.labels, self.diagram.layer(self.L - 1)]),
                FadeIn(symbols.brackets, symbols.labels),
                LaggedStart(*(FadeIn(e, target_position=m, scale=0.3) for m, e in moves), lag_ratio=0.12),
                run_time=2.0,
            )
            self.settle(symbols)
            here = [symbols.entry(self.j, self.k), symbols.row_label(self.j), symbols.column_label(self.k)]
            self.play(Light([*stage, symbols], [self.edge], [*here, symbols.brackets, *self._ends()]))
            self.read()
            into = [(self.diagram.edge(self.L, self.j, k), k) for k in range(network.layers[-2])]
            kept = [symbols.row_label(self.j), symbols.brackets, *self._ends()[2:]]
            for count in range(1, len(into) + 1):
                lit, entries = [edge for edge, _ in into[:count]], [symbols.entry(self.j, k) for _, k in into[:count]]
                self.play(Light([*stage, symbols], lit, [*kept, *entries]))
            self.read()
            self.play(Unlight(*stage, symbols))
            self.play(Compose(numbers, [(symbols.entry(*p), numbers.entry(*p)) for p in symbols.places], old=symbols))
        self.play(FadeOut(numbers, self.w_name), Unlight(*stage), run_time=0.7)

    def _ends(self) -> list[Mobject]:
        """The neurons and their numbers at the ends of the weight followed, the output last."""
        before, after = self.diagram.neuron(self.L - 1, self.k), self.diagram.neuron(self.L, self.j)
        return [before, self.counters[before.quantity], after, self.counters[after.quantity]]

    # -- forward --------------------------------------------------------------------------------------

    def the_cost_is_a_sum(self) -> None:
        """C_0 = Σ_j (a_j − y_j)², in symbols and in numbers."""
        outputs = [Activation(self.L, j) for j in range(self.example.network.layers[-1])]
        formula = formula_line(self.notation.definition(Cost(), expanded=False))
        total = (self.notation.symbol(Cost()), self.trace.cost)
        table = self._sum_table(cost_terms(self.trace, self.notation, DECIMALS), total, size=0.46, stacked=True)
        gone = VGroup(*(self.counters.pop(q) for q in outputs))
        squared = self.example.network.cost.name == "squared_error"
        off = "how far it is off, squared" if squared else "how far it is off"
        with self.say(
            f"The cost compares every output with the desired one. One term for each output: {off}.",
            key="cost",
        ):
            self.play(
                FadeOut(gone), LaggedStart(*(Create(self.cost.edge(q.j)) for q in outputs), FadeIn(self.cost.symbol))
            )
            self.labels.remove(*gone)
            self.settle(self.cost)
            self.play(FadeIn(self.cost.targets))
            self.stage = [self.diagram, self.labels, self.cost, self.cost.targets]
            self.read()
            for row, q in zip(table.rows, outputs, strict=True):
                neuron, target = self.diagram.neuron(self.L, q.j), self.cost.desired(q.j)
                self.play(Light(self.stage, [neuron, self.cost.edge(q.j)], [target, self.cost.symbol]))
                moves = [(neuron.number, row.numbers.quantity(q)), (target.formula, row.numbers.quantity(Target(q.j)))]
                self.play(Compose(row, moves), run_time=1.2)
        with self.say("The cost of this example is the sum over all outputs.", key="cost-sum"):
            self.play(Light(self.stage, self.cost, [self.diagram.layer(self.L), self.cost.targets]))
            self._add_up(table)
            self.play(FadeIn(formula, shift=0.2 * UP))
        self.settle(table)
        self.play(FadeOut(table, formula), run_time=0.6)

    def the_weighted_sum(self) -> None:
        """z_j with a term for each neuron before, and the bias; then a_j."""
        notation, L, j = self.notation, self.L, self.j
        z, a = WeightedSum(L, j), Activation(L, j)
        before = [Activation(L - 1, k) for k in range(self.example.network.layers[-2])]
        formula = formula_line(notation.definition(WeightedSum("L", "j")))
        total = (notation.symbol(z), self.trace.value(z))
        table = self._sum_table(weighted_terms(z, self.trace, notation, DECIMALS), total, size=0.42, gap=0.8)
        neuron = self.diagram.neuron(L, j)
        edges = [self.diagram.edge(L, j, q.j) for q in before]
        behind = [self.diagram.neuron(L - 1, q.j) for q in before]
        counts = [self.counters[q] for q in before]
        with self.say(
            "And where does an output come from? Its weighted sum has one term for each neuron of the layer before, "
            "and the bias.",
            key="weighted-sum",
        ):
            self.play(Light(self.stage, [*edges, neuron], [*behind, *counts]))
            self.play(FadeIn(formula, shift=0.2 * UP))
            self.read()
            for row, q, edge, source, count in zip(table.rows, before, edges, behind, counts, strict=False):
                w = Weight(L, j, q.j)
                tag = Tag(notation.number(w, self.trace), edge, place=0.48, size=0.32)
                self.play(Light(self.stage, [edge, neuron], [source, count]), FadeIn(tag, scale=0.7), run_time=0.6)
                moves = [(tag.formula, row.numbers.quantity(w)), (source.number, row.numbers.quantity(q))]
                self.play(Compose(row, moves), FadeOut(tag, run_time=0.4))
            self.play(FadeIn(table.rows[-1], target_position=neuron, scale=0.5))
            self.play(Light(self.stage, [*edges, neuron], [*behind, *counts]), run_time=0.5)
            self._add_up(table)
        definition = notation.definition(a)
        worked = notation.with_numbers(definition, self.trace, DECIMALS)
        activation = formula_line(Relation((*definition.sides, *worked.sides[1:]), ("=", *worked.signs)))
        with self.say("The activation follows from it, as before.", key="activation"):
            self.play(FadeOut(formula, shift=0.2 * DOWN), run_time=0.5)
            moves = [(table.result.symbols, activation.quantity(z, 1)), (table.result.value, activation.quantity(z, 2))]
            self.play(Light(self.stage, [neuron]), Compose(activation, moves), run_time=1.4)
        self.settle(table)
        self.play(FadeOut(table, activation), run_time=0.6)

    # -- backward -------------------------------------------------------------------------------------

    def one_path_for_a_weight(self) -> None:
        """∂C/∂w_jk: the three factors, with indices, along one path."""
        w = Weight(self.L, self.j, self.k)
        chain = self.trace.chain_rule(w)
        parts = self._parts_of(chain.paths[0])
        formula = formula_line(self.general.chain(Weight("L", "j", "k")))
        general = (WeightedSum("L", "j"), Activation("L", "j"), Cost())
        names = [f"{of}/{wrt}" for of, wrt in zip(general, (Weight("L", "j", "k"), *general), strict=False)]
        room = {"width": self.board.width, "height": self.board.height}
        table = self.on_board(ProductTable(chain, self.notation, decimals=DECIMALS, size=0.36, **room))
        with self.say(
            "Now backward: how does the cost react to one weight? "
            "This weight acts on one output only, so there is one path to the cost.",
            key="one-path",
        ):
            self.play(Light(self.stage, [self.edge]), FadeOut(self.cost.targets))
            self.stage.remove(self.cost.targets)
            self.read()
            self.play(travel(parts))
            self.play(Light(self.stage, parts))
        # Where each factor's number is found: the first is the activation behind the weight.
        source, target = self.diagram.neuron(self.L - 1, self.k), self.cost.desired(self.j)
        steps = collected(parts, table.values, self.cost)
        with self.say(
            "The chain rule is the one that you know: three factors, now with indices.",
            key="three-factors",
        ):
            self.play(Light(self.stage, []), FadeIn(VGroup(formula.side(0), formula.sign(0)), shift=0.2 * UP))
            for name, step, row in zip(names, steps, table.rows, strict=True):
                found = source.number if step is steps[0] else step.tag.formula
                come = [] if step is steps[0] else [FadeIn(step.tag)]
                if step is steps[2]:
                    come.append(FadeIn(target))
                self.play(
                    Light(self.stage, step.lit, [source] if step is steps[0] else []),
                    step.light(),
                    FadeIn(formula.term(name), shift=0.2 * UP),
                    *come,
                )
                self.play(Compose(row, [(found, row.side(2))]), FadeOut(step.tag, run_time=0.4))
            self.play(Create(table.rule), run_time=0.6)
            self.play(Compose(table.product, table.factors))
        self.settle(formula, table)
        self.play(FadeOut(table, formula, target), run_time=0.6)

    def several_paths_for_an_activation(self) -> None:
        """∂C/∂a_k: a product for each path; they are added."""
        a = Activation(self.L - 1, self.k)
        paths = self._paths(self.k)
        total = (self.notation.derivative_symbol(Cost(), a), self.trace.derivative(a))
        terms = path_terms(self.trace.chain_rule(a), DECIMALS)
        self.table = self._sum_table(terms, total, size=0.42, symbols_size=0.35, stacked=True)
        self.every = [self._parts_of(path) for path in paths]
        self.lit = [part for parts in self.every for part in parts]
        with self.say(
            "An activation is different. "
            f"It feeds every output, so it reaches the cost along {COUNT_WORDS[len(paths)]} paths.",
            key="several-paths",
        ):
            self.play(Light(self.stage, [self.lit[0]]))
            self.read()
            self.play(*(travel(parts) for parts in self.every))
            self.play(Light(self.stage, self.lit))
        with self.say(
            "Along the first path, collect a factor at every step, and multiply the three.", key="first-path"
        ):
            self._collect(paths, 0)
        last = (
            "The other path has a product of its own."
            if len(paths) == 2
            else "Each of the other paths has a product of its own."
        )
        with self.say(last, key="other-paths"):
            for index in range(1, len(paths)):
                self._collect(paths, index)
        cancels = " Here they pull in opposite directions, and partly cancel." if self.cancels else ""
        with self.say(f"The cost feels all of them at once: add them.{cancels}", key="paths-add-up"):
            self.play(Light([*self.stage, *self.table.rows], self.lit, self.table.rows))
            self._add_up(self.table)
        self.settle(self.table)

    def _parts_of(self, path: Path) -> list[Mobject]:
        quantities = [path.factors[0].wrt, *(factor.of for factor in path.factors)]
        return path_parts(quantities, self.diagram, self.cost)

    def _collect(self, paths: tuple[Path, ...], index: int) -> None:
        """The light goes along a path; each factor appears where it passes, and then goes to its row."""
        row, before = self.table.row(index), self.table.rows[:index]
        names = [f"{factor.of}/{factor.wrt}" for factor in paths[index].factors]
        steps = collected(self.every[index], row.factors, self.cost)
        stage = [*self.stage, *before]
        self.play(Light(stage, [self.lit[0]]), run_time=0.5)
        for step, name in zip(steps, names, strict=True):
            self.play(Light(stage, step.lit), step.light(), FadeIn(step.tag), FadeIn(row.symbols.term(name)))
        moves = [(step.tag.formula, row.numbers.term(name)) for step, name in zip(steps, names, strict=True)]
        tags = [step.tag for step in steps]
        self.play(Compose(row.numbers, moves), *(FadeOut(tag, run_time=0.4) for tag in tags), run_time=1.4)
        self.settle(row)

    def a_sum_over_paths(self) -> None:
        """∂C/∂a_k = Σ_j …"""
        formula = formula_line(self.general.chain(Activation("L-1", "k")))
        with self.say(
            "For any network, write it as a sum over j: one product for each neuron of the last layer.",
            key="sum",
        ):
            self.play(FadeIn(formula, shift=0.2 * UP), run_time=1.0)
            self.read()
            rows, rest = self.table.rows, [self.table.rule, self.table.result]
            for parts, row in zip(self.every, rows, strict=True):
                self.play(Light([*self.stage, *rows, *rest], parts, [row]), run_time=0.6)
                self.rest(0.4)
            self.play(Light([*self.stage, *rows, *rest], self.lit, [*rows, *rest]))
        self.formula = formula

    def the_layer_before(self) -> None:
        """The sum takes the place of 2(a − y); with it, the same three factors."""
        L, k = self.L, self.k
        m = next(m for m in (1, 0) if self.diagram.draws(Weight(L - 1, k, m)))
        w, z, a = Weight(L - 1, k, m), WeightedSum(L - 1, k), Activation(L - 1, k)
        chain, numbers = self.general.chain(w), self.general.numbers(w, self.trace)
        whole = formula_line(Relation((*chain.sides, *numbers.sides[1:]), ("=", *numbers.signs)))
        first = VGroup(whole.side(0), whole.sign(0), whole.side(1))
        total = whole.term(f"{Cost()}/{a}", side=2)
        slope = whole.term(f"{a}/{z}", side=2)
        rest = [g for g in whole if g not in first.family_members_with_points()]
        two = VGroup(*(g for g in rest if g.get_x() <= slope.get_right()[0]))
        third = VGroup(*(g for g in rest if g.get_x() > slope.get_right()[0]))
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
            self.play(Light(self.stage, [edge, *self.lit]), FadeOut(self.formula))
            self.play(FadeIn(first, shift=0.2 * UP))
            self.read()
            self.play(Light(self.stage, [edge, neuron], [source, *self.lit]))
            self.play(Compose(two, [(source.number, whole.term(f"{z}/{w}", side=2))]))
            self.read()
            self.play(Light(self.stage, self.lit, [edge]))
            self.play(Compose(third, [(self.table.result.value, total)]), run_time=1.4)
        self.remove(first, two, third)
        self.add(whole)
        self.formula, self.found = whole, w

    def the_whole_gradient(self) -> None:
        """Layer by layer, back to the first; all real numbers."""
        parameters: list[Quantity] = list(self.example.network.parameters)
        column = GradientColumn(self.trace, self.notation, first=3, last=2).move_to([3.6, 0.1, 0])
        with self.say(
            "Nothing else is needed. Go on like this, layer by layer, back to the first. "
            f"Each of the {len(parameters):,} weights and biases gets its number: this is the gradient.",
            key="gradient",
        ):
            self.play(FadeOut(self.table, self.labels), Unlight(self.diagram, self.cost))
            if self.found in column:
                entry = column.entry(self.found)
                moves: list[tuple[Mobject, Mobject]] = [(self.formula.side(-1), column.value(self.found))]
                self.play(Compose(entry, moves, old=self.formula), run_time=1.4)
                self.play(GrowFromCenter(column.brackets))
            else:
                self.play(FadeOut(self.formula), run_time=0.5)
                self.play(GrowFromCenter(column.brackets))
            for layer in (self.L, self.L - 1):
                self.play(self.diagram.pulse(layer, backward=True), run_time=0.9)
            self.read()
            shown = [column.entry(q) for q in reversed(parameters) if q in column and q != self.found]
            half = len(shown) // 2
            order = [*shown[:half], column.dots, *shown[half:]] if len(column.dots) else shown
            self.play(LaggedStart(*(FadeIn(entry, shift=0.1 * UP) for entry in order), lag_ratio=0.3), run_time=2.5)

    # -- parts ----------------------------------------------------------------------------------------

    def _sum_table(self, addends: list[Addend], total: tuple[Expression, float], **style: Any) -> SumTable:
        """A sum on the board."""
        room = {"width": self.board.width, "height": self.board.height}
        return self.on_board(SumTable(addends, total, decimals=DECIMALS, **room, **style))

    def _add_up(self, table: SumTable) -> None:
        """The rule, and under it the sum, from the values above."""
        self.play(Create(table.rule), FadeIn(table.result.symbols), run_time=0.6)
        self.play(Compose(table.result.numbers, table.carried), run_time=1.4)
