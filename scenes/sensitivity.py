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
    LaggedStart,
    Line,
    VGroup,
    there_and_back,
)

from backprop_math import Example
from backprop_math.expression import Relation
from backprop_math.quantities import Cost, Quantity
from scenes.kit import (
    COUNT_WORDS,
    ArrowNumbers,
    Chapter,
    Compose,
    ComputationTree,
    Dim,
    Formula,
    GradientColumn,
    LayerPicture,
    Link,
    Underscore,
    Worked,
    gradient_at_the_right,
    gradient_decimals,
    misfit_of_single_neurons,
    theme,
    walk_back,
)

#: Where the activation of the layer that is looked at stands, beside the definition of z and later alone; how far the
#: columns of its tree are apart.
FIRST_PLACE, SECOND_PLACE = (-4.0, 0.25, 0.0), (-1.75, 0.25, 0.0)
COLUMN, WIDE_COLUMN = 1.9, 2.3
#: Where the working line has its first sign.
LINE = (-4.42, -2.1)


class Sensitivity(Chapter):
    """∂z/∂b = 1 and ∂z/∂a^(L−1) = w: the way back through the layers, which finds every entry of the gradient."""

    title = "Sensitivity to weights and biases"
    place = (5, 7)
    example_name = "several"

    @classmethod
    def misfit(cls, example: Example) -> str | None:
        """Only networks with one neuron a layer."""
        return misfit_of_single_neurons(example)

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.last = Link(self.example.network.L)
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
        """The gradient's column with the entry that chapter 3 has calculated."""
        q = self.last
        traces = [self.example.trace(k) for k in range(len(self.example.inputs))]
        parameters = list(self.example.network.parameters)
        means: dict[Quantity, float] = {p: sum(t.derivative(p) for t in traces) / len(traces) for p in parameters}
        before = GradientColumn(self.trace, self.notation, cost=Cost(None), values=means).move_to([0, 0.5, 0])
        self.column = gradient_at_the_right(self.trace, self.notation, decimals=self.decimals)
        self.right_end = self.column.get_left()[0] - 0.25
        self._look_at(q.layer, FIRST_PLACE, COLUMN)
        self.definition = Formula(self.notation.definition(q.z), 0.42).fit(3.9).on_baseline(2.35)
        self.definition.align_to([self.right_end, 0, 0], RIGHT)
        self.rows = {wrt: self._row(wrt, index) for index, wrt in enumerate((q.w, q.b, q.previous))}
        known = VGroup(self.column.brackets, self.column.dots, self.column.entry(q.w))
        with self.say(
            "Back to one training example. Of its gradient, one entry is known: that of the last weight.", key="known"
        ):
            self.add(before)
            moves = [(before.brackets, self.column.brackets)]
            moves += [(before.dots, self.column.dots)] if len(self.column.dots) else []
            self.play(Compose(known, [*moves, (before.entry(q.w), self.column.entry(q.w))], old=before))
            self.read()
            self.play(FadeIn(self.now.tree, *self.now.on_path(q.w)))
            self.play(FadeIn(self.line.symbols, shift=0.15 * DOWN))
            self._calculate()

    def _look_at(self, layer: int, centre: tuple[float, float, float], column: float) -> None:
        """The next layer, whose weight comes first."""
        self.now = LayerPicture(self.trace, self.notation, layer, centre=centre, column=column, decimals=self.decimals)
        self.wrt: Quantity = self.now.link.w
        self.line = self._working_line(self.wrt)

    def _working_line(self, wrt: Quantity) -> Worked:
        chains = self.now.chains
        line = Worked(chains.symbols(wrt), chains.numbers(wrt), at=LINE, size=0.5, numbers_size=0.4, gap=0.8)
        line.numbers.fit(self.right_end - LINE[0])
        return line

    def _row(self, wrt: Quantity, index: int) -> Formula:
        """``∂z/∂wrt`` and its formula, under the definition of z."""
        z, notation = self.last.z, self.notation
        sides = (notation.derivative_symbol(z, wrt), notation.local_derivative(z, wrt))
        row = Formula(Relation(sides, ("=",)), 0.37).on_baseline(1.4 - 1.06 * index)
        return row.shift((0.6 - row.sign(0).get_left()[0]) * RIGHT)

    def the_bias(self) -> None:
        """The bias: one factor is swapped, ∂z/∂b = 1."""
        q = self.last
        with self.say(
            "Now the bias. Its path differs in one arrow only: the first. "
            "A nudge to the bias moves z by just as much: this factor is 1. The others stay.",
            key="bias",
        ):
            self.play(FadeIn(self.definition, self.rows[q.w], shift=0.2 * LEFT))
            self.read()
            self._turn_to(q.b)
            self.read()
            self._derive(q.b)
            self.read()
            self._swap(q.b)
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
            self._derive(q.previous)
            self._swap(q.previous)
            self.read()
            self.play(FadeOut(self.definition, *self.rows.values(), shift=0.2 * RIGHT), run_time=0.6)
            self.play(Underscore(self.line.numbers.side(-1)))
            self.read()
            self._keep()

    def _turn_to(self, wrt: Quantity) -> None:
        """Another quantity of the layer is looked at: its path is lit."""
        q = self.now.link
        old, self.wrt = self.wrt, wrt
        coming = [] if q == self.last else [FadeIn(self.now.numbers.number(wrt, q.z))]
        self.play(
            *self.now.tree.light([wrt, *q.path[1:]]), Dim(self.now.numbers.number(old, q.z)), *coming, run_time=0.8
        )

    def _derive(self, wrt: Quantity) -> None:
        """The factor from the definition of z, and its number on the arrow."""
        row, q = self.rows[wrt], self.last
        before = [self.rows[x] for x in (q.w, q.b)[: list(self.rows).index(wrt)]]
        self.play(Dim(*before), FadeIn(row, shift=0.2 * DOWN), run_time=1.0)
        number = self.now.numbers.number(wrt, q.z)
        self.play(Compose(number, [(row.side(-1), number)]), run_time=1.0)

    def _swap(self, wrt: Quantity) -> None:
        """The working line for another quantity: only its first factor, and the result, are new."""
        q, old, new = self.now.link, self.line, self._working_line(wrt)
        shared = [f"{of}/{by}" for by, of in pairwise(q.path[1:])]
        first = f"{q.z}/{wrt}"
        self.play(
            Compose(
                new.symbols,
                [(old.symbols.term(name, side=1), new.symbols.term(name, side=1)) for name in shared]
                + [(old.symbols.sign(0), new.symbols.sign(0))],
                old=old.symbols,
            ),
            Compose(
                new.numbers,
                [(old.numbers.term(name), new.numbers.term(name)) for name in shared],
                old=old.numbers,
                veiled=[(self.now.numbers.number(wrt, q.z), new.numbers.term(first))],
            ),
            run_time=1.4,
        )
        self.line = new

    def _enter(self, wrt: Quantity) -> None:
        """The result goes to its place in the gradient."""
        result = self.line.numbers.side(-1)
        if wrt in self.column:
            entry = self.column.entry(wrt)
            self.play(Compose(entry, [(result, self.column.value(wrt))], path_arc=-PI / 3), run_time=1.0)
        else:
            self.play(FadeOut(result.copy(), target_position=self.column.dots), run_time=1.0)

    def _keep(self) -> None:
        """The result stays beside the activation that it belongs to."""
        q = self.now.link
        self.kept = Formula(self.now.chains.result(q.previous), 0.36, theme.highlight, plain=True)
        self.kept.next_to(self.now.tree.node(q.previous), UP, buff=0.12)
        self.play(
            Compose(self.kept, [], veiled=[(self.line.numbers.side(-1), self.kept)], path_arc=PI / 3), run_time=1.2
        )

    # -- the layer before -----------------------------------------------------------------------------

    def the_tree_goes_on(self) -> None:
        """One layer further up: a lit path of five arrows, its factors collected on the way."""
        q, before = self.last, Link(self.last.layer - 1)
        self.path = [before.w, before.z, before.a, q.z, q.a, q.cost]
        last, last_line = self.now, self.line
        self._look_at(before.layer, SECOND_PLACE, WIDE_COLUMN)
        shown = dict.fromkeys([*q.tree, *before.tree[:4]])
        self.longer = ComputationTree(
            self.trace.graph, self.notation, shown, column=WIDE_COLUMN, row=0.85, size=0.42
        ).align_to([0, -1.62, 0], DOWN)
        self.longer.shift((SECOND_PLACE[0] - self.longer.node(q.a).get_x()) * RIGHT)
        factors = {(by, of): last.chains.factor(of, by) for by, of in last.way(q.previous)}
        factors |= {(by, of): self.now.chains.factor(of, by) for by, of in self.now.way(before.w)[:-1]}
        self.factors = ArrowNumbers(self.longer, factors, size=0.3)
        kept = self.kept.copy().scale(0.34 / 0.36)
        kept.move_to(self.longer.node(before.a).get_corner(UP + LEFT) + 0.1 * UP, aligned_edge=DOWN + RIGHT)
        with self.say(
            "That activation has a tree of its own, with its own weight and bias. "
            "Walk back from the cost to this weight, and collect a factor on each arrow.",
            key="further",
        ):
            self.play(FadeOut(last_line, last.numbers), run_time=0.6)
            self.play(
                Compose(self.longer, last.tree.shared(self.longer), old=last.tree),
                Compose(kept, [(self.kept, kept)], old=self.kept),
                run_time=1.6,
            )
            self.kept = kept
            self.read()
            self._walk_back()

    def _walk_back(self) -> None:
        """From the cost to the weight: each arrow is lit, and its factor comes to the working line."""
        chain = self.notation.chain(self.trace.chain_rule(self.path[0]))
        five = Formula(chain, 0.46).fit(self.right_end - theme.safe.left)
        self.five = five.move_to([theme.safe.left, -2.52, 0], aligned_edge=LEFT)
        self.play(Dim(self.longer.apart_from(self.path)), FadeIn(five.side(0), five.sign(0)), run_time=0.6)
        for by, of in reversed(list(pairwise(self.path))):
            self.play(
                *walk_back(self.longer, by, of),
                FadeIn(self.factors.number(by, of)),
                FadeIn(five.term(f"{of}/{by}", side=1), shift=0.15 * DOWN),
                run_time=0.9,
            )
        self.remove(*five)
        self.add(five)

    def three_factors_again(self) -> None:
        """What lies behind is one number, which is put in the place of three factors."""
        q, five, old = self.now.link, self.five, self.longer
        same, behind = (list(pairwise(part)) for part in (self.path[:3], self.path[2:]))
        terms = VGroup(*(five.term(f"{of}/{by}", side=1) for by, of in behind))
        over = Line(terms.get_corner(UP + LEFT), terms.get_corner(UP + RIGHT), stroke_width=3, color=theme.highlight)
        over.shift(0.14 * UP)
        label = self.kept.copy().next_to(over, UP, buff=0.12)
        symbols = self.line.symbols
        moves = [(five.term(f"{of}/{by}", side=1), symbols.term(f"{of}/{by}", side=1)) for by, of in same]
        moves += [(five.side(0), symbols.side(0)), (five.sign(0), symbols.sign(0))]
        moves += [(terms, symbols.term(f"{q.cost}/{q.a}", side=1))]
        numbers = [(self.factors.number(*ends), self.now.numbers.number(*ends)) for ends in same]
        with self.say(
            "Five factors, but the last three are multiplied already: the number you kept. "
            "Put it in their place, and it is three factors again.",
            key="fold",
        ):
            lights = [walk_back(old, by, of)[0] for by, of in reversed(behind)]
            self.play(Create(over), LaggedStart(*lights, lag_ratio=0.4), run_time=2.0)
            self.play(Compose(label, [], veiled=[(self.kept, label)]), run_time=1.4)
            self.read()
            self.play(
                *self._fold(old, self.path[2:]),
                *(Compose(new, [(number, new)], old=number) for number, new in numbers),
                FadeOut(*(self.factors.number(*ends) for ends in behind), over, label),
                Compose(symbols, moves, old=five),
                run_time=1.8,
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
        """The numbers go from the lit arrows into the working line."""
        now, numbers = self.now, self.line.numbers
        moves = [(now.numbers.number(by, of), numbers.term(f"{of}/{by}")) for by, of in now.way(self.wrt)]
        self.play(Compose(numbers, [], veiled=moves))

    # -- back to the first layer ----------------------------------------------------------------------

    def back_to_the_first_layer(self) -> None:
        """Layer by layer, the column fills."""
        further = range(self.last.layer - 2, 0, -1)
        words = " Keep the number of the activation, and go on one layer further back." if further else ""
        with self.say(
            f"In this layer, too, only the first factor changes.{words} Each chain reuses the one behind it.",
            key="walk",
        ):
            self._rest_of_the_layer()
            for layer in further:
                self.read()
                self._go_on_to(layer)
                self._enter(self.wrt)
                self._rest_of_the_layer()

    def _rest_of_the_layer(self) -> None:
        q = self.now.link
        self._turn_to(q.b)
        self._swap(q.b)
        self._enter(q.b)
        if q.layer > 1:
            self._turn_to(q.previous)
            self._swap(q.previous)
            self._keep()

    def _go_on_to(self, layer: int) -> None:
        """The layer before; all that lies behind it is one number."""
        old, old_line = self.now, self.line
        self._look_at(layer, SECOND_PLACE, WIDE_COLUMN)
        symbols = self.line.symbols
        self.play(
            *self._fold(old.tree, [old.link.previous, *old.link.path[1:]]),
            FadeOut(old.numbers, old_line.numbers),
            FadeIn(*self.now.on_path(self.wrt)[:-1]),
            Compose(symbols, [(old_line.symbols.sign(0), symbols.sign(0))], old=old_line.symbols),
            run_time=1.8,
        )
        self._calculate()

    def the_whole_gradient(self) -> None:
        """All entries, from the last to the first."""
        count, now = len(list(self.example.network.parameters)), self.now
        values = [entry[1] for entry in self.column[1:] if entry is not self.column.dots]
        shine = [value.animate(rate_func=there_and_back).set_color(theme.highlight) for value in reversed(values)]
        shown = {id(number): number for wrt in (now.link.w, now.link.b) for number in now.on_path(wrt)}
        with self.say(f"One walk back from the cost has found all {COUNT_WORDS[count]} derivatives.", key="gradient"):
            self.play(Dim(now.tree, *shown.values(), self.line.symbols, self.line.numbers))
            self.play(LaggedStart(*shine, lag_ratio=0.3), run_time=2.4)
