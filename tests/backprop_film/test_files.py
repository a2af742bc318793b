import os
from pathlib import Path

import pytest

from backprop_film.errors import Problem
from backprop_film.files import whole, writable


def test_folders_are_made_and_nothing_is_left_of_a_try():
    writable(Path("new/folder/film.mp4"))
    assert list(Path("new/folder").iterdir()) == []


@pytest.mark.parametrize("links", [1, 2])
def test_a_symbolic_link_stays_one_and_its_target_is_replaced(links):
    Path("real").mkdir()
    target = Path("real/film.mp4")
    target.write_text("old")
    Path("middle.mp4").symlink_to(target)
    link = Path("middle.mp4")
    if links == 2:
        link = Path("link.mp4")
        link.symlink_to("middle.mp4")
    with whole(link) as beside:
        beside.write_text("new")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert [path.name for path in target.parent.iterdir()] == ["film.mp4"]


def test_a_link_to_a_file_that_is_not_there_makes_it():
    Path("link.mp4").symlink_to("film.mp4")
    with whole(Path("link.mp4")) as beside:
        beside.write_text("new")
    assert Path("film.mp4").read_text() == "new"


def test_a_name_may_be_as_long_as_names_may_be():
    path = Path("x" * 251 + ".mp4")
    writable(path)
    with whole(path) as beside:
        beside.write_text("new")
    assert path.read_text() == "new"


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda path: path.mkdir(), IsADirectoryError, "Is a directory"),
        (lambda path: os.mkfifo(path), Problem, "film.mp4: found a device or a pipe, expected the name of a file"),
    ],
)
def test_what_is_no_file_is_refused(make, error, words):
    path = Path("film.mp4")
    make(path)
    with pytest.raises(error, match=words):
        writable(path)


def test_a_name_that_is_too_long_is_refused():
    with pytest.raises(OSError, match="File name too long"):
        writable(Path("x" * 256))
