"""``backprop`` with the small chapters in a copy of this process, which has imported all that takes long already.

For tests of what a run leaves behind, or of several at once; where processes cannot be copied, it is one of its own.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

from backprop_film.watching.nest import CAN_COPY

from . import command

__all__ = ["ROOT", "running"]

ROOT = Path(__file__).parents[2]


class Copy:
    """As much of a `subprocess.Popen` as these tests need."""

    def __init__(self, arguments, before):
        pipes = [os.pipe() for _ in range(2)]
        context = multiprocessing.get_context("fork")
        self._process = context.Process(target=_run, args=(arguments, before, [end for _, end in pipes]))
        self._process.start()
        for _, end in pipes:
            os.close(end)
        self.stdout, self.stderr = (os.fdopen(start, encoding="utf-8") for start, _ in pipes)
        self.pid, self.kill = self._process.pid, self._process.kill

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.wait()
        self.stdout.close()
        self.stderr.close()

    def send_signal(self, number):
        os.kill(self.pid, number)

    def wait(self, seconds=None):
        self._process.join(seconds)
        return self.returncode

    def communicate(self):
        said = self.stderr.read()  # the other holds a line or two, for which a pipe has room
        told = self.stdout.read()
        self.wait()
        return told, said

    @property
    def returncode(self):
        return self._process.exitcode


def _run(arguments, before, ends):
    for name, number, end in zip(("stdout", "stderr"), (1, 2), ends, strict=True):
        os.dup2(end, number)
        os.close(end)
        setattr(sys, name, os.fdopen(number, "w", buffering=1, encoding="utf-8", closefd=False))
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    sys.argv = ["backprop", *arguments]
    exec(before)
    command.main()


def running(*arguments, before=""):
    """``backprop`` at work in the current folder, after these lines of code."""
    arguments = [str(argument) for argument in arguments]
    if CAN_COPY:
        return Copy(arguments, before)
    code = f"{before}\nfrom tests.backprop_film.command import main\nmain()"
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
