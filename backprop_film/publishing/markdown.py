"""Text as Markdown, so that a reader sees the text."""

from __future__ import annotations

import re
from urllib.parse import quote

__all__ = ["escaped", "image", "inline"]

# Where a mark may mean something to CommonMark, or to GitHub's crossings-out and formulas. A mark that cannot, as in
# "a_j", "2 * 3", "[1]" or "x < 1", stays as it is: the text is also pasted where no Markdown is known.
_MARKS = r"""
      \\(?=[!-/:-@\[-`{-~]|$)                # a backslash before a mark
    | [`$]
    | (?<!\s)[*~]|[*~](?!\s)                  # but not free-standing
    | (?<![^\W_])_|_(?![^\W_])                # but not within a word
    | \](?=[(\[:])
    | <(?=[A-Za-z/!?])
    | &(?=\#?\w+;)
    | (?<!\S)\#(?=\#*$)                       # which would end a heading
"""
_INLINE = re.compile(_MARKS, re.VERBOSE)
_IN_BRACKETS = re.compile(rf"{_MARKS}|[\[\]]", re.VERBOSE)
_START = re.compile(r"(\d*)([.)](?=\s|$)|\#(?=\#*(\s|$))|>|[+-](?=[\s-]|$))")


def _line(text: str) -> str:
    return " ".join(text.split())


def inline(text: str) -> str:
    r"""The text in one line, to stand within a line.

    >>> inline("a_j is *the* result, [1] < 2")
    'a_j is \\*the\\* result, [1] < 2'
    """
    return _INLINE.sub(r"\\\g<0>", _line(text))


def escaped(text: str) -> str:
    r"""The text in one line, to stand at the start of a line.

    >>> escaped("2. What comes later")
    '2\\. What comes later'
    """
    return _START.sub(r"\1\\\2", inline(text), count=1) if _START.match(inline(text)) else inline(text)


def image(path: str, text: str) -> str:
    """A picture, ``path`` relative to the file, with what it says to those who cannot see it.

    >>> image("stills/it moves.png", "It moves")
    '![It moves](stills/it%20moves.png)'
    """
    alternative = _IN_BRACKETS.sub(r"\\\g<0>", _line(text))
    return f"![{alternative}]({quote(path)})"
