from pathlib import Path

import numpy as np
import pytest
from manim import Circle

from backprop_film.contents import Entry
from backprop_film.inspection import inspect, pictured
from backprop_film.inspection.pace import Look, Pace
from backprop_film.playback import Job
from backprop_film.timeline import BeatSpan, CueSpan

FILE = Path(__file__).with_name("moving.py")


def job(class_name):
    return Job(Entry("moving", "moving", FILE, class_name, 1), quality="l")


def line_of(words):
    return next(n for n, line in enumerate(FILE.read_text().splitlines(), 1) if words in line)


def test_what_is_allowed_is_not_reported():
    assert [str(finding) for finding in inspect(job("NothingWrong"))] == []


@pytest.mark.parametrize(
    ("chapter", "kind", "mobject", "detail"),
    [
        ("Flying", "flies over", "Circle", "flies over Prose “stays”"),
        ("FlyingLine", "flies over", "Line", "flies over Prose “stays”"),
        ("Doubled", "doubled", "Prose “before it was this”", "stands over Prose “and after it is that”"),
        ("Scrambled", "scrambled", "Prose “weights”", "is bent into other glyphs"),
        ("Empty", "empty", "", "shows nothing for 1."),
        ("Still", "still", "", "stands still for 4.2 s"),
        ("Late", "late caption", "", "“Now it has moved to the right.” comes when its move is over"),
    ],
)
def test_a_planted_fault_is_found(chapter, kind, mobject, detail):
    found = [finding for finding in inspect(job(chapter)) if finding.kind == kind]
    assert len(found) == 1
    assert found[0].mobject.startswith(mobject)
    assert found[0].detail.startswith(detail)
    assert found[0].beat == "look"


def test_a_finding_names_attribute_and_line_and_is_drawn_in_a_box():
    (finding,) = inspect(job("Flying"))
    assert finding.attribute == "self.dots['w']"
    assert finding.source.endswith(f"moving.py:{line_of('self.dots = ')}")
    ((_, picture),) = pictured(job("Flying"), [finding])
    left, bottom, _, top = finding.boxes[0]
    unit = 480 / 8
    edge = (round(427 + left * unit - 3), round(240 - (bottom + top) / 2 * unit))
    reds = [picture.getpixel((edge[0] + nudge, edge[1])) for nudge in (-1, 0, 1)]
    assert max(red - blue for red, _, blue in reds) > 100  # the box of what is at fault is of the cost's colour
    inner = np.asarray(picture)[round(240 - (top - 0.1) * unit) : round(240 - (bottom + 0.1) * unit), edge[0] + 10]
    assert inner.max() > 200  # and the circle is in it


def test_mobjects_note_nothing_once_the_inspection_is_over():
    assert inspect(job("Empty"))
    assert not hasattr(Circle(), "_made_in")


def paced(*looks, beats=()):
    pace = Pace(10)
    pace.looks = [Look(*look) for look in looks]
    return [(kind, first, last) for kind, first, last, _ in pace.findings(100, beats)]


def test_the_pace_by_hand():
    """At 10 frames a second; frame, changed, shapes, glyphs."""
    assert paced((0, True, 1, 0), (39, True, 2, 0), (79, False, 2, 0), (90, True, 1, 0)) == []
    assert paced((0, True, 1, 0), (30, True, 2, 0), (72, False, 2, 0), (90, True, 1, 0)) == [("still", 30, 72)]
    read = [(0, True, 1, 0), (30, True, 2, 40), (72, False, 2, 40), (90, True, 1, 0)]
    assert paced(*read) == []  # forty new glyphs are a lot to read
    assert paced((0, True, 0, 0), (11, True, 1, 0)) == [("empty", 0, 11)]
    assert paced((0, True, 0, 0), (10, True, 1, 0)) == []
    looks = [(0, True, 1, 0), (20, True, 1, 0), (50, False, 1, 0), (60, True, 1, 0)]
    beat = BeatSpan("b", "", 0, 60, (CueSpan("One.", 0, 22), CueSpan("Two.", 22, 50)))
    assert paced(*looks, beats=(beat,)) == [("late caption", 22, 50)]
