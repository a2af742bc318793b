"""Each weight and bias raised, and the network run again from there."""

from backprop_film.kit import ChangeQuantity
from backprop_film.sets import NudgedRuns
from backprop_math import Bias, Weight
from tests.backprop_film.kit.reading import read
from tests.backprop_film.kit.stage import NOTATION, SIMPLEST
from tests.backprop_film.sets.test_walk_back import chain


def test_only_what_lies_behind_the_parameter_changes_and_then_is_as_before():
    shown = chain(SIMPLEST, at=1, carried=4)
    runs = NudgedRuns(SIMPLEST, shown.diagram, shown.symbol, NOTATION)
    assert runs.parameters == [kind(n, *i) for n in (1, 2, 3) for kind, i in ((Weight, (0, 0)), (Bias, (0,)))]
    run = runs.run(Bias(2, 0))
    *_, steps = run.animations
    moves = [move for move in run.animations if isinstance(move, ChangeQuantity)]
    lit = [neuron for move in moves for neuron in move.mobject]
    assert lit == [shown.diagram.neuron(n, 0) for n in (2, 3)]
    before = [float(read(neuron.number)) for neuron in lit]
    # When the last one's has changed, the first one's is still what it was changed to: a state of the network.
    raised = []
    for part in (0.6, 0.8):
        for move in moves:
            move.interpolate(part)
        raised.append([float(read(neuron.number)) for neuron in lit])
    assert all(after > number for after, number in zip(raised[1], before, strict=True))
    assert raised[0][0] == raised[1][0]
    for move in moves:
        move.interpolate(1.0)
    assert [float(read(neuron.number)) for neuron in lit] == before
    assert steps.animations[-1].mobject is shown.symbol
