"""What is counted of several things, as a table: names at the left, counts at the right.

In a scene::

    rows = [[Prose("3-5-4-2"), Prose("168"), Prose("45")], [Prose("3-4-4-4"), Prose("1,024"), Prose("72")]]
    table, rules = counts_table(("layers", "chains", "lines"), rows)
    self.play(FadeIn(rules), *map(FadeIn, table))
"""

from __future__ import annotations

from collections.abc import Sequence

from manim import Mobject, VGroup

from ..kit.columns import columns, rules_after
from ..kit.texts import Prose
from ..kit.theme import theme

__all__ = ["counts_table"]


def counts_table(heads: Sequence[str], rows: Sequence[Sequence[Mobject]]) -> tuple[VGroup, VGroup]:
    """The rows, the first one the heads, and the rules between; as wide as there is room, at most."""
    head = [Prose(word, font_size=27, color=theme.secondary) for word in heads]
    table = columns([head, *rows], h_buff=0.8, v_buff=0.62, align="l" + "r" * (len(heads) - 1))
    rules = rules_after(table, 0)
    both = VGroup(table, rules)
    both.scale(min(1.0, (theme.safe.width - 0.2) / both.width))
    return table, rules
