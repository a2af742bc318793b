"""The entry point of ``backprop``: it asks first whether what the film needs is installed."""

from __future__ import annotations

import gc
import os
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
    _one_thread()
    # Of what a chapter makes, most lasts as long as it: looking for what does not takes a tenth of a short command.
    gc.set_threshold(100_000, 20, 100)
    from .cli import main as command

    command()


def _one_thread() -> None:
    """Let linear algebra use one thread, unless the user has said how many; NumPy reads this when it is imported.

    The film's matrices are thin and the work is shared by processes: more threads wait for each other, which takes
    three times as long for a layer of 1,000 neurons, and the last bits of a sum would depend on how many there are.
    """
    for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
        os.environ.setdefault(name, "1")
