"""``backprop``, the command. Nothing heavy is imported before a command needs it, so that help is instant."""

from __future__ import annotations

from typing import NoReturn

import click

from . import contents
from .commands.chapters import chapters_command
from .commands.check import check_command
from .commands.examples import examples_command
from .commands.explain import explain_command
from .commands.film import film_command
from .commands.films import films_command
from .commands.gallery import gallery_command
from .commands.inspect import inspect_command
from .commands.narration import narration_command
from .commands.new_example import new_example_command
from .commands.pictures import sheet_command, still_command
from .commands.publish import publish_command
from .commands.verify import verify_command
from .commands.watch import watch_command
from .console import PACKAGE, OneLine, echo, leave_tidily, other_checkout

__all__ = ["main"]


@click.group(cls=OneLine, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    package_name="backprop-math",
    prog_name="backprop",
    message=f"%(prog)s, version %(version)s\npackage:  {PACKAGE}\nchapters: {contents.FOLDER}",
)
def cli() -> None:
    """An animated explanation of backpropagation in which every number is calculated.

    Give it your own network (an example file) and it makes your own film. CHAPTER is the name of one of the
    film's chapters, such as chain_rule, or a file of your own, my.py, or my.py:Mine if it has several scenes;
    a scene may be a Chapter or any other Scene of Manim's. A beat comes last: chain_rule:nudge,
    my.py:Mine:nudge. Set BACKPROP_TRACEBACK=1 to see where an unexpected failure comes from.
    """
    if checkout := other_checkout():
        echo(f"backprop: this is the copy in {PACKAGE}; what is edited in {checkout} has no effect on it", err=True)


for command in (
    film_command,
    films_command,
    publish_command,
    verify_command,
    chapters_command,
    still_command,
    sheet_command,
    inspect_command,
    watch_command,
    narration_command,
    explain_command,
    examples_command,
    new_example_command,
    check_command,
    gallery_command,
):
    cli.add_command(command)


def main() -> NoReturn:
    """The entry point of ``backprop``."""
    leave_tidily()
    cli.main(prog_name="backprop")


if __name__ == "__main__":
    main()
