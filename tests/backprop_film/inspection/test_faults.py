import numpy as np
import pytest

from backprop_film.inspection import inspect
from backprop_film.inspection.visible import crosses, inside, overlap
from tests.backprop_film.conftest import job


def test_what_is_allowed_is_not_reported():
    assert inspect(job("Clean")) == []


@pytest.mark.parametrize(
    ("chapter", "kind", "mobject", "detail"),
    [
        ("Outside", "outside", "Prose “too far” at (6.20, 0.00)", "leaves the safe area by"),
        ("Overlapping", "overlap", "Prose “one text”", "overlaps Prose “another”"),
        ("Touching", "overlap", "Prose “left”", "touches Prose “right”"),
        ("Crossed", "overlap", "Prose “crossed”", "is crossed by Line"),
        ("Hidden", "overlap", "Prose “hidden”", "is hidden by Circle"),
        ("Small", "small", "Prose “small”", "has a size of 0.168; the least is 0.222"),
        ("InTheCaptions", "caption zone", "Circle at (4.00", "enters the caption zone"),
        ("Faint", "contrast", "Prose “0.50”", "has a contrast of 1.6 : 1"),
    ],
)
def test_a_planted_fault_is_found(chapter, kind, mobject, detail):
    (finding,) = inspect(job(chapter))
    assert (finding.kind, finding.chapter, finding.beat) == (kind, "tiny", "look")
    assert finding.mobject.startswith(mobject)
    assert finding.detail.startswith(detail)
    assert 0 < finding.start <= finding.end
    assert str(finding).startswith("tiny:look  0:0")


def test_boxes():
    one, other = np.array([[0.0, 0, 1, 1]]), np.array([[1.02, 0, 2, 1]])
    assert not overlap(one, other)
    assert overlap(one, other, 0.03)
    assert inside(one[0], np.array([0, 0, 1, 1.0]))
    assert not inside(one[0], other[0])


@pytest.mark.parametrize(
    ("segment", "margin", "hit"),
    [
        (((-1, 0.5), (2, 0.5)), 0, True),
        (((-1, 2.0), (2, 2.0)), 0, False),
        (((0.5, 0.2), (0.6, 0.3)), 0, True),  # wholly within
        (((-1, 1.5), (1.5, -1)), 0, True),
        (((-1, 2.5), (2.5, -1)), 0, True),  # just a corner's breadth
        (((1.2, -1), (1.2, 2)), 0, False),  # upright, beside
        (((1.2, -1), (1.2, 2)), 0.3, True),
        (((0.5, 2), (0.5, 3)), 0, False),  # upright, above
        (((0.5, 0.5), (0.5, 0.5)), 0, True),  # a point
    ],
)
def test_a_segment_crosses_a_box(segment, margin, hit):
    assert crosses(np.array([segment], dtype=float), np.array([[0.0, 0, 1, 1]]), margin) is hit
