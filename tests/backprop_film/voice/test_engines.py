"""Engines: what they are given, and one line for each way in which they fail."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from backprop_film.errors import Problem
from backprop_film.voice import choice, engines
from backprop_film.voice.choice import resolved, speaker
from tests.backprop_film.voice.fake import program, said

ESPEAK = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not on this machine")
NATURAL = pytest.mark.skipif(not engines.natural_is_installed(), reason="the extra 'voice' is not installed")


def say(option, text="The cost falls."):
    return speaker(option, "tiny", Path("clips"))("cost.1", text)


def test_a_program_reads_the_text_and_writes_a_sound_once():
    option = program()
    clip = say(option, "The cost is minus 0.5.")
    assert say(option, "The cost is minus 0.5.") == clip
    assert said() == ["The cost is minus 0.5."]
    assert clip.seconds == pytest.approx(22 * 0.05, abs=0.15)  # the silence around it is cut


def test_a_program_that_has_changed_says_everything_anew():
    option = program()
    first = say(option)
    Path("hum.py").write_text(Path("hum.py").read_text() + "# louder\n")
    choice._voice.cache_clear()
    assert say(option).file != first.file
    assert len(said()) == 2


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("fails", r"found exit status 1 at 'The cost falls\.', expected 0: no larynx"),
        ("hangs", r"found no end after 1 s at 'The cost falls\.', expected a WAV"),
        ("nothing", r"found no file after 'The cost falls\.', expected a WAV at the path given last"),
        ("broken", r"found no sound in the file for 'The cost falls\.', expected a WAV"),
        ("silent", r"found nothing to hear, expected 'The cost falls\.'"),
        ("empty", r"found nothing to hear, expected 'The cost falls\.'"),
    ],
)
def test_a_program_that_fails_is_told_in_one_line(mode, expected, monkeypatch):
    if mode == "hangs":
        monkeypatch.setattr(engines, "TIMEOUT", 1.0)
    with pytest.raises(Problem, match=rf"^voice .+ {mode}: {expected}$"):
        say(program(mode))
    assert not list(Path().glob("clips/*"))


def test_what_a_program_started_ends_with_it(monkeypatch):
    monkeypatch.setattr(engines, "TIMEOUT", 2.0)
    os.mkfifo("alive")
    reader = os.open("alive", os.O_RDONLY | os.O_NONBLOCK)
    Path("start.sh").write_text("exec 3>alive; (sleep 60; echo late >&3) & wait\n")
    with pytest.raises(Problem, match="found no end after 2 s"):
        say("sh start.sh")
    os.set_blocking(reader, True)
    assert os.read(reader, 10) == b""  # the other end is closed when nothing is left of it
    os.close(reader)


def test_signs_that_nobody_says_are_told_with_their_sentence():
    with pytest.raises(Problem, match=r"^voice: cost\.1 of tiny: found ⊕ in 'It is ⊕\.', expected letters, digits and"):
        say(program(), "It is ⊕.")
    assert said() == []


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("nobody-known", r"^--voice: found no program or folder 'nobody-known', expected natural, espeak, none, a f"),
        ("say 'it", r"""^--voice "say 'it": found No closing quotation, expected a command as a shell takes it$"""),
        ("", r"^--voice: found no program or folder '', expected"),
    ],
)
def test_a_voice_that_is_not_there_is_told(option, expected):
    with pytest.raises(Problem, match=expected):
        resolved(option)


def test_without_the_extra_nobody_speaks_unless_told_to(monkeypatch):
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    with pytest.raises(Problem, match=r"^--voice natural: found no voice, .+: pip install 'backprop-math\[voice\]'$"):
        resolved("natural")
    monkeypatch.setattr(engines.shutil, "which", lambda name: None)
    with pytest.raises(Problem, match=r"^--voice espeak: found no program espeak-ng, expected it installed$"):
        resolved("espeak")


def test_nobody_says_nothing():
    assert resolved("none") == "none"
    assert speaker("none", "tiny", Path("clips")) is None


@ESPEAK
def test_espeak_says_a_sentence():
    assert 0.5 < say(resolved("espeak"), "It is A, times 1 minus A.").seconds < 4


@NATURAL
def test_the_natural_voice_says_the_same_on_every_run():
    natural = engines.natural()
    (first, rate), (again, _) = natural.say("The cost falls."), natural.say("The cost falls.")
    assert rate == 24_000
    assert np.array_equal(first, again)
    assert 0.8 < first.size / rate < 3
