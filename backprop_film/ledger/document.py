"""The file beside a film: ``film.ledger.json``, every number that the film shows, and the examples that it shows.

An entry has the ``time`` in seconds, from which the number stands there, and ``until``; ``chapter`` and ``beat``;
``where``, ``screen`` or ``words`` (captions, and what is said); the ``text``; the full ``value``; the ``quantity`` that
the formula says it is of, if it does; the ``expression`` that it is the value of; and the ``example``, by its hash.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import Problem, sentence, shown_path
from ..files import whole
from ..records import plain, restored
from ..timeline import ExampleSource, Timeline

if TYPE_CHECKING:
    from ..render import Rendered

__all__ = ["Entry", "Ledger", "as_text", "beside", "of_film", "of_lines", "read", "write"]

_FORMAT = "backprop ledger 2"


@dataclass(frozen=True)
class Entry:
    """A number of a film."""

    time: float
    until: float
    chapter: str
    beat: str
    where: str
    text: str
    value: float
    quantity: str
    expression: str
    example: str


@dataclass(frozen=True)
class Ledger:
    """The numbers of a film, by their time, and its examples."""

    film: str
    seconds: float
    entries: tuple[Entry, ...]
    examples: tuple[ExampleSource, ...]


def beside(film: Path) -> Path:
    """Where a film's ledger lies.

    >>> beside(Path("film.mp4")).name
    'film.ledger.json'
    """
    return film.with_suffix(".ledger.json")


def of_film(name: str, parts: Sequence[Rendered]) -> Ledger:
    """The ledger of chapters that follow one another."""
    return of_lines(name, [part.timeline for part in parts])


def of_lines(name: str, lines: Iterable[Timeline]) -> Ledger:
    """The ledger of timelines that follow one another."""
    entries: list[Entry] = []
    examples: dict[str, ExampleSource] = {}
    start = 0.0
    for line in lines:
        examples |= {source.key: source for source in line.examples}
        entries += [
            Entry(
                round(start + one.start / line.fps, 3), round(start + one.end / line.fps, 3), line.chapter, one.beat,
                "words" if one.words else "screen", one.text, one.value, one.quantity, one.expression, one.example,
            )
            for one in line.numbers
        ]  # fmt: skip
        start += line.seconds
    return Ledger(name, round(start, 3), tuple(entries), tuple(examples.values()))


def write(ledger: Ledger, path: Path) -> None:
    """Write it to a file."""
    with whole(path) as file:
        file.write_text(as_text(ledger), encoding="utf-8")


def as_text(ledger: Ledger) -> str:
    """The ledger as JSON, an entry a line."""
    head = {"format": _FORMAT, "film": ledger.film, "seconds": ledger.seconds}
    lines = [f'  "{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in head.items()]
    for key, rows in (("entries", ledger.entries), ("examples", ledger.examples)):
        body = ",\n".join(f"    {json.dumps(plain(row), ensure_ascii=False)}" for row in rows)
        lines.append(f'  "{key}": [\n{body}\n  ]' if rows else f'  "{key}": []')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read(path: Path) -> Ledger:
    """The ledger in a file. `Problem` if it is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Problem(sentence(error)) from error
    except (ValueError, RecursionError):
        raise Problem(f"{shown_path(path)}: found no JSON, expected a film's ledger") from None
    if not isinstance(content, Mapping) or content.get("format") != _FORMAT:
        raise Problem(f"{shown_path(path)}: found no {_FORMAT!r}, expected a film's ledger")
    try:
        return restored(Ledger, _complete(content))
    except (TypeError, KeyError, ValueError) as error:
        raise Problem(f"{shown_path(path)}: found an entry that is not as it was written ({error})") from None


def _complete(content: Mapping[str, Any]) -> dict[str, Any]:
    return {key: content[key] for key in ("film", "seconds", "entries", "examples")}
