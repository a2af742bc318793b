"""``backprop examples``."""

from __future__ import annotations

import click

from ..console import AS_JSON, print_json, table, together
from ..contents import entries

__all__ = ["examples_command"]


@click.command("examples")
@together(AS_JSON)
def examples_command(as_json: bool) -> None:
    """List the bundled examples, and the chapters that each of them fits.

    In a pipe, the columns are separated by tabs: name, layers, activation, cost, chapters, title.
    """
    from backprop_math import example_names, load_example

    from ..playback import chapter_class

    loaded = {name: load_example(name) for name in example_names()}
    classes = {entry.name: made for entry in entries() if (made := chapter_class(entry))}
    fits = {name: [key for key, made in classes.items() if made.misfit(one) is None] for name, one in loaded.items()}
    shapes = {name: list(one.network.layers) for name, one in loaded.items()}
    functions = {name: list(dict.fromkeys(f.name for f in one.network.activation)) for name, one in loaded.items()}
    if as_json:
        rows = [
            {
                "name": name,
                "layers": shapes[name],
                "activation": functions[name],
                "cost": one.network.cost.name,
                "chapters": fits[name],
                "title": one.title,
            }
            for name, one in loaded.items()
        ]
        print_json(rows)
        return
    lines = [
        (
            name,
            "-".join(map(str, shapes[name])),
            ", ".join(functions[name]),
            one.network.cost.name,
            ", ".join(fits[name]),
            one.title,
        )
        for name, one in loaded.items()
    ]
    table(lines, ("example", "layers", "activation", "cost", "chapters", "title"))
