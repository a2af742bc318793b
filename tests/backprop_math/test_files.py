import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from backprop_math.files import clear_leftovers, hidden, whole


@pytest.fixture
def dead():
    """How the temporary names of a process begin that has ended."""
    code = "from backprop_math.files import hidden; print(hidden())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_temporary_name_is_hidden_and_tells_the_process(tmp_path):
    with whole(tmp_path / "film.mp4") as beside:
        assert beside.name.startswith(hidden())
        beside.touch()
    assert re.fullmatch(rf"\.{os.getpid()}-[0-9a-f]{{8}}\.", hidden())


def test_of_ended_processes_nothing_is_left_and_all_else_stays(tmp_path, dead):
    theirs, mine = f"{dead}abc.mp4", f"{hidden()}abc.mp4"
    elsewhere = dead[:-2] + ("0" if dead[-2] != "0" else "1") + ".abc.mp4"
    others = [mine, elsewhere, ".notes", "film.mp4", ".12.mp4", ".99999999999999999999-00000000.x"]
    for name in [theirs, *others]:
        (tmp_path / name).touch()
    clear_leftovers(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(others)


def test_what_has_not_changed_for_a_day_is_nobodys_whoever_wrote_it(tmp_path):
    path = tmp_path / ".1-00000000.abc.part"
    path.touch()
    then = path.stat().st_mtime - 25 * 3600
    os.utime(path, (then, then))
    clear_leftovers(tmp_path)
    assert not path.exists()


def test_folders_below_are_cleared_if_asked_for(tmp_path, dead):
    path = tmp_path / "a/b" / f"{dead}x.mp4"
    path.parent.mkdir(parents=True)
    path.touch()
    clear_leftovers(tmp_path)
    assert path.exists()
    clear_leftovers(tmp_path, deep=True)
    assert not path.exists()
    assert path.parent.exists()


def test_a_folder_that_is_not_there_needs_no_clearing():
    clear_leftovers(Path("nowhere"), deep=True)
