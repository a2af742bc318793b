"""Chapters on the workers of a Dask cluster, which share no disk with this machine: a `Crew`.

A job travels as a `Parcel`, and comes back as the bytes of what a `Keeper` keeps. Dask gives the job of a worker that
dies to another one. A worker draws one chapter at a time, as Manim's configuration is its process's.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import workers
from .errors import Problem, sentence
from .fingerprint import engine
from .kept import Keeper, Packed
from .parcels import Parcel, opened, parcel
from .render import Progress, Rendered
from .timeline import Timeline
from .work import finished

__all__ = ["Cluster", "cluster"]

_PATIENCE = 5.0  # seconds that a scheduler has to answer
_BETWEEN = 0.2  # seconds between two reports of a job
_WITHOUT = 60.0  # seconds that a cluster may be without workers, or not answer, before the work is given up
_alone = threading.Lock()


@contextmanager
def cluster(address: str) -> Iterator[Cluster]:
    """The workers of the scheduler at an address, such as ``tcp://host:8786``.

    `Problem` if there is no such scheduler, if it has no workers, or if one of them has other code or libraries.
    """
    try:
        import distributed
    except ImportError:
        raise Problem(
            "--cluster: found no distributed, expected it installed: pip install 'backprop-math[cluster]'"
        ) from None
    for name in ("distributed", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is told in one line
    client: Any = distributed.Client.__new__(distributed.Client)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            client.__init__(address, timeout=_PATIENCE, set_as_default=False)
        except Exception as error:
            # Now, and not whenever Python collects it: while another one starts, the two would wait for each other.
            client.close(timeout=_PATIENCE)
            told = " ".join(str(error).split()) or type(error).__name__
            raise Problem(f"--cluster {address}: found no scheduler there ({told})") from None
    try:
        _check(client, address)
        with ThreadPoolExecutor(1) as receiver:
            yield Cluster(client, receiver)
    finally:
        client.close(timeout=_PATIENCE)


def _check(client: Any, address: str) -> None:
    there = _ask(client)
    if not there:
        raise Problem(f"--cluster {address}: found a scheduler without workers, expected some: dask worker {address}")
    here = _engine()
    for worker in sorted(there):
        for what, expected in here.items():
            if (found := there[worker].get(what, "none")) != expected:
                raise Problem(f"worker {worker}: found {what} {found}, expected {expected}, as here")


def _ask(client: Any) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = client.run(_engine)
    return found


def _engine() -> dict[str, str]:
    """What must be the same everywhere, by name."""
    try:
        found = engine()
    except Exception as error:
        return {"what the film needs": sentence(error)}
    code = "".join(f"{name}{content}" for name, content in sorted(found["code"].items()))
    versions = {"Python": ".".join(map(str, found["python"])), **found["libraries"]}
    return {**versions, "code of backprop-math": uuid.uuid5(uuid.NAMESPACE_OID, code).hex[:8]}


class Cluster:
    """The workers of a cluster, as a `Crew`: they share no disk, and so no chapter."""

    hands = None

    def __init__(self, client: Any, receiver: Executor) -> None:
        self._client = client
        self._executor: Executor = client.get_executor(pure=False)
        self._receiver = receiver
        self._topic = f"backprop-{uuid.uuid4().hex}"
        self._reports: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()
        client.subscribe_topic(self._topic, self._hear)
        self._asked = self._seen = time.monotonic()

    def _hear(self, event: tuple[float, Any]) -> None:
        number, *report = event[1]
        self._reports.put((number, Progress(*report)))

    def reports(self) -> Iterator[tuple[int, Any]]:
        """What has been reported since this was asked last. `Problem` if nobody is left who could report anything."""
        self._look()
        while True:
            try:
                yield self._reports.get_nowait()
            except queue.Empty:
                return

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._asked < _PATIENCE:
            return
        self._asked = now
        try:
            workers = self._client.nthreads()
        except Exception:  # whatever a scheduler that has ended leads to
            workers = {}
        if workers:
            self._seen = now
        elif now - self._seen > _WITHOUT:
            raise Problem(f"--cluster: found no workers for {_WITHOUT:.0f} s, expected some; what was rendered is kept")

    def begin(self, task: Callable[[Any], Any], job: Any, number: int) -> Future[Any]:
        """Hand over a chapter (a `Keeper`), to be finished or to be timed."""
        made: Future[Any] = Future()
        sent = workers.guarded(parcel, job)
        if isinstance(sent, Problem):
            made.set_result(sent)
            return made
        remote = self._executor.submit(_done, task, sent, number, self._topic)

        def received(_: Any) -> None:
            made.set_result(workers.guarded(lambda _: _received(job, remote), job))

        remote.add_done_callback(lambda _: self._receiver.submit(received, None))
        return made


def _received(keeper: Keeper, remote: Future[Any]) -> Rendered | Timeline | Problem:
    name = keeper.job.entry.name
    try:
        result = remote.result()
    except Exception as error:
        raise Problem(f"chapter {name}: the workers that had it ended ({type(error).__name__})") from error
    if not isinstance(result, Packed):
        return result
    kept = keeper.take_in(result)
    if kept is None or kept.video is None:
        raise Problem(f"chapter {name}: found other files here than it was rendered from, expected the same; try again")
    return Rendered(keeper.job, kept.timeline, (kept.video,))


def _done(task: Callable[[Keeper], Any], given: Parcel, number: int, topic: str) -> Any:
    """On a worker: do a job, and give back what can travel."""
    from distributed import get_worker

    worker, told = get_worker(), 0.0

    def tell(report: Any) -> None:
        nonlocal told
        if time.monotonic() - told >= _BETWEEN:
            told = time.monotonic()
            worker.log_event(topic, [number, *report])

    def work(given: Parcel) -> Any:
        with opened(given, Path(worker.local_directory) / "backprop") as keeper:
            result = task(keeper)
            return keeper.packed() if task is finished else result

    with _alone, workers.telling(tell):
        return workers.guarded(work, given)
