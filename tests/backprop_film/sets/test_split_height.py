"""a and 1 − a on the upright axis of a sigmoid's curve."""

from itertools import pairwise

import pytest

from backprop_film.kit import SlopePanel
from backprop_film.sets import LayerQuantities, SplitHeight
from tests.backprop_film.kit.reading import read
from tests.backprop_film.kit.stage import NOTATION, SIMPLEST, TRACE


def test_both_parts_are_as_long_as_they_say():
    q = LayerQuantities(3)
    panel = SlopePanel(TRACE, NOTATION, q.a, q.z)
    split = SplitHeight(panel, NOTATION, TRACE, q.a)
    assert split.fits
    a, missing = (float(read(label[-1])) for label in split.labels)
    assert (a, missing) == (pytest.approx(TRACE.value(q.a), abs=5e-5), pytest.approx(1 - a))
    assert split.parts[0].height / split.parts[1].height == pytest.approx(a / missing, abs=1e-3)
    assert a * missing == pytest.approx(panel.slope, abs=5e-5)
    stops = [(move.start, move.end) for move in split.to_both_ends(SIMPLEST)]
    assert stops[0][0] == stops[-1][1] == TRACE.value(q.b)
    for b in (stops[0][1], stops[1][1]):
        split.show(SIMPLEST.with_values({q.b: b}).trace())
        assert split.labels[0].get_y() < split.labels[1].get_y()
        assert min(part.height for part in split.parts) < 0.1 < 1.5 < max(part.height for part in split.parts)
    assert all(one[1] == other[0] for one, other in pairwise(stops))
