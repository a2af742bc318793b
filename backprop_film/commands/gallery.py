"""``backprop gallery``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..console import JOBS, counted, echo, sorted_out, together
from ..errors import Problem, shown_path, unknown

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["gallery_command"]


@click.command("gallery")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--output", "-o", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), default=Path("docs"),
    show_default=True, help="The folder of the page; its pictures come into DIR/kit.",
)  # fmt: skip
@together(JOBS)
def gallery_command(names: tuple[str, ...], output: Path, jobs: int | None) -> None:
    """Draw the kit's documentation: a picture of every mobject and move, and the page that shows them.

    Each picture is made by the example in the docstring, run as a scene. The page is DIR/kit.md. NAME is what the kit
    calls it, such as Formula or Rewrite: only these pictures are drawn anew.
    """
    from .. import workers
    from ..files import whole, writable
    from ..gallery.entries import ENTRIES
    from ..gallery.page import PAGE, file_of, page
    from ..gallery.pictures import drawn
    from ..kept_pictures import save

    known = {name: entry for entry in reversed(ENTRIES) for name in (entry.name, *entry.names)}
    for name in names:
        if name not in known:
            raise unknown("entry", name, sorted(known))
    wanted = [entry for entry in ENTRIES if not names or entry in [known[name] for name in names]]
    writable(output / PAGE)

    def done(number: int, picture: Image.Image | Problem) -> None:
        if not isinstance(picture, Problem):
            echo(shown_path(save(picture, output / file_of(wanted[number]))), err=True)

    _, problem = sorted_out(workers.each(drawn, [entry.name for entry in wanted], workers=jobs, done=done))
    with whole(output / PAGE) as beside:
        beside.write_text(page(), encoding="utf-8")
    if problem:
        raise problem
    echo(f"{shown_path(output / PAGE)}  {counted(len(wanted), 'picture')}")
