"""What the command finds around it: configuration, home, terminal, and a parent that ends."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import av
import pytest

from tests.backprop_film.copied import ROOT, running

COMMAND = """
import sys
from pathlib import Path
from tests.backprop_film.command import main

def backprop(line):
    sys.argv = ["backprop", *line.split()]
    try:
        main()
    except SystemExit as end:
        print(end.code)

"""


def new(code, environment=os.environ):
    """Run lines of code in a new process in the current folder: ``backprop(line)`` is the command, with the small
    chapters, and its exit status is printed after what it says.
    """
    environment = {**environment, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", COMMAND + code], env=environment, capture_output=True, text=True, timeout=120, check=True
    )


def pictures(path):
    with av.open(str(path)) as container:
        return [frame.to_ndarray() for frame in container.decode(video=0)]


def test_a_manim_cfg_that_cannot_be_read_is_named():
    bad = {
        "[CLI]\nframe_rate = abc\n": "ValueError: could not convert string to float: 'abc'",
        "[CLI]\nrenderer = metal\n": "ValueError: 'metal' is not a valid RendererType",
        "hello\n": "MissingSectionHeaderError: File contains no section headers",
    }
    # As long as Manim cannot be imported, each command tries to, and reads the file; Manim tells that it does.
    done = new(f"for said in {list(bad)}: Path('manim.cfg').write_text(said), backprop('chapters tiny -j 1')")
    assert [line for line in done.stdout.splitlines() if line.isdecimal()] == ["2"] * len(bad)
    for line, told in zip(done.stderr.splitlines(), bad.values(), strict=True):
        assert line.startswith(f"backprop: manim.cfg: {told}")


def test_a_user_whom_the_system_does_not_know_has_films_and_stills_in_the_folders_that_were_set():
    Path("manim.cfg").write_text("[CLI]\nmedia_dir = elsewhere\nvideo_dir = {media_dir}/pieces\n")
    code = (
        "import pwd\n"
        "def unknown(_): raise KeyError\n"
        "pwd.getpwuid = unknown\n"
        "backprop('still tiny:ring -q l -o still.png')\n"
        "backprop('film late -q l -j 1 --voice none --progress none')\n"
    )
    done = new(code, {name: value for name, value in os.environ.items() if name != "HOME"})
    assert done.stderr == ""
    still, status, film, also = done.stdout.splitlines()
    assert (still, status, also) == ("still.png", "0", "0")
    assert film.startswith("elsewhere/film/late-480p15.mp4")
    assert Path("elsewhere/pieces").exists()
    assert not Path("media").exists()


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="POSIX")
def test_a_film_that_is_told_to_end_leaves_no_half_written_files():
    line = ("film", "tiny", "late", "-q", "h", "-j", 2, "--voice", "none", "--progress", "json")
    with running(*line) as film:
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
