"""What is written as Markdown is read back by a parser that nobody here wrote."""

import string
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from backprop_film.publishing.markdown import escaped, image, inline

PARSER = MarkdownIt("commonmark").enable(["strikethrough", "table"])
TEXTS = st.text(string.ascii_letters[:3] + "éΔ 19\t\n" + string.punctuation, max_size=12).filter(str.strip)


def text_of(tokens):
    """The text that a reader sees; only text may be there."""
    assert {token.type for token in tokens} <= {"text", "text_special"}
    return "".join(token.content for token in tokens)


def block(markdown, kind):
    opening, content, closing = PARSER.parse(markdown)
    assert (opening.type, closing.type) == (f"{kind}_open", f"{kind}_close")
    return content.children


@given(TEXTS)
def test_a_reader_sees_the_text(text):
    line = " ".join(text.split())
    assert text_of(block(escaped(text), "paragraph")) == line
    assert text_of(block(f"0:00 {inline(text)}", "paragraph")) == f"0:00 {line}"
    assert text_of(block(f"# {inline(text)}", "heading")) == line
    after = block(f"**0:07** {inline(text)}", "paragraph")
    after = after[[token.type for token in after].index("strong_close") + 1 :]
    assert text_of(after) == f" {line}"


@given(TEXTS, TEXTS)
def test_a_picture_is_found_and_described(path, text):
    (found,) = block(image(path.strip(), text), "paragraph")
    assert found.type == "image"
    assert text_of(found.children) == " ".join(text.split())
    assert unquote(found.attrs["src"]) == path.strip()


@pytest.mark.parametrize("text", ["a_j", "2 * 3", "x < 1 & y > 0", "[1]", "−0.25", "Viewers' questions: C₀ = (a − y)²"])
def test_what_needs_no_escaping_has_none(text):
    assert escaped(text) == inline(text) == text
