"""``manim my.py Mine`` with its own options, and with what the environment asks for."""

import json
from pathlib import Path

import av
import pytest
from manim import tempconfig
from manim.__main__ import main as manims_command
from PIL import Image, ImageColor

from backprop_film.kit import theme
from backprop_film.kit.palettes import PALETTES
from tests.backprop_film.own import chapter, written
from tests.backprop_film.tiny import Late, Moving

WRONG = 'title = "Wrong"\nlayers = [1, 1]\ncost = "nothing"\ninput = [0.5]\ntarget = [1.0]\nseed = 1\n'


def manim(*words, file=None, name="Own"):
    """What Manim's command leaves with; it draws a small picture."""
    file = file or written("own.py", chapter())
    how = ("render", "-ql", "-r", "214,120", "--fps", "5", "--progress_bar", "none", "-v", "ERROR")
    with tempconfig({}):
        try:
            return manims_command(["--hide-splash", *how, *words, str(file), name], standalone_mode=False)
        except SystemExit as left:
            return left.code


def ground():
    """The colour in a corner of the only picture."""
    (path,) = Path("media/images").rglob("*.png")
    return Image.open(path).convert("RGB").getpixel((0, 0))


def test_sections_a_part_of_the_plays_and_a_viewer(monkeypatch):
    shown = []
    monkeypatch.setattr("manim.manager.open_media_file", lambda writer, **how: shown.append(how["preview"]))
    manim("--save_sections", "-n", "0,2", "-p")
    (listed,) = Path("media/videos").rglob("sections/Own.json")
    assert [section["name"] for section in json.loads(listed.read_text())] == ["one"]  # with which the part ends
    (movie,) = Path("media/videos").rglob("Own.mp4")
    with av.open(str(movie)) as container:
        assert sum(1 for packet in container.demux(video=0) if packet.size) < 12
    assert shown == [True]


@pytest.mark.parametrize("palette", ["dark", "light", "own.toml"])
def test_the_last_picture_in_a_theme_of_the_environments(monkeypatch, palette):
    Path("own.toml").write_text('based_on = "light"\nbackground = "#123456"')
    with theme.as_it_was():
        theme.use(palette)  # as it is when a process begins
        manim("-s")
    assert ground() == ImageColor.getrgb("#123456" if palette == "own.toml" else PALETTES[palette].background)


def test_an_example_of_the_environments(monkeypatch):
    monkeypatch.setenv("BACKPROP_EXAMPLE", "overshoot")
    assert Moving().example.name == "overshoot"
    monkeypatch.delenv("BACKPROP_EXAMPLE")
    assert Moving().example.name == "simplest"


@pytest.mark.parametrize(
    ("example", "told"),
    [
        ("overshot", "example: found 'overshot', expected one of "),
        ("wrong.toml", "wrong.toml: cost: found 'nothing', expected "),
        ("simplest", "example simplest does not fit Late: it must go too high"),
    ],
)
def test_a_wrong_example_is_told_in_a_line(monkeypatch, capfd, example, told):
    Path("wrong.toml").write_text(WRONG)
    monkeypatch.setenv("BACKPROP_EXAMPLE", example)
    file = written("late.py", "from manim import *\nfrom tests.backprop_film.tiny import Late as Base\n"
                   "class Late(Base): ...\n")  # fmt: skip
    assert manim(file=file, name="Late") == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert f": BACKPROP_EXAMPLE: {told}" in err
    with pytest.raises(ValueError, match=r"^BACKPROP_EXAMPLE: "):
        Late()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-r", "1080,1920"), "--resolution: found 1080,1920, expected 16 : 9"),
        (("-r", "1080,1080"), "--resolution: found 1080,1080, expected 16 : 9"),
        (("-r", "1024,768"), "--resolution: found 1024,768, expected 16 : 9"),
        (("-r", "2560,1080"), "--resolution: found 2560,1080, expected 16 : 9"),
        (("--renderer", "opengl"), "--renderer: found opengl, expected cairo"),
    ],
)
def test_what_cannot_be_drawn_is_told_in_a_line(capfd, words, told):
    assert manim(*words) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert f": {told}" in err
    assert not Path("media/videos").exists()
