"""What is calculated anew of examples, and what is written in words, while someone watches.

A film asks many variants of its example (one parameter moved, a step made, a training run) and shows their numbers;
whoever watches learns which variants there were.

>>> from backprop_math import Number, load_example
>>> with watched() as seen:
...     moved = load_example("simplest").with_values({"w[3][0,0]": 1.9})
...     words = f"it is {Number(0.25, 2).text()}"
>>> [step for origin in seen.origins for step in origin.steps], seen.written
([('at', (('w[3][0,0]', 1.9),))], [Number(value=0.25, decimals=2, quantity=None, scientific=None)])
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "Origin",
    "Watched",
    "note_example",
    "note_formula",
    "note_origin",
    "note_run",
    "note_written",
    "now_watched",
    "origin_of",
    "watched",
]


@dataclass(frozen=True, eq=False)
class Origin:
    """Where an example comes from: another ``example``, and what was done to it.

    The ``steps`` are ``("at", ((quantity, value), …))``, ``("of", i)`` (the i-th training example),
    ``("after", rate)`` (a step of gradient descent), ``("trained", steps, rate)`` or ``("tail", layer)`` (the layers
    behind that one alone).
    """

    example: Any
    steps: tuple[tuple[Any, ...], ...]


@dataclass
class Watched:
    """What was seen, as it came.

    The ``examples`` that come from no other, the ``origins`` of those that do, training ``runs``, graphs of
    ``formulas``, and expressions that were ``written``.
    """

    examples: list[Any] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    runs: list[Any] = field(default_factory=list)
    formulas: list[Any] = field(default_factory=list)
    written: list[Any] = field(default_factory=list)


_WATCHED: ContextVar[Watched | None] = ContextVar("watched", default=None)


@contextmanager
def watched() -> Iterator[Watched]:
    """What is seen within."""
    seen = Watched()
    token = _WATCHED.set(seen)
    try:
        yield seen
    finally:
        _WATCHED.reset(token)


def now_watched() -> Watched:
    """What has been seen so far where someone watches; nothing where nobody does."""
    return _WATCHED.get() or Watched()


def note_example(example: Any) -> None:
    """Note that an example is calculated with that comes from no other."""
    seen = _WATCHED.get()
    if seen and example.origin is None and all(one is not example for one in seen.examples):
        seen.examples.append(example)


def note_origin(example: Any, *steps: tuple[Any, ...]) -> Origin | None:
    """Note that something is done to an example, which may itself come from another; `None` if nobody watches."""
    seen = _WATCHED.get()
    if seen is None:
        return None
    found = origin_of(example, *steps)
    seen.origins.append(found)
    return found


def origin_of(example: Any, *steps: tuple[Any, ...]) -> Origin:
    """Where what comes of an example comes from, without noting it: of what is passed on the way to a step's end."""
    before: Origin | None = example.origin
    base, earlier = (before.example, before.steps) if before else (example, ())
    return Origin(base, _merged(earlier + steps))


def _merged(steps: tuple[tuple[Any, ...], ...]) -> tuple[tuple[Any, ...], ...]:
    """Values that are set twice in a row are set once."""
    if len(steps) > 1 and steps[-1][0] == steps[-2][0] == "at":
        together = {**dict(steps[-2][1]), **dict(steps[-1][1])}
        return (*steps[:-2], ("at", tuple(together.items())))
    return steps


def note_run(run: Any) -> None:
    """Note a training run."""
    if seen := _WATCHED.get():
        seen.runs.append(run)


def note_formula(graph: Any) -> None:
    """Note the graph of a formula."""
    if seen := _WATCHED.get():
        seen.formulas.append(graph)


def note_written(expression: Any) -> None:
    """Note an expression that is written as plain text."""
    if seen := _WATCHED.get():
        seen.written.append(expression)
