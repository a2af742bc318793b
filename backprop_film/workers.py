"""Chapters side by side: one task for each of several jobs, in a pool of processes.

A task is a plain function of one job, so that any ``concurrent.futures`` executor can run it: a `Crew` says which. Two
things pass between a worker and its parent: what it `report`s (its progress), and the wish to stop, seen at each
`checkpoint`.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from typing import Any, Protocol, Self, TypeVar

from .errors import Problem, sentence

__all__ = ["Crew", "Processes", "begun", "checkpoint", "each", "guarded", "report", "telling"]

JobT = TypeVar("JobT")
ResultT = TypeVar("ResultT")

_tell: Callable[[Any], None] | None = None
_stop: Any = None
_events: Any = None


class Crew(Protocol):
    """Those who work: an executor, and the way on which their reports come."""

    @property
    def hands(self) -> int | None:
        """How many there are; ``None`` if they can't help one another."""
        ...

    def begin(self, task: Callable[[Any], Any], job: Any, number: int) -> Future[Any]:
        """Hand over a job, whose reports will come with its ``number``; its result is a `Problem` if it fails."""
        ...

    def reports(self) -> Iterator[tuple[int, Any]]:
        """What has been reported since this was asked last."""
        ...


def report(event: object) -> None:
    """Tell the parent something (in a worker), or the listener (in the parent itself)."""
    if _tell is not None:
        _tell(event)


def checkpoint() -> None:
    """Leave off, as if interrupted, if the parent was."""
    if _stop is not None and _stop.is_set():
        raise KeyboardInterrupt


@contextmanager
def telling(tell: Callable[[Any], None] | None) -> Iterator[None]:
    """Within, what is reported goes there."""
    global _tell
    before, _tell = _tell, tell
    try:
        yield
    finally:
        _tell = before


def guarded(task: Callable[[JobT], ResultT], job: JobT) -> ResultT | Problem:
    """The result of a task, whose failures are values: the sentence is made here, where the causes still are."""
    try:
        return task(job)
    except Exception as error:
        if os.environ.get("BACKPROP_TRACEBACK"):
            traceback.print_exception(error)
        return error if type(error) is Problem else Problem(sentence(error))


def each(
    task: Callable[[JobT], ResultT],
    jobs: Sequence[JobT],
    *,
    workers: int | None = None,
    crew: Crew | None = None,
    listen: Callable[[int, Any], None] | None = None,
    done: Callable[[int, ResultT | Problem], None] | None = None,
    more: Callable[[], tuple[Callable[[Any], Any], Any] | None] | None = None,
) -> list[ResultT | Problem]:
    """The results of ``task`` for all jobs, in their order; a failure is its `Problem` and stops no other job.

    Jobs are begun in the order given, by a ``crew`` or else by so many processes; a single one, or ``workers=1``, runs
    in this process. ``listen`` hears each report with its job's place, ``done`` each result as soon as it is there.
    While one of a crew has nothing to do, ``more`` is asked for a task and a job that may help with those in work;
    they are numbered on from the jobs.
    """
    listen, done = listen or _ignore, done or _ignore
    if crew is not None:
        return _handed_out(crew, task, jobs, listen, done, more or _none)
    with Processes(workers) as processes:
        if found := processes.crew(len(jobs)):
            return _handed_out(found, task, jobs, listen, done, more or _none)
    results = []
    for number, job in enumerate(jobs):
        with telling(lambda event, number=number: listen(number, event)):  # type: ignore[misc]
            results.append(guarded(task, job))
        done(number, results[-1])
    return results


def begun(crew: Crew, task: Callable[[JobT], Any], jobs: Sequence[JobT]) -> list[Future[Any]]:
    """Hand over jobs that report nothing, beside those of `each`."""
    with _uninterrupted():
        return [crew.begin(task, job, 0) for job in jobs]


def _ignore(number: int, event: Any) -> None:
    pass


def _none() -> None:
    pass


def _handed_out(
    crew: Crew,
    task: Callable[[JobT], ResultT],
    jobs: Sequence[JobT],
    listen: Callable[[int, Any], None],
    done: Callable[[int, ResultT | Problem], None],
    more: Callable[[], tuple[Callable[[Any], Any], Any] | None],
) -> list[ResultT | Problem]:
    def drain() -> None:
        for number, event in crew.reports():
            listen(number, event)

    def begin(task: Callable[[Any], Any], job: Any) -> None:
        future = crew.begin(task, job, len(numbers))
        numbers[future] = len(numbers)
        pending.add(future)

    numbers: dict[Future[Any], int] = {}
    pending: set[Future[Any]] = set()
    results: dict[int, ResultT | Problem] = {}
    with _uninterrupted():  # workers that start now inherit this, and are safe from Ctrl-C meanwhile
        for job in jobs:
            begin(task, job)
    while pending:
        while len(pending) < (crew.hands or 0) and (found := more()):
            with _uninterrupted():
                begin(*found)
        finished, pending = wait(pending, timeout=0.1)
        drain()
        for future in sorted(finished, key=numbers.__getitem__):
            number = numbers[future]
            results[number] = _result(future)
            done(number, results[number])
    drain()  # what a worker said last comes after its result
    return [results[number] for number in range(len(jobs))]


def _result(future: Future[Any]) -> Any:
    try:
        return future.result()
    except BrokenProcessPool:
        return Problem("a worker process ended unexpectedly (out of memory?)")


# -- processes of this machine ------------------------------------------------------------------------


class _Processes:
    """A `Crew` of processes; where one has ended unexpectedly, others do what comes afterwards."""

    def __init__(self, make: Callable[[], ProcessPoolExecutor], events: Any, hands: int) -> None:
        self._make, self._events, self.hands = make, events, hands
        self.pool = make()

    def begin(self, task: Callable[[Any], Any], job: Any, number: int) -> Future[Any]:
        try:
            return self.pool.submit(_in_worker, task, job, number)
        except BrokenProcessPool:
            self.pool = self._make()
            return self.pool.submit(_in_worker, task, job, number)

    def renew(self) -> None:
        self.pool.shutdown()
        self.pool = self._make()

    def reports(self) -> Iterator[tuple[int, Any]]:
        while True:
            try:
                yield self._events.get_nowait()
            except queue.Empty:
                return


class Processes:
    """So many processes of this machine, by default one for each of its processors; a context.

    They are started when there is work for several, and kept for more until its end: each takes seconds to get ready.
    """

    def __init__(self, count: int | None = None) -> None:
        self._count = count or os.cpu_count() or 1
        self._crew: _Processes | None = None
        self._ending = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        self._ending.__exit__(*error)

    def crew(self, jobs: int) -> Crew | None:
        """Who does so many jobs; ``None`` where one process is enough, this one."""
        if min(self._count, jobs) < 2:
            return None
        if self._crew is None:
            self._crew = self._ending.enter_context(_processes(self._count))
        return self._crew

    def renew(self) -> None:
        """End them; others do what comes now, without the memory that these have taken."""
        if self._crew:
            self._crew.renew()


@contextmanager
def _processes(count: int) -> Iterator[_Processes]:
    context = multiprocessing.get_context("spawn")
    events, stop = context.Queue(), context.Event()

    def make() -> ProcessPoolExecutor:
        return ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=(events, stop))

    found = _Processes(make, events, count)
    try:
        yield found
    except BaseException:
        stop.set()
        raise
    finally:
        with _uninterrupted():
            found.pool.shutdown(wait=True, cancel_futures=True)


def _begin(events: Any, stop: Any) -> None:
    """Prepare a worker. Only the parent hears Ctrl-C; it tells the workers, which then leave quietly."""
    global _events, _stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _events, _stop = events, stop
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()


def _end_with(parent: Any) -> None:
    """End this process when its parent has ended, however it did: nobody wants the work any more."""
    parent.join()
    os._exit(1)


def _in_worker(task: Callable[[Any], Any], job: Any, number: int) -> Any:
    with telling(lambda event: _events.put((number, event))):
        return guarded(task, job)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    try:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # not the main thread (a notebook's, say): nothing to hold back
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
