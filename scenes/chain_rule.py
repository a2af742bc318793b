"""Chapter 2, the chain rule in networks: one neuron a layer, a nudge, and three ratios that multiply."""

from __future__ import annotations

from itertools import pairwise

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    GrowArrow,
    LaggedStart,
    Line,
    Mobject,
    VGroup,
)

from backprop_film.kit import (
    ChangeQuantity,
    Chapter,
    Compose,
    ComputationTree,
    Dim,
    Formula,
    FormulaWithNumbers,
    Gauge,
    NetworkDiagram,
    Rewrite,
    Underscore,
    Zoom,
    close_up_span,
    columns,
    equal_width_spans,
    formula_line,
    nice_span,
    rules_after,
    theme,
)
from backprop_film.sets import COUNT_WORDS, NUDGES, LayerQuantities, last_layer_tree, misfit_of_single_neurons
from backprop_math import Activation, Cost, Derivative, Example, Glyph, Notation, Nudge, Partial, Quantity, Relation
from backprop_math.formula import Apply, Listing

#: How much larger the last two neurons are while only they are looked at.
CLOSE = 1.3
#: The nudge that is looked at, large enough to be seen.
VISIBLE_NUDGE = 0.6


class ChainRule(Chapter):
    """A nudge to the last weight moves z, then a, then the cost; the ratio of the nudges is a product."""

    title = "The chain rule in networks"
    example_name = "simplest"

    @classmethod
    def misfit(cls, example: Example) -> str | None:
        """Only networks with one neuron a layer."""
        return misfit_of_single_neurons(example)

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.last = LayerQuantities(self.example.network.L)
        self.the_cost_depends_on_every_parameter()
        self.the_last_two_neurons()
        self.the_desired_output_and_the_cost()
        self.the_weighted_sum()
        self.the_computation_tree()
        self.a_number_line_for_each()
        self.a_nudge_to_the_weight()
        self.a_ratio_that_settles()
        self.a_ratio_for_each_link()
        self.the_chain_rule()

    # -- the network ----------------------------------------------------------------------------------

    def the_cost_depends_on_every_parameter(self) -> None:
        """C(w1, b1, …): each symbol comes from its edge or its neuron."""
        count = self.example.network.L
        self.diagram = NetworkDiagram(self.example.network, width=min(3.2 * count, 11.6), radius=0.46)
        self.diagram.shift(0.55 * UP)
        names = Notation(self.example.network, layers="absolute")
        links = [LayerQuantities(layer) for layer in range(1, count + 1)]
        self.weight_names = {q.w: self._edge_name(names, q) for q in links}
        self.bias_names = {q.b: self._bias_name(names, q) for q in links}
        labels = self.weight_names | self.bias_names
        parameters = [q for link in links for q in (link.w, link.b)]
        cost = Formula(Apply(names.symbol(Cost(None)), Listing(tuple(names.symbol(q) for q in parameters))))
        cost.move_to(theme.formula_zone.center)
        words = COUNT_WORDS[count]
        layers = VGroup(*(label[1:] for label in labels.values()))
        with self.say(
            f"{words.capitalize()} weights and {words} biases: that is all this network has. "
            "The number in brackets says which layer: it is not an exponent. "
            f"So the cost is a function of {COUNT_WORDS[2 * count]} numbers. "
            "How sensitive is it to each of them?",
            key="parameters",
        ):
            self.add(self.diagram)
            for layer in range(1, count + 1):
                self.play(self.diagram.pulse(layer), run_time=0.6)
            self.play(LaggedStart(*(FadeIn(label, shift=0.15 * DOWN) for label in labels.values()), lag_ratio=0.15))
            self.read()
            self.play(Underscore(*layers))
            self.read()
            self.play(Compose(cost, [(labels[q], cost.quantity(q)) for q in parameters], run_time=1.8))
            self.read()
            marks = [Underscore(cost.quantity(q)) for q in parameters]
            self.play(LaggedStart(*marks, lag_ratio=0.25), run_time=2.2)
        self.play(FadeOut(cost))

    def _edge_name(self, notation: Notation, link: LayerQuantities, scale: float = 1.0) -> Formula:
        edge = self.diagram.edge(link.layer, 0, 0)
        return Formula(notation.symbol(link.w), font_size=scale * theme.symbol_size).next_to(
            edge, UP, buff=scale * 0.22
        )

    def _bias_name(self, notation: Notation, link: LayerQuantities, scale: float = 1.0) -> Formula:
        neuron = self.diagram.neuron(link.layer, 0)
        return Formula(notation.symbol(link.b), font_size=scale * theme.symbol_size).next_to(
            neuron, DOWN, buff=scale * 0.22
        )

    def the_last_two_neurons(self) -> None:
        """Only the last link stays, and its layers are named from the end: L and L − 1."""
        q, diagram = self.last, self.diagram
        self.edge = diagram.edge(q.layer, 0, 0)
        self.before, self.after = diagram.neuron(q.layer - 1, 0), diagram.neuron(q.layer, 0)
        kept = VGroup(self.edge, self.before, self.after)
        old_w, old_b = self.weight_names.pop(q.w), self.bias_names.pop(q.b)
        gone = [m for m in diagram if m not in kept.submobjects]
        with self.say(
            "Look only at the last two neurons. "
            "We name layers by counting back from the last one: L, then L − 1. "
            "Here are the two activations.",
            key="last-two",
        ):
            self.play(FadeOut(*gone, *self.weight_names.values(), *self.bias_names.values()))
            self.remove(diagram)
            focus = VGroup(kept, old_w, old_b)
            self.play(focus.animate.shift(-kept.get_center() + 0.55 * UP).scale(CLOSE), run_time=1.2)
            self.w_name = self._edge_name(self.notation, q, CLOSE)
            self.b_name = self._bias_name(self.notation, q, CLOSE)
            self.a_names = VGroup(
                *(
                    Formula(self.notation.symbol(a), font_size=CLOSE * theme.symbol_size).next_to(neuron, UP, buff=0.2)
                    for a, neuron in ((q.previous, self.before), (q.a, self.after))
                )
            )
            self.read()
            self.play(Rewrite(old_w, self.w_name), Rewrite(old_b, self.b_name))
            self.play(FadeIn(self.a_names, shift=0.15 * DOWN))
            self.play(Underscore(self.a_names[1][1:], self.a_names[0][1:]))
            self.read()
            self.play(*self.before.reveal(self.trace), *self.after.reveal(self.trace))
        self.link = VGroup(kept, self.w_name, self.b_name, self.a_names)

    def the_desired_output_and_the_cost(self) -> None:
        """C_0 = (a − y)², in symbols and in numbers."""
        q, notation = self.last, self.notation
        self.y_name = Formula(Relation((notation.symbol(q.y), notation.number(q.y, self.trace))), font_size=44.16)
        self.board: dict[Quantity, FormulaWithNumbers] = {q.cost: self._definition(q.cost, row=2)}
        symbols, numbers = self.board[q.cost].symbols, self.board[q.cost].numbers
        with self.say(
            f"The last activation is {self.shown(self.trace.value(q.a))}; the desired output is "
            f"{self.shown(self.trace.value(q.y))}. The cost of this one training example measures the miss: "
            f"{self.shown(self.trace.value(q.cost))}.",
            key="cost",
        ):
            self.play(self.link.animate.shift(4.1 * LEFT + 0.3 * UP).scale(1 / CLOSE), run_time=1.2)
            self.play(FadeIn(self.y_name.next_to(self.after, RIGHT, buff=0.35), shift=0.2 * LEFT))
            self.read()
            moves = [(self.a_names[1], symbols.quantity(q.a)), (self.y_name.quantity(q.y)[:1], symbols.quantity(q.y))]
            self.play(Compose(symbols, moves))
            self.play(Rewrite(symbols, numbers, keep=True))

    def _definition(self, quantity: Quantity, row: int) -> FormulaWithNumbers:
        """A definition on the board, and under it the same in numbers."""
        relation = self.notation.definition(quantity)
        return FormulaWithNumbers(
            relation, self.notation.with_numbers(relation, self.trace), at=(1.75, 2.2 - 1.55 * row)
        )

    def the_weighted_sum(self) -> None:
        """The activation as σ(w a + b), whose inside gets a name of its own."""
        q = self.last
        whole = Formula(self.notation.activation_of_parts(q.a), font_size=45.12)
        self.board[q.z] = self._definition(q.z, row=0)
        self.board[q.a] = self._definition(q.a, row=1)
        whole.align_to(self.board[q.a].symbols, LEFT).fit(theme.safe.right - self.board[q.a].symbols.get_left()[0])
        whole.on_baseline(self.board[q.a].symbols.baseline)
        sources: list[tuple[Mobject, Mobject]] = [
            (self.w_name, whole.quantity(q.w)),
            (self.a_names[0], whole.quantity(q.previous)),
            (self.b_name, whole.quantity(q.b)),
            (self.a_names[1], whole.quantity(q.a)),
        ]
        with self.say(
            "The last activation comes from the weight, the activation before it, and the bias. "
            f"The weighted sum inside gets a name of its own: z.{self._squeezed()} "
            "So the network computes first z, then a, then the cost.",
            key="weighted-sum",
        ):
            self.play(Compose(whole, sources, run_time=1.6))
            for words, x in (("the weight", q.w), ("the activation before it", q.previous), ("the bias", q.b)):
                self.reach(words)
                self.play(Underscore(whole.quantity(x)), run_time=1.0)
            self.read()
            z, a = self.board[q.z], self.board[q.a]
            inside = VGroup(*(whole.quantity(x) for x in (q.w, q.previous, q.b)))
            inside_z = VGroup(*(z.symbols.quantity(x) for x in (q.w, q.previous, q.b)))
            self.play(Compose(z.symbols, [(inside.copy(), inside_z)]), Rewrite(whole, a.symbols), run_time=1.6)
            self.read()
            if self._squeezed():
                self.play(Underscore(a.symbols.side(1)))
                self.read()
            self.play(FadeIn(z.numbers))
            self.play(FadeIn(a.numbers))

    def _squeezed(self) -> str:
        """What the sigmoid does, in words; other functions are only named."""
        function = self.example.network.activation[-1]
        return " Sigma, the sigmoid function, squeezes it to between 0 and 1." if function.name == "sigmoid" else ""

    # -- the tree -------------------------------------------------------------------------------------

    def the_computation_tree(self) -> None:
        """The formulas unfold into a tree; it could go on upward."""
        q = self.last
        tree = last_layer_tree(self.trace, self.notation)
        further = [*q.tree, *LayerQuantities(q.layer - 1).tree[:4]]
        longer = ComputationTree(self.trace.graph, self.notation, dict.fromkeys(further), h_buff=1.6, v_buff=0.92)
        longer.move_to([-3.85, 0.05, 0])
        upper = longer.part([x for x in further if x not in q.tree])
        so_on = Formula(Glyph("vdots"), font_size=38.4).next_to(longer.node(Activation(q.layer - 2, 0)), UP, buff=0.12)
        network = VGroup(self.link, self.y_name)
        symbols = {x: worked.symbols for x, worked in self.board.items()}
        places: dict[Quantity, Quantity] = {
            q.w: q.z,
            q.previous: q.z,
            q.b: q.z,
            q.z: q.z,
            q.a: q.a,
            q.y: q.cost,
            q.cost: q.cost,
        }
        with self.say(
            "Draw this as a tree. The weight, the activation before it and the bias determine z. "
            "z determines a. And a, with the desired output, determines the cost. "
            "The previous activation has a tree of its own, and so on, back to the input. "
            "For now, the last layer is enough.",
            key="tree",
        ):
            self.play(FadeOut(network, shift=0.3 * UP))
            nodes = VGroup(*(tree.node(x) for x in q.tree))
            self.play(Compose(nodes, [(symbols[at].quantity(x), tree.node(x)) for x, at in places.items()]))
            self.read()
            for effect in (q.z, q.a, q.cost):
                arrows = tree.arrows_into(effect)
                grow = LaggedStart(*(GrowArrow(arrow) for arrow in arrows), lag_ratio=0.5)
                self.play(grow, run_time=max(0.9, 0.7 * self.seconds_left))
                self.read()
            self.remove(nodes, *tree)
            self.add(tree)
            self.play(
                Dim(*self.board.values()),
                Compose(longer, tree.shared(longer), old=tree),
            )
            self.play(FadeIn(so_on, shift=0.15 * UP))
            self.read()
            self.play(Dim(upper, so_on))
            self.play(Compose(tree, longer.shared(tree), old=longer), FadeOut(so_on))
        self.tree = tree

    # -- nudges ---------------------------------------------------------------------------------------

    def a_number_line_for_each(self) -> None:
        """Each quantity of the tree has a dot on a line of its own."""
        q = self.last
        nudged = Nudge(self.example, q.w, VISIBLE_NUDGE).after
        self.gauges = {}
        # What moves, to one scale, so that each change is seen as large as it is beside the others.
        moves = ((self.trace.value(x), nudged.value(x)) for x in q.path)
        spans = dict(zip(q.path, equal_width_spans(*moves), strict=True))
        for row, x in enumerate(q.tree):
            whole = [1.0] if x in (q.previous, q.y) else []
            span = spans.get(x) or nice_span(self.trace.value(x), *whole)
            gauge = Gauge(self.trace, self.notation, x, span=span, width=3.3)
            self.gauges[x] = gauge.shift([2.68, 2.55 - 0.78 * row, 0] - gauge.line.get_center())
        with self.say("Give each of these quantities a number line, with a dot at its value.", key="number-lines"):
            self.play(FadeOut(*self.board.values(), shift=0.3 * RIGHT), run_time=0.7)
            for x, gauge in self.gauges.items():
                self.play(Compose(gauge, [], veiled=[(self.tree.node(x), gauge.symbol)]), run_time=0.7)

    def a_nudge_to_the_weight(self) -> None:
        """Its dot moves, and z, a and the cost move with it."""
        q = self.last
        start = self.trace.value(q.w)
        still = [self.gauges[x] for x in q.tree if x not in q.path]
        moving = [self.gauges[x] for x in q.path]
        there, back = (start, start + VISIBLE_NUDGE), (start + VISIBLE_NUDGE, start)
        with self.say(
            "Now nudge the weight, and only the weight. "
            "It moves z; z moves the activation; and that moves the cost, each by its own amount. "
            "The size of the nudge is called ∂w, and what it does to the cost ∂C₀.",
            key="nudge",
        ):
            self.play(FadeOut(*still), run_time=0.5)
            self.play(*(self._to_row(gauge, row) for row, gauge in enumerate(moving)))
            self.read()
            for gauge in moving:
                gauge.mark(q.w)
            lights = [arrow.animate.set_color(theme.highlight) for arrow in self.tree.path(q.path)]
            self.play(
                ChangeQuantity(self.example, q.w, *there, moving, lag=0.35, run_time=3.2),
                LaggedStart(*lights, lag_ratio=0.5, run_time=3.2),
            )
            self.play(ChangeQuantity(self.example, q.w, *back, moving), run_time=1.4)
            self.play(ChangeQuantity(self.example, q.w, *there, moving), run_time=1.4)
            self.read()
            self.play(Underscore(self.gauges[q.w].change_label[0], buff=0.06))
            self.play(Underscore(self.gauges[q.cost].change_label[0], buff=0.06))

    def _to_row(self, gauge: Gauge, row: int) -> Animation:
        return gauge.animate.shift((2.35 - 1.3 * row - gauge.line.get_y()) * UP)

    def a_ratio_that_settles(self) -> None:
        """The ratio of the two nudges, measured for smaller and smaller ones."""
        q, notation = self.last, self.notation
        start = self.trace.value(q.w)
        moving = [self.gauges[x] for x in q.path]
        shown = [self.gauges[q.w], self.gauges[q.cost]]
        ratio = Derivative(notation.symbol(q.cost), notation.symbol(q.w))
        rows: list[list[Formula]] = [
            [
                Formula(e, font_size=40.32)
                for e in (Partial(notation.symbol(q.w)), Partial(notation.symbol(q.cost)), ratio)
            ]
        ]
        nudges = [Nudge(self.example, q.w, nudge) for nudge in NUDGES]
        measured = [nudge.measured(q.cost, q.w) for nudge in nudges]
        for one in measured:
            rows.append([Formula(number, font_size=40.32) for number in (one.by, one.change, one.value)])
        table = columns(rows, h_buff=0.75, v_buff=0.6)
        rule = rules_after(table, 0)
        VGroup(table, rule).move_to([3.1, -1.1, 0])
        VGroup(table, rule).shift(min(0.0, theme.safe.right - 0.03 - rule.get_right()[0]) * RIGHT)
        with self.say(
            "What counts is the ratio: how much the cost changes, for each unit of weight.",
            key="ratio",
        ):
            self.play(ChangeQuantity(self.example, q.w, start + VISIBLE_NUDGE, start, moving), run_time=1.0)
            for gauge in moving:
                gauge.unmark()
            self.play(FadeOut(self.gauges[q.z], self.gauges[q.a]), run_time=0.5)
            self.play(shown[1].animate.shift((1.15 - shown[1].line.get_y()) * UP))
            self.play(FadeIn(table[0]), Create(rule))
        words = ("Measure it with a nudge of a tenth.", "Now with a hundredth.", "And with a thousandth.")
        for sentence, nudge, one, row in zip(words, nudges, measured, table[1:], strict=True):
            with self.say(sentence, key=f"ratio-{one.by.text()}"):
                # What does not move stays where it is, on a line of the nudge's scale.
                closer = [
                    Zoom(gauge, close_up_span(self.trace.value(x), self._seen(nudge, x)), number.decimals)
                    for gauge, x, number in zip(shown, (q.w, q.cost), (one.by, one.change), strict=True)
                ]
                self.play(*closer, run_time=0.9)
                for gauge in shown:
                    gauge.mark(q.w)
                self.play(ChangeQuantity(self.example, q.w, start, start + nudge.by, shown), run_time=0.9)
                sizes = row[:2]
                sources = [(gauge.change_label[-1], cell) for gauge, cell in zip(shown, sizes, strict=True)]
                self.play(Compose(sizes, [], veiled=sources), run_time=1.0)
                self.play(FadeIn(row[2], shift=0.15 * RIGHT), run_time=0.5)
                self.play(ChangeQuantity(self.example, q.w, start + nudge.by, start, shown), run_time=0.5)
                for gauge in shown:
                    gauge.unmark()
        with self.say(
            "The smaller the nudge, the steadier the ratio. It settles: this is the derivative.", key="settles"
        ):
            self.play(Underscore(*(row[-1] for row in table[1:])))
            self.read()
            self.play(Underscore(table[-1][-1]))
        self.play(FadeOut(*shown, table[:-1], table[-1][1:], rule))
        self.smallest = table[-1][0]

    @staticmethod
    def _seen(nudge: Nudge, quantity: Quantity) -> float:
        return nudge.change(quantity) if nudge.moves(quantity) else nudge.by

    def a_ratio_for_each_link(self) -> None:
        """∂z/∂w, ∂a/∂z and ∂C/∂a, each measured in the same nudge."""
        q, notation = self.last, self.notation
        links = list(pairwise(q.path))
        nudge = Nudge(self.example, q.w, NUDGES[-1])
        rows, self.measured_product = nudge.along(q.path)
        sizes = [
            rows[0].by,
            *(nudge.shown_change(x) if row.own else row.change for x, row in zip(q.path[1:], rows, strict=True)),
        ]
        names = [Partial(notation.symbol(x)) for x in q.path]
        changes = VGroup(*(Formula(Relation(pair), font_size=40.32) for pair in zip(names, sizes, strict=True)))
        changes.arrange(RIGHT, buff=0.55).move_to(theme.formula_zone.center)
        if changes.width > theme.formula_zone.width:
            changes.scale_to_fit_width(theme.formula_zone.width)
        for change in changes:
            change.on_baseline(theme.formula_zone.center[1])
        still = " What has not moved gets a nudge of its own." if any(row.own for row in rows) else ""
        self.link_names = [self.tree.ratio_beside(notation, of, wrt) for wrt, of in links]
        self.link_rows = []
        for row, measured in enumerate(rows):
            line = Formula(measured.relation, font_size=44.16).fit(6.6)
            line.move_to([0, 2.0 - 1.45 * row, 0]).shift((0.85 - line.sign(0).get_x()) * RIGHT)
            self.link_rows.append(line)
        with self.say(
            "Take this last nudge, and follow it through the tree, from one quantity to the next. "
            "Then divide each change by the one before it. "
            f"That gives three small ratios, one for each arrow of the tree.{still}",
            key="links",
        ):
            self.play(*self.tree.rest(), Compose(changes[0], [(self.smallest, changes[0].side(1))], old=self.smallest))
            for change, (wrt, of) in zip(changes[1:], links, strict=True):
                arrow = self.tree.arrow(wrt, of)
                self.play(arrow.animate.set_color(theme.highlight), FadeIn(change, shift=0.2 * RIGHT), run_time=0.9)
            self.read()
            for k, (name, line, (wrt, of)) in enumerate(zip(self.link_names, self.link_rows, links, strict=True)):
                if k == 1:
                    self.read()
                self.play(*self.tree.light([wrt, of]), FadeIn(name, shift=0.15 * RIGHT), run_time=0.7)
                fraction = rows[k].relation.sides[1]
                above, below = (line.part(part) for part in fraction.children)
                value = VGroup(line.sign(1), line.side(2))
                ratio = VGroup(*(glyph for glyph in line if glyph not in [*value[0], *value[1]]))
                numbers = [(name, line.side(0))]
                if not rows[k].own:
                    numbers += [(changes[k + 1].side(1), above), (changes[k].side(1), below)]
                self.play(Compose(ratio, [], veiled=numbers), run_time=1.4)
                self.play(FadeIn(value, shift=0.15 * RIGHT), run_time=0.5)
            self.read()
            self.play(*self.tree.light(q.path), FadeOut(changes))

    def the_chain_rule(self) -> None:
        """The product of the three ratios is the ratio wanted: the middle terms cancel."""
        q, notation = self.last, self.notation
        links = list(pairwise(q.path))
        symbols = self.trace.chain_rule(q.w, notation=notation).symbols
        numbers = self.measured_product
        chain = Formula(symbols.followed_by(numbers))
        chain.move_to(theme.formula_zone.center)
        chain.fit(theme.formula_zone.width).move_to(theme.formula_zone.center)
        first = VGroup(chain.side(0), chain.sign(0), chain.side(1))
        second = VGroup(chain.sign(1), chain.side(2), chain.sign(2), chain.side(3))
        with self.say(
            "Multiply them. They are ratios, so what stands in between cancels: ∂z with ∂z, and ∂a with ∂a. "
            f"The product is the ratio that we measured, {numbers.sides[-1].text()}. This is the chain rule. "
            "Each factor belongs to one arrow, on the way from the weight to the cost.",
            key="chain-rule",
        ):
            factors = [chain.factor(of, wrt, side=1) for wrt, of in links]
            self.play(Compose(first, list(zip(self.link_names, factors, strict=True)), lag_ratio=0.2), run_time=2.0)
            self.read()
            strokes = [
                _stroke(chain.part(Partial(notation.symbol(between)), within=factor))
                for between, pair in zip(q.path[1:-1], pairwise(factors), strict=True)
                for factor in pair
            ]
            self.reach("cancels")
            self.play(LaggedStart(*(Create(stroke) for stroke in strokes), lag_ratio=0.4), run_time=2.4)
            self.read()
            self.play(FadeOut(*strokes), run_time=0.5)
            values = [chain.factor(of, wrt, side=2) for wrt, of in links]
            ratios = [line.side(2) for line in self.link_rows]
            self.play(Compose(second, list(zip(ratios, values, strict=True)), lag_ratio=0.15), run_time=1.8)
            self.remove(first, second)
            self.add(chain)
            self.reach("Each factor")
            for (wrt, of), factor in zip(links, factors, strict=True):
                self.play(*self.tree.light([wrt, of]), Underscore(factor), run_time=1.2)
            self.play(*self.tree.light(q.path))
        # What chapter 3 begins with.
        last = formula_line(symbols)
        moves = [(chain.side(0), last.side(0)), (chain.sign(0), last.sign(0)), (chain.side(1), last.side(1))]
        self.play(Compose(last, moves, old=chain), FadeOut(*self.link_rows, *self.link_names), run_time=1.2)


def _stroke(part: VGroup) -> Line:
    """A line through what cancels."""
    return Line(part.get_corner(DOWN + LEFT), part.get_corner(UP + RIGHT), stroke_width=3, color=theme.highlight)
