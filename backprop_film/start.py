"""The entry point of ``backprop``: it asks first whether what the film needs is installed."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import NoReturn

__all__ = ["main"]

#: What the extra ``film`` brings, by the names that are imported.
NEEDED = ("manim", "av", "click", "rich", "srt", "svgelements", "typst", "PIL")


def main() -> NoReturn:
    """Run the command; without the extra ``film``, say in one line what to install."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        sys.stderr.write(
            f"backprop: found no {', '.join(missing)}, expected what the film is made with; "
            "install it with: pip install 'backprop-math[film]'\n"
        )
        sys.exit(2)
    from .cli import main as command

    command()
