"""``backprop explain``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ..console import counted, echo, print_json, together
from ..errors import Problem
from .which_example import EXAMPLE

if TYPE_CHECKING:
    from ..explain import Section

__all__ = ["explain_command"]


@click.command("explain")
@click.argument("quantities", nargs=-1, metavar="[QUANTITY]...")
@together(EXAMPLE)
@click.option(
    "--format", "form", type=click.Choice(["text", "latex", "typst", "json"]), default="text", show_default=True
)
@click.option(
    "--layers",
    type=click.Choice(["relative", "absolute"]),
    default="relative",
    show_default=True,
    help="Layers as L, L-1, … or as 1, 2, ….",
)
@click.option(
    "--training-example", "number", type=int, default=0, show_default=True, metavar="N", help="Which of several."
)
@click.option(
    "--formula", metavar="FORMULA", help="A formula of yours, such as 'x*y + sin(x)'; both sweeps, step by step."
)
@click.option("--at", metavar="VALUES", help="The formula's variables, such as x=2,y=3.")
def explain_command(
    quantities: tuple[str, ...],
    example: str | None,
    form: str,
    layers: str,
    number: int,
    formula: str | None,
    at: str | None,
) -> None:
    """Print a worked example with all its numbers, and its chain rules, factor by factor.

    QUANTITY is a weight w[2][1,0] (layer, then j,k), a bias b[1][0], z[2][1], a[2][1], y[0] or C; its chain
    rule is that of the cost. z[3][0]/w[2][0,0] asks for the derivative of another quantity.

    With --formula: its value, its derivatives in reverse and in forward mode, and the operations that each takes.
    """
    from backprop_math import load_example

    from .. import explain

    if formula is not None:
        if quantities or example:
            raise Problem("--formula: found an example or a quantity too, expected the formula and --at alone")
        _explain_formula(formula, at or "", form)
        return
    if at is not None:
        raise Problem("--at: found no --formula, expected one")
    worked, asked = load_example(example or "simplest"), [explain.parse(text) for text in quantities]
    if form == "json":
        print_json(explain.as_json(worked, asked, number))
        return
    sections = explain.explain(worked, asked, number, layers)
    shape = "-".join(map(str, worked.network.layers))
    of = f", training example {number} of {len(worked.inputs)}" if len(worked.inputs) > 1 else ""
    _write(f"{worked.title or worked.name} ({shape}{of})", sections, form)


def _explain_formula(formula: str, at: str, form: str) -> None:
    from ..explain_formula import as_json, costs, formula_graph, formula_sections

    graph = formula_graph(formula, at)
    if form == "json":
        print_json(as_json(graph, formula))
        return
    _write(" ".join(formula.split()), list(formula_sections(graph)), form)
    if form == "text":
        echo()
        for way in costs(graph):
            echo(f"{way.name}: {counted(way.rounds, 'round')}, {counted(way.operations, 'operation')}")


def _write(title: str, sections: Sequence[Section], form: str) -> None:
    from ..explain import as_markup

    if form != "text":
        for section in sections:
            for relation in section.relations:
                echo(as_markup(relation, form)[0])
        return
    echo(click.style(title, bold=True))
    for section in sections:
        echo()
        echo(click.style(section.heading, fg="cyan"))
        for relation in section.relations:
            for line in as_markup(relation, form):
                echo(f"  {line}")
        if section.note:
            echo(click.style(f"  {section.note}", dim=True))
