import os
import select
import signal
import subprocess
import sys

import pytest

from backprop_film import workers
from backprop_film.errors import Problem
from tests.backprop_film import tasks


@pytest.mark.parametrize("count", [1, 2])
def test_results_keep_their_order_and_failures_are_values(count):
    heard, done = [], {}
    results = workers.each(
        tasks.halved, [4, 3, 0, 8], workers=count, listen=lambda *event: heard.append(event), done=done.setdefault
    )
    assert results[0] == 2
    assert results[3] == 4
    assert isinstance(results[1], Problem)
    assert str(results[1]) == "3 is odd"
    assert "ZeroDivisionError: nothing to halve" in str(results[2])
    assert sorted(heard) == [(0, 4), (1, 3), (2, 0), (3, 8)]  # each with its job's place
    assert done == dict(enumerate(results))


def test_a_single_job_needs_no_other_process():
    assert workers.each(tasks.process, [1], workers=4) == [os.getpid()]
    assert os.getpid() not in workers.each(tasks.process, [1, 2], workers=2)


def test_processes_are_started_once_and_others_in_place_of_one_that_has_ended():
    with workers.Processes(2) as own:
        assert own.crew(1) is None
        first, again = (set(workers.each(tasks.process, range(3), crew=own.crew(3))) for _ in range(2))
        assert os.getpid() not in first
        assert len(first | again) <= 2
        broken = workers.each(tasks.ending, [1, 2], crew=own.crew(2))
        assert {str(problem) for problem in broken} == {"a worker process ended unexpectedly (out of memory?)"}
        after = set(workers.each(tasks.process, range(2), crew=own.crew(2)))
        assert after.isdisjoint(first | again)
        own.renew()
        assert after.isdisjoint(workers.each(tasks.process, range(2), crew=own.crew(2)))


def test_who_has_nothing_to_do_is_given_more():
    given, done = iter([4, 6]), {}

    def more():
        found = next(given, None)
        return found and (tasks.halved, found)

    with workers.Processes(2) as own:
        results = workers.each(tasks.halved, [8], crew=own.crew(2), done=done.setdefault, more=more)
    assert results == [4]
    assert done.items() >= {0: 4, 1: 2}.items()  # numbered on


def test_an_interrupt_reaches_the_workers():
    def interrupt(number, event):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):  # and ends, although the tasks never would
        workers.each(tasks.endless, [1, 2, 3], workers=2, listen=interrupt)


def test_nothing_is_reported_where_nobody_listens():
    workers.report("anything")
    workers.checkpoint()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX's")
@pytest.mark.parametrize("way", ["SIGKILL", "SIGTERM"])
def test_workers_end_with_their_parent(way):
    os.mkfifo("pipe")
    # Opened for both: opening waits for nobody, and the end that others hold is seen when this one is closed.
    reading = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    code = (
        "from backprop_film import workers; from tests.backprop_film import tasks\n"
        "if __name__ == '__main__': workers.each(tasks.holding, ['pipe', 'pipe'], workers=2)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = subprocess.Popen([sys.executable, "-c", code], env=environment)
    try:
        heard = b""
        while heard.count(b"begun") < 2:  # both work
            assert select.select([reading], [], [], 60)[0]
            heard += os.read(reading, 100)
        parent.send_signal(getattr(signal, way))
        assert parent.wait(60) != 0
        assert select.select([reading], [], [], 60)[0]
        assert os.read(reading, 100) == b""  # the other end is closed: nobody is left
    finally:
        parent.kill()
        os.close(reading)
