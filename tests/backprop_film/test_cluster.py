"""Chapters on the workers of a real Dask scheduler, two processes on loopback; nothing is shared but their code."""

import json
import os
import re
import subprocess
import sys
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from backprop_film import cluster as clusters
from backprop_film import contents
from backprop_film.cli import cli
from backprop_film.cluster import cluster
from backprop_film.errors import Problem
from backprop_film.kept import Keeper
from backprop_film.parcels import opened, parcel
from backprop_film.playback import Job
from backprop_film.produce import produce
from backprop_film.progress import Event
from backprop_film.render import Progress
from tests.backprop_film.conftest import job
from tests.backprop_film.test_surroundings import ROOT, pictures

distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
EXAMPLE = "layers = [1, 1]\ninput = [0.5]\ntarget = [1.0]\nweights = [[[0.5]]]\nbiases = [[0.1]]\n"


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    """A scheduler with two workers, each in a folder of its own: its address, and the workers.

    They end with the tests here: even when they have nothing to do, they look after themselves all the time.
    """
    folder = tmp_path_factory.mktemp("cluster")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def started(*words, name):
        (folder / name).mkdir()
        line = [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]]
        return subprocess.Popen(line, cwd=folder / name, env=environment, stderr=subprocess.PIPE, text=True)

    def heard(process, pattern):
        for line in process.stderr:
            if match := re.search(pattern, line):
                return match[0]
        raise AssertionError("it ended before")

    boss = started("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", name="scheduler")
    workers = []
    try:
        address = heard(boss, r"tcp://127\.0\.0\.1:\d+")
        worker = ("dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", ".")
        workers += [started(*worker, name=name) for name in ("one", "two")]
        for process in workers:
            heard(process, "Registered to")
        yield address, workers
    finally:
        for process in (*workers, boss):
            process.kill()
            process.communicate()


def recording(path):
    """Half a second of a tone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = (10_000 * np.sin(2 * np.pi * 440 * np.arange(12_000) / 24_000)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 24_000, 0, "NONE", ""))
        file.writeframes(samples.tobytes())


def test_chapters_with_files_of_ones_own_and_a_worker_that_is_killed(scheduler):
    address, workers = scheduler
    Path("own").mkdir()
    Path("own/parts.py").write_text(
        "from pathlib import Path\ntext = Path(__file__).with_name('words.txt').read_text()\n"
    )
    Path("own/words.txt").write_text("later")
    Path("own/my.py").write_text(
        "from tests.backprop_film.tiny import Late\nimport parts\n"
        "class Mine(Late):\n    title = parts.text\n    def construct(self):\n        super().construct()\n"
    )
    Path("mine.toml").write_text(EXAMPLE)
    killed, heard = [], []

    def listen(event: Event):
        heard.append(event)
        if event.event == "progress" and not killed:
            killed.append(workers[0])
            workers[0].kill()

    mine = Job(contents.find("own/my.py"), quality="l")
    for key in ("ring.1", "ring.2", "it-moves.1"):
        recording(Path("takes/tiny", f"{key}.wav"))
    jobs = [job("Moving", voice=str(Path("takes").absolute())), job("Late", 2, example="mine.toml"), mine]
    with cluster(address) as crew:
        film = produce(jobs, Path("film.mp4"), "burned", listen=listen, crew=crew)
    assert killed
    assert film.reused == 0
    assert film.parts[2].timeline.title == "later"
    assert not Path("media/videos").exists()  # nothing was rendered here
    assert {event.chapter for event in heard if event.event == "done"} == {one.entry.name for one in jobs}
    clips = [span.file for span in film.parts[0].timeline.speech]
    assert [clip.parent for clip in clips] == [Path("media/voice").absolute()] * 3
    assert all(clip.is_file() for clip in clips)
    again = produce(jobs, Path("again.mp4"), "burned", 1)
    assert again.reused == 3
    Path("media").rename("theirs")
    here = produce(jobs, Path("here.mp4"), "burned", 1)
    assert here.reused == 0
    assert [part.timeline for part in here.parts] == [part.timeline for part in film.parts]
    assert all(map(np.array_equal, pictures("film.mp4"), pictures("here.mp4")))


@pytest.mark.usefixtures("tiny")
def test_a_command_hands_over_and_a_failing_chapter_is_told_in_one_line(scheduler):
    address, _ = scheduler
    Path("mine.toml").write_text(EXAMPLE)
    line = ["films", "mine.toml", "overshoot", "-c", "broken", "-q", "l", "--cluster", address, "--progress", "json"]
    result = CliRunner().invoke(cli, line)
    assert result.exit_code == 2
    *events, one, other = result.stderr.splitlines()
    assert [json.loads(event)["event"] for event in events] == ["begin", "failed", "failed"]
    for told, name in ((one, "mine"), (other, "overshoot")):
        assert told.startswith(f"backprop: media/film/broken-{name}-480p15.mp4: chapter broken: AttributeError")


def test_a_worker_with_other_libraries_is_told(scheduler, monkeypatch):
    address, _ = scheduler
    true = clusters._engine()
    monkeypatch.setattr(clusters, "_engine", lambda: {**true, "manim": "0.1"})
    monkeypatch.setattr(clusters, "_ask", lambda client: {"tcp://there": true})
    with (
        pytest.raises(Problem, match=r"^worker tcp://there: found manim 0\.\d+\.\d+, expected 0\.1, as here$"),
        cluster(address),
    ):
        pass


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nowhere", "tcp:/x", "udp://a:1"])
def test_no_scheduler_is_told_in_one_line(address, monkeypatch):
    made, start = [], distributed.Client.__init__

    def kept(client, *args, **kwargs):
        made.append(client)
        start(client, *args, **kwargs)

    monkeypatch.setattr(distributed.Client, "__init__", kept)
    monkeypatch.setattr(clusters, "_PATIENCE", 0.2)
    with pytest.raises(Problem, match=f"^--cluster {address}: found no scheduler there"), cluster(address):
        pass
    # One that is closed only when it is collected may stop the next one forever.
    assert [client.status for client in made] in ([], ["closed"], ["newly-created"])


class Deserted:
    """A client whose scheduler has workers at first, then none, then does not answer."""

    def __init__(self):
        self.answers = [{"tcp://there": 1}, {}, None, {}]

    def get_executor(self, pure):
        assert not pure

    def subscribe_topic(self, topic, handler):
        handler((0.0, [3, "tiny", "ring", 10]))

    def nthreads(self):
        answer = self.answers.pop(0)
        if answer is None:
            raise OSError
        return answer


def test_a_cluster_without_workers_is_given_up(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(clusters.time, "monotonic", lambda: now[0])
    crew = clusters.Cluster(Deserted(), None)
    assert list(crew.reports()) == [(3, Progress("tiny", "ring", 10))]
    for now[0] in (5.0, 30.0, 64.0, 64.1):
        assert list(crew.reports()) == []
    now[0] = 70.0
    with pytest.raises(
        Problem, match=r"^--cluster: found no workers for 60 s, expected some; what was rendered is kept"
    ):
        list(crew.reports())


def test_without_the_extra_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(Problem, match=r"expected it installed: pip install 'backprop-math\[cluster\]'$"),
        cluster("tcp://"),
    ):
        pass


def test_a_parcel_that_is_opened_where_the_code_is_another_is_refused(monkeypatch):
    sent = parcel(Keeper.of(job("Moving")))
    with opened(sent, Path("there")) as keeper:
        assert keeper.name == sent.name
        assert keeper.job.entry.file.is_relative_to(Path.cwd())
    other = replace(sent, name="other")
    refused = pytest.raises(Problem, match="found other code, libraries or voice on a worker")
    with refused, opened(other, Path("there")):
        pass


def test_a_parcel_holds_what_a_chapter_names(tmp_path):
    folder = tmp_path / "film"
    (folder / "data").mkdir(parents=True)
    for name in ("tone.wav", "data/a.csv", "unnamed.txt", "sibling.py"):
        (folder / name).write_text("x")
    (tmp_path / "outside.txt").touch()
    (folder / "my.py").write_text("import helper\nname = 'data/a.csv', '../outside.txt', '\\0', '', '.'\n")
    (folder / "helper.py").write_text("sound = 'tone'")
    (folder / "chapters.toml").write_text("[[part]]\ntitle = 'A'\nchapters = ['my.py:My', 'sibling.py:S']\n")
    (folder / "mine.toml").write_text(EXAMPLE)
    for chapter in ("tiny", "other"):
        (folder / "takes" / chapter).mkdir(parents=True)
        (folder / "takes" / chapter / "one.1.wav").touch()
    one = job("Moving", example=str(folder / "mine.toml"), voice=str(folder / "takes"))
    one = replace(one, entry=replace(one.entry, file=folder / "my.py", class_name="My"))
    sent = parcel(Keeper.of(one))
    own = {"my.py", "helper.py", "tone.wav", "data/a.csv", "chapters.toml", "sibling.py", "example/mine.toml"}
    assert set(sent.files) == own | {"recordings/tiny/one.1.wav"}
    assert sent.job.voice == "recordings"
    assert sent.job.example == "example/mine.toml"
