"""Which example a command is about: one by its name or file, or one made of weights, inputs and targets."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from ..console import Command, together
from ..errors import Problem

__all__ = ["EXAMPLE"]

_EXAMPLE = together(
    click.option(
        "--example", "-e", metavar="NAME|FILE", envvar="BACKPROP_EXAMPLE",
        help="A bundled example, or a .toml file of yours.",
    ),
    click.option(
        "--weights", metavar="FILE", type=click.Path(path_type=Path),
        help="Instead of an example, a network's weights and biases: .npz, .safetensors, or a PyTorch state_dict, .pt.",
    ),
    click.option("--input", "given_input", metavar="NUMBERS|FILE", help="What goes into it: 0.5,0.3, or .npy, .csv …."),
    click.option("--target", "given_target", metavar="NUMBERS|FILE", help="What should come out: 1,0."),
    click.option("--activation", metavar="NAME[,NAME]...", help="Its activation, or one a layer: relu,softmax."),
    click.option("--cost", metavar="NAME", help="Its cost: squared_error unless the file says another."),
)  # fmt: skip


def EXAMPLE(command: Command) -> Command:
    """The options that say which example; the command is given it as ``example``, a name or a file."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> Any:
        names = ("weights", "given_input", "given_target", "activation", "cost")
        given = {name: options.pop(name) for name in names}
        source = click.get_current_context().get_parameter_source("example")
        if given["weights"] is not None and source is ParameterSource.ENVIRONMENT:
            options["example"] = None  # what is said on the command line counts
        return command(*arguments, **{**options, "example": _example(options["example"], **given)})

    return _EXAMPLE(run)  # type: ignore[return-value]


def _example(
    example: str | None,
    weights: Path | None,
    given_input: str | None,
    given_target: str | None,
    activation: str | None,
    cost: str | None,
) -> str | None:
    said = {"--input": given_input, "--target": given_target, "--activation": activation, "--cost": cost}
    if weights is None:
        for option, value in said.items():
            if value is not None:
                raise Problem(f"{option}: found without --weights, expected both, or an --example that says it")
        return example
    if example is not None:
        raise Problem("--weights: found together with --example, expected one of them")
    if given_input is None or given_target is None:
        lacking = "--input" if given_input is None else "--target"
        raise Problem(f"{lacking}: found nothing, expected what goes with --weights {weights}")
    from ..given_example import GivenExample

    return str(GivenExample(weights, given_input, given_target, activation, cost).written())
