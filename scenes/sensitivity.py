"""Chapter 5, sensitivity to weights and biases: a factor is swapped, and the chain goes on to the first layer."""

from __future__ import annotations

from itertools import pairwise

from manim import (
    DOWN,
    LEFT,
    PI,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    LaggedStart,
    VGroup,
    there_and_back,
)

from backprop_film.kit import ChainRuleLine, Chapter, Compose, ComputationTree, Dim, Formula, Underscore, Undim, theme
from backprop_film.sets import (
    COUNT_WORDS,
    ArrowNumbers,
    LayerQuantities,
    LayerTree,
    flat_bracket,
    gradient_at_the_right,
    gradient_decimals,
    labelled_diagram_at_the_left,
    last_layer_tree,
    mean_gradient_at_the_right,
    misfit_of_single_neurons,
    walk_back,
)
from backprop_math import Bias, Example, Quantity, Relation, Weight

#: Where the cost stands: beside the definition of z, and later, where the tree is one layer longer; the steps from
#: there to the left, and from the line up to the weights.
NEAR, FAR = (1.5, 0.66, 0.0), (2.94, 0.66, 0.0)
WIDE_STEP, STEP, RISE = 2.15, 1.54, 1.34
#: The size of the longer tree's symbols, and of the working line under it.
SIZE, LINE_SIZE = 37.44, 33.6
#: The baselines of the working line, and of the definition of z.
LINE, DEFINITION = -1.95, 2.55


class Sensitivity(Chapter):
    """∂z/∂b = 1 and ∂z/∂a^(L−1) = w: the way back through the layers, which finds every entry of the gradient."""

    title = "Sensitivity to weights and biases"
    example_name = "several"

    @classmethod
    def misfit(cls, example: Example) -> str | None:
        """Only networks with one neuron a layer."""
        return misfit_of_single_neurons(example)

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.last = LayerQuantities(self.example.network.L)
        self.decimals = gradient_decimals(self.trace)
        self.one_entry_is_known()
        self.the_bias()
        self.the_activation_before()
        self.the_tree_goes_on()
        self.three_factors_again()
        self.back_to_the_first_layer()
        self.the_whole_gradient()

    # -- the last layer -------------------------------------------------------------------------------

    def one_entry_is_known(self) -> None:
        """Of one example's gradient, the entry that chapter 3 has calculated; its tree, laid on its side."""
        q = self.last
        parameters = list(self.example.network.parameters)
        before = mean_gradient_at_the_right(self.example, self.notation)
        network = labelled_diagram_at_the_left(self.trace, self.notation)
        self.column = gradient_at_the_right(self.trace, self.notation, decimals=self.decimals)
        self.right_end = self.column.get_left()[0] - 0.5
        self._look_at(q.layer, NEAR, WIDE_STEP)
        upright = last_layer_tree(self.trace, self.notation)
        upright.path(q.path).set_color(theme.highlight)
        symbols = [self.column.entry(p)[0] for p in parameters if p in self.column]
        known = VGroup(self.column.brackets, self.column.dots, *symbols, self.column.value(q.w))
        with self.say(
            "Back to one training example. Of its gradient, one entry is known: that of the last weight. "
            "Lay its path on its side, with the cost at the right.",
            key="known",
        ):
            self.add(before, network)
            moves = [(before.brackets, self.column.brackets)]
            moves += [(before.dots, self.column.dots)] if len(self.column.dots) else []
            self.play(Compose(known, moves, old=before), FadeOut(network, shift=0.3 * LEFT))
            self.read()
            unknown = [symbol for symbol in symbols if symbol is not self.column.entry(q.w)[0]]
            self.play(Dim(*unknown), FadeIn(upright), run_time=0.9)
            self.read()
            self.play(Compose(self.now.tree, upright.shared(self.now.tree), old=upright, path_arc=1.2), run_time=2.0)
            self.play(FadeIn(self.line.symbols, shift=0.15 * DOWN), FadeIn(*self.now.on_path(q.w)))
            self._calculate()

    def _look_at(self, layer: int, cost: tuple[float, float, float], step: float) -> None:
        """The next layer, whose weight comes first."""
        size, self.line_size = (48, 38.4) if step == WIDE_STEP else (SIZE, LINE_SIZE)
        self.now = LayerTree(
            self.trace,
            self.notation,
            layer,
            cost=cost,
            v_buff=RISE,
            h_buff=step,
            decimals=self.decimals,
            font_size=size,
        )
        self.wrt: Quantity = self.now.quantities.w
        self.line = self._line(self.wrt)

    def _line(self, wrt: Quantity) -> ChainRuleLine:
        """The working line for a quantity of the layer."""
        return self.now.line(wrt, y=LINE, right=self.right_end, font_size=self.line_size)

    def _definition(self) -> None:
        """z, and the derivatives that come from it, each of which will stand beside it."""
        q, notation = self.last, self.notation
        self.rows: dict[Quantity, Formula] = {
            wrt: Formula(
                Relation((notation.derivative_symbol(q.z, wrt), notation.local_derivative(q.z, wrt))), font_size=38.4
            )
            for wrt in (q.w, q.b, q.previous)
        }
        self.definition = Formula(notation.definition(q.z), font_size=38.4).on_baseline(DEFINITION)
        for row in self.rows.values():
            row.on_baseline(DEFINITION).shift(-row.sign(0).get_left()[0] * RIGHT)
        every = VGroup(*self.rows.values()).align_to([self.right_end, 0, 0], RIGHT)
        self.definition.next_to(every, LEFT, buff=0.4).on_baseline(DEFINITION)
        self.row = self.rows[q.w]

    def the_bias(self) -> None:
        """The bias: one factor is swapped, ∂z/∂b = 1."""
        q = self.last
        self._definition()
        with self.say(
            "Now the bias: its path differs in one arrow only. "
            "A nudge to the bias moves z by just as much: this factor is 1. "
            "The other two stay the same. That is the entry for the bias.",
            key="bias",
        ):
            self._turn_to(q.b)
            self.play(FadeIn(self.definition, self.row, shift=0.15 * DOWN))
            self.read()
            self._derive(q.b)
            self._swap(q.b)
            self.read()
            self.play(Underscore(*(self.line.numbers.factor(of, by) for by, of in pairwise(q.path[1:]))))
            self.read()
            self._enter(q.b)

    def the_activation_before(self) -> None:
        """The previous activation: ∂z/∂a^(L−1) = w^(L). It can't be set; it is kept all the same."""
        q = self.last
        with self.say(
            "Swap it once more, for the activation before: now the factor is the weight. "
            "You can't set an activation, so the gradient has no entry for it. "
            "But keep this number: the way back leads through it.",
            key="activation",
        ):
            self._turn_to(q.previous)
            self.reach("now the factor")
            self._derive(q.previous)
            self._swap(q.previous)
            self.read()
            self.play(Indicate(self.column.brackets, scale_factor=1.03, color=theme.highlight), run_time=1.4)
            self.read()
            self.play(Underscore(self.line.numbers.side(-1)))
            self._keep()

    def _turn_to(self, wrt: Quantity) -> None:
        """Another quantity of the layer is looked at: its path is lit."""
        q = self.now.quantities
        old, self.wrt = self.wrt, wrt
        coming = [] if q == self.last else [FadeIn(self.now.numbers.number(wrt, q.z))]
        self.play(
            *self.now.tree.light([wrt, *q.path[1:]]),
            Dim(self.now.numbers.number(old, q.z)),
            Indicate(self.now.tree.node(wrt), scale_factor=1.25, color=theme.colour(wrt)),
            *coming,
            run_time=0.9,
        )

    def _derive(self, wrt: Quantity) -> None:
        """The factor from the definition of z, in the place of the one before, and its number on the arrow."""
        q, old = self.last, self.row
        self.row = self.rows[wrt]
        self.play(Compose(self.row, [(self.definition.quantity(wrt), self.row.quantity(wrt))], old=old), run_time=1.2)
        self.rest(0.4)
        number = self.now.numbers.number(wrt, q.z)
        self.play(Compose(number, [(self.row.side(-1), number)]), run_time=1.0)

    def _swap(self, wrt: Quantity) -> None:
        """The working line for another quantity: only its first factor, and the result, are new."""
        q, old, new = self.now.quantities, self.line, self._line(wrt)
        shared = [(of, by) for by, of in pairwise(q.path[1:])]
        moves = [(old.symbols.factor(*f, side=1), new.symbols.factor(*f, side=1)) for f in shared]
        self.play(
            Compose(new.symbols, [*moves, (old.symbols.sign(0), new.symbols.sign(0))], old=old.symbols),
            Compose(new.numbers, [(old.numbers.factor(*f), new.numbers.factor(*f)) for f in shared], old=old.numbers),
            Indicate(self.now.numbers.number(wrt, q.z), color=theme.highlight),
            run_time=1.4,
        )
        self.line = new

    def _enter(self, wrt: Quantity) -> None:
        """The result goes to its place in the gradient."""
        result = self.line.numbers.side(-1)
        if wrt in self.column:
            symbol, value = self.column.entry(wrt)
            self.play(Undim(symbol), Compose(value, [(result, value)], path_arc=-PI / 3), run_time=1.1)
        else:
            self.play(FadeOut(result.copy(), target_position=self.column.dots), run_time=1.0)

    def _keep(self) -> None:
        """The result stays beside the activation that it belongs to."""
        q = self.now.quantities
        self.kept = Formula(self.now.chains.result(q.previous), font_size=36.48, color=theme.highlight, plain=True)
        self.kept.next_to(self.now.tree.node(q.previous), DOWN, buff=0.12)
        self.play(Compose(self.kept, [], veiled=[(self.line.numbers.side(-1), self.kept)], path_arc=PI / 3))

    # -- the layer before -----------------------------------------------------------------------------

    def the_tree_goes_on(self) -> None:
        """One layer further back: a lit path of five arrows, its factors collected on the way."""
        q, before = self.last, LayerQuantities(self.last.layer - 1)
        self.path = [before.w, before.z, before.a, q.z, q.a, q.cost]
        last, last_line = self.now, self.line
        self._look_at(before.layer, FAR, STEP)
        self.longer = ComputationTree(
            self.trace.graph,
            self.notation,
            [*q.tree, *before.tree[:4]],
            h_buff=STEP,
            v_buff=RISE,
            font_size=SIZE,
            horizontal=True,
        )
        self.longer.shift(self.now.tree.node(q.cost).get_center() - self.longer.node(q.cost).get_center())
        factors = {(by, of): last.chains.factor(of, by) for by, of in last.way(q.previous)}
        factors |= {(by, of): self.now.chains.factor(of, by) for by, of in self.now.way(before.w)[:-1]}
        self.factors = ArrowNumbers(self.longer, factors)
        kept = self.kept.copy().next_to(self.longer.node(before.a), DOWN, buff=0.12)
        with self.say(
            "That activation has a tree of its own, with its own weight and bias. "
            "Walk back from the cost to this weight, and collect a factor on each arrow.",
            key="further",
        ):
            definition = VGroup(self.definition, self.row)
            self.play(FadeOut(last_line, last.numbers), FadeOut(definition, shift=0.15 * UP), run_time=0.6)
            self.play(
                Compose(self.longer, last.tree.shared(self.longer), old=last.tree),
                Compose(kept, [(self.kept, kept)], old=self.kept),
                run_time=1.8,
            )
            self.kept = kept
            self.read()
            self._walk_back()

    def _walk_back(self) -> None:
        """From the cost to the weight: each arrow is lit, and its factor comes to the working line."""
        chain = self.trace.chain_rule(self.path[0], notation=self.notation).symbols
        self.five = five = ChainRuleLine(self.longer, self.path, chain, y=LINE, font_size=LINE_SIZE).symbols
        self.play(Dim(*self.longer.symbols_apart_from(self.path)), FadeIn(five.side(0), five.sign(0)), run_time=0.6)
        for by, of in reversed(list(pairwise(self.path))):
            number, term = self.factors.number(by, of), five.factor(of, by, side=1)
            self.play(
                *walk_back(self.longer, by, of),
                FadeIn(number, shift=0.1 * LEFT),
                FadeIn(term, target_position=self.longer.arrow(by, of), scale=0.5),
                run_time=0.9,
            )
        self.remove(*five)
        self.add(five)

    def three_factors_again(self) -> None:
        """What lies behind is one number, which is put in the place of three factors."""
        q, five, old = self.now.quantities, self.five, self.longer
        same, behind = (list(pairwise(part)) for part in (self.path[:3], self.path[2:]))
        terms = [five.factor(of, by, side=1) for by, of in behind]
        numbers = VGroup(*(self.factors.number(*ends) for ends in behind))
        over = flat_bracket(VGroup(*terms), UP)
        under = flat_bracket(old.path(self.path[2:]), DOWN).set_y(self.kept.get_bottom()[1] - 0.15)
        label = self.kept.copy().move_to((under.get_center() + over.get_center()) / 2)
        symbols = self.line.symbols
        one = symbols.factor(q.cost, q.a, side=1)
        moves = [(five.factor(of, by, side=1), symbols.factor(of, by, side=1)) for by, of in same]
        moves += [(five.side(0), symbols.side(0)), (five.sign(0), symbols.sign(0))]
        kept_numbers = [(self.factors.number(*ends), self.now.numbers.number(*ends)) for ends in same]
        with self.say(
            "Five factors, but the last three are multiplied already: the number you kept. "
            "Put it in their place, and it is three factors again.",
            key="fold",
        ):
            aside = [part for x in (self.last.w, self.last.b, self.last.y) for part in old.with_arrow(x)]
            self.play(FadeOut(*aside), Create(over), Create(under), run_time=1.0)
            old.remove(*aside)
            lights = [walk_back(old, by, of)[0] for by, of in reversed(behind)]
            self.play(LaggedStart(*lights, lag_ratio=0.5), run_time=1.6)
            self.play(Compose(label, [(self.kept, label)], old=self.kept, path_arc=-PI / 4), run_time=1.2)
            self.kept = label
            self.read()
            self.remove(five, self.factors)
            self.play(
                *self._fold(old, self.path[2:]),
                *(Compose(new, [(number, new)]) for number, new in kept_numbers),
                *(FadeOut(part, target_position=self.now.behind, scale=0.3) for part in numbers),
                *(FadeOut(part, target_position=one, scale=0.3) for part in terms),
                FadeOut(over, under, scale=0.2),
                Compose(symbols, moves),
                run_time=2.2,
            )
            self._calculate()
            self._enter(q.w)

    def _fold(self, old: ComputationTree, behind: list[Quantity]) -> list[Compose]:
        """The layer's tree grows out of the one before; what lies behind is one arrow, with the kept number."""
        new = self.now
        return [
            Compose(new.tree, [*old.shared(new.tree), (old.path(behind), new.last_arrow)], old=old),
            Compose(new.behind, [(self.kept, new.behind)], old=self.kept),
        ]

    def _calculate(self) -> None:
        """The numbers on the lit arrows flash, and stand in the working line."""
        flashes = [Indicate(number, color=theme.highlight) for number in self.now.on_path(self.wrt)]
        self.play(Compose(self.line.numbers, []), *flashes)

    # -- back to the first layer ----------------------------------------------------------------------

    def back_to_the_first_layer(self) -> None:
        """Layer by layer, the column fills; the number that each layer keeps is a factor of the next one's chains."""
        further = range(self.last.layer - 2, 0, -1)
        words = (
            "For the activation it is the weight: keep that number. "
            "One layer further back, it stands for all that lies behind. "
            "Three factors give the entry of the weight, three that of the bias. "
        )
        with self.say(
            f"Here, too, only the first factor changes: for the bias it is 1. {words * len(further)}"
            "The input is given, so the walk ends here.",
            key="walk",
        ):
            self._find_the_bias()
            for layer in further:
                self.read()
                self._turn_to(self.now.quantities.previous)
                self._swap(self.wrt)
                self._keep()
                self.read()
                self._go_on_to(layer)
                self.read()
                self._calculate()
                self._enter(self.wrt)
                self._find_the_bias()
            self.read()
            self.play(
                Indicate(self.now.tree.node(self.now.quantities.previous), scale_factor=1.25, color=theme.highlight)
            )

    def _find_the_bias(self) -> None:
        self._turn_to(self.now.quantities.b)
        self._swap(self.wrt)
        self._enter(self.wrt)

    def _go_on_to(self, layer: int) -> None:
        """The layer before; all that lies behind it is one number, which is pointed at."""
        old, old_line = self.now, self.line
        self._look_at(layer, FAR, STEP)
        symbols, q = self.line.symbols, self.now.quantities
        aside = [part for x in (old.quantities.w, old.quantities.b) for part in old.tree.with_arrow(x)]
        self.play(FadeOut(*aside, old.numbers, old_line.numbers), run_time=0.6)
        old.tree.remove(*aside)
        self.play(
            *self._fold(old.tree, [old.quantities.previous, *old.quantities.path[1:]]),
            FadeIn(*self.now.on_path(self.wrt)[:-1]),
            Compose(symbols, [(old_line.symbols.sign(0), symbols.sign(0))], old=old_line.symbols),
            run_time=1.8,
        )
        self.play(Underscore(self.now.behind, symbols.factor(q.cost, q.a, side=1)))

    def the_whole_gradient(self) -> None:
        """All entries, from the last to the first, each with its weight or its bias in the network."""
        network, now = self.example.network, self.now
        count = len(list(network.parameters))
        shown = {id(number): number for wrt in (now.quantities.w, now.quantities.b) for number in now.on_path(wrt)}
        picture = labelled_diagram_at_the_left(self.trace, self.notation)
        with self.say(f"One walk back from the cost has found all {COUNT_WORDS[count]} derivatives.", key="gradient"):
            self.play(FadeOut(now.tree, *shown.values(), self.line, shift=0.3 * RIGHT), run_time=0.8)
            self.play(FadeIn(picture))
            for layer in range(network.L, 0, -1):
                found = [q for q in (Weight(layer, 0, 0), Bias(layer, 0)) if q in self.column]
                lit = [part for q in found for part in (picture.label(q), self.column.value(q))]
                self.play(
                    picture.diagram.pulse(layer, backward=True),
                    *(part.animate(rate_func=there_and_back).set_color(theme.highlight) for part in lit),
                    run_time=1.2,
                )
