"""Chapter 3, computing the relevant derivatives: each factor grows out of the formula that it comes from."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, takewhile

from manim import DOWN, LEFT, UP, Create, FadeIn, FadeOut, LaggedStart, VGroup

from backprop_film.kit import (
    Chapter,
    Compose,
    Formula,
    FormulaWithNumbers,
    Prose,
    Rewrite,
    TextMobject,
    Underscore,
    columns,
    formula_line,
    rules_after,
    theme,
)
from backprop_film.sets import NUDGES, LayerQuantities, last_layer_tree, misfit_of_single_neurons
from backprop_math import Example, Nudge, Number, Partial, Quantity, Relation
from backprop_math.formula import LONGEST_PLAIN, fewest_decimals

#: The decimals that tell the measured ratios apart.
DECIMALS = 6


class ComputingDerivatives(Chapter):
    """∂C/∂a, ∂a/∂z and ∂z/∂w, from their formulas; their product, against the ratio that was measured."""

    title = "Computing the relevant derivatives"
    example_name = "simplest"

    @classmethod
    def misfit(cls, example: Example) -> str | None:
        """Only networks with one neuron a layer."""
        return misfit_of_single_neurons(example)

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.last = LayerQuantities(self.example.network.L)
        self.links = list(pairwise(self.last.path))
        self.three_factors_are_wanted()
        self.the_cost_and_the_activation()
        self.the_activation_and_the_weighted_sum()
        self.the_weighted_sum_and_the_weight()
        self.the_product()
        self.the_measured_ratio()

    def three_factors_are_wanted(self) -> None:
        """The chain rule again, and the tree that it follows; each factor stands where its formula will."""
        q, notation = self.last, self.notation
        # As many digits as the ratios had that were measured.
        self.chain_rule = chain = self.trace.chain_rule(q.w, notation=notation, decimals=4)
        numbers = chain.numbers
        self.factors = {of: number for wrt, of in self.links if isinstance(number := numbers.factor(of, wrt), Number)}
        self.whole = Formula(chain.formulas.followed_by(numbers), font_size=44.16)
        self.whole.fit(theme.formula_zone.width).move_to(theme.formula_zone.center).align_to(theme.safe.corner, LEFT)
        self.chain = formula_line(chain.symbols)
        whole_tree = last_layer_tree(self.trace, notation)
        self.tree = last_layer_tree(self.trace, notation, h_buff=1.4).align_to(theme.safe.corner, LEFT)
        self.rows = {of: self._row(of, wrt, index) for index, (wrt, of) in enumerate(self.links)}
        with self.say("The chain rule needs three factors. Each comes straight from a formula.", key="factors"):
            whole_tree.path(q.path).set_color(theme.highlight)
            self.add(whole_tree, self.chain)
            self.play(LaggedStart(*(Underscore(self.chain.factor(of, wrt)) for wrt, of in self.links), lag_ratio=0.3))
            self.read()
            self.tree.path(q.path).set_color(theme.highlight)
            self.play(Compose(self.tree, whole_tree.shared(self.tree), old=whole_tree))

    def _row(self, of: Quantity, wrt: Quantity, index: int) -> tuple[Formula, FormulaWithNumbers]:
        """A definition, and the derivative that it becomes, level with the arrow in the tree."""
        notation, y = self.notation, 2.35 - 1.55 * index
        definition = Formula(notation.definition(of), font_size=48).move_to([0, y, 0]).align_to([-1.0, 0, 0], LEFT)
        forms = [notation.derivative_symbol(of, wrt), notation.local_derivative(of, wrt)]
        # A slope that can be calculated by hand: σ′(z) = a(1 − a).
        slope = notation.slope_by_activation(self.last.a) if of == self.last.a else None
        formula = Relation((*forms, slope) if slope else tuple(forms))
        # With as many digits as the factor has in the product, so that the same number is read twice.
        decimals = min(max(2, self.factors[of].decimals), LONGEST_PLAIN)
        numbers = notation.local_with_numbers(of, wrt, self.trace, decimals, formula=slope)
        return definition, FormulaWithNumbers(
            formula, numbers, at=(0.1, y - 0.1), font_size=46.08, numbers_font_size=40.32, buff=0.6
        )

    def _derive(self, of: Quantity, wrt: Quantity, *, look: Callable[[Formula], VGroup]) -> None:
        """One factor: its definition, its derivative grown out of it, its number."""
        definition, derivative = self.rows[of]
        self.play(
            *self.tree.light([wrt, of]),
            Compose(definition, [(self.tree.node(of), definition.side(0))]),
            Underscore(self.chain.factor(of, wrt)),
            run_time=1.2,
        )
        self.read()
        self.play(Underscore(look(definition)))
        self.play(Rewrite(definition, derivative.symbols), run_time=1.4)
        self.read()
        self.play(FadeIn(derivative.numbers, shift=0.1 * DOWN))

    def the_cost_and_the_activation(self) -> None:
        """∂C/∂a = 2(a − y)."""
        q = self.last
        with self.say(
            f"Begin at the cost. It measures the miss.{self._square()} "
            "The further off the output, the more a nudge matters.",
            key="cost",
        ):
            self._derive(q.cost, q.a, look=lambda definition: definition.side(1))

    def the_activation_and_the_weighted_sum(self) -> None:
        """∂a/∂z = σ′(z)."""
        with self.say(
            f"One step back, the activation is the {self.example.network.activation[-1].name} function of z. "
            f"Its derivative is the slope of that function at this z.{self._slope()}",
            key="activation",
        ):
            self._derive(self.last.a, self.last.z, look=lambda definition: definition.side(1))

    def _square(self) -> str:
        squared = self.example.network.cost.name == "squared_error"
        return " The derivative of a square is twice what is squared." if squared else ""

    def _slope(self) -> str:
        sigmoid = self.example.network.activation[-1].name == "sigmoid"
        return " Of the sigmoid it is a, times 1 minus a." if sigmoid else ""

    def the_weighted_sum_and_the_weight(self) -> None:
        """∂z/∂w = a^(L−1)."""
        q = self.last
        with self.say(
            "And z is the weight times the activation before it, plus the bias. "
            "Nudge the weight, and z moves as much as that activation says.",
            key="weighted-sum",
        ):
            self._derive(q.z, q.w, look=lambda definition: definition.quantity(q.previous))

    def the_product(self) -> None:
        """The three factors multiplied, in symbols and in numbers."""
        q, whole = self.last, self.whole
        first = VGroup(whole.side(0), whole.sign(0), whole.side(1))
        second = VGroup(whole.sign(1), whole.side(2), whole.sign(2), whole.side(3))
        moves = [(self.chain.side(0), whole.side(0)), (self.chain.sign(0), whole.sign(0))]
        formulas, values = [], []
        for wrt, of in self.links:
            row = self.rows[of][1]
            formulas.append((row.symbols.side(1), whole.factor(of, wrt, side=1)))
            values.append((row.numbers.side(-1), whole.factor(of, wrt, side=2)))
        with self.say(
            f"Put the three into their places and multiply. In numbers, the derivative is {whole.numbers[-1].text()}.",
            key="product",
        ):
            self.play(*self.tree.light(q.path), Compose(first, moves, old=self.chain, veiled=formulas), run_time=2.0)
            self.read()
            self.play(Compose(second, [], veiled=values), run_time=1.6)
            self.remove(first, second)
            self.add(whole)
            self.play(Underscore(whole.side(-1)))

    def the_measured_ratio(self) -> None:
        """Against the ratios measured with nudges: each smaller one comes nearer."""
        q, notation = self.last, self.notation
        names = (Partial(notation.symbol(q.w)), notation.derivative_symbol(q.cost, q.w))
        off = Prose("off by", font_size=theme.label_size, color=theme.secondary)
        rows: list[list[TextMobject]] = [[*(Formula(name, font_size=42.24) for name in names), off]]
        for nudge in NUDGES:
            by = Formula(Number(nudge, fewest_decimals(nudge, 1, 6), q.w), font_size=42.24)
            # The difference of the digits shown.
            shown = [Number(value, DECIMALS).shown_value() for value in (self._measured(nudge), self.chain_rule.value)]
            rows.append(
                [by, self._agreeing(nudge), Formula(Number(abs(shown[0] - shown[1]), DECIMALS), font_size=42.24)]
            )
        rows.append([Prose("calculated", font_size=theme.label_size, color=theme.secondary), self._agreeing(None)])
        table = columns(rows, h_buff=0.7, v_buff=0.66)
        header_rule, rule = rules_after(table, 0, len(NUDGES))
        VGroup(table, header_rule, rule).move_to([2.4, 0.6, 0])
        old = [derivative for _, derivative in self.rows.values()]
        with self.say(
            "And the ratio that we measured, nudge by nudge? Here is how far each one is off. "
            "A nudge ten times smaller comes about ten times closer. "
            "The nudges only come close; the formula gives the derivative at once.",
            key="measured",
        ):
            self.play(FadeOut(*old, shift=0.3 * UP), run_time=0.8)
            self.play(FadeIn(table[0]), Create(header_rule))
            for row in table[1:-1]:
                self.play(LaggedStart(*(FadeIn(cell, shift=0.15 * DOWN) for cell in row), lag_ratio=0.3), run_time=0.9)
                self.rest(0.3)
            self.read()
            self.play(Underscore(*(row[-1] for row in table[1:-1])))
            self.read()
            self.play(Create(rule), FadeIn(table[-1][0]), Compose(table[-1][1], [(self.whole.side(-1), table[-1][1])]))
        # What chapter 4 begins with.
        self.play(FadeOut(table, header_rule, rule))

    def _measured(self, nudge: float) -> float:
        return Nudge(self.example, self.last.w, nudge).ratio(self.last.cost, self.last.w)

    def _agreeing(self, nudge: float | None) -> Formula:
        """The ratio measured with a nudge, bright as far as its digits are those of the derivative."""
        value = self.chain_rule.value
        measured = value if nudge is None else self._measured(nudge)
        number = Number(measured, DECIMALS)
        pairs = zip(number.text(), Number(value, DECIMALS).text(), strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        formula = Formula(number, font_size=42.24)
        for glyph in formula[same:]:
            glyph.set_fill(theme.secondary)
        return formula
