import threading
from pathlib import Path

import pytest

from backprop_film.watching.questions import Failure
from backprop_film.watching.saved import Contents, Debounce, Saved


def test_a_burst_is_one_event():
    burst = Debounce(quiet=0.1, patience=1.0)
    assert burst.left(0.0) is None
    for moment in (0.0, 0.05, 0.14):
        burst.note(moment)
        assert not burst.due(moment)
    assert burst.left(0.2) == pytest.approx(0.04)
    assert not burst.due(0.2)
    assert burst.due(0.25)
    assert not burst.due(9.0)


def test_what_never_rests_is_due_when_patience_ends():
    burst = Debounce(quiet=0.1, patience=0.3)
    moments = [0.05 * step for step in range(8)]
    due = []
    for moment in moments:
        burst.note(moment)
        due.append(burst.due(moment))
    assert due.index(True) == 6  # at 0.3
    assert not due[7]


def test_only_another_content_is_a_change(tmp_path):
    file = tmp_path / "a.py"
    file.write_text("one")
    contents = Contents()
    contents.add([file])
    file.write_text("one")
    assert contents.changed(0.0) == set()
    file.write_text("two")
    assert contents.changed(1.0) == {file}
    assert contents.changed(2.0) == set()


def test_a_file_that_is_gone_or_empty_may_be_being_written(tmp_path):
    file = tmp_path / "a.py"
    file.write_text("one")
    contents = Contents(patience=0.5)
    contents.add([file])
    file.unlink()
    assert (contents.changed(0.0), contents.missing) == (set(), True)
    file.write_text("")
    assert contents.changed(0.3) == set()
    file.write_text("two")
    assert (contents.changed(0.4), contents.missing) == ({file}, False)
    file.write_text("")
    assert contents.changed(1.0) == set()
    assert (contents.changed(1.6), contents.missing) == ({file}, False)


def _in_place(file):
    file.write_text("new")


def _renamed_over(file):
    beside = file.with_name("a.py.tmp")
    beside.write_text("new")
    beside.replace(file)


def _as_vim(file):
    file.rename(file.with_name("a.py~"))
    file.with_name("4913").write_text("")
    file.with_name("4913").unlink()
    file.write_text("")
    file.write_text("new")
    file.with_name("a.py~").unlink()


def _in_pieces(file):
    with file.open("w") as stream:
        for letter in "new":
            stream.write(letter)
            stream.flush()


@pytest.mark.parametrize("save", [_in_place, _renamed_over, _as_vim, _in_pieces])
def test_however_an_editor_saves_it_is_told_once_with_the_whole(tmp_path, save):
    file, told, there = tmp_path / "a.py", [], threading.Event()
    file.write_text("old")

    def tell(files):
        told.append((files, file.read_text()))
        there.set()

    saved = Saved(tell)
    try:
        saved.add([file])
        save(file)
        assert there.wait(5)
    finally:
        saved.close()
    assert told == [({file}, "new")]


def test_code_that_does_not_compile_is_told_with_its_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = Path("half.py").resolve()
    file.write_text("def f():\n    x = (1,\n\ndef g():\n    pass\n")
    failure = Failure.in_text(file)
    assert failure.message.startswith("SyntaxError: ")
    assert (failure.file, failure.line) == ("half.py", 2)
    assert (2, "    x = (1,") in failure.lines
    file.write_text("def f():\n    return 1\n")
    assert Failure.in_text(file) is None
    file.write_text("return 1\n")
    assert "outside function" in Failure.in_text(file).message
