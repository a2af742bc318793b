"""A wrong kind of argument is told in one line: what was found, and what was expected."""

import pytest
from manim import Dot

from backprop_film.kit import (
    ChangeQuantity,
    ComputationTree,
    Formula,
    GradientColumn,
    NetworkDiagram,
    Prose,
    Readout,
    Rewrite,
)
from backprop_math import Activation, Cost, Weight
from tests.backprop_film.kit.stage import NOTATION, SIMPLEST, TRACE, network_example

CHAIN = TRACE.chain_rule(Weight(3, 0, 0))
WIDE = network_example(2, 2, 2)
FORMULA = "expected an expression of backprop_math.formula"
FOLLOWER = r"expected a mobject that has show\(trace\)"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Formula("a^2"), rf"^Formula: found 'a\^2', {FORMULA}$"),
        (lambda: Formula(CHAIN), rf"^Formula: found .*, {FORMULA} \(its symbols, formulas and numbers are such\)$"),
        (lambda: Formula(Cost()), f"^Formula: found .*, {FORMULA}$"),
        (lambda: Prose(NOTATION.symbol(Cost())), "^Prose: found .*, expected a string$"),
        (lambda: ComputationTree(TRACE, NOTATION, [Cost()]), "^ComputationTree: found .*, expected the"),
        (lambda: NetworkDiagram(TRACE), "^NetworkDiagram: found .*, expected a network$"),
        (lambda: GradientColumn(SIMPLEST.network, NOTATION), "^GradientColumn: found .*, expected a trace"),
        (lambda: Readout("1.5"), "^Readout: found '1.5', expected a trace or a number$"),
        (lambda: Rewrite(Prose("a"), Prose("b")), "^Rewrite: found .*, expected a Formula$"),
        (lambda: ChangeQuantity(SIMPLEST, Weight(3, 0, 0), 0, 1, [Dot()]), f"^ChangeQuantity: found .*, {FOLLOWER}$"),
        (lambda: ChangeQuantity(SIMPLEST, Weight(3, 0, 0), 0, 1, [Readout]), f"^ChangeQuantity: found .*, {FOLLOWER}$"),
    ],
)  # fmt: skip
def test_a_wrong_kind_of_argument_is_told_in_one_line(make, message):
    with pytest.raises(TypeError, match=message) as caught:
        make()
    assert "\n" not in str(caught.value)


def test_a_tree_has_one_end():
    ends = [Activation(2, 0), Activation(2, 1)]
    with pytest.raises(ValueError, match=r"^ComputationTree: found a\[2\]\[0\] and a\[2\]\[1\], expected one quantity"):
        ComputationTree(WIDE.trace().graph, NOTATION, ends)
    with pytest.raises(ValueError, match=r"^ComputationTree: found no quantity of the graph, expected"):
        ComputationTree(TRACE.graph, NOTATION, [])
