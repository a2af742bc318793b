import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_film.kit.narration import MAX_CUE, Clip, Cue, cut, reading_time, sentences

words = st.text("abcdefgh,;:.!?=≈+−·0123456789ü“", min_size=1, max_size=30)
texts = st.lists(words, min_size=1, max_size=60).map(" ".join)


def faults(text, cues):
    """What is wrong with the captions of a text."""
    found = set()
    if any(len(cue) > 84 for cue in cues):
        found.add("long")
    if " ".join(cues).split(" ") != text.split():
        found.add("words")
    if any(re.search(r"[.!?]\s", cue) for cue in cues):
        found.add("sentences")
    return found


@settings(deadline=None, max_examples=200)
@given(texts)
def test_captions_are_the_words_in_their_order_one_line_each(text):
    assert faults(text, cut(text)) == set()


def test_wrong_captions_would_be_noticed():
    assert faults("a b.", ["b.", "a"]) == {"words"}
    assert faults("a b.", ["a"]) == {"words"}
    assert faults("a. b", ["a. b"]) == {"sentences"}
    assert faults("a " * 50, ["a " * 50]) >= {"long"}


@settings(deadline=None, max_examples=100)
@given(texts, st.integers(31, 120))
def test_any_other_limit_is_kept_too(text, limit):
    cues = cut(text, limit)
    assert max(map(len, cues)) <= limit
    assert " ".join(cues).split() == text.split()


def test_each_sentence_is_a_caption():
    text = "It is 0.66, not 1.00! Why?  The cost\n tells. So"
    assert cut(text) == ["It is 0.66, not 1.00!", "Why?", "The cost tells.", "So"]


def test_a_sentence_is_cut_only_where_it_is_too_long():
    fits = "a" * 40 + " " + "b" * 42 + "."
    assert len(fits) == MAX_CUE
    assert cut(fits) == [fits]
    assert cut("x" + fits) == ["x" + "a" * 40, "b" * 42 + "."]


def test_a_long_sentence_is_cut_after_punctuation_near_its_middle():
    text = "The weight and the activation before it and the bias go in, and what comes out of them is the weighted sum."
    assert cut(text) == [
        "The weight and the activation before it and the bias go in,",
        "and what comes out of them is the weighted sum.",
    ]


def test_a_conjunction_begins_a_caption():
    text = "The last weight moves the weighted sum of the neuron by this much and the activation moves less than that."
    assert [cue.split()[0] for cue in cut(text)] == ["The", "and"]


@pytest.mark.parametrize("sign", ["=", "≈", "·", "+", "−"])
def test_an_equation_is_not_cut(sign):
    half = "one two three four five six seven eight nine ten"
    text = f"{half} a {sign} 0 {half}"
    assert text[len(text) // 2] == sign
    assert len(cut(text)) == 2
    assert any(f"a {sign} 0" in cue for cue in cut(text))


def test_a_word_that_no_caption_holds_is_refused():
    with pytest.raises(ValueError, match=r"word longer than a caption: 'a{85}'"):
        cut("Now " + "a" * 85)


@pytest.mark.parametrize(("length", "seconds"), [(1, 1.2), (10, 1.2), (11, 0.5 + 11 / 15), (45, 3.5), (84, 6.1)])
def test_the_time_to_read(length, seconds):
    assert reading_time("x" * length) == pytest.approx(seconds)
    assert Cue("x" * length).seconds == reading_time("x" * length)


# -- sentences --------------------------------------------------------------------------------------------


def test_each_sentence_is_said_once_by_its_key():
    said = []

    def speaker(key, spoken):
        said.append((key, spoken))
        return Clip(Path(f"{key}.wav"), 1.5)

    text = "The cost is −1. And this sentence is so long that one caption does not hold it, so that it is cut into two."
    first, second = sentences("cost", text, speaker=speaker)
    assert said == [("cost.1", "The cost is minus 1."), ("cost.2", second.text)]
    assert (first.key, first.text, first.spoken) == ("cost.1", "The cost is −1.", "The cost is minus 1.")
    assert [len(sentence.cues) for sentence in (first, second)] == [1, 2]
    assert first.clip == Clip(Path("cost.1.wav"), 1.5)
    assert first.seconds == second.seconds == 1.5


def test_a_sentence_that_is_not_spoken_lasts_as_long_as_its_captions_are_read():
    text = (
        "This sentence is so long that one caption does not hold it, and so it is cut into two of them, one after one."
    )
    (sentence,) = sentences("a", text)
    assert len(sentence.cues) == 2
    assert sentence.seconds == pytest.approx(1 + (len(text) - 1) / 15)


@pytest.mark.parametrize(
    ("spoken", "expected"),
    [
        (None, ["C is minus 1.", "Two."]),
        ("See is one less. Too.", ["See is one less.", "Too."]),
        (["See.", "Too."], ["See.", "Too."]),
        ([None, "Too. And more."], ["C is minus 1.", "Too. And more."]),
    ],
)
def test_what_is_spoken_may_be_given(spoken, expected):
    assert [sentence.spoken for sentence in sentences("a", "C is −1. Two.", spoken)] == expected


@pytest.mark.parametrize("spoken", ["One.", ["One."], "One. Two. Three."])
def test_as_many_sentences_are_spoken_as_written(spoken):
    with pytest.raises(ValueError, match=r"^beat 'a': found [13] spoken sentences, expected 2, as in its text$"):
        sentences("a", "One. Two.", spoken)
