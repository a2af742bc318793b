"""Tasks for a pool of processes, which must be able to import them."""

import os
import time

from backprop_film import workers
from backprop_film.errors import Problem


def halved(number):
    workers.report(number)
    if number % 2:
        raise Problem(f"{number} is odd")
    if number == 0:
        raise ZeroDivisionError("nothing to halve")
    return number // 2


def process(_):
    return os.getpid()


def ending(_):
    """End the process that does this."""
    os._exit(1)


def endless(_):
    """Work until told to leave off."""
    workers.report("begun")
    while True:
        workers.checkpoint()
        time.sleep(0.01)


def holding(pipe):
    """Work until told to leave off, with a pipe open that closes when this process ends."""
    with open(pipe, "w") as held:  # noqa: PTH123
        held.write("begun\n")
        held.flush()
        endless(pipe)
