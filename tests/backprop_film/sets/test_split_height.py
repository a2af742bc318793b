"""a and 1 − a on the upright axis of a sigmoid's curve."""

import pytest

from backprop_film.kit import SlopePanel
from backprop_film.sets import LayerQuantities, SplitHeight
from tests.backprop_film.kit.reading import read
from tests.backprop_film.kit.stage import NOTATION, TRACE


def test_both_parts_are_as_long_as_they_say():
    q = LayerQuantities(3)
    split = SplitHeight(SlopePanel(TRACE, NOTATION, q.a, q.z), TRACE, q.a)
    assert split.fits
    a = float(read(split.number))
    assert a == pytest.approx(TRACE.value(q.a), abs=5e-5)
    assert split.parts[0].height / split.parts[1].height == pytest.approx(a / (1 - a), abs=1e-3)
