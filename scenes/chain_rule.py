"""Chapter 2, the chain rule in networks: one neuron a layer, a nudge, and three ratios that multiply."""

from __future__ import annotations

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
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
    SlopePanel,
    Underscore,
    Undim,
    seen,
    theme,
)
from backprop_film.sets import (
    ChainRuleStage,
    EarlierNeurons,
    FallingNudgeChapter,
    ForetoldChange,
    LayerQuantities,
    NamedChain,
    NeuronDefinitions,
    NeuronGauges,
    NeuronOpening,
    RatioChapter,
    TriedNudge,
    close_link,
    compared,
    foretold,
    missed,
    moves_in_turn,
    squeezed,
)
from backprop_math import Nudge, Relation, Symbol

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
            self.play(Compose(chain.cost, chain.moves, run_time=1.8))
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
            "The brackets say that these are not exponents. "
            "And here are the two activations.",
            key="last-two",
        ):
            self.play(FadeOut(*chain.others, run_time=0.7))
            self.play(*chain.close_up(link), *walks, run_time=1.4)
            self.read()
            self.play(FadeIn(count, shift=0.15 * UP), run_time=0.6)
            self.play(*chain.renamed(link), *(FadeIn(link.names[x], shift=0.15 * DOWN) for x in (q.a, q.previous)))
            self.play(Underscore(*(superscripts[x] for x in (q.w, q.b, q.a))))
            self.play(Underscore(superscripts[q.previous]))
            self.read()
            self.play(Underscore(*(superscripts[x] for x in (q.w, q.b, q.a, q.previous))), FadeOut(count, run_time=0.5))
            self.read()
            self.play(*(Pulse(link.names[x]) for x in (q.previous, q.a)))

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
                (link.names[q.a], row.symbols.quantity(q.a)),
                (board.y.quantity(q.y)[:1], row.symbols.quantity(q.y)),
            ]
            self.play(Compose(row.symbols, [], veiled=moves))
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
            # The neuron comes to where it will open.
            at, place = link.after.circle.get_center(), (tree.node(q.z).get_center() + tree.node(q.a).get_center()) / 2
            picture = VGroup(*link.whole, board.y)
            self.play(
                *map(FadeOut, seen(self.chain.bird)),
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
            self.play(*board.sum_named(), run_time=1.6)
            self.read()
            self._see_what_sigma_does()
            self.read()
            for x in (q.z, q.a, q.cost):
                come = [] if x == q.cost else [FadeIn(board[x].numbers, shift=0.15 * DOWN)]
                self.play(Underscore(board[x].symbols.side(0)), *come, run_time=0.9)

    def _see_what_sigma_does(self) -> None:
        """The last activation function as a curve: from z up to it, and across to a."""
        q, board = self.last, self.board
        decimals = self.stage.numbers[q.z].decimals
        panel = SlopePanel(self.trace, self.notation, q.a, q.z, width=2.9, height=1.1, decimals=decimals, font_size=32)
        panel.move_to([-4.35, -1.95, 0])
        self.sketch = VGroup(panel.frame, panel.curve, panel.point)
        across = self.trace.value(q.z), self.trace.value(q.a)
        ends = [axis.point(value) for axis, value in zip((panel.plane.x, panel.plane.y), across, strict=True)]
        on_curve, answer = panel.dot.get_center(), panel.dot.copy()
        guide, value, dot = panel.point
        self.play(FadeIn(panel.frame), Underscore(board[q.a].symbols.side(1)), run_time=0.8)
        self.play(Create(panel.curve), run_time=0.8)
        dot.move_to(ends[0])
        self.play(FadeIn(dot, scale=2.0), FadeIn(value), run_time=0.5)
        self.play(dot.animate.move_to(on_curve), FadeIn(guide), run_time=0.8)
        self.play(answer.animate.move_to(ends[1]), run_time=0.8)
        self.sketch.add(answer)

    # -- the tree -------------------------------------------------------------------------------------

    def the_neuron_opens(self) -> None:
        """The network goes to the corner; the neuron opens, and what it is made of comes out of it."""
        q, tree = self.last, self.stage.tree
        opening = NeuronOpening(self.link, self.board, tree)
        with self.say(
            "Keep the network in sight, and open its last neuron. "
            "Inside are two things: the sum z, and the activation a. "
            "The weight, the activation before it and the bias make z, and z makes a. "
            "The activation and the desired output make the cost.",
            key="tree",
        ):
            here = [FadeIn(part, shift=0.4 * UP) for part in (self.stage.link, *seen(self.stage.bird))]
            self.play(*here, FadeOut(*self.board.numbers, self.sketch), run_time=1.2)
            self.remove(opening.replaced)
            self.add(*opening.kept)
            self.play(*opening.network())
            self.play(*opening.names(), run_time=1.2)
            self.read()
            self.play(*opening.inside(), run_time=1.4)
            self.read()
            self.play(LaggedStart(*(GrowArrow(arrow) for arrow in tree.arrows_into(q.z)), lag_ratio=0.3), run_time=1.4)
            self.reach("and z makes")
            self.play(GrowArrow(tree.arrow(q.z, q.a)), run_time=0.7)
            self.read()
            self.play(*opening.cost(), run_time=1.2)
            self.play(*(GrowArrow(arrow) for arrow in tree.arrows_into(q.cost)), run_time=0.9)
        self.settle(tree)

    def the_neuron_before_opens_too(self) -> None:
        """The tree could go on, up to the input; shown, and left aside."""
        q, tree = self.last, self.stage.tree
        gone = FadeOut(self.board.symbols, shift=0.3 * RIGHT)
        if q.layer == 1:
            with self.say("The activation before it is the input itself.", key="further"):
                self.play(gone, Underscore(tree.node(q.previous)))
            return
        longer = EarlierNeurons(tree, self.trace, self.notation, min(2, q.layer - 1))
        with self.say(
            "The activation before it has a tree of its own, and so on, back to the input. "
            "For now, one neuron is enough.",
            key="further",
        ):
            self.play(gone, run_time=0.5)
            self.play(Compose(longer.last, longer.kept, old=tree, run_time=1.2))
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
            self.play(Compose(tree, [(new, old) for old, new in longer.kept], old=longer.last, run_time=1.2))

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
        followers = [*gauges.followers[:4], corner.after, *gauges.followers[4:]]
        moved = {name: gauges.moves(x) for name, x in zip(("z", "a", "the cost"), q.path[1:], strict=True)}
        self.given = [part for x in q.tree if x not in q.path for part in (tree.node(x), tree.line(x), tree.value(x))]
        guess = " Guess: will the cost rise, or fall?" if moved["the cost"] else ""
        with self.say(f"Now nudge the weight, and only the weight.{guess}", key="guess"):
            self.play(Dim(*self.given), *corner.light(corner.edge))
            gauges.mark()
            self.play(ChangeQuantity(self.example, q.w, *there, nudged, run_time=1.3))
            if guess:
                self.read()
                self.play(Pulse(tree.node(q.cost)), run_time=1.2)
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
            every = [*gauges, tree.value(q.w), *followers]
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
        """What the derivative foretells, and what happens."""
        q, stage, tree, beam = self.last, self.stage, self.stage.tree, self.stage.beam
        nudge, slope = Nudge(self.example, q.w, TRIED_NUDGE), stage.limit[1].numbers[0]
        line = ForetoldChange(nudge, self.notation, q.cost, slope)
        tried = TriedNudge(nudge, line, self.notation, tree, label_right=stage.clear)
        start = self.trace.value(q.w)
        others = [beam, beam.factors, stage.bracket]
        every = [tried, *(tree.value(x) for x in q.path), stage.link.after]
        with self.say(
            f"What is that worth? Raise the weight by {line.by.text()}, and the cost should {foretold(line.expected)}. "
            f"Now try it. {self._does(nudge)} {compared(line.expected.value, line.happened.value)}",
            key="worth",
        ):
            self.play(FadeOut(stage.derivatives, *others), run_time=0.7)
            self.play(FadeIn(line.symbols, tried, tried.by), next_at=0, run_time=0.8)
            self.reach("and the cost should")
            self.play(FadeIn(line.worked, shift=0.15 * LEFT), FadeIn(tried.foretold, shift=0.15 * DOWN), run_time=0.8)
            self.settle(line.foretold)
            self.read()
            self.play(ChangeQuantity(self.example, q.w, start, start + TRIED_NUDGE, every), run_time=1.6)
            self.read()
            self.play(FadeIn(*line.tried, shift=0.15 * LEFT))
            self.read()
            self.play(FadeIn(tried.gap), run_time=0.8)
            self.rest(1.0)
            self.play(FadeOut(tried.gap, tried.foretold, tried.by), run_time=0.5)
            self.play(ChangeQuantity(self.example, q.w, start + TRIED_NUDGE, start, every), run_time=1.0)
        with self.say("Where do the three factors come from?", key="next"):
            self.play(FadeOut(line, tried), run_time=0.6)
            stage.derivatives.set_x(0)
            self.play(FadeIn(*others, stage.derivatives), Undim(*self.given), run_time=0.8)
            arrows = tree.path(q.path)
            self.play(LaggedStart(*(Indicate(arrow, scale_factor=1.6, color=theme.ink) for arrow in arrows)))
        self.rest(1.0)
