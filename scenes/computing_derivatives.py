"""Chapter 3, computing the relevant derivatives: each factor is a slope, and each slope a formula."""

from __future__ import annotations

from itertools import pairwise

from manim import (
    DOWN,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    GrowFromCenter,
    Indicate,
    LaggedStart,
    ShowPassingFlash,
    VGroup,
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
    ChainChapter,
    ChainRuleStage,
    LayerQuantities,
    RatiosAgainstDerivative,
    cost_curve_and_slope,
    said,
    spread,
)
from backprop_math import Quantity, Relation

#: The decimals of the factors.
FACTORS = 4
#: Where the three factors stand, and their slopes above them.
PLACES = (-3.45, -0.3, 2.8)


class ComputingDerivatives(ChainChapter):
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
        zone = theme.formula_zone
        size = 51.84
        self.stage = ChainRuleStage(self.example, notation)
        self.symbols, self.network = self.stage.derivatives, self.stage.link.diagram
        self.whole = Formula(chain.numbers, font_size=size).fit(zone.width - 0.6).move_to(zone.center)
        self.wide = Formula(chain.symbols, font_size=size).move_to(zone.center)
        for formula in (self.wide, self.whole):
            spread(formula, self.links, PLACES, left=zone.left, right=zone.right)
        self.panels = {of: self._panel(of, wrt, x) for (wrt, of), x in zip(self.links, PLACES, strict=True)}
        self.formulas = {
            of: self._formula(of, wrt).move_to([x, -1.22, 0]) for (wrt, of), x in zip(self.links, PLACES, strict=True)
        }

    def _panel(self, of: Quantity, wrt: Quantity, x: float) -> SlopePanel:
        panel = SlopePanel(self.trace, self.notation, of, wrt, width=2.1, height=2.4, decimals=FACTORS)
        across, up = (axis.line.get_center() for axis in (panel.plane.x, panel.plane.y))
        return panel.shift([x - across[0], 0.85 - up[1], 0.0])

    def _formula(self, of: Quantity, wrt: Quantity) -> Formula:
        """The factor and its formula; where it can be calculated by hand from the activation, that."""
        notation = self.notation
        slope = notation.slope_by_activation(self.last.a) if of == self.last.a else None
        right = slope or notation.local_derivative(of, wrt)
        formula = Formula(Relation((notation.derivative_symbol(of, wrt), right)), font_size=40.32)
        return formula.fit(2.95)

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
            self.play(FadeOut(*gone), Compose(self.wide, moves, old=self.symbols), run_time=1.4, next_at=0.0)

    def _find(self, of: Quantity, wrt: Quantity, *, until: str, slope: str, formula: str, wanted: str = "") -> None:
        """One factor: its curve and our point on it, the slope there, its formula, its number.

        The panel stands when the words ``until`` are reached; ``slope`` and ``formula`` begin with the moves of theirs.
        """
        panel, line = self.panels[of], self.formulas[of]
        self.play(FadeIn(panel.frame), Create(panel.curve), run_time=1.4)
        if panel.wanted:
            self.reach(wanted)
            self.play(FadeIn(panel.wanted, shift=0.2 * DOWN), run_time=0.6)
        self.reach(until)
        self.play(FadeIn(panel.point, shift=0.3 * DOWN), run_time=0.9)
        self.play(self._along(panel), run_time=max(1.0, min(2.5, self.seconds_left)))
        self.reach(slope)
        self.play(GrowFromCenter(panel.tangent), run_time=1.0)
        self.bring_to_front(panel.curve, panel.point)
        self.play(LaggedStart(*(Create(leg) for leg in panel.legs), lag_ratio=0.8), run_time=1.2)
        self.reach(formula)
        symbol = line.side(0)
        self.play(Compose(line, [(self.wide.factor(of, wrt), symbol)]), run_time=1.2)
        arrived = self.whole.factor(of, wrt, side=1)
        self.play(
            FadeOut(self.wide.factor(of, wrt)),
            FadeIn(arrived, shift=0.5 * DOWN),
            run_time=0.9,
        )

    def _along(self, panel: SlopePanel) -> ShowPassingFlash:
        """A light that follows the curve."""
        return ShowPassingFlash(panel.curve.copy().set_stroke(theme.highlight, 7), time_width=0.4)

    def the_cost_and_the_activation(self) -> None:
        """∂C/∂a, of squared error 2(a − y)."""
        q = self.last
        shape, rule = cost_curve_and_slope(self.example.network)
        with self.say(
            f"Begin at the end: the cost, as the activation varies. {shape} Here we are. "
            f"At our point, it {self._goes(q.cost)}. {rule}",
            key="cost",
        ):
            self._find(q.cost, q.a, wanted=shape, until="Here we are", slope="At our point", formula="That slope")

    def the_activation_and_the_weighted_sum(self) -> None:
        """∂a/∂z, the slope of the activation function."""
        q, function = self.last, self.example.network.activation[-1]
        sigmoid = function.name == "sigmoid"
        shape = ", steep in the middle and flat at both ends" if sigmoid else ""
        own = "that slope" if sigmoid else "That slope"
        rule = "For the sigmoid, that slope is a times 1 minus a" if sigmoid else "That slope has a formula, too"
        with self.say(
            f"One step back: the activation, as z varies. It is the {said(function)} function{shape}. "
            f"At our point, it {self._goes(q.a)}. {rule}.",
            key="activation",
        ):
            self._find(q.a, q.z, until="It is the", slope="At our point", formula=own)

    def the_weighted_sum_and_the_weight(self) -> None:
        """∂z/∂w, the activation before."""
        q = self.last
        what = "the input of the network" if q.layer == 1 else "the activation of the neuron before"
        with self.say(
            "And z, as the weight varies: a straight line. This is our weight. "
            "Its slope is the same everywhere. "
            f"It is {what}: z moves by the nudge, times that {'input' if q.layer == 1 else 'activation'}.",
            key="weighted-sum",
        ):
            self._find(q.z, q.w, until="This is our weight", slope="Its slope", formula=f"It is {what}")
            before = self.network.neuron(q.layer - 1, 0)
            self.play(Indicate(before, scale_factor=1.15, color=None), run_time=1.4)
            self.reach("z moves by")
            self.play(
                Underscore(self.formulas[q.z].side(1)), Underscore(self.whole.factor(q.z, q.w, side=1)), run_time=1.4
            )

    def _goes(self, of: Quantity) -> str:
        slope = self.panels[of].slope
        return "stands level" if slope == 0 else "falls" if slope < 0 else "rises"

    def the_product(self) -> None:
        """The three slopes multiplied."""
        whole = self.whole
        last = VGroup(whole.sign(1), whole.side(2))
        found = {id(glyph) for wrt, of in self.links for glyph in whole.factor(of, wrt, side=1)}
        between = VGroup(*(glyph for glyph in whole.side(1) if id(glyph) not in found))
        with self.say(
            f"Three slopes, each at our point. Multiply them: {whole.numbers[-1].text()}. "
            "That is how the cost answers to this weight.",
            key="product",
        ):
            self.play(*(Underscore(whole.factor(of, wrt, side=1)) for wrt, of in self.links), run_time=1.2)
            self.reach("Multiply")
            kept = {id(glyph) for glyph in self.wide.side(0)}
            kept |= {id(glyph) for wrt, of in self.links for glyph in self.wide.factor(of, wrt)}
            leaving = VGroup(*(glyph for glyph in self.wide if id(glyph) not in kept))
            self.play(FadeOut(leaving), FadeIn(whole.sign(0), between), run_time=0.8)
            self.play(FadeIn(last, shift=0.4 * RIGHT), run_time=0.9)
            self.remove(*self.wide, *whole)
            self.add(whole)
            self.read()
            dimmed = Dim(*self.panels.values(), *self.formulas.values())
            self.play(whole.side(2).animate.set_fill(theme.highlight), dimmed)

    def the_measured_ratios(self) -> None:
        """The ratios measured with nudges, how far each is off, and the derivative, which needs no nudge."""
        ratios = RatiosAgainstDerivative(self.example, self.notation)
        result, calculated = self.whole.side(2), ratios.calculated[1]
        shown = [*self.panels.values(), *self.formulas.values()]
        with self.say(
            "In the last chapter we measured the same thing, nudge by nudge. "
            f"Here is how far each one was off. {ratios.words} "
            "The formula needs no nudge at all: it is exact, and it is there at once.",
            key="measured",
        ):
            self.play(FadeOut(*shown, shift=0.3 * UP), run_time=0.8)
            self.play(FadeIn(ratios.table[0]), Create(ratios.rules[0]), run_time=0.7)
            for row in ratios.rows:
                self.play(FadeIn(*row[:2], shift=0.15 * DOWN), run_time=0.5)
            self.reach("Here is how far")
            for row, bar in zip(ratios.rows, ratios.bars, strict=True):
                self.play(GrowFromCenter(bar), FadeIn(row[-1]), run_time=0.6)
            self.reach(ratios.words)
            self.play(Underscore(*(row[-1] for row in ratios.rows)), run_time=1.2)
            self.reach("The formula needs")
            arrive = Compose(calculated, [(result, calculated)])
            self.play(Create(ratios.rules[1]), FadeIn(ratios.calculated[0]), arrive, run_time=1.4)
            if digits := ratios.agreeing():
                self.play(LaggedStart(*digits, lag_ratio=0.4), run_time=1.6)
        self.rest(1.0)
        # What chapter 4 begins with.
        self.play(FadeOut(ratios.table, ratios.rules, *ratios.bars), result.animate.set_fill(theme.ink))
