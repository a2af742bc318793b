r"""Several equations for a notebook: one below the other in LaTeX, or as the rows of an HTML table.

>>> from backprop_math import Relation, Symbol
>>> equations = [Relation((Symbol("a"), Symbol("b")), ("=",))]
>>> print(gathered(equations * 2))
$\begin{gathered}a = b \\ a = b\end{gathered}$
>>> print(equation_table([("", equations)]))
<table><tr><td style='text-align: left'>$\displaystyle a = b$</td></tr></table>
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from ..formula import Relation

__all__ = ["equation_table", "gathered"]


def gathered(equations: Iterable[Relation]) -> str:
    """The equations in one formula between dollar signs."""
    lines = r" \\ ".join(equation.latex() for equation in equations)
    return rf"$\begin{{gathered}}{lines}\end{{gathered}}$"


def equation_table(parts: Iterable[tuple[str, Iterable[Relation]]]) -> str:
    """A row for each equation, below the heading of its part, if it has one; a notebook typesets what is in dollars."""
    rows = []
    for heading, equations in parts:
        if heading:
            rows.append(f"<th style='text-align: left'>{escape(heading)}</th>")
        rows += [f"<td style='text-align: left'>$\\displaystyle {equation.latex()}$</td>" for equation in equations]
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
