"""``backprop explain``."""

from __future__ import annotations

import click

from ..console import EXAMPLE, echo, print_json, together

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
def explain_command(quantities: tuple[str, ...], example: str | None, form: str, layers: str, number: int) -> None:
    """Print a worked example with all its numbers, and its chain rules, factor by factor.

    QUANTITY is a weight w[2][1,0] (layer, then j,k), a bias b[1][0], z[2][1], a[2][1], y[0] or C; its chain
    rule is that of the cost. z[3][0]/w[2][0,0] asks for the derivative of another quantity.
    """
    from backprop_math import load_example

    from .. import explain

    worked, asked = load_example(example or "simplest"), [explain.parse(text) for text in quantities]
    if form == "json":
        print_json(explain.as_json(worked, asked, number))
        return
    sections = explain.explain(worked, asked, number, layers)
    if form != "text":
        for section in sections:
            for relation in section.relations:
                echo(explain.as_markup(relation, form)[0])
        return
    shape = "-".join(map(str, worked.network.layers))
    of = f", training example {number} of {len(worked.inputs)}" if len(worked.inputs) > 1 else ""
    echo(click.style(f"{worked.title or worked.name} ({shape}{of})", bold=True))
    for section in sections:
        echo()
        echo(click.style(section.heading, fg="cyan"))
        for relation in section.relations:
            for line in explain.as_markup(relation, form):
                echo(f"  {line}")
        if section.note:
            echo(click.style(f"  {section.note}", dim=True))
