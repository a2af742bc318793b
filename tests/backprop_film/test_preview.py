import numpy as np
import pytest
from PIL import Image

from backprop_film import contents, playback, preview
from backprop_film.errors import Problem
from backprop_film.kept import Keeper
from backprop_film.kept_pictures import KeptPictures, save
from backprop_film.playback import Job, capture, make, survey
from backprop_film.preview import Tile, beat_tiles, frame_at, sheet, shrunk, span_tiles, still, tiled
from backprop_film.timeline import BeatSpan, Timeline
from tests.backprop_film.conftest import job

LINE = Timeline("tiny", "Tiny", 15, 60, (BeatSpan("one", "One.", 0, 30), BeatSpan("two", "Two.", 30, 60)))


@pytest.mark.parametrize(
    ("beat", "at", "frame"),
    [
        (None, "end", 59), (None, "middle", 30), (None, "1", 15), (None, "0", 0), (None, "3.99", 59),
        ("two", "end", 59), ("two", "middle", 45), ("two", "0.2", 33), ("one", "end", 29),
    ],
)  # fmt: skip
def test_moments_in_frames(beat, at, frame):
    assert frame_at(LINE, LINE.beat(beat) if beat else None, at) == frame


@pytest.mark.parametrize(
    ("at", "words"), [("2", "lasts 2.0 seconds"), ("-1", "lasts"), ("soon", "expected end, middle")]
)
def test_moments_that_do_not_exist(at, words):
    with pytest.raises(Problem, match=words):
        frame_at(LINE, LINE.beats[0], at)


def test_a_still_is_the_frame_at_that_moment():
    line = survey(job("Moving"))
    moves = line.beat("it-moves")
    frames = [moves.end - 1, (moves.start + moves.end) // 2, moves.start + 3, 5, line.frames - 1]
    expected = capture(job("Moving"), frames)
    stills = [
        still(job("Moving"), "it-moves", "end"),
        still(job("Moving"), "it_moves", "middle"),
        still(job("Moving"), "it-moves", "0.2"),
        still(job("Moving"), None, "0.34"),
        still(job("Moving")),
    ]
    for frame, picture in zip(frames, stills, strict=True):
        assert picture.size == (854, 480)
        assert np.array_equal(np.asarray(picture), np.asarray(expected[frame])), frame
    assert not np.array_equal(np.asarray(expected[5]), np.asarray(expected[frames[0]]))


def test_a_still_after_the_end_says_how_long_the_chapter_is():
    with pytest.raises(Problem, match=r"--at 99: chapter tiny lasts \d+\.\d seconds"):
        still(job("Moving"), None, "99")


def test_a_tile_for_each_beat_and_moment():
    tiles = beat_tiles(job("Moving"), ("middle", "end"), width=200)
    assert [tile.heading.split()[0] for tile in tiles] == ["ring", "ring", "it-moves", "it-moves"]
    assert tiles[0].text == "A ring. It is round."
    assert all(tile.picture.width == 200 for tile in tiles)


def test_a_span_goes_from_the_first_frame_to_the_last():
    tiles = span_tiles(job("Moving"), "it-moves", 5, width=200)
    beat = survey(job("Moving")).beat("it-moves")
    numbers = [int(tile.heading.split()[-1]) for tile in tiles]
    assert len(numbers) == 5
    assert (numbers[0], numbers[-1]) == (beat.start, beat.end - 1)
    assert tiles[0].text == "It moves."


def test_a_sheet_has_room_for_every_tile():
    picture = sheet([job("Moving"), job("Late", 2)], ["end"], columns=2, width=200, count=1)
    assert picture.width > 400
    assert picture.height > 2 * 200 * 480 / 854
    with pytest.raises(Problem, match="nothing"):
        sheet([job("Broken")], ["end"], columns=2, width=200, count=1)


def test_long_words_are_wrapped_within_a_tile():
    tile = Tile("key", "many words " * 30, Image.new("RGB", (200, 100)))
    short = Tile("key", "few", Image.new("RGB", (200, 100)))
    assert tiled([("band", [tile])], 3, 200).height > tiled([("band", [short])], 3, 200).height + 100


def test_pictures_are_saved_whole(tmp_path):
    path = save(Image.new("RGB", (4, 4)), tmp_path / "a" / "b.png")
    assert Image.open(path).size == (4, 4)
    assert [file.name for file in path.parent.iterdir()] == ["b.png"]


@pytest.fixture
def passes(monkeypatch):
    """The jobs that have been played, each once for every pass."""
    made = []
    monkeypatch.setattr(playback, "make", lambda job, *how: made.append(job) or make(job, *how))
    return made


def test_what_was_drawn_before_is_not_drawn_again(passes):
    first = [still(job("Moving"), "ring"), still(job("Moving"), "it-moves")]
    assert len(passes) == 2  # one pass each: where a beat ends is found as it is drawn
    again = [still(job("Moving"), "ring"), still(job("Moving"), "it_moves", "end")]
    assert len(passes) == 2
    assert all(np.array_equal(np.asarray(one), np.asarray(two)) for one, two in zip(first, again, strict=True))
    still(job("Moving", captions=False), "ring")
    still(job("Moving"), "ring", "middle")
    assert len(passes) == 5


def test_beats_ends_are_drawn_in_one_pass_and_kept(passes, monkeypatch):
    first = beat_tiles(job("Moving"), width=200)
    assert len(passes) == 1
    line = survey(job("Moving"))
    expected = capture(job("Moving"), [beat.end - 1 for beat in line.beats])
    for tile, beat in zip(first, line.beats, strict=True):
        assert np.array_equal(np.asarray(tile.picture), np.asarray(shrunk(expected[beat.end - 1], 200))), beat.key
    passes.clear()
    again = beat_tiles(job("Moving"), width=200)
    assert [tile.heading for tile in again] == [tile.heading for tile in first]
    assert [tile.picture.tobytes() for tile in again] == [tile.picture.tobytes() for tile in first]
    assert passes == []
    beat_tiles(job("Moving"), ("middle", "end"), width=200)
    assert len(passes) == 1  # the middles: the timeline is kept
    passes.clear()
    wide = beat_tiles(job("Moving"), width=100)  # of the pictures that are kept
    monkeypatch.setattr(preview, "shrunk", None)  # from here on, as they are kept themselves
    again = beat_tiles(job("Moving"), width=100)
    assert [tile.picture.tobytes() for tile in again] == [tile.picture.tobytes() for tile in wide]
    assert passes == []


@pytest.mark.parametrize("harm", ["cut", "other", "read"])
def test_a_kept_picture_that_is_not_as_it_was_counts_for_nothing(harm, tmp_path):
    data = tmp_path / "data.csv"
    data.write_text("1")
    keeper = Keeper.of(job("Moving"))
    kept = KeptPictures(keeper)
    kept.keep({"one": Image.new("RGB", (4, 4), "red"), "two": Image.new("RGB", (4, 4), "blue")}, [data])
    kept.keep_beside(
        {"one, small": (Image.new("RGB", (2, 2), "red"), "one"), "lost": (Image.new("RGB", (2, 2)), "three")}
    )
    assert kept.found("one, small").size == (2, 2)
    assert kept.found("lost") is None
    assert kept.found("one").getpixel((0, 0)) == (255, 0, 0)
    assert kept.found("three") is None
    for file in keeper.pictures.iterdir():
        if harm == "cut":
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        elif harm == "other":
            Image.new("RGB", (4, 4)).save(file)
    if harm == "read":
        data.write_text("2")
    assert [kept.found(what) for what in ("one", "two", "one, small")] == [None] * 3


def test_pictures_of_what_changed_meanwhile_are_not_kept(tmp_path):
    file = tmp_path / "my.py"
    file.write_text("from manim import Scene\nclass My(Scene):\n    pass\n")
    one = Job(contents.Entry("my.py:My", "my-My", file, "My"), quality="l")
    kept = KeptPictures(Keeper.of(one))
    file.write_text("from manim import Scene\nclass My(Scene):\n    value = 1\n")
    kept.keep({"one": Image.new("RGB", (4, 4))}, [])
    assert kept.found("one") is None
    KeptPictures(Keeper.of(one)).keep({"one": Image.new("RGB", (4, 4))}, [])
    assert KeptPictures(Keeper.of(one)).found("one")
