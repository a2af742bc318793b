"""The list of chapters, read as video sites read it."""

import re
from itertools import pairwise

import pytest

from backprop_film.publishing.description import abstract, chapter_list, description, refused, stamp
from backprop_film.render import Rendered
from backprop_film.timeline import BeatSpan, Timeline
from tests.backprop_film.conftest import job

LINE = re.compile(r"^(?:(?P<h>\d+):)?(?P<m>\d{1,2}):(?P<s>\d\d) (?P<title>\S.*?) *$", re.MULTILINE)


def read(text):
    """The seconds and titles that a video site finds: each line that begins with a time."""
    return [(3600 * int(m["h"] or 0) + 60 * int(m["m"]) + int(m["s"]), m["title"]) for m in LINE.finditer(text)]


def part(title, frames, *beats, number=1, group="", name="Moving", fps=30):
    made = job(name, number)
    entry = made.entry.__class__(made.entry.name, made.entry.slug, made.entry.file, name, number, group)
    spans = tuple(BeatSpan(key, "", start, end) for key, start, end in beats)
    return Rendered(made.__class__(entry, made.example, quality="m"), Timeline("tiny", title, fps, frames, spans), ())


def test_the_list_of_the_original():
    starts = [0, 38, 3 * 60 + 56, 4 * 60 + 45, 5 * 60 + 39, 6 * 60 + 42, 9 * 60 + 13, 10 * 60 + 18]
    titles = [
        "Introduction", "The chain rule in networks", "Computing relevant derivatives", "What do the derivatives mean?",
        "Sensitivity to weights/biases", "Layers with additional neurons", "Recap",
    ]  # fmt: skip
    # Each chapter ends within its last second, so that the next begins in the one after it.
    frames = [30 * (end - begin) for begin, end in pairwise(starts)]
    frames[0] += 29
    film = [part(title, count, number=n) for n, (title, count) in enumerate(zip(titles, frames, strict=True), 1)]
    text = description(film)
    assert read(text) == list(zip(starts, titles, strict=False))
    assert "\n0:38 The chain rule in networks  \n3:56 Computing" in text
    assert refused(film) is None


def test_a_long_film_counts_hours():
    film = [part("One", 30 * 3000), part("Two", 30 * 700, number=2), part("Three", 300, number=3)]
    assert read(description(film)) == [(0, "One"), (3000, "Two"), (3700, "Three")]
    assert "\n0:50:00 Two" in description(film)
    assert [stamp(s) for s in (0, 59.999, 60, 3599.9, 3600, 36000)] == [
        "0:00", "0:59", "1:00", "59:59", "1:00:00", "10:00:00",
    ]  # fmt: skip


def test_parts_are_named_before_their_first_chapters():
    film = [part("A", 300, group="P"), part("B", 300, group="P"), part("C", 300, group="Q"), part("D", 300)]
    assert chapter_list(film) == [(0, "P: A"), (300, "B"), (600, "Q: C"), (900, "D")]
    assert description(film).startswith("# P, Q, D\n")


def test_one_chapter_is_listed_by_its_beats_none_of_them_short():
    beats = [("one-two", 90, 310), ("three", 310, 400), ("four", 400, 700), ("five", 700, 980), ("six", 980, 1010)]
    (film,) = ([part("A", 1010, *beats)],)
    assert chapter_list(film) == [(0, "One two"), (310, "Three"), (700, "Five")]
    assert refused(film) is None
    assert chapter_list([part("A", 1010)]) == [(0, "A")]


@pytest.mark.parametrize(
    ("frames", "reason"),
    [
        ((400, 400), "found 2 in the list, expected at least 3"),
        ((420, 280, 400), "found 'B' of 9.3 s, expected at least 10 s"),
        ((305, 300, 294), "found 'C' of 9.8 s, expected at least 10 s"),
        ((305, 300, 300), None),
    ],
)
def test_what_video_sites_make_no_chapters_of(frames, reason):
    assert refused([part(title, count) for title, count in zip("ABC", frames, strict=False)]) == reason


def test_the_abstract_is_of_the_chapters_and_their_examples():
    film = [part("A", 300), part("B", 300, name="Late"), part("C", 300, name="Moving")]
    about, worked, made = abstract(film)
    # as the docstrings in tiny.py and the titles in the bundled examples have it
    assert about.split("  \n") == [
        "A: Two beats: something is drawn, then it moves.",
        "B: One beat, which begins late; captions with characters that need escaping.",
        "C: Two beats: something is drawn, then it moves.",
    ]
    assert abstract(film[:1])[0] == "Two beats: something is drawn, then it moves."
    assert worked.startswith("Worked examples: ")
    assert worked.count("; squared error)") + worked.count("; half squared error)") == 2
    assert re.fullmatch(r"Made with Manim 0\.22\.\d+ and backprop-math \S+\.", made)
