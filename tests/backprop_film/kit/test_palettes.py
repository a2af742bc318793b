from pathlib import Path

import pytest

from backprop_film.kit import Prose, theme
from backprop_film.kit.palettes import PALETTES, files_of_palette, palette
from backprop_film.kit.typefaces import FONTS
from backprop_film.kit.typeset import boxed
from tests.backprop_film.kit.reading import same

OWN = """
based_on = "light"
background = "#FFFDF7"
weight = "#00629b"
activation = "#123456"
prose_font = "fonts/Own.ttf"
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A palette's file, and beside it a font: our own bold face under another name."""
    folder = tmp_path_factory.mktemp("palette")
    (folder / "fonts").mkdir()
    bold = (FONTS / "Lato-Bold.ttf").read_bytes()
    renamed = bold.replace("Lato".encode("utf-16-be"), "Owne".encode("utf-16-be")).replace(b"Lato", b"Owne")
    (folder / "fonts/Own.ttf").write_bytes(renamed)
    (folder / "own.toml").write_text(OWN)
    return folder / "own.toml"


def drawn(text="Åcost", **how):
    return [glyph.points for glyph in Prose(text, **how)]


def test_a_file_changes_what_it_names(own):
    found, light = palette(str(own)), PALETTES["light"]
    assert (found.background, found.weight, found.activation) == ("#FFFDF7", "#00629b", "#123456")
    assert (found.ink, found.cost, found.math_font) == (light.ink, light.cost, light.math_font)
    assert found.prose_font == str(own.parent / "fonts/Own.ttf")
    assert files_of_palette(str(own)) == {own, own.parent / "fonts/Own.ttf"}
    assert files_of_palette("light") == set()


def test_a_file_is_based_on_the_dark_one_unless_it_says_so(tmp_path):
    (tmp_path / "one.toml").write_text('ink = "#FFFFFF"')
    assert palette(str(tmp_path / "one.toml")).background == PALETTES["dark"].background


def test_prose_is_set_in_a_font_file(own):
    bold, usual = drawn(weight="bold"), drawn()
    assert not same(bold, usual)
    with theme.as_it_was():
        theme.use(str(own))
        assert same(drawn(), bold)
        assert not boxed("é")
        theme.prose_font = "Libertinus Serif"
        assert not same(drawn(), bold)
    assert same(drawn(), usual)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("ink = ", "no valid TOML"),
        ('inc = "#FFFFFF"', "inc: found an unknown key, expected a role (nearest: 'ink')"),
        ('ink = "white"', "ink: found 'white', expected a colour such as \"#58C4DD\""),
        ("ink = 3", "ink: found 3, expected a colour"),
        ('ink = "#FFF"', "ink: found '#FFF', expected a colour"),
        ('based_on = "blue"', "based_on: found 'blue', expected dark or light"),
        ("based_on = []", "based_on: found [], expected dark or light"),
        ('prose_font = "Latto"', "prose_font: found 'Latto', expected a font file (.ttf, .otf) or one of"),
        ('prose_font = "none.ttf"', "none.ttf', which can't be read (No such file or directory), expected a font"),
        ('prose_font = "bad.toml"', "prose_font: found 'bad.toml', expected a font file"),
        ('math_font = "bad.ttf"', "bad.ttf', which is no font, expected a .ttf or .otf file"),
        ("prose_font = 1", "prose_font: found 1, expected a font's file or name"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_a_line(tmp_path, content, told):
    path = tmp_path / "bad.toml"
    path.write_text(content)
    (tmp_path / "bad.ttf").write_text("nothing")
    with pytest.raises(ValueError) as error:
        palette(str(path))
    assert str(error.value).startswith(f"{path}: ")
    assert told in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("ligth", "theme: found 'ligth', expected dark, light or a palette's file (.toml) (nearest: 'light')"),
        ("none.toml", "none.toml: found a file that can't be read (No such file or directory), expected a palette"),
    ],
)
def test_a_palette_that_is_none(named, told):
    with pytest.raises(ValueError) as error:
        theme.use(named)
    assert str(error.value) == told


@pytest.mark.parametrize("role", ["prose_font", "math_font"])
def test_an_unknown_font_is_an_error_where_it_is_used(monkeypatch, role):
    monkeypatch.setattr(theme, role, "Latto")
    with pytest.raises(ValueError, match=f"theme.{role}: found 'Latto', expected a font file"):
        Prose("cost")
    monkeypatch.setattr(theme, role, str(Path(__file__).with_suffix(".ttf")))
    with pytest.raises(ValueError, match=r"which can't be read \(No such file or directory\)"):
        Prose("cost")
