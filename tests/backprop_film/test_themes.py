"""A theme that is asked for: it reaches the picture, is no other chapter's, and travels."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from backprop_film.cli import cli
from backprop_film.errors import Problem
from backprop_film.kept import Keeper
from backprop_film.kit import theme
from backprop_film.kit.palettes import PALETTES
from backprop_film.kit.typefaces import FONTS
from backprop_film.parcels import opened, parcel
from backprop_film.playback import capture, dressed
from backprop_film.preview import sheet
from tests.backprop_film.conftest import job
from tests.backprop_film.own import chapter, job_of, scene, written

OWN = 'based_on = "light"\nbackground = "#FFF0E0"\nsurface = "#E0F0FF"\nprose_font = "font.ttf"\n'


@pytest.fixture
def own():
    """A palette's file and its font, in the current folder."""
    Path("font.ttf").write_bytes((FONTS / "Lato-Bold.ttf").read_bytes())
    Path("own.toml").write_text(OWN)


def corner(picture):
    return "#{:02X}{:02X}{:02X}".format(*picture.convert("RGB").getpixel((0, 0)))


def test_a_chapter_a_plain_scene_and_a_sheet_have_its_background(own):
    written("my.py", scene())
    before = dict(vars(theme))
    for name, ground in (("light", PALETTES["light"].background), ("own.toml", "#FFF0E0")):
        assert corner(capture(job("Late", theme=name), [0])[0]) == ground
        assert corner(capture(job_of("my.py", theme=name), [0])[0]) == ground
    assert corner(capture(job("Late"), [0])[0]) == PALETTES["dark"].background
    assert corner(capture(job_of("my.py"), [0])[0]) == "#000000"
    assert corner(sheet([job("Late", theme="own.toml")], ["end"], 1, 200, 1)) == "#E0F0FF"
    assert vars(theme) == before


def test_what_a_file_says_of_the_theme_is_its_own():
    """Also in a palette that is asked for; another file does not have it."""
    said = "from backprop_film.kit import theme\ntheme.background = '#123456'\n"
    written("said.py", said, chapter())
    written("silent.py", chapter())
    grounds = {
        (name, look): corner(capture(job_of(name, theme=look), [0])[0])
        for name in ("said.py", "silent.py")
        for look in (None, "light")
    }
    light, dark = PALETTES["light"].background, PALETTES["dark"].background
    assert grounds == {
        ("said.py", None): "#123456", ("said.py", "light"): "#123456",
        ("silent.py", None): dark, ("silent.py", "light"): light,
    }  # fmt: skip
    assert theme.background == dark


def test_it_travels_with_its_font(own):
    keeper = Keeper.of(job("Late", theme="own.toml"))
    sent = parcel(keeper)
    assert {"theme/own.toml", "theme/font.ttf"} <= set(sent.files)
    Path("own.toml").unlink()
    Path("font.ttf").unlink()
    with opened(sent, Path("there")) as there, dressed(there.job):
        assert theme.background == "#FFF0E0"
        assert Path(theme.prose_font).name == "font.ttf"


def test_a_font_that_cannot_travel_is_told(own):
    Path("below").mkdir()
    Path("below/own.toml").write_text('prose_font = "../font.ttf"')
    with pytest.raises(Problem, match="expected a file beside it or below, as it goes to another machine"):
        parcel(Keeper.of(job("Late", theme="below/own.toml")))


@pytest.mark.parametrize(
    ("options", "environment", "told"),
    [
        (["--theme", "ligth"], None, "--theme: found 'ligth', expected dark, light or a palette's file (.toml)"),
        (["--theme", "bad.toml"], None, "bad.toml: inc: found an unknown key, expected a role (nearest: 'ink')"),
        ([], "bad.toml", "bad.toml: inc: found an unknown key, expected a role (nearest: 'ink')"),
    ],
)
@pytest.mark.parametrize("command", [["film"], ["still", "tiny"], ["sheet"], ["inspect"], ["watch", "tiny"]])
def test_a_wrong_one_is_told_before_anything_is_made(tiny, command, options, environment, told):
    Path("bad.toml").write_text('inc = "#FFFFFF"')
    done = CliRunner().invoke(cli, [*command, *options], env={"BACKPROP_THEME": environment})
    assert done.exit_code == 2
    assert done.output.startswith(f"backprop: {told}")
    assert done.output.count("\n") == 1


def test_the_environments_example_is_that_of_a_command():
    env = {"BACKPROP_EXAMPLE": "overshoot"}
    by_option = CliRunner().invoke(cli, ["explain", "-e", "overshoot", "C"])
    assert by_option.exit_code == 0
    assert CliRunner().invoke(cli, ["explain", "C"], env=env).output == by_option.output
    # What is said on the command line counts.
    assert CliRunner().invoke(cli, ["explain", "-e", "simplest", "C"], env=env).output != by_option.output
    given = ["explain", "--weights", "none.npz", "--input", "1", "--target", "1"]
    assert "none.npz" in CliRunner().invoke(cli, given, env=env).output
