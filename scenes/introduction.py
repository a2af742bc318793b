"""Chapter 1, introduction: a penguin, a network that is wrong, its cost, 54 numbers to turn, and one pass backwards."""

from __future__ import annotations

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Restore,
    Transform,
    VGroup,
    smooth,
    squish_rate_func,
)

from backprop_film.kit import (
    Compose,
    CostNode,
    Dials,
    Misses,
    Naming,
    NetworkDiagram,
    Underscore,
    seen,
    theme,
)
from backprop_film.sets import (
    FilledGradientChapter,
    MeasuredInputs,
    NamedChain,
    ParameterKinds,
    answer_in_words,
    answer_lines,
    gathered,
    neuron_radius,
    same_input,
    spoken_answers,
)
from backprop_math import Notation, Number, load_example

#: Where the network stands when nothing is left but itself, the cost and what is said about them.
AT_THE_LEFT = 3.15 * LEFT + 0.98 * UP
RIGHT_HALF = 4.3 * RIGHT + 0.85 * UP
ASIDE = 4.0 * RIGHT
#: How far apart the inputs are, and the outputs, whose labels need room: if they are few.
SPREAD, FEW = 1.45, 3


class Introduction(FilledGradientChapter):
    """Which of a network's numbers to turn, which way, how far: one pass backwards answers for all of them."""

    title = "Introduction"
    example_name = "introduction"

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.names = Naming(self.example)
        self.notation = Notation(self.example.network, layers="absolute")
        self.an_example_is_measured()
        self.it_runs_forward()
        self.answer_and_truth()
        self.the_miss_as_one_number()
        self.numbers_that_can_be_turned()
        self.one_is_turned_a_little()
        self.a_run_for_each()
        self.one_pass_backwards(self.kinds)
        self.down_to_the_simplest_network()

    # -- the example, and what the network makes of it --------------------------------------------------

    def an_example_is_measured(self) -> None:
        """The three lengths draw themselves on the bird, and each runs along its hairline to its label."""
        network, thing = self.example.network, self.names.thing
        radius = neuron_radius(self.trace)
        few = {at: network.layers[at] <= FEW for at in (0, network.L)}
        # Where many inputs stand, the chapter's title is near.
        height, spread = (4.4 - 2 * radius if few[0] else 3.6), {at: SPREAD for at, so in few.items() if so}
        self.diagram = NetworkDiagram(network, width=4.3, height=height, radius=radius, spread=spread)
        self.diagram.move_to([1.3, 0.5, 0])
        self.measured = MeasuredInputs(self.names, self.diagram)
        self.answers = answer_lines(self.trace, self.names, self.diagram)
        what = f"A {thing} is measured" if self.measured.bird else "This is what goes in"
        asks = "Which species is it?" if self.measured.bird else "What should come out?"
        with self.say(f"{what}: {self.names.inputs_in_words}. {asks}", key="measured"):
            # In the middle of the stage at first, as long as nothing else is there.
            here = VGroup(*self.measured.labels, *([self.measured.bird] if self.measured.bird else []))
            here.shift(ASIDE)
            if self.measured.bird:
                self.play(FadeIn(self.measured.bird, shift=0.3 * RIGHT), run_time=0.9)
            for label, caliper, hairline in self.measured.rows:
                moves = [Create(part) for part in (*caliper, hairline) if part.has_points()]
                self.play(*moves, FadeIn(label, shift=0.15 * RIGHT), run_time=0.8)
            self.read()
            here.remove(self.measured.arrows)
            self.measured.arrows.shift(-ASIDE)
            self.play(here.animate.shift(-ASIDE), run_time=1.0)
            self.play(
                *(FadeIn(VGroup(line.rail, line.label), shift=0.15 * LEFT) for line in self.answers), run_time=0.7
            )

    def it_runs_forward(self) -> None:
        """What was measured is scaled; the network draws itself; the activations light up layer by layer."""
        layers, scaling = self.diagram.layers, self.measured.scaling
        scaled = ""
        if self.example.input_measured is not None:
            scaled = "Each is scaled: the smallest value is 0, the largest 1. "
        with self.say(
            f"{scaled}A network takes these numbers. Layer by layer, they become an answer.",
            key="forward",
        ):
            if scaling:
                end, dot = scaling.dot.get_center(), scaling.dot
                self.play(Create(scaling.rail), FadeIn(scaling.ends[0]), run_time=0.6)
                self.play(FadeIn(dot.move_to(scaling.rail.get_start()), scale=0.5), FadeIn(scaling.bounds[0]))
                to_the_end = dot.animate.move_to(scaling.rail.get_end())
                self.play(to_the_end, FadeIn(*(part[1] for part in (scaling.ends, scaling.bounds))), run_time=1.0)
                self.play(dot.animate.move_to(end), run_time=0.6)
                self.play(FadeIn(self.measured.scaled, shift=0.1 * UP), run_time=0.6)
            if scaled:
                self.read()
            self.play(
                LaggedStart(*(FadeIn(self.diagram.layer(layer)) for layer in layers), lag_ratio=0.25),
                LaggedStart(*(FadeIn(self.diagram.edges(layer)) for layer in layers[1:]), lag_ratio=0.25),
                FadeIn(self.diagram.ellipses),
                run_time=1.4,
            )
            self.settle(self.diagram)
            for moves in self.measured.go_in(self.trace):
                self.play(*moves, run_time=0.6)
            self.play(Create(self.measured.arrows), run_time=0.5)
            quick = 0.55 if len(layers) < 6 else 0.25
            self.read()
            for layer in layers[1:]:
                self.play(self.diagram.pulse(layer), run_time=quick)
                self.play(*self.diagram.reveal(layer, self.trace), run_time=0.8 * quick)

    def answer_and_truth(self) -> None:
        """Each output slides out as a dot on a line; a gold tick drops at the truth, the red gap is the miss."""
        dots, gaps = [line.dot for line in self.answers], [line.gap for line in self.answers]
        ticks = [VGroup(line.tick, line.truth) for line in self.answers]
        with self.say(answer_in_words(self.trace, self.example, self.names), key="answer"):
            places = [dot.get_center() for dot in dots]
            for line in self.answers:
                line.dot.move_to(line.rail[0].get_start())
            self.play(*(FadeIn(dot, scale=0.5) for dot in dots), run_time=0.4)
            glides = [dot.animate.move_to(at) for dot, at in zip(dots, places, strict=True)]
            said = spoken_answers(self.trace, self.names)
            if len(said) == len(dots):
                for place, (words, glide) in enumerate(zip(said, glides, strict=True)):
                    if place:  # nothing stands still until the first is said
                        self.reach(words)
                    self.play(glide, run_time=0.9 if place else 1.6)
            else:
                self.play(*glides, run_time=1.0)
            self.play(*(FadeIn(tick, shift=0.3 * DOWN) for tick in ticks), run_time=0.6, next_at=0)
            self.read()
            self.play(*(Create(gap) for gap in gaps), run_time=0.8)
            self.settle(*self.answers)

    def the_miss_as_one_number(self) -> None:
        """Each gap becomes the side of a square; their areas add up to the cost."""
        shown = [int(line.quantity.j) for line in self.answers]
        unit = self.answers[0].rail[0].width
        self.misses = misses = Misses(self.trace, self.notation, shown, width=4.1, height=2.2, unit=unit)
        misses.move_to(RIGHT_HALF)
        value = [part for part in misses.total.expression.walk() if isinstance(part, Number)][-1].text()
        words = (
            f"Take each miss and square it. The squares add up to one number, the cost: {value}."
            if misses.squares
            else f"From each output, the cost takes how bad it is. Together, that is one number: {value}."
        )
        words += f" We write it C₀: the cost of this {self.names.thing}, number 0."
        shift = AT_THE_LEFT - self.diagram.get_center()
        with self.say(words, key="cost"):
            # The digits that the misses are calculated with.
            finer = self.finer if any(misses.side(j) for j in shown) else []
            self.play(FadeOut(self.measured.labels, *seen(self.measured.scaling)), *map(FadeIn, finer), run_time=0.4)
            moves = [VGroup(self.diagram, *self.answers, *finer).animate.shift(shift)]
            if self.measured.bird:
                moves.append(self.measured.bird.animate.scale(0.24).move_to([-6.07, AT_THE_LEFT[1], 0]))
            self.play(*moves, run_time=1.2)
            sides = [line.gap.copy() for line in self.answers]
            bases = [misses.base(j, like=side) for j, side in zip(shown, sides, strict=True)]
            sizes = [(size, side) for j, side in zip(shown, sides, strict=True) if (size := misses.side(j))]
            for size, side in sizes:
                size.save_state().next_to(side, DOWN, buff=0.24)
            # Below lines that stand close, a figure would touch the next one's words.
            below = sizes if all(line.is_clear_of(size) for line in self.answers for size, _ in sizes) else []
            if below:
                self.play(*(FadeIn(size, shift=0.1 * DOWN) for size, _ in below), run_time=0.6)
            # Along its own row first, where nothing is written.
            ends = [min(b.get_x(), theme.safe.right - 0.05 - s.width / 2) for s, b in zip(sides, bases, strict=True)]
            along = [s.animate.set_x(x) for s, x in zip(sides, ends, strict=True)]
            along += [s.animate.set_x(s.saved_state.get_x()) for s, _ in below]
            self.play(*along, run_time=0.8)
            # Under the sides, which go below them, the figures would be struck through.
            if below:
                self.play(*(FadeOut(size) for size, _ in below), run_time=0.3)
            self.play(*(Transform(s, b) for s, b in zip(sides, bases, strict=True)), run_time=0.6)
            for size, _ in sizes:
                size.restore()
            for shape in misses.shapes:
                shape.save_state().stretch(0.001, 1, about_edge=DOWN)
            self.play(*map(Restore, misses.shapes), *(FadeIn(size) for size, _ in sizes), run_time=0.9)
            self.remove(*sides)
            self.play(FadeIn(misses.numbers, shift=0.1 * UP), run_time=0.5, next_at=0)
            self.play(Compose(misses.total, misses.moves()), run_time=1.2)
            self.read()
            self.play(Underscore(misses.total.side(0)))

    # -- 54 numbers ---------------------------------------------------------------------------------------

    def numbers_that_can_be_turned(self) -> None:
        """The cost takes its place behind the outputs; a dial for every weight and bias."""
        count = len(self.example.network.parameters)
        self.cost = CostNode(self.trace, self.notation, self.diagram, buff=0.85)
        self.dials = Dials(self.example.network, width=4.1, height=3.9).move_to(RIGHT_HALF)
        self.kinds = ParameterKinds(self.example.network, width=5.0).next_to(self.dials, DOWN, buff=0.26)
        self.kinds.shift(min(0.0, theme.safe.right - 0.05 - self.kinds.get_right()[0]) * RIGHT)
        with self.say(
            f"The network has {count:,} numbers that can be turned: its weights and biases. "
            "Which of them, which way, and how far?",
            key="numbers",
        ):
            self.play(
                FadeOut(self.misses.shapes, self.misses.numbers, *seen(self.misses.sides), *self.answers, *self.finer),
                Compose(self.cost, [(self.misses.total.side(0), self.cost.symbol)], old=self.misses.total),
                run_time=1.1,
            )
            counts = FadeIn(self.kinds, rate_func=squish_rate_func(smooth, 0.7, 1.0))
            self.play(LaggedStart(*map(FadeIn, [*self.dials]), lag_ratio=0.1), counts, run_time=3.6)
            self.settle(self.dials)
            self.play(LaggedStart(*self.each_dial_once(), lag_ratio=0.06), run_time=2.4, next_at=0)

    # -- the next chapter's network ---------------------------------------------------------------------

    def down_to_the_simplest_network(self) -> None:
        """The neurons of each layer become one, layer after layer."""
        own = self.example.network
        simplest = self.example if max(own.layers) == 1 else load_example("simplest")
        names = Naming(simplest)
        chain = NamedChain(simplest, Notation(simplest.network))
        small, bird = chain.diagram, self.measured.bird
        numbers = [neuron.number for layer in self.diagram.layers for neuron in self.diagram.layer(layer)]
        same = same_input(self.diagram, self.names, small, names)
        around = [self.bars, *self.entries, self.runs, self.cost, self.sweep.light, self.diagram.ellipses]
        around += [number for number in numbers if same is None or number is not same.number]
        around += [bird] if bird and not chain.bird else []
        asks = f": is it {names.asked(0)}" if names.is_penguin else "."
        with self.say(
            f"First, a smaller network of its own, the simplest there is. One number in, one answer out{asks}",
            key="collapse",
        ):
            self.play(FadeOut(*around), run_time=0.9)
            moves = gathered(self.diagram, small)
            for neuron in (neuron for layer in self.diagram.layers for neuron in self.diagram.layer(layer)):
                neuron.remove(neuron.number)
            if same is not None:
                moves.append((same.number, small.neuron(0, 0).number))
            self.play(Compose(small, moves, old=self.diagram, run_time=2.2))
            arrives = [chain.bird] if chain.bird and not bird else []
            # Last, when no neuron is in its way.
            walks = [Transform(bird, chain.bird)] if bird and chain.bird else []
            self.play(FadeIn(chain.given, *arrives, shift=0.15 * DOWN), *walks, run_time=0.8, next_at=0)
            for layer in small.layers[1:]:
                quick = 0.5 if len(small.layers) < 6 else 0.2
                self.play(small.pulse(layer), run_time=0.6 * quick)
                self.play(*small.reveal(layer, simplest.trace()), run_time=quick)
            self.play(FadeIn(chain.asked, shift=0.15 * DOWN), run_time=0.7)
            self.rest(0.8)
