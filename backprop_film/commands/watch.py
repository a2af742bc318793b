"""``backprop watch``: a chapter on a page, while it is written."""

from __future__ import annotations

import sys
import webbrowser

import click

from ..console import CAPTIONS, THEME, echo, together
from ..errors import Problem
from ..quality import QUALITIES
from .which_example import EXAMPLE
from .which_formula import FORMULA

__all__ = ["watch_command"]

_RELOAD = 3.0  # seconds that a page may take to come back


@click.command("watch")
@click.argument("chapter", metavar="CHAPTER[:BEAT]")
@together(EXAMPLE, FORMULA, THEME)
@click.option(
    "--quality", "-q", type=click.Choice(list(QUALITIES)), default="l", show_default=True,
    help="; ".join(f"{letter}: {quality.name}" for letter, quality in QUALITIES.items()) + ".",
)  # fmt: skip
@click.option(
    "--voice", metavar="natural|espeak|none|DIR|COMMAND", default="none", show_default=True,
    help="Whose clips decide how long a sentence takes, as for the film; none: as long as it takes to be read.",
)  # fmt: skip
@CAPTIONS
@click.option("--port", type=click.IntRange(1, 65535), help="Where the page is; a free port unless given.")
@click.option("--open", "opens", is_flag=True, help="Open the page in a browser.")
def watch_command(
    chapter: str,
    example: str | None,
    formula: tuple[str, str] | None,
    theme: str | None,
    quality: str,
    voice: str,
    captions: bool,
    port: int | None,
    opens: bool,
) -> None:
    """Show a chapter on a page, and each beat anew as soon as a source is saved.

    The page's address is the first line printed. It shows the beats as stills, the chosen one as a clip in a loop, with
    its words, its faults (as inspect finds them) and the numbers that are shown. The chapter's file, those that it
    imports, the example and the kit are watched. A scene without beats is shown by its sections or plays.

    Ends when the last page is closed, or with Ctrl-C.
    """
    from ..contents import own_file
    from ..watching.nest import CAN_COPY
    from ..watching.server import PageServer
    from ..watching.session import Session
    from .plan import voiced

    if not CAN_COPY:
        raise Problem(f"watch: found {sys.platform}, expected Linux, where a process can be copied")
    how = {
        "example": example, "formula": formula, "theme": theme, "quality": quality, "voice": voiced(voice),
        "captions": captions,
    }  # fmt: skip
    session = Session(chapter, how, own_file(chapter))
    try:
        server = PageServer(session, port or 0)
    except OSError as error:
        raise Problem(f"--port {port}: {error.strerror}") from error
    with server:
        server.begin()
        try:
            echo(server.address)
            sys.stdout.flush()
            session.start()
            if opens:
                webbrowser.open(server.address)
            if refused := session.wait(_RELOAD):
                raise Problem(refused)
        finally:
            session.close()
            server.shutdown()
