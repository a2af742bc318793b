"""Chapter 6, layers with additional neurons: two indices, one path for a weight, a sum over paths for an activation."""

from __future__ import annotations

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
from backprop_math.expression import Expression, Relation, Symbol, Term
from backprop_math.quantities import Quantity
from scenes.kit import (
    COUNT_WORDS,
    Addend,
    Chapter,
    Compose,
    CostNode,
    Formula,
    GradientColumn,
    Light,
    NetworkDiagram,
    ProductTable,
    Prose,
    Row,
    SumTable,
    Tag,
    Unlight,
    WeightMatrix,
    cost_terms,
    counters,
    path_parts,
    path_terms,
    theme,
    travel,
    weighted_terms,
)

#: How much larger the network is while only it is looked at, and while its neurons get their numbers.
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
        self.choose_a_path()
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

    def choose_a_path(self) -> None:
        """The neuron k whose paths are followed: one where they differ in sign, if there is; and an output j ≠ k."""
        self.L, self.general = self.example.network.L, General(self.notation)
        before, after = self.example.network.layers[-2:]
        products = [[path.value for path in self._paths(k)] for k in range(before)]
        mixed = [k for k in range(before) if min(products[k]) < 0 < max(products[k])]
        self.k = mixed[0] if mixed else max(range(before), key=lambda k: abs(sum(products[k])))
        self.j = 1 if self.k == 0 else 0
        self.cancels, self.outputs = bool(mixed), after

    def _paths(self, k: int) -> tuple[Path, ...]:
        return self.trace.chain_rule(Activation(self.L - 1, k)).paths

    # -- indices --------------------------------------------------------------------------------------

    def more_neurons_in_each_layer(self) -> None:
        """One neuron a layer becomes several, and the real activations run through them."""
        network, first = self.example.network, self.L - 2
        four = network.layers[-2] > 3
        style = {"width": 3.3 if first else 3.8, "height": 3.1, "radius": 0.345 if four else 0.38, "first": first}
        self.diagram = NetworkDiagram(network, most=4 if four else 3, **style)  # type: ignore[arg-type]
        self.diagram.align_to([theme.safe.left + 0.05, 0, 0], LEFT).shift((0.33 if four else 0.3) * UP)
        self.home = self.diagram.get_center()
        single = load_example("simplest").network
        chain = NetworkDiagram(single, **style | {"first": single.L - 2}).move_to(self.diagram)  # type: ignore[arg-type]
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
            self.play(*(a for neuron in self.diagram.layer(first) for a in neuron.reveal(self.trace)), run_time=0.6)
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
            self.counters |= counters(neurons, letter, 0.26 * NEAR)
            name = Formula(self.notation.symbol(symbol), 0.4 * NEAR)
            self.names.add(name.next_to(neurons[0], UP, buff=(0.36 if len(neurons) > 3 else 0.45) * NEAR))
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
        self.w_name = Formula(self.notation.symbol(Weight("L", "j", "k")), 1.1).move_to([2.9, 1.3, 0])
        meanings = VGroup(
            *(
                VGroup(Formula(Symbol(letter), 0.5), Prose(words, 0.36)).arrange(RIGHT, buff=0.3)
                for letter, words in (("j", "the neuron that it leads to"), ("k", "the neuron that it comes from"))
            )
        )
        for row, meaning in enumerate(meanings):
            meaning[0].on_baseline(-0.75 * row - 0.2).align_to([0.9, 0, 0], LEFT)
            meaning[1].on_baseline(-0.75 * row - 0.2).align_to([1.4, 0, 0], LEFT)
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
        self.play(FadeOut(meanings), self.w_name.animate.scale(0.7).move_to([2.9, 2.3, 0]), run_time=0.8)

    def its_place_in_the_matrix(self) -> None:
        """Row j, column k: a row has all the weights into one neuron."""
        network = self.example.network
        shape = {"size": 0.46, "gap": (1.3, 0.95), "width": 6.0}
        symbols = WeightMatrix(network, self.L, self.notation, **shape).move_to([2.9, 0.0, 0])  # type: ignore[arg-type]
        numbers = WeightMatrix(network, self.L, self.notation, self.trace, **shape)  # type: ignore[arg-type]
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
                Light(self.stage, self.diagram.edges(self.L), [self.labels, self.diagram.layer(self.L - 1)]),
                FadeIn(symbols.brackets, symbols.labels),
                LaggedStart(*(FadeIn(e, target_position=m, scale=0.3) for m, e in moves), lag_ratio=0.12),
                run_time=2.0,
            )
            self.remove(symbols, *symbols)
            self.add(symbols)
            here = [symbols.entry(self.j, self.k), symbols.row_label(self.j), symbols.column_label(self.k)]
            self.play(Light([*self.stage, symbols], [self.edge], [*here, symbols.brackets, *self._ends()]))
            self.read()
            into = [(self.diagram.edge(self.L, self.j, k), k) for k in range(network.layers[-2])]
            kept = [symbols.row_label(self.j), symbols.brackets, *self._ends()[2:]]
            for count in range(1, len(into) + 1):
                lit, entries = [edge for edge, _ in into[:count]], [symbols.entry(self.j, k) for _, k in into[:count]]
                self.play(Light([*self.stage, symbols], lit, [*kept, *entries]))
            self.read()
            self.play(Unlight(*self.stage, symbols))
            self.play(Compose(numbers, [(symbols.entry(*p), numbers.entry(*p)) for p in symbols.places], old=symbols))
        self.play(FadeOut(numbers, self.w_name), Unlight(*self.stage), run_time=0.7)

    def _ends(self) -> list[Mobject]:
        """The neurons and their numbers at the ends of the weight followed, the output last."""
        before, after = self.diagram.neuron(self.L - 1, self.k), self.diagram.neuron(self.L, self.j)
        return [before, self.counters[before.quantity], after, self.counters[after.quantity]]

    # -- forward --------------------------------------------------------------------------------------

    def the_cost_is_a_sum(self) -> None:
        """C_0 = Σ_j (a_j − y_j)², in symbols and in numbers."""
        notation, cost = self.notation, self.example.network.cost
        outputs = [Activation(self.L, j) for j in range(self.outputs)]
        self.cost = CostNode(self.diagram, notation, self.trace)
        self.board = theme.safe.right - self.cost.get_right()[0] - 0.47  # the width of the room that is left
        formula = self._zone(notation.definition(Cost(), expanded=False))
        table = self._table(cost_terms(self.trace, notation, DECIMALS), Cost())
        gone = VGroup(*(self.counters.pop(q) for q in outputs))
        off = "how far it is off, squared" if cost.name == "squared_error" else "how far it is off"
        with self.say(
            f"The cost compares every output with the desired one. One term for each output: {off}.",
            key="cost",
        ):
            self.play(
                FadeOut(gone), LaggedStart(*(Create(self.cost.edge(q.j)) for q in outputs), FadeIn(self.cost.symbol))
            )
            self.labels.remove(*gone)
            self._settle(self.cost)
            self.play(FadeIn(self.cost.targets))
            self.stage = [self.diagram, self.labels, self.cost, self.cost.targets]
            self.read()
            for row, q in zip(table.rows, outputs, strict=True):
                neuron, target = self.diagram.neuron(*self._at(q)), self.cost.desired(q.j)
                self.play(Light(self.stage, [neuron, self.cost.edge(q.j)], [target, self.cost.symbol]))
                moves = [(neuron.number, row.numbers.quantity(q)), (target.formula, row.numbers.quantity(Target(q.j)))]
                self.play(Compose(row, moves), run_time=1.2)
        with self.say("The cost of this example is the sum over all outputs.", key="cost-sum"):
            self.play(Light(self.stage, self.cost, [self.diagram.layer(self.L), self.cost.targets]))
            self._add_up(table)
            self.play(FadeIn(formula, shift=0.2 * UP))
        self._settle(table)
        self.play(FadeOut(table, formula), run_time=0.6)

    def the_weighted_sum(self) -> None:
        """z_j with a term for each neuron before, and the bias; then a_j."""
        notation, L, j = self.notation, self.L, self.j
        z, a = WeightedSum(L, j), Activation(L, j)
        before = [Activation(L - 1, k) for k in range(self.example.network.layers[-2])]
        formula = self._zone(notation.definition(WeightedSum("L", "j")))
        table = self._table(weighted_terms(z, self.trace, notation, DECIMALS), z)
        neuron = self.diagram.neuron(L, j)
        edges = [self.diagram.edge(L, j, q.j) for q in before]
        behind = [self.diagram.neuron(*self._at(q)) for q in before]
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
                tag = Tag(notation.number(w, self.trace), edge, place=0.48, size=0.28)
                self.play(Light(self.stage, [edge, neuron], [source, count]), FadeIn(tag, scale=0.7), run_time=0.6)
                moves = [(tag.formula, row.numbers.quantity(w)), (source.number, row.numbers.quantity(q))]
                self.play(Compose(row, moves))
                self.play(FadeOut(tag), run_time=0.3)
            self.play(FadeIn(table.rows[-1], target_position=neuron, scale=0.5))
            self.play(Light(self.stage, [*edges, neuron], [*behind, *counts]), run_time=0.5)
            self._add_up(table)
        definition = notation.definition(a)
        worked = notation.with_numbers(definition, self.trace, DECIMALS)
        activation = self._zone(Relation((*definition.sides, *worked.sides[1:]), ("=", *worked.signs)))
        with self.say("The activation follows from it, as before.", key="activation"):
            self.play(FadeOut(formula, shift=0.2 * DOWN), run_time=0.5)
            moves = [(table.result.symbols, activation.quantity(z, 1)), (table.result.value, activation.quantity(z, 2))]
            self.play(Light(self.stage, [neuron]), Compose(activation, moves), run_time=1.4)
        self._settle(table)
        self.play(FadeOut(table, activation), run_time=0.6)

    # -- backward -------------------------------------------------------------------------------------

    def one_path_for_a_weight(self) -> None:
        """∂C/∂w_jk: the three factors, with indices, along one path."""
        notation, w = self.notation, Weight(self.L, self.j, self.k)
        chain = self.trace.chain_rule(w)
        (path,) = chain.paths
        parts = path_parts([w, *(factor.of for factor in path.factors)], self.diagram, self.cost)
        formula = self._zone(self.general.chain(Weight("L", "j", "k"))).align_to(self.diagram, LEFT)
        general = (WeightedSum("L", "j"), Activation("L", "j"), Cost())
        names = [f"{of}/{wrt}" for of, wrt in zip(general, (Weight("L", "j", "k"), *general), strict=False)]
        table = ProductTable(chain, notation, decimals=DECIMALS, width=self.board).move_to([0, 0.65, 0])
        table.align_to([self.cost.get_right()[0] + 0.47, 0, 0], LEFT)
        with self.say(
            "Now backward: how does the cost react to one weight? "
            "This weight acts on one output only, so there is one path to the cost.",
            key="one-path",
        ):
            self.play(Light(self.stage, [self.edge]))
            self.read()
            self.play(travel(parts))
            self.play(Light(self.stage, parts))
        # Which part of the picture each factor belongs to, and where its number is seen.
        source = self.diagram.neuron(self.L - 1, self.k)
        steps = [([parts[0]], [source, *parts]), ([parts[1]], parts), (parts[2:], parts)]
        with self.say(
            "The chain rule is the one that you know: three factors, now with indices.",
            key="three-factors",
        ):
            self.play(FadeIn(VGroup(formula.side(0), formula.sign(0)), shift=0.2 * UP))
            for name, (lit, plain), row in zip(names, steps, table.rows, strict=True):
                self.play(Light(self.stage, lit, plain), FadeIn(formula.term(name), shift=0.2 * UP))
                moves = [(source.number, row.side(2))] if row is table.rows[0] else []
                self.play(Compose(row, moves))
            self.play(Light(self.stage, parts), Create(table.rule))
            self.play(Compose(table.product, table.factors))
        self._settle(formula)
        self._settle(table)
        self.play(FadeOut(table, formula), run_time=0.6)

    def several_paths_for_an_activation(self) -> None:
        """∂C/∂a_k: a product for each path; they are added."""
        a = Activation(self.L - 1, self.k)
        paths = self._paths(self.k)
        self.table = self._table(path_terms(self.trace.chain_rule(a), DECIMALS), a)
        every = [path_parts([a, *(f.of for f in path.factors)], self.diagram, self.cost) for path in paths]
        self.lit = [part for parts in every for part in parts]
        with self.say(
            "An activation is different. "
            f"It feeds every output, so it reaches the cost along {COUNT_WORDS[len(paths)]} paths.",
            key="several-paths",
        ):
            self.play(Light(self.stage, [self.lit[0]]), FadeOut(self.cost.targets))
            self.stage.remove(self.cost.targets)
            self.read()
            self.play(*(travel(parts) for parts in every))
            self.play(Light(self.stage, self.lit))
        with self.say("Along the first path, multiply the three factors.", key="first-path"):
            self._collect(paths[0], every[0], self.table.row(0))
        last = (
            "The other path has a product of its own."
            if len(paths) == 2
            else "Each of the other paths has a product of its own."
        )
        with self.say(last, key="other-paths"):
            for row in range(1, len(paths)):
                self._collect(paths[row], every[row], self.table.row(row))
        cancels = " Here they pull in opposite directions, and partly cancel." if self.cancels else ""
        with self.say(f"The cost feels all of them at once: add them.{cancels}", key="paths-add-up"):
            self.play(Light(self.stage, self.lit))
            self._add_up(self.table)
        self._settle(self.table)
        self.every = every

    def _collect(self, path: Path, parts: list[Mobject], row: Row) -> None:
        """The factors appear along a path, and travel into its row."""
        _, edge, output, out, _ = parts
        names = [f"{factor.of}/{factor.wrt}" for factor in path.factors]
        numbers = {node.name: node.body for node in row.numbers.expression.walk() if isinstance(node, Term)}
        tags = [
            Tag(numbers[name], at, place=0.52, size=0.28) for name, at in zip(names, (edge, None, out), strict=True)
        ]
        tags[1].move_to(self.cost.desired(output.quantity.j))
        self.play(Light(self.stage, parts), FadeIn(row.symbols))
        self.play(LaggedStart(*(FadeIn(tag, scale=0.7) for tag in tags), lag_ratio=0.4), run_time=1.2)
        moves = [(tag.formula, row.numbers.term(name)) for tag, name in zip(tags, names, strict=True)]
        self.play(Compose(row.numbers, moves), run_time=1.4)
        self.play(FadeOut(*tags), run_time=0.4)
        self._settle(row)

    def a_sum_over_paths(self) -> None:
        """∂C/∂a_k = Σ_j …"""
        formula = self._zone(self.general.chain(Activation("L-1", "k")))
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
        (m,) = [m for m in (1, 0) if (L - 1, k, m) in self.diagram._edges][:1]
        w = Weight(L - 1, k, m)
        chain, numbers = self.general.chain(w), self.general.numbers(w, self.trace)
        whole = self._zone(Relation((*chain.sides, *numbers.sides[1:]), ("=", *numbers.signs)))
        first = VGroup(whole.side(0), whole.sign(0), whole.side(1))
        z, a = WeightedSum(L - 1, k), Activation(L - 1, k)
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
        column = GradientColumn(self.trace, self.notation, first=3, last=2, row=0.98).move_to([3.6, 0.1, 0])
        with self.say(
            "Nothing else is needed. Go on like this, layer by layer, back to the first. "
            f"Each of the {len(parameters):,} weights and biases gets its number: this is the gradient.",
            key="gradient",
        ):
            self.play(FadeOut(self.table), Unlight(*self.stage))
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

    def _zone(self, expression: Expression) -> Formula:
        """A formula in the formula line."""
        formula = Formula(expression, 0.46).fit(theme.formula_zone.width)
        formula.scale(min(1.0, 1.1 / formula.height))
        return formula.move_to(theme.formula_zone.center).shift(0.065 * DOWN)

    def _table(self, addends: list[Addend], total: Quantity) -> SumTable:
        """A sum on the board; of a quantity's value, or for an activation before the last layer ∂C by it."""
        derivative = isinstance(total, Activation)
        name = self.notation.derivative_symbol(Cost(), total) if derivative else self.notation.symbol(total)
        value = self.trace.derivative(total) if derivative else self.trace.value(total)
        table = SumTable(
            addends,
            (name, value),
            decimals=DECIMALS,
            size=0.37,
            symbols_size=0.3 if derivative else None,
            gap=0.95 if len(addends) <= 3 else 0.66,
            width=self.board,
        )
        return table.move_to([theme.safe.right - 0.02 - self.board / 2, 0.65, 0])

    def _at(self, quantity: Activation) -> tuple[int, int]:
        return quantity.layer, quantity.j  # type: ignore[return-value]

    def _add_up(self, table: SumTable) -> None:
        """The rule, and under it the sum, from the values above."""
        self.play(Create(table.rule), FadeIn(table.result.symbols), run_time=0.6)
        values = VGroup(*(row.value for row in table.rows))
        self.play(Compose(table.result.numbers, [(values, table.result.value)]), run_time=1.2)

    def _settle(self, whole: VGroup) -> None:
        """What came in parts is one thing from here on."""
        self.remove(whole, *whole)
        self.add(whole)
