"""Chapter 5, sensitivity to weights and biases: one number is carried back, neuron by neuron, and finds them all."""

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
    Indicate,
    LaggedStart,
    Mobject,
    Succession,
    UpdateFromAlphaFunc,
    VGroup,
)

from backprop_film.kit import (
    ChainRuleLine,
    Chapter,
    Compose,
    ComputationTree,
    Dim,
    Formula,
    Naming,
    Prose,
    Underscore,
    Undim,
    continued,
    fitted,
    theme,
)
from backprop_film.sets import (
    ArrowNumbers,
    CountRuns,
    LayerQuantities,
    LayerTree,
    RunsAgainstOne,
    WalkedChain,
    WalkStage,
    carried_numbers,
    counted,
    entry_bars,
    flat_bracket,
    gradient_at_the_right,
    gradient_decimals,
    labelled_diagram_at_the_left,
    layer_decimals,
    mean_gradient_at_the_right,
    misfit_of_single_neurons,
    opened,
    walk_back,
)
from backprop_math import Example, Quantity, Relation, load_example

#: The size of the tree's symbols and of the line under it; how far weights and biases are from the row of symbols.
SIZE, LINE_SIZE, RISE, LIFT = 36, 36, 1.36, 0.28
#: The baselines of the line of symbols, and of the product in numbers.
LINE, NUMBERS, PRODUCT = -2.03, -2.8, -2.4


class Sensitivity(Chapter):
    """∂z/∂b = 1 and ∂z/∂a^(L−1) = w: the way back through the layers, which finds every entry of the gradient."""

    title = "Sensitivity to weights and biases"
    example_name = "several"

    @classmethod
    def misfit(cls, example: Example) -> str | None:
        """Only networks with one neuron a layer."""
        return misfit_of_single_neurons(example, range(1, 13))

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.last = LayerQuantities(self.example.network.L)
        self.product: Formula | None = None
        self.numbers = carried_numbers(self.trace, self.notation)
        self.column = gradient_at_the_right(self.trace, self.notation, decimals=gradient_decimals(self.trace))
        self.bars = entry_bars(self.column, self.trace)
        self.stage = WalkStage(self.last.layer, cost=min(2.85, self.column.get_left()[0] - 0.45))
        self.one_entry_is_known()
        self.the_bias()
        self.the_activation_before()
        if self.last.layer > 1:
            self.one_layer_further()
            self.the_fold()
            self.back_to_the_first_layer()
        self.why_backwards()

    def _chain(self, at: int, carried: int) -> WalkedChain:
        return WalkedChain(self.example, self.notation, self.stage, self.numbers, at=at, carried=carried)

    def _tree(self, layer: int) -> LayerTree:
        """A layer's tree; its last neuron lies under the one in the row above."""
        return LayerTree(
            self.trace,
            self.notation,
            layer,
            cost=(self.stage.cost, self.stage.row, 0.0),
            v_buff=RISE,
            h_buff=self.stage.step,
            decimals=layer_decimals(self.trace, layer),
            font_size=SIZE * self.stage.step / 1.5,
            lift=LIFT,
        )

    # -- the last layer -------------------------------------------------------------------------------

    def one_entry_is_known(self) -> None:
        """From the mean back to one example; its last neuron opens, and one entry is known."""
        q = self.last
        before = mean_gradient_at_the_right(self.example, self.notation)
        network = labelled_diagram_at_the_left(self.trace, self.notation)
        symbols = [self.column.entry(p)[0] for p in self.column.shown]
        others = [symbol for p, symbol in zip(self.column.shown, symbols, strict=True) if p != q.w]
        dim = Dim(*others, self.column.dots, *(before.entry(p)[0] for p in before.shown if p != q.w), before.dots)
        dim.begin()
        dim.finish()
        mean = VGroup(before.brackets, before.dots, *(before.entry(p)[0] for p in before.shown), before.value(q.w))
        known = VGroup(self.column.brackets, self.column.dots, *symbols, self.column.value(q.w))
        self.chain = self._chain(q.layer, q.layer + 1)
        self.now = self._tree(q.layer)
        self.capsule = opened(self.now, self.chain)
        self.wrt: Quantity = q.w
        self.line = self._line(q.w)
        with self.say(
            f"Back to the first {Naming(self.example).thing}, and to its own cost. "
            "Of that gradient, one entry is known: that of the last weight. "
            "Open the last neuron once more, this time on its side.",
            key="known",
        ):
            self.add(mean, network)
            drawn = [n for n in network.diagram.layers if n in self.chain.diagram.layers]
            neurons = [(network.diagram.neuron(n, 0).circle, self.chain.diagram.neuron(n, 0).circle) for n in drawn]
            own = VGroup(network.label(q.w), network.label(q.b))
            gone = [FadeOut(name) for name in network.names if name not in own.submobjects]
            self.play(Compose(known, [(before.brackets, self.column.brackets)], old=mean), *gone)
            tree, row = self.now.tree, self.chain.diagram
            beside = (row.edge(q.layer, 0, 0).get_bottom() + 0.4 * DOWN, row.neuron(q.layer, 0).get_corner(DOWN + LEFT))
            self.play(
                Compose(self.chain, neurons, old=network.diagram),
                *(
                    label.animate.match_height(tree.node(x)).move_to(place + shift)
                    for label, x, place, shift in zip(own, (q.w, q.b), beside, (0 * UP, 0.34 * DOWN), strict=True)
                ),
                run_time=1.6,
            )
            self.reach("one entry")
            self.play(Underscore(self.column.value(q.w)), Create(self.bars[q.w]))
            self.read()
            self._open()
            self.play(Compose(tree, [(own[0], tree.node(q.w)), (own[1], tree.node(q.b))], old=own), run_time=1.0)
            self.play(FadeIn(self.line.symbols, shift=0.15 * DOWN), FadeIn(*self.now.on_path(q.w)))
            self.play(FadeIn(self.line.numbers), *self._flashes())

    def _line(self, wrt: Quantity) -> ChainRuleLine:
        """The chain rule under the last layer's arrows."""
        line = self._symbols(wrt)
        line.numbers = Formula(continued(self.now.chains.numbers(wrt)), font_size=36)
        left = line.symbols.side(0).get_left()[0]
        line.numbers.fit(self.column.get_left()[0] - 0.2 - left).align_to([left, 0, 0], LEFT).on_baseline(NUMBERS)
        return line

    def _symbols(self, wrt: Quantity) -> ChainRuleLine:
        path = [wrt, *self.now.quantities.path[1:]]
        return ChainRuleLine(self.now.tree, path, self.now.chains.symbols(wrt), y=LINE, font_size=LINE_SIZE)

    def _open(self) -> None:
        """The outline of the neuron that opens, under the neuron."""
        shape, stem = self.capsule
        self.bring_to_back(self.capsule)
        self.play(Create(stem), FadeIn(shape), run_time=0.8)

    def _flashes(self) -> list[Animation]:
        return [Indicate(number, color=theme.highlight) for number in self.now.on_path(self.wrt)]

    def the_bias(self) -> None:
        """The bias: one factor is swapped. Which one is it?"""
        q = self.last
        self._definition()
        guess = Prose("?", font_size=44, color=theme.highlight)
        with self.say(
            "Now the bias. Its way to the cost differs in one arrow only. "
            "Guess the new factor: nudge the bias, and how far does z move? "
            "Just as far: the factor is 1. "
            f"The other two stay, and the product is {self._result(q.b)}.",
            key="bias",
        ):
            self._turn_to(q.b)
            self.reach("Its way")
            new = self._line(q.b)
            self._swap_symbols(new)
            self.reach("Guess")
            guess.move_to(new.numbers.factor(q.z, q.b, side=1))
            self.play(FadeIn(guess, self.definition), run_time=0.8)
            self.play(Indicate(self.definition.quantity(q.b)), Indicate(self.definition.side(0)), run_time=1.4)
            self.reach("how far")
            self.play(Indicate(guess, scale_factor=1.4, color=theme.highlight), run_time=1.0)
            self.rest(2.0)
            self.reach("Just as far")
            self._derive(q.b)
            self.play(FadeOut(guess), FadeIn(self._product(new, q.z, q.b)), run_time=0.6)
            self.reach("The other two")
            self._finish(new)
            self._enter(q.b, new.numbers.side(-1))

    def _definition(self) -> None:
        """z, and the derivatives that come from it, in the empty left of the stage."""
        q, notation = self.last, self.notation
        left, width = theme.safe.left + 0.05, self.now.tree.node(q.previous).get_left()[0] - theme.safe.left - 0.3
        self.definition = fitted(notation.definition(q.z), width=width, font_size=36)
        self.definition.move_to([left, 0.75, 0], aligned_edge=LEFT)
        self.rows: dict[Quantity, Formula] = {}
        for wrt in (q.b, q.previous):
            factor = Relation((notation.derivative_symbol(q.z, wrt), notation.local_derivative(q.z, wrt)))
            self.rows[wrt] = Formula(factor, font_size=40).move_to([left, -0.45, 0], aligned_edge=LEFT)
        self.row: Formula | None = None

    def _derive(self, wrt: Quantity) -> None:
        """The factor from the definition of z, and its number beside its arrow."""
        old, self.row = self.row, self.rows[wrt]
        self.play(
            Compose(self.row, [(self.definition.quantity(wrt), self.row.quantity(wrt))], old=old),
            FadeIn(self.now.numbers.number(wrt, self.last.z)),
            run_time=1.2,
        )

    def _turn_to(self, wrt: Quantity) -> None:
        """Another quantity of the layer is looked at: its path is lit."""
        old, self.wrt = self.wrt, wrt
        self.play(
            *self.now.tree.light([wrt, *self.now.quantities.path[1:]]),
            FadeOut(self.now.numbers.number(old, self.now.quantities.z)),
            Indicate(self.now.tree.node(wrt), scale_factor=1.2, color=theme.colour(wrt)),
            run_time=0.9,
        )

    def _swap_symbols(self, new: ChainRuleLine) -> None:
        """Only the first factor of the product is new; of the numbers, the two that stay, stay."""
        old = self.line
        shared = [(of, by) for by, of in pairwise(self.last.path[1:])]
        moves = [(old.symbols.factor(*f, side=1), new.symbols.factor(*f, side=1)) for f in shared]
        numbers = [(old.numbers.factor(*f, side=1), new.numbers.factor(*f, side=1)) for f in shared]
        kept = VGroup(*(part for _, part in numbers))
        self.play(
            Compose(new.symbols, [*moves, (old.symbols.sign(0), new.symbols.sign(0))], old=old.symbols),
            Compose(kept, numbers, old=old.numbers),
            run_time=1.2,
        )
        self.line = new

    @staticmethod
    def _product(line: ChainRuleLine, of: Quantity, by: Quantity) -> VGroup:
        return VGroup(line.numbers.sign(0), *line.numbers.factor(of, by, side=1))

    def _finish(self, line: ChainRuleLine) -> None:
        """The whole product, and its result."""
        numbers = line.numbers
        self.remove(*numbers)
        self.add(numbers)
        rest = VGroup(numbers.sign(1), *numbers.side(-1))
        self.remove(*rest)
        self.play(FadeIn(numbers), run_time=0.8)

    def _result(self, wrt: Quantity) -> str:
        return self.now.chains.result(wrt).text()

    def _enter(self, wrt: Quantity, result: VGroup, *, seconds: float = 1.1) -> None:
        """The result goes to its place in the gradient, with a bar as long as it is large."""
        if wrt not in self.column:
            self.play(FadeOut(result.copy(), target_position=self.column.dots), run_time=0.6 * seconds)
            return
        symbol, value = self.column.entry(wrt)
        self.play(Indicate(result, scale_factor=1.1, color=theme.highlight), Undim(symbol), run_time=0.6 * seconds)
        self.play(FadeIn(value, shift=0.15 * RIGHT), Create(self.bars[wrt]), run_time=0.7 * seconds)

    def the_activation_before(self) -> None:
        """The previous activation: the factor is w. It can't be set; its number is kept, pinned on its neuron."""
        q, first = self.last, self.last.layer == 1
        keep = (
            "Here it is the input itself, which is given: the walk is over already."
            if first
            else "But keep this number: pinned on its neuron, it carries the way back."
        )
        with self.say(
            "Swap it once more, for the activation before. Now the factor is the weight. "
            f"You can't set an activation, so the gradient has no entry for it. {keep}",
            key="activation",
        ):
            self._turn_to(q.previous)
            new = self._line(q.previous)
            self._swap_symbols(new)
            self.reach("Now the factor")
            self._derive(q.previous)
            self.play(FadeIn(self._product(new, q.z, q.previous)), run_time=0.6)
            self._finish(new)
            self.reach("You can't")
            self.play(Indicate(self.column.brackets, scale_factor=1.03, color=theme.highlight), run_time=1.4)
            self.reach(keep)
            if first:
                self.play(Indicate(self.chain.diagram.neuron(0, 0), scale_factor=1.2, color=None), run_time=1.4)
                return
            self._carry(q.layer)
            self.play(new.numbers.side(-1).animate.set_color(theme.highlight), run_time=0.5)
            self._carry(q.layer - 1)

    def _carry(self, to: int, seconds: float = 0.8) -> None:
        """The number goes back to a neuron, multiplied on its way, and stays pinned there."""
        old, new = self.chain, self._chain(self.chain.at, to)
        arriving = (new.pin(to).copy(), new.pin(to))
        if to < self.last.layer:
            leaving, place = old.pin(to + 1).copy(), new.way(to + 1).get_center()[0]
            self.play(FadeOut(leaving, target_position=[place, leaving.get_y(), 0]), run_time=seconds)
            arriving[0].set_x(place)
        else:
            arriving[0].set_x(self.chain.symbol.get_x())
        arriving[0].set_opacity(0)
        self.play(Compose(new, [*old.shared(new), arriving], old=old), run_time=seconds)
        self.chain = new

    # -- the layer before -----------------------------------------------------------------------------

    def one_layer_further(self) -> None:
        """The neuron before opens, too: a lit path of five arrows, whose factors are collected one by one."""
        q, before = self.last, LayerQuantities(self.last.layer - 1)
        self.path = [before.w, before.z, before.a, q.z, q.a, q.cost]
        last, last_line = self.now, self.line
        self.now = self._tree(before.layer)
        step = self.stage.step
        self.longer = ComputationTree(
            self.trace.graph,
            self.notation,
            [*q.tree, *before.tree[:4]],
            h_buff=step,
            v_buff=RISE,
            font_size=SIZE * step / 1.5,
            horizontal=True,
        )
        self.longer.shift(last.tree.node(q.cost).get_center() - self.longer.node(q.cost).get_center())
        factors = {(by, of): last.chains.factor(of, by) for by, of in last.way(q.previous)}
        factors |= {(by, of): self.now.chains.factor(of, by) for by, of in self.now.way(before.w)[:-1]}
        self.factors = ArrowNumbers(self.longer, factors, lift=LIFT)
        self.further = opened(self.now, self.chain)
        with self.say(
            "That activation belongs to a neuron, too. Open it: it has its own weight and bias. "
            "Walk back to that weight, and collect a factor on each arrow. "
            "The miss, the slope, and the weight: these three you know. "
            "Then the slope of this neuron, and the activation that its weight is fed with.",
            key="further",
        ):
            assert self.row is not None
            left = (last_line.symbols, last_line.numbers, self.definition, self.row, last.numbers)
            self.play(FadeOut(*left), run_time=0.7)
            self.reach("Open it")
            folded, self.capsule = self.capsule, self.further
            self._open()
            self.capsule = folded
            self.play(Compose(self.longer, last.tree.shared(self.longer), old=last.tree), run_time=1.2)
            self.reach("Walk back")
            self._walk_back()

    def _walk_back(self) -> None:
        """From the cost to the weight: each arrow is lit, and its factor comes from where it lives in the network."""
        chain = self.trace.chain_rule(self.path[0], notation=self.notation).symbols
        self.five = five = ChainRuleLine(self.longer, self.path, chain, y=LINE, font_size=LINE_SIZE).symbols
        self.play(
            Dim(*self.longer.symbols_apart_from(self.path)), *self.longer.rest(), FadeIn(five.side(0), five.sign(0))
        )
        arrows = list(reversed(list(pairwise(self.path))))
        for step, (by, of) in enumerate(arrows):
            if step in (1, 3):
                self.reach(("The miss", "Then the slope")[step // 3])
            number, term = self.factors.number(by, of), five.factor(of, by, side=1)
            self.play(
                *walk_back(self.longer, by, of),
                self.chain.flash(of, by),
                FadeIn(number, shift=0.1 * DOWN),
                run_time=1.0,
            )
            self.play(FadeIn(term, shift=0.2 * DOWN), run_time=0.6)
        self.remove(*five)
        self.add(five)

    def the_fold(self) -> None:
        """What lies between here and the cost is one number, which is put in the place of three factors."""
        q, five, old = self.now.quantities, self.five, self.longer
        same, behind = (list(pairwise(part)) for part in (self.path[:3], self.path[2:]))
        terms = [five.factor(of, by, side=1) for by, of in behind]
        numbers = VGroup(*(self.factors.number(*ends) for ends in behind))
        over = flat_bracket(VGroup(*terms), UP)
        under = flat_bracket(old.path(self.path[2:]), DOWN).shift(0.3 * DOWN)
        pinned = self.chain.pin(q.layer).formula
        label = pinned.copy().move_to((under.get_center() + over.get_center()) / 2)
        symbols = self._symbols(q.w).symbols
        one = symbols.factor(q.cost, q.a, side=1)
        moves = [(five.factor(of, by, side=1), symbols.factor(of, by, side=1)) for by, of in same]
        moves += [(five.side(0), symbols.side(0)), (five.sign(0), symbols.sign(0))]
        kept_numbers = [(self.factors.number(*ends), self.now.numbers.number(*ends)) for ends in same]
        with self.say(
            "Five factors. But the last three are multiplied already: that is the number you pinned. "
            "Put it in their place, and it is three factors again. "
            "Multiply them: another entry of the gradient.",
            key="fold",
        ):
            aside = [part for x in (self.last.w, self.last.b, self.last.y) for part in old.with_arrow(x)]
            self.play(FadeOut(*aside), Create(over), Create(under), run_time=1.0)
            old.remove(*aside)
            lights = [walk_back(old, by, of)[0] for by, of in reversed(behind)]
            self.play(LaggedStart(*lights, lag_ratio=0.5), run_time=1.6)
            self.reach("that is the number")
            self.play(Indicate(self.chain.pin(q.layer), color=None), FadeIn(label, shift=0.2 * DOWN), run_time=1.2)
            self.read()
            self.remove(five, self.factors)
            self.play(
                *self._fold(old, self.path[2:], label),
                *(Compose(new, [(number, new)]) for number, new in kept_numbers),
                *(FadeOut(part, target_position=self.now.behind, scale=0.3) for part in numbers),
                *(FadeOut(part, target_position=one, scale=0.3) for part in terms),
                FadeOut(over, under, scale=0.2),
                FadeOut(self.capsule),
                Compose(symbols, moves),
                run_time=2.2,
            )
            self.capsule = self.further
            self.wrt = q.w
            self.reach("Multiply")
            self._enter(q.w, self._calculate(symbols).side(-1))

    def _fold(self, old: ComputationTree, behind: list[Quantity], label: Mobject) -> list[Compose]:
        """The layer's tree grows out of the one before; what lies behind is one arrow, with the carried number."""
        new = self.now
        return [
            Compose(new.tree, [*old.shared(new.tree), (old.path(behind), new.last_arrow)], old=old),
            Compose(new.behind, [(label, new.behind)], old=label),
        ]

    def _calculate(self, old: Formula | None = None) -> Formula:
        """The product in numbers, in one line, in the place of ``old`` or of another product of the layer."""
        q, old = self.now.quantities, old or self.product
        width = self.column.get_left()[0] - theme.safe.left - 0.4
        product = fitted(self.now.chains.numbers(self.wrt), width=width, height=1.3, font_size=46)
        product.move_to([theme.safe.left + 0.05, 0, 0], aligned_edge=LEFT).on_baseline(PRODUCT)
        product.factor(q.cost, q.a, side=1).set_color(theme.highlight)
        same = [(q.a, q.z), (q.cost, q.a)] if old and old is self.product else []
        moves = [(old.factor(*ends, side=1), product.factor(*ends, side=1)) for ends in same if old]
        self.play(Compose(product, moves, old=old), *self._flashes(), run_time=1.2)
        self.product = product
        return product

    # -- back to the first layer ----------------------------------------------------------------------

    def back_to_the_first_layer(self) -> None:
        """Layer by layer the column fills; the number pinned in each is a factor of the next one's products."""
        first = self.last.layer == 2
        many = self.last.layer > 3
        on = "" if first else "For the activation before, it is the weight, and that number is pinned next. "
        go = "" if first else "One layer back, it stands for all that comes after. "
        go = "So it goes on, layer after layer: each number is made from the one before. " if many else go
        two = "" if first else "Two more products are two more entries. "
        with self.say(
            f"For the bias, only the first factor changes: it is 1. {on}{go}{two}"
            f"The input is given, so here the walk ends. {self._sizes()}",
            key="walk",
        ):
            self._find(self.now.quantities.b)
            if not first:
                self.reach("For the activation")
                self._turn_to(self.now.quantities.previous)
                product = self._calculate()
                self.reach("and that number")
                self.play(product.side(-1).animate.set_color(theme.highlight), run_time=0.4)
                self._carry(self.now.quantities.layer - 1)
                self.reach(go)
                self._leave_the_layer()
                if many:
                    self._hop_to_the_second_layer()
                self._open_the_first_layer()
                self.reach(two)
                self._enter(self.wrt, self._calculate().side(-1))
                self._find(self.now.quantities.b)
            self.reach("The input")
            around = [self.chain.diagram.neuron(0, 0), *([self.chain.bird] if self.chain.bird in self.chain else [])]
            self.play(*(Indicate(part, scale_factor=1.2, color=None) for part in around), run_time=1.2)
            self.reach(self._sizes().split(".")[0])
            shown = [self.bars[p] for p in reversed(self.column.shown)]
            flashes = [Indicate(bar, scale_factor=1.15, color=None) for bar in shown]
            self.play(LaggedStart(*flashes, lag_ratio=0.3), run_time=2.2)
            self.reach(self._sizes().split(". ")[-1])
            back = [self.chain.diagram.pulse(layer, backward=True) for layer in range(self.last.layer, 0, -1)]
            self.play(Succession(*back, run_time=2.0))

    def _sizes(self) -> str:
        """What the bars show."""
        why = "Each layer multiplies by one more weight and one more slope."
        sizes = [abs(self.trace.derivative(LayerQuantities(n).w)) for n in range(1, self.last.layer + 1)]
        if all(one < other for one, other in pairwise(sizes)):
            return f"And look at the bars: the further back, the smaller. {why}"
        return f"The bars show how large they are. {why}"

    def _find(self, wrt: Quantity) -> None:
        self._turn_to(wrt)
        self.play(FadeIn(self.now.numbers.number(wrt, self.now.quantities.z)), run_time=0.4)
        self._enter(wrt, self._calculate().side(-1))

    def _leave_the_layer(self) -> None:
        """What hangs on the layer goes; the path to the cost stays."""
        tree, q = self.now.tree, self.now.quantities
        aside = [part for x in (q.w, q.b) for part in tree.with_arrow(x)]
        self.play(FadeOut(*aside, *self.now.on_path(self.wrt), self.product, self.capsule), run_time=0.7)
        tree.remove(*aside)
        self.product = None

    def _hop_to_the_second_layer(self) -> None:
        """In a long chain the number hops from neuron to neuron; the entries found are among those not shown."""
        self.play(FadeOut(self.now.tree), run_time=0.5)
        for layer in range(self.last.layer - 2, 1, -1):
            self._slide(layer, [], run_time=0.6)
            self.play(Indicate(self.column.dots, color=theme.highlight), run_time=0.3)
            self._carry(layer - 1, 0.4)

    def _slide(self, at: int, more: list[Animation], run_time: float) -> None:
        """The row moves on, so that a layer stands where it is opened."""
        old, self.chain = self.chain, self._chain(at, self.chain.carried)
        self.play(Compose(self.chain, old.shared(self.chain), old=old), *more, run_time=run_time)

    def _open_the_first_layer(self) -> None:
        """The first layer; all that comes after it is one number."""
        old = self.now
        self.now, q = self._tree(1), LayerQuantities(1)
        self.wrt = q.w
        whole = old.quantities.layer == 2
        moves = old.tree.shared(self.now.tree) if whole else []
        moves += [(old.tree.path([q.a, *old.quantities.path[1:]]), self.now.last_arrow)] if whole else []
        self._slide(1, [Compose(self.now.tree, moves, old=old.tree if whole else None)], run_time=1.8)
        self.capsule = opened(self.now, self.chain)
        self._open()
        self.play(
            FadeIn(*self.now.on_path(q.w)),
            Indicate(self.chain.pin(1), scale_factor=1.15, color=None),
            run_time=1.0,
        )

    # -- why backwards --------------------------------------------------------------------------------

    def why_backwards(self) -> None:
        """A run for each parameter, against one pass back."""
        parameters, chain = list(self.example.network.parameters), self.chain
        count, opening = len(parameters), len(load_example("introduction").network.parameters)
        runs = RunsAgainstOne(count, width=7.6, of_many=f"in the opening: {opening}")
        runs.move_to([-1.6, -0.35, 0]).run(0).reach(0)
        layers = range(1, self.last.layer + 1)
        with self.say(
            "Why backwards? You could also try: nudge one number, and run the whole network again. "
            f"That is {counted(count)} more runs, one for each. In the network of the opening, it is {opening}. "
            "The walk is one pass, and every product is used again. "
            "This is backpropagation.",
            key="why-backwards",
        ):
            self._clear_the_stage()
            self.reach("nudge one number")
            self.play(FadeIn(runs.forward[0], runs.forward[1]), self._forward(layers, 1.4), run_time=1.4)
            self.reach("That is")
            tries = min(count, 6)
            self.add(runs.forward)
            self.play(
                CountRuns(runs, run_time=3.6),
                Succession(*(self._forward(layers, 3.6 / tries) for _ in range(tries))),
            )
            self.reach("In the network")
            self.play(FadeIn(runs.many), run_time=0.6)
            self.reach("The walk")
            self.play(FadeIn(runs.back), run_time=0.4)
            self.add(runs.arrow)
            back = [chain.diagram.pulse(layer, backward=True) for layer in reversed(layers)]
            found = [Indicate(self.column.entry(p), scale_factor=1.08, color=None)
                     for p in reversed(parameters) if p in self.column]  # fmt: skip
            self.play(
                UpdateFromAlphaFunc(runs, lambda mobject, alpha: mobject.reach(alpha)),
                Succession(*back, run_time=3.2),
                LaggedStart(*found, lag_ratio=0.6, run_time=3.2),
                run_time=3.2,
            )
            self.reach("This is")
            pins = [chain.pin(layer) for layer in layers if chain.pinned(layer)] or [chain.symbol]
            self.play(*(Indicate(pin, scale_factor=1.12, color=None) for pin in pins), run_time=1.4)
        self.rest(1.0)

    def _forward(self, layers: range, seconds: float) -> Succession:
        """A light that runs forward through the network."""
        return Succession(*(self.chain.diagram.pulse(layer) for layer in layers), run_time=seconds)

    def _clear_the_stage(self) -> None:
        """Only the network and the gradient stay."""
        now = self.now
        shown = {id(part) for part in self.get_mobject_family_members()}
        numbers = [number for number in now.numbers if id(number[0]) in shown]
        left = [self.line, self.row, self.definition] if self.last.layer == 1 else [self.product]
        self.play(FadeOut(now.tree, self.capsule, *numbers, *left), run_time=0.8)
