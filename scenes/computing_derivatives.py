"""Chapter 3, computing the relevant derivatives: each factor is a slope, and each slope a formula."""

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
    GrowFromEdge,
    Indicate,
    LaggedStart,
    Line,
    VGroup,
    linear,
)

from backprop_film.kit import (
    Compose,
    Dim,
    Formula,
    SlopePanel,
    Underscore,
    theme,
)
from backprop_film.sets import (
    ChainRuleStage,
    LayerQuantities,
    RatiosAgainstDerivative,
    SlopesChapter,
    SplitHeight,
    cost_curve_and_slope,
    factors_and_dots,
    said,
    spread,
)
from backprop_math import Quantity, Relation

#: The decimals of the factors.
FACTORS = 4
#: Where the three factors stand, and their slopes above them; heights of panels, their formulas and the product.
PLACES = (-3.8, -0.15, 3.5)
PANEL, FORMULA, LINE = 1.05, -0.98, -2.2
SIZE, SMALLEST = 44.0, 32.0


class ComputingDerivatives(SlopesChapter):
    """∂C/∂a, ∂a/∂z and ∂z/∂w as slopes of curves, their product, and how near the measured ratios came."""

    title = "Computing the relevant derivatives"
    example_name = "simplest"

    def construct(self) -> None:
        """The chapter's table of contents."""
        self.show_borrowed_functions()
        self.last = LayerQuantities(self.example.network.L)
        self.links = list(pairwise(self.last.path))
        self.set_the_stage()
        self.three_slopes_are_wanted()
        self.the_cost_and_the_activation()
        self.the_activation_and_the_weighted_sum()
        self.the_weighted_sum_and_the_weight()
        self.the_product()
        self.the_measured_ratios()

    def set_the_stage(self) -> None:
        """All that the chapter shows, where it stands."""
        q, notation = self.last, self.notation
        chain = self.trace.chain_rule(q.w, notation=notation, decimals=FACTORS)
        self.stage = ChainRuleStage(self.example, notation)
        self.symbols, self.network = self.stage.derivatives, self.stage.link.diagram
        self.whole = self._line(chain.numbers, SIZE)
        self.wide = self._line(chain.symbols, self.whole.font_size)
        self.numbers, self.dots = factors_and_dots(self.whole, self.links)
        self.panels = {of: self._panel(of, wrt, x) for (wrt, of), x in zip(self.links, PLACES, strict=True)}
        self.ghosts = {of: panel.curve.copy() for of, panel in self.panels.items()}
        self.formulas = {of: self._formula(of, wrt) for wrt, of in self.links}
        size = min(formula.font_size for formula in self.formulas.values())
        for formula, x in zip(self.formulas.values(), PLACES, strict=True):
            formula.font_size = size
            formula.move_to([x, FORMULA, 0])

    def _line(self, product: Relation, font_size: float) -> Formula:
        """The product, each factor under its panel, as large as that leaves the result room."""
        zone = theme.formula_zone
        while True:
            line = Formula(product, font_size=font_size).fit(zone.width - 0.6).move_to([0, LINE, 0])
            spread(line, self.links, PLACES, left=zone.left, right=zone.right)
            last = factors_and_dots(line, self.links)[0][-1]
            if last.get_x() > PLACES[-1] - 0.05 or font_size < SMALLEST:
                return line
            font_size *= 0.96

    def _panel(self, of: Quantity, wrt: Quantity, x: float) -> SlopePanel:
        panel = SlopePanel(self.trace, self.notation, of, wrt, width=2.4, height=2.2, decimals=FACTORS)
        across, up = (axis.line.get_center() for axis in (panel.plane.x, panel.plane.y))
        return panel.shift([x - across[0], PANEL - up[1], 0.0])

    def _formula(self, of: Quantity, wrt: Quantity) -> Formula:
        """The factor and its formula; where it can be calculated by hand from the activation, that."""
        notation = self.notation
        slope = notation.slope_by_activation(self.last.a) if of == self.last.a else None
        right = slope or notation.local_derivative(of, wrt)
        formula = Formula(Relation((notation.derivative_symbol(of, wrt), right)), font_size=40.32)
        return formula.fit(3.02)

    def three_slopes_are_wanted(self) -> None:
        """The chain rule again; its factors move to where they will be found."""
        with self.say(
            "The chain rule wants three factors. Each of them is the slope of a curve.",
            key="factors",
        ):
            # What chapter 2 has ended with.
            self.add(*(shown := self.stage.finished()))
            factors = [self.symbols.factor(of, wrt) for wrt, of in self.links]
            self.play(LaggedStart(*(Underscore(factor) for factor in factors), lag_ratio=0.3), run_time=1.6)
            moves = [(self.symbols.factor(of, wrt), self.wide.factor(of, wrt)) for wrt, of in self.links]
            moves += [(self.symbols.side(0), self.wide.side(0)), (self.symbols.sign(0), self.wide.sign(0))]
            gone = [part for part in shown if part not in (self.stage.link, self.symbols)]
            self.play(FadeOut(*gone), run_time=0.7)
            rising = [
                FadeIn(panel.frame, self.ghosts[of], shift=0.5 * UP) for of, panel in reversed(self.panels.items())
            ]
            self.play(
                Compose(self.wide, moves, old=self.symbols),
                FadeIn(*self.dots),
                LaggedStart(*rising, lag_ratio=0.25),
                run_time=1.8,
                next_at=0.0,
            )

    def the_cost_and_the_activation(self) -> None:
        """∂C/∂a, of squared error 2(a − y)."""
        q = self.last
        shape, rule = cost_curve_and_slope(self.example.network)
        with self.say(
            f"Begin at the end: the cost, as the activation varies. {shape} Here we are. "
            f"At our point, it {self._goes(q.cost)}. {rule}",
            key="cost",
        ):
            # All wait but one.
            frames = [panel.frame for panel in self.panels.values()]
            self.play(Dim(*frames, *self.ghosts.values()), run_time=0.5)
            self.find(q.cost, q.a, wanted=shape, until="Here we are", slope="At our point", formula="That slope")
            self.its_number(q.cost, q.a)

    def the_activation_and_the_weighted_sum(self) -> None:
        """∂a/∂z, the slope of the activation function."""
        q, function = self.last, self.example.network.activation[-1]
        sigmoid = function.name == "sigmoid"
        shape = ", steep in the middle and flat at both ends" if sigmoid else ""
        own = "For the sigmoid" if sigmoid else "That slope"
        rule = "For the sigmoid, that slope is a times 1 minus a" if sigmoid else "That slope has a formula, too"
        self.split = VGroup()
        split = SplitHeight(self.panels[q.a], self.notation, self.trace, q.a, decimals=FACTORS)
        if split.fits:
            rule += ": at both ends, one of the two is nearly 0"
        with self.say(
            f"One step back: the activation, as z varies. It is the {said(function)} function{shape}. "
            f"At our point, it {self._goes(q.a)}. {rule}.",
            key="activation",
        ):
            grown = split.grow() if split.fits else []
            self.find(q.a, q.z, until="It is the", slope="At our point", formula=own, beside=grown)
            if split.fits:
                self.split.add(split)
                self.reach("at both ends")
                for move in split.to_both_ends(self.example):
                    self.play(move)
            self.its_number(q.a, q.z)

    def the_weighted_sum_and_the_weight(self) -> None:
        """∂z/∂w, the activation before."""
        q = self.last
        what = "the input of the network" if q.layer == 1 else "the activation of the neuron before"
        with self.say(
            "And z, as the weight varies: a straight line. This is our weight. "
            "Its slope is the same everywhere. "
            f"It is {what}: z moves by the nudge times that {'input' if q.layer == 1 else 'activation'}.",
            key="weighted-sum",
        ):
            before = Indicate(self.network.neuron(q.layer - 1, 0), scale_factor=1.2, color=None)
            self.find(
                q.z, q.w, until="This is our weight", slope="Its slope", formula=f"It is {what}", lit=[before],
                first=[FadeOut(self.split)] if self.split else [],
            )  # fmt: skip
            self.its_number(q.z, q.w)
            self.reach("z moves by")
            panel = self.panels[q.z]
            nudge, names = panel.nudge(run_time=1.4), panel.leg_names(self.notation)
            self.play(nudge, *([LaggedStart(*map(FadeIn, names), lag_ratio=0.6, run_time=1.4)] if len(names) else []))
            self.play(
                Underscore(self.formulas[q.z].side(1)), Underscore(self.whole.factor(q.z, q.w, side=1)), run_time=1.4
            )
            self.play(FadeOut(names, nudge.mobject[1]), run_time=0.4)

    def _goes(self, of: Quantity) -> str:
        slope = self.panels[of].slope
        return "stands level" if slope == 0 else "falls" if slope < 0 else "rises"

    def the_product(self) -> None:
        """The three slopes multiplied."""
        whole = self.whole
        last = VGroup(whole.sign(1), whole.side(2))
        with self.say(
            f"Three slopes, each at our point. Multiply them: {whole.numbers[-1].text()}. "
            "That is how strongly the cost responds to this weight.",
            key="product",
        ):
            self.play(*(Underscore(number) for number in self.numbers), run_time=1.2)
            self.reach("Multiply")
            # One after the other is taken in, and what they come to stands at the end.
            under = min(float(number.get_bottom()[1]) for number in self.numbers) - 0.16
            ends = (self.numbers[0].get_left()[0], self.numbers[-1].get_right()[0])
            line = Line(*([x, under, 0] for x in ends), stroke_width=4, color=theme.highlight)
            lit = [Indicate(number, scale_factor=1.12, color=theme.highlight) for number in self.numbers]
            self.play(Create(line, rate_func=linear), LaggedStart(*lit, lag_ratio=0.6), run_time=1.8)
            self.play(FadeIn(last), FadeOut(line), run_time=0.7)
            self.remove(*self.wide, *whole)
            self.add(whole)
            self.read()
            # The fractions stay lit above their numbers.
            right = [VGroup(formula.sign(0), formula.side(1)) for formula in self.formulas.values()]
            self.play(whole.side(2).animate.set_fill(theme.highlight), Dim(*self.panels.values(), *right))

    def the_measured_ratios(self) -> None:
        """The ratios measured with nudges, how far each is off, and the derivative, which needs no nudge."""
        ratios = RatiosAgainstDerivative(self.example, self.notation)
        shown = [*self.panels.values(), *self.formulas.values()]
        head = VGroup(self.whole.side(0), self.whole.sign(0))
        short, exact = self.whole.apart_from(*head), self._exact(ratios)
        with self.say(
            "In the last chapter we measured the same thing, nudge by nudge. "
            f"{ratios.closing} Here is how far each one was off. {ratios.words}",
            key="measured",
        ):
            self.play(FadeOut(*shown, shift=0.3 * UP), run_time=0.8)
            *measured, off_by = ratios.table[0]
            self.play(FadeIn(*measured, ratios.named[0]), Create(ratios.rules[0]), run_time=0.7)
            for row in ratios.rows:
                self.play(FadeIn(*row[:2], shift=0.15 * DOWN), run_time=0.5)
            self.reach(ratios.closing)
            if exact:
                self.play(FadeOut(short), run_time=0.5)
                self.remove(*self.whole)
                self.add(head)
                rest = exact.apart_from(exact.side(0), exact.sign(0))
                self.play(FadeIn(rest), Create(ratios.rules[1]), run_time=0.8)
                self.remove(*head, *rest)
                self.add(exact)
            else:
                self.play(FadeOut(self.whole), Create(ratios.rules[1]), run_time=0.8)
            self.play(FadeIn(ratios.calculated, ratios.named[1]), run_time=0.8)
            if digits := ratios.agreeing():
                self.play(LaggedStart(*digits, lag_ratio=0.4), run_time=max(1.6, min(3.0, self.seconds_left)))
            self.reach("Here is how far")
            self.play(FadeIn(off_by), run_time=0.4)
            for row, bar in zip(ratios.rows, ratios.bars, strict=True):
                self.play(GrowFromEdge(bar, LEFT), FadeIn(row[-1]), run_time=0.6)
            self.reach(ratios.words)
            for step in ratios.steps():
                self.play(step, run_time=1.3)
        self.rest(1.0)
        self.play(FadeOut(ratios.table, ratios.named, ratios.rules, *ratios.bars, *ratios.marks))

    def _exact(self, ratios: RatiosAgainstDerivative) -> Formula | None:
        """The product with as many decimals as the ratios have, if they give its digits and have room."""
        chain = self.trace.chain_rule(self.last.w, notation=self.notation, decimals=ratios.decimals)
        exact = Formula(chain.numbers, font_size=self.whole.font_size).on_baseline(self.whole.baseline)
        exact.shift((self.whole.side(0).get_left()[0] - exact.side(0).get_left()[0]) * RIGHT)
        same = exact.numbers[-1].text() == ratios.calculated[1].numbers[0].text()
        exact.side(2).set_fill(theme.highlight)
        return exact if same and exact.get_right()[0] < theme.formula_zone.right else None
