"""Chapter 5, sensitivity to weights and biases: one number is carried back, neuron by neuron, and finds them all."""

from __future__ import annotations

from manim import (
    DOWN,
    UP,
    Create,
    DashedLine,
    FadeIn,
    FadeOut,
    Indicate,
    LaggedStart,
    VGroup,
)

from backprop_film.kit import Compose, Naming, Prose, Underscore, theme
from backprop_film.sets import (
    FirstFactors,
    LayerProduct,
    TwoLayers,
    WhyBackwardsChapter,
    falls,
    labelled_diagram_at_the_left,
    mean_gradient_at_the_right,
    only_known,
    opened,
    walk_back,
)


class Sensitivity(WhyBackwardsChapter):
    """∂z/∂b = 1 and ∂z/∂a^(L−1) = w: the way back through the layers, which finds every entry of the gradient."""

    title = "Sensitivity to weights and biases"
    example_name = "several"

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.show_borrowed_functions()
        self.set_the_stage()
        self.one_entry_is_known()
        self.the_bias()
        self.the_activation_before()
        if self.last.layer > 1:
            self.one_layer_further()
            self.the_fold()
            self.back_to_the_first_layer()
        self.why_backwards()

    # -- the last layer -------------------------------------------------------------------------------

    def one_entry_is_known(self) -> None:
        """From the mean back to one example; its last neuron opens, and one entry is known."""
        q, column = self.last, self.gradient.column
        before = mean_gradient_at_the_right(self.example, self.notation)
        mean, known = only_known(before, q.w), only_known(column, q.w)
        network = labelled_diagram_at_the_left(self.trace, self.notation)
        product = self.now.chains.result(q.w).text()
        with self.say(
            f"Back to the first {Naming(self.example).thing}, and to its own cost. "
            "Open the last neuron once more, this time lying down. "
            "You already know one entry: the last weight's. "
            f"Here are the three factors you already know; their product is {product}. "
            "The last one belongs to the neuron itself: pin it there.",
            key="known",
        ):
            self.add(mean, network)
            row, tree = self.chain.diagram, self.now.tree
            drawn = [n for n in network.diagram.layers if n in row.layers]
            pairs = [(network.diagram.neuron(n, 0).circle, row.neuron(n, 0).circle) for n in drawn]
            pairs += [
                (network.diagram.edge(n, 0, 0), row.edge(n, 0, 0))
                for n in drawn
                if n - 1 in drawn and n - 1 in row.layers
            ]
            self.play(Compose(known, [(before.brackets, column.brackets)], old=mean), FadeOut(*network.names))
            frame = VGroup(*(part for _, part in pairs))
            self.play(Compose(frame, pairs, old=network.diagram), run_time=1.2)
            self.play(Compose(self.chain, [(part, part) for part in frame], old=frame), run_time=0.8)
            self.reach("Open")
            self.open_neuron()
            self.play(FadeIn(tree), run_time=1.0)
            self.reach("You already")
            self.play(Underscore(column.value(q.w)), Create(self.gradient.bars[q.w]))
            self.reach("Here are")
            self.play(FadeIn(self.line.symbols, shift=0.15 * DOWN), run_time=0.8)
            numbers = [FadeIn(number, shift=0.1 * DOWN) for number in self.now.on_path(q.w)]
            self.play(LaggedStart(*numbers, lag_ratio=0.6), run_time=1.6)
            self.reach("their product")
            self.play(FadeIn(self.line.numbers), *self.now.flashes(q.w))
            self.reach("The last one")
            self.play(self.now.behind.animate.set_color(theme.highlight), run_time=0.5)
            self.carry(q.layer, 1.2)

    def the_bias(self) -> None:
        """The bias: one factor is swapped. Which one is it?"""
        q, left = self.last, theme.safe.left + 0.05
        room = self.now.tree.node(q.w).get_left()[0] - 0.45 - left
        self.factors = factors = FirstFactors(self.notation, q.layer, left=left, width=room)
        guess = Prose("?", font_size=44, color=theme.highlight)
        bars, grow = self.nudged(q.b)
        with self.say(
            "Now the bias. Its path to the cost differs in only one arrow. "
            "Guess the new factor: nudge the bias, and how far does z move? "
            "Just as far: the factor is 1. "
            f"The other two stay, and the product is {self.now.chains.result(q.b).text()}.",
            key="bias",
        ):
            self.turn_to(q.b)
            self.reach("Its path")
            self.swap(q.b)
            self.reach("Guess")
            guess.scale_to_fit_height(0.26).move_to(self.blank)
            self.play(FadeIn(guess, factors.definition), run_time=0.8)
            self.reach("nudge the bias")
            self.play(FadeIn(bars.wall, *bars.names), grow[0], run_time=0.9)
            self.reach("how far")
            self.play(Indicate(guess, scale_factor=1.4, color=theme.highlight), run_time=1.0)
            self.rest(2.0)
            self.reach("Just as far")
            ends = [bar.line.get_end() for bar in bars.bars]
            plumb = DashedLine(*ends, dash_length=0.07, stroke_width=2.5, color=theme.ink)
            self.play(grow[1], run_time=0.8)
            self.play(Create(plumb), run_time=0.4)
            self.reach("the factor is 1")
            self.fill_the_blank(guess)
            self.read()
            self.play(FadeOut(bars.wall, *bars.names, *bars.bars, plumb), run_time=0.5)
            self.derive(q.b)
            self.finish()
            self.enter(q.b, self.line.numbers.side(-1))

    def the_activation_before(self) -> None:
        """The previous activation: the factor is w. It can't be set; its number is kept, pinned on its neuron."""
        q, first = self.last, self.last.layer == 1
        keep = (
            "Here it is the input, which is given: the walk is over."
            if first
            else "But keep this number. Pin it on its neuron: it goes back with us."
        )
        with self.say(
            "Once more only the first factor changes: now we nudge the previous activation. "
            "This time, it is the weight. "
            f"You can't set an activation, so the gradient has no entry for it. {keep}",
            key="activation",
        ):
            self.turn_to(q.previous, *self.factors.leave())
            self.swap(q.previous)
            self.reach("now we nudge")
            bars, grow = self.nudged(q.previous)
            self.play(FadeIn(bars.wall, *bars.names), grow[0], run_time=0.9)
            self.play(grow[1], run_time=0.9)
            self.reach("This time")
            self.play(FadeOut(bars.wall, *bars.names, *bars.bars), run_time=0.5)
            self.derive(q.previous)
            self.fill_the_blank()
            self.finish()
            self.reach("You can't")
            previous = self.now.tree.node(q.previous)
            self.play(Indicate(previous, scale_factor=1.2, color=theme.highlight), run_time=0.9)
            self.reach("so the gradient")
            brackets = self.gradient.column.brackets
            self.play(Indicate(brackets, scale_factor=1.03, color=theme.highlight), run_time=1.4)
            self.reach("Here it is" if first else "But keep")
            if first:
                self.play(Indicate(self.chain.diagram.neuron(0, 0), scale_factor=1.2, color=None), run_time=1.8)
                return
            self.play(self.line.numbers.side(-1).animate.set_color(theme.highlight), run_time=0.5)
            self.reach("Pin it")
            self.carry(q.layer - 1, 1.2)

    # -- the layer before -----------------------------------------------------------------------------

    def one_layer_further(self) -> None:
        """The neuron before opens, too: a lit path of five arrows, whose factors are collected one by one."""
        last, self.now = self.now, self.stage.tree(self.trace, self.notation, self.last.layer - 1)
        self.both = both = TwoLayers(self.stage, self.trace, last, self.now)
        self.folded = self.capsule
        aside = both.tree.node(last.quantities.cost).get_center() - last.tree.node(last.quantities.cost).get_center()
        with self.say(
            "That activation belongs to a neuron, too. Open it: it has its own weight and bias. "
            "Walk back to that weight, and collect a factor on each arrow. "
            "The miss, the slope, and the weight: these three you know. "
            "Then the slope of this neuron, and the activation its weight multiplies.",
            key="further",
        ):
            row = [self.factors.row] if self.factors.row else []
            left = (self.line.symbols, self.line.numbers, self.factors.definition, *row)
            self.play(FadeOut(*left, *last.on_path(last.quantities.previous)), run_time=0.7)
            along = [part.animate.shift(aside) for part in (last.tree, self.folded)]
            self.slide(self.now.quantities.layer, along, run_time=1.2)
            neuron = self.chain.diagram.neuron(self.now.quantities.layer, 0)
            self.play(Indicate(neuron, scale_factor=1.2, color=None), run_time=0.8)
            self.reach("Open it")
            self.capsule = opened(self.now, self.chain)
            self.open_neuron()
            self.play(Compose(both.tree, last.tree.shared(both.tree), old=last.tree), run_time=1.2)
            self.reach("Walk back")
            self.collect_the_factors(self.both)

    def the_fold(self) -> None:
        """What lies between here and the cost is one number, which is put in the place of three factors."""
        q, both = self.now.quantities, self.both
        pin = self.chain.pin(q.layer)
        label = both.between(pin.formula)
        symbols = LayerProduct(self.stage, self.now, q.w).symbols
        with self.say(
            "Five factors. But the last three are multiplied already: that is the number you pinned. "
            "Put it in their place, and it is three factors again. "
            "Multiply them: another entry of the gradient.",
            key="fold",
        ):
            aside = both.aside
            self.play(FadeOut(*aside), run_time=0.6)
            both.tree.remove(*aside)
            count = both.count
            self.play(LaggedStart(*(FadeIn(number, shift=0.1 * UP) for number in count), lag_ratio=0.8), run_time=1.8)
            self.reach("But the last")
            self.play(FadeOut(count, run_time=0.4), Create(both.over), Create(both.under), run_time=1.0)
            lights = [walk_back(both.tree, by, of)[0] for by, of in reversed(both.behind)]
            self.play(LaggedStart(*lights, lag_ratio=0.5), run_time=1.6)
            self.reach("that is the number")
            for move in falls(pin, label, both.lane(pin, label, self.capsule[0], self.folded[0])):
                self.play(move)
            self.read()
            self.remove(both.line, both.factors)
            self.add(*both.spread())
            closing = [FadeOut(self.folded, run_time=0.8)]
            for move in both.fold(label, symbols):
                self.play(*move, *closing)
                closing = []
            self.wrt = q.w
            self.reach("Multiply")
            self.enter(q.w, self.calculate(symbols).side(-1))

    # -- back to the first layer ----------------------------------------------------------------------

    def back_to_the_first_layer(self) -> None:
        """Layer by layer the column fills; the number pinned in each is a factor of the next one's products."""
        what, why = self.gradient.in_words
        first = self.last.layer == 2
        many = self.last.layer > 3
        on = "For the previous activation, it is the weight. The product is pinned next. "
        on = "" if first else on
        go = "" if first else "One layer back, the next neuron opens. "
        go = "So it goes on, layer after layer: each number is made from the one before. " if many else go
        stands = "" if first else "The number on it stands for everything from here to the cost. "
        two = "" if first else "Again two products: one gives the weight's entry, and the other, the bias's. "
        with self.say(
            f"For the bias, only the first factor changes: it is 1. {on}{go}{stands}{two}"
            f"The activation before that is the input itself: it is given, so here the walk ends. {what} {why}",
            key="walk",
        ):
            self.find(self.now.quantities.b)
            if not first:
                self.reach("For the previous")
                self.turn_to(self.now.quantities.previous)
                product = self.calculate()
                self.reach("The product")
                self.play(product.side(-1).animate.set_color(theme.highlight), run_time=0.4)
                self.reach("is pinned")
                self.carry(self.now.quantities.layer - 1, 0.8)
                self.reach(go)
                self.leave_the_layer()
                if many:
                    self.hop_to_the_second_layer()
                self.open_the_first_layer()
                self.reach("The number on it")
                self.draw_what_follows()
                self.reach("Again two")
                self.enter(self.wrt, self.calculate().side(-1))
                self.reach("the other")
                self.find(self.now.quantities.b)
            self.reach("The activation before")
            given = self.now.tree.node(self.now.quantities.previous)
            around = [
                given,
                self.chain.diagram.neuron(0, 0),
                *([self.chain.bird] if self.chain.bird in self.chain else []),
            ]
            self.play(*(Indicate(part, scale_factor=1.2, color=None) for part in around), run_time=1.2)
            self.reach("so here")
            self.play(Indicate(self.gradient.column.brackets, scale_factor=1.03, color=theme.highlight), run_time=1.2)
            self.reach(what)
            shown = [self.gradient.bars[p] for p in reversed(self.gradient.column.shown)]
            flashes = [Indicate(bar, scale_factor=1.15, color=None) for bar in shown]
            self.play(LaggedStart(*flashes, lag_ratio=0.3), run_time=2.2)
            self.reach(why)
            self.play(self.light(2.0, backward=True))
