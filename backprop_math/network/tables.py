"""Tables as text for a terminal and as HTML for a notebook.

>>> rows = [["layer", "neurons"], ["0", "3"], ["1", "1,000"]]
>>> print(text_table(rows))
layer  neurons
0      3
1      1,000
>>> html_table([["layer"], ["<b>"]], "one & all")
'<table><caption>one &amp; all</caption><tr><th>layer</th></tr><tr><td>&lt;b&gt;</td></tr></table>'
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

__all__ = ["html_table", "text_table"]


def text_table(rows: Sequence[Sequence[str]]) -> str:
    """The rows, of equally many cells, in columns as wide as they need; the first row is the heading."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def html_table(rows: Sequence[Sequence[str]], caption: str) -> str:
    """The same as an HTML table, every text in it escaped."""
    lines = [
        "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row)
        for row, tag in zip(rows, ["th", *["td"] * (len(rows) - 1)], strict=True)
    ]
    return f"<table><caption>{escape(caption)}</caption>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"
