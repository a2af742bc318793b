from pathlib import Path

import pytest

from backprop_film.kit.chapter_list import ChapterListError, ListedChapter, place, read_list

GOOD = """
[[part]]
title = "One"
chapters = ["b.py:Bee", "a.py:A"]

[[part]]
title = "Two"
chapters = ["c.py:C"]
"""


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in "abc":
        Path(f"{name}.py").touch()
    return Path("chapters.toml")


def test_chapters_come_in_order_each_counted_within_its_part(path):
    path.write_text(GOOD)
    assert read_list(path) == [
        ListedChapter(Path("b.py"), "Bee", "One", 1, 2),
        ListedChapter(Path("a.py"), "A", "One", 2, 2),
        ListedChapter(Path("c.py"), "C", "Two", 1, 1),
    ]


def test_another_chapter_is_one_line_more(path):
    Path("d.py").touch()
    path.write_text(GOOD.replace('"b.py:Bee", ', '"b.py:Bee",\n"d.py:Dee",\n'))
    assert [(line.class_name, line.number, line.count) for line in read_list(path)] == [
        ("Bee", 1, 3), ("Dee", 2, 3), ("A", 3, 3), ("C", 1, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("[[part]]", "[[part"), "found no valid TOML"),
        ((GOOD, ""), "part: found None, expected tables, each headed [[part]]"),
        ((GOOD, "part = 3"), "part: found 3, expected tables, each headed [[part]]"),
        (("[[part]]", "[[parts]]"), "parts: found an unknown key, expected part (nearest: 'part')"),
        (("title =", "titel ="), "part 1, titel: found an unknown key, expected title or chapters (nearest: 'title')"),
        (('"Two"', '""'), "part 2, title: found '', expected a text"),
        (('["c.py:C"]', "[]"), "part 2, chapters: found [], expected a list of chapters"),
        (('"c.py:C"', "3"), 'part 2, chapters: found 3, expected "file.py:Scene"'),
        (("c.py:C", "c.py"), "part 2, chapters: found 'c.py', expected \"file.py:Scene\""),
        (("c.py:C", "c:C"), "part 2, chapters: found 'c:C', expected \"file.py:Scene\""),
        (("c.py:C", "x/c.py:C"), "part 2, chapters: found 'x/c.py:C', expected \"file.py:Scene\""),
        (("c.py:C", "cc.py:C"), "part 2, chapters: found 'cc.py', expected a file beside the list (nearest: 'c.py')"),
        (("c.py:C", "a.py:C"), "chapters: found a.py twice, expected each file once"),
    ],
)
def test_what_is_wrong_with_a_list_is_told_in_one_line(path, change, line):
    path.write_text(GOOD.replace(*change))
    with pytest.raises(ChapterListError) as error:
        read_list(path)
    assert str(error.value).startswith(f"chapters.toml: {line}")
    assert "\n" not in str(error.value)


def test_a_class_without_a_file_is_in_no_list():
    assert place(type("Typed", (), {"__module__": "notebook"})) is None
    assert place(int) is None
