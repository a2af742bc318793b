"""Processes that sleep until a copy of them is wanted (``fork``), and that end by themselves when nobody listens.

Each holds `lifelines`: files that become readable when their other end is closed. So all that a session has started
ends with it, however it ends, and what was begun for an answer ends when that is no longer waited for.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

__all__ = ["CAN_COPY", "Sleeper", "asked", "held_by", "sleeping"]

#: Whether processes can be copied safely here.
CAN_COPY = sys.platform == "linux"
_EVERY = 0.1  # seconds between two looks at the lifelines while something is played

_lifelines: list[int] = []


def held_by(file: int) -> None:
    """From here on, this process and its copies end when the other end of this file is closed."""
    _lifelines.append(file)
    _keep_looking()


def _keep_looking() -> None:
    signal.signal(signal.SIGALRM, _look)
    signal.setitimer(signal.ITIMER_REAL, _EVERY, _EVERY)


def _look(*_: object) -> None:
    if select.select(_lifelines, [], [], 0)[0]:
        os._exit(1)


class Sleeper:
    """The place at which a sleeping process is asked for a copy."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(path))
        self.socket.listen()

    def close(self) -> None:
        """Let go of it, in a process that is not the one that sleeps."""
        self.socket.close()


def sleeping(sleeper: Sleeper) -> tuple[Connection, Any]:
    """Sleep; returns the connection and the question in a copy of this process for each that `asked`, never here."""
    signal.setitimer(signal.ITIMER_REAL, 0)  # it looks itself
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the copies
    while True:
        ready, *_ = select.select([sleeper.socket.fileno(), *_lifelines], [], [])
        if ready != [sleeper.socket.fileno()]:
            os._exit(0)
        asker, _ = sleeper.socket.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            sleeper.close()
            connection = Connection(asker.detach())
            question = connection.recv()
            held_by(connection.fileno())
            return connection, question
        asker.close()


def asked(path: Path, question: Any) -> Connection:
    """A connection to a copy of the process that sleeps there, which has been asked this. `OSError` if none does."""
    with socket.socket(socket.AF_UNIX) as asker:
        asker.connect(str(path))
        connection = Connection(asker.detach())
    connection.send(question)
    return connection
