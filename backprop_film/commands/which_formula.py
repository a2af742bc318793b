"""Which formula a command is about: ``--formula``, with the values of its variables."""

from __future__ import annotations

from collections.abc import Sequence
from functools import wraps
from typing import Any

import click

from ..console import Command, together
from ..errors import Problem

__all__ = ["FORMULA", "FORMULA_TEXT", "moment_and_formula"]

#: For the commands that have an ``--at`` of their own.
FORMULA_TEXT = click.option(
    "--formula", metavar="FORMULA", help="A formula of yours, such as 'x*y + sin(x)', for the chapter reverse_mode."
)
_AT = click.option("--at", metavar="VALUES", help="The formula's variables, such as x=2,y=3.")


def FORMULA(command: Command) -> Command:
    """The options that say which formula; the command is given it and its values as ``formula``, or None."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> Any:
        at = options.pop("at")
        return command(*arguments, **{**options, "formula": _formula(options["formula"], at)})

    return together(FORMULA_TEXT, _AT)(run)  # type: ignore[return-value]


def _formula(formula: str | None, at: str | None) -> tuple[str, str] | None:
    """Both, as a job has them."""
    if formula is None:
        if at is not None:
            raise Problem("--at: found no --formula, expected one")
        return None
    return formula, at or ""


def moment_and_formula(words: Sequence[str], formula: str | None) -> tuple[str, tuple[str, str] | None]:
    """Where ``--at`` is the moment of a picture, too: ``--at middle --at x=2,y=3``."""
    values = [word for word in words if "=" in word]
    moments = [word for word in words if "=" not in word] or ["end"]
    if len(values) > 1 or len(moments) > 1:
        raise Problem(f"--at: found {', '.join(words)}, expected a moment once, and once the formula's values")
    return moments[0], _formula(formula, values[0] if values else None)
