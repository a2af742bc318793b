import json
import os
from pathlib import Path

import pytest

from backprop_film.errors import Problem
from backprop_film.publishing.folder import MANIFEST, Folder
from backprop_math.files import hidden


def published(*names):
    folder = Folder(Path("out"))
    folder.begin(names)
    for name in names:
        folder.write(name, name)
    folder.end({"files": [{"path": name} for name in names]})


def here():
    return sorted(str(path.relative_to("out")) for path in Path("out").rglob("*") if path.is_file())


def test_its_own_files_are_replaced_and_others_stay():
    Path("out/stills").mkdir(parents=True)
    Path("out/notes.txt").write_text("mine")
    Path("out/stills/mine.png").write_text("mine")
    published("film.mp4", "stills/a/1.png", "stills/2.png")
    published("film.mp4", "stills/b/1.png")
    assert here() == ["film.mp4", MANIFEST, "notes.txt", "stills/b/1.png", "stills/mine.png"]
    assert not Path("out/stills/a").exists()
    written = json.loads(Path("out", MANIFEST).read_text())
    assert written == {
        "program": "backprop publish",
        "complete": True,
        "files": [{"path": "film.mp4"}, {"path": "stills/b/1.png"}],
    }


def test_somebody_elses_file_is_not_replaced():
    Path("out").mkdir()
    Path("out/film.mp4").write_text("mine")
    with pytest.raises(Problem, match=r"out/film\.mp4: found a file that is not of an earlier publication"):
        published("film.mp4")
    assert here() == ["film.mp4"]
    assert Path("out/film.mp4").read_text() == "mine"
    for other in ('{"name": "a page"}', '{"files": [{"path": "film.mp4"}]}', "[", "[1]"):
        Path("out", MANIFEST).write_text(other)
        with pytest.raises(Problem, match=r"out/manifest\.json: found no list of files that were published"):
            published("film.webm")
    assert Path("out/film.mp4").read_text() == "mine"


def test_a_run_that_was_killed_is_finished_by_the_next():
    killed = Folder(Path("out"))
    killed.begin(["film.mp4", "stills/1.png"])
    killed.write("film.mp4", "half")
    Path("out/stills").mkdir()
    left = hidden().replace(str(os.getpid()), str(2**22 + 1))  # no process has such a number
    for name in (f"out/{left}.part", f"out/stills/{left}.part"):
        Path(name).touch()
    assert json.loads(Path("out", MANIFEST).read_text())["complete"] is False
    published("film.mp4")
    assert here() == ["film.mp4", MANIFEST]
    assert Path("out/film.mp4").read_text() == "film.mp4"


def test_what_finds_no_room_is_named():
    resource = pytest.importorskip("resource")
    Path("film.mp4").write_bytes(bytes(100_000))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with pytest.raises(OSError, match=r"'out/film\.mp4'"):
            Folder(Path("out")).write("film.mp4", Path("film.mp4"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert here() == []


def test_nothing_is_removed_outside_whatever_a_manifest_says():
    for folder in ("out", "else"):
        Path(folder).mkdir()
    for file in ("precious", "else/precious"):
        Path(file).write_text("mine")
    Path("out/link").symlink_to(Path("else").absolute())
    names = ["../precious", str(Path("precious").absolute()), "link/precious", "link", "."]
    Path("out", MANIFEST).write_text(
        json.dumps({"program": "backprop publish", "files": [{"path": name} for name in names]})
    )
    published("film.mp4")
    assert Path("precious").exists()
    assert Path("else/precious").exists()
    assert Path("out/link").is_symlink()
