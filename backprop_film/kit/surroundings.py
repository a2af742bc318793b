"""What is asked of a chapter by its surroundings: two variables of the environment, and Manim's command line.

``BACKPROP_EXAMPLE`` is an example's name or file, ``BACKPROP_THEME`` a palette's. Both count where nobody says it
otherwise; the command ``backprop`` takes them for its options.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click
from manim import config
from manim.constants import RendererType

from backprop_math import Example, ExampleError, load_example

__all__ = ["EXAMPLE", "THEME", "example_asked_for", "refuse", "refuse_what_cannot_be_drawn"]

EXAMPLE, THEME = "BACKPROP_EXAMPLE", "BACKPROP_THEME"
_WIDE = 16 / 9


def refuse(reason: str) -> NoReturn:
    """One line: for a command, Manim's or ours, on standard error, with exit status 2; else a `ValueError`."""
    context = click.get_current_context(silent=True)
    if context is None:
        raise ValueError(reason)
    # Whatever else is raised, Manim prints with all that led to it.
    click.echo(f"{context.find_root().info_name}: {reason}", file=sys.stderr)
    raise SystemExit(2)


def example_asked_for() -> Example | None:
    """The example that the environment names."""
    named = os.environ.get(EXAMPLE)
    try:
        return load_example(named) if named else None
    except ExampleError as error:
        refuse(f"{EXAMPLE}: {error}")


def refuse_what_cannot_be_drawn() -> None:
    """Refuse a renderer, or a shape of the picture, for which no chapter is made."""
    if config.renderer != RendererType.CAIRO:
        refuse(f"--renderer: found {config.renderer.value}, expected cairo, with which chapters are drawn")
    width, height = config.pixel_width, config.pixel_height
    if not 0.99 < width / height / _WIDE < 1.01:
        refuse(f"--resolution: found {width},{height}, expected 16 : 9, for which chapters are composed")
