"""Each weight and bias raised, and the network run again from there."""

from manim import Indicate

from backprop_film.sets import NudgedRuns
from backprop_math import Bias, Weight
from tests.backprop_film.kit.stage import NOTATION, SIMPLEST
from tests.backprop_film.sets.test_walk_back import chain


def test_only_what_lies_behind_the_parameter_changes():
    shown = chain(SIMPLEST, at=1, carried=4)
    runs = NudgedRuns(shown.diagram, shown.symbol, NOTATION)
    assert runs.parameters == [kind(n, *i) for n in (1, 2, 3) for kind, i in ((Weight, (0, 0)), (Bias, (0,)))]
    *_, steps = runs.run(Bias(2, 0)).animations
    lit = [step.mobject for group in steps.animations[:-1] for step in group.animations if isinstance(step, Indicate)]
    assert lit == [shown.diagram.neuron(n, 0) for n in (2, 3)]
    assert steps.animations[-1].mobject is shown.symbol
