"""`CodeListing`: a few lines of code in the film's look, each name in the colour of what it stands for.

In a scene::

    listing = CodeListing(["z = a @ W.T + b", "a = f(z)"], colors={"W": theme.colour(Weight("l", "j", "k"))})
    self.play(FadeIn(listing.line(0)))
    self.play(Indicate(listing.line(1)))
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from manim import LEFT, VGroup

from .texts import TextMobject
from .theme import POINTS, theme
from .typeset import escaped, typeset

__all__ = ["CodeLine", "CodeListing"]

#: Comes with the compiler of the formulas.
_FONT = "DejaVu Sans Mono"
_WORD = re.compile(r"[A-Za-z_]\w*|[^A-Za-z_]+")
_KEYWORDS = frozenset(
    [
        "and",
        "as",
        "def",
        "else",
        "for",
        "from",
        "if",
        "import",
        "in",
        "is",
        "lambda",
        "not",
        "or",
        "return",
        "while",
        "with",
    ]
)
_LEADING = 1.5  # of a line, in ems


class CodeLine(TextMobject):
    """A line of code: its ``string``, as it is written."""

    def __init__(self, string: str, *, font_size: float, colors: Mapping[str, str]) -> None:
        self.string = string
        words = _WORD.findall(string.strip())
        inks = [theme.secondary if word in _KEYWORDS else colors.get(word, theme.ink) for word in words]
        # The indices are the marks by which the glyphs know their words.
        parts = "".join(f"#mk({place}, {escaped(word)})" for place, word in enumerate(words, 1))
        markup = f'#text(font: "{_FONT}")[{parts}]'
        outlines = typeset(markup, font_size / POINTS, math=False)
        super().__init__(outlines, font_size, lambda outline: inks[outline.mark - 1])


class CodeListing(VGroup):
    """Lines of code, one below the other, indented as they are; ``colors`` are those of names. ``line(i)`` finds one.

    It is no wider than ``width``: all lines shrink alike.
    """

    def __init__(
        self,
        lines: Sequence[str],
        *,
        colors: Mapping[str, str] | None = None,
        font_size: float = 28,
        width: float = 12.0,
    ) -> None:
        wide, narrow = (typeset(f'#text(font: "{_FONT}", "{text}")', 1.0, math=False) for text in ("00", "0"))
        advance = (wide[1].points[:, 0].min() - narrow[0].points[:, 0].min()) * font_size / POINTS
        made = [CodeLine(line, font_size=font_size, colors=colors or {}) for line in lines]
        for place, line in enumerate(made):
            indent = len(line.string) - len(line.string.lstrip())
            line.move_to([indent * advance, 0, 0], aligned_edge=LEFT)
            line.on_baseline(-place * _LEADING * font_size / POINTS)
        super().__init__(*made)
        self.scale(min(1.0, width / self.width)).center()

    def line(self, place: int) -> CodeLine:
        """A line, counted from 0."""
        found: CodeLine = self[place]
        return found
