"""The page of the kit is as its documentation is, and its pictures are drawn by what it shows."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from backprop_film.cli import cli
from backprop_film.gallery import page, pictures
from backprop_film.gallery.entries import ENTRIES, example_code
from backprop_film.gallery.pictures import moves, source

DOCS = Path(__file__).parents[3] / "docs"


def run(*arguments):
    return CliRunner().invoke(cli, ["gallery", "-j", "1", *map(str, arguments)])


def test_the_page_is_as_the_documentation_is():
    assert (DOCS / page.PAGE).read_text(encoding="utf-8") == page.page(), "run: backprop gallery"


def test_every_picture_is_there_and_no_other_and_small():
    files = {DOCS / page.file_of(entry) for entry in ENTRIES}
    assert set((DOCS / page.FOLDER).iterdir()) == files
    assert sum(file.stat().st_size for file in files) < 1_500_000
    for file in files:
        with Image.open(file) as picture:
            assert picture.mode == "P", file.name
            assert 60 <= picture.width <= 900, file.name
            assert np.asarray(picture.convert("L")).std() > 5, file.name  # there is something to see


def test_an_entry_is_drawn_by_its_example(tmp_path):
    result = run("Rewrite", "-o", tmp_path / "docs")
    assert result.exit_code == 0, result.output
    assert [file.name for file in (tmp_path / "docs" / "kit").iterdir()] == ["rewrite.png"]
    assert (tmp_path / "docs" / "kit.md").read_text(encoding="utf-8") == page.page()
    assert result.stdout.endswith("kit.md  1 picture\n")
    with (
        Image.open(tmp_path / "docs" / "kit" / "rewrite.png") as picture,
        Image.open(DOCS / "kit" / "rewrite.png") as kept,
    ):
        assert picture.size == kept.size
        apart = np.asarray(picture.convert("L")).astype(int) - np.asarray(kept.convert("L"))
        assert np.abs(apart).mean() < 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Formul"], "backprop: unknown entry 'Formul' (nearest: 'Formula')"),
        (["-o", "file.txt"], "backprop: Invalid value for '--output' / '-o': Directory 'file.txt' is a file."),
    ],
)
def test_what_there_is_not_is_said_in_one_line(arguments, said):
    Path("file.txt").write_text("")
    result = run(*arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{said}\n")


def test_an_example_that_fails_is_named_and_the_others_are_drawn(tmp_path, monkeypatch):
    def code(documented):
        return "self.play(Nothing())" if documented.__name__ == "Rewrite" else example_code(documented)

    monkeypatch.setattr("backprop_film.gallery.entries.example_code", code)
    result = run("Rewrite", "Neuron", "-o", tmp_path)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith("backprop: chapter Rewrite: ")
    assert [file.name for file in (tmp_path / "kit").iterdir()] == ["neuron.png"]


def test_an_example_that_shows_nothing_is_found():
    with pytest.raises(ValueError, match="found an empty picture"):
        pictures._cropped([Image.new("RGB", (20, 10), "#0E1116")])


@pytest.mark.parametrize(
    ("code", "moving"),
    [
        ("self.add(x)", False),
        ("self.play(FadeIn(a), Create(b))", False),
        ("self.play(LaggedStart(*map(FadeIn, rows)))", False),
        ("self.play(*(GrowFromEdge(b, DOWN) for b in bars))", False),
        ("self.play(Create(rule), Compose(a, b))", True),
        ("self.play(both.animate.set_opacity(0.5))", True),
        ("self.play(ripple.run())", True),
    ],
)
def test_what_moves_and_what_only_comes(code, moving):
    assert moves(code) is moving


def test_an_example_is_a_file_that_anybody_could_have_written():
    for entry in ENTRIES:
        compile(source(entry), entry.slug, "exec")
    assert len({entry.slug for entry in ENTRIES}) == len(ENTRIES)
