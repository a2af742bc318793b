"""Two renders of a chapter decode to the same pictures: whatever Python's hashes, in one go, in pieces or shared."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import av
import pytest

from backprop_film import produce, shares, workers
from backprop_film import render as rendering
from backprop_film.contents import Entry
from backprop_film.kept import Keeper
from backprop_film.playback import Job
from backprop_film.work import Share, shared
from tests.backprop_film.conftest import rendered

HERE = Path(__file__).parent


def together(class_name):
    return Job(Entry("together", "together", HERE / "together.py", class_name, 1), quality="l")


def pictures(class_name):
    """A digest of each picture of a chapter, rendered in the current folder."""
    made = rendered(together(class_name))
    found = []
    for piece in made.pieces:
        with av.open(str(piece)) as container:
            found += [hashlib.sha256(frame.to_ndarray()).hexdigest() for frame in container.decode(video=0)]
    assert len(found) == made.timeline.frames
    return found


def elsewhere(*names):
    """The same of these chapters by two processes of their own, whose strings have other hashes: one each."""
    code = f"from tests.backprop_film.test_same_film import pictures\nfor name in {names}: print(*pictures(name))"
    running = []
    for seed in ("1", "2"):
        Path(seed).mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        line = [sys.executable, "-c", code]
        running.append(subprocess.Popen(line, env=environment, cwd=seed, stdout=subprocess.PIPE, text=True))
    return [[line.split() for line in process.communicate()[0].splitlines()] for process in running]


@pytest.fixture(scope="module")
def in_one_go(tmp_path_factory):
    folder, before = tmp_path_factory.mktemp("whole"), Path.cwd()
    os.chdir(folder)
    try:
        return pictures("Together")
    finally:
        os.chdir(before)


def test_whatever_the_hashes_and_what_is_drawn_in_no_order_is_seen(in_one_go):
    (first, planted), (second, other) = elsewhere("Together", "Unordered")
    assert first == second == in_one_go
    assert len(planted) == len(other) > 0
    assert planted != other


def test_in_pieces(in_one_go, monkeypatch):
    """Each time it is stopped at the end of another play; what has been rendered comes from the cache."""

    def stop_after(plays):
        def report(event):
            made = len(list(Path("media").rglob("partial_movie_files/*/*.mp4")))
            if made > plays:
                raise KeyboardInterrupt

        return report

    for plays in (1, 3):
        monkeypatch.setattr(rendering.workers, "report", stop_after(plays))
        with pytest.raises(KeyboardInterrupt):
            rendered(together("Together"))
    monkeypatch.setattr(rendering.workers, "report", workers.report)
    monkeypatch.undo()
    assert pictures("Together") == in_one_go


def test_shared_by_two(in_one_go):
    """The plays from a frame on are rendered before; the whole one takes them, and makes the others."""
    shared(Share(Keeper.of(together("Together")), 20))
    before = {path: path.stat().st_ino for path in Path("media").rglob("partial_movie_files/*/*.mp4")}
    assert pictures("Together") == in_one_go
    after = {path: path.stat().st_ino for path in Path("media").rglob("partial_movie_files/*/*.mp4")}
    assert 0 < len(before) < len(after)
    assert before.items() <= after.items()


def test_a_film_of_one_chapter_is_made_by_two_processes(in_one_go, monkeypatch):
    monkeypatch.setattr(shares, "LEAST", 4)
    asked, share = [], produce.Share
    monkeypatch.setattr(produce, "Share", lambda *given: asked.append(share(*given)) or asked[-1])
    film = produce.produce([together("Together")], Path("film.mp4"), "burned", 2)
    assert 0 < asked[0].first < len(in_one_go)
    with av.open(str(film.path)) as container:
        assert [hashlib.sha256(frame.to_ndarray()).hexdigest() for frame in container.decode(video=0)] == in_one_go
