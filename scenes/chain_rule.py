"""Chapter 2, the chain rule in networks: one neuron a layer, a nudge, and three ratios that multiply."""

from __future__ import annotations

from itertools import pairwise

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    GrowArrow,
    GrowFromCenter,
    GrowFromPoint,
    Indicate,
    LaggedStart,
    Mobject,
    Succession,
    VGroup,
    linear,
    smooth,
    squish_rate_func,
)

from backprop_film.kit import (
    ChangeQuantity,
    Compose,
    Dim,
    Enlarge,
    Formula,
    Naming,
    Rewrite,
    Shrink,
    SlopePanel,
    Underscore,
    Undim,
    seen,
    theme,
)
from backprop_film.sets import (
    NUDGES,
    ChainChapter,
    ChainRuleStage,
    CostCurve,
    EarlierNeurons,
    ForetoldChange,
    LayerQuantities,
    NamedChain,
    NeuronDefinitions,
    NeuronGauges,
    NeuronOpening,
    TriedNudge,
    close_link,
    compared,
    foretold,
    happens,
    missed,
    moves_in_turn,
    size,
    squeezed,
)
from backprop_math import Nudge, Number, Relation, Symbol
from backprop_math.formula import fewest_decimals

#: How much larger the last two neurons are while only they are looked at.
CLOSE = 1.6
#: The nudge that is looked at on the number lines, large enough to be seen, and the one of which is said what it does.
VISIBLE_NUDGE, TRIED_NUDGE = 0.6, 0.1


class ChainRule(ChainChapter):
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
            self.play(*(_pulse(link.names[x]) for x in (q.previous, q.a)))

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
            self.play(*(FadeIn(part, shift=0.15 * UP) for part in seen(source)), _pulse(longer.node(longer.first)))
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
                self.play(_pulse(tree.node(q.cost)), run_time=1.2)
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
            self.play(*(_pulse(gauge.change_label[0]) for gauge in gauges), run_time=1.2)
            self.read()
            for gauge in (gauges[0], gauges[-1]):
                self.play(_pulse(gauge.change_label[0]), run_time=1.2)
            self.reach("to the cost")
            self.play(ChangeQuantity(self.example, q.w, *back, every), run_time=1.1)
        gauges.unmark()

    # -- the ratio ------------------------------------------------------------------------------------

    def the_cost_as_a_curve(self) -> None:
        """The line of w becomes the level axis, that of the cost the upright one; the curve is drawn, run by run."""
        q, tree, corner, gauges = self.last, self.stage.tree, self.stage.link, self.gauges
        self.curve = curve = CostCurve(self.example, self.notation, NUDGES)
        start, (low, high) = self.trace.value(q.w), curve.plane.x.span
        with self.say(
            "Now the ratio: how far does the cost move for each unit of weight? "
            "Run the network again for every value of this weight: this is the cost.",
            key="ratio",
        ):
            self.play(FadeOut(*gauges.others), run_time=0.7)
            self.remove(*gauges, tree, tree.givens, tree.values)
            self.add(*gauges.ends)
            self.play(curve.laid_down(gauges))
            self.play(curve.slid(gauges))
            self.play(curve.stood_up(gauges))
            self.settle(curve.plane, curve.names, curve.riders)
            self.play(curve.met())
            self.read()
            runs = Succession(
                ChangeQuantity(self.example, q.w, low, high, [corner.after], rate_func=linear, run_time=2.6),
                ChangeQuantity(self.example, q.w, high, start, [corner.after], run_time=0.9),
            )
            self.play(Create(curve.secant.curve, rate_func=linear, run_time=2.6), runs)
            self.bring_to_front(curve.secant.dot)

    def a_nudge_and_its_chord(self) -> None:
        """The triangle of a nudge of 1, and the first row of the table; then the tangent."""
        curve, secant, row = self.curve, self.curve.secant, self.curve.table[1]
        with self.say(
            f"Nudge the weight by {_nudged(0)}. {self._does(curve.nudges[0])} "
            "The ratio of the two is the slope of this chord. "
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
            self.reach("But we want")
            self.play(Indicate(secant.dot, scale_factor=1.8, color=None))
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
        last = "And again: chord and tangent can hardly be told apart." if curve.settled else "And again."
        words = (
            f"Look ten times closer, and nudge by {_nudged(1)}.",
            "Ten times closer again.",
            last,
        )
        labels = VGroup(curve.run_name, curve.rise_name)
        for row, sentence in enumerate(words, 1):
            zoom = 10.0**row
            with self.say(sentence, key=f"zoom-{round(zoom)}"):
                gone = FadeOut(labels, run_time=0.5)
                if row == 1:
                    self.add(curve.lens.at(1.0, 1.0))
                self.play(gone, Enlarge(curve.lens, zoom / 10, zoom, run_time=1.5))
                curve.lens.at(zoom, 1 / zoom)
                labels = curve.lens_labels(row, self.notation)
                self.play(FadeIn(labels), run_time=0.5)
                self.play(
                    _pulse(labels[1].side(1)),
                    LaggedStart(*(FadeIn(cell, shift=0.15 * RIGHT) for cell in curve.table[row + 1]), lag_ratio=0.5),
                    run_time=1.1,
                )
        self.times_larger, self.lens_nudge = labels

    def the_nudge_shrinks_to_nothing(self) -> None:
        """The ratios settle; the nudge goes to nothing, and Δ becomes ∂."""
        curve, secant = self.curve, self.curve.secant
        with self.say(
            f"{curve.words} Let the nudge shrink to nothing, and Δ becomes ∂. "
            "This is the derivative: the slope of the tangent.",
            key="settles",
        ):
            self.play(LaggedStart(*curve.ratios.lit_digits(), lag_ratio=0.3), run_time=1.6)
            self.read()
            self.play(Create(curve.rules[1]), FadeIn(curve.quotient, shift=0.2 * DOWN), run_time=1.0)
            zoom = 10.0 ** (len(NUDGES) - 1)
            self.play(
                FadeOut(self.lens_nudge, run_time=0.5),
                FadeOut(secant.run, secant.rise, secant.chord, secant.ring),
                Enlarge(curve.lens, zoom, zoom, by=(1 / zoom, 1e-4 / zoom)),
                Rewrite(curve.quotient, curve.derivative),
                run_time=2.4,
            )
            self.read()
            self.play(Underscore(curve.derivative.side(1)), secant.tangent.animate.set_stroke(width=6))

    # -- the chain rule -------------------------------------------------------------------------------

    def the_nudge_falls(self) -> None:
        """The tree comes back; one small nudge falls down it, and every arrow scales it."""
        tree, beam, curve = self.stage.tree, self.stage.beam, self.curve
        first, second = (one.value.text() for one in beam.measured[:2])
        own = " What has not moved gets a nudge of its own." if any(row.own for row in beam.measured) else ""
        with self.say(
            f"Now follow one small nudge, {size(beam.measured[0].by)}, through the neuron. "
            "All four lines have one scale. "
            f"The first arrow multiplies it by {first}. The second, by {second}.{own}",
            key="follow",
        ):
            self.play(FadeOut(*curve.drawn, *curve.axes, self.times_larger), run_time=0.7)
            self.remove(curve.plane, curve.names)
            self.play(FadeIn(tree, tree.givens, tree.values, beam.lines), run_time=1.0)
            beam.at(0)
            self.settle(tree, tree.givens, tree.values, beam.lines)
            self.play(Create(beam.segments[0]), FadeIn(beam.rings[0]), FadeIn(beam.changes[0]), run_time=0.9)
            self.play(FadeIn(beam.dots[0], scale=1.5), run_time=0.4)
            self.read()
            self.play(FadeIn(beam.scale_note))
            self.settle(beam)
            for step in range(2):
                self.read()
                self._fall(step)
            if own:
                self.reach(own.strip())
                self.play(*(Underscore(beam.changes[row]) for row, one in enumerate(beam.measured) if one.own))

    def _fall(self, step: int) -> None:
        """One arrow further down."""
        self.play(*self.stage.fall(step), run_time=1.6)
        self.play(FadeIn(self.stage.beam.changes[step + 1], shift=0.1 * RIGHT), run_time=0.5)

    def the_last_arrow(self) -> None:
        """The nudge falls to the cost; the viewer is asked first which way that will go."""
        q, stage, nudge = self.last, self.stage, self.curve.nudges[-1]
        times, change = stage.beam.measured[-1].value.text(), nudge.change(q.cost)
        if not nudge.moves(q.cost):
            with self.say(f"The last, times {times}. The cost stays where it is.", key="turn"):
                self._fall(2)
                self.reach("The cost stays")
                self.play(Underscore(stage.tree.node(q.cost)))
            return
        question = f"One arrow is left. Guess: how much of the {size(stage.beam.measured[0].by)} will reach the cost?"
        with self.say(question, key="how-much"):
            self.play(Indicate(stage.tree.arrow(q.a, q.cost), scale_factor=1.6, color=theme.ink), run_time=1.0)
            self.read()
            self.play(_pulse(stage.tree.node(q.cost)))
            self.rest(2.0)
        turned = "the nudge turns round" if change * nudge.change(q.a) < 0 else "the nudge keeps its direction"
        with self.say(f"Times {times}: {turned}, and this is what is left of it.", key="turn"):
            self._fall(2)
            self.reach("and this is")
            self.play(_pulse(stage.beam.changes[-1]))

    def the_chain_rule(self) -> None:
        """The product of the three ratios is the ratio wanted: the middle terms cancel; then Δ becomes ∂."""
        stage, beam, chain = self.stage, self.stage.beam, self.stage.quotients
        arrows, quotients = stage.tree.path(self.last.path), stage.ratios(1)
        with self.say(
            "Three arrows, three ratios. Multiply them. "
            "They are ratios of real changes, so what stands in between cancels. "
            f"What is left is the ratio we wanted, {beam.product.sides[-1].text()}. "
            "And for a nudge that shrinks to nothing, every Δ becomes ∂. This is the chain rule.",
            key="chain-rule",
        ):
            for part, arrow in zip(quotients, arrows, strict=True):
                self.play(
                    Indicate(arrow, scale_factor=1.6, color=theme.ink), FadeIn(part, shift=0.2 * UP), run_time=0.7
                )
            self.play(FadeIn(chain.side(0), chain.sign(0), chain.sign(1)), run_time=0.5, next_at=0)
            for factor, value in zip(beam.factors, stage.factors_one_by_one(), strict=True):
                self.play(_pulse(factor), FadeIn(value, shift=0.15 * UP), run_time=0.7)
            self.read()
            strokes = stage.strokes()
            self.play(LaggedStart(*(Create(stroke) for stroke in strokes), lag_ratio=0.4), run_time=1.6)
            self.read()
            self.play(FadeOut(*strokes), run_time=0.4)
            self.play(Create(stage.bracket[0]), FadeIn(stage.bracket[1]), FadeIn(stage.ratio[0]), run_time=1.0)
            self.play(FadeIn(stage.ratio[1], chain.sign(2), chain.side(3)), run_time=0.6)
            self.settle(chain, stage.ratio)
            self.read()
            self._shrink_to_nothing()
            self.read()
            for (wrt, of), factor in zip(pairwise(self.last.path), beam.factors, strict=True):
                self.play(_pulse(stage.derivatives.factor(of, wrt, side=1)), _pulse(factor), run_time=0.8)

    def _shrink_to_nothing(self) -> None:
        """A tenth of the nudge, looked at ten times closer, and again: the same picture; Δ becomes ∂."""
        stage, beam, by = self.stage, self.stage.beam, self.stage.nudge.by
        note: Mobject = beam.scale_note
        self.play(FadeOut(beam.changes, *stage.numbers_of_product), run_time=0.6)
        for tenth in (1, 2):
            before, after = 10.0 ** (tenth - 1), 10.0**tenth
            self.play(Shrink(beam, by=(by / before, by / after), zoom=(before, before)), run_time=0.9)
            closer = beam.closer(round(after))
            self.play(
                Shrink(beam, by=(by / after, by / after), zoom=(before, after)),
                FadeOut(note, run_time=0.4),
                FadeIn(closer, run_time=0.9, rate_func=squish_rate_func(smooth, 0.5, 1.0)),
                run_time=0.9,
            )
            note = closer
        self.play(*stage.limits(), FadeOut(note, run_time=0.6), run_time=1.2)

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


def _pulse(part: Mobject) -> Indicate:
    """Lights what is talked about, and lets it be again."""
    return Indicate(part, scale_factor=1.08, color=theme.highlight)


def _nudged(row: int) -> str:
    """A row's nudge of the weight, as the narration says it."""
    return Number(NUDGES[row], fewest_decimals(NUDGES[row], 0, 3)).text()
