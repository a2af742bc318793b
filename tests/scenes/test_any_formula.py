"""Random formulas through the chapter that shows one: each without a fault, each derivative that of complex step.

``pytest tests/scenes/test_any_formula.py --networks 40`` takes more of them.
"""

import numpy as np
import pytest

from backprop_film import contents
from backprop_film.explain_formula import formula_graph
from backprop_film.ledger.formulas import named_in
from backprop_film.playback import Job
from backprop_math import load_example
from backprop_math.checks import Recalculation
from tests.backprop_film.kit.any_formula import any_formula
from tests.scenes.test_any_network import MIDDLE, looked_at, standing


def test_it_is_shown(network_seed, request):
    formula = any_formula(network_seed)
    found = looked_at(request)(Job(contents.find("reverse_mode"), quality="l", formula=formula))
    print(*found, sep="\n")  # noqa: T201 (what -rP shows)
    assert [str(finding) for finding in found if finding.kind not in MIDDLE] == [], formula


def test_one_too_long_to_be_written_out_is_shown_by_its_last_step():
    formula = any_formula(3036)  # of 40 nodes, and more than 200 symbols
    assert standing(Job(contents.find("reverse_mode"), quality="l", formula=formula)) == []


@pytest.mark.parametrize("seed", range(40))
def test_its_derivatives_are_those_of_complex_step(seed):
    graph, recalculation = formula_graph(*any_formula(seed)), Recalculation(load_example("simplest"))
    assert 3 <= len(graph.nodes) <= 40
    for value, name in named_in([graph]):
        again = recalculation.value(name())
        assert np.isclose(value, again, rtol=1e-9, atol=1e-12 * max(1.0, recalculation.largest)), name()
