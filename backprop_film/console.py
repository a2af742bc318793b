"""What the commands of ``backprop`` share: failures in one line, options, tables."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from .errors import Problem, sentence
from .job import THEME as THEME_VARIABLE
from .progress import KINDS
from .quality import DEFAULT, QUALITIES
from .terminal import colourless, lenient

__all__ = [
    "PACKAGE",
    "OneLine",
    "counted",
    "echo",
    "leave_tidily",
    "other_checkout",
    "print_json",
    "sorted_out",
    "table",
    "together",
]

#: Where this copy of the program lies.
PACKAGE = Path(__file__).resolve().parent
_BETWEEN = 3  # characters between two columns of a table

AnyT = TypeVar("AnyT")
Command = TypeVar("Command", bound=Callable[..., Any])


class OneLine(click.Group):
    """A group whose every failure is one line on stderr: exit status 2, and 130 for Ctrl-C."""

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Run a command and leave with its exit status."""
        kwargs["standalone_mode"] = False
        if colourless():
            kwargs["color"] = False
        lenient()
        _at_home()
        try:
            status = super().main(*args, **kwargs)
        except click.exceptions.NoArgsIsHelpError as error:
            echo(error.format_message())
            sys.exit(0)
        except click.ClickException as error:
            _fail(error.format_message())
        except (KeyboardInterrupt, click.Abort):
            sys.exit(130)
        except BrokenPipeError:
            # Whoever read our output has had enough; Python must not complain about it when it closes.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except Exception as error:
            if os.environ.get("BACKPROP_TRACEBACK"):
                raise
            _fail(sentence(error))
        sys.exit(status if isinstance(status, int) else 0)


def _fail(message: str) -> NoReturn:
    echo(f"backprop: {' '.join(message.split())}", err=True)
    sys.exit(2)


def other_checkout() -> Path | None:
    """The checkout of this project that the user stands in, if it is not the one that runs."""
    try:
        here = Path.cwd()
    except OSError:  # a folder that has been removed
        return None
    for folder in (here, *here.parents):
        if (folder / PACKAGE.name / "kit").is_dir() and (folder / "pyproject.toml").is_file():
            return None if (folder / PACKAGE.name).samefile(PACKAGE) else folder
    return None


def _at_home() -> None:
    """Give a user whom the system does not know a home: Manim looks for a ``manim.cfg`` there, and fails without."""
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = os.path.join(os.sep, "nonexistent")  # noqa: PTH118 (as such users are entered elsewhere)


def leave_tidily() -> None:
    """Let a process that is told to end, or whose terminal is closed, take its half-written files and workers along."""

    def leave(number: int, _: object) -> NoReturn:
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, leave)


# -- options that several commands have ---------------------------------------------------------------


def together(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Several options as one decorator, in the order in which help lists them."""

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def _theme(context: click.Context, option: click.Parameter, named: str | None) -> str | None:
    if not named or named in ("dark", "light"):
        return named or None
    from .kit.palettes import palette

    try:
        palette(named)
    except ValueError as error:
        raise Problem(f"--{error}" if str(error).startswith("theme:") else str(error)) from None
    return named


CHAPTERS = click.argument("chapters", nargs=-1, metavar="[CHAPTER]...")
QUALITY = click.option(
    "--quality", "-q", type=click.Choice(list(QUALITIES)), default=DEFAULT, show_default=True,
    help="; ".join(f"{letter}: {quality.name}" for letter, quality in QUALITIES.items()) + ".",
)  # fmt: skip
JOBS = click.option("--jobs", "-j", type=click.IntRange(1), help="Processes; as many as processors unless given.")
CLUSTER = click.option("--cluster", metavar="ADDRESS", help="A Dask scheduler whose workers do it: tcp://host:8786.")
FILM_CAPTIONS = click.option(
    "--captions",
    type=click.Choice(["burned", "soft", "off"]),
    default="burned",
    show_default=True,
    help="In the picture; as a track that players can switch on and off; none.",
)
CAPTIONS = click.option(
    "--captions/--no-captions", "captions", default=True, help="Whether captions are shown in the picture."
)
PROGRESS = click.option(
    "--progress",
    type=click.Choice(KINDS),
    default="auto",
    show_default=True,
    help="How far it is: lines for a reader, a JSON object for each event, or nothing; on stderr.",
)
THEME = click.option(
    "--theme",
    metavar="dark|light|FILE",
    envvar=THEME_VARIABLE,
    callback=_theme,
    help="The colours and fonts; FILE, a .toml, names some of its own (see the README).",
)
VOICE = click.option(
    "--voice",
    metavar="natural|espeak|none|DIR|COMMAND",
    help="Who speaks: the voice of the extra 'voice' (the default where it is installed); the program espeak-ng; "
    "nobody; recordings of yours in a folder (see: backprop narration); a program of yours, which reads the text from "
    "its standard input and writes a WAV to the path that is its last argument.",
)
MUSIC = click.option(
    "--music",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A sound file that is heard under all of it, lower while someone speaks.",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def output_option(default: str) -> Callable[[Command], Command]:
    return click.option(
        "--output",
        "-o",
        type=click.Path(dir_okay=False, path_type=Path),
        help=f"Where to write it; {default} if not given.",
    )


def sorted_out(results: Sequence[AnyT | Problem]) -> tuple[list[AnyT | None], Problem | None]:
    """The results with ``None`` for each that failed, and all failures as one."""
    failed = [str(result) for result in results if isinstance(result, Problem)]
    good = [None if isinstance(result, Problem) else result for result in results]
    return good, Problem("; ".join(failed)) if failed else None


def table(rows: Sequence[Sequence[str]], head: Sequence[str], right: Sequence[int] = ()) -> None:
    """A table: aligned for a reader, tab-separated for a program."""
    if not sys.stdout.isatty():
        for row in rows:
            echo("\t".join(row))
        return
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(color_system=None if colourless() else "auto")
    widths = _widths([head, *rows], console.width - 2)
    shown = Table(box=box.SIMPLE, pad_edge=False)
    for index, (name, width) in enumerate(zip(head, widths, strict=False)):
        shown.add_column(name, justify="right" if index in right else "left", width=width, overflow="fold")
    for row in rows:
        shown.add_row(*(escape(cell) for cell in row[: len(widths)]))
    console.print(shown, highlight=False)
    if len(widths) < len(head):
        echo(f"  no room here for: {', '.join(head[len(widths) :])}")


def _widths(rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """How wide each column is, so that no word is cut; the last columns are left out where there is no room."""
    columns = list(zip(*rows, strict=True))
    least = [max(len(word) for cell in column for word in (cell.split() or [""])) for column in columns]
    widths = [max(map(len, column)) for column in columns]
    while len(least) > 1 and sum(least) + _BETWEEN * (len(least) - 1) > room:
        least.pop()
    widths = widths[: len(least)]
    while sum(widths) + _BETWEEN * (len(widths) - 1) > room and widths != least:
        # The column that loses least by it gives way: the one with the most room above its longest word.
        widest = max(range(len(widths)), key=lambda index: widths[index] - least[index])
        widths[widest] -= 1
    return widths


def echo(text: str = "", err: bool = False) -> None:
    """Print a line. The stream is named, as click takes one that is ASCII for a mistake and writes UTF-8."""
    click.echo(text, file=sys.stderr if err else sys.stdout)


def print_json(content: Any) -> None:
    """JSON, in ASCII where the output takes no more."""
    plain = not (sys.stdout.encoding or "").lower().startswith("utf")
    echo(json.dumps(content, indent=2, ensure_ascii=plain))


def counted(number: int, what: str) -> str:
    """A number of things.

    >>> counted(2, "chapter")
    '2 chapters'
    """
    return f"{number} {what}{'' if number == 1 else 's'}"
