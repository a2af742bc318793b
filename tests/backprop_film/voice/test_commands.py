"""--voice, --music and the script on the command line."""

import json
from pathlib import Path

import av
import numpy as np
import pytest
from click.testing import CliRunner

from backprop_film.audio import RATE
from backprop_film.cli import cli
from backprop_film.voice import choice, engines
from tests.backprop_film.voice.fake import hum, program, said

pytestmark = pytest.mark.usefixtures("tiny")
_DEFAULT = choice.default


def run(*arguments):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def refused(*arguments):
    result = run(*arguments)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    return result.stderr.removeprefix("backprop: ").strip()


def test_the_script_has_a_file_a_length_and_the_words_for_each_sentence():
    assert [line.split("\t") for line in run("narration", "late").stdout.splitlines()] == [
        ["late/bounds.1.wav", "1.6", "It is less than 1 and is greater than 0."]
    ]
    (first, *_) = json.loads(run("narration", "tiny", "--json").stdout)
    assert first == {
        "chapter": "tiny", "key": "ring.1", "file": "tiny/ring.1.wav", "seconds": pytest.approx(1.2),
        "text": "A ring.", "spoken": "A ring.",
    }  # fmt: skip


def test_a_chapter_lasts_as_long_as_its_voice_needs():
    silent, spoken = (
        float(run("chapters", "tiny", *voice).stdout.split("\t")[2]) for voice in ((), ("--voice", program()))
    )
    assert spoken < silent
    assert said() == ["A ring.", "It is round.", "It moves."]
    for arguments in (("still", "tiny:ring"), ("sheet", "tiny", "--width", 160), ("inspect", "tiny")):
        assert run(*arguments, "-q", "l", "--voice", program()).exit_code == 0
    assert len(said()) == 3


def test_a_voice_that_fails_ends_in_one_line_before_anything_is_rendered():
    assert refused("film", "tiny", "--voice", "nobody-known").startswith("--voice: found no program or folder 'nobody")
    assert refused("film", "tiny", "--voice", program("fails")).endswith("expected 0: no larynx")
    assert not list(Path().rglob("*.mp4"))


def test_without_a_voice_the_film_is_silent_and_a_line_says_what_to_install(monkeypatch):
    monkeypatch.setattr(choice, "default", _DEFAULT)
    for module in (choice, engines):
        monkeypatch.setattr(module, "natural_is_installed", lambda: False)
    result = run("film", "late", "-q", "l", "-o", "film.mp4", "-j", 1)
    assert result.exit_code == 0
    assert result.stderr.startswith("backprop: silent, as no voice is installed: pip install 'backprop-math[voice]'\n")
    with av.open("film.mp4") as film:
        assert not film.streams.audio
    assert "silent" not in run("chapters", "late").stderr


def test_music_is_heard_under_all_of_it():
    hum("music.wav", 1.0, before=0.0, after=0.0)  # shorter than the film: it begins again
    assert run("film", "late", "-q", "l", "-o", "film.mp4", "-j", 1, "--music", "music.wav").exit_code == 0
    with av.open("film.mp4") as film:
        samples = np.concatenate([frame.to_ndarray() for frame in film.decode(audio=0)], axis=1)
        length = film.streams.video[0].frames / 15
    assert samples.shape[1] / RATE == pytest.approx(length, abs=0.03)
    loud = np.abs(samples[0]).reshape(-1, 256).max(axis=1)
    assert max(loud[0], *loud[-5:]) < 0.01
    assert (loud > 0.01).mean() > 0.5  # it fades in and out, and where it begins again


def test_music_that_cannot_be_heard_is_told_first():
    assert refused("film", "late", "--music", "none.wav").startswith("Invalid value for '--music'")
    Path("song.wav").write_text("la la la")
    assert refused("film", "late", "--music", "song.wav") == (
        "song.wav: found nothing that can be heard, expected a sound file"
    )
    hum("song.wav", 1.0, 0.0)
    assert refused("film", "late", "--music", "song.wav") == "--music song.wav: found silence, expected music"
    assert not list(Path().rglob("*.mp4"))
