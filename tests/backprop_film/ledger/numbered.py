"""Chapters of a second that show numbers."""

from manim import FadeIn, FadeOut, Wait

from backprop_film.kit import ChangeQuantity, Chapter, Formula, Prose, Readout
from backprop_math import Activation, Cost, Nudge, Number, Product, Relation, Symbol, Weight, WeightedSum


class Numbered(Chapter):
    """A value, a derivative, a product, a nudge, and a sentence with a number."""

    title = "Numbers"

    def construct(self):
        w, z, a = Weight(3, 0, 0), WeightedSum(3, 0), Activation(3, 0)
        trace = self.trace
        readout = Readout(trace, a, decimals=3)
        slope = trace.derivative(z)
        product = Product((Number(slope, 4), Number(trace.value(Activation(2, 0)), 4)))
        formula = Formula(Relation((Symbol("p"), product, Number(trace.derivative(w), 4)), ("≈", "≈"))).shift([0, 1, 0])
        with self.say(f"The cost is {self.shown(trace.cost, 3)}.", key="cost"):
            self.play(FadeIn(readout, formula), run_time=0.2)
        self.play(ChangeQuantity(self.example, w, trace.value(w), 2.5, [readout]), run_time=0.2)
        half = Formula(formula.expression.sides[-1]).shift([0, -1, 0])
        self.play(FadeOut(formula), FadeIn(half[2:].copy()), run_time=0.2)
        self.mistake()

    def mistake(self):
        """None."""


class Typed(Numbered):
    """A number that nobody calculated, one that is another's, one in a text, and how far a prediction was off: so far,
    and a little further.
    """

    def mistake(self):
        trace = self.trace
        nudge = Nudge(self.example, Weight(3, 0, 0), 0.1)
        parts = (trace.derivative(nudge.quantity) * nudge.by, nudge.change(Cost()))
        predicted, happened = (Number(part, 5).shown_value() for part in parts)
        off = abs(predicted - happened)
        wrong = [
            *(Prose(f"off by {Number(one, 5).text()}").shift([0, y, 0]) for one, y in ((off, -2), (off + 1e-4, -3))),
            Formula(Number(0.4321, 4)),
            Formula(Number(trace.value(Activation(2, 0)) + 0.001, 3, Cost())).shift([0, 1, 0]),
            Prose("about 0.77").shift([0, -1, 0]),
        ]
        self.play(Wait(0.1))
        self.add(*wrong)
        self.wait(0.2)
