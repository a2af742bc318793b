"""What the commands of ``backprop`` share: failures in one line, options, tables."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from .errors import Problem, sentence
from .quality import DEFAULT, QUALITIES

__all__ = ["OneLine", "counted", "leave_tidily", "sorted_out", "table", "together"]

AnyT = TypeVar("AnyT")
Command = TypeVar("Command", bound=Callable[..., Any])


class OneLine(click.Group):
    """A group whose every failure is one line on stderr: exit status 2, and 130 for Ctrl-C."""

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Run a command and leave with its exit status."""
        kwargs["standalone_mode"] = False
        try:
            status = super().main(*args, **kwargs)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message())
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
    click.echo(f"backprop: {' '.join(message.split())}", err=True)
    sys.exit(2)


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


CHAPTERS = click.argument("chapters", nargs=-1, metavar="[CHAPTER]...")
EXAMPLE = click.option("--example", "-e", metavar="NAME|FILE", help="A bundled example, or a .toml file of yours.")
QUALITY = click.option(
    "--quality", "-q", type=click.Choice(list(QUALITIES)), default=DEFAULT, show_default=True,
    help="; ".join(f"{letter}: {quality.name}" for letter, quality in QUALITIES.items()) + ".",
)  # fmt: skip
JOBS = click.option("--jobs", "-j", type=click.IntRange(1), help="Processes; as many as processors unless given.")
CAPTIONS = click.option(
    "--captions/--no-captions", "captions", default=True, help="Whether captions are shown in the picture."
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
            click.echo("\t".join(row))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE)
    for index, name in enumerate(head):
        table.add_column(name, justify="right" if index in right else "left")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def counted(number: int, what: str) -> str:
    """A number of things.

    >>> counted(2, "chapter")
    '2 chapters'
    """
    return f"{number} {what}{'' if number == 1 else 's'}"
