from pathlib import Path

import pytest

from backprop_film import contents
from backprop_film.contents import FOLDER, Entry, chosen, entries, find, load
from backprop_film.errors import Problem


@pytest.mark.parametrize("name", ["chain_rule", "chain-rule", "ChainRule", "2", str(FOLDER / "chain_rule.py")])
def test_a_chapter_has_several_names(name):
    assert find(name) == Entry(
        "chain_rule", "chain_rule", FOLDER / "chain_rule.py", "ChainRule", 2, "Backpropagation calculus"
    )


def test_an_unknown_name_names_the_nearest():
    with pytest.raises(Problem, match=r"unknown chapter 'chain_rul' \(nearest: 'chain_rule'\)"):
        find("chain_rul")


def test_chapters_come_in_the_films_order_and_once():
    assert [entry.name for entry in chosen(["chain_rule", "introduction", "ChainRule"])] == [
        "introduction",
        "chain_rule",
    ]
    assert chosen([]) == entries()


def test_what_cannot_be_loaded_is_named():
    with pytest.raises(Problem, match="chapter missing cannot be loaded: No such file"):
        load(Entry("missing", "missing", FOLDER / "missing.py", "Missing"))


def test_parts_are_counted_separately(tmp_path, monkeypatch):
    for name in ("one", "two", "three"):
        (tmp_path / f"{name}.py").touch()
    (tmp_path / "chapters.toml").write_text("""
        [[part]]
        title = "First"
        chapters = ["two.py:Two", "three.py:Three"]
        [[part]]
        title = "Second"
        chapters = ["one.py:One"]
    """)
    monkeypatch.setattr(contents, "FOLDER", tmp_path)
    assert [(e.name, e.part, e.number) for e in entries()] == [
        ("two", "First", 1), ("three", "First", 2), ("one", "Second", 1),
    ]  # fmt: skip
    assert [entry.name for entry in chosen(["one", "three", "two"])] == ["two", "three", "one"]
    assert find("1").name == "two"


def test_a_wrong_list_is_told_in_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(contents, "FOLDER", tmp_path)
    with pytest.raises(Problem, match=r"^chapters\.toml: found no such file, expected the list of chapters$"):
        entries()
    Path("chapters.toml").write_text("[[parts]]")
    with pytest.raises(
        Problem, match=r"^chapters\.toml: parts: found an unknown key, expected part \(nearest: 'part'\)$"
    ):
        entries()


@pytest.mark.parametrize("inside", [True, False])
def test_chapters_lie_within_an_installed_package_and_beside_it_in_a_checkout(inside, tmp_path, monkeypatch):
    package = tmp_path / "backprop_film"
    for folder in (package / "scenes", tmp_path / "scenes") if inside else (package, tmp_path / "scenes"):
        folder.mkdir(parents=True)
    monkeypatch.setattr(contents, "__file__", str(package / "contents.py"))
    assert contents._folder() == (package if inside else tmp_path) / "scenes"
