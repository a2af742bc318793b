"""Chapter 6, layers with additional neurons: along a path sensitivities multiply, where paths meet they add."""

from __future__ import annotations

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
    Mobject,
    VGroup,
    there_and_back,
)

from backprop_film.kit import (
    Chapter,
    Compose,
    ContributionBars,
    Formula,
    Light,
    Naming,
    Neuron,
    PinnedNumber,
    Prose,
    Underscore,
    Unlight,
    columns,
    continued,
    fitted,
    formula_line,
    theme,
    travelling_light,
)
from backprop_film.sets import (
    COUNT_WORDS,
    GradientBlocks,
    LastLayerNudge,
    LastLayersLayout,
    LastLayersStage,
    PathFigures,
    PathMarks,
    nudge_bars,
    nudge_ripples,
    telling_neuron,
)
from backprop_math import (
    Activation,
    Change,
    Cost,
    CostDerivatives,
    Expression,
    Number,
    Parameter,
    Quantity,
    Relation,
    Symbol,
    Weight,
    WeightedSum,
)
from backprop_math.formula import decimals_for, inside, relation_sign

#: Where the middle between the last two layers stands: beside the ripples' bars, beside the board, over the formula.
BESIDE_BOARD, OVER_FORMULA, RIGHT_OF_BARS = (-4.3, -0.1), (-0.6, 0.42), (0.95, 0.42)
WITH_INPUTS = (0.4, 0.5)
BOARD = -0.2


class MoreNeurons(Chapter):
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

    def lay_out(self) -> None:
        """The network, the neuron k that is nudged, an output j, and all numbers of the chapter."""
        self.names = Naming(self.example)
        self.stage = stage = LastLayersStage(self.trace, self.notation, self.names)
        self.L = stage.L
        self.k = telling_neuron(self.trace, stage.middle)
        self.j = next((j for j in stage.outputs if j != self.k), stage.outputs[0])
        self.m = 0 if self.L > 1 else None
        self.figures = PathFigures(self.trace, self.notation, j=self.j, k=self.k, outputs=stage.outputs, m=self.m)
        self.marks = PathMarks(stage, self.figures)
        self.nudge = LastLayerNudge(self.example, self.k)
        self.ways = len(stage.outputs) + self.figures.hidden
        self.edge = stage.diagram.edge(self.L, self.j, self.k)
        self.lit = [stage.front, stage.cost]

    # -- a nudge, and its ripples -----------------------------------------------------------------------

    def several_neurons_a_layer(self) -> None:
        """The network, with what goes in and what should come out; the real activations run through it."""
        stage, sizes = self.stage, self.example.network.layers
        measured = "measurements" if self.names.is_penguin else "numbers"
        goes = f"{_count(sizes[0], measured)} go in, {_count(sizes[-1], 'outputs')} come out"
        who = f"Another {self.names.thing}" if self.names.is_penguin else "This network"
        with self.say(
            f"Until now every layer had one neuron, and now there are more. {who}: {goes}.", key="more-neurons"
        ):
            come = [stage.front[1], stage.front[2], stage.front[3], *stage.back[1:], stage.back[0], stage.front[0]]
            self.play(LaggedStart(*(FadeIn(part) for part in _seen(come)), lag_ratio=0.3), run_time=2.2)
            self.settle(*_seen([stage.back, stage.front]))
            self.play(FadeIn(stage.cost), run_time=0.7)
            self.read()
            self.play(*(FadeIn(part) for part in _seen([stage.bird, stage.input_labels])), *self._reveal(self.L - 2))
            for layer in (self.L - 1, self.L):
                self.play(stage.diagram.pulse(layer), run_time=0.6)
                self.play(*self._reveal(layer), run_time=0.6)
            self.play(FadeIn(stage.output_labels), run_time=0.7)

    def _reveal(self, layer: int) -> list:
        return self.stage.diagram.reveal(layer, self.trace) if layer in self.stage.diagram.layers else []

    def one_neuron_is_nudged(self) -> None:
        """Bands run from it to every output, and from there to the cost; the question."""
        stage, nudge = self.stage, self.nudge
        by = Number(nudge.by, decimals_for(nudge.by, 2, given=True)).text()
        neuron, outputs = stage.neuron(self.k), list(stage.diagram.layer(self.L))
        where = "this input" if self.L == 1 else "one neuron of the layer before the last"
        way = "up" if nudge.by > 0 else "down"
        asks = f" {_capital(_count(self.ways, 'paths'))} to the cost. Do their effects multiply, or add?"
        words = (
            f"Nudge {where} {way} by {by.lstrip('−')}. The change ripples to every output, and from there to the cost."
        )
        self.amount = Prose(by if nudge.by < 0 else f"+{by}", font_size=30, color=theme.highlight)
        self.amount.next_to(neuron, DOWN if stage.lower(neuron) else UP, buff=0.2)
        quiet = [stage.back, stage.front[0], stage.input_labels, *(n for n in stage.front[2] if n is not neuron)]
        self.quiet = _seen(quiet)
        self.question = Prose("×  or  +  ?", font_size=52, color=theme.secondary).move_to([5.0, 0.1, 0])
        first, second = nudge_ripples(stage, nudge, mixed=self.figures.mixed)
        with self.say(words + (asks if self.ways > 1 and not self.figures.mixed else ""), key="ripples"):
            self.play(Light(self.quiet, []), neuron.circle.animate.set_stroke(theme.highlight, 5), run_time=0.7)
            self.play(FadeIn(self.amount, shift=0.1 * UP), nudge.run([neuron]), run_time=1.0)
            self.reach("The change")
            self.play(*(ripple.run(1.1) for ripple in first), run_time=1.1)
            self.bring_to_front(neuron, *outputs)
            self.play(nudge.run(outputs), run_time=0.9)
            ask = {"next_at": 0.85} if self.ways > 1 and not self.figures.mixed else {}
            self.play(*(ripple.run(1.1) for ripple in second), run_time=1.1, **ask)
            if self.ways > 1 and not self.figures.mixed:
                self.reach("multiply")
                self.play(FadeIn(self.question, scale=0.8), run_time=0.9)
                self.read()
                self.rest(1.5)
        self.ripples = VGroup(*first, *second)

    def the_ripples_add(self) -> None:
        """What arrives through each output, as bars, and the sum."""
        symbol = self.notation.symbol(Cost())
        self.title_of_bars = Formula(Change(symbol), font_size=48)
        if self.ways == 1 or self.figures.mixed:
            self._what_arrives()
        else:
            self._bars_of_the_ripples()
        stage = self.stage
        neuron = stage.neuron(self.k)
        front = [neuron, *stage.diagram.layer(self.L)]
        self.play(
            self.nudge.run(front, back=True), FadeOut(self.amount, self.ripples, self.bars), Unlight(*self.quiet),
            run_time=1.0,
        )  # fmt: skip
        # On its own: the ring would bring the fill of the nudge back with it.
        self.play(neuron.circle.animate.set_stroke(theme.secondary, 2.5), run_time=0.3)

    def _what_arrives(self) -> None:
        change = self.nudge.change
        number = Number(change, decimals_for(change, 3))
        sign = relation_sign(number)
        total = Formula(Relation((Change(self.notation.symbol(Cost())), number), (sign,)), font_size=44)
        self.bars = VGroup(total.fit(3.0).move_to([4.85, 0.1, 0]))
        why = (
            "But with softmax, every output depends on every weighted sum: the ripples mix before they reach the cost."
            if self.figures.mixed
            else "With one output there is one path, and nothing to add."
        )
        with self.say(why, key="ripples-add"):
            if self.figures.mixed:
                outputs = self.stage.diagram.layer(self.L)
                self.play(LaggedStart(*(_around(neuron) for neuron in outputs), lag_ratio=0.3), run_time=1.8)
            self.reach("the ripples mix" if self.figures.mixed else "there is one path")
            self.play(FadeIn(total, shift=0.2 * RIGHT))

    def _bars_of_the_ripples(self) -> None:
        order = self.figures.order()
        bars, addends, total = nudge_bars(self.nudge, order, self._names_of(order))
        bars.move_to([4.85, -0.25, 0])
        bars.shift(min(0.0, theme.safe.right - 0.05 - bars.get_right()[0]) * RIGHT)
        self.title_of_bars.next_to(bars, UP, buff=0.25)
        self.bars = VGroup(bars, self.title_of_bars)
        cancel = ", and partly cancel" if min(x.value for x in addends) < 0 < max(x.value for x in addends) else ""
        if len(addends) == 2:
            one, other = (
                f"through {self._name(j or 0)} the cost {_moves(x)}" for j, x in zip(order, addends, strict=True)
            )
            words = f"{_capital(one)}, {other}. What arrives is the sum, {total.text()}: they add{cancel}."
        else:
            words = "Through each output, the cost moves by its own amount. "
            words += f"What arrives is the sum, {total.text()}: they add{cancel}."
        with self.say(words, key="ripples-add"):
            self.play(FadeOut(self.question), run_time=0.4)
            self.play(FadeIn(self.title_of_bars, bars.names[:-1]), Create(bars.baseline), run_time=0.7)
            for i in range(len(addends)):
                if i:
                    self.play(Create(bars.links[i - 1]), run_time=0.3)
                self.play(bars.grow(i), FadeIn(bars.numbers[i]), run_time=0.8)
            self.reach("What arrives")
            self.play(FadeIn(bars.names[-1]), Create(bars.links[-1]), run_time=0.4)
            self.play(bars.grow(-1), FadeIn(bars.numbers[-1]), run_time=0.9)
            self.settle(bars)
            self.read()
            self.play(Underscore(*bars.numbers), run_time=1.6)

    def _name(self, j: int) -> str:
        return self.names.output(j)

    def _names_of(self, order: list[int | None]) -> list[str]:
        return [self._name(j) if j is not None else f"{self.figures.hidden} more" for j in order]

    # -- indices, and the way forward ---------------------------------------------------------------------

    def the_indices(self) -> None:
        """The neurons of both layers are counted from 0; a weight has both numbers."""
        stage, indices = self.stage, self.stage.indices
        self.w_name = Formula(self.notation.symbol(Weight("L", "j", "k")), font_size=110).move_to([3.0, 1.75, 0])
        rows = (("j", "where it leads to"), ("k", "where it comes from"))
        meanings = columns(
            [[Formula(Symbol(i), font_size=50), Prose(text, font_size=34)] for i, text in rows],
            h_buff=0.35, v_buff=0.85, align="l",
        )  # fmt: skip
        meanings.move_to([3.0, -0.1, 0])
        last = ", ".join(str(j) for j in stage.outputs[:3])
        with self.say(
            "To write this down, number the neurons: with k in the layer before the last, with j in the last one. "
            "A weight has both: first j, where it leads to, then k, where it comes from.",
            key="indices",
        ):
            del last
            gone = _seen([stage.back, stage.input_labels, stage.bird, stage.output_labels])
            self.play(FadeOut(*gone), run_time=0.7)
            self.play(*stage.to((*BESIDE_BOARD, 0), scale=1.0, shown=[stage.front, stage.cost]), run_time=1.2)
            for layer, name, word in zip((self.L - 1, self.L), indices.names, ("with k", "with j"), strict=True):
                self.reach(word)
                labels = [FadeIn(label) for label in indices.layer(layer)]
                self.play(LaggedStart(*labels, lag_ratio=0.4), FadeIn(name, shift=0.1 * DOWN), run_time=1.2)
            self.read()
            edges = [self.edge, stage.output(self.j), stage.neuron(self.k)]
            # Out of its edge, where nothing stands in the way.
            grows = {"target_position": self.edge, "scale": 0.3} if len(stage.outputs) == 2 and self.ways == 2 else {}
            self.play(Light(self.lit, edges[:1]), FadeIn(self.w_name, **grows), run_time=1.2)
            for count, (word, meaning) in enumerate(zip(("first j", "then k"), meanings, strict=True), 2):
                self.reach(word)
                self.play(Light(self.lit, edges[:count]), FadeIn(meaning, shift=0.2 * RIGHT), run_time=0.9)
        self.settle(indices)
        self.play(FadeOut(meanings, self.w_name), Unlight(*self.lit), run_time=0.7)

    def the_cost_is_a_sum(self) -> None:
        """C_0 = Σ_j (a_j − y_j)², in symbols and in numbers."""
        stage, figures = self.stage, self.figures
        squared = self.example.network.cost.name == "squared_error"
        each = "the miss, squared" if squared else "how far it is off"
        self.board = VGroup()
        symbols, numbers = self._on_board(Cost(), figures.cost, 1.7)
        last = stage.indices.layer(self.L)
        with self.say(
            f"The cost is a sum, with one term for each output: {each}. "
            "The 0 of C counts the training example; every other index counts neurons.",
            key="cost",
        ):
            name = stage.indices.names[1]
            self.play(FadeOut(last, name), FadeIn(stage.cost.targets), run_time=0.6)
            whole = [*self.lit, stage.cost.targets]
            self.play(FadeIn(symbols, shift=0.2 * RIGHT), run_time=0.9)
            for j in stage.outputs:
                out, edge = stage.output(j), stage.cost.edge(j)
                self.play(Light(whole, [out, edge], [stage.cost.symbol, stage.cost.desired(j)]), run_time=0.5)
            self.play(Light(whole, [stage.cost], [*stage.front, stage.cost.targets]),
                      FadeIn(numbers, shift=0.2 * RIGHT), run_time=0.9)  # fmt: skip
            self.read()
            self.play(Underscore(symbols.side(0)), run_time=max(1.2, self.seconds_left))
        self.play(Unlight(*whole), FadeOut(stage.cost.targets), FadeIn(last, name), run_time=0.6)

    def _on_board(self, quantity: Quantity, numbers: Relation, height: float) -> VGroup:
        """A definition and, under it, the same in numbers, below what is on the board already."""
        width = theme.safe.right - BOARD - 0.05
        symbols = fitted(
            self.notation.definition(quantity),
            width=width,
            height=0.53 * height,
            font_size=41,
            wrap_first=True,
            gap=0.1,
        )
        sign = symbols.sign(0).get_left()[0] - symbols.get_left()[0]
        below = fitted(
            continued(numbers), width=width - sign, height=0.43 * height, font_size=34, wrap_first=True, gap=0.1
        )
        symbols.align_to([BOARD, 0, 0], LEFT)
        below.next_to(symbols, DOWN, buff=0.16).align_to([BOARD + sign, 0, 0], LEFT)
        lines = VGroup(symbols, below)
        top = self.board[-1].get_bottom()[1] - 0.35 if len(self.board) else theme.stage.top - 0.1
        self.board.add(lines.align_to([0, top, 0], UP))
        return lines

    def the_weighted_sum(self) -> None:
        """z_j with a term for each neuron before, and the bias; then a_j."""
        stage, figures = self.stage, self.figures
        z, a = WeightedSum(self.L, self.j), Activation(self.L, self.j)
        sums = self._on_board(z, figures.weighted_sum, 2.4)
        output = self._on_board(a, figures.output, 1.25)
        edges = [stage.diagram.edge(self.L, self.j, k) for k in stage.middle]
        with self.say(
            "A weighted sum has a term for each neuron of the layer before, and the bias. "
            "From it follows the activation, as before.",
            key="weighted-sum",
        ):
            self.play(Light(self.lit, [stage.output(self.j)], stage.front[2]), FadeIn(sums[0], shift=0.2 * RIGHT))
            for i in range(len(edges)):
                lit = [stage.output(self.j), *edges[: i + 1]]
                self.play(Light(self.lit, lit, stage.front[2]), run_time=0.45)
            self.play(FadeIn(sums[1], shift=0.2 * RIGHT), run_time=0.9)
            self.read()
            self.play(FadeIn(output[0], shift=0.2 * RIGHT), _around(stage.output(self.j)), run_time=0.9)
            self.play(FadeIn(output[1], shift=0.2 * RIGHT), run_time=0.8)

    # -- backward -------------------------------------------------------------------------------------------

    def _carried_in(self, line: Formula, *carried: Quantity) -> Formula:
        """The numbers that are carried back have the colour of the way back, in formulas, too."""
        values = [self.trace.derivative(quantity) for quantity in carried]
        for number, glyphs in line.leaves(Number):
            if number.value in values:
                glyphs.set_fill(theme.highlight)
        return line

    def one_path_for_a_weight(self) -> None:
        """∂C/∂w_jk: the three factors, with indices, each where it lives."""
        stage, figures, j, k = self.stage, self.figures, self.j, self.k
        w = Weight(self.L, j, k)
        line = formula_line(figures.derivatives.chain(w).followed_by(figures.weight))
        self._carried_in(line, figures.behind(j)[1], w)
        path = stage.path(j, k)
        whats = ["the activation behind it", "the slope", "and how the cost reacts to that output"]
        if figures.at_once:
            whats = ["the activation behind it", "and how the cost reacts to that weighted sum"]
        acts = "A weight acts on one output only, so there is one path to the cost"
        if figures.mixed:
            acts = "A weight acts on one weighted sum only"
        with self.say(
            f"Now backward. {acts}. The chain rule is the one you know, with indices: {', '.join(whats)}.",
            key="one-path",
        ):
            labels = VGroup(stage.indices)
            self.play(FadeOut(self.board, labels), Light(self.lit, []), run_time=0.7)
            self.play(*stage.to((*OVER_FORMULA, 0), scale=1.0, shown=[stage.front, stage.cost]), run_time=1.0)
            pinned, slope = self.marks.pinned(j), self.marks.slope(j)
            self.reach("A weight acts")
            self.play(travelling_light(path[1:]), run_time=1.2)
            self.play(Light(self.lit, path[1:]), FadeIn(line.side(0), line.sign(0), shift=0.15 * UP), run_time=0.8)
            self.read()
            self.play(FadeIn(line.side(1), shift=0.15 * UP), run_time=1.0)
            ends = [(WeightedSum(self.L, j), w), *figures.factors(j)]
            pictures: list[Mobject] = [stage.neuron(k), *([] if figures.at_once else [slope]), pinned]
            for what, end, picture in zip(whats, ends, pictures, strict=True):
                self.reach(what)
                parts = _seen([_part(line, end, 2)])
                if picture is pictures[0]:
                    moves = [Light(self.lit, path[1:], [picture])]
                else:
                    moves = [FadeIn(picture, shift=0.15 * LEFT)]
                self.play(*moves, *(FadeIn(part, shift=0.15 * UP) for part in parts), run_time=0.9)
            self.play(FadeIn(_rest(self, line)), run_time=0.8)
            self.settle(line)
            self.play(Underscore(line.side(-1)), run_time=1.2)
        self.play(FadeOut(line, *_seen([slope, pinned])), run_time=0.6)

    def several_paths_for_a_neuron(self) -> None:
        """∂C/∂a_k: a product for each path, and a bar for each."""
        stage, figures = self.stage, self.figures
        order = figures.order()
        self.paths = bars = ContributionBars(
            self._names_of(order), figures.addends, figures.total, width=3.4, height=2.1
        )
        bars.move_to([-4.6, 0.55, 0])
        self.labels = VGroup()
        many = "" if self.ways == 1 else "s"
        words = f"A neuron feeds every output: {_count(self.ways, 'path')}{many} to the cost. "
        first = f"Through {self._name(stage.outputs[0])}: "
        carried = "the cost's derivative" if figures.at_once else "the cost's derivative, times the slope"
        words += f"{first}{carried}, times the weight. "
        if self.ways > 1:
            words += (
                "The other path has a product of its own." if self.ways == 2 else "Each path has a product of its own."
            )
        with self.say(words, key="several-paths"):
            shown = [stage.front, stage.cost]
            self.play(Light(self.lit, [stage.neuron(self.k)]), run_time=0.5)
            self.play(*stage.to((*RIGHT_OF_BARS, 0), scale=1.0, shown=shown), run_time=0.9)
            self.play(
                *(travelling_light(stage.path(j, self.k)[1:], backward=False) for j in stage.outputs), run_time=1.2
            )
            for i, j in enumerate(order):
                if i < 2:
                    self.read()
                if not i:
                    self.play(Create(bars.baseline), FadeIn(bars.names[:-1]), run_time=0.6)
                if j is not None:
                    self._walk(j)
                if i:
                    self.play(Create(bars.links[i - 1]), run_time=0.3)
                self.play(bars.grow(i), FadeIn(bars.numbers[i]), run_time=0.8)

    def _walk(self, j: int) -> None:
        """The number leaves the cost and lands on the output; the slope, the weight; an arrow follows."""
        pinned, slope, weight = self.marks.pinned(j), self.marks.slope(j), self.marks.weight(j)
        arrows = self.marks.arrows(j)
        self.play(GrowArrow(arrows[0]), run_time=0.6)
        self.play(FadeIn(pinned, shift=0.8 * LEFT), run_time=0.7)
        if len(slope):
            self.play(FadeIn(slope, shift=0.1 * LEFT), run_time=0.6)
        self.play(GrowArrow(arrows[1]), run_time=0.7)
        self.play(FadeIn(weight, scale=0.7), run_time=0.5)
        self.labels.add(*arrows, weight, pinned, *_seen([slope]))

    def the_sum_lands(self) -> None:
        """The bars add; the sum flies to its neuron and stays there; the general form."""
        stage, figures, bars = self.stage, self.figures, self.paths
        neuron = stage.neuron(self.k)
        self.carried = PinnedNumber(figures.total, neuron)
        line = formula_line(figures.activation)
        self._carried_in(line, Activation(self.L - 1, self.k), *(figures.behind(j)[1] for j in stage.outputs))
        general = formula_line(figures.derivatives.chain(Activation("L-1", "k")))
        add = "The products add up" if self.ways > 1 else "That is all of it"
        opposite = min(n.value for n in figures.addends) < 0 < max(n.value for n in figures.addends)
        cancel = ", and partly cancel" if opposite and self.ways > 1 else ""
        words = f"{add}{cancel}: {figures.total.text()}. The sum lands on the neuron, and stays there. "
        words += (
            "For any network it is a sum over j. One product for each output, from the first, 0, to the last, n − 1."
        )
        with self.say(words, key="sum"):
            self.play(FadeIn(line, shift=0.15 * UP), FadeIn(bars.names[-1]), Create(bars.links[-1]), run_time=0.8)
            self.play(bars.grow(-1), FadeIn(bars.numbers[-1]), run_time=0.9)
            self.settle(bars)
            self.read()
            self.play(Compose(self.carried, [(bars.numbers[-1], self.carried.formula)]), run_time=1.3)
            self.play(_around(neuron), run_time=0.7)
            self.read()
            self.play(FadeOut(line, shift=0.2 * DOWN), run_time=0.5)
            self.play(FadeIn(general, shift=0.2 * UP), run_time=0.9)
            self.play(Underscore(general.side(0)), run_time=1.4)
            self.read()
            self.play(Underscore(general.term("summand")), run_time=1.6)
            self.reach("from the first")
            inner = {id(glyph) for glyph in general.term("summand")}
            self.play(Underscore(VGroup(*(g for g in general.term("sum") if id(g) not in inner))), run_time=1.6)
        if figures.mixed:
            self._what_softmax_changes(general)
        else:
            self.play(FadeOut(general), run_time=0.4)

    def _what_softmax_changes(self, general: Formula) -> None:
        """∂C/∂z_j gathers all outputs; with the cost made for it, it is a_j − y_j."""
        relation = CostDerivatives(self.notation).chain(WeightedSum("L", "j"))
        paired = self.example.network.paired
        if paired is not None and paired.dz_formula is not None:
            short = self.notation.local_derivative(Cost(), WeightedSum("L", "j"))
            relation = relation.followed_by(Relation((relation.sides[0], short)))
        line = formula_line(relation)
        end = ". With this cost, all that comes to a minus y." if len(relation.sides) > 2 else "."
        with self.say(
            f"Softmax changes the last factor. One z moves every output, so it is a sum, too{end}",
            key="softmax",
        ):
            self.play(FadeOut(general, shift=0.2 * DOWN), run_time=0.5)
            self.play(FadeIn(line, shift=0.2 * UP), run_time=1.0)
            self.read()
            self.play(Underscore(line.side(1)), run_time=1.6)
            if len(relation.sides) > 2:
                self.read()
                self.play(Underscore(line.side(2)), run_time=1.4)
        self.play(FadeOut(line), run_time=0.4)

    def the_layer_before(self) -> None:
        """With the carried number, a weight one layer further back has the same three factors."""
        stage, figures, L, k = self.stage, self.figures, self.L, self.k
        leave = [*self.labels, self.paths]
        self.line, self.pins = None, VGroup()
        if figures.before is None or self.m is None:
            with self.say("Before this layer there are only the inputs, and they are given. Here the way back ends.",
                          key="layer-before"):  # fmt: skip
                self.play(FadeOut(*leave), Unlight(*self.lit), run_time=max(0.9, 0.6 * self.seconds_left))
            return
        m, w = self.m, Weight(L - 1, k, self.m)
        line = formula_line(figures.derivatives.chain(w).followed_by(figures.before))
        self._carried_in(line, Activation(L - 1, k), w)
        edge, neuron, source = stage.diagram.edge(L - 1, k, m), stage.neuron(k), stage.diagram.neuron(L - 2, m)
        with self.say(
            "Every neuron of the layer gets its number in the same way. "
            "The layer before takes it from there. A weight there has the same three factors: "
            "the activation behind it, the slope, and the number that has just landed.",
            key="layer-before",
        ):
            self.play(FadeOut(*leave), Unlight(*self.lit), run_time=0.7)
            shown = [stage.front, stage.cost]
            self.bring_to_front(self.carried)
            self.play(*stage.to((*WITH_INPUTS, 0), scale=1.0, shown=[*shown, self.carried]), run_time=0.9)
            others = [Activation(L - 1, i) for i in stage.middle if i != k]
            pins = [PinnedNumber(figures.whole(a), stage.neuron(int(a.j))) for a in others]
            self.play(stage.diagram.pulse(L, backward=True), run_time=0.9)
            self.play(*(FadeIn(pin, shift=0.2 * LEFT) for pin in pins), run_time=0.8)
            self.pins = VGroup(*pins)
            self.reach("The layer before")
            self.add(stage.back)
            self.bring_to_front(self.carried, self.pins)
            self.play(FadeIn(stage.back), run_time=0.9)
            self.lit = [*self.lit, stage.back]
            self.reach("A weight there")
            self.play(Light(self.lit, [edge], [neuron, source]), FadeIn(line.side(0), line.sign(0)), run_time=0.8)
            z, a = WeightedSum(L - 1, k), Activation(L - 1, k)
            ends = [(z, w), (a, z), (Cost(), a)]
            for what, end in zip(("the activation", "the slope", "and the number"), ends, strict=True):
                self.reach(what)
                parts = _seen([_part(line, end, 1), _part(line, end, 2)])
                ring = _around(source if end is ends[0] else neuron)
                if end is ends[2]:
                    ring = self.carried.animate(rate_func=there_and_back).scale(1.2)
                self.play(ring, *(FadeIn(part, shift=0.15 * UP) for part in parts), run_time=1.0)
            self.play(FadeIn(_rest(self, line)), run_time=0.7)
            self.settle(line)
            self.play(Underscore(line.side(-1)), run_time=1.2)
        self.line = line

    def the_whole_gradient(self) -> None:
        """Layer by layer, back to the first; all real numbers, those found before among them."""
        stage, figures = self.stage, self.figures
        found: dict[Parameter, Expression] = {Weight(self.L, self.j, self.k): inside(figures.weight.sides[-1])}
        if figures.before is not None and self.m is not None:
            found[Weight(self.L - 1, self.k, self.m)] = inside(figures.before.sides[-1])
        blocks = GradientBlocks(self.trace, self.notation, found=found)
        place = LastLayersLayout(self.trace, self.notation)
        place.diagram.show(self.trace)
        room = theme.safe.right - place.board.left
        blocks.scale(min(1.0, room / blocks.width)).move_to([place.board.left + room / 2, 0.1, 0])
        count = len(self.example.network.parameters)
        with self.say(
            "Nothing else is needed: layer by layer, back to the first. "
            f"Each of the {count:,} weights and biases has its number. This is the gradient.",
            key="gradient",
        ):
            gone = _seen([self.line, self.pins])
            self.play(*(FadeOut(part) for part in gone), FadeOut(self.carried), Unlight(*self.lit), run_time=0.7)
            moves = [
                (getattr(stage.diagram, part)(*index), getattr(place.diagram, part)(*index))
                for part, index in stage.parts
            ]
            moves += [(stage.cost.symbol, place.cost.symbol)]
            there = VGroup(place.diagram, place.cost)
            self.play(Compose(there, moves, old=VGroup(stage.back, stage.front, stage.cost)), run_time=1.2)
            for layer, head in blocks.heads.items():
                self.play(
                    place.diagram.pulse(layer, backward=True), FadeIn(head),
                    LaggedStart(*(FadeIn(row, shift=0.1 * LEFT) for row in blocks.rows(layer)), lag_ratio=0.15),
                    run_time=2.0,
                )  # fmt: skip
            self.read()
            self.play(
                *(blocks.row(q)[:2].animate.set_fill(theme.highlight) for q in found if q in blocks), run_time=1.0
            )
        self.rest(1.0)


def _seen(parts: list) -> list:
    """Those that have something to draw."""
    return [part for part in parts if part is not None and part.family_members_with_points()]


def _part(line: Formula, end: tuple[Quantity, Quantity], side: int) -> VGroup:
    """A factor on one side; nothing where the formula had to be shortened."""
    try:
        return line.factor(*end, side=side)
    except (KeyError, IndexError):
        return VGroup()


def _rest(scene: Chapter, line: Formula) -> VGroup:
    """What of the formula is not on the screen yet."""
    there = {id(part) for part in scene.get_mobject_family_members()}
    return VGroup(*(glyph for glyph in line if id(glyph) not in there))


def _count(number: int, what: str) -> str:
    word = COUNT_WORDS[number] if number < len(COUNT_WORDS) else f"{number:,}"
    return f"{word} {what[:-1] if number == 1 and what.endswith('s') else what}"


def _moves(change: Number) -> str:
    size = change.text().lstrip("−")
    if change.shown_value() == 0:
        return "does not move"
    return f"falls by {size}" if change.value < 0 else f"rises by {size}"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _around(neuron: Neuron) -> Animation:
    """Its ring lights up and goes out again."""
    width = neuron.circle.get_stroke_width()
    return neuron.circle.animate(rate_func=there_and_back).set_stroke(theme.highlight, width + 4)
