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
    GrowFromCenter,
    Indicate,
    LaggedStart,
    Line,
    Mobject,
    Succession,
    VGroup,
    linear,
)

from backprop_film.kit import (
    ChangeQuantity,
    Chapter,
    Compose,
    Dim,
    Enlarge,
    Fall,
    Formula,
    FormulaWithNumbers,
    Naming,
    Prose,
    Rewrite,
    Underscore,
    Undim,
    theme,
)
from backprop_film.sets import (
    NUDGES,
    ChainRuleStage,
    CostCurve,
    LastLink,
    LayerQuantities,
    NamedChain,
    NeuronGauges,
    earlier_neurons,
    foretold,
    happens,
    in_numbers,
    misfit_of_single_neurons,
    moves_in_turn,
    rises,
    size,
)
from backprop_math import Change, Example, Nudge, Number, Product, Quantity, Relation
from backprop_math.formula import relation_sign

#: How much larger the last two neurons are while only they are looked at.
CLOSE = 1.6
#: The nudge that is looked at on the number lines, large enough to be seen, and the one of which is said what it does.
VISIBLE_NUDGE, TRIED_NUDGE = 0.6, 0.1


class ChainRule(Chapter):
    """A nudge to the last weight moves z, then a, then the cost; the ratio of the changes is a product."""

    title = "The chain rule in networks"
    example_name = "simplest"

    @classmethod
    def misfit(cls, example: Example) -> str | None:
        """Only networks with one neuron a layer."""
        return misfit_of_single_neurons(example, range(1, 13))

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.last = LayerQuantities(self.example.network.L)
        self.stage = ChainRuleStage(self.example, self.notation)
        self.numbers = self.stage.numbers
        self.the_cost_depends_on_every_parameter()
        self.the_last_two_neurons()
        self.the_desired_output_and_the_cost()
        self.the_weighted_sum()
        self.the_neuron_opens()
        self.the_neuron_before_opens_too()
        self.a_number_line_for_each()
        self.a_nudge_to_the_weight()
        self.the_cost_as_a_curve()
        self.a_nudge_and_its_chord()
        self.closer_and_closer()
        self.the_nudge_shrinks_to_nothing()
        self.the_nudge_falls()
        self.the_chain_rule()
        self.what_it_is_worth()

    # -- the network ----------------------------------------------------------------------------------

    def the_cost_depends_on_every_parameter(self) -> None:
        """C(w1, b1, …): each symbol comes from its edge or its neuron."""
        self.chain = chain = NamedChain(self.example.network, self.notation)
        with self.say(f"{chain.words} How much does each of them matter?", key="parameters"):
            self.add(chain.diagram)
            for layer in range(1, chain.count + 1):
                link = LayerQuantities(layer)
                names = [FadeIn(chain.labels[x], shift=0.15 * DOWN) for x in (link.w, link.b)]
                self.play(chain.diagram.pulse(layer), *names, run_time=max(0.3, 0.9 - 0.06 * chain.count))
            self.read()
            self.play(Compose(chain.cost, chain.moves, run_time=1.8))
            self.read()
            marks = [Underscore(*pair, run_time=0.9) for pair in chain.moves]
            self.play(LaggedStart(*marks, lag_ratio=0.5))

    def the_last_two_neurons(self) -> None:
        """Only the last link stays, and its layers are named from the end: L and L − 1."""
        q, diagram, labels = self.last, self.chain.diagram, dict(self.chain.labels)
        self.link = link = LastLink(self.trace, self.notation, width=3.5, radius=0.88, font_size=64, buff=1.25)
        link.whole.shift([0.0, 0.65, 0] - link.diagram.get_center())
        old = [diagram.edge(q.layer, 0, 0), diagram.neuron(q.layer - 1, 0), diagram.neuron(q.layer, 0)]
        moves = list(zip(old, (link.edge, link.before, link.after), strict=True))
        named = [labels.pop(x) for x in (q.w, q.b)]
        with self.say(
            "Begin with the last two neurons. "
            "Layers are counted from the end: L, then L − 1. "
            "The brackets say that these are no exponents. "
            "And here are the two activations.",
            key="last-two",
        ):
            gone = FadeOut(self.chain.cost, *labels.values(), run_time=0.7)
            self.play(gone)
            near = [
                name.animate.scale(link.names[x][0].width / name[0].width).move_to(link.names[x])
                for name, x in zip(named, (q.w, q.b), strict=True)
            ]
            self.play(Compose(link.diagram, moves, old=diagram), *near, run_time=1.4)
            self.read()
            # Only the letter stays what it is.
            self.play(
                *(
                    Compose(link.names[x], [(name[0], link.names[x][0])], old=name)
                    for name, x in zip(named, (q.w, q.b), strict=True)
                ),
                *(FadeIn(link.names[x], shift=0.15 * DOWN) for x in (q.a, q.previous)),
            )
            self.play(Underscore(*(link.names[x][1:] for x in (q.w, q.b, q.a))))
            self.play(Underscore(link.names[q.previous][1:]))
            self.read()
            self.play(Underscore(*(link.names[x][1:] for x in (q.w, q.b, q.a, q.previous))))
            self.read()
            self.play(*link.before.reveal(self.trace), *link.after.reveal(self.trace))

    def the_desired_output_and_the_cost(self) -> None:
        """C_0 = (a − y)², in symbols and in numbers."""
        q, link = self.last, self.link
        self.named = VGroup(*link.names.values())
        self.y_name = Formula(Relation((self.notation.symbol(q.y), self.numbers[q.y])), font_size=64)
        self.board = {x: self._definition(x, row) for row, x in enumerate((q.z, q.a, q.cost))}
        row = self.board[q.cost]
        symbols, numbers = row.symbols, row.numbers
        self.on_board = (row.width, row.get_center())
        row.scale(min(1.2, (theme.safe.width - 1.5) / row.width)).move_to([-0.6, -2.18, 0])
        with self.say(
            f"The last activation is the answer. What it should be is y, the desired output. {self._cost_in_words()}",
            key="cost",
        ):
            aside = 1.3 * LEFT
            self.play(VGroup(link.diagram, self.named).animate.shift(aside), run_time=1.0)
            VGroup(link.to_cost, link.cost).shift(aside)
            self.y_name.next_to(link.cost, DOWN, buff=0.6, aligned_edge=LEFT)
            self.play(Underscore(link.after.number))
            self.read()
            self.play(FadeIn(self.y_name, shift=0.2 * UP))
            self.read()
            self.play(Create(link.to_cost), FadeIn(link.cost, shift=0.15 * RIGHT), run_time=0.8)
            moves: list[tuple[Mobject, Mobject]] = [
                (link.cost, symbols.side(0)),
                (link.names[q.a], symbols.quantity(q.a)),
                (self.y_name.quantity(q.y)[:1], symbols.quantity(q.y)),
            ]
            self.play(Compose(symbols, [], veiled=moves))
            self.play(FadeIn(numbers, shift=0.15 * DOWN))

    def _cost_in_words(self) -> str:
        cost, thing = self.example.network.cost.name, Naming(self.example).thing
        if cost == "squared_error":
            return f"The cost of this one {thing} is the difference, squared."
        return f"The cost of this one {thing} says how far off it is: here, {cost.replace('_', ' ')}."

    def _definition(self, quantity: Quantity, row: int) -> FormulaWithNumbers:
        """A definition on the board, and under it the same in numbers."""
        return FormulaWithNumbers(
            self.notation.definition(quantity),
            in_numbers(self.notation, quantity, self.numbers),
            at=(1.4, 1.5 - 1.42 * row),
            font_size=46,
            numbers_font_size=36,
        )

    def the_weighted_sum(self) -> None:
        """The activation as σ(w a + b), whose inside gets a name of its own."""
        q, link, z, a = self.last, self.link, self.board[self.last.z], self.board[self.last.a]
        whole = Formula(self.notation.activation_of_parts(q.a), font_size=43)
        whole.align_to(a.symbols, LEFT).fit(theme.safe.right - a.symbols.get_left()[0])
        whole.on_baseline(a.symbols.baseline)
        tree, (width, centre) = self.stage.tree, self.on_board
        place = (tree.node(q.z).get_center() + tree.node(q.a).get_center()) / 2
        picture = VGroup(link.diagram, self.named, link.to_cost, link.cost, self.y_name)
        with self.say(
            "And the activation? It comes from the weight, the activation before it, and the bias. "
            f"The sum inside gets a name of its own: z. {self._squeezed()} "
            "So the network computes z, then a, then the cost.",
            key="weighted-sum",
        ):
            # The neuron comes to where it will open.
            at, row = link.after.circle.get_center(), self.board[q.cost]
            self.play(
                picture.animate.scale(1 / CLOSE, about_point=at).shift(place - at),
                row.animate.scale(width / row.width).move_to(centre),
                run_time=1.3,
            )
            self.read()
            named = [whole.quantity(x) for x in (q.w, q.previous, q.b)]
            rest = VGroup(*(glyph for glyph in whole if all(glyph not in part.submobjects for part in named)))
            self.play(FadeIn(rest), Underscore(link.names[q.a], run_time=0.8), run_time=0.8)
            places = zip(
                ("the weight", "the activation before it", "the bias"), (q.w, q.previous, q.b), named, strict=True
            )
            for words, x, part in places:
                self.reach(words)
                self.play(Underscore(link.names[x], run_time=0.8), FadeIn(part, shift=0.15 * UP), run_time=0.8)
            self.remove(rest, *named)
            self.add(whole)
            self.read()
            inside = VGroup(*(whole.quantity(x) for x in (q.w, q.previous, q.b)))
            inside_z = VGroup(*(z.symbols.quantity(x) for x in (q.w, q.previous, q.b)))
            self.play(Compose(z.symbols, [(inside.copy(), inside_z)]), Rewrite(whole, a.symbols), run_time=1.6)
            self.read()
            self.play(Underscore(a.symbols.side(1)))
            self.read()
            for x in (q.z, q.a, q.cost):
                row = self.board[x]
                come = [] if x == q.cost else [FadeIn(row.numbers, shift=0.15 * DOWN)]
                self.play(Underscore(row.symbols.side(0)), *come, run_time=0.9)

    def _squeezed(self) -> str:
        """What the activation function does, in words."""
        name = self.example.network.activation[-1].name
        if name == "sigmoid":
            return "Sigma, the sigmoid function, squeezes it into the range 0 to 1."
        return f"Then it goes through the activation function, here {name.replace('_', ' ')}."

    # -- the tree -------------------------------------------------------------------------------------

    def the_neuron_opens(self) -> None:
        """The network goes to the corner; the neuron opens, and what it is made of comes out of it."""
        q, link, tree, corner = self.last, self.link, self.stage.tree, self.stage.link
        with self.say(
            "Keep the network in sight, and open its last neuron. "
            "Inside are two things: the sum z, and the activation a. "
            "The weight, the activation before it and the bias make z, and z makes a. "
            "And a, together with the desired output, makes the cost.",
            key="tree",
        ):
            numbers = [row.numbers for row in self.board.values()]
            self.play(FadeIn(corner, shift=0.4 * UP), FadeOut(*numbers), run_time=1.2)
            names = VGroup(*(tree.node(x) for x in (q.w, q.previous, q.b)))
            opened = VGroup(tree.capsule, tree.node(q.z), tree.node(q.a))
            self.remove(link.diagram, *link.diagram, link.after, self.named)
            self.add(self.named)
            assert link.after.number is not None
            network = (link.edge, link.before, link.diagram.ellipses, link.after.number)
            leaving = VGroup(*(part.copy() for part in network))
            moves: list[tuple[Mobject, Mobject]] = [
                (link.after.circle, tree.capsule),
                (link.names[q.a], tree.node(q.a)),
            ]
            out = VGroup(*(link.names[x] for x in (q.w, q.previous, q.b)))
            circle = link.after.circle
            self.add(circle)
            self.play(
                FadeOut(leaving, run_time=0.7),
                Compose(names, [(link.names[x], tree.node(x)) for x in (q.w, q.previous, q.b)], old=out),
                run_time=1.2,
            )
            self.read()
            around = VGroup(circle, link.names[q.a])
            self.play(
                Compose(opened, moves, veiled=[(self.board[q.z].symbols.side(0), tree.node(q.z))], old=around),
                run_time=1.4,
            )
            self.read()
            self.play(LaggedStart(*(GrowArrow(arrow) for arrow in tree.arrows_into(q.z)), lag_ratio=0.3), run_time=1.4)
            self.reach("and z makes")
            self.play(GrowArrow(tree.arrow(q.z, q.a)), run_time=0.7)
            self.read()
            last = VGroup(tree.node(q.cost), tree.node(q.y))
            old = VGroup(link.cost, link.to_cost, self.y_name)
            moves = [(link.cost, tree.node(q.cost)), (self.y_name.quantity(q.y)[:1], tree.node(q.y))]
            self.play(Compose(last, moves, old=old), run_time=1.2)
            self.play(*(GrowArrow(arrow) for arrow in tree.arrows_into(q.cost)), run_time=0.9)
        self.remove(opened, names, last, *tree)
        self.add(tree)

    def the_neuron_before_opens_too(self) -> None:
        """The tree could go on, up to the input; shown, and left aside."""
        q, tree = self.last, self.stage.tree
        symbols = VGroup(*(row.symbols for row in self.board.values()))
        count = min(2, q.layer - 1)
        if not count:
            with self.say("The activation before it is the input itself.", key="further"):
                self.play(FadeOut(symbols, shift=0.3 * RIGHT), Underscore(tree.node(q.previous)))
            return
        longer = earlier_neurons(tree, self.trace, self.notation, count)
        outlines = longer[: count + 1]
        shared = [*((tree.capsule, outline) for outline in reversed(outlines)), *tree.shared(longer)]
        with self.say(
            "The activation before it has a tree of its own, and so on, back to the input. "
            "For now, one neuron is enough.",
            key="further",
        ):
            self.play(FadeOut(symbols, shift=0.3 * RIGHT), Compose(longer, shared, old=tree, run_time=1.8))
            self.read()
            back = [*((outline, tree.capsule) for outline in reversed(outlines)), *longer.shared(tree)]
            self.play(Compose(tree, back, old=longer, run_time=1.4))

    # -- nudges ---------------------------------------------------------------------------------------

    def a_number_line_for_each(self) -> None:
        """Each quantity of the tree has a dot on a line of its own, at its node."""
        q, tree = self.last, self.stage.tree
        nudge = Nudge(self.example, q.w, VISIBLE_NUDGE)
        self.gauges = gauges = NeuronGauges(nudge, self.notation, tree)
        others = [x for x in q.tree if x not in q.path]
        with self.say("Give each of them a number line, with a dot at its value.", key="number-lines"):
            self.play(
                LaggedStart(*(Create(gauge.line) for gauge in gauges), lag_ratio=0.25),
                LaggedStart(*(FadeIn(tree.line(x)[0]) for x in others), lag_ratio=0.25),
                run_time=1.6,
            )
            self.add(*gauges.bare())
            given = [FadeIn(tree.line(x)[1], tree.value(x), scale=1.3) for x in others]
            self.play(LaggedStart(*gauges.dots(), *given, lag_ratio=0.2), run_time=2.2)
        self.remove(*(part for gauge in gauges for part in gauge.get_family()))
        self.add(*gauges, tree.givens, tree.values)

    def a_nudge_to_the_weight(self) -> None:
        """Its dot moves, and z, a and the cost move with it."""
        q, tree, corner = self.last, self.stage.tree, self.stage.link
        start = self.trace.value(q.w)
        there, back = (start, start + VISIBLE_NUDGE), (start + VISIBLE_NUDGE, start)
        gauges, (number, *numbers) = self.gauges, self.gauges.numbers
        followers: list[Mobject] = [part for pair in zip(gauges[1:], numbers, strict=True) for part in pair]
        followers.insert(4, corner.after)
        every = [*gauges, number, *followers]
        moved = {name: gauges.moves(x) for name, x in zip(("z", "a", "the cost"), q.path[1:], strict=True)}
        others = [part for x in q.tree if x not in q.path for part in (tree.node(x), tree.line(x), tree.value(x))]
        with self.say(
            f"Now nudge the weight, and only the weight. {moves_in_turn(moved)} "
            "A change is written Δ. Δw is the nudge, and ΔC₀ is what it does to the cost.",
            key="nudge",
        ):
            self.play(Dim(*others), *corner.light(corner.edge))
            self.given = others
            gauges.mark()
            self.play(ChangeQuantity(self.example, q.w, *there, [gauges[0], number], run_time=1.3))
            self.read()
            lights = [arrow.animate.set_color(theme.highlight) for arrow in tree.path(q.path)]
            self.play(
                ChangeQuantity(self.example, q.w, *there, followers, lag=0.22, run_time=3.0),
                LaggedStart(*lights, *corner.light(corner.to_cost), lag_ratio=0.4, run_time=2.6),
            )
            self.play(ChangeQuantity(self.example, q.w, *back, every), run_time=1.1)
            self.play(ChangeQuantity(self.example, q.w, *there, every), run_time=1.1)
            self.read()
            self.play(Underscore(*(gauge.change_label[0] for gauge in gauges), buff=0.06))
            self.read()
            self.play(Underscore(gauges[0].change_label[0], buff=0.06))
            self.play(Underscore(gauges[-1].change_label[0], buff=0.06))
            self.play(ChangeQuantity(self.example, q.w, *back, every), run_time=1.1)
        gauges.unmark()

    # -- the ratio ------------------------------------------------------------------------------------

    def the_cost_as_a_curve(self) -> None:
        """The line of w becomes the level axis, that of the cost the upright one; the curve is drawn, run by run."""
        q, tree, corner = self.last, self.stage.tree, self.stage.link
        self.curve = curve = CostCurve(self.example, self.notation, NUDGES)
        ends = [self.gauges[at].line for at in (0, -1)]
        names = [tree.node(x) for x in (q.w, q.cost)]
        start, (low, high) = self.trace.value(q.w), curve.plane.x.span
        with self.say(
            "What counts is the ratio: how far the cost moves for each unit of weight. "
            "So run the network for one weight after another: this is the cost.",
            key="ratio",
        ):
            gone = [part for part in self._pieces() if all(part is not one for one in (*ends, *names))]
            self.play(FadeOut(*gone), run_time=0.7)
            self.remove(*self.gauges, tree, tree.givens, tree.values)
            self.add(*ends, *names)
            plane = VGroup(curve.plane, curve.names)
            lines = (curve.plane.x.line, curve.plane.y.line, *curve.names)
            moves = list(zip((*ends, *names), lines, strict=True))
            self.play(Compose(plane, moves, old=VGroup(*ends, *names)), run_time=1.8)
            self.play(FadeIn(curve.secant.dot, scale=2.0), run_time=0.8)
            self.read()
            runs = Succession(
                ChangeQuantity(self.example, q.w, low, high, [corner.after], rate_func=linear, run_time=2.6),
                ChangeQuantity(self.example, q.w, high, start, [corner.after], run_time=0.9),
            )
            self.play(Create(curve.secant.curve, rate_func=linear, run_time=2.6), runs)
            self.bring_to_front(curve.secant.dot)

    def _pieces(self) -> list[Mobject]:
        """All pieces of the tree and of its number lines."""
        tree = self.stage.tree
        pieces: list[Mobject] = [*tree, *tree.givens, *tree.values]
        for gauge in self.gauges:
            pieces += [gauge.line, gauge.axis.ticks, gauge.axis.labels, gauge.dot]
        return pieces

    def a_nudge_and_its_chord(self) -> None:
        """The triangle of a nudge of 1, and the first row of the table; then the tangent."""
        curve, secant = self.curve, self.curve.secant
        row, nudge = curve.table[1], curve.nudges[0]
        with self.say(
            f"Nudge the weight by 1. {self._does(nudge)} The ratio of the two is the slope of this chord. "
            "But we want the slope at the point itself: that of the tangent.",
            key="chord",
        ):
            self.play(FadeIn(curve.table[0], curve.rules[0]), run_time=0.6)
            self.play(Create(secant.run), FadeIn(curve.run_name, shift=0.1 * RIGHT), run_time=0.9)
            self.read()
            self.play(Create(secant.rise), FadeIn(secant.ring), FadeIn(curve.rise_name), run_time=0.9)
            sizes = VGroup(*row[:2])
            self.play(Underscore(curve.run_name.side(1), curve.rise_name.side(1)), FadeIn(sizes, shift=0.15 * DOWN))
            self.read()
            self.play(Create(secant.chord), FadeIn(row[2], shift=0.15 * RIGHT), run_time=1.0)
            self.bring_to_front(secant.ring, secant.dot)
            self.read()
            self.reach("that of")
            self.play(GrowFromCenter(secant.tangent), run_time=1.5)
            self.bring_to_front(secant.curve, secant.chord, secant.run, secant.rise, secant.ring, secant.dot)

    def _does(self, nudge: Nudge) -> str:
        """What a nudge does to the cost, in a sentence."""
        q = self.last
        return happens(nudge.measured(q.cost, q.w).change if nudge.moves(q.cost) else None)

    def closer_and_closer(self) -> None:
        """The picture is enlarged tenfold, and again, and again; each nudge writes a row."""
        curve = self.curve
        words = ("Look ten times closer, and nudge by a tenth.", "Ten times closer again: a hundredth.", None)
        labels = VGroup(curve.run_name, curve.rise_name)
        for row, sentence in enumerate(words, 1):
            zoom = 10.0**row
            straight = "And again: chord and tangent can hardly be told apart." if curve.settled else "And again."
            with self.say(sentence or straight, key=f"zoom-{round(zoom)}"):
                gone = [FadeOut(labels, run_time=0.5)]
                if row == 1:
                    self.add(curve.lens.at(1.0, 1.0))
                self.play(*gone, Enlarge(curve.lens, zoom / 10, zoom, run_time=2.0))
                curve.lens.at(zoom, 1 / zoom)
                labels = curve.lens_labels(row, self.notation)
                cells = curve.table[row + 1]
                self.play(FadeIn(labels), run_time=0.5)
                self.play(
                    Underscore(labels[1].side(1), run_time=1.1),
                    LaggedStart(*(FadeIn(cell, shift=0.15 * RIGHT) for cell in cells), lag_ratio=0.5),
                    run_time=1.1,
                )
        self.lens_labels = labels

    def the_nudge_shrinks_to_nothing(self) -> None:
        """The ratios settle; the nudge goes to nothing, and Δ becomes ∂."""
        curve, lens, secant, lens_labels = self.curve, self.curve.lens, self.curve.secant, self.lens_labels
        quotient, derivative = curve.quotient, curve.derivative
        with self.say(
            f"{self._settling()} Let the nudge shrink to nothing, and Δ becomes ∂. "
            "This is the derivative: the slope of the tangent.",
            key="settles",
        ):
            self.play(LaggedStart(*curve.lit_digits(), lag_ratio=0.3), run_time=1.6)
            self.read()
            self.play(Create(curve.rules[1]), FadeIn(quotient, shift=0.2 * DOWN), run_time=1.0)
            zoom = 10.0 ** (len(NUDGES) - 1)
            self.play(
                FadeOut(lens_labels[1], run_time=0.5),
                FadeOut(secant.run, secant.rise, secant.chord, secant.ring),
                Enlarge(lens, zoom, zoom, by=(1 / zoom, 1e-4 / zoom)),
                Rewrite(quotient, derivative),
                run_time=2.4,
            )
            self.read()
            self.play(Underscore(derivative.side(1)), curve.secant.tangent.animate.set_stroke(width=6))

    def _settling(self) -> str:
        curve = self.curve
        if all(one.value.shown == curve.measured[0].value.shown for one in curve.measured):
            return "However small the nudge, the ratio is the same."
        if curve.settled:
            return "The smaller the nudge, the steadier the ratio."
        return "It has not settled yet: here it takes still smaller nudges."

    # -- the chain rule -------------------------------------------------------------------------------

    def the_nudge_falls(self) -> None:
        """The tree comes back; one small nudge falls down it, and every arrow scales it."""
        beam = self.stage.beam
        factors = [one.value for one in beam.measured]
        with self.say(
            f"Now follow one small nudge, {size(beam.measured[0].by)}, through the neuron. "
            "All four lines have one scale. "
            f"The first arrow takes it times {factors[0].text()}. The second, times {factors[1].text()}."
            f"{self._own_nudges()}",
            key="follow",
        ):
            self._back_to_the_tree()
            first = [beam.rings[0], beam.segments[0], beam.dots[0]]
            self.add(beam.at(0))
            self.remove(beam)
            self.add(beam.lines)
            self.play(Create(beam.segments[0]), FadeIn(beam.rings[0]), FadeIn(beam.changes[0]), run_time=0.9)
            self.play(FadeIn(beam.dots[0], scale=1.5), run_time=0.4)
            self.read()
            self.play(FadeIn(beam.scale_note))
            self.remove(beam.lines, *first)
            self.add(beam)
            for step in range(2):
                self.read()
                self._fall(step)
        self._last_fall(self.curve.nudges[-1])

    def _back_to_the_tree(self) -> None:
        """The axes become number lines again, and the tree is there."""
        q, tree, beam, curve = self.last, self.stage.tree, self.stage.beam, self.curve
        kept = [curve.plane.x.line, curve.plane.y.line, *curve.names]
        rest = [curve.plane.x.ticks, curve.plane.x.labels, curve.plane.y.ticks, curve.plane.y.labels]
        secant = curve.secant
        rest += [
            secant.tangent,
            secant.curve,
            secant.dot,
            curve.lens,
            self.lens_labels[0],
            curve.table,
            curve.rules,
            curve.derivative,
        ]
        self.play(FadeOut(*rest), run_time=0.7)
        self.remove(curve.plane, curve.names)
        self.add(*kept)
        whole = VGroup(tree, tree.givens, tree.values, beam.lines)
        lines = (beam.lines[0][0], beam.lines[-1][0], tree.node(q.w), tree.node(q.cost))
        self.play(Compose(whole, list(zip(kept, lines, strict=True)), old=VGroup(*kept)), run_time=1.5)
        self.remove(whole)
        self.add(tree, tree.givens, tree.values, beam.lines)

    def _fall(self, step: int) -> None:
        """One arrow further down."""
        q, stage = self.last, self.stage
        beam, corner = stage.beam, stage.link
        lit = [stage.tree.path(q.path)[step].animate.set_color(theme.highlight)]
        lit += [corner.light(corner.edge), [], corner.light(corner.to_cost)][step]
        self.play(Fall(beam, step, step + 1), FadeIn(beam.factors[step]), *lit, run_time=1.6)
        self.play(FadeIn(beam.changes[step + 1], shift=0.1 * RIGHT), run_time=0.5)

    def _own_nudges(self) -> str:
        own = any(row.own for row in self.stage.beam.measured)
        return " What has not moved gets a nudge of its own." if own else ""

    def _last_fall(self, nudge: Nudge) -> None:
        """The last arrow: the viewer is asked first."""
        q, beam = self.last, self.stage.beam
        change, before, factor = nudge.change(q.cost), nudge.change(q.a), beam.measured[-1].value
        if not nudge.moves(q.cost):
            with self.say(f"The last, times {factor.text()}. The cost stays where it is.", key="turn"):
                self._fall(2)
            return
        with self.say("One arrow is left. Guess: will the cost rise, or fall?", key="guess"):
            arrow = self.stage.tree.arrow(q.a, q.cost)
            self.play(Indicate(arrow, scale_factor=1.6, color=theme.ink), run_time=1.0)
            self.read()
            self.play(Underscore(self.stage.tree.node(q.cost)))
            self.rest(2.0)
        turned = "the nudge turns round" if change * before < 0 else "the nudge keeps its direction"
        with self.say(f"It {rises(change)}: times {factor.text()}, and {turned}.", key="turn"):
            self._fall(2)

    def the_chain_rule(self) -> None:
        """The product of the three ratios is the ratio wanted: the middle terms cancel; then Δ becomes ∂."""
        q, stage, notation = self.last, self.stage, self.notation
        beam, chain, links = stage.beam, stage.quotients, list(pairwise(q.path))
        first = VGroup(chain.side(0), chain.sign(0), chain.side(1))
        second = VGroup(chain.sign(1), chain.side(2), chain.sign(2), chain.side(3))
        product = beam.product.sides[-1].text()
        with self.say(
            "Three arrows, three ratios. Multiply them. "
            "They are ratios of real changes, so what stands in between cancels. "
            f"What is left is the ratio we wanted, {product}. "
            "And for a nudge that shrinks to nothing, every Δ becomes ∂. This is the chain rule.",
            key="chain-rule",
        ):
            factors = [chain.factor(of, wrt, side=1) for wrt, of in links]
            arrows = stage.tree.path(q.path)
            self.play(FadeOut(beam.scale_note), run_time=0.4)
            for part, arrow in zip(factors, arrows, strict=True):
                self.play(
                    Indicate(arrow, scale_factor=1.6, color=theme.ink), FadeIn(part, shift=0.2 * UP), run_time=0.7
                )
            rest = VGroup(*(glyph for glyph in first if all(glyph not in part.submobjects for part in factors)))
            self.play(FadeIn(rest), run_time=0.7, next_at=0)
            self.read()
            strokes = [
                _stroke(chain.part(Change(notation.symbol(between)), within=part))
                for between, pair in zip(q.path[1:-1], pairwise(factors), strict=True)
                for part in pair
            ]
            self.play(LaggedStart(*(Create(stroke) for stroke in strokes), lag_ratio=0.4), run_time=1.6)
            self.read()
            values = [chain.factor(of, wrt, side=2) for wrt, of in links]
            self.play(FadeOut(*strokes), run_time=0.4)
            for factor, value in zip(beam.factors, values, strict=True):
                self.play(Underscore(factor, run_time=0.7), FadeIn(value, shift=0.15 * UP), run_time=0.7)
            signs = VGroup(*(glyph for glyph in second if all(glyph not in value.submobjects for value in values)))
            self.play(FadeIn(signs), run_time=0.5)
            self.play(Create(stage.bracket[0]), FadeIn(stage.bracket[1]), FadeIn(stage.ratio), run_time=1.2)
            self.remove(*first, *second, *factors, *values, first, second, rest, signs)
            self.add(chain)
            self.read()
            self.play(Rewrite(chain, stage.derivatives), *self._limit(), run_time=1.8)
            self.read()
            for (wrt, of), factor in zip(links, beam.factors, strict=True):
                self.play(Underscore(stage.derivatives.factor(of, wrt, side=1), factor), run_time=1.0)

    def _limit(self) -> list[Animation]:
        """The ratio in the bracket becomes the derivative."""
        (ratio, value), (limit, settled) = self.stage.ratio, self.stage.limit
        return [Rewrite(ratio, limit), Rewrite(value, settled)]

    def what_it_is_worth(self) -> None:
        """What the derivative foretells, and what happens."""
        q, stage, notation = self.last, self.stage, self.notation
        tree, beam, after = stage.tree, stage.beam, stage.link.after
        tried = Nudge(self.example, q.w, TRIED_NUDGE)
        limit = stage.limit[1].numbers[0]
        by = Number(TRIED_NUDGE, 1, q.w)
        expected = Number(self.trace.derivative(q.w) * TRIED_NUDGE, limit.decimals + 1, q.cost)
        change, slope = Change(notation.symbol(q.cost)), notation.derivative_symbol(q.cost, q.w)
        happened = tried.measured(q.cost, q.w).change
        sides = (change, Product((slope, Change(notation.symbol(q.w)))), Product((limit, by)), expected)
        line = Formula(Relation(sides, ("≈", "≈", relation_sign(expected))), font_size=38.4)
        found = Formula(Relation((change, happened), ("≈",)), font_size=38.4)
        tried_words = Prose("tried:", color=theme.secondary)
        both = VGroup(line, tried_words, found).arrange(RIGHT, buff=0.3)
        tried_words.shift(0.3 * RIGHT).on_baseline(line.baseline)
        found.shift(0.3 * RIGHT).on_baseline(line.baseline)
        both.scale(min(1.0, theme.safe.width / both.width)).move_to(stage.derivatives)
        worked = VGroup(line.sign(1), line.side(2), line.sign(2), line.side(3))
        inside = [glyph for part in worked for glyph in part]
        symbols = VGroup(*(glyph for glyph in line if all(glyph is not one for one in inside)))
        start = self.trace.value(q.w)
        others = [beam, beam.changes, beam.factors, stage.bracket]
        every = [*(tree.value(x) for x in q.path), after]
        with self.say(
            f"What is that worth? Raise the weight by {by.text()}, and the cost should {foretold(expected)}. "
            f"Now try it. {self._does(tried)} {self._comparison(expected.value, happened.value)}",
            key="worth",
        ):
            self.play(FadeOut(stage.derivatives), Dim(*others), run_time=0.7)
            self.play(FadeIn(symbols), next_at=0, run_time=0.8)
            self.reach("and the cost should")
            self.play(FadeIn(worked, shift=0.15 * LEFT), run_time=0.8)
            self.remove(symbols, worked)
            self.add(line)
            self.read()
            self.play(ChangeQuantity(self.example, q.w, start, start + TRIED_NUDGE, every), run_time=1.6)
            self.read()
            self.play(FadeIn(tried_words, found, shift=0.15 * LEFT), Underscore(tree.value(q.cost)))
            self.read()
            self.play(ChangeQuantity(self.example, q.w, start + TRIED_NUDGE, start, every), run_time=1.0)
        with self.say("Three factors, one for each arrow. Where does each of them come from?", key="next"):
            self.play(FadeOut(both), Undim(*others, *self.given), run_time=0.8)
            self.play(FadeIn(stage.derivatives), run_time=0.8)
        self.rest(1.0)

    @staticmethod
    def _comparison(expected: float, happened: float) -> str:
        if abs(expected - happened) <= 0.05 * abs(happened) or expected == happened:
            return "Close, and we knew it before we tried."
        return "Not quite the same: over a step that large, the curve bends."


def _stroke(part: VGroup) -> Line:
    """A line through what cancels."""
    return Line(part.get_corner(DOWN + LEFT), part.get_corner(UP + RIGHT), stroke_width=3, color=theme.highlight)
