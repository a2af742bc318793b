"""Chapters side by side: one task for each of several jobs, in a pool of processes.

A task is a plain function of one job, so that any ``concurrent.futures`` executor can run it. Two things
pass between a worker and its parent: what it `report`s (its progress), and the wish to stop, seen at each
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
from contextlib import contextmanager
from typing import Any, TypeVar

from .errors import Problem, sentence

__all__ = ["checkpoint", "each", "report"]

JobT = TypeVar("JobT")
ResultT = TypeVar("ResultT")

_listener: Callable[[Any], None] | None = None
_stop: Any = None


def report(event: object) -> None:
    """Tell the parent something (in a worker), or the listener (in the parent itself)."""
    if _listener is not None:
        _listener(event)


def checkpoint() -> None:
    """Leave off, as if interrupted, if the parent was."""
    if _stop is not None and _stop.is_set():
        raise KeyboardInterrupt


def _begin(events: Any, stop: Any) -> None:
    """Prepare a worker. Only the parent hears Ctrl-C; it tells the workers, which then leave quietly."""
    global _listener, _stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _listener, _stop = events.put, stop
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()


def _end_with(parent: Any) -> None:
    """End this process when its parent has ended, however it did: nobody wants the work any more."""
    parent.join()
    os._exit(1)


def _guarded(task: Callable[[JobT], ResultT], job: JobT) -> ResultT | Problem:
    """A task whose failures are values: the sentence is made here, where the causes still are."""
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
    listen: Callable[[Any], None] | None = None,
) -> list[ResultT | Problem]:
    """The results of ``task`` for all jobs, in their order; a failure is its `Problem` and stops no other job.

    Jobs are begun in the order given. A single one, or ``workers=1``, runs in this process.
    """
    count = min(workers or os.cpu_count() or 1, len(jobs))
    if count <= 1:
        with _listening(listen):
            return [_guarded(task, job) for job in jobs]

    context = multiprocessing.get_context("spawn")
    events, stop = context.Queue(), context.Event()
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=(events, stop))
    try:
        with _uninterrupted():  # the workers inherit this, and are safe from Ctrl-C while they start
            futures = [pool.submit(_guarded, task, job) for job in jobs]
        pending = set(futures)
        while pending:
            pending = wait(pending, timeout=0.1).not_done
            _drain(events, listen)
        results = [_result(future) for future in futures]
    except BaseException:
        stop.set()
        raise
    finally:
        with _uninterrupted():
            pool.shutdown(wait=True, cancel_futures=True)
    _drain(events, listen)  # what a worker said last comes after its result
    return results


def _result(future: Future[Any]) -> Any:
    try:
        return future.result()
    except BrokenProcessPool:
        return Problem("a worker process ended unexpectedly (out of memory?)")


def _drain(events: Any, listen: Callable[[Any], None] | None) -> None:
    while True:
        try:
            event = events.get_nowait()
        except queue.Empty:
            return
        if listen:
            listen(event)


@contextmanager
def _listening(listen: Callable[[Any], None] | None) -> Iterator[None]:
    global _listener
    before, _listener = _listener, listen
    try:
        yield
    finally:
        _listener = before


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
