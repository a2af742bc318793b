from backprop_film.timeline import BeatSpan, CueSpan, NumberSpan, Timeline
from backprop_film.watching.view import Blobs, View, units_of


def line(*beats, numbers=()):
    return Timeline("tiny", "Tiny", 15, 60, tuple(beats), numbers=tuple(numbers))


def test_a_beat_with_its_words_and_numbers_counted_from_its_start():
    cues = (CueSpan("One.", 30, 40), CueSpan("Two.", 40, 60))
    shown = NumberSpan("0.25", 0.251, "a[1][0]", "a[1][0]", "", "two", 45, 60)
    gone = NumberSpan("1", 1.0, "", "", "", "one", 5, 30)
    units = units_of(line(BeatSpan("one", "A.", 0, 30), BeatSpan("two", "B.", 30, 60, cues), numbers=[gone, shown]))
    assert [(unit.index, unit.key, unit.frames, unit.by_plays) for unit in units] == [
        (0, "one", 30, False), (1, "two", 30, False),
    ]  # fmt: skip
    assert [(cue["text"], cue["start"], cue["end"]) for cue in units[1].cues] == [("One.", 0, 10), ("Two.", 10, 30)]
    assert [(one["text"], one["start"], one["end"]) for one in units[1].numbers] == [("0.25", 15, 30)]
    assert [one["text"] for one in units[0].numbers] == ["1"]


def test_a_scene_without_beats_is_seen_by_its_plays_and_one_with_sections_by_those():
    plays = [("Create Circle", 15), ("Wait", 15), ("FadeOut Circle", 40)]
    units = units_of(line(BeatSpan("Mine", "", 0, 40)), plays)
    assert [(unit.index, unit.title, unit.start, unit.end, unit.by_plays) for unit in units] == [
        (0, "Create Circle", 0, 15, True), (2, "FadeOut Circle", 15, 40, True),
    ]  # fmt: skip
    sections = units_of(line(BeatSpan("Mine", "", 0, 15), BeatSpan("end", "", 15, 40)), plays)
    assert [(unit.key, unit.by_plays) for unit in sections] == [("Mine", False), ("end", False)]


def test_what_was_drawn_of_a_beat_of_another_length_is_to_be_drawn_again():
    one, other = units_of(line(BeatSpan("one", "A.", 0, 30))), units_of(line(BeatSpan("one", "A.", 0, 31)))
    view = View(one[0], drawn=3, filmed=3, judged=3)
    view.now(one[0])
    assert (view.drawn, view.filmed, view.judged) == (3, 3, 3)
    view.now(other[0])
    assert (view.drawn, view.filmed, view.judged) == (0, 0, 0)
    assert view.unit.frames == 31


def test_pictures_are_kept_as_long_as_they_are_shown():
    blobs = Blobs()
    names = [blobs.put("image/png", bytes([n]) * 25_000_000) for n in range(3)]
    assert blobs.put("image/png", bytes([0]) * 25_000_000) == names[0]
    blobs.clear({names[0]})
    assert [blobs.get(name) is None for name in names] == [False, True, False]
