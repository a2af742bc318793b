"""Chapter 2, the chain rule in networks: one neuron a layer, a nudge, and three ratios that multiply."""

from __future__ import annotations

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    GrowArrow,
    GrowFromPoint,
    Indicate,
    LaggedStart,
    Mobject,
    VGroup,
)

from backprop_film.kit import (
    ChangeQuantity,
    Compose,
    Dim,
    Formula,
    Naming,
    Pulse,
    Underscore,
    Undim,
    seen,
    theme,
)
from backprop_film.sets import (
    ActivationSketch,
    ChainRuleStage,
    EarlierNeurons,
    FallingNudgeChapter,
    LayerQuantities,
    NamedChain,
    NeuronDefinitions,
    NeuronGauges,
    NeuronOpening,
    PredictedChange,
    RatioChapter,
    TriedNudge,
    close_link,
    compared,
    missed,
    moves_in_turn,
    predicted,
    squeezed,
)
from backprop_math import Nudge, Relation, Symbol

#: How much higher the network stands while the sigmoid is below it.
RAISED = 0.28
#: How much larger the last two neurons are while only they are looked at.
CLOSE = 1.6
#: The nudge that is looked at on the number lines, large enough to be seen, and the one of which is said what it does.
VISIBLE_NUDGE, TRIED_NUDGE = 0.6, 0.1


class ChainRule(RatioChapter, FallingNudgeChapter):
    """A nudge to the last weight moves z, then a, then the cost; the ratio of the changes is a product."""

    title = "The chain rule in networks"
    example_name = "simplest"

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.show_borrowed_functions()
        self.last, self.naming = LayerQuantities(self.example.network.L), Naming(self.example)
        self.stage = ChainRuleStage(self.example, self.notation)
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
        self.the_last_arrow()
        self.the_chain_rule()
        self.what_it_is_worth()

    # -- the network ----------------------------------------------------------------------------------

    def the_cost_depends_on_every_parameter(self) -> None:
        """C(w1, b1, …): each symbol comes from its edge or its neuron."""
        self.chain = chain = NamedChain(self.example, self.notation)
        chain.diagram.show(self.trace)
        with self.say(
            f"{chain.words} How much does each of them matter?",
            key="parameters",
        ):
            self.add(chain.diagram, chain.ends)
            for layer in range(1, chain.count + 1):
                link = LayerQuantities(layer)
                names = [FadeIn(chain.labels[x], shift=0.15 * DOWN) for x in (link.w, link.b)]
                self.play(chain.diagram.pulse(layer), *names, run_time=max(0.3, 0.9 - 0.06 * chain.count))
            self.read()
            shares = [AnimationGroup(Pulse(name), FadeIn(part, shift=0.15 * UP)) for name, part in chain.moves]
            self.play(FadeIn(chain.around, run_time=0.5), LaggedStart(*shares, lag_ratio=0.4, run_time=2.2))
            self.settle(chain.cost)
            self.read()
            marks = [Underscore(*pair, run_time=0.9) for pair in chain.moves]
            self.play(LaggedStart(*marks, lag_ratio=0.5))

    def the_last_two_neurons(self) -> None:
        """Only the last link stays, and its layers are named from the end: L and L − 1."""
        q, chain = self.last, self.chain
        self.link = link = close_link(self.trace, self.notation)
        link.diagram.show(self.trace)
        superscripts = {x: name[1:] for x, name in link.names.items()}
        count = Formula(Relation((Symbol("L"), Symbol(str(q.layer)))), font_size=44).move_to([0, -1.6, 0])
        walks = [bird.animate.next_to(link.diagram, LEFT, buff=0.45) for bird in seen(chain.bird)]
        with self.say(
            "Begin with the last two neurons. "
            "Layers are counted from the end: L, then L − 1. "
            "And these are the two activations. "
            "The brackets say that L and L − 1 are not exponents.",
            key="last-two",
        ):
            self.play(FadeOut(*chain.others, run_time=0.7))
            self.play(*chain.close_up(link), *walks, run_time=1.4)
            self.read()
            self.play(FadeIn(count, shift=0.15 * UP), run_time=0.6)
            self.play(*chain.renamed(link), FadeIn(link.names[q.a], shift=0.15 * DOWN))
            self.reach("then L")
            self.play(FadeIn(link.names[q.previous], shift=0.15 * DOWN), run_time=0.7)
            self.read()
            self.play(*(Pulse(link.names[x]) for x in (q.previous, q.a)), FadeOut(count, run_time=0.5))
            self.read()
            self.play(Underscore(*(superscripts[x] for x in (q.w, q.b, q.a, q.previous)), run_time=1.8))

    def the_desired_output_and_the_cost(self) -> None:
        """C_0 = (a − y)², in symbols and in numbers."""
        q, link = self.last, self.link
        self.board = board = NeuronDefinitions(self.notation, self.stage.numbers)
        row = board.cost_alone()
        with self.say(
            "The last activation is the answer. What it should be is y, the desired output. "
            f"{missed(self.example.network, self.naming.thing)}",
            key="cost",
        ):
            aside = 1.3 * LEFT
            self.play(
                VGroup(link.diagram, *link.names.values(), *seen(self.chain.bird)).animate.shift(aside), run_time=1.0
            )
            VGroup(link.to_cost, link.cost).shift(aside)
            board.y.next_to(link.cost, DOWN, buff=0.6, aligned_edge=LEFT)
            board.y.fit(theme.safe.right - board.y.get_left()[0])
            self.play(Underscore(link.after.number))
            self.read()
            self.play(FadeIn(board.y, shift=0.2 * UP))
            self.read()
            self.play(Create(link.to_cost), FadeIn(link.cost, shift=0.15 * RIGHT), run_time=0.8)
            moves: list[tuple[Mobject, Mobject]] = [
                (link.cost, row.symbols.side(0)),
                (board.y.quantity(q.y)[:1], row.symbols.quantity(q.y)),
            ]
            # The neuron lies between the activation's name and its place.
            self.play(Compose(row.symbols, [], veiled=moves), Pulse(link.names[q.a]))
            self.play(FadeIn(row.numbers, shift=0.15 * DOWN))

    def the_weighted_sum(self) -> None:
        """The activation as σ(w a + b), whose inside gets a name of its own."""
        q, link, board, tree = self.last, self.link, self.board, self.stage.tree
        with self.say(
            "And the activation? It comes from the weight, the activation before it, and the bias. "
            f"The sum inside gets a name of its own: z. {squeezed(self.example.network)} "
            "So the network computes z, then a, then the cost.",
            key="weighted-sum",
        ):
            # The neuron comes to where it will open, downwards.
            at = link.after.circle.get_center()
            place = tree.capsule.get_top() + link.after.circle.height / CLOSE / 2 * DOWN + RAISED * UP
            picture = VGroup(*link.whole, board.y)
            if seen(self.chain.bird):
                self.play(FadeOut(self.chain.bird), run_time=0.4)
            self.play(
                picture.animate.scale(1 / CLOSE, about_point=at).shift(place - at),
                board.cost_joins(),
                run_time=1.3,
            )
            self.read()
            self.play(FadeIn(board.around), Underscore(link.names[q.a], run_time=0.8), run_time=0.8)
            said = ("the weight", "the activation before it", "the bias")
            for words, (given, part) in zip(said, board.parts.items(), strict=True):
                self.reach(words)
                self.play(Underscore(link.names[given], run_time=0.8), FadeIn(part, shift=0.15 * UP), run_time=0.8)
            self.settle(board.whole)
            self.read()
            self.play(board.sum_rises(), run_time=1.3)
            self.play(board.sum_named(), run_time=0.9)
            self.read()
            self._see_what_sigma_does()
            self.read()
            for x in (q.z, q.a, q.cost):
                come = [] if x == q.cost else [FadeIn(board[x].numbers, shift=0.15 * DOWN)]
                self.play(Underscore(board[x].symbols.side(0)), *come, run_time=0.9)

    def _see_what_sigma_does(self) -> None:
        """The last activation function as a curve: from z up to it, and across to a."""
        q, board = self.last, self.board
        self.sketch = sketch = ActivationSketch(self.trace, self.notation, q, self.stage.numbers)
        self.play(FadeIn(sketch.frame), Underscore(board[q.a].symbols.side(1)), run_time=0.8)
        self.play(Create(sketch.curve), run_time=0.8)
        self.play(FadeIn(sketch.start, scale=2.0), FadeIn(sketch.given), run_time=0.5)
        self.play(*sketch.up(), run_time=0.8)
        self.play(*sketch.across(), run_time=0.8)
        self.play(FadeIn(sketch.answer), run_time=0.4)
        self.settle(sketch)

    # -- the tree -------------------------------------------------------------------------------------

    def the_neuron_opens(self) -> None:
        """The network goes to the corner; the neuron opens, and what it is made of comes out of it."""
        q, tree = self.last, self.stage.tree
        opening = NeuronOpening(self.link, self.board, tree)
        with self.say(
            "The network stays up here. Now open its last neuron. "
            "Inside, there are two things: the sum z, and the activation a. "
            "The weight, the activation before it and the bias make z, and z makes a. "
            "The activation and the desired output make the cost.",
            key="tree",
        ):
            here = [FadeIn(part, shift=0.4 * UP) for part in (self.stage.link, *seen(self.stage.bird))]
            self.play(*here, FadeOut(*self.board.numbers, self.sketch), run_time=1.2)
            self.read()
            self.remove(opening.replaced)
            self.add(*opening.kept)
            self.play(*opening.network())
            self.play(*opening.names(), run_time=1.0)
            self.play(*opening.stretched(), run_time=1.2)
            self.read()
            self.play(*opening.inside(), run_time=1.4)
            self.read()
            self.play(*opening.weight(), run_time=0.8)
            self.play(LaggedStart(*(GrowArrow(arrow) for arrow in tree.arrows_into(q.z)), lag_ratio=0.3), run_time=1.4)
            self.reach("and z makes")
            self.play(GrowArrow(tree.arrow(q.z, q.a)), run_time=0.7)
            self.read()
            self.play(*opening.target(), run_time=1.0)
            self.play(*opening.cost(), run_time=1.0)
            self.play(*(GrowArrow(arrow) for arrow in tree.arrows_into(q.cost)), run_time=0.9)
        self.remove(opening.circle, opening.number)
        self.settle(tree)
        self.inside = opening.number
        self.add(self.inside)

    def the_neuron_before_opens_too(self) -> None:
        """The tree could go on, up to the input; shown, and left aside."""
        q, tree = self.last, self.stage.tree
        gone = AnimationGroup(FadeOut(self.board.symbols, shift=0.3 * RIGHT), FadeOut(self.inside))
        if q.layer == 1:
            with self.say("The activation before it is the input itself.", key="further"):
                self.play(gone, Underscore(tree.node(q.previous)))
            return
        longer = EarlierNeurons(tree, self.trace, self.notation, min(2, q.layer - 1))
        self.play(gone, run_time=0.5)
        # The activation before it crosses what the others leave.
        crossing = [tree.node(q.previous), tree.arrow(q.previous, q.z)]
        veiled = [pair for pair in longer.kept if pair[0] in crossing]
        moves = [pair for pair in longer.kept if pair[0] not in crossing]
        with self.say(
            "The activation before it has a tree of its own, and so on, back to the input. "
            "For now, one neuron is enough.",
            key="further",
        ):
            self.play(Compose(longer.last, moves, veiled=veiled, old=tree, run_time=1.2))
            for back, (shape, inside) in enumerate(zip(longer.capsules, longer.inside, strict=True), 1):
                out_of = longer.node(LayerQuantities(q.layer - back).a)
                self.add(shape)
                self.bring_to_front(out_of)
                self.play(GrowFromPoint(shape, out_of.get_center()), run_time=0.6)
                self.play(FadeIn(inside), run_time=0.6)
            source = longer.source(self.naming.input(0))
            self.play(*(FadeIn(part, shift=0.15 * UP) for part in seen(source)), Pulse(longer.node(longer.first)))
            self.read()
            self.play(FadeOut(*longer.capsules, *longer.inside, *seen(source)), run_time=0.6)
            back_again = [[(new, old) for old, new in pairs] for pairs in (moves, veiled)]
            self.play(Compose(tree, back_again[0], veiled=back_again[1], old=longer.last, run_time=1.2))

    # -- nudges ---------------------------------------------------------------------------------------

    def a_number_line_for_each(self) -> None:
        """Each quantity of the tree has a dot on a line of its own, at its node."""
        q, tree = self.last, self.stage.tree
        self.gauges = gauges = NeuronGauges(
            Nudge(self.example, q.w, VISIBLE_NUDGE), self.notation, tree, label_right=self.stage.clear
        )
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
        self.settle(*gauges)
        self.add(tree.givens, tree.values)

    def a_nudge_to_the_weight(self) -> None:
        """Its dot moves, and z, a and the cost move with it."""
        q, tree, corner, gauges = self.last, self.stage.tree, self.stage.link, self.gauges
        start = self.trace.value(q.w)
        there, back = (start, start + VISIBLE_NUDGE), (start + VISIBLE_NUDGE, start)
        nudged = [gauges[0], tree.value(q.w)]
        z, a, cost = gauges.followers
        followers = [z, [*a, corner.after], cost]
        moved = {name: gauges.moves(x) for name, x in zip(("z", "a", "the cost"), q.path[1:], strict=True)}
        # The desired output stays lit: from it and the activation it can be guessed where the cost goes.
        self.given = [part for x in (q.previous, q.b) for part in (tree.node(x), tree.line(x), tree.value(x))]
        guess = " Guess: will the cost rise, or fall?" if moved["the cost"] else ""
        with self.say(f"Now nudge the weight, and only the weight.{guess}", key="guess"):
            self.play(Dim(*self.given), *corner.light(corner.edge))
            gauges.mark()
            self.play(ChangeQuantity(self.example, q.w, *there, nudged, run_time=1.3))
            if guess:
                self.read()
                self.play(*(Pulse(tree.node(x)) for x in (q.a, q.y, q.cost)), run_time=1.2)
                self.rest(2.0)
        with self.say(
            f"{moves_in_turn(moved)} A change is written Δ. Δw is the nudge, and ΔC₀ is what it does to the cost.",
            key="nudge",
        ):
            lights = [arrow.animate.set_color(theme.highlight) for arrow in tree.path(q.path)]
            self.play(
                ChangeQuantity(self.example, q.w, *there, followers, lag=0.22, run_time=3.0),
                LaggedStart(*lights, *corner.light(corner.to_cost), lag_ratio=0.4, run_time=2.6),
            )
            every = [*gauges, *gauges.numbers, corner.after]
            self.read()
            self.play(*(Pulse(gauge.change_label[0]) for gauge in gauges), run_time=1.2)
            self.read()
            for gauge in (gauges[0], gauges[-1]):
                self.play(Pulse(gauge.change_label[0]), run_time=1.2)
            self.reach("to the cost")
            self.play(ChangeQuantity(self.example, q.w, *back, every), run_time=1.1)
        gauges.unmark()

    # -- what it is worth ---------------------------------------------------------------------------

    def what_it_is_worth(self) -> None:
        """What the derivative predicts, and what happens."""
        q, stage, tree, beam = self.last, self.stage, self.stage.tree, self.stage.beam
        nudge, slope = Nudge(self.example, q.w, TRIED_NUDGE), stage.limit[1].numbers[0]
        line = PredictedChange(nudge, self.notation, q.cost, slope)
        tried = TriedNudge(nudge, line, self.notation)
        start = self.trace.value(q.w)
        others = [beam, beam.factors, stage.bracket]
        every = [*(tree.value(x) for x in q.path), stage.link.after]
        with self.say(
            f"What is that worth? Raise the weight by {line.by.text()}, and the cost "
            f"should {predicted(line.expected)}. "
            f"Now try it. {self._does(nudge)} {compared(line.expected.value, line.happened.value)}",
            key="worth",
        ):
            self.play(FadeOut(stage.derivatives, *others), run_time=0.7)
            self.play(FadeIn(tried), run_time=0.9)
            self.read()
            self.play(Create(tried.run), FadeIn(tried.by, line.symbols, tried.predicted), run_time=0.9)
            self.bring_to_front(tried.dot)
            self.reach("and the cost should")
            self.play(*tried.predict(), FadeIn(line.worked, shift=0.15 * LEFT), run_time=1.8)
            self.play(FadeIn(tried.label), run_time=0.5)
            self.settle(line.predicted)
            self.read()
            self.bring_to_front(tried.dot)
            self.play(ChangeQuantity(self.example, q.w, start, start + TRIED_NUDGE, [tried, *every]), run_time=1.6)
            self.read()
            self.play(FadeIn(*line.tried, shift=0.15 * LEFT), *map(FadeIn, seen(tried.lens)))
            self.read()
            self.play(FadeIn(tried.gap) if seen(tried.gap) else Indicate(tried.dot, color=None), run_time=0.6)
            self.rest(1.0)
        with self.say("Where do the three factors come from?", key="next"):
            shown = [line, tried, tried.by, tried.run, tried.fall, tried.predicted, tried.label, tried.lens, tried.gap]
            back = ChangeQuantity(self.example, q.w, start + TRIED_NUDGE, start, every)
            self.play(FadeOut(*seen(*shown), run_time=0.6), back, run_time=0.8)
            stage.derivatives.set_x(0)
            self.play(FadeIn(*others, stage.derivatives), Undim(*self.given), run_time=0.8)
            arrows = tree.path(q.path)
            self.play(LaggedStart(*(Indicate(arrow, scale_factor=1.6, color=theme.ink) for arrow in arrows)))
        self.rest(1.0)
