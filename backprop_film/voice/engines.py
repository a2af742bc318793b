"""Engines that speak: each a function from a text to its sound, with a name and a version."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import numpy as np

from .. import workers
from ..audio import RATE, samples_of
from ..errors import Problem
from ..kit.spoken import small_articles, unsayable
from ..sources import digest
from .clips import Sound, Take

__all__ = ["Engine", "command", "espeak", "natural", "natural_is_installed"]

TIMEOUT = 120.0  # seconds that a program has for a sentence
_OFTEN = 0.1  # seconds between two looks at whether it has ended


@dataclass(frozen=True)
class Engine:
    """What says any sentence: ``say`` gives the samples of one channel and their rate."""

    name: str
    version: str
    say: Callable[[str], Sound]

    def take(self, chapter: str, key: str, spoken: str) -> Take:
        """How the engine says the sentence. `Problem` that names it, if it has signs that are not known to be said."""
        if signs := unsayable(spoken):
            raise Problem(
                f"voice: {key} of {chapter}: found {' '.join(signs)} in {spoken!r}, "
                "expected letters, digits and .,;:?!'-"
            )
        silent = Problem(f"voice {self.name}: found nothing to hear, expected {spoken!r}")
        return Take((self.name, self.version, spoken), lambda: self.say(spoken), silent)


def natural_is_installed() -> bool:
    """Whether the extra ``voice`` is."""
    return find_spec("hibari") is not None and find_spec("onnxruntime") is not None


def natural() -> Engine:
    """The voice of the extra ``voice``. `Problem` if it is not installed."""
    if not natural_is_installed():
        raise Problem("--voice natural: found no voice, expected it installed: pip install 'backprop-math[voice]'")
    from . import natural

    packages = " ".join(version(name) for name in ("hibari-tts", "onnxruntime"))
    return Engine("natural", f"{packages} {digest(Path(natural.__file__))}", natural.say)


def espeak() -> Engine:
    """The program espeak-ng. `Problem` if it is not on this machine."""
    if not shutil.which("espeak-ng"):
        raise Problem("--voice espeak: found no program espeak-ng, expected it installed")
    told = subprocess.run(["espeak-ng", "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S607
    words = ["espeak-ng", "-v", "en-us", "--stdin", "-w"]

    def say(spoken: str) -> Sound:
        # It takes the letter for the article where a sentence ends with it.
        return _ran(words, re.sub(r"\bA\b(?!')", "[[eI]]", small_articles(spoken)), "espeak")

    return Engine("espeak", told.strip(), say)


def command(words: Sequence[str]) -> Engine:
    """Any program: it reads the text, and writes a WAV to the path that is its last argument.

    Its version is its words, and the size and date of those that are files. `Problem` if there is no such program.
    """
    program = shutil.which(words[0])
    if program is None:
        raise Problem(
            f"--voice: found no program or folder {words[0]!r}, expected natural, espeak, none, a folder or a command"
        )
    files = [Path(word).stat() for word in (program, *words[1:]) if Path(word).is_file()]
    dated = " ".join(f"{file.st_size} {file.st_mtime_ns}" for file in files)
    line = " ".join(words)
    return Engine(line, dated, lambda spoken: _ran(words, spoken, line))


def _ran(words: Sequence[str], spoken: str, name: str) -> Sound:
    """What a program says. `Problem` if it fails, if it takes too long, or if what it writes is no sound."""
    with TemporaryDirectory(prefix="backprop-voice-") as folder:
        text, wav, told = (Path(folder) / name for name in ("sentence.txt", "sentence.wav", "errors.txt"))
        text.write_text(spoken, encoding="utf-8")
        with text.open("rb") as given, told.open("wb") as errors:
            # Files, as a pipe would stay open with whatever the program has started.
            process = subprocess.Popen(  # noqa: S603
                [*words, str(wav)], stdin=given, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True
            )
            status = _status(process)
        if status is None:
            raise Problem(f"voice {name}: found no end after {TIMEOUT:.0f} s at {spoken!r}, expected a WAV")
        if status:
            last = told.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
            raise Problem(f"voice {name}: found exit status {status} at {spoken!r}, expected 0{_after(last)}")
        if not wav.is_file():
            raise Problem(f"voice {name}: found no file after {spoken!r}, expected a WAV at the path given last")
        try:
            return np.concatenate([block[0] for block in samples_of(wav, "mono")] or [np.zeros(0)]), RATE
        except Problem as problem:
            raise Problem(f"voice {name}: found no sound in the file for {spoken!r}, expected a WAV") from problem


def _after(last: Sequence[str]) -> str:
    return f": {last[0]}" if last else ""


def _status(process: subprocess.Popen[bytes]) -> int | None:
    """The program's exit status; ``None`` if it had to be ended, with all that it started."""
    until = monotonic() + TIMEOUT
    try:
        while monotonic() < until:
            try:
                return process.wait(_OFTEN)
            except subprocess.TimeoutExpired:
                workers.checkpoint()
        return None
    finally:
        if process.poll() is None:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.wait()
