"""Whatever happens to a run: nothing broken is left under a final name, and the next run completes."""

import json
import os
import signal
import sys
from contextlib import chdir
from pathlib import Path

import av
import numpy as np
import pytest

from backprop_film import contents
from backprop_film.playback import Job
from backprop_film.produce import produce
from backprop_math.files import hidden
from tests.backprop_film.conftest import job
from tests.backprop_film.copied import running
from tests.backprop_film.test_surroundings import pictures

FILM = ("film", "tiny", "late", "-q", "l", "--voice", "none", "-j", "1", "--progress", "json")
PATH = Path("media/film/tiny+late-480p15.mp4")

pytestmark = pytest.mark.usefixtures("tiny")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """The film's pictures, from one run that nothing happened to."""
    with chdir(tmp_path_factory.mktemp("fresh")):
        return pictures(produce([job("Moving"), job("Late", 2)], Path("film.mp4"), "burned", 1).path)


def again():
    """The next run."""
    return produce([Job(contents.find(name), quality="l") for name in ("tiny", "late")], PATH, "burned", 1)


def same(expected):
    found = pictures(PATH)
    return len(found) == len(expected) and all(map(np.array_equal, found, expected))


def broken():
    """Files under final names that are not whole, and leftovers."""
    found = [path for path in Path("media").rglob("*") if path.name.startswith(".")]
    for path in Path("media").rglob("*.mp4"):
        with av.open(str(path)) as container:
            if sum(1 for _ in container.decode(video=0)) != container.streams.video[0].frames:
                found.append(path)
    found += [
        path for path in Path("media/chapters").glob("[lt]*/*.json") if "timeline" not in json.loads(path.read_text())
    ]
    return found


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX")
def test_after_a_kill_the_next_run_completes_the_same_film(fresh):
    with running(*FILM) as film:
        for line in film.stderr:  # until one chapter is finished and the other one begun
            told = json.loads(line)
            if told["event"] == "progress" and told["chapter"] == "late" and told["frames"] > 20:
                break
        else:
            raise AssertionError("it ended before")
        film.kill()
    Path("media/film").mkdir(exist_ok=True)
    Path(f"media/film{hidden().replace(str(os.getpid()), str(film.pid))}0.part").touch()
    pieces = {path: path.stat().st_ino for path in Path("media/videos").rglob("*.mp4") if path.name[0] != "."}
    assert len(pieces) > 6
    assert again().reused == 1
    assert broken() == []
    assert {path: path.stat().st_ino for path in pieces} == pieces  # what was whole was not made again
    assert same(fresh)


def test_two_runs_at_once_make_the_same_film(fresh):
    with running(*FILM) as one, running(*FILM[:2], *FILM[3:], "-o", "media/tiny.mp4") as other:
        told = [film.communicate()[1] for film in (one, other)]
    assert (one.returncode, other.returncode) == (0, 0), told
    assert broken() == []
    assert len([*Path("media/chapters").rglob("*.mp4")]) == 2
    assert same(fresh)
    assert again().reused == 2


LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({}, resource.RLIM_INFINITY))"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
@pytest.mark.parametrize("size", [3_000, 12_000])  # too small for a piece, and for a chapter
def test_when_nothing_more_can_be_written_it_says_so_and_the_next_run_completes(fresh, size):
    with running(*FILM, "--progress", "none", before=LIMITED.format(size)) as film:
        _, told = film.communicate()
    assert film.returncode == 2
    (line,) = told.splitlines()
    assert line.startswith("backprop: ")
    assert "File too large" in line
    assert broken() == []
    assert not PATH.exists()
    again()
    assert same(fresh)
