"""``backprop new-example``."""

from __future__ import annotations

import re
from pathlib import Path

import click

from ..console import echo
from ..errors import Problem, shown_path

__all__ = ["new_example_command"]


@click.command("new-example")
@click.argument("file", metavar="FILE.toml", type=click.Path(path_type=Path))
@click.option(
    "--layers", default="1-1-1-1", show_default=True, metavar="N-N-…", help="How many neurons each layer has."
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def new_example_command(file: Path, layers: str, force: bool) -> None:
    """Write an example file to begin with: valid as it stands, and every key explained.

    For example: backprop new-example mine.toml --layers 2-3-2; backprop film --example mine.toml
    """
    from backprop_math import Example, ExampleError
    from backprop_math.examples.starting import starting_toml

    from ..files import whole

    if not re.fullmatch(r"\d{1,6}(-\d{1,6}){1,30}", layers) or 0 in (sizes := [int(one) for one in layers.split("-")]):
        raise Problem(f"--layers: found {layers[:40]!r}, expected at least two numbers of neurons such as 2-3-2")
    if file.suffix != ".toml":
        raise Problem(f"{shown_path(file)}: found the ending {file.suffix!r}, expected '.toml'")
    if file.exists() and not force:
        raise Problem(f"{shown_path(file)}: found a file of that name, expected none, or --force")
    with whole(file) as beside:
        beside.write_text(starting_toml(sizes), encoding="utf-8")
        try:
            Example.from_toml(beside)
        except ExampleError as error:
            raise Problem(f"--{str(error).removeprefix(f'{beside}: ')}") from None
    echo(shown_path(file))
