"""When the sentences of a beat are said, by numbers worked out by hand."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_film.kit.narration import Beat, Clip, sentences
from backprop_film.kit.speech_clock import SpeechClock, at

LONG = f"{59 * 'x'}, and here the end of it comes."  # captions of 60 and 29 characters


def clock(text, seconds=None, fps=10):
    """A clock whose sentences are read, or take so many seconds each."""
    speaker = None if seconds is None else lambda key, spoken: Clip(Path(f"{key}.wav"), seconds)
    return SpeechClock(Beat("a", text, 0, sentences("a", text, speaker=speaker)), fps)


@pytest.mark.parametrize(
    ("seconds", "fps", "needs"),
    [
        (None, 10, 12),  # "One." is read in 1.2 s
        (None, 7, 9),  # 8.4 frames
        (2.0, 10, 20 + 3),  # 0.25 s of air are 2.5 frames
        (2.01, 10, 21 + 3),
        (1 / 3, 30, 10 + 8),  # a third of a second is ten frames, not eleven
        (0.0, 10, 1 + 3),  # a caption stands for a frame at least
    ],
)
def test_no_frame_too_few_and_none_too_many(seconds, fps, needs):
    told = clock("One. Two.", seconds, fps)
    told.begin(100)
    assert (told.ready, told.begun, told.left) == (100 + needs, 1, 1)


def test_captions_of_one_clip_share_it_by_their_characters():
    told = clock(f"{LONG} Two.", 5.0)
    told.begin(4)
    # 60 of 89 characters in 50 frames: 33.7.
    assert told.captions(4, 100) == [(0, LONG[:60]), (34, LONG[61:])]
    told.begin(80)
    told.end(120)
    first, second = told.beat.sentences
    assert [(cue.start, cue.end) for cue in (*first.cues, *second.cues)] == [(4, 38), (38, 80), (80, 120)]
    assert [(s.start, s.end) for s in (first, second)] == [(4, 54), (80, 130)]
    assert told.beat.end == 120


def test_captions_that_are_read_stand_as_long_as_that_takes():
    told = clock(LONG)
    told.begin(0)
    assert told.captions(0, 100) == [(0, LONG[:60]), (45, LONG[61:])]  # 0.5 s + 60 / 15 s
    assert told.ready == 45 + 25  # 0.5 s + 29 / 15 s


@pytest.mark.parametrize(
    ("first", "count", "expected"),
    [
        (0, 12, [(0, "One.")]),
        (0, 13, [(0, "One."), (12, "Two.")]),
        (11, 2, [(0, "One."), (1, "Two.")]),
        (12, 1, [(0, "Two.")]),
        (40, 5, [(0, "Two.")]),
    ],
)
def test_what_is_to_be_read_in_some_frames(first, count, expected):
    told = clock("One. Two.")
    told.begin(0)
    told.begin(12)
    assert told.captions(first, count) == expected


@given(
    st.floats(0.1, 4.0),
    st.lists(st.integers(0, 99), min_size=1, max_size=4, unique=True).map(lambda n: [m / 100 for m in sorted(n)]),
    st.integers(1, 60),
    st.sampled_from([7, 15, 60]),
)
def test_a_play_is_as_long_as_its_sentences_need_and_no_longer(seconds, moments, frames, fps):
    told = clock("One. Two. Three. Four. Five.", seconds, fps)
    told.begin(0)
    needs = told.ready

    def fits(length):
        return all(b - a >= needs for a, b in pairwise(at(moments, length)))

    found = told.fit(moments, frames)
    assert found >= frames
    assert fits(found)
    assert found == frames or not fits(found - 1)


def test_words_are_found_where_they_come_next():
    told = clock("The cost of a is small. The cost of b is large; b is the reason.")
    told.begin(0)
    assert told.find("The cost") == (0, 0)
    assert told.find("The cost") == (1, 0)
    assert told.find("b is") == (1, 12)
    assert told.find("b is") == (1, 24)
    with pytest.raises(ValueError, match=r"^beat 'a': found no words 'b', expected some of what is still to be said: "):
        told.find("b")


def test_a_word_is_reached_in_proportion():
    told = clock(f"One. {LONG}", 5.0)
    told.begin(0)
    told.begin(53)
    # The second caption begins after 34 of 50 frames; its 13th character of 29 after 7 of 16.
    assert told.reaches(*told.find("end of it")) == 53 + 34 + 7
    assert told.reaches(*told.find("comes")) == 53 + 34 + 13  # the 23rd
