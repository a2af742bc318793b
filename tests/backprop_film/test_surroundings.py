"""What the command finds around it: configuration, home, terminal, and a parent that ends."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import av
import pytest

ROOT = Path(__file__).parent.parent.parent


def command(*arguments, **how):
    """Run ``backprop`` with the small chapters, in a process of its own, in the current folder."""
    line = [sys.executable, "-m", "tests.backprop_film.command", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    how = {"env": environment, "capture_output": True, "text": True, "timeout": 120, **how}
    return subprocess.run(line, check=False, **how)


def running(*arguments):
    """``backprop`` at work with the small chapters; it tells what it does as JSON."""
    line = [sys.executable, "-m", "tests.backprop_film.command", *map(str, arguments), "--progress", "json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def pictures(path):
    with av.open(str(path)) as container:
        return [frame.to_ndarray() for frame in container.decode(video=0)]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("[CLI]\nframe_rate = abc\n", "ValueError: could not convert string to float: 'abc'"),
        ("[CLI]\nrenderer = metal\n", "ValueError: 'metal' is not a valid RendererType"),
        ("hello\n", "MissingSectionHeaderError: File contains no section headers"),
    ],
)
def test_a_manim_cfg_that_cannot_be_read_is_named(said, told):
    Path("manim.cfg").write_text(said)
    done = command("chapters")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"backprop: manim.cfg: {told}")


def test_the_users_folders_are_kept():
    Path("manim.cfg").write_text("[CLI]\nmedia_dir = elsewhere\nvideo_dir = {media_dir}/pieces\n")
    done = command("film", "late", "-q", "l", "-j", 1, "--voice", "none")
    assert done.stdout.startswith("elsewhere/film/late-480p15.mp4")
    assert Path("elsewhere/pieces").exists()
    assert not Path("media").exists()


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="POSIX")
def test_a_film_that_is_told_to_end_leaves_no_half_written_files():
    with running("film", "tiny", "late", "-q", "h", "-j", "2", "--voice", "none") as film:
        begun = set()
        while begun != {"tiny", "late"}:  # until both are being rendered
            begun.add(json.loads(film.stderr.readline()).get("chapter"))
            begun.discard(None)
        film.send_signal(signal.SIGTERM)
        told = film.stderr.read()  # until all that hold its end have ended
        assert film.wait(60) == 128 + signal.SIGTERM
    assert {json.loads(line)["event"] for line in told.splitlines()} <= {"progress"}
    assert [path for path in Path().rglob("*") if path.name.startswith(".")] == []
    assert [path for path in Path("media/film").rglob("*") if path.is_file()] == []


def test_a_user_whom_the_system_does_not_know_can_draw_a_still():
    code = (
        "import os, pwd\n"
        "def unknown(_): raise KeyError\n"
        "pwd.getpwuid = unknown\n"
        "from tests.backprop_film.command import main\n"
        "main()"
    )
    environment = {name: value for name, value in os.environ.items() if name != "HOME"}
    done = subprocess.run(
        [sys.executable, "-c", code, "still", "tiny:ring", "-q", "l", "-o", "still.png"],
        env={**environment, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout == "still.png\n"
