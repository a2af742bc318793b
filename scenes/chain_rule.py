"""Chapter 2, the chain rule in networks: one neuron a layer, a nudge, and three ratios that multiply."""

from __future__ import annotations

from functools import cached_property

from manim import (
    DOWN,
    LEFT,
    UP,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    LaggedStart,
    smooth,
    squish_rate_func,
)

from backprop_film.kit import (
    ChangeQuantity,
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
    ChainRuleStage,
    FallingNudgeChapter,
    LayerQuantities,
    NamedChain,
    NeuronGauges,
    OpeningNeuronChapter,
    PredictedChange,
    RatioChapter,
    TriedNudge,
    close_link,
    compared,
    moves_in_turn,
    predicted,
)
from backprop_math import Nudge, Relation, Symbol

#: The nudge that is looked at on the number lines, large enough to be seen, and the one of which is said what it does.
VISIBLE_NUDGE, TRIED_NUDGE = 0.6, 0.1
#: So many times as large, a number that is nudged is too long for its place.
GROWN = 1e4


class ChainRule(OpeningNeuronChapter, RatioChapter, FallingNudgeChapter):
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
        # Not behind the neurons that fade.
        late = squish_rate_func(smooth, 0.55, 1.0)
        walks = [bird.animate(rate_func=late).next_to(link.diagram, LEFT, buff=0.45) for bird in seen(chain.bird)]
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

    # -- nudges ---------------------------------------------------------------------------------------

    @cached_property
    def nudged_by(self) -> float:
        """The visible nudge: a tenth of it, or a hundredth …, where what moves would be too long for its place."""
        for power in range(12):
            nudge = Nudge(self.example, self.last.w, round(VISIBLE_NUDGE * 10.0**-power, 12))
            ends = ((abs(nudge.before.value(q)), abs(nudge.after.value(q))) for q in self.last.path)
            if all(after < GROWN * max(before, 1.0) for before, after in ends):
                break
        return nudge.by

    def a_number_line_for_each(self) -> None:
        """Each quantity of the tree has a dot on a line of its own, at its node."""
        q, tree = self.last, self.stage.tree
        self.gauges = gauges = NeuronGauges(
            Nudge(self.example, q.w, self.nudged_by), self.notation, tree, label_right=self.stage.clear
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
        there, back = (start, start + self.nudged_by), (start + self.nudged_by, start)
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
            stage.derivatives.set_x(0)
            gone = FadeOut(*seen(*shown), rate_func=squish_rate_func(smooth, 0.0, 0.5))
            come = FadeIn(*others, stage.derivatives, rate_func=squish_rate_func(smooth, 0.4, 1.0))
            self.play(gone, back, come, Undim(*self.given), run_time=1.1)
            arrows = tree.path(q.path)
            self.play(LaggedStart(*(Indicate(arrow, scale_factor=1.6, color=theme.ink) for arrow in arrows)))
        self.rest(1.0)
