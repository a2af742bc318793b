"""A voice for tests: a program that hums each sentence, a twentieth of a second for each of its characters."""

import shlex
import sys
import wave
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[3]
RATE, PITCH, BEFORE, AFTER, EACH = 16_000, 500, 0.3, 0.5, 0.05

PROGRAM = """
import sys, time
sys.path.insert(0, {root!r})  # a program runs in any folder
mode, said, path = sys.argv[1], sys.stdin.buffer.read().decode(), sys.argv[-1]
with open("said.txt", "a", encoding="utf-8") as file:
    print(said, file=file)
if mode == "fails":
    sys.exit("no larynx")
if mode == "hangs":
    time.sleep(60)
if mode == "broken":
    open(path, "w").write("la la la")
if mode in ("hums", "silent", "empty"):
    from tests.backprop_film.voice.fake import hum
    hum(path, 0.0 if mode == "empty" else 0.05 * len(said), 0.0 if mode == "silent" else 0.1)
"""


def program(mode="hums"):
    """The command line of the program, for ``--voice``; it notes in said.txt what it was asked to say."""
    Path("hum.py").write_text(PROGRAM.format(root=str(ROOT)))
    return shlex.join([sys.executable, str(Path("hum.py").absolute()), mode])


def hum(path, seconds, height=0.1, before=BEFORE, after=AFTER):
    """A WAV with a tone between two silences; without either if it lasts no time."""
    times = np.arange(round(seconds * RATE)) / RATE
    tone = height * np.sin(2 * np.pi * PITCH * times)
    around = [np.zeros(round(RATE * length)) for length in (before, after)] if seconds else [np.zeros(0)] * 2
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.round(32767 * np.concatenate([around[0], tone, around[1]])).astype("<i2").tobytes())


def said():
    """What the program was asked to say so far."""
    return Path("said.txt").read_text(encoding="utf-8").splitlines() if Path("said.txt").exists() else []
