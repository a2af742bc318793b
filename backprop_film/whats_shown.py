"""What the film will show of an example, chapter by chapter, and what it leaves out: found by playing it undrawn.

A chapter that takes longer than there is time for is looked at as far as it got.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

from manim import Mobject
from manim.utils.exceptions import EndSceneEarlyException

from backprop_math import Example
from backprop_math.formula import Elided

from . import workers
from .errors import Problem
from .kit.descent import DescentTable
from .kit.formula import Formula
from .kit.gradient_bars import GradientBars
from .kit.gradient_column import GradientColumn
from .kit.network_diagram import NetworkDiagram
from .kit.sum_table import SumTable
from .kit.texts import Glyph
from .kit.weight_matrix import WeightMatrix
from .playback import Job, chapter_class, play, stand_in

__all__ = ["Looked", "Notes", "look"]

_SECONDS = 6.0  # of a processor's time for all the chapters that one process looks at
_began: float | None = None  # when this process began to look, by that time


@dataclass(frozen=True)
class Looked:
    """A chapter: the ``reason`` why it does not take the example, if it does not; how many ``numbers`` it shows.

    ``elided`` says what is left out. ``seconds`` is how long the chapter is, as far as it was looked at; ``complete``
    says whether that is all.
    """

    chapter: str
    reason: str = ""
    elided: tuple[str, ...] = ()
    numbers: int = 0
    seconds: float = 0.0
    complete: bool = True


def look(example: Example, jobs: Sequence[Job], count: int | None = None) -> list[Looked | Problem]:
    """What each chapter shows of the example, in a few seconds for all of them; ``count`` processes look."""
    classes = [chapter_class(job.entry) for job in jobs]
    reasons = [None if found is None else found.refusal(example) for found in classes]
    taken = [job for job, reason in zip(jobs, reasons, strict=True) if reason is None]
    count = max(1, min(count or os.cpu_count() or 1, len(taken)))
    rounds = -(-len(taken) // count) or 1
    # What one chapter leaves of its share of the time, those after it have.
    tasks = [(job, _SECONDS * (place // count + 1) / rounds) for place, job in enumerate(taken)]
    global _began
    _began = None
    if count == 1:
        found: Iterator[Looked | Problem] = map(_guarded, tasks)
    else:
        # Where a process can be had as it is, nothing need be imported again.
        context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        with ProcessPoolExecutor(count, mp_context=context) as pool:
            found = iter(list(pool.map(_guarded, tasks)))
    return [
        Looked(job.entry.name, reason) if reason is not None else next(found)
        for job, reason in zip(jobs, reasons, strict=True)
    ]


def _guarded(task: tuple[Job, float]) -> Looked | Problem:
    return workers.guarded(_looked, task)


def _looked(task: tuple[Job, float]) -> Looked:
    global _began
    _began = time.process_time() if _began is None else _began
    job, end, notes = task[0], _began + task[1], Notes()

    def observe(chapter: Any) -> None:
        notes.take(chapter.mobjects)
        if time.process_time() > end:
            notes.complete = False
            raise EndSceneEarlyException

    chapter, _ = play(job, observe=observe)
    numbers = len({sighting.number for sighting in chapter.book.all(chapter)})
    seconds, other = round(chapter.frame / job.size.fps, 1), stand_in(job)
    instead = () if other is None else (f"instead of the network: {other.title}",)
    return Looked(job.entry.name, "", (*instead, *notes.told()), numbers, seconds, notes.complete)


class Notes:
    """What has been seen of what is elided; of several pictures of one thing, the one that shows most."""

    def __init__(self) -> None:
        self.complete = True
        self._neurons: dict[int, tuple[int, int]] = {}
        self._layers: tuple[int, int] | None = None
        self._rows: dict[str, tuple[int, int]] = {}
        self._more = 0
        self._dots = 0

    def take(self, mobjects: Sequence[Mobject]) -> None:
        """Look at all that is on the screen."""
        waiting = list(mobjects)
        while waiting:
            mobject = waiting.pop()
            waiting += mobject.submobjects
            if isinstance(mobject, Glyph):
                if mobject.shown is not None and (more := re.search(r"\(([\d,]+) more\)", mobject.shown.text)):
                    self._more = max(self._more, int(more[1].replace(",", "")))
            elif isinstance(mobject, Formula):
                dots = [node.count for node in mobject.expression.walk() if isinstance(node, Elided)]
                self._dots = max(self._dots, *dots, 0)
            else:
                self._note(mobject)

    def _note(self, mobject: Mobject) -> None:
        match mobject:
            case NetworkDiagram():
                sizes = mobject.network.layers
                drawn = len(mobject.layers)
                if self._layers is None or drawn > self._layers[0]:
                    self._layers = drawn, len(sizes)
                for layer in mobject.layers:
                    shown = len(mobject.layer(layer))
                    if shown > self._neurons.get(layer, (0, 0))[0]:
                        self._neurons[layer] = shown, sizes[layer]
            case SumTable():
                if mobject.hidden is not None:
                    self._row("rows of a sum's table", len(mobject.rows) - 1, len(mobject.rows))
            case GradientColumn() if len(mobject.dots):
                self._row("entries of the gradient", len(mobject.shown), 0)
            case GradientBars():
                self._row("entries of the gradient's bars", sum(map(len, mobject.layers.values())), mobject.total)
            case DescentTable() if len(mobject.dots):
                self._row("parameters of the step's table", len(mobject.rows), 0)
            case WeightMatrix() if len(mobject.dots):
                self._row("entries of the weight matrix", len(mobject.places), 0)

    def _row(self, what: str, shown: int, count: int) -> None:
        if shown > self._rows.get(what, (0, 0))[0]:
            self._rows[what] = shown, count

    def told(self) -> Iterator[str]:
        """In words."""
        if self._layers and self._layers[0] < self._layers[1]:
            yield f"{self._layers[0]} of {self._layers[1]} layers are drawn, dots for the others"
        for layer, (shown, count) in sorted(self._neurons.items()):
            if shown < count:
                yield f"layer {layer}: {shown} of {count:,} neurons are drawn, dots for the others"
        if self._more:
            yield f'sums: up to {self._more:,} terms in one number, "({self._more:,} more)"'
        if self._dots:
            yield f"formulas: dots for up to {self._dots:,} terms or factors"
        for what, (shown, count) in self._rows.items():
            if count == 0:
                yield f"{shown} {what}, dots for the others"
            elif shown < count:
                yield f"{shown} of {count:,} {what}"
