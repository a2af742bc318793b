import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

from backprop_film.reads import recorded


def test_what_is_read_is_recorded_and_what_is_written_is_not():
    Path("read.txt").write_text("a")
    Path("both.txt").write_text("a")
    Image.new("RGB", (2, 2)).save("picture.png")
    Path("link.txt").symlink_to("read.txt")
    with recorded() as read:
        Path("link.txt").read_bytes()
        with Path("both.txt").open("r+") as file:
            file.write("b")
        with Image.open("picture.png") as picture:
            picture.load()
        Path("written.txt").write_text("a")
        Path("gone.txt").write_text("a")
        Path("gone.txt").read_text()
        Path("gone.txt").unlink()
        Path(os.__file__).read_bytes()
        Path("/proc/self/stat").exists()
    Path("both.txt").read_text()
    assert {path.name for path in read.files} == {"read.txt", "picture.png"}
    assert all(path.is_absolute() for path in read.files)


def test_one_recording_within_another():
    for name in "abc":
        Path(name).touch()
    with recorded() as outer:
        Path("a").read_bytes()
        with recorded() as inner:
            Path("b").read_bytes()
        Path("c").read_bytes()
    assert [path.name for path in inner.files] == ["b"]
    assert {path.name for path in outer.files} == set("abc")


def test_code_that_is_found_in_a_way_of_its_own_counts():
    Path("odd").mkdir()
    Path("odd/plug_in.py").write_text("x = 1")
    code = (
        "import sys; from backprop_film.reads import recorded\n"
        "sys.path.append('odd')\n"
        "with recorded() as read: import plug_in, json, backprop_film.timeline\n"
        "print([path.name for path in read.files])"
    )
    for _ in range(2):  # from its source, and as it was compiled
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "['plug_in.py']"
