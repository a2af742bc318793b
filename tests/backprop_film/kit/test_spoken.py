"""What is written, and what is said: pairs written by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_film.kit.spoken import aloud, small_articles, unsayable

PAIRS = {
    # derivatives, indices, layers
    "∂C/∂w⁽ᴸ⁾": "partial C by partial w L",
    "∂C₀/∂aₖ⁽ᴸ⁻¹⁾": "partial C 0 by partial A k, L minus 1",
    "a⁽ᴸ⁻¹⁾ and w⁽²⁾ⱼₖ": "A, L minus 1, and w 2 j k",
    "Σⱼ δⱼ w⁽ᴸ⁾ⱼₖ": "the sum over j of delta j w L j k",
    "σ'(z) and σ′(z⁽ᴸ⁾)": "sigma prime of z and sigma prime of z L",
    "W⁽ˡ⁾ᵀ ⊙ x²": "W l transposed multiplied entry by entry with x squared",
    "C(w1, b1, w2, b2)": "C of w 1, b 1, w 2, b 2",
    "∇C, Δw": "the gradient of C, delta w",
    # numbers, to the digits shown
    "−0.0739, 1.00, 13,002": "minus 0.0739, 1.00, 13,002",
    "It is −1, not -0.5.": "It is minus 1, not minus 0.5.",
    "(−0.674)": "minus 0.674",
    "8.53 × 10⁻¹⁷": "8.53 times 10 to the minus 17",
    "1e-12": "1 times 10 to the minus 12",
    "784-16-16-10, 2-3-2": "784, 16, 16, 10, 2, 3, 2",
    "¼ of it, 20 %": "one quarter of it, 20 percent",
    # signs
    "L − 1": "L minus 1",
    "k = 0": "k equals 0",
    "a ≈ 0.48": "A is about 0.48",
    "It is < 1 & ≈ 0.": "It is less than 1 and is about 0.",
    "2(a − y)": "2 times A minus y",
    "a(1 − a)": "A times 1 minus A",
    "1/(1 + e^(−z))": "1 over 1 plus e to the minus z",
    "leaky_relu, tanh": "leaky relu, tan H",
    "Yes – or no…": "Yes, or no",
    "“So”, it’s said (twice).": "So, it's said, twice.",
    "one-path, x-axis": "one-path, x-axis",
    # the letter and the article
    "A weight, a bias, a 3 by 2 matrix.": "A weight, a bias, a 3 by 2 matrix.",
    "First z, then a, then the cost.": "First z, then A, then the cost.",
    "z determines a. And a, with y, determines C.": "z determines A. And A, with y, determines C.",
    "It is a, times 1 minus a.": "It is A, times 1 minus A.",
    "Is it a? A ring is a thing.": "Is it A? A ring is a thing.",
    "∂a by ∂z, the a of L": "partial A by partial z, the A of L",
}


@pytest.mark.parametrize("written", PAIRS)
def test_what_is_written_is_said_as_a_teacher_would(written):
    assert aloud(written) == PAIRS[written]


@pytest.mark.parametrize("said", PAIRS.values())
def test_what_is_said_stays_as_it_is(said):
    assert aloud(said) == said
    assert unsayable(said) == ""


@settings(max_examples=100)
@given(st.lists(st.sampled_from(["The", "cost", "falls,", "from", "0.69", "to", "0.26.", "It's", "off:", "so?"])))
def test_words_are_said_as_they_are(words):
    sentence = " ".join([*words, "So it falls."])
    assert aloud(sentence) == sentence


def test_the_letter_is_told_from_the_article_at_the_beginning_too():
    assert small_articles("A weight. A is large. Is A a weight? A and A.") == (
        "a weight. A is large. Is A a weight? A and A."
    )


def test_signs_without_words_are_found():
    assert unsayable(aloud("Größe 3 µ, 5 € or £")) == "€£"
    assert unsayable(aloud("цена")) == "цена"
